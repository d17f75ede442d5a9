/*
 * probe.h - which format is this?
 */
#ifndef INGEST_PROBE_H
#define INGEST_PROBE_H

#include "ingest/reader.h"

#define PROBE_BYTES      ((size_t)1 << 20) /* of decoded text that the probes see, at most ... */
#define PROBE_BYTES_JSON ((size_t)8 << 20) /* ... or, where a JSON document is longer than that */

#define PROBE_SURE 80 /* of a score this high, no other format is asked */

/* The format that fits S best, with *o and *layout filled by its probe. WANTED (or NULL) is a name of the table that is
 * taken whatever its probe says. ERR_INPUT with the reason and a hint if none fits; ERR_USAGE if WANTED is unknown. */
CHECKED enum err_code probe(const struct sample *s, const char *wanted, struct reader_options *o, struct layout *layout,
                            const struct format **out, struct err *e);

/* The row of the table of that name; ERR_USAGE if there is none. */
CHECKED enum err_code probe_named(const char *name, const struct format **out, struct err *e);

#endif
