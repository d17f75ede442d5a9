#include "analyze/cueset.h"

#include <stdlib.h>

#include "core/strbuf.h"

/* Lists by name, for nfa_build(). */
static const struct phrase *find_list(const void *ctx, struct slice name)
{
    const struct cue_builder *b = ctx;
    for (const struct cue_source *s = b->cues; s != NULL; s = s->next)
        if (s->is_list && s->phrases != NULL && slice_eq(s->info.name, name))
            return s->phrases->phrase;
    return NULL;
}

static enum err_code build_cue(struct automaton *a, const struct cue_builder *b, const struct cue_source *s,
                               uint32_t cue, struct err *e)
{
    struct cue_entry *entry = &a->cues[cue];
    enum role speaker = s->info.speaker; /* UNKNOWN: anybody */
    *entry = (struct cue_entry){.start = UINT32_MAX,
                                .least = UINT32_MAX,
                                .for_agent = speaker == ROLE_AGENT || speaker == ROLE_UNKNOWN,
                                .for_customer = speaker == ROLE_CUSTOMER || speaker == ROLE_UNKNOWN,
                                .for_others = speaker == ROLE_UNKNOWN};
    for (const struct cue_line *x = s->phrases; x != NULL; x = x->next) {
        struct nfa_part p = {0};
        enum err_code rc = nfa_build(&a->nfa, a->lexicon, x->phrase, cue, find_list, b, &p, e);
        if (rc == ERR_OK && entry->start != UINT32_MAX)
            rc = nfa_split(&a->nfa, entry->start, p.start, &p.start, e);
        if (rc == ERR_CONFIG)
            return err_wrap(e, "%s:%ld", x->file, x->line);
        if (rc != ERR_OK)
            return rc;
        entry->start = p.start;
        entry->least = p.least < entry->least ? p.least : entry->least;
        entry->most = p.most > entry->most ? p.most : entry->most;
        entry->has_guard = entry->has_guard || p.has_guard;
    }
    return ERR_OK;
}

/* Build a list for itself, so that its mistakes are told even where nobody uses it. */
static enum err_code check_list(const struct cue_builder *b, const struct cue_source *s, struct err *e)
{
    struct nfa scratch = {0};
    struct lexicon *l = lexicon_new();
    struct phrase list = {.kind = PHRASE_LIST, .word = s->info.name};
    struct nfa_part p = {0};
    enum err_code rc = l != NULL ? nfa_build(&scratch, l, &list, 0, find_list, b, &p, e) : err_nomem(e);
    if (rc == ERR_CONFIG)
        (void)err_wrap(e, "%s:%ld", s->file, s->line);
    nfa_clear(&scratch);
    lexicon_free(l);
    return rc;
}

/* The builder can go, so the names and examples are copied. */
static enum err_code copy_cue(struct cueset *set, const struct cue_source *s, uint32_t cue, struct err *e)
{
    struct cue_info *info = &set->infos[cue];
    *info = (struct cue_info){.name = arena_dup(set->arena, s->info.name),
                              .family = arena_dup(set->arena, s->info.family),
                              .speaker = s->info.speaker};
    struct slice file = arena_dup(set->arena, slice_of(s->file));
    if (info->name.s == NULL || info->family.s == NULL || file.s == NULL)
        return err_nomem(e);
    struct cue_line **end = &set->examples[cue];
    for (const struct cue_line *x = s->examples; x != NULL; x = x->next) {
        struct cue_line *copy = arena_zalloc(set->arena, 1, sizeof *copy);
        if (copy == NULL)
            return err_nomem(e);
        *copy = *x;
        copy->next = NULL;
        copy->file = file.s;
        copy->text = arena_dup(set->arena, x->text);
        if (copy->text.s == NULL)
            return err_nomem(e);
        if (copy->role == ROLE_COUNT)
            copy->role = info->speaker == ROLE_UNKNOWN ? ROLE_AGENT : info->speaker;
        *end = copy;
        end = &copy->next;
    }
    return ERR_OK;
}

