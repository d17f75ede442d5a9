/*
 * Speechmatics json-v2: results[] of words and punctuation.
 *
 * Map: id = job.id; turns = runs of results of one speaker (alternatives[0].speaker: S1, S2, UU) or, in channel mode,
 * of one channel; seconds; job.created_at is when it was transcribed, not when it was spoken.
 *
 * Traps: punctuation says what it attaches to (previous, next, both, none); word_delimiter may be empty although the
 * language has blanks; a type "entity" stands for the words it was made of, which it repeats in spoken_form and
 * written_form; a type "speaker_change" has no words, but ends a turn.
 */
#include "ingest/formats/readers.h"

#include "ingest/speaker_runs.h"

#define MOST_CHANNELS 16

bool speechmatics_fits(struct json doc)
{
    struct json x;
    struct slice format;
    return json_get(doc, "format", &x) && json_string(x, &format) && slice_starts(format, "2.") &&
           json_get(doc, "results", &x) && json_type_of(x) == JSON_ARRAY &&
           (json_get(doc, "metadata", &x) || json_get(doc, "job", &x) ||
            talk_items_have(doc, "results", "alternatives type"));
}

static void add_result(struct speaker_runs *r, struct json result, struct slice channel)
{
    struct json list, best;
    if (talk_is(result, "type", "speaker_change"))
        runs_flush(r);
    if (!talk_list(result, "alternatives", &list))
        return;
    struct json_iter it = json_iterate(list);
    if (!json_next(&it, NULL, &best))
        return;
    struct slice attaches = talk_text(r->t, result, "attaches_to");
    bool is_punctuation = talk_is(result, "type", "punctuation"), is_both = slice_is(attaches, "both");
    struct spoken_word w = {.text = talk_text(r->t, best, "content"),
                            .speaker = talk_id(r->t, best, "speaker"),
                            .start_ms = talk_offset(result, "start_time", 1000),
                            .end_ms = talk_offset(result, "end_time", 1000),
                            .joins_last =
                                is_both || slice_is(attaches, "previous") || (is_punctuation && attaches.n == 0),
                            .joins_next = is_both || slice_is(attaches, "next")};
    if (channel.n != 0)
        w.speaker = channel;
    runs_add(r, &w);
}

/* The channels that the results name, in their order; how many. */
static size_t channels_of(struct talk *t, struct json results, struct slice out[MOST_CHANNELS])
{
    size_t n = 0;
    struct json result;
    for (struct json_iter it = json_iterate(results); json_next(&it, NULL, &result);) {
        struct slice channel = talk_id(t, result, "channel");
        size_t i = 0;
        while (i < n && !slice_eq(out[i], channel))
            i++;
        if (channel.n != 0 && i == n && n < MOST_CHANNELS)
            out[n++] = channel;
    }
    return n;
}

static void add_turns(struct talk *t, struct json results)
{
    struct slice channels[MOST_CHANNELS];
    struct json result;
    struct speaker_runs r;
    size_t nchannels = channels_of(t, results, channels);
    runs_begin(&r, t);
    r.by_phrase = nchannels > 1;
    for (size_t i = 0; i < nchannels || i == 0; i++) {
        for (struct json_iter it = json_iterate(results); json_next(&it, NULL, &result);)
            if (nchannels <= 1 || slice_eq(talk_id(t, result, "channel"), channels[i]))
                add_result(&r, result, nchannels > 1 ? channels[i] : (struct slice){"", 0});
        runs_flush(&r);
    }
    runs_end(&r);
    if (nchannels > 1)
        runs_merge(t);
}

enum err_code speechmatics_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                 struct arena *a, const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json results;
    talk_begin(&t, at, o, a, sink);
    if (!speechmatics_fits(doc))
        return talk_refuse(&t, "no Speechmatics file: no results", e);
    t.c.external_id = talk_id(&t, doc, "job.id");
    t.c.channel = SLICE_LIT("voice");
    talk_made(&t, doc, "job.created_at");
    if (talk_list(doc, "results", &results))
        add_turns(&t, results);
    return talk_end(&t, e);
}
