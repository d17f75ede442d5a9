#include "core/stats_multiple.h"

#include <stdlib.h>

struct ranked {
    double p;
    size_t index;
};

static int compare_p(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;
    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

bool stats_adjust(const double *p, size_t n, double *q)
{
    if (n == 0)
        return true;
    struct ranked *order = calloc(n, sizeof *order);
    if (order == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        order[i] = (struct ranked){p[i], i};
    qsort(order, n, sizeof *order, compare_p);
    double least = 1;
    for (size_t rank = n; rank > 0; rank--) {
        double x = order[rank - 1].p * (double)n / (double)rank;
        least = x < least ? x : least;
        q[order[rank - 1].index] = least;
    }
    free(order);
    return true;
}
