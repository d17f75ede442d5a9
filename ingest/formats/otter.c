/* Transcripts as text in which who speaks stands on a line above his words, with a time. Otter.ai and the text of a
 * Teams .docx: "Ada Lee  1:05" (two blanks or more, or a tab, or " - "; [h:]mm:ss, or a time of the day with AM or PM;
 * maybe blanks behind it). A single blank, or no name at all, is enough where many lines are so. Older ones of Teams
 * have "0:0:1.5 --> 0:0:3.450", the name on the line below, and the text below that. Zoom's saved captions: "[Ada Lee]
 * 14:03:12". Others: "[00:01:05] Ada Lee", "0:05 | Ada Lee", or the time on a line of its own below the name. What
 * stands above the first is a title, a date, a summary; "Transcribed by https://otter.ai" at the end is no turn;
 * "Unknown Speaker" is no name. */
#include "ingest/formats/readers.h"

#include "core/hash.h"
#include "core/when.h"
#include "ingest/line_labels.h"
#include "ingest/roles.h"
#include "ingest/text_file.h"
#include "ingest/times.h"

#define MOST_NAME   80
#define MOST_NAMES  64
#define MS_PER_HOUR INT64_C(3600000)
#define FOOTER      "Transcribed by http"

/* How a text writes its headers. */
enum form {
    FORM_NO,
    FORM_GAP,
    FORM_RANGE,
    FORM_BRACKETS,
    FORM_TIME_FIRST,
    FORM_UNDER, /* the name on a line, the time on the next */
    FORM_BLANK,
    FORM_NAMELESS,
    FORM_COUNT
};

struct header {
    struct slice name;
    int64_t start_ms, end_ms;
    bool is_clock; /* a time of the day for sure */
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

/* X as a time and nothing else. */
static bool is_time(struct slice x, struct header *h)
{
    return x.n != 0 && memchr(x.s, ':', x.n) != NULL && line_labels_time(x, &h->start_ms, &h->is_clock) == x.n;
}

/* The bytes of X before the time at its end; X.n if there is no time. */
static size_t before_time(struct slice x, struct header *h)
{
    size_t i = x.n;
    if (i > 2 && (x.s[i - 1] == '.' || (x.s[i - 1] | 0x20) == 'm'))
        while (i > 0 && strchr("aApPmM. ", x.s[i - 1]) != NULL)
            i--;
    while (i > 0 && ((x.s[i - 1] >= '0' && x.s[i - 1] <= '9') || x.s[i - 1] == ':'))
        i--;
    return is_time((struct slice){x.s + i, x.n - i}, h) ? i : x.n;
}

/* May X, alone on its line, be somebody's name? */
static bool is_name(struct slice x)
{
    size_t words = 1;
    for (size_t i = 0; i < x.n; i++) {
        words += ascii_is_blank(x.s[i]);
        if (strchr(":?!;\"<>[]{}=", x.s[i]) != NULL)
            return false;
    }
    bool is_letter = x.n != 0 && ((x.s[0] >= 'A' && x.s[0] <= 'Z') || (unsigned char)x.s[0] >= 0x80);
    return is_letter && words <= 5 && x.n <= MOST_NAME && x.s[x.n - 1] != '.' && x.s[x.n - 1] != ',';
}

/* Cut the dash or bar that sets a name off from its time. */
static bool cut_dash(struct slice *name, bool is_before)
{
    static const char *const dashes[] = {"-", "|", "\xe2\x80\x93", "\xe2\x80\xa2"};
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        size_t n = strlen(dashes[i]);
        size_t at = name->n > n ? (is_before ? 0 : name->n - n) : 0;
        if (name->n <= n || memcmp(name->s + at, dashes[i], n) != 0 ||
            !ascii_is_blank(name->s[is_before ? n : name->n - n - 1]))
            continue;
        *name = slice_trim((struct slice){name->s + (is_before ? n : 0), name->n - n});
        return true;
    }
    return false;
}

/* "Ada Lee  1:05" */
static bool is_behind(struct slice x, enum form form, struct header *h)
{
    size_t i = before_time(x, h), end = i;
    while (end > 0 && ascii_is_blank(x.s[end - 1]))
        end--;
    h->name = (struct slice){x.s, end};
    if (i == x.n || end > MOST_NAME)
        return false;
    if (form == FORM_NAMELESS)
        return end == 0;
    if (form == FORM_BLANK)
        return end > 0 && i > end && x.s[0] >= 'A' && x.s[0] <= 'Z';
    bool is_apart = end > 0 && (i - end >= 2 || (i > end && x.s[end] == '\t'));
    return is_apart || (i > end && cut_dash(&h->name, false) && is_name(h->name));
}

/* "[Ada Lee] 14:03:12" */
static bool is_in_brackets(struct slice x, struct header *h)
{
    const char *close = x.n > 3 && x.s[0] == '[' ? memchr(x.s, ']', x.n) : NULL;
    if (close == NULL)
        return false;
    size_t n = (size_t)(close - x.s);
    h->name = slice_trim((struct slice){x.s + 1, n - 1});
    return is_name(h->name) && is_time(slice_trim((struct slice){close + 1, x.n - n - 1}), h);
}

