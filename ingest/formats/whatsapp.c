/* The text that WhatsApp exports:
 *     [06.05.24, 10:00:05] Ada Lee: Hello          iPhone
 *     06/05/2024, 10:00 - Ada Lee: Hello           Android; also "10:00 AM - ", "10:00 a. m. - ", "10:00. - "
 * Lines without a date go on. No "Name:" is a line of the system ("Ada was added"). Marks of writing direction and
 * U+202F before AM are passed over. Day and month: what holds for all dates of the file; if both do, the order in which
 * the dates do not run back, then that in which they lie nearer together; then the month first with "AM", else the day.
 * Times are local.
 * An export grows with the chat, so the conversation's id is a hash of its first message. */
#include "ingest/formats/readers.h"

#include <stdio.h>

#include "core/hash.h"
#include "core/when.h"
#include "ingest/text_file.h"

#define MOST_NAME  80
#define MOST_NAMES 300

/* How the three numbers of a date stand. */
enum order { ORDER_DMY, ORDER_MDY, ORDER_YMD, ORDER_COUNT };

struct stamp {
    int part[3];
    char separator;
    int64_t of_day_ms;
    bool is_us; /* "AM" or "PM" was said, as Americans write it */
};

/* The dates of a file. */
struct dates {
    size_t wrong[ORDER_COUNT]; /* dates that are none in this order */
    size_t back[ORDER_COUNT];  /* steps back in time */
    int64_t first[ORDER_COUNT], last[ORDER_COUNT];
    bool is_us; /* there are such times, and dates without "." */
    size_t n;
};

struct names {
    uint64_t hash[MOST_NAMES];
    size_t n;
};

/* ---- a line --------------------------------------------------------------------------------------------------------
 */

/* The last byte of U+2009, U+200E, U+200F, U+202A to U+202F. */
static bool is_mark(char c)
{
    return c == '\x89' || c == '\x8e' || c == '\x8f' || (c >= '\xaa' && c <= '\xaf');
}

/* Bytes of the blanks and marks at the start of X that are not seen: blanks, U+00A0, U+200E, U+200F, U+202A to U+202F,
 * U+2009, U+FEFF. */
static size_t unseen(struct slice x)
{
    size_t i = 0;
    while (i < x.n) {
        const char *s = x.s + i;
        size_t left = x.n - i;
        if (*s == ' ' || *s == '\t')
            i += 1;
        else if (left >= 2 && memcmp(s, "\xc2\xa0", 2) == 0)
            i += 2;
        else if (left >= 3 && (memcmp(s, "\xef\xbb\xbf", 3) == 0 || (memcmp(s, "\xe2\x80", 2) == 0 && is_mark(s[2]))))
            i += 3;
        else
            break;
    }
    return i;
}

static void pass(struct slice *x, size_t n)
{
    x->s += n;
    x->n -= n;
}

/* One to MOST digits. */
static bool take_number(struct slice *x, size_t most, int *out)
{
    size_t n = 0;
    *out = 0;
    while (n < x->n && n < most && x->s[n] >= '0' && x->s[n] <= '9')
        *out = *out * 10 + (x->s[n++] - '0');
    pass(x, n);
    return n != 0 && (x->n == 0 || x->s[0] < '0' || x->s[0] > '9');
}

static bool take_char(struct slice *x, const char *set)
{
    if (x->n == 0 || x->s[0] == '\0' || strchr(set, x->s[0]) == NULL)
        return false;
    pass(x, 1);
    return true;
}

static bool take_date(struct slice *x, struct stamp *s)
{
    if (!take_number(x, 4, &s->part[0]) || x->n == 0)
        return false;
    s->separator = x->s[0];
    if (!take_char(x, "/.-") || !take_number(x, 2, &s->part[1]) || x->n == 0 || x->s[0] != s->separator)
        return false;
    pass(x, 1);
    return take_number(x, 4, &s->part[2]);
}

/* "AM", "p.m.", "a. m." with what stands between. */
static bool take_half(struct slice *x, bool *is_pm, bool *has_dots)
{
    struct slice y = *x;
    pass(&y, unseen(y));
    if (y.n == 0 || strchr("aApP", y.s[0]) == NULL)
        return false;
    *is_pm = (y.s[0] | 0x20) == 'p';
    pass(&y, 1);
    *has_dots = take_char(&y, ".");
    pass(&y, unseen(y));
    if (!take_char(&y, "mM"))
        return false;
    (void)take_char(&y, ".");
    *x = y;
    return true;
}

