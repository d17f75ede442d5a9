#include <stdlib.h>

#include "core/file.h"
#include "core/hash.h"
#include "core/pipeline.h"
#include "core/when.h"
#include "ingest/beside.h"
#include "ingest/decode.h"
#include "ingest/json_sample.h"
#include "ingest/probe.h"
#include "ingest/run.h"
#include "ingest/times.h"
#include "ingest/unpack.h"

#define NS_PER_MS   1000000
#define SAMPLE_STEP ((size_t)64 << 10)

/* The producer at one file: one job is always held back, so that the last one can be marked. */
struct producer {
    struct run *r;
    struct pipeline *p;
    struct source_file *file;
    struct job *job;  /* held back; NULL before the first */
    bool is_begun;    /* a job of the file was made */
    bool is_stopped;  /* a later stage has failed */
    const char *root; /* the path of the options that is walked */
    struct beside *beside;
    struct unpack *in;
    struct decoder *decoder; /* of what IN gives */
    struct strbuf sample;
    size_t sample_at; /* how much of it was read again */
};

/* ---- jobs ----------------------------------------------------------------------------------------------------------
 */

static enum err_code send(struct producer *k, struct err *e)
{
    struct job *j = k->job;
    k->job = NULL;
    if (j == NULL)
        return ERR_OK;
    j->seen = k->r->seen;
    j->seen.bytes += unpack_raw_bytes(k->in);
    if (pipeline_emit(k->p, j, e) == ERR_OK)
        return ERR_OK;
    k->is_stopped = true;
    return e->code;
}

/* Send the job that was held back, and hold a new one. */
static enum err_code next_job(struct producer *k, struct err *e)
{
    if (send(k, e) != ERR_OK)
        return e->code;
    k->job = job_new(k->r, k->file);
    if (k->job == NULL)
        return err_nomem(e);
    k->job->is_first = k->file != NULL && !k->is_begun;
    k->is_begun = true;
    return ERR_OK;
}

/* The file ends here; WHY (or NULL) is what ended it early. */
static enum err_code end_file(struct producer *k, const struct err *why, bool is_failed, struct err *e)
{
    if (k->job == NULL && next_job(k, e) != ERR_OK)
        return e->code;
    k->job->is_last = true;
    k->job->is_failed = is_failed;
    if (why != NULL)
        k->job->trouble = *why;
    return send(k, e);
}

/* ---- text ----------------------------------------------------------------------------------------------------------
 */

/* Read on until the sample has WANT bytes. *is_end: there is no more, or no more can be read; an error of the file that
 * leaves something to look at comes again when the text is read. */
static enum err_code fill_sample(struct producer *k, size_t want, bool *is_all, bool *is_end, struct err *e)
{
    *is_end = false;
    while (k->sample.n < want && !*is_end) {
        size_t n = 0;
        char *room = strbuf_reserve(&k->sample, SAMPLE_STEP);
        if (room == NULL)
            return err_nomem(e);
        if (decoder_read(k->decoder, room, SAMPLE_STEP, &n, e) != ERR_OK) {
            *is_end = true;
            return e->code == ERR_NOMEM || k->sample.n == 0 ? e->code : ERR_OK;
        }
        k->sample.n += n;
        *is_all = n == 0;
        *is_end = n == 0;
    }
    return ERR_OK;
}

static enum err_code read_sample(struct producer *k, bool *is_all, struct err *e)
{
    bool is_end = false;
    *is_all = false;
    strbuf_clear(&k->sample);
    k->sample_at = 0;
    for (size_t want = PROBE_BYTES; want <= PROBE_BYTES_JSON; want *= 2) {
        if (fill_sample(k, want, is_all, &is_end, e) != ERR_OK)
            return e->code;
        if (is_end || !json_sample_is_short(strbuf_slice(&k->sample)))
            break;
    }
    return ERR_OK;
}

/* The decoded text: the sample again, then the rest. */
static enum err_code text_read(void *ctx, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct producer *k = ctx;
    size_t left = k->sample.n - k->sample_at;
    if (left == 0)
        return decoder_read(k->decoder, buf, cap, n, e);
    *n = left < cap ? left : cap;
    memcpy(buf, k->sample.s + k->sample_at, *n);
    k->sample_at += *n;
    return ERR_OK;
}

/* ---- documents -----------------------------------------------------------------------------------------------------
 */

static enum err_code send_documents(struct producer *k, const struct layout *layout, struct err *e)
{
    struct reader_input in = {k, text_read};
    struct splitter *s = splitter_new(&in, layout, k->r->max_record_bytes);
    if (s == NULL)
        return err_nomem(e);
    enum err_code rc = ERR_OK;
    for (bool has = true; rc == ERR_OK && has;) {
        rc = next_job(k, e);
        if (rc == ERR_OK)
            rc = splitter_next(s, &k->job->batch, JOB_TEXT_BYTES, &has, e);
    }
    splitter_free(s);
    return rc;
}

