/*
 * tasks.h - many independent pieces of work on several threads
 *
 * Which thread does what is left to chance, so a piece must write only what is its own; then results do not depend on
 * the number of threads.
 */
#ifndef TRAIN_TASKS_H
#define TRAIN_TASKS_H

#include <stddef.h>

#include "core/err.h"

/* Call WORK for each of 0..N-1, on THREADS threads. Ends early when one fails; returns the error of the first piece (by
 * number) that failed. Where threads cannot be made the caller works with fewer, or alone. ERR_NOMEM. */
CHECKED enum err_code tasks_run(size_t n, unsigned threads, void *ctx,
                                enum err_code (*work)(void *ctx, size_t piece, struct err *e), struct err *e);

#endif
