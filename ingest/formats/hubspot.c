/*
 * HubSpot: the messages of conversation threads, pages of them or one a document.
 *
 * Map: results[] {conversationsThreadId; type; text, else richText; senders[0].actorId, name; direction; createdAt};
 * channel chat. Actors: A- agent, V- visitor, B- and L- bot, S- system; others by the direction.
 *
 * Traps: newest first; COMMENT is a note, ASSIGNMENT and THREAD_STATUS_CHANGE are events; WELCOME_MESSAGE is sent by no
 * person unless its actor is an agent.
 */
#include "ingest/formats/readers.h"

#include "ingest/desk.h"

static bool is_message(struct json v)
{
    struct json x;
    return json_get(v, "conversationsThreadId", &x) ||
           (talk_items_have(v, "senders", "actorId") && json_get(v, "type", &x));
}

static bool is_alone(struct json v)
{
    struct json x;
    return json_get(v, "conversationsThreadId", &x) && is_message(v);
}

static bool messages_of(struct json doc, struct json *list)
{
    static const char *const paths[] = {"results", "messages", NULL}, *const nowhere[] = {NULL};
    return desk_find_list(doc, paths, is_message, list) || desk_find_message(doc, nowhere, is_alone, list);
}

bool hubspot_fits(struct json doc)
{
    struct json list;
    return messages_of(doc, &list);
}

static enum role role_of(struct json v, struct slice actor)
{
    const char prefix = (char)(actor.n > 1 && actor.s[1] == '-' ? actor.s[0] : '\0');
    if (talk_is(v, "type", "COMMENT"))
        return ROLE_NOTE;
    if (talk_is(v, "type", "WELCOME_MESSAGE"))
        return prefix == 'A' ? ROLE_AGENT : ROLE_BOT;
    switch (prefix) {
    case 'A':
        return ROLE_AGENT;
    case 'V':
        return ROLE_CUSTOMER;
    case 'B':
    case 'L':
        return ROLE_BOT;
    case 'S':
        return ROLE_SYSTEM;
    default:
        return talk_is(v, "direction", "INCOMING")   ? ROLE_CUSTOMER
               : talk_is(v, "direction", "OUTGOING") ? ROLE_AGENT
                                                     : ROLE_UNKNOWN;
    }
}

static void add(struct talk *t, struct json v)
{
    struct json sender;
    struct slice text = talk_text(t, v, "text"), actor = talk_id(t, v, "createdBy"), name = {"", 0};
    if (slice_trim(text).n == 0)
        text = desk_text(t, v, "richText");
    if (desk_first(v, "senders", &sender)) {
        name = talk_id(t, sender, "name");
        struct slice id = talk_id(t, sender, "actorId");
        actor = id.n != 0 ? id : actor;
    }
    struct turn *turn = talk_add(t, text);
    turn->role = role_of(v, actor);
    turn->speaker_id = actor;
    turn->speaker_name = name;
    desk_time(t, turn, v, "createdAt");
}

enum err_code hubspot_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                            const struct reader_sink *sink, struct err *e)
{
    static const struct desk_messages m = {"conversationsThreadId", "chat", add, NULL};
    struct json list;
    if (!messages_of(doc, &list))
        return sink->reject(sink->ctx, at, "no HubSpot thread: no results with a conversationsThreadId", e);
    return desk_parse_messages(&m, list, doc, at, o, a, sink, e);
}
