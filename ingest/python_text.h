/*
 * python_text.h - what Python's str() makes of lists and dicts, as JSON
 *
 * Tables that pandas wrote hold lists of turns as "[{'speaker': 'Agent', 'text': "It's on"}]": quotes of either kind,
 * None, True and False, and, from numpy, no commas between the items. Only what is no JSON by itself is worth trying.
 *
 * Owns:   nothing.
 * Errors: running out of memory is the strbuf's.
 */
#ifndef INGEST_PYTHON_TEXT_H
#define INGEST_PYTHON_TEXT_H

#include "core/strbuf.h"

/* Append TEXT to OUT as JSON. What is neither Python nor JSON becomes something that is no JSON either. */
void python_text_to_json(struct slice text, struct strbuf *out);

#endif
