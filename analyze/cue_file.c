#include <stdlib.h>

#include "analyze/cueset.h"
#include "core/ini.h"

/* Reading one cue file. */
struct reading {
    struct cue_builder *b;
    const char *file;
    struct cue_source *now; /* of the section that is being read */
    struct slice section;
    struct err refusal; /* what we refused, before ini.c says "line N" of it; .code ERR_OK: nothing */
};

struct cue_builder *cue_builder_new(void)
{
    struct cue_builder *b = malloc(sizeof *b);
    struct arena *a = arena_new((size_t)64 << 10);
    if (b == NULL || a == NULL) {
        free(b);
        arena_free(a);
        return NULL;
    }
    *b = (struct cue_builder){.arena = a};
    b->end = &b->cues;
    return b;
}

void cue_builder_free(struct cue_builder *b)
{
    if (b == NULL)
        return;
    arena_free(b->arena);
    free(b);
}

static const char *dup_cstr(struct arena *a, const char *s)
{
    return arena_dup(a, slice_of(s)).s;
}

/* A new source of this name; it takes the place of an older one of the same name. NULL when out of memory. */
static struct cue_source *source_put(struct cue_builder *b, struct slice name, bool is_list, const char *file,
                                     long line)
{
    struct cue_source *s = b->cues;
    while (s != NULL && (s->is_list != is_list || !slice_eq(s->info.name, name)))
        s = s->next;
    if (s == NULL) {
        s = arena_zalloc(b->arena, 1, sizeof *s);
        if (s == NULL || (s->info.name = arena_dup(b->arena, name)).s == NULL)
            return NULL;
        *b->end = s;
        b->end = &s->next;
    }
    s->is_list = is_list;
    s->file = file;
    s->line = line;
    s->info.speaker = ROLE_AGENT;
    s->phrases = s->examples = NULL;
    s->last_phrase = NULL;
    s->phrases_end = &s->phrases;
    s->examples_end = &s->examples;
    return s;
}

static enum err_code add_phrase(struct cue_builder *b, struct cue_source *s, struct slice text, bool kindly, long line,
                                struct err *e)
{
    struct phrase *phrase = NULL;
    enum err_code rc = phrase_parse(b->arena, text, kindly, &phrase, e);
    if (rc != ERR_OK || phrase == NULL)
        return rc;
    struct cue_line *x = arena_zalloc(b->arena, 1, sizeof *x);
    if (x == NULL)
        return err_nomem(e);
    *x = (struct cue_line){.phrase = phrase, .file = s->file, .line = line};
    if (s->is_list && s->last_phrase != NULL) /* a list is one chain of alternatives, whatever lines they stand on */
        s->last_phrase->next = phrase;
    s->last_phrase = phrase;
    *s->phrases_end = x;
    s->phrases_end = &x->next;
    return ERR_OK;
}

static bool read_role(struct slice word, enum role *role)
{
    static const struct {
        const char *word;
        enum role role;
    } rows[] = {{"agent", ROLE_AGENT}, {"customer", ROLE_CUSTOMER}, {"any", ROLE_UNKNOWN}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (slice_is(word, rows[i].word)) {
            *role = rows[i].role;
            return true;
        }
    return false;
}

/* Take a "(customer)" off the end of an example. */
static bool take_speaker(struct slice *text, enum role *role)
{
    if (text->n == 0 || text->s[text->n - 1] != ')')
        return false;
    size_t open = text->n;
    while (open > 0 && text->s[open - 1] != '(')
        open--;
    if (open == 0 || !read_role((struct slice){text->s + open, text->n - open - 1}, role))
        return false;
    *text = slice_trim((struct slice){text->s, open - 1});
    return true;
}

static enum err_code add_example(struct cue_builder *b, struct cue_source *s, const char *value, bool wanted, long line,
                                 struct err *e)
{
    struct cue_line *x = arena_zalloc(b->arena, 1, sizeof *x);
    struct slice text = arena_dup(b->arena, slice_trim(slice_of(value)));
    if (x == NULL || text.s == NULL)
        return err_nomem(e);
    enum role role = ROLE_COUNT; /* the cue's speaker, who may be named only further down */
    (void)take_speaker(&text, &role);
    if (text.n == 0)
        return err_set(e, ERR_CONFIG, "an empty example");
    *x = (struct cue_line){.file = s->file, .line = line, .text = text, .role = role, .wanted = wanted};
    *s->examples_end = x;
    s->examples_end = &x->next;
    return ERR_OK;
}

static enum err_code check_name(struct slice name, bool is_list, struct err *e)
{
    bool good = name.n != 0, has_dot = false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        bool dot = c == '.' && !is_list && i > 0 && i + 1 < name.n;
        has_dot = has_dot || dot;
        good = good && (plain || dot);
    }
    if (good && (is_list || has_dot))
        return ERR_OK;
    (void)err_set(e, ERR_CONFIG, "[%s%.*s] is no name for a %s", is_list ? "list " : "", SLICE_ARG(name),
                  is_list ? "list" : "cue");
    return err_hint(e, "%s", is_list ? "write [list name] in a-z 0-9 _ -" : "write [family.name] in a-z 0-9 _ - .");
}

