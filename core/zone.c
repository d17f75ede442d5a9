#include "core/zone.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/strbuf.h"
#include "core/when.h"

#define ZONE_DIR   "/usr/share/zoneinfo/"
#define MOST_BYTES ((size_t)1 << 20)
#define HEAD_BYTES 44
#define DAY_S      INT64_C(86400)

/* A day of the year at which the clocks change. */
struct change {
    enum { ON_DAY, ON_DAY_NO_LEAP, ON_WEEKDAY } kind; /* "n", "Jn", "Mm.w.d" */
    int day, month, week;
    int64_t time_s;
};

/* "CET-1CEST,M3.5.0,M10.5.0/3": seconds ahead of UTC, and when summer begins and ends. */
struct rule {
    bool is_there, has_summer;
    int64_t standard_s, summer_s;
    struct change begin, end;
};

struct zone {
    struct rule rule;
    size_t n;
    int64_t first_s;  /* ahead of UTC before the first transition */
    int64_t *at_s;    /* transitions, rising */
    int64_t *ahead_s; /* after each */
};

/* ---- rules ------------------------------------------------------------------------------------------------------ */

static bool read_int(const char **p, int most, int *out)
{
    int n = 0, digits = 0;
    for (; **p >= '0' && **p <= '9' && digits < 4; ++*p, digits++)
        n = n * 10 + (**p - '0');
    *out = n;
    return digits > 0 && n <= most;
}

/* "[+-]h[:mm[:ss]]" */
static bool read_time(const char **p, int64_t *out)
{
    int part[3] = {0, 0, 0};
    bool is_negative = **p == '-';
    if (**p == '-' || **p == '+')
        ++*p;
    for (int i = 0; i < 3; i++) {
        if (i > 0 && **p != ':')
            break;
        *p += i > 0;
        if (!read_int(p, i == 0 ? 167 : 59, &part[i]))
            return false;
    }
    *out = ((int64_t)part[0] * 60 + part[1]) * 60 + part[2];
    *out = is_negative ? -*out : *out;
    return true;
}

/* "CET" or "<+03>" */
static bool skip_name(const char **p)
{
    const char *from = *p;
    if (**p == '<') {
        while (**p != '\0' && **p != '>')
            ++*p;
        return *(*p)++ == '>';
    }
    while ((**p >= 'a' && **p <= 'z') || (**p >= 'A' && **p <= 'Z'))
        ++*p;
    return *p - from >= 3;
}

static bool read_change(const char **p, struct change *c)
{
    *c = (struct change){.kind = ON_DAY, .time_s = 7200};
    if (*(*p)++ != ',')
        return false;
    if (**p == 'M') {
        ++*p;
        c->kind = ON_WEEKDAY;
        if (!read_int(p, 12, &c->month) || *(*p)++ != '.' || !read_int(p, 5, &c->week) || *(*p)++ != '.' ||
            !read_int(p, 6, &c->day) || c->month == 0 || c->week == 0)
            return false;
    } else {
        if (**p == 'J') {
            ++*p;
            c->kind = ON_DAY_NO_LEAP;
        }
        if (!read_int(p, 365, &c->day) || (c->kind == ON_DAY_NO_LEAP && c->day == 0))
            return false;
    }
    if (**p != '/')
        return true;
    ++*p;
    return read_time(p, &c->time_s);
}

static bool read_rule(const char *p, struct rule *r)
{
    int64_t behind;
    *r = (struct rule){.is_there = true};
    if (!skip_name(&p) || !read_time(&p, &behind))
        return false;
    r->standard_s = -behind;
    if (*p == '\0')
        return true;
    r->has_summer = true;
    r->summer_s = r->standard_s + 3600;
    if (!skip_name(&p))
        return false;
    if (*p != ',' && *p != '\0') {
        if (!read_time(&p, &behind))
            return false;
        r->summer_s = -behind;
    }
    return read_change(&p, &r->begin) && read_change(&p, &r->end) && *p == '\0';
}

