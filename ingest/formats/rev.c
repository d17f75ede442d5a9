/*
 * Rev (and Rev AI): monologues[].elements[].
 *
 * Map: a monologue is a turn; its text is its elements' values as they stand; speaker id = speaker, name = that of
 * speakers[] or of speaker_info; ts and end_ts, seconds, or "hh:mm:ss,mmm".
 *
 * Traps: blanks are elements of their own; punctuation has no time; a speaker is a number, and no role.
 */
#include "ingest/formats/readers.h"

#include "core/strbuf.h"
#include "ingest/roles.h"
#include "ingest/talk.h"

bool rev_fits(struct json doc)
{
    struct json x;
    return talk_items_have(doc, "monologues", "elements") ||
           (json_get(doc, "monologues", &x) && json_type_of(x) == JSON_ARRAY);
}

static void read_names(struct talk *t, struct json doc)
{
    struct json list, item;
    if (!talk_list(doc, "speakers", &list))
        return;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct slice name = talk_id(t, item, "name");
        struct speaker *s = talk_speaker(t, talk_id(t, item, "id"));
        s->role = roles_of_label(name, &s->name);
    }
}

static void add_monologue(struct talk *t, struct json v, struct strbuf *text)
{
    struct json list, item;
    int64_t start = MS_NONE, end = MS_NONE;
    strbuf_clear(text);
    if (talk_list(v, "elements", &list))
        for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
            int64_t from = talk_offset(item, "ts", 1000), to = talk_offset(item, "end_ts", 1000);
            if (from == MS_NONE)
                from = talk_offset(item, "timestamp", 1000);
            if (to == MS_NONE)
                to = talk_offset(item, "end_timestamp", 1000);
            strbuf_add_slice(text, talk_text(t, item, "value"));
            start = start == MS_NONE ? from : start;
            end = to != MS_NONE ? to : end;
        }
    struct slice words = slice_trim(strbuf_slice(text));
    words = words.n != 0 ? arena_dup(t->a, words) : words;
    if (strbuf_failed(text) || (words.s == NULL && words.n != 0)) {
        t->is_short_of_memory = true;
        words = (struct slice){"", 0};
    }
    struct turn *turn = talk_add(t, words);
    turn->start_ms = start;
    turn->end_ms = end;
    talk_label(t, turn, v, "speaker", "speaker ");
    const struct speaker *who = talk_who(t, talk_id(t, v, "speaker"));
    struct slice name = talk_id(t, v, "speaker_info.display_name");
    if (who != NULL && name.n == 0) {
        turn->speaker_name = who->name;
        turn->role = who->role;
    } else if (name.n != 0) {
        turn->role = roles_of_label(name, &turn->speaker_name);
    }
    if (turn->role != ROLE_UNKNOWN)
        turn->speaker_id = (struct slice){"", 0}; /* a label of this file is nobody's id */
}

enum err_code rev_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                        const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json list, item;
    struct strbuf text = STRBUF_INIT;
    talk_begin(&t, at, o, a, sink);
    if (!rev_fits(doc))
        return talk_refuse(&t, "no Rev transcript: no monologues", e);
    t.c.external_id = talk_id(&t, doc, "job_id");
    t.c.channel = SLICE_LIT("voice");
    read_names(&t, doc);
    if (talk_list(doc, "monologues", &list))
        for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
            add_monologue(&t, item, &text);
    strbuf_free(&text);
    return talk_end(&t, e);
}
