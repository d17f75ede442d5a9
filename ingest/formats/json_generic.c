/*
 * Every shape in which one object holds the list of a conversation's turns: messages, turns, transcript, ... (schemas/
 * has our own, the contract). The rule: the deepest list whose items have a text-like and a speaker-like key, or are
 * [speaker, text] pairs; the object that holds the list is the conversation. Of several such lists in one object the
 * first counts in the order messages, turns, transcript, utterances, entries, events, history, parts, original, then
 * any other in the object's own order. One document may hold many conversations.
 */
#include "ingest/formats/readers.h"

#include <math.h>

#include "core/when.h"
#include "ingest/html_text.h"
#include "ingest/json_fields.h"
#include "ingest/json_keys.h"
#include "ingest/roles.h"
#include "ingest/times.h"

#define CACHED_KEYS  32
#define CACHED_ROLES 8
#define LOOK_ITEMS   8 /* of a list, to tell whether it is one of turns */
#define NO_RANK      1000u

/* The kinds of keys that were seen: items of a list have the same few keys, as a rule. Keys borrow from the tree. */
struct key_cache {
    struct slice key[CACHED_KEYS];
    enum turn_key kind[CACHED_KEYS];
    unsigned rank[CACHED_KEYS];
};

/* The members of an item that matter; rank NO_RANK where there is none. */
struct item {
    struct json value[TURN_KEY_COUNT];
    unsigned rank[TURN_KEY_COUNT];
    bool has_lists; /* a member is a list that is not empty */
};

/* The words for roles that were seen: there are few in a conversation. They borrow from the tree. */
struct role_cache {
    struct slice word[CACHED_ROLES];
    enum role role[CACHED_ROLES];
};

struct reading {
    const struct place *at;
    const struct reader_options *o;
    struct arena *a;
    const struct reader_sink *sink; /* NULL: only count */
    struct key_cache cache;
    struct role_cache roles;
    size_t nfound;
    bool saw_empty_list, saw_no_speaker;
};

static bool is_list(struct json v)
{
    return json_type_of(v) == JSON_ARRAY;
}

/* ---- recognising ------------------------------------------------------------------------------------------------- */

static enum turn_key key_kind(struct key_cache *c, struct slice key, unsigned *rank)
{
    if (key.n == 0)
        return TURN_OTHER;
    size_t i = (key.n + (unsigned char)key.s[0] + (unsigned char)key.s[key.n - 1]) % CACHED_KEYS;
    if (!slice_eq(c->key[i], key)) {
        c->key[i] = key;
        c->rank[i] = NO_RANK;
        c->kind[i] = turn_key_of(key, &c->rank[i]);
    }
    *rank = c->rank[i];
    return c->kind[i];
}

static void read_item(struct key_cache *cache, struct json v, struct item *out)
{
    struct slice key;
    struct json x;
    for (size_t k = 0; k < TURN_KEY_COUNT; k++)
        out->rank[k] = NO_RANK;
    out->has_lists = false;
    for (struct json_iter it = json_iterate(v); json_next(&it, &key, &x);) {
        unsigned rank = NO_RANK;
        enum turn_key kind = key_kind(cache, key, &rank);
        enum json_type type = json_type_of(x);
        out->has_lists = out->has_lists || (type == JSON_ARRAY && json_count(x) != 0);
        if (kind != TURN_OTHER && type != JSON_NULL && rank < out->rank[kind]) {
            out->rank[kind] = rank;
            out->value[kind] = x;
        }
    }
}

static bool has(const struct item *it, enum turn_key kind)
{
    return it->rank[kind] != NO_RANK;
}

/* A part of a message's content: a string or {"type":"text","text":"..."}. */
static bool part_text(struct json part, struct slice *out)
{
    struct json x;
    return json_string(part, out) || (json_get(part, "text", &x) && json_string(x, out)) ||
           (json_get(part, "text", &x) && json_get(x, "value", &x) && json_string(x, out));
}

static bool is_text(struct json v)
{
    struct slice text;
    struct json part;
    if (json_type_of(v) != JSON_ARRAY)
        return part_text(v, &text);
    for (struct json_iter it = json_iterate(v); json_next(&it, NULL, &part);) {
        struct json x;
        if (part_text(part, &text) && !json_get(part, "role", &x) && !json_get(part, "speaker", &x))
            return true;
    }
    return false;
}

