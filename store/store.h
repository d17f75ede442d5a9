/*
 * store.h - the SQLite file: opening, migrating, transactions, and what is written and read during a run
 *
 * Owns:    a struct store owns its connection and its prepared statements.
 * Errors:  ERR_DB (message, extended code and the query's name), ERR_IO if the file cannot be made or read, ERR_BUSY if
 *          another program writes for longer than ten seconds. A full disk is ERR_DB. Some errors end the transaction
 * at once: what follows is refused until store_rollback(). Threads: one thread at a time. A second connection
 * (store_open() again) may read while the first writes, but for the first load of an empty database (store.c says why).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "core/err.h"
#include "core/gz.h"
#include "core/hash.h"
#include "core/model.h"

struct arena;
struct store;

enum store_mode {
    STORE_CREATE, /* make the file (mode 0600) if there is none; migrate */
    STORE_WRITE,  /* it must exist; migrate */
    STORE_READ    /* it must exist and be of this version; nothing is written */
};

/* Open PATH (":memory:" for tests). A file that is no database, not one of broach, or of a newer version: ERR_DB. */
CHECKED enum err_code store_open(const char *path, enum store_mode mode, struct store **out, struct err *e);
void store_close(struct store *db); /* NULL is fine; an open transaction is rolled back */

CHECKED enum err_code store_begin(struct store *db, struct err *e);
CHECKED enum err_code store_commit(struct store *db, struct err *e);
void store_rollback(struct store *db); /* nothing if there is no transaction */

/* ---- days ---- */

/* Count the days of zone NAME ("Europe/Berlin", "+02:00", "UTC") from now on. Chosen once: ERR_CONFIG if there are
 * conversations already whose days are those of another. */
CHECKED enum err_code store_use_day_zone(struct store *db, const char *name, struct err *e);

/* The day of an instant, in that zone. */
int64_t store_day_of(const struct store *db, int64_t at_ms);

/* ---- runs ---- */

/* Note that a command begins; NOW_MS is an instant. */
CHECKED enum err_code store_run_begin(struct store *db, const char *command, int64_t now_ms, int64_t *run_id,
                                      struct err *e);
CHECKED enum err_code store_run_end(struct store *db, int64_t run_id, int64_t now_ms, int exit_status, struct err *e);

/* ---- rulesets ---- */

/* Make RULES the current ruleset: its row, its policies and cue names, all by their text ids, which keep their row ids.
 * Must be called before anything that writes tags. */
CHECKED enum err_code store_use_ruleset(struct store *db, const struct ruleset_info *rules, int64_t now_ms,
                                        struct err *e);

/* ---- files ---- */

struct store_file {
    const char *path;
    int64_t bytes, mtime_ns;
    struct slice settings; /* hash of all that decides how the file is read; another one means: read again */
};

/* Was this very file (path, size, time, settings) ingested to its end before? */
CHECKED enum err_code store_file_is_known(struct store *db, const struct store_file *f, bool *known, struct err *e);

/* Begin with a file: its row (an earlier one of that path is replaced, with its rejects). */
CHECKED enum err_code store_file_begin(struct store *db, const struct store_file *f, int64_t run_id, int64_t *file_id,
                                       struct err *e);

struct store_file_end {
    const char *format, *encoding; /* as `broach formats` names them */
    int64_t conversations, added, replaced, skipped, turns, rejects, masked;
    bool is_whole; /* false: it could not be read to its end, and will be tried again */
};
CHECKED enum err_code store_file_end(struct store *db, int64_t file_id, const struct store_file_end *end,
                                     struct err *e);

/* A record that was refused. LINE or OFFSET is -1 if unknown. */
CHECKED enum err_code store_reject(struct store *db, int64_t file_id, long line, int64_t offset, const char *reason,
                                   struct err *e);

/* ---- conversations ---- */

/* A conversation as it is stored: made on a worker's thread by store_pack(), so that the writer has little to do. */
struct packed {
    struct slice turns; /* compressed; see turns.h */
    uint32_t raw_bytes;
    struct hash128 content; /* of everything the export said, before tagging */
    uint32_t nturns, nagent, ncustomer, nunknown;
};

/* Pack C; out->turns borrows from A. */
CHECKED enum err_code store_pack(struct gz_packer *g, const struct conversation *c, struct arena *a, struct packed *out,
                                 struct err *e);

enum store_put { STORE_ADDED, STORE_REPLACED, STORE_SKIPPED };

/* Store C with its TAGS (NULL: not analysed yet), inside a transaction. The same content as before is skipped (its tags
 * are renewed if they are of another ruleset); an older, shorter copy (its turns are a true beginning of the stored
 * ones, in roles and words) too; a changed one replaces the old and all that was derived from it, and keeps the labels
 * of the turns before the first one that changed. Aggregates follow by themselves. After an error the transaction must
 * be rolled back. */
CHECKED enum err_code store_conversation_put(struct store *db, int64_t file_id, const struct conversation *c,
                                             const struct packed *p, const struct tags *tags, enum store_put *how,
                                             struct err *e);

/* ---- reading back, for re-analysis, reports and show ---- */

/* Ids (> AFTER, ascending, at most CAP) of conversations that lack tags of the current ruleset. *n == 0 at the end. */
CHECKED enum err_code store_stale_ids(struct store *db, int64_t after, int64_t *ids, size_t cap, size_t *n,
                                      struct err *e);

/* Load a conversation into A. ERR_DB if there is none of that id. */
CHECKED enum err_code store_conversation_get(struct store *db, int64_t id, struct arena *a, struct conversation *out,
                                             struct err *e);

/* Find a conversation by its external id; *id = 0 if there is none; ERR_USAGE if several sources have one (hint: name
 * it). SOURCE may be empty. */
CHECKED enum err_code store_conversation_find(struct store *db, struct slice source, struct slice external_id,
                                              int64_t *id, struct err *e);

/* How tags changed when a conversation was analysed again: by what was gained and lost. */
struct tag_change {
    int64_t conversations; /* with any change */
    int64_t deliveries_gained, deliveries_lost, styles_changed, policies_changed;
    int64_t disputes_gained, disputes_lost, hostile_gained, hostile_lost;
};

/* Replace the tags of conversation ID by TAGS of the current ruleset, inside a transaction; adds what changed to
 * *change. The first tags a conversation gets are no change. */
CHECKED enum err_code store_tags_put(struct store *db, int64_t id, const struct tags *tags, struct tag_change *change,
                                     struct err *e);

/* Write down what re-analysis changed (table ruleset_change). */
CHECKED enum err_code store_change_note(struct store *db, int64_t run_id, const struct tag_change *change,
                                        struct err *e);

/* ---- labels: what people say of turns ---- */

struct store_label {
    int64_t conversation_id;
    uint32_t turn;
    const char *kind, *value; /* "delivery": a style, or "no"; "dispute" and "hostile": "yes" or "no" */
    struct slice labeller;
    int64_t now_ms;
};

/* Put a label; another one of that labeller, turn and kind is replaced. */
CHECKED enum err_code store_label_put(struct store *db, const struct store_label *l, struct err *e);

/* Draw at most MOST conversations that are tagged and that nobody judged yet, as if by lot, whatever their tags: the
 * same database gives the same ones, and others once these are judged. */
CHECKED enum err_code store_label_sample(struct store *db, int64_t *ids, size_t most, size_t *n, struct err *e);

/* ---- roster ---- */

struct roster_agent {
    struct slice id, name, team; /* name and team may be empty */
};
CHECKED enum err_code store_agent_put(struct store *db, const struct roster_agent *a, struct err *e);

#endif
