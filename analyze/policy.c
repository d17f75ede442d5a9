#include "analyze/policy.h"

#include <stdlib.h>

#include "core/csv.h"
#include "core/hash.h"
#include "core/strbuf.h"
#include "core/utf8.h"

enum { POLICIES_MAX = 10000 };

const char *const catalogue_columns[CATALOGUE_COLUMNS] = {"id", "title", "owner", "phrases"};

struct loading {
    const char *path;
    struct cue_builder *b;
    struct arena *a;
    struct policy *policies; /* malloc'd while growing */
    struct slice *cue_names;
    uint32_t n, cap;
};

/* ---- policies.csv ---- */

/* NAME against a lower-case word, without regard to case and blanks around it. */
static bool is_column(struct slice name, const char *word)
{
    name = slice_trim(name);
    if (name.n != strlen(word))
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c) != word[i])
            return false;
    }
    return true;
}

uint32_t catalogue_column(struct slice field)
{
    uint32_t col = 0;
    while (col < CATALOGUE_COLUMNS && !is_column(field, catalogue_columns[col]))
        col++;
    return col;
}

static struct slice field(const struct csv_record *header, const struct csv_record *rec, uint32_t col)
{
    for (size_t i = 0; i < header->nfields && i < rec->nfields; i++)
        if (catalogue_column(header->fields[i]) == col)
            return slice_trim(rec->fields[i]);
    return (struct slice){NULL, 0};
}

static bool has_column(const struct csv_record *header, uint32_t col)
{
    for (size_t i = 0; i < header->nfields; i++)
        if (catalogue_column(header->fields[i]) == col)
            return true;
    return false;
}

static enum err_code put_policy(struct loading *l, struct slice id, struct slice title, struct slice owner,
                                struct err *e)
{
    if (l->n == l->cap) {
        uint32_t cap = l->cap > 0 ? 2 * l->cap : 64;
        struct policy *p = realloc(l->policies, cap * sizeof *p);
        if (p != NULL)
            l->policies = p;
        struct slice *names = p != NULL ? realloc(l->cue_names, cap * sizeof *names) : NULL;
        if (names == NULL)
            return err_nomem(e);
        l->cue_names = names;
        l->cap = cap;
    }
    struct strbuf name = STRBUF_INIT;
    strbuf_puts(&name, POLICY_FAMILY ".");
    strbuf_add_slice(&name, id);
    struct slice kept = strbuf_failed(&name) ? (struct slice){NULL, 0} : arena_dup(l->a, strbuf_slice(&name));
    strbuf_free(&name);
    struct policy p = {arena_dup(l->a, id), arena_dup(l->a, title), arena_dup(l->a, owner)};
    if (kept.s == NULL || p.id.s == NULL || p.title.s == NULL || p.owner.s == NULL)
        return err_nomem(e);
    l->policies[l->n] = p;
    l->cue_names[l->n++] = kept;
    return ERR_OK;
}

/* Is REC the header again? So it is where rows were appended together with their header. */
static bool is_header_again(const struct csv_record *header, const struct csv_record *rec)
{
    for (size_t i = 0; i < header->nfields; i++)
        if (catalogue_column(header->fields[i]) != catalogue_column(rec->fields[i]))
            return false;
    return true;
}

/* Does the header name what must be there, and has REC its columns? */
static enum err_code check_columns(const struct loading *l, const struct csv_record *header,
                                   const struct csv_record *rec, struct err *e)
{
    if (!has_column(header, CATALOGUE_ID) || !has_column(header, CATALOGUE_PHRASES)) {
        err_set(e, ERR_CONFIG, "%s:1: no column \"%s\"", l->path,
                catalogue_columns[has_column(header, CATALOGUE_ID) ? CATALOGUE_PHRASES : CATALOGUE_ID]);
        return err_hint(e, "the first line of a catalogue is id,title,owner,phrases");
    }
    size_t n = rec->nfields;
    while (n > header->nfields && rec->fields[n - 1].n == 0) /* as some spreadsheets write them */
        n--;
    if (n != header->nfields) {
        err_set(e, ERR_CONFIG, "%s:%ld: %zu fields, but the header has %zu", l->path, rec->line, rec->nfields,
                header->nfields);
        return err_hint(e, "a field with the delimiter in it stands in quotes (\"dog, cat\"), and one without a value "
                           "is empty (a,A,,dog)");
    }
    if (has_column(rec, CATALOGUE_ID) && has_column(rec, CATALOGUE_PHRASES) && !is_header_again(header, rec)) {
        err_set(e, ERR_CONFIG, "%s:%ld: a second header, in another order than the first", l->path, rec->line);
        return err_hint(e, "policies suggest --csv --policies FILE writes rows in the order of FILE");
    }
    return ERR_OK;
}

