#include "ingest/html_text.h"

#include <stdlib.h>

#define MOST_NAME 12 /* bytes of an element's or a character's name that is looked up */

/* ---- character references ------------------------------------------------------------------------------------------
 */

static const struct entity {
    const char *name;
    uint32_t cp;
} entities[] = {
#define ENTITY(name, cp) {name, cp},
#include "ingest/html_entities.def"
#undef ENTITY
};

static int by_entity_name(const void *key, const void *row)
{
    return strcmp(key, ((const struct entity *)row)->name);
}

static void put_cp(uint32_t cp, struct strbuf *out)
{
    if (cp < 0x80) {
        strbuf_putc(out, (char)cp);
        return;
    }
    if (cp >= 0x10000)
        strbuf_putc(out, (char)(0xf0 | cp >> 18));
    if (cp >= 0x800)
        strbuf_putc(out, (char)(cp >= 0x10000 ? 0x80 | (cp >> 12 & 0x3f) : 0xe0 | cp >> 12));
    strbuf_putc(out, (char)(cp >= 0x800 ? 0x80 | (cp >> 6 & 0x3f) : 0xc0 | cp >> 6));
    strbuf_putc(out, (char)(0x80 | (cp & 0x3f)));
}

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code point of "&#...": its bytes, or 0 if X begins with no such thing. */
static size_t read_number(struct slice x, uint32_t *cp)
{
    /* 0x80 to 0x9f are those of Windows-1252, as the standard has it */
    static const uint16_t windows[32] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                         0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                         0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                         0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};
    bool is_hex = x.n > 3 && (x.s[2] | 0x20) == 'x';
    size_t from = is_hex ? 3 : 2, i = from;
    uint32_t value = 0;
    for (; i < x.n; i++) {
        int digit = hex_digit(x.s[i]);
        if (digit < 0 || (!is_hex && digit > 9))
            break;
        value = value > 0x10ffff ? value : value * (is_hex ? 16 : 10) + (uint32_t)digit;
    }
    if (i == from)
        return 0;
    if (value >= 0x80 && value < 0xa0)
        value = windows[value - 0x80];
    bool is_bad = value == 0 || value > 0x10ffff || (value >= 0xd800 && value < 0xe000);
    *cp = is_bad ? 0xfffd : value;
    return i + (i < x.n && x.s[i] == ';');
}

/* The character reference at the start of X, which begins with "&": its bytes, or 0 (and *cp as it was) if it is none.
 */
static size_t read_reference(struct slice x, uint32_t *cp)
{
    if (x.n > 2 && x.s[1] == '#')
        return read_number(x, cp);
    char name[MOST_NAME + 1];
    size_t n = 0;
    while (n < MOST_NAME && n + 1 < x.n && is_alnum(x.s[n + 1])) {
        name[n] = x.s[n + 1];
        n++;
    }
    name[n] = '\0';
    const struct entity *found =
        n > 0 ? bsearch(name, entities, sizeof entities / sizeof *entities, sizeof *entities, by_entity_name) : NULL;
    if (found == NULL)
        return 0;
    bool is_whole = n + 1 < x.n && x.s[n + 1] == ';';
    /* "&copy=1" is a link's, "&amp " a slip */
    bool is_old = found->cp == '&' || found->cp == '<' || found->cp == '>' || found->cp == '"' || found->cp == 0xa0;
    bool ends = n + 1 == x.n || (!is_alnum(x.s[n + 1]) && x.s[n + 1] != '=');
    if (!is_whole && !(is_old && ends))
        return 0;
    *cp = found->cp;
    return n + 1 + is_whole;
}

