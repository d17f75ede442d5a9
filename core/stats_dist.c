#include "core/stats_dist.h"

#include <float.h>
#include <math.h>

#define TINY (DBL_MIN / DBL_EPSILON)

/* Both need some multiple of the square root of their largest parameter in steps; this bounds what never converges. */
enum { MOST_STEPS = 1000000 };

double stats_normal_above(double z)
{
    return erfc(z / sqrt(2)) / 2;
}

double stats_normal_beyond(double z)
{
    return erfc(fabs(z) / sqrt(2));
}

double stats_normal_quantile(double p)
{
    double tail = p < .5 ? p : 1 - p;
    if (tail <= 0)
        return p < .5 ? -HUGE_VAL : HUGE_VAL;
    double t = sqrt(-2 * log(tail));
    double z = t - (2.515517 + t * (.802853 + t * .010328)) / (1 + t * (1.432788 + t * (.189269 + t * .001308)));
    for (int i = 0; i < 4; i++) { /* each step squares the error, which begins at 4.5e-4 */
        double density = exp(-z * z / 2) / sqrt(2 * M_PI);
        z += (stats_normal_above(z) - tail) / density;
    }
    return p < .5 ? -z : z;
}

/* x^a e^-x / gamma(a + 1) */
static double gamma_term(double a, double x)
{
    return exp(a * log(x) - x - lgamma(a + 1));
}

/* The regularised upper incomplete gamma function Q(a, x); with IS_LOWER its complement P(a, x), without cancellation.
 */
static double gamma_q(double a, double x, int is_lower)
{
    double result;
    if (x <= 0)
        return is_lower ? 0 : 1;
    if (x < a + 1) {
        double term = 1, sum = 1;
        for (int i = 1; i < MOST_STEPS && term > sum * DBL_EPSILON; i++) {
            term *= x / (a + i);
            sum += term;
        }
        result = fmin(1, sum * gamma_term(a, x));
        return is_lower ? result : 1 - result;
    }
    double b = x + 1 - a, c = 1 / TINY, d = 1 / b, h = d;
    for (int i = 1; i < MOST_STEPS; i++) {
        double an = -i * (i - a);
        b += 2;
        d = an * d + b;
        c = b + an / c;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = fabs(c) < TINY ? TINY : c;
        h *= d * c;
        if (fabs(d * c - 1) < DBL_EPSILON)
            break;
    }
    result = fmin(1, h * gamma_term(a, x) * a);
    return is_lower ? 1 - result : result;
}

double stats_chi2_above(double x, double df)
{
    return gamma_q(df / 2, x / 2, 0);
}

double stats_chi2_quantile(double p, double df)
{
    double a = df / 2, low = 0, high = HUGE_VAL;
    if (p <= 0)
        return 0;
    /* E. B. Wilson, M. M. Hilferty, Proc. Natl. Acad. Sci. 17 (1931) 684-688, to begin with. */
    double cube = 1 - 1 / (9 * a) + stats_normal_quantile(p) / (3 * sqrt(a));
    double x = fmax(a * cube * cube * cube, 1e-8 * a);
    for (int i = 0; i < 200; i++) {
        double error = gamma_q(a, x, 1) - p;
        if (error > 0)
            high = x;
        else
            low = x;
        double next = x - error / (gamma_term(a, x) * a / x); /* Newton; where it leaves what is known: halve */
        if (!(next > low && next < high))
            next = high < HUGE_VAL ? (low + high) / 2 : 2 * x;
        if (fabs(next - x) <= 4 * DBL_EPSILON * x)
            return 2 * next;
        x = next;
    }
    return 2 * x;
}

/* The continued fraction of the incomplete beta function, for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < TINY ? TINY : d);
    double h = d;
    for (int m = 1; m < MOST_STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        for (int i = 0; i < 2; i++) {
            double k = i == 0 ? even : odd;
            d = 1 + k * d;
            c = 1 + k / c;
            d = 1 / (fabs(d) < TINY ? TINY : d);
            c = fabs(c) < TINY ? TINY : c;
            h *= d * c;
        }
        if (fabs(d * c - 1) < DBL_EPSILON)
            break;
    }
    return h;
}

/* The regularised incomplete beta function I_x(a, b); a, b > 0. */
static double beta_i(double a, double b, double x)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return fmin(1, front * beta_fraction(a, b, x) / a);
    return fmax(0, 1 - front * beta_fraction(b, a, 1 - x) / b);
}

double stats_binomial_upto(double r, double n, double p)
{
    r = floor(r);
    if (r < 0)
        return 0;
    if (r >= n)
        return 1;
    return beta_i(n - r, r + 1, 1 - p);
}

double stats_binomial_from(double r, double n, double p)
{
    r = ceil(r);
    if (r <= 0)
        return 1;
    if (r > n)
        return 0;
    return beta_i(r, n - r + 1, p);
}

double stats_poisson_upto(double r, double mean)
{
    r = floor(r);
    return r < 0 ? 0 : gamma_q(r + 1, mean, 0);
}
