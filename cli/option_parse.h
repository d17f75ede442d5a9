/*
 * option_parse.h - the texts of options as values; private to options.c and option_check.c
 *
 * All return false, and leave *out undefined, where the text is not of the kind.
 */
#ifndef CLI_OPTION_PARSE_H
#define CLI_OPTION_PARSE_H

#include "cli/options.h"

bool option_parse_flag(const char *text, bool *out);
bool option_parse_count(const char *text, int64_t *out);
bool option_parse_bytes(const char *text, int64_t *out);
bool option_parse_mask(const char *text, unsigned *out);

#endif
