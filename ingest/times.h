/*
 * times.h - times as exports write them: instants and offsets
 */
#ifndef INGEST_TIMES_H
#define INGEST_TIMES_H

#include "core/slice.h"

#define TIMES_DMY "dmy" /* date formats of their own: 16/11/2026 [9:30[:00][ PM]], with "/", "." or "-" */
#define TIMES_MDY "mdy" /* 11/16/2026 ... */

/* TIMES_DMY or TIMES_MDY if the dates that stand alone in TEXT (in cells of a table, at line starts) prove one of them
 * and none of them the other, by a day after the twelfth; else NULL. */
const char *times_infer_order(struct slice text);

/* The instant that X stands for: by DATE_FORMAT (strptime(3), TIMES_DMY or
 * TIMES_MDY; NULL: none) if it fits, else ISO 8601 (" UTC" for
 * "Z" is fine), "2026/11/16 09:30", "Wed Oct 11 06:55:44 +0000 2017", "Wed, 11 Oct 2017 06:55:44 +0000", or a number
 * since 1970 (see times_from_epoch). *has_zone: it says its zone; without, it is read as UTC. False if X is nothing of
 * this; day/month orders are never guessed. */
bool times_parse(struct slice x, const char *date_format, int64_t *at_ms, bool *has_zone);

/* A number since 1970 in s, ms, us or ns, whichever gives a year from 1990 to 2099; false if none does. */
bool times_from_epoch(double x, int64_t *at_ms);

/* An offset from a conversation's start: a number of seconds (of milliseconds if IN_MS), or a clock "[h:]mm:ss[.fff]".
 */
bool times_parse_offset(struct slice x, bool in_ms, int64_t *ms);

/* The instant in the name of a file that Zoom wrote: "GMT20240506-100000" (UTC), in PATH's last part. */
bool times_of_zoom_name(const char *path, int64_t *at_ms);

/* The first date with a time of day anywhere in NAME, as names of recordings have it, read as UTC:
 * "20240506T10:00_UTC", "2024-05-06T10-00-01", "20240506_100001", "2024-05-06 10%3A00". */
bool times_in_name(struct slice name, int64_t *at_ms);

#endif
