#include "report/headline.h"

#include <inttypes.h>
#include <stdio.h>

enum { CONFRONTATIONAL, CHOICE, NEUTRAL, OFFRECORD };

static bool is_iso_week(int64_t from_day, int64_t to_day)
{
    int year, week;
    when_iso_week(from_day, &year, &week);
    return to_day - from_day == 7 && when_week_monday(year, week) == from_day;
}

static void put_date(struct html *h, int64_t day, bool with_year)
{
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    struct civil c = when_civil(day);
    html_textf(h, "%d\xc2\xa0%s", c.day, months[c.month - 1]);
    if (with_year)
        html_textf(h, " %d", c.year);
}

static void put_days(struct html *h, int64_t from_day, int64_t to_day)
{
    int64_t last = to_day - 1;
    if (last > from_day) {
        put_date(h, from_day, when_civil(from_day).year != when_civil(last).year);
        html_literal(h, " to ");
    }
    put_date(h, last, true);
}

void headline_period(struct html *h, const struct period *p)
{
    if (is_iso_week(p->from_day, p->to_day)) {
        int year, week;
        when_iso_week(p->from_day, &year, &week);
        html_textf(h, "Week %d of %d, ", week, year);
    }
    put_days(h, p->from_day, p->to_day);
}

void headline_before(struct html *h, const struct period *p)
{
    int64_t days = p->to_day - p->from_day;
    bool is_just_before = p->before_to_day == p->from_day && p->before_to_day - p->before_day == days;
    if (is_just_before && days == 7) {
        html_literal(h, "the week before");
    } else if (is_just_before && days == 1) {
        html_literal(h, "the day before");
    } else if (is_just_before) {
        html_textf(h, "the %" PRId64 " days before", days);
    } else if (is_iso_week(p->before_day, p->before_to_day)) {
        int year, week;
        when_iso_week(p->before_day, &year, &week);
        html_textf(h, "week %d of %d", week, year);
    } else {
        put_days(h, p->before_day, p->before_to_day);
    }
}

/* Where the sentences go, and what they are about. */
struct teller {
    const struct sink_page *to;
    struct html *h;
    const struct period *p;
    const struct summary *s;
};

/* What stands behind a number, and what its list is called. */
struct behind {
    enum evidence_of of;
    int64_t key;
    const char *title;
};

/* "34 of 81 (42 %, 32-53 %)"; without the interval where there is not enough */
static void put_rate(const struct teller *t, struct summary_count c, const struct behind *behind)
{
    struct html *h = t->h;
    struct stats_interval i = stats_wilson(c.disputed, c.n);
    sink_evidence_begin(t->to, behind->of, behind->key, 0, c.disputed, slice_of(behind->title));
    html_open(h, "b");
    html_grouped(h, c.disputed);
    html_literal(h, " of ");
    html_grouped(h, c.n);
    html_close(h, "b");
    sink_evidence_end(t->to);
    if (c.n < STATS_ENOUGH)
        return;
    html_literal(h, " (");
    html_percent(h, i.at);
    html_textf(h, "; %.0f to %.0f\xc2\xa0%%)", i.low * 100, i.high * 100);
}

static struct stats_interval change_of(struct summary_count now, struct summary_count before)
{
    if (now.n < STATS_ENOUGH || before.n < STATS_ENOUGH)
        return (struct stats_interval){false, 0, 0, 0};
    return stats_newcombe(now.disputed, now.n, before.disputed, before.n);
}

/* ", up 11 points against the week before (4 to 18)" */
static void put_change(const struct teller *t, struct summary_count now, struct summary_count before)
{
    struct html *h = t->h;
    struct stats_interval d = change_of(now, before);
    if (!d.has) /* the first sentence says so, if it is so of all */
        return;
    if (!stats_is_clear(&d)) {
        html_literal(h, ", no clear change against ");
        headline_before(h, t->p);
        html_literal(h, " (");
        html_percent(h, (double)before.disputed / (double)before.n);
        html_literal(h, ")");
        return;
    }
    bool is_up = d.at > 0;
    html_puts(h, is_up ? ", up " : ", down ");
    html_open(h, "b");
    html_textf(h, "%.0f points", (is_up ? d.at : -d.at) * 100);
    html_close(h, "b");
    html_textf(h, " (%.0f to %.0f) against ", (is_up ? d.low : -d.high) * 100, (is_up ? d.high : -d.low) * 100);
    headline_before(h, t->p);
}

