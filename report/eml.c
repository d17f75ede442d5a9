#include "report/eml.h"

#include <stdio.h>
#include <string.h>

#include "core/file.h"
#include "core/utf8.h"
#include "report/address.h"
#include "report/headline.h"

enum { LINE = 76, TEXT_COLUMNS = 72, WORD_BYTES = 42, HEX = 2 * SHA256_BYTES };

/* ---- encodings ---- */

static void put_base64(struct strbuf *b, const unsigned char *bytes, size_t n)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        unsigned group =
            (unsigned)bytes[i] << 16 | (i + 1 < n ? (unsigned)bytes[i + 1] << 8 : 0) | (i + 2 < n ? bytes[i + 2] : 0);
        strbuf_putc(b, letters[group >> 18 & 63]);
        strbuf_putc(b, letters[group >> 12 & 63]);
        strbuf_add(b, i + 1 < n ? &letters[group >> 6 & 63] : "=", 1);
        strbuf_add(b, i + 2 < n ? &letters[group & 63] : "=", 1);
    }
}

/* RFC 2045, 6.8: lines of 76. */
static void put_base64_lines(struct strbuf *b, struct slice x)
{
    const size_t most = (size_t)LINE / 4 * 3;
    for (size_t at = 0; at < x.n; at += most) {
        size_t n = x.n - at < most ? x.n - at : most;
        put_base64(b, (const unsigned char *)x.s + at, n);
        strbuf_puts(b, "\r\n");
    }
}

static bool is_ascii(struct slice x)
{
    for (size_t i = 0; i < x.n; i++)
        if ((unsigned char)x.s[i] >= 0x7F || (unsigned char)x.s[i] < 0x20)
            return false;
    return true;
}