void html_decode(struct slice x, struct strbuf *out)
{
    while (x.n > 0) {
        const char *amp = memchr(x.s, '&', x.n);
        size_t plain = amp != NULL ? (size_t)(amp - x.s) : x.n;
        strbuf_add(out, x.s, plain);
        x = (struct slice){x.s + plain, x.n - plain};
        if (x.n == 0)
            break;
        uint32_t cp = '&';
        size_t n = read_reference(x, &cp);
        put_cp(n != 0 ? cp : '&', out);
        n = n != 0 ? n : 1;
        x = (struct slice){x.s + n, x.n - n};
    }
}

/* ---- elements ------------------------------------------------------------------------------------------------------
 */

enum kind { KIND_NONE, KIND_INLINE, KIND_LINE, KIND_ITEM, KIND_CELL, KIND_PRE, KIND_QUOTE, KIND_DROP };

/* The elements that matter, and those by which messages are known to be HTML; sorted by name. */
static const struct element {
    char name[MOST_NAME];
    enum kind kind;
} elements[] = {
    {"a", KIND_INLINE},         {"address", KIND_LINE}, {"article", KIND_LINE}, {"b", KIND_INLINE},
    {"blockquote", KIND_QUOTE}, {"body", KIND_LINE},    {"br", KIND_LINE},      {"center", KIND_LINE},
    {"code", KIND_INLINE},      {"dd", KIND_LINE},      {"div", KIND_LINE},     {"dl", KIND_LINE},
    {"dt", KIND_LINE},          {"em", KIND_INLINE},    {"font", KIND_INLINE},  {"footer", KIND_LINE},
    {"form", KIND_LINE},        {"h1", KIND_LINE},      {"h2", KIND_LINE},      {"h3", KIND_LINE},
    {"h4", KIND_LINE},          {"h5", KIND_LINE},      {"h6", KIND_LINE},      {"header", KIND_LINE},
    {"hr", KIND_LINE},          {"html", KIND_LINE},    {"i", KIND_INLINE},     {"iframe", KIND_DROP},
    {"img", KIND_INLINE},       {"li", KIND_ITEM},      {"main", KIND_LINE},    {"noframes", KIND_DROP},
    {"ol", KIND_LINE},          {"option", KIND_LINE},  {"p", KIND_LINE},       {"pre", KIND_PRE},
    {"script", KIND_DROP},      {"section", KIND_LINE}, {"span", KIND_INLINE},  {"strong", KIND_INLINE},
    {"style", KIND_DROP},       {"table", KIND_LINE},   {"td", KIND_CELL},      {"th", KIND_CELL},
    {"title", KIND_DROP},       {"tr", KIND_LINE},      {"u", KIND_INLINE},     {"ul", KIND_LINE},
    {"xmp", KIND_DROP},
};

static int by_element_name(const void *key, const void *row)
{
    return strcmp(key, ((const struct element *)row)->name);
}