static void say_all(const struct teller *t)
{
    struct html *h = t->h;
    html_open(h, "li");
    html_literal(h, "Customers disputed ");
    put_rate(t, t->s->now, &(struct behind){EVIDENCE_DISPUTED, 0, "Disputed policies"});
    html_puts(h, t->s->now.n == 1 ? " policy they were told" : " policies they were told");
    put_change(t, t->s->now, t->s->before);
    if (!change_of(t->s->now, t->s->before).has) {
        html_literal(h, "; there is not enough data to compare with ");
        headline_before(h, t->p);
    }
    html_literal(h, ".");
    html_close(h, "li");
}

/* How the same policy fares by style, where both have enough: "told as a choice it was disputed half as often". */
static void put_styles(struct html *h, const struct summary_count styles[SUMMARY_STYLES])
{
    struct summary_count hard = styles[CONFRONTATIONAL], soft = styles[CHOICE];
    if (hard.n < STATS_ENOUGH || soft.n < STATS_ENOUGH)
        return;
    struct stats_interval d = stats_newcombe(hard.disputed, hard.n, soft.disputed, soft.n);
    html_literal(h, " Told as a confrontation it was disputed in ");
    html_percent(h, (double)hard.disputed / (double)hard.n);
    html_literal(h, ", told as a choice in ");
    html_percent(h, (double)soft.disputed / (double)soft.n);
    html_puts(h, stats_is_clear(&d) ? "." : " (no clear difference).");
}

/* The policy's title, leading to its row. */
static void put_policy(struct html *h, const struct summary_policy *x)
{
    char href[SINK_ANCHOR_BYTES];
    html_open(h, "a");
    html_attr(h, "href", sink_anchor("#policy", x->finding->external_id, x->finding->policy_id, href));
    html_words(h, x->finding->title);
    html_close(h, "a");
}

static void put_policy_rate(const struct teller *t, const struct summary_policy *x)
{
    struct strbuf title = STRBUF_INIT;
    strbuf_add_slice(&title, x->finding->title);
    strbuf_puts(&title, ": disputed");
    if (!strbuf_failed(&title))
        put_rate(t, x->now, &(struct behind){EVIDENCE_POLICY, x->finding->policy_id, title.s});
    html_check(t->h, &title);
    strbuf_free(&title);
}

static const struct summary_policy *most_disputed(const struct summary *s)
{
    for (size_t i = 0; i < s->npolicies && s->policies[i].now.n >= STATS_ENOUGH; i++)
        if (s->policies[i].finding->is_listed && s->policies[i].now.disputed > 0)
            return &s->policies[i];
    return NULL;
}

static void say_most_disputed(const struct teller *t)
{
    struct html *h = t->h;
    const struct summary_policy *x = most_disputed(t->s);
    if (x == NULL)
        return;
    html_open(h, "li");
    put_policy(h, x);
    html_literal(h, " was disputed most: ");
    put_policy_rate(t, x);
    put_change(t, x->now, x->before);
    html_literal(h, ".");
    put_styles(h, x->styles);
    html_close(h, "li");
}

/* The policies with enough episodes come first. */
static void say_few(const struct teller *t)
{
    if (t->s->npolicies > 0 && t->s->policies[0].now.n < STATS_ENOUGH)
        html_literal(t->h, "<li>No policy was told often enough (20 times) to be ranked; what is there can be read "
                           "below.</li>");
}

