/*
 * Every shape in which one object holds the list of a conversation's turns: messages, turns, transcript, ... (schemas/
 * has our own, the contract). The rule: the deepest list whose items have a text-like and a speaker-like key, or are
 * [speaker, text] pairs; the object that holds the list is the conversation. Of several such lists in one object the
 * first counts in the order messages, turns, transcript, utterances, entries, events, history, parts, original, then
 * any other in the object's own order. One document may hold many conversations.
 */
#include "ingest/formats/readers.h"

#include <math.h>
#include <stdio.h>

#include "core/when.h"
#include "ingest/json_fields.h"
#include "ingest/json_keys.h"
#include "ingest/json_turn.h"
#include "ingest/roles.h"
#include "ingest/times.h"

#define LOOK_ITEMS 8 /* of a list, to tell whether it is one of turns */
#define NO_RANK    1000u

struct reading {
    const struct place *at;
    const struct reader_options *o;
    struct arena *a;
    const struct reader_sink *sink; /* NULL: only count */
    struct json_turns turns;
    size_t nfound;
    bool saw_empty_list, saw_no_speaker;
};

static bool is_list(struct json v)
{
    return json_type_of(v) == JSON_ARRAY;
}

/* ---- recognising ------------------------------------------------------------------------------------------------- */

static bool is_turn_list(struct reading *r, struct json v);

/* A turn's words with their times are no turns, though each may have a text and a speaker. */
static bool is_list_of_words(struct slice key)
{
    return slice_is(key, "words") || slice_is(key, "tokens") || slice_is(key, "word_segments");
}

static bool holds_turn_list(struct reading *r, struct json object)
{
    struct slice key;
    struct json x;
    for (struct json_iter it = json_iterate(object); json_next(&it, &key, &x);)
        if (is_list(x) && !is_list_of_words(key) && is_turn_list(r, x))
            return true;
    return false;
}

static bool is_turn(struct reading *r, struct json v)
{
    struct slice speaker, text;
    if (json_is_pair(v, &speaker, &text))
        return roles_of(speaker) != ROLE_UNKNOWN;
    if (json_type_of(v) != JSON_OBJECT)
        return false;
    struct json_item item;
    json_item_read(&r->turns, v, &item);
    if (!json_item_has_text(&item))
        return false;
    if (!json_item_has_speaker(&item)) {
        r->saw_no_speaker = true;
        return false;
    }
    return !item.has_lists || !holds_turn_list(r, v);
}

/* At least half of the first items must be turns: calls of tools and the like stand among them. */
static bool is_turn_list(struct reading *r, struct json v)
{
    struct json item;
    size_t left = json_count(v), nturns = 0;
    left = left < LOOK_ITEMS ? left : LOOK_ITEMS;
    size_t half = (left + 1) / 2;
    for (struct json_iter it = json_iterate(v); nturns < half && nturns + left >= half; left--) {
        if (!json_next(&it, NULL, &item))
            return false;
        nturns += is_turn(r, item);
    }
    return nturns != 0 && nturns >= half;
}

/* ---- conversations -------------------------------------------------------------------------------------------------
 */

/* Make offsets of the STAMPS (two a turn). Offsets without a unit are ms if all are whole numbers and turns would else
 * be ten minutes apart. */
static void set_times(struct conversation *c, const struct json_stamp *stamps)
{
    size_t n = 2 * (size_t)c->nturns;
    bool is_whole = true, has_zone = true;
    double last = 0;
    int64_t first = MS_NONE;
    for (size_t i = 0; i < n; i++) {
        if (stamps[i].kind == STAMP_NUMBER) {
            is_whole = is_whole && stamps[i].number == floor(stamps[i].number);
            last = stamps[i].number > last ? stamps[i].number : last;
        } else if (stamps[i].kind == STAMP_INSTANT && (first == MS_NONE || stamps[i].ms < first)) {
            first = stamps[i].ms;
            has_zone = stamps[i].has_zone;
        }
    }
    double unit = is_whole && last / (double)(c->nturns != 0 ? c->nturns : 1) > 600 ? 1 : 1000;
    if (c->started_at_ms == MS_NONE && first != MS_NONE) {
        c->started_at_ms = first;
        c->time_origin = has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
    }
    int64_t base = first != MS_NONE && (c->started_at_ms > first || first - c->started_at_ms > MS_PER_DAY)
                       ? first
                       : c->started_at_ms;
    for (size_t i = 0; i < n; i++) {
        const struct json_stamp *s = &stamps[i];
        int64_t ms = s->kind == STAMP_MS        ? s->ms
                     : s->kind == STAMP_NUMBER  ? (int64_t)llround(s->number * unit)
                     : s->kind == STAMP_INSTANT ? s->ms - base
                                                : MS_NONE;
        if (i % 2 == 0)
            c->turns[i / 2].start_ms = ms;
        else
            c->turns[i / 2].end_ms = ms;
    }
}

