#include "ingest/json_fields.h"

#include "ingest/json_keys.h"
#include "ingest/times.h"

#define NO_RANK 1000u

bool json_word(struct arena *a, struct json v, struct slice *out)
{
    char room[JSON_TEXT_BYTES];
    *out = (struct slice){"", 0};
    if (json_string(v, out))
        return true;
    if (json_text(v, room, out)) {
        *out = arena_dup(a, *out);
        return out->s != NULL;
    }
    return true;
}

bool json_member_word(struct arena *a, struct json v, const char *const *keys, struct slice *out)
{
    struct json x;
    *out = (struct slice){"", 0};
    for (; *keys != NULL; keys++)
        if (json_get(v, *keys, &x) && json_type_of(x) != JSON_NULL)
            return json_word(a, x, out);
    return true;
}

static void read_started_at(struct json v, const struct reader_options *o, struct conversation *c)
{
    struct slice text;
    double number;
    int64_t ms;
    bool has_zone = true;
    if (json_string(v, &text) ? times_parse(text, o->date_format, &ms, &has_zone)
                              : json_real(v, &number) && times_from_epoch(number, &ms)) {
        c->started_at_ms = ms;
        c->time_origin = has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
    }
}

static bool take_field(enum conversation_key kind, struct json v, const struct reader_options *o, struct arena *a,
                       struct conversation *c)
{
    static const char *const id_keys[] = {"id", NULL}, *const name_keys[] = {"name", NULL};
    bool is_object = json_type_of(v) == JSON_OBJECT;
    switch (kind) {
    case CONVERSATION_ID:
        return json_word(a, v, &c->external_id);
    case CONVERSATION_SOURCE: /* a number is some product's code, and no name */
        return json_type_of(v) != JSON_STRING || json_word(a, v, &c->source);
    case CONVERSATION_STARTED_AT:
        read_started_at(v, o, c);
        return true;
    case CONVERSATION_CHANNEL:
        return json_word(a, v, &c->channel);
    case CONVERSATION_QUEUE:
        return is_object ? json_member_word(a, v, name_keys, &c->queue) : json_word(a, v, &c->queue);
    case CONVERSATION_AGENT_ID:
        return json_word(a, v, &c->agent_id);
    case CONVERSATION_AGENT_NAME:
        if (!is_object)
            return json_word(a, v, &c->agent_name);
        return json_member_word(a, v, name_keys, &c->agent_name) &&
               (c->agent_id.n != 0 || json_member_word(a, v, id_keys, &c->agent_id));
    case CONVERSATION_CUSTOMER_ID:
        return is_object ? json_member_word(a, v, id_keys, &c->customer_id) : json_word(a, v, &c->customer_id);
    default:
        return true;
    }
}

bool json_fields_read(const struct json_owner *o, const struct reader_options *options, struct arena *a,
                      struct conversation *c)
{
    bool has_field[CONVERSATION_KEY_COUNT] = {false};
    for (size_t up = 0; o != NULL; o = o->outer, up++) {
        struct json best[CONVERSATION_KEY_COUNT], x;
        unsigned best_rank[CONVERSATION_KEY_COUNT];
        struct slice key;
        for (size_t k = 0; k < CONVERSATION_KEY_COUNT; k++)
            best_rank[k] = NO_RANK;
        for (struct json_iter it = json_iterate(o->object); json_next(&it, &key, &x);) {
            unsigned rank = NO_RANK;
            enum conversation_key kind =
                json_type_of(x) == JSON_ARRAY ? CONVERSATION_OTHER : conversation_key_of(key, &rank);
            if (kind != CONVERSATION_OTHER && json_type_of(x) != JSON_NULL && rank < best_rank[kind]) {
                best_rank[kind] = rank;
                best[kind] = x;
            }
        }
        /* an id further up names this conversation only if there can be no other below it */
        if (up > 0 && o->ncontainers > 1)
            has_field[CONVERSATION_ID] = true;
        for (int k = CONVERSATION_OTHER + 1; k < CONVERSATION_KEY_COUNT; k++) {
            if (has_field[k] || best_rank[k] == NO_RANK)
                continue;
            has_field[k] = true;
            if (!take_field((enum conversation_key)k, best[k], options, a, c))
                return false;
        }
    }
    return true;
}
