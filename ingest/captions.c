#include "ingest/captions.h"

#include "ingest/html_text.h"
#include "ingest/line_labels.h"
#include "ingest/times.h"

/* What turning one file into turns needs. */
struct captions {
    struct transcript *t;
    struct line_labels labels;
    bool has_voices;
    bool is_rolling;     /* each cue repeats the last line of the one before, as on YouTube */
    struct strbuf last;  /* that line */
    struct strbuf bare;  /* a part of a cue without tags ... */
    struct strbuf plain; /* ... and with its character references decoded */
};

bool captions_times(struct slice line, struct cue *out)
{
    for (size_t i = 0; i + 3 <= line.n; i++) {
        if (memcmp(line.s + i, "-->", 3) != 0)
            continue;
        struct slice end = slice_trim((struct slice){line.s + i + 3, line.n - i - 3});
        size_t n = 0;
        while (n < end.n && end.s[n] != ' ' && end.s[n] != '\t')
            n++;
        return times_parse_offset((struct slice){line.s, i}, false, &out->start_ms) &&
               times_parse_offset((struct slice){end.s, n}, false, &out->end_ms);
    }
    return false;
}

/* Does a cue end before a line of blanks, which some write between cues and YouTube within them? */
static bool ends_at_blanks(struct text_lines l)
{
    struct slice line;
    struct cue next;
    (void)text_lines_next(&l, &line);
    if (!text_lines_next(&l, &line) || line.n == 0 || captions_times(line, &next))
        return true;
    return text_lines_next(&l, &line) && captions_times(line, &next); /* LINE was an id */
}

/* Is ID that of a cue of Webex's, 12 "Ada Lee" (304311)? *name may be empty. */
static bool name_in_id(struct slice id, struct slice *name)
{
    size_t i = 0;
    while (i < id.n && id.s[i] >= '0' && id.s[i] <= '9')
        i++;
    bool is_quoted = i > 0 && i + 3 < id.n && id.s[i] == ' ' && id.s[i + 1] == '"';
    const char *end = is_quoted ? memchr(id.s + i + 2, '"', id.n - i - 2) : NULL;
    *name = end != NULL ? (struct slice){id.s + i + 2, (size_t)(end - id.s) - i - 2} : SLICE_LIT("");
    return end != NULL;
}

/* The next cue: everything up to the next line with "-->" is passed over, its text ends at an empty line. */
static bool next_cue(struct text_lines *l, struct cue *out)
{
    struct slice line = {"", 0}, above;
    do {
        above = line;
        if (!text_lines_next(l, &line))
            return false;
    } while (!captions_times(line, out));
    out->has_name = name_in_id(slice_trim(above), &out->name);
    out->text = (struct slice){l->rest.s, 0};
    while (text_lines_peek(l, &line) && line.n != 0) {
        struct cue next;
        if (slice_trim(line).n == 0 && ends_at_blanks(*l))
            break;
        if (captions_times(line, &next)) /* the blank line is missing */
            break;
        (void)text_lines_next(l, &line);
        out->text.n = (size_t)(line.s + line.n - out->text.s);
    }
    return true;
}

/* ---- voice tags ----------------------------------------------------------------------------------------------------
 */