static void say_biggest_change(const struct teller *t)
{
    const struct summary *s = t->s;
    struct html *h = t->h;
    const struct summary_policy *most = NULL;
    struct stats_interval most_d = {false, 0, 0, 0};
    for (size_t i = 0; i < s->npolicies; i++) {
        const struct summary_policy *x = &s->policies[i];
        struct stats_interval d = change_of(x->now, x->before);
        double size = d.at < 0 ? -d.at : d.at, most_size = most_d.at < 0 ? -most_d.at : most_d.at;
        if (x->finding->is_listed && stats_is_clear(&d) && size > most_size)
            most = x, most_d = d;
    }
    if (most == NULL || most == most_disputed(s)) /* whose change is told already */
        return;
    html_open(h, "li");
    html_literal(h, "The clearest change: disputes about ");
    put_policy(h, most);
    html_puts(h, most_d.at > 0 ? " rose from " : " fell from ");
    html_percent(h, (double)most->before.disputed / (double)most->before.n);
    html_literal(h, " in ");
    headline_before(h, t->p);
    html_literal(h, " to ");
    html_percent(h, (double)most->now.disputed / (double)most->now.n);
    html_literal(h, ".");
    html_close(h, "li");
}

static void say_delivery(const struct teller *t)
{
    const struct summary *s = t->s;
    struct html *h = t->h;
    struct summary_count now = {s->now.n, s->styles[CONFRONTATIONAL].n};
    struct summary_count before = {s->before.n, s->styles_before[CONFRONTATIONAL].n};
    html_open(h, "li");
    html_literal(h, "Agents told a policy as a confrontation in ");
    put_rate(t, now, &(struct behind){EVIDENCE_STYLE, CONFRONTATIONAL, "Told so: Confrontation"});
    html_literal(h, " cases");
    put_change(t, now, before);
    html_literal(h, "; as a choice in ");
    put_rate(t, (struct summary_count){s->now.n, s->styles[CHOICE].n},
             &(struct behind){EVIDENCE_STYLE, CHOICE, "Told so: Choice"});
    html_literal(h, ".");
    html_close(h, "li");
}

#define VAGUE 8.0 /* an interval of odds that is wider than this many times */

static void say_pooled(const struct teller *t)
{
    const struct stats_strata *d = &t->to->data->findings->delivery;
    struct html *h = t->h;
    if (!d->has || (d->low <= 1 && d->high >= 1))
        return;
    html_open(h, "li");
    /* Few data give wild ratios: then only the sure end of the interval is told. */
    bool is_more = d->odds >= 1, is_vague = d->high > VAGUE * d->low;
    double at = is_more ? d->odds : 1 / d->odds, low = is_more ? d->low : 1 / d->high;
    html_literal(h, "Like compared with like, telling a policy as a confrontation rather than as a choice goes with ");
    html_open(h, "b");
    html_puts(h, is_vague ? "at least " : "");
    html_fixed(h, is_vague ? low : at, 1);
    html_puts(h, is_more ? " times the odds of a dispute" : " times lower odds of a dispute");
    html_close(h, "b");
    if (!is_vague)
        html_textf(h, " (%.1f to %.1f)", low, is_more ? d->high : 1 / d->low);
    html_literal(h, ": ");
    html_open(h, "a");
    html_attr(h, "href", "#delivery");
    html_literal(h, "the policy, or how it is told");
    html_close(h, "a");
    html_literal(h, ".");
    html_close(h, "li");
}

static void say_agents(const struct teller *t)
{
    const struct summary *s = t->s;
    struct html *h = t->h;
    size_t more = 0, confront = 0, enough = t->to->data->findings->nagents_enough;
    for (size_t i = 0; i < s->nagents; i++) {
        more += s->agents[i]->disputes.flag == FLAG_MORE;
        confront += s->agents[i]->confrontations.flag == FLAG_MORE;
    }
    if (enough < 2)
        return;
    html_open(h, "li");
    if (more == 0 && confront == 0) {
        html_textf(h,
                   "Of %zu agents with enough data, none stands out: what differs between them, chance and their mix "
                   "of policies explain.",
                   enough);
    } else {
        html_textf(h, "Of %zu agents with enough data, ", enough);
        html_open(h, "b");
        html_textf(h, "%zu had", more);
        html_close(h, "b");
        html_literal(h, " clearly more disputes and ");
        html_open(h, "b");
        html_textf(h, "%zu had", confront);
        html_close(h, "b");
        html_literal(h, " clearly more confrontations than their mix of policies explains: "
                        "<a href=\"#coaching\">whom to coach, on what</a>.");
    }
    html_close(h, "li");
}

