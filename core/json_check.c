#include "core/json_check.h"

#include <math.h>
#include <stdlib.h>

#include "core/json.h"
#include "core/utf8.h"

#define MOST_NUMBER 400 /* digits that are looked at; a longer number is one beyond 64 bits */

struct scan {
    const char *s, *at, *end;
    const char *copied;      /* up to here the text stands in REPAIRED */
    struct strbuf *repaired; /* may be NULL */
    struct json_fault *f;
    size_t depth;
    bool is_object[JSON_MAX_DEPTH];
};

static bool fail(struct scan *c, const char *at, const char *what)
{
    c->f->at = (size_t)(at - c->s);
    c->f->what = what;
    return false;
}

static void skip_blanks(struct scan *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r'))
        c->at++;
}

/* Put WITH in the place of the text from FROM to c->at, if the text is repaired. */
static void replace(struct scan *c, const char *from, const char *before, struct slice with, const char *behind)
{
    if (c->repaired == NULL)
        return;
    strbuf_add(c->repaired, c->copied, (size_t)(from - c->copied));
    strbuf_puts(c->repaired, before);
    strbuf_add_slice(c->repaired, with);
    strbuf_puts(c->repaired, behind);
    c->copied = c->at;
}

/* ---- strings and numbers ---- */

/* The four hex digits at S; -1 if they are none. */
static int hex4(const char *s, const char *end)
{
    int x = 0;
    if (end - s < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int ch = (unsigned char)s[i];
        int d = ch >= '0' && ch <= '9' ? ch - '0' : (ch | 32) >= 'a' && (ch | 32) <= 'f' ? (ch | 32) - 'a' + 10 : -1;
        if (d < 0)
            return -1;
        x = x * 16 + d;
    }
    return x;
}

/* "\uXXXX", with its other half if it is one of a pair. */
static bool scan_unicode(struct scan *c)
{
    const char *from = c->at;
    int first = hex4(from + 2, c->end);
    if (first < 0)
        return fail(c, from, "a wrong escape in a string");
    c->at += 6;
    if (first < 0xd800 || first > 0xdfff)
        return true;
    bool is_pair = first < 0xdc00 && c->end - c->at >= 6 && c->at[0] == '\\' && c->at[1] == 'u';
    int second = is_pair ? hex4(c->at + 2, c->end) : -1;
    if (second >= 0xdc00 && second <= 0xdfff) {
        c->at += 6;
        return true;
    }
    c->f->nhalves++;
    replace(c, from, "", SLICE_LIT("\\ufffd"), "");
    return true;
}

/* c->at is at the quote. */
static bool scan_string(struct scan *c)
{
    const char *from = c->at++;
    while (c->at < c->end) {
        unsigned char ch = (unsigned char)*c->at;
        if (ch == '"') {
            c->at++;
            return true;
        }
        if (ch < ' ')
            return fail(c, c->at, ch == '\n' ? "a line end in a string" : "a control character in a string");
        if (ch != '\\') {
            c->at++;
            continue;
        }
        if (c->end - c->at < 2)
            break;
        if (c->at[1] == 'u') {
            if (!scan_unicode(c))
                return false;
            continue;
        }
        if (strchr("\"\\/bfnrt", c->at[1]) == NULL || c->at[1] == '\0')
            return fail(c, c->at, "a wrong escape in a string");
        c->at += 2;
    }
    return fail(c, from, "a string is not closed");
}

static size_t digits(struct scan *c)
{
    const char *from = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
        c->at++;
    return (size_t)(c->at - from);
}

/* Does the number X, which is well formed, fit? */
static bool fits_64_bits(struct slice x, bool is_whole)
{
    char s[MOST_NUMBER + 1];
    if (x.n > MOST_NUMBER)
        return false;
    memcpy(s, x.s, x.n);
    s[x.n] = '\0';
    if (!is_whole)
        return isfinite(strtod(s, NULL));
    const char *most = s[0] == '-' ? "9223372036854775808" : "18446744073709551615";
    const char *number = s + (s[0] == '-');
    size_t n = strlen(number);
    return n < strlen(most) || (n == strlen(most) && strcmp(number, most) <= 0);
}

static bool scan_number(struct scan *c)
{
    const char *from = c->at;
    bool is_whole = true;
    c->at += *c->at == '-';
    bool has_zero = c->at < c->end && *c->at == '0';
    size_t n = digits(c);
    if (n == 0 || (has_zero && n > 1))
        return fail(c, from, "a number is malformed");
    if (c->at < c->end && *c->at == '.') {
        c->at++;
        is_whole = false;
        if (digits(c) == 0)
            return fail(c, from, "a number is malformed");
    }
    if (c->at < c->end && (*c->at == 'e' || *c->at == 'E')) {
        c->at++;
        is_whole = false;
        c->at += c->at < c->end && (*c->at == '+' || *c->at == '-');
        if (digits(c) == 0)
            return fail(c, from, "a number is malformed");
    }
    struct slice number = {from, (size_t)(c->at - from)};
    if (fits_64_bits(number, is_whole))
        return true;
    c->f->nnumbers++;
    replace(c, from, "\"", number, "\"");
    return true;
}

