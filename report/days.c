#include "report/days.h"

enum { DAY_BYTES = 10 }; /* "2026-11-16" */

static struct day_span span(const struct period *p, int64_t from_day, int64_t to_day)
{
    struct day_span s = {from_day, to_day, "", "", p->is_certain_only};
    (void)when_format_date(from_day, s.from);
    (void)when_format_date(to_day, s.to);
    return s;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

struct day_spans day_spans_of(const struct period *p, int64_t days)
{
    struct day_spans out = {.n = 1};
    int64_t from = least(p->from_day, p->to_day - days), to = p->to_day;
    if (p->before_to_day < from || p->before_day > to) {
        bool is_after = p->before_day > to;
        out.of[is_after ? 1 : 0] = span(p, p->before_day, p->before_to_day);
        out.of[is_after ? 0 : 1] = span(p, from, to);
        out.n = 2;
        return out;
    }
    out.of[0] = span(p, least(from, p->before_day), most(to, p->before_to_day));
    return out;
}

struct stmt *day_span_bind(struct store *db, enum query q, const struct day_span *s)
{
    struct stmt *stmt = stmt_get(db, q);
    stmt_bind_text(stmt, ":from", slice_of(s->from));
    stmt_bind_text(stmt, ":to", slice_of(s->to));
    stmt_bind_int(stmt, ":most_uncertain", s->is_certain_only ? 0 : 1);
    return stmt;
}

int64_t day_read(struct day_reader *r, struct slice text)
{
    if (text.n == DAY_BYTES && memcmp(text.s, r->text, DAY_BYTES) == 0)
        return r->day;
    if (text.n != DAY_BYTES || !when_parse_date(text, &r->day)) {
        r->text[0] = '\0';
        return INT64_MIN;
    }
    memcpy(r->text, text.s, DAY_BYTES);
    return r->day;
}