/* The tag at the start of X, "<...>": its bytes, or 0 if X begins with no tag. */
static size_t tag_length(struct slice x)
{
    if (x.n < 3 || x.s[0] != '<')
        return 0;
    char c = x.s[1];
    bool is_time = c >= '0' && c <= '9'; /* "<00:01.000>" */
    if (c != '/' && !is_time && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
        return 0;
    const char *end = memchr(x.s, '>', x.n < 400 ? x.n : 400);
    return end != NULL ? (size_t)(end - x.s) + 1 : 0;
}

/* Is TAG a voice's, "<v Name>" or "<v.class Name>"? */
static bool is_voice(struct slice tag, struct slice *name)
{
    if (tag.n < 4 || (tag.s[1] | 0x20) != 'v' || (tag.s[2] != ' ' && tag.s[2] != '\t' && tag.s[2] != '.'))
        return false;
    size_t i = 2;
    while (i < tag.n - 1 && tag.s[i] != ' ' && tag.s[i] != '\t')
        i++;
    *name = slice_trim((struct slice){tag.s + i, tag.n - 1 - i});
    return true;
}

/* The text up to the next voice tag or its end, without tags, in c->plain; returns its bytes. */
static size_t take_part(struct captions *c, struct slice x)
{
    struct slice name;
    size_t i = 0;
    strbuf_clear(&c->bare);
    strbuf_clear(&c->plain);
    while (i < x.n) {
        size_t n = tag_length((struct slice){x.s + i, x.n - i});
        struct slice tag = {x.s + i, n};
        if (n != 0 && (is_voice(tag, &name) || slice_starts(tag, "</v")))
            break;
        if (n == 0)
            strbuf_putc(&c->bare, x.s[i]);
        i += n != 0 ? n : 1;
    }
    html_decode(strbuf_slice(&c->bare), &c->plain);
    c->t->failed = c->t->failed || strbuf_failed(&c->bare) || strbuf_failed(&c->plain);
    return i;
}

static bool has_voice(struct slice text)
{
    struct slice name;
    for (size_t i = 0; i + 3 < text.n; i++) {
        const char *lt = memchr(text.s + i, '<', text.n - i);
        if (lt == NULL)
            return false;
        i = (size_t)(lt - text.s);
        struct slice rest = {lt, text.n - i};
        if (is_voice((struct slice){lt, tag_length(rest)}, &name))
            return true;
    }
    return false;
}

/* ---- turns ---------------------------------------------------------------------------------------------------------
 */

/* Somebody speaks in a cue: the turn grows, or begins. */
static void speak(struct captions *c, struct slice name, const struct cue *cue)
{
    if (name.n == 0 || !transcript_is_by(c->t, name))
        transcript_begin(c->t, name, cue->start_ms, cue->end_ms);
    c->t->open.end_ms = cue->end_ms;
}

static void add_lines(struct captions *c, struct slice text)
{
    struct text_lines lines = {text, 0};
    struct slice line;
    while (text_lines_next(&lines, &line))
        if (slice_trim(line).n != 0)
            transcript_add(c->t, " ", slice_trim(line));
}

static void add_voices(struct captions *c, const struct cue *cue)
{
    struct strbuf decoded = STRBUF_INIT;
    struct slice x = cue->text, name;
    for (bool is_first = true; x.n != 0; is_first = false) {
        size_t n = tag_length(x);
        if (is_voice((struct slice){x.s, n}, &name)) {
            strbuf_clear(&decoded);
            html_decode(name, &decoded);
            c->t->failed = c->t->failed || strbuf_failed(&decoded);
            speak(c, strbuf_slice(&decoded), cue);
        } else if (slice_starts(x, "</v")) {
            n = n != 0 ? n : 3;
        } else if (is_first) {
            speak(c, SLICE_LIT(""), cue);
        }
        x = (struct slice){x.s + n, x.n - n};
        n = take_part(c, x);
        add_lines(c, strbuf_slice(&c->plain));
        x = (struct slice){x.s + n, x.n - n};
    }
    strbuf_free(&decoded);
}

/* A cue whose id names who speaks. */
static void add_named(struct captions *c, const struct cue *cue)
{
    (void)take_part(c, cue->text);
    speak(c, cue->name, cue);
    add_lines(c, strbuf_slice(&c->plain));
}

/* Does LINE stand in the cue before already? */
static bool is_repeated(struct captions *c, struct slice line)
{
    line = slice_trim(line);
    if (!c->is_rolling)
        return false;
    if (slice_eq(line, strbuf_slice(&c->last)))
        return true;
    strbuf_clear(&c->last);
    strbuf_add_slice(&c->last, line);
    c->t->failed = c->t->failed || strbuf_failed(&c->last);
    return false;
}

static void add_labelled(struct captions *c, const struct cue *cue)
{
    /* where a label stands only when the speaker changes, a cue without one goes on */
    bool goes_on = !c->has_voices && c->t->is_open &&
                   c->t->open.speaker_name.n + (c->t->open.role != ROLE_UNKNOWN) != 0 &&
                   10 * c->labels.nlike < 8 * c->labels.nlines;
    (void)take_part(c, cue->text);
    struct text_lines lines = {strbuf_slice(&c->plain), 0};
    struct slice line;
    bool is_first = true;
    while (text_lines_next(&lines, &line)) {
        struct line_label label;
        if (slice_trim(line).n == 0 || is_repeated(c, line))
            continue;
        if (line_labels_find(&c->labels, line, &label)) {
            speak(c, label.name, cue);
            line = label.text;
        } else if (is_first && !goes_on) {
            speak(c, SLICE_LIT(""), cue);
        }
        c->t->open.end_ms = cue->end_ms;
        add_lines(c, line);
        is_first = false;
    }
}

/* Does the head of TEXT, before the first cue, say "Kind: captions"? So do YouTube's. */
static bool is_of_youtube(struct slice text)
{
    struct text_lines l = text_lines_of(text);
    struct slice line;
    struct cue cue;
    while (text_lines_next(&l, &line) && !captions_times(line, &cue))
        if (slice_starts(line, "Kind: captions"))
            return true;
    return false;
}

/* Learn which labels there are. */
static void learn(struct captions *c, struct slice text)
{
    struct text_lines l = text_lines_of(text);
    struct cue cue;
    while (next_cue(&l, &cue)) {
        struct text_lines lines;
        struct slice line;
        c->has_voices = c->has_voices || has_voice(cue.text);
        if (cue.text.n == 0)
            continue;
        if (memchr(cue.text.s, ':', cue.text.n) == NULL && memchr(cue.text.s, ']', cue.text.n) == NULL) {
            c->labels.nlines++;
            continue;
        }
        (void)take_part(c, cue.text);
        lines = (struct text_lines){strbuf_slice(&c->plain), 0};
        struct line_label x;
        for (bool is_first = true; text_lines_next(&lines, &line); is_first = false)
            if (is_first || line_labels_split(line, &x)) /* a cue is one line, unless two speak in it */
                line_labels_learn(&c->labels, line);
    }
}

enum err_code captions_convert(struct slice text, struct transcript *t, struct err *e)
{
    struct captions c = {.t = t, .is_rolling = is_of_youtube(text)};
    struct text_lines l = text_lines_of(text);
    struct cue cue;
    learn(&c, text);
    while (next_cue(&l, &cue) && !t->failed) {
        if (cue.text.n == 0)
            continue;
        if (has_voice(cue.text))
            add_voices(&c, &cue);
        else if (cue.has_name)
            add_named(&c, &cue);
        else
            add_labelled(&c, &cue);
    }
    strbuf_free(&c.last);
    strbuf_free(&c.bare);
    strbuf_free(&c.plain);
    return t->failed ? err_nomem(e) : ERR_OK;
}
