#include "ingest/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "core/strbuf.h"
#include "core/utf8.h"

#define BLOCK_BYTES ((size_t)64 << 10)

enum encoding { UTF8, UTF8_REPAIRED, UTF16LE, UTF16BE, WINDOWS_1252 };

static const char *const names[] = {"utf-8", "utf-8 repaired", "utf-16le", "utf-16be", "windows-1252"};

struct decoder {
    decode_source *source;
    void *ctx;
    enum encoding encoding;
    iconv_t cd; /* if has_cd */
    bool has_cd;
    bool is_begun, is_at_end;
    struct err trouble; /* the source's error, told once all before it was handed out */
    size_t nraw;        /* bytes in raw */
    size_t nkept;       /* bytes at the end of raw that begin the next block */
    int64_t nhigh;      /* bytes >= 0x80 in the blocks before this one */
    struct strbuf made; /* this block, converted */
    struct slice ready; /* what is to be handed out yet: of raw or of made */
    unsigned char raw[BLOCK_BYTES];
};

struct decoder *decoder_new(decode_source *source, void *ctx)
{
    struct decoder *d = calloc(1, sizeof *d);
    if (d != NULL) {
        d->source = source;
        d->ctx = ctx;
    }
    return d;
}

void decoder_reset(struct decoder *d)
{
    if (d->has_cd)
        (void)iconv_close(d->cd);
    d->has_cd = d->is_begun = d->is_at_end = false;
    d->encoding = UTF8;
    d->trouble = (struct err){.code = ERR_OK};
    d->nraw = d->nkept = 0;
    d->nhigh = 0;
    d->ready = (struct slice){"", 0};
    strbuf_clear(&d->made);
}

void decoder_free(struct decoder *d)
{
    if (d == NULL)
        return;
    if (d->has_cd)
        (void)iconv_close(d->cd);
    strbuf_free(&d->made);
    free(d);
}

const char *decoder_encoding(const struct decoder *d)
{
    return names[d->encoding];
}

/* Fill raw to its brim, or to the end of the source; what the last block left over comes first. */
static void fill(struct decoder *d)
{
    if (d->nkept != 0)
        memmove(d->raw, d->raw + d->nraw - d->nkept, d->nkept);
    d->nraw = d->nkept;
    d->nkept = 0;
    while (!d->is_at_end && d->nraw < BLOCK_BYTES) {
        size_t n = 0;
        if (d->source(d->ctx, d->raw + d->nraw, BLOCK_BYTES - d->nraw, &n, &d->trouble) != ERR_OK || n == 0)
            d->is_at_end = true;
        d->nraw += n;
    }
}

/* ---- what is it? ------------------------------------------------------------------------------------------------ */

/* Files that begin like text but are none, and what to do about them. */
static const struct {
    const char *magic;
    size_t n;
    const char *what;
} binaries[] = {
    {"PK\3\4", 4, "a zip archive"},
    {"%PDF-", 5, "a PDF document"},
    {"\x89PNG\r\n\x1a\n", 8, "a PNG picture"},
    {"\xff\xd8\xff", 3, "a JPEG picture"},
    {"GIF8", 4, "a GIF picture"},
    {"\x7f"
     "ELF",
     4, "a program"},
    {"SQLite format 3", 16, "a SQLite database"},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "an old Office document (save it as CSV)"},
    {"RIFF", 4, "a sound or a film"},
    {"ID3", 3, "a sound"},
    {"OggS", 4, "a sound"},
    {"PAR1", 4, "a Parquet file"},
};

static enum err_code refuse_known_binary(const struct decoder *d, struct err *e)
{
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
        if (d->nraw >= binaries[i].n && memcmp(d->raw, binaries[i].magic, binaries[i].n) == 0)
            return err_set(e, ERR_INPUT, "is not text: it is %s", binaries[i].what);
    return ERR_OK;
}

