/*
 * Front: the messages of a conversation, and its comments; events (webhooks) with one.
 *
 * Map: _results[], else target.data {_links.related.conversation, else the address of the list (_links.self): the id is
 * its last part that begins with "cnv_"; is_inbound true: customer, false: agent; body HTML, else text; author, else
 * the recipient whose role is "from"; created_at in seconds with a fraction}; channel = type. Comments {body,
 * posted_at} are notes.
 *
 * Traps: newest first; drafts were never sent; the words of the other side are quoted in mail.
 */
#include "ingest/formats/readers.h"

#include <stdio.h>

#include "ingest/desk.h"

static bool is_message(struct json v)
{
    struct json x;
    bool is_comment = json_get(v, "posted_at", &x) && json_get(v, "author", &x) && json_get(v, "body", &x);
    return is_comment || (json_get(v, "is_inbound", &x) && (json_get(v, "recipients", &x) || json_get(v, "body", &x)));
}

/* A message that nothing stands around is known by its id, too. */
static bool is_alone(struct json v)
{
    struct json x;
    struct slice id;
    return is_message(v) && json_get(v, "id", &x) && json_string(x, &id) &&
           (slice_starts(id, "msg_") || slice_starts(id, "com_"));
}

static bool messages_of(struct json doc, struct json *list)
{
    static const char *const paths[] = {"_results", "messages", NULL}, *const in_events[] = {"target.data", NULL};
    return desk_find_list(doc, paths, is_message, list) || desk_find_message(doc, in_events, is_alone, list);
}

bool front_fits(struct json doc)
{
    struct json list;
    return messages_of(doc, &list);
}

/* The part of an address that begins with "cnv_". */
static struct slice id_of_address(struct slice url)
{
    for (size_t i = 0; i + 4 < url.n; i++)
        if (memcmp(url.s + i, "cnv_", 4) == 0) {
            size_t n = i;
            while (n < url.n && url.s[n] != '/' && url.s[n] != '?')
                n++;
            return (struct slice){url.s + i, n - i};
        }
    return (struct slice){"", 0};
}

static bool is_true(struct json v, const char *key)
{
    struct json x;
    bool is = false;
    return json_get(v, key, &x) && json_bool(x, &is) && is;
}

/* Who sent V: an author of the team, or the recipient whose role is "from". */
static void set_sender(struct talk *t, struct json v, struct turn *turn)
{
    struct json author, list, item;
    if (talk_object(v, "author", &author)) {
        turn->speaker_id = talk_id(t, author, "id");
        struct slice first = talk_id(t, author, "first_name"), last = talk_id(t, author, "last_name");
        turn->speaker_name = first.n != 0 ? first : talk_id(t, author, "name");
        if (first.n != 0 && last.n != 0) {
            char name[160];
            int n = snprintf(name, sizeof name, "%.*s %.*s", (int)(first.n < 70 ? first.n : 70), first.s,
                             (int)(last.n < 70 ? last.n : 70), last.s);
            turn->speaker_name = arena_dup(t->a, (struct slice){name, (size_t)n});
            t->is_short_of_memory = t->is_short_of_memory || turn->speaker_name.s == NULL;
        }
    }
    if (turn->speaker_id.n != 0 || !talk_list(v, "recipients", &list))
        return;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
        if (talk_is(item, "role", "from")) {
            turn->speaker_id = talk_id(t, item, "handle");
            turn->speaker_name = talk_id(t, item, "name");
        }
}

static void add(struct talk *t, struct json v)
{
    struct json x;
    bool is_comment = json_get(v, "posted_at", &x), is_draft = is_true(v, "is_draft");
    struct slice text = is_draft ? SLICE_LIT("") : desk_mail_text(t, v, "body");
    if (slice_trim(text).n == 0 && !is_draft)
        text = desk_mail_text(t, v, "text");
    struct turn *turn = talk_add(t, text);
    set_sender(t, v, turn);
    if (is_comment)
        turn->role = ROLE_NOTE;
    else if (json_get(v, "is_inbound", &x))
        turn->role = is_true(v, "is_inbound") ? ROLE_CUSTOMER : ROLE_AGENT;
    desk_time(t, turn, v, is_comment ? "posted_at" : "created_at");
    if (t->c.channel.n == 0 && !is_comment)
        t->c.channel = talk_id(t, v, "type");
    struct slice id = id_of_address(talk_text(t, v, "_links.related.conversation"));
    if (id.n != 0)
        t->c.external_id = id;
}

static void about(struct talk *t, struct json owner)
{
    t->c.external_id = talk_id(t, owner, "conversation_id");
    if (t->c.external_id.n == 0)
        t->c.external_id = talk_id(t, owner, "conversation.id");
    if (t->c.external_id.n == 0)
        t->c.external_id = id_of_address(talk_text(t, owner, "_links.self"));
}

enum err_code front_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                          const struct reader_sink *sink, struct err *e)
{
    static const struct desk_messages m = {"_links.related.conversation", "email", add, about};
    struct json list;
    if (!messages_of(doc, &list))
        return sink->reject(sink->ctx, at, "no Front conversation: no _results with is_inbound", e);
    return desk_parse_messages(&m, list, doc, at, o, a, sink, e);
}
