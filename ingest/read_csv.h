/*
 * read_csv.h - conversations from CSV and TSV: the formats "csv-turns" and "csv-cell" (FORMATS.md, section 8)
 *
 * "csv-turns" is one row a turn; rows of one conversation may stand anywhere (grouper.h). Rows without text are passed
 * over: nothing was said in them.
 * "csv-cell" is one row a conversation, the transcript in one cell: with labels ("Agent: ...", labels.h) or JSON. An id
 * that stands on several rows with different transcripts is made unique with a hash of the transcript.
 * The columns are found by their names (csv_columns.h) or by the user's map.
 */
#ifndef INGEST_READ_CSV_H
#define INGEST_READ_CSV_H

#include "ingest/reader.h"

int csv_turns_probe(const struct sample *s, struct reader_options *o, struct layout *layout, struct err *e);
CHECKED enum err_code csv_turns_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                                     const struct reader_sink *sink, struct err *e);

int csv_cell_probe(const struct sample *s, struct reader_options *o, struct layout *layout, struct err *e);
CHECKED enum err_code csv_cell_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                                    const struct reader_sink *sink, struct err *e);

#endif
