/*
 * readers.h - the functions behind the rows of formats.def (see reader.h for what each kind promises)
 */
#ifndef INGEST_FORMATS_READERS_H
#define INGEST_FORMATS_READERS_H

#include "ingest/reader.h"

#define READER_FITS(id) bool id##_fits(struct json doc);
#define READER_PARSE(id)                                                                                               \
    CHECKED enum err_code id##_parse(struct json doc, const struct place *at, const struct reader_options *o,          \
                                     struct arena *a, const struct reader_sink *sink, struct err *e);
#define READER_PROBE(id) int id##_probe(const struct sample *s, struct reader_options *o, struct err *e);
#define READER_READ(id)                                                                                                \
    CHECKED enum err_code id##_read(const struct reader_input *in, const char *path, const struct reader_options *o,   \
                                    const struct reader_sink *sink, struct err *e);

#define JSON_FORMAT(id, name, title) READER_FITS(id) READER_PARSE(id)
#define JSON_ROWS(id, name, title)   READER_FITS(id) READER_READ(id)
#define TEXT_FORMAT(id, name, title) READER_PROBE(id) READER_READ(id)
#include "ingest/formats/formats.def"
#undef JSON_FORMAT
#undef JSON_ROWS
#undef TEXT_FORMAT

#endif
