/* A conversation of Intercom as its inbox and its Messenger save it:
 *     Conversation with Kim West
 *     Started on May 6, 2024 at 10:00 AM Eastern Time (US & Canada) time EDT (GMT-0400)
 *
 *     --- May 6, 2024 ---
 *
 *     10:00 AM | Kim West: Where is it?
 *
 *     10:01 AM | Ada from Shop: On its way.
 *
 *     ---
 *     Exported from Shop on May 7, 2024 at 9:00 AM Eastern Time (US & Canada) time EDT (GMT-0400)
 *
 * Map: start = "Started on"; turns {name, text, which may go on below; the time of the day, on the date above}. Whoever
 * is "from" the workspace that exported, or that the conversation is with, is an agent; whom else it is with is the
 * customer; Operator, Fin and names that end in "bot" are bots.
 *
 * Traps: a line "---" and what the export says of itself are no words of the last turn. */
#include "ingest/formats/readers.h"

#include <strings.h>

#include "core/when.h"
#include "ingest/line_labels.h"
#include "ingest/text_file.h"
#include "ingest/times.h"

#define HEADING "Conversation with "
#define STARTED "Started on "
#define FOOTER  "Exported from "
#define RULE    "---"

static struct slice behind(struct slice x, size_t n)
{
    return slice_trim((struct slice){x.s + n, x.n - n});
}

/* "10:00 AM | Kim West: Hi" */
struct message {
    struct slice name, text;
    int64_t ms; /* of the day */
};

static bool begins(struct slice line, struct message *m)
{
    bool is_clock;
    size_t bar = slice_find(line, " | ");
    if (bar == line.n || bar > 12 || line_labels_time((struct slice){line.s, bar}, &m->ms, &is_clock) != bar)
        return false;
    m->ms *= is_clock ? 1 : 60; /* "13:45" was read as minutes and seconds */
    struct slice x = behind(line, bar + 3);
    const char *colon = x.n != 0 ? memchr(x.s, ':', x.n) : NULL;
    if (colon == NULL)
        return false;
    size_t n = (size_t)(colon - x.s);
    m->name = slice_trim((struct slice){x.s, n});
    m->text = behind(x, n + 1);
    return m->name.n != 0;
}

int intercom_text_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct text_lines l = text_lines_of(s->text);
    struct slice line = {"", 0}, next = {"", 0};
    (void)o, (void)e;
    while (slice_trim(line).n == 0)
        if (!text_lines_next(&l, &line))
            return 0;
    (void)text_lines_next(&l, &next);
    return slice_starts(line, HEADING) && slice_starts(next, STARTED) ? 95 : 0;
}

/* What the lines above and below the messages tell. */
struct about {
    struct slice with, workspace;
    int64_t started_ms, zone_ms; /* MS_NONE: not told */
};

/* "(GMT-0400)" at the end of X; MS_NONE if there is none. */
static int64_t zone_of(struct slice x)
{
    size_t at = slice_find(x, "(GMT");
    int digits = 0, n = 0;
    if (at + 9 > x.n || (x.s[at + 4] != '+' && x.s[at + 4] != '-'))
        return MS_NONE;
    for (size_t i = at + 5; i < at + 9 && x.s[i] >= '0' && x.s[i] <= '9'; i++, n++)
        digits = digits * 10 + (x.s[i] - '0');
    int64_t ms = ((int64_t)(digits / 100) * 60 + digits % 100) * 60000;
    return n != 4 ? MS_NONE : x.s[at + 4] == '-' ? -ms : ms;
}

/* "May 6, 2024 at 10:00 AM Eastern Time ...": the instant as its zone has it; or of a date alone. */
static bool read_day(struct slice x, int64_t *ms)
{
    struct slice date = {x.s, slice_find(x, " at ")};
    bool has_zone;
    return times_parse(slice_trim(date), "%B %d, %Y", ms, &has_zone);
}

