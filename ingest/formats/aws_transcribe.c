/*
 * Amazon Transcribe: words with times, and who said them as speaker labels or as channels.
 *
 * Map: id = jobName; turns = runs of words of one speaker; speaker id = spk_0, ch_0, ... By what there is:
 * channel_labels (each channel's own words), items with speaker_label, speaker_labels.segments, audio_segments, items,
 * transcripts.
 *
 * Traps: every number is a string of seconds; punctuation has no time; segments may have no items, and "" as label, so
 * that words are found by time: the segment's word that begins at the same time, else the segment around it, else the
 * last speaker goes on. Labels never tell a role.
 */
#include "ingest/formats/readers.h"

#include <stdlib.h>

#include "ingest/speaker_runs.h"

struct labelled_span {
    int64_t from_ms, to_ms;
    struct slice label;
};

struct labels {
    struct labelled_span *words, *segments; /* each in the order of from_ms */
    size_t nwords, nsegments;
};

bool aws_transcribe_fits(struct json doc)
{
    struct json results, x;
    if (talk_object(doc, "results", &results)) {
        bool has_job = json_get(doc, "jobName", &x) || (json_get(doc, "accountId", &x) && json_get(doc, "status", &x));
        return (has_job && (json_get(results, "items", &x) || json_get(results, "transcripts", &x))) ||
               (talk_items_have(results, "items", "alternatives type") &&
                talk_items_have(results, "transcripts", "transcript"));
    }
    return json_get(doc, "jobName", &x) && json_get(doc, "status", &x) && json_get(doc, "accountId", &x);
}

/* ---- labels by time ---- */

static int by_start(const void *a, const void *b)
{
    const struct labelled_span *x = a, *y = b;
    return x->from_ms < y->from_ms ? -1 : x->from_ms > y->from_ms;
}

/* The last of SPANS that begins at AT or before. */
static const struct labelled_span *last_before(const struct labelled_span *spans, size_t n, int64_t at)
{
    size_t from = 0, to = n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (spans[mid].from_ms <= at)
            from = mid + 1;
        else
            to = mid;
    }
    return from != 0 ? &spans[from - 1] : NULL;
}

static struct labelled_span span_of(struct talk *t, struct json v)
{
    return (struct labelled_span){talk_offset(v, "start_time", 1000), talk_offset(v, "end_time", 1000),
                                  talk_id(t, v, "speaker_label")};
}

static bool read_labels(struct talk *t, struct json results, struct labels *out)
{
    struct json segments, segment, items, item;
    size_t n = 0;
    *out = (struct labels){NULL, NULL, 0, 0};
    if (!talk_list(results, "speaker_labels.segments", &segments))
        return false;
    for (struct json_iter it = json_iterate(segments); json_next(&it, NULL, &segment);)
        n += talk_list(segment, "items", &items) ? json_count(items) : 0;
    out->words = arena_zalloc(t->a, n + 1, sizeof *out->words);
    out->segments = arena_zalloc(t->a, json_count(segments), sizeof *out->segments);
    if (out->words == NULL || out->segments == NULL) {
        t->is_short_of_memory = true;
        return false;
    }
    for (struct json_iter it = json_iterate(segments); json_next(&it, NULL, &segment);) {
        struct labelled_span whole = span_of(t, segment);
        if (talk_list(segment, "items", &items))
            for (struct json_iter in = json_iterate(items); json_next(&in, NULL, &item);) {
                struct labelled_span span = span_of(t, item);
                span.label = span.label.n != 0 ? span.label : whole.label;
                if (span.label.n != 0 && span.from_ms != MS_NONE)
                    out->words[out->nwords++] = span;
            }
        if (whole.label.n != 0 && whole.from_ms != MS_NONE)
            out->segments[out->nsegments++] = whole;
    }
    qsort(out->words, out->nwords, sizeof *out->words, by_start);
    qsort(out->segments, out->nsegments, sizeof *out->segments, by_start);
    return out->nwords + out->nsegments != 0;
}

