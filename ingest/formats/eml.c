/* A message of mail in a file of its own (.eml): headers, From and Date among them, an empty line, MIME (mail.h). The
 * conversation is the thread; other messages of it may be in other files: mail_reader.h. */
#include "ingest/formats/readers.h"

#include "ingest/mail_reader.h"
#include "ingest/text_file.h"

int eml_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    (void)o, (void)e;
    return mail_reader_has_headers(s->text) ? 95 : 0;
}

/* The message is a piece of its thread: the sink hears which. */
struct piece {
    const struct reader_sink *sink;
    const struct mail_reader *reader;
};

static enum err_code give(void *ctx, const struct conversation *c, const struct place *at, struct err *e)
{
    const struct piece *p = ctx;
    struct conversation out = *c;
    out.part = mail_reader_piece(p->reader);
    return p->sink->conversation(p->sink->ctx, &out, at, e);
}

static enum err_code refuse(void *ctx, const struct place *at, const char *reason, struct err *e)
{
    const struct piece *p = ctx;
    return p->sink->reject(p->sink->ctx, at, reason, e);
}

enum err_code eml_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                       const struct reader_sink *sink, struct err *e)
{
    struct strbuf text = STRBUF_INIT;
    struct err trouble = {.code = ERR_OK};
    struct piece piece = {sink, NULL};
    const struct reader_sink pieces = {&piece, give, refuse};
    struct mail_reader *r = mail_reader_new(path, o, &pieces);
    piece.reader = r;
    enum err_code rc = r != NULL ? text_file_slurp(in, o, &text, &trouble, e) : err_nomem(e);
    if (rc == ERR_OK)
        rc = mail_reader_add(r, text_lines_of(strbuf_slice(&text)).rest, 1, e);
    if (rc == ERR_OK)
        rc = mail_reader_finish(r, e);
    if (rc == ERR_OK && trouble.code != ERR_OK) {
        *e = trouble;
        rc = e->code;
    }
    mail_reader_free(r);
    strbuf_free(&text);
    return rc;
}
