#include "ingest/beside.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/strbuf.h"
#include "ingest/companion.h"
#include "ingest/decode.h"

#define LOOK_BYTES ((size_t)64 << 10)

struct beside {
    struct unpack *in;
    struct decoder *decoder;
    struct strbuf text;
    struct strbuf path;
    struct companions *here;     /* of the folder that was asked for last */
    bool is_alone;               /* it was for a file that no other was given with */
    struct companions **members; /* of an archive, a table a folder; the outer before the inner */
    size_t nmembers, members_cap;
};

struct beside *beside_new(const struct unpack_limits *limits)
{
    struct beside *b = calloc(1, sizeof *b);
    if (b == NULL)
        return NULL;
    b->in = unpack_new(limits);
    b->decoder = b->in != NULL ? decoder_new(unpack_read, b->in) : NULL;
    if (b->decoder != NULL)
        return b;
    beside_free(b);
    return NULL;
}

static void forget_members(struct beside *b)
{
    for (size_t i = 0; i < b->nmembers; i++)
        companions_release(b->members[i]);
    b->nmembers = 0;
}

void beside_free(struct beside *b)
{
    if (b == NULL)
        return;
    forget_members(b);
    free(b->members);
    companions_release(b->here);
    decoder_free(b->decoder);
    unpack_free(b->in);
    strbuf_free(&b->text);
    strbuf_free(&b->path);
    free(b);
}

/* Read on until there are WANT bytes of text, or all there is. */
static enum err_code fill(struct beside *b, size_t want, struct err *e)
{
    size_t n = 1;
    while (n != 0 && b->text.n < want) {
        char *room = strbuf_reserve(&b->text, LOOK_BYTES + JSON_PADDING);
        if (room == NULL)
            return err_nomem(e);
        if (decoder_read(b->decoder, room, LOOK_BYTES, &n, e) != ERR_OK)
            return e->code == ERR_NOMEM ? ERR_NOMEM : ERR_OK; /* damaged: what came before it counts */
        b->text.n += n;
    }
    if (strbuf_reserve(&b->text, JSON_PADDING) == NULL)
        return err_nomem(e);
    memset(b->text.s + b->text.n, ' ', JSON_PADDING);
    return ERR_OK;
}

/* What IN gives, by the name PATH, is read into TO if it is a table. */
static enum err_code read_table(struct beside *b, const char *path, struct companions *to, struct err *e)
{
    strbuf_clear(&b->text);
    decoder_reset(b->decoder);
    if (fill(b, LOOK_BYTES, e) != ERR_OK)
        return e->code;
    enum companion_kind kind = companion_look(path, strbuf_slice(&b->text));
    if (kind == COMPANION_NONE || kind == COMPANION_LOG)
        return ERR_OK;
    if (fill(b, COMPANION_MOST_BYTES, e) != ERR_OK)
        return e->code;
    return companions_add(to, kind, path, strbuf_slice(&b->text), e);
}

static enum err_code read_file(struct beside *b, const char *path, struct companions *to, struct err *e)
{
    bool is_archive;
    enum err_code rc = unpack_open(b->in, path, &is_archive, e);
    if (rc == ERR_OK && !is_archive)
        rc = read_table(b, path, to, e);
    unpack_close(b->in);
    return rc == ERR_NOMEM ? rc : ERR_OK;
}

/* ---- folders ---------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
    char **at;
    size_t n, cap;
};

static bool add_name(struct names *l, const char *name)
{
    if (l->n == l->cap) {
        size_t cap = l->cap != 0 ? 2 * l->cap : 8;
        char **more = realloc(l->at, cap * sizeof(char *));
        if (more == NULL)
            return false;
        l->at = more;
        l->cap = cap;
    }
    l->at[l->n] = strdup(name);
    return l->at[l->n] != NULL && ++l->n != 0;
}

/* The candidates of the folder DIR (which ends in "/", or is ""), in the order of their names. */
static enum err_code list_candidates(const char *dir, struct names *l, struct err *e)
{
    DIR *d = opendir(*dir != '\0' ? dir : ".");
    bool ok = true;
    for (const struct dirent *x = d != NULL ? readdir(d) : NULL; x != NULL && ok; x = readdir(d))
        ok = x->d_name[0] == '.' || !companion_may_be(x->d_name) || add_name(l, x->d_name);
    if (d != NULL)
        (void)closedir(d);
    if (l->n > 1)
        qsort(l->at, l->n, sizeof *l->at, by_name);
    return ok ? ERR_OK : err_nomem(e);
}

static enum err_code read_folder(struct beside *b, const char *dir, struct companions *to, struct err *e)
{
    struct names l = {NULL, 0, 0};
    enum err_code rc = list_candidates(dir, &l, e);
    for (size_t i = 0; i < l.n; i++) {
        strbuf_clear(&b->path);
        strbuf_printf(&b->path, "%s%s", dir, l.at[i]);
        if (rc == ERR_OK)
            rc = strbuf_failed(&b->path) ? err_nomem(e) : read_file(b, b->path.s, to, e);
        free(l.at[i]);
    }
    free(l.at);
    return rc;
}

static bool is_below(const char *path, const char *dir)
{
    return strncmp(path, dir, strlen(dir)) == 0;
}

