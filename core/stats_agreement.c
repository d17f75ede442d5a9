#include "core/stats_agreement.h"

#include <math.h>

/* Shares of a two-rater table: of each cell the share, of each rater the margins, and the mean margins. */
struct margins {
    double n, pa;
    double first[STATS_MOST_CATEGORIES], second[STATS_MOST_CATEGORIES], mean[STATS_MOST_CATEGORIES];
};

/* (PA - PE) / (1 - PE), if chance leaves anything to agree on. */
static struct stats_value above_chance(double pa, double pe)
{
    struct stats_value v = {false, 0};
    if (1 - pe > 1e-12) {
        v.has = true;
        v.at = (pa - pe) / (1 - pe);
    }
    return v;
}

static double sum_of_squares(const double *x, size_t q)
{
    double sum = 0;
    for (size_t k = 0; k < q; k++)
        sum += x[k] * x[k];
    return sum;
}

/* Gwet's chance agreement: that of units that are hard to rate, if a rating is as likely random as it is varied. */
static double ac1_chance(const double *share, size_t q)
{
    double sum = 0;
    for (size_t k = 0; k < q; k++)
        sum += share[k] * (1 - share[k]);
    return sum / (double)(q - 1);
}

static bool read_margins(const int64_t *table, size_t q, struct margins *m)
{
    double total = 0;
    if (q < 2 || q > STATS_MOST_CATEGORIES)
        return false;
    *m = (struct margins){0};
    for (size_t i = 0; i < q; i++) {
        for (size_t j = 0; j < q; j++) {
            double x = (double)table[i * q + j];
            if (x < 0)
                return false;
            total += x;
            m->first[i] += x;
            m->second[j] += x;
        }
        m->pa += (double)table[i * q + i];
    }
    if (total <= 0)
        return false;
    m->n = total;
    m->pa /= total;
    for (size_t k = 0; k < q; k++) {
        m->first[k] /= total;
        m->second[k] /= total;
        m->mean[k] = (m->first[k] + m->second[k]) / 2;
    }
    return true;
}

/* The standard error of (pa - pe) / (1 - pe) = AT by the delta method. CHANCE(i, j) is what a unit in cell i, j adds to
 * the chance agreement of the two raters together; its mean is 2 pe. */
static double delta_error(const int64_t *table, size_t q, const struct margins *m, double pe, double at,
                          double (*chance)(const struct margins *, size_t q, size_t i, size_t j))
{
    double sum = 0, mean = m->pa - 2 * (1 - at) * pe;
    for (size_t i = 0; i < q; i++)
        for (size_t j = 0; j < q; j++) {
            double x = (i == j ? 1 : 0) - (1 - at) * chance(m, q, i, j);
            sum += (double)table[i * q + j] / m->n * x * x;
        }
    return sqrt(fmax(0, sum - mean * mean) / m->n) / (1 - pe);
}

static double kappa_cell(const struct margins *m, size_t q, size_t i, size_t j)
{
    (void)q;
    return m->second[i] + m->first[j];
}

static double ac1_cell(const struct margins *m, size_t q, size_t i, size_t j)
{
    return 2 * (1 - (m->mean[i] + m->mean[j]) / 2) / (double)(q - 1);
}

static struct stats_interval with_limits(struct stats_value v, double se)
{
    struct stats_interval i = {v.has, v.at, 0, 0};
    if (v.has) {
        i.low = fmax(-1, v.at - STATS_Z95 * se);
        i.high = fmin(1, v.at + STATS_Z95 * se);
    }
    return i;
}

