/* Plain text: "Agent: Hello" on lines of their own (line_labels.h says what is a label), as people paste it and as Rev
 * ("Ada Lee (00:12):", text below), help desks ("(10:15:30 AM) Ada: Hello") and many others export it. Lines without a
 * label go on; where messages have times, a line with a time and no label is an event. Above the first label stand a
 * title and facts: "Date: 2024-05-06 10:00" and "Chat ID: 17" are understood, the rest is passed over. A line with a
 * time alone (Google Meet) is that of the next turn. Of a saved page (HTML) the text is read. */
#include "ingest/formats/readers.h"

#include <stdlib.h>
#include <strings.h>

#include "ingest/html_text.h"
#include "ingest/label_lines.h"

/* Is X a page, not only words with tags? */
static bool is_page(struct slice x)
{
    x = slice_trim(x);
    return (x.n > 14 && strncasecmp(x.s, "<!doctype html", 14) == 0) || (x.n > 6 && strncasecmp(x.s, "<html", 5) == 0);
}

/* TEXT itself, or a page's in ROOM. */
static struct slice shown(struct slice text, struct strbuf *room)
{
    text = text_lines_of(text).rest; /* behind a byte order mark */
    if (!is_page(text))
        return text;
    html_to_text(text, room);
    return strbuf_slice(room);
}

int text_labels_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct line_labels *labels = calloc(1, sizeof *labels);
    (void)o;
    if (labels == NULL) {
        (void)err_nomem(e);
        return 0;
    }
    struct strbuf room = STRBUF_INIT;
    struct slice text = shown(s->text, &room);
    size_t n;
    int sure = 0;
    if (strbuf_failed(&room)) {
        (void)err_nomem(e);
    } else {
        label_lines_learn(labels, text);
        sure = label_lines_score(labels, text, &n);
    }
    strbuf_free(&room);
    free(labels);
    return sure;
}

static enum err_code convert(struct slice text, const char *path, const struct reader_options *o, struct transcript *t,
                             struct conversation *c, struct err *e)
{
    struct line_labels *labels = arena_zalloc(t->arena, 1, sizeof *labels);
    (void)path;
    struct strbuf room = STRBUF_INIT;
    struct slice lines = shown(text, &room);
    bool is_lost = labels == NULL || strbuf_failed(&room);
    if (!is_lost) {
        label_lines_learn(labels, lines);
        label_lines_turns(labels, lines, LABEL_LINES_FACTS, o, t, c); /* copies what it takes */
    }
    strbuf_free(&room);
    return is_lost ? err_nomem(e) : ERR_OK;
}

enum err_code text_labels_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                               const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
