#include <stdlib.h>

#include "core/gz.h"
#include "core/hash.h"
#include "core/json_check.h"
#include "ingest/run.h"

#define ARENA_BYTES    ((size_t)256 << 10)
#define BATCH_KEPT_MAX ((size_t)4 << 20) /* a larger text is not kept for the next job */
#define OUT_KEPT_MAX   ((size_t)4 << 20)
#define RESULTS_KEPT   ((size_t)4096)

/* ---- jobs ----------------------------------------------------------------------------------------------------------
 */

static void job_free(struct job *j)
{
    split_batch_free(&j->batch);
    strbuf_free(&j->out);
    arena_free(j->arena);
    free(j->results);
    free(j);
}

void source_file_release(struct source_file *f)
{
    while (f != NULL && atomic_fetch_sub(&f->refs, 1) == 1) {
        struct source_file *container = f->container;
        companions_release(f->companions);
        free(f);
        f = container;
    }
}

struct job *job_new(struct run *r, struct source_file *file)
{
    (void)pthread_mutex_lock(&r->pool_lock);
    struct job *j = r->pool;
    if (j != NULL)
        r->pool = j->next;
    (void)pthread_mutex_unlock(&r->pool_lock);
    if (j == NULL) {
        j = calloc(1, sizeof *j);
        if (j == NULL)
            return NULL;
        j->arena = arena_new(ARENA_BYTES);
        if (j->arena == NULL) {
            free(j);
            return NULL;
        }
    }
    j->file = file;
    if (file != NULL)
        atomic_fetch_add(&file->refs, 1);
    return j;
}

void job_release(void *run, void *job)
{
    struct run *r = run;
    struct job *j = job;
    source_file_release(j->file);
    j->file = NULL;
    j->is_first = j->is_last = j->is_rows = j->is_failed = false;
    j->trouble.code = ERR_OK;
    j->nresults = j->nbytes = 0;
    j->batch.ndocs = j->batch.ntext = 0;
    if (j->batch.cap > BATCH_KEPT_MAX)
        split_batch_free(&j->batch);
    if (j->cap > RESULTS_KEPT) {
        free(j->results);
        j->results = NULL;
        j->cap = 0;
    }
    if (j->out.cap > OUT_KEPT_MAX)
        strbuf_free(&j->out);
    strbuf_clear(&j->out);
    arena_reset(j->arena);
    if (r == NULL) {
        job_free(j);
        return;
    }
    (void)pthread_mutex_lock(&r->pool_lock);
    j->next = r->pool;
    r->pool = j;
    (void)pthread_mutex_unlock(&r->pool_lock);
}

struct result *job_result(struct job *j)
{
    if (j->nresults == j->cap) {
        size_t cap = j->cap != 0 ? 2 * j->cap : 64;
        struct result *results = realloc(j->results, cap * sizeof *results);
        if (results == NULL)
            return NULL;
        j->results = results;
        j->cap = cap;
    }
    struct result *x = &j->results[j->nresults++];
    memset(x, 0, sizeof *x);
    return x;
}

/* ---- work ----------------------------------------------------------------------------------------------------------
 */

struct work {
    struct run *r;
    struct worker *w;
    struct job *j;
    const struct format *format; /* the document's */
    bool is_other;               /* the document's: see split.h */
};

static enum err_code add_reject_at(struct work *k, const struct place *at, long column, const char *reason,
                                   struct err *e)
{
    if (k->is_other)
        return ERR_OK;
    struct slice text = arena_dup(k->j->arena, slice_of(reason));
    struct result *x = job_result(k->j);
    if (x == NULL || text.s == NULL)
        return err_nomem(e);
    x->is_reject = true;
    x->at = *at;
    x->column = column;
    x->reason = text.s;
    return ERR_OK;
}

static enum err_code add_reject(void *ctx, const struct place *at, const char *reason, struct err *e)
{
    return add_reject_at(ctx, at, 0, reason, e);
}

/* Refuse TEXT, which is no JSON and has COLUMN bytes before it on its line, with the place where it breaks. */
static enum err_code add_fault(struct work *k, struct slice text, const struct place *at, int64_t column,
                               const char *reason, struct err *e)
{
    struct json_fault fault;
    struct place there = *at;
    if (json_check(text, NULL, &fault))
        return add_reject(k, at, reason, e);
    there.line += fault.line - 1;
    there.offset += (int64_t)fault.at;
    return add_reject_at(k, &there, fault.line == 1 ? (long)column + fault.column : fault.column, reason, e);
}

/* Tag and pack what is finished. */
static enum err_code complete(struct work *k, struct result *x, struct err *e)
{
    const struct run *r = k->r;
    if (r->hook != NULL && r->hook->tag != NULL &&
        r->hook->tag(r->hook->ctx, k->w->hook, &x->c, k->j->arena, &x->tags, e) != ERR_OK)
        return e->code;
    if (r->filter != NULL)
        return r->filter->write(r->filter->ctx, k->w->hook, &x->c, &x->tags, &k->j->out, e);
    return store_pack(k->w->packer, &x->c, k->j->arena, &x->packed, e);
}

