/*
 * Whisper and what is built on it: segments[] (OpenAI's, WhisperX, whisper-timestamped, faster-whisper), a bare list of
 * such, transcription[] with offsets in ms (whisper.cpp), chunks[] with timestamp [from, to] (transformers) and the
 * speakers[] that insanely-fast-whisper adds.
 *
 * Map: turns = segments {text; start, end, in seconds; speaker, speakerLabel, speaker_label, speaker_id}; a map
 * speakers {"spk_0": "Ada"} names them. Without segments the text alone is one turn. No id, no time of the call.
 *
 * Traps: a bare list may be AssemblyAI's utterances, in ms; a leading blank in each text; segments without speaker,
 * whose words may have one; an end that is null.
 */
#include "ingest/formats/readers.h"

#include <math.h>
#include <stdio.h>

#include "ingest/roles.h"
#include "ingest/talk.h"

/* Somebody's own record around the segments is read by its own keys (format json). */
static bool is_record(struct json doc)
{
    static const char *const keys[] = {"conversation_id", "conversationId", "call_id", "callId", "contact_id",
                                       "contactId",       "agent_id",       "agentId", "agent",  "customer_id"};
    struct json x;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_get(doc, keys[i], &x))
            return true;
    return false;
}

bool whisper_fits(struct json doc)
{
    struct json x;
    if (json_type_of(doc) == JSON_ARRAY)
        return talk_items_have(doc, NULL, "start end text");
    if (is_record(doc))
        return false;
    bool has_text = json_get(doc, "text", &x) && json_type_of(x) == JSON_STRING;
    bool has_list = json_get(doc, "segments", &x) && json_type_of(x) == JSON_ARRAY;
    return talk_items_have(doc, "segments", "start end text") ||
           talk_items_have(doc, "transcription", "offsets text") || talk_items_have(doc, "chunks", "timestamp text") ||
           talk_items_have(doc, "speakers", "speaker timestamp text") ||
           (has_text && has_list && json_get(doc, "language", &x));
}

/* LABEL, "0" or "spk_0", is NAME's. */
static void learn_name(struct talk *t, struct slice label, struct slice name)
{
    char numbered[32];
    bool is_number = label.n != 0 && label.n < 10;
    for (size_t i = 0; i < label.n; i++)
        is_number = is_number && label.s[i] >= '0' && label.s[i] <= '9';
    if (is_number) { /* see talk_label() */
        (void)snprintf(numbered, sizeof numbered, "speaker %.*s", SLICE_ARG(label));
        label = arena_dup(t->a, slice_of(numbered));
        t->is_short_of_memory = t->is_short_of_memory || label.s == NULL;
    }
    if (label.n == 0 || label.s == NULL || name.n == 0)
        return;
    struct speaker *who = talk_speaker(t, label);
    who->role = roles_of_label(name, &who->name);
}

/* Names for labels: speakers {"spk_0": "Ada"}, {"0": {"label": "Ada"}}, [{"id": 0, "label": "Ada"}]. */
static void read_names(struct talk *t, struct json doc)
{
    struct json map, x;
    struct slice label, name;
    bool is_map = talk_object(doc, "speakers", &map);
    if (!is_map && !talk_list(doc, "speakers", &map))
        return;
    for (struct json_iter it = json_iterate(map); json_next(&it, &label, &x);) {
        if (!json_string(x, &name))
            name = talk_id(t, x, "label");
        if (name.n == 0)
            name = talk_id(t, x, "name");
        learn_name(t, is_map ? label : talk_id(t, x, "id"), name);
    }
}

static void set_speaker(struct talk *t, struct turn *turn, struct json segment)
{
    static const char *const keys[] = {"speaker", "speakerLabel", "speaker_label", "speaker_id", "role"};
    struct json words, word;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && turn->speaker_id.n == 0 && turn->role == ROLE_UNKNOWN; i++)
        talk_label(t, turn, segment, keys[i], "speaker ");
    if (talk_list(segment, "words", &words))
        for (struct json_iter it = json_iterate(words);
             turn->speaker_id.n == 0 && turn->role == ROLE_UNKNOWN && json_next(&it, NULL, &word);)
            talk_label(t, turn, word, "speaker", "speaker ");
    const struct speaker *who = talk_who(t, turn->speaker_id);
    if (who != NULL && turn->speaker_id.n != 0) {
        turn->speaker_name = who->name;
        turn->role = who->role;
        if (turn->role != ROLE_UNKNOWN)
            turn->speaker_id = (struct slice){"", 0}; /* a label of this file is nobody's id */
    }
}

/* ms per unit of the times in LIST: whole numbers that would put ten minutes and more between segments are ms. */
static double unit_of(struct json list)
{
    struct json item;
    double x, last = 0, n = 0;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item); n++) {
        static const char *const keys[] = {"start", "end"};
        for (size_t i = 0; i < 2; i++) {
            if (!talk_number(item, keys[i], &x))
                continue;
            if (x != floor(x))
                return 1000;
            last = x > last ? x : last;
        }
    }
    return n > 0 && last / n > 600 ? 1 : 1000;
}

static void add_segments(struct talk *t, struct json list)
{
    struct json item;
    const double unit = unit_of(list);
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct turn *turn = talk_add(t, talk_text(t, item, "text"));
        turn->start_ms = talk_offset(item, "start", unit);
        turn->end_ms = talk_offset(item, "end", unit);
        set_speaker(t, turn, item);
    }
}

/* {"timestamp": [from, to], "text", "speaker"} */
static void add_chunks(struct talk *t, struct json list)
{
    struct json item, pair, x;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct turn *turn = talk_add(t, talk_text(t, item, "text"));
        set_speaker(t, turn, item);
        if (!talk_list(item, "timestamp", &pair))
            continue;
        struct json_iter in = json_iterate(pair);
        if (json_next(&in, NULL, &x))
            turn->start_ms = talk_offset(x, NULL, 1000);
        if (json_next(&in, NULL, &x))
            turn->end_ms = talk_offset(x, NULL, 1000);
    }
}

enum err_code whisper_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                            const struct reader_sink *sink, struct err *e)
{
    static const struct talk_map cpp = {"text", "speaker", "offsets.from", "offsets.to", 1, "speaker "};
    struct talk t;
    struct json list = doc;
    talk_begin(&t, at, o, a, sink);
    if (!whisper_fits(doc))
        return talk_refuse(&t, "no Whisper file: no segments with start, end and text", e);
    t.c.channel = SLICE_LIT("voice");
    read_names(&t, doc);
    bool has_chunks = talk_items_have(doc, "speakers", "speaker timestamp text") && talk_list(doc, "speakers", &list);
    if (json_type_of(doc) == JSON_ARRAY || talk_list(doc, "segments", &list))
        add_segments(&t, json_type_of(doc) == JSON_ARRAY ? doc : list);
    else if (talk_list(doc, "transcription", &list))
        talk_items(&t, list, &cpp);
    else if (has_chunks || talk_list(doc, "chunks", &list))
        add_chunks(&t, list);
    if (t.c.nturns == 0)
        (void)talk_add(&t, talk_text(&t, doc, "text"));
    talk_sort(&t);
    return talk_end(&t, e);
}
