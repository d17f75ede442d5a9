/*
 * Twilio Voice Intelligence: the sentences of a transcript.
 *
 * Map: id = transcript_sid, else what stands before /Sentences in meta.url; turns = sentences[] {transcript;
 * media_channel; start_time, end_time: seconds}; speaker id "channel 1". Twilio's library for JavaScript gives the list
 * alone, and writes mediaChannel, startTime, endTime.
 *
 * Traps: which channel is the agent's is in another resource, so no role is known; a page of a longer list has only
 * some of the sentences (sentence_index tells): the page is a part of the conversation.
 */
#include "ingest/formats/readers.h"

#include "ingest/talk.h"

/* Do the sentences have the library's keys? */
static bool is_of_library(struct json list)
{
    return talk_items_have(list, NULL, "mediaChannel sentenceIndex transcript");
}

static bool sentences_of(struct json doc, struct json *list)
{
    *list = doc;
    if (json_type_of(doc) == JSON_ARRAY)
        return is_of_library(doc);
    return talk_list(doc, "sentences", list) &&
           (talk_items_have(*list, NULL, "media_channel transcript") ||
            talk_items_have(*list, NULL, "sentence_index transcript") || is_of_library(*list));
}

bool twilio_fits(struct json doc)
{
    struct json list;
    return sentences_of(doc, &list);
}

enum err_code twilio_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                           const struct reader_sink *sink, struct err *e)
{
    static const struct talk_map map = {"transcript", "media_channel", "start_time", "end_time", 1000, "channel "},
                                 library = {"transcript", "mediaChannel", "startTime", "endTime", 1000, "channel "};
    struct talk t;
    struct json list, item;
    double page;
    talk_begin(&t, at, o, a, sink);
    if (!sentences_of(doc, &list))
        return talk_refuse(&t, "no Twilio transcript: no sentences", e);
    struct json_iter it = json_iterate(list);
    (void)json_next(&it, NULL, &item);
    t.c.external_id = talk_id(&t, item, "transcript_sid");
    if (t.c.external_id.n == 0)
        t.c.external_id = talk_id(&t, doc, "transcript_sid");
    if (t.c.external_id.n == 0)
        t.c.external_id = talk_segment(talk_id(&t, doc, "meta.url"), "/Transcripts/");
    t.c.channel = SLICE_LIT("voice");
    talk_items(&t, list, is_of_library(list) ? &library : &map);
    talk_sort(&t);
    if ((talk_number(doc, "meta.page", &page) && page > 0) || talk_id(&t, doc, "meta.next_page_url").n != 0)
        talk_piece(&t);
    return talk_end(&t, e);
}
