#include "report/sink.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "core/model.h"
#include "report/exchange.h"
#include "report/num.h"
#include "report/summary.h"
#include "report/svg.h"

static const char *const style_words[SVG_STYLES] = {"confrontational", "choice", "neutral", "off the record"};

static struct summary_count pair_of(const struct stmt *row, int x, int n)
{
    return (struct summary_count){stmt_int(row, n), stmt_int(row, x)};
}

static bool is_enough(struct summary_count c)
{
    return c.n >= STATS_ENOUGH;
}

static void put_not_enough(struct html *h)
{
    html_literal(h, "<span class=\"few\">not enough data</span>");
}

/* "42 % (32-53)" */
static void put_rate(struct html *h, const struct stats_interval *i)
{
    html_open_class(h, "span", "rate");
    html_open(h, "b");
    html_percent(h, i->at);
    html_close(h, "b");
    html_open_class(h, "span", "limits");
    html_literal(h, " (");
    html_textf(h, "%.0f\xe2\x80\x93%.0f", i->low * 100, i->high * 100);
    html_literal(h, ")");
    html_close(h, "span");
    html_close(h, "span");
}

static double average_of(const struct sink_page *to, const struct column *c)
{
    const struct summary *s = to->data->summary;
    if (s->now.n == 0)
        return -1;
    /* A rate of the style counts is one of confrontations; all others are of disputes. */
    int64_t x = strstr(c->label, "confrontation") != NULL ? s->styles[0].n : s->now.disputed;
    return (double)x / (double)s->now.n;
}

/* Too few for a rate: only the interval is drawn, which shows how little is known. */
static void put_unsure(struct html *h, struct summary_count c)
{
    const struct stats_interval none = {false, 0, 0, 0}, i = stats_wilson(c.disputed, c.n);
    char title[96];
    if (!i.has) {
        put_not_enough(h);
        return;
    }
    (void)snprintf(title, sizeof title, "95 %% interval %.0f to %.0f %%", i.low * 100, i.high * 100);
    html_open_class(h, "div", "ratecell unsure");
    put_not_enough(h);
    svg_interval(h, title, &i, &none, -1);
    html_close(h, "div");
}

void sink_rate(struct html *h, struct summary_count now, struct summary_count before, double average)
{
    if (!is_enough(now)) {
        put_unsure(h, now);
        return;
    }
    struct stats_interval i = stats_wilson(now.disputed, now.n), b = {false, 0, 0, 0};
    if (is_enough(before))
        b = stats_wilson(before.disputed, before.n);
    char title[128];
    (void)snprintf(title, sizeof title, "%.0f %%, 95 %% interval %.0f to %.0f %%", i.at * 100, i.low * 100,
                   i.high * 100);
    size_t n = strlen(title);
    if (b.has)
        (void)snprintf(title + n, sizeof title - n, "; the period before %.0f %%", b.at * 100);
    html_open_class(h, "div", "ratecell");
    put_rate(h, &i);
    svg_interval(h, title, &i, &b, average);
    html_close(h, "div");
}

static void cell_rate(const struct sink_page *to, const struct column *c, const struct stmt *row)
{
    struct summary_count before = {0, 0};
    if (c->c != 0)
        before = pair_of(row, c->c, c->d);
    sink_rate(to->h, pair_of(row, c->a, c->b), before, average_of(to, c));
}

static void cell_percent(const struct sink_page *to, const struct column *c, const struct stmt *row)
{
    struct summary_count now = pair_of(row, c->a, c->b);
    if (!is_enough(now)) {
        put_not_enough(to->h);
        return;
    }
    struct stats_interval i = stats_wilson(now.disputed, now.n);
    put_rate(to->h, &i);
}

static void cell_change(const struct sink_page *to, const struct column *c, const struct stmt *row)
{
    struct html *h = to->h;
    struct summary_count now = pair_of(row, c->a, c->b), than = pair_of(row, c->c, c->d);
    if (!is_enough(now) || !is_enough(than)) {
        put_not_enough(h);
        return;
    }
    struct stats_interval d = stats_newcombe(now.disputed, now.n, than.disputed, than.n);
    bool is_clear = stats_is_clear(&d);
    html_open_class(h, "span", !is_clear ? "change" : d.at > 0 ? "change more" : "change less");
    if (is_clear)
        html_puts(h, d.at > 0 ? "\xe2\x96\xb2 " : "\xe2\x96\xbc ");
    html_open(h, "b");
    html_points(h, d.at);
    html_close(h, "b");
    html_open_class(h, "span", "limits");
    html_literal(h, " points (");
    html_points(h, d.low);
    html_literal(h, " to ");
    html_points(h, d.high);
    html_literal(h, ")");
    html_close(h, "span");
    if (!is_clear)
        html_literal(h, "<span class=\"few\"> no clear difference</span>");
    html_close(h, "span");
}

