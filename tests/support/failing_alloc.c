#include "tests/support/failing_alloc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

/* Requests still to come before the one that fails; <= 0: off. The tests' own state, so a static is fine here. */
static atomic_long countdown;
static atomic_bool has_failed;

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t n);

void failing_alloc_at(long nth)
{
    atomic_store(&has_failed, false);
    atomic_store(&countdown, nth);
}

bool failing_alloc_off(void)
{
    atomic_store(&countdown, 0);
    return atomic_load(&has_failed);
}

static bool must_fail(void)
{
    if (atomic_load_explicit(&countdown, memory_order_relaxed) <= 0 || atomic_fetch_sub(&countdown, 1) != 1)
        return false;
    atomic_store(&has_failed, true);
    errno = ENOMEM;
    return true;
}

void *__wrap_malloc(size_t n)
{
    return must_fail() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return must_fail() ? NULL : __real_realloc(p, n);
}
