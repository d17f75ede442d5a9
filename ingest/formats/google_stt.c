/*
 * Google Cloud Speech-to-Text: results[].alternatives[].words[], plain, as the response of a long-running operation, or
 * as BatchRecognize wrote it; its inline answer is an object of files, each a conversation.
 *
 * Map: turns = runs of words of one speakerTag (v1) or speakerLabel (v2), speaker id "speakerTag 1"; without speakers a
 * turn a result, speaker id "channelTag 1" where there are channels; an operation's name is the id, for several files
 * theirs: results {"gs://b/call.wav": {inlineResult.transcript.results, else transcript.results}}.
 *
 * Traps: with diarisation in v1 the LAST result repeats all words of the call, with tags: only it counts (v2 tags the
 * words where they stand, so then all count); times are "12.900s" or {"seconds":"12","nanos":900000000}; the libraries
 * write the same keys as speaker_tag, start_time, startOffset.
 */
#include "ingest/formats/readers.h"

#include <stdio.h>

#include "ingest/speaker_runs.h"

static bool get_results(struct json doc, struct json *list)
{
    return talk_list(doc, "results", list) || talk_list(doc, "response.results", list) ||
           talk_list(doc, "transcript.results", list);
}

/* The results of a file in the answer of BatchRecognize. */
static bool get_results_of_file(struct json file, struct json *list)
{
    return talk_list(file, "inlineResult.transcript.results", list) ||
           talk_list(file, "inline_result.transcript.results", list) || talk_list(file, "transcript.results", list);
}

/* The first alternative that an item of RESULTS has. */
static bool best_of(struct json result, struct json *best)
{
    struct json list;
    if (!talk_list(result, "alternatives", &list))
        return false;
    struct json_iter it = json_iterate(list);
    return json_next(&it, NULL, best);
}

/* The files in the answer of BatchRecognize, an object. */
static bool get_files(struct json doc, struct json *files)
{
    struct json file, list;
    if (!talk_object(doc, "results", files) && !talk_object(doc, "response.results", files))
        return false;
    for (struct json_iter it = json_iterate(*files); json_next(&it, NULL, &file);)
        if (get_results_of_file(file, &list))
            return true;
    return false;
}

bool google_stt_fits(struct json doc)
{
    struct json results, result, best, x;
    if (get_files(doc, &x))
        return true;
    if (!get_results(doc, &results))
        return false;
    for (struct json_iter it = json_iterate(results); json_next(&it, NULL, &result);)
        if (best_of(result, &best))
            return json_get(best, "transcript", &x) || talk_items_have(best, "words", "word");
    return false;
}

static int64_t time_of(struct json v, const char *const keys[])
{
    for (; *keys != NULL; keys++) {
        int64_t ms = talk_offset(v, *keys, 1000);
        if (ms != MS_NONE)
            return ms;
    }
    return MS_NONE;
}

static int64_t start_of(struct json v)
{
    static const char *const keys[] = {"startTime", "startOffset", "start_time", "start_offset", NULL};
    return time_of(v, keys);
}

static int64_t end_of(struct json v)
{
    static const char *const keys[] = {"endTime",           "endOffset",       "end_time",
                                       "end_offset",        "resultEndTime",   "resultEndOffset",
                                       "result_end_offset", "result_end_time", NULL};
    return time_of(v, keys);
}

/* The id of a speaker or channel: PREFIX and the number; empty for 0 and "", which mean none. */
static struct slice numbered(struct talk *t, const char *prefix, struct slice number)
{
    char s[64];
    if (number.n == 0 || slice_is(number, "0"))
        return (struct slice){"", 0};
    (void)snprintf(s, sizeof s, "%s%.*s", prefix, (int)(number.n < 30 ? number.n : 30), number.s);
    struct slice id = arena_dup(t->a, slice_of(s));
    if (id.s == NULL) {
        t->is_short_of_memory = true;
        return (struct slice){"", 0};
    }
    return id;
}

static struct slice speaker_of(struct talk *t, struct json word)
{
    static const char *const tags[] = {"speakerTag", "speaker_tag"}, *const labels[] = {"speakerLabel",
                                                                                        "speaker_label"};
    for (size_t i = 0; i < 2; i++) {
        struct slice label = talk_id(t, word, labels[i]);
        bool is_number = label.n != 0 && label.s[0] >= '0' && label.s[0] <= '9';
        if (label.n != 0)
            return is_number ? numbered(t, "speakerTag ", label) : label;
        struct slice id = numbered(t, "speakerTag ", talk_id(t, word, tags[i]));
        if (id.n != 0)
            return id;
    }
    return (struct slice){"", 0};
}

