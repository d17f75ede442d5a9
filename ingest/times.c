#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier): the C library's own switch, for tm_gmtoff */
#include "ingest/times.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "core/when.h"

#define MOST_TEXT 64

/* A plain decimal number, and nothing else ("1e9", "0x1", "inf" are none). */
static bool parse_number(const char *s, double *x)
{
    const char *digits = "0123456789";
    const char *p = s + (*s == '-');
    size_t whole = strspn(p, digits), part = 0;
    if (p[whole] == '.')
        part = 1 + strspn(p + whole + 1, digits);
    if (whole == 0 || p[whole + part] != '\0')
        return false;
    *x = strtod(s, NULL);
    return true;
}

bool times_from_epoch(double x, int64_t *at_ms)
{
    const double from = 631152000.0, to = 4102444800.0; /* 1990-01-01 and 2100-01-01, in s */
    static const double units[] = {1, 1e3, 1e6, 1e9};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (x >= from * units[i] && x < to * units[i]) {
            *at_ms = llround(x / units[i] * 1000);
            return true;
        }
    return false;
}

/* ---- days and months in either order ---------------------------------------------------------------------------- */

/* Up to MOST digits at *P. */
static bool take_number(const char **p, size_t most, int *out, size_t *n)
{
    *n = strspn(*p, "0123456789");
    if (*n == 0 || *n > most)
        return false;
    *out = (int)strtol(*p, NULL, 10);
    *p += *n;
    return true;
}

/* "16/11/2026", "16.11.26": the three numbers in their order. False if it is none. */
static bool take_date(const char **p, int out[3])
{
    size_t n;
    char sign = '\0';
    for (int i = 0; i < 3; i++) {
        if (i > 0 && (strchr("/.-", **p) == NULL || **p == '\0' || (sign != '\0' && **p != sign)))
            return false;
        if (i > 0)
            sign = *(*p)++;
        if (!take_number(p, i < 2 ? 2 : 4, &out[i], &n) || (i == 2 && n != 2 && n != 4))
            return false;
    }
    if (n == 2)
        out[2] += out[2] < 70 ? 2000 : 1900;
    return true;
}

/* "", "9:30", "09:30:00.5 PM", "9:30 p.m.": in ms; all of P must fit. */
static bool take_clock(const char *p, int64_t *ms)
{
    int part[3] = {0, 0, 0};
    size_t n;
    *ms = 0;
    p += strspn(p, " ,T");
    if (*p == '\0')
        return true;
    for (int i = 0; i < 3; i++) {
        if (i > 0 && *p != ':')
            break;
        p += i > 0;
        if (!take_number(&p, 2, &part[i], &n) || part[i] > (i == 0 ? 23 : 59) || (i == 0 && *p != ':'))
            return false;
    }
    if (*p == '.' || *p == ',')
        p += 1 + strspn(p + 1, "0123456789");
    p += strspn(p, " ");
    if (*p != '\0') {
        bool is_pm = *p == 'p' || *p == 'P';
        if ((!is_pm && *p != 'a' && *p != 'A') || part[0] > 12 || part[0] == 0)
            return false;
        p += 1 + strspn(p + 1, ". mM");
        part[0] = part[0] % 12 + (is_pm ? 12 : 0);
    }
    *ms = (((int64_t)part[0] * 60 + part[1]) * 60 + part[2]) * 1000;
    return *p == '\0';
}

static bool by_order(const char *s, bool is_day_first, int64_t *at_ms)
{
    int part[3];
    int64_t ms;
    if (!take_date(&s, part) || !take_clock(s, &ms))
        return false;
    struct civil c = {part[2], part[is_day_first ? 1 : 0], part[is_day_first ? 0 : 1]};
    if (!when_civil_is_valid(c))
        return false;
    *at_ms = when_day(c) * MS_PER_DAY + ms;
    return true;
}

const char *times_infer_order(struct slice text)
{
    size_t day_first = 0, month_first = 0;
    char before = '\n';
    for (size_t i = 0; i < text.n; before = text.s[i++]) {
        char date[12];
        int part[3];
        const char *p = date;
        if (text.s[i] < '0' || text.s[i] > '9' || strchr("\n\r,;\t|\"'", before) == NULL)
            continue;
        size_t n = text.n - i < sizeof date - 1 ? text.n - i : sizeof date - 1;
        memcpy(date, text.s + i, n);
        date[n] = '\0';
        if (!take_date(&p, part) || (*p != '\0' && strchr("\n\r,;\t|\"' T", *p) == NULL))
            continue;
        day_first += part[0] > 12 && part[0] <= 31 && part[1] >= 1 && part[1] <= 12;
        month_first += part[1] > 12 && part[1] <= 31 && part[0] >= 1 && part[0] <= 12;
    }
    if (day_first != 0 && month_first != 0)
        return NULL;
    return day_first != 0 ? TIMES_DMY : month_first != 0 ? TIMES_MDY : NULL;
}

