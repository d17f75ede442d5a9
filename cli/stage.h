/*
 * stage.h - the stages of the nightly job, each with its progress, its troubles and its one line of summary
 *
 * Errors: ERR_PARTIAL (nothing in *e) when the stage was done but had rejects or files it could not read.
 */
#ifndef CLI_STAGE_H
#define CLI_STAGE_H

#include "cli/session.h"
#include "ingest/ingest.h"

/* Fill *o from the session's options; the paths are the operands, else the file's, else there are none. */
void stage_ingest_options(const struct session *s, struct ingest_options *o);

/* The same; ERR_USAGE if no path is named. */
CHECKED enum err_code stage_ingest_paths(const struct session *s, struct ingest_options *o, struct err *e);

/* The report that tells troubles and progress of ingest on the session's console. CLOCK_MS is when it began. */
struct stage_watch {
    struct console *console;
    const char *stage;
    int64_t began_ms;
};
struct ingest_report stage_ingest_report(struct stage_watch *w);

/* "0.8 s" */
#define STAGE_TIME_BYTES 32
const char *stage_time(const struct stage_watch *w, char out[STAGE_TIME_BYTES]);

/* What the stage's rejects and failed files make of it: ERR_OK or ERR_PARTIAL. */
enum err_code stage_verdict(const struct session *s, const struct ingest_stats *stats);

/* Read the files into the database; tags them too if IS_TAGGING. ERR_USAGE if there is no path. */
CHECKED enum err_code stage_ingest(struct session *s, bool is_tagging, struct err *e);
/* Tag again what lacks tags of the current ruleset. */
CHECKED enum err_code stage_analyze(struct session *s, struct err *e);
/* Delete what is older than --keep-days. */
CHECKED enum err_code stage_expire(struct session *s, struct err *e);
/* Write the report. */
CHECKED enum err_code stage_report(struct session *s, struct err *e);

/* What is wrong with the options of the report is told before hours of work, not behind them. */
CHECKED enum err_code stage_check_report(const struct session *s, struct err *e);

#endif
