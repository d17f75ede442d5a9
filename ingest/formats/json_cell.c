/*
 * JSON objects that each hold a whole transcript as text: {"id": 7, "transcript": "Agent: Hello\nCustomer: Hi\n..."},
 * or as a list of such lines; JSON Lines, arrays, and lists in an object; and Salesforce's LiveChatTranscript with its
 * Body (salesforce_body.h).
 *
 * Map: the text is the member that a transcript is usually called by (transcript, conversation, chat, dialogue, ...)
 * and that has at least two labels of speakers (labels.h); the fields of the conversation are those of json_generic.c.
 *
 * Traps: HTML; several such members (the first counts in the order of the words below); a text without labels is no
 * conversation.
 */
#include "ingest/formats/readers.h"

#include "ingest/desk.h"
#include "ingest/html_text.h"
#include "ingest/json_fields.h"
#include "ingest/label_lines.h"
#include "ingest/salesforce_body.h"

#define MOST_KEY 32

/* What transcripts are called by, in the order of preference; a key is compared without case and punctuation. */
static const char *const names[] = {"transcript",
                                    "fulltranscript",
                                    "transcription",
                                    "conversationtext",
                                    "chattranscript",
                                    "calltranscript",
                                    "conversation",
                                    "chatlog",
                                    "dialogue",
                                    "dialog",
                                    "conversationlog",
                                    "messages",
                                    "history",
                                    "chat",
                                    "call",
                                    "turns",
                                    "transcripttext"};

#define NNAMES (sizeof names / sizeof *names)

static size_t rank_of(struct slice key)
{
    char plain[MOST_KEY];
    size_t n = 0;
    for (size_t i = 0; i < key.n && n < MOST_KEY - 1; i++) {
        int c = key.s[i] | 0x20;
        if (c >= 'a' && c <= 'z')
            plain[n++] = (char)c;
    }
    plain[n] = '\0';
    for (size_t i = 0; i < NNAMES; i++)
        if (strcmp(plain, names[i]) == 0)
            return i;
    return NNAMES;
}

/* The lines of V, a text or a list of texts, in ROOM if there are several; false if it is anything else. *is_lost is
 * set when out of memory. */
static bool lines_of(struct json v, struct strbuf *room, struct slice *out, bool *is_lost)
{
    struct slice line;
    struct json item;
    if (json_string(v, out))
        return true;
    strbuf_clear(room);
    if (json_type_of(v) != JSON_ARRAY || json_count(v) < 2)
        return false;
    for (struct json_iter it = json_iterate(v); json_next(&it, NULL, &item);) {
        if (!json_string(item, &line))
            return false;
        strbuf_add_slice(room, line);
        strbuf_putc(room, '\n');
    }
    *is_lost = *is_lost || strbuf_failed(room);
    *out = strbuf_slice(room);
    return !*is_lost;
}

/* The transcript in OBJECT: its text lives in ROOM or in the tree. */
static bool transcript_of(struct json object, struct strbuf *room, struct slice *text, bool *is_lost)
{
    size_t best = NNAMES;
    struct json v, found = {NULL, 0};
    struct slice key;
    if (json_type_of(object) != JSON_OBJECT)
        return false;
    for (struct json_iter it = json_iterate(object); json_next(&it, &key, &v);) {
        size_t rank = rank_of(key);
        if (rank < best && lines_of(v, room, text, is_lost) && label_lines_count(*text) >= 2) {
            best = rank;
            found = v;
        }
    }
    return best < NNAMES && lines_of(found, room, text, is_lost);
}

/* The Body of a chat of Salesforce's. */
static bool body_of(struct json object, struct slice *body)
{
    struct json v;
    return json_get(object, "Body", &v) && json_string(v, body) && salesforce_body_is(*body);
}

static bool looks(struct json v, bool *is_lost)
{
    struct strbuf room = STRBUF_INIT;
    struct slice text;
    if (body_of(v, &text))
        return true;
    bool is = transcript_of(v, &room, &text, is_lost);
    strbuf_free(&room);
    return is;
}

