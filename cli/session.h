/*
 * session.h - what a command works with, opened before it and closed behind it according to its row in the table
 *
 * Owns: store, ruleset, lock; session_close() gives all back.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/console.h"
#include "cli/options.h"
#include "store/store.h"

struct ruleset;

/* What a command needs; bits. */
enum need {
    NEED_LOCK = 1,      /* the lock of the database */
    NEED_DB_CREATE = 2, /* the database, made if there is none */
    NEED_DB_WRITE = 4,
    NEED_DB_READ = 8,
    NEED_RULES = 16,     /* the ruleset */
    NEED_USE_RULES = 32, /* and it is made the database's current one */
    NEED_RUN = 64,       /* a row in table run */
    NEED_NO_CONFIG = 128 /* the configuration need not be there yet */
};

struct session {
    const struct options *options;
    struct console *console;
    int64_t now_ms;    /* the instant of the run */
    bool is_now_given; /* by --now or SOURCE_DATE_EPOCH: then it stands still */
    struct store *db;
    struct ruleset *rules;
    int lock_fd; /* -1: none */
    bool is_run_begun;
    int64_t run_id;
};

/* The instant of the run: --now, else SOURCE_DATE_EPOCH, else the clock. */
CHECKED enum err_code session_now(const struct options *o, int64_t *now_ms, bool *is_given, struct err *e);

/* Open what NEEDS says, for COMMAND. On error nothing is left open. */
CHECKED enum err_code session_open(struct session *s, const char *command, unsigned needs, struct err *e);

/* Open the database for reading, for a command whose row does not. */
CHECKED enum err_code session_open_db(struct session *s, enum store_mode mode, struct err *e);

/* The row id of the conversation that the user calls NAME, of --source if that is given. ERR_USAGE if there is none, or
 * several. */
CHECKED enum err_code session_find_conversation(struct session *s, const char *name, int64_t *id, struct err *e);

/* Close all; RC is how the command ended. The first error that closing brings is returned. */
CHECKED enum err_code session_close(struct session *s, enum err_code rc, struct err *e);

/* --jobs, or the number of cores. */
unsigned session_jobs(const struct session *s);

#endif
