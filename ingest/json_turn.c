#include "ingest/json_turn.h"

#include <math.h>

#include "ingest/html_text.h"
#include "ingest/json_fields.h"
#include "ingest/roles.h"
#include "ingest/times.h"

static enum turn_key key_kind(struct json_turns *c, struct slice key, unsigned *rank)
{
    if (key.n == 0)
        return TURN_OTHER;
    size_t i = (key.n + (unsigned char)key.s[0] + (unsigned char)key.s[key.n - 1]) % JSON_CACHED_KEYS;
    if (!slice_eq(c->key[i], key)) {
        c->key[i] = key;
        c->rank[i] = JSON_NO_RANK;
        c->kind[i] = turn_key_of(key, &c->rank[i]);
    }
    *rank = c->rank[i];
    return c->kind[i];
}

void json_item_read(struct json_turns *r, struct json v, struct json_item *out)
{
    struct slice key;
    struct json x;
    for (size_t k = 0; k < TURN_KEY_COUNT; k++)
        out->rank[k] = JSON_NO_RANK;
    out->has_lists = false;
    for (struct json_iter it = json_iterate(v); json_next(&it, &key, &x);) {
        unsigned rank = JSON_NO_RANK;
        enum turn_key kind = key_kind(r, key, &rank);
        enum json_type type = json_type_of(x);
        out->has_lists = out->has_lists || (type == JSON_ARRAY && json_count(x) != 0);
        if (kind != TURN_OTHER && type != JSON_NULL && rank < out->rank[kind]) {
            out->rank[kind] = rank;
            out->value[kind] = x;
        }
    }
}

static bool has(const struct json_item *it, enum turn_key kind)
{
    return it->rank[kind] != JSON_NO_RANK;
}

