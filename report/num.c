#include "report/num.h"

#include <math.h>

/* U with at least WIDTH digits. A table has millions of numbers, and printf is several times slower. */
static void put_digits(struct strbuf *b, uint64_t u, int width)
{
    char digits[24];
    size_t at = sizeof digits;
    for (; (u != 0 || width > 0) && at > 0; u /= 10, width--)
        digits[--at] = (char)('0' + u % 10);
    strbuf_add(b, digits + at, sizeof digits - at);
}

void num_int(struct strbuf *b, int64_t x)
{
    if (x < 0)
        strbuf_putc(b, '-');
    put_digits(b, x < 0 ? 0 - (uint64_t)x : (uint64_t)x, 1);
}

void num_fixed(struct strbuf *b, double x, int decimals)
{
    if (!(fabs(x) <= 1e9)) /* also catches NaN */
        return;
    uint64_t scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    uint64_t units = (uint64_t)llround(fabs(x) * (double)scale);
    if (x < 0 && units != 0)
        strbuf_putc(b, '-');
    put_digits(b, units / scale, 1);
    if (decimals > 0) {
        strbuf_putc(b, '.');
        put_digits(b, units % scale, decimals);
    }
}

void num_grouped(struct strbuf *b, int64_t x)
{
    char digits[24];
    size_t n = 0;
    uint64_t u = x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
    do {
        digits[n++] = (char)('0' + u % 10);
        u /= 10;
    } while (u != 0);
    if (x < 0)
        strbuf_putc(b, '-');
    while (n > 0) {
        strbuf_putc(b, digits[--n]);
        if (n > 0 && n % 3 == 0)
            strbuf_putc(b, ',');
    }
}

void num_percent(struct strbuf *b, double share)
{
    if (!isfinite(share))
        return;
    long whole = lround(share * 100);
    if (whole <= 0 && share > 0)
        strbuf_puts(b, "<1");
    else if (whole >= 100 && share < 1)
        strbuf_puts(b, ">99");
    else
        strbuf_printf(b, "%ld", whole);
    strbuf_puts(b, "\xc2\xa0%");
}

void num_points(struct strbuf *b, double difference)
{
    if (!isfinite(difference))
        return;
    double points = fabs(difference) * 100;
    int decimals = points < 0.95 ? 1 : 0; /* a limit that is just off zero must not look like zero */
    if (points < 0.05) {
        strbuf_putc(b, '0');
        return;
    }
    strbuf_puts(b, difference < 0 ? "\xe2\x88\x92" : "+");
    num_fixed(b, points, decimals);
}
