/*
 * Zendesk Chat (Zopim): pages of the Chat API and of its incremental export, answers for several ids, single chats, and
 * JSON Lines of them.
 *
 * Map: chats[], docs[] or docs{id: chat}, or the chat itself; id; start = timestamp; channel chat; queue =
 * department_name; customer = visitor.id; turns = history[] of type chat.msg {msg; name; timestamp; role by nick and
 * sender_type}. An offline_msg is one turn of the visitor: message.
 *
 * Traps: triggers speak as "agent:trigger": bots; joins, leaves, ratings and files are no turns; pages overlap when a
 * chat was changed (the store knows it by its id); the last page is empty; a search's results have no history.
 */
#include "ingest/formats/readers.h"

#include <strings.h>

#include "ingest/desk.h"
#include "ingest/roles.h"

static bool is_chat(struct json v)
{
    struct json list, item, x;
    struct slice type;
    if (talk_list(v, "history", &list)) {
        struct json_iter it = json_iterate(list);
        if (json_next(&it, NULL, &item) && json_get(item, "type", &x) && json_string(x, &type) &&
            slice_starts(type, "chat."))
            return true;
    }
    bool is_livechat = json_get(v, "messages", &x) || json_get(v, "events", &x);
    return !is_livechat && json_get(v, "visitor", &x) &&
           (talk_is(v, "type", "chat") || talk_is(v, "type", "offline_msg"));
}

/* The chats of an envelope: a list or an object by their ids. */
static bool chats_of(struct json doc, struct json *list)
{
    struct json x, first;
    if (json_get(doc, "chats", list) && json_type_of(*list) == JSON_ARRAY && json_count(*list) == 0)
        return json_get(doc, "end_time", &x) || json_get(doc, "next_page", &x) || json_get(doc, "next_url", &x);
    if (!talk_list(doc, "chats", list) && !talk_list(doc, "docs", list) && !talk_object(doc, "docs", list))
        return false;
    struct json_iter it = json_iterate(*list);
    return json_next(&it, NULL, &first) && is_chat(first);
}

bool zendesk_chat_fits(struct json doc)
{
    struct json list;
    return is_chat(doc) || chats_of(doc, &list);
}

static bool is_one_of(struct json v, const char *path, struct slice name)
{
    struct json list, item;
    struct slice x;
    if (name.n == 0 || !talk_list(v, path, &list))
        return false;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
        if (json_string(item, &x) && slice_eq(x, name))
            return true;
    return false;
}

static bool ends_in_bot(struct slice x)
{
    return x.n >= 3 && strncasecmp(x.s + x.n - 3, "bot", 3) == 0;
}

/* Zendesk's own bot speaks as an agent of this name. */
static bool is_answer_bot(struct slice name)
{
    return name.n == 10 && strncasecmp(name.s, "Answer Bot", 10) == 0;
}

/* NICK is "visitor", "visitor:<id>", "agent:<id>", "agent:trigger" or "agent:system". */
static enum role role_of(struct talk *t, struct json chat, struct json v, struct slice nick, struct slice name)
{
    struct slice type = talk_text(t, v, "sender_type");
    enum role role = roles_of(type);
    if (slice_is(nick, "agent:trigger") || slice_is(nick, "trigger") || slice_starts(nick, "__trigger") ||
        ends_in_bot(nick) || ends_in_bot(type) || is_answer_bot(name))
        return ROLE_BOT;
    if (slice_starts(nick, "__system") || slice_is(nick, "system") || slice_starts(nick, "system.") ||
        slice_is(nick, "agent:system"))
        return ROLE_SYSTEM;
    if (role != ROLE_UNKNOWN)
        return role;
    if (slice_starts(nick, "visitor"))
        return ROLE_CUSTOMER;
    if (slice_starts(nick, "agent:") || is_one_of(chat, "agent_names", name))
        return ROLE_AGENT;
    return name.n != 0 && slice_eq(name, talk_text(t, chat, "visitor.name")) ? ROLE_CUSTOMER : ROLE_UNKNOWN;
}

static void add_event(struct talk *t, struct json chat, struct json v)
{
    bool is_message = talk_is(v, "type", "chat.msg");
    struct slice text = is_message ? talk_text(t, v, "msg") : SLICE_LIT(""), nick = talk_id(t, v, "nick");
    if (is_message && slice_trim(text).n == 0)
        text = talk_text(t, v, "structured_msg.msg");
    struct turn *turn = talk_add(t, text);
    turn->speaker_name = talk_id(t, v, "name");
    turn->role = role_of(t, chat, v, nick, turn->speaker_name);
    if (turn->role == ROLE_AGENT && slice_starts(nick, "agent:"))
        turn->speaker_id = (struct slice){nick.s + 6, nick.n - 6};
    desk_time(t, turn, v, "timestamp");
}

static enum err_code add_chat(struct talk *t, struct json chat, struct err *e)
{
    struct json list, item;
    t->c.external_id = talk_id(t, chat, "id");
    t->c.channel = SLICE_LIT("chat");
    t->c.queue = talk_id(t, chat, "department_name");
    t->c.customer_id = talk_id(t, chat, "visitor.id");
    if (t->c.customer_id.n == 0)
        t->c.customer_id = talk_id(t, chat, "visitor.email");
    talk_start(t, chat, "timestamp");
    if (talk_list(chat, "history", &list)) {
        for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
            add_event(t, chat, item);
    } else {
        struct turn *turn = talk_add(t, talk_text(t, chat, "message"));
        turn->role = ROLE_CUSTOMER;
        turn->speaker_name = talk_id(t, chat, "visitor.name");
        desk_time(t, turn, chat, "timestamp");
    }
    return desk_end(t, e);
}

enum err_code zendesk_chat_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                 struct arena *a, const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json list, item;
    enum err_code rc = ERR_OK;
    talk_begin(&t, at, o, a, sink);
    if (is_chat(doc))
        return add_chat(&t, doc, e);
    if (!chats_of(doc, &list))
        return talk_refuse(&t, "no Zendesk chat: neither a history nor a message of a visitor", e);
    for (struct json_iter it = json_iterate(list); rc == ERR_OK && json_next(&it, NULL, &item);) {
        talk_begin(&t, at, o, a, sink);
        rc = is_chat(item) ? add_chat(&t, item, e) : talk_refuse(&t, "a chat without a history", e);
    }
    return rc;
}
