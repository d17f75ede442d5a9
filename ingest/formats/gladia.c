/*
 * Gladia: the result of a pre-recorded transcription (v2; also as a callback's payload), and v1's prediction[].
 *
 * Map: id = id, request_id; turns = result.transcription.utterances[] {speaker, channel, text, start, end: seconds};
 * speaker id "speaker 0", or with several channels "channel 0" if there is no speaker; created_at is when it was
 * transcribed.
 */
#include "ingest/formats/readers.h"

#include "ingest/talk.h"

static const char *const utterances[] = {"result.transcription.utterances", "payload.transcription.utterances",
                                         "transcription.utterances"};

static bool get_utterances(struct json doc, struct json *list)
{
    for (size_t i = 0; i < sizeof utterances / sizeof *utterances; i++)
        if (talk_path(doc, utterances[i], list) && json_type_of(*list) == JSON_ARRAY)
            return true;
    return talk_items_have(doc, "prediction", "transcription time_begin") && talk_path(doc, "prediction", list);
}

bool gladia_fits(struct json doc)
{
    struct json x;
    return get_utterances(doc, &x) || (json_get(doc, "request_id", &x) && json_get(doc, "status", &x) &&
                                       json_get(doc, "result", &x) && json_get(doc, "request_params", &x));
}

/* Without speakers the channels tell them, if there are several. */
static void label_by_channel(struct talk *t, struct json list)
{
    struct json item;
    uint32_t nth = 0;
    double first = 0, channel;
    bool is_several = false;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item); nth++) {
        if (!talk_number(item, "channel", &channel))
            return;
        is_several = is_several || (nth != 0 && channel != first);
        first = channel;
    }
    uint32_t i = 0;
    nth = 0;
    for (struct json_iter it = json_iterate(list); is_several && json_next(&it, NULL, &item);) {
        nth++;
        if (i < t->c.nturns && t->c.turns[i].nth == nth) {
            if (t->c.turns[i].speaker_id.n == 0 && t->c.turns[i].role == ROLE_UNKNOWN)
                talk_label(t, &t->c.turns[i], item, "channel", "channel ");
            i++;
        }
    }
}

enum err_code gladia_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                           const struct reader_sink *sink, struct err *e)
{
    static const struct talk_map v2 = {"text", "speaker", "start", "end", 1000, "speaker "};
    static const struct talk_map v1 = {"transcription", "speaker", "time_begin", "time_end", 1000, "speaker "};
    struct talk t;
    struct json list, x;
    talk_begin(&t, at, o, a, sink);
    if (!gladia_fits(doc))
        return talk_refuse(&t, "no Gladia file: no utterances", e);
    if (talk_is(doc, "status", "error"))
        return talk_refuse_as(&t, "the transcription failed", talk_id(&t, doc, "error_code"), e);
    t.c.external_id = talk_id(&t, doc, "id");
    if (t.c.external_id.n == 0)
        t.c.external_id = talk_id(&t, doc, "request_id");
    t.c.channel = SLICE_LIT("voice");
    talk_made(&t, doc, "created_at");
    if (get_utterances(doc, &list)) {
        talk_items(&t, list, json_get(doc, "prediction", &x) ? &v1 : &v2);
        label_by_channel(&t, list);
    }
    talk_sort(&t);
    return talk_end(&t, e);
}
