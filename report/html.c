#include "report/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/utf8.h"
#include "report/num.h"

enum { MAX_DEPTH = 64, FLUSH_BYTES = 1 << 16 };

struct html {
    struct outfile *out;
    struct strbuf buf, scratch;
    const char *open[MAX_DEPTH];
    unsigned depth;
    int64_t handed_on; /* bytes */
    bool is_in_tag;    /* a start tag still waits for its > */
    bool is_plain;     /* no markup */
    bool is_wrong;     /* tags do not balance: a bug here in report/ */
    bool is_lost;      /* memory ran out at some time */
    char where[64];    /* the tag that was wrong */
};

static const struct slice assets[] = {
#define ASSET_ROW(id, name, text) {text, sizeof(text) - 1},
#include "gen/assets.inc"
#undef ASSET_ROW
};

struct html *html_new(struct outfile *out)
{
    struct html *h = calloc(1, sizeof *h);
    if (h != NULL)
        h->out = out;
    return h;
}

struct html *html_new_plain(void)
{
    struct html *h = html_new(NULL);
    if (h != NULL)
        h->is_plain = true;
    return h;
}

void html_free(struct html *h)
{
    if (h == NULL)
        return;
    strbuf_free(&h->buf);
    strbuf_free(&h->scratch);
    free(h);
}

static void hand_on(struct html *h)
{
    h->is_lost |= strbuf_failed(&h->buf);
    if (h->out == NULL)
        return;
    outfile_write(h->out, h->buf.s, h->buf.n);
    h->handed_on += (int64_t)h->buf.n;
    strbuf_clear(&h->buf);
}

static void wrong(struct html *h, const char *name)
{
    if (!h->is_wrong)
        (void)snprintf(h->where, sizeof h->where, "%s", name);
    h->is_wrong = true;
}

static void end_tag(struct html *h)
{
    if (h->is_in_tag)
        strbuf_putc(&h->buf, '>');
    h->is_in_tag = false;
    if (h->buf.n >= FLUSH_BYTES)
        hand_on(h);
}

enum err_code html_end(struct html *h, struct err *e)
{
    end_tag(h);
    if (h->depth != 0)
        wrong(h, h->open[h->depth - 1]);
    hand_on(h);
    h->is_lost |= strbuf_failed(&h->scratch);
    if (h->is_lost)
        return err_nomem(e);
    if (h->is_wrong)
        return err_set(e, ERR_INTERNAL, "report: html does not balance at <%s>", h->where);
    return ERR_OK;
}

void html_check(struct html *h, const struct strbuf *b)
{
    h->is_lost |= strbuf_failed(b);
}

struct slice html_written(const struct html *h)
{
    return strbuf_slice(&h->buf);
}

int64_t html_bytes(const struct html *h)
{
    return h->handed_on + (int64_t)h->buf.n;
}

static void start_tag(struct html *h, const char *name)
{
    if (h->is_plain) {
        if (strcmp(name, "li") == 0)
            strbuf_puts(&h->buf, "- ");
        return;
    }
    end_tag(h);
    strbuf_putc(&h->buf, '<');
    strbuf_puts(&h->buf, name);
    h->is_in_tag = true;
}

void html_open(struct html *h, const char *name)
{
    start_tag(h, name);
    if (h->depth == MAX_DEPTH)
        wrong(h, name);
    else
        h->open[h->depth++] = name;
}

void html_void(struct html *h, const char *name)
{
    start_tag(h, name);
}

void html_close(struct html *h, const char *name)
{
    end_tag(h);
    if (h->depth == 0 || strcmp(h->open[h->depth - 1], name) != 0) {
        wrong(h, name);
        return;
    }
    h->depth--;
    if (h->is_plain) {
        if (strcmp(name, "li") == 0 || strcmp(name, "p") == 0)
            strbuf_putc(&h->buf, '\n');
        return;
    }
    strbuf_puts(&h->buf, "</");
    strbuf_puts(&h->buf, name);
    strbuf_putc(&h->buf, '>');
}

void html_close_any(struct html *h)
{
    if (h->depth == 0)
        wrong(h, "nothing to close");
    else
        html_close(h, h->open[h->depth - 1]);
}

