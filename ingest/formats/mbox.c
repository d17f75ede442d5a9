/* Mail, many messages in a file: before each, behind an empty line, stands "From address date" (and ">From " is a "From
 * " of the text). One message is held at a time; threads are conversations (mail_reader.h). */
#include "ingest/formats/readers.h"

#include "ingest/mail_reader.h"
#include "ingest/text_file.h"

#define PIECE       ((size_t)64 << 10)
#define MOST_RECORD ((size_t)64 << 20)

struct mbox {
    const struct reader_input *in;
    struct mail_reader *reader;
    const struct reader_sink *sink;
    const char *path;
    struct strbuf text;       /* what was read */
    size_t from;              /* of it: what is used up */
    size_t seen;              /* behind FROM: looked at, up to the start of a line */
    bool was_blank;           /* the line before that was empty */
    bool is_end, is_too_long; /* of the file; of the message that is being passed over */
    long line, message_line;  /* of what is at SEEN; of the message's first line */
    size_t most;
};

/* Is LINE "From address date"? */
static bool is_separator(struct slice line)
{
    if (!slice_starts(line, "From ") || line.n < 20 || line.n > 300)
        return false;
    for (size_t i = 6; i + 2 < line.n; i++) /* a time of the day */
        if (line.s[i] == ':' && line.s[i - 1] >= '0' && line.s[i - 1] <= '9' && line.s[i + 1] >= '0' &&
            line.s[i + 1] <= '9')
            return true;
    return false;
}

int mbox_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct text_lines l = text_lines_of(s->text);
    struct slice line;
    (void)o, (void)e;
    return text_lines_next(&l, &line) && is_separator(line) && mail_reader_has_headers(l.rest) ? 100 : 0;
}

/* ">From " at the start of lines becomes "From ". */
static size_t unquote(char *s, size_t n)
{
    size_t to = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_start = i == 0 || s[i - 1] == '\n';
        if (is_start && s[i] == '>' && n - i > 6 && memcmp(s + i + 1, "From ", 5) == 0)
            continue;
        s[to++] = s[i];
    }
    return to;
}

/* The next N bytes are a message, its separator first. */
static enum err_code take_message(struct mbox *m, size_t n, struct err *e)
{
    char *message = m->text.s + m->from;
    struct slice line;
    struct text_lines l = text_lines_of((struct slice){message, n});
    enum err_code rc = ERR_OK;
    if (m->is_too_long)
        rc = m->sink->reject(m->sink->ctx, &(struct place){m->path, m->message_line, -1},
                             "a message that is longer than --max-record allows", e);
    else if (text_lines_next(&l, &line) && slice_trim(l.rest).n != 0)
        rc = mail_reader_add(m->reader, (struct slice){l.rest.s, unquote(message + (l.rest.s - message), l.rest.n)},
                             m->message_line, e);
    m->is_too_long = false;
    m->message_line = m->line;
    m->from += n;
    m->seen = 0;
    return rc;
}

/* Look at the whole lines that are there; take each message that ends. */
static enum err_code look(struct mbox *m, struct err *e)
{
    for (;;) {
        size_t at = m->from + m->seen, left = m->text.n - at;
        const char *from = m->text.s + at;
        const char *end = left != 0 ? memchr(from, '\n', left) : NULL;
        if (end == NULL)
            return ERR_OK;
        size_t n = (size_t)(end - from) + 1;
        struct slice line = {from, n - 1};
        line.n -= line.n > 0 && line.s[line.n - 1] == '\r';
        bool begins = m->was_blank && m->seen != 0 && is_separator(line);
        if (begins && take_message(m, m->seen, e) != ERR_OK)
            return e->code;
        m->was_blank = line.n == 0;
        m->seen += n;
        m->line++;
    }
}

/* Forget what is used up, and hold no message that is too long. */
static void forget(struct mbox *m)
{
    size_t n = m->from;
    if (m->text.n - m->from > m->most) {
        m->is_too_long = true;
        n = m->seen > 0 ? m->from + m->seen - 1 : m->text.n; /* the next line is not the message's first */
        m->was_blank = m->was_blank && m->seen > 0;
        m->seen = m->seen > 0;
    }
    memmove(m->text.s, m->text.s + n, m->text.n - n);
    m->text.n -= n;
    m->from = 0;
}

static enum err_code read_all(struct mbox *m, struct err *trouble, struct err *e)
{
    trouble->code = ERR_OK;
    for (size_t n = 1; n != 0;) {
        char *room = strbuf_reserve(&m->text, PIECE);
        if (room == NULL)
            return err_nomem(e);
        if (m->in->read(m->in->ctx, room, PIECE, &n, trouble) != ERR_OK)
            break;
        m->text.n += n;
        if (look(m, e) != ERR_OK)
            return e->code;
        forget(m);
    }
    if (trouble->code == ERR_NOMEM) {
        *e = *trouble;
        return ERR_NOMEM;
    }
    return m->text.n > m->from || m->is_too_long ? take_message(m, m->text.n - m->from, e) : ERR_OK;
}

enum err_code mbox_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                        const struct reader_sink *sink, struct err *e)
{
    struct mbox m = {.in = in,
                     .reader = mail_reader_new(path, o, sink),
                     .sink = sink,
                     .path = path,
                     .text = STRBUF_INIT,
                     .line = 1,
                     .message_line = 1,
                     .most = o->max_record_bytes != 0 ? o->max_record_bytes : MOST_RECORD};
    struct err trouble = {.code = ERR_OK};
    enum err_code rc = m.reader != NULL ? read_all(&m, &trouble, e) : err_nomem(e);
    if (rc == ERR_OK)
        rc = mail_reader_finish(m.reader, e);
    if (rc == ERR_OK && trouble.code != ERR_OK) {
        *e = trouble;
        rc = e->code;
    }
    mail_reader_free(m.reader);
    strbuf_free(&m.text);
    return rc;
}
