/*
 * failing_alloc.h - make the Nth request for memory fail, to walk through every clean-up path
 *
 * The Makefile links unit tests with --wrap=malloc,calloc,realloc, so requests made by broach's own code (not those
 * inside shared libraries) are counted here. While off, they simply pass through. The pattern:
 *
 *     for (long nth = 1;; nth++) {
 *         failing_alloc_at(nth);
 *         enum err_code rc = operation(&e);
 *         if (!failing_alloc_off())
 *             break;                        // fewer than NTH requests: rc is that of an undisturbed run
 *         assert_int_equal(rc, ERR_NOMEM);
 *     }
 *     assert_int_equal(rc, ERR_OK);
 *
 * Threads: the count is shared by all threads of the process.
 */
#ifndef TESTS_FAILING_ALLOC_H
#define TESTS_FAILING_ALLOC_H

#include <stdbool.h>

/* From now on let the NTH request (1: the next one) fail, once; the others succeed. */
void failing_alloc_at(long nth);

/* Let all requests succeed again; tells whether one was made to fail since failing_alloc_at(). */
bool failing_alloc_off(void);

#endif
