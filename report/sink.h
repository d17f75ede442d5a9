/*
 * sink.h - the rows of a table into a CSV file or into the page
 */
#ifndef REPORT_SINK_H
#define REPORT_SINK_H

#include "report/html.h"
#include "report/summary.h"
#include "report/table.h"

struct sink_hook {
    void *ctx;
    enum err_code (*row)(void *ctx, struct stmt *row, struct err *e); /* told each row; NULL: nobody */
};

/* Write TABLE as DIR/NAME.csv: a header line, CRLF line ends, UTF-8. LIMIT bounds tables that know BIND_LIMIT. Adds the
 * bytes to *bytes. */
CHECKED enum err_code sink_csv(struct store *db, const struct table *t, const struct period *p, int64_t limit,
                               const char *dir, const struct sink_hook *hook, int64_t *bytes, struct err *e);

struct sink_page {
    struct store *db;
    struct html *h;
    const struct period *period;
    struct evidence *evidence;
    const struct summary *summary;
};

/* Write TABLE into the page, at most MAX_ROWS of it, then a line that tells where the rest is. With no rows: EMPTY. */
CHECKED enum err_code sink_html(const struct sink_page *to, const struct table *t, int64_t max_rows, const char *empty,
                                struct err *e);

/* A dispute rate as words and picture, with the period before and the average (negative: none). */
void sink_rate(struct html *h, struct summary_count now, struct summary_count before, double average);

/* A list of links to the exchanges behind a number, of which there are ALL; nothing if there is no evidence. */
CHECKED enum err_code sink_evidence(const struct sink_page *to, enum evidence_of of, int64_t key, int64_t key2,
                                    int64_t all, struct err *e);

#endif
