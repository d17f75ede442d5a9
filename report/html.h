/*
 * html.h - the one writer of HTML: escapes what it is given, and knows which elements are open
 *
 * Text from transcripts goes through html_text() and html_words() only, so nothing a customer typed can become markup.
 * Broken UTF-8 and control characters become U+FFFD. Element and attribute names are string literals of this program.
 *
 * Owns:   the writer owns its buffer; it borrows the outfile.
 * Errors: remembered and told by html_end(): memory, and tags that do not balance (ERR_INTERNAL).
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "core/err.h"
#include "core/strbuf.h"

struct html;
struct outfile;

/* Files of report/assets/, embedded at build time. */
enum asset {
#define ASSET_ROW(id, name, text) id,
#include "gen/assets.inc"
#undef ASSET_ROW
    ASSET_COUNT
};

/* A writer to OUT; with OUT NULL everything stays in memory: html_written(). NULL when out of memory. */
struct html *html_new(struct outfile *out);

/* The same calls, but plain text in memory: elements and attributes vanish, "- " begins what was a <li>, a line ends
 * with a <li> or <p>, no-break spaces are spaces. */
struct html *html_new_plain(void);
void html_free(struct html *h); /* NULL is fine */

/* Hand the rest to the outfile. ERR_INTERNAL if an element is still open or was closed wrongly. */
CHECKED enum err_code html_end(struct html *h, struct err *e);

/* B was built to be written to H: if it failed, remember it. */
void html_check(struct html *h, const struct strbuf *b);

/* What was written and not handed on yet. */
struct slice html_written(const struct html *h);

/* Bytes written in all. */
int64_t html_bytes(const struct html *h);

/* <NAME ...> until html_close(h, NAME); html_void() is for elements without an end tag. The attributes follow at once.
 */
void html_open(struct html *h, const char *name);
void html_void(struct html *h, const char *name);
void html_close(struct html *h, const char *name);
void html_close_any(struct html *h); /* the element that was opened last */

void html_attr(struct html *h, const char *name, const char *value);
void html_attr_words(struct html *h, const char *name,
                     struct slice value); /* customer's words: without bidi controls */
void html_attr_int(struct html *h, const char *name, int64_t value);
void html_attr_fixed(struct html *h, const char *name, double value, int decimals, const char *unit);
void html_attr_flag(struct html *h, const char *name);

/* Short for html_open() and html_attr(h, "class", CLASS). */
void html_open_class(struct html *h, const char *name, const char *class);

void html_text(struct html *h, struct slice text);
void html_puts(struct html *h, const char *text);
void html_textf(struct html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Words of others (names, titles, turns) in a <bdi>: whatever marks of direction they hold ends with them. */
void html_words(struct html *h, struct slice text);

void html_grouped(struct html *h, int64_t x);            /* num_grouped() */
void html_percent(struct html *h, double share);         /* num_percent() */
void html_points(struct html *h, double d);              /* num_points() */
void html_fixed(struct html *h, double x, int decimals); /* num_fixed() */

/* <NAME>TEXT</NAME> */
void html_element(struct html *h, const char *name, const char *text);

/* Markup that stands in this program's source: only a string literal compiles. It must balance in itself. */
#define html_literal(h, lit) html_raw_literal((h), "" lit, sizeof(lit) - 1)
void html_raw_literal(struct html *h, const char *markup, size_t n); /* use html_literal() */

/* An embedded asset, as it is. */
void html_asset(struct html *h, enum asset a);
struct slice html_asset_text(enum asset a);

#endif
