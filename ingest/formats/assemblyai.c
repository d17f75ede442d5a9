/*
 * AssemblyAI: a transcript as its API gives it, or its sentences or paragraphs.
 *
 * Map: id = id; turns = utterances[], sentences[] or paragraphs[] {speaker, text, start, end: ms}, else runs of one
 * speaker over words[], else text.
 *
 * Traps: utterances are null without diarisation, though words may have speakers; speakers are "A", "B", and "1", "2"
 * with dual_channel; a status other than completed has no text, or an error.
 */
#include "ingest/formats/readers.h"

#include "ingest/speaker_runs.h"

/* What the API gives in answer to .../sentences and .../paragraphs. */
static bool is_cut(struct json doc)
{
    struct json x;
    return json_get(doc, "id", &x) && json_get(doc, "audio_duration", &x) &&
           (talk_items_have(doc, "sentences", "text start end words") ||
            talk_items_have(doc, "paragraphs", "text start end words"));
}

bool assemblyai_fits(struct json doc)
{
    struct json x;
    bool has_audio = json_get(doc, "audio_url", &x);
    if (is_cut(doc))
        return true;
    if (has_audio &&
        (json_get(doc, "utterances", &x) || json_get(doc, "words", &x) || json_get(doc, "speaker_labels", &x)))
        return true;
    return json_get(doc, "status", &x) && json_get(doc, "id", &x) &&
           (has_audio || talk_items_have(doc, "utterances", "speaker text start end") ||
            (json_get(doc, "audio_duration", &x) && talk_items_have(doc, "words", "text start end")));
}

static void add_words(struct talk *t, struct json list)
{
    struct json item;
    struct speaker_runs r;
    runs_begin(&r, t);
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct spoken_word w = {.text = talk_text(t, item, "text"),
                                .speaker = talk_id(t, item, "speaker"),
                                .start_ms = talk_offset(item, "start", 1),
                                .end_ms = talk_offset(item, "end", 1)};
        if (w.speaker.n == 0)
            w.speaker = talk_id(t, item, "channel");
        runs_add(&r, &w);
    }
    runs_end(&r);
}

enum err_code assemblyai_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                               const struct reader_sink *sink, struct err *e)
{
    static const struct talk_map map = {"text", "speaker", "start", "end", 1, "speaker "};
    struct talk t;
    struct json list;
    talk_begin(&t, at, o, a, sink);
    if (!assemblyai_fits(doc))
        return talk_refuse(&t, "no AssemblyAI transcript: no utterances, no words", e);
    if (talk_is(doc, "status", "error"))
        return talk_refuse_as(&t, "the transcription failed", talk_id(&t, doc, "error"), e);
    if (talk_is(doc, "status", "queued") || talk_is(doc, "status", "processing"))
        return talk_refuse(&t, "the transcription was not completed when this was exported", e);
    t.c.external_id = talk_id(&t, doc, "id");
    t.c.channel = SLICE_LIT("voice");
    if (talk_list(doc, "utterances", &list) || talk_list(doc, "sentences", &list) ||
        talk_list(doc, "paragraphs", &list)) {
        talk_items(&t, list, &map);
        talk_sort(&t);
    }
    if (t.c.nturns == 0 && talk_list(doc, "words", &list))
        add_words(&t, list);
    if (t.c.nturns == 0)
        (void)talk_add(&t, talk_text(&t, doc, "text"));
    return talk_end(&t, e);
}