/* The element whose name stands at the start of X, or NULL. */
static const struct element *find_element(struct slice x)
{
    char name[MOST_NAME];
    size_t n = 0;
    for (; n < x.n && is_alnum(x.s[n]); n++) {
        if (n == MOST_NAME - 1)
            return NULL;
        name[n] = x.s[n];
        if (name[n] >= 'A' && name[n] <= 'Z')
            name[n] = (char)(name[n] | 0x20);
    }
    name[n] = '\0';
    return bsearch(name, elements, sizeof elements / sizeof *elements, sizeof *elements, by_element_name);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ---- text ----------------------------------------------------------------------------------------------------------
 */

/* What has to stand before the next character that is printed. */
enum gap { GAP_NONE, GAP_BLANK, GAP_LINE, GAP_ITEM };

struct html {
    struct slice x;
    size_t at;
    struct strbuf *out;
    size_t start; /* of OUT, before anything was appended */
    enum gap gap;
    bool cuts_quotes;
    unsigned pre, quote;   /* how deep in <pre>, in <blockquote> */
    bool no_end, no_quote; /* no ">" follows any more; a quoted attribute was never closed: quotes are not minded */
    uint64_t never_closed; /* bits by elements[]: no end tag of it follows any more */
};

static void put_gap(struct html *h)
{
    static const char *const gaps[] = {"", " ", "\n", "\n- "};
    const char *s = gaps[h->gap];
    if (h->out->n == h->start) /* nothing stands before it */
        s = h->gap == GAP_ITEM ? "- " : "";
    strbuf_puts(h->out, s);
    h->gap = GAP_NONE;
}

static void want(struct html *h, enum gap gap)
{
    h->gap = gap > h->gap ? gap : h->gap;
}

static bool is_cut(const struct html *h)
{
    return h->cuts_quotes && h->quote > 0;
}

static void put_char(struct html *h, uint32_t cp)
{
    if (is_cut(h))
        return;
    if (h->pre > 0 && cp == '\n') { /* further line ends are kept */
        if (h->gap == GAP_LINE && h->out->n > h->start)
            strbuf_putc(h->out, '\n');
        want(h, GAP_LINE);
    } else if (cp == 0xa0 || (cp < 0x80 && is_space((char)cp))) {
        if (h->pre > 0 && cp != '\r') {
            put_gap(h);
            put_cp(cp == 0xa0 ? ' ' : cp, h->out);
        } else {
            want(h, GAP_BLANK);
        }
    } else if (cp != 0xfeff && cp != 0xad) {
        put_gap(h);
        put_cp(cp, h->out);
    }
}

/* Plain text: a byte, and all up to the next one that means something. */
static void put_run(struct html *h)
{
    size_t from = h->at;
    do
        h->at++;
    while (h->at < h->x.n && h->x.s[h->at] != '<' && h->x.s[h->at] != '&' && !is_space(h->x.s[h->at]) &&
           h->x.s[h->at] != (char)0xc2);
    if (!is_cut(h)) {
        put_gap(h);
        strbuf_add(h->out, h->x.s + from, h->at - from);
    }
}

/* The ">" that closes the tag at h->at, or x.n if none does. */
static size_t find_tag_end(struct html *h)
{
    char quote = '\0';
    size_t first = h->x.n;
    if (h->no_end)
        return h->x.n;
    for (size_t i = h->at + 1; i < h->x.n; i++) {
        char c = h->x.s[i];
        if (c == '>' && first == h->x.n)
            first = i;
        if (quote != 0 && c == quote)
            quote = '\0';
        else if (quote == '\0' && c == '>')
            return i;
        else if (quote == '\0' && (c == '"' || c == '\'') && !h->no_quote && h->x.s[i - 1] == '=')
            quote = c;
    }
    h->no_quote = true; /* so that nothing is looked at again and again */
    h->no_end = first == h->x.n;
    return first;
}

/* Pass over the content of the element E that begins at h->at, and its end tag. */
static void drop(struct html *h, const struct element *e)
{
    uint64_t bit = UINT64_C(1) << (e - elements);
    size_t n = strlen(e->name);
    for (size_t i = h->at; (h->never_closed & bit) == 0; i++) {
        const char *lt = i < h->x.n ? memchr(h->x.s + i, '<', h->x.n - i) : NULL;
        if (lt == NULL) {
            h->never_closed |= bit;
            break;
        }
        i = (size_t)(lt - h->x.s);
        struct slice name = {lt + 2, h->x.n - i > 2 ? h->x.n - i - 2 : 0};
        if (name.n >= n && lt[1] == '/' && find_element(name) == e) {
            h->at = i; /* its end tag is the next one */
            break;
        }
    }
}

static void open_or_close(struct html *h, const struct element *e, bool is_end)
{
    enum kind kind = e != NULL ? e->kind : KIND_NONE;
    if (kind == KIND_PRE || kind == KIND_QUOTE) {
        unsigned *depth = kind == KIND_PRE ? &h->pre : &h->quote;
        *depth = is_end ? *depth - (*depth > 0) : *depth + 1;
    }
    if (kind == KIND_CELL)
        want(h, GAP_BLANK);
    else if (kind == KIND_ITEM && !is_end && !is_cut(h))
        want(h, GAP_ITEM);
    else if (kind >= KIND_LINE && kind != KIND_DROP)
        want(h, GAP_LINE);
    else if (kind == KIND_DROP && !is_end)
        drop(h, e);
}

/* What stands at "<": a tag, a comment, or only this sign. */
static void take_markup(struct html *h)
{
    struct slice rest = {h->x.s + h->at, h->x.n - h->at};
    if (slice_starts(rest, "<!--")) {
        struct slice body = {rest.s + 4, rest.n - 4};
        size_t i = 0;
        while (i < body.n && !(body.s[i] == '>' && ((i >= 2 && body.s[i - 1] == '-' && body.s[i - 2] == '-') ||
                                                    (i < 2 && (i == 0 || body.s[0] == '-')))))
            i++;
        h->at += 4 + i + (i < body.n);
        return;
    }
    bool is_end = rest.n > 1 && rest.s[1] == '/';
    size_t name = is_end ? 2 : 1;
    bool is_tag = rest.n > name && is_letter(rest.s[name]);
    bool is_other = !is_end && rest.n > 1 && (rest.s[1] == '!' || rest.s[1] == '?'); /* <!DOCTYPE html> */
    size_t end = is_tag || is_other ? find_tag_end(h) : h->x.n;
    if (end == h->x.n) {
        put_char(h, '<');
        h->at++;
        return;
    }
    const struct element *e = is_tag ? find_element((struct slice){rest.s + name, rest.n - name}) : NULL;
    h->at = end + 1;
    open_or_close(h, e, is_end);
}

static void convert(struct slice x, bool cuts_quotes, struct strbuf *out)
{
    struct html h = {.x = x, .out = out, .start = out->n, .cuts_quotes = cuts_quotes};
    while (h.at < h.x.n) {
        struct slice rest = {h.x.s + h.at, h.x.n - h.at};
        uint32_t cp = (unsigned char)rest.s[0];
        size_t n = 1;
        if (cp == '<') {
            take_markup(&h);
            continue;
        }
        if (cp == '&') {
            n = read_reference(rest, &cp);
        } else if (cp == 0xc2 && rest.n > 1 && ((unsigned char)rest.s[1] & 0xc0) == 0x80) {
            cp = (unsigned char)rest.s[1]; /* U+0080 to U+00BF */
            n = 2;
        } else if (!is_space((char)cp)) {
            put_run(&h);
            continue;
        }
        put_char(&h, cp);
        h.at += n != 0 ? n : 1;
    }
}

void html_to_text(struct slice html, struct strbuf *out)
{
    convert(html, false, out);
}

void html_to_text_unquoted(struct slice html, struct strbuf *out)
{
    convert(html, true, out);
}

bool html_has_tags(struct slice x)
{
    for (size_t i = 0; i < x.n; i++) {
        const char *lt = memchr(x.s + i, '<', x.n - i);
        if (lt == NULL)
            return false;
        i = (size_t)(lt - x.s);
        size_t name = i + 1 + (i + 1 < x.n && x.s[i + 1] == '/'), end = name;
        while (end < x.n && is_alnum(x.s[end]))
            end++;
        bool ends = end < x.n && (x.s[end] == '>' || x.s[end] == '/' || is_space(x.s[end]));
        const struct element *el = end > name && ends ? find_element((struct slice){x.s + name, x.n - name}) : NULL;
        if (el != NULL && el->kind != KIND_DROP) /* whoever types <script> wants it to be seen */
            return memchr(x.s + end, '>', x.n - end) != NULL;
    }
    return false;
}

struct slice html_plain(struct slice x, struct strbuf *room)
{
    strbuf_clear(room);
    if (html_has_tags(x))
        html_to_text(x, room);
    else if (x.n != 0 && memchr(x.s, '&', x.n) != NULL)
        html_decode(x, room);
    else
        return x;
    return strbuf_slice(room);
}
