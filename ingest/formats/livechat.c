/*
 * LiveChat: chats of the Agent Chat API (archives, single chats, lists of threads) and of its webhooks, also a single
 * event's, and the chats of the API before it (2.0).
 *
 * Map: chats[], payload.chat, chat, or the document {id; users[] {id, type agent|customer, name}; thread or threads[]};
 * threads[] alone. A thread is a conversation: id = chat id "/" thread id; start = created_at; turns = events[] of type
 * message {author_id; text; created_at} and system_message; channel chat. A webhook {payload {chat_id, thread_id,
 * event}} is a piece of a thread. Chats of 2.0: events[], else messages[], {author_name; user_type agent|visitor; text;
 * timestamp; agent_id}; id; customer = visitor.id.
 *
 * Traps: the same chat comes again with each of its threads; visibility (older: recipients) agents is a note; forms,
 * files and cards are no turns; lists of threads have no users: then an author whose id is an address is an agent, and
 * one whose id is a UUID is the customer.
 */
#include "ingest/formats/readers.h"

#include "ingest/desk.h"
#include "ingest/roles.h"

static bool is_thread(struct json v)
{
    struct json event, x;
    if (!json_get(v, "events", &x) || json_type_of(x) != JSON_ARRAY)
        return false;
    if (!desk_first(v, "events", &event))
        return json_get(v, "user_ids", &x);
    if (json_get(v, "ticket_id", &x)) /* a Zendesk audit */
        return false;
    return json_get(event, "author_id", &x) || (json_get(event, "type", &x) && json_get(v, "user_ids", &x));
}

static bool is_chat(struct json v)
{
    struct json thread;
    if (talk_object(v, "thread", &thread) && is_thread(thread))
        return true;
    return desk_first(v, "threads", &thread) && is_thread(thread);
}

/* The lists of a chat of 2.0: its events have all that its messages have. */
static bool old_events_of(struct json v, struct json *list)
{
    static const char *const paths[] = {"events", "messages"};
    struct json event, x;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (desk_first(v, paths[i], &event) && json_get(event, "user_type", &x) && json_get(event, "text", &x) &&
            json_get(event, "author_name", &x))
            return talk_list(v, paths[i], list);
    return false;
}

static bool is_event_webhook(struct json doc)
{
    struct json x;
    return talk_object(doc, "payload.event", &x) && talk_path(doc, "payload.chat_id", &x);
}

static bool chat_of(struct json doc, struct json *chat)
{
    struct json x;
    *chat = doc;
    return is_chat(doc) || old_events_of(doc, &x) || is_event_webhook(doc) || is_thread(doc) ||
           (talk_object(doc, "payload.chat", chat) && is_chat(*chat)) ||
           (talk_object(doc, "chat", chat) && is_chat(*chat));
}

static bool chats_of(struct json doc, struct json *list)
{
    struct json first, x;
    if (json_get(doc, "chats", list) && json_type_of(*list) == JSON_ARRAY && json_count(*list) == 0)
        return json_get(doc, "found_chats", &x);
    return desk_first(doc, "chats", &first) && (is_chat(first) || old_events_of(first, &x)) &&
           talk_list(doc, "chats", list);
}

bool livechat_fits(struct json doc)
{
    struct json v;
    return chat_of(doc, &v) || chats_of(doc, &v);
}

static void learn_users(struct talk *t, struct json chat)
{
    struct json list, user;
    if (!talk_list(chat, "users", &list))
        return;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &user);) {
        struct slice id = talk_id(t, user, "id");
        if (id.n == 0)
            continue;
        struct speaker *s = talk_speaker(t, id);
        s->role = roles_of(talk_text(t, user, "type"));
        s->name = talk_id(t, user, "name");
        if (s->role == ROLE_CUSTOMER && t->c.customer_id.n == 0)
            t->c.customer_id = id;
    }
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* 8, 4, 4, 4 and 12 hex digits with "-" between them */
static bool is_uuid(struct slice id)
{
    if (id.n != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? id.s[i] != '-' : !is_hex(id.s[i]))
            return false;
    }
    return true;
}

static void add_event(struct talk *t, struct json v)
{
    bool is_system = talk_is(v, "type", "system_message"), is_message = is_system || talk_is(v, "type", "message");
    struct turn *turn = talk_add(t, is_message ? talk_text(t, v, "text") : SLICE_LIT(""));
    struct slice id = talk_id(t, v, "author_id");
    const struct speaker *who = id.n != 0 ? talk_who(t, id) : NULL;
    turn->speaker_id = id;
    if (who != NULL) {
        turn->speaker_name = who->name;
        turn->role = who->role;
    } else if (id.n != 0 && memchr(id.s, '@', id.n) != NULL) {
        turn->role = ROLE_AGENT;
    } else if (is_uuid(id)) {
        turn->role = ROLE_CUSTOMER;
    }
    if (is_system)
        turn->role = ROLE_SYSTEM;
    else if (talk_is(v, "visibility", "agents") || talk_is(v, "recipients", "agents"))
        turn->role = ROLE_NOTE;
    desk_time(t, turn, v, "created_at");
    if (turn->start_ms == MS_NONE)
        desk_time(t, turn, v, "timestamp");
}

