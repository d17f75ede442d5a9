#include "ingest/talk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "core/strbuf.h"
#include "ingest/roles.h"
#include "ingest/times.h"

#define MOST_KEY  64
#define MOST_MS   1e14 /* longer than any conversation */
#define MOST_TEXT 64

void talk_begin(struct talk *t, const struct place *at, const struct reader_options *o, struct arena *a,
                const struct reader_sink *sink)
{
    *t = (struct talk){.c = {.started_at_ms = MS_NONE}, .at = at, .o = o, .a = a, .sink = sink};
}

struct turn *talk_add(struct talk *t, struct slice text)
{
    t->nth++;
    t->void_turn = (struct turn){.start_ms = MS_NONE, .end_ms = MS_NONE};
    if (slice_trim(text).n == 0 || t->is_short_of_memory)
        return &t->void_turn;
    if (t->c.nturns == t->cap) {
        uint32_t cap = t->cap != 0 ? 2 * t->cap : 64;
        struct turn *turns = cap > t->cap ? arena_zalloc(t->a, cap, sizeof *turns) : NULL;
        if (turns == NULL) {
            t->is_short_of_memory = true;
            return &t->void_turn;
        }
        if (t->c.nturns != 0)
            memcpy(turns, t->c.turns, t->c.nturns * sizeof *turns);
        t->c.turns = turns;
        t->cap = cap;
    }
    struct turn *turn = &t->c.turns[t->c.nturns++];
    *turn = (struct turn){.text = text, .start_ms = MS_NONE, .end_ms = MS_NONE, .nth = t->nth};
    return turn;
}

const struct speaker *talk_who(const struct talk *t, struct slice id)
{
    for (size_t i = 0; i < t->nspeakers; i++)
        if (slice_eq(t->speakers[i].id, id))
            return &t->speakers[i];
    return NULL;
}

struct speaker *talk_speaker(struct talk *t, struct slice id)
{
    if (t->speakers == NULL) {
        t->speakers = arena_zalloc(t->a, TALK_SPEAKERS + 1, sizeof *t->speakers);
        if (t->speakers == NULL) {
            t->is_short_of_memory = true;
            return &t->nobody;
        }
    }
    for (size_t i = 0; i < t->nspeakers; i++)
        if (slice_eq(t->speakers[i].id, id))
            return &t->speakers[i];
    struct speaker *s = &t->speakers[t->nspeakers]; /* the last one is overwritten when the table is full */
    t->nspeakers += t->nspeakers < TALK_SPEAKERS;
    *s = (struct speaker){.id = id};
    return s;
}

/* ---- order and times ----------------------------------------------------------------------------------------------
 */

struct place_in_time {
    int64_t ms;
    uint32_t i;
};

static int by_time(const void *a, const void *b)
{
    const struct place_in_time *x = a, *y = b;
    if (x->ms != y->ms)
        return x->ms < y->ms ? -1 : 1;
    return x->i < y->i ? -1 : x->i > y->i;
}

void talk_sort(struct talk *t)
{
    uint32_t n = t->c.nturns;
    struct place_in_time *order = arena_alloc(t->a, n * sizeof *order);
    struct turn *turns = arena_zalloc(t->a, n, sizeof *turns);
    if (order == NULL || turns == NULL) {
        t->is_short_of_memory = true;
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        int64_t ms = t->c.turns[i].start_ms;
        order[i] = (struct place_in_time){ms == MS_NONE && i > 0 ? order[i - 1].ms : ms, i};
    }
    if (n != 0)
        qsort(order, n, sizeof *order, by_time);
    for (uint32_t i = 0; i < n; i++)
        turns[i] = t->c.turns[order[i].i];
    t->c.turns = turns;
    t->cap = n;
}

