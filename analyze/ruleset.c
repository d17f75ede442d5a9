#include "analyze/ruleset.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/strbuf.h"

#define WEIGHTS_NAME   "weights.txt"
#define STOPWORDS_NAME "stopwords.txt"
#define SENSE_NAME     "sense.bin"
#define CATALOGUE_NAME "policies.csv"

enum { RULE_FILE_MAX = 16 << 20 };

/* A part of the hash: to be raised with every change of the program by which the same rules give other tags, so that
 * history is tagged again. */
enum { TAGGER_VERSION = 1 };

/* The shipped rules: rules/en, embedded at build time. */
static const struct {
    const char *name, *text;
} built_in[] = {
#define RULES_ROW(id, name, text) {name, text},
#include "gen/rules.inc"
#undef RULES_ROW
};

extern const char sense_file[], sense_file_end[]; /* rules/en/sense.bin, put into the program by sense_file.c */

enum { NBUILT_IN = sizeof built_in / sizeof built_in[0] };

/* A file of rules: its name without folder, the name for messages, its text. */
struct rule_file {
    struct slice name;
    const char *shown;
    struct slice text;
};

struct loading {
    struct ruleset *r;
    struct cue_builder *b;
    struct rule_file *files; /* the shipped ones, then those of the folder */
    size_t n, cap;
    bool has_own;         /* some of the folder */
    struct strbuf hashed; /* all that the hash is made of */
};

static enum err_code put_file(struct loading *l, struct slice name, const char *shown, struct slice text, struct err *e)
{
    if (l->n == l->cap) {
        size_t cap = l->cap > 0 ? 2 * l->cap : 64;
        struct rule_file *files = realloc(l->files, cap * sizeof *files);
        if (files == NULL)
            return err_nomem(e);
        l->files = files;
        l->cap = cap;
    }
    l->files[l->n++] = (struct rule_file){name, shown, text};
    return ERR_OK;
}

static enum err_code put_built_in(struct loading *l, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < NBUILT_IN && rc == ERR_OK; i++) {
        char shown[256];
        (void)snprintf(shown, sizeof shown, "rules/en/%s", built_in[i].name);
        struct slice kept = arena_dup(l->r->a, slice_of(shown));
        if (kept.s == NULL)
            return err_nomem(e);
        rc = put_file(l, slice_of(built_in[i].name), kept.s, slice_of(built_in[i].text), e);
    }
    /* cppcheck-suppress comparePointers ; one object, between the two names */
    struct slice sense = {sense_file, (size_t)(sense_file_end - sense_file)};
    return rc == ERR_OK ? put_file(l, SLICE_LIT(SENSE_NAME), "rules/en/" SENSE_NAME, sense, e) : rc;
}

static bool ends_with(struct slice x, const char *end)
{
    size_t n = strlen(end);
    return x.n >= n && memcmp(x.s + x.n - n, end, n) == 0;
}

static enum err_code found_file(void *ctx, const struct file_found *f, struct err *e)
{
    struct loading *l = ctx;
    const char *slash = strrchr(f->path, '/');
    struct slice name = slice_of(slash != NULL ? slash + 1 : f->path);
    if (!ends_with(name, ".cues") && !slice_is(name, WEIGHTS_NAME) && !slice_is(name, STOPWORDS_NAME) &&
        !slice_is(name, SENSE_NAME))
        return ERR_OK;
    struct strbuf text = STRBUF_INIT;
    enum err_code rc = file_read_all(f->path, RULE_FILE_MAX, &text, e);
    l->has_own = true;
    if (rc == ERR_OK && !slice_is(name, SENSE_NAME) && text.n > 0 && memchr(text.s, '\0', text.n) != NULL)
        rc = err_set(e, ERR_CONFIG, "%s: this is not text: it has a NUL byte", f->path);
    if (rc == ERR_OK) {
        struct slice path = arena_dup(l->r->a, slice_of(f->path)), kept = arena_dup(l->r->a, strbuf_slice(&text));
        name = arena_dup(l->r->a, name);
        rc = path.s == NULL || kept.s == NULL || name.s == NULL ? err_nomem(e) : put_file(l, name, path.s, kept, e);
    }
    strbuf_free(&text);
    return rc;
}

