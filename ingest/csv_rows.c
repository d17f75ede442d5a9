#include "ingest/csv_rows.h"

#include <stdlib.h>

#define SAMPLE_ROWS 100
#define MOST_TITLES 10
#define MOST_RECORD ((size_t)64 << 20)
#define FIRST_PIECE ((size_t)64 << 10) /* enough to guess the delimiter by */

/* A source that gives the first piece again after it was looked at. */
struct rewound {
    const struct reader_input *in;
    struct strbuf first;
    size_t given;
    struct err end; /* what ended the first piece early; ERR_OK: nothing */
};

static enum err_code read_rewound(void *ctx, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct rewound *r = ctx;
    size_t left = r->first.n - r->given;
    if (left == 0 && r->end.code != ERR_OK) {
        *e = r->end;
        return e->code;
    }
    if (left == 0)
        return r->in->read(r->in->ctx, buf, cap, n, e);
    *n = left < cap ? left : cap;
    memcpy(buf, r->first.s + r->given, *n);
    r->given += *n;
    return ERR_OK;
}

/* Read the first piece, and pass over a byte order mark. */
static enum err_code look(struct rewound *r, struct err *e)
{
    for (;;) {
        size_t n;
        char *to = strbuf_reserve(&r->first, FIRST_PIECE);
        if (to == NULL)
            return err_nomem(e);
        enum err_code rc = r->in->read(r->in->ctx, to, FIRST_PIECE, &n, e);
        if (rc != ERR_OK) {
            r->end = *e; /* what came before is read first */
            break;
        }
        r->first.n += n;
        if (n == 0 || r->first.n >= FIRST_PIECE)
            break;
    }
    r->given = r->first.n - slice_after_bom(strbuf_slice(&r->first)).n;
    return ERR_OK;
}

/* The delimiter of a text that may have a single column. */
static char guess(struct slice text)
{
    char delimiter = csv_guess_delimiter(text);
    if (delimiter == 0)
        delimiter = ',';
    return delimiter;
}

/* How many records stand above the header: titles and blank lines, as reports have them. TEXT is the beginning. */
static size_t count_titles(struct slice text, char delimiter)
{
    struct slice left = text;
    struct csv_reader *r = csv_reader_new(csv_from_slice, &left, delimiter, text.n + 1);
    size_t n = 0, found = 0;
    for (; r != NULL && n < MOST_TITLES && found == 0; n++) {
        struct csv_record rec;
        struct err e = {.code = ERR_OK};
        bool has;
        size_t nfull = 0;
        if (csv_read(r, &rec, &has, &e) != ERR_OK || !has)
            break;
        for (size_t i = 0; i < rec.nfields; i++)
            nfull += slice_trim(rec.fields[i]).n != 0;
        bool is_title = nfull == 0 || (nfull == 1 && slice_trim(rec.fields[0]).n != 0);
        if (nfull > 2)
            found = n + 1;
        else if (!is_title)
            break;
    }
    csv_reader_free(r);
    return found != 0 ? found - 1 : 0;
}

/* The header: the record behind NTITLES others that is not the hint "sep=;". */
static enum err_code read_header(struct csv_reader *r, size_t ntitles, struct csv_record *rec, bool *has, struct err *e)
{
    enum err_code rc = csv_read(r, rec, has, e);
    for (size_t i = 0; rc == ERR_OK && *has && i < ntitles; i++)
        rc = csv_read(r, rec, has, e);
    if (rc == ERR_OK && *has && csv_is_sep_hint(rec))
        rc = csv_read(r, rec, has, e);
    return rc;
}

/* Refuse rows that do not fit under their header. Empty fields behind the last column are no harm. */
static enum err_code check_row(const struct csv_columns *c, const struct csv_record *rec, struct err *e)
{
    size_t n = rec->nfields;
    while (n > c->nheader && rec->fields[n - 1].n == 0)
        n--;
    if (n != c->nheader)
        return err_set(e, ERR_INPUT, "%zu fields, but the header has %zu", rec->nfields, c->nheader);
    for (size_t i = 0; i < n; i++)
        if (rec->fields[i].n != 0 && memchr(rec->fields[i].s, '\0', rec->fields[i].n) != NULL)
            return err_set(e, ERR_INPUT, "a NUL byte in column %zu", i + 1);
    return ERR_OK;
}

