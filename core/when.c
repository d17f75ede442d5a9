#include "core/when.h"

int64_t when_day_of(int64_t at_ms)
{
    int64_t day = at_ms / MS_PER_DAY;
    return at_ms % MS_PER_DAY < 0 ? day - 1 : day;
}

int64_t when_day(struct civil c)
{
    int64_t y = c.year + (c.month - 1) / 12;
    int m = (c.month - 1) % 12;
    if (m < 0) {
        m += 12;
        y--;
    }
    m++; /* 1..12 */
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct civil when_civil(int64_t day)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int64_t m = mp < 10 ? mp + 3 : mp - 9;
    return (struct civil){(int)(yoe + era * 400 + (m <= 2)), (int)m, (int)(doy - (153 * mp + 2) / 5 + 1)};
}

bool when_civil_is_valid(struct civil c)
{
    if (c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31)
        return false;
    struct civil back = when_civil(when_day(c));
    return back.month == c.month && back.day == c.day;
}

/* Monday is 0. */
static int weekday(int64_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

int64_t when_week_monday(int iso_year, int iso_week)
{
    int64_t jan4 = when_day((struct civil){iso_year, 1, 4}); /* always in week 1 */
    return jan4 - weekday(jan4) + 7 * (int64_t)(iso_week - 1);
}

void when_iso_week(int64_t day, int *iso_year, int *iso_week)
{
    *iso_year = when_civil(day - weekday(day) + 3).year; /* the year of the week's Thursday */
    *iso_week = (int)((day - when_week_monday(*iso_year, 1)) / 7) + 1;
}

/* Exactly N digits at *p; moves on. */
static bool digits(const char **p, const char *end, int n, int *out)
{
    if (end - *p < n)
        return false;
    *out = 0;
    for (int i = 0; i < n; i++) {
        if ((*p)[i] < '0' || (*p)[i] > '9')
            return false;
        *out = *out * 10 + ((*p)[i] - '0');
    }
    *p += n;
    return true;
}

static bool take(const char **p, const char *end, char c)
{
    if (*p == end || **p != c)
        return false;
    (*p)++;
    return true;
}

static bool date_part(const char **p, const char *end, int64_t *day)
{
    struct civil c;
    if (!digits(p, end, 4, &c.year) || !take(p, end, '-') || !digits(p, end, 2, &c.month) || !take(p, end, '-') ||
        !digits(p, end, 2, &c.day) || !when_civil_is_valid(c))
        return false;
    *day = when_day(c);
    return true;
}

bool when_parse_date(struct slice x, int64_t *day)
{
    const char *p = x.s, *end = x.s + x.n;
    return x.n == 10 && date_part(&p, end, day);
}

bool when_parse_week(struct slice x, int64_t *monday)
{
    int year = 0, week = 0;
    const char *p = x.s, *end = x.s + x.n;
    if (x.n != 8 || !digits(&p, end, 4, &year) || !take(&p, end, '-') || !take(&p, end, 'W') ||
        !digits(&p, end, 2, &week) || year < 1 || week < 1)
        return false;
    *monday = when_week_monday(year, week);
    int back_year, back_week;
    when_iso_week(*monday, &back_year, &back_week);
    return back_year == year && back_week == week;
}

/* "09:30", "09:30:00", "09:30:00.25" -> ms of the day. Second 60 (a leap second) is taken as 59.999. */
static bool time_part(const char **p, const char *end, int64_t *ms)
{
    int h, m, s = 0;
    if (!digits(p, end, 2, &h) || !take(p, end, ':') || !digits(p, end, 2, &m) || h > 24 || m > 59)
        return false;
    int64_t fraction = 0;
    if (take(p, end, ':')) {
        if (!digits(p, end, 2, &s) || s > 60)
            return false;
        if (*p < end && (**p == '.' || **p == ',')) {
            const char *first = ++*p;
            for (int64_t unit = 100; *p < end && **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
                fraction += (**p - '0') * unit;
            if (*p == first)
                return false;
        }
        if (s == 60) {
            s = 59;
            fraction = 999;
        }
    }
    *ms = ((int64_t)h * 60 + m) * 60000 + (int64_t)s * 1000 + fraction;
    return h < 24 || *ms == MS_PER_DAY;
}

/* "Z", "+01:00", "+0100", "+01", or nothing. */
static bool zone_part(const char **p, const char *end, int64_t *offset_ms, bool *has_zone)
{
    *offset_ms = 0;
    *has_zone = *p != end;
    if (!*has_zone || take(p, end, 'Z') || take(p, end, 'z'))
        return true;
    int sign = take(p, end, '-') ? -1 : take(p, end, '+') ? 1 : 0;
    int h, m = 0;
    if (sign == 0 || !digits(p, end, 2, &h))
        return false;
    bool colon = take(p, end, ':');
    if (!digits(p, end, 2, &m) && colon)
        return false;
    *offset_ms = sign * ((int64_t)h * 60 + m) * 60000;
    return h <= 15 && m <= 59;
}

bool when_parse_iso(struct slice x, int64_t *at_ms, bool *has_zone)
{
    x = slice_trim(x);
    const char *p = x.s, *end = x.s + x.n;
    int64_t day, ms = 0, offset = 0;
    *has_zone = false;
    if (x.n == 0 || !date_part(&p, end, &day))
        return false;
    if (p != end) {
        if (!take(&p, end, 'T') && !take(&p, end, 't') && !take(&p, end, ' '))
            return false;
        if (!time_part(&p, end, &ms))
            return false;
        (void)take(&p, end, ' '); /* "2026-11-16 09:30:00 +0100" */
        if (slice_is((struct slice){p, (size_t)(end - p)}, "UTC") ||
            slice_is((struct slice){p, (size_t)(end - p)}, "GMT")) {
            *has_zone = true;
            p = end;
        } else if (!zone_part(&p, end, &offset, has_zone)) {
            return false;
        }
    }
    *at_ms = day * MS_PER_DAY + ms - offset;
    return p == end;
}

/* N digits of V at TO; returns what stands behind them. No snprintf: every row of the database has a time. */
static char *put_digits(char *to, int v, int n)
{
    for (int i = n; i-- > 0; v /= 10)
        to[i] = (char)('0' + v % 10);
    return to + n;
}

static char *put_date(char *to, int64_t day)
{
    struct civil c = when_civil(day);
    to = put_digits(to, c.year < 0 ? -c.year : c.year, 4);
    *to++ = '-';
    to = put_digits(to, c.month, 2);
    *to++ = '-';
    return put_digits(to, c.day, 2);
}

const char *when_format_date(int64_t day, char out[WHEN_DATE_BYTES])
{
    *put_date(out, day) = '\0';
    return out;
}

const char *when_format_iso(int64_t at_ms, char out[WHEN_ISO_BYTES])
{
    int64_t day = when_day_of(at_ms);
    int ms = (int)(at_ms - day * MS_PER_DAY);
    char *to = put_date(out, day);
    *to++ = 'T';
    to = put_digits(to, ms / 3600000, 2);
    *to++ = ':';
    to = put_digits(to, ms / 60000 % 60, 2);
    *to++ = ':';
    to = put_digits(to, ms / 1000 % 60, 2);
    if (ms % 1000 != 0) {
        *to++ = '.';
        to = put_digits(to, ms % 1000, 3);
    }
    *to++ = 'Z';
    *to = '\0';
    return out;
}
