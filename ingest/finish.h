/*
 * finish.h - what every conversation goes through behind its reader, whatever the format
 *
 * Side data are joined, texts trimmed, masked and copied, and source, id, start and agents get their defaults.
 */
#ifndef INGEST_FINISH_H
#define INGEST_FINISH_H

#include "core/arena.h"
#include "core/err.h"
#include "core/model.h"
#include "core/strbuf.h"
#include "ingest/assign_roles.h"

struct settings;

#define CUSTOMER_KEY_BYTES 19 /* "h:", 16 hex digits, NUL */

/* Settings, and what is known of the file. Read-only, shared by threads. */
struct finish {
    const char *source;         /* of conversations that name none; NULL: FORMAT */
    const char *format;         /* the format's name */
    unsigned mask;              /* enum mask_kind bits */
    const struct side *side;    /* NULL: none */
    struct role_sources roles;  /* without the map: that is of the source */
    struct settings *by_source; /* NULL: none */
    bool is_redacted;           /* the path says that these are redacted copies */
    int64_t name_ms;            /* the instant that the file's name tells, or MS_NONE */
    int64_t mtime_ms;           /* the instant of its last change, or MS_NONE */
    bool is_in_place;           /* the turns of IN are in A already, with their texts, and may be changed */
};

/* *OUT becomes what is stored of IN; it lives in A. SCRATCH is used and kept. *nunknown: turns without a role. Turns
 * without text are dropped. ERR_NOMEM; ERR_INPUT if no turn is left. */
CHECKED enum err_code finish_conversation(const struct finish *f, const struct conversation *in, struct arena *a,
                                          struct strbuf *scratch, struct conversation *out, uint32_t *nunknown,
                                          struct err *e);

/* What stands for a customer's id in the database: the id, or, where masking (KINDS) would change it, "h:" and a hash
 * in ROOM. False when out of memory. */
bool finish_customer_key(struct slice id, unsigned kinds, struct strbuf *scratch, char room[CUSTOMER_KEY_BYTES],
                         struct slice *out);

/* Does the path say that it holds redacted copies? A folder "Redacted", or "_redacted" in the file's name. */
bool finish_path_is_redacted(const char *path);

/* The day in a path ("2026-11-16", "20261116", "2026/11/16"; the last one counts) as an instant, or MS_NONE. */
int64_t finish_time_of_path(const char *path);

#endif