static void cell_pair(const struct sink_page *to, const struct column *c, const struct stmt *row)
{
    struct summary_count one = pair_of(row, c->a, c->b), two = pair_of(row, c->c, c->d);
    struct stats_interval a = {false, 0, 0, 0}, b = {false, 0, 0, 0};
    if (is_enough(one))
        a = stats_wilson(one.disputed, one.n);
    if (is_enough(two))
        b = stats_wilson(two.disputed, two.n);
    if (!a.has && !b.has) {
        put_not_enough(to->h);
        return;
    }
    char title[192] = "";
    size_t n = 0;
    if (a.has)
        n = (size_t)snprintf(title, sizeof title, "As a confrontation %.0f %% (%.0f to %.0f). ", a.at * 100,
                             a.low * 100, a.high * 100);
    if (b.has)
        (void)snprintf(title + n, sizeof title - n, "As a choice %.0f %% (%.0f to %.0f).", b.at * 100, b.low * 100,
                       b.high * 100);
    svg_pair(to->h, title, &a, &b);
}

/* The picture's title says all styles; below it only the two that matter most are told. */
static void cell_mix(const struct sink_page *to, const struct column *c, const struct stmt *row)
{
    int64_t counts[SVG_STYLES], all = 0;
    struct strbuf words = STRBUF_INIT;
    for (int i = 0; i < SVG_STYLES; i++)
        all += counts[i] = stmt_int(row, c->a + i);
    size_t brief = 0;
    for (int i = 0; i < SVG_STYLES && all > 0; i++) {
        if (i > 0)
            strbuf_puts(&words, ", ");
        if (all >= STATS_ENOUGH)
            num_percent(&words, (double)counts[i] / (double)all);
        else
            strbuf_printf(&words, "%" PRId64, counts[i]);
        strbuf_printf(&words, " %s", style_words[i]);
        if (i == 1)
            brief = words.n;
    }
    if (brief != 0 && !strbuf_failed(&words)) {
        svg_mix(to->h, words.s, counts);
        html_open_class(to->h, "span", "mixwords");
        html_attr(to->h, "aria-hidden", "true");
        html_text(to->h, (struct slice){words.s, brief});
        html_close(to->h, "span");
    }
    html_check(to->h, &words);
    strbuf_free(&words);
}

static void cell_weeks(const struct sink_page *to, const struct column *c, const struct stmt *row)
{
    const struct summary_policy *p = summary_policy(to->data->summary, stmt_int(row, c->a));
    double rates[SUMMARY_WEEKS];
    unsigned known = 0;
    for (int i = 0; i < SUMMARY_WEEKS; i++) {
        rates[i] =
            p != NULL && p->weeks[i].n >= STATS_ENOUGH ? (double)p->weeks[i].disputed / (double)p->weeks[i].n : -1;
        known += rates[i] >= 0;
    }
    if (known < 2) {
        put_not_enough(to->h);
        return;
    }
    struct strbuf title = STRBUF_INIT;
    strbuf_puts(&title, "Weekly dispute rates, the oldest first:");
    for (int i = 0; i < SUMMARY_WEEKS; i++) {
        strbuf_putc(&title, ' ');
        if (rates[i] >= 0)
            num_percent(&title, rates[i]);
        else
            strbuf_puts(&title, "none");
        strbuf_putc(&title, i + 1 < SUMMARY_WEEKS ? ',' : '.');
    }
    if (!strbuf_failed(&title))
        svg_weeks(to->h, title.s, rates, SUMMARY_WEEKS);
    html_check(to->h, &title);
    strbuf_free(&title);
}

static void put_count(struct html *h, const struct column *c, const struct stmt *row)
{
    html_open(h, "b");
    html_grouped(h, stmt_int(row, c->a));
    html_close(h, "b");
    html_literal(h, " of ");
    html_grouped(h, stmt_int(row, c->b));
}

void sink_evidence_begin(const struct sink_page *to, enum evidence_of of, int64_t key, int64_t key2, int64_t all,
                         struct slice title)
{
    struct html *h = to->h;
    size_t n;
    char id[32];
    (void)evidence_best(to->evidence, of, key, key2, &n);
    if (n == 0) {
        html_open(h, "span");
        return;
    }
    (void)snprintf(id, sizeof id, "#n%zu", evidence_list(to->evidence, of, key, key2, title, all));
    html_open_class(h, "a", "ev");
    html_attr(h, "href", id);
}

void sink_evidence_end(const struct sink_page *to)
{
    html_close_any(to->h);
}

static void cell_evidence(const struct sink_page *to, const struct column *c, const struct stmt *row,
                          struct slice heading)
{
    struct strbuf title = STRBUF_INIT;
    int64_t key = stmt_int(row, c->c), key2 = c->d != 0 ? stmt_int(row, c->d) : 0;
    strbuf_add_slice(&title, heading);
    strbuf_printf(&title, ": %c%s", tolower((unsigned char)c->label[0]), c->label + 1);
    sink_evidence_begin(to, c->of, key, key2, stmt_int(row, c->a), strbuf_slice(&title));
    put_count(to->h, c, row);
    sink_evidence_end(to);
    html_check(to->h, &title);
    strbuf_free(&title);
}

