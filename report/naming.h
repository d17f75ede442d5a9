/*
 * naming.h - what agents are called in a report: their names, or pseudonyms
 *
 * A pseudonym is made of the first 40 bits of HMAC-SHA-256 of the agent's id under a secret key, in Crockford's base 32
 * (no I, L, O, U): "K7QF-2M9D". The same key gives the same pseudonym in every report; without the key nobody can
 * compute it, or go back from it.
 */
#ifndef REPORT_NAMING_H
#define REPORT_NAMING_H

#include "core/err.h"
#include "core/model.h"
#include "report/sha256.h"

struct naming {
    bool is_secret; /* pseudonyms */
    unsigned char key[SHA256_BYTES];
};

#define NAMING_BYTES 24

/* The agent's id, or the pseudonym, in OUT. "" stays "". */
struct slice naming_id(const struct naming *n, struct slice external_id, char out[NAMING_BYTES]);

/* The agent's name, or "Agent K7QF-2M9D". */
struct slice naming_name(const struct naming *n, struct slice name, struct slice external_id, char out[NAMING_BYTES]);

/* With pseudonyms: blot out the words of NAME ("Ada Byron") in TEXT, of the same length afterwards. A word of a name
 * counts only as written, as a whole word, from two bytes on. */
void naming_blot(const struct naming *n, struct slice name, char *text, size_t nbytes);

/* The key in the file PATH, which is made (mode 0600, 32 random bytes in hex) if it is not there. ERR_IO; ERR_CONFIG if
 * the file holds fewer than 16 bytes. */
CHECKED enum err_code naming_load(const char *path, struct naming *out, struct err *e);

#endif
