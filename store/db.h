/*
 * db.h - private to store/: what the handle of a store holds, and helpers on it
 *
 * Owns: struct store owns the connection, the statements, the maps from a ruleset's indexes to row ids and the cache of
 *       agents.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <pthread.h>
#include <sqlite3.h>

#include "core/arena.h"
#include "core/strbuf.h"
#include "store/pending.h"
#include "store/stmt.h"
#include "store/store.h"

#define DB_MAX_PARAMS 32 /* named parameters of one query */

struct stmt {
    struct store *db;
    sqlite3_stmt *handle;
    const char *name;                  /* of the .sql file */
    const char *params[DB_MAX_PARAMS]; /* with their colon; owned by handle */
    const char *names[DB_MAX_PARAMS];  /* the literal by which each was bound last; only compared, never read */
    int nparams;
    int next;            /* where the next name is probably found: binds come in the query's order as a rule */
    uint32_t bound, all; /* bits of params */
    bool is_running;     /* stepped since stmt_get() */
    const char *wrong;   /* the first name that was bound and is none of the query's */
    int bind_rc;         /* the first bind that SQLite refused */
};

struct agent_slot {
    struct slice key; /* external id; s == NULL: free */
    uint64_t hash;
    int64_t row;
    bool has_name;
};

struct agent_cache {
    struct arena *keys;
    struct agent_slot *slots;
    size_t cap, n; /* cap is 0 or a power of two */
};

/* What the open transaction adds to the day aggregates (aggregate.c). */
struct aggregate {
    struct tally *all; /* a table with open addressing */
    size_t cap, n;     /* cap is 0 or a power of two */
};

struct store {
    sqlite3 *conn;
    struct stmt stmts[QUERY_COUNT];
    bool in_txn;
    bool is_logging;       /* with a write-ahead log: store.c, use_log() */
    int log_pages;         /* of the write-ahead log */
    bool has_checkpointer; /* a thread copies it (checkpoint.c) */
    pthread_t checkpointer;
    bool is_spoilt;   /* a statement of the open transaction failed: nothing of it may be committed */
    bool expects_new; /* the last conversation that was put was new: the next one is so, too, as a rule */
    /* the current ruleset; ruleset_id is 0 before store_use_ruleset() */
    int64_t ruleset_id;
    int64_t *policies, *cues; /* row ids by index */
    uint32_t npolicies, ncues;
    bool ruleset_in_txn; /* made current within the open transaction: a rollback forgets it */
    struct agent_cache agents;
    struct aggregate aggregate;
    struct pending pending;
    int64_t waiting_first, waiting_last; /* conversations that have something in them are of these ids; 0, 0: none */
    struct zone *day_zone;               /* whose days are counted; NULL: UTC */
    struct gz_packer *packer;            /* for conversations that are joined here; NULL until one is */
    struct strbuf hits;                  /* scratch for writing the hits of a conversation */
};

/* Fill *e from SQLite's result code RC of doing WHAT. Never returns ERR_OK. */
enum err_code db_fail(struct store *db, int rc, const char *what, struct err *e);

/* Run SQL that gives no rows (pragmas, transactions, migrations). WHAT is for messages. */
CHECKED enum err_code db_exec(struct store *db, const char *sql, const char *what, struct err *e);

/* The row id of the last insert. */
int64_t db_last_id(const struct store *db);

/* ERR_INTERNAL unless a transaction is open. */
CHECKED enum err_code db_need_txn(const struct store *db, const char *what, struct err *e);

/* ERR_DB if something failed in the open transaction: some failures (disk full, out of memory) end it at once, and what
 * the caller still believes to be in it must not be written on its own; others leave half of a conversation in it. */
CHECKED enum err_code db_need_sound_txn(const struct store *db, const char *what, struct err *e);

/* Write to the tables what waits in memory: the rows of pending.h, the counts of aggregate.c. */
CHECKED enum err_code db_flush(struct store *db, struct err *e);

/* Something of conversation ID waits; before it is read, changed or deleted, it is flushed if it does. */
void db_waits(struct store *db, int64_t id);
CHECKED enum err_code db_flush_if_waiting(struct store *db, int64_t id, struct err *e);

/* Copying the write-ahead log into the database (checkpoint.c): count its pages from now on; after a commit; before a
 * transaction; before the connection is closed. */
