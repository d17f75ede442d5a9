#include "report/sink.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "core/model.h"
#include "report/exchange.h"
#include "report/num.h"
#include "report/summary.h"
#include "report/svg.h"

static const char *const style_words[SVG_STYLES] = {"confrontational", "choice", "neutral", "off the record"};

static struct summary_count pair_of(const struct row *row, int x, int n)
{
    return (struct summary_count){row_int(row, n), row_int(row, x)};
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

/* A dispute rate as words and picture, with the period before and the average (negative: none). */
static void put_dispute_rate(struct html *h, struct summary_count now, struct summary_count before, double average)
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

static void cell_rate(const struct sink_page *to, const struct column *c, const struct row *row)
{
    struct summary_count before = {0, 0};
    if (c->c != 0)
        before = pair_of(row, c->c, c->d);
    put_dispute_rate(to->h, pair_of(row, c->a, c->b), before, average_of(to, c));
}

static void cell_percent(const struct sink_page *to, const struct column *c, const struct row *row)
{
    struct summary_count now = pair_of(row, c->a, c->b);
    if (!is_enough(now)) {
        put_not_enough(to->h);
        return;
    }
    struct stats_interval i = stats_wilson(now.disputed, now.n);
    put_rate(to->h, &i);
}

static void cell_change(const struct sink_page *to, const struct column *c, const struct row *row)
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

static void cell_pair(const struct sink_page *to, const struct column *c, const struct row *row)
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
static void cell_mix(const struct sink_page *to, const struct column *c, const struct row *row)
{
    int64_t counts[SVG_STYLES], all = 0;
    struct strbuf words = STRBUF_INIT;
    for (int i = 0; i < SVG_STYLES; i++)
        all += counts[i] = row_int(row, c->a + i);
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

static void cell_weeks(const struct sink_page *to, const struct column *c, const struct row *row)
{
    const struct finding_policy *f = findings_policy(to->data->findings, row_int(row, c->a));
    const struct summary *s = to->data->summary;
    const struct summary_policy *p = f != NULL ? &s->policies[s->by_finding[f - to->data->findings->policies]] : NULL;
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

static void put_count(struct html *h, const struct column *c, const struct row *row)
{
    html_open(h, "b");
    html_grouped(h, row_int(row, c->a));
    html_close(h, "b");
    html_literal(h, " of ");
    html_grouped(h, row_int(row, c->b));
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

static void cell_evidence(const struct sink_page *to, const struct column *c, const struct row *row,
                          struct slice heading)
{
    struct strbuf title = STRBUF_INIT;
    int64_t key = row_int(row, c->c), key2 = c->d != 0 ? row_int(row, c->d) : 0;
    strbuf_add_slice(&title, heading);
    strbuf_printf(&title, ": %c%s", tolower((unsigned char)c->label[0]), c->label + 1);
    sink_evidence_begin(to, c->of, key, key2, row_int(row, c->a), strbuf_slice(&title));
    put_count(to->h, c, row);
    sink_evidence_end(to);
    html_check(to->h, &title);
    strbuf_free(&title);
}

static void cell_link(const struct sink_page *to, const struct column *c, const struct row *row)
{
    struct html *h = to->h;
    struct exchange x = {row_int(row, c->c), row_int(row, c->d)};
    char id[EXCHANGE_ID_BYTES + 1] = "#";
    bool is_link = evidence_cite(to->evidence, x);
    html_open(h, is_link ? "a" : "span");
    if (is_link) {
        (void)exchange_id(x, id + 1);
        html_attr(h, "href", id);
    }
    html_words(h, row_text(row, c->a));
    html_close(h, is_link ? "a" : "span");
    if (c->b >= 0) {
        html_open_class(h, "span", "small");
        html_text(h, row_text(row, c->b));
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

static void cell_name(const struct sink_page *to, const struct column *c, const struct row *row)
{
    put_name(to->h, row_text(row, c->a), c->b < 0 ? slice_of("") : row_text(row, c->b));
}

static void cell_person(const struct sink_page *to, const struct column *c, const struct row *row)
{
    char name[NAMING_BYTES];
    bool is_hidden_team = c->d != 0 && to->data->naming->is_secret;
    put_name(to->h, naming_name(to->data->naming, row_text(row, c->a), row_text(row, c->b), name),
             c->c == 0 || is_hidden_team ? slice_of("") : row_text(row, c->c));
}

bool sink_sort_value(const struct column *c, const struct row *row, double *out)
{
    int64_t a = 0, b = 0;
    switch (c->kind) {
    case COL_INT:
    case COL_EVIDENCE:
        *out = (double)row_int(row, c->a);
        return true;
    case COL_REAL:
        *out = row_real(row, c->a);
        return true;
    case COL_RATE:
    case COL_SHARE_ONLY:
    case COL_PERCENT:
        a = row_int(row, c->a), b = row_int(row, c->b);
        *out = b > 0 ? (double)a / (double)b : 0;
        return b >= STATS_ENOUGH;
    case COL_CHANGE:
    case COL_PAIR:
        *out = stats_newcombe(row_int(row, c->a), row_int(row, c->b), row_int(row, c->c), row_int(row, c->d)).at;
        return row_int(row, c->b) >= STATS_ENOUGH && row_int(row, c->d) >= STATS_ENOUGH;
    case COL_MIX:
        for (int i = 0; i < SVG_STYLES; i++)
            b += row_int(row, c->a + i);
        *out = b > 0 ? (double)row_int(row, c->a) / (double)b : 0;
        return b > 0;
    case COL_FOREST:
    case COL_RATIO:
        *out = row_real(row, c->a);
        return !row_is_null(row, c->a);
    case COL_HABITS:
        *out = (double)row_int(row, c->b + (int)PRACTICE_REASON) / (double)(row_int(row, c->a) + 1);
        return row_int(row, c->a) >= STATS_ENOUGH;
    default:
        return false;
    }
}

static void cell_share_only(const struct sink_page *to, const struct column *c, const struct row *row)
{
    struct summary_count x = pair_of(row, c->a, c->b);
    if (!is_enough(x))
        put_not_enough(to->h);
    else
        html_percent(to->h, (double)x.disputed / (double)x.n);
}

static void cell_style(const struct sink_page *to, const struct column *c, const struct row *row)
{
    svg_key(to->h, (unsigned)row_int(row, c->b));
    html_literal(to->h, " ");
    html_text(to->h, row_text(row, c->a));
}

static void cell_badge(const struct sink_page *to, const struct column *c, const struct row *row)
{
    static const char *const classes[] = {"badge", "badge look", "badge well"};
    struct slice words = row_text(row, c->a);
    if (slice_is(words, "not enough data")) {
        put_not_enough(to->h);
        return;
    }
    html_open_class(to->h, "span", classes[row_int(row, c->b)]);
    if (c->c != 0)
        html_attr_words(to->h, "title", row_text(row, c->c));
    html_text(to->h, words);
    html_close(to->h, "span");
}

static struct stats_interval interval_of(const struct row *row, int at)
{
    return (struct stats_interval){!row_is_null(row, at), row_real(row, at), row_real(row, at + 1),
                                   row_real(row, at + 2)};
}

/* "2.4 (1.2-4.9)" */
static void put_ratio(struct html *h, const struct stats_interval *i)
{
    html_open_class(h, "span", "rate");
    html_open(h, "b");
    html_fixed(h, i->at, 1);
    html_close(h, "b");
    html_open_class(h, "span", "limits");
    html_literal(h, " (");
    html_fixed(h, i->low, 1);
    html_literal(h, "\xe2\x80\x93");
    html_fixed(h, fmin(i->high, 999), 1);
    html_literal(h, ")");
    html_close(h, "span");
    html_close(h, "span");
}

void sink_odds(struct html *h, const struct stats_interval *i, bool is_sum)
{
    char title[128];
    if (!i->has) {
        put_not_enough(h);
        return;
    }
    (void)snprintf(title, sizeof title, "odds ratio %.1f, 95 %% interval %.1f to %.1f", i->at, i->low,
                   fmin(i->high, 999));
    html_open_class(h, "div", "ratecell");
    put_ratio(h, i);
    svg_ratio(h, SVG_ODDS, title, i, NULL, is_sum);
    html_close(h, "div");
}

static void cell_forest(const struct sink_page *to, const struct column *c, const struct row *row)
{
    struct stats_interval i = interval_of(row, c->a);
    sink_odds(to->h, &i, false);
}

static void cell_ratio(const struct sink_page *to, const struct column *c, const struct row *row)
{
    struct html *h = to->h;
    char title[160];
    struct stats_interval i = interval_of(row, c->a),
                          limits = {!row_is_null(row, c->c), 1, row_real(row, c->c), row_real(row, c->c + 1)};
    if (!i.has || !limits.has) {
        put_not_enough(h);
        return;
    }
    (void)snprintf(title, sizeof title,
                   "observed by expected %.2f, 95 %% interval %.2f to %.2f; by chance %.2f to %.2f", i.at, i.low,
                   i.high, limits.low, limits.high);
    html_open_class(h, "div", "ratecell");
    put_ratio(h, &i);
    html_open_class(h, "span", "limits");
    html_literal(h, " of ");
    html_fixed(h, row_real(row, c->d), 1);
    html_close(h, "span");
    svg_ratio(h, SVG_OBSERVED, title, &i, &limits, false);
    html_close(h, "div");
}

static void cell_rates(const struct sink_page *to, const struct column *c, const struct row *row)
{
    double rates[FINDING_AGENT_WEEKS];
    unsigned known = 0, first = FINDING_AGENT_WEEKS;
    for (int i = FINDING_AGENT_WEEKS - 1; i >= 0; i--) {
        rates[i] = row_is_null(row, c->a + i) ? -1 : row_real(row, c->a + i);
        known += rates[i] >= 0;
        if (rates[i] >= 0)
            first = (unsigned)i;
    }
    if (known < 2) {
        put_not_enough(to->h);
        return;
    }
    struct strbuf title = STRBUF_INIT;
    strbuf_add_slice(&title, row_text(row, c->b));
    for (unsigned i = first; i < FINDING_AGENT_WEEKS; i++) {
        strbuf_puts(&title, i == first ? ": " : ", ");
        if (rates[i] >= 0)
            num_percent(&title, rates[i]);
        else
            strbuf_puts(&title, "none");
    }
    if (!strbuf_failed(&title))
        svg_weeks(to->h, title.s, rates, FINDING_AGENT_WEEKS);
    html_check(to->h, &title);
    strbuf_free(&title);
}

/* What an agent does when telling a policy, in a few words. */
static void cell_habits(const struct sink_page *to, const struct column *c, const struct row *row)
{
    static const struct {
        enum practice practice;
        const char *words;
    } habits[] = {
        {PRACTICE_REASON, "reason"}, {PRACTICE_ALTERNATIVE, "alternative"}, {PRACTICE_ABSOLUTE, "shuts the door"}};
    int64_t n = row_int(row, c->a);
    if (n < STATS_ENOUGH) {
        put_not_enough(to->h);
        return;
    }
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
        html_open_class(to->h, "span", "habits");
        html_puts(to->h, habits[i].words);
        html_literal(to->h, "\xc2\xa0");
        html_percent(to->h, (double)row_int(row, c->b + (int)habits[i].practice) / (double)n);
        html_close(to->h, "span");
    }
}

static void cell_int(const struct sink_page *to, const struct column *c, const struct row *row)
{
    html_grouped(to->h, row_int(row, c->a));
}

static void cell_real(const struct sink_page *to, const struct column *c, const struct row *row)
{
    html_fixed(to->h, row_real(row, c->a), 1);
}

void sink_cell(const struct sink_page *to, const struct column *c, const struct row *row, struct slice heading)
{
    static void (*const writers[])(const struct sink_page *, const struct column *, const struct row *) = {
        [COL_NAME] = cell_name,     [COL_PERSON] = cell_person,
        [COL_INT] = cell_int,       [COL_REAL] = cell_real,
        [COL_RATE] = cell_rate,     [COL_PERCENT] = cell_percent,
        [COL_CHANGE] = cell_change, [COL_PAIR] = cell_pair,
        [COL_MIX] = cell_mix,       [COL_WEEKS] = cell_weeks,
        [COL_LINK] = cell_link,     [COL_STYLE_MARK] = cell_style,
        [COL_BADGE] = cell_badge,   [COL_SHARE_ONLY] = cell_share_only,
        [COL_FOREST] = cell_forest, [COL_RATIO] = cell_ratio,
        [COL_RATES] = cell_rates,   [COL_HABITS] = cell_habits,
    };
    if (c->kind == COL_EVIDENCE)
        cell_evidence(to, c, row, heading);
    else if ((size_t)c->kind < sizeof writers / sizeof *writers && writers[c->kind] != NULL)
        writers[c->kind](to, c, row);
    else
        html_words(to->h, row_text(row, c->a));
}
