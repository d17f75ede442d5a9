#include "ingest/ingest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/hash.h"
#include "core/pipeline.h"
#include "ingest/probe.h"
#include "ingest/run.h"
#include "ingest/side.h"

#define MOST_REJECTS             1000 /* of one file that are written down; the others are counted */
#define DEFAULT_MAX_RECORD_BYTES ((size_t)64 << 20)

/* ---- consuming -----------------------------------------------------------------------------------------------------
 */

static void tell(struct run *r, const char *path, const struct err *why)
{
    if (r->first_trouble.code == ERR_OK)
        r->first_trouble = *why;
    if (r->report != NULL && r->report->trouble != NULL)
        r->report->trouble(r->report->ctx, path, why);
}

/* PATH: line N: WHY, for people. COLUMN is from 1, or 0. */
static void tell_reject(struct run *r, const struct source_file *f, long line, long column, int64_t offset,
                        const char *why, const char *hint)
{
    struct err e = {.code = ERR_OK};
    if (line >= 0 && column > 0)
        err_set(&e, ERR_INPUT, "%s: line %ld, column %ld: %s", f->path, line, column, why);
    else if (line >= 0)
        err_set(&e, ERR_INPUT, "%s: line %ld: %s", f->path, line, why);
    else if (offset >= 0)
        err_set(&e, ERR_INPUT, "%s: byte %lld: %s", f->path, (long long)offset, why);
    else
        err_set(&e, ERR_INPUT, "%s: %s", f->path, why);
    if (hint[0] != '\0')
        err_hint(&e, "%s", hint);
    tell(r, f->path, &e);
}

/* The file that has a row in the database: F, or the archive it is a member of. */
static struct source_file *row_of(struct source_file *f)
{
    return f->container != NULL ? f->container : f;
}

/* Write a reject of F down. */
static enum err_code store_one(struct run *r, const struct source_file *f, long line, int64_t offset, const char *why,
                               struct err *e)
{
    const struct source_file *row = f->container != NULL ? f->container : f;
    if (r->db == NULL)
        return ERR_OK;
    if (row == f)
        return store_reject(r->db, row->file_id, line, offset, why, e);
    struct strbuf reason = STRBUF_INIT;
    strbuf_printf(&reason, "%s: %s", f->path + strlen(row->path) + 1, why);
    enum err_code rc =
        strbuf_failed(&reason) ? err_nomem(e) : store_reject(r->db, row->file_id, line, offset, reason.s, e);
    strbuf_free(&reason);
    return rc;
}

/* Count and tell a reject, and write it down, if the file does not have too many. */
static enum err_code put_reject(struct run *r, struct source_file *f, long line, long column, int64_t offset,
                                const char *why, const char *hint, struct err *e)
{
    struct source_file *row = row_of(f);
    r->stats->rejects++;
    row->end.rejects++;
    tell_reject(r, f, line, column, offset, why, hint);
    return ++f->seen.rejects <= MOST_REJECTS ? store_one(r, f, line, offset, why, e) : ERR_OK;
}

/* F ends: how many rejects were not written down? */
static enum err_code sum_rejects(struct run *r, const struct source_file *f, struct err *e)
{
    char why[64];
    if (f->seen.rejects <= MOST_REJECTS)
        return ERR_OK;
    (void)snprintf(why, sizeof why, "and %" PRId64 " more rejects", f->seen.rejects - MOST_REJECTS);
    return store_one(r, f, -1, -1, why, e);
}

static bool wants_files(const struct run *r)
{
    return r->report != NULL && r->report->file != NULL;
}

static enum err_code put_conversation(struct run *r, struct source_file *member, const struct result *x, struct err *e)
{
    struct source_file *f = row_of(member);
    enum store_put how = STORE_ADDED;
    if (r->db != NULL && store_conversation_put(r->db, f->file_id, &x->c, &x->packed, r->hook != NULL ? &x->tags : NULL,
                                                &how, e) != ERR_OK)
        return e->code;
    int64_t *counts[] = {&r->stats->added, &r->stats->replaced, &r->stats->skipped};
    int64_t *file_counts[] = {&f->end.added, &f->end.replaced, &f->end.skipped};
    (*counts[how])++;
    (*file_counts[how])++;
    r->stats->conversations++;
    r->stats->turns += x->c.nturns;
    r->stats->masked += x->c.nmasked;
    r->stats->unknown_roles += x->nunknown;
    f->end.conversations++;
    f->end.turns += x->c.nturns;
    f->end.masked += x->c.nmasked;
    member->seen.repaired += x->is_repaired;
    if (member->options.is_assumed && member->told == NULL)
        member->told = x->format;
    if (wants_files(r) && !seen_add(&r->identities, &member->seen, &x->c))
        return err_nomem(e);
    return ERR_OK;
}

