/*
 * model_file.h - numbers out of a file that training wrote: 4 bytes each, little end first
 *
 * A reader goes on when the file ends too early or memory is out, and says so when asked: one check at the end.
 */
#ifndef ANALYZE_MODEL_FILE_H
#define ANALYZE_MODEL_FILE_H

#include "core/arena.h"
#include "core/slice.h"

enum { MODEL_LINE = 64 }; /* bytes of a line of the processor's cache */

struct model_reader {
    struct slice rest; /* what was not read yet */
    struct arena *a;   /* of the numbers */
    bool is_short, no_memory;
    bool is_wild; /* a number is none that training makes, such as a float that is infinite or beyond a million */
};

/* The next N bytes, where they stand; none if there are fewer. */
struct slice model_bytes(struct model_reader *r, size_t n);

/* The next number; 0 if there is none. */
uint32_t model_number(struct model_reader *r);

/* The next N floats in memory of their own that begins with such a line; zeros if there are fewer. */
const float *model_floats(struct model_reader *r, size_t n);

/* N bytes that begin with such a line; NULL when out of memory. */
void *model_alloc(struct arena *a, size_t n);

#endif