static void put_times(const struct teller *t, int64_t n, const struct behind *behind, const char *one,
                      const char *several)
{
    struct html *h = t->h;
    sink_evidence_begin(t->to, behind->of, behind->key, 0, n, slice_of(behind->title));
    html_open(h, "b");
    html_grouped(h, n);
    html_close(h, "b");
    sink_evidence_end(t->to);
    html_puts(h, n == 1 ? one : several);
}

static void say_risks(const struct teller *t)
{
    struct html *h = t->h;
    int64_t hostile = t->s->hostile, off = t->s->styles[OFFRECORD].n;
    if (hostile == 0 && off == 0)
        return;
    html_open(h, "li");
    if (hostile != 0)
        put_times(t, hostile, &(struct behind){EVIDENCE_HOSTILE, 0, "Hostile after a policy was told"},
                  " time a customer was hostile after a policy was told",
                  " times a customer was hostile after a policy was told");
    if (hostile != 0 && off != 0)
        html_literal(h, "; ");
    if (off != 0)
        put_times(t, off, &(struct behind){EVIDENCE_STYLE, OFFRECORD, "Told so: Off the record"},
                  " time an agent hinted at a way round the rule", " times an agent hinted at a way round the rule");
    html_literal(h, ". See <a href=\"#listen\">the conversations to listen to</a>.");
    html_close(h, "li");
}

static const struct summary_policy *unlisted_of(const struct summary *s)
{
    for (size_t i = 0; i < s->npolicies; i++)
        if (slice_is(s->policies[i].finding->external_id, "unlisted"))
            return &s->policies[i];
    return NULL;
}

static void say_unlisted(const struct teller *t)
{
    const struct summary_policy *x = unlisted_of(t->s);
    struct html *h = t->h;
    if (x == NULL || x->now.n * 10 < t->s->now.n)
        return;
    html_open(h, "li");
    html_percent(h, (double)x->now.n / (double)t->s->now.n);
    html_literal(h, " of what was told matches no policy of the catalogue: "
                    "<a href=\"#unlisted\">the words that would extend it</a>.");
    html_close(h, "li");
}

/* A share is told as one only where there is enough; else the count. */
static void figure(struct html *h, const char *what, int64_t count, int64_t of)
{
    html_literal(h, "<div>");
    html_element(h, "dt", what);
    html_open(h, "dd");
    if (of >= STATS_ENOUGH)
        html_percent(h, (double)count / (double)of);
    else
        html_grouped(h, count);
    html_close(h, "dd");
    html_literal(h, "</div>");
}

static void put_figures(struct html *h, const struct summary *s)
{
    html_open_class(h, "dl", "figures");
    figure(h, "conversations", s->conversations, 0);
    figure(h, "policies told", s->now.n, 0);
    if (s->now.n > 0) {
        figure(h, "were disputed", s->now.disputed, s->now.n);
        figure(h, "told as a choice", s->styles[CHOICE].n, s->now.n);
        figure(h, "told as a confrontation", s->styles[CONFRONTATIONAL].n, s->now.n);
    }
    html_close(h, "dl");
}

void headline_sentences(const struct sink_page *to)
{
    const struct teller t = {to, to->h, to->data->period, to->data->summary};
    if (t.s->now.n == 0) {
        html_open_class(t.h, "p", "empty");
        html_puts(t.h, t.s->conversations == 0 ? "There are no conversations in this period."
                                               : "In no conversation of this period was a policy told.");
        html_close(t.h, "p");
        return;
    }
    html_open_class(t.h, "ul", "headlines");
    say_all(&t);
    say_most_disputed(&t);
    say_few(&t);
    say_biggest_change(&t);
    say_delivery(&t);
    say_pooled(&t);
    say_agents(&t);
    say_risks(&t);
    say_unlisted(&t);
    html_close(t.h, "ul");
}

void headline_write(const struct sink_page *to)
{
    put_figures(to->h, to->data->summary);
    headline_sentences(to);
}
