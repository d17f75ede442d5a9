#include "core/pipeline.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct slot {
    void *job;
    bool is_done;
    struct err err; /* of work(); code ERR_OK if it went well */
};

/* Jobs are numbered; job N lives in slot N % depth. consumed <= taken <= emitted <= consumed + depth. */
struct pipeline {
    const struct pipeline_stages *st;
    pthread_mutex_t lock;
    pthread_cond_t may_emit, may_work, may_consume;
    struct slot *slots;
    unsigned depth;
    uint64_t emitted, taken, consumed;
    bool produced_all, stop;
    struct err producer_err;
    unsigned nextworker;
};

enum err_code pipeline_emit(struct pipeline *p, void *job, struct err *e)
{
    pthread_mutex_lock(&p->lock);
    while (!p->stop && p->emitted - p->consumed >= p->depth)
        pthread_cond_wait(&p->may_emit, &p->lock);
    bool stop = p->stop;
    if (!stop) {
        struct slot *s = &p->slots[p->emitted % p->depth];
        s->job = job;
        s->is_done = false;
        s->err.code = ERR_OK;
        p->emitted++;
        pthread_cond_signal(&p->may_work);
    }
    pthread_mutex_unlock(&p->lock);
    if (stop) {
        p->st->release(p->st->ctx, job);
        return err_set(e, ERR_INTERNAL, "a later stage has failed");
    }
    return ERR_OK;
}

static void *producer_main(void *arg)
{
    struct pipeline *p = arg;
    struct err e = {.code = ERR_OK};
    enum err_code rc = p->st->produce(p->st->ctx, p, &e);

    pthread_mutex_lock(&p->lock);
    p->produced_all = true;
    p->producer_err = e;
    p->producer_err.code = rc;
    pthread_cond_broadcast(&p->may_work);
    pthread_cond_signal(&p->may_consume);
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static void *worker_main(void *arg)
{
    struct pipeline *p = arg;
    pthread_mutex_lock(&p->lock);
    unsigned me = p->nextworker++;
    for (;;) {
        while (!p->stop && !p->produced_all && p->taken == p->emitted)
            pthread_cond_wait(&p->may_work, &p->lock);
        if (p->stop || p->taken == p->emitted)
            break;
        uint64_t n = p->taken++;
        struct slot *s = &p->slots[n % p->depth];
        pthread_mutex_unlock(&p->lock);

        enum err_code rc = p->st->work(p->st->ctx, me, s->job, &s->err);

        pthread_mutex_lock(&p->lock);
        s->err.code = rc;
        s->is_done = true;
        if (n == p->consumed)
            pthread_cond_signal(&p->may_consume);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* The consumer's loop, with the lock held on entry and on return. */
static enum err_code consume_all(struct pipeline *p, struct err *e)
{
    for (;;) {
        struct slot *s = &p->slots[p->consumed % p->depth];
        while (p->consumed == p->emitted ? !p->produced_all : !s->is_done)
            pthread_cond_wait(&p->may_consume, &p->lock);
        if (p->consumed == p->emitted) {
            if (p->producer_err.code != ERR_OK)
                *e = p->producer_err;
            return p->producer_err.code;
        }
        enum err_code rc = s->err.code;
        if (rc != ERR_OK)
            *e = s->err;
        pthread_mutex_unlock(&p->lock);
        if (rc == ERR_OK)
            rc = p->st->consume(p->st->ctx, s->job, e);
        p->st->release(p->st->ctx, s->job);
        pthread_mutex_lock(&p->lock);
        p->consumed++;
        if (rc != ERR_OK)
            return rc;
        pthread_cond_signal(&p->may_emit);
    }
}

enum err_code pipeline_run(const struct pipeline_stages *stages, unsigned workers, unsigned depth, struct err *e)
{
    struct pipeline p = {.st = stages, .depth = depth < workers + 2 ? workers + 2 : depth};
    pthread_mutex_init(&p.lock, NULL);
    pthread_cond_init(&p.may_emit, NULL);
    pthread_cond_init(&p.may_work, NULL);
    pthread_cond_init(&p.may_consume, NULL);

    enum err_code rc = ERR_OK;
    unsigned nthreads = 0;
    pthread_t *threads = calloc(workers + 1, sizeof *threads);
    p.slots = calloc(p.depth, sizeof *p.slots);
    if (threads == NULL || p.slots == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    pthread_mutex_lock(&p.lock); /* nobody runs ahead while threads are being made */
    while (nthreads <= workers && rc == ERR_OK) {
        if (pthread_create(&threads[nthreads], NULL, nthreads < workers ? worker_main : producer_main, &p) != 0)
            rc = err_set(e, ERR_NOMEM, "cannot start a thread");
        else
            nthreads++;
    }
    if (rc == ERR_OK)
        rc = consume_all(&p, e);
    p.stop = true;
    pthread_cond_broadcast(&p.may_emit);
    pthread_cond_broadcast(&p.may_work);
    pthread_mutex_unlock(&p.lock);
    for (unsigned i = 0; i < nthreads; i++)
        pthread_join(threads[i], NULL);
    for (; p.consumed < p.emitted; p.consumed++)
        stages->release(stages->ctx, p.slots[p.consumed % p.depth].job);

cleanup:
    free(p.slots);
    free(threads);
    pthread_cond_destroy(&p.may_consume);
    pthread_cond_destroy(&p.may_work);
    pthread_cond_destroy(&p.may_emit);
    pthread_mutex_destroy(&p.lock);
    return rc;
}
