/*
 * captions.h - what WebVTT and SRT share: cues with times, and who speaks in them
 *
 * Who speaks: voice tags ("<v.loud Ada Lee>Hello</v>", several in a cue, "</v>" often missing), else "Ada Lee: Hello"
 * or "[Ada Lee] Hello" at the start of a line (line_labels.h), else the cue's id as Webex writes it, else nobody is
 * named. Cues of one named speaker in a row are one turn; a cue of nobody is a turn of its own, unless less than 80 %
 * of the cues have a label: then labels stand where the speaker changes, and the cue goes on. Tags go first, then
 * character references are decoded ("&lt;").
 */
#ifndef INGEST_CAPTIONS_H
#define INGEST_CAPTIONS_H

#include "ingest/text_file.h"

struct cue {
    struct slice text; /* its lines */
    bool has_name;
    struct slice name; /* who speaks by the line above the times, as Webex has it: 12 "Ada Lee" (304311) */
    int64_t start_ms, end_ms;
};

/* "00:01.000 --> 00:02.000 align:start"; hours may be missing, "," is as good as ".". */
bool captions_times(struct slice line, struct cue *out);

/* The turns of all cues of TEXT. ERR_NOMEM. */
CHECKED enum err_code captions_convert(struct slice text, struct transcript *t, struct err *e);

#endif