static enum err_code trouble(void *ctx, const char *path, const struct err *why, struct err *e)
{
    (void)ctx, (void)path;
    *e = *why; /* a rule that cannot be read is not passed over */
    return e->code;
}

static enum err_code put_own(struct loading *l, const char *dir, struct err *e)
{
    if (dir == NULL || file_walk(dir, l, found_file, trouble, e) != ERR_OK)
        return dir == NULL ? ERR_OK : e->code;
    if (l->has_own)
        return ERR_OK;
    err_set(e, ERR_CONFIG, "%s: no rules are in this folder", dir);
    return err_hint(e, "rules are files NAME.cues, " WEIGHTS_NAME ", " STOPWORDS_NAME " and " SENSE_NAME);
}

/* Settings are one more file of weights, after all others: LIST begins with what KEY stands for, and "delivery=0.6" is
 * "delivery threshold 0.6". */
static enum err_code put_setting(struct loading *l, const char *name, const char *key, const char *list, struct err *e)
{
    struct strbuf text = STRBUF_INIT;
    strbuf_puts(&text, list != NULL && *list != '\0' ? key : "");
    for (; list != NULL && *list != '\0'; list++) {
        if (*list == '=')
            strbuf_puts(&text, " threshold ");
        else if (*list == ',')
            strbuf_putc(&text, '\n');
        else
            strbuf_putc(&text, *list);
    }
    struct slice kept = arena_dup(l->r->a, strbuf_slice(&text));
    enum err_code rc = strbuf_failed(&text) || kept.s == NULL ? err_nomem(e) : ERR_OK;
    if (rc == ERR_OK && kept.n > 0)
        rc = put_file(l, SLICE_LIT(WEIGHTS_NAME), name, kept, e);
    strbuf_free(&text);
    return rc;
}

/* Names and contents, never folders: the same rules have the same hash wherever they stand. */
static void hash_file(struct loading *l, struct slice name, struct slice text)
{
    strbuf_printf(&l->hashed, "%zu %zu ", name.n, text.n);
    strbuf_add_slice(&l->hashed, name);
    strbuf_add_slice(&l->hashed, text);
}

static enum err_code add_cues(struct loading *l, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < l->n && rc == ERR_OK; i++) {
        hash_file(l, l->files[i].name, l->files[i].text);
        if (ends_with(l->files[i].name, ".cues"))
            rc = cue_builder_add(l->b, l->files[i].shown, l->files[i].text.s, e);
    }
    return rc;
}

static enum err_code add_catalogue(struct loading *l, const char *path, struct err *e)
{
    struct strbuf text = STRBUF_INIT;
    enum err_code rc = ERR_OK;
    if (path != NULL && (rc = file_read_all(path, RULE_FILE_MAX, &text, e)) == ERR_OK)
        hash_file(l, SLICE_LIT(CATALOGUE_NAME), strbuf_slice(&text));
    strbuf_free(&text);
    return rc == ERR_OK ? catalogue_load(path, l->b, l->r->a, &l->r->catalogue, e) : rc;
}

/* Does no later file replace file I? */
static bool is_last(const struct loading *l, size_t i)
{
    for (size_t k = i + 1; k < l->n; k++)
        if (slice_eq(l->files[k].name, l->files[i].name))
            return false;
    return true;
}

static enum err_code add_weights(struct ruleset *r, const struct rule_file *f, struct err *e)
{
    enum err_code rc = weights_add(r->weights, &r->space, f->shown, f->text, e);
    return rc == ERR_CONFIG && strcmp(f->shown, "thresholds") == 0
               ? err_hint(e, "a list such as delivery=0.7,dispute=0.6,practice.reason=0.5")
               : rc;
}

