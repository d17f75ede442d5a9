/*
 * listing.h - what a reader makes of a text, as text that a test can compare
 *
 *     LINE:ID source=... channel=... queue=... agent=... agent-name=... customer=... at=MS/ORIGIN    (what is there)
 *       ROLE id=... name=... START-END|TEXT                                                           (each turn)
 *     LINE!REASON                                                                                    (a reject)
 */
#ifndef TESTS_SUPPORT_LISTING_H
#define TESTS_SUPPORT_LISTING_H

#include "core/strbuf.h"
#include "ingest/reader.h"

struct listing {
    struct strbuf out;
    size_t conversations, rejects;
};

/* The sink; its context is a struct listing. */
struct reader_sink listing_sink(struct listing *l);

/* Text to read in steps; if FAILS, there is ERR_INPUT "cut off" at its end. */
struct text_input {
    struct slice left;
    size_t step;
    bool fails;
};
enum err_code text_input_read(void *text_input, void *buf, size_t cap, size_t *n, struct err *e);

/* Fails the test unless the text is recognised as FORMAT and gives WANT, read in steps of several sizes. PATH is the
 * file's name, LABEL the name of the case. An error that ends the reading is the last line. */
void expect_listing(const char *label, const char *format, const char *path, struct slice text, struct reader_options o,
                    const char *want);

#endif