/* The local second (of the clocks before it) of change C in YEAR. */
static int64_t second_of(const struct change *c, int year)
{
    struct civil first = {year, 1, 1};
    if (c->kind == ON_DAY)
        return (when_day(first) + c->day) * DAY_S + c->time_s;
    if (c->kind == ON_DAY_NO_LEAP) {
        bool is_leap = when_civil_is_valid((struct civil){year, 2, 29});
        return (when_day(first) + c->day - 1 + (is_leap && c->day > 59)) * DAY_S + c->time_s;
    }
    int64_t day = when_day((struct civil){year, c->month, 1});
    int64_t weekday = ((day + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; 0 is Sunday */
    day += (c->day - weekday + 7) % 7 + 7 * ((int64_t)c->week - 1);
    while (when_civil(day).month != c->month)
        day -= 7; /* the fifth may not be there: then it is the last */
    return day * DAY_S + c->time_s;
}

static int64_t ahead_by_rule(const struct rule *r, int64_t at_s)
{
    if (!r->has_summer)
        return r->standard_s;
    int64_t local = at_s + r->standard_s;
    int year = when_civil((local >= 0 ? local : local - DAY_S + 1) / DAY_S).year;
    int64_t begin = second_of(&r->begin, year) - r->standard_s, end = second_of(&r->end, year) - r->summer_s;
    bool is_summer = begin < end ? at_s >= begin && at_s < end : at_s >= begin || at_s < end;
    return is_summer ? r->summer_s : r->standard_s;
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static int64_t big_endian(const char *s, int n)
{
    uint64_t x = (unsigned char)s[0] >= 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < n; i++)
        x = x << 8 | (unsigned char)s[i];
    return (int64_t)x;
}

struct counts {
    size_t isut, isstd, leap, time, type, chars;
};

static bool read_head(struct slice x, struct counts *c, char *version)
{
    if (x.n < HEAD_BYTES || memcmp(x.s, "TZif", 4) != 0)
        return false;
    size_t *to[] = {&c->isut, &c->isstd, &c->leap, &c->time, &c->type, &c->chars};
    for (size_t i = 0; i < 6; i++) {
        int64_t n = big_endian(x.s + 20 + 4 * i, 4);
        if (n < 0 || n > 100000)
            return false;
        *to[i] = (size_t)n;
    }
    *version = x.s[4];
    return true;
}

static size_t body_bytes(const struct counts *c, size_t time_bytes)
{
    return c->time * (time_bytes + 1) + c->type * 6 + c->chars + c->leap * (time_bytes + 4) + c->isstd + c->isut;
}

static bool read_transitions(struct zone *z, const struct counts *c, const char *body)
{
    const char *types = body + 8 * c->time, *infos = types + c->time;
    if (c->type == 0)
        return false;
    z->n = c->time;
    z->at_s = calloc(z->n + 1, sizeof *z->at_s);
    z->ahead_s = calloc(z->n + 1, sizeof *z->ahead_s);
    if (z->at_s == NULL || z->ahead_s == NULL)
        return true; /* told by the caller */
    z->first_s = big_endian(infos, 4);
    for (size_t i = 0; i < z->n; i++) {
        size_t type = (unsigned char)types[i];
        if (type >= c->type)
            return false;
        z->at_s[i] = big_endian(body + 8 * i, 8);
        z->ahead_s[i] = big_endian(infos + 6 * type, 4);
        if (i > 0 && z->at_s[i] <= z->at_s[i - 1])
            return false;
    }
    return true;
}

static bool read_footer(struct zone *z, struct slice x)
{
    char text[128];
    const char *end = x.n > 1 ? memchr(x.s + 1, '\n', x.n - 1) : NULL;
    if (end == NULL || x.s[0] != '\n' || (size_t)(end - x.s) > sizeof text)
        return false;
    size_t n = (size_t)(end - x.s) - 1;
    if (n == 0)
        return true;
    memcpy(text, x.s + 1, n);
    text[n] = '\0';
    return read_rule(text, &z->rule);
}

enum err_code zone_read(struct slice bytes, struct zone **out, struct err *e)
{
    struct counts c;
    char version = 0;
    bool ok = read_head(bytes, &c, &version) && version >= '2';
    *out = NULL;
    size_t skip = ok ? HEAD_BYTES + body_bytes(&c, 4) : 0; /* the first block is for old programs */
    struct slice second = {bytes.s + skip, ok && bytes.n >= skip ? bytes.n - skip : 0};
    ok = ok && read_head(second, &c, &version) && second.n >= HEAD_BYTES + body_bytes(&c, 8);
    if (!ok)
        return err_set(e, ERR_CONFIG, "no time zone file, or a damaged one");
    struct zone *z = calloc(1, sizeof *z);
    if (z == NULL)
        return err_nomem(e);
    ok = read_transitions(z, &c, second.s + HEAD_BYTES);
    if (ok && (z->at_s == NULL || z->ahead_s == NULL)) {
        zone_free(z);
        return err_nomem(e);
    }
    size_t used = HEAD_BYTES + body_bytes(&c, 8);
    if (!ok || !read_footer(z, (struct slice){second.s + used, second.n - used})) {
        zone_free(z);
        return err_set(e, ERR_CONFIG, "a damaged time zone file");
    }
    *out = z;
    return ERR_OK;
}

/* "UTC", "+02:00", "-0530" */
static bool read_fixed(const char *name, int64_t *ahead_s)
{
    if (strcmp(name, "UTC") == 0 || strcmp(name, "Z") == 0 || strcmp(name, "GMT") == 0) {
        *ahead_s = 0;
        return true;
    }
    int64_t at;
    bool has_zone;
    char text[48] = "1970-01-02T00:00:00";
    size_t n = strlen(name);
    if ((name[0] != '+' && name[0] != '-') || n > 6)
        return false;
    memcpy(text + strlen(text), name, n + 1);
    if (!when_parse_iso(slice_of(text), &at, &has_zone) || !has_zone)
        return false;
    *ahead_s = DAY_S - at / 1000;
    return true;
}

static bool is_plain_name(const char *name)
{
    const char *signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";
    return *name != '\0' && *name != '/' && strlen(name) < 64 && name[strspn(name, signs)] == '\0';
}

enum err_code zone_load(const char *name, struct zone **out, struct err *e)
{
    struct strbuf path = STRBUF_INIT, bytes = STRBUF_INIT;
    int64_t ahead;
    enum err_code rc = ERR_OK;
    *out = NULL;
    if (read_fixed(name, &ahead)) {
        struct zone *z = calloc(1, sizeof *z);
        if (z == NULL)
            return err_nomem(e);
        z->first_s = ahead;
        *out = z;
        return ERR_OK;
    }
    strbuf_puts(&path, ZONE_DIR);
    strbuf_puts(&path, name);
    if (strbuf_failed(&path))
        rc = err_nomem(e);
    else if (is_plain_name(name))
        rc = file_read_all(path.s, MOST_BYTES, &bytes, e);
    else
        rc = err_set(e, ERR_CONFIG, "no such zone");
    if (rc == ERR_OK)
        rc = zone_read(strbuf_slice(&bytes), out, e);
    strbuf_free(&path);
    strbuf_free(&bytes);
    if (rc == ERR_OK || rc == ERR_NOMEM)
        return rc;
    err_set(e, ERR_CONFIG, "there is no time zone \"%.60s\"", name);
    return err_hint(e, "use a name of " ZONE_DIR " such as Europe/Berlin, or an offset such as +02:00");
}

void zone_free(struct zone *z)
{
    if (z == NULL)
        return;
    free(z->at_s);
    free(z->ahead_s);
    free(z);
}

/* ---- times ------------------------------------------------------------------------------------------------------ */

int64_t zone_offset_ms(const struct zone *z, int64_t at_ms)
{
    int64_t at_s = (at_ms >= 0 ? at_ms : at_ms - 999) / 1000;
    size_t from = 0, to = z->n; /* the first transition after AT_S lies in between */
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (z->at_s[middle] <= at_s)
            from = middle + 1;
        else
            to = middle;
    }
    if (from == z->n && z->rule.is_there)
        return ahead_by_rule(&z->rule, at_s) * 1000;
    return (from > 0 ? z->ahead_s[from - 1] : z->first_s) * 1000;
}

int64_t zone_to_utc(const struct zone *z, int64_t local_ms)
{
    int64_t before = zone_offset_ms(z, local_ms - DAY_S * 1000), after = zone_offset_ms(z, local_ms + DAY_S * 1000);
    if (zone_offset_ms(z, local_ms - before) == before)
        return local_ms - before;
    return zone_offset_ms(z, local_ms - after) == after ? local_ms - after : local_ms - before;
}