/* What is known of the words of the results. */
struct overview {
    size_t ntagged;        /* results with speakers */
    int64_t first_ms;      /* beginning of the first word of all */
    struct json last;      /* words of the last tagged result */
    int64_t last_first_ms; /* beginning of its first word */
};

static void look(struct talk *t, struct json results, struct overview *out)
{
    struct json result, best, words, word;
    *out = (struct overview){.first_ms = MS_NONE, .last_first_ms = MS_NONE};
    for (struct json_iter it = json_iterate(results); json_next(&it, NULL, &result);) {
        if (!best_of(result, &best) || !talk_list(best, "words", &words))
            continue;
        bool is_tagged = false;
        int64_t first_ms = MS_NONE;
        for (struct json_iter in = json_iterate(words); json_next(&in, NULL, &word) && !is_tagged;) {
            first_ms = first_ms != MS_NONE ? first_ms : start_of(word);
            is_tagged = speaker_of(t, word).n != 0;
        }
        out->first_ms = out->first_ms != MS_NONE ? out->first_ms : first_ms;
        if (is_tagged) {
            out->ntagged++;
            out->last = words;
            out->last_first_ms = first_ms;
        }
    }
}

static void add_words(struct speaker_runs *r, struct json words)
{
    struct json word;
    for (struct json_iter it = json_iterate(words); json_next(&it, NULL, &word);) {
        struct spoken_word w = {.text = talk_text(r->t, word, "word"),
                                .speaker = speaker_of(r->t, word),
                                .start_ms = start_of(word),
                                .end_ms = end_of(word)};
        runs_add(r, &w);
    }
}

static void add_tagged(struct talk *t, struct json results, const struct overview *seen)
{
    struct json result, best, words;
    struct speaker_runs r;
    runs_begin(&r, t);
    if (seen->ntagged == 1 || seen->last_first_ms == seen->first_ms)
        add_words(&r, seen->last);
    else
        for (struct json_iter it = json_iterate(results); json_next(&it, NULL, &result);)
            if (best_of(result, &best) && talk_list(best, "words", &words))
                add_words(&r, words);
    runs_end(&r);
}

/* A turn a result. */
static void add_results(struct talk *t, struct json results)
{
    struct json result, best, words, word;
    int64_t last_end = 0;
    for (struct json_iter it = json_iterate(results); json_next(&it, NULL, &result);) {
        if (!best_of(result, &best))
            continue;
        struct turn *turn = talk_add(t, talk_text(t, best, "transcript"));
        struct slice channel = talk_id(t, result, "channelTag");
        turn->speaker_id = numbered(t, "channelTag ", channel.n != 0 ? channel : talk_id(t, result, "channel_tag"));
        turn->end_ms = end_of(result);
        if (talk_list(best, "words", &words)) {
            struct json_iter in = json_iterate(words);
            if (json_next(&in, NULL, &word))
                turn->start_ms = start_of(word);
        }
        if (turn->start_ms == MS_NONE && turn->end_ms != MS_NONE)
            turn->start_ms = last_end <= turn->end_ms ? last_end : turn->end_ms;
        last_end = turn->end_ms != MS_NONE ? turn->end_ms : last_end;
    }
    talk_sort(t);
}

static enum err_code parse_results(struct talk *t, struct json results, struct slice id, struct err *e)
{
    struct overview seen;
    t->c.external_id = id;
    t->c.channel = SLICE_LIT("voice");
    look(t, results, &seen);
    if (seen.ntagged != 0)
        add_tagged(t, results, &seen);
    if (t->c.nturns == 0)
        add_results(t, results);
    return talk_end(t, e);
}

static enum err_code parse_files(struct talk *t, struct json files, struct err *e)
{
    const struct talk fresh = *t;
    struct json file, results;
    struct slice name;
    enum err_code rc = ERR_OK;
    for (struct json_iter it = json_iterate(files); rc == ERR_OK && json_next(&it, &name, &file);) {
        *t = fresh;
        rc = get_results_of_file(file, &results) ? parse_results(t, results, talk_stem(name), e)
                                                 : talk_refuse(t, "a file without results", e);
    }
    return rc;
}

enum err_code google_stt_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                               const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json list, x;
    talk_begin(&t, at, o, a, sink);
    if (talk_object(doc, "error", &x))
        return talk_refuse_as(&t, "the transcription failed", talk_id(&t, x, "message"), e);
    if (get_files(doc, &list))
        return parse_files(&t, list, e);
    if (!get_results(doc, &list))
        return talk_refuse(&t, "no Google Speech-to-Text file: no results", e);
    return parse_results(&t, list, talk_id(&t, doc, "name"), e);
}
