/*
 * address.h - mail addresses, as options name them
 */
#ifndef REPORT_ADDRESS_H
#define REPORT_ADDRESS_H

#include "core/err.h"
#include "core/slice.h"

/* ERR_USAGE, with the reason, unless LIST is such as "ada@example.org, Bob <bob@example.org>": printable ASCII. */
CHECKED enum err_code address_check(const char *list, struct err *e);

/* The next address of a list that was checked; *rest moves behind it, and is at the end where the list ends. */
struct slice address_next(const char **rest);

#endif
