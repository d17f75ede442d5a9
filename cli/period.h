/*
 * period.h - which days a report is about
 */
#ifndef CLI_PERIOD_H
#define CLI_PERIOD_H

#include "cli/options.h"

struct store;

/* Days since 1970; the ends are exclusive. */
struct days {
    int64_t from_day, to_day;
};

/* The period that --week, --from/--to or --last ask for, relative to NOW_MS; the strongest place (command line before
 * file) wins, and two ways of asking in one place are ERR_USAGE. If none asks: the newest week that has data in DB, or
 * the week of NOW_MS if there are no data. Weeks begin on --week-start; --week names the week that has its Thursday.
 * BEFORE is what --compare names. */
CHECKED enum err_code period_find(const struct options *o, int64_t now_ms, struct store *db, struct days *period,
                                  struct days *before, struct err *e);

#endif
