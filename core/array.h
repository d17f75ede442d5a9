/*
 * array.h - arrays that grow, for those that are no strings (strbuf.h) and live in no arena (arena.h)
 *
 * ARRAY is the address of the pointer to the first item, of whatever type; NULL before the first item. What could not
 * be resized stays as it was.
 */
#ifndef CORE_ARRAY_H
#define CORE_ARRAY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Make *ARRAY hold CAP (at least 1) items of SIZE bytes. False when out of memory. */
static inline bool array_resize(void *array, size_t cap, size_t size)
{
    void *items;
    memcpy(&items, array, sizeof items); /* a pointer of another type may not be read as this one */
    void *bigger = cap <= SIZE_MAX / size ? realloc(items, cap * size) : NULL;
    if (bigger == NULL)
        return false;
    memcpy(array, &bigger, sizeof bigger);
    return true; /* cppcheck-suppress memleak ; the copy in *array owns it */
}

/* Make room for one more item behind the N that *ARRAY has; *cap is 0 or what it holds. False when out of memory. */
static inline bool array_grow(void *array, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return true;
    size_t more = *cap != 0 ? 2 * *cap : 64;
    if (!array_resize(array, more, size))
        return false;
    *cap = more;
    return true;
}

#endif