/* RFC 2047: words of at most 75 characters, on a line each; none is cut within a character. */
static void put_header_text(struct strbuf *b, struct slice x)
{
    if (is_ascii(x) && x.n < LINE - 10) {
        strbuf_add_slice(b, x);
        return;
    }
    for (bool is_first = true; x.n > 0; is_first = false) {
        struct slice part = utf8_cut(x, WORD_BYTES);
        if (part.n == 0)
            part.n = 1;
        strbuf_puts(b, is_first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        put_base64(b, (const unsigned char *)part.s, part.n);
        strbuf_puts(b, "?=");
        x.s += part.n, x.n -= part.n;
    }
}

/* RFC 2045, 6.7, for text with LF line ends. */
static void put_quoted(struct strbuf *b, struct slice x)
{
    size_t column = 0;
    for (size_t i = 0; i < x.n; i++) {
        unsigned char c = (unsigned char)x.s[i];
        if (c == '\n') {
            strbuf_puts(b, "\r\n");
            column = 0;
            continue;
        }
        bool is_last = i + 1 == x.n || x.s[i + 1] == '\n';
        bool is_plain = (c > ' ' && c < 0x7F && c != '=' && !(c == '.' && column == 0)) || (c == ' ' && !is_last);
        if (column + (is_plain ? 1 : 3) > LINE - 1) {
            strbuf_puts(b, "=\r\n");
            column = 0;
        }
        if (is_plain)
            strbuf_putc(b, (char)c);
        else
            strbuf_printf(b, "=%02X", c);
        column += is_plain ? 1 : 3;
    }
}

/* ---- header ---- */

static void put_addresses(struct strbuf *b, const char *name, const char *addresses)
{
    const char *rest = addresses;
    strbuf_printf(b, "%s: ", name);
    for (bool is_first = true; *rest != '\0'; is_first = false) {
        if (!is_first)
            strbuf_puts(b, ",\r\n ");
        strbuf_add_slice(b, address_next(&rest));
    }
    strbuf_puts(b, "\r\n");
}

/* RFC 5322, 3.3 */
static void put_date(struct strbuf *b, int64_t now_ms)
{
    static const char days[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; /* 1970-01-01 was a Thursday */
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t day = when_day_of(now_ms), second = (now_ms - day * MS_PER_DAY) / 1000;
    struct civil c = when_civil(day);
    strbuf_printf(b, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[(day % 7 + 7) % 7], c.day, months[c.month - 1],
                  c.year, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static void put_hex(char out[HEX + 1], const unsigned char hash[SHA256_BYTES])
{
    for (size_t i = 0; i < SHA256_BYTES; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

/* Of the page and the date: a message of its own for each, and the same one again for the same. */
static void identify(const struct eml *m, struct slice page, char out[HEX + 1])
{
    unsigned char hash[SHA256_BYTES];
    char both[HEX + 32];
    sha256(page, hash);
    put_hex(both, hash);
    int n = snprintf(both + HEX, 32, " %lld", (long long)m->now_ms);
    sha256((struct slice){both, HEX + (size_t)n}, hash);
    put_hex(out, hash);
}

/* ---- text ---- */

/* Break lines between words at TEXT_COLUMNS characters; what follows "- " stands under it. */
static void wrap(struct strbuf *out, struct slice text)
{
    size_t column = 0;
    bool is_item = false;
    for (size_t i = 0; i < text.n;) {
        if (text.s[i] == '\n') {
            strbuf_puts(out, is_item ? "\n\n" : "\n");
            column = 0, i++;
            is_item = false;
            continue;
        }
        size_t from = i, width = 0;
        while (i < text.n && text.s[i] == ' ')
            i++;
        size_t spaces = i - from, word = i;
        for (; i < text.n && text.s[i] != ' ' && text.s[i] != '\n'; i++)
            width += ((unsigned char)text.s[i] & 0xC0) != 0x80;
        if (column == 0 && i - word == 1 && text.s[word] == '-')
            is_item = true;
        if (column > 0 && column + spaces + width > TEXT_COLUMNS) {
            strbuf_puts(out, is_item ? "\n  " : "\n");
            column = is_item ? 2 : 0;
        } else if (column > 0 && spaces > 0) {
            strbuf_putc(out, ' ');
            column++;
        }
        strbuf_add(out, text.s + word, i - word);
        column += width;
    }
}

static enum err_code tell(const struct sink_page *page, const char *title, struct strbuf *subject, struct strbuf *text,
                          struct err *e)
{
    struct sink_page plain = *page;
    struct html *period = html_new_plain();
    plain.h = html_new_plain();
    if (plain.h == NULL || period == NULL) {
        html_free(plain.h);
        html_free(period);
        return err_nomem(e);
    }
    headline_period(period, page->data->period);
    strbuf_printf(subject, "%s: ", title);
    strbuf_add_slice(subject, html_written(period));
    strbuf_add_slice(text, strbuf_slice(subject));
    strbuf_puts(text, "\n\n");
    headline_sentences(&plain);
    wrap(text, html_written(plain.h));
    strbuf_puts(text, "\nThe report is attached: open it in a browser. Every number in it leads to\nthe words behind "
                      "it. It holds customers' words: pass it on with care.\n");
    enum err_code rc = html_end(plain.h, e);
    if (rc == ERR_OK)
        rc = html_end(period, e);
    html_free(plain.h);
    html_free(period);
    return rc;
}

static void put_head(struct strbuf *b, const struct eml *m, struct slice subject, const char *id)
{
    put_addresses(b, "From", m->from);
    put_addresses(b, "To", m->to);
    strbuf_puts(b, "Subject: ");
    put_header_text(b, subject);
    strbuf_puts(b, "\r\n");
    put_date(b, m->now_ms);
    strbuf_printf(b,
                  "Message-ID: <%.32s@broach.invalid>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                  "Content-Type: multipart/mixed;\r\n boundary=\"broach=_%.32s\"\r\n\r\n"
                  "This is a message in several parts (MIME).\r\n",
                  id, id + 32);
}

static void put_parts(struct strbuf *b, const struct period *p, struct slice text, struct slice page, const char *id)
{
    strbuf_printf(b,
                  "--broach=_%.32s\r\nContent-Type: text/plain; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                  id + 32);
    put_quoted(b, text);
    strbuf_printf(b,
                  "\r\n--broach=_%.32s\r\nContent-Type: text/html; charset=utf-8;\r\n name=\"report-%s.html\"\r\n"
                  "Content-Disposition: attachment;\r\n filename=\"report-%s.html\"\r\n"
                  "Content-Transfer-Encoding: base64\r\n\r\n",
                  id + 32, p->from, p->from);
    put_base64_lines(b, page);
    strbuf_printf(b, "--broach=_%.32s--\r\n", id + 32);
}

enum err_code eml_write(const struct sink_page *page, const struct eml *m, struct slice html, const char *dir,
                        int64_t *bytes, struct err *e)
{
    enum err_code rc;
    char id[HEX + 1];
    struct outfile *f = NULL;
    struct strbuf path = STRBUF_INIT, text = STRBUF_INIT, subject = STRBUF_INIT, out = STRBUF_INIT;
    if ((rc = address_check(m->from, e)) != ERR_OK || (rc = address_check(m->to, e)) != ERR_OK ||
        (rc = tell(page, m->title, &subject, &text, e)) != ERR_OK)
        goto cleanup;
    identify(m, html, id);
    put_head(&out, m, strbuf_slice(&subject), id);
    put_parts(&out, page->data->period, strbuf_slice(&text), html, id);
    strbuf_printf(&path, "%s/report.eml", dir);
    if (strbuf_failed(&path) || strbuf_failed(&subject) || strbuf_failed(&text) || strbuf_failed(&out)) {
        rc = err_nomem(e);
        goto cleanup;
    }
    if ((rc = outfile_open(path.s, 0644, &f, e)) != ERR_OK)
        goto cleanup;
    outfile_write(f, out.s, out.n);
    *bytes += (int64_t)out.n;
    rc = outfile_commit(f, e);
cleanup:
    strbuf_free(&path);
    strbuf_free(&text);
    strbuf_free(&subject);
    strbuf_free(&out);
    return rc;
}
