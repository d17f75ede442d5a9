/*
 * Slack: the days of a channel in an export, and pages of its history.
 *
 * Map: a list of {type message; user, else bot_id; text; ts in seconds}, alone or as messages[]. A channel is ONE
 * conversation, named after the folder that its days stand in (the store joins them); the names of people are in
 * users.json (companion.h). Slack has no roles: they stay unknown but for bots.
 *
 * Traps: joins, leaves and changes of topic or name are no turns, nor are edits; a day with nothing else is no
 * conversation, and nothing is wrong with it; "&lt;" stands for "<", but "<@U123>" and "<https://...|label>", as Slack
 * writes people and links, stay as they are; pages of the history are newest first.
 */
#include "ingest/formats/readers.h"

#include "ingest/desk.h"
#include "ingest/html_text.h"

static bool is_message(struct json v)
{
    struct json x;
    return talk_is(v, "type", "message") && json_get(v, "ts", &x) &&
           (json_get(v, "user", &x) || json_get(v, "bot_id", &x) || json_get(v, "subtype", &x));
}

static bool messages_of(struct json doc, struct json *list)
{
    static const char *const paths[] = {"messages", NULL};
    return desk_find_list(doc, paths, is_message, list);
}

bool slack_fits(struct json doc)
{
    struct json list;
    return messages_of(doc, &list);
}

/* Does a message of this subtype tell what happened, and not what was said? */
static bool is_event(struct slice subtype)
{
    static const char *const endings[] = {"_join",
                                          "_leave",
                                          "_topic",
                                          "_purpose",
                                          "_name",
                                          "_archive",
                                          "_unarchive",
                                          "_permissions",
                                          "pinned_item",
                                          "message_changed",
                                          "message_deleted",
                                          "message_replied",
                                          "_convert_to_private"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        if (subtype.n >= n && memcmp(subtype.s + subtype.n - n, endings[i], n) == 0)
            return true;
    }
    return false;
}

static struct slice words_of(struct talk *t, struct json v)
{
    struct slice text = is_event(talk_text(t, v, "subtype")) ? SLICE_LIT("") : talk_text(t, v, "text");
    if (text.n == 0 || memchr(text.s, '&', text.n) == NULL)
        return text;
    struct strbuf plain = STRBUF_INIT;
    html_decode(text, &plain);
    text = arena_dup(t->a, strbuf_slice(&plain));
    t->is_short_of_memory = t->is_short_of_memory || strbuf_failed(&plain) || text.s == NULL;
    strbuf_free(&plain);
    return text.s != NULL ? text : SLICE_LIT("");
}

static void add(struct talk *t, struct json v)
{
    static const char *const ids[] = {"user", "bot_id", "comment.user"};
    static const char *const names[] = {"user_profile.real_name", "bot_profile.name", "username"};
    struct json x;
    struct turn *turn = talk_add(t, words_of(t, v));
    for (size_t i = 0; i < sizeof ids / sizeof *ids && turn->speaker_id.n == 0; i++)
        turn->speaker_id = talk_id(t, v, ids[i]);
    for (size_t i = 0; i < sizeof names / sizeof *names && turn->speaker_name.n == 0; i++)
        turn->speaker_name = talk_id(t, v, names[i]);
    if (talk_is(v, "subtype", "bot_message") || talk_object(v, "bot_profile", &x) ||
        slice_is(turn->speaker_id, "USLACKBOT"))
        turn->role = ROLE_BOT;
    desk_time(t, turn, v, "ts");
}

/* The last folder of PATH. */
static struct slice folder_of(const char *path)
{
    const char *end = strrchr(path, '/'), *from = end;
    while (from != NULL && from > path && from[-1] != '/')
        from--;
    return end != NULL ? (struct slice){from, (size_t)(end - from)} : (struct slice){"", 0};
}

enum err_code slack_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                          const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json list, item;
    talk_begin(&t, at, o, a, sink);
    if (!messages_of(doc, &list))
        return talk_refuse(&t, "no Slack channel: no list of messages with a ts", e);
    t.c.channel = SLICE_LIT("slack");
    t.c.external_id = json_type_of(doc) == JSON_ARRAY ? folder_of(at->path) : talk_id(&t, doc, "channel");
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
        if (json_type_of(item) == JSON_OBJECT)
            add(&t, item);
    if (t.c.nturns == 0)
        return t.is_short_of_memory ? err_nomem(e) : ERR_OK;
    return desk_end(&t, e);
}
