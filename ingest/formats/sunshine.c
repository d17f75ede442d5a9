/*
 * Sunshine Conversations (Zendesk messaging, Smooch): messages of a conversation, exports of conversations, webhooks.
 *
 * Map: messages[] or conversation.messages[] {author {type user|business, subtypes, userId, displayName}; content
 * {text, else htmlText, markdownText, the texts of its items or fields}; received}; events[].payload {conversation.id,
 * message}; id = conversation.id, conversationId, else the document's; channel = the source's type of a user's message.
 * Version 1: {role appUser|appMaker, name, text, received}.
 *
 * Traps: business is a person or a bot: subtypes AI and the source zd:answerBot are bots, subtypes activity is the
 * system; pictures and files have no words but may have a caption; what Zendesk itself sends from ("zd:...") is no
 * channel.
 */
#include "ingest/formats/readers.h"

#include "core/strbuf.h"
#include "ingest/desk.h"
#include "ingest/html_text.h"

/* ---- recognising ---------------------------------------------------------------------------------------------------
 */

static bool is_message(struct json v)
{
    struct json x;
    bool has_time = json_get(v, "received", &x);
    bool is_old = talk_is(v, "role", "appUser") || talk_is(v, "role", "appMaker");
    bool is_known = talk_is(v, "author.type", "user") || talk_is(v, "author.type", "business");
    return (has_time && is_old) || (is_known && (has_time || talk_object(v, "content", &x)));
}

static bool is_event(struct json v)
{
    struct json x;
    return talk_path(v, "payload.conversation", &x) && (!talk_object(v, "payload.message", &x) || is_message(x));
}

static bool messages_of(struct json doc, struct json *list)
{
    static const char *const paths[] = {"messages", "conversation.messages", NULL};
    return desk_find_list(doc, paths, is_message, list);
}

static bool events_of(struct json doc, struct json *list)
{
    static const char *const paths[] = {"events", NULL};
    return desk_find_list(doc, paths, is_event, list);
}

bool sunshine_fits(struct json doc)
{
    struct json list;
    return messages_of(doc, &list) || events_of(doc, &list);
}

/* ---- messages ------------------------------------------------------------------------------------------------------
 */

static struct slice keep(struct talk *t, struct strbuf *room)
{
    struct slice text = arena_dup(t->a, strbuf_slice(room));
    bool is_lost = strbuf_failed(room) || text.s == NULL;
    t->is_short_of_memory = t->is_short_of_memory || is_lost;
    strbuf_free(room);
    return is_lost ? SLICE_LIT("") : text;
}

static void add_line(struct strbuf *out, struct slice text)
{
    if (slice_trim(text).n == 0)
        return;
    strbuf_puts(out, out->n != 0 ? "\n" : "");
    strbuf_add_slice(out, slice_trim(text));
}

/* What is to be read on cards ({title, description}) and in forms ({label, text}). */
static struct slice words_of_list(struct talk *t, struct json content)
{
    static const char *const lists[] = {"items", "fields"};
    static const char *const keys[] = {"title", "description", "label", "text"};
    struct strbuf out = STRBUF_INIT;
    struct json list, item;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (talk_list(content, lists[i], &list))
            for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
                for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
                    add_line(&out, talk_text(t, item, keys[k]));
    return keep(t, &out);
}

static struct slice words_of(struct talk *t, struct json v)
{
    static const char *const keys[] = {"text", "markdownText", "textFallback", "altText"};
    struct json content = v;
    (void)talk_object(v, "content", &content);
    struct slice text = talk_text(t, content, keys[0]);
    if (slice_trim(text).n == 0)
        text = desk_text(t, content, "htmlText");
    for (size_t i = 1; i < sizeof keys / sizeof *keys && slice_trim(text).n == 0; i++)
        text = talk_text(t, content, keys[i]);
    return slice_trim(text).n != 0 ? text : words_of_list(t, content);
}

static bool has_subtype(struct json v, const char *word)
{
    struct json list, item;
    if (!talk_list(v, "author.subtypes", &list))
        return false;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
        if (talk_is(item, NULL, word))
            return true;
    return false;
}

static enum role role_of(struct json v)
{
    if (talk_is(v, "author.type", "user") || talk_is(v, "role", "appUser"))
        return ROLE_CUSTOMER;
    if (has_subtype(v, "activity"))
        return ROLE_SYSTEM;
    if (has_subtype(v, "AI") || talk_is(v, "source.type", "zd:answerBot"))
        return ROLE_BOT;
    if (talk_is(v, "role", "whisper"))
        return ROLE_NOTE;
    return talk_is(v, "author.type", "business") || talk_is(v, "role", "appMaker") ? ROLE_AGENT : ROLE_UNKNOWN;
}

static struct slice first_of(struct talk *t, struct json v, const char *a, const char *b)
{
    struct slice x = talk_id(t, v, a);
    return x.n != 0 ? x : talk_id(t, v, b);
}

static void add(struct talk *t, struct json v)
{
    struct turn *turn = talk_add(t, words_of(t, v));
    struct slice source = talk_id(t, v, "source.type");
    turn->role = role_of(v);
    turn->speaker_id = first_of(t, v, "author.userId", "authorId");
    turn->speaker_name = first_of(t, v, "author.displayName", "name");
    desk_time(t, turn, v, "received");
    if (turn->role == ROLE_CUSTOMER && t->c.channel.n == 0 && !slice_starts(source, "zd:"))
        t->c.channel = source;
}

static void add_event(struct talk *t, struct json v)
{
    struct json message;
    if (talk_object(v, "payload.message", &message))
        add(t, message);
}

static void about(struct talk *t, struct json owner)
{
    static const char *const ids[] = {
        "conversation.id", "conversation._id", "conversationId", "conversation_id", "id", "_id"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids && t->c.external_id.n == 0; i++)
        t->c.external_id = talk_id(t, owner, ids[i]);
}

enum err_code sunshine_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                             const struct reader_sink *sink, struct err *e)
{
    static const struct desk_messages messages = {"conversationId", "messaging", add, about};
    static const struct desk_messages events = {"payload.conversation.id", "messaging", add_event, NULL};
    struct json list;
    if (messages_of(doc, &list))
        return desk_parse_messages(&messages, list, doc, at, o, a, sink, e);
    if (events_of(doc, &list))
        return desk_parse_messages(&events, list, doc, at, o, a, sink, e);
    return sink->reject(sink->ctx, at, "no Sunshine conversation: no messages with an author and received", e);
}
