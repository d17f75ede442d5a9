#include "train/tasks.h"

#include <pthread.h>
#include <stdbool.h>

enum { THREADS_MAX = 256 };

struct crew {
    pthread_mutex_t lock;
    size_t next, n;
    void *ctx;
    enum err_code (*work)(void *ctx, size_t piece, struct err *e);
    size_t failed; /* the first piece that failed; n: none */
    struct err why;
};

static size_t take(struct crew *c)
{
    (void)pthread_mutex_lock(&c->lock);
    size_t piece = c->failed < c->n ? c->n : c->next;
    c->next += piece < c->n;
    (void)pthread_mutex_unlock(&c->lock);
    return piece;
}

static void *member(void *arg)
{
    struct crew *c = arg;
    struct err e = {.code = ERR_OK};
    for (size_t piece; (piece = take(c)) < c->n;) {
        if (c->work(c->ctx, piece, &e) == ERR_OK)
            continue;
        (void)pthread_mutex_lock(&c->lock);
        if (piece < c->failed) {
            c->failed = piece;
            c->why = e;
        }
        (void)pthread_mutex_unlock(&c->lock);
    }
    return NULL;
}

enum err_code tasks_run(size_t n, unsigned threads, void *ctx,
                        enum err_code (*work)(void *ctx, size_t piece, struct err *e), struct err *e)
{
    struct crew c = {.n = n, .ctx = ctx, .work = work, .failed = n};
    pthread_t others[THREADS_MAX];
    unsigned nothers = 0;
    if (pthread_mutex_init(&c.lock, NULL) != 0)
        return err_nomem(e);
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    while (nothers + 1 < threads && nothers + 1 < n && pthread_create(&others[nothers], NULL, member, &c) == 0)
        nothers++;
    (void)member(&c); /* this thread works too, so that fewer threads than wanted only take longer */
    for (unsigned i = 0; i < nothers; i++)
        (void)pthread_join(others[i], NULL);
    (void)pthread_mutex_destroy(&c.lock);
    if (c.failed == n)
        return ERR_OK;
    *e = c.why;
    return e->code;
}
