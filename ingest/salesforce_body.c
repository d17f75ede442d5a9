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
    struct slice agents[MOST_AGENTS], bots[MOST_AGENTS];
    size_t nagents, nbots;
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

/* Does X begin with a heading's tag, <p> or <div>? */
static bool is_heading_tag(struct slice x)
{
    static const char *const tags[] = {"<p>", "<p ", "<div>", "<div "};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (starts_with(x, tags[i]))
            return true;
    return false;
}

static size_t read_elapsed(struct slice x, int64_t *ms);

/* Is an entry "( 10s ) " in X, behind a tag or a blank? */
static bool has_entry(struct slice x)
{
    int64_t ms;
    for (size_t i = 1; i < x.n; i++)
        if (x.s[i] == '(' && strchr("> \t\r\n", x.s[i - 1]) != NULL &&
            read_elapsed((struct slice){x.s + i, x.n - i}, &ms) != 0)
            return true;
    return false;
}

bool salesforce_body_is(struct slice x)
{
    x = slice_trim(x);
    if (starts_with(x, "chat started:"))
        return has_entry(x);
    if (!is_heading_tag(x))
        return false;
    const char *end = memchr(x.s, '>', x.n < 100 ? x.n : 100);
    if (end != NULL && starts_with(behind(x, (size_t)(end - x.s) + 1), "chat started:"))
        return true;
    /* in other languages */
    bool is_centred = end != NULL && end - x.s > 8 && memcmp(end - 8, "\"center\"", 8) == 0;
    return is_centred && has_entry(x);
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
    int64_t at;
    bool has_zone;
    if (c->started_at_ms != MS_NONE || !times_parse(text, NULL, &at, &has_zone))
        return;
    c->started_at_ms = at;
    c->time_origin = has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
}

/* Where WORD (lower case) stands in X, in any case; X.n if nowhere. */
static size_t find_word(struct slice x, const char *word)
{
    size_t i = 0;
    while (i < x.n && !starts_with((struct slice){x.s + i, x.n - i}, word))
        i++;
    return i;
}

static void learn_name(struct body *b, struct slice *names, size_t *n, struct slice name)
{
    if (starts_with(name, "agent "))
        name = behind(name, 6);
    if (name.n != 0 && *n < MOST_AGENTS)
        names[(*n)++] = transcript_keep(b->t, slice_trim(name));
}

static bool is_agent(const struct body *b, struct slice name);

/* "Chat Transferred From A To B", "Agent A successfully transferred the chat to B": B is an agent from now on; A is, or
 * is a bot if no heading said that he is an agent. */
static void take_transfer(struct body *b, struct slice text)
{
    size_t from = find_word(text, " from "), begin = from < text.n ? from : 0;
    size_t to = begin + find_word((struct slice){text.s + begin, text.n - begin}, " to ");
    if (to + 4 < text.n)
        learn_name(b, b->agents, &b->nagents, behind(text, to + 4));
    if (from + 6 >= to || to >= text.n)
        return;
    struct slice name = slice_trim((struct slice){text.s + from + 6, to - from - 6});
    if (!is_agent(b, starts_with(name, "agent ") ? behind(name, 6) : name))
        learn_name(b, b->bots, &b->nbots, name);
}

static void take_heading(struct body *b, struct slice text)
{
    static const char *const doings[] = {" successfully ", " requested ", " accepted ", " joined ", " left ",
                                         " has ",          " ended ",     " is ",       " did ",    " failed "};
    size_t colon = find_word(text, ": ");
    if (colon < text.n && b->c->started_at_ms == MS_NONE && b->nagents == 0)
        read_started(behind(text, colon + 1), b->c);
    if (find_word(text, "transferred") < text.n) {
        take_transfer(b, text);
        return;
    }
    size_t end = text.n;
    for (size_t i = 0; i < sizeof doings / sizeof *doings; i++) {
        size_t at = find_word(text, doings[i]);
        end = at < end ? at : end;
    }
    text.n = end;
    if (starts_with(text, "agent ") || starts_with(text, "agente "))
        learn_name(b, b->agents, &b->nagents, behind(text, text.s[5] == ' ' ? 6 : 7));
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

static bool is_bot(const struct body *b, struct slice name)
{
    for (size_t i = 0; i < b->nbots; i++)
        if (slice_eq(b->bots[i], name))
            return true;
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
        if (is_bot(b, name))
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
        if (starts_with(tag, "<br") || is_heading_tag(tag))
            return i;
    }
    return x.n;
}

/* The bytes of the <p>...</p> or <div>...</div> that X begins with. */
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
        if (starts_with(tag, "</div>"))
            return i + 6;
        if (is_heading_tag(tag)) /* the end tag is missing */
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

/* A body that was saved as text: headings and entries are lines. */
static void take_lines(struct body *b, struct slice body)
{
    struct text_lines l = text_lines_of(body);
    struct slice line;
    int64_t ms;
    while (text_lines_next(&l, &line)) {
        line = slice_trim(line);
        if (b->t->is_open || read_elapsed(line, &ms) != 0)
            take_entry(b, line);
        else
            take_heading(b, line);
    }
}

static void take_html(struct body *b, struct slice body)
{
    while (body.n != 0 && !b->t->failed) {
        bool is_heading = is_heading_tag(body), is_break = starts_with(body, "<br");
        size_t n = is_heading ? heading_length(body) : is_break ? 3 : entry_length(body);
        if (is_break) {
            const char *end = memchr(body.s, '>', body.n);
            n = end != NULL ? (size_t)(end - body.s) + 1 : body.n;
        } else {
            struct slice text = to_plain(b, (struct slice){body.s, n});
            if (is_heading)
                take_heading(b, text);
            else
                take_entry(b, text);
        }
        body = (struct slice){body.s + n, body.n - n};
    }
}

enum err_code salesforce_body_convert(struct slice body, struct transcript *t, struct conversation *c, struct err *e)
{
    struct body b = {.t = t, .c = c, .plain = STRBUF_INIT};
    body = slice_trim(body);
    if (starts_with(body, "chat started:"))
        take_lines(&b, body);
    else
        take_html(&b, body);
    transcript_end(t);
    set_roles(&b);
    strbuf_free(&b.plain);
    return t->failed ? err_nomem(e) : ERR_OK;
}
