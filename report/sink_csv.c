#include "report/sink.h"

#include "core/csv.h"
#include "core/file.h"
#include "report/num.h"

enum { FLUSH_BYTES = 1 << 16 };

static void put_cell(struct strbuf *b, const struct cell *x)
{
    switch (x->kind) {
    case CELL_EMPTY:
        break;
    case CELL_INT:
        num_int(b, x->integer);
        break;
    case CELL_REAL:
        num_fixed(b, x->real, x->decimals);
        break;
    case CELL_TEXT:
        csv_put_text(b, x->text);
        break;
    }
}

/* With row NULL the header. */
static void put_line(struct strbuf *b, const struct table *t, const struct row *row, struct strbuf *scratch)
{
    bool is_first = true;
    struct cell x;
    for (size_t i = 0; i < t->ncolumns; i++) {
        const struct column *c = &t->columns[i];
        if (c->csv == NULL)
            continue;
        if (!is_first)
            strbuf_putc(b, ',');
        is_first = false;
        if (row == NULL) {
            strbuf_puts(b, c->csv);
        } else {
            cell_of(row, c, scratch, &x);
            put_cell(b, &x);
        }
    }
    strbuf_puts(b, "\r\n");
}

static enum err_code hand_on(struct strbuf *b, struct outfile *f, int64_t *bytes, struct err *e)
{
    if (strbuf_failed(b))
        return err_nomem(e);
    outfile_write(f, b->s, b->n);
    *bytes += (int64_t)b->n;
    strbuf_clear(b);
    return ERR_OK;
}

static enum err_code write_rows(struct rows *rows, struct outfile *f, struct strbuf *b, int64_t *bytes, struct err *e)
{
    enum err_code rc;
    bool has;
    struct strbuf scratch = STRBUF_INIT;
    put_line(b, rows->table, NULL, &scratch);
    while ((rc = rows_next(rows, &has, e)) == ERR_OK && has) {
        put_line(b, rows->table, &rows->row, &scratch);
        if (b->n >= FLUSH_BYTES && (rc = hand_on(b, f, bytes, e)) != ERR_OK)
            break;
    }
    if (rc == ERR_OK && strbuf_failed(&scratch))
        rc = err_nomem(e);
    strbuf_free(&scratch);
    return rc != ERR_OK ? rc : hand_on(b, f, bytes, e);
}

enum err_code sink_csv(struct store *db, const struct table *t, const struct report_data *data, int64_t limit,
                       const char *dir, int64_t *bytes, struct err *e)
{
    enum err_code rc;
    struct outfile *f = NULL;
    struct rows rows;
    struct strbuf b = STRBUF_INIT, path = STRBUF_INIT;

    strbuf_printf(&path, "%s/%s.csv", dir, t->name);
    if (strbuf_failed(&path)) {
        rc = err_nomem(e);
        goto cleanup;
    }
    if ((rc = outfile_open(path.s, 0644, &f, e)) != ERR_OK)
        goto cleanup;
    rows_begin(&rows, db, t, data, limit);
    if ((rc = write_rows(&rows, f, &b, bytes, e)) != ERR_OK)
        goto cleanup;
    rc = outfile_commit(f, e);
    f = NULL;
cleanup:
    outfile_abort(f);
    strbuf_free(&path);
    strbuf_free(&b);
    return rc;
}
