/*
 * csv.h - delimited text in and out; the one place that knows libcsv
 *
 * RFC 4180 with the latitude real exports need: any one-byte delimiter, LF, CRLF or CR line ends, quoted line ends.
 *
 * Owns: a reader owns its record; it is valid until the next csv_read().
 */
#ifndef CORE_CSV_H
#define CORE_CSV_H

#include "core/err.h"
#include "core/strbuf.h"

/* Where a csv_reader gets its bytes: up to CAP into BUF, *n == 0 at the end. */
typedef enum err_code csv_source(void *ctx, void *buf, size_t cap, size_t *n, struct err *e);

/* A text in memory as a source: CTX is a struct slice, which is used up. */
csv_source csv_from_slice;

struct csv_record {
    const struct slice *fields; /* unquoted, spaces kept */
    size_t nfields;
    long line; /* the line of the input on which the record begins, from 1 */
};

struct csv_reader;

/* Read delimited text from SOURCE(ctx). MAX_RECORD_BYTES bounds one record. NULL when out of memory. */
struct csv_reader *csv_reader_new(csv_source *source, void *ctx, char delimiter, size_t max_record_bytes);
void csv_reader_free(struct csv_reader *r);

/* The next record into *rec; *has false at the end. Blank lines are passed over. A record that is longer than the bound
 * or has more than 16,384 fields gives ERR_INPUT, with rec->line set, and is passed over; reading may go on. So does a
 * quote that is never closed (rec->line is that of the quote): its line is refused, and the lines behind it are read
 * again without it. Words behind a closing quote ("a"b) belong to the field, which goes on unquoted. An error of the
 * source comes after all whole records before it; then csv_reader_can_go_on() is false. */
CHECKED enum err_code csv_read(struct csv_reader *r, struct csv_record *rec, bool *has, struct err *e);
bool csv_reader_can_go_on(const struct csv_reader *r);

/* Is this first record only the hint "sep=X" that spreadsheets write above the header? */
bool csv_is_sep_hint(const struct csv_record *rec);

/* A reader of a whole small file's TEXT, which is UTF-8, with or without BOM; the delimiter is guessed among , ; TAB |,
 * and is a comma for a single column. *text is what is left to read, and must outlive the reader. NULL when out of
 * memory. */
struct csv_reader *csv_reader_of(struct slice *text, char *delimiter);

/* A whole small file (roster, side data, catalogue), read as csv_reader_of() does. ROW is called for each record after
 * the header, with HEADER's fields. */
CHECKED enum err_code csv_read_file(const char *path, void *ctx,
                                    enum err_code (*row)(void *ctx, const struct csv_record *header,
                                                         const struct csv_record *rec, struct err *e),
                                    struct err *e);

/* The delimiter among , ; TAB | that splits SAMPLE's first records best into one and the same number (>= 2) of fields;
 * 0 if none does for at least half of them. SAMPLE may end in the middle of a record. A first line "sep=X" is obeyed.
 */
char csv_guess_delimiter(struct slice sample);

/* Append one field for spreadsheets: quoted where RFC 4180 wants it; a text cell that a spreadsheet would run as a
 * formula (first byte = + - @ TAB CR) gets a ' before it. Numbers are written by strbuf_printf instead. */
void csv_put_text(struct strbuf *b, struct slice cell);

#endif
