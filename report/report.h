/*
 * report.h - the store -> a folder with index.html and CSV files
 *
 * Same database, same period, same options: the same bytes. Files are written atomically, index.html last.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "core/err.h"
#include "core/slice.h"

struct store;
struct naming;

struct report_options {
    const char *out_dir;
    int64_t from_day, to_day;          /* days since 1970-01-01, to_day exclusive */
    const char *title;                 /* NULL: "Policy conversations" */
    unsigned evidence_max;             /* exchanges shown per number at most; 0: 5 */
    int64_t before_day, before_to_day; /* compared with these days; both 0: with the equal period before */
    const struct naming *naming;       /* NULL: agents by their names */
    unsigned exchanges_max;            /* exchanges in the page at most; 0: 800 */
    bool has_workbook;                 /* write report.xlsx */
    const char *mail_to, *mail_from;   /* write report.eml; NULL: none */
    int64_t now_ms;                    /* the message's date */
    bool has_episodes;                 /* write episodes.csv too, which has a line for each */
    bool is_certain_only;              /* leave uncertain episodes out */
};

struct report_stats {
    int64_t episodes, policies, agents, conversations;
    int64_t files, bytes;
};

CHECKED enum err_code report_write(struct store *db, const struct report_options *o, struct report_stats *stats,
                                   struct err *e);

/* The latest day in DB that has a conversation; false if there is none. */
CHECKED enum err_code report_newest_day(struct store *db, int64_t *day, bool *has, struct err *e);

#endif