/* Everything that needs the compiled cues. */
static enum err_code resolve(struct loading *l, struct err *e)
{
    struct ruleset *r = l->r;
    enum err_code rc;
    if ((rc = catalogue_bind(&r->catalogue, r->cues, r->a, e)) != ERR_OK ||
        (rc = feature_space_make(r->cues, r->a, &r->space, e)) != ERR_OK)
        return rc;
    size_t ncues = cueset_count(r->cues);
    r->weights = weights_new(&r->space, r->a);
    r->cue_names = arena_zalloc(r->a, ncues + 1, sizeof *r->cue_names);
    if (r->weights == NULL || r->cue_names == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < ncues; i++)
        r->cue_names[i] = cueset_info(r->cues, (uint32_t)i)->name;
    r->cue_names[ncues] = SLICE_LIT(SENSE_CUE_NAME);
    for (size_t i = 0; i < l->n && rc == ERR_OK; i++) {
        const struct rule_file *f = &l->files[i];
        if (slice_is(f->name, WEIGHTS_NAME))
            rc = add_weights(r, f, e);
        else if (slice_is(f->name, STOPWORDS_NAME))
            rc = catalogue_stopwords(&r->catalogue, f->text, r->a, e);
        else if (slice_is(f->name, SENSE_NAME) && is_last(l, i))
            rc = sense_load(f->text, f->shown, r->a, &r->sense, e);
    }
    return rc;
}

enum err_code ruleset_load(const struct ruleset_options *o, struct ruleset **out, struct err *e)
{
    *out = NULL;
    struct ruleset *r = calloc(1, sizeof *r);
    struct loading l = {.r = r, .hashed = STRBUF_INIT};
    enum err_code rc = ERR_OK;
    if (r == NULL || (r->a = arena_new(0)) == NULL || (l.b = cue_builder_new()) == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    strbuf_printf(&l.hashed, "tagger %d ", TAGGER_VERSION);
    if ((rc = put_built_in(&l, e)) != ERR_OK || (rc = put_own(&l, o->rules_dir, e)) != ERR_OK ||
        (rc = put_setting(&l, "thresholds", "", o->thresholds, e)) != ERR_OK ||
        (rc = put_setting(&l, "uncertain", "uncertain ", o->uncertain, e)) != ERR_OK ||
        (rc = add_cues(&l, e)) != ERR_OK || (rc = add_catalogue(&l, o->policies, e)) != ERR_OK ||
        (rc = cue_builder_compile(l.b, &r->cues, e)) != ERR_OK || (rc = resolve(&l, e)) != ERR_OK)
        goto cleanup;
    if (strbuf_failed(&l.hashed)) {
        rc = err_nomem(e);
        goto cleanup;
    }
    struct hash128 hash = hash128(strbuf_slice(&l.hashed));
    (void)hash_hex(&hash, r->hash);
    *out = r;
    r = NULL;
cleanup:
    strbuf_free(&l.hashed);
    free(l.files);
    cue_builder_free(l.b);
    ruleset_free(r);
    return rc;
}

void ruleset_free(struct ruleset *r)
{
    if (r == NULL)
        return;
    cueset_free(r->cues);
    arena_free(r->a);
    free(r);
}

struct ruleset_info ruleset_info(const struct ruleset *r)
{
    return (struct ruleset_info){
        .hash = slice_of(r->hash),
        .policies = r->catalogue.policies,
        .npolicies = r->catalogue.npolicies,
        .cue_names = r->cue_names,
        .ncues = (uint32_t)cueset_count(r->cues) + 1,
    };
}

enum err_code ruleset_check(const struct ruleset *r, void *ctx, void (*failed)(void *ctx, const char *message),
                            size_t *nexamples, size_t *nfailed, struct err *e)
{
    return cueset_check(r->cues, ctx, failed, nexamples, nfailed, e);
}
