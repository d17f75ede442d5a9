/* Otter.ai's text, and the text of a Teams .docx: "Ada Lee  1:05" (two blanks or more, or a tab; [h:]mm:ss; maybe
 * blanks behind it), then lines of text up to the next such line. A single blank, or no name at all, is enough where
 * many lines are so. Older ones of Teams have "0:0:1.5 --> 0:0:3.450", the name on the line below, and the text below
 * that. What stands above the first is a title, a date, a summary; "Transcribed by https://otter.ai" at the end is no
 * turn; "Unknown Speaker" is no name. */
#include "ingest/formats/readers.h"

#include "ingest/text_file.h"
#include "ingest/times.h"

#define MOST_NAME 80
#define FOOTER    "Transcribed by http"

/* How a text writes its headers. */
enum form { FORM_NO, FORM_GAP, FORM_RANGE, FORM_BLANK, FORM_NAMELESS, FORM_COUNT };

struct header {
    struct slice name;
    int64_t start_ms, end_ms;
};

/* "0:0:1.5": parts of one digit, too. */
static bool read_loose(struct slice x, int64_t *ms)
{
    char tight[32] = "";
    size_t n = 0;
    x = slice_trim(x);
    for (size_t i = 0; i < x.n && n < sizeof tight - 3; i++) {
        bool is_part = i == 0 || x.s[i - 1] == ':';
        bool is_short = i + 1 == x.n || x.s[i + 1] < '0' || x.s[i + 1] > '9';
        if (is_part && is_short && i > 0)
            tight[n++] = '0';
        tight[n++] = x.s[i];
    }
    return n < sizeof tight - 3 && times_parse_offset((struct slice){tight, n}, false, ms);
}

/* "0:0:1.5 --> 0:0:3.450" */
static bool is_range(struct slice line, struct header *h)
{
    for (size_t i = 1; i + 3 < line.n && line.n < 60; i++)
        if (memcmp(line.s + i, "-->", 3) == 0)
            return read_loose((struct slice){line.s, i}, &h->start_ms) &&
                   read_loose((struct slice){line.s + i + 3, line.n - i - 3}, &h->end_ms);
    return false;
}

/* Is LINE a header of FORM? Of FORM_RANGE the name is on the next line. */
static bool is_header(struct slice line, enum form form, struct header *h)
{
    struct slice x = slice_trim(line);
    *h = (struct header){.end_ms = MS_NONE};
    if (form == FORM_RANGE)
        return is_range(x, h);
    size_t i = x.n;
    while (i > 0 && ((x.s[i - 1] >= '0' && x.s[i - 1] <= '9') || x.s[i - 1] == ':'))
        i--;
    size_t end = i;
    while (end > 0 && (x.s[end - 1] == ' ' || x.s[end - 1] == '\t'))
        end--;
    h->name = (struct slice){x.s, end};
    bool is_apart = form == FORM_NAMELESS ? end == 0
                    : form == FORM_BLANK  ? end > 0 && i > end && x.s[0] >= 'A' && x.s[0] <= 'Z'
                                          : end > 0 && (i - end >= 2 || (i > end && x.s[end] == '\t'));
    return end <= MOST_NAME && is_apart && times_parse_offset((struct slice){x.s + i, x.n - i}, false, &h->start_ms) &&
           memchr(x.s + i, ':', x.n - i) != NULL;
}

/* Does TEXT have headers of FORM: *n with text below, in how many lines that are not empty? */
static void count_headers(struct slice text, enum form form, size_t *n, size_t *nlines, bool *is_first)
{
    struct text_lines l = text_lines_of(text);
    struct slice line;
    struct header h;
    bool was_header = false;
    *n = *nlines = 0;
    *is_first = false;
    while (text_lines_next(&l, &line)) {
        if (slice_trim(line).n == 0)
            continue;
        bool is_now = is_header(line, form, &h);
        *is_first = *is_first || (*nlines == 0 && is_now);
        ++*nlines;
        *n += was_header && !is_now;
        was_header = is_now;
    }
}

static enum form form_of(struct slice text, size_t *nheaders)
{
    for (int form = FORM_GAP; form < FORM_COUNT; form++) {
        size_t nlines;
        bool is_first;
        count_headers(text, (enum form)form, nheaders, &nlines, &is_first);
        bool is_sure = form == FORM_GAP || (form == FORM_RANGE && is_first);
        if (*nheaders >= (is_sure ? 1 : 3) && (is_sure || (is_first && 4 * *nheaders >= nlines)))
            return (enum form)form;
    }
    return FORM_NO;
}

/* Is the first line a header? One alone is enough then. */
static bool is_only_header(struct slice text)
{
    struct text_lines l = text_lines_of(text);
    struct slice line;
    struct header h;
    return text_lines_next(&l, &line) && is_header(line, FORM_GAP, &h);
}

int otter_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    size_t n = 0;
    (void)o, (void)e;
    enum form form = form_of(s->text, &n);
    if (form == FORM_NO)
        return 0;
    return n >= 2 ? 90 : s->is_all && is_only_header(s->text) ? 60 : 0;
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
    struct slice line;
    bool is_begun = false;
    size_t n;
    enum form form = form_of(text, &n);
    (void)path, (void)o, (void)e;
    c->channel = SLICE_LIT("voice");
    while (text_lines_next(&l, &line)) {
        struct header h;
        struct slice words = slice_trim(line);
        if (is_header(line, form, &h)) {
            if (form == FORM_RANGE && text_lines_next(&l, &line))
                h.name = slice_trim(line);
            transcript_begin(t, h.name, h.start_ms, h.end_ms);
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