/* [speaker, text] */
static bool is_pair(struct json v, struct slice *speaker, struct slice *text)
{
    struct json x;
    struct json_iter it = json_iterate(v);
    return is_list(v) && json_next(&it, NULL, &x) && json_string(x, speaker) && json_next(&it, NULL, &x) &&
           json_string(x, text);
}

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
    if (is_pair(v, &speaker, &text))
        return roles_of(speaker) != ROLE_UNKNOWN;
    if (json_type_of(v) != JSON_OBJECT)
        return false;
    struct item item;
    read_item(&r->cache, v, &item);
    if (!has(&item, TURN_TEXT) || !is_text(item.value[TURN_TEXT]))
        return false;
    if (!has(&item, TURN_ROLE) && !has(&item, TURN_SPEAKER) && !has(&item, TURN_IS_AGENT) &&
        !has(&item, TURN_IS_CUSTOMER)) {
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

/* ---- turns ---------------------------------------------------------------------------------------------------------
 */

/* A turn's time as it was found. */
struct stamp {
    enum { STAMP_NONE, STAMP_MS, STAMP_NUMBER, STAMP_INSTANT } kind;
    int64_t ms;    /* offset or instant */
    double number; /* an offset whose unit is not known yet */
    bool has_zone; /* of an instant */
};

/* TEXT as the one who wrote it saw it: exports that were made for web pages have it as HTML. */
static enum err_code plain_text(struct reading *r, struct slice text, struct slice *out, struct err *e)
{
    *out = text;
    if (text.n == 0 || (memchr(text.s, '&', text.n) == NULL && memchr(text.s, '<', text.n) == NULL))
        return ERR_OK;
    struct strbuf room = STRBUF_INIT;
    enum err_code rc = ERR_OK;
    struct slice plain = html_plain(text, &room);
    if (plain.s != text.s)
        *out = plain.n != 0 ? arena_dup(r->a, plain) : (struct slice){"", 0};
    if (strbuf_failed(&room) || out->s == NULL)
        rc = err_nomem(e);
    strbuf_free(&room);
    return rc;
}

static enum err_code get_text(struct reading *r, struct json v, struct slice *out, struct err *e)
{
    if (!is_list(v)) {
        if (!part_text(v, out))
            *out = (struct slice){"", 0};
        return plain_text(r, *out, out, e);
    }
    struct slice part;
    struct json x;
    size_t n = 0;
    for (struct json_iter it = json_iterate(v); json_next(&it, NULL, &x);)
        if (part_text(x, &part))
            n += part.n + 1;
    char *s = arena_alloc(r->a, n + 1);
    if (s == NULL)
        return err_nomem(e);
    n = 0;
    for (struct json_iter it = json_iterate(v); json_next(&it, NULL, &x);) {
        if (!part_text(x, &part) || part.n == 0)
            continue;
        if (n != 0)
            s[n++] = '\n';
        memcpy(s + n, part.s, part.n);
        n += part.n;
    }
    *out = (struct slice){s, n};
    return ERR_OK;
}

static struct stamp stamp_of(struct json v, bool is_ms, const struct reader_options *o)
{
    struct stamp s = {.kind = STAMP_NONE, .has_zone = true};
    struct slice text;
    double number = 0;
    if (json_string(v, &text)) {
        if (times_parse(text, o->date_format, &s.ms, &s.has_zone))
            s.kind = STAMP_INSTANT;
        else if (times_parse_offset(text, is_ms, &s.ms))
            s.kind = STAMP_MS;
        return s;
    }
    if (!json_real(v, &number) || !isfinite(number) || fabs(number) > 1e17)
        return s;
    if (times_from_epoch(number, &s.ms))
        s.kind = STAMP_INSTANT;
    else if (is_ms)
        s = (struct stamp){.kind = STAMP_MS, .ms = (int64_t)llround(number)};
    else
        s = (struct stamp){.kind = STAMP_NUMBER, .number = number};
    return s;
}

/* The role that WORD, which borrows from the tree, stands for. */
static enum role role_of(struct reading *r, struct slice word)
{
    if (word.n == 0)
        return ROLE_UNKNOWN;
    size_t i = (word.n + (unsigned char)word.s[0]) % CACHED_ROLES;
    if (!slice_eq(r->roles.word[i], word)) {
        r->roles.word[i] = word;
        r->roles.role[i] = slice_is(word, "developer") ? ROLE_SYSTEM : roles_of(word);
    }
    return r->roles.role[i];
}

/* Is WORD the role of a program that is called and answers, not of somebody who speaks? */
static bool is_tool(struct slice word)
{
    static const char *const words[] = {"tool",      "function",    "function_call", "function_response",
                                        "tool_call", "tool_result", "tool_response", "observation",
                                        "ipython"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_is(word, words[i]))
            return true;
    return false;
}

/* The role by "is_agent", "inbound" and their like. */
static enum role role_of_flag(struct json v, enum role when_true, enum role when_false)
{
    struct slice word;
    bool is = false;
    if (json_bool(v, &is))
        return is ? when_true : when_false;
    return json_string(v, &word) ? roles_of_flag(word, when_true, when_false) : ROLE_UNKNOWN;
}

/* Who speaks in item IT. */
static enum err_code read_speaker(struct reading *r, const struct item *it, struct turn *t, bool *is_tool_call,
                                  struct err *e)
{
    static const char *const role_keys[] = {"role", "type", NULL}, *const id_keys[] = {"id", "user_id", "userId", NULL},
                             *const name_keys[] = {"name", "displayName", "display_name", "nickname", NULL};
    struct slice word = {"", 0};
    bool ok = true;
    if (has(it, TURN_ROLE)) {
        ok = json_word(r->a, it->value[TURN_ROLE], &word);
        t->role = role_of(r, word);
    }
    if (ok && has(it, TURN_SPEAKER)) {
        struct json v = it->value[TURN_SPEAKER];
        if (json_type_of(v) == JSON_OBJECT) {
            ok = json_member_word(r->a, v, role_keys, &word) && json_member_word(r->a, v, id_keys, &t->speaker_id) &&
                 json_member_word(r->a, v, name_keys, &t->speaker_name);
        } else {
            ok = json_word(r->a, v, &word);
        }
        enum role role = role_of(r, word);
        if (role == ROLE_UNKNOWN && t->speaker_name.n == 0)
            t->speaker_name = word;
        if (t->role == ROLE_UNKNOWN)
            t->role = role;
    } else if (ok && t->role == ROLE_UNKNOWN) {
        t->speaker_name = word;
    }
    *is_tool_call = t->role == ROLE_UNKNOWN && is_tool(word);
    if (t->role == ROLE_UNKNOWN && has(it, TURN_IS_AGENT))
        t->role = role_of_flag(it->value[TURN_IS_AGENT], ROLE_AGENT, ROLE_CUSTOMER);
    if (t->role == ROLE_UNKNOWN && has(it, TURN_IS_CUSTOMER))
        t->role = role_of_flag(it->value[TURN_IS_CUSTOMER], ROLE_CUSTOMER, ROLE_AGENT);
    if (ok && has(it, TURN_ID))
        ok = json_word(r->a, it->value[TURN_ID], &t->speaker_id);
    if (ok && has(it, TURN_NAME))
        ok = json_word(r->a, it->value[TURN_NAME], &t->speaker_name);
    return ok ? ERR_OK : err_nomem(e);
}

static enum err_code read_turn(struct reading *r, struct json v, struct turn *t, struct stamp stamps[2], struct err *e)
{
    struct slice speaker;
    *t = (struct turn){.start_ms = MS_NONE, .end_ms = MS_NONE};
    stamps[0] = stamps[1] = (struct stamp){.kind = STAMP_NONE};
    if (is_pair(v, &speaker, &t->text)) {
        t->role = roles_of(speaker);
        if (t->role == ROLE_UNKNOWN)
            t->speaker_name = speaker;
        return ERR_OK;
    }
    if (json_type_of(v) != JSON_OBJECT)
        return ERR_OK;
    struct item item;
    read_item(&r->cache, v, &item);
    if (!has(&item, TURN_TEXT))
        return ERR_OK;
    for (int end = 0; end < 2; end++) {
        if (has(&item, end ? TURN_END_MS : TURN_START_MS))
            stamps[end] = stamp_of(item.value[end ? TURN_END_MS : TURN_START_MS], true, r->o);
        else if (has(&item, end ? TURN_END : TURN_START))
            stamps[end] = stamp_of(item.value[end ? TURN_END : TURN_START], false, r->o);
    }
    if (stamps[0].kind == STAMP_NONE && has(&item, TURN_TIME))
        stamps[0] = stamp_of(item.value[TURN_TIME], false, r->o);
    bool is_tool_call;
    if (read_speaker(r, &item, t, &is_tool_call, e) != ERR_OK)
        return e->code;
    if (is_tool_call)
        return ERR_OK;
    return get_text(r, item.value[TURN_TEXT], &t->text, e);
}

/* Make offsets of the STAMPS (two a turn). Offsets without a unit are ms if all are whole numbers and turns would else
 * be ten minutes apart. */
static void set_times(struct conversation *c, const struct stamp *stamps)
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
        const struct stamp *s = &stamps[i];
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

/* ---- conversations -------------------------------------------------------------------------------------------------
 */

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
    struct stamp *stamps = arena_zalloc(r->a, n, 2 * sizeof *stamps);
    if (c.turns == NULL || stamps == NULL)
        return err_nomem(e);
    if (!json_fields_read(o, r->o, r->a, &c))
        return err_nomem(e);
    struct json item;
    uint32_t nth = 0;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct turn *t = &c.turns[c.nturns];
        if (read_turn(r, item, t, &stamps[2 * (size_t)c.nturns], e) != ERR_OK)
            return e->code;
        t->nth = ++nth;
        c.nturns += slice_trim(t->text).n != 0;
    }
    if (c.nturns == 0)
        return refuse(r, "a conversation without turns: no turn has any text", e);
    name_roles(&c);
    set_times(&c, stamps);
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
    struct reading r = {.at = at, .o = o, .a = a, .sink = sink};
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