static bool take_time(struct slice *x, struct stamp *s)
{
    int hour, minute, second = 0;
    bool is_pm = false, has_dots = false;
    pass(x, unseen(*x));
    if (!take_number(x, 2, &hour) || !take_char(x, ":.") || !take_number(x, 2, &minute))
        return false;
    bool has_seconds = x->n > 1 && (x->s[0] == ':' || x->s[0] == '.') && x->s[1] >= '0' && x->s[1] <= '9';
    if (has_seconds && (!take_char(x, ":.") || !take_number(x, 2, &second)))
        return false;
    bool is_half = take_half(x, &is_pm, &has_dots);
    s->is_us = is_half && !has_dots;
    if (!is_half) /* "13:34. - " */
        (void)take_char(x, ".");
    if (is_half && hour <= 12)
        hour = hour % 12 + (is_pm ? 12 : 0);
    s->of_day_ms = ((int64_t)hour * 3600 + (int64_t)minute * 60 + second) * 1000;
    return hour < 24 && minute < 60 && second < 60;
}

/* Does a message begin with LINE? *rest is what stands behind the date. */
static bool begins(struct slice line, struct stamp *s, struct slice *rest)
{
    *s = (struct stamp){.separator = '\0'};
    pass(&line, unseen(line));
    bool is_bracketed = take_char(&line, "[");
    if (!take_date(&line, s))
        return false;
    (void)take_char(&line, ",");
    size_t gap = unseen(line);
    pass(&line, gap);
    if (gap == 0 || !take_time(&line, s))
        return false;
    pass(&line, unseen(line));
    if (is_bracketed ? !take_char(&line, "]") : !take_char(&line, "-"))
        return false;
    pass(&line, unseen(line));
    *rest = line;
    return true;
}

/* ---- days ----------------------------------------------------------------------------------------------------------
 */

static bool day_by(const struct stamp *s, enum order order, int64_t *day)
{
    static const unsigned char at[ORDER_COUNT][3] = {{2, 1, 0}, {2, 0, 1}, {0, 1, 2}}; /* of year, month, day */
    struct civil c = {s->part[at[order][0]], s->part[at[order][1]], s->part[at[order][2]]};
    if ((order == ORDER_YMD) != (s->part[0] > 999) || (order != ORDER_YMD && s->part[2] > 99 && s->part[2] < 1990))
        return false;
    c.year += c.year < 100 ? 2000 : 0;
    *day = when_day(c);
    return when_civil_is_valid(c);
}

static void learn_date(struct dates *d, const struct stamp *s)
{
    d->is_us = d->is_us || (s->is_us && s->separator == '/');
    d->n++;
    for (int order = 0; order < ORDER_COUNT; order++) {
        int64_t day = 0;
        if (!day_by(s, (enum order)order, &day)) {
            d->wrong[order]++;
            continue;
        }
        bool is_first = d->n == d->wrong[order] + 1;
        d->back[order] += !is_first && day < d->last[order];
        d->first[order] = is_first ? day : d->first[order];
        d->last[order] = day;
    }
}

static enum order order_of(const struct dates *d)
{
    if (d->wrong[ORDER_YMD] < d->wrong[ORDER_DMY] && d->wrong[ORDER_YMD] < d->wrong[ORDER_MDY])
        return ORDER_YMD;
    if (d->wrong[ORDER_DMY] != d->wrong[ORDER_MDY])
        return d->wrong[ORDER_DMY] < d->wrong[ORDER_MDY] ? ORDER_DMY : ORDER_MDY;
    if (d->back[ORDER_DMY] != d->back[ORDER_MDY])
        return d->back[ORDER_DMY] < d->back[ORDER_MDY] ? ORDER_DMY : ORDER_MDY;
    int64_t span_dmy = d->last[ORDER_DMY] - d->first[ORDER_DMY], span_mdy = d->last[ORDER_MDY] - d->first[ORDER_MDY];
    if (span_dmy != span_mdy) /* who writes at all, writes day by day */
        return span_dmy < span_mdy ? ORDER_DMY : ORDER_MDY;
    return d->is_us ? ORDER_MDY : ORDER_DMY;
}

/* ---- who -----------------------------------------------------------------------------------------------------------
 */

/* The bytes of the name at the start of X, before a ":"; 0 if none stands there. IS_SURE: a blank follows the ":". */
static size_t name_length(struct slice x, bool is_sure)
{
    for (size_t i = 0; i < x.n && i <= MOST_NAME; i++) {
        if (x.s[i] == '"' ||
            (i + 2 < x.n && memcmp(x.s + i, "\xe2\x80\x9c", 3) == 0)) /* changed the subject to "a: b" */
            return 0;
        if (x.s[i] == ':' && (!is_sure || i + 1 == x.n || unseen((struct slice){x.s + i + 1, x.n - i - 1}) != 0))
            return i;
    }
    return 0;
}

