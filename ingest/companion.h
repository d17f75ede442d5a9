/*
 * companion.h - files beside the transcripts that say more about them: tables of people and of conversations
 *
 * Exports of help desks and of Slack tell in one file who the people are (id -> name, role: users.json, user_data.csv,
 * agents.csv, speakers.json, ...) and sometimes in another when a conversation began, on which channel and whose it is
 * (id -> ...: conversation_history_data.csv, ticket_data.csv, ...). The producer reads them before the other files of
 * the same folder or archive, and finish.c looks up there what a transcript does not say itself, by the ids that its
 * reader left in speaker_id (or speaker_name) and external_id. They hold for their folder and for all folders in it.
 *
 * A companion is known by its name (companion_may_be()) and its columns or keys (companion_look()) together. It is
 * never taken for conversations, because no text stands in it. A file that is given alone has no companions.
 *
 * Owns:    struct companions owns its tables, is read-only once it is loaded, and is shared by threads: it is counted.
 * Errors:  ERR_NOMEM. A damaged table gives what can be read of it.
 */
#ifndef INGEST_COMPANION_H
#define INGEST_COMPANION_H

#include "core/err.h"
#include "core/model.h"

#define COMPANION_MOST_BYTES ((size_t)64 << 20) /* of a table; the rest is not read */

enum companion_kind { COMPANION_NONE, COMPANION_PEOPLE, COMPANION_CONVERSATIONS, COMPANION_LOG };

struct person {
    struct slice id, name; /* name may be empty */
    enum role role;        /* ROLE_UNKNOWN if the table does not say */
};

struct companion_conversation {
    struct slice id, agent_id, channel, customer_id; /* empty where it does not say */
    int64_t started_at_ms;                           /* MS_NONE */
    bool has_zone;
};

struct companions;

/* May a file of this path be one, by its name? */
bool companion_may_be(const char *path);

/* What a file of that name is that begins with TEXT (decoded). */
enum companion_kind companion_look(const char *path, struct slice text);
const char *companion_title(enum companion_kind kind); /* for people */

/* The tables of the folder DIR ("" or "a/b/"); UP, whose folder it is in, may be NULL and is kept alive. NULL when out
 * of memory. */
struct companions *companions_new(const char *dir, struct companions *up);
struct companions *companions_ref(struct companions *c); /* NULL is fine */
void companions_release(struct companions *c);           /* NULL is fine */
const char *companions_dir(const struct companions *c);
struct companions *companions_up(const struct companions *c);

/* Read a table of KIND from TEXT, whose last JSON_PADDING bytes stand behind it. */
CHECKED enum err_code companions_add(struct companions *c, enum companion_kind kind, const char *path,
                                     struct slice text, struct err *e);

/* NULL if there is none. The nearest folder's table counts. C may be NULL. */
const struct person *companions_person(const struct companions *c, struct slice id);
const struct companion_conversation *companions_conversation(const struct companions *c, struct slice id);

#endif
