/*
 * sink.h - the rows of a table into a CSV file or into the page
 */
#ifndef REPORT_SINK_H
#define REPORT_SINK_H

#include "report/cell.h"
#include "report/html.h"

/* Write TABLE as DIR/NAME.csv: a header line, CRLF line ends, UTF-8. LIMIT bounds tables that know BIND_LIMIT. Adds the
 * bytes to *bytes. */
CHECKED enum err_code sink_csv(struct store *db, const struct table *t, const struct report_data *data, int64_t limit,
                               const char *dir, int64_t *bytes, struct err *e);

/* Which tables a workbook has. */
struct sink_tables {
    const char *title;
    bool has_episodes;
    int64_t (*limit)(enum table_id id);
};

/* Write the tables as DIR/report.xlsx, a sheet each: frozen headers, number formats, filters. Adds the bytes to *bytes.
 */
CHECKED enum err_code sink_xlsx(struct store *db, const struct report_data *data, const struct sink_tables *which,
                                const char *dir, int64_t *bytes, struct err *e);

struct sink_page {
    struct store *db;
    struct html *h;
    struct evidence *evidence;
    const struct report_data *data;
};

/* Write TABLE into the page, at most MAX_ROWS of it, then a line that tells where the rest is. With no rows: EMPTY. */
CHECKED enum err_code sink_html(const struct sink_page *to, const struct table *t, int64_t max_rows, const char *empty,
                                struct err *e);

/* An odds ratio as words and picture; a SUM is drawn as one. */
void sink_odds(struct html *h, const struct stats_interval *i, bool is_sum);

/* Begin a number that leads to the list of its exchanges, of which there are ALL, under TITLE; what is written until
 * sink_evidence_end() is the number. Without evidence it leads nowhere. */
void sink_evidence_begin(const struct sink_page *to, enum evidence_of of, int64_t key, int64_t key2, int64_t all,
                         struct slice title);
void sink_evidence_end(const struct sink_page *to);

/* The id of the row of a policy or an agent, for links: PREFIX-<external id>, or with ROW_ID where the id is no fit
 * name.
 */
#define SINK_ANCHOR_BYTES 96
const char *sink_anchor(const char *prefix, struct slice external_id, int64_t row_id, char out[SINK_ANCHOR_BYTES]);

/* The cell of column C (cell_html.c). HEADING is what heads the row. */
void sink_cell(const struct sink_page *to, const struct column *c, const struct row *row, struct slice heading);

/* The last row of the table of delivery: all policies together (page_delivery.c). */
void sink_pooled(const struct sink_page *to);

/* What a column is sorted by; false: this row has nothing, and goes last. */
bool sink_sort_value(const struct column *c, const struct row *row, double *out);

#endif
