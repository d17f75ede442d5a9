#include "ingest/python_text.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The backslash at TEXT[i] and what belongs to it; gives the bytes read. */
static size_t add_escape(struct slice text, size_t i, struct strbuf *out)
{
    char c = '\\';
    if (i + 1 < text.n)
        c = text.s[i + 1];
    if (c == '\'') {
        strbuf_putc(out, '\'');
    } else if (c == 'x' && i + 3 < text.n) {
        strbuf_puts(out, "\\u00");
        strbuf_add_slice(out, (struct slice){text.s + i + 2, 2});
        return 4;
    } else if (strchr("\"\\/bfnrtu", c) != NULL) {
        strbuf_putc(out, '\\');
        strbuf_putc(out, c);
    } else {
        strbuf_puts(out, "\\\\");
        return 1;
    }
    return 2;
}

/* The string whose quote is at TEXT[i]; gives the bytes read. */
static size_t add_string(struct slice text, size_t i, struct strbuf *out)
{
    const char quote = text.s[i];
    size_t from = i++;
    strbuf_putc(out, '"');
    while (i < text.n && text.s[i] != quote) {
        char c = text.s[i];
        if (c == '\\') {
            i += add_escape(text, i, out);
            continue;
        }
        if (c == '"')
            strbuf_puts(out, "\\\"");
        else if (c == '\n')
            strbuf_puts(out, "\\n");
        else if (c == '\r')
            strbuf_puts(out, "\\r");
        else if (c == '\t')
            strbuf_puts(out, "\\t");
        else
            strbuf_putc(out, c);
        i++;
    }
    if (i < text.n) /* else the quote is missing, and stays so */
        strbuf_putc(out, '"');
    return i + (i < text.n) - from;
}

/* The word or number at TEXT[i]; gives the bytes read. */
static size_t add_word(struct slice text, size_t i, struct strbuf *out)
{
    size_t n = 0;
    while (i + n < text.n && is_word(text.s[i + n]))
        n++;
    struct slice word = {text.s + i, n};
    if (slice_is(word, "None") || slice_is(word, "nan"))
        strbuf_puts(out, "null");
    else if (slice_is(word, "True"))
        strbuf_puts(out, "true");
    else if (slice_is(word, "False"))
        strbuf_puts(out, "false");
    else
        strbuf_add_slice(out, word);
    return n;
}

void python_text_to_json(struct slice text, struct strbuf *out)
{
    bool is_item_over = false; /* a bracket was closed: numpy leaves out the comma behind it */
    for (size_t i = 0; i < text.n;) {
        char c = text.s[i];
        if (is_item_over && (c == '{' || c == '['))
            strbuf_putc(out, ',');
        if (!is_blank(c))
            is_item_over = c == '}' || c == ']';
        if (c == '\'' || c == '"') {
            i += add_string(text, i, out);
        } else if (is_word(c)) {
            i += add_word(text, i, out);
        } else {
            strbuf_putc(out, c);
            i++;
        }
    }
}
