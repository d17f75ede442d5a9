#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "core/file.h"
#include "core/utf8.h"
#include "report/sink.h"

enum { LAST_ROW = LXW_ROW_MAX - 1, CELL_BYTES = 32000 }; /* a cell holds 32,767 UTF-16 units */

/* The workbook while it is written, and its formats. */
struct book {
    lxw_workbook *workbook;
    lxw_format *head, *text, *integer, *real, *share;
    struct strbuf scratch, plain;
    bool is_wrong; /* a call of the library failed */
};

static lxw_format *format(struct book *b, const char *number)
{
    lxw_format *f = workbook_add_format(b->workbook);
    b->is_wrong |= f == NULL;
    if (f != NULL && number != NULL)
        format_set_num_format(f, number);
    return f;
}

static void add_formats(struct book *b)
{
    b->head = format(b, NULL);
    if (b->head != NULL) {
        format_set_bold(b->head);
        format_set_text_wrap(b->head);
        format_set_align(b->head, LXW_ALIGN_VERTICAL_TOP);
        format_set_bottom(b->head, LXW_BORDER_THIN);
    }
    b->text = format(b, "@");
    b->integer = format(b, "#,##0");
    b->real = format(b, "0.00");
    b->share = format(b, "0.0%");
}

/* XML has no control characters, and a cell no more than so many. */
static const char *clean(struct book *b, struct slice x)
{
    x = utf8_cut(x, CELL_BYTES);
    strbuf_clear(&b->plain);
    while (x.n > 0) {
        uint32_t cp;
        size_t n = utf8_decode(x, &cp);
        bool is_bad = cp == 0xFFFD || (cp < 0x20 && cp != '\n' && cp != '\t') || (cp & 0xFFFE) == 0xFFFE;
        if (is_bad)
            strbuf_puts(&b->plain, "\xEF\xBF\xBD");
        else
            strbuf_add(&b->plain, x.s, n);
        x.s += n, x.n -= n;
    }
    return b->plain.s != NULL && b->plain.n > 0 ? b->plain.s : "";
}

static void put_cell(struct book *b, lxw_worksheet *sheet, uint32_t row, uint16_t column, const struct cell *x)
{
    lxw_error rc = LXW_NO_ERROR;
    switch (x->kind) {
    case CELL_EMPTY:
        break;
    case CELL_INT:
        rc = worksheet_write_number(sheet, row, column, (double)x->integer, b->integer);
        break;
    case CELL_REAL:
        rc = worksheet_write_number(sheet, row, column, x->real, x->is_share ? b->share : b->real);
        break;
    case CELL_TEXT:
        if (x->text.n > 0)
            rc = worksheet_write_string(sheet, row, column, clean(b, x->text), b->text);
        break;
    }
    b->is_wrong |= rc != LXW_NO_ERROR;
}

static double width_of(const struct column *c)
{
    double name = (double)strlen(c->csv) * 0.75 + 3;
    bool is_text = c->kind == COL_TEXT || c->kind == COL_PERSON || c->kind == COL_TEAM;
    return is_text ? (name > 24 ? name : 24) : name > 9 ? name : 9;
}

/* The header: frozen, and a filter on it. */
static uint16_t put_head(struct book *b, lxw_worksheet *sheet, const struct table *t)
{
    uint16_t column = 0;
    for (size_t i = 0; i < t->ncolumns; i++) {
        const struct column *c = &t->columns[i];
        if (c->csv == NULL)
            continue;
        b->is_wrong |= worksheet_set_column(sheet, column, column, width_of(c), NULL) != LXW_NO_ERROR;
        b->is_wrong |= worksheet_write_string(sheet, 0, column, c->csv, b->head) != LXW_NO_ERROR;
        column++;
    }
    worksheet_freeze_panes(sheet, 1, 1);
    return column;
}

