#include "core/stats_shrink.h"

#include <math.h>

struct stats_prior stats_prior_fit(const struct stats_count *groups, size_t n)
{
    struct stats_prior prior = {0};
    double k = 0, total = 0, hits = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double size = (double)groups[i].n;
        if (groups[i].n <= 0 || groups[i].x < 0 || groups[i].x > groups[i].n)
            continue;
        k++;
        total += size;
        hits += (double)groups[i].x;
        squares += size * size;
    }
    if (k < 2 || total <= k)
        return prior;
    prior.has = true;
    prior.mean = hits / total;
    double between = 0, within = 0;
    for (size_t i = 0; i < n; i++) {
        if (groups[i].n <= 0 || groups[i].x < 0 || groups[i].x > groups[i].n)
            continue;
        double rate = (double)groups[i].x / (double)groups[i].n;
        between += (double)groups[i].n * (rate - prior.mean) * (rate - prior.mean);
        within += (double)groups[i].x * (1 - rate);
    }
    double msb = between / (k - 1), msw = within / (total - k);
    double n0 = (total - squares / total) / (k - 1);
    double spread = msb + (n0 - 1) * msw;
    prior.rho = spread > 0 ? fmin(1, fmax(0, (msb - msw) / spread)) : 0;
    prior.is_flat = prior.rho <= 0;
    if (!prior.is_flat) {
        prior.precision = (1 - prior.rho) / prior.rho;
        prior.alpha = prior.precision * prior.mean;
        prior.beta = prior.precision * (1 - prior.mean);
    }
    return prior;
}

double stats_shrink(const struct stats_prior *prior, struct stats_count group)
{
    if (prior->is_flat || group.n <= 0)
        return prior->mean;
    return ((double)group.x + prior->alpha) / ((double)group.n + prior->precision);
}

double stats_james_stein(const double *rates, size_t k, double variance)
{
    double mean = 0, squares = 0;
    if (k <= 3)
        return 1;
    for (size_t i = 0; i < k; i++)
        mean += rates[i] / (double)k;
    for (size_t i = 0; i < k; i++)
        squares += (rates[i] - mean) * (rates[i] - mean);
    return squares > 0 ? fmax(0, 1 - (double)(k - 3) * variance / squares) : 1;
}