void checkpoint_watch(struct store *db);
void checkpoint_begin(struct store *db);
void checkpoint_if_very_long(struct store *db);
void checkpoint_join(struct store *db);

/* Is there any? */
CHECKED enum err_code db_has_conversations(struct store *db, bool *has, struct err *e);

/* Prepare all statements, and free them. */
CHECKED enum err_code stmt_prepare_all(struct store *db, struct err *e);
void stmt_finalize_all(struct store *db);

/* The row of the agent with ID, or NAME where it has none, made if there is none; 0 if both are empty. */
CHECKED enum err_code agent_row(struct store *db, struct slice id, struct slice name, int64_t *row, struct err *e);
/* Would agent_row() write nothing, and not even read? */
bool agent_is_settled(const struct store *db, struct slice id, struct slice name);
void agent_cache_clear(struct agent_cache *c); /* the rows may be gone: forget them */
void agent_cache_free(struct agent_cache *c);

/* Forget the current ruleset. */
void ruleset_forget(struct store *db);

/* What is stored under a conversation's identity, compared with a packed one. */
struct stored {
    int64_t id; /* 0: nothing */
    int64_t ruleset_id, nturns;
    bool has_same_content;
};

/* conversation.c: add C as row *id (0: nothing is added, as there is one of its identity); or replace ID by it, keeping
 * the labels of the first COMMON turns. TAGS may be NULL. */
CHECKED enum err_code conversation_add(struct store *db, int64_t file_id, const struct conversation *c,
                                       const struct packed *p, const struct tags *tags, int64_t *id, struct err *e);
CHECKED enum err_code conversation_replace(struct store *db, int64_t id, uint32_t common, int64_t file_id,
                                           const struct conversation *c, const struct packed *p,
                                           const struct tags *tags, struct err *e);
CHECKED enum err_code conversation_unpack(struct slice packed, int64_t raw_bytes, struct arena *a, struct turn **turns,
                                          uint32_t *n, struct err *e);
enum time_origin conversation_origin(struct slice name);

/* parts.c: C has the identity of OLD and another content. Is it another copy (then *how says what is to be done, and
 * for STORE_REPLACED nothing is done yet), or was it joined to OLD or passed over (then *done)? */
CHECKED enum err_code parts_settle(struct store *db, int64_t file_id, const struct stored *old,
                                   const struct conversation *c, uint32_t *common, enum store_put *how, bool *done,
                                   struct err *e);

/* parts.c: C is a piece by the name c->part of the conversation that OLD is, if it is any. */
CHECKED enum err_code parts_put(struct store *db, int64_t file_id, const struct stored *old,
                                const struct conversation *c, const struct packed *p, const struct tags *tags,
                                enum store_put *how, struct err *e);

/* parts.c: write down what is remarkable about conversation ID, or that nothing is (IS_NEW: nothing was before). */
CHECKED enum err_code note_put(struct store *db, int64_t id, const struct conversation *c, bool is_new, struct err *e);

/* Write TAGS of the current ruleset for the conversation of row ID, which must have none; C gives day and speakers. */
CHECKED enum err_code tags_insert(struct store *db, int64_t id, const struct conversation *c, const struct tags *tags,
                                  struct err *e);

/* Delete all that was derived from conversation ID. */
CHECKED enum err_code tags_delete(struct store *db, int64_t id, struct err *e);

/* Count an episode of DAY, or a new conversation, tagged by RULESET (0: not tagged). See db_waits(). */
CHECKED enum err_code aggregate_episode(struct store *db, struct slice day, int64_t agent, int64_t policy,
                                        const struct episode *x, struct err *e);
CHECKED enum err_code aggregate_conversation(struct store *db, const struct conversation *c, const struct packed *p,
                                             int64_t ruleset, struct err *e);
CHECKED enum err_code aggregate_flush(struct store *db, struct err *e); /* into the tables */
void aggregate_forget(struct store *db);                                /* the transaction is rolled back */
void aggregate_free(struct store *db);

/* The day of an instant in the day zone, as text; "" for MS_NONE and for years that have not four digits. */
#define DB_DAY_BYTES 16
struct slice db_day(const struct store *db, int64_t at_ms, char buf[DB_DAY_BYTES]);

/* Load the day zone that was chosen for the database. */
CHECKED enum err_code day_zone_open(struct store *db, struct err *e);

#endif
