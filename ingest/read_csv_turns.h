/*
 * read_csv_turns.h - CSV and TSV with one row a turn (FORMATS.md, section 8a)
 */
#ifndef INGEST_READ_CSV_TURNS_H
#define INGEST_READ_CSV_TURNS_H

#include "ingest/reader.h"

extern const struct format format_csv_turns;

#endif
