/* The text that WhatsApp exports:
 *     [06.05.24, 10:00:05] Ada Lee: Hello          iPhone
 *     06/05/2024, 10:00 - Ada Lee: Hello           Android; also "10:00 AM - ", "10:00 a. m. - ", "10:00. - "
 *     06/05/2024 10:00:05: Ada Lee: Hello          iPhone, until 2015
 * Lines without a date go on. No "Name:" is a line of the system ("Ada was added"). The phone's language decides how
 * dates and times look: "6.5.2024 klo 10.00", "2024. 05. 06.", "2024/5/6 (words for a.m.) 10:00", Arabic digits, years
 * of Thailand. Marks of writing direction and U+202F before AM are passed over; the phone sets U+200E before its own
 * words, so that a first message with one is the notice of encryption, in whatever language. Day, month and year: what
 * holds for all dates of the file; if several orders do, that in which the dates do not run back, then that in which
 * they lie nearer together; then the month first with "AM", else the day. Times are local.
 * An export grows with the chat, so the conversation's id is a hash of its beginning: the first message of each of the
 * first two. */
#include "ingest/formats/readers.h"

#include <stdio.h>
#include <strings.h>

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
    bool is_us;         /* "AM" or "PM" was said, as Americans write it */
    bool is_year_first; /* by the language of the words */
};

