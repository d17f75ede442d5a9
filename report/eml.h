/*
 * eml.h - the report as a message that is ready for `sendmail -t`: the sentences as plain text, the page attached
 *
 * RFC 5322 and MIME (RFC 2045 to 2049, 2183), CRLF line ends, 7-bit: whatever the title and the names hold.
 */
#ifndef REPORT_EML_H
#define REPORT_EML_H

#include "report/sink.h"

struct eml {
    const char *from, *to; /* addresses; several in TO are separated by commas */
    const char *title;
    int64_t now_ms; /* the message's date */
};

/* Write DIR/report.eml with the page HTML in it. ERR_USAGE for an address that is none. Adds the bytes to *bytes. */
CHECKED enum err_code eml_write(const struct sink_page *page, const struct eml *m, struct slice html, const char *dir,
                                int64_t *bytes, struct err *e);

#endif
