/*
 * expire.h - retention: deleting what is older than it may be kept
 */
#ifndef STORE_EXPIRE_H
#define STORE_EXPIRE_H

#include <stdint.h>

#include "core/err.h"

struct store;

/* Delete the conversations that began before BEFORE_DAY (days since 1970), with all that was derived from them, in one
 * transaction of its own. Those whose day is not known stay. *ndeleted is how many went. */
CHECKED enum err_code store_expire(struct store *db, int64_t before_day, int64_t *ndeleted, struct err *e);

#endif