/* The dates of a file. */
struct dates {
    size_t wrong[ORDER_COUNT]; /* dates that are none in this order */
    size_t back[ORDER_COUNT];  /* steps back in time */
    int64_t first[ORDER_COUNT], last[ORDER_COUNT];
    bool is_us; /* there are such times, and dates without "." */
    bool is_year_first;
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

/* The bytes of the digit at the start of X, ASCII's, Arabic or Persian; 0 if there is none. */
static size_t take_digit(struct slice x, int *out)
{
    if (x.n > 0 && x.s[0] >= '0' && x.s[0] <= '9') {
        *out = x.s[0] - '0';
        return 1;
    }
    if (x.n < 2)
        return 0;
    unsigned char first = (unsigned char)x.s[0], second = (unsigned char)x.s[1];
    *out = second & 0x0f;
    bool is_arabic = first == 0xd9 && second >= 0xa0 && second <= 0xa9;
    bool is_persian = first == 0xdb && second >= 0xb0 && second <= 0xb9;
    return is_arabic || is_persian ? 2 : 0;
}

/* One to MOST digits. */
static bool take_number(struct slice *x, size_t most, int *out)
{
    int digit;
    size_t ndigits = 0, n;
    for (*out = 0; ndigits < most && (n = take_digit(*x, &digit)) != 0; ndigits++) {
        *out = *out * 10 + digit;
        pass(x, n);
    }
    return ndigits != 0 && take_digit(*x, &digit) == 0;
}

static bool take_char(struct slice *x, const char *set)
{
    if (x->n == 0 || x->s[0] == '\0' || strchr(set, x->s[0]) == NULL)
        return false;
    pass(x, 1);
    return true;
}

static bool take_word(struct slice *x, const char *word)
{
    if (!slice_starts(*x, word))
        return false;
    pass(x, strlen(word));
    return true;
}

/* "/", ". ", the signs for year and month in Chinese and Korean. */
static bool take_separator(struct slice *x, struct stamp *s)
{
    static const char *const signs[] = {"\xe5\xb9\xb4", "\xe6\x9c\x88", "\xeb\x85\x84", "\xec\x9b\x94"};
    char last = s->separator;
    pass(x, unseen(*x));
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (take_word(x, signs[i])) {
            s->is_year_first = true;
            pass(x, unseen(*x));
            return true;
        }
    s->separator = (char)(x->n != 0 ? x->s[0] : 0);
    bool is_there = take_char(x, "/.-") && (last == '\0' || last == s->separator);
    pass(x, unseen(*x));
    return is_there;
}

/* The date, and what may stand between it and the blank behind it: ".", a day of the week in brackets, a comma. */
static bool take_date(struct slice *x, struct stamp *s)
{
    if (!take_number(x, 4, &s->part[0]) || !take_separator(x, s) || !take_number(x, 2, &s->part[1]) ||
        !take_separator(x, s) || !take_number(x, 4, &s->part[2]))
        return false;
    (void)(take_word(x, "\xe6\x97\xa5") || take_word(x, "\xec\x9d\xbc") || take_char(x, ".")); /* the sign for day */
    const char *close = x->n > 1 && x->s[0] == '(' ? memchr(x->s, ')', x->n < 16 ? x->n : 16) : NULL;
    if (close != NULL)
        pass(x, (size_t)(close - x->s) + 1);
    (void)(take_char(x, ",") || take_word(x, "\xd8\x8c"));
    return true;
}

/* "AM", "p.m.", "a. m." with what stands between. */
static bool take_latin_half(struct slice *x, bool *is_pm, bool *has_dots)
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

/* The same in other languages, before the time or behind it. */
static const struct half_word {
    const char *word;
    bool is_pm, is_year_first;
} half_words[] = {
    {"\xe4\xb8\x8a\xe5\x8d\x88", false, true}, /* Chinese */
    {"\xe4\xb8\x8b\xe5\x8d\x88", true, true},
    {"\xe5\x87\x8c\xe6\x99\xa8", false, true},
    {"\xe6\x97\xa9\xe4\xb8\x8a", false, true},
    {"\xe4\xb8\xad\xe5\x8d\x88", true, true},
    {"\xe6\x99\x9a\xe4\xb8\x8a", true, true},
    {"\xec\x98\xa4\xec\xa0\x84", false, true}, /* Korean */
    {"\xec\x98\xa4\xed\x9b\x84", true, true},
    {"\xe5\x8d\x88\xe5\x89\x8d", false, true}, /* Japanese */
    {"\xe5\x8d\x88\xe5\xbe\x8c", true, true},
    {"\xd8\xb5", false, false}, /* Arabic */
    {"\xd9\x85", true, false},
    {"\xd9\x82.\xd8\xb8.", false, false}, /* Persian */
    {"\xd8\xa8.\xd8\xb8.", true, false},
    {"\xcf\x80.\xce\xbc.", false, false}, /* Greek */
    {"\xce\xbc.\xce\xbc.", true, false},
    {"SA", false, false}, /* Vietnamese */
    {"CH", true, false},
    {"PTG", true, false}, /* Malay */
    {"PG", false, false},
    {"\xc3\x96\xc3\x96", false, false}, /* Turkish */
    {"\xc3\x96S", true, false},
};

static bool take_half_word(struct slice *x, struct stamp *s, bool *is_pm)
{
    struct slice y = *x;
    pass(&y, unseen(y));
    for (size_t i = 0; i < sizeof half_words / sizeof *half_words; i++)
        if (take_word(&y, half_words[i].word)) {
            *is_pm = half_words[i].is_pm;
            s->is_year_first = s->is_year_first || half_words[i].is_year_first;
            *x = y;
            return true;
        }
    return false;
}

/* What some languages put before the time: "um 10:00". */
static void take_at(struct slice *x)
{
    static const char *const words[] = {"um ", "\xc3\xa0 ", "\xc3\xa0s ",     "kl. ",      "kl ",    "klo ",
                                        "at ", "om ",       "alle ore ",      "ore ",      "a las ", "la ",
                                        "ob ", "u ",        "l\xc3\xba\x63 ", "\xd0\xb2 ", "saat ",  "o "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (take_word(x, words[i]))
            return;
}

static bool take_time(struct slice *x, struct stamp *s, bool *has_seconds)
{
    int hour, minute, second = 0;
    bool is_pm = false, has_dots = false;
    bool is_half = take_half_word(x, s, &is_pm);
    pass(x, unseen(*x));
    take_at(x);
    if (!take_number(x, 2, &hour) || !take_char(x, ":.") || !take_number(x, 2, &minute))
        return false;
    struct slice y = *x;
    *has_seconds = take_char(&y, ":.") && take_number(&y, 2, &second);
    *x = *has_seconds ? y : *x;
    if (take_latin_half(x, &is_pm, &has_dots)) {
        is_half = true;
        s->is_us = !has_dots;
    } else if (!is_half && !take_half_word(x, s, &is_pm)) {
        (void)take_char(x, "."); /* "13:34. - " */
    } else {
        is_half = true;
    }
    if (is_half && hour <= 12)
        hour = hour % 12 + (is_pm ? 12 : 0);
    s->of_day_ms = ((int64_t)hour * 3600 + (int64_t)minute * 60 + second) * 1000;
    return hour < 24 && minute < 60 && second < 60;
}

/* Does a message begin with LINE? *rest is what stands behind the date. */
static bool begins(struct slice line, struct stamp *s, struct slice *rest)
{
    bool has_seconds;
    *s = (struct stamp){.separator = '\0'};
    pass(&line, unseen(line));
    bool is_bracketed = take_char(&line, "[");
    if (!take_date(&line, s))
        return false;
    size_t gap = unseen(line);
    pass(&line, gap);
    if (gap == 0 || !take_time(&line, s, &has_seconds))
        return false;
    pass(&line, unseen(line));
    bool is_over = is_bracketed ? take_char(&line, "]")
                                : take_char(&line, "-") || take_word(&line, "\xe2\x80\x93") ||
                                      (has_seconds && take_char(&line, ":"));
    pass(&line, unseen(line));
    *rest = line;
    return is_over;
}

/* ---- days ----------------------------------------------------------------------------------------------------------
 */

static bool day_by(const struct stamp *s, enum order order, int64_t *day)
{
    static const unsigned char at[ORDER_COUNT][3] = {{2, 1, 0}, {2, 0, 1}, {0, 1, 2}}; /* of year, month, day */
    struct civil c = {s->part[at[order][0]], s->part[at[order][1]], s->part[at[order][2]]};
    if ((order != ORDER_YMD && s->part[0] > 999) || (order == ORDER_YMD && s->part[2] > 999))
        return false;
    if (order == ORDER_YMD && c.year < 9) /* WhatsApp is of 2009 */
        return false;
    c.year += c.year < 100 ? 2000 : c.year > 2500 && c.year < 2600 ? -543 : 0; /* Thailand counts from the Buddha */
    *day = when_day(c);
    return c.year >= 1990 && when_civil_is_valid(c);
}

static void learn_date(struct dates *d, const struct stamp *s)
{
    d->is_us = d->is_us || (s->is_us && s->separator == '/');
    d->is_year_first = d->is_year_first || s->is_year_first;
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

/* Does the file speak more for order A than for B? */
static bool is_likelier(const struct dates *d, enum order a, enum order b)
{
    if (d->wrong[a] != d->wrong[b])
        return d->wrong[a] < d->wrong[b];
    if (d->back[a] != d->back[b])
        return d->back[a] < d->back[b];
    return d->last[a] - d->first[a] < d->last[b] - d->first[b]; /* who writes at all, writes day by day */
}

static enum order order_of(const struct dates *d)
{
    enum order usual = d->is_us ? ORDER_MDY : ORDER_DMY, other = d->is_us ? ORDER_DMY : ORDER_MDY;
    enum order best = is_likelier(d, other, usual) ? other : usual;
    bool is_year_first = is_likelier(d, ORDER_YMD, best) || (d->is_year_first && !is_likelier(d, best, ORDER_YMD));
    return is_year_first ? ORDER_YMD : best;
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

/* Is the first sign of X the mark that the phone sets before its own words? */
static bool is_marked(struct slice x)
{
    x = slice_trim(x);
    return slice_starts(x, "\xe2\x80\x8e");
}

static bool split_name(const struct names *names, struct slice rest, struct slice *name, struct slice *text)
{
    size_t n = name_length(rest, true);
    if (n == 0) { /* "Ada:." is Ada's if she says something elsewhere */
        n = name_length(rest, false);
        n = knows(names, (struct slice){rest.s, n}) ? n : 0;
    }
    *name = slice_trim((struct slice){rest.s, n});
    *text = n != 0 ? (struct slice){rest.s + n + 1, rest.n - n - 1} : rest;
    if (name->n > 1 && name->s[0] == '~') /* "~ Ada": a number that is not among the contacts */
        pass(name, 1 + unseen((struct slice){name->s + 1, name->n - 1}));
    return n != 0;
}

/* ---- the file ------------------------------------------------------------------------------------------------------
 */

/* Names that logs have where chats have people. */
static bool is_doubtful(struct slice name)
{
    static const char *const levels[] = {"INFO",  "WARN",  "WARNING", "ERROR",   "DEBUG",
                                         "TRACE", "FATAL", "NOTICE",  "CRITICAL"};
    size_t last = name.n; /* "local.ERROR" */
    while (last > 0 && name.s[last - 1] != '.')
        last--;
    struct slice word = {name.s + last, name.n - last};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (word.n == strlen(levels[i]) && strncasecmp(word.s, levels[i], word.n) == 0)
            return true;
    for (size_t i = 0; i + 3 <= name.n; i++) /* "module - INFO - text" */
        if (memcmp(name.s + i, " - ", 3) == 0)
            return true;
    return false;
}

/* The first line begins a message, and somebody speaks. */
int whatsapp_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct text_lines l = text_lines_of(s->text);
    struct slice line = {"", 0}, rest;
    struct stamp stamp;
    size_t nnames = 0, ndoubtful = 0;
    (void)o, (void)e;
    while (unseen(line) == line.n)
        if (!text_lines_next(&l, &line))
            return 0;
    if (!begins(line, &stamp, &rest))
        return 0;
    do {
        size_t n = begins(line, &stamp, &rest) ? name_length(rest, true) : 0;
        nnames += n != 0;
        ndoubtful += n != 0 && is_doubtful((struct slice){rest.s, n});
    } while (nnames < 100 && text_lines_next(&l, &line));
    return nnames > ndoubtful ? 95 : 0;
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

/* What tells one chat from another, and stays when it grows: the lines up to the first that somebody says (a notice is
 * the same in all chats that begin in its minute), and the first line of the other (so may be a greeting). */
struct beginning {
    uint64_t hash, first_name;
    unsigned nspeakers;
};

static void learn_beginning(struct beginning *b, struct slice line, struct slice name, bool is_said)
{
    bool is_other = is_said && b->nspeakers == 1 && hash64(name) != b->first_name;
    if (b->nspeakers == 0 || is_other)
        b->hash = b->hash == 0 ? hash64(line) : b->hash * 31 + hash64(line);
    if (is_said && b->nspeakers == 0)
        b->first_name = hash64(name);
    b->nspeakers += (is_said && b->nspeakers == 0) || is_other;
}

static void name_conversation(uint64_t hash, struct transcript *t, struct conversation *c)
{
    char id[24];
    (void)snprintf(id, sizeof id, "wa-%016llx", (unsigned long long)hash);
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
    struct beginning beginning = {.hash = 0};
    c->channel = SLICE_LIT("whatsapp");
    while (text_lines_next(&l, &line)) {
        int64_t day = 0;
        if (!begins(line, &stamp, &rest)) {
            add(t, line);
            continue;
        }
        int64_t at = day_by(&stamp, order, &day) ? day * MS_PER_DAY + stamp.of_day_ms : MS_NONE;
        bool is_said = split_name(&names, rest, &name, &said) && !(t->n == 0 && !t->is_open && is_marked(said));
        pass(&said, unseen(said));
        is_said = is_said && !is_notice(said);
        transcript_begin(t, is_said ? name : SLICE_LIT("system"), at, MS_NONE);
        add(t, said);
        learn_beginning(&beginning, line, name, is_said);
    }
    if (beginning.hash != 0)
        name_conversation(beginning.hash, t, c);
    c->started_at_ms = transcript_rebase(t, 0);
    c->time_origin = TIME_ASSUMED_UTC;
    return ERR_OK;
}

enum err_code whatsapp_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                            const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