static struct slice label_at(const struct labels *l, int64_t at)
{
    if (at == MS_NONE)
        return (struct slice){"", 0};
    const struct labelled_span *s = last_before(l->words, l->nwords, at);
    if (s != NULL && s->from_ms == at)
        return s->label;
    s = last_before(l->segments, l->nsegments, at);
    return s != NULL && at < s->to_ms ? s->label : (struct slice){"", 0};
}

/* ---- words ---- */

/* The words in the list ITEMS; those without a speaker of their own are LABEL's, or by time, or the last speaker's. */
static void add_words(struct speaker_runs *r, struct json items, struct slice label, const struct labels *by_time)
{
    struct json item, alternatives, best;
    for (struct json_iter it = json_iterate(items); json_next(&it, NULL, &item);) {
        struct json_iter first = json_iterate(talk_list(item, "alternatives", &alternatives) ? alternatives : item);
        if (!json_next(&first, NULL, &best))
            continue;
        struct spoken_word w = {.text = talk_text(r->t, best, "content"),
                                .speaker = label,
                                .start_ms = talk_offset(item, "start_time", 1000),
                                .end_ms = talk_offset(item, "end_time", 1000),
                                .joins_last = talk_is(item, "type", "punctuation")};
        if (w.speaker.n == 0)
            w.speaker = talk_id(r->t, item, "speaker_label");
        if (w.speaker.n == 0 && by_time != NULL)
            w.speaker = label_at(by_time, w.start_ms);
        runs_add(r, &w);
    }
}

static bool add_channels(struct speaker_runs *r, struct json results)
{
    struct json channels, channel, items;
    if (!talk_list(results, "channel_labels.channels", &channels))
        return false;
    r->by_phrase = true;
    for (struct json_iter it = json_iterate(channels); json_next(&it, NULL, &channel);) {
        if (talk_list(channel, "items", &items))
            add_words(r, items, talk_id(r->t, channel, "channel_label"), NULL);
        runs_flush(r);
        r->speaker = (struct slice){"", 0};
    }
    runs_merge(r->t);
    return r->t->c.nturns != 0;
}

static bool add_audio_segments(struct talk *t, struct json results)
{
    struct json segments, segment;
    if (!talk_list(results, "audio_segments", &segments))
        return false;
    for (struct json_iter it = json_iterate(segments); json_next(&it, NULL, &segment);) {
        struct turn *turn = talk_add(t, talk_text(t, segment, "transcript"));
        turn->speaker_id = talk_id(t, segment, "speaker_label");
        if (turn->speaker_id.n == 0)
            turn->speaker_id = talk_id(t, segment, "channel_label");
        turn->start_ms = talk_offset(segment, "start_time", 1000);
        turn->end_ms = talk_offset(segment, "end_time", 1000);
    }
    talk_sort(t);
    return t->c.nturns != 0;
}

static void add_turns(struct talk *t, struct json results)
{
    struct json items, transcripts, x;
    struct speaker_runs r;
    struct labels labels;
    runs_begin(&r, t);
    if (!add_channels(&r, results)) {
        bool has_items = talk_list(results, "items", &items), is_labelled = read_labels(t, results, &labels);
        bool knows_speakers = is_labelled || talk_items_have(results, "items", "speaker_label");
        if (has_items && knows_speakers)
            add_words(&r, items, (struct slice){"", 0}, is_labelled ? &labels : NULL);
        else if (!add_audio_segments(t, results) && has_items)
            add_words(&r, items, (struct slice){"", 0}, NULL);
    }
    runs_end(&r);
    if (t->c.nturns == 0 && talk_list(results, "transcripts", &transcripts))
        for (struct json_iter it = json_iterate(transcripts); json_next(&it, NULL, &x);)
            (void)talk_add(t, talk_text(t, x, "transcript"));
}

enum err_code aws_transcribe_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                   struct arena *a, const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json results;
    talk_begin(&t, at, o, a, sink);
    if (talk_is(doc, "status", "FAILED"))
        return talk_refuse_as(&t, "the transcription failed", talk_id(&t, doc, "failureReason"), e);
    if (!talk_object(doc, "results", &results))
        return talk_refuse(&t, "no Amazon Transcribe file: no results", e);
    t.c.external_id = talk_id(&t, doc, "jobName");
    t.c.channel = SLICE_LIT("voice");
    add_turns(&t, results);
    return talk_end(&t, e);
}
