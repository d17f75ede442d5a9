/*
 * unlisted.h - the telling words of rules that the catalogue does not have, read once for the page and the files
 *
 * Owns: texts and rows live in the arena given to unlisted_load().
 */
#ifndef REPORT_UNLISTED_H
#define REPORT_UNLISTED_H

#include "core/arena.h"
#include "report/evidence.h"
#include "report/table.h"

struct unlisted_phrase {
    struct slice phrase;
    int64_t deliveries, conversations, disputed;
    struct exchange example;
};

struct unlisted {
    struct unlisted_phrase *phrases; /* those of most conversations first */
    size_t n;
};

/* At most MOST of the period's. */
CHECKED enum err_code unlisted_load(struct store *db, const struct period *p, size_t most, struct arena *a,
                                    struct unlisted *out, struct err *e);

#endif