/* A part of a message's content: a string or {"type":"text","text":"..."}. */
static bool part_text(struct json part, struct slice *out)
{
    struct json x;
    return json_string(part, out) || (json_get(part, "text", &x) && json_string(x, out)) ||
           (json_get(part, "text", &x) && json_get(x, "value", &x) && json_string(x, out)) ||
           (json_get(part, "msg", &x) && json_get(x, "text", &x) && json_string(x, out)) ||             /* LivePerson */
           (json_get(part, "contentType", &x) && json_get(part, "content", &x) && json_string(x, out)); /* Graph */
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

bool json_item_has_text(const struct json_item *it)
{
    return has(it, TURN_TEXT) && is_text(it->value[TURN_TEXT]);
}

/* Does the key of KIND that counts mean a speaker's and nobody else's? "speaker_name", "sender_id" do, "name" does not.
 */
static bool is_of_speaker(const struct json_item *it, enum turn_key kind)
{
    static const char *const keys[] = {"speakername", "sendername", "authorname", "speakerid", "senderid"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        unsigned rank = JSON_NO_RANK;
        if (turn_key_of(slice_of(keys[i]), &rank) == kind && rank == it->rank[kind])
            return true;
    }
    return false;
}

/* "participant_id": "Agent_1" */
static bool id_is_role(const struct json_item *it)
{
    struct slice word;
    return has(it, TURN_ID) && json_string(it->value[TURN_ID], &word) && roles_of(word) != ROLE_UNKNOWN;
}

bool json_item_has_speaker(const struct json_item *it)
{
    if (has(it, TURN_ROLE) || has(it, TURN_SPEAKER) || has(it, TURN_IS_AGENT) || has(it, TURN_IS_CUSTOMER))
        return true;
    return (has(it, TURN_NAME) && is_of_speaker(it, TURN_NAME)) || (has(it, TURN_ID) && is_of_speaker(it, TURN_ID)) ||
           id_is_role(it);
}

bool json_is_pair(struct json v, struct slice *speaker, struct slice *text)
{
    struct json x;
    struct json_iter it = json_iterate(v);
    return json_type_of(v) == JSON_ARRAY && json_next(&it, NULL, &x) && json_string(x, speaker) &&
           json_next(&it, NULL, &x) && json_string(x, text);
}

/* TEXT as the one who wrote it saw it: exports that were made for web pages have it as HTML. */
static enum err_code plain_text(struct json_turns *r, struct slice text, struct slice *out, struct err *e)
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

static enum err_code get_text(struct json_turns *r, struct json v, struct slice *out, struct err *e)
{
    if (json_type_of(v) != JSON_ARRAY) {
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

static struct json_stamp stamp_of(struct json v, bool is_ms, const struct reader_options *o)
{
    struct json_stamp s = {.kind = STAMP_NONE, .has_zone = true};
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
        s = (struct json_stamp){.kind = STAMP_MS, .ms = (int64_t)llround(number)};
    else
        s = (struct json_stamp){.kind = STAMP_NUMBER, .number = number};
    return s;
}

/* The role that WORD, which borrows from the tree, stands for. */
static enum role role_of(struct json_turns *r, struct slice word)
{
    if (word.n == 0)
        return ROLE_UNKNOWN;
    size_t i = (word.n + (unsigned char)word.s[0]) % JSON_CACHED_ROLES;
    if (!slice_eq(r->word[i], word)) {
        r->word[i] = word;
        r->role[i] = slice_is(word, "developer") ? ROLE_SYSTEM : roles_of(word);
    }
    return r->role[i];
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

/* What the sort of the message and its flags say of the role; they go before what the speaker is called ("user" may be
 * one of the desk). */
static void set_by_way(const struct json_item *it, struct turn *t)
{
    static const struct {
        const char *word;
        enum role role;
    } ways[] = {{"incoming", ROLE_CUSTOMER}, {"outgoing", ROLE_AGENT}, {"activity", ROLE_SYSTEM},
                {"template", ROLE_BOT},      {"note", ROLE_NOTE},      {"private", ROLE_NOTE},
                {"private_note", ROLE_NOTE}, {"internal", ROLE_NOTE}};
    struct slice word;
    double number = 0;
    if (has(it, TURN_WAY) && json_string(it->value[TURN_WAY], &word)) {
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
            if (slice_is(word, ways[i].word))
                t->role = ways[i].role;
    } else if (has(it, TURN_WAY) && json_real(it->value[TURN_WAY], &number)) {
        for (size_t i = 0; i < 4; i++)
            if (number == (double)i)
                t->role = ways[i].role;
    }
    bool is_hidden =
        has(it, TURN_IS_NOTE) && role_of_flag(it->value[TURN_IS_NOTE], ROLE_NOTE, ROLE_UNKNOWN) == ROLE_NOTE;
    if (is_hidden ||
        (has(it, TURN_IS_PUBLIC) && role_of_flag(it->value[TURN_IS_PUBLIC], ROLE_UNKNOWN, ROLE_NOTE) == ROLE_NOTE))
        t->role = ROLE_NOTE;
}

/* Who speaks in item IT. */
static enum err_code read_speaker(struct json_turns *r, const struct json_item *it, struct turn *t, bool *is_tool_call,
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
        struct json v = it->value[TURN_SPEAKER], inner;
        if (json_get(v, "user", &inner) && json_type_of(inner) == JSON_OBJECT) /* Microsoft Graph */
            v = inner;
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
    if (t->role == ROLE_UNKNOWN && id_is_role(it))
        t->role = role_of(r, t->speaker_id);
    set_by_way(it, t);
    if (ok && has(it, TURN_NAME))
        ok = json_word(r->a, it->value[TURN_NAME], &t->speaker_name);
    return ok ? ERR_OK : err_nomem(e);
}

enum err_code json_turn_read(struct json_turns *r, struct json v, struct turn *t, struct json_stamp stamps[2],
                             struct err *e)
{
    struct slice speaker;
    *t = (struct turn){.start_ms = MS_NONE, .end_ms = MS_NONE};
    stamps[0] = stamps[1] = (struct json_stamp){.kind = STAMP_NONE};
    if (json_is_pair(v, &speaker, &t->text)) {
        t->role = roles_of(speaker);
        if (t->role == ROLE_UNKNOWN)
            t->speaker_name = speaker;
        return ERR_OK;
    }
    if (json_type_of(v) != JSON_OBJECT)
        return ERR_OK;
    struct json_item item;
    json_item_read(r, v, &item);
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
