#include "report/sink.h"

#include "core/csv.h"
#include "core/file.h"
#include "core/model.h"
#include "core/stats_rate.h"
#include "report/num.h"

enum { FLUSH_BYTES = 1 << 16 };

static void put_practices(struct strbuf *b, int64_t bits)
{
    bool is_first = true;
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        if ((bits & (INT64_C(1) << i)) == 0)
            continue;
        if (!is_first)
            strbuf_putc(b, ' ');
        strbuf_puts(b, practice_name((enum practice)i));
        is_first = false;
    }
}

/* A number that cannot be estimated is an empty cell. */
static void put_interval(struct strbuf *b, const struct stats_interval *i, enum column_kind kind)
{
    if (!i->has)
        return;
    if (kind == COL_LOW || kind == COL_DIFF_LOW)
        num_fixed(b, i->low, 6);
    else if (kind == COL_HIGH || kind == COL_DIFF_HIGH)
        num_fixed(b, i->high, 6);
    else
        num_fixed(b, i->at, 6);
}

static void put_cell(struct strbuf *b, const struct column *c, const struct stmt *row)
{
    struct stats_interval i;
    switch (c->kind) {
    case COL_INT:
        if (!stmt_is_null(row, c->a))
            num_int(b, stmt_int(row, c->a));
        break;
    case COL_REAL:
        if (!stmt_is_null(row, c->a))
            num_fixed(b, stmt_real(row, c->a), 4);
        break;
    case COL_SHARE:
    case COL_LOW:
    case COL_HIGH:
        i = stats_wilson(stmt_int(row, c->a), stmt_int(row, c->b));
        put_interval(b, &i, c->kind);
        break;
    case COL_DIFF:
    case COL_DIFF_LOW:
    case COL_DIFF_HIGH:
        i = stats_newcombe(stmt_int(row, c->a), stmt_int(row, c->b), stmt_int(row, c->c), stmt_int(row, c->d));
        put_interval(b, &i, c->kind);
        break;
    case COL_PRACTICES:
        put_practices(b, stmt_int(row, c->a));
        break;
    default:
        csv_put_text(b, stmt_text(row, c->a));
    }
}

static void put_line(struct strbuf *b, const struct table *t, const struct stmt *row)
{
    bool is_first = true;
    for (size_t i = 0; i < t->ncolumns; i++) {
        const struct column *c = &t->columns[i];
        if (c->csv == NULL)
            continue;
        if (!is_first)
            strbuf_putc(b, ',');
        is_first = false;
        if (row == NULL)
            strbuf_puts(b, c->csv);
        else
            put_cell(b, c, row);
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

static enum err_code write_rows(struct stmt *s, const struct table *t, struct outfile *f, const struct sink_hook *hook,
                                struct strbuf *b, int64_t *bytes, struct err *e)
{
    enum err_code rc;
    bool has;
    put_line(b, t, NULL);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        put_line(b, t, s);
        if (hook->row != NULL && (rc = hook->row(hook->ctx, s, e)) != ERR_OK)
            return rc;
        if (b->n >= FLUSH_BYTES && (rc = hand_on(b, f, bytes, e)) != ERR_OK)
            return rc;
    }
    return rc != ERR_OK ? rc : hand_on(b, f, bytes, e);
}

enum err_code sink_csv(struct store *db, const struct table *t, const struct period *p, int64_t limit, const char *dir,
                       const struct sink_hook *hook, int64_t *bytes, struct err *e)
{
    static const struct sink_hook nobody = {NULL, NULL};
    enum err_code rc;
    struct outfile *f = NULL;
    struct strbuf b = STRBUF_INIT, path = STRBUF_INIT;

    strbuf_printf(&path, "%s/%s.csv", dir, t->name);
    if (strbuf_failed(&path)) {
        rc = err_nomem(e);
        goto cleanup;
    }
    if ((rc = outfile_open(path.s, 0644, &f, e)) != ERR_OK)
        goto cleanup;
    rc = write_rows(table_bind(db, t->query, t->binds, p, limit), t, f, hook != NULL ? hook : &nobody, &b, bytes, e);
    if (rc != ERR_OK)
        goto cleanup;
    rc = outfile_commit(f, e);
    f = NULL;
cleanup:
    outfile_abort(f);
    strbuf_free(&path);
    strbuf_free(&b);
    return rc;
}
