/*
 * date_guess.h - "05/06/2024 10:00 AM": is the day first, or the month? As all dates of a file say
 *
 * The order is what holds for all of them; if both do, the one in which the dates do not run back where they do in the
 * other. If nothing tells, the day is first before a ".", and nothing is guessed before "/" or "-".
 */
#ifndef INGEST_DATE_GUESS_H
#define INGEST_DATE_GUESS_H

#include "core/slice.h"

#define DATE_GUESS_FORMATS 84

/* Start with all zero. */
struct date_guess {
    size_t nvalues, fits[DATE_GUESS_FORMATS], back[DATE_GUESS_FORMATS];
    int64_t last[DATE_GUESS_FORMATS];
};

/* A value that times_parse() does not understand. */
void date_guess_learn(struct date_guess *g, struct slice value);

/* The strptime(3) format of all that was learnt, or NULL if it is not sure. Lives for ever. */
const char *date_guess_format(const struct date_guess *g);

#endif
