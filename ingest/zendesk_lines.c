#include "ingest/zendesk_lines.h"

#include "core/strbuf.h"
#include "core/when.h"
#include "ingest/text_file.h"

static bool read_two(struct slice x, size_t at, int64_t *out)
{
    if (at + 2 > x.n || x.s[at] < '0' || x.s[at] > '9' || x.s[at + 1] < '0' || x.s[at + 1] > '9')
        return false;
    *out = (x.s[at] - '0') * 10 + (x.s[at + 1] - '0');
    return true;
}

/* "(10:15:30 AM) rest" or "(22:15:30) rest" */
static bool read_clock(struct slice line, int64_t *ms, struct slice *rest)
{
    int64_t hours = 0, minutes, seconds;
    size_t i = 1;
    if (line.n < 10 || line.s[0] != '(')
        return false;
    for (; i < 3 && line.s[i] >= '0' && line.s[i] <= '9'; i++)
        hours = hours * 10 + (line.s[i] - '0');
    if (i == 1 || line.s[i] != ':' || !read_two(line, i + 1, &minutes) || line.s[i + 3] != ':' ||
        !read_two(line, i + 4, &seconds) || hours > 23 || minutes > 59 || seconds > 60)
        return false;
    i += 6;
    if (i + 3 < line.n && line.s[i] == ' ' && (line.s[i + 2] | 0x20) == 'm') {
        int half = line.s[i + 1] | 0x20;
        if (half != 'a' && half != 'p')
            return false;
        hours = hours % 12 + (half == 'p' ? 12 : 0);
        i += 3;
    }
    if (i >= line.n || line.s[i] != ')')
        return false;
    *ms = ((hours * 60 + minutes) * 60 + seconds) * 1000;
    *rest = slice_trim((struct slice){line.s + i + 1, line.n - i - 1});
    return true;
}

/* A message with a clock: "Name: text". Lines between "***" are none. */
static bool read_message(struct slice line, int64_t *ms, struct slice *name, struct slice *text)
{
    struct slice rest;
    if (!read_clock(line, ms, &rest) || slice_starts(rest, "***"))
        return false;
    for (size_t i = 0; i + 1 < rest.n; i++)
        if (rest.s[i] == ':' && rest.s[i + 1] == ' ') {
            *name = slice_trim((struct slice){rest.s, i});
            *text = (struct slice){rest.s + i + 2, rest.n - i - 2};
            return name->n != 0;
        }
    return false;
}

bool zendesk_lines_are(struct slice text)
{
    struct text_lines lines = text_lines_of(text);
    struct slice line, name, said;
    int64_t ms;
    size_t n = 0;
    bool is_first = true;
    while (text_lines_next(&lines, &line)) {
        line = slice_trim(line);
        bool is_message = read_message(line, &ms, &name, &said);
        if (is_message && ++n == 2)
            return true;
        if (line.n != 0 && is_first && !is_message && !slice_starts(line, "Chat started") &&
            !read_clock(line, &ms, &said))
            return false;
        is_first = is_first && line.n == 0;
    }
    return false;
}

static bool is_customer(struct slice name, struct slice requester)
{
    return (requester.n != 0 && slice_eq(name, requester)) || slice_starts(name, "Visitor");
}

/* Whoever is not the customer is an agent, if there is a customer. */
static void set_roles(struct talk *t, uint32_t from, struct slice requester)
{
    bool has_customer = false;
    for (uint32_t i = from; i < t->c.nturns; i++)
        has_customer = has_customer || is_customer(t->c.turns[i].speaker_name, requester);
    for (uint32_t i = from; i < t->c.nturns && has_customer; i++)
        t->c.turns[i].role = is_customer(t->c.turns[i].speaker_name, requester) ? ROLE_CUSTOMER : ROLE_AGENT;
}

/* A turn that is being collected: its lines follow each other in the text. */
struct growing {
    struct slice name, text;
    int64_t ms;
    bool is_open;
};

static void close_turn(struct talk *t, struct growing *g)
{
    if (!g->is_open)
        return;
    struct turn *turn = talk_add(t, slice_trim(g->text));
    turn->speaker_name = g->name;
    turn->start_ms = g->ms;
    g->is_open = false;
}

void zendesk_lines_add(struct talk *t, struct slice text, struct slice requester, int64_t first_ms)
{
    struct text_lines lines = text_lines_of(text);
    struct growing g = {.ms = MS_NONE};
    struct slice line, name, said;
    int64_t clock, last = -1, at = first_ms;
    uint32_t from = t->c.nturns;
    while (text_lines_next(&lines, &line)) {
        struct slice rest;
        line = slice_trim(line);
        if (!read_clock(line, &clock, &rest)) {
            if (g.is_open && line.n != 0)
                g.text.n = (size_t)(line.s + line.n - g.text.s);
            continue;
        }
        close_turn(t, &g);
        if (at != MS_NONE && last >= 0)
            at += (clock - last + MS_PER_DAY) % MS_PER_DAY;
        last = clock;
        if (read_message(line, &clock, &name, &said))
            g = (struct growing){name, said, at, true};
    }
    close_turn(t, &g);
    set_roles(t, from, requester);
}
