#include "core/json_write.h"

#include <inttypes.h>
#include <math.h>

#include "core/utf8.h"

/* How a byte stands in a JSON string: 0 as it is, 'u' as \u00XX, else \ and that letter. */
static char escape_of(unsigned char c, bool for_script)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '<':
    case '>':
    case '&':
        return for_script ? 'u' : 0;
    default:
        return c < 0x20 || c == 0x7f ? 'u' : 0;
    }
}

/* Append the character at X.s that is not plain ASCII; returns its bytes. */
static size_t put_wide(struct strbuf *b, struct slice x, bool for_script)
{
    uint32_t cp;
    size_t n = utf8_decode(x, &cp);
    if (cp == 0xfffd) /* also a broken byte */
        strbuf_puts(b, "\xef\xbf\xbd");
    else if (for_script && (cp == 0x2028 || cp == 0x2029))
        strbuf_printf(b, "\\u%04x", (unsigned)cp);
    else
        strbuf_add(b, x.s, n);
    return n;
}

void json_escape(struct strbuf *b, struct slice x, bool for_script)
{
    strbuf_putc(b, '"');
    size_t from = 0, i = 0; /* x.s[from, i) is plain and not yet written */
    while (i < x.n) {
        unsigned char c = (unsigned char)x.s[i];
        char how = 'w'; /* beyond ASCII */
        if (c < 0x80)
            how = escape_of(c, for_script);
        if (how == 0) {
            i++;
            continue;
        }
        strbuf_add(b, x.s + from, i - from);
        if (how == 'w') {
            i += put_wide(b, (struct slice){x.s + i, x.n - i}, for_script);
        } else {
            if (how == 'u')
                strbuf_printf(b, "\\u%04x", c);
            else
                strbuf_add(b, (char[]){'\\', how}, 2);
            i++;
        }
        from = i;
    }
    if (i > from)
        strbuf_add(b, x.s + from, i - from);
    strbuf_putc(b, '"');
}

void json_number(struct strbuf *b, double x)
{
    if (!isfinite(x)) {
        strbuf_puts(b, "null");
        return;
    }
    if (fabs(x) >= 1e15) { /* no decimals are left; %.17g reads back exactly */
        strbuf_printf(b, fabs(x) < 1e17 ? "%.0f" : "%.17g", x);
        return;
    }
    /* by hand, because printf's decimal point depends on the locale; whole and part are exact */
    double whole = floor(fabs(x));
    uint64_t u = (uint64_t)llround((fabs(x) - whole) * 1e6), units = (uint64_t)whole;
    if (u == 1000000) {
        units++;
        u = 0;
    }
    if (x < 0 && (units != 0 || u != 0))
        strbuf_putc(b, '-');
    strbuf_printf(b, "%" PRIu64, units);
    if (u == 0)
        return;
    char digits[8];
    digits[0] = '.';
    for (int i = 6; i > 0; i--, u /= 10)
        digits[i] = (char)('0' + u % 10);
    size_t n = 7;
    while (digits[n - 1] == '0')
        n--;
    strbuf_add(b, digits, n);
}