static bool is_conversation(struct json v)
{
    bool is_lost = false;
    return looks(v, &is_lost);
}

/* A list in DOC of such objects. */
static bool list_of(struct json doc, struct json *list)
{
    struct json first;
    *list = doc;
    if (json_type_of(doc) == JSON_ARRAY)
        return desk_first(doc, NULL, &first) && is_conversation(first);
    for (struct json_iter it = json_iterate(doc); json_next(&it, NULL, list);)
        if (json_type_of(*list) == JSON_ARRAY && desk_first(*list, NULL, &first) && is_conversation(first))
            return true;
    return talk_list(doc, "result.records", list) && desk_first(*list, NULL, &first) && is_conversation(first);
}

bool json_cell_fits(struct json doc)
{
    struct json list;
    return is_conversation(doc) || list_of(doc, &list);
}

/* TEXT, without tags, as it may be kept. */
static struct slice keep(struct arena *a, struct slice text)
{
    struct strbuf plain = STRBUF_INIT;
    struct slice out = arena_dup(a, html_plain(text, &plain));
    if (strbuf_failed(&plain))
        out.s = NULL;
    strbuf_free(&plain);
    return out;
}

static enum err_code add_body(struct slice body, struct json object, const struct place *at,
                              const struct reader_options *o, struct arena *a, const struct reader_sink *sink,
                              struct err *e)
{
    const struct json_owner owner = {object, NULL, 0};
    struct conversation c = {.started_at_ms = MS_NONE};
    struct transcript t = {.arena = a, .text = STRBUF_INIT};
    if (!json_fields_read(&owner, o, a, &c))
        return err_nomem(e);
    c.channel = c.channel.n != 0 ? c.channel : SLICE_LIT("chat");
    enum err_code rc = salesforce_body_convert(body, &t, &c, e);
    c.turns = t.turns;
    c.nturns = (uint32_t)t.n;
    if (rc == ERR_OK)
        rc = t.n != 0 ? sink->conversation(sink->ctx, &c, at, e)
                      : sink->reject(sink->ctx, at, "a chat in which nobody says anything", e);
    transcript_free(&t);
    return rc;
}

static enum err_code add(struct json object, const struct place *at, const struct reader_options *o, struct arena *a,
                         const struct reader_sink *sink, struct err *e)
{
    const struct json_owner owner = {object, NULL, 0};
    struct conversation c = {.started_at_ms = MS_NONE};
    struct strbuf room = STRBUF_INIT;
    struct slice text = {"", 0};
    if (body_of(object, &text))
        return add_body(text, object, at, o, a, sink, e);
    bool is_lost = false, has = transcript_of(object, &room, &text, &is_lost);
    if (has)
        text = keep(a, text);
    strbuf_free(&room);
    if (is_lost || text.s == NULL || (has && !json_fields_read(&owner, o, a, &c)))
        return err_nomem(e);
    if (!has)
        return sink->reject(sink->ctx, at, "no conversation: no transcript with the labels of speakers", e);
    if (label_lines_cut(text, o, a, &c, e) != ERR_OK)
        return e->code;
    if (c.nturns == 0)
        return sink->reject(sink->ctx, at, "a conversation without turns: no turn has any text", e);
    return sink->conversation(sink->ctx, &c, at, e);
}

enum err_code json_cell_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                              const struct reader_sink *sink, struct err *e)
{
    struct json list, item;
    enum err_code rc = ERR_OK;
    bool is_lost = false, is_one = looks(doc, &is_lost);
    if (is_lost)
        return err_nomem(e);
    if (is_one || !list_of(doc, &list))
        return add(doc, at, o, a, sink, e);
    for (struct json_iter it = json_iterate(list); rc == ERR_OK && json_next(&it, NULL, &item);)
        rc = add(item, at, o, a, sink, e);
    return rc;
}