struct stats_agreement stats_agree(const int64_t *table, size_t q)
{
    struct stats_agreement a = {0};
    struct margins m;
    if (!read_margins(table, q, &m))
        return a;
    a.observed = (struct stats_value){true, m.pa};
    double pe = 0;
    for (size_t k = 0; k < q; k++)
        pe += m.first[k] * m.second[k];
    struct stats_value kappa = above_chance(m.pa, pe);
    if (kappa.has)
        a.kappa_se = delta_error(table, q, &m, pe, kappa.at, kappa_cell);
    a.kappa = with_limits(kappa, a.kappa_se);
    pe = ac1_chance(m.mean, q);
    struct stats_value ac1 = above_chance(m.pa, pe);
    if (ac1.has)
        a.ac1_se = delta_error(table, q, &m, pe, ac1.at, ac1_cell);
    a.ac1 = with_limits(ac1, a.ac1_se);
    pe = sum_of_squares(m.mean, q);
    a.pi = above_chance(m.pa, pe);
    a.brennan = above_chance(m.pa, 1 / (double)q);
    /* Two ratings of each unit: alpha is pi with the correction for a small sample. */
    a.alpha = above_chance((1 - 1 / (2 * m.n)) * m.pa + 1 / (2 * m.n), pe);
    return a;
}

/* What the units of several raters add up to. */
struct ratings {
    double units, pairs, pa;             /* units with a rating, with two at least; agreement of those */
    double share[STATS_MOST_CATEGORIES]; /* mean share of each category, each unit counting once */
    double values, same, of_category[STATS_MOST_CATEGORIES]; /* coincidence matrix: its sum, diagonal and margins */
};

static bool add_unit(struct ratings *r, const int64_t *counts, size_t q)
{
    double n = 0, same = 0;
    for (size_t k = 0; k < q; k++) {
        if (counts[k] < 0)
            return false;
        n += (double)counts[k];
        same += (double)counts[k] * (double)(counts[k] - 1);
    }
    if (n <= 0)
        return true;
    r->units++;
    for (size_t k = 0; k < q; k++)
        r->share[k] += (double)counts[k] / n;
    if (n < 2)
        return true;
    r->pairs++;
    r->pa += same / (n * (n - 1));
    r->values += n;
    r->same += same / (n - 1);
    for (size_t k = 0; k < q; k++)
        r->of_category[k] += (double)counts[k];
    return true;
}

/* 1 - observed / expected disagreement, both from the coincidence matrix. */
static struct stats_value alpha_of(const struct ratings *r, size_t q)
{
    struct stats_value v = {false, 0};
    double expected = (r->values * r->values - sum_of_squares(r->of_category, q)) / (r->values - 1);
    if (r->values > 1 && expected > 0) {
        v.has = true;
        v.at = 1 - (r->values - r->same) / expected;
    }
    return v;
}

struct stats_agreement stats_agree_units(const int64_t *counts, size_t units, size_t q)
{
    struct stats_agreement a = {0};
    struct ratings r = {0};
    if (q < 2 || q > STATS_MOST_CATEGORIES)
        return a;
    for (size_t u = 0; u < units; u++)
        if (!add_unit(&r, counts + u * q, q))
            return a;
    if (r.pairs <= 0)
        return a;
    r.pa /= r.pairs;
    for (size_t k = 0; k < q; k++)
        r.share[k] /= r.units;
    a.observed = (struct stats_value){true, r.pa};
    a.pi = above_chance(r.pa, sum_of_squares(r.share, q));
    struct stats_value ac1 = above_chance(r.pa, ac1_chance(r.share, q));
    a.ac1 = (struct stats_interval){ac1.has, ac1.at, ac1.at, ac1.at};
    a.brennan = above_chance(r.pa, 1 / (double)q);
    a.alpha = alpha_of(&r, q);
    return a;
}

struct stats_value stats_agree_on(int64_t both, int64_t first_only, int64_t second_only)
{
    struct stats_value v = {false, 0};
    double of = 2 * (double)both + (double)first_only + (double)second_only;
    if (both >= 0 && first_only >= 0 && second_only >= 0 && of > 0) {
        v.has = true;
        v.at = 2 * (double)both / of;
    }
    return v;
}
