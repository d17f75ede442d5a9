/*
 * near.h - compare numbers to the digits they are published with
 */
#ifndef TESTS_NEAR_H
#define TESTS_NEAR_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* |GOT - WANT| <= TOLERANCE; told with the line of the test. */
#define assert_near(got, want, tolerance)                                                                              \
    do {                                                                                                               \
        double near_got = (got), near_want = (want);                                                                   \
        if (!(fabs(near_got - near_want) <= (tolerance)))                                                              \
            fail_msg("line %d: %s is %.12g, want %.12g", __LINE__, #got, near_got, near_want);                         \
    } while (0)

#endif
