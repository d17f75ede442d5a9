/*
 * Deepgram, pre-recorded audio.
 *
 * Map: id = metadata.request_id; turns = results.utterances, else runs of one speaker over the words of the channels,
 * else their paragraphs, else their transcripts; speaker id "speaker 0", with several channels "channel 0" (and the
 * speaker, if there is one); seconds.
 *
 * Traps: metadata.created is when it was transcribed, not when it was spoken: it stands in for the date of the file
 * only; punctuated_word is the better word; the words of several channels stand one channel after the other.
 */
#include "ingest/formats/readers.h"

#include <stdio.h>

#include "ingest/speaker_runs.h"

bool deepgram_fits(struct json doc)
{
    struct json x;
    return talk_object(doc, "results", &x) &&
           (talk_items_have(x, "channels", "alternatives") ||
            (json_get(x, "channels", &x) && talk_path(doc, "metadata.request_id", &x)));
}

/* "speaker 0", "channel 1", "channel 1 speaker 0"; negative numbers: none. */
static struct slice label(struct talk *t, bool has_channels, double channel, double speaker)
{
    char s[64];
    size_t n = 0;
    if (has_channels && channel >= 0)
        n = (size_t)snprintf(s, sizeof s, "channel %.0f", channel);
    if (speaker >= 0 && n < sizeof s)
        n += (size_t)snprintf(s + n, sizeof s - n, "%sspeaker %.0f", n != 0 ? " " : "", speaker);
    struct slice id = n != 0 ? arena_dup(t->a, (struct slice){s, n}) : (struct slice){"", 0};
    if (id.s == NULL) {
        t->is_short_of_memory = true;
        return (struct slice){"", 0};
    }
    return id;
}

/* The number at KEY; -1 if it is none that a label can have. */
static double number_at(struct json v, const char *key)
{
    double x;
    return talk_number(v, key, &x) && x >= 0 && x < 1e6 ? x : -1;
}

static void add_utterances(struct talk *t, struct json list, bool has_channels)
{
    struct json item;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct turn *turn = talk_add(t, talk_text(t, item, "transcript"));
        turn->speaker_id = label(t, has_channels, number_at(item, "channel"), number_at(item, "speaker"));
        turn->start_ms = talk_offset(item, "start", 1000);
        turn->end_ms = talk_offset(item, "end", 1000);
    }
    talk_sort(t);
}

static void add_words(struct speaker_runs *r, struct json words, bool has_channels, double channel)
{
    struct json word;
    for (struct json_iter it = json_iterate(words); json_next(&it, NULL, &word);) {
        struct spoken_word w = {.text = talk_text(r->t, word, "punctuated_word"),
                                .speaker = label(r->t, has_channels, channel, number_at(word, "speaker")),
                                .start_ms = talk_offset(word, "start", 1000),
                                .end_ms = talk_offset(word, "end", 1000)};
        if (w.text.n == 0)
            w.text = talk_text(r->t, word, "word");
        runs_add(r, &w);
    }
}

static void add_paragraphs(struct talk *t, struct json list, bool has_channels, double channel)
{
    struct json paragraph, sentences, sentence;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &paragraph);) {
        struct speaker_runs r;
        runs_begin(&r, t);
        r.speaker = label(t, has_channels, channel, number_at(paragraph, "speaker"));
        if (talk_list(paragraph, "sentences", &sentences))
            for (struct json_iter in = json_iterate(sentences); json_next(&in, NULL, &sentence);) {
                struct spoken_word w = {.text = talk_text(t, sentence, "text"),
                                        .start_ms = talk_offset(sentence, "start", 1000),
                                        .end_ms = talk_offset(sentence, "end", 1000)};
                runs_add(&r, &w);
            }
        runs_end(&r);
    }
}

/* One channel's best alternative, by the best that it has. */
static void add_channel(struct speaker_runs *r, struct json channel, bool has_channels, double number)
{
    struct json list, best, x;
    if (!talk_list(channel, "alternatives", &list))
        return;
    struct json_iter it = json_iterate(list);
    if (!json_next(&it, NULL, &best))
        return;
    if (talk_list(best, "words", &x)) {
        add_words(r, x, has_channels, number);
        runs_flush(r);
    } else if (talk_list(best, "paragraphs.paragraphs", &x)) {
        add_paragraphs(r->t, x, has_channels, number);
    } else {
        struct turn *turn = talk_add(r->t, talk_text(r->t, best, "transcript"));
        turn->speaker_id = label(r->t, has_channels, number, -1);
    }
}

enum err_code deepgram_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                             const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json list = doc, channels, channel;
    struct speaker_runs r;
    talk_begin(&t, at, o, a, sink);
    if (!deepgram_fits(doc))
        return talk_refuse(&t, "no Deepgram file: no channels", e);
    t.c.external_id = talk_id(&t, doc, "metadata.request_id");
    t.c.channel = SLICE_LIT("voice");
    talk_made(&t, doc, "metadata.created");
    bool has_list = talk_list(doc, "results.channels", &channels), has_channels = has_list && json_count(channels) > 1;
    if (talk_list(doc, "results.utterances", &list))
        add_utterances(&t, list, has_channels);
    if (t.c.nturns == 0 && has_list) {
        double n = 0;
        runs_begin(&r, &t);
        r.by_phrase = has_channels;
        for (struct json_iter it = json_iterate(channels); json_next(&it, NULL, &channel); n++)
            add_channel(&r, channel, has_channels, n);
        runs_end(&r);
        if (has_channels)
            runs_merge(&t);
    }
    return talk_end(&t, e);
}
