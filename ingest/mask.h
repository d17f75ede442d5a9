/*
 * mask.h - personal data in texts, replaced before anything is stored
 *
 * What is masked (enum mask_kind) and as what:
 *   cards   [card]   13 to 19 digits that pass Luhn's check, first digit 2 to 6; groups by blanks or dashes
 *   SSN     [ssn]    US social security numbers written ddd-dd-dddd or ddd dd dddd, not of the ranges never given out
 *   IBAN    [iban]   country, its length, check digits (mod 97); with or without blanks
 *   e-mail  [email]
 *   phone   [phone]  +... and 00... international; North American in groups; national ones that begin with 0, in
 *                    groups or in 10 or 11 digits at once; ten digits at once only where a word before says "phone"
 * Numbers of orders, prices, dates, times and IP addresses stay: what is not written like a telephone number is none.
 */
#ifndef INGEST_MASK_H
#define INGEST_MASK_H

#include "core/strbuf.h"
#include "ingest/ingest.h"

/* Append X to OUT with what KINDS (enum mask_kind bits) names replaced, and return how often; where there is nothing to
 * mask, nothing is appended and 0 comes back. The caller checks strbuf_failed(). */
size_t mask_text(struct slice x, unsigned kinds, struct strbuf *out);

#endif
