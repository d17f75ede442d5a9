/*
 * screen.h - text on a terminal: other people's is harmless, and wrapped
 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include "core/strbuf.h"

/* Append X with control characters (also those that turn the direction of writing) as U+FFFD and line ends as spaces,
 * so that no transcript can move the cursor or hide text. */
void screen_text(struct strbuf *out, struct slice x);

/* Cut the next line of at most WIDTH characters off *rest, at a blank where there is one. Characters are counted as one
 * column each. */
struct slice screen_line(struct slice *rest, size_t width);

/* Append X and spaces up to WIDTH characters. */
void screen_pad(struct strbuf *out, struct slice x, size_t width);

/* The end of a word for N things: "", or "s". */
static inline const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

#endif