static bool knows(const struct names *names, struct slice name)
{
    uint64_t hash = hash64(name);
    for (size_t i = 0; i < names->n; i++)
        if (names->hash[i] == hash)
            return true;
    return false;
}

static void learn_name(struct names *names, struct slice rest)
{
    struct slice name = {rest.s, name_length(rest, true)};
    if (name.n != 0 && names->n < MOST_NAMES && !knows(names, name))
        names->hash[names->n++] = hash64(name);
}

static bool split_name(const struct names *names, struct slice rest, struct slice *name, struct slice *text)
{
    size_t n = name_length(rest, true);
    if (n == 0) { /* "Ada:." is Ada's if she says something elsewhere */
        n = name_length(rest, false);
        n = knows(names, (struct slice){rest.s, n}) ? n : 0;
    }
    *name = (struct slice){rest.s, n};
    *text = n != 0 ? (struct slice){rest.s + n + 1, rest.n - n - 1} : rest;
    pass(text, unseen(*text));
    if (name->n > 1 && name->s[0] == '~') /* "~ Ada": a number that is not among the contacts */
        pass(name, 1 + unseen((struct slice){name->s + 1, name->n - 1}));
    return n != 0;
}

/* ---- the file ------------------------------------------------------------------------------------------------------
 */

int whatsapp_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct text_lines l = text_lines_of(s->text);
    struct slice line = {"", 0}, rest;
    struct stamp stamp;
    (void)o, (void)e;
    while (unseen(line) == line.n)
        if (!text_lines_next(&l, &line))
            return 0;
    return begins(line, &stamp, &rest) ? 95 : 0;
}

static void learn(struct slice text, struct dates *dates, struct names *names)
{
    struct text_lines l = text_lines_of(text);
    struct slice line, rest;
    struct stamp stamp;
    while (text_lines_next(&l, &line))
        if (begins(line, &stamp, &rest)) {
            learn_date(dates, &stamp);
            learn_name(names, rest);
        }
}

static void add(struct transcript *t, struct slice text)
{
    static const char edited[] = "<This message was edited>";
    text = slice_trim(text);
    if (text.n >= sizeof edited - 1 && memcmp(text.s + text.n - sizeof edited + 1, edited, sizeof edited - 1) == 0)
        text.n -= sizeof edited - 1;
    while (text.n >= 3 && unseen((struct slice){text.s + text.n - 3, 3}) == 3)
        text.n -= 3;
    transcript_add(t, "\n", text);
}

/* What WhatsApp says under somebody's name. */
static bool is_notice(struct slice text)
{
    return slice_starts(text, "Messages and calls are end-to-end encrypted") ||
           slice_starts(text, "Messages to this chat and calls are now secured");
}

static void name_conversation(struct slice line, struct transcript *t, struct conversation *c)
{
    char id[24];
    (void)snprintf(id, sizeof id, "wa-%016llx", (unsigned long long)hash64(line));
    c->external_id = transcript_keep(t, slice_of(id));
}

static enum err_code convert(struct slice text, const char *path, const struct reader_options *o, struct transcript *t,
                             struct conversation *c, struct err *e)
{
    struct text_lines l = text_lines_of(text);
    struct slice line, rest, name, said;
    struct dates dates = {.n = 0};
    struct names names = {.n = 0};
    struct stamp stamp;
    (void)path, (void)o, (void)e;
    learn(text, &dates, &names);
    enum order order = order_of(&dates);
    c->channel = SLICE_LIT("whatsapp");
    while (text_lines_next(&l, &line)) {
        int64_t day = 0;
        if (!begins(line, &stamp, &rest)) {
            add(t, line);
            continue;
        }
        int64_t at = day_by(&stamp, order, &day) ? day * MS_PER_DAY + stamp.of_day_ms : MS_NONE;
        bool is_said = split_name(&names, rest, &name, &said) && !is_notice(said);
        transcript_begin(t, is_said ? name : SLICE_LIT("system"), at, MS_NONE);
        add(t, said);
        if (c->external_id.n == 0)
            name_conversation(line, t, c);
    }
    c->started_at_ms = transcript_rebase(t, 0);
    c->time_origin = TIME_ASSUMED_UTC;
    return ERR_OK;
}

enum err_code whatsapp_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                            const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