void talk_rebase(struct talk *t, enum time_origin origin)
{
    int64_t first = MS_NONE;
    for (uint32_t i = 0; i < t->c.nturns; i++)
        if (t->c.turns[i].start_ms != MS_NONE && (first == MS_NONE || t->c.turns[i].start_ms < first))
            first = t->c.turns[i].start_ms;
    if (first == MS_NONE)
        return;
    if (t->c.started_at_ms == MS_NONE) {
        t->c.started_at_ms = first;
        t->c.time_origin = origin;
    }
    /* a start that cannot be that of these turns is not what they are counted from */
    int64_t lead = first - t->c.started_at_ms;
    int64_t base = lead >= 0 && lead <= INT64_C(86400000) ? t->c.started_at_ms : first;
    for (uint32_t i = 0; i < t->c.nturns; i++) {
        struct turn *turn = &t->c.turns[i];
        turn->start_ms = turn->start_ms != MS_NONE ? turn->start_ms - base : MS_NONE;
        turn->end_ms = turn->end_ms != MS_NONE && turn->end_ms >= base ? turn->end_ms - base : MS_NONE;
    }
}

void talk_piece(struct talk *t)
{
    char name[32];
    if (t->c.nturns == 0 || t->c.turns[0].start_ms == MS_NONE)
        return;
    (void)snprintf(name, sizeof name, "%015lld", (long long)t->c.turns[0].start_ms);
    t->c.part = arena_dup(t->a, slice_of(name));
    if (t->c.part.s == NULL) {
        t->c.part = (struct slice){"", 0};
        t->is_short_of_memory = true;
    }
}

enum err_code talk_end(struct talk *t, struct err *e)
{
    for (uint32_t i = 0; i < t->c.nturns; i++) { /* "agent" is nobody's id */
        struct turn *turn = &t->c.turns[i];
        if (turn->role != ROLE_UNKNOWN && turn->speaker_id.n != 0 && roles_of(turn->speaker_id) == turn->role)
            turn->speaker_id = (struct slice){"", 0};
    }
    if (t->is_short_of_memory || t->c.nturns == 0)
        return talk_refuse(t, "a conversation without turns: no turn has any text", e);
    return t->sink->conversation(t->sink->ctx, &t->c, t->at, e);
}

enum err_code talk_refuse(const struct talk *t, const char *reason, struct err *e)
{
    if (t->is_short_of_memory)
        return err_nomem(e);
    return t->sink->reject(t->sink->ctx, t->at, reason, e);
}

enum err_code talk_refuse_as(const struct talk *t, const char *what, struct slice detail, struct err *e)
{
    char reason[200];
    detail = slice_trim(detail);
    if (detail.n == 0)
        return talk_refuse(t, what, e);
    size_t n = detail.n < 100 ? detail.n : 100;
    while (n < detail.n && n > 0 && ((unsigned char)detail.s[n] & 0xc0) == 0x80)
        n--; /* not within a character */
    (void)snprintf(reason, sizeof reason, "%.90s: %.*s", what, (int)n, detail.s);
    for (char *c = reason; *c != '\0'; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    return talk_refuse(t, reason, e);
}

void talk_label(struct talk *t, struct turn *turn, struct json v, const char *path, const char *prefix)
{
    char s[JSON_TEXT_BYTES + 32], room[JSON_TEXT_BYTES];
    struct slice label = talk_id(t, v, path);
    struct json x;
    if (label.n == 0 || !talk_path(v, path, &x))
        return;
    bool is_number = json_type_of(x) == JSON_NUMBER;
    enum role role = is_number ? ROLE_UNKNOWN : roles_of(label);
    if (role != ROLE_UNKNOWN) {
        turn->role = role;
        return;
    }
    if (is_number && prefix != NULL && json_text(x, room, &label)) {
        (void)snprintf(s, sizeof s, "%.30s%.*s", prefix, SLICE_ARG(label));
        label = arena_dup(t->a, slice_of(s));
        if (label.s == NULL) {
            t->is_short_of_memory = true;
            return;
        }
    }
    turn->speaker_id = label;
}

void talk_items(struct talk *t, struct json list, const struct talk_map *map)
{
    struct json item;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct turn *turn = talk_add(t, talk_text(t, item, map->text));
        if (map->speaker != NULL)
            talk_label(t, turn, item, map->speaker, map->prefix);
        if (map->start != NULL)
            turn->start_ms = talk_offset(item, map->start, map->ms_per_unit);
        if (map->end != NULL)
            turn->end_ms = talk_offset(item, map->end, map->ms_per_unit);
    }
}

/* ---- members ------------------------------------------------------------------------------------------------------
 */

