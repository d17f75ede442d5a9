/*
 * exchange.h - the turns around a delivery, with the deciding words marked; and links to them
 */
#ifndef REPORT_EXCHANGE_H
#define REPORT_EXCHANGE_H

#include "report/evidence.h"
#include "report/html.h"

/* "c12-t4": the id of X in the page. */
#define EXCHANGE_ID_BYTES 48
const char *exchange_id(struct exchange x, char out[EXCHANGE_ID_BYTES]);

/* A link to X that says which conversation, which agent, how it was told and how it ended; cites it. */
CHECKED enum err_code exchange_link(struct store *db, struct html *h, struct evidence *ev, struct exchange x,
                                    struct err *e);

/* Write all that was cited, each once, as articles. */
CHECKED enum err_code exchange_write_cited(struct store *db, struct html *h, const struct evidence *ev, struct err *e);

#endif
