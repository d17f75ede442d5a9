/*
 * Intercom: a conversation (or ticket) as its API gives it, lists of them, the webhook around one, and JSON Lines.
 *
 * Map: conversations[], data[] or data.item, else the document; id; start = created_at; channel = type of the first
 * message; customer = contacts, user or customers; turns = source (older: conversation_message) at created_at, then
 * conversation_parts[] (tickets: ticket_parts[]) {body HTML; author.type, id, name; part_type; created_at}.
 *
 * Traps: the FIRST message is no part; parts without a body are events; part types that begin with "note" are notes;
 * author type bot is a bot, and so is an admin called Operator or Fin, unless his id also goes by a person's name;
 * authors may lack the name that another part has; list pages have no parts; times are seconds.
 */
#include "ingest/formats/readers.h"

#include <strings.h>

#include "ingest/desk.h"
#include "ingest/roles.h"

/* Where the parts may stand. */
static bool parts_of(struct json v, struct json *list)
{
    static const char *const paths[] = {"conversation_parts.conversation_parts", "conversation_parts",
                                        "ticket_parts.ticket_parts", "ticket_parts"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (talk_list(v, paths[i], list))
            return true;
    return false;
}

static bool first_message_of(struct json v, struct json *message)
{
    return talk_object(v, "source", message) || talk_object(v, "conversation_message", message);
}

static bool is_conversation(struct json v)
{
    struct json x;
    if (talk_is(v, "type", "conversation"))
        return first_message_of(v, &x) || json_get(v, "conversation_parts", &x);
    if (talk_is(v, "type", "ticket"))
        return json_get(v, "ticket_parts", &x);
    return talk_object(v, "conversation_parts", &x) && json_get(v, "id", &x);
}

static bool list_of(struct json doc, struct json *list)
{
    static const char *const paths[] = {"conversations", "data", "tickets"};
    struct json first;
    if (talk_is(doc, "type", "conversation.list") && json_get(doc, "conversations", list))
        return json_type_of(*list) == JSON_ARRAY;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (!talk_list(doc, paths[i], list))
            continue;
        struct json_iter it = json_iterate(*list);
        if (json_next(&it, NULL, &first) && is_conversation(first))
            return true;
    }
    return false;
}

/* The conversation that DOC is or, as a webhook, holds. */
static bool conversation_of(struct json doc, struct json *v)
{
    *v = doc;
    return is_conversation(doc) || (talk_object(doc, "data.item", v) && is_conversation(*v));
}

bool intercom_fits(struct json doc)
{
    struct json v;
    return conversation_of(doc, &v) || list_of(doc, &v);
}

/* ---- authors -------------------------------------------------------------------------------------------------------
 */

static bool is_name_of_bot(struct slice name)
{
    return (name.n == 8 && strncasecmp(name.s, "Operator", 8) == 0) ||
           (name.n == 3 && strncasecmp(name.s, "Fin", 3) == 0);
}

/* Remember the name of the person V, an author or an assignee. */
static void learn(struct talk *t, struct json v)
{
    struct slice id = talk_id(t, v, "id"), name = talk_id(t, v, "name");
    if (id.n == 0 || name.n == 0 || is_name_of_bot(name))
        return;
    talk_speaker(t, id)->name = name;
}

static void learn_people(struct talk *t, struct json v, struct json message, bool has_message)
{
    static const char *const members[] = {"user", "assignee", "contact"};
    struct json x, list, part;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (talk_object(v, members[i], &x))
            learn(t, x);
    if (has_message && talk_object(message, "author", &x))
        learn(t, x);
    if (!parts_of(v, &list))
        return;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &part);)
        if (talk_object(part, "author", &x))
            learn(t, x);
}

static void set_author(struct talk *t, struct json message, struct turn *turn)
{
    bool is_ai = false;
    struct json author, x;
    if (!talk_object(message, "author", &author))
        return;
    struct slice type = talk_text(t, author, "type");
    turn->speaker_id = talk_id(t, author, "id");
    turn->speaker_name = talk_id(t, author, "name");
    const struct speaker *who = turn->speaker_id.n != 0 ? talk_who(t, turn->speaker_id) : NULL;
    bool is_bot = is_name_of_bot(turn->speaker_name) && who == NULL;
    if (turn->speaker_name.n == 0 && who != NULL)
        turn->speaker_name = who->name;
    if (json_get(author, "from_ai_agent", &x))
        (void)json_bool(x, &is_ai);
    turn->role = roles_of(type);
    if (slice_is(type, "team") || slice_is(type, "teammate"))
        turn->role = ROLE_AGENT;
    if (turn->role == ROLE_AGENT && (is_bot || is_ai))
        turn->role = ROLE_BOT;
    if (turn->role == ROLE_CUSTOMER && t->c.customer_id.n == 0)
        t->c.customer_id = turn->speaker_id;
}

/* ---- conversations -------------------------------------------------------------------------------------------------
 */

static void add_part(struct talk *t, struct json part)
{
    struct turn *turn = talk_add(t, desk_text(t, part, "body"));
    set_author(t, part, turn);
    if (slice_starts(talk_text(t, part, "part_type"), "note"))
        turn->role = ROLE_NOTE;
    desk_time(t, turn, part, "created_at");
    if (turn->start_ms < t->c.started_at_ms) /* examples have such: it is no time in this conversation */
        turn->start_ms = MS_NONE;
}

static void set_customer(struct talk *t, struct json v)
{
    static const char *const lists[] = {"contacts.contacts", "contacts", "customers"};
    struct json list, first;
    for (size_t i = 0; i < sizeof lists / sizeof *lists && t->c.customer_id.n == 0; i++)
        if (talk_list(v, lists[i], &list)) {
            struct json_iter it = json_iterate(list);
            if (json_next(&it, NULL, &first))
                t->c.customer_id = talk_id(t, first, "id");
        }
    if (t->c.customer_id.n == 0)
        t->c.customer_id = talk_id(t, v, "user.id");
}

static enum err_code add_conversation(struct talk *t, struct json v, struct err *e)
{
    struct json message, list, part;
    bool has_message = first_message_of(v, &message);
    t->c.external_id = talk_id(t, v, "id");
    talk_start(t, v, "created_at");
    set_customer(t, v);
    learn_people(t, v, message, has_message);
    if (has_message) {
        t->c.channel = talk_id(t, message, "type");
        struct turn *turn = talk_add(t, desk_text(t, message, "body"));
        set_author(t, message, turn);
        turn->start_ms = t->c.started_at_ms;
    }
    if (t->c.channel.n == 0)
        t->c.channel = SLICE_LIT("conversation");
    if (parts_of(v, &list))
        for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &part);)
            add_part(t, part);
    talk_rebase(t, TIME_FROM_RECORD);
    return talk_end(t, e);
}

enum err_code intercom_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                             const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json v, item;
    enum err_code rc = ERR_OK;
    talk_begin(&t, at, o, a, sink);
    if (conversation_of(doc, &v))
        return add_conversation(&t, v, e);
    if (!list_of(doc, &v))
        return talk_refuse(&t, "no Intercom conversation: neither a source nor conversation_parts", e);
    for (struct json_iter it = json_iterate(v); rc == ERR_OK && json_next(&it, NULL, &item);) {
        talk_begin(&t, at, o, a, sink);
        rc = is_conversation(item) ? add_conversation(&t, item, e)
                                   : talk_refuse(&t, "no conversation: neither a source nor conversation_parts", e);
    }
    return rc;
}