/* Lists of the newest messages first are turned round. */
static void set_order(struct conversation *c)
{
    uint32_t n = c->nturns;
    if (n < 2 || c->turns[0].start_ms <= c->turns[n - 1].start_ms)
        return;
    for (uint32_t i = 0; i < n; i++)
        if (c->turns[i].start_ms == MS_NONE || (i > 0 && c->turns[i].start_ms > c->turns[i - 1].start_ms))
            return;
    for (uint32_t i = 0; i < n / 2; i++) {
        struct turn other = c->turns[i];
        c->turns[i] = c->turns[n - 1 - i];
        c->turns[n - 1 - i] = other;
    }
}

/* Speakers that are told by a name that the conversation has for its agent or customer. */
static void name_roles(struct conversation *c)
{
    for (uint32_t i = 0; i < c->nturns; i++) {
        struct turn *t = &c->turns[i];
        if (t->role != ROLE_UNKNOWN || (t->speaker_name.n == 0 && t->speaker_id.n == 0))
            continue;
        struct slice who = t->speaker_name.n != 0 ? t->speaker_name : t->speaker_id;
        if (slice_eq(who, c->agent_name) || slice_eq(who, c->agent_id))
            t->role = ROLE_AGENT;
        else if (slice_eq(who, c->customer_id))
            t->role = ROLE_CUSTOMER;
    }
}

/* Fill what *C lacks from an object beside the list: "info": {"conversationId": ..., "startTime": ...}. */
static bool read_beside(struct reading *r, struct json object, struct conversation *c)
{
    static const char *const keys[] = {"info", "metadata", "meta", "conversation", "call", "chat"};
    struct conversation more = {.started_at_ms = MS_NONE};
    struct json x;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!json_get(object, keys[i], &x) || json_type_of(x) != JSON_OBJECT)
            continue;
        const struct json_owner beside = {.object = x};
        if (!json_fields_read(&beside, r->o, r->a, &more))
            return false;
    }
    struct slice *const to[] = {&c->external_id, &c->agent_id, &c->agent_name, &c->customer_id, &c->channel};
    const struct slice from[] = {more.external_id, more.agent_id, more.agent_name, more.customer_id, more.channel};
    for (size_t i = 0; i < sizeof from / sizeof *from; i++)
        *to[i] = to[i]->n != 0 ? *to[i] : from[i];
    if (c->started_at_ms == MS_NONE && more.started_at_ms != MS_NONE) {
        c->started_at_ms = more.started_at_ms;
        c->time_origin = more.time_origin;
    }
    return true;
}

/* The id that V, a turn, says its conversation has, under a key that is no other thing's. */
static bool id_in_turn(struct json v, char room[JSON_TEXT_BYTES], struct slice *id)
{
    static const char *const keys[] = {
        "conversation_id", "conversationId", "ConversationId", "conversation_sid", "ticket_id", "chat_id", "chatId",
        "dialogId",        "thread_id",      "threadId",       "session_id",       "sessionId", "call_id"};
    struct json x;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_get(v, keys[i], &x) && json_text(x, room, id) && id->n != 0)
            return true;
    return false;
}

/* The id that all turns of LIST have; empty if there is none. */
static bool read_id_of_turns(struct reading *r, struct json list, struct slice *id)
{
    char room[JSON_TEXT_BYTES];
    struct json item;
    struct slice text;
    *id = (struct slice){"", 0};
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        bool is_same = id_in_turn(item, room, &text) && (id->n == 0 || slice_eq(*id, text));
        if (!is_same) {
            *id = (struct slice){"", 0};
            return true;
        }
        if (id->n == 0)
            *id = arena_dup(r->a, text);
        if (id->s == NULL)
            return false;
    }
    return true;
}

/* A list that only its turns say is of conversation C may be one page of it: a piece that is known by its first time.
 * Without times it is not known how pieces follow, and the id is as good as none. */