static bool is_bidi_control(uint32_t cp)
{
    return (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200E || cp == 0x200F ||
           cp == 0x061C;
}

/* C0 and C1 controls and DEL, but for the white space that HTML knows; U+FFFE and U+FFFF. */
static bool is_forbidden(uint32_t cp)
{
    return (cp < 0x20 && cp != '\n' && cp != '\t' && cp != '\r') || (cp >= 0x7F && cp < 0xA0) ||
           (cp & 0xFFFE) == 0xFFFE || (cp >= 0xFDD0 && cp <= 0xFDEF);
}

static void put_escaped_byte(struct strbuf *b, char c)
{
    switch (c) {
    case '&':
        strbuf_puts(b, "&amp;");
        break;
    case '<':
        strbuf_puts(b, "&lt;");
        break;
    case '>':
        strbuf_puts(b, "&gt;");
        break;
    case '"':
        strbuf_puts(b, "&quot;");
        break;
    case '\'':
        strbuf_puts(b, "&#39;");
        break;
    default:
        strbuf_putc(b, c);
    }
}

static bool is_plain(char c)
{
    return (c >= ' ' && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'') || c == '\n';
}

/* Without controls; no-break spaces as spaces. */
static void put_plain(struct strbuf *b, struct slice x)
{
    while (x.n > 0) {
        uint32_t cp;
        size_t n = utf8_decode(x, &cp);
        if (cp == 0xA0 || cp == '\n' || cp == '\t' || cp == '\r')
            strbuf_putc(b, ' ');
        else if (cp == 0xFFFD || is_forbidden(cp))
            strbuf_puts(b, "\xEF\xBF\xBD");
        else if (!is_bidi_control(cp))
            strbuf_add(b, x.s, n);
        x.s += n, x.n -= n;
    }
}

static void escape(struct strbuf *b, struct slice x, bool drop_bidi)
{
    while (x.n > 0) {
        size_t plain = 0;
        while (plain < x.n && is_plain(x.s[plain]))
            plain++;
        if (plain > 0) {
            strbuf_add(b, x.s, plain);
            x.s += plain, x.n -= plain;
            continue;
        }
        uint32_t cp;
        size_t n = utf8_decode(x, &cp);
        if (cp == 0xFFFD || is_forbidden(cp))
            strbuf_puts(b, "\xEF\xBF\xBD");
        else if (n == 1)
            put_escaped_byte(b, x.s[0]);
        else if (!drop_bidi || !is_bidi_control(cp))
            strbuf_add(b, x.s, n);
        x.s += n, x.n -= n;
    }
}

static void attr(struct html *h, const char *name, struct slice value, bool drop_bidi)
{
    if (h->is_plain)
        return;
    if (!h->is_in_tag)
        wrong(h, name);
    strbuf_putc(&h->buf, ' ');
    strbuf_puts(&h->buf, name);
    strbuf_puts(&h->buf, "=\"");
    escape(&h->buf, value, drop_bidi);
    strbuf_putc(&h->buf, '"');
}

void html_attr(struct html *h, const char *name, const char *value)
{
    attr(h, name, slice_of(value), false);
}

void html_attr_words(struct html *h, const char *name, struct slice value)
{
    attr(h, name, value, true);
}

void html_attr_int(struct html *h, const char *name, int64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    html_attr(h, name, text);
}

void html_attr_fixed(struct html *h, const char *name, double value, int decimals, const char *unit)
{
    strbuf_clear(&h->scratch);
    num_fixed(&h->scratch, value, decimals);
    strbuf_puts(&h->scratch, unit);
    attr(h, name, strbuf_slice(&h->scratch), false);
    html_check(h, &h->scratch);
}

void html_attr_flag(struct html *h, const char *name)
{
    if (h->is_plain)
        return;
    if (!h->is_in_tag)
        wrong(h, name);
    strbuf_putc(&h->buf, ' ');
    strbuf_puts(&h->buf, name);
}

void html_open_class(struct html *h, const char *name, const char *class)
{
    html_open(h, name);
    html_attr(h, "class", class);
}

void html_text(struct html *h, struct slice text)
{
    end_tag(h);
    if (h->is_plain)
        put_plain(&h->buf, text);
    else
        escape(&h->buf, text, false);
}

void html_puts(struct html *h, const char *text)
{
    html_text(h, slice_of(text));
}

void html_textf(struct html *h, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    /* clang-tidy 14 loses sight of va_start() when it reads several files in one go. */
    int n = vsnprintf(text, sizeof text, fmt, ap); /* NOLINT(clang-analyzer-valist.Uninitialized) */
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof text)
        wrong(h, "a text that is too long");
    else
        html_puts(h, text);
}

void html_words(struct html *h, struct slice text)
{
    html_open(h, "bdi");
    html_text(h, text);
    html_close(h, "bdi");
}

void html_grouped(struct html *h, int64_t x)
{
    end_tag(h);
    num_grouped(&h->buf, x);
}

void html_percent(struct html *h, double share)
{
    strbuf_clear(&h->scratch);
    num_percent(&h->scratch, share);
    html_text(h, strbuf_slice(&h->scratch));
    html_check(h, &h->scratch);
}

void html_points(struct html *h, double d)
{
    end_tag(h);
    num_points(&h->buf, d);
}

void html_fixed(struct html *h, double x, int decimals)
{
    end_tag(h);
    num_fixed(&h->buf, x, decimals);
}

void html_element(struct html *h, const char *name, const char *text)
{
    html_open(h, name);
    html_puts(h, text);
    html_close(h, name);
}

/* The words of markup; what the program's own markup names as characters is spelt out in it. */
static void put_plain_markup(struct html *h, struct slice x)
{
    bool is_tag = false;
    size_t from = 0;
    for (size_t i = 0; i <= x.n; i++) {
        if (i < x.n && x.s[i] != '<' && x.s[i] != '>')
            continue;
        if (!is_tag)
            put_plain(&h->buf, (struct slice){x.s + from, i - from});
        if (i + 3 < x.n && memcmp(x.s + i, "<li>", 4) == 0)
            strbuf_puts(&h->buf, "- ");
        if (i + 4 < x.n && memcmp(x.s + i, "</li>", 5) == 0)
            strbuf_putc(&h->buf, '\n');
        is_tag = i < x.n && x.s[i] == '<';
        from = i + 1;
    }
}

void html_raw_literal(struct html *h, const char *markup, size_t n)
{
    if (h->is_plain) {
        put_plain_markup(h, (struct slice){markup, n});
        return;
    }
    end_tag(h);
    strbuf_add(&h->buf, markup, n);
}

struct slice html_asset_text(enum asset a)
{
    return assets[a];
}

void html_asset(struct html *h, enum asset a)
{
    end_tag(h);
    strbuf_add_slice(&h->buf, assets[a]);
}
