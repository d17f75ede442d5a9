/*
 * mail.h - one message of mail (RFC 5322, MIME) -> who wrote what, when, and in answer to what; the one place that
 * knows GMime
 *
 * The text is that of the parts that are plain text, else that of the HTML, without attachments; character sets and
 * transfer encodings are undone; what was quoted and the signature are gone (mail_text.h). The message was decoded to
 * UTF-8 as a whole before (decode.h), so parts that stand in it as they are have no other character set any more.
 *
 * Memory:  about twice the message. GLib ends the program when memory is gone (its way; there is no other).
 * Threads: any; GMime is initialised once, and objects are never shared.
 */
#ifndef INGEST_MAIL_H
#define INGEST_MAIL_H

#include "core/arena.h"
#include "core/err.h"

#define MAIL_MOST_REFERENCES 64 /* the first and the last ones are kept */

/* All slices live in the arena; empty if the message does not say. Ids are without their "<>". */
struct mail {
    struct slice from_address, from_name; /* the address in lower case */
    struct slice subject, id, in_reply_to;
    struct slice references[MAIL_MOST_REFERENCES]; /* the oldest first */
    size_t nreferences;
    int64_t at_ms;     /* MS_NONE if unknown */
    bool is_automatic; /* an answer that no person wrote */
    struct slice text;
};

/* Read MESSAGE, its headers first. ERR_INPUT if it is none; ERR_NOMEM. */
CHECKED enum err_code mail_parse(struct slice message, struct arena *a, struct mail *out, struct err *e);

#endif