/* By strptime(3); all of S must fit. */
static bool by_format(const char *s, const char *format, int64_t *at_ms, bool *has_zone)
{
    struct tm tm = {.tm_mday = 1};
    *has_zone = false;
    if (strcmp(format, TIMES_DMY) == 0 || strcmp(format, TIMES_MDY) == 0)
        return by_order(s, strcmp(format, TIMES_DMY) == 0, at_ms);
    const char *end = strptime(s, format, &tm);
    if (end == NULL || *end != '\0')
        return false;
    struct civil c = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
    if (!when_civil_is_valid(c))
        return false;
    int64_t seconds = (int64_t)tm.tm_hour * 3600 + (int64_t)tm.tm_min * 60 + tm.tm_sec;
    *has_zone = strstr(format, "%z") != NULL;
    *at_ms = when_day(c) * MS_PER_DAY + (seconds - (*has_zone ? tm.tm_gmtoff : 0)) * 1000;
    return true;
}

/* ---- months as words, years first -------------------------------------------------------------------------------- */

/* S without commas, without the word "at", with single blanks; false if it is too long. */
static bool tidy(const char *s, char out[MOST_TEXT])
{
    size_t n = 0;
    for (; *s != '\0'; s++) {
        bool is_gap = *s == ' ' || *s == ',';
        if (is_gap && (n == 0 || out[n - 1] == ' '))
            continue;
        if (n + 1 == MOST_TEXT)
            return false;
        out[n++] = (char)(is_gap ? ' ' : *s);
    }
    n -= n > 0 && out[n - 1] == ' ';
    out[n] = '\0';
    char *at = strstr(out, " at ");
    if (at != NULL)
        memmove(at, at + 3, strlen(at + 3) + 1);
    return true;
}

/* Cut " +0100", " (-05:00)" off the end of S; false if there is none. */
static bool cut_zone(char *s, int64_t *zone_ms)
{
    char *gap = strrchr(s, ' ');
    int hours, minutes;
    size_t n;
    if (gap == NULL)
        return false;
    const char *p = gap + 1 + (gap[1] == '(');
    bool is_west = *p == '-';
    if (*p != '+' && *p != '-')
        return false;
    p++;
    if (strspn(p, "0123456789") == 4) {
        hours = (p[0] - '0') * 10 + (p[1] - '0');
        minutes = (p[2] - '0') * 10 + (p[3] - '0');
        p += 4;
    } else if (!take_number(&p, 2, &hours, &n) || *p++ != ':' || !take_number(&p, 2, &minutes, &n)) {
        return false;
    }
    p += *p == ')' && gap[1] == '(';
    if (*p != '\0' || hours > 15 || minutes > 59)
        return false;
    *zone_ms = ((int64_t)hours * 60 + minutes) * 60000 * (is_west ? -1 : 1);
    *gap = '\0';
    return true;
}

/* "Mon, 16 Nov 2026 09:30:00 +0100", "November 16, 2026 at 9:30 PM", "16-Nov-26", "2026/11/16 9:30 PM", and the year at
 * the end as C and Twitter write it. */
static bool by_words(const char *text, int64_t *at_ms, bool *has_zone)
{
    static const char *const dates[] = {"%d %b %Y", "%b %d %Y", "%d-%b-%Y", "%d-%b-%y",
                                        "%Y/%m/%d", "%Y-%m-%d", "%Y.%m.%d", "%Y %b %d"};
    static const char *const whole[] = {"%b %d %H:%M:%S %Y", "%b %d %H:%M:%S %z %Y"};
    char s[MOST_TEXT];
    int64_t zone_ms = 0, ms = 0;
    struct tm day = {.tm_mday = 1};
    if (!tidy(text, s))
        return false;
    bool is_zoned = cut_zone(s, &zone_ms);
    const char *from = strptime(s, "%a ", &day);
    from = from != NULL ? from : s;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (by_format(from, whole[i], at_ms, has_zone))
            return true;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct tm tm = {.tm_mday = 1};
        const char *end = strptime(from, dates[i], &tm);
        struct civil c = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
        if (end == NULL || c.year < 1970 || c.year > 2099 || (*end != '\0' && *end != ' ' && *end != 'T') ||
            !when_civil_is_valid(c) || !take_clock(end, &ms))
            continue;
        *at_ms = when_day(c) * MS_PER_DAY + ms - zone_ms;
        *has_zone = is_zoned;
        return true;
    }
    return false;
}

