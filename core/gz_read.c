/* Inflating by ISA-L, which needs a seventh of zlib's time (ARCHITECTURE.md). */
#include <stdlib.h>

#include <isa-l/igzip_lib.h>

#include "core/gz.h"

struct gz_reader {
    struct inflate_state z;
    bool in_member; /* a member's first byte was seen, its last not yet */
    bool had_member;
    int damage; /* the code that ended it; 0: none */
};

bool gz_is_magic(const unsigned char *bytes, size_t n)
{
    return n >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

struct gz_reader *gz_reader_new(void)
{
    return calloc(1, sizeof(struct gz_reader));
}

void gz_reader_free(struct gz_reader *g)
{
    free(g);
}

/* Between two members: pass over padding; true when a member begins at *in. Anything else is damage. */
static bool next_member(struct gz_reader *g, const unsigned char **in, size_t *in_n)
{
    if (g->had_member)
        while (*in_n > 0 && **in == 0)
            ++*in, --*in_n;
    if (*in_n == 0)
        return false;
    if (**in != 0x1f) { /* ISA-L would wait for a whole header */
        g->damage = ISAL_INVALID_WRAPPER;
        return false;
    }
    isal_inflate_init(&g->z);
    g->z.crc_flag = ISAL_GZIP; /* with its header and its checksum */
    g->in_member = true;
    return true;
}

/* Inflate one step of the current member; false when there is nothing more to do with this input and output. */
static bool step(struct gz_reader *g, const unsigned char **in, size_t *in_n, unsigned char *out, size_t out_n,
                 size_t *made)
{
    const size_t most = (size_t)1 << 30; /* ISA-L counts in 32 bits */
    size_t offer = *in_n < most ? *in_n : most, room = out_n - *made < most ? out_n - *made : most;
    union { /* ISA-L's pointer is not const, but it only reads */
        const unsigned char *bytes;
        uint8_t *theirs;
    } from = {.bytes = *in};
    g->z.next_in = from.theirs;
    g->z.avail_in = (uint32_t)offer;
    g->z.next_out = out + *made;
    g->z.avail_out = (uint32_t)room;
    int rc = isal_inflate(&g->z);
    size_t eaten = offer - g->z.avail_in, written = room - g->z.avail_out;
    *in += eaten, *in_n -= eaten;
    *made += written;
    if (rc < 0)
        g->damage = rc;
    return rc >= 0 && (eaten != 0 || written != 0);
}

static const char *damage_text(int code)
{
    switch (code) {
    case ISAL_INVALID_BLOCK:
        return "invalid block";
    case ISAL_INVALID_SYMBOL:
        return "invalid code";
    case ISAL_INVALID_LOOKBACK:
        return "invalid distance too far back";
    case ISAL_INVALID_WRAPPER:
        return "incorrect header";
    case ISAL_UNSUPPORTED_METHOD:
        return "unknown compression method";
    case ISAL_INCORRECT_CHECKSUM:
        return "incorrect checksum";
    default:
        return "no valid data";
    }
}

enum err_code gz_inflate(struct gz_reader *g, const unsigned char **in, size_t *in_n, unsigned char *out, size_t out_n,
                         size_t *made, struct err *e)
{
    *made = 0;
    while (g->damage == 0 && *made < out_n) {
        if (!g->in_member && !next_member(g, in, in_n))
            break;
        bool goes_on = step(g, in, in_n, out, out_n, made);
        if (g->damage == 0 && g->z.block_state == ISAL_BLOCK_FINISH) {
            g->in_member = false;
            g->had_member = true;
        } else if (!goes_on) {
            break;
        }
    }
    if (g->damage != 0 && *made == 0) /* what came before the damage is given first */
        return err_set(e, ERR_INPUT, "gzip: damaged: %s", damage_text(g->damage));
    return ERR_OK;
}

bool gz_reader_is_whole(const struct gz_reader *g)
{
    return g->had_member && !g->in_member && g->damage == 0;
}