/* Go one folder further down, to the first N bytes of PATH. */
static enum err_code enter(struct beside *b, const char *path, size_t n, struct err *e)
{
    char *dir = strndup(path, n);
    struct companions *inner = dir != NULL ? companions_new(dir, b->here) : NULL;
    enum err_code rc = inner != NULL ? read_folder(b, dir, inner, e) : err_nomem(e);
    free(dir);
    if (rc != ERR_OK) {
        companions_release(inner);
        return rc;
    }
    companions_release(b->here);
    b->here = inner;
    return ERR_OK;
}

/* Leave folders until PATH is below the one where we are. */
static void leave(struct beside *b, const char *path)
{
    while (b->here != NULL && !is_below(path, companions_dir(b->here))) {
        struct companions *up = companions_ref(companions_up(b->here));
        companions_release(b->here);
        b->here = up;
    }
}

enum err_code beside_folder(struct beside *b, const char *root, const char *path, struct companions **out,
                            struct err *e)
{
    size_t from = strlen(root);
    from += from != 0 && root[from - 1] != '/'; /* the root's own folder begins behind this */
    leave(b, path);
    if (b->here != NULL && strlen(companions_dir(b->here)) < from)
        leave(b, "\n"); /* of another root */
    if (b->here != NULL)
        from = strlen(companions_dir(b->here));
    else if (enter(b, path, from, e) != ERR_OK)
        return e->code;
    for (const char *slash; (slash = strchr(path + from, '/')) != NULL;) {
        from = (size_t)(slash - path) + 1;
        if (enter(b, path, from, e) != ERR_OK)
            return e->code;
    }
    *out = b->here;
    return ERR_OK;
}

/* Tables of files that were given by themselves have a name that no folder has. */
static enum err_code read_given(struct beside *b, const char *const *paths, size_t npaths, const char *path, size_t n,
                                const char *name, struct err *e)
{
    struct companions *here = companions_new(name, NULL);
    size_t nhere = 0;
    enum err_code rc = here != NULL ? ERR_OK : err_nomem(e);
    for (size_t i = 0; i < npaths && rc == ERR_OK; i++) {
        if (strncmp(paths[i], path, n) != 0 || strchr(paths[i] + n, '/') != NULL)
            continue;
        nhere++;
        if (companion_may_be(paths[i]))
            rc = read_file(b, paths[i], here, e);
    }
    companions_release(b->here);
    b->here = here;
    b->is_alone = nhere < 2;
    return rc;
}

enum err_code beside_given(struct beside *b, const char *const *paths, size_t npaths, const char *path,
                           struct companions **out, struct err *e)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    struct strbuf name = STRBUF_INIT;
    enum err_code rc = ERR_OK;
    strbuf_printf(&name, "\n%.*s", (int)n, path);
    if (strbuf_failed(&name))
        rc = err_nomem(e);
    else if (b->here == NULL || strcmp(companions_dir(b->here), name.s) != 0)
        rc = read_given(b, paths, npaths, path, n, name.s, e);
    strbuf_free(&name);
    *out = b->is_alone ? NULL : b->here;
    return rc;
}

/* ---- archives --------------------------------------------------------------------------------------------------- */

struct companions *beside_member(const struct beside *b, const char *member)
{
    struct companions *best = NULL;
    for (size_t i = 0; i < b->nmembers; i++)
        if (is_below(member, companions_dir(b->members[i])) &&
            (best == NULL || strlen(companions_dir(b->members[i])) >= strlen(companions_dir(best))))
            best = b->members[i];
    return best;
}

/* The tables of the folder of MEMBER; made if there are none. NULL when out of memory. */
static struct companions *tables_for(struct beside *b, const char *member)
{
    const char *slash = strrchr(member, '/');
    size_t n = slash != NULL ? (size_t)(slash - member) + 1 : 0;
    for (size_t i = 0; i < b->nmembers; i++)
        if (strlen(companions_dir(b->members[i])) == n && is_below(member, companions_dir(b->members[i])))
            return b->members[i];
    if (b->nmembers == b->members_cap) {
        size_t cap = b->members_cap != 0 ? 2 * b->members_cap : 8;
        struct companions **more = realloc(b->members, cap * sizeof(struct companions *));
        if (more == NULL)
            return NULL;
        b->members = more;
        b->members_cap = cap;
    }
    char *dir = strndup(member, n);
    struct companions *c = dir != NULL ? companions_new(dir, beside_member(b, member)) : NULL;
    free(dir);
    if (c != NULL)
        b->members[b->nmembers++] = c;
    return c;
}

enum err_code beside_archive(struct beside *b, const char *path, struct err *e)
{
    struct unpack_member m;
    bool is_archive = false, has = true;
    forget_members(b);
    enum err_code rc = unpack_open(b->in, path, &is_archive, e);
    while (rc == ERR_OK && is_archive && has) {
        rc = unpack_next(b->in, &m, &has, e);
        if (rc != ERR_OK || !has || !companion_may_be(m.name))
            continue;
        struct companions *to = tables_for(b, m.name);
        rc = to != NULL ? read_table(b, m.name, to, e) : err_nomem(e);
    }
    unpack_close(b->in);
    return rc == ERR_NOMEM ? rc : ERR_OK;
}
