/* The Body of a Salesforce LiveChatTranscript, saved as .html (salesforce_body.h). In CSV exports of the object it
 * stands in a cell: csv_cell.c. */
#include "ingest/formats/readers.h"

#include "ingest/salesforce_body.h"

int salesforce_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    (void)o, (void)e;
    return salesforce_body_is(text_lines_of(s->text).rest) ? 100 : 0;
}

static enum err_code convert(struct slice text, const char *path, const struct reader_options *o, struct transcript *t,
                             struct conversation *c, struct err *e)
{
    (void)path, (void)o;
    c->channel = SLICE_LIT("chat");
    return salesforce_body_convert(text_lines_of(text).rest, t, c, e);
}

enum err_code salesforce_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                              const struct reader_sink *sink, struct err *e)
{
    return text_file_read(in, path, o, sink, convert, e);
}
