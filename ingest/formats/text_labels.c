/* Plain text: "Agent: Hello" on lines of their own (line_labels.h says what is a label), as people paste it and as Rev
 * ("Ada Lee (00:12):", text below), help desks ("(10:15:30 AM) Ada: Hello") and many others export it. Lines without a
 * label go on; where messages have times, a line with a time and no label is an event. Above the first label stand a
 * title and facts: "Date: 2024-05-06 10:00" and "Chat ID: 17" are understood, the rest is passed over. A line with a
 * time alone (Google Meet) is that of the next turn. */
#include "ingest/formats/readers.h"

#include <stdlib.h>

#include "ingest/label_lines.h"

int text_labels_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct line_labels *labels = calloc(1, sizeof *labels);
    (void)o;
    if (labels == NULL) {
        (void)err_nomem(e);
        return 0;
    }
    size_t n;
    label_lines_learn(labels, s->text);
    int sure = label_lines_score(labels, s->text, &n);
    free(labels);
    return sure;
}

static enum err_code convert(struct slice text, const char *path, const struct reader_options *o, struct transcript *t,
                             struct conversation *c, struct err *e)
{
    struct line_labels *labels = arena_zalloc(t->arena, 1, sizeof *labels);
    (void)path;
    if (labels == NULL)
        return err_nomem(e);
    label_lines_learn(labels, text);
    label_lines_turns(labels, text, LABEL_LINES_FACTS, o, t, c);
    return ERR_OK;
}

enum err_code text_labels_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                               const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
