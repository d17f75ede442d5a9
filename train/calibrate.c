#include "train/calibrate.h"

#include <math.h>
#include <stdlib.h>

static int by_score_down(const void *a, const void *b)
{
    const struct scored *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->is_right - y->is_right;
}

/* Thresholds that are tried: from -6 to 6. */
enum { GRID_STEPS = 20, GRID = 12 * GRID_STEPS + 1, SMOOTH = GRID_STEPS / 2 };

static double grid_at(int i)
{
    return (double)i / GRID_STEPS - 6;
}

/* The middle of where the mean of F1[] over SMOOTH on either side is best. */
static double best_of(const double f1[GRID])
{
    double best = 0;
    int first = 0, last = -1;
    for (int i = 0; i < GRID; i++) {
        double sum = 0;
        for (int k = -SMOOTH; k <= SMOOTH; k++)
            sum += f1[i + k < 0 ? 0 : i + k >= GRID ? GRID - 1 : i + k];
        if (sum > best + 1e-9) {
            best = sum;
            first = last = i;
        } else if (last == i - 1 && sum > best - 1e-9) {
            last = i;
        }
    }
    return best > 0 ? (grid_at(first) + grid_at(last)) / 2 : 0;
}

double calibrate_threshold(struct scored *x, size_t n, size_t nmissed)
{
    size_t nright = nmissed, tp = 0, called = 0;
    double f1[GRID];
    if (n > 0)
        qsort(x, n, sizeof *x, by_score_down);
    for (size_t i = 0; i < n; i++)
        nright += x[i].is_right;
    for (int i = GRID - 1; i >= 0; i--) {
        for (; called < n && x[called].score >= grid_at(i); called++)
            tp += x[called].is_right;
        f1[i] = nright + called > 0 ? 2.0 * (double)tp / (double)(nright + called) : 0;
    }
    return best_of(f1);
}

/* log(1 + exp(x)) */
static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

double calibrate_loss(const struct scored *x, size_t n, double a, double b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double f = a * x[i].score + b;
        sum += softplus(x[i].is_right ? -f : f);
    }
    return n > 0 ? sum / (double)n : 0;
}

/* The same with Platt's targets for right and wrong. */
static double platt_loss(const struct scored *x, size_t n, const double target[2], double a, double b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double f = a * x[i].score + b, t = target[x[i].is_right];
        sum += softplus(f) - t * f;
    }
    return sum;
}

void calibrate_platt(const struct scored *x, size_t n, double share, double *a, double *b)
{
    double nright = 0, nwrong = 0;
    for (size_t i = 0; i < n; i++) {
        nright += x[i].is_right ? share : 0;
        nwrong += x[i].is_right ? 0 : share;
    }
    *a = 1;
    if (nright == 0 || nwrong == 0)
        return;
    const double target[2] = {1 / (nwrong + 2), (nright + 1) / (nright + 2)};
    double loss = 0;
    *a = 0;
    *b = log((nright + 1) / (nwrong + 1));
    loss = platt_loss(x, n, target, *a, *b);
    for (int iteration = 0; iteration < 100; iteration++) {
        double h11 = 1e-12, h22 = 1e-12, h21 = 0, g1 = 0, g2 = 0;
        for (size_t i = 0; i < n; i++) {
            double p = 1 / (1 + exp(-(*a * x[i].score + *b))), d = p - target[x[i].is_right], w = p * (1 - p);
            h11 += x[i].score * x[i].score * w;
            h21 += x[i].score * w;
            h22 += w;
            g1 += x[i].score * d;
            g2 += d;
        }
        if (fabs(g1) < 1e-5 && fabs(g2) < 1e-5)
            break;
        double det = h11 * h22 - h21 * h21;
        double da = -(h22 * g1 - h21 * g2) / det, db = -(h11 * g2 - h21 * g1) / det, step = 1, better = loss;
        int halved = 0;
        for (; halved < 34; halved++, step /= 2) {
            better = platt_loss(x, n, target, *a + step * da, *b + step * db);
            if (better < loss + 1e-4 * step * (g1 * da + g2 * db))
                break;
        }
        if (halved == 34)
            break;
        *a += step * da;
        *b += step * db;
        loss = better;
    }
}

/* ---- styles ---- */

