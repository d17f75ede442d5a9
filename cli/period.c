#include "cli/period.h"

#include "core/when.h"
#include "report/report.h"
#include "store/store.h"

enum asked { ASKED_NONE, ASKED_WEEK, ASKED_SPAN, ASKED_LAST };

/* Which way of asking is the strongest; ERR_USAGE if there are two in that place. */
static enum err_code find_asked(const struct options *o, enum asked *out, struct err *e)
{
    static const struct {
        enum opt_id id;
        enum asked asked;
    } ways[] = {{OPT_WEEK, ASKED_WEEK}, {OPT_FROM, ASKED_SPAN}, {OPT_TO, ASKED_SPAN}, {OPT_LAST, ASKED_LAST}};
    enum opt_from best = FROM_DEFAULT;
    const char *best_name = "";
    *out = ASKED_NONE;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (options_text(o, ways[i].id) == NULL)
            continue;
        enum opt_from from = options_from(o, ways[i].id);
        if (*out != ASKED_NONE && from == best && *out != ways[i].asked)
            return err_set(e, ERR_USAGE, "--%s and --%s exclude each other", best_name, opt_rows[ways[i].id].name);
        if (*out == ASKED_NONE || from > best) {
            *out = ways[i].asked;
            best = from;
            best_name = opt_rows[ways[i].id].name;
        }
    }
    return ERR_OK;
}

/* The week of DAY. START is the weekday on which weeks begin, 0 for Monday. */
static struct days week_of(int64_t day, int64_t start)
{
    int64_t since = (day + 3 - start) % 7; /* 1970-01-01 was a Thursday */
    int64_t from = day - (since < 0 ? since + 7 : since);
    return (struct days){from, from + 7};
}

/* The week that has the Thursday of the ISO week of MONDAY. */
static struct days week_named(int64_t monday, int64_t start)
{
    return week_of(monday + 3, start);
}

static struct days last_period(const char *text, int64_t today, int64_t start)
{
    int64_t days = 0;
    if (!option_parse_last(text, &days))
        days = 0;
    if (days > 0)
        return (struct days){today - days, today};
    if (days == 0)
        return week_of(today - 7, start);
    struct civil c = when_civil(today);
    c.day = 1;
    int64_t to_day = when_day(c);
    c.month--;
    return (struct days){when_day(c), to_day};
}

static enum err_code newest_week(int64_t today, int64_t start, struct store *db, struct days *out, struct err *e)
{
    bool has = false;
    int64_t day = today;
    enum err_code rc = report_newest_day(db, &day, &has, e);
    *out = week_of(has ? day : today, start);
    return rc;
}

static enum err_code asked_span(const struct options *o, int64_t today, struct days *out, struct err *e)
{
    if (options_text(o, OPT_FROM) == NULL) {
        err_set(e, ERR_USAGE, "--to needs --from");
        return err_hint(e, "give the first day as well: --from 2026-11-16");
    }
    out->from_day = options_number(o, OPT_FROM);
    out->to_day = options_text(o, OPT_TO) != NULL ? options_number(o, OPT_TO) + 1 : today + 1;
    if (out->to_day > out->from_day)
        return ERR_OK;
    return err_set(e, ERR_USAGE, "the period from %s to %s is empty", options_text(o, OPT_FROM),
                   options_text(o, OPT_TO) != NULL ? options_text(o, OPT_TO) : "now");
}

/* "A year before" are 52 weeks, so that the weekdays agree; years if the period is longer than that. */
static struct days compared_with(const struct options *o, struct days p, int64_t start)
{
    struct compare c;
    const char *text = options_text(o, OPT_COMPARE);
    int64_t length = p.to_day - p.from_day, back = length;
    if (text == NULL || !option_parse_compare(text, &c))
        c = (struct compare){COMPARE_BEFORE, 0, 0};
    if (c.kind == COMPARE_WEEK)
        return week_named(c.from_day, start);
    if (c.kind == COMPARE_SPAN)
        return (struct days){c.from_day, c.to_day};
    if (c.kind == COMPARE_YEAR)
        back = (length + 363) / 364 * 364;
    return (struct days){p.from_day - back, p.to_day - back};
}

enum err_code period_find(const struct options *o, int64_t now_ms, struct store *db, struct days *period,
                          struct days *before, struct err *e)
{
    int64_t today = store_day_of(db, now_ms), start = options_number(o, OPT_WEEK_START);
    enum asked asked = ASKED_NONE;
    enum err_code rc = find_asked(o, &asked, e);
    if (rc != ERR_OK)
        return rc;
    switch (asked) {
    case ASKED_NONE:
        rc = newest_week(today, start, db, period, e);
        break;
    case ASKED_WEEK:
        *period = week_named(options_number(o, OPT_WEEK), start);
        break;
    case ASKED_LAST:
        *period = last_period(options_text(o, OPT_LAST), today, start);
        break;
    case ASKED_SPAN:
        rc = asked_span(o, today, period, e);
        break;
    }
    if (rc == ERR_OK)
        *before = compared_with(o, *period, start);
    return rc;
}