/* X becomes IN, finished; a reject if nothing is left of it. */
static enum err_code finish(struct work *k, const struct conversation *in, struct result *x, struct err *e)
{
    struct finish f = k->j->file->finish;
    f.format = k->format->name;
    f.is_in_place = k->j->is_rows; /* the producer copied them */
    enum err_code rc = finish_conversation(&f, in, k->j->arena, &k->w->scratch, &x->c, &x->nunknown, e);
    if (rc == ERR_OK)
        return complete(k, x, e);
    if (rc != ERR_INPUT)
        return rc;
    struct slice reason = arena_dup(k->j->arena, slice_of(e->msg));
    if (reason.s == NULL)
        return err_nomem(e);
    x->is_reject = true;
    x->reason = reason.s;
    return ERR_OK;
}

static enum err_code add_conversation(void *ctx, const struct conversation *c, const struct place *at, struct err *e)
{
    struct work *k = ctx;
    struct result *x = job_result(k->j);
    if (x == NULL)
        return err_nomem(e);
    x->at = *at;
    x->format = k->format;
    x->is_repaired = !k->j->is_rows && json_repairs(k->w->parser) != 0;
    return finish(k, c, x, e);
}

/* The first format of the table that DOC is of. */
static const struct format *format_of(struct json doc, const struct format *otherwise)
{
    for (const struct format *f = formats; f->name != NULL; f++)
        if (f->fits != NULL && f->parse != NULL && f->fits(doc))
            return f;
    return otherwise;
}

static enum err_code parse_text(struct work *k, struct slice text, const struct place *at, struct err *e)
{
    const struct source_file *f = k->j->file;
    struct reader_sink sink = {k, add_conversation, add_reject};
    struct json doc;
    if (json_parse(k->w->parser, text, &doc, e) != ERR_OK)
        return e->code;
    k->format = f->options.is_assumed ? format_of(doc, f->format) : f->format;
    enum err_code rc = k->format->parse(doc, at, &f->options, k->j->arena, &sink, e);
    return rc == ERR_INPUT ? err_set(e, ERR_INTERNAL, "format %s refused a document by an error", k->format->name) : rc;
}

/* A line that is no document may be several without a blank between them: "}{". */
static enum err_code parse_several(struct work *k, struct slice text, struct place at, int64_t column, struct err *e)
{
    struct err first = *e;
    bool is_first = true;
    while (text.n != 0) {
        size_t n = split_value(text);
        if (is_first && (n == 0 || n == text.n))
            return add_fault(k, text, &at, column, first.msg, e);
        if (n == 0)
            return add_reject_at(k, &at, (long)column + 1, first.msg, e);
        is_first = false;
        enum err_code rc = parse_text(k, (struct slice){text.s, n}, &at, e);
        if (rc == ERR_INPUT) {
            struct err why = *e;
            rc = add_fault(k, (struct slice){text.s, n}, &at, column, why.msg, e);
        }
        if (rc != ERR_OK)
            return rc;
        struct slice rest = slice_trim((struct slice){text.s + n, text.n - n});
        at.offset += rest.s - text.s;
        column += rest.s - text.s;
        text = rest;
    }
    return ERR_OK;
}

static enum err_code work_documents(struct work *k, struct err *e)
{
    const struct split_batch *b = &k->j->batch;
    for (size_t i = 0; i < b->ndocs; i++) {
        const struct split_doc *d = &b->docs[i];
        struct place at = {k->j->file->path, d->line, d->offset};
        struct slice text = {b->text + d->from, d->n};
        k->is_other = d->is_other && d->reason == NULL;
        long column = d->reason != NULL && slice_starts(slice_of(d->reason), "bad JSON") ? (long)d->column + 1 : 0;
        enum err_code rc =
            d->reason != NULL ? add_reject_at(k, &at, column, d->reason, e) : parse_text(k, text, &at, e);
        if (rc == ERR_INPUT)
            rc = parse_several(k, text, at, d->column, e);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static enum err_code work_rows(struct work *k, struct err *e)
{
    for (size_t i = 0; i < k->j->nresults; i++) {
        struct result *x = &k->j->results[i];
        struct conversation in = x->c;
        if (!x->is_reject && finish(k, &in, x, e) != ERR_OK)
            return e->code;
    }
    return ERR_OK;
}

enum err_code job_work(void *run, unsigned worker, void *job, struct err *e)
{
    struct run *r = run;
    struct work k = {r, &r->workers[worker], job, NULL, false};
    if (k.j->file == NULL)
        return ERR_OK;
    k.format = k.j->file->format;
    enum err_code rc = k.j->is_rows ? work_rows(&k, e) : work_documents(&k, e);
    if (rc == ERR_OK && strbuf_failed(&k.j->out))
        rc = err_nomem(e);
    return rc;
}
