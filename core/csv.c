#include "core/csv.h"

#include <csv.h>
#include <stdlib.h>

#include "core/file.h"

#define CHUNK_BYTES     ((size_t)64 << 10)
#define MOST_FIELDS     16384
#define MOST_RESTARTS   20
#define MOST_FILE_BYTES ((size_t)256 << 20)

/* libcsv pushes: it calls back for every field and every line end of the bytes it is fed, and cannot be stopped. So
 * the reader feeds it one chunk at a time and keeps the records that became complete, until they are asked for. */
enum fate { FATE_GOOD, FATE_TOO_LONG, FATE_TOO_MANY_FIELDS, FATE_OPEN_QUOTE };

struct kept_record {
    enum fate fate;
    long line;
    size_t first, nfields; /* in ends[] */
};

struct csv_reader {
    csv_source *source;
    void *ctx;
    struct csv_parser parser;
    size_t max_record_bytes;
    bool is_at_end, is_broken;
    unsigned restarts; /* behind quotes that were never closed */

    long line;           /* of the next unread byte */
    long lines_cut_away; /* line ends in what was cut off a field that is too long */
    int last_end;        /* the unquoted line end just before, with nothing after it; 0: none */

    struct kept_record now; /* the record that is being read */
    size_t now_bytes;       /* of its finished fields */

    struct strbuf data; /* the fields of all kept records, one after the other */
    size_t *ends;       /* where in data each field ends */
    size_t nends, cap_ends;
    struct kept_record *kept;
    size_t nkept, cap_kept, next; /* next: the one to give */
    bool is_out_of_memory;

    struct slice *fields; /* of the record given last */
    size_t cap_fields;
    unsigned char chunk[CHUNK_BYTES];
};

/* ARRAY, of N members of SIZE bytes, with room for one more; NULL when out of memory (then ARRAY stays). */
static void *grow(void *array, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return array;
    size_t more = *cap != 0 ? 2 * *cap : 64;
    void *p = realloc(array, more * size);
    if (p != NULL)
        *cap = more;
    return p;
}