static enum err_code begin_section(struct reading *r, const char *section, long line, struct err *e)
{
    struct slice name = slice_trim(slice_of(section));
    if (name.n == 0) {
        (void)err_set(e, ERR_CONFIG, "a line before the first [family.name]");
        return err_hint(e, "every key stands in the section of a cue or a list");
    }
    bool is_list = slice_starts(name, "list ");
    r->section = arena_dup(r->b->arena, slice_of(section));
    if (r->section.s == NULL)
        return err_nomem(e);
    if (is_list)
        name = slice_trim((struct slice){name.s + 5, name.n - 5});
    enum err_code rc = check_name(name, is_list, e);
    if (rc != ERR_OK)
        return rc;
    for (const struct cue_source *s = r->b->cues; s != NULL; s = s->next)
        if (s->is_list == is_list && s->file == r->file && slice_eq(s->info.name, name))
            return err_set(e, ERR_CONFIG, "[%s] stands twice in this file, first at line %ld", section, s->line);
    r->now = source_put(r->b, name, is_list, r->file, line);
    if (r->now == NULL)
        return err_nomem(e);
    size_t family = 0;
    while (family < name.n && name.s[family] != '.')
        family++;
    r->now->info.family = (struct slice){r->now->info.name.s, family};
    return ERR_OK;
}

static enum err_code read_key(struct reading *r, const char *key, const char *value, long line, struct err *e)
{
    struct slice name = slice_of(key), text = slice_trim(slice_of(value));
    if (slice_is(name, "note"))
        return ERR_OK;
    if (slice_is(name, "any")) /* "any =" with all phrases below it: the first line is empty */
        return text.n != 0 ? add_phrase(r->b, r->now, text, false, line, e) : ERR_OK;
    if (r->now->is_list) {
        (void)err_set(e, ERR_CONFIG, "a list has no key \"%s\"", key);
        return err_hint(e, "any, note");
    }
    if (slice_is(name, "speaker")) {
        if (read_role(text, &r->now->info.speaker))
            return ERR_OK;
        (void)err_set(e, ERR_CONFIG, "\"%.*s\" is no speaker", SLICE_ARG(text));
        return err_hint(e, "agent, customer or any");
    }
    if (slice_is(name, "yes") || slice_is(name, "no"))
        return text.n != 0 ? add_example(r->b, r->now, value, name.s[0] == 'y', line, e) : ERR_OK;
    (void)err_set(e, ERR_CONFIG, "unknown key \"%s\"", key);
    return err_hint(e, "speaker, any, yes, no, note");
}

static enum err_code entry(void *ctx, const char *section, const char *key, const char *value, long line, struct err *e)
{
    struct reading *r = ctx;
    enum err_code rc = ERR_OK;
    if (r->now == NULL || !slice_is(r->section, section))
        rc = begin_section(r, section, line, e);
    if (rc == ERR_OK && r->now != NULL)
        rc = read_key(r, key, value, line, e);
    if (rc == ERR_CONFIG) {
        (void)err_wrap(e, "%s:%ld", r->file, line);
        r->refusal = *e;
    }
    return rc;
}

enum err_code cue_builder_add(struct cue_builder *b, const char *name, const char *text, struct err *e)
{
    struct reading r = {.b = b, .file = dup_cstr(b->arena, name)};
    if (r.file == NULL)
        return err_nomem(e);
    enum err_code rc = ini_read_text(r.file, text, entry, &r, e);
    if (rc != ERR_OK && r.refusal.code != ERR_OK)
        *e = r.refusal;
    if (rc != ERR_OK)
        return rc;
    for (const struct cue_source *s = b->cues; s != NULL; s = s->next)
        if (s->file == r.file && s->phrases == NULL)
            return err_set(e, ERR_CONFIG, "%s:%ld: [%s%.*s] has no phrase", r.file, s->line, s->is_list ? "list " : "",
                           SLICE_ARG(s->info.name));
    return ERR_OK;
}

enum err_code cue_builder_add_phrases(struct cue_builder *b, const char *file, long line, struct slice name,
                                      struct slice family, enum role speaker, struct slice phrases, char separator,
                                      struct err *e)
{
    const char *path = dup_cstr(b->arena, file);
    struct cue_source *s = path != NULL ? source_put(b, name, false, path, line) : NULL;
    if (s == NULL || (s->info.family = arena_dup(b->arena, family)).s == NULL)
        return err_nomem(e);
    s->info.speaker = speaker;
    enum err_code rc = ERR_OK;
    for (size_t at = 0; rc == ERR_OK && at <= phrases.n;) {
        const char *rest = phrases.s + at, *cut = NULL;
        if (at < phrases.n)
            cut = memchr(rest, separator, phrases.n - at);
        size_t n = cut != NULL ? (size_t)(cut - rest) : phrases.n - at;
        struct slice piece = slice_trim((struct slice){rest, n});
        if (piece.n != 0)
            rc = add_phrase(b, s, piece, true, line, e);
        if (rc == ERR_CONFIG)
            (void)err_wrap(e, "%s:%ld: phrase \"%.*s\"", file, line, piece.n > 80 ? 80 : (int)piece.n, piece.s);
        at += n + 1;
    }
    return rc;
}
