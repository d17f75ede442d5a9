/*
 * when.h - instants, civil dates and ISO weeks, without the C library's locale and time zone
 *
 * Instants are ms since 1970-01-01T00:00:00Z; days are days since 1970-01-01 (proleptic Gregorian calendar, after
 * H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). Weeks are ISO 8601: Monday first, week 1 has the
 * Thursday.
 */
#ifndef CORE_WHEN_H
#define CORE_WHEN_H

#include "core/slice.h"

#define MS_PER_DAY INT64_C(86400000)

struct civil {
    int year, month, day; /* month and day from 1 */
};

int64_t when_day_of(int64_t at_ms); /* floor: also before 1970 */
int64_t when_day(struct civil c);   /* c need not be checked: out-of-range days and months carry over */
struct civil when_civil(int64_t day);
bool when_civil_is_valid(struct civil c);
int64_t when_week_monday(int iso_year, int iso_week); /* the day of that week's Monday */
void when_iso_week(int64_t day, int *iso_year, int *iso_week);

/* "2026-11-16" -> day. False unless X is exactly such a date. */
bool when_parse_date(struct slice x, int64_t *day);

/* "2026-W47" -> the day of its Monday. False unless X is exactly such a week of that year. */
bool when_parse_week(struct slice x, int64_t *monday);

/* ISO 8601 / RFC 3339 date and time ("2026-11-16T09:30:00Z", " " for "T", fractions, "+01:00", "+0100", no seconds, no
 * zone, a date alone). *has_zone tells whether it said one; without, it is read as UTC. False if X is anything else. */
bool when_parse_iso(struct slice x, int64_t *at_ms, bool *has_zone);

#define WHEN_DATE_BYTES 16 /* room for when_format_date */
#define WHEN_ISO_BYTES  32 /* room for when_format_iso */

const char *when_format_date(int64_t day, char out[WHEN_DATE_BYTES]); /* "2026-11-16" */
const char *when_format_iso(int64_t at_ms, char out[WHEN_ISO_BYTES]); /* "2026-11-16T09:30:00Z", ".250" if any ms */

#endif
