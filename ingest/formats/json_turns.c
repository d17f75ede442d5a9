/*
 * JSON objects that each are one turn and say of which conversation: {"conversation_id": 7, "role": "agent", "text":
 * "Hello", "created_at": ...}; JSON Lines, arrays, and lists in an object.
 *
 * Map: the keys of turns and of conversations are those of json_generic.c (json_keys.h), with an id that can only be a
 * conversation's (not "id", "uuid"); the order is that of turn, seq, index, ..., else of the times, else of the file.
 *
 * Traps: a list of turns of ONE conversation is json_generic.c's; an agent_id on the customer's rows is the
 * conversation's agent; rows of a conversation may stand anywhere; rows may tell who speaks by an id only (author_id),
 * and "public": false makes a note (comments of tickets).
 */
#include "ingest/formats/readers.h"

#include <math.h>

#include "ingest/desk.h"
#include "ingest/json_fields.h"
#include "ingest/json_rows.h"
#include "ingest/json_turn.h"

#define LOOK_ITEMS 1000 /* of a list, for a second conversation */

/* The id of V's conversation, under a key that is no other thing's. */
static bool id_of(struct json v, struct json *out)
{
    unsigned uuid = 0, best;
    struct slice key;
    struct json x;
    bool has = false;
    (void)conversation_key_of(SLICE_LIT("uuid"), &uuid);
    best = uuid;
    for (struct json_iter it = json_iterate(v); json_next(&it, &key, &x);) {
        unsigned rank = uuid;
        enum json_type type = json_type_of(x);
        if ((type == JSON_STRING || type == JSON_NUMBER) && conversation_key_of(key, &rank) == CONVERSATION_ID &&
            rank < best) {
            best = rank;
            *out = x;
            has = true;
        }
    }
    return has;
}

/* Is there an id that can only be that of who speaks? A user_id may be anybody's. */
static bool has_author(const struct json_item *it)
{
    unsigned user = 0;
    (void)turn_key_of(SLICE_LIT("userid"), &user);
    return it->rank[TURN_ID] < user;
}

static bool is_row(struct json v)
{
    struct json_turns turns = {.a = NULL};
    struct json_item item;
    struct json id;
    if (json_type_of(v) != JSON_OBJECT || !id_of(v, &id))
        return false;
    json_item_read(&turns, v, &item);
    return json_item_has_text(&item) && (json_item_has_speaker(&item) || has_author(&item));
}

/* Are there rows in LIST, and of two conversations? */
static bool is_mixed(struct json list, bool *has_rows)
{
    char room[JSON_TEXT_BYTES], first_room[JSON_TEXT_BYTES];
    struct slice first = {"", 0}, id;
    struct json v, x;
    size_t n = 0;
    for (struct json_iter it = json_iterate(list); n < LOOK_ITEMS && json_next(&it, NULL, &v); n++) {
        if (!is_row(v) || !id_of(v, &x))
            return false;
        *has_rows = true;
        if (n == 0)
            (void)json_text(x, first_room, &first);
        else if (json_text(x, room, &id) && !slice_eq(id, first))
            return true;
    }
    return false;
}

bool json_turns_fits(struct json doc)
{
    struct json x;
    if (is_row(doc))
        return !json_generic_fits(doc) && !json_cell_fits(doc);
    bool has_rows = false;
    if (json_type_of(doc) == JSON_ARRAY)
        return is_mixed(doc, &has_rows) || (has_rows && !json_generic_fits(doc));
    for (struct json_iter it = json_iterate(doc); json_next(&it, NULL, &x);)
        if (json_type_of(x) == JSON_ARRAY && is_mixed(x, &has_rows))
            return true;
    return has_rows && !json_generic_fits(doc);
}

/* The number that the row says its turn has, or MS_NONE. */
static int64_t index_of(struct json v)
{
    static const char *const keys[] = {"turn_index", "turn_number", "turn_id", "turn",  "message_sequence",
                                       "sequence",   "seq",         "index",   "order", "message_index"};
    double number;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (talk_number(v, keys[i], &number) && fabs(number) < 1e15 && number == floor(number))
            return (int64_t)number;
    return MS_NONE;
}

/* The row's times are its turn's. */
static void set_times(struct grouper_row *row, const struct json_stamp stamps[2])
{
    for (int end = 0; end < 2; end++) {
        const struct json_stamp *s = &stamps[end];
        int64_t *offset = end != 0 ? &row->turn.end_ms : &row->turn.start_ms;
        if (s->kind == STAMP_MS)
            *offset = s->ms;
        else if (s->kind == STAMP_NUMBER && fabs(s->number) < 1e9)
            *offset = llround(s->number * 1000);
    }
    if (stamps[0].kind == STAMP_INSTANT) {
        row->at_ms = stamps[0].ms;
        row->at_has_zone = stamps[0].has_zone;
    }
}

static enum err_code add(const struct json_rows *r, struct json v, const struct place *at, struct err *e)
{
    struct json_turns turns = {.o = r->o, .a = r->a};
    struct json_stamp stamps[2];
    struct grouper_row row = grouper_row_none();
    const struct json_owner owner = {v, NULL, 0};
    struct conversation about = {.started_at_ms = MS_NONE};
    struct json id, x;
    if (!is_row(v) || !id_of(v, &id))
        return r->sink->reject(r->sink->ctx, at, "no turn: one has a conversation_id, a text and a role or speaker", e);
    if (json_turn_read(&turns, v, &row.turn, stamps, e) != ERR_OK)
        return e->code;
    if (!json_fields_read(&owner, r->o, r->a, &about) || !json_word(r->a, id, &row.about.external_id))
        return err_nomem(e);
    row.about.source = about.source;
    row.about.channel = about.channel;
    row.about.queue = about.queue;
    if (row.turn.role == ROLE_CUSTOMER && json_get(v, "agent_id", &x)) {
        row.about.agent_id = about.agent_id;
        row.turn.speaker_id = SLICE_LIT("");
    }
    bool is_public = true;
    if (json_get(v, "public", &x) && json_bool(x, &is_public) && !is_public)
        row.turn.role = ROLE_NOTE;
    set_times(&row, stamps);
    row.index = index_of(v);
    if (slice_trim(row.turn.text).n == 0)
        return ERR_OK; /* nothing was said */
    return grouper_add(r->grouper, &row, at->line, e);
}

enum err_code json_turns_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                              const struct reader_sink *sink, struct err *e)
{
    static const struct json_rows_kind kind = {is_row, add};
    return json_rows_read(in, path, o, sink, &kind, e);
}
