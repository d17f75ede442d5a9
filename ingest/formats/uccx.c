/* The chat transcripts of Cisco Unified Contact Center Express, XML:
 *     <ChatTranscript><startDate>1714989600000</startDate>
 *     <chat><time>1714989605000</time><name>Ada</name><msg>Hello &amp; welcome</msg></chat>...</ChatTranscript>
 * Times are ms since 1970. Elements are found by their names wherever they stand; attributes and unknown ones are
 * passed over. Nothing says who is the agent. */
#include "ingest/formats/readers.h"

#include "core/when.h"
#include "ingest/html_text.h"
#include "ingest/text_file.h"
#include "ingest/times.h"

#define CDATA "<![CDATA["

/* The place of the first tag NAME ("chat", "/chat") in X, behind FROM; x.n if there is none. *behind: what follows it.
 */
static size_t find_tag(struct slice x, size_t from, const char *name, size_t *behind)
{
    size_t n = strlen(name);
    while (from < x.n) {
        const char *lt = memchr(x.s + from, '<', x.n - from);
        if (lt == NULL)
            break;
        size_t at = (size_t)(lt - x.s), end = at + 1 + n;
        bool is_it =
            end < x.n && memcmp(lt + 1, name, n) == 0 && strchr(" \t\r\n>/", x.s[end]) != NULL && x.s[end] != '\0';
        if (is_it) {
            const char *gt = memchr(x.s + end, '>', x.n - end);
            *behind = gt != NULL ? (size_t)(gt - x.s) + 1 : x.n;
            return at;
        }
        from = at + 1;
    }
    *behind = x.n;
    return x.n;
}

/* The content of the first element NAME of X; empty if there is none. */
static struct slice content(struct slice x, const char *name, const char *end_name)
{
    size_t from, behind;
    (void)find_tag(x, 0, name, &from);
    size_t to = find_tag(x, from, end_name, &behind);
    return slice_trim((struct slice){x.s + from, to - from});
}

int uccx_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct slice x = text_lines_of(s->text).rest;
    size_t behind;
    (void)o, (void)e;
    x = slice_trim(x);
    x.n = x.n < 4096 ? x.n : 4096;
    return x.n != 0 && x.s[0] == '<' && find_tag(x, 0, "ChatTranscript", &behind) < x.n ? 95 : 0;
}

/* The text of an element, in T's turn. */
static void add_text(struct transcript *t, struct slice x, struct strbuf *plain)
{
    bool is_cdata = slice_starts(x, CDATA) && x.n >= strlen(CDATA) + 3;
    strbuf_clear(plain);
    if (is_cdata)
        strbuf_add(plain, x.s + strlen(CDATA), x.n - strlen(CDATA) - 3);
    else
        html_decode(x, plain);
    t->failed = t->failed || strbuf_failed(plain);
    struct strbuf room = STRBUF_INIT; /* the message may be HTML, escaped */
    transcript_add(t, "\n", html_plain(strbuf_slice(plain), &room));
    t->failed = t->failed || strbuf_failed(&room);
    strbuf_free(&room);
}

static enum err_code convert(struct slice text, const char *path, const struct reader_options *o, struct transcript *t,
                             struct conversation *c, struct err *e)
{
    struct strbuf plain = STRBUF_INIT;
    struct slice x = text_lines_of(text).rest, name;
    bool has_zone;
    int64_t at;
    (void)path, (void)o;
    c->channel = SLICE_LIT("chat");
    for (size_t from, behind; x.n != 0 && find_tag(x, 0, "chat", &from) < x.n;) {
        size_t to = find_tag(x, from, "/chat", &behind);
        struct slice chat = {x.s + from, to - from};
        at = MS_NONE;
        if (!times_parse(content(chat, "time", "/time"), NULL, &at, &has_zone))
            at = MS_NONE;
        name = content(chat, "name", "/name");
        strbuf_clear(&plain);
        html_decode(name, &plain);
        transcript_begin(t, strbuf_slice(&plain), at, MS_NONE);
        add_text(t, content(chat, "msg", "/msg"), &plain);
        x = (struct slice){x.s + behind, x.n - behind};
    }
    int64_t first = transcript_rebase(t, 0);
    if (!times_parse(content(text, "startDate", "/startDate"), NULL, &c->started_at_ms, &has_zone))
        c->started_at_ms = first;
    for (size_t i = 0; i < t->n && c->started_at_ms != MS_NONE && first != MS_NONE; i++)
        if (t->turns[i].start_ms != MS_NONE)
            t->turns[i].start_ms += first - c->started_at_ms;
    strbuf_free(&plain);
    return t->failed ? err_nomem(e) : ERR_OK;
}

enum err_code uccx_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                        const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