static bool name_page(struct reading *r, struct slice id, struct conversation *c)
{
    char name[32];
    if (id.n == 0 || c->started_at_ms == MS_NONE)
        return true;
    (void)snprintf(name, sizeof name, "%015lld", (long long)c->started_at_ms);
    c->external_id = id;
    c->part = arena_dup(r->a, slice_of(name));
    return c->part.s != NULL;
}

static enum err_code refuse(struct reading *r, const char *why, struct err *e)
{
    return r->sink->reject(r->sink->ctx, r->at, why, e);
}

static enum err_code conversation(struct reading *r, const struct json_owner *o, struct json list, struct err *e)
{
    r->nfound++;
    if (r->sink == NULL)
        return ERR_OK;
    struct conversation c = {.started_at_ms = MS_NONE};
    size_t n = json_count(list);
    if (n >= UINT32_MAX)
        return refuse(r, "too many turns", e);
    c.turns = arena_zalloc(r->a, n, sizeof *c.turns);
    struct json_stamp *stamps = arena_zalloc(r->a, n, 2 * sizeof *stamps);
    if (c.turns == NULL || stamps == NULL)
        return err_nomem(e);
    struct slice id = {"", 0};
    if (!json_fields_read(o, r->o, r->a, &c) || (o != NULL && !read_beside(r, o->object, &c)) ||
        (c.external_id.n == 0 && !read_id_of_turns(r, list, &id)))
        return err_nomem(e);
    struct json item;
    uint32_t nth = 0;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct turn *t = &c.turns[c.nturns];
        if (json_turn_read(&r->turns, item, t, &stamps[2 * (size_t)c.nturns], e) != ERR_OK)
            return e->code;
        t->nth = ++nth;
        c.nturns += slice_trim(t->text).n != 0;
    }
    if (c.nturns == 0)
        return refuse(r, "a conversation without turns: no turn has any text", e);
    name_roles(&c);
    set_times(&c, stamps);
    set_order(&c);
    if (!name_page(r, id, &c))
        return err_nomem(e);
    return r->sink->conversation(r->sink->ctx, &c, r->at, e);
}

static bool is_container(struct json v)
{
    enum json_type type = json_type_of(v);
    return type == JSON_ARRAY || type == JSON_OBJECT;
}

static enum err_code walk(struct reading *r, struct json v, const struct json_owner *outer, struct err *e)
{
    struct json x, list = v;
    struct slice key;
    struct json_owner owner = {v, outer, 0};
    if (is_list(v)) {
        if (is_turn_list(r, v))
            return conversation(r, outer, v, e);
        for (struct json_iter it = json_iterate(v); json_next(&it, NULL, &x);)
            if (is_container(x) && walk(r, x, NULL, e) != ERR_OK)
                return e->code;
        return ERR_OK;
    }
    unsigned best = UINT32_MAX;
    for (struct json_iter it = json_iterate(v); json_next(&it, &key, &x);) {
        owner.ncontainers += is_container(x);
        if (!is_list(x) || is_list_of_words(key))
            continue;
        unsigned rank = list_rank_of(key);
        r->saw_empty_list = r->saw_empty_list || (rank < NO_RANK && json_count(x) == 0);
        if (rank < best && is_turn_list(r, x)) {
            best = rank;
            list = x;
        }
    }
    if (best != UINT32_MAX)
        return conversation(r, &owner, list, e);
    for (struct json_iter it = json_iterate(v); json_next(&it, &key, &x);)
        if (is_container(x) && !is_list_of_words(key) && walk(r, x, &owner, e) != ERR_OK)
            return e->code;
    return ERR_OK;
}

enum err_code json_generic_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                 struct arena *a, const struct reader_sink *sink, struct err *e)
{
    struct reading r = {.at = at, .o = o, .a = a, .sink = sink, .turns = {.o = o, .a = a}};
    if (walk(&r, doc, NULL, e) != ERR_OK)
        return e->code;
    if (r.nfound != 0)
        return ERR_OK;
    return refuse(&r,
                  r.saw_no_speaker   ? "no conversation: the turns have a text but no role or speaker"
                  : r.saw_empty_list ? "a conversation without turns"
                                     : "no conversation: no list of turns (objects with a text and a role or speaker)",
                  e);
}

bool json_generic_fits(struct json doc)
{
    struct reading r = {.sink = NULL};
    struct err e;
    return walk(&r, doc, NULL, &e) == ERR_OK && r.nfound != 0;
}