static void read_started(struct slice x, struct about *out)
{
    size_t at = slice_find(x, " at ");
    int64_t day, clock;
    bool is_clock;
    out->zone_ms = zone_of(x);
    if (at == x.n || !read_day(x, &day))
        return;
    struct slice time = {x.s + at + 4, x.n - at - 4};
    if (line_labels_time(time, &clock, &is_clock) != 0)
        out->started_ms = day + clock * (is_clock ? 1 : 60);
}

static struct about read_about(struct slice text)
{
    struct about out = {{"", 0}, {"", 0}, MS_NONE, MS_NONE};
    struct text_lines l = text_lines_of(text);
    struct slice line;
    while (text_lines_next(&l, &line)) {
        if (slice_starts(line, HEADING) && out.with.n == 0)
            out.with = behind(line, strlen(HEADING));
        else if (slice_starts(line, STARTED) && out.started_ms == MS_NONE)
            read_started(behind(line, strlen(STARTED)), &out);
        else if (slice_starts(line, FOOTER))
            out.workspace = behind(line, strlen(FOOTER));
    }
    out.workspace.n = slice_find(out.workspace, " on ");
    return out;
}

/* Is NAME "Ada from Shop"? Then it is cut to "Ada". */
static bool is_staff(const struct about *about, struct slice *name)
{
    size_t at = slice_find(*name, " from ");
    if (at == name->n)
        return false;
    struct slice of = behind(*name, at + 6);
    if (!slice_eq(of, about->workspace) && !slice_eq(of, about->with))
        return false;
    name->n = at;
    return true;
}

static enum role role_of(const struct about *about, struct slice *name)
{
    if (is_staff(about, name))
        return ROLE_AGENT;
    bool ends_in_bot = name->n >= 3 && strncasecmp(name->s + name->n - 3, "bot", 3) == 0;
    if (ends_in_bot || slice_is(*name, "Operator") || slice_is(*name, "Fin"))
        return ROLE_BOT;
    return slice_eq(*name, about->with) ? ROLE_CUSTOMER : ROLE_UNKNOWN;
}

/* Is LINE "---" or "--- May 6, 2024 ---"? Then *day is its date, if it has one. */
static bool is_rule(struct slice line, int64_t *day)
{
    if (!slice_starts(line, RULE))
        return false;
    while (line.n != 0 && (line.s[0] == '-' || line.s[0] == ' '))
        line = (struct slice){line.s + 1, line.n - 1};
    while (line.n != 0 && (line.s[line.n - 1] == '-' || line.s[line.n - 1] == ' '))
        line.n--;
    return line.n == 0 || read_day(line, day);
}

static void begin(struct transcript *t, const struct about *about, const struct message *m, int64_t at)
{
    struct slice name = m->name;
    enum role role = role_of(about, &name);
    transcript_begin(t, name, at, MS_NONE);
    if (role != ROLE_UNKNOWN)
        t->open.role = role;
    transcript_add(t, "\n", m->text);
}

static enum err_code convert(struct slice text, const char *path, const struct reader_options *o, struct transcript *t,
                             struct conversation *c, struct err *e)
{
    const struct about about = read_about(text);
    struct text_lines l = text_lines_of(text);
    struct slice line;
    struct message m;
    int64_t day = about.started_ms != MS_NONE ? when_day_of(about.started_ms) * MS_PER_DAY : 0;
    bool has_begun = false;
    (void)path, (void)o, (void)e;
    c->channel = SLICE_LIT("chat");
    while (text_lines_next(&l, &line)) {
        line = slice_trim(line);
        if (begins(line, &m)) {
            begin(t, &about, &m, day + m.ms);
            has_begun = true;
        } else if (has_begun && slice_starts(line, FOOTER)) {
            break;
        } else if (!is_rule(line, &day) && has_begun && line.n != 0) {
            transcript_add(t, "\n", line);
        }
    }
    int64_t first = transcript_rebase(t, MS_PER_DAY);
    if (about.started_ms == MS_NONE || first == MS_NONE)
        return ERR_OK;
    c->started_at_ms = first - (about.zone_ms != MS_NONE ? about.zone_ms : 0);
    c->time_origin = about.zone_ms != MS_NONE ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
    return ERR_OK;
}

enum err_code intercom_text_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                                 const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
