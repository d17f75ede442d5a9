#include "ingest/label_lines.h"

#include "core/when.h"
#include "ingest/labels.h"
#include "ingest/roles.h"
#include "ingest/times.h"

#define YEAR_1990 INT64_C(631152000000) /* in ms: no time of the day, but an instant */

void label_lines_learn(struct line_labels *labels, struct slice text)
{
    struct text_lines l = text_lines_of(text);
    struct slice line;
    while (text_lines_next(&l, &line))
        line_labels_learn(labels, line);
}

int label_lines_score(const struct line_labels *labels, struct slice text, size_t *n)
{
    struct text_lines l = text_lines_of(text);
    struct slice line, name;
    struct line_label x;
    size_t nlabelled = 0, nroles = 0, nnumbered = 0, nrepeated = 0, ncapitals = 0, ntimed = 0;
    while (text_lines_next(&l, &line)) {
        if (!line_labels_find(labels, line, &x))
            continue;
        nlabelled++;
        ntimed += x.time_ms != MS_NONE;
        nroles += roles_of_label(x.name, &name) != ROLE_UNKNOWN;
        nnumbered += x.is_sure || roles_is_numbered(x.name);
        ncapitals += x.name.s[0] < 'a' || x.name.s[0] > 'z';
    }
    *n = nlabelled;
    for (size_t i = 0; i < labels->n; i++)
        nrepeated += labels->seen[i] >= 2;
    if ((labels->has_agent && labels->has_customer) || line_labels_are_items(labels))
        return 20 * nlabelled >= labels->nlines ? 70 : 0;
    if (2 * labels->nfields > nlabelled) /* records, not words of people */
        return 0;
    bool are_few = nrepeated <= 4 || 4 * nrepeated <= nlabelled; /* few people say much; records have many fields */
    if (nroles >= 2 && 10 * nlabelled >= labels->nlines)
        return are_few ? 60 : 0;
    bool are_timed = nlabelled >= 2 && nroles + nrepeated > 0 && ntimed == nlabelled && 2 * nlabelled >= labels->nlines;
    bool are_numbered = nnumbered >= 2 && labels->n <= 10;
    bool are_names = (are_timed || are_numbered || (nrepeated >= 2 && nlabelled >= 4)) &&
                     10 * ncapitals >= 9 * nlabelled; /* not "key: value" */
    return are_names && 5 * nlabelled >= labels->nlines && are_few ? 50 : 0;
}

/* A fact above the conversation. */
static void read_fact(struct slice line, const struct reader_options *o, struct transcript *t, struct conversation *c)
{
    static const char *const times[] = {"date",      "started",      "start time", "start",
                                        "call date", "chat started", "date/time",  "started at",
                                        "time",      "call start",   "chat date",  "timestamp"};
    static const char *const ids[] = {"conversation id", "call id",        "chat id",      "session id",
                                      "contact id",      "case id",        "case number",  "ticket id",
                                      "ticket",          "interaction id", "transcript id"};
    const char *colon = line.n != 0 ? memchr(line.s, ':', line.n) : NULL;
    if (colon == NULL)
        return;
    struct slice value = slice_trim((struct slice){colon + 1, line.n - (size_t)(colon - line.s) - 1});
    char key[32];
    size_t n = 0;
    for (const char *p = line.s; p < colon && n < sizeof key - 1; p++)
        key[n++] = (char)(*p >= 'A' && *p <= 'Z' ? *p + ('a' - 'A') : *p);
    struct slice name = slice_trim((struct slice){key, n});
    bool has_zone;
    int64_t at;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (slice_is(name, times[i]) && c->started_at_ms == MS_NONE &&
            times_parse(value, o->date_format, &at, &has_zone)) {
            c->started_at_ms = at;
            c->time_origin = has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
        }
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (slice_is(name, ids[i]) && c->external_id.n == 0)
            c->external_id = transcript_keep(t, value);
}

/* A line with a time and no label, where messages have times: somebody came, went, was asked to wait. */
static bool is_event(struct slice line, struct line_label *out)
{
    line = slice_trim(line);
    size_t n = line_labels_time(line, &out->time_ms, &out->is_clock);
    out->text = (struct slice){line.s + n, line.n - n};
    return n != 0;
}

