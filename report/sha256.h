/*
 * sha256.h - SHA-256 (FIPS 180-4), for the Content-Security-Policy of the page: it names its one style sheet by hash
 */
#ifndef REPORT_SHA256_H
#define REPORT_SHA256_H

#include "core/slice.h"

#define SHA256_BASE64_BYTES 45 /* 44 characters and the NUL */

/* The hash of X in base64. X.n < 2^32. */
const char *sha256_base64(struct slice x, char out[SHA256_BASE64_BYTES]);

#endif