bool talk_path(struct json v, const char *path, struct json *out)
{
    char key[MOST_KEY];
    for (; path != NULL && *path != '\0';) {
        size_t n = strcspn(path, ".");
        if (n >= sizeof key)
            return false;
        memcpy(key, path, n);
        key[n] = '\0';
        if (!json_get(v, key, &v))
            return false;
        path += n + (path[n] == '.');
    }
    *out = v;
    return true;
}

struct slice talk_text(struct talk *t, struct json v, const char *path)
{
    char room[JSON_TEXT_BYTES];
    struct slice text = {"", 0};
    if (!talk_path(v, path, &v) || json_string(v, &text) || !json_text(v, room, &text))
        return text;
    text = arena_dup(t->a, text);
    if (text.s != NULL)
        return text;
    t->is_short_of_memory = true;
    return (struct slice){"", 0};
}

struct slice talk_id(struct talk *t, struct json v, const char *path)
{
    static const char *const nothing[] = {"none", "null", "n/a", "na", "-", "undefined", "nan"};
    struct slice x = slice_trim(talk_text(t, v, path));
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        if (x.n == strlen(nothing[i]) && strncasecmp(x.s, nothing[i], x.n) == 0)
            return (struct slice){"", 0};
    return x;
}

bool talk_list(struct json v, const char *path, struct json *out)
{
    struct json item;
    if (!talk_path(v, path, out) || json_type_of(*out) != JSON_ARRAY)
        return false;
    struct json_iter it = json_iterate(*out);
    return json_next(&it, NULL, &item);
}

bool talk_object(struct json v, const char *path, struct json *out)
{
    return talk_path(v, path, out) && json_type_of(*out) == JSON_OBJECT;
}

bool talk_is(struct json v, const char *path, const char *word)
{
    struct slice x;
    return talk_path(v, path, &v) && json_string(v, &x) && x.n == strlen(word) && strncasecmp(x.s, word, x.n) == 0;
}

bool talk_items_have(struct json v, const char *path, const char *keys)
{
    char key[MOST_KEY];
    struct json list, item, x;
    if (!talk_list(v, path, &list))
        return false;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        if (json_type_of(item) != JSON_OBJECT)
            continue;
        for (const char *k = keys; *k != '\0';) {
            size_t n = strcspn(k, " ");
            if (n >= sizeof key)
                return false;
            memcpy(key, k, n);
            key[n] = '\0';
            if (!json_get(item, key, &x))
                return false;
            k += n + (k[n] == ' ');
        }
        return true;
    }
    return false;
}

