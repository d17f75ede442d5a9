#include "core/stats_rate.h"

#include <math.h>

struct stats_interval stats_wilson(int64_t x, int64_t n)
{
    struct stats_interval w = {false, 0, 0, 0};
    if (n <= 0 || x < 0 || x > n)
        return w;
    double z = STATS_Z95, size = (double)n;
    double p = (double)x / size;
    double middle = p + z * z / (2 * size);
    double half = z * sqrt(p * (1 - p) / size + z * z / (4 * size * size));
    double scale = 1 + z * z / size;
    w.has = true;
    w.at = p;
    /* At the ends the formula gives 0 and 1 exactly, but rounding would leave them by a hair. */
    w.low = x == 0 ? 0 : fmax(0, (middle - half) / scale);
    w.high = x == n ? 1 : fmin(1, (middle + half) / scale);
    return w;
}

struct stats_interval stats_newcombe(int64_t x1, int64_t n1, int64_t x2, int64_t n2)
{
    struct stats_interval d = {false, 0, 0, 0};
    struct stats_interval a = stats_wilson(x1, n1), b = stats_wilson(x2, n2);
    if (!a.has || !b.has)
        return d;
    d.has = true;
    d.at = a.at - b.at;
    d.low = d.at - hypot(a.at - a.low, b.high - b.at);
    d.high = d.at + hypot(a.high - a.at, b.at - b.low);
    return d;
}

bool stats_is_clear(const struct stats_interval *difference)
{
    return difference->has && (difference->low > 0 || difference->high < 0);
}
