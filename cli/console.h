/*
 * console.h - all that broach says on standard error, and in the log
 *
 * Errors, rejects and files that cannot be read are always told. Summary lines are told on a terminal or with
 * --verbose, never with --quiet; the progress line on a terminal only. So a nightly run that has nothing to tell is
 * silent. The log
 * (--log) gets everything but progress.
 *
 * Owns:    a struct console owns its log file; console_close() ends it.
 * Threads: the main thread only.
 */
#ifndef CLI_CONSOLE_H
#define CLI_CONSOLE_H

#include <stdio.h>

#include "core/err.h"
#include "core/slice.h"

#define CONSOLE_TROUBLES_MAX 20 /* troubles told a file; the rest is counted */

struct console {
    bool is_terminal, is_verbose, is_quiet;
    bool is_progress_shown;
    int64_t progress_at_ms; /* when the progress line was last drawn */
    FILE *log;
    int64_t now_ms; /* the time of the run, for the log */
    char trouble_path[512];
    char trouble_msg[512];  /* told last, so that a stage that fails by it does not tell it again */
    char trouble_hint[256]; /* told last, so that it is not told again with each record */
    int64_t ntroubles;      /* of that path so far */
    bool has_status;        /* the rest of the troubles can be seen by `broach status` */
};

struct console_options {
    bool is_verbose, is_quiet;
    const char *log_path; /* NULL: none */
    int64_t now_ms;
};

/* Works also if the log cannot be opened: then ERR_IO, and the console is fine without it. */
CHECKED enum err_code console_open(struct console *c, const struct console_options *o, struct err *e);
void console_close(struct console *c);

/* "broach: MESSAGE", and "hint: ..." if there is one. */
void console_error(struct console *c, const struct err *e);
void console_warn(struct console *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A reject or a file passed over. console_troubles_end() tells how many of the last file were left out. */
void console_trouble(struct console *c, const char *path, const struct err *why);
void console_troubles_end(struct console *c);

/* console_trouble() for those who know no console: CONSOLE is the struct console. */
void console_trouble_of(void *console, const char *path, const struct err *why);

/* The one line of a stage. */
void console_summary(struct console *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Is it time to draw the progress line again? At most ten times a second, and on a terminal only. */
bool console_wants_progress(struct console *c);
void console_progress(struct console *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A clock for durations and rates; it has no relation to the time of day. */
int64_t console_clock_ms(void);

#endif
