/*
 * zone.h - time zones by name ("Europe/Berlin"), from the system's zone files: local times -> instants
 *
 * The C library knows only one zone at a time, which is the process's; here a zone is a value. The files are TZif (RFC
 * 8536), with the rule for later years at their end (POSIX TZ).
 *
 * Owns:    a zone owns its tables; read-only once loaded, shared by threads.
 * Errors:  ERR_CONFIG with a hint where there is no such zone, or its file is damaged; ERR_NOMEM.
 */
#ifndef CORE_ZONE_H
#define CORE_ZONE_H

#include "core/err.h"
#include "core/slice.h"

struct zone;

/* Load the zone NAME: one of /usr/share/zoneinfo, "UTC", or "+02:00". */
CHECKED enum err_code zone_load(const char *name, struct zone **out, struct err *e);
void zone_free(struct zone *z); /* NULL is fine */

/* The same from the bytes of a zone file. */
CHECKED enum err_code zone_read(struct slice bytes, struct zone **out, struct err *e);

/* ms that the zone is ahead of UTC at an instant. */
int64_t zone_offset_ms(const struct zone *z, int64_t at_ms);

/* The instant at which the zone's clocks show LOCAL_MS (ms since 1970-01-01 00:00 local). Where they show it twice, the
 * earlier one; where they never do, as if they had not been put forward. */
int64_t zone_to_utc(const struct zone *z, int64_t local_ms);

#endif