static bool scan_word(struct scan *c)
{
    static const char *const words[] = {"true", "false", "null"};
    const char *from = c->at;
    while (c->at < c->end && ((*c->at | 32) >= 'a') && ((*c->at | 32) <= 'z'))
        c->at++;
    for (size_t i = 0; i < 3; i++)
        if (slice_is((struct slice){from, (size_t)(c->at - from)}, words[i]))
            return true;
    return fail(c, from, "a word that is not true, false or null");
}

/* ---- structure ---- */

static bool cut_off(struct scan *c)
{
    return fail(c, c->end, c->depth != 0 ? "cut off: a list or an object is not closed" : "empty");
}

/* What is wrong where WHAT was expected. */
static bool unexpected(struct scan *c, const char *what)
{
    bool is_comment = c->end - c->at >= 2 && c->at[0] == '/' && (c->at[1] == '/' || c->at[1] == '*');
    return fail(c, c->at, is_comment ? "a comma was expected, not a comment" : what);
}

/* '{' or '['. *has is false if it is closed at once. */
static bool open_bracket(struct scan *c, bool *has)
{
    bool is_object = *c->at == '{';
    if (c->depth == JSON_MAX_DEPTH)
        return fail(c, c->at, "nested deeper than 256");
    c->is_object[c->depth++] = is_object;
    c->at++;
    skip_blanks(c);
    if (c->at == c->end)
        return cut_off(c);
    *has = *c->at != (is_object ? '}' : ']');
    if (!*has) {
        c->at++;
        c->depth--;
    }
    return true;
}

/* A member's name and its colon. */
static bool scan_key(struct scan *c)
{
    skip_blanks(c);
    if (c->at == c->end)
        return cut_off(c);
    if (*c->at != '"')
        return unexpected(c, "a name in quotes was expected");
    if (!scan_string(c))
        return false;
    skip_blanks(c);
    if (c->at == c->end)
        return cut_off(c);
    if (*c->at != ':')
        return unexpected(c, "a colon was expected");
    c->at++;
    return true;
}

/* A value, up to where it is complete, or up to the first value in it (*is_open). */
static bool scan_value(struct scan *c, bool *is_open)
{
    *is_open = false;
    skip_blanks(c);
    if (c->at == c->end)
        return cut_off(c);
    char ch = *c->at;
    if (ch == '{' || ch == '[')
        return open_bracket(c, is_open);
    if (ch == '"')
        return scan_string(c);
    if (ch == '-' || (ch >= '0' && ch <= '9'))
        return scan_number(c);
    if ((ch | 32) >= 'a' && (ch | 32) <= 'z')
        return scan_word(c);
    return unexpected(c, "a value was expected");
}

/* Behind a value: close what ends there. *has: another value follows. */
static bool scan_behind(struct scan *c, bool *has)
{
    *has = false;
    for (;;) {
        skip_blanks(c);
        if (c->depth == 0)
            return c->at == c->end || fail(c, c->at, "text behind the end of the document");
        if (c->at == c->end)
            return cut_off(c);
        bool is_object = c->is_object[c->depth - 1];
        char ch = *c->at;
        if (ch == ',') {
            c->at++;
            *has = true;
            return true;
        }
        if (ch != (is_object ? '}' : ']'))
            return unexpected(c, is_object ? "a comma or } was expected" : "a comma or ] was expected");
        c->at++;
        c->depth--;
    }
}

static bool scan(struct scan *c)
{
    bool is_open, has = true;
    while (has) {
        if (c->depth != 0 && c->is_object[c->depth - 1] && !scan_key(c))
            return false;
        if (!scan_value(c, &is_open))
            return false;
        if (!is_open && !scan_behind(c, &has))
            return false;
    }
    return true;
}

static void find_line(struct slice text, struct json_fault *f)
{
    f->line = f->column = 1;
    for (size_t i = 0; i < f->at; i++) {
        if (text.s[i] == '\n') {
            f->line++;
            f->column = 1;
        } else {
            f->column += ((unsigned char)text.s[i] & 0xc0) != 0x80;
        }
    }
}

bool json_check(struct slice text, struct strbuf *repaired, struct json_fault *f)
{
    *f = (struct json_fault){.what = ""};
    struct scan c = {.s = text.s, .at = text.s, .end = text.s + text.n, .copied = text.s, .repaired = repaired, .f = f};
    if (text.n == 0) {
        f->what = "empty";
        find_line(text, f);
        return false;
    }
    size_t valid = utf8_valid_prefix(text);
    bool ok = scan(&c);
    if (valid < text.n && (ok || f->at >= valid))
        ok = fail(&c, text.s + valid, "not UTF-8");
    if (ok && repaired != NULL)
        strbuf_add(repaired, c.copied, (size_t)(c.end - c.copied));
    if (!ok)
        find_line(text, f);
    return ok;
}
