#include "report/cell.h"

static struct cell cell_text(struct slice x)
{
    return (struct cell){.kind = CELL_TEXT, .text = x};
}

static struct cell cell_share(const struct stats_interval *i, double x)
{
    return (struct cell){.kind = i->has ? CELL_REAL : CELL_EMPTY, .real = x, .decimals = 6, .is_share = true};
}

static struct cell cell_interval(const struct stats_interval *i, enum column_kind kind)
{
    if (kind == COL_LOW || kind == COL_DIFF_LOW)
        return cell_share(i, i->low);
    return cell_share(i, kind == COL_HIGH || kind == COL_DIFF_HIGH ? i->high : i->at);
}

static struct cell cell_practices(int64_t bits, struct strbuf *scratch)
{
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        if ((bits & (INT64_C(1) << i)) == 0)
            continue;
        if (scratch->n != 0)
            strbuf_putc(scratch, ' ');
        strbuf_puts(scratch, practice_name((enum practice)i));
    }
    return cell_text(strbuf_slice(scratch));
}

/* A pseudonym lives in the scratch buffer. */
static struct cell cell_named(struct slice x, const char *local, struct strbuf *scratch)
{
    if (x.s != local)
        return cell_text(x);
    strbuf_add_slice(scratch, x);
    return cell_text(strbuf_slice(scratch));
}

void cell_of(const struct row *row, const struct column *c, struct strbuf *scratch, struct cell *out)
{
    const struct stmt *sql = row->sql;
    const struct naming *naming = row->data->naming;
    char name[NAMING_BYTES];
    struct stats_interval i;
    *out = (struct cell){.kind = CELL_EMPTY};
    strbuf_clear(scratch);
    switch (c->kind) {
    case COL_INT:
        if (!stmt_is_null(sql, c->a))
            *out = (struct cell){.kind = CELL_INT, .integer = stmt_int(sql, c->a)};
        break;
    case COL_REAL:
        if (!stmt_is_null(sql, c->a))
            *out = (struct cell){.kind = CELL_REAL, .real = stmt_real(sql, c->a), .decimals = 4};
        break;
    case COL_SHARE:
    case COL_LOW:
    case COL_HIGH:
        i = stats_wilson(stmt_int(sql, c->a), stmt_int(sql, c->b));
        *out = cell_interval(&i, c->kind);
        break;
    case COL_DIFF:
    case COL_DIFF_LOW:
    case COL_DIFF_HIGH:
        i = stats_newcombe(stmt_int(sql, c->a), stmt_int(sql, c->b), stmt_int(sql, c->c), stmt_int(sql, c->d));
        *out = cell_interval(&i, c->kind);
        break;
    case COL_PRACTICES:
        *out = cell_practices(stmt_int(sql, c->a), scratch);
        break;
    case COL_AGENT_ID:
        *out = cell_named(naming_id(naming, stmt_text(sql, c->a), name), name, scratch);
        break;
    case COL_PERSON:
        *out = cell_named(naming_name(naming, stmt_text(sql, c->a), stmt_text(sql, c->b), name), name, scratch);
        break;
    case COL_TEAM: /* a team of three would name them */
        *out = cell_text(naming->is_secret ? slice_of("") : stmt_text(sql, c->a));
        break;
    case COL_VALUE:
        c->value(row, scratch, out);
        break;
    default:
        *out = cell_text(stmt_text(sql, c->a));
    }
}

void rows_begin(struct rows *r, struct store *db, const struct table *t, const struct report_data *data, int64_t limit)
{
    *r = (struct rows){.table = t, .row = {.data = data}};
    if (t->count == NULL)
        r->sql = table_bind(db, t->query, t->binds, data->period, limit);
    if (t->binds & BIND_LISTEN)
        stmt_bind_text(r->sql, ":listen", data->listen);
}

enum err_code rows_next(struct rows *r, bool *has, struct err *e)
{
    enum err_code rc = ERR_OK;
    if (r->sql != NULL)
        rc = stmt_step(r->sql, has, e);
    else
        *has = r->n < r->table->count(r->row.data);
    r->row.sql = r->sql;
    r->row.index = r->n++;
    return rc;
}
