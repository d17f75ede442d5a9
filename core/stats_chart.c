#include "core/stats_chart.h"

#include <math.h>

#define RANGE_TO_SIGMA 1.128 /* d2 of two observations */

static bool has_counts(struct stats_count c)
{
    return c.n > 0 && c.x >= 0 && c.x <= c.n;
}

static double sigma_of(const struct stats_chart *chart, int64_t n)
{
    return sqrt(chart->mean * (1 - chart->mean) / (double)n);
}

/* The mean moving range of the standardised points, as a standard deviation. */
static double laney_sigma(const struct stats_chart *chart, const struct stats_count *points, size_t n)
{
    double last = 0, sum = 0;
    size_t seen = 0;
    for (size_t i = 0; i < n; i++) {
        if (!has_counts(points[i]))
            continue;
        double rate = (double)points[i].x / (double)points[i].n;
        double z = (rate - chart->mean) / sigma_of(chart, points[i].n);
        if (seen++ > 0)
            sum += fabs(z - last);
        last = z;
    }
    return sum / (double)(seen - 1) / RANGE_TO_SIGMA;
}

struct stats_chart stats_chart_fit(const struct stats_count *points, size_t n)
{
    struct stats_chart chart = {.sigma_z = 1};
    double x = 0, total = 0;
    for (size_t i = 0; i < n; i++)
        if (has_counts(points[i])) {
            chart.points++;
            x += (double)points[i].x;
            total += (double)points[i].n;
        }
    if (chart.points == 0)
        return chart;
    chart.has = true;
    chart.mean = x / total;
    chart.has_laney = chart.points >= STATS_LANEY_ENOUGH && chart.mean > 0 && chart.mean < 1;
    if (chart.has_laney)
        chart.sigma_z = laney_sigma(&chart, points, n);
    return chart;
}

static struct stats_interval limits(const struct stats_chart *chart, double sigma)
{
    return (struct stats_interval){true, chart->mean, fmax(0, chart->mean - 3 * sigma),
                                   fmin(1, chart->mean + 3 * sigma)};
}

struct stats_interval stats_chart_limits(const struct stats_chart *chart, int64_t n)
{
    if (!chart->has || n <= 0)
        return (struct stats_interval){false, 0, 0, 0};
    return limits(chart, sigma_of(chart, n));
}

struct stats_interval stats_chart_laney(const struct stats_chart *chart, int64_t n)
{
    if (!chart->has_laney || n <= 0)
        return (struct stats_interval){false, 0, 0, 0};
    return limits(chart, sigma_of(chart, n) * chart->sigma_z);
}
