/*
 * json_write.h - JSON text out: the only code that knows how JSON strings are escaped
 *
 * json_escape() is for files and streams; with FOR_SCRIPT also < > & U+2028 U+2029 are written \uXXXX, so that the text
 * may stand in an HTML <script type="application/json"> element.
 */
#ifndef CORE_JSON_WRITE_H
#define CORE_JSON_WRITE_H

#include "core/strbuf.h"

/* Append X (UTF-8; a broken byte becomes U+FFFD) as a JSON string with its quotes. */
void json_escape(struct strbuf *b, struct slice x, bool for_script);

/* Append a number as short as it reads back to six decimals, in the C locale; NaN and infinities become null. */
void json_number(struct strbuf *b, double x);

#endif
