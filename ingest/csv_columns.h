/*
 * csv_columns.h - which column of a CSV header holds what: synonyms, and the user's --columns map
 */
#ifndef INGEST_CSV_COLUMNS_H
#define INGEST_CSV_COLUMNS_H

#include "core/csv.h"
#include "core/model.h"

enum csv_field {
    CSV_ID,         /* of the conversation */
    CSV_TURN,       /* number of the turn */
    CSV_TEXT,       /* what was said in this row */
    CSV_TRANSCRIPT, /* the whole conversation in one cell */
    CSV_ROLE,       /* who speaks: a role word, a flag, or a name */
    CSV_NAME,       /* name of who speaks, beside a role */
    CSV_SPEAKER_ID, /* id of who speaks */
    CSV_TIME,       /* instant of the turn */
    CSV_START,      /* offsets of the turn from the conversation's start */
    CSV_END,
    CSV_STARTED, /* instant at which the conversation starts */
    CSV_AGENT_ID,
    CSV_AGENT_NAME,
    CSV_CUSTOMER,
    CSV_CHANNEL,
    CSV_QUEUE,
    CSV_SOURCE,
    CSV_KIND,    /* what the row is: a message, a note, somebody who joins */
    CSV_PUBLIC,  /* a flag: no means a note */
    CSV_PRIVATE, /* a flag: yes means a note */
    CSV_ROW_ID,  /* of the row; only where no column is the conversation's id */
    CSV_REPLY,   /* the id of the row that this one answers */
    CSV_ANSWERS, /* ids of rows that answer this one */
    CSV_DAY,     /* the date, where the column of the time has none */
    CSV_ACTIVE,  /* a flag: no means an older state of a row that stands here again */
    CSV_FIELD_COUNT
};

/* What the values of the role column are. */
enum csv_role_kind { CSV_ROLE_WORD, CSV_ROLE_IS_AGENT, CSV_ROLE_IS_INBOUND, CSV_ROLE_CONSTANT };

struct csv_columns {
    int at[CSV_FIELD_COUNT]; /* column, from 0; -1: none */
    size_t nheader;          /* fields of the header */
    enum csv_role_kind role_kind;
    enum role role; /* CSV_ROLE_CONSTANT: of every turn */
    bool start_in_ms, end_in_ms, end_is_duration;
    bool role_is_id;   /* CSV_ROLE's column has ids of speakers */
    bool role_is_weak; /* it was taken for want of better: it may be anything */
    bool agent_writes; /* CSV_AGENT_NAME is empty where a row is not the agent's */
    bool id_is_plain;  /* CSV_ID's column is called no more than "id" (or "uuid", "guid") */
    bool is_mapped;    /* the user's map said something */
};

/* Find the columns of HEADER. MAP (or NULL) is "field=Column name,...", fields id turn text transcript role name
 * speaker_id time start end started_at agent_id agent_name customer_id channel queue source; it goes before the
 * synonyms. "role==customer" makes every turn the customer's. IS_CELL: one row a conversation, so that words like
 * "conversation" or "body" mean the transcript. ERR_INPUT when MAP names no such field or column. */
CHECKED enum err_code csv_columns_find(struct csv_columns *c, const struct csv_record *header, const char *map,
                                       bool is_cell, struct err *e);

/* The value of field F in REC without blanks around it; empty if there is none, or if it only says so ("NULL",
 * "None", "NaN", ...; not for texts). */
struct slice csv_columns_get(const struct csv_columns *c, enum csv_field f, const struct csv_record *rec);

/* The instant in field F of REC; where that is a time of the day, with CSV_DAY's date. See times_parse(). */
bool csv_columns_time(const struct csv_columns *c, enum csv_field f, const struct csv_record *rec,
                      const char *date_format, int64_t *at_ms, bool *has_zone);

#define CSV_TIME_BYTES 80

/* The text of that instant: of F, and of CSV_DAY before it if F's own is no instant. May live in ROOM. */
struct slice csv_columns_time_text(const struct csv_columns *c, enum csv_field f, const struct csv_record *rec,
                                   char room[CSV_TIME_BYTES]);

bool csv_columns_have(const struct csv_columns *c, enum csv_field f);

/* Are the columns start, end and text, and no other? Such rows are turns of nobody. */
bool csv_columns_are_segments(const struct csv_columns *c);

/* The column of the channel (of the audio) tells who speaks: let it be CSV_ROLE. */
void csv_columns_use_channel(struct csv_columns *c);

/* ERR_INPUT "no column for WHAT", with the columns seen and --columns in the hint. */
enum err_code csv_columns_missing(const struct csv_record *header, const char *what, const char *field, struct err *e);

#endif