static void probabilities(const struct scored_style *x, const struct style_scale *s, double p[CALIBRATE_STYLES])
{
    double most = -HUGE_VAL, sum = 0;
    for (int k = 0; k < CALIBRATE_STYLES; k++) {
        p[k] = s->a * x->score[k] + s->b[k];
        most = fmax(most, p[k]);
    }
    for (int k = 0; k < CALIBRATE_STYLES; k++) {
        p[k] = exp(p[k] - most);
        sum += p[k];
    }
    for (int k = 0; k < CALIBRATE_STYLES; k++)
        p[k] /= sum;
}

/* The mean loss with a little weight on b, so that a style nobody has stays finite; its gradient into G. */
static double style_loss(const struct scored_style *x, size_t n, const struct style_scale *s, struct style_scale *g)
{
    double sum = 0, used = 0;
    *g = (struct style_scale){0, {0, 0, 0, 0}};
    for (size_t i = 0; i < n; i++) {
        double p[CALIBRATE_STYLES];
        if (x[i].style >= CALIBRATE_STYLES)
            continue;
        probabilities(&x[i], s, p);
        sum -= log(fmax(p[x[i].style], 1e-300));
        used++;
        for (uint32_t k = 0; k < CALIBRATE_STYLES; k++) {
            double d = p[k] - (k == x[i].style);
            g->a += d * x[i].score[k];
            g->b[k] += d;
        }
    }
    used = fmax(used, 1);
    g->a /= used;
    sum /= used;
    for (int k = 0; k < CALIBRATE_STYLES; k++) {
        g->b[k] = g->b[k] / used + 1e-3 * s->b[k];
        sum += 0.5e-3 * s->b[k] * s->b[k];
    }
    return sum;
}

static struct style_scale stepped(const struct style_scale *s, const struct style_scale *g, double step)
{
    struct style_scale t = {s->a - step * g->a, {0, 0, 0, 0}};
    for (int k = 0; k < CALIBRATE_STYLES; k++)
        t.b[k] = s->b[k] - step * g->b[k];
    return t;
}

double calibrate_styles(const struct scored_style *x, size_t n, struct style_scale *out)
{
    struct style_scale s = {1, {0, 0, 0, 0}}, g, gt;
    double step = 1, loss = style_loss(x, n, &s, &g);
    for (int iteration = 0; iteration < 200 && step > 1e-6; iteration++) {
        struct style_scale t = stepped(&s, &g, step);
        double better = style_loss(x, n, &t, &gt);
        if (better < loss) {
            bool is_done = loss - better < 1e-7;
            s = t;
            g = gt;
            loss = better;
            step *= 1.5;
            if (is_done)
                break;
        } else {
            step /= 2;
        }
    }
    *out = s;
    return loss;
}

static double style_macro(const struct scored_style *x, size_t n, const size_t nmissed[CALIBRATE_STYLES],
                          const struct style_scale *s)
{
    size_t right[CALIBRATE_STYLES] = {0}, both[CALIBRATE_STYLES] = {0};
    for (int k = 0; k < CALIBRATE_STYLES; k++)
        both[k] = nmissed[k];
    for (size_t i = 0; i < n; i++) {
        uint32_t best = 0;
        double most = -HUGE_VAL;
        for (uint32_t k = 0; k < CALIBRATE_STYLES; k++) {
            double v = s->a * x[i].score[k] + s->b[k];
            if (v > most) {
                most = v;
                best = k;
            }
        }
        both[best]++;
        if (x[i].style < CALIBRATE_STYLES) {
            both[x[i].style]++;
            right[best] += best == x[i].style;
        }
    }
    double sum = 0;
    for (int k = 0; k < CALIBRATE_STYLES - 1; k++)
        sum += both[k] > 0 ? 2.0 * (double)right[k] / (double)both[k] : 0;
    return sum / (CALIBRATE_STYLES - 1);
}

double calibrate_style_offsets(const struct scored_style *x, size_t n, const size_t nmissed[CALIBRATE_STYLES],
                               struct style_scale *io)
{
    double best = style_macro(x, n, nmissed, io);
    for (int sweep = 0; sweep < 2; sweep++) {
        for (int k = 0; k < CALIBRATE_STYLES - 1; k++) { /* a false offrecord would cost nothing */
            struct style_scale s = *io;
            double start = s.b[k];
            for (int step = -8; step <= 8; step++) {
                s.b[k] = start + 0.1 * step;
                double f = style_macro(x, n, nmissed, &s);
                if (f > best) {
                    best = f;
                    io->b[k] = s.b[k];
                }
            }
        }
    }
    return best;
}
