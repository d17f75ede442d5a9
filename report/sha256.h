/*
 * sha256.h - SHA-256 (FIPS 180-4), for the Content-Security-Policy of the page, which names its style sheet and its
 * script by hash; and HMAC-SHA-256 (RFC 2104), for pseudonyms
 */
#ifndef REPORT_SHA256_H
#define REPORT_SHA256_H

#include "core/slice.h"

#define SHA256_BASE64_BYTES 45 /* 44 characters and the NUL */

#define SHA256_BYTES 32

/* The hash of X. X.n < 2^32. */
void sha256(struct slice x, unsigned char out[SHA256_BYTES]);

/* The hash of X under KEY. X.n <= SHA256_HMAC_MAX. */
#define SHA256_HMAC_MAX 1024
void sha256_hmac(const unsigned char key[SHA256_BYTES], struct slice x, unsigned char out[SHA256_BYTES]);

/* The hash of X in base64. X.n < 2^32. */
const char *sha256_base64(struct slice x, char out[SHA256_BASE64_BYTES]);

#endif