/* ---- rows ----------------------------------------------------------------------------------------------------------
 */

static bool dup_into(struct arena *a, struct slice *x)
{
    if (x->n == 0) {
        *x = (struct slice){"", 0};
        return true;
    }
    *x = arena_dup(a, *x);
    return x->s != NULL;
}

/* The same for a member that turns share; *LAST is the one that was copied last, from where and to where. */
static bool dup_shared(struct arena *a, struct slice *x, struct slice last[2])
{
    if (x->n != 0 && x->s == last[0].s && x->n == last[0].n) {
        *x = last[1];
        return true;
    }
    last[0] = *x;
    bool ok = dup_into(a, x);
    last[1] = *x;
    return ok;
}

static bool copy_conversation(struct arena *a, const struct conversation *in, struct conversation *out, size_t *nbytes)
{
    *out = *in;
    out->turns = arena_zalloc(a, in->nturns, sizeof *out->turns);
    if (out->turns == NULL)
        return false;
    struct slice ids[2] = {{"", 0}, {"", 0}}, names[2][2] = {{{"", 0}, {"", 0}}, {{"", 0}, {"", 0}}};
    for (uint32_t i = 0; i < in->nturns; i++) {
        struct turn *t = &out->turns[i];
        *t = in->turns[i];
        *nbytes += t->text.n + sizeof *t;
        size_t which = t->speaker_name.s == names[1][0].s; /* two speak, as a rule, and in turn */
        if (which == 0 && t->speaker_name.s != names[0][0].s) {
            names[1][0] = names[0][0];
            names[1][1] = names[0][1];
        }
        if (!dup_into(a, &t->text) || !dup_shared(a, &t->speaker_id, ids) ||
            !dup_shared(a, &t->speaker_name, names[which]))
            return false;
    }
    *nbytes += sizeof *out;
    return dup_into(a, &out->source) && dup_into(a, &out->external_id) && dup_into(a, &out->channel) &&
           dup_into(a, &out->queue) && dup_into(a, &out->agent_id) && dup_into(a, &out->agent_name) &&
           dup_into(a, &out->customer_id) && dup_into(a, &out->part) && dup_into(a, &out->zone);
}

/* A place for one more result of rows, in this job or the next. */
static enum err_code row_result(struct producer *k, const struct place *at, struct result **out, struct err *e)
{
    if (k->job == NULL || k->job->nbytes >= JOB_TEXT_BYTES) {
        if (next_job(k, e) != ERR_OK)
            return e->code;
        k->job->is_rows = true;
    }
    *out = job_result(k->job);
    if (*out == NULL)
        return err_nomem(e);
    (*out)->at = *at;
    (*out)->at.path = k->file->path;
    return ERR_OK;
}

static enum err_code row_conversation(void *ctx, const struct conversation *c, const struct place *at, struct err *e)
{
    struct producer *k = ctx;
    struct result *x;
    if (row_result(k, at, &x, e) != ERR_OK)
        return e->code;
    return copy_conversation(k->job->arena, c, &x->c, &k->job->nbytes) ? ERR_OK : err_nomem(e);
}

static enum err_code row_reject(void *ctx, const struct place *at, const char *reason, struct err *e)
{
    struct producer *k = ctx;
    struct result *x;
    if (row_result(k, at, &x, e) != ERR_OK)
        return e->code;
    struct slice text = arena_dup(k->job->arena, slice_of(reason));
    x->is_reject = true;
    x->reason = text.s;
    k->job->nbytes += text.n + sizeof *x;
    return text.s != NULL ? ERR_OK : err_nomem(e);
}

static enum err_code send_rows(struct producer *k, struct err *e)
{
    struct reader_input in = {k, text_read};
    struct reader_sink sink = {k, row_conversation, row_reject};
    if (next_job(k, e) != ERR_OK)
        return e->code;
    k->job->is_rows = true;
    return k->file->format->read(&in, k->file->path, &k->file->options, &sink, e);
}

/* ---- files ---------------------------------------------------------------------------------------------------------
 */

