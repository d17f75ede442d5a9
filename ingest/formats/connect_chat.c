/*
 * Amazon Connect chats: the transcript as Connect stores it (ChatTranscripts/), and as Contact Lens analysed it.
 *
 * Map: id = CustomerMetadata.ContactId, else ContactId, InitialContactId, the file's name before "_"; turns =
 * Transcript[] with Type MESSAGE {ParticipantRole, DisplayName, Content, AbsoluteTime}; start = the first AbsoluteTime,
 * of whatever item.
 *
 * Traps: EVENT (joined, left, ended) is no turn, an ATTACHMENT has no words; SYSTEM is neither agent nor customer; the
 * redacted copy has the role in the items only and "[PII]" as names; a ParticipantId is made anew for each chat, so it
 * is no agent's id; application/json is an interactive message, whose words are in it.
 */
#include "ingest/formats/readers.h"

#include "core/strbuf.h"
#include "ingest/roles.h"
#include "ingest/talk.h"

bool connect_chat_fits(struct json doc)
{
    struct json list, x;
    if (talk_items_have(doc, "Transcript", "AbsoluteTime Type") ||
        talk_items_have(doc, "Transcript", "AbsoluteTime ContentType"))
        return true;
    bool is_empty = !talk_list(doc, "Transcript", &list);
    return is_empty && (talk_is(doc, "Channel", "CHAT") && json_get(doc, "JobStatus", &x));
}

static void add_participants(struct talk *t, struct json doc)
{
    struct json list, item;
    if (!talk_list(doc, "Participants", &list))
        return;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct slice id = talk_id(t, item, "ParticipantId");
        if (id.n == 0)
            continue;
        struct speaker *s = talk_speaker(t, id);
        s->role = roles_of(talk_text(t, item, "ParticipantRole"));
        s->name = talk_id(t, item, "DisplayName");
    }
}

static bool is_masked(struct slice name)
{
    return name.n >= 2 && name.s[0] == '[' && name.s[name.n - 1] == ']';
}

/* What a person reads of an interactive message: its titles and texts, in their order, a line each. */
static void add_words(struct json v, struct strbuf *out)
{
    static const char *const shown[] = {"title", "subtitle", "text", "description", "body", "label"};
    struct slice key, text;
    struct json x;
    for (struct json_iter it = json_iterate(v); json_next(&it, &key, &x);) {
        bool is_shown = false;
        for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
            is_shown = is_shown || slice_is(key, shown[i]);
        if (is_shown && json_string(x, &text) && slice_trim(text).n != 0) {
            strbuf_puts(out, out->n != 0 ? "\n" : "");
            strbuf_add_slice(out, slice_trim(text));
        }
        add_words(x, out);
    }
}

/* The words of an interactive message; CONTENT itself if it is none. */
static struct slice interactive_words(struct talk *t, struct slice content)
{
    struct strbuf words = STRBUF_INIT;
    struct json root;
    struct json_parser *p = talk_parse_inner(t, content, &root);
    if (p == NULL)
        return content;
    add_words(root, &words);
    if (words.n != 0)
        content = arena_dup(t->a, strbuf_slice(&words));
    t->is_short_of_memory = t->is_short_of_memory || strbuf_failed(&words) || content.s == NULL;
    strbuf_free(&words);
    json_parser_free(p);
    return content.s != NULL ? content : SLICE_LIT("");
}

/* The words of an item: none of an event. */
static struct slice words_of(struct talk *t, struct json item)
{
    struct slice type = talk_text(t, item, "ContentType"), content = talk_text(t, item, "Content");
    bool is_event = talk_is(item, "Type", "EVENT") || talk_is(item, "Type", "ATTACHMENT") ||
                    slice_starts(type, "application/vnd.amazonaws.connect.event");
    if (is_event)
        return (struct slice){"", 0};
    content = slice_trim(content);
    if (slice_starts(type, "application/") && content.n != 0 && (content.s[0] == '{' || content.s[0] == '['))
        return interactive_words(t, content);
    return content;
}

static void add_turn(struct talk *t, struct json item, bool *has_zone)
{
    struct turn *turn = talk_add(t, words_of(t, item));
    const struct speaker *who = talk_who(t, talk_id(t, item, "ParticipantId"));
    turn->role = roles_of(talk_text(t, item, "ParticipantRole"));
    turn->speaker_name = talk_id(t, item, "DisplayName");
    if (turn->role == ROLE_UNKNOWN && who != NULL)
        turn->role = who->role;
    if (turn->speaker_name.n == 0 && who != NULL)
        turn->speaker_name = who->name;
    if (is_masked(turn->speaker_name))
        turn->speaker_name = (struct slice){"", 0};
    bool is_zoned;
    turn->start_ms = talk_instant(t, item, "AbsoluteTime", &is_zoned);
    *has_zone = *has_zone && is_zoned;
}

/* "<ContactId>_20240506T10:00_UTC.json" */
static struct slice id_of_path(const char *path)
{
    struct slice stem = talk_stem(slice_of(path));
    const char *end = stem.n != 0 ? memchr(stem.s, '_', stem.n) : NULL;
    return end != NULL && end - stem.s == 36 ? (struct slice){stem.s, 36} : (struct slice){"", 0};
}

enum err_code connect_chat_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                 struct arena *a, const struct reader_sink *sink, struct err *e)
{
    static const char *const ids[] = {"CustomerMetadata.ContactId", "ContactId", "InitialContactId"};
    struct talk t;
    struct json list, item;
    bool has_zone = true;
    talk_begin(&t, at, o, a, sink);
    if (!talk_list(doc, "Transcript", &list)) {
        bool is_failed = talk_is(doc, "JobStatus", "FAILED"), is_skipped = talk_is(doc, "JobStatus", "SKIPPED");
        return talk_refuse(&t,
                           is_failed    ? "the analysis failed"
                           : is_skipped ? "the analysis was skipped"
                                        : "no Connect chat: no Transcript",
                           e);
    }
    for (size_t i = 0; i < sizeof ids / sizeof *ids && t.c.external_id.n == 0; i++)
        t.c.external_id = talk_id(&t, doc, ids[i]);
    if (t.c.external_id.n == 0)
        t.c.external_id = id_of_path(at->path);
    t.c.channel = SLICE_LIT("chat");
    t.c.is_redacted = talk_is(doc, "ContentMetadata.Output", "Redacted");
    add_participants(&t, doc);
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        if (t.c.started_at_ms == MS_NONE)
            talk_start(&t, item, "AbsoluteTime");
        add_turn(&t, item, &has_zone);
    }
    talk_sort(&t);
    talk_rebase(&t, has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC);
    return talk_end(&t, e);
}