static enum err_code take_row(void *ctx, const struct csv_record *header, const struct csv_record *rec, struct err *e)
{
    struct loading *l = ctx;
    if (check_columns(l, header, rec, e) != ERR_OK)
        return e->code;
    if (is_header_again(header, rec))
        return ERR_OK;
    struct slice id = field(header, rec, CATALOGUE_ID), title = field(header, rec, CATALOGUE_TITLE);
    if (id.n == 0)
        return err_set(e, ERR_CONFIG, "%s:%ld: a policy without an id", l->path, rec->line);
    for (uint32_t i = 0; i < l->n; i++)
        if (slice_eq(l->policies[i].id, id))
            return err_set(e, ERR_CONFIG,
                           i == 0 ? "%s:%ld: the id \"%.*s\" is kept for what matches no policy"
                                  : "%s:%ld: a second policy with the id \"%.*s\"",
                           l->path, rec->line, SLICE_ARG(id));
    if (l->n == POLICIES_MAX)
        return err_set(e, ERR_CONFIG, "%s:%ld: more than %d policies", l->path, rec->line, POLICIES_MAX);
    enum err_code rc = put_policy(l, id, title.n > 0 ? title : id, field(header, rec, CATALOGUE_OWNER), e);
    if (rc != ERR_OK)
        return rc;
    return cue_builder_add_phrases(l->b, l->path, rec->line, l->cue_names[l->n - 1], SLICE_LIT(POLICY_FAMILY),
                                   ROLE_UNKNOWN, field(header, rec, CATALOGUE_PHRASES), ';', e);
}

static enum err_code read_rows(struct loading *l, struct err *e)
{
    enum err_code rc = csv_read_file(l->path, l, take_row, e);
    if (rc == ERR_INPUT) /* a catalogue that is no CSV is a wrong setting, not a wrong transcript */
        rc = e->code = ERR_CONFIG;
    if (rc != ERR_OK || l->n > 1)
        return rc;
    /* Cut off while it was written, say: taken as it is, it would take every policy off the history. */
    err_set(e, ERR_CONFIG, "%s: no policies", l->path);
    return err_hint(e, "to go without a catalogue, leave --policies out; policies suggest --csv begins one");
}

enum err_code catalogue_load(const char *path, struct cue_builder *b, struct arena *a, struct catalogue *out,
                             struct err *e)
{
    struct loading l = {.path = path, .b = b, .a = a};
    enum err_code rc = put_policy(&l, SLICE_LIT("unlisted"), SLICE_LIT("Unlisted"), SLICE_LIT(""), e);
    if (rc == ERR_OK && path != NULL)
        rc = read_rows(&l, e);
    struct policy *policies = arena_alloc(a, (l.n + 1) * sizeof *policies);
    struct slice *names = arena_alloc(a, (l.n + 1) * sizeof *names);
    if (policies == NULL || names == NULL)
        rc = err_nomem(e);
    else if (rc == ERR_OK && l.policies != NULL && l.cue_names != NULL) {
        memcpy(policies, l.policies, l.n * sizeof *policies);
        memcpy(names, l.cue_names, l.n * sizeof *names);
        *out = (struct catalogue){.policies = policies, .npolicies = l.n, .cue_names = names};
    }
    free(l.policies);
    free(l.cue_names);
    return rc;
}

enum err_code catalogue_bind(struct catalogue *c, const struct cueset *cues, struct arena *a, struct err *e)
{
    uint32_t ncues = (uint32_t)cueset_count(cues);
    uint32_t *policy_of = arena_zalloc(a, ncues + 1, sizeof *policy_of);
    if (policy_of == NULL)
        return err_nomem(e);
    for (uint32_t i = 0; i < ncues; i++) {
        const struct cue_info *info = cueset_info(cues, i);
        if (!slice_is(info->family, POLICY_FAMILY))
            continue;
        for (uint32_t k = 1; k < c->npolicies && policy_of[i] == 0; k++)
            if (slice_eq(c->cue_names[k], info->name))
                policy_of[i] = k;
    }
    c->policy_of_cue = policy_of;
    return ERR_OK;
}

/* ---- which policy ---- */

uint32_t policy_in_scan(const struct catalogue *c, const struct turn_scan *scan, uint32_t *tally)
{
    uint32_t best = 0, longest = 0;
    for (uint32_t i = 0; i < scan->nmatches; i++) {
        const struct cue_match *m = &scan->matches[i];
        uint32_t policy = c->policy_of_cue[m->cue];
        if (policy == 0)
            continue;
        tally[policy] += m->to - m->from;
        longest = m->to - m->from > longest ? m->to - m->from : longest;
    }
    for (uint32_t i = 0; i < scan->nmatches && longest > 0; i++) {
        const struct cue_match *m = &scan->matches[i];
        uint32_t policy = c->policy_of_cue[m->cue];
        if (policy == 0 || m->to - m->from != longest)
            continue;
        bool is_level = tally[policy] == tally[best];
        if (best == 0 || tally[policy] > tally[best] || (is_level && policy < best))
            best = policy;
    }
    for (uint32_t i = 0; i < scan->nmatches; i++)
        tally[c->policy_of_cue[scan->matches[i].cue]] = 0;
    return best;
}

