#include "ingest/split.h"

#include <stdlib.h>

#include "core/strbuf.h"

#define READ_BYTES   ((size_t)64 << 10)
#define LOOK_BYTES   ((size_t)1 << 20) /* the most that is read to tell lines from a mere stream */
#define LOOK_LINES   50
#define NO_DOC       SIZE_MAX
#define REASON_LONG  "longer than the limit for one record"
#define REASON_CUT   "cut off by the end of the file"
#define REASON_LINE  "bad JSON: a line end in a string"
#define REASON_TEXT  "bad JSON: text between the documents"
#define REASON_ARRAY "bad JSON: the list of documents is not where it was expected"

/* What the bracket counter is doing. */
enum state {
    AT_START,   /* before the top bracket (LAYOUT_ARRAY, LAYOUT_KEY) */
    AT_MEMBER,  /* in the top object, before a key (LAYOUT_KEY) */
    AT_VALUE,   /* after a key */
    IN_SKIPPED, /* in a member's value that is no list */
    BETWEEN,    /* between documents */
    IN_DOC,
    RESYNC, /* looking for a line that begins with a bracket */
    AT_END  /* nothing more can be understood */
};

struct splitter {
    struct reader_input in;
    struct layout layout;
    size_t max_bytes;
    bool is_begun, is_lines, is_at_end;
    struct err trouble;
    struct strbuf carry; /* text behind the last batch's documents */
    size_t pos;          /* how far the text of the batch was scanned */
    int64_t base;        /* offset of the batch's first byte */
    long line;           /* of pos */
    int64_t line_start;  /* offset of that line's first byte */

    enum state state;
    bool is_other;     /* the list we are in is not the one that was named */
    bool is_key;       /* IN_SKIPPED: it is a member's key */
    bool is_in_string; /* IN_DOC, IN_SKIPPED */
    bool is_bare;      /* the document is a number or a word: it ends before the next comma or bracket */
    bool is_dropped;   /* the document is too long; its bytes are passed over */
    unsigned depth;    /* open brackets of the document */
    size_t doc;        /* where the document begins; NO_DOC */
    long doc_line;     /* its place */
    int64_t doc_offset;
    int64_t doc_column;
    char top; /* the bracket or quote it begins with */
    struct strbuf key;
};

struct splitter *splitter_new(const struct reader_input *in, const struct layout *layout, size_t max_record_bytes)
{
    struct splitter *s = calloc(1, sizeof *s);
    if (s != NULL) {
        s->in = *in;
        s->layout = *layout;
        s->max_bytes = max_record_bytes;
        s->line = 1;
        s->doc = NO_DOC;
        s->state = layout->kind == LAYOUT_STREAM ? BETWEEN : AT_START;
    }
    return s;
}

void splitter_free(struct splitter *s)
{
    if (s == NULL)
        return;
    strbuf_free(&s->carry);
    strbuf_free(&s->key);
    free(s);
}

void split_batch_free(struct split_batch *b)
{
    free(b->text);
    free(b->docs);
    *b = (struct split_batch)SPLIT_BATCH_INIT;
}

/* ---- the batch ------------------------------------------------------------------------------------------------- */

static bool text_room(struct split_batch *b, size_t n)
{
    if (b->cap - b->ntext >= n + JSON_PADDING && b->text != NULL)
        return true;
    size_t cap = b->cap != 0 ? b->cap : READ_BYTES;
    while (cap - b->ntext < n + JSON_PADDING)
        cap *= 2;
    char *text = realloc(b->text, cap);
    if (text == NULL)
        return false;
    b->text = text;
    b->cap = cap;
    return true;
}

static enum err_code add_doc(struct splitter *s, struct split_batch *b, const struct split_doc *doc, struct err *e)
{
    if (b->ndocs == b->docs_cap) {
        size_t cap = b->docs_cap != 0 ? 2 * b->docs_cap : 64;
        struct split_doc *docs = realloc(b->docs, cap * sizeof *docs);
        if (docs == NULL)
            return err_nomem(e);
        b->docs = docs;
        b->docs_cap = cap;
    }
    struct split_doc *d = &b->docs[b->ndocs++];
    *d = *doc;
    d->is_other = s->is_other;
    if (d->reason == NULL && d->n > s->max_bytes)
        d->reason = REASON_LONG;
    if (d->reason != NULL)
        d->n = 0;
    return ERR_OK;
}