/* PATH, or the member MEMBER of the archive CONTAINER. */
static struct source_file *source_file_new(struct run *r, const char *path, const char *member)
{
    size_t n = strlen(path), m = member != NULL ? strlen(member) + 1 : 0;
    struct source_file *f = calloc(1, sizeof *f + n + m + 1);
    if (f == NULL)
        return NULL;
    memcpy(f->path, path, n + 1);
    if (member != NULL) {
        f->path[n] = '/';
        memcpy(f->path + n + 1, member, m - 1);
    }
    atomic_init(&f->refs, 1);
    f->encoding = "";
    f->seen = seen_none();
    f->mtime_ns = MS_NONE;
    f->options = (struct reader_options){.columns = r->o->columns,
                                         .date_format = r->o->date_format,
                                         .own_domains = r->o->own_domains,
                                         .max_record_bytes = r->max_record_bytes};
    f->finish = (struct finish){.source = r->o->source,
                                .format = "",
                                .mask = r->o->mask,
                                .side = r->side,
                                .by_source = r->by_source,
                                .roles = {.side = r->side, .no_guess = r->o->no_guess},
                                .is_redacted = finish_path_is_redacted(f->path),
                                .name_ms = finish_time_of_path(f->path),
                                .mtime_ms = MS_NONE};
    return f;
}

static void set_companions(struct source_file *f, struct companions *c)
{
    f->companions = companions_ref(c);
    f->finish.roles.companions = f->companions;
}

static void set_mtime(struct source_file *f, int64_t mtime_ns)
{
    f->mtime_ns = mtime_ns;
    f->finish.mtime_ms = mtime_ns != MS_NONE ? mtime_ns / NS_PER_MS : MS_NONE;
}

/* Make the jobs of the text that IN gives. An error that is the file's own comes back as it is. */
static enum err_code send_text(struct producer *k, bool *is_failed, struct err *e)
{
    struct layout layout;
    bool is_all;
    *is_failed = true;
    decoder_reset(k->decoder);
    if (read_sample(k, &is_all, e) != ERR_OK)
        return e->code;
    k->file->encoding = decoder_encoding(k->decoder);
    if (slice_trim(strbuf_slice(&k->sample)).n == 0 && is_all) {
        *is_failed = false; /* nothing but blanks: no conversation, and nothing wrong */
        return ERR_OK;
    }
    struct sample sample = {strbuf_slice(&k->sample), is_all, k->file->path};
    if (k->file->options.date_format == NULL)
        k->file->options.date_format = times_infer_order(sample.text);
    if (k->file->companions != NULL && k->r->o->format == NULL)
        k->file->kind = companion_look(k->file->path, sample.text);
    enum err_code rc = ERR_INPUT;
    if (k->file->kind == COMPANION_NONE || k->file->kind == COMPANION_CONVERSATIONS) /* the latter may be transcripts */
        rc = probe(&sample, k->r->o->format, &k->file->options, &layout, &k->file->format, e);
    if (rc == ERR_INPUT && k->file->kind != COMPANION_NONE) {
        *is_failed = false; /* it was read before, for the others */
        return ERR_OK;
    }
    if (rc != ERR_OK)
        return rc;
    *is_failed = false;
    k->file->kind = COMPANION_NONE;
    k->file->finish.format = k->file->format->name;
    rc = k->file->format->parse != NULL ? send_documents(k, &layout, e) : send_rows(k, e);
    k->file->encoding = decoder_encoding(k->decoder);
    return rc;
}

/* The current file (or member) ends with RC; what is its own trouble (*why) goes with its last job. */
static enum err_code close_file(struct producer *k, enum err_code rc, struct err *why, bool is_failed, struct err *e)
{
    bool is_of_file = rc == ERR_INPUT || rc == ERR_IO;
    if (!k->is_stopped && (rc == ERR_OK || is_of_file)) {
        rc = end_file(k, is_of_file ? why : NULL, is_failed, e);
    } else {
        *e = *why;
    }
    if (k->job != NULL)
        job_release(k->r, k->job);
    k->job = NULL;
    source_file_release(k->file);
    k->file = NULL;
    return rc;
}

static enum err_code send_member(struct producer *k, struct source_file *container, const struct unpack_member *m,
                                 struct err *e)
{
    struct err why = {.code = ERR_OK};
    bool is_failed;
    k->is_begun = false;
    k->file = source_file_new(k->r, container->path, m->name);
    if (k->file == NULL)
        return err_nomem(e);
    atomic_fetch_add(&container->refs, 1);
    k->file->container = container;
    set_companions(k->file, beside_member(k->beside, m->name));
    set_mtime(k->file, m->mtime_ns != MS_NONE ? m->mtime_ns : container->mtime_ns);
    enum err_code rc = send_text(k, &is_failed, &why);
    return close_file(k, rc, &why, is_failed, e);
}

/* The archive's first job begins it and its last one ends it; in between come those of its members. */
static enum err_code send_members(struct producer *k, struct err *e)
{
    struct source_file *container = k->file;
    struct unpack_member m;
    bool has = true;
    enum err_code rc = beside_archive(k->beside, container->path, e);
    if (rc == ERR_OK)
        rc = next_job(k, e);
    if (rc == ERR_OK)
        rc = send(k, e);
    while (rc == ERR_OK && has) {
        rc = unpack_next(k->in, &m, &has, e);
        if (rc == ERR_OK && has)
            rc = send_member(k, container, &m, e);
    }
    k->file = container;
    k->is_begun = true;
    return rc;
}