static const struct format *read_as(const struct source_file *f)
{
    return f->told != NULL ? f->told : f->format;
}

static const char *format_of(const struct source_file *f)
{
    if (f->kind != COMPANION_NONE)
        return "companion";
    return read_as(f) != NULL ? read_as(f)->name : "";
}

/* F is done: tell what was seen of it. */
static void tell_file(const struct run *r, struct source_file *f)
{
    if (!wants_files(r))
        return;
    f->seen.path = f->path;
    f->seen.format = format_of(f);
    f->seen.title = read_as(f) != NULL ? read_as(f)->title : companion_title(f->kind);
    f->seen.is_companion = f->kind != COMPANION_NONE;
    f->seen.encoding = f->encoding;
    f->seen.members = f->nmembers;
    f->seen.is_archive = f->nmembers != 0;
    r->report->file(r->report->ctx, &f->seen);
}

static enum err_code begin_file(struct run *r, struct source_file *f, struct err *e)
{
    char hex[HASH_HEX_BYTES];
    r->stats->files++;
    if (r->db == NULL)
        return ERR_OK;
    if (store_begin(r->db, e) != ERR_OK)
        return e->code;
    r->is_in_transaction = true;
    struct store_file key = {f->path, f->bytes, f->mtime_ns, slice_of(hash_hex(&r->settings, hex))};
    return store_file_begin(r->db, &key, r->o->run_id, &f->file_id, e);
}

/* WHY without the path that it may begin with: rejects belong to a file anyway. */
static const char *without_path(const char *why, const char *path)
{
    size_t n = strlen(path);
    return strncmp(why, path, n) == 0 && strncmp(why + n, ": ", 2) == 0 ? why + n + 2 : why;
}

static enum err_code end_file(struct run *r, const struct job *j, struct err *e)
{
    struct source_file *f = j->file;
    bool is_cut = j->trouble.code != ERR_OK;
    if (is_cut && put_reject(r, f, -1, 0, -1, without_path(j->trouble.msg, f->path), j->trouble.hint, e) != ERR_OK)
        return e->code;
    if (sum_rejects(r, f, e) != ERR_OK)
        return e->code;
    tell_file(r, f);
    r->stats->files_failed += is_cut || (f->nmembers != 0 && f->nmembers == f->nmembers_failed);
    if (r->db == NULL)
        return ERR_OK;
    if (f->nmembers == 0) {
        f->end.format = format_of(f);
        f->end.encoding = f->encoding;
    }
    /* What is not text, or of no format, was looked at to its end: another night will not make it better. */
    f->end.is_whole = !is_cut || (j->is_failed && j->trouble.code == ERR_INPUT);
    if (store_file_end(r->db, f->file_id, &f->end, e) != ERR_OK || store_commit(r->db, e) != ERR_OK)
        return e->code;
    r->is_in_transaction = false;
    return ERR_OK;
}

/* What all members have in common, or "mixed". */
static const char *common(const char *so_far, const char *one)
{
    return so_far == NULL || strcmp(so_far, one) == 0 ? one : "mixed";
}

static enum err_code end_member(struct run *r, const struct job *j, struct err *e)
{
    struct source_file *f = j->file, *row = f->container;
    bool is_cut = j->trouble.code != ERR_OK;
    r->stats->members++;
    r->stats->members_failed += is_cut;
    row->nmembers++;
    row->nmembers_failed += j->is_failed;
    if (f->format != NULL) { /* tables beside the transcripts do not make it mixed */
        row->end.format = common(row->end.format, format_of(f));
        row->end.encoding = common(row->end.encoding, f->encoding);
    }
    if (is_cut && put_reject(r, f, -1, 0, -1, without_path(j->trouble.msg, f->path), j->trouble.hint, e) != ERR_OK)
        return e->code;
    if (sum_rejects(r, f, e) != ERR_OK)
        return e->code;
    tell_file(r, f);
    return ERR_OK;
}