static struct cueset *cueset_new(uint32_t ncues)
{
    struct cueset *set = calloc(1, sizeof *set);
    if (set == NULL)
        return NULL;
    set->arena = arena_new(0);
    set->automaton.ncues = ncues;
    set->automaton.lexicon = lexicon_new();
    set->automaton.cues = calloc((size_t)ncues + 1, sizeof *set->automaton.cues);
    if (set->arena != NULL) {
        set->infos = arena_zalloc(set->arena, (size_t)ncues + 1, sizeof *set->infos);
        set->examples = arena_zalloc(set->arena, (size_t)ncues + 1, sizeof(struct cue_line *));
    }
    if (set->automaton.lexicon == NULL || set->automaton.cues == NULL || set->infos == NULL || set->examples == NULL) {
        cueset_free(set);
        return NULL;
    }
    return set;
}

enum err_code cue_builder_compile(const struct cue_builder *b, struct cueset **out, struct err *e)
{
    uint32_t n = 0;
    for (const struct cue_source *s = b->cues; s != NULL; s = s->next)
        n += !s->is_list;
    *out = NULL;
    struct cueset *set = cueset_new(n);
    if (set == NULL)
        return err_nomem(e);
    enum err_code rc = ERR_OK;
    uint32_t cue = 0;
    for (const struct cue_source *s = b->cues; rc == ERR_OK && s != NULL; s = s->next) {
        if (s->is_list) {
            rc = check_list(b, s, e);
            continue;
        }
        rc = build_cue(&set->automaton, b, s, cue, e);
        if (rc == ERR_OK)
            rc = copy_cue(set, s, cue++, e);
    }
    if (rc == ERR_OK)
        rc = lexicon_finish(set->automaton.lexicon, e);
    if (rc == ERR_OK)
        rc = nfa_finish(&set->automaton.nfa, set->automaton.lexicon, e);
    if (rc == ERR_OK)
        rc = automaton_finish(&set->automaton, e);
    if (rc != ERR_OK) {
        cueset_free(set);
        return rc;
    }
    *out = set;
    return ERR_OK;
}

void cueset_free(struct cueset *s)
{
    if (s == NULL)
        return;
    automaton_clear(&s->automaton);
    arena_free(s->arena);
    free(s);
}

size_t cueset_count(const struct cueset *s)
{
    return s->automaton.ncues;
}

const struct cue_info *cueset_info(const struct cueset *s, uint32_t cue)
{
    return &s->infos[cue];
}

static void tell_failure(const struct cue_info *info, const struct cue_line *x, const struct cue_match *hit, void *ctx,
                         void (*failed)(void *ctx, const char *message))
{
    struct strbuf b = STRBUF_INIT;
    strbuf_printf(&b, "%s:%ld: [%.*s] ", x->file, x->line, SLICE_ARG(info->name));
    if (hit == NULL)
        strbuf_puts(&b, "does not find: ");
    else
        strbuf_printf(&b, "finds \"%.*s\" in: ", (int)(hit->span.to - hit->span.from), x->text.s + hit->span.from);
    strbuf_add_slice(&b, x->text);
    failed(ctx, strbuf_failed(&b) ? "out of memory while telling of a failed example" : b.s);
    strbuf_free(&b);
}

enum err_code cueset_check(const struct cueset *s, void *ctx, void (*failed)(void *ctx, const char *message),
                           size_t *nexamples, size_t *nfailed, struct err *e)
{
    struct matcher *m = matcher_new(s);
    enum err_code rc = m != NULL ? ERR_OK : err_nomem(e);
    *nexamples = *nfailed = 0;
    for (uint32_t cue = 0; rc == ERR_OK && cue < s->automaton.ncues; cue++) {
        for (const struct cue_line *x = s->examples[cue]; rc == ERR_OK && x != NULL; x = x->next) {
            struct turn_scan scan;
            rc = matcher_scan(m, x->text, x->role, &scan, e);
            if (rc != ERR_OK)
                break;
            const struct cue_match *hit = NULL;
            for (uint32_t i = 0; hit == NULL && i < scan.nmatches; i++)
                if (scan.matches[i].cue == cue)
                    hit = &scan.matches[i];
            ++*nexamples;
            if ((hit != NULL) != x->wanted) {
                ++*nfailed;
                tell_failure(&s->infos[cue], x, hit, ctx, failed);
            }
        }
    }
    matcher_free(m);
    return rc;
}
