#include "cli/period.h"

#include "core/when.h"
#include "report/report.h"

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

static void last_period(const char *text, int64_t today, int64_t *from_day, int64_t *to_day)
{
    int64_t days = 0;
    if (!option_parse_last(text, &days))
        days = 0;
    if (days > 0) {
        *from_day = today - days;
        *to_day = today;
    } else if (days == 0) {
        int year = 0, week = 0;
        when_iso_week(today, &year, &week);
        *to_day = when_week_monday(year, week);
        *from_day = *to_day - 7;
    } else {
        struct civil c = when_civil(today);
        c.day = 1;
        *to_day = when_day(c);
        c.month--;
        *from_day = when_day(c);
    }
}

static enum err_code newest_week(int64_t today, struct store *db, int64_t *from_day, int64_t *to_day, struct err *e)
{
    bool has = false;
    enum err_code rc = report_latest_week(db, from_day, to_day, &has, e);
    if (rc == ERR_OK && !has) {
        int year = 0, week = 0;
        when_iso_week(today, &year, &week);
        *from_day = when_week_monday(year, week);
        *to_day = *from_day + 7;
    }
    return rc;
}

enum err_code period_find(const struct options *o, int64_t now_ms, struct store *db, int64_t *from_day, int64_t *to_day,
                          struct err *e)
{
    int64_t today = when_day_of(now_ms);
    enum asked asked = ASKED_NONE;
    enum err_code rc = find_asked(o, &asked, e);
    if (rc != ERR_OK)
        return rc;
    switch (asked) {
    case ASKED_NONE:
        return newest_week(today, db, from_day, to_day, e);
    case ASKED_WEEK:
        *from_day = options_number(o, OPT_WEEK);
        *to_day = *from_day + 7;
        break;
    case ASKED_LAST:
        last_period(options_text(o, OPT_LAST), today, from_day, to_day);
        break;
    case ASKED_SPAN:
        if (options_text(o, OPT_FROM) == NULL) {
            err_set(e, ERR_USAGE, "--to needs --from");
            return err_hint(e, "give the first day as well: --from 2026-11-16");
        }
        *from_day = options_number(o, OPT_FROM);
        *to_day = options_text(o, OPT_TO) != NULL ? options_number(o, OPT_TO) + 1 : today + 1;
        if (*to_day <= *from_day)
            return err_set(e, ERR_USAGE, "the period from %s to %s is empty", options_text(o, OPT_FROM),
                           options_text(o, OPT_TO) != NULL ? options_text(o, OPT_TO) : "now");
        break;
    }
    return ERR_OK;
}
