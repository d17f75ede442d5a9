/* SRT: a number, "00:00:01,000 --> 00:00:02,000", text, a blank line. Speakers as "Ada: " or "[Ada] " (captions.h);
 * <i> and other tags go. */
#include "ingest/formats/readers.h"

#include "ingest/captions.h"

static bool is_number(struct slice x)
{
    x = slice_trim(x);
    for (size_t i = 0; i < x.n; i++)
        if (x.s[i] < '0' || x.s[i] > '9')
            return false;
    return x.n != 0;
}

int srt_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct text_lines l = text_lines_of(s->text);
    struct slice line = {"", 0};
    struct cue cue;
    (void)o, (void)e;
    while (slice_trim(line).n == 0)
        if (!text_lines_next(&l, &line))
            return 0;
    if (is_number(line) && !text_lines_next(&l, &line)) /* some leave the number out */
        return 0;
    return captions_times(line, &cue) ? 100 : 0;
}

static enum err_code convert(struct slice text, const char *path, const struct reader_options *o, struct transcript *t,
                             struct conversation *c, struct err *e)
{
    (void)path, (void)o, (void)c;
    return captions_convert(text, t, e);
}

enum err_code srt_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                       const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