static enum err_code consume_file(struct run *r, const struct job *j, struct err *e)
{
    struct source_file *f = j->file;
    if (j->is_first && f->container == NULL && begin_file(r, f, e) != ERR_OK)
        return e->code;
    for (size_t i = 0; i < j->nresults; i++) {
        const struct result *x = &j->results[i];
        enum err_code rc = x->is_reject ? put_reject(r, f, x->at.line, x->column, x->at.offset, x->reason, "", e)
                                        : put_conversation(r, f, x, e);
        if (rc != ERR_OK)
            return rc;
    }
    if (r->filter != NULL && j->out.n != 0 && r->filter->lines(r->filter->ctx, strbuf_slice(&j->out), e) != ERR_OK)
        return e->code;
    if (!j->is_last)
        return ERR_OK;
    return f->container != NULL ? end_member(r, j, e) : end_file(r, j, e);
}

static void take_seen(struct run *r, const struct ingest_stats *seen)
{
    r->stats->files_known = seen->files_known;
    r->stats->files_young = seen->files_young;
    r->stats->bytes = seen->bytes;
}

static enum err_code consume(void *run, void *job, struct err *e)
{
    struct run *r = run;
    const struct job *j = job;
    enum err_code rc = ERR_OK;
    take_seen(r, &j->seen);
    if (j->file == NULL) {
        r->stats->files_failed++;
        tell(r, "", &j->trouble);
        return ERR_OK;
    }
    (void)pthread_mutex_lock(&r->db_lock);
    rc = consume_file(r, j, e);
    (void)pthread_mutex_unlock(&r->db_lock);
    if (rc == ERR_OK && r->report != NULL && r->report->progress != NULL)
        r->report->progress(r->report->ctx, r->stats, j->file->path);
    return rc;
}

/* ---- a run ---------------------------------------------------------------------------------------------------------
 */

/* A hash of all that decides how a file is read. Not of the side data: they grow every night. */
static enum err_code hash_settings(struct run *r, struct err *e)
{
    const struct ingest_options *o = r->o;
    const char *const words[] = {o->source, o->format,   o->columns,    o->date_format,
                                 o->roles,  o->timezone, o->own_domains};
    struct strbuf b = STRBUF_INIT;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        strbuf_puts(&b, words[i] != NULL ? words[i] : "");
        strbuf_putc(&b, words[i] != NULL ? '\1' : '\2');
    }
    strbuf_printf(&b, "%u %zu", o->mask, r->max_record_bytes);
    if (o->no_guess)
        strbuf_puts(&b, " no guess");
    for (size_t i = 0; i < o->nsources; i++)
        strbuf_printf(&b, " [%s] %s %s", o->sources[i].name,
                      o->sources[i].timezone != NULL ? o->sources[i].timezone : "",
                      o->sources[i].roles != NULL ? o->sources[i].roles : "");
    if (o->max_unpacked_bytes != 0 || o->max_ratio != 0)
        strbuf_printf(&b, " %lld %lld", (long long)o->max_unpacked_bytes, (long long)o->max_ratio);
    r->settings = hash128(strbuf_slice(&b));
    bool failed = strbuf_failed(&b);
    strbuf_free(&b);
    return failed ? err_nomem(e) : ERR_OK;
}

static enum err_code put_roster(struct run *r, struct err *e)
{
    size_t n = r->side != NULL ? side_agent_count(r->side) : 0;
    if (r->db == NULL || n == 0)
        return ERR_OK;
    if (store_begin(r->db, e) != ERR_OK)
        return e->code;
    r->is_in_transaction = true;
    for (size_t i = 0; i < n; i++) {
        const struct side_agent *a = side_agent_at(r->side, i);
        struct roster_agent row = {a->id, a->name, a->team};
        if (store_agent_put(r->db, &row, e) != ERR_OK)
            return e->code;
    }
    if (store_commit(r->db, e) != ERR_OK)
        return e->code;
    r->is_in_transaction = false;
    return ERR_OK;
}

