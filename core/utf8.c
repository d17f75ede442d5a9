#include "core/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define HIGH_BITS   UINT64_C(0x8080808080808080)

static uint64_t load8(const char *s)
{
    uint64_t w;
    memcpy(&w, s, sizeof w);
    return w;
}

/* How many bytes at S, of N, are ASCII before the first that is not. */
static size_t ascii_run(const char *s, size_t n)
{
    size_t i = 0;
    while (n - i >= 8 && (load8(s + i) & HIGH_BITS) == 0)
        i += 8;
    while (i < n && (unsigned char)s[i] < 0x80)
        i++;
    return i;
}

/* The bytes that a character with this first byte has; 0 if none begins so. */
static size_t length_of(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* May SECOND follow FIRST? This is where overlong forms, surrogates and code points above U+10FFFF are refused. */
static bool may_follow(unsigned char first, unsigned char second)
{
    if (second < 0x80 || second > 0xbf)
        return false;
    switch (first) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second <= 0x9f;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second <= 0x8f;
    default:
        return true;
    }
}

/* The bytes of the valid character at X.s; 0 if there is none. *is_cut: only because the text ends within it. */
static size_t char_at(struct slice x, bool *is_cut)
{
    const unsigned char *s = (const unsigned char *)x.s;
    *is_cut = false;
    size_t n = length_of(s[0]);
    for (size_t i = 1; i < n; i++) {
        if (i == x.n) {
            *is_cut = true;
            return 0;
        }
        if (i == 1 ? !may_follow(s[0], s[1]) : (s[i] & 0xc0) != 0x80)
            return 0;
    }
    return n;
}

size_t utf8_valid_prefix_cut(struct slice x, bool *is_cut)
{
    size_t i = 0;
    *is_cut = false;
    while (i < x.n) {
        i += ascii_run(x.s + i, x.n - i);
        if (i == x.n)
            break;
        size_t n = char_at((struct slice){x.s + i, x.n - i}, is_cut);
        if (n == 0)
            break;
        i += n;
    }
    return i;
}

size_t utf8_valid_prefix(struct slice x)
{
    bool is_cut;
    return utf8_valid_prefix_cut(x, &is_cut);
}

size_t utf8_repair(struct slice x, struct strbuf *out)
{
    size_t replaced = 0;
    while (x.n > 0) {
        size_t n = utf8_valid_prefix(x);
        strbuf_add(out, x.s, n);
        x.s += n, x.n -= n;
        if (x.n > 0) {
            strbuf_puts(out, REPLACEMENT);
            x.s++, x.n--;
            replaced++;
        }
    }
    return replaced;
}

size_t utf8_decode(struct slice x, uint32_t *cp)
{
    const unsigned char *s = (const unsigned char *)x.s;
    bool is_cut;
    size_t n = s[0] < 0x80 ? 1 : char_at(x, &is_cut);
    switch (n) {
    case 1:
        *cp = s[0];
        return 1;
    case 2:
        *cp = (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
        return 2;
    case 3:
        *cp = (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
        return 3;
    case 4:
        *cp = (s[0] & 0x07u) << 18 | (s[1] & 0x3fu) << 12 | (s[2] & 0x3fu) << 6 | (s[3] & 0x3fu);
        return 4;
    default:
        *cp = 0xfffd;
        return 1;
    }
}

bool utf8_is_letter(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= '0' && cp <= '9') || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z');
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO;
}

bool utf8_is_space(uint32_t cp)
{
    if (cp < 0x80)
        return cp == ' ' || (cp >= '\t' && cp <= '\r');
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    return cp == 0x85 || (c >= UTF8PROC_CATEGORY_ZS && c <= UTF8PROC_CATEGORY_ZP);
}

/* Append N ASCII bytes in lower case, eight at a time. */
static void fold_ascii(const char *s, size_t n, struct strbuf *out)
{
    char *to = strbuf_reserve(out, n);
    if (to == NULL)
        return;
    size_t i = 0;
    for (; n - i >= 8; i += 8) {
        uint64_t w = load8(s + i);
        /* the high bit of each byte of the sums tells: >= 'A', > 'Z' */
        uint64_t from_a = w + UINT64_C(0x3f3f3f3f3f3f3f3f), beyond_z = w + UINT64_C(0x2525252525252525);
        w |= ((from_a & ~beyond_z) & HIGH_BITS) >> 2;
        memcpy(to + i, &w, sizeof w);
    }
    for (; i < n; i++)
        to[i] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] | 0x20 : s[i]);
    out->n += n;
    out->s[out->n] = '\0';
}

/* Append X, valid and with at least one character beyond ASCII, by the book. */
static void fold_wide(struct slice x, struct strbuf *out)
{
    const utf8proc_option_t how =
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    utf8proc_int32_t small[64], *cps = small;
    const utf8proc_uint8_t *s = (const utf8proc_uint8_t *)x.s;
    utf8proc_ssize_t n = utf8proc_decompose(s, (utf8proc_ssize_t)x.n, cps, 64, how);
    if (n > 64) {
        cps = malloc((size_t)n * sizeof *cps);
        if (cps == NULL) {
            out->failed = true;
            return;
        }
        n = utf8proc_decompose(s, (utf8proc_ssize_t)x.n, cps, n, how);
    }
    if (n > 0)
        n = utf8proc_normalize_utf32(cps, n, how);
    for (utf8proc_ssize_t i = 0; i < n; i++) {
        utf8proc_uint8_t bytes[4];
        bool is_apostrophe = cps[i] == 0x2019 || cps[i] == 0x2bc;
        strbuf_add(out, bytes, (size_t)utf8proc_encode_char(is_apostrophe ? '\'' : cps[i], bytes));
    }
    if (cps != small)
        free(cps);
}

/* The bytes at S, of N, before the next ASCII byte. */
static size_t wide_run(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n && (unsigned char)s[i] >= 0x80)
        i++;
    return i;
}

/* Append a piece that may hold broken bytes. */
static void fold_any(struct slice x, struct strbuf *out)
{
    if (utf8_valid_prefix(x) == x.n) {
        fold_wide(x, out);
        return;
    }
    struct strbuf mended = STRBUF_INIT;
    utf8_repair(x, &mended);
    if (strbuf_failed(&mended))
        out->failed = true;
    else
        fold_wide(strbuf_slice(&mended), out);
    strbuf_free(&mended);
}

void utf8_fold(struct slice x, struct strbuf *out)
{
    while (x.n > 0) {
        size_t plain = ascii_run(x.s, x.n);
        size_t wide = wide_run(x.s + plain, x.n - plain);
        struct slice run = {x.s + plain, wide};
        x.s += plain + wide, x.n -= plain + wide;
        if (wide == 0) {
            fold_ascii(run.s - plain, plain, out);
        } else if (slice_eq(run, SLICE_LIT("\xe2\x80\x99"))) { /* by far the most frequent one */
            fold_ascii(run.s - plain, plain, out);
            strbuf_putc(out, '\'');
        } else { /* a mark may join the ASCII letter before it, and no other */
            size_t base = plain > 0 ? 1 : 0;
            fold_ascii(run.s - plain, plain - base, out);
            fold_any((struct slice){run.s - base, wide + base}, out);
        }
    }
}

struct slice utf8_cut(struct slice x, size_t max)
{
    if (x.n <= max)
        return x;
    size_t n = max;
    while (n > 0 && max - n < 4 && ((unsigned char)x.s[n] & 0xc0) == 0x80)
        n--;
    if (((unsigned char)x.s[n] & 0xc0) == 0x80) /* no character: broken bytes may be cut anywhere */
        n = max;
    return (struct slice){x.s, n};
}