/* "CHAT/THREAD" */
static struct slice join_ids(struct talk *t, struct slice chat, struct slice thread)
{
    if (chat.n == 0 || thread.n == 0)
        return chat.n != 0 ? chat : thread;
    char *s = arena_alloc(t->a, chat.n + 1 + thread.n);
    if (s == NULL) {
        t->is_short_of_memory = true;
        return (struct slice){"", 0};
    }
    memcpy(s, chat.s, chat.n);
    s[chat.n] = '/';
    memcpy(s + chat.n + 1, thread.s, thread.n);
    return (struct slice){s, chat.n + 1 + thread.n};
}

static enum err_code add_thread(struct talk *t, struct json chat, struct json thread, bool is_alone, struct err *e)
{
    struct json list, event;
    struct slice chat_id = is_alone ? talk_id(t, thread, "chat_id") : talk_id(t, chat, "id");
    t->c.external_id = join_ids(t, chat_id, talk_id(t, thread, "id"));
    t->c.channel = SLICE_LIT("chat");
    learn_users(t, chat);
    talk_start(t, thread, "created_at");
    talk_start(t, thread, "timestamp");
    if (talk_list(thread, "events", &list))
        for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &event);)
            add_event(t, event);
    return desk_end(t, e);
}

/* ---- a single event, and 2.0 ----------------------------------------------------------------------------------------
 */

static enum err_code add_webhook(struct talk *t, struct json doc, struct err *e)
{
    struct json event;
    t->c.external_id = join_ids(t, talk_id(t, doc, "payload.chat_id"), talk_id(t, doc, "payload.thread_id"));
    t->c.channel = SLICE_LIT("chat");
    if (talk_object(doc, "payload.event", &event))
        add_event(t, event);
    talk_piece(t);
    if (t->c.nturns == 0) /* a file, a form: no words are lost */
        return t->is_short_of_memory ? err_nomem(e) : ERR_OK;
    return desk_end(t, e);
}

static void add_old_event(struct talk *t, struct json v)
{
    struct turn *turn = talk_add(t, talk_text(t, v, "text"));
    turn->role = talk_is(v, "type", "event") ? ROLE_SYSTEM : roles_of(talk_text(t, v, "user_type"));
    turn->speaker_name = talk_id(t, v, "author_name");
    if (turn->role == ROLE_AGENT)
        turn->speaker_id = talk_id(t, v, "agent_id");
    desk_time(t, turn, v, "timestamp");
}

static enum err_code add_old_chat(struct talk *t, struct json chat, struct json events, struct err *e)
{
    struct json event;
    t->c.external_id = talk_id(t, chat, "id");
    t->c.channel = SLICE_LIT("chat");
    t->c.customer_id = talk_id(t, chat, "visitor.id");
    if (t->c.customer_id.n == 0)
        t->c.customer_id = talk_id(t, chat, "visitor_id");
    talk_start(t, chat, "started_timestamp");
    for (struct json_iter it = json_iterate(events); json_next(&it, NULL, &event);)
        add_old_event(t, event);
    return desk_end(t, e);
}

/* ---- chats ---------------------------------------------------------------------------------------------------------
 */

static enum err_code add_chat(struct talk *t, struct json chat, struct err *e)
{
    struct json list, thread, x;
    const struct talk fresh = *t;
    enum err_code rc = ERR_OK;
    if (old_events_of(chat, &list))
        return add_old_chat(t, chat, list, e);
    if (is_event_webhook(chat))
        return add_webhook(t, chat, e);
    if (is_thread(chat))
        return add_thread(t, chat, chat, true, e);
    if (talk_object(chat, "thread", &thread))
        return add_thread(t, chat, thread, false, e);
    if (!talk_list(chat, "threads", &list))
        return talk_refuse(t, "a chat without a thread", e);
    bool is_alone = !json_get(chat, "users", &x); /* a list of threads: an id beside it is not the chat's */
    for (struct json_iter it = json_iterate(list); rc == ERR_OK && json_next(&it, NULL, &thread);) {
        *t = fresh;
        rc =
            is_thread(thread) ? add_thread(t, chat, thread, is_alone, e) : talk_refuse(t, "a thread without events", e);
    }
    return rc;
}

enum err_code livechat_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                             const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json v, item;
    enum err_code rc = ERR_OK;
    talk_begin(&t, at, o, a, sink);
    if (chat_of(doc, &v))
        return add_chat(&t, v, e);
    if (!chats_of(doc, &v))
        return talk_refuse(&t, "no LiveChat chat: no thread with events", e);
    for (struct json_iter it = json_iterate(v); rc == ERR_OK && json_next(&it, NULL, &item);) {
        talk_begin(&t, at, o, a, sink);
        rc = add_chat(&t, item, e);
    }
    return rc;
}