/* The document that is open ends before TO; if it breaks there, that is its place. */
static enum err_code end_doc(struct splitter *s, struct split_batch *b, size_t to, const char *reason, struct err *e)
{
    bool is_broken = reason != NULL && strcmp(reason, REASON_LINE) == 0;
    struct split_doc doc = {.from = s->doc,
                            .n = to - s->doc,
                            .line = s->doc_line,
                            .offset = s->doc_offset,
                            .column = s->doc_column,
                            .reason = reason};
    if (s->is_dropped) {
        doc.from = 0;
        doc.reason = REASON_LONG;
    } else if (is_broken) {
        doc.line = s->line;
        doc.offset = s->base + (int64_t)to;
        doc.column = doc.offset - s->line_start;
    }
    s->doc = NO_DOC;
    s->is_dropped = s->is_in_string = false;
    s->depth = 0;
    return add_doc(s, b, &doc, e);
}

/* Read more into B. At the end (or where the source failed) only is_at_end changes. */
static enum err_code read_more(struct splitter *s, struct split_batch *b, size_t n, struct err *e)
{
    if (!text_room(b, n))
        return err_nomem(e);
    size_t got = 0;
    if (s->in.read(s->in.ctx, b->text + b->ntext, n, &got, &s->trouble) != ERR_OK || got == 0)
        s->is_at_end = true;
    b->ntext += got;
    return ERR_OK;
}

/* ---- JSON Lines ------------------------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\x1e';
}

static enum err_code add_line(struct splitter *s, struct split_batch *b, size_t from, size_t to, struct err *e)
{
    struct split_doc doc = {.from = from, .n = to - from, .line = s->line, .offset = s->base + (int64_t)from};
    while (doc.n > 0 && is_blank(b->text[doc.from]))
        doc.from++, doc.n--, doc.offset++, doc.column++;
    while (doc.n > 0 && is_blank(b->text[doc.from + doc.n - 1]))
        doc.n--;
    if (s->is_dropped)
        doc = (struct split_doc){.line = s->line, .offset = s->doc_offset, .reason = REASON_LONG};
    s->is_dropped = false;
    return doc.n != 0 || doc.reason != NULL ? add_doc(s, b, &doc, e) : ERR_OK;
}

/* Cut all whole lines; *rest is where the unfinished one begins. */
static enum err_code scan_lines(struct splitter *s, struct split_batch *b, size_t *rest, struct err *e)
{
    size_t from = *rest;
    while (s->pos < b->ntext) {
        const char *nl = s->layout.kind == LAYOUT_WHOLE ? NULL : memchr(b->text + s->pos, '\n', b->ntext - s->pos);
        if (nl == NULL) {
            s->pos = b->ntext;
            break;
        }
        size_t to = (size_t)(nl - b->text);
        if (add_line(s, b, from, to, e) != ERR_OK)
            return e->code;
        s->line++;
        s->pos = from = to + 1;
    }
    if (s->is_at_end && from < b->ntext) {
        if (add_line(s, b, from, b->ntext, e) != ERR_OK)
            return e->code;
        from = b->ntext;
    } else if (s->is_at_end && s->is_dropped && add_line(s, b, from, from, e) != ERR_OK) {
        return e->code;
    }
    *rest = from;
    if (b->ntext - from > s->max_bytes && !s->is_dropped) {
        s->is_dropped = true;
        s->doc_offset = s->base + (int64_t)from;
    }
    return ERR_OK;
}

/* ---- counting brackets ------------------------------------------------------------------------------------------ */

size_t split_value(struct slice x)
{
    size_t depth = 0;
    bool is_in_string = false;
    for (size_t i = 0; i < x.n; i++) {
        char c = x.s[i];
        if (is_in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                is_in_string = false;
            else if (c == '\n')
                return 0;
        } else if (c == '"') {
            is_in_string = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return 0;
            depth--;
        }
        if (depth == 0 && !is_in_string)
            return i == 0 || i >= x.n ? 0 : i + 1;
    }
    return 0;
}

/* Bytes that end a run: in a string, and outside. */
static const unsigned char stops[256] = {
    ['"'] = 3, ['\\'] = 1, ['\n'] = 3, ['{'] = 2, ['}'] = 2, ['['] = 2, [']'] = 2,
};

static void next_line(struct splitter *s, size_t nl)
{
    s->line++;
    s->line_start = s->base + (int64_t)nl + 1;
}