/* All rows below the header. */
static enum err_code walk(struct csv_reader *r, const char *path, const struct csv_columns *c,
                          const struct reader_sink *sink, void *ctx, csv_row *row, struct err *e)
{
    for (;;) {
        struct csv_record rec;
        bool has;
        enum err_code rc = csv_read(r, &rec, &has, e);
        if (rc != ERR_OK && !csv_reader_can_go_on(r))
            return rc;
        if (rc == ERR_OK && !has)
            return ERR_OK;
        if (rc == ERR_OK)
            rc = check_row(c, &rec, e);
        if (rc == ERR_OK)
            rc = row(ctx, c, &rec, e);
        if (rc == ERR_INPUT) {
            char reason[sizeof e->msg];
            memcpy(reason, e->msg, sizeof reason);
            rc = sink->reject(sink->ctx, &(struct place){path, rec.line, -1}, reason, e);
        }
        if (rc != ERR_OK)
            return rc;
    }
}

enum err_code csv_rows_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                            const struct reader_sink *sink, bool is_cell, void *ctx, csv_row *row, struct err *e)
{
    struct rewound source = {.in = in, .first = STRBUF_INIT};
    struct csv_reader *r = NULL;
    enum err_code rc = look(&source, e);
    if (rc != ERR_OK)
        goto cleanup;
    char delimiter = o->delimiter;
    if (delimiter == 0)
        delimiter = guess(strbuf_slice(&source.first));
    r = csv_reader_new(read_rewound, &source, delimiter, o->max_record_bytes != 0 ? o->max_record_bytes : MOST_RECORD);
    if (r == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    struct csv_record header;
    struct csv_columns columns = {.nheader = 0};
    bool has;
    rc = read_header(r, count_titles(strbuf_slice(&source.first), delimiter), &header, &has, e);
    if (rc == ERR_OK && has)
        rc = csv_columns_find(&columns, &header, o->columns, is_cell, e);
    if (rc == ERR_OK && has && o->channel_is_speaker && !csv_columns_have(&columns, CSV_ROLE))
        csv_columns_use_channel(&columns);
    bool has_role = csv_columns_have(&columns, CSV_ROLE) || csv_columns_have(&columns, CSV_TURN) ||
                    csv_columns_are_segments(&columns);
    if (rc == ERR_OK && has && !is_cell && !has_role)
        rc = csv_columns_missing(&header, "the speaker", "role", e);
    if (rc == ERR_OK && has && !csv_columns_have(&columns, is_cell ? CSV_TRANSCRIPT : CSV_TEXT))
        rc = csv_columns_missing(&header, is_cell ? "the transcript" : "the text", is_cell ? "transcript" : "text", e);
    if (rc == ERR_OK && has)
        rc = walk(r, path, &columns, sink, ctx, row, e);
cleanup:
    csv_reader_free(r);
    strbuf_free(&source.first);
    return rc;
}

/* The sample's text without a byte order mark and, if it is cut, without its last line. */
static struct slice sample_text(const struct sample *s)
{
    struct slice x = slice_after_bom(s->text);
    size_t n = s->is_all ? x.n : 0;
    for (size_t i = x.n; i > 0 && n == 0; i--)
        if (x.s[i - 1] == '\n' || x.s[i - 1] == '\r')
            n = i;
    x.n = n != 0 ? n : x.n;
    return x;
}

bool csv_rows_sample(const struct sample *s, const struct reader_options *o, bool is_cell, void *ctx, csv_row *row,
                     struct csv_sample *out, struct err *e)
{
    struct slice text = sample_text(s);
    struct csv_record rec;
    bool has = false;
    *out = (struct csv_sample){.delimiter = guess(text)};
    struct csv_reader *r = csv_reader_new(csv_from_slice, &text, out->delimiter, s->text.n + 1);
    if (r == NULL)
        return false;
    struct err why; /* a bad row of the sample is told when the file is read */
    size_t ntitles = count_titles(text, out->delimiter);
    bool fits = read_header(r, ntitles, &rec, &has, &why) == ERR_OK && has &&
                csv_columns_find(&out->columns, &rec, o->columns, is_cell, e) == ERR_OK;
    while (fits && out->nrows < SAMPLE_ROWS) {
        enum err_code rc = csv_read(r, &rec, &has, &why);
        if ((rc == ERR_OK && !has) || !csv_reader_can_go_on(r))
            break;
        if (rc == ERR_OK && check_row(&out->columns, &rec, &why) == ERR_OK && row != NULL)
            (void)row(ctx, &out->columns, &rec, &why);
        out->nrows++;
    }
    csv_reader_free(r);
    return fits;
}

void csv_rows_tell_missing(const struct sample *s, const char *what, const char *field, struct err *e)
{
    struct slice text = sample_text(s);
    struct csv_record rec;
    bool has;
    const char delimiter = guess(text);
    size_t ntitles = count_titles(text, delimiter);
    struct csv_reader *r = csv_reader_new(csv_from_slice, &text, delimiter, s->text.n + 1);
    if (r != NULL && read_header(r, ntitles, &rec, &has, e) == ERR_OK && has)
        (void)csv_columns_missing(&rec, what, field, e);
    csv_reader_free(r);
}
