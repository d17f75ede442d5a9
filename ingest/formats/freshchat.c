/*
 * Freshchat: messages of a conversation, as its API and its export give them, and webhooks with one.
 *
 * Map: messages[], else data.message {conversation_id; actor_type user|agent|bot|system; actor_id;
 * message_parts[].text.content; created_time}; channel chat.
 *
 * Traps: message_type private is a note and system is the system, whoever the actor is; a page may hold several
 * conversations and be newest first; pictures, files and buttons among the parts are no words; a message with several
 * texts is one turn.
 */
#include "ingest/formats/readers.h"

#include "core/strbuf.h"
#include "ingest/desk.h"
#include "ingest/roles.h"

static bool is_message(struct json v)
{
    struct json x;
    return json_get(v, "actor_type", &x) && json_get(v, "message_parts", &x);
}

static bool messages_of(struct json doc, struct json *list)
{
    static const char *const paths[] = {"messages", "data.message", NULL};
    return desk_find_list(doc, paths, is_message, list) || desk_find_message(doc, paths, is_message, list);
}

bool freshchat_fits(struct json doc)
{
    struct json list;
    return messages_of(doc, &list);
}

static bool next_text(struct json_iter *it, struct slice *text)
{
    struct json part, x;
    while (json_next(it, NULL, &part))
        if ((talk_path(part, "text.content", &x) || json_get(part, "text", &x)) && json_string(x, text) &&
            slice_trim(*text).n != 0)
            return true;
    return false;
}

/* The texts of a message, a line each. */
static struct slice words_of(struct talk *t, struct json v)
{
    struct strbuf all = STRBUF_INIT;
    struct slice text, out = {"", 0};
    struct json parts;
    if (!talk_list(v, "message_parts", &parts))
        return out;
    size_t n = 0;
    for (struct json_iter it = json_iterate(parts); next_text(&it, &text); n++) {
        out = text;
        strbuf_puts(&all, n != 0 ? "\n" : "");
        strbuf_add_slice(&all, text);
    }
    if (n > 1)
        out = arena_dup(t->a, strbuf_slice(&all));
    t->is_short_of_memory = t->is_short_of_memory || strbuf_failed(&all) || out.s == NULL;
    strbuf_free(&all);
    return out.s != NULL ? out : SLICE_LIT("");
}

static void add(struct talk *t, struct json v)
{
    struct turn *turn = talk_add(t, words_of(t, v));
    turn->role = talk_is(v, "message_type", "private")  ? ROLE_NOTE
                 : talk_is(v, "message_type", "system") ? ROLE_SYSTEM
                                                        : roles_of(talk_text(t, v, "actor_type"));
    turn->speaker_id = talk_id(t, v, "actor_id");
    desk_time(t, turn, v, "created_time");
}

static void about(struct talk *t, struct json owner)
{
    t->c.external_id = talk_id(t, owner, "conversation_id");
    if (t->c.external_id.n == 0)
        t->c.external_id = talk_id(t, owner, "id");
}

enum err_code freshchat_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                              const struct reader_sink *sink, struct err *e)
{
    static const struct desk_messages m = {"conversation_id", "chat", add, about};
    struct json list;
    if (!messages_of(doc, &list))
        return sink->reject(sink->ctx, at, "no Freshchat conversation: no messages with actor_type and message_parts",
                            e);
    return desk_parse_messages(&m, list, doc, at, o, a, sink, e);
}