static enum err_code refuse_other_binary(const struct decoder *d, struct err *e)
{
    size_t ncontrol = 0;
    for (size_t i = 0; i < d->nraw; i++) {
        unsigned char c = d->raw[i];
        ncontrol += c < 0x20 && !(c >= '\b' && c <= '\r') && c != 0x1b && c != 0x1e;
    }
    if (ncontrol > 4 && ncontrol > d->nraw / 100)
        return err_set(e, ERR_INPUT, "is not text: %zu of its first %zu bytes are control bytes", ncontrol, d->nraw);
    return ERR_OK;
}

/* UTF-16 without a mark: text of mostly Latin letters has a NUL in every second byte. */
static bool guess_utf16(const struct decoder *d, enum encoding *out)
{
    size_t npairs = d->nraw / 2, nul[2] = {0, 0};
    for (size_t i = 0; i < 2 * npairs; i++)
        nul[i & 1] += d->raw[i] == 0;
    *out = nul[1] > nul[0] ? UTF16LE : UTF16BE;
    size_t many = nul[1] > nul[0] ? nul[1] : nul[0], few = nul[0] + nul[1] - many;
    return npairs >= 2 && many > npairs / 2 && few <= npairs / 20;
}

static enum err_code converter_open(struct decoder *d, struct err *e)
{
    const char *from = d->encoding == UTF16LE ? "UTF-16LE" : d->encoding == UTF16BE ? "UTF-16BE" : "CP1252";
    d->cd = iconv_open("UTF-8", from);
    d->has_cd = d->cd != (iconv_t)-1; /* NOLINT(performance-no-int-to-ptr): POSIX says so */
    if (d->has_cd)
        return ERR_OK;
    if (errno == ENOMEM)
        return err_nomem(e);
    err_set(e, ERR_IO, "this system cannot convert %s to UTF-8", from);
    return err_hint(e, "iconv's tables are missing: install the C library's gconv modules");
}

/* Decide on the first block; marks are cut off. */
static enum err_code begin(struct decoder *d, size_t *skip, struct err *e)
{
    const unsigned char *s = d->raw;
    *skip = 0;
    if (d->nraw >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
        *skip = 3;
    } else if (d->nraw >= 2 && ((s[0] == 0xff && s[1] == 0xfe) || (s[0] == 0xfe && s[1] == 0xff))) {
        d->encoding = s[0] == 0xff ? UTF16LE : UTF16BE;
        *skip = 2;
    } else {
        enum encoding guess;
        if (refuse_known_binary(d, e) != ERR_OK)
            return e->code;
        if (guess_utf16(d, &guess))
            d->encoding = guess;
        else if (refuse_other_binary(d, e) != ERR_OK)
            return e->code;
    }
    return d->encoding == UTF8 ? ERR_OK : converter_open(d, e);
}

/* ---- converting a block ------------------------------------------------------------------------------------------ */

/* By iconv; what it cannot read becomes U+FFFD. Bytes of a character that is cut by the block's end are kept. */
static enum err_code convert(struct decoder *d, size_t from, struct err *e)
{
    char *in = (char *)d->raw + from;
    size_t in_n = d->nraw - from, unit = d->encoding == WINDOWS_1252 ? 1 : 2;
    strbuf_clear(&d->made);
    while (in_n != 0) {
        char *out = strbuf_reserve(&d->made, 3 * in_n + 16);
        if (out == NULL)
            return err_nomem(e);
        size_t room = d->made.cap - d->made.n - 1, left = room;
        size_t rc = iconv(d->cd, &in, &in_n, &out, &left);
        d->made.n += room - left;
        if (rc != (size_t)-1 || errno == E2BIG)
            continue;
        if (errno == EINVAL && !d->is_at_end) {
            d->nkept = in_n;
            break;
        }
        strbuf_puts(&d->made, "\xef\xbf\xbd");
        size_t bad = in_n < unit ? in_n : unit;
        in += bad;
        in_n -= bad;
    }
    d->ready = strbuf_slice(&d->made);
    return strbuf_failed(&d->made) ? err_nomem(e) : ERR_OK;
}

