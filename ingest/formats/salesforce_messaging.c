/*
 * Salesforce Messaging (In-App and Web) and Service Cloud Voice: entries of conversations.
 *
 * Map: conversationEntries[] (also entries[], or the list alone) {messageText, else the text in entryPayload;
 * sender {role EndUser|Agent|Chatbot|System|Supervisor, subject}; senderDisplayName; clientTimestamp in ms}; id =
 * conversationId, conversationIdentifier, else the first of relatedRecords, else that of the document.
 *
 * Traps: entryPayload may be an object or JSON in a string; entries of typing, routing and joining have no text;
 * subject is an id.
 */
#include "ingest/formats/readers.h"

#include "ingest/desk.h"
#include "ingest/roles.h"

static bool is_entry(struct json v)
{
    struct json x;
    return talk_path(v, "sender.role", &x) &&
           (json_get(v, "messageText", &x) || json_get(v, "entryPayload", &x) || json_get(v, "clientTimestamp", &x));
}

static bool entries_of(struct json doc, struct json *list)
{
    static const char *const paths[] = {"conversationEntries", "entries", "records", "messages", NULL};
    return desk_find_list(doc, paths, is_entry, list);
}

bool salesforce_messaging_fits(struct json doc)
{
    struct json list;
    return entries_of(doc, &list);
}

/* The text of a message in the form of the Messaging API. */
static struct slice text_of_payload(struct talk *t, struct json payload)
{
    struct slice text = talk_text(t, payload, "abstractMessage.staticContent.text");
    return text.n != 0 ? text : talk_text(t, payload, "text");
}

static struct slice words_of(struct talk *t, struct json v)
{
    struct slice text = talk_text(t, v, "messageText");
    struct json payload;
    if (slice_trim(text).n != 0 || !json_get(v, "entryPayload", &payload))
        return text;
    if (json_type_of(payload) == JSON_OBJECT)
        return text_of_payload(t, payload);
    struct slice inner = talk_text(t, payload, NULL);
    if (slice_trim(inner).n == 0 || slice_trim(inner).s[0] != '{')
        return text;
    struct json root;
    struct json_parser *p = talk_parse_inner(t, inner, &root);
    if (p == NULL)
        return text;
    text = arena_dup(t->a, text_of_payload(t, root));
    t->is_short_of_memory = t->is_short_of_memory || text.s == NULL;
    json_parser_free(p);
    return text.s != NULL ? text : SLICE_LIT("");
}

static void add(struct talk *t, struct json v)
{
    static const char *const times[] = {"clientTimestamp", "serverReceivedTimestamp", "transcriptedTimestamp"};
    static const char *const ids[] = {"conversationIdentifier", "conversation.identifier"};
    struct json related, first;
    struct turn *turn = talk_add(t, words_of(t, v));
    turn->role = roles_of(talk_text(t, v, "sender.role"));
    turn->speaker_id = talk_id(t, v, "sender.subject");
    turn->speaker_name = talk_id(t, v, "senderDisplayName");
    for (size_t i = 0; i < sizeof times / sizeof *times && turn->start_ms == MS_NONE; i++)
        desk_time(t, turn, v, times[i]);
    for (size_t i = 0; i < sizeof ids / sizeof *ids && t->c.external_id.n == 0; i++)
        t->c.external_id = talk_id(t, v, ids[i]);
    if (t->c.external_id.n == 0 && talk_list(v, "relatedRecords", &related)) {
        struct json_iter it = json_iterate(related);
        if (json_next(&it, NULL, &first))
            t->c.external_id = talk_id(t, first, NULL);
    }
}

static void about(struct talk *t, struct json owner)
{
    static const char *const ids[] = {"conversationIdentifier", "conversationId", "identifier", "id", "Id"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids && t->c.external_id.n == 0; i++)
        t->c.external_id = talk_id(t, owner, ids[i]);
    t->c.channel = talk_id(t, owner, "channelType");
}

enum err_code salesforce_messaging_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                         struct arena *a, const struct reader_sink *sink, struct err *e)
{
    static const struct desk_messages m = {"conversationId", "messaging", add, about};
    struct json list;
    if (!entries_of(doc, &list))
        return sink->reject(sink->ctx, at, "no Salesforce conversation: no entries with a sender and a text", e);
    return desk_parse_messages(&m, list, doc, at, o, a, sink, e);
}
