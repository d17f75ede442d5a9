/* WebVTT: "WEBVTT" (and maybe words behind it), then cues ([id], times, text; captions.h) and NOTE, STYLE and REGION
 * blocks, which have no times and so are passed over. Teams writes voice tags with names such as "Lee, Ada (Ext)"; Zoom
 * writes "Ada Lee: Hello", and its file name tells the start: GMT20240506-100000_Recording.transcript.vtt. */
#include "ingest/formats/readers.h"

#include "core/when.h"
#include "ingest/captions.h"
#include "ingest/times.h"

#define SIGNATURE "WEBVTT"

int vtt_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct slice text = text_lines_of(s->text).rest;
    (void)o, (void)e;
    return slice_starts(text, SIGNATURE) && (text.n == 6 || strchr(" \t\r\n", text.s[6]) != NULL) ? 100 : 0;
}

static enum err_code convert(struct slice text, const char *path, const struct reader_options *o, struct transcript *t,
                             struct conversation *c, struct err *e)
{
    (void)o;
    if (times_of_zoom_name(path, &c->started_at_ms))
        c->time_origin = TIME_FROM_NAME;
    return captions_convert(text, t, e);
}

enum err_code vtt_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                       const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
