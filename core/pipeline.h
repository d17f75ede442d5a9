/*
 * pipeline.h - an ordered pipeline on threads: one producer, many workers, one consumer
 *
 * The producer makes jobs on a thread of its own, JOBS workers do the heavy part of each, and the consumer, on the
 * calling thread, takes the jobs in exactly the order in which they were made. So a result never depends on the number
 * of workers. At most DEPTH jobs are alive at any moment, which bounds the memory.
 *
 * Owns:    a job belongs to the stage that has it; release() is called once for every job that was made.
 * Errors:  the first error of any stage (in the order of jobs) stops the pipeline; all threads have ended on return.
 */
#ifndef CORE_PIPELINE_H
#define CORE_PIPELINE_H

#include "core/err.h"

struct pipeline {
    void *ctx;
    /* Make the next job into *job; NULL at the end. On the producer's thread. */
    enum err_code (*produce)(void *ctx, void **job, struct err *e);
    /* The heavy part; WORKER counts from 0 and tells which worker's scratch may be used. On a worker's thread. */
    enum err_code (*work)(void *ctx, unsigned worker, void *job, struct err *e);
    /* Take the finished job. On the calling thread, in order. */
    enum err_code (*consume)(void *ctx, void *job, struct err *e);
    /* Give the job's memory back. On any thread, but only after its last stage. */
    void (*release)(void *ctx, void *job);
};

/* Run P to its end with JOBS >= 1 workers and at most DEPTH >= JOBS + 2 jobs alive (smaller values are raised). */
CHECKED enum err_code pipeline_run(const struct pipeline *p, unsigned jobs, unsigned depth, struct err *e);

#endif
