/* The chat of a Zoom meeting:
 *     10:00:05<TAB>Ada Lee:<TAB>Hello                          a cloud recording: offsets from its start
 *     10:00:05<TAB> From  Ada Lee  to  Everyone : Hello        saved by a participant, older: times of the day
 *     2024-05-06 10:00:05 From Ada Lee To Everyone:            newer, with or without the date; text on the lines below
 * Lines without a time go on. A message to one person is a note, unless all are; a reaction ("Reacted to ... with ...")
 * is an event; "Replying to "..."" above an answer is dropped. The names of cloud files tell the start (UTC). */
#include "ingest/formats/readers.h"

#include "core/when.h"
#include "ingest/text_file.h"
#include "ingest/times.h"

struct message {
    struct slice name, text;
    int64_t ms; /* an offset, a time of the day, or an instant */
    enum { OFFSET, CLOCK, INSTANT } kind;
    bool is_private;
};

/* The bytes of "10:00:05" or "2024-05-06 10:00:05" at the start of X, or 0. */
static size_t read_time(struct slice x, struct message *m)
{
    size_t day = 0, n = 0;
    bool has_zone;
    if (x.n > 19 && x.s[4] == '-' && x.s[10] == ' ')
        day = 11;
    while (day + n < x.n && ((x.s[day + n] >= '0' && x.s[day + n] <= '9') || x.s[day + n] == ':'))
        n++;
    if (n < 7 || n > 8 || day + n >= x.n || !ascii_is_blank(x.s[day + n]))
        return 0;
    m->kind = day != 0 ? INSTANT : CLOCK;
    bool is_time = day != 0 ? when_parse_iso((struct slice){x.s, day + n}, &m->ms, &has_zone)
                            : times_parse_offset((struct slice){x.s, n}, false, &m->ms);
    return is_time ? day + n : 0;
}

/* Is the word "from" or "to" (in any case) at X[AT], with blanks around it? */
static bool is_word(struct slice x, size_t at, const char *word)
{
    size_t n = strlen(word);
    if (at + n >= x.n || !ascii_is_blank(x.s[at + n]) || (at > 0 && !ascii_is_blank(x.s[at - 1])))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((x.s[at + i] | 0x20) != word[i])
            return false;
    return true;
}

static bool ends_with(struct slice x, const char *end)
{
    size_t n = strlen(end);
    return x.n >= n && memcmp(x.s + x.n - n, end, n) == 0;
}

/* "From Ada to Everyone : text" behind the time. */
static bool split_from(struct slice x, struct message *m)
{
    size_t colon = 4, to = 0;
    while (colon < x.n && !(x.s[colon] == ':' && (colon + 1 == x.n || ascii_is_blank(x.s[colon + 1]))))
        colon++;
    if (colon == x.n)
        return false;
    for (size_t i = 5; i + 6 < colon && to == 0; i++) /* "Ada  to  Bob": two blanks set it off from words of a name */
        to = memcmp(x.s + i, "  to  ", 6) == 0 ? i + 2 : 0;
    for (size_t i = colon; i > 5 && to == 0; i--)
        to = is_word((struct slice){x.s, colon}, i, "to") ? i : 0;
    struct slice whom = slice_trim((struct slice){x.s + to, to != 0 ? colon - to : 0});
    m->name = slice_trim((struct slice){x.s + 4, (to != 0 ? to : colon) - 4});
    m->text = slice_trim((struct slice){x.s + colon + 1, x.n - colon - 1});
    m->is_private =
        ends_with(whom, "(Privately)") || ends_with(whom, "(Direct Message)") || ends_with(whom, "(privately)");
    return m->name.n != 0;
}

/* Does a message begin with LINE? */
static bool begins(struct slice line, struct message *m)
{
    *m = (struct message){.ms = MS_NONE};
    size_t n = read_time(line, m);
    if (n == 0)
        return false;
    bool is_tab = line.s[n] == '\t';
    struct slice x = slice_trim((struct slice){line.s + n, line.n - n});
    if (is_word(x, 0, "from"))
        return split_from(x, m);
    const char *tab = x.n != 0 && is_tab ? memchr(x.s, '\t', x.n) : NULL;
    size_t end = tab != NULL ? (size_t)(tab - x.s) : x.n;
    if (!is_tab || m->kind != CLOCK || end < 2 || x.s[end - 1] != ':')
        return false;
    m->kind = OFFSET;
    m->name = slice_trim((struct slice){x.s, end - 1});
    m->text = slice_trim((struct slice){x.s + end, x.n - end});
    return true;
}

int zoom_chat_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct text_lines l = text_lines_of(s->text);
    struct slice line = {"", 0};
    struct message m;
    (void)o, (void)e;
    while (slice_trim(line).n == 0)
        if (!text_lines_next(&l, &line))
            return 0;
    return begins(line, &m) ? 95 : 0;
}

/* Are all messages private ones? Then nobody else was there. */
static bool all_are_private(struct slice text)
{
    struct text_lines l = text_lines_of(text);
    struct slice line;
    struct message m;
    while (text_lines_next(&l, &line))
        if (begins(line, &m) && !m.is_private)
            return false;
    return true;
}

/* What is no message but a sign. */
static bool is_reaction(struct slice x)
{
    return slice_starts(x, "Reacted to \"") || slice_starts(x, "Removed a ") ||
           slice_starts(x, "Reacted to \xe2\x80\x9c");
}

static void add(struct transcript *t, struct slice x)
{
    x = slice_trim(x);
    if (x.n == 0 || slice_starts(x, "Replying to \"") || slice_starts(x, "Replying to \xe2\x80\x9c"))
        return;
    if (t->text.n == 0 && t->is_open && is_reaction(x))
        t->open.role = ROLE_SYSTEM;
    transcript_add(t, "\n", x);
}

static enum err_code convert(struct slice text, const char *path, const struct reader_options *o, struct transcript *t,
                             struct conversation *c, struct err *e)
{
    struct text_lines l = text_lines_of(text);
    struct slice line;
    struct message m, last = {.kind = OFFSET};
    bool are_notes = !all_are_private(text);
    (void)o, (void)e;
    c->channel = SLICE_LIT("chat");
    while (text_lines_next(&l, &line)) {
        if (begins(line, &m)) {
            transcript_begin(t, m.name, m.ms, MS_NONE);
            if (m.is_private && are_notes)
                t->open.role = ROLE_NOTE;
            last = m;
            line = m.text;
        }
        add(t, line);
    }
    if (last.kind == OFFSET) {
        c->time_origin = times_of_zoom_name(path, &c->started_at_ms) ? TIME_FROM_NAME : TIME_FROM_RECORD;
        return ERR_OK;
    }
    int64_t first = transcript_rebase(t, last.kind == CLOCK ? MS_PER_DAY : 0);
    if (last.kind == INSTANT) {
        c->started_at_ms = first;
        c->time_origin = TIME_ASSUMED_UTC;
    }
    return ERR_OK;
}

enum err_code zoom_chat_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                             const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