static void cell_link(const struct sink_page *to, const struct column *c, const struct stmt *row)
{
    struct html *h = to->h;
    struct exchange x = {stmt_int(row, c->c), stmt_int(row, c->d)};
    char id[EXCHANGE_ID_BYTES + 1] = "#";
    bool is_link = evidence_cite(to->evidence, x);
    html_open(h, is_link ? "a" : "span");
    if (is_link) {
        (void)exchange_id(x, id + 1);
        html_attr(h, "href", id);
    }
    html_words(h, stmt_text(row, c->a));
    html_close(h, is_link ? "a" : "span");
    if (c->b >= 0) {
        html_open_class(h, "span", "small");
        html_text(h, stmt_text(row, c->b));
        html_close(h, "span");
    }
}

static void put_name(struct html *h, struct slice name, struct slice small)
{
    if (name.n != 0)
        html_words(h, name);
    else
        html_literal(h, "<i>not known</i>");
    if (small.n != 0 && !slice_eq(small, name)) {
        html_open_class(h, "span", "small");
        html_words(h, small);
        html_close(h, "span");
    }
}

static void cell_name(const struct sink_page *to, const struct column *c, const struct stmt *row)
{
    put_name(to->h, stmt_text(row, c->a), c->b < 0 ? slice_of("") : stmt_text(row, c->b));
}

static void cell_person(const struct sink_page *to, const struct column *c, const struct stmt *row)
{
    char name[NAMING_BYTES];
    bool is_hidden_team = c->d != 0 && to->data->naming->is_secret;
    put_name(to->h, naming_name(to->data->naming, stmt_text(row, c->a), stmt_text(row, c->b), name),
             c->c == 0 || is_hidden_team ? slice_of("") : stmt_text(row, c->c));
}

static void cell_value(const struct sink_page *to, const struct column *c, const struct row *row)
{
    struct strbuf scratch = STRBUF_INIT;
    struct cell x;
    cell_of(row, c, &scratch, &x);
    if (x.kind == CELL_INT)
        html_grouped(to->h, x.integer);
    else if (x.kind == CELL_REAL && x.is_share)
        html_percent(to->h, x.real);
    else if (x.kind == CELL_REAL)
        html_fixed(to->h, x.real, 2);
    else if (x.kind == CELL_TEXT)
        html_words(to->h, x.text);
    else
        put_not_enough(to->h);
    html_check(to->h, &scratch);
    strbuf_free(&scratch);
}

bool sink_sort_value(const struct column *c, const struct row *row, double *out)
{
    const struct stmt *sql = row->sql;
    int64_t a = 0, b = 0;
    struct strbuf none = STRBUF_INIT;
    struct cell x;
    switch (c->kind) {
    case COL_INT:
    case COL_EVIDENCE:
        *out = (double)stmt_int(sql, c->a);
        return true;
    case COL_REAL:
        *out = stmt_real(sql, c->a);
        return true;
    case COL_RATE:
    case COL_PERCENT:
        a = stmt_int(sql, c->a), b = stmt_int(sql, c->b);
        *out = b > 0 ? (double)a / (double)b : 0;
        return b >= STATS_ENOUGH;
    case COL_CHANGE:
    case COL_PAIR:
        *out = stats_newcombe(stmt_int(sql, c->a), stmt_int(sql, c->b), stmt_int(sql, c->c), stmt_int(sql, c->d)).at;
        return stmt_int(sql, c->b) >= STATS_ENOUGH && stmt_int(sql, c->d) >= STATS_ENOUGH;
    case COL_MIX:
        for (int i = 0; i < SVG_STYLES; i++)
            b += stmt_int(sql, c->a + i);
        *out = b > 0 ? (double)stmt_int(sql, c->a) / (double)b : 0;
        return b > 0;
    case COL_VALUE:
        cell_of(row, c, &none, &x);
        strbuf_free(&none);
        *out = x.kind == CELL_INT ? (double)x.integer : x.real;
        return x.kind == CELL_INT || x.kind == CELL_REAL;
    default:
        return false;
    }
}

void sink_cell(const struct sink_page *to, const struct column *c, const struct row *r, struct slice heading)
{
    const struct stmt *row = r->sql;
    switch (c->kind) {
    case COL_NAME:
        cell_name(to, c, row);
        break;
    case COL_PERSON:
        cell_person(to, c, row);
        break;
    case COL_INT:
        html_grouped(to->h, stmt_int(row, c->a));
        break;
    case COL_REAL:
        html_fixed(to->h, stmt_real(row, c->a), 1);
        break;
    case COL_RATE:
        cell_rate(to, c, row);
        break;
    case COL_PERCENT:
        cell_percent(to, c, row);
        break;
    case COL_CHANGE:
        cell_change(to, c, row);
        break;
    case COL_PAIR:
        cell_pair(to, c, row);
        break;
    case COL_MIX:
        cell_mix(to, c, row);
        break;
    case COL_WEEKS:
        cell_weeks(to, c, row);
        break;
    case COL_EVIDENCE:
        cell_evidence(to, c, row, heading);
        break;
    case COL_LINK:
        cell_link(to, c, row);
        break;
    case COL_VALUE:
        cell_value(to, c, r);
        break;
    default:
        html_words(to->h, stmt_text(row, c->a));
    }
}
