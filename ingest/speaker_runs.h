/*
 * speaker_runs.h - words, each with its speaker, become turns: a turn is a run of words of one speaker
 *
 * Words are set apart by a blank, but not before what joins on (punctuation), nor within scripts that are written
 * without blanks, whatever the export says of its delimiter.
 */
#ifndef INGEST_SPEAKER_RUNS_H
#define INGEST_SPEAKER_RUNS_H

#include "core/strbuf.h"
#include "ingest/talk.h"

struct speaker_runs {
    struct talk *t;
    bool by_phrase;       /* end a run also after a sentence or a second of silence (see runs_merge()) */
    struct strbuf text;   /* of the open run; empty if none is open */
    struct slice speaker; /* of the open run */
    int64_t start_ms, end_ms;
    bool joins_next; /* no blank behind the last word */
};

struct spoken_word {
    struct slice text, speaker; /* speaker empty: whoever speaks at the time */
    int64_t start_ms, end_ms;   /* MS_NONE: at the time of the last word */
    bool joins_last;            /* no blank before it; it is no word of its own */
    bool joins_next;
};

void runs_begin(struct speaker_runs *r, struct talk *t);
void runs_add(struct speaker_runs *r, const struct spoken_word *w);
void runs_flush(struct speaker_runs *r); /* end the open run: before the words of another channel */
void runs_end(struct speaker_runs *r);   /* the same, and free the buffer */

/* Channels were read one after the other, by phrase: put the phrases in order and join those of one speaker that now
 * stand together. */
void runs_merge(struct talk *t);

#endif
