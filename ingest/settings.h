/*
 * settings.h - what holds for the conversations of one source: the zone of its local times, and who its speakers are
 *
 * Owns:    struct settings owns zones and maps. Zones that an export names itself are loaded when they are first met,
 *          under a lock; everything else is read-only.
 * Errors:  ERR_CONFIG where a zone does not exist, ERR_USAGE where a map is none.
 */
#ifndef INGEST_SETTINGS_H
#define INGEST_SETTINGS_H

#include "core/err.h"
#include "core/slice.h"

struct ingest_options;
struct role_map;
struct settings;
struct zone;

CHECKED enum err_code settings_load(const struct ingest_options *o, struct settings **out, struct err *e);
void settings_free(struct settings *s); /* NULL is fine */

/* Of the source NAME; NULL if nothing was said. S may be NULL. */
const struct zone *settings_zone(const struct settings *s, struct slice source);
const struct role_map *settings_roles(const struct settings *s, struct slice source);

/* The zone NAME that an export says; NULL if there is no such zone (or no memory for it). */
const struct zone *settings_named_zone(struct settings *s, struct slice name);

#endif