/* "[00:01:05] Ada Lee", "0:05 - Ada Lee", "0:05 | Ada Lee" */
static bool is_time_first(struct slice x, struct header *h)
{
    size_t n = line_labels_time(x, &h->start_ms, &h->is_clock);
    h->name = slice_trim((struct slice){x.s + n, x.n - n});
    (void)cut_dash(&h->name, true);
    return n != 0 && is_name(h->name);
}

/* Is LINE, with NEXT below it, a header of FORM? Of FORM_RANGE the name is NEXT, of FORM_UNDER the time. */
static bool is_header(struct slice line, struct slice next, enum form form, struct header *h)
{
    struct slice x = slice_trim(line);
    *h = (struct header){.end_ms = MS_NONE};
    switch (form) {
    case FORM_RANGE:
        return is_range(x, h);
    case FORM_BRACKETS:
        return is_in_brackets(x, h);
    case FORM_TIME_FIRST:
        return is_time_first(x, h);
    case FORM_UNDER:
        h->name = x;
        return is_name(x) && is_time(slice_trim(next), h);
    default:
        return is_behind(x, form, h);
    }
}

/* What is seen of the headers of one form. */
struct headers {
    size_t n;        /* with text below */
    size_t nlines;   /* that are not empty */
    bool is_first;   /* the first of them is a header */
    bool is_certain; /* somebody speaks again, or has a role or number, or times stand in brackets */
};

static struct headers count_headers(struct slice text, enum form form)
{
    struct text_lines l = text_lines_of(text);
    struct slice line, next, unused;
    struct header h;
    struct headers out = {.n = 0};
    uint64_t names[MOST_NAMES];
    size_t nnames = 0;
    bool was_header = false;
    while (text_lines_next(&l, &line)) {
        if (slice_trim(line).n == 0)
            continue;
        next = SLICE_LIT("");
        (void)text_lines_peek(&l, &next);
        bool is_now = is_header(line, next, form, &h);
        out.is_first = out.is_first || (out.nlines == 0 && is_now);
        out.nlines++;
        out.n += was_header && !is_now;
        was_header = is_now;
        if (!is_now)
            continue;
        if (form == FORM_UNDER)
            (void)text_lines_next(&l, &line);
        uint64_t hash = hash64(h.name);
        out.is_certain = out.is_certain || roles_is_numbered(h.name) || slice_trim(line).s[0] == '[' ||
                         roles_of_label(h.name, &unused) != ROLE_UNKNOWN;
        for (size_t i = 0; i < nnames; i++)
            out.is_certain = out.is_certain || names[i] == hash;
        if (nnames < MOST_NAMES)
            names[nnames++] = hash;
    }
    return out;
}

static enum form form_of(struct slice text, size_t *nheaders)
{
    for (int form = FORM_GAP; form < FORM_COUNT; form++) {
        struct headers seen = count_headers(text, (enum form)form);
        bool are_many = 4 * seen.n >= seen.nlines, fits;
        *nheaders = seen.n;
        switch (form) {
        case FORM_GAP:
            fits = seen.n >= 1;
            break;
        case FORM_RANGE:
            fits = seen.n >= 1 && seen.is_first;
            break;
        case FORM_UNDER:
            fits = seen.n >= 2 && seen.is_certain && are_many;
            break;
        case FORM_BRACKETS: /* nothing else looks so */
            fits = seen.n >= 2 && seen.is_first;
            break;
        case FORM_TIME_FIRST:
            fits = seen.n >= 2 && seen.is_certain && seen.is_first && 6 * seen.n >= seen.nlines;
            break;
        default:
            fits = seen.n >= 3 && seen.is_first && are_many;
        }
        if (fits)
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
    return text_lines_next(&l, &line) && is_header(line, SLICE_LIT(""), FORM_GAP, &h);
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
    bool is_begun = false, has_clocks = false;
    int64_t first = MS_NONE;
    size_t n;
    enum form form = form_of(text, &n);
    (void)path, (void)o, (void)e;
    c->channel = SLICE_LIT("voice");
    while (text_lines_next(&l, &line)) {
        struct header h;
        struct slice words = slice_trim(line), next = {"", 0};
        (void)text_lines_peek(&l, &next);
        if (is_header(line, next, form, &h)) {
            if (form == FORM_RANGE || form == FORM_UNDER)
                (void)text_lines_next(&l, &line);
            if (form == FORM_RANGE)
                h.name = slice_trim(line);
            has_clocks = has_clocks || h.is_clock;
            first = first == MS_NONE ? h.start_ms : first;
            transcript_begin(t, h.name, h.start_ms, h.end_ms);
            is_begun = true;
        } else if (!is_begun) {
            read_start(words, c);
        } else if (words.n != 0 && !(slice_starts(words, FOOTER) && slice_trim(l.rest).n == 0)) {
            transcript_add(t, "\n", words);
        }
    }
    if (has_clocks || first >= MS_PER_HOUR) /* nobody waits an hour before the first word */
        (void)transcript_rebase(t, MS_PER_DAY);
    return ERR_OK;
}

enum err_code otter_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                         const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
