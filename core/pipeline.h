/*
 * pipeline.h - an ordered pipeline on threads: one producer, many workers, one consumer
 *
 * The producer emits jobs on a thread of its own, the workers do the heavy part of each, and the consumer, on the
 * calling thread, takes the jobs in exactly the order in which they were emitted. So a result never depends on the
 * number of workers. A bounded number of jobs is alive at any moment, which bounds the memory.
 *
 * Owns:    an emitted job belongs to the pipeline; release() is called once for each, after its last stage.
 * Errors:  the first error in the order of the jobs ends it: all jobs before the failed one were consumed, none after
 * it. An error of the producer comes after all that it emitted. All threads have ended on return.
 */
#ifndef CORE_PIPELINE_H
#define CORE_PIPELINE_H

#include "core/err.h"

struct pipeline;

struct pipeline_stages {
    void *ctx;
    /* Emit all jobs with pipeline_emit(), and return; at once when an emit fails. On the producer's thread. */
    enum err_code (*produce)(void *ctx, struct pipeline *p, struct err *e);
    /* The heavy part; WORKER counts from 0 and tells whose scratch may be used. On a worker's thread. */
    enum err_code (*work)(void *ctx, unsigned worker, void *job, struct err *e);
    /* Take the finished job. On the calling thread, in order. */
    enum err_code (*consume)(void *ctx, void *job, struct err *e);
    /* Give the job's memory back. On any thread. */
    void (*release)(void *ctx, void *job);
};

/* Hand JOB over (also on error: then it is released). Waits while too many jobs are alive. When a later stage has
 * failed, its code comes back with a message that nobody needs: the producer should just return it. */
CHECKED enum err_code pipeline_emit(struct pipeline *p, void *job, struct err *e);

/* Run to the end with WORKERS >= 1 threads and at most DEPTH jobs alive (at least WORKERS + 2 are allowed). ERR_NOMEM
 * when threads cannot be made, else what the stages returned. */
CHECKED enum err_code pipeline_run(const struct pipeline_stages *stages, unsigned workers, unsigned depth,
                                   struct err *e);

#endif
