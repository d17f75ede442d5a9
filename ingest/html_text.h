/*
 * html_text.h - the HTML of messages -> plain text
 *
 * A tokeniser after the HTML standard's (tags with quoted attributes, comments, raw text, character references),
 * without its tree: the text of a message needs none, and linear time for any bytes is worth more. (libxml2's parser,
 * the one HTML library of Debian that is well kept, takes 8 s for 560 kB of "<b>...</u>...": its time is quadratic in
 * the depth.)
 *
 * Paragraphs, list items ("- "), table rows and <br> begin lines; other blanks and line ends become one blank each,
 * except in <pre>; <script>, <style>, <title> and the like are dropped. A "<" that begins no tag is text, and so is one
 * whose tag is never closed.
 *
 * Memory: what is appended is never longer than what was read.
 * Errors: OUT remembers running out of memory (strbuf_failed).
 */
#ifndef INGEST_HTML_TEXT_H
#define INGEST_HTML_TEXT_H

#include "core/strbuf.h"

/* Append the text of HTML. */
void html_to_text(struct slice html, struct strbuf *out);

/* The same without what stands in <blockquote>: in mail, the words of somebody else. */
void html_to_text_unquoted(struct slice html, struct strbuf *out);

/* Append X with its character references ("&amp;", "&#39;", "&#x2019;") decoded; all else stays as it is. */
void html_decode(struct slice x, struct strbuf *out);

/* Has X a tag that messages are written with (<p>, <br>, </a>, ...)? */
bool html_has_tags(struct slice x);

/* The text of a message that may be HTML or not: X itself if it has no tag and no character reference, else its text in
 * ROOM, which is cleared before. */
struct slice html_plain(struct slice x, struct strbuf *room);

#endif