/* A line that is a time and nothing else, as Google Meet sets every five minutes: that of the next turn. */
static bool is_time_alone(struct slice line, int64_t *ms)
{
    bool is_clock;
    int64_t found;
    line = slice_trim(line);
    if (line.n == 0 || line_labels_time(line, &found, &is_clock) != line.n)
        return false;
    *ms = found;
    return true;
}

/* What Google Meet writes at the end. */
static bool is_footer(struct slice line)
{
    line = slice_trim(line);
    return slice_starts(line, "Meeting ended after ") ||
           slice_starts(line, "This editable transcript was computer generated");
}

void label_lines_turns(const struct line_labels *labels, struct slice text, enum label_lines_head head,
                       const struct reader_options *o, struct transcript *t, struct conversation *c)
{
    struct text_lines l = text_lines_of(text);
    struct slice line;
    bool is_begun = false, has_times = false, are_clocks = false;
    int64_t first = MS_NONE, next = MS_NONE;
    while (text_lines_next(&l, &line)) {
        struct line_label x;
        if (is_time_alone(line, &next) || is_footer(line))
            continue;
        if (line_labels_find(labels, line, &x)) {
            is_begun = true;
            x.time_ms = x.time_ms != MS_NONE ? x.time_ms : next;
            next = MS_NONE;
            has_times = has_times || x.time_ms != MS_NONE;
            transcript_begin(t, x.name, x.time_ms, MS_NONE);
            transcript_add(t, "\n", head == LABEL_LINES_TURN ? x.text : slice_trim(x.text));
        } else if (!is_begun && head == LABEL_LINES_FACTS) {
            read_fact(slice_trim(line), o, t, c);
            continue;
        } else if (has_times && is_event(line, &x)) {
            transcript_begin(t, SLICE_LIT("system"), x.time_ms, MS_NONE);
            transcript_add(t, "\n", slice_trim(x.text));
        } else {
            if (head == LABEL_LINES_TURN && (t->is_open || slice_trim(line).n != 0))
                transcript_add(t, "\n", line); /* as it was said, with its blank lines */
            else if (slice_trim(line).n != 0)
                transcript_add(t, "\n", slice_trim(line));
            continue;
        }
        are_clocks = are_clocks || x.is_clock;
        first = first == MS_NONE ? x.time_ms : first;
    }
    if (has_times && (are_clocks || first >= INT64_C(3600000))) { /* nobody waits an hour before the first word */
        int64_t at = transcript_rebase(t, MS_PER_DAY);
        if (at >= YEAR_1990 && c->started_at_ms == MS_NONE) {
            c->started_at_ms = at;
            c->time_origin = TIME_ASSUMED_UTC;
        }
    }
}

/* ---- labels anywhere -----------------------------------------------------------------------------------------------
 */

/* The lines of TEXT that have labels, if these are as many as it has labels at all; else 0. */
static size_t count_lines(struct slice text, struct line_labels *labels)
{
    size_t n = 0;
    *labels = (struct line_labels){.n = 0};
    if (text.n == 0 || (memchr(text.s, '\n', text.n) == NULL && memchr(text.s, '\r', text.n) == NULL))
        return 0;
    label_lines_learn(labels, text);
    bool fits = label_lines_score(labels, text, &n) > 0 && n >= 2 && n >= labels_count(text);
    return fits ? n : 0;
}

size_t label_lines_count(struct slice text)
{
    struct line_labels labels;
    size_t n = count_lines(text, &labels);
    return n != 0 ? n : labels_count(text);
}

enum err_code label_lines_cut(struct slice text, const struct reader_options *o, struct arena *a,
                              struct conversation *c, struct err *e)
{
    struct line_labels labels;
    struct transcript t = {.arena = a};
    if (count_lines(text, &labels) == 0)
        return labels_cut(text, a, &c->turns, &c->nturns, e);
    label_lines_turns(&labels, text, LABEL_LINES_TURN, o, &t, c);
    transcript_end(&t);
    c->nturns = (uint32_t)t.n;
    c->turns = t.n != 0 ? arena_alloc(a, t.n * sizeof *t.turns) : NULL;
    bool is_lost = t.failed || (t.n != 0 && c->turns == NULL);
    if (!is_lost && t.n != 0)
        memcpy(c->turns, t.turns, t.n * sizeof *t.turns);
    transcript_free(&t);
    if (is_lost)
        c->nturns = 0;
    return is_lost ? err_nomem(e) : ERR_OK;
}
