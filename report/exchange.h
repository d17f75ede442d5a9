/*
 * exchange.h - the turns around a delivery, with the deciding words marked; and links to them
 */
#ifndef REPORT_EXCHANGE_H
#define REPORT_EXCHANGE_H

#include "report/evidence.h"
#include "report/html.h"
#include "report/naming.h"

/* "c12-t4": the id of X in the page. */
#define EXCHANGE_ID_BYTES 48
const char *exchange_id(struct exchange x, char out[EXCHANGE_ID_BYTES]);

/* Write the lists that numbers lead to, as articles with the ids "n0", "n1", ...; their entries say which conversation,
 * how it was told and by whom, and lead to the exchange if it was cited. */
CHECKED enum err_code exchange_write_lists(struct store *db, struct html *h, const struct naming *naming,
                                           const struct evidence *ev, struct err *e);

/* Write all that was cited, each once, as articles. */
CHECKED enum err_code exchange_write_cited(struct store *db, struct html *h, const struct naming *naming,
                                           const struct evidence *ev, struct err *e);

/* What the agent said at X and what the customer disputed it with, or answered, as a quotation; with a link to the
 * whole exchange if it was cited. */
CHECKED enum err_code exchange_quote(struct store *db, struct html *h, const struct naming *naming,
                                     const struct evidence *ev, struct exchange x, struct err *e);

#endif