static void begin_doc(struct splitter *s, size_t at, char c)
{
    s->doc = at;
    s->doc_line = s->line;
    s->doc_offset = s->base + (int64_t)at;
    s->doc_column = s->doc_offset - s->line_start;
    s->top = c;
    s->depth = 0;
    s->is_in_string = s->is_dropped = false;
    s->is_bare = c != '{' && c != '[' && c != '"';
}

/* Go on in a value to its end. True if it ended: pos is behind it. *broken: a line end in a string, at pos. */
static bool scan_value(struct splitter *s, const struct split_batch *b, bool *broken)
{
    const char *t = b->text;
    size_t i = s->pos, n = b->ntext;
    *broken = false;
    while (i < n) {
        unsigned char mask = s->is_in_string ? 1 : 2;
        while (i < n && (stops[(unsigned char)t[i]] & mask) == 0)
            i++;
        if (i == n)
            break;
        char c = t[i];
        if (c == '\\') {
            if (i + 1 == n)
                break; /* wait for what is escaped */
            i += 2;
            continue;
        }
        if (c == '\n') {
            if (s->is_in_string) {
                *broken = true;
                break;
            }
            next_line(s, i);
        } else if (c == '"') {
            s->is_in_string = !s->is_in_string;
        } else if (c == '{' || c == '[') {
            s->depth++;
        } else if (s->depth > 0) {
            s->depth--;
        }
        i++;
        if (s->depth == 0 && !s->is_in_string && c != '\n') {
            s->pos = i;
            return true;
        }
    }
    s->pos = i;
    return false;
}

/* A number or a word ends before a comma, a bracket or a blank. */
static bool scan_bare(struct splitter *s, const struct split_batch *b)
{
    while (s->pos < b->ntext) {
        char c = b->text[s->pos];
        if (is_blank(c) || c == ',' || c == ']' || c == '}' || c == '{' || c == '[')
            return true;
        s->pos++;
    }
    return false;
}

/* Look for a line that begins with the document's bracket, indented no deeper than it. */
static void resync(struct splitter *s, const struct split_batch *b)
{
    while (s->pos < b->ntext) {
        const char *nl = memchr(b->text + s->pos, '\n', b->ntext - s->pos);
        if (nl == NULL) {
            s->pos = b->ntext;
            return;
        }
        size_t at = (size_t)(nl - b->text) + 1;
        while (at < b->ntext && (b->text[at] == ' ' || b->text[at] == '\t'))
            at++;
        if (at == b->ntext && !s->is_at_end) {
            s->pos = (size_t)(nl - b->text);
            return;
        }
        next_line(s, (size_t)(nl - b->text));
        s->pos = at;
        char c = (char)(at < b->ntext ? b->text[at] : '\0');
        if ((c == s->top || (s->is_bare && (c == '{' || c == '['))) &&
            s->base + (int64_t)at - s->line_start <= s->doc_column) {
            s->state = BETWEEN;
            return;
        }
    }
}

