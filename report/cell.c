#include "report/cell.h"

int64_t row_int(const struct row *row, int col)
{
    return row->sql != NULL ? stmt_int(row->sql, col) : row->fields[col].integer;
}

double row_real(const struct row *row, int col)
{
    return row->sql != NULL ? stmt_real(row->sql, col) : row->fields[col].real;
}

struct slice row_text(const struct row *row, int col)
{
    return row->sql != NULL ? stmt_text(row->sql, col) : row->fields[col].text;
}

bool row_is_null(const struct row *row, int col)
{
    return row->sql != NULL ? stmt_is_null(row->sql, col) : row->fields[col].is_null;
}

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
    const struct naming *naming = row->data->naming;
    char name[NAMING_BYTES];
    struct stats_interval i;
    *out = (struct cell){.kind = CELL_EMPTY};
    strbuf_clear(scratch);
    switch (c->kind) {
    case COL_INT:
        if (!row_is_null(row, c->a))
            *out = (struct cell){.kind = CELL_INT, .integer = row_int(row, c->a)};
        break;
    case COL_REAL:
        if (!row_is_null(row, c->a))
            *out = (struct cell){.kind = CELL_REAL, .real = row_real(row, c->a), .decimals = 4};
        break;
    case COL_SHARE:
    case COL_LOW:
    case COL_HIGH:
        i = stats_wilson(row_int(row, c->a), row_int(row, c->b));
        *out = cell_interval(&i, c->kind);
        break;
    case COL_DIFF:
    case COL_DIFF_LOW:
    case COL_DIFF_HIGH:
        i = stats_newcombe(row_int(row, c->a), row_int(row, c->b), row_int(row, c->c), row_int(row, c->d));
        *out = cell_interval(&i, c->kind);
        break;
    case COL_PRACTICES:
        *out = cell_practices(row_int(row, c->a), scratch);
        break;
    case COL_AGENT_ID:
        *out = cell_named(naming_id(naming, row_text(row, c->a), name), name, scratch);
        break;
    case COL_PERSON:
        *out = cell_named(naming_name(naming, row_text(row, c->a), row_text(row, c->b), name), name, scratch);
        break;
    case COL_TEAM: /* a team of three would name them */
        *out = cell_text(naming->is_secret ? slice_of("") : row_text(row, c->a));
        break;
    case COL_PROPORTION:
        if (!row_is_null(row, c->a))
            *out = (struct cell){.kind = CELL_REAL, .real = row_real(row, c->a), .decimals = 6, .is_share = true};
        break;
    default:
        *out = cell_text(row_text(row, c->a));
    }
}

void rows_begin(struct rows *r, struct store *db, const struct table *t, const struct report_data *data, int64_t limit)
{
    memset(r, 0, sizeof *r);
    r->table = t;
    r->row.data = data;
    if (t->fill == NULL)
        r->row.sql = r->sql = table_bind(db, t->query, t->binds, data->period, limit);
    if (t->binds & BIND_LISTEN)
        stmt_bind_text(r->sql, ":listen", data->listen);
}

static void fill(struct rows *r)
{
    for (size_t i = 0; i < TABLE_FIELDS; i++)
        r->fields[i] = (struct field){true, 0, 0, {"", 0}};
    r->table->fill(r->row.data, r->n, r->fields);
    r->row.fields = r->fields;
}

enum err_code rows_next(struct rows *r, bool *has, struct err *e)
{
    if (r->sql != NULL) {
        r->n++;
        return stmt_step(r->sql, has, e);
    }
    *has = r->n < r->table->count(r->row.data);
    if (*has)
        fill(r);
    r->n++;
    return ERR_OK;
}