static enum err_code workers_new(struct run *r, unsigned n, struct err *e)
{
    r->workers = calloc(n, sizeof *r->workers);
    if (r->workers == NULL)
        return err_nomem(e);
    for (unsigned i = 0; i < n; i++) {
        struct worker *w = &r->workers[i];
        w->parser = json_parser_new();
        w->packer = r->db != NULL ? gz_packer_new() : NULL;
        if (w->parser == NULL || (r->db != NULL && w->packer == NULL))
            return err_nomem(e);
        if (r->hook != NULL && r->hook->worker_new != NULL && (w->hook = r->hook->worker_new(r->hook->ctx)) == NULL)
            return err_nomem(e);
    }
    return ERR_OK;
}

static void workers_free(struct run *r, unsigned n)
{
    for (unsigned i = 0; r->workers != NULL && i < n; i++) {
        struct worker *w = &r->workers[i];
        json_parser_free(w->parser);
        gz_packer_free(w->packer);
        strbuf_free(&w->scratch);
        if (w->hook != NULL && r->hook->worker_free != NULL)
            r->hook->worker_free(r->hook->ctx, w->hook);
    }
    free(r->workers);
}

static void pool_free(struct run *r)
{
    while (r->pool != NULL) {
        struct job *j = r->pool;
        r->pool = j->next;
        job_release(NULL, j);
    }
}

/* Nothing at all could be understood: the first reason is the run's. */
static enum err_code judge(const struct run *r, struct err *e)
{
    const struct ingest_stats *s = r->stats;
    if (r->path_trouble.code != ERR_OK) {
        *e = r->path_trouble;
        return e->code;
    }
    if (s->files == 0 || s->files_failed < s->files || s->conversations != 0 || s->files_known != 0)
        return ERR_OK;
    *e = r->first_trouble;
    return e->code = ERR_INPUT;
}

static enum err_code run_all(struct run *r, struct err *e)
{
    unsigned jobs = r->o->jobs != 0 ? r->o->jobs : 1;
    const struct pipeline_stages stages = {r, produce, job_work, consume, job_release};
    const struct format *named;
    enum err_code rc = ERR_OK;
    *r->stats = (struct ingest_stats){0};
    r->max_record_bytes = r->o->max_record_bytes != 0 ? r->o->max_record_bytes : DEFAULT_MAX_RECORD_BYTES;
    if (r->o->format != NULL && probe_named(r->o->format, &named, e) != ERR_OK)
        return e->code;
    (void)pthread_mutex_init(&r->db_lock, NULL);
    (void)pthread_mutex_init(&r->pool_lock, NULL);
    if ((rc = hash_settings(r, e)) == ERR_OK && (r->o->roster != NULL || r->o->side != NULL))
        rc = side_load(r->o->roster, r->o->side, r->o->date_format, &r->side, e);
    if (rc == ERR_OK)
        rc = settings_load(r->o, &r->by_source, e);
    if (rc == ERR_OK && (rc = put_roster(r, e)) == ERR_OK && (rc = workers_new(r, jobs, e)) == ERR_OK)
        rc = pipeline_run(&stages, jobs, 2 * jobs + 2, e);
    if (r->is_in_transaction)
        store_rollback(r->db);
    take_seen(r, &r->seen);
    r->stats->different = (int64_t)r->identities.n;
    seen_free(&r->identities);
    if (rc == ERR_OK)
        rc = judge(r, e);
    workers_free(r, jobs);
    pool_free(r);
    side_free(r->side);
    settings_free(r->by_source);
    (void)pthread_mutex_destroy(&r->db_lock);
    (void)pthread_mutex_destroy(&r->pool_lock);
    return rc;
}

enum err_code ingest_run(const struct ingest_options *o, struct store *db, const struct ingest_hook *hook,
                         const struct ingest_report *report, struct ingest_stats *stats, struct err *e)
{
    struct run r = {.o = o, .db = db, .hook = hook, .report = report, .stats = stats};
    return run_all(&r, e);
}

enum err_code ingest_filter(const struct ingest_options *o, const struct ingest_hook *hook,
                            const struct ingest_filter *filter, const struct ingest_report *report,
                            struct ingest_stats *stats, struct err *e)
{
    struct run r = {.o = o, .hook = hook, .filter = filter, .report = report, .stats = stats};
    return run_all(&r, e);
}