/* The tables beside PATH. */
static enum err_code find_companions(struct producer *k, const char *path, struct companions **out, struct err *e)
{
    *out = NULL;
    if (strcmp(path, "-") == 0)
        return ERR_OK;
    if (strcmp(path, k->root) == 0)
        return beside_given(k->beside, k->r->o->paths, k->r->o->npaths, path, out, e);
    return beside_folder(k->beside, k->root, path, out, e);
}

static enum err_code send_file(struct producer *k, const char *path, int64_t bytes, int64_t mtime_ns, struct err *e)
{
    struct companions *companions;
    if (find_companions(k, path, &companions, e) != ERR_OK)
        return e->code;
    struct err why = {.code = ERR_OK};
    bool is_failed = true, is_archive;
    k->is_begun = false;
    k->file = source_file_new(k->r, path, NULL);
    if (k->file == NULL)
        return err_nomem(e);
    k->file->bytes = bytes;
    set_companions(k->file, companions);
    set_mtime(k->file, mtime_ns);
    enum err_code rc = unpack_open(k->in, path, &is_archive, &why);
    if (rc == ERR_OK && is_archive) {
        is_failed = false;
        rc = send_members(k, &why);
    } else if (rc == ERR_OK) {
        rc = send_text(k, &is_failed, &why);
    }
    rc = close_file(k, rc, &why, is_failed, e);
    k->r->seen.bytes += unpack_raw_bytes(k->in);
    unpack_close(k->in);
    return rc;
}

static enum err_code is_known(struct run *r, const struct file_found *f, bool *known, struct err *e)
{
    char hex[HASH_HEX_BYTES];
    struct store_file key = {f->path, f->bytes, f->mtime_ns, slice_of(hash_hex(&r->settings, hex))};
    *known = false;
    if (r->db == NULL)
        return ERR_OK;
    (void)pthread_mutex_lock(&r->db_lock);
    enum err_code rc = store_file_is_known(r->db, &key, known, e);
    (void)pthread_mutex_unlock(&r->db_lock);
    return rc;
}

static enum err_code found(void *ctx, const struct file_found *f, struct err *e)
{
    struct producer *k = ctx;
    bool known;
    int64_t age_ms = k->r->o->now_ms - f->mtime_ns / NS_PER_MS;
    if (k->r->o->min_age_s > 0 && age_ms < k->r->o->min_age_s * 1000) {
        k->r->seen.files_young++;
        return ERR_OK;
    }
    if (is_known(k->r, f, &known, e) != ERR_OK)
        return e->code;
    if (known) {
        k->r->seen.files_known++;
        return ERR_OK;
    }
    return send_file(k, f->path, f->bytes, f->mtime_ns, e);
}

/* A folder that cannot be read: news for the calling thread. */
static enum err_code trouble(void *ctx, const char *path, const struct err *why, struct err *e)
{
    struct producer *k = ctx;
    (void)path;
    k->file = NULL;
    if (next_job(k, e) != ERR_OK)
        return e->code;
    k->job->trouble = *why;
    return send(k, e);
}

static enum err_code walk_paths(struct producer *k, struct err *e)
{
    const struct ingest_options *o = k->r->o;
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < o->npaths && rc == ERR_OK; i++) {
        k->root = o->paths[i];
        if (strcmp(o->paths[i], "-") == 0) {
            rc = send_file(k, o->paths[i], 0, MS_NONE, e);
            continue;
        }
        rc = file_walk(o->paths[i], k, found, trouble, e);
        if (rc == ERR_IO && !k->is_stopped) { /* the walk's own doing: send_file() keeps a file's errors */
            if (k->r->path_trouble.code == ERR_OK)
                k->r->path_trouble = *e;
            rc = trouble(k, o->paths[i], e, e);
        }
    }
    return rc;
}

enum err_code produce(void *run, struct pipeline *p, struct err *e)
{
    struct run *r = run;
    struct producer k = {.r = r, .p = p, .sample = STRBUF_INIT};
    const struct unpack_limits limits = {r->o->max_unpacked_bytes, r->o->max_ratio};
    k.in = unpack_new(&limits);
    k.beside = beside_new(&limits);
    k.decoder = k.in != NULL ? decoder_new(unpack_read, k.in) : NULL;
    enum err_code rc = k.decoder != NULL && k.beside != NULL ? walk_paths(&k, e) : err_nomem(e);
    beside_free(k.beside);
    decoder_free(k.decoder);
    unpack_free(k.in);
    strbuf_free(&k.sample);
    return rc;
}