/* A decimal number at the start of S, with sign and exponent; *end is behind it. */
static bool parse_number(const char *s, double *out, const char **end)
{
    char *stop;
    const char *digits = s + (*s == '-' || *s == '+');
    bool is_number = (*digits >= '0' && *digits <= '9') || *digits == '.';
    if (!is_number || (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')))
        return false;
    *out = strtod(s, &stop);
    *end = stop;
    return stop != s && isfinite(*out);
}

bool talk_number(struct json v, const char *path, double *out)
{
    char s[MOST_TEXT];
    struct slice text;
    const char *end;
    if (!talk_path(v, path, &v))
        return false;
    if (json_real(v, out))
        return isfinite(*out);
    return json_string(v, &text) && slice_to_cstr(text, s, sizeof s) && parse_number(s, out, &end) && *end == '\0';
}

/* "PT1H2M3.5S" */
static bool parse_iso_duration(const char *s, double *ms)
{
    *ms = 0;
    if (strncasecmp(s, "PT", 2) != 0)
        return false;
    for (s += 2; *s != '\0'; s++) {
        double x;
        if (!parse_number(s, &x, &s))
            return false;
        int unit = *s | 0x20;
        if (unit != 'h' && unit != 'm' && unit != 's')
            return false;
        *ms += x * (unit == 'h' ? 3600000 : unit == 'm' ? 60000 : 1000);
    }
    return true;
}

/* S as ms. */
static bool parse_offset(const char *s, double ms_per_unit, double *ms)
{
    const char *end;
    int64_t clock;
    if (parse_number(s, ms, &end) && (*end == '\0' || strcmp(end, "s") == 0)) {
        *ms *= *end == 's' ? 1000 : ms_per_unit;
        return true;
    }
    if (parse_iso_duration(s, ms))
        return true;
    if (!times_parse_offset(slice_of(s), false, &clock))
        return false;
    *ms = (double)clock;
    return true;
}

int64_t talk_offset(struct json v, const char *path, double ms_per_unit)
{
    char s[MOST_TEXT];
    struct slice text;
    double ms = 0, nanos = 0;
    if (!talk_path(v, path, &v))
        return MS_NONE;
    if (json_type_of(v) == JSON_OBJECT) {
        bool has_seconds = talk_number(v, "seconds", &ms), has_nanos = talk_number(v, "nanos", &nanos);
        if (!has_seconds && !has_nanos && json_count(v) != 0) /* {} is how 0 is written */
            return MS_NONE;
        ms = ms * 1000 + nanos / 1e6;
    } else if (json_real(v, &ms)) {
        ms *= ms_per_unit;
    } else if (!json_string(v, &text) || !slice_to_cstr(text, s, sizeof s) || !parse_offset(s, ms_per_unit, &ms)) {
        return MS_NONE;
    }
    if (!isfinite(ms) || ms > MOST_MS)
        return MS_NONE;
    return ms > 0 ? (int64_t)llround(ms) : 0;
}

int64_t talk_instant(const struct talk *t, struct json v, const char *path, bool *has_zone)
{
    struct slice text;
    double x;
    int64_t ms;
    *has_zone = true;
    if (!talk_path(v, path, &v))
        return MS_NONE;
    if (json_string(v, &text))
        return times_parse(text, t->o->date_format, &ms, has_zone) ? ms : MS_NONE;
    return json_real(v, &x) && times_from_epoch(x, &ms) ? ms : MS_NONE;
}

void talk_start(struct talk *t, struct json v, const char *path)
{
    bool has_zone;
    int64_t ms = t->c.started_at_ms == MS_NONE ? talk_instant(t, v, path, &has_zone) : MS_NONE;
    if (ms == MS_NONE)
        return;
    t->c.started_at_ms = ms;
    t->c.time_origin = has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
}

void talk_made(struct talk *t, struct json v, const char *path)
{
    bool is_known = t->c.started_at_ms != MS_NONE;
    talk_start(t, v, path);
    if (!is_known && t->c.started_at_ms != MS_NONE)
        t->c.time_origin = TIME_FROM_FILE;
}

struct json_parser *talk_parse_inner(struct talk *t, struct slice text, struct json *root)
{
    struct err e;
    char *copy = arena_zalloc(t->a, text.n + JSON_PADDING, 1);
    struct json_parser *p = copy != NULL ? json_parser_new() : NULL;
    if (p == NULL) {
        t->is_short_of_memory = true;
        return NULL;
    }
    if (text.n != 0)
        memcpy(copy, text.s, text.n);
    enum err_code rc = json_parse(p, (struct slice){copy, text.n}, root, &e);
    if (rc == ERR_OK)
        return p;
    t->is_short_of_memory = t->is_short_of_memory || rc == ERR_NOMEM;
    json_parser_free(p);
    return NULL;
}

struct slice talk_segment(struct slice url, const char *before)
{
    size_t from = slice_find(url, before), to;
    if (from == url.n)
        return (struct slice){"", 0};
    from += strlen(before);
    for (to = from; to < url.n && url.s[to] != '/' && url.s[to] != '?';)
        to++;
    return (struct slice){url.s + from, to - from};
}

struct slice talk_stem(struct slice path)
{
    static const char *const extensions[] = {".gz",  ".json", ".jsonl", ".ndjson", ".vcon", ".wav",
                                             ".mp3", ".m4a",  ".mp4",   ".ogg",    ".flac", ".txt"};
    const char *query = path.n != 0 ? memchr(path.s, '?', path.n) : NULL;
    if (query != NULL)
        path.n = (size_t)(query - path.s);
    for (size_t i = path.n; i > 0; i--)
        if (path.s[i - 1] == '/') {
            path = (struct slice){path.s + i, path.n - i};
            break;
        }
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
            size_t n = strlen(extensions[i]);
            if (path.n > n && strncasecmp(path.s + path.n - n, extensions[i], n) == 0) {
                path.n -= n;
                again = true;
            }
        }
    }
    return path;
}
