#include "report/naming.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/utf8.h"

enum { KEY_FILE_MAX = 4096, KEY_FILE_MIN = 16, NAME_WORD_MIN = 2 };

struct slice naming_id(const struct naming *n, struct slice external_id, char out[NAMING_BYTES])
{
    static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    unsigned char hash[SHA256_BYTES];
    uint64_t bits = 0;
    size_t at = 0;
    if (!n->is_secret || external_id.n == 0)
        return external_id;
    sha256_hmac(n->key, external_id, hash);
    for (size_t i = 0; i < 5; i++)
        bits = bits << 8 | hash[i];
    for (int i = 7; i >= 0; i--) {
        out[at++] = letters[bits >> (5 * i) & 31];
        if (i == 4)
            out[at++] = '-';
    }
    out[at] = '\0';
    return (struct slice){out, at};
}

struct slice naming_name(const struct naming *n, struct slice name, struct slice external_id, char out[NAMING_BYTES])
{
    char code[NAMING_BYTES];
    if (!n->is_secret || external_id.n == 0)
        return name;
    struct slice id = naming_id(n, external_id, code);
    int used = snprintf(out, NAMING_BYTES, "Agent %.*s", (int)id.n, id.s);
    return (struct slice){out, (size_t)used};
}

static bool is_part_of_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static void blot_word(struct slice word, char *text, size_t n)
{
    for (size_t i = 0; i + word.n <= n; i++) {
        if (memcmp(text + i, word.s, word.n) != 0 || (i > 0 && is_part_of_word(text[i - 1])) ||
            (i + word.n < n && is_part_of_word(text[i + word.n])))
            continue;
        memset(text + i, '*', word.n);
    }
}

void naming_blot(const struct naming *n, struct slice name, char *text, size_t nbytes)
{
    if (!n->is_secret)
        return;
    for (size_t i = 0; i < name.n;) {
        size_t from = i;
        while (i < name.n && is_part_of_word(name.s[i]))
            i++;
        if (i - from >= NAME_WORD_MIN)
            blot_word((struct slice){name.s + from, i - from}, text, nbytes);
        if (i == from)
            i++;
    }
}

static enum err_code make_key(const char *path, struct err *e)
{
    unsigned char random[SHA256_BYTES];
    char hex[2 * SHA256_BYTES + 2];
    struct infile *in = NULL;
    struct outfile *out = NULL;
    size_t n = 0, got = 0;
    enum err_code rc = infile_open("/dev/urandom", &in, e);
    while (rc == ERR_OK && n < sizeof random) {
        rc = infile_read(in, random + n, sizeof random - n, &got, e);
        if (rc == ERR_OK && got == 0)
            rc = err_set(e, ERR_IO, "/dev/urandom gives nothing");
        n += got;
    }
    infile_close(in);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < sizeof random; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", random[i]);
    if ((rc = outfile_open(path, 0600, &out, e)) != ERR_OK)
        return rc;
    outfile_write(out, hex, 2 * sizeof random);
    outfile_puts(out, "\n");
    return outfile_commit(out, e);
}

enum err_code naming_load(const char *path, struct naming *out, struct err *e)
{
    enum err_code rc = ERR_OK;
    struct strbuf text = STRBUF_INIT;
    memset(out, 0, sizeof *out);
    if (access(path, F_OK) != 0)
        rc = make_key(path, e);
    if (rc == ERR_OK)
        rc = file_read_all(path, KEY_FILE_MAX, &text, e);
    if (rc == ERR_OK) {
        struct slice key = slice_trim(strbuf_slice(&text));
        if (key.n < KEY_FILE_MIN)
            rc = err_set(e, ERR_CONFIG, "%s: a key of pseudonyms has at least %d bytes", path, KEY_FILE_MIN);
        else
            sha256(key, out->key);
        out->is_secret = rc == ERR_OK;
    }
    strbuf_free(&text);
    return rc;
}