static enum err_code put_table(struct book *b, struct store *db, const struct table *t, const struct report_data *data,
                               int64_t limit, struct err *e)
{
    enum err_code rc;
    bool has;
    uint32_t at = 0;
    struct rows rows;
    struct cell x;
    lxw_worksheet *sheet = workbook_add_worksheet(b->workbook, t->name);
    if (sheet == NULL)
        return err_nomem(e);
    uint16_t ncolumns = put_head(b, sheet, t);
    rows_begin(&rows, db, t, data, limit);
    while ((rc = rows_next(&rows, &has, e)) == ERR_OK && has) {
        if (++at > LAST_ROW)
            continue; /* a sheet holds no more; the CSV file has all */
        uint16_t column = 0;
        for (size_t i = 0; i < t->ncolumns; i++) {
            if (t->columns[i].csv == NULL)
                continue;
            cell_of(&rows.row, &t->columns[i], &b->scratch, &x);
            put_cell(b, sheet, at, column++, &x);
        }
    }
    if (at > 0 && ncolumns > 0)
        b->is_wrong |=
            worksheet_autofilter(sheet, 0, 0, at < LAST_ROW ? at : LAST_ROW, (uint16_t)(ncolumns - 1)) != LXW_NO_ERROR;
    return rc;
}

/* The same database gives the same bytes: no clock. */
static void set_properties(struct book *b, const struct period *p, const char *title)
{
    lxw_doc_properties properties = {.title = (char *)title,
                                     .comments = (char *)"Made by broach " BROACH_VERSION,
                                     .created = (time_t)(p->to_day * (MS_PER_DAY / 1000))};
    b->is_wrong |= workbook_set_properties(b->workbook, &properties) != LXW_NO_ERROR;
}

static enum err_code fill_book(struct book *b, struct store *db, const struct report_data *data,
                               const struct sink_tables *which, struct err *e)
{
    enum err_code rc = ERR_OK;
    add_formats(b);
    set_properties(b, data->period, which->title);
    for (int id = 0; id < TABLE_CSV_COUNT && rc == ERR_OK && !b->is_wrong; id++)
        if (id != TABLE_EPISODES || which->has_episodes)
            rc = put_table(b, db, table_of((enum table_id)id), data, which->limit((enum table_id)id), e);
    if (rc == ERR_OK && (strbuf_failed(&b->scratch) || strbuf_failed(&b->plain)))
        rc = err_nomem(e);
    return rc;
}

/* The library can write to a name only; the report's files appear whole or not at all. */
static enum err_code put_in_place(const char *part, const char *path, int64_t *bytes, struct err *e)
{
    char chunk[1 << 14];
    size_t n = 0;
    struct infile *in = NULL;
    struct outfile *out = NULL;
    enum err_code rc = infile_open(part, &in, e);
    if (rc == ERR_OK)
        rc = outfile_open(path, 0644, &out, e);
    while (rc == ERR_OK && (rc = infile_read(in, chunk, sizeof chunk, &n, e)) == ERR_OK && n > 0) {
        outfile_write(out, chunk, n);
        *bytes += (int64_t)n;
    }
    infile_close(in);
    if (rc != ERR_OK) {
        outfile_abort(out);
        return rc;
    }
    return outfile_commit(out, e);
}

enum err_code sink_xlsx(struct store *db, const struct report_data *data, const struct sink_tables *which,
                        const char *dir, int64_t *bytes, struct err *e)
{
    enum err_code rc = ERR_OK;
    struct book b = {.workbook = NULL};
    struct strbuf path = STRBUF_INIT, part = STRBUF_INIT;
    strbuf_printf(&path, "%s/report.xlsx", dir);
    strbuf_printf(&part, "%s/.report.xlsx.part", dir);
    if (strbuf_failed(&path) || strbuf_failed(&part)) {
        rc = err_nomem(e);
        goto cleanup;
    }
    /* What it holds on the way lies in the report's folder, too, not in /tmp: they are customers' matters. */
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = (char *)dir, .use_zip64 = LXW_TRUE};
    if ((b.workbook = workbook_new_opt(part.s, &options)) == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    rc = fill_book(&b, db, data, which, e);
    lxw_error closed = workbook_close(b.workbook); /* frees it, too */
    if (rc == ERR_OK && (b.is_wrong || closed != LXW_NO_ERROR))
        rc = err_set(e, ERR_IO, "%s: %s", path.s,
                     closed != LXW_NO_ERROR ? lxw_strerror(closed) : "the workbook cannot be written");
    if (rc == ERR_OK)
        rc = put_in_place(part.s, path.s, bytes, e);
cleanup:
    if (part.s != NULL)
        (void)unlink(part.s);
    strbuf_free(&path);
    strbuf_free(&part);
    strbuf_free(&b.scratch);
    strbuf_free(&b.plain);
    return rc;
}