bool times_parse(struct slice x, const char *date_format, int64_t *at_ms, bool *has_zone)
{
    char s[MOST_TEXT];
    double number;
    if (!slice_to_cstr(x, s, sizeof s))
        return false;
    if (date_format != NULL && by_format(s, date_format, at_ms, has_zone))
        return true;
    if (parse_number(s, &number)) {
        *has_zone = true;
        return times_from_epoch(number, at_ms);
    }
    size_t n = strlen(s);
    bool is_utc = n > 4 && (strcmp(s + n - 4, " UTC") == 0 || strcmp(s + n - 4, " GMT") == 0);
    if (is_utc)
        s[n - 4] = '\0';
    if (!when_parse_iso(slice_of(s), at_ms, has_zone) && !by_words(s, at_ms, has_zone))
        return false;
    *has_zone = *has_zone || is_utc;
    return true;
}

/* "[h:]mm:ss[.fff]" (or with a comma). */
static bool parse_clock(const char *s, int64_t *ms)
{
    int64_t whole = 0;
    int parts = 0;
    for (;; s++) {
        size_t n = strspn(s, "0123456789");
        long part = strtol(s, NULL, 10);
        if (n == 0 || n > 5 || (parts > 0 && (n != 2 || part > 59)))
            return false;
        whole = whole * 60 + part;
        parts++;
        s += n;
        if (*s != ':' || parts == 3)
            break;
    }
    int64_t fraction = 0;
    if (*s == '.' || *s == ',') {
        int digits = 0;
        for (s++; *s >= '0' && *s <= '9'; s++)
            if (digits < 3) {
                fraction = fraction * 10 + (*s - '0');
                digits++;
            }
        for (; digits < 3; digits++)
            fraction *= 10;
    }
    if (parts < 2 || *s != '\0')
        return false;
    *ms = whole * 1000 + fraction;
    return true;
}

bool times_parse_offset(struct slice x, bool in_ms, int64_t *ms)
{
    char s[MOST_TEXT];
    double number;
    if (!slice_to_cstr(x, s, sizeof s))
        return false;
    if (!parse_number(s, &number))
        return parse_clock(s, ms);
    number *= in_ms ? 1 : 1000;
    if (number < 0 || number > 1e12) /* 31 years: no offset */
        return false;
    *ms = llround(number);
    return true;
}

bool times_of_zoom_name(const char *path, int64_t *at_ms)
{
    const char *name = strrchr(path, '/');
    name = strstr(name != NULL ? name : path, "GMT");
    char s[] = "2024-05-06T10:00:00Z";
    static const unsigned char from[] = {3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17}; /* of GMT20240506-100000 */
    static const unsigned char to[] = {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18};
    bool has_zone;
    if (name == NULL || strlen(name) < 18 || name[11] != '-')
        return false;
    for (size_t i = 0; i < sizeof to; i++)
        s[to[i]] = name[from[i]];
    return when_parse_iso(slice_of(s), at_ms, &has_zone);
}

/* N digits at S as a number; false if they are none. */
static bool read_digits(const char *s, size_t n, int *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        *out = *out * 10 + (s[i] - '0');
    }
    return true;
}

/* Bytes of what stands between the parts of a time of day in a name. */
static size_t separator(const char *s)
{
    return s[0] == ':' || s[0] == '-' || s[0] == '_' || s[0] == '.' ? 1 : strncmp(s, "%3A", 3) == 0 ? 3 : 0;
}

/* A date and a time of day at the start of S. */
static bool parse_name_time(const char *s, int64_t *at_ms)
{
    struct civil c;
    int hour, minute, second = 0;
    if (!read_digits(s, 4, &c.year))
        return false;
    size_t sep = s[4] == '-' || s[4] == '_' || s[4] == '/';
    s += 4 + sep;
    if (!read_digits(s, 2, &c.month) || (sep != 0 && s[2] != '-' && s[2] != '_' && s[2] != '/'))
        return false;
    s += 2 + sep;
    if (!read_digits(s, 2, &c.day) || strchr("T _-", s[2]) == NULL || s[2] == '\0')
        return false;
    s += 3;
    if (c.year < 1990 || c.year > 2099 || !when_civil_is_valid(c) || !read_digits(s, 2, &hour))
        return false;
    s += 2;
    s += separator(s);
    if (!read_digits(s, 2, &minute) || hour > 23 || minute > 59)
        return false;
    s += 2;
    s += separator(s);
    if (!read_digits(s, 2, &second) || second > 60)
        second = 0;
    *at_ms = when_day(c) * MS_PER_DAY + ((int64_t)hour * 3600 + (int64_t)minute * 60 + second) * 1000;
    return true;
}

bool times_in_name(struct slice name, int64_t *at_ms)
{
    char s[256];
    if (name.n >= sizeof s)
        name = (struct slice){name.s + name.n - (sizeof s - 1), sizeof s - 1};
    if (name.n != 0)
        memcpy(s, name.s, name.n);
    s[name.n] = '\0';
    for (size_t i = 0; i < name.n; i++)
        if ((i == 0 || s[i - 1] < '0' || s[i - 1] > '9') && parse_name_time(s + i, at_ms))
            return true;
    return false;
}
