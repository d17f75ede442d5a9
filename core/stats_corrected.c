#include "core/stats_corrected.h"

#include <math.h>

static double clip(double x)
{
    return fmin(1, fmax(0, x));
}

static bool has_counts(struct stats_count c)
{
    return c.n > 0 && c.x >= 0 && c.x <= c.n;
}

static double share(struct stats_count c)
{
    return (double)c.x / (double)c.n;
}

struct stats_interval stats_corrected(struct stats_count counted, struct stats_count right_yes,
                                      struct stats_count right_no)
{
    struct stats_interval out = {false, 0, 0, 0};
    const double z = STATS_Z95, zz = z * z;
    if (!has_counts(counted) || !has_counts(right_yes) || !has_counts(right_no))
        return out;
    double youden = share(right_yes) + share(right_no) - 1;
    /* For the limits, a little is added to all counts, as in Agresti and Coull's interval. */
    double n = (double)counted.n + zz, n_yes = (double)right_yes.n + 2, n_no = (double)right_no.n + 2;
    double called = ((double)counted.x + zz / 2) / n;
    double se = ((double)right_yes.x + 1) / n_yes, sp = ((double)right_no.x + 1) / n_no;
    if (youden <= 0 || se + sp - 1 <= 0)
        return out;
    double rate = (called + sp - 1) / (se + sp - 1);
    double of_se = se * (1 - se) / n_yes, of_sp = sp * (1 - sp) / n_no;
    double shift = 2 * zz * (rate * of_se - (1 - rate) * of_sp);
    double error =
        sqrt(called * (1 - called) / n + rate * rate * of_se + (1 - rate) * (1 - rate) * of_sp) / (se + sp - 1);
    out.has = true;
    out.at = clip((share(counted) + share(right_no) - 1) / youden);
    out.low = fmin(out.at, clip(rate + shift - z * error));
    out.high = fmax(out.at, clip(rate + shift + z * error));
    return out;
}
