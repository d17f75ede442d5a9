/*
 * talk.h - a conversation in the making: what the readers of JSON documents share
 *
 * Members are read forgivingly: one that is missing, null or of another type counts as not there.
 *
 * Owns:    nothing; turns and copies live in the arena, other slices borrow from the document.
 * Errors:  running out of memory is remembered and told by talk_end(), so that readers need not check each step.
 */
#ifndef INGEST_TALK_H
#define INGEST_TALK_H

#include "ingest/reader.h"

#define TALK_SPEAKERS 256 /* known by a table at most; what comes later is not looked up */

/* Somebody of the file's own list of participants. */
struct speaker {
    struct slice id;   /* as the turns refer to it */
    struct slice name; /* may be empty */
    enum role role;
};

struct talk {
    struct conversation c; /* the reader fills what it knows; the turns are talk_add()'s */
    const struct place *at;
    const struct reader_options *o;
    struct arena *a;
    const struct reader_sink *sink;
    uint32_t cap;          /* of c.turns */
    uint32_t nth;          /* items of the list of turns so far, those without words counted */
    struct turn void_turn; /* what talk_add() gives for a turn that does not count */
    struct speaker *speakers;
    size_t nspeakers;
    struct speaker nobody; /* what talk_speaker() gives when out of memory */
    bool is_short_of_memory;
};

void talk_begin(struct talk *t, const struct place *at, const struct reader_options *o, struct arena *a,
                const struct reader_sink *sink);

/* The next turn, with TEXT and nothing else known; never NULL. Without a word in TEXT it is counted and forgotten.
 * Valid until the next talk_add(). */
struct turn *talk_add(struct talk *t, struct slice text);

/* The speaker with this id, made (role unknown, no name) if there is none yet. Never NULL; fill it. */
struct speaker *talk_speaker(struct talk *t, struct slice id);

/* The speaker with this id, or NULL. */
const struct speaker *talk_who(const struct talk *t, struct slice id);

/* Order the turns by their starts; turns of equal or no start stay behind those they stood behind. */
void talk_sort(struct talk *t);

/* The turns' times are instants: make them offsets, and the earliest the conversation's start if that is not known. */
void talk_rebase(struct talk *t, enum time_origin origin);

/* The turns are only a piece of the conversation: name it so that the names of the pieces are in the order of time. */
void talk_piece(struct talk *t);

/* Give the conversation to the sink; without any turn it is a reject. */
CHECKED enum err_code talk_end(struct talk *t, struct err *e);

/* Refuse the document. REASON is copied by the sink. */
CHECKED enum err_code talk_refuse(const struct talk *t, const char *reason, struct err *e);

/* Refuse the document for "WHAT: DETAIL", DETAIL cut to a sensible length; or for WHAT alone if it is empty. */
CHECKED enum err_code talk_refuse_as(const struct talk *t, const char *what, struct slice detail, struct err *e);

/* Where the items of a list have what a turn needs; NULL: nowhere. */
struct talk_map {
    const char *text, *speaker, *start, *end;
    double ms_per_unit;
    const char *prefix; /* put before a speaker that is a number, to tell numbers of speakers from those of channels */
};

/* A turn for each item of LIST. A speaker is an id, unless it is a word for a role: then it is the role. */
void talk_items(struct talk *t, struct json list, const struct talk_map *map);

/* TURN is said by the one whom the member at PATH of V names (see talk_items()). */
void talk_label(struct talk *t, struct turn *turn, struct json v, const char *path, const char *prefix);

/* ---- members ------------------------------------------------------------------------------------------------------
 */

/* The member at the end of PATH, keys with "." between them. */
bool talk_path(struct json v, const char *path, struct json *out);

/* A member of V (PATH as above; NULL: V itself) as text: a string, or a number written out. Empty if there is none. */
struct slice talk_text(struct talk *t, struct json v, const char *path);

/* The same, but empty also for words that mean nothing is there: "None", "null", "N/A", "-". */
struct slice talk_id(struct talk *t, struct json v, const char *path);

/* A member that is a list with at least one item, an object, a string that is WORD (letter case aside). */
bool talk_list(struct json v, const char *path, struct json *out);
bool talk_object(struct json v, const char *path, struct json *out);
bool talk_is(struct json v, const char *path, const char *word);

/* Is the first object of the list at PATH one that has all KEYS (blanks between them)? */
bool talk_items_have(struct json v, const char *path, const char *keys);

/* A number, also one that is written as a string. */
bool talk_number(struct json v, const char *path, double *out);

/* An offset from the conversation's start in ms: a number of units of MS_PER_UNIT ms (also as a string), "1.2s",
 * "PT1M2.5S", "00:01:02.500", {"seconds":..,"nanos":..}. Negative ones are 0. MS_NONE if it is nothing of this. */
int64_t talk_offset(struct json v, const char *path, double ms_per_unit);

/* An instant (times.h); MS_NONE if it is none. *has_zone is false if it does not say its zone. */
int64_t talk_instant(const struct talk *t, struct json v, const char *path, bool *has_zone);

/* Take the conversation's start from the member at PATH, unless it is known already or there is no instant. */
void talk_start(struct talk *t, struct json v, const char *path);

/* TEXT, a string that holds JSON, as a tree that lives until the parser is freed, which is the caller's duty. NULL if
 * it is no JSON. */
struct json_parser *talk_parse_inner(struct talk *t, struct slice text, struct json *root);

/* The instant at PATH is when the file was made, not when anybody spoke: it stands in for the date of the file. */
void talk_made(struct talk *t, struct json v, const char *path);

/* The last part of a path or address, without folders, query and extension. */
struct slice talk_stem(struct slice path);

/* The part of the path or address URL that stands behind BEFORE, up to a "/" or a "?"; empty if BEFORE is not there:
 * "https://.../Transcripts/GT123/Sentences", "/Transcripts/" -> "GT123". */
struct slice talk_segment(struct slice url, const char *before);

#endif