uint32_t policy_attribute(const uint32_t *in_turn, uint32_t n, uint32_t last)
{
    for (uint32_t i = 0; i < n; i++)
        if (in_turn[i] != 0)
            return in_turn[i];
    return last;
}

/* ---- key phrases ---- */

/* Where HASH stands, or a free place. */
static size_t stopword_place(const struct catalogue *c, uint64_t hash)
{
    size_t i = hash & c->stopword_mask;
    while (c->stopwords[i] != 0 && c->stopwords[i] != hash)
        i = (i + 1) & c->stopword_mask;
    return i;
}

enum err_code catalogue_stopwords(struct catalogue *c, struct slice text, struct arena *a, struct err *e)
{
    size_t room = 16;
    while (room < text.n) /* a word and what parts it from the next are two bytes at least */
        room *= 2;
    c->stopwords = arena_zalloc(a, room, sizeof *c->stopwords);
    c->stopword_mask = room - 1;
    if (c->stopwords == NULL)
        return err_nomem(e);
    bool is_comment = false;
    struct strbuf word = STRBUF_INIT; /* folded, as the words of turns are */
    for (size_t i = 0; i < text.n;) {
        size_t from = i;
        if (text.s[i] == '#' || text.s[i] == '\n')
            is_comment = text.s[i] == '#';
        while (i < text.n && !is_comment && strchr(" \t\r\n#", text.s[i]) == NULL)
            i++;
        if (i == from) {
            i++;
            continue;
        }
        strbuf_clear(&word);
        utf8_fold((struct slice){text.s + from, i - from}, &word);
        uint64_t hash = hash64(strbuf_slice(&word));
        c->stopwords[stopword_place(c, hash)] = hash;
    }
    enum err_code rc = strbuf_failed(&word) ? err_nomem(e) : ERR_OK;
    strbuf_free(&word);
    return rc;
}

bool policy_is_telling(const struct catalogue *c, const struct token *t, struct slice text)
{
    struct slice word = {text.s + t->span.from, t->span.to - t->span.from};
    bool is_short = word.n < 3 || (word.s[0] >= '0' && word.s[0] <= '9') || word.s[0] == '$';
    return !is_short && (c->stopwords == NULL || c->stopwords[stopword_place(c, t->hash)] == 0);
}

enum { KEY_PHRASES = 3, KEY_WORDS = 3 };

/* The longest runs of telling words, at most KEY_WORDS each: their first tokens and lengths. */
static uint32_t find_runs(const struct catalogue *c, const struct turn_scan *scan, struct slice text,
                          struct span runs[KEY_PHRASES])
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < scan->ntokens;) {
        uint32_t from = i;
        while (i < scan->ntokens && i - from < KEY_WORDS && policy_is_telling(c, &scan->tokens[i], text) &&
               (i == from || !scan->tokens[i].starts_clause))
            i++;
        if (i == from) {
            i++;
            continue;
        }
        struct span run = {from, i};
        if (n < KEY_PHRASES) {
            runs[n++] = run;
            continue;
        }
        uint32_t shortest = 0; /* the last of the shortest gives way */
        for (uint32_t k = 1; k < n; k++)
            if (runs[k].to - runs[k].from <= runs[shortest].to - runs[shortest].from)
                shortest = k;
        if (run.to - run.from > runs[shortest].to - runs[shortest].from) {
            memmove(&runs[shortest], &runs[shortest + 1], (n - shortest - 1) * sizeof *runs);
            runs[n - 1] = run;
        }
    }
    return n;
}

enum err_code policy_key_phrases(const struct catalogue *c, const struct turn_scan *scan, struct slice text,
                                 struct arena *a, struct slice *out, struct err *e)
{
    struct span runs[KEY_PHRASES];
    uint32_t n = find_runs(c, scan, text, runs);
    struct strbuf b = STRBUF_INIT;
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0)
            strbuf_puts(&b, ", ");
        for (uint32_t k = runs[i].from; k < runs[i].to; k++) {
            const struct span *word = &scan->tokens[k].span;
            if (k > runs[i].from)
                strbuf_putc(&b, ' ');
            utf8_fold((struct slice){text.s + word->from, word->to - word->from}, &b);
        }
    }
    bool failed = strbuf_failed(&b);
    *out = failed ? (struct slice){NULL, 0} : arena_dup(a, strbuf_slice(&b));
    strbuf_free(&b);
    return failed || out->s == NULL ? err_nomem(e) : ERR_OK;
}
