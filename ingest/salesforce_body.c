#include "ingest/salesforce_body.h"

#include "ingest/html_text.h"
#include "ingest/roles.h"
#include "ingest/times.h"

#define MOST_AGENTS 16
#define MOST_NAME   100

struct body {
    struct transcript *t;
    struct conversation *c;
    struct strbuf plain; /* a heading or an entry without HTML */
    struct slice agents[MOST_AGENTS];
    size_t nagents;
};

/* Does X begin with WORD, in any case? */
static bool starts_with(struct slice x, const char *word)
{
    size_t n = strlen(word);
    if (x.n < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((word[i] >= 'a' && word[i] <= 'z' ? x.s[i] | 0x20 : x.s[i]) != word[i])
            return false;
    return true;
}

static struct slice behind(struct slice x, size_t n)
{
    return slice_trim((struct slice){x.s + n, x.n - n});
}

bool salesforce_body_is(struct slice x)
{
    x = slice_trim(x);
    if (!starts_with(x, "<p"))
        return false;
    const char *end = memchr(x.s, '>', x.n < 100 ? x.n : 100);
    return end != NULL && starts_with(behind(x, (size_t)(end - x.s) + 1), "chat started:");
}

/* ---- pieces --------------------------------------------------------------------------------------------------------
 */

/* "( 1h 2m 3s )" at the start of X: its bytes, or 0. */
static size_t read_elapsed(struct slice x, int64_t *ms)
{
    size_t i = 1;
    int64_t number = 0;
    bool has_number = false, has_unit = false;
    if (x.n == 0 || x.s[0] != '(')
        return 0;
    *ms = 0;
    for (; i < x.n && i < 40 && x.s[i] != ')'; i++) {
        char c = x.s[i];
        if (c >= '0' && c <= '9') {
            number = number * 10 + (c - '0');
            if (number > 1000000)
                return 0;
            has_number = true;
        } else if (has_number && (c == 'h' || c == 'm' || c == 's')) {
            *ms += number * (c == 'h' ? 3600000 : c == 'm' ? 60000 : 1000);
            number = 0;
            has_number = false;
            has_unit = true;
        } else if (c != ' ') {
            return 0;
        }
    }
    return has_unit && !has_number && i < x.n && x.s[i] == ')' ? i + 1 : 0;
}

static void read_started(struct slice text, struct conversation *c)
{
    static const char *const dates[] = {"%A, %B %d, %Y, %H:%M:%S (%z)", "%A, %B %d, %Y, %I:%M:%S %p (%z)",
                                        "%A, %d %B %Y, %H:%M:%S (%z)"};
    int64_t at;
    bool has_zone;
    for (size_t i = 0; i < sizeof dates / sizeof *dates && c->started_at_ms == MS_NONE; i++)
        if (times_parse(text, dates[i], &at, &has_zone)) {
            c->started_at_ms = at;
            c->time_origin = has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
        }
}

static void take_heading(struct body *b, struct slice text)
{
    if (starts_with(text, "chat started:"))
        read_started(behind(text, 13), b->c);
    else if (starts_with(text, "agent ") && b->nagents < MOST_AGENTS)
        b->agents[b->nagents++] = transcript_keep(b->t, behind(text, 6));
}

/* "( 10s ) Ada: Hello", or a further line of the message before. */
static void take_entry(struct body *b, struct slice text)
{
    int64_t ms;
    size_t n = read_elapsed(text, &ms), colon = 0;
    if (n == 0) {
        if (text.n != 0 && b->t->is_open)
            transcript_add(b->t, "\n", text);
        return;
    }
    text = behind(text, n);
    while (colon < text.n &&
           !(text.s[colon] == ':' && (colon + 1 == text.n || text.s[colon + 1] == ' ' || text.s[colon + 1] == '\n')))
        colon++;
    bool has_name = colon > 0 && colon < text.n && colon <= MOST_NAME;
    transcript_begin(b->t, has_name ? SLICE_LIT("") : SLICE_LIT("system"), ms, MS_NONE);
    if (has_name) /* as it is: its role depends on the others */
        b->t->open.speaker_name = transcript_keep(b->t, slice_trim((struct slice){text.s, colon}));
    transcript_add(b->t, "\n", has_name ? behind(text, colon + 1) : text);
}

/* ---- roles ---------------------------------------------------------------------------------------------------------
 */

static bool is_visitor(struct slice name)
{
    return roles_of(name) == ROLE_CUSTOMER;
}

static bool is_bot(struct slice name)
{
    size_t at = name.n;
    while (at > 0 && name.s[at - 1] != ' ')
        at--;
    return roles_of(name) == ROLE_BOT || roles_of((struct slice){name.s + at, name.n - at}) == ROLE_BOT;
}

static bool is_agent(const struct body *b, struct slice name)
{
    for (size_t i = 0; i < b->nagents; i++)
        if (slice_eq(b->agents[i], name))
            return true;
    return false;
}

static void set_roles(struct body *b)
{
    bool has_visitor = false, has_agent = false;
    struct transcript *t = b->t;
    for (size_t i = 0; i < t->n; i++) {
        has_visitor = has_visitor || is_visitor(t->turns[i].speaker_name);
        has_agent = has_agent || is_agent(b, t->turns[i].speaker_name);
    }
    for (size_t i = 0; i < t->n; i++) {
        struct turn *turn = &t->turns[i];
        struct slice name = turn->speaker_name;
        if (name.n == 0)
            continue;
        if (is_bot(name))
            turn->role = ROLE_BOT;
        else if (is_agent(b, name) || (has_visitor && !is_visitor(name)))
            turn->role = ROLE_AGENT;
        else if (has_visitor || has_agent)
            turn->role = ROLE_CUSTOMER;
        if (turn->role == ROLE_AGENT && b->c->agent_name.n == 0 && b->c->agent_id.n == 0)
            b->c->agent_name = name;
    }
}

/* ---- the whole -----------------------------------------------------------------------------------------------------
 */

/* The bytes of X up to the next <br> or <p>, or all of it. */
static size_t entry_length(struct slice x)
{
    for (size_t i = 0; i < x.n; i++) {
        const char *lt = memchr(x.s + i, '<', x.n - i);
        if (lt == NULL)
            return x.n;
        i = (size_t)(lt - x.s);
        struct slice tag = {lt, x.n - i};
        if (starts_with(tag, "<br") || starts_with(tag, "<p>") || starts_with(tag, "<p "))
            return i;
    }
    return x.n;
}

/* The bytes of the <p>...</p> that X begins with. */
static size_t heading_length(struct slice x)
{
    for (size_t i = 2; i < x.n; i++) {
        const char *lt = memchr(x.s + i, '<', x.n - i);
        if (lt == NULL)
            return x.n;
        i = (size_t)(lt - x.s);
        struct slice tag = {lt, x.n - i};
        if (starts_with(tag, "</p>"))
            return i + 4;
        if (starts_with(tag, "<p ") || starts_with(tag, "<p>")) /* the end tag is missing */
            return i;
    }
    return x.n;
}

static struct slice to_plain(struct body *b, struct slice html)
{
    strbuf_clear(&b->plain);
    html_to_text(html, &b->plain);
    b->t->failed = b->t->failed || strbuf_failed(&b->plain);
    return slice_trim(strbuf_slice(&b->plain));
}

enum err_code salesforce_body_convert(struct slice body, struct transcript *t, struct conversation *c, struct err *e)
{
    struct body b = {.t = t, .c = c, .plain = STRBUF_INIT};
    while (body.n != 0 && !t->failed) {
        bool is_heading = starts_with(body, "<p>") || starts_with(body, "<p ");
        bool is_break = starts_with(body, "<br");
        size_t n = is_heading ? heading_length(body) : is_break ? 3 : entry_length(body);
        if (is_break) {
            const char *end = memchr(body.s, '>', body.n);
            n = end != NULL ? (size_t)(end - body.s) + 1 : body.n;
        } else {
            struct slice text = to_plain(&b, (struct slice){body.s, n});
            if (is_heading)
                take_heading(&b, text);
            else
                take_entry(&b, text);
        }
        body = (struct slice){body.s + n, body.n - n};
    }
    transcript_end(t);
    set_roles(&b);
    strbuf_free(&b.plain);
    return t->failed ? err_nomem(e) : ERR_OK;
}
