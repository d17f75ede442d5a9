/*
 * Azure AI Speech: batch transcription (recognizedPhrases; older: AudioFileResults), fast transcription (phrases), and
 * the transcript phrases of Content Understanding (else the WebVTT captions in its markdown).
 *
 * Map: id = the name of the audio file in source; turns = phrases in the order of their beginnings {nBest[0].display;
 * offsetInTicks of 100 ns, else offset "PT1.2S"}, {text, offsetMilliseconds}, {text, startTimeMs}; speaker id
 * "speaker 1", else, with several channels, "channel 0"; timestamp is when it was transcribed.
 *
 * Traps: the phrases of the channels stand one channel after the other; a phrase that was not recognised has no nBest;
 * ticks come as 7600000.0 too. Older files are AudioFileResults[] {AudioFileName, SegmentResults[] {NBest[0].Display;
 * Offset, Duration in ticks; SpeakerId; ChannelNumber}}, a conversation each.
 */
#include "ingest/formats/readers.h"

#include "ingest/inner_transcript.h"

static bool get_understood(struct json doc, struct json *list)
{
    struct json contents, item;
    if (!talk_list(doc, "result.contents", &contents) && !talk_list(doc, "contents", &contents))
        return false;
    for (struct json_iter it = json_iterate(contents); json_next(&it, NULL, &item);)
        if (talk_list(item, "transcriptPhrases", list))
            return true;
    return false;
}

/* The captions in the markdown of Content Understanding, from "WEBVTT" to the end of their block; empty if none. */
static struct slice captions_of(struct json doc)
{
    struct json contents, item, x;
    struct slice text;
    if (!talk_list(doc, "result.contents", &contents) && !talk_list(doc, "contents", &contents))
        return (struct slice){"", 0};
    for (struct json_iter it = json_iterate(contents); json_next(&it, NULL, &item);) {
        if (!json_get(item, "markdown", &x) || !json_string(x, &text))
            continue;
        for (size_t i = 0; i + 6 <= text.n; i++) {
            if (memcmp(text.s + i, "WEBVTT", 6) != 0)
                continue;
            size_t to = i;
            while (to < text.n && !(to + 3 <= text.n && memcmp(text.s + to, "```", 3) == 0))
                to++;
            return (struct slice){text.s + i, to - i};
        }
    }
    return (struct slice){"", 0};
}

bool azure_speech_fits(struct json doc)
{
    struct json x;
    return (json_get(doc, "recognizedPhrases", &x) && json_type_of(x) == JSON_ARRAY) ||
           (json_get(doc, "combinedPhrases", &x) && json_get(doc, "phrases", &x)) || get_understood(doc, &x) ||
           captions_of(doc).n != 0 || talk_items_have(doc, "AudioFileResults", "SegmentResults");
}

/* Do the items tell more than one channel, under KEY? */
static bool has_channels(struct talk *t, struct json list, const char *key)
{
    struct json item;
    struct slice first = {"", 0};
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct slice channel = talk_id(t, item, key);
        if (first.n != 0 && channel.n != 0 && !slice_eq(first, channel))
            return true;
        first = channel.n != 0 ? channel : first;
    }
    return false;
}

/* The words of a recognised phrase. */
static struct slice text_of(struct talk *t, struct json item)
{
    static const char *const forms[] = {"display", "maskedITN", "itn", "lexical",
                                        "Display", "MaskedITN", "ITN", "Lexical"};
    struct json list, best;
    struct slice text = talk_text(t, item, "text");
    if (!talk_list(item, "nBest", &list) && !talk_list(item, "NBest", &list))
        return text;
    struct json_iter it = json_iterate(list);
    if (json_next(&it, NULL, &best))
        for (size_t i = 0; i < sizeof forms / sizeof *forms && text.n == 0; i++)
            text = talk_text(t, best, forms[i]);
    return text;
}

static int64_t first_of(struct json item, const char *ticks, const char *ms, const char *iso)
{
    int64_t x = talk_offset(item, ticks, 1e-4);
    if (x == MS_NONE)
        x = talk_offset(item, ms, 1);
    return x != MS_NONE ? x : talk_offset(item, iso, 1e-4);
}

static void add_phrase(struct talk *t, struct json item, bool by_channel)
{
    struct turn *turn = talk_add(t, text_of(t, item));
    talk_label(t, turn, item, "speaker", "speaker ");
    if (turn->speaker_id.n == 0 && turn->role == ROLE_UNKNOWN && by_channel)
        talk_label(t, turn, item, "channel", "channel ");
    turn->start_ms = first_of(item, "offsetInTicks", "offsetMilliseconds", "offset");
    int64_t lasts = first_of(item, "durationInTicks", "durationMilliseconds", "duration");
    if (turn->start_ms == MS_NONE) {
        turn->start_ms = talk_offset(item, "startTimeMs", 1);
        turn->end_ms = talk_offset(item, "endTimeMs", 1);
    } else if (lasts != MS_NONE) {
        turn->end_ms = turn->start_ms + lasts;
    }
}

/* A file of version 2. */
static enum err_code add_old_file(struct talk *t, struct json file, struct err *e)
{
    struct json list, item;
    t->c.external_id = talk_stem(talk_id(t, file, "AudioFileName"));
    t->c.channel = SLICE_LIT("voice");
    if (talk_list(file, "SegmentResults", &list)) {
        bool by_channel = has_channels(t, list, "ChannelNumber");
        for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
            struct turn *turn = talk_add(t, text_of(t, item));
            int64_t lasts = talk_offset(item, "Duration", 1e-4);
            talk_label(t, turn, item, "SpeakerId", "speaker ");
            if (turn->speaker_id.n == 0 && turn->role == ROLE_UNKNOWN && by_channel)
                talk_label(t, turn, item, "ChannelNumber", "channel ");
            turn->start_ms = talk_offset(item, "Offset", 1e-4);
            turn->end_ms = turn->start_ms != MS_NONE && lasts != MS_NONE ? turn->start_ms + lasts : MS_NONE;
        }
    }
    talk_sort(t);
    return talk_end(t, e);
}

enum err_code azure_speech_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                 struct arena *a, const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json list, item;
    talk_begin(&t, at, o, a, sink);
    if (!azure_speech_fits(doc))
        return talk_refuse(&t, "no Azure transcript: no phrases", e);
    if (talk_list(doc, "AudioFileResults", &list)) {
        enum err_code rc = ERR_OK;
        for (struct json_iter it = json_iterate(list); rc == ERR_OK && json_next(&it, NULL, &item);) {
            talk_begin(&t, at, o, a, sink);
            rc = add_old_file(&t, item, e);
        }
        return rc;
    }
    t.c.external_id = talk_stem(talk_id(&t, doc, "source"));
    t.c.channel = SLICE_LIT("voice");
    talk_made(&t, doc, "timestamp");
    if (talk_list(doc, "recognizedPhrases", &list) || get_understood(doc, &list) || talk_list(doc, "phrases", &list)) {
        bool by_channel = has_channels(&t, list, "channel");
        for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
            add_phrase(&t, item, by_channel);
    }
    if (t.c.nturns == 0)
        inner_text(&t, captions_of(doc));
    talk_sort(&t);
    return talk_end(&t, e);
}
