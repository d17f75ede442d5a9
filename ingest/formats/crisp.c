/*
 * Crisp: the messages of sessions, and webhooks with one.
 *
 * Map: data[], or data itself {session_id; from user|operator; type; content; timestamp in ms; user.nickname,
 * user.user_id}; channel chat. automated messages are a bot's.
 *
 * Traps: content is a string or an object (a picker's and a field's question is its text); files, animations and sounds
 * are no words; type note is a note; type event is the system's, and has no words as a rule.
 */
#include "ingest/formats/readers.h"

#include "ingest/desk.h"

static bool is_message(struct json v)
{
    struct json x;
    return json_get(v, "session_id", &x) && json_get(v, "from", &x) && json_get(v, "content", &x) &&
           (json_get(v, "fingerprint", &x) || json_get(v, "website_id", &x));
}

static bool messages_of(struct json doc, struct json *list)
{
    static const char *const paths[] = {"data", "messages", NULL};
    return desk_find_list(doc, paths, is_message, list) || desk_find_message(doc, paths, is_message, list);
}

bool crisp_fits(struct json doc)
{
    struct json list;
    return messages_of(doc, &list);
}

static bool is_file(struct json v)
{
    return talk_is(v, "type", "file") || talk_is(v, "type", "animation") || talk_is(v, "type", "audio");
}

static struct slice words_of(struct talk *t, struct json v)
{
    if (is_file(v))
        return (struct slice){"", 0};
    struct slice text = talk_text(t, v, "content");
    return text.n != 0 ? text : talk_text(t, v, "content.text");
}

static enum role role_of(struct json v)
{
    struct json x;
    bool is_automated = false;
    if (json_get(v, "automated", &x))
        (void)json_bool(x, &is_automated);
    if (talk_is(v, "type", "note"))
        return ROLE_NOTE;
    if (talk_is(v, "type", "event"))
        return ROLE_SYSTEM;
    if (talk_is(v, "from", "user"))
        return ROLE_CUSTOMER;
    if (is_automated)
        return ROLE_BOT;
    return talk_is(v, "from", "operator") ? ROLE_AGENT : ROLE_UNKNOWN;
}

static void add(struct talk *t, struct json v)
{
    struct turn *turn = talk_add(t, words_of(t, v));
    turn->role = role_of(v);
    turn->speaker_id = talk_id(t, v, "user.user_id");
    turn->speaker_name = talk_id(t, v, "user.nickname");
    desk_time(t, turn, v, "timestamp");
}

enum err_code crisp_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                          const struct reader_sink *sink, struct err *e)
{
    static const struct desk_messages m = {"session_id", "chat", add, NULL};
    struct json list;
    if (!messages_of(doc, &list))
        return sink->reject(sink->ctx, at, "no Crisp session: no data with a session_id, from and content", e);
    return desk_parse_messages(&m, list, doc, at, o, a, sink, e);
}
