/*
 * text_file.h - what the readers of text formats share: a whole text in memory, its lines, and its turns as they grow
 *
 * A file is one conversation; it is held in memory up to o->max_record_bytes. A file that breaks off gives what came
 * before, and then its error.
 */
#ifndef INGEST_TEXT_FILE_H
#define INGEST_TEXT_FILE_H

#include "core/strbuf.h"
#include "ingest/reader.h"

/* ---- lines ---------------------------------------------------------------------------------------------------------
 */

/* Lines end with LF, CRLF or CR. */
struct text_lines {
    struct slice rest;
    long line; /* number of the line that was given last, from 1 */
};

struct text_lines text_lines_of(struct slice text);             /* a byte order mark is passed over */
bool text_lines_next(struct text_lines *l, struct slice *line); /* without its end; false behind the last */
bool text_lines_peek(const struct text_lines *l, struct slice *line);

/* ---- turns ---------------------------------------------------------------------------------------------------------
 */

#define TRANSCRIPT_RECENT 4

/* Turns being collected. Running out of memory is remembered until transcript_finish(). */
struct transcript {
    struct arena *arena;
    struct turn *turns;
    size_t n, cap;
    struct strbuf text; /* of the turn that grows */
    struct turn open;
    bool is_open, failed;
    struct slice recent[TRANSCRIPT_RECENT]; /* names that were copied last: a chat has the same few all the time */
    unsigned next_recent;
};

/* Begin a turn of NAME (which is copied); whatever grew before is complete. NAME may be or hold a role word
 * (roles_of_label). Turns in which nothing is said are passed over. */
void transcript_begin(struct transcript *t, struct slice name, int64_t start_ms, int64_t end_ms);

/* Does a turn of NAME grow, and does NAME tell who that is? For parts that belong together. */
bool transcript_is_by(const struct transcript *t, struct slice name);

/* Add text to the turn that grows (none: one of nobody begins), behind SEPARATOR where text stands already. */
void transcript_add(struct transcript *t, const char *separator, struct slice text);

void transcript_end(struct transcript *t);

void transcript_free(struct transcript *t); /* but not the arena: it has the texts and names of the turns */

/* A copy of X that lives as long as the turns. */
struct slice transcript_keep(struct transcript *t, struct slice x);

/* Put *start_ms and *end_ms of all turns back by the first start, where the turns carry instants or times of a day. A
 * time before its forerunner's is of the next day if STEP is MS_PER_DAY (0: it stays). Returns the first start, or
 * MS_NONE. */
int64_t transcript_rebase(struct transcript *t, int64_t step);

/* ---- files ---------------------------------------------------------------------------------------------------------
 */

/* Make turns in T of TEXT, and fill what *c can know; path, date_format and so on are in O and PATH. */
typedef enum err_code text_file_convert(struct slice text, const char *path, const struct reader_options *o,
                                        struct transcript *t, struct conversation *c, struct err *e);

/* Read all of IN and give the conversation that CONVERT makes of it to the sink. */
CHECKED enum err_code text_file_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                                     const struct reader_sink *sink, text_file_convert *convert, struct err *e);

/* All that IN gives, into TEXT. If it breaks off, *trouble is the reason (else its code is ERR_OK) and what came before
 * is there. ERR_NOMEM; ERR_INPUT if it is longer than O allows. */
CHECKED enum err_code text_file_slurp(const struct reader_input *in, const struct reader_options *o,
                                      struct strbuf *text, struct err *trouble, struct err *e);

#endif
