#include "analyze/analyze.h"

#include <stdlib.h>

#include "core/pipeline.h"
#include "store/store.h"

/* Conversations that are loaded, tagged and written at a time, in one transaction. */
enum { BATCH = 256 };

struct job {
    int64_t id;
    struct arena *a; /* of the conversation and its tags; kept from batch to batch */
    struct conversation c;
    struct tags tags;
};

/* All database work is done on the calling thread, which loads a batch and takes the finished jobs; the workers tag. */
struct batch {
    struct store *db;
    struct tagger **taggers;
    struct job jobs[BATCH];
    size_t n;
    struct analyze_stats *stats;
    struct tag_change *change;
};

static enum err_code produce(void *ctx, struct pipeline *p, struct err *e)
{
    struct batch *b = ctx;
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < b->n && rc == ERR_OK; i++)
        rc = pipeline_emit(p, &b->jobs[i], e);
    return rc;
}

static enum err_code work(void *ctx, unsigned worker, void *job, struct err *e)
{
    struct batch *b = ctx;
    struct job *j = job;
    return tagger_tag(b->taggers[worker], &j->c, j->a, &j->tags, e);
}

static enum err_code consume(void *ctx, void *job, struct err *e)
{
    struct batch *b = ctx;
    const struct job *j = job;
    struct analyze_stats *s = b->stats;
    s->conversations++;
    s->turns += j->c.nturns;
    s->deliveries += j->tags.ndeliveries;
    s->episodes += j->tags.nepisodes;
    for (uint32_t i = 0; i < j->tags.nreactions; i++)
        s->disputes += j->tags.reactions[i].kind == TAG_DISPUTE;
    return store_tags_put(b->db, j->id, &j->tags, b->change, e);
}

static void release(void *ctx, void *job)
{
    (void)ctx, (void)job; /* the batch keeps its jobs */
}

/* The next conversations after *LAST; b->n == 0 at the end. */
static enum err_code load_batch(struct batch *b, int64_t *last, struct err *e)
{
    int64_t ids[BATCH];
    b->n = 0;
    size_t n = 0;
    enum err_code rc = store_stale_ids(b->db, *last, ids, BATCH, &n, e);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        struct job *j = &b->jobs[i];
        if (j->a == NULL && (j->a = arena_new(0)) == NULL)
            return err_nomem(e);
        arena_reset(j->a);
        j->id = *last = ids[i];
        rc = store_conversation_get(b->db, j->id, j->a, &j->c, e);
        b->n = i + 1;
    }
    return rc;
}

/* b->n == 0 at the end. */
static enum err_code run_batch(struct batch *b, unsigned jobs, int64_t *last, struct err *e)
{
    const struct pipeline_stages stages = {b, produce, work, consume, release};
    enum err_code rc = store_begin(b->db, e);
    if (rc != ERR_OK)
        return rc;
    if ((rc = load_batch(b, last, e)) == ERR_OK && b->n > 0)
        rc = pipeline_run(&stages, jobs, 4 * jobs, e);
    if (rc == ERR_OK)
        rc = store_commit(b->db, e);
    if (rc != ERR_OK)
        store_rollback(b->db);
    return rc;
}

static void batch_free(struct batch *b, unsigned jobs)
{
    if (b == NULL)
        return;
    for (unsigned i = 0; b->taggers != NULL && i < jobs; i++)
        tagger_free(b->taggers[i]);
    for (size_t i = 0; i < BATCH; i++)
        arena_free(b->jobs[i].a);
    free(b->taggers);
    free(b);
}

enum err_code analyze_run(struct store *db, const struct ruleset *r, unsigned jobs, void *ctx,
                          void (*progress)(void *ctx, const struct analyze_stats *so_far), struct analyze_stats *stats,
                          struct tag_change *change, struct err *e)
{
    *stats = (struct analyze_stats){0};
    *change = (struct tag_change){0};
    jobs = jobs > 0 ? jobs : 1;
    struct batch *b = calloc(1, sizeof *b);
    if (b == NULL || (b->taggers = calloc(jobs, sizeof(struct tagger *))) == NULL) {
        batch_free(b, jobs);
        return err_nomem(e);
    }
    b->db = db;
    b->stats = stats;
    b->change = change;
    enum err_code rc = ERR_OK;
    for (unsigned i = 0; i < jobs && rc == ERR_OK; i++)
        if ((b->taggers[i] = tagger_new(r)) != NULL)
            tagger_find_hits(b->taggers[i]);
        else
            rc = err_nomem(e);
    int64_t last = 0;
    while (rc == ERR_OK && (rc = run_batch(b, jobs, &last, e)) == ERR_OK && b->n > 0)
        if (progress != NULL)
            progress(ctx, stats);
    batch_free(b, jobs);
    return rc;
}
