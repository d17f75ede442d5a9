/*
 * Drift: the messages of conversations, and webhooks with one.
 *
 * Map: data.messages[], else data {conversationId; author {type contact|user, bot, id}; body HTML; type; createdAt in
 * ms}; channel chat.
 *
 * Traps: author.bot true is a bot; private_note and private_prompt are notes; an edit repeats what was said before and
 * is no turn.
 */
#include "ingest/formats/readers.h"

#include "ingest/desk.h"
#include "ingest/roles.h"

static bool is_message(struct json v)
{
    struct json x;
    return json_get(v, "conversationId", &x) && talk_object(v, "author", &x) && json_get(v, "body", &x);
}

/* A message that nothing stands around is known by its author, too. */
static bool is_alone(struct json v)
{
    struct json x;
    return is_message(v) && talk_path(v, "author.bot", &x) && talk_path(v, "author.type", &x);
}

static bool messages_of(struct json doc, struct json *list)
{
    static const char *const paths[] = {"data.messages", "messages", "data", NULL};
    return desk_find_list(doc, paths, is_message, list) || desk_find_message(doc, paths, is_alone, list);
}

bool drift_fits(struct json doc)
{
    struct json list;
    return messages_of(doc, &list);
}

static enum role role_of(struct talk *t, struct json v)
{
    struct json x;
    bool is_bot = false;
    if (talk_is(v, "type", "private_note") || talk_is(v, "type", "private_prompt"))
        return ROLE_NOTE;
    if (talk_path(v, "author.bot", &x) && json_bool(x, &is_bot) && is_bot)
        return ROLE_BOT;
    struct slice type = talk_text(t, v, "author.type");
    return slice_is(type, "user") ? ROLE_AGENT : roles_of(type);
}

static void add(struct talk *t, struct json v)
{
    bool is_edit = talk_is(v, "type", "edit");
    struct turn *turn = talk_add(t, is_edit ? SLICE_LIT("") : desk_text(t, v, "body"));
    turn->role = role_of(t, v);
    turn->speaker_id = talk_id(t, v, "author.id");
    turn->speaker_name = talk_id(t, v, "author.name");
    desk_time(t, turn, v, "createdAt");
}

enum err_code drift_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                          const struct reader_sink *sink, struct err *e)
{
    static const struct desk_messages m = {"conversationId", "chat", add, NULL};
    struct json list;
    if (!messages_of(doc, &list))
        return sink->reject(sink->ctx, at, "no Drift conversation: no messages with an author and a conversationId", e);
    return desk_parse_messages(&m, list, doc, at, o, a, sink, e);
}