/* Line ends in a quoted field: LF, CRLF or CR. */
static long count_lines(const char *s, size_t n)
{
    long lines = 0;
    const char *end = s + n;
    for (const char *p = s; n != 0 && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        lines++;
    for (const char *p = s; n != 0 && (p = memchr(p, '\r', (size_t)(end - p))) != NULL; p++)
        lines += p + 1 == end || p[1] != '\n';
    return lines;
}

/* libcsv: a field is complete. */
static void take_field(void *bytes, size_t n, void *user)
{
    struct csv_reader *r = user;
    r->last_end = 0;
    if (r->now.nfields == 0 && r->now_bytes == 0)
        r->now.line = r->line;
    r->line += count_lines(bytes, n) + r->lines_cut_away;
    r->lines_cut_away = 0;
    r->now_bytes += n + 1;
    if (r->now.fate == FATE_GOOD && r->now_bytes > r->max_record_bytes)
        r->now.fate = FATE_TOO_LONG;
    if (r->now.fate == FATE_GOOD && r->now.nfields == MOST_FIELDS)
        r->now.fate = FATE_TOO_MANY_FIELDS;
    if (r->now.fate != FATE_GOOD)
        return;
    strbuf_add(&r->data, bytes, n);
    size_t *ends = grow(r->ends, r->nends, &r->cap_ends, sizeof *ends);
    if (ends == NULL || strbuf_failed(&r->data)) {
        r->is_out_of_memory = true;
        r->ends = ends != NULL ? ends : r->ends;
        return;
    }
    r->ends = ends;
    r->ends[r->nends++] = r->data.n;
    r->now.nfields++;
}

/* The record that is being read is complete: keep it. */
static void keep_record(struct csv_reader *r)
{
    if (r->now.fate != FATE_GOOD) { /* nothing of it will be asked for */
        r->nends = r->now.first;
        r->data.n = r->nends != 0 ? r->ends[r->nends - 1] : 0;
        r->now.nfields = 0;
    }
    struct kept_record *kept = grow(r->kept, r->nkept, &r->cap_kept, sizeof *kept);
    if (kept == NULL) {
        r->is_out_of_memory = true;
        return;
    }
    r->kept = kept;
    r->kept[r->nkept++] = r->now;
    r->now = (struct kept_record){.first = r->nends};
    r->now_bytes = 0;
}

/* libcsv: an unquoted CR or LF (CSV_REPALL_NL: each of them), or -1 at the end of the input. */
static void take_line_end(int c, void *user)
{
    struct csv_reader *r = user;
    bool is_second_half = c == '\n' && r->last_end == '\r'; /* the LF of a CRLF */
    if (c >= 0 && !is_second_half)
        r->line++;
    r->last_end = is_second_half ? 0 : c;
    if (r->now_bytes != 0) /* else a blank line */
        keep_record(r);
}

/* libcsv trims what it takes for blanks; for us nothing is. But see feed(). */
static int never(unsigned char c)
{
    (void)c;
    return 0;
}

static void set_parser(struct csv_reader *r, unsigned char delimiter)
{
    (void)csv_init(&r->parser, CSV_REPALL_NL); /* takes no memory; fails for a NULL pointer only */
    csv_set_delim(&r->parser, delimiter);
    csv_set_space_func(&r->parser, never);
    csv_set_realloc_func(&r->parser, realloc);
    csv_set_blk_size(&r->parser, 4096);
}

struct csv_reader *csv_reader_new(csv_source *source, void *ctx, char delimiter, size_t max_record_bytes)
{
    struct csv_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->source = source;
    r->ctx = ctx;
    r->max_record_bytes = max_record_bytes;
    r->line = 1;
    set_parser(r, (unsigned char)delimiter);
    return r;
}

void csv_reader_free(struct csv_reader *r)
{
    if (r == NULL)
        return;
    csv_free(&r->parser);
    strbuf_free(&r->data);
    free(r->ends);
    free(r->kept);
    free(r->fields);
    free(r);
}

/* All kept records were given: move the record that is being read to the front. */
static void forget_given(struct csv_reader *r)
{
    size_t from = r->now.first != 0 ? r->ends[r->now.first - 1] : 0;
    if (from != 0) {
        memmove(r->data.s, r->data.s + from, r->data.n - from);
        r->data.n -= from;
    }
    for (size_t i = 0; i < r->now.nfields; i++)
        r->ends[i] = r->ends[r->now.first + i] - from;
    r->nends = r->now.nfields;
    r->now.first = 0;
    r->nkept = r->next = 0;
}

/* Bound the memory of a field without an end: once its record is too long, throw away all of it but its last byte,
 * which libcsv still needs, because that may be the quote that closes it. */
static void cut_long_field(struct csv_reader *r)
{
    struct csv_parser *p = &r->parser;
    if (r->now_bytes + p->entry_pos <= r->max_record_bytes || p->entry_pos < 2)
        return;
    if (r->now_bytes == 0)
        r->now.line = r->line;
    if (r->now.fate == FATE_GOOD)
        r->now.fate = FATE_TOO_LONG;
    size_t last = p->entry_pos - 1;
    r->lines_cut_away += count_lines((char *)p->entry_buf, last);
    if (p->entry_buf[last - 1] == '\r' && p->entry_buf[last] == '\n')
        r->lines_cut_away--; /* one line end, to be counted with its second half */
    r->now_bytes += last;
    p->entry_buf[0] = p->entry_buf[last];
    p->entry_pos = 1;
}

/* struct csv_parser's pstate after a quote in a quoted field: it is the end, or the first of two. (libcsv 3.0.3 has no
 * public name for it; test_csv.c would notice if it changed.) */
#define STATE_AFTER_QUOTE 3
#define STATE_IN_FIELD    2

/* May C follow a closing quote, or is the quote the first of two? */
static bool may_follow_quote(unsigned char c, unsigned char delimiter)
{
    return c == delimiter || c == '\n' || c == '\r' || c == '"';
}

/* How many bytes of S, of N, may be fed before the next closing quote that has something else behind it. */
static size_t up_to_odd_quote(const unsigned char *s, size_t n, unsigned char delimiter)
{
    for (size_t i = 0; i < n;) {
        const unsigned char *quote = memchr(s + i, '"', n - i);
        if (quote == NULL)
            break;
        i = (size_t)(quote - s) + 1;
        if (i < n && !may_follow_quote(s[i], delimiter))
            return i;
    }
    return n;
}

/* libcsv has seen a closing quote, and S (N bytes) is behind it. Blanks before the end of the field are passed over
 * (how many, is returned): taking nothing for a blank, libcsv would believe that the quoted field goes on, and swallow
 * the rows after it. So it would if words follow, as in "a"b: then the field goes on, but unquoted. */
static size_t after_quote(struct csv_reader *r, const unsigned char *s, size_t n)
{
    unsigned char delimiter = csv_get_delim(&r->parser);
    size_t blanks = 0;
    while (blanks < n && (s[blanks] == ' ' || s[blanks] == '\t') && s[blanks] != delimiter)
        blanks++;
    if (blanks == n || may_follow_quote(s[blanks], delimiter))
        return blanks;
    r->parser.pstate = STATE_IN_FIELD;
    r->parser.quoted = 0;
    r->parser.entry_pos--; /* the quote */
    return blanks;         /* the same in whatever pieces they come */
}

/* Feed libcsv N bytes, with what it does not know of quotes. */
static bool feed(struct csv_reader *r, const unsigned char *s, size_t n)
{
    while (n > 0) {
        size_t blanks = r->parser.pstate == STATE_AFTER_QUOTE ? after_quote(r, s, n) : 0;
        s += blanks, n -= blanks;
        size_t piece = up_to_odd_quote(s, n, csv_get_delim(&r->parser));
        if (csv_get_buffer_size(&r->parser) > 4096) /* long fields: grow by half, not by a block */
            csv_set_blk_size(&r->parser, csv_get_buffer_size(&r->parser) / 2);
        if (csv_parse(&r->parser, s, piece, take_field, take_line_end, r) != piece)
            return false;
        s += piece, n -= piece;
    }
    return true;
}

/* A quote was never closed, and all that stood behind it is in libcsv's field: only its line is refused, the others are
 * read again. (Two quotes in a row have become one by now; what that spoils is refused in its turn.) */
static void read_again(struct csv_reader *r)
{
    unsigned char delimiter = csv_get_delim(&r->parser);
    const char *field = (const char *)r->parser.entry_buf;
    size_t n = r->parser.entry_pos, line = 0;
    struct strbuf rest = STRBUF_INIT;
    while (line < n && field[line] != '\n' && field[line] != '\r')
        line++;
    if (line < n)
        line += field[line] == '\r' && line + 1 < n && field[line + 1] == '\n' ? 2 : 1;
    if (line < n)
        strbuf_add(&rest, field + line, n - line);
    csv_free(&r->parser);
    set_parser(r, delimiter);
    r->line++;
    r->restarts++;
    r->is_out_of_memory = r->is_out_of_memory || strbuf_failed(&rest) || !feed(r, (unsigned char *)rest.s, rest.n);
    strbuf_free(&rest);
}

/* The input has ended: so has the last record. */
static void finish(struct csv_reader *r)
{
    r->is_at_end = true;
    (void)csv_set_opts(&r->parser, CSV_REPALL_NL | CSV_STRICT | CSV_STRICT_FINI); /* strict: tells an open quote */
    if (csv_fini(&r->parser, take_field, take_line_end, r) == 0)
        return;
    if (csv_error(&r->parser) != CSV_EPARSE) {
        r->is_out_of_memory = true;
        return;
    }
    bool is_whole = r->now.fate == FATE_GOOD && r->lines_cut_away == 0;
    r->now.fate = FATE_OPEN_QUOTE;
    r->now.line = r->line; /* where the field with the quote begins */
    keep_record(r);
    if (is_whole && r->restarts < MOST_RESTARTS && !r->is_out_of_memory) {
        read_again(r);
        if (!r->is_out_of_memory)
            finish(r);
    }
}

/* Feed libcsv until a record is complete or the input ends. */
static enum err_code fill(struct csv_reader *r, struct err *e)
{
    forget_given(r);
    while (r->nkept == 0 && !r->is_at_end) {
        size_t n;
        enum err_code rc = r->source(r->ctx, r->chunk, CHUNK_BYTES, &n, e);
        if (rc != ERR_OK)
            return rc;
        if (n == 0)
            finish(r);
        else if (!feed(r, r->chunk, n))
            r->is_out_of_memory = true;
        else
            cut_long_field(r);
        if (r->is_out_of_memory)
            return err_nomem(e);
    }
    return ERR_OK;
}

static enum err_code tell_bad(const struct csv_reader *r, enum fate fate, struct err *e)
{
    switch (fate) {
    case FATE_TOO_MANY_FIELDS:
        return err_set(e, ERR_INPUT, "more than %d fields", MOST_FIELDS);
    case FATE_OPEN_QUOTE:
        return err_set(e, ERR_INPUT, "a quote that is never closed");
    default:
        return err_set(e, ERR_INPUT, "the record is longer than %zu bytes", r->max_record_bytes);
    }
}

enum err_code csv_read(struct csv_reader *r, struct csv_record *rec, bool *has, struct err *e)
{
    *has = false;
    *rec = (struct csv_record){NULL, 0, r->line};
    if (r->is_broken)
        return err_set(e, ERR_INTERNAL, "csv: read after an error");
    if (r->next == r->nkept) {
        enum err_code rc = fill(r, e);
        if (rc != ERR_OK) {
            r->is_broken = true;
            return rc;
        }
        if (r->nkept == 0)
            return ERR_OK;
    }
    const struct kept_record *k = &r->kept[r->next++];
    rec->line = k->line;
    if (k->fate != FATE_GOOD)
        return tell_bad(r, k->fate, e);
    while (r->cap_fields < k->nfields) {
        struct slice *fields = grow(r->fields, r->cap_fields, &r->cap_fields, sizeof *fields);
        if (fields == NULL) {
            r->is_broken = true;
            return err_nomem(e);
        }
        r->fields = fields;
    }
    size_t from = k->first != 0 ? r->ends[k->first - 1] : 0;
    for (size_t i = 0; i < k->nfields; i++) {
        size_t end = r->ends[k->first + i];
        r->fields[i] = (struct slice){r->data.s != NULL ? r->data.s + from : "", end - from};
        from = end;
    }
    rec->fields = r->fields;
    rec->nfields = k->nfields;
    *has = true;
    return ERR_OK;
}

bool csv_reader_can_go_on(const struct csv_reader *r)
{
    return !r->is_broken;
}

bool csv_is_sep_hint(const struct csv_record *rec)
{
    /* "sep=;" read with ";" is two fields, "sep=" and nothing; with another delimiter it is one */
    struct slice first = rec->nfields > 0 ? rec->fields[0] : (struct slice){NULL, 0};
    return rec->line == 1 && rec->nfields <= 2 && first.n <= 5 && slice_starts(first, "sep=") &&
           (rec->nfields == 1 || rec->fields[1].n == 0);
}

enum err_code csv_from_slice(void *ctx, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct slice *left = ctx;
    (void)e;
    *n = left->n < cap ? left->n : cap;
    if (*n != 0)
        memcpy(buf, left->s, *n);
    left->s += *n;
    left->n -= *n;
    return ERR_OK;
}

#define GUESS_RECORDS 50

/* How well DELIMITER splits SAMPLE: fields per record in *fields, and the share of records that have as many. */
static double try_delimiter(struct slice sample, char delimiter, size_t *fields)
{
    size_t counts[GUESS_RECORDS] = {0}, n = 0, agree = 0;
    struct csv_reader *r = csv_reader_new(csv_from_slice, &sample, delimiter, sample.n + 1);
    *fields = 0;
    while (r != NULL && n < GUESS_RECORDS) {
        struct csv_record rec;
        struct err e = {0};
        bool has;
        if (csv_read(r, &rec, &has, &e) != ERR_OK || !has)
            break;
        counts[n++] = rec.nfields;
    }
    csv_reader_free(r);
    if (n > 1 && n < GUESS_RECORDS)
        n--; /* the last one may be cut */
    for (size_t i = 0; i < n; i++)
        agree += counts[i] == counts[0];
    if (n == 0 || counts[0] < 2)
        return 0;
    *fields = counts[0];
    return (double)agree / (double)n;
}

char csv_guess_delimiter(struct slice sample)
{
    sample = slice_after_bom(sample);
    if (slice_starts(sample, "sep=") && sample.n >= 6 && (sample.s[5] == '\n' || sample.s[5] == '\r') &&
        sample.s[4] != '\n' && sample.s[4] != '\r' && sample.s[4] != '"')
        return sample.s[4];
    char best = 0;
    double best_share = 0;
    size_t best_fields = 0;
    for (const char *d = ",;\t|"; *d != '\0'; d++) {
        size_t fields;
        double share = try_delimiter(sample, *d, &fields);
        if (share >= 0.5 && (share > best_share || (share >= best_share && fields > best_fields))) {
            best = *d;
            best_share = share;
            best_fields = fields;
        }
    }
    return best;
}

/* Copy REC's fields, to keep them while the next records are read. */
static enum err_code copy_record(const struct csv_record *rec, struct csv_record *out, struct strbuf *text,
                                 struct slice **fields, struct err *e)
{
    for (size_t i = 0; i < rec->nfields; i++)
        strbuf_add_slice(text, rec->fields[i]);
    *fields = calloc(rec->nfields + 1, sizeof **fields);
    if (strbuf_failed(text) || *fields == NULL)
        return err_nomem(e);
    size_t at = 0;
    for (size_t i = 0; i < rec->nfields; i++) {
        (*fields)[i] = (struct slice){text->s + at, rec->fields[i].n};
        at += rec->fields[i].n;
    }
    *out = (struct csv_record){*fields, rec->nfields, rec->line};
    return ERR_OK;
}

struct csv_reader *csv_reader_of(struct slice *text, char *delimiter)
{
    *text = slice_after_bom(*text);
    struct slice sample = {text->s, text->n < CHUNK_BYTES ? text->n : CHUNK_BYTES};
    *delimiter = csv_guess_delimiter(sample);
    if (*delimiter == 0) /* a single column */
        *delimiter = ',';
    return csv_reader_new(csv_from_slice, text, *delimiter, text->n + 1);
}

enum err_code csv_read_file(const char *path, void *ctx,
                            enum err_code (*row)(void *ctx, const struct csv_record *header,
                                                 const struct csv_record *rec, struct err *e),
                            struct err *e)
{
    struct strbuf text = STRBUF_INIT, header_text = STRBUF_INIT;
    struct slice *header_fields = NULL;
    struct csv_reader *r = NULL;
    struct csv_record header = {NULL, 0, 0}, rec;
    enum err_code rc = file_read_all(path, MOST_FILE_BYTES, &text, e);
    if (rc != ERR_OK)
        goto cleanup;
    struct slice left = strbuf_slice(&text);
    char delimiter;
    r = csv_reader_of(&left, &delimiter);
    if (r == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    for (;;) {
        bool has;
        rc = csv_read(r, &rec, &has, e);
        if (rc != ERR_OK)
            (void)err_wrap(e, "%s: line %ld", path, rec.line);
        if (rc != ERR_OK || !has)
            break;
        if (header.fields == NULL && csv_is_sep_hint(&rec))
            continue;
        rc = header.fields == NULL ? copy_record(&rec, &header, &header_text, &header_fields, e)
                                   : row(ctx, &header, &rec, e);
        if (rc != ERR_OK)
            break;
    }
cleanup:
    csv_reader_free(r);
    free(header_fields);
    strbuf_free(&header_text);
    strbuf_free(&text);
    return rc;
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

void csv_put_text(struct strbuf *b, struct slice cell)
{
    bool is_formula = cell.n > 0 && is_one_of(cell.s[0], "=+-@\t\r");
    bool needs_quotes = false;
    for (size_t i = 0; i < cell.n && !needs_quotes; i++)
        needs_quotes = cell.s[i] == ',' || cell.s[i] == '"' || cell.s[i] == '\r' || cell.s[i] == '\n';
    if (needs_quotes)
        strbuf_putc(b, '"');
    if (is_formula)
        strbuf_putc(b, '\'');
    for (size_t from = 0; from < cell.n;) { /* pieces that end with a quote, which is doubled */
        const char *quote = memchr(cell.s + from, '"', cell.n - from);
        size_t to = quote != NULL ? (size_t)(quote - cell.s) + 1 : cell.n;
        strbuf_add(b, cell.s + from, to - from);
        if (quote != NULL)
            strbuf_putc(b, '"');
        from = to;
    }
    if (needs_quotes)
        strbuf_putc(b, '"');
}