/* Can a number or a word begin with C? */
static bool is_bare_start(char c)
{
    return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Between documents: pass over what may stand there; begin the next one. */
static enum err_code scan_between(struct splitter *s, struct split_batch *b, struct err *e)
{
    bool is_array = s->layout.kind == LAYOUT_ARRAY || s->layout.kind == LAYOUT_KEY;
    for (; s->pos < b->ntext; s->pos++) {
        char c = b->text[s->pos];
        if (c == '\n') {
            next_line(s, s->pos);
        } else if (is_blank(c) || (is_array && c == ',')) {
            continue;
        } else if (is_array && c == ']') {
            s->pos++;
            s->state = s->layout.kind == LAYOUT_KEY ? AT_MEMBER : AT_START;
            return ERR_OK;
        } else {
            begin_doc(s, s->pos, c);
            s->state = IN_DOC;
            if (!s->is_bare || (is_array && is_bare_start(c)))
                return ERR_OK;
            /* no document begins so: refuse the rest of the line */
            s->state = RESYNC;
            return end_doc(s, b, s->pos, REASON_TEXT, e);
        }
    }
    return ERR_OK;
}

static enum err_code scan_doc(struct splitter *s, struct split_batch *b, struct err *e)
{
    bool broken = false;
    if (s->is_bare ? scan_bare(s, b) : scan_value(s, b, &broken)) {
        s->state = BETWEEN;
        return end_doc(s, b, s->pos, NULL, e);
    }
    if (!broken)
        return ERR_OK;
    s->state = RESYNC;
    return end_doc(s, b, s->pos, REASON_LINE, e);
}

/* The top bracket of an array or of an object with lists. */
static enum err_code scan_start(struct splitter *s, struct split_batch *b, char c, struct err *e)
{
    bool is_key = s->layout.kind == LAYOUT_KEY;
    if (c == (is_key ? '{' : '[')) {
        s->pos++;
        s->state = is_key ? AT_MEMBER : BETWEEN;
        return ERR_OK;
    }
    begin_doc(s, s->pos, c);
    s->state = AT_END;
    return end_doc(s, b, s->pos, REASON_ARRAY, e);
}

/* In the top object of LAYOUT_KEY: a key, or the value behind one. */
static enum err_code scan_member(struct splitter *s, struct split_batch *b, char c, struct err *e)
{
    if (s->state == AT_VALUE && c == '[') {
        s->is_other = strcmp(s->key.s, s->layout.key) != 0;
        s->pos++;
        s->state = BETWEEN;
    } else if (s->state == AT_MEMBER && c == '}') {
        s->pos++;
        s->state = AT_START;
    } else if (s->state == AT_VALUE || c == '"') {
        s->is_key = s->state == AT_MEMBER;
        begin_doc(s, s->pos, c);
        s->state = IN_SKIPPED;
    } else {
        begin_doc(s, s->pos, c);
        s->state = AT_END;
        return end_doc(s, b, s->pos, REASON_ARRAY, e);
    }
    return ERR_OK;
}

static enum err_code scan_top(struct splitter *s, struct split_batch *b, struct err *e)
{
    for (; s->pos < b->ntext; s->pos++) {
        char c = b->text[s->pos];
        if (c == '\n')
            next_line(s, s->pos);
        else if (!is_blank(c) && c != ',' && !(c == ':' && s->state == AT_VALUE))
            return s->state == AT_START ? scan_start(s, b, c, e) : scan_member(s, b, c, e);
    }
    return ERR_OK;
}

/* Pass over a key, which is remembered, or over a member's value, which is not. */
static enum err_code scan_skipped(struct splitter *s, struct split_batch *b, struct err *e)
{
    bool broken = false;
    if (s->is_bare ? scan_bare(s, b) : scan_value(s, b, &broken)) {
        if (s->is_key) {
            strbuf_clear(&s->key);
            strbuf_add(&s->key, b->text + s->doc + 1, s->pos - s->doc - 2);
            if (strbuf_failed(&s->key))
                return err_nomem(e);
        }
        s->doc = NO_DOC;
        s->state = s->is_key ? AT_VALUE : AT_MEMBER;
    } else if (broken) {
        s->state = AT_END;
        return end_doc(s, b, s->pos, REASON_LINE, e);
    }
    return ERR_OK;
}

/* Scan all there is in B. */
static enum err_code scan_brackets(struct splitter *s, struct split_batch *b, struct err *e)
{
    enum err_code rc = ERR_OK;
    size_t before;
    enum state state;
    do {
        before = s->pos;
        state = s->state;
        switch (s->state) {
        case AT_START:
        case AT_MEMBER:
        case AT_VALUE:
            rc = scan_top(s, b, e);
            break;
        case IN_SKIPPED:
            rc = scan_skipped(s, b, e);
            break;
        case BETWEEN:
            rc = scan_between(s, b, e);
            break;
        case IN_DOC:
            rc = scan_doc(s, b, e);
            break;
        case RESYNC:
            resync(s, b);
            break;
        case AT_END:
            s->pos = b->ntext;
            break;
        }
    } while (rc == ERR_OK && (s->pos != before || s->state != state));
    if (rc == ERR_OK && s->state == IN_DOC && s->pos - s->doc > s->max_bytes)
        s->is_dropped = true;
    return rc;
}

/* The text ended: was it cut off? */
static enum err_code finish_brackets(struct splitter *s, struct split_batch *b, struct err *e)
{
    bool is_open = s->state == IN_DOC || s->state == IN_SKIPPED || s->state == AT_MEMBER || s->state == AT_VALUE ||
                   (s->state == BETWEEN && s->layout.kind != LAYOUT_STREAM);
    if (!is_open)
        return ERR_OK;
    if (s->state != IN_DOC && s->state != IN_SKIPPED)
        begin_doc(s, s->pos, '{');
    s->state = AT_END;
    return end_doc(s, b, s->pos, REASON_CUT, e);
}

/* ---- batches ------------------------------------------------------------------------------------------------------
 */

/* Are the first lines documents? */
static bool looks_like_lines(struct slice text, bool is_all)
{
    size_t nlines = 0, nwhole = 0;
    bool is_first_whole = false;
    while (text.n > 0 && nlines < LOOK_LINES) {
        const char *nl = memchr(text.s, '\n', text.n);
        if (nl == NULL && !is_all)
            break;
        size_t n = nl != NULL ? (size_t)(nl - text.s) : text.n;
        struct slice line = slice_trim((struct slice){text.s, n});
        if (line.n > 0) {
            bool is_whole = (line.s[0] == '{' || line.s[0] == '[') && split_value(line) == line.n;
            is_first_whole = is_first_whole || (nlines == 0 && is_whole);
            nlines++;
            nwhole += is_whole;
        }
        n += nl != NULL;
        text.s += n;
        text.n -= n;
    }
    return is_first_whole || (nlines > 0 && 2 * nwhole >= nlines);
}

static enum err_code begin(struct splitter *s, struct split_batch *b, struct err *e)
{
    s->is_begun = true;
    s->is_lines = s->layout.kind == LAYOUT_WHOLE;
    if (s->layout.kind != LAYOUT_STREAM)
        return ERR_OK;
    do {
        if (read_more(s, b, READ_BYTES, e) != ERR_OK)
            return e->code;
    } while (!s->is_at_end &&
             (b->ntext < READ_BYTES || (b->ntext < LOOK_BYTES && memchr(b->text, '\n', b->ntext) == NULL)));
    s->is_lines = looks_like_lines((struct slice){b->text, b->ntext}, s->is_at_end);
    return ERR_OK;
}

/* Forget the first N bytes of the text: they are cut, or not needed. */
static void move_on(struct splitter *s, size_t n)
{
    s->base += (int64_t)n;
    s->pos -= n;
    if (s->doc != NO_DOC)
        s->doc = s->doc > n ? s->doc - n : 0;
}

static enum err_code scan(struct splitter *s, struct split_batch *b, size_t *rest, struct err *e)
{
    if (s->is_lines) {
        if (scan_lines(s, b, rest, e) != ERR_OK)
            return e->code;
        if (s->is_dropped)
            *rest = b->ntext;
        return ERR_OK;
    }
    if (scan_brackets(s, b, e) != ERR_OK || (s->is_at_end && finish_brackets(s, b, e) != ERR_OK))
        return e->code;
    bool is_needed = s->doc != NO_DOC && !s->is_dropped && !(s->state == IN_SKIPPED && !s->is_key);
    *rest = is_needed ? s->doc : s->pos;
    return ERR_OK;
}

enum err_code splitter_next(struct splitter *s, struct split_batch *b, size_t want, bool *has, struct err *e)
{
    size_t rest = 0;
    *has = false;
    b->ntext = b->ndocs = 0;
    if (!text_room(b, s->carry.n))
        return err_nomem(e);
    if (s->carry.n != 0)
        memcpy(b->text, s->carry.s, s->carry.n);
    b->ntext = s->carry.n;
    strbuf_clear(&s->carry);
    if (!s->is_begun && begin(s, b, e) != ERR_OK)
        return e->code;
    for (;;) {
        if (scan(s, b, &rest, e) != ERR_OK)
            return e->code;
        if (s->is_at_end || (b->ndocs > 0 && rest >= want))
            break;
        if (b->ndocs == 0 && rest >= READ_BYTES / 2) {
            memmove(b->text, b->text + rest, b->ntext - rest);
            b->ntext -= rest;
            move_on(s, rest);
            rest = 0;
        }
        if (read_more(s, b, READ_BYTES, e) != ERR_OK)
            return e->code;
    }
    strbuf_add(&s->carry, b->text + rest, b->ntext - rest);
    if (strbuf_failed(&s->carry))
        return err_nomem(e);
    memset(b->text + b->ntext, ' ', JSON_PADDING);
    move_on(s, rest);
    *has = b->ndocs > 0;
    if (!*has && s->trouble.code != ERR_OK) {
        *e = s->trouble;
        return e->code;
    }
    return ERR_OK;
}
