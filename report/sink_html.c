#include "report/sink.h"

#include <stdio.h>

#include "report/svg.h"

static const char *class_of(enum column_kind kind)
{
    switch (kind) {
    case COL_INT:
    case COL_REAL:
    case COL_PERCENT:
    case COL_SHARE_ONLY:
        return "number";
    case COL_RATE:
    case COL_PAIR:
        return "wide";
    case COL_FOREST:
    case COL_RATIO:
        return "half";
    case COL_MIX:
        return "mixcell";
    case COL_WEEKS:
    case COL_RATES:
        return "weekcell";
    case COL_EVIDENCE:
        return "evcell";
    default:
        return "words";
    }
}

static void put_scale(struct html *h, enum column_kind kind)
{
    if (kind == COL_RATE || kind == COL_PAIR)
        svg_scale(h);
    else if (kind == COL_FOREST)
        svg_ratio_scale(h, SVG_ODDS);
    else if (kind == COL_RATIO)
        svg_ratio_scale(h, SVG_OBSERVED);
}

static void put_table_head(struct html *h, const struct table *t)
{
    html_open(h, "table");
    html_element(h, "caption", t->title);
    html_literal(h, "<thead>");
    html_open(h, "tr");
    for (size_t i = 0; i < t->ncolumns; i++) {
        const struct column *c = &t->columns[i];
        if (c->label == NULL)
            continue;
        html_open_class(h, "th", class_of(c->kind));
        html_attr(h, "scope", "col");
        html_puts(h, c->label);
        put_scale(h, c->kind);
        html_close(h, "th");
    }
    html_close(h, "tr");
    html_literal(h, "</thead><tbody>\n");
}

const char *sink_anchor(const char *prefix, struct slice external_id, int64_t row_id, char out[SINK_ANCHOR_BYTES])
{
    size_t at = (size_t)snprintf(out, SINK_ANCHOR_BYTES, "%s-", prefix);
    bool is_fit = external_id.n > 0;
    for (size_t i = 0; i < external_id.n && at + 24 < SINK_ANCHOR_BYTES; i++) {
        char c = external_id.s[i];
        bool is_plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
        is_fit = is_fit && is_plain && i < 48;
        if (is_plain)
            out[at++] = c;
    }
    if (!is_fit)
        at += (size_t)snprintf(out + at, SINK_ANCHOR_BYTES - at, "_%lld", (long long)row_id);
    out[at] = '\0';
    return out;
}

static const char *anchor_of(const struct sink_page *to, const struct table *t, const struct row *row,
                             const char *prefix, char out[SINK_ANCHOR_BYTES])
{
    char name[NAMING_BYTES];
    struct slice id = row_text(row, t->anchor_at);
    if (strcmp(t->anchor, "agent") == 0)
        id = naming_id(to->data->naming, id, name);
    return sink_anchor(prefix, id, row_int(row, 0), out);
}

/* A link to the row itself, to be copied. */
static void put_self_link(const struct sink_page *to, const struct table *t, const struct row *row,
                          struct slice heading)
{
    char prefix[32], anchor[SINK_ANCHOR_BYTES];
    struct html *h = to->h;
    (void)snprintf(prefix, sizeof prefix, "#%s", t->anchor);
    html_open_class(h, "a", "self");
    html_attr(h, "href", anchor_of(to, t, row, prefix, anchor));
    html_literal(h, "#");
    html_open_class(h, "span", "unseen");
    html_literal(h, " link to ");
    html_words(h, heading);
    html_close(h, "span");
    html_close(h, "a");
}

/* The words that head the row, in NAME. */
static void head_row(const struct table *t, const struct row *row, struct strbuf *name)
{
    size_t i = 0;
    struct cell x;
    while (i < t->ncolumns && t->columns[i].label == NULL)
        i++;
    if (i == t->ncolumns)
        return;
    const struct column *c = &t->columns[i];
    struct column plain = *c;
    if (c->kind != COL_PERSON)
        plain.kind = COL_TEXT;
    struct strbuf scratch = STRBUF_INIT;
    cell_of(row, &plain, &scratch, &x);
    strbuf_add_slice(name, x.kind == CELL_TEXT ? x.text : slice_of(""));
    if (c->kind == COL_PERSON && c->c != 0 && c->d == 0) {
        strbuf_puts(name, ", ");
        strbuf_add_slice(name, row_text(row, c->c));
    }
    strbuf_free(&scratch);
}

static void put_row(const struct sink_page *to, const struct table *t, const struct row *row)
{
    struct html *h = to->h;
    bool is_first = true;
    struct strbuf heading = STRBUF_INIT;
    char anchor[SINK_ANCHOR_BYTES];
    double value;
    head_row(t, row, &heading);
    html_open(h, "tr");
    if (t->anchor != NULL)
        html_attr(h, "id", anchor_of(to, t, row, t->anchor, anchor));
    for (size_t i = 0; i < t->ncolumns; i++) {
        const struct column *c = &t->columns[i];
        if (c->label == NULL)
            continue;
        const char *tag = is_first ? "th" : "td";
        html_open_class(h, tag, class_of(c->kind));
        if (is_first)
            html_attr(h, "scope", "row");
        else
            html_attr(h, "data-label", c->label);
        if (sink_sort_value(c, row, &value))
            html_attr_fixed(h, "data-v", value, 4, "");
        sink_cell(to, c, row, strbuf_slice(&heading));
        if (is_first && t->anchor != NULL)
            put_self_link(to, t, row, strbuf_slice(&heading));
        html_close(h, tag);
        is_first = false;
    }
    html_close(h, "tr");
    html_literal(h, "\n");
    html_check(h, &heading);
    strbuf_free(&heading);
}

static void put_foot(struct html *h, const struct table *t, int64_t shown, bool has_more)
{
    if (t->name[0] == '\0' && !has_more)
        return;
    html_open_class(h, "p", "note");
    if (has_more) {
        html_literal(h, "The first ");
        html_grouped(h, shown);
        html_literal(h, " rows. ");
    }
    if (t->name[0] != '\0')
        html_textf(h, "All rows with more columns: %s.csv", t->name);
    html_close(h, "p");
}

enum err_code sink_html(const struct sink_page *to, const struct table *t, int64_t max_rows, const char *empty,
                        struct err *e)
{
    enum err_code rc;
    bool has;
    int64_t n = 0;
    struct rows rows;
    rows_begin(&rows, to->db, t, to->data, max_rows + 1);
    while ((rc = rows_next(&rows, &has, e)) == ERR_OK && has && n < max_rows) {
        if (n == 0)
            put_table_head(to->h, t);
        put_row(to, t, &rows.row);
        n++;
    }
    if (rc != ERR_OK)
        return rc;
    if (n == 0) {
        html_open_class(to->h, "p", "empty");
        html_puts(to->h, empty);
        html_close(to->h, "p");
        return ERR_OK;
    }
    html_literal(to->h, "</tbody>\n");
    if (t->foot != NULL)
        t->foot(to);
    html_close(to->h, "table");
    put_foot(to->h, t, n, has);
    return ERR_OK;
}