static int64_t count_high(struct slice x)
{
    int64_t n = 0;
    for (; x.n >= 8; x.s += 8, x.n -= 8) {
        uint64_t word;
        memcpy(&word, x.s, 8);
        word = word >> 7 & UINT64_C(0x0101010101010101);
        n += (int64_t)(word * UINT64_C(0x0101010101010101) >> 56); /* the sum of the bytes */
    }
    for (; x.n > 0; x.s++, x.n--)
        n += (unsigned char)*x.s >= 0x80;
    return n;
}

/* The block has bytes that are not UTF-8: damage, or another encoding? See the header for the rule. */
static enum err_code decide(struct decoder *d, struct slice block, struct err *e)
{
    strbuf_clear(&d->made);
    int64_t nbad = (int64_t)utf8_repair(block, &d->made);
    if (strbuf_failed(&d->made))
        return err_nomem(e);
    int64_t ngood = d->nhigh / 2 - nbad;
    for (size_t i = 0; i < d->made.n; i++)
        ngood += (unsigned char)d->made.s[i] >= 0xc0; /* each character beyond ASCII, so each U+FFFD too, has one */
    if (ngood > nbad) {
        d->encoding = UTF8_REPAIRED;
        d->ready = strbuf_slice(&d->made);
        return ERR_OK;
    }
    d->encoding = WINDOWS_1252;
    d->nkept = 0;
    if (converter_open(d, e) != ERR_OK)
        return e->code;
    return convert(d, (size_t)((const unsigned char *)block.s - d->raw), e);
}

/* Bytes at the end of X that can be the beginning of a character. */
static size_t cut_tail(struct slice x)
{
    for (size_t n = 1; n <= 3 && n <= x.n; n++) {
        unsigned char c = (unsigned char)x.s[x.n - n];
        if (c >= 0xc0)
            return (c >= 0xf0 ? 4u : c >= 0xe0 ? 3u : 2u) > n ? n : 0;
        if (c < 0x80)
            break;
    }
    return 0;
}

static enum err_code check(struct decoder *d, size_t from, struct err *e)
{
    struct slice block = {(const char *)d->raw + from, d->nraw - from};
    size_t tail = cut_tail(block);
    if (!d->is_at_end) {
        d->nkept = tail;
        block.n -= tail;
        tail = 0;
    }
    size_t nvalid = utf8_valid_prefix(block);
    if (nvalid == block.n) {
        d->nhigh += count_high(block);
        d->ready = block;
        return ERR_OK;
    }
    if (d->encoding == UTF8 && nvalid != block.n - tail)
        return decide(d, block, e);
    strbuf_clear(&d->made);
    (void)utf8_repair(block, &d->made);
    d->ready = strbuf_slice(&d->made);
    return strbuf_failed(&d->made) ? err_nomem(e) : ERR_OK;
}

static enum err_code next_block(struct decoder *d, struct err *e)
{
    size_t skip = 0;
    fill(d);
    if (!d->is_begun) {
        d->is_begun = true;
        if (begin(d, &skip, e) != ERR_OK)
            return e->code;
    }
    if (d->encoding == UTF8 || d->encoding == UTF8_REPAIRED)
        return check(d, skip, e);
    return convert(d, skip, e);
}

enum err_code decoder_read(void *decoder, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct decoder *d = decoder;
    *n = 0;
    while (d->ready.n == 0 && !(d->is_at_end && d->is_begun && d->nkept == 0))
        if (next_block(d, e) != ERR_OK)
            return e->code;
    if (d->ready.n == 0 && d->trouble.code != ERR_OK) {
        *e = d->trouble;
        return e->code;
    }
    *n = d->ready.n < cap ? d->ready.n : cap;
    if (*n == 0)
        return ERR_OK;
    memcpy(buf, d->ready.s, *n);
    d->ready.s += *n;
    d->ready.n -= *n;
    return ERR_OK;
}
