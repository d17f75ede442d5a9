/* Otter.ai's text, and the text of a Teams .docx: "Ada Lee  1:05" (two blanks or more, or a tab; [h:]mm:ss; maybe
 * blanks behind it), then lines of text up to the next such line. What stands above the first is a title, a date, a
 * summary; "Transcribed by https://otter.ai" at the end is no turn; "Unknown Speaker" is no name. */
#include "ingest/formats/readers.h"

#include "ingest/text_file.h"
#include "ingest/times.h"

#define MOST_NAME 80
#define FOOTER    "Transcribed by http"

/* Is LINE a header? */
static bool is_header(struct slice line, struct slice *name, int64_t *ms)
{
    struct slice x = slice_trim(line);
    size_t i = x.n;
    while (i > 0 && ((x.s[i - 1] >= '0' && x.s[i - 1] <= '9') || x.s[i - 1] == ':'))
        i--;
    size_t end = i;
    while (end > 0 && (x.s[end - 1] == ' ' || x.s[end - 1] == '\t'))
        end--;
    bool is_apart = i - end >= 2 || (i > end && x.s[end] == '\t');
    *name = (struct slice){x.s, end};
    return end > 0 && end <= MOST_NAME && is_apart && times_parse_offset((struct slice){x.s + i, x.n - i}, false, ms) &&
           memchr(x.s + i, ':', x.n - i) != NULL;
}

int otter_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct text_lines l = text_lines_of(s->text);
    struct slice line, name;
    size_t headers = 0, above = 0; /* headers with text below; lines above the first */
    int64_t ms;
    bool was_header = false;
    (void)o, (void)e;
    while (headers < 3 && above < 60 && text_lines_next(&l, &line)) {
        bool is_now = is_header(line, &name, &ms), is_empty = slice_trim(line).n == 0;
        headers += was_header && !is_now && !is_empty;
        above += headers == 0 && !is_now && !is_empty;
        was_header = is_now;
    }
    return headers >= 2 ? 90 : headers == 1 && above == 1 && s->is_all ? 60 : 0;
}

/* "Mon, May 6, 2024 4:36PM * 25:42" above the turns. */
static void read_start(struct slice line, struct conversation *c)
{
    static const char *const dates[] = {"%a, %b %d, %Y %I:%M%p", "%a, %b %d, %Y %I:%M %p", "%b %d, %Y %I:%M%p",
                                        "%b %d, %Y, %I:%M%p", "%B %d, %Y, %I:%M%p"};
    bool has_zone;
    size_t n = 0;
    while (n < line.n && (unsigned char)line.s[n] < 0x80 && line.s[n] != '|')
        n++;
    for (size_t i = 0; i < sizeof dates / sizeof *dates && c->started_at_ms == MS_NONE; i++)
        if (times_parse((struct slice){line.s, n}, dates[i], &c->started_at_ms, &has_zone))
            c->time_origin = TIME_ASSUMED_UTC;
        else
            c->started_at_ms = MS_NONE;
}

static enum err_code convert(struct slice text, const char *path, const struct reader_options *o, struct transcript *t,
                             struct conversation *c, struct err *e)
{
    struct text_lines l = text_lines_of(text);
    struct slice line, name;
    bool is_begun = false;
    (void)path, (void)o, (void)e;
    c->channel = SLICE_LIT("voice");
    while (text_lines_next(&l, &line)) {
        int64_t ms;
        struct slice words = slice_trim(line);
        if (is_header(line, &name, &ms)) {
            transcript_begin(t, name, ms, MS_NONE);
            is_begun = true;
        } else if (!is_begun) {
            read_start(words, c);
        } else if (words.n != 0 && !(slice_starts(words, FOOTER) && slice_trim(l.rest).n == 0)) {
            transcript_add(t, "\n", words);
        }
    }
    return ERR_OK;
}

enum err_code otter_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                         const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
