#include "store/turns.h"

#include <stdlib.h>

#include "core/hash.h"

enum { VERSION = 1, ROLE_BITS = 7, HAS_SPEAKER = 8, HAS_START = 16, HAS_END = 32, ALL_BITS = 63 };

#define NO_SPEAKER UINT32_MAX

/* ---- encoding ---- */

static void put_varint(struct strbuf *b, uint64_t v)
{
    char *to = strbuf_reserve(b, 10);
    size_t n = 0;
    if (to == NULL)
        return;
    for (; v >= 0x80; v >>= 7)
        to[n++] = (char)(v | 0x80);
    to[n++] = (char)v;
    to[n] = '\0';
    b->n += n;
}

/* The difference A - B, modulo 2^64 so that no pair of times overflows, small ones as small numbers. */
static void put_difference(struct strbuf *b, int64_t a, int64_t from)
{
    uint64_t d = (uint64_t)a - (uint64_t)from;
    put_varint(b, (d << 1) ^ (0 - (d >> 63)));
}

static void put_text(struct strbuf *b, struct slice x)
{
    put_varint(b, x.n);
    strbuf_add_slice(b, x);
}

/* Numbers the distinct speakers of TURNS in the order in which they speak first. */
struct speakers {
    uint32_t *of;    /* turn -> number, or NO_SPEAKER */
    uint32_t *first; /* number -> a turn of that speaker */
    uint32_t *slots; /* hash table of number + 1 */
    uint32_t n, mask;
};

static bool same_speaker(const struct turn *x, const struct turn *y)
{
    return slice_eq(x->speaker_id, y->speaker_id) && slice_eq(x->speaker_name, y->speaker_name);
}

static uint32_t speaker_of(struct speakers *s, const struct turn *turns, uint32_t t)
{
    const struct turn *x = &turns[t];
    if (x->speaker_id.n == 0 && x->speaker_name.n == 0)
        return NO_SPEAKER;
    uint32_t i = (uint32_t)(hash64(x->speaker_id) * 31 + hash64(x->speaker_name)) & s->mask;
    for (; s->slots[i] != 0; i = (i + 1) & s->mask)
        if (same_speaker(x, &turns[s->first[s->slots[i] - 1]]))
            return s->slots[i] - 1;
    s->first[s->n] = t;
    s->slots[i] = ++s->n;
    return s->n - 1;
}

static bool number_speakers(struct speakers *s, const struct turn *turns, uint32_t n)
{
    size_t cap = 8;
    while (cap < (size_t)n * 2)
        cap *= 2;
    *s = (struct speakers){.mask = (uint32_t)(cap - 1)};
    s->of = calloc((size_t)n * 2 + cap, sizeof *s->of);
    if (s->of == NULL)
        return false;
    s->first = s->of + n;
    s->slots = s->first + n;
    for (uint32_t t = 0; t < n; t++)
        s->of[t] = speaker_of(s, turns, t);
    return true;
}

enum err_code turns_encode(const struct turn *turns, uint32_t n, struct strbuf *out, struct err *e)
{
    struct speakers s;
    if (!number_speakers(&s, turns, n))
        return err_nomem(e);
    strbuf_putc(out, VERSION);
    put_varint(out, s.n);
    for (uint32_t i = 0; i < s.n; i++) {
        put_text(out, turns[s.first[i]].speaker_id);
        put_text(out, turns[s.first[i]].speaker_name);
    }
    put_varint(out, n);
    int64_t start = 0;
    for (uint32_t t = 0; t < n; t++) {
        const struct turn *x = &turns[t];
        int bits = (int)x->role & ROLE_BITS;
        bits |= (s.of[t] != NO_SPEAKER ? HAS_SPEAKER : 0) | (x->start_ms != MS_NONE ? HAS_START : 0) |
                (x->end_ms != MS_NONE ? HAS_END : 0);
        strbuf_putc(out, (char)bits);
        if (s.of[t] != NO_SPEAKER)
            put_varint(out, s.of[t]);
        if (x->start_ms != MS_NONE) {
            put_difference(out, x->start_ms, start);
            start = x->start_ms;
        }
        if (x->end_ms != MS_NONE)
            put_difference(out, x->end_ms, start);
        put_varint(out, x->text.n);
    }
    for (uint32_t t = 0; t < n; t++)
        strbuf_add_slice(out, turns[t].text);
    free(s.of);
    return strbuf_failed(out) ? err_nomem(e) : ERR_OK;
}

/* ---- decoding ---- */

/* What is left to read. Once something does not fit, is_bad stays and everything reads as 0. */
struct input {
    const unsigned char *at, *end;
    bool is_bad;
};

static size_t left(const struct input *in)
{
    return (size_t)(in->end - in->at);
}

static unsigned get_byte(struct input *in)
{
    if (left(in) == 0) {
        in->is_bad = true;
        return 0;
    }
    return *in->at++;
}

static uint64_t get_varint(struct input *in)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned b = get_byte(in);
        if (shift == 63 && b > 1)
            break;
        v |= (uint64_t)(b & 0x7f) << shift;
        if (b < 0x80)
            return v;
    }
    in->is_bad = true;
    return 0;
}

/* A number of things of which each takes at least SIZE bytes of what is left. */
static uint32_t get_count(struct input *in, size_t size)
{
    uint64_t v = get_varint(in);
    if (v > left(in) / size || v > UINT32_MAX) {
        in->is_bad = true;
        return 0;
    }
    return (uint32_t)v;
}

static int64_t get_difference(struct input *in, int64_t from)
{
    uint64_t z = get_varint(in);
    return (int64_t)((uint64_t)from + ((z >> 1) ^ (0 - (z & 1))));
}

static struct slice get_text(struct input *in)
{
    uint64_t n = get_varint(in);
    if (n > left(in)) {
        in->is_bad = true;
        return (struct slice){NULL, 0};
    }
    struct slice x = {(const char *)in->at, (size_t)n};
    in->at += n;
    return x;
}

struct speaker {
    struct slice id, name;
};

static void get_turn(struct input *in, const struct speaker *speakers, uint32_t nspeakers, int64_t *start,
                     struct turn *x)
{
    unsigned bits = get_byte(in);
    *x = (struct turn){.role = (enum role)(bits & ROLE_BITS), .start_ms = MS_NONE, .end_ms = MS_NONE};
    if ((bits & ~(unsigned)ALL_BITS) != 0 || (bits & ROLE_BITS) >= ROLE_COUNT) {
        in->is_bad = true;
        return;
    }
    if ((bits & HAS_SPEAKER) != 0) {
        uint64_t i = get_varint(in);
        if (i >= nspeakers) {
            in->is_bad = true;
            return;
        }
        x->speaker_id = speakers[i].id;
        x->speaker_name = speakers[i].name;
    }
    if ((bits & HAS_START) != 0)
        *start = x->start_ms = get_difference(in, *start);
    if ((bits & HAS_END) != 0)
        x->end_ms = get_difference(in, *start);
    uint64_t n = get_varint(in);
    in->is_bad = in->is_bad || n > left(in);
    x->text.n = (size_t)n;
}

/* The texts stand behind the turns and must fill the rest exactly. */
static void get_texts(struct input *in, struct turn *turns, uint32_t n)
{
    for (uint32_t t = 0; t < n && !in->is_bad; t++) {
        if (turns[t].text.n > left(in)) {
            in->is_bad = true;
            return;
        }
        turns[t].text.s = (const char *)in->at;
        in->at += turns[t].text.n;
    }
    in->is_bad = in->is_bad || left(in) != 0;
}

enum err_code turns_decode(struct slice raw, struct arena *a, struct turn **turns, uint32_t *n, struct err *e)
{
    if (raw.n == 0)
        return err_set(e, ERR_DB, "the turns of a conversation are damaged");
    struct input in = {(const unsigned char *)raw.s, (const unsigned char *)raw.s + raw.n, false};
    unsigned version = get_byte(&in);
    if (version != VERSION)
        return err_set(e, ERR_DB, "the turns of a conversation are damaged, or of a newer version of broach");

    uint32_t nspeakers = get_count(&in, 2);
    struct speaker *speakers = arena_zalloc(a, nspeakers, sizeof *speakers);
    if (speakers == NULL)
        return err_nomem(e);
    for (uint32_t i = 0; i < nspeakers && !in.is_bad; i++) {
        speakers[i].id = get_text(&in);
        speakers[i].name = get_text(&in);
    }
    uint32_t nturns = get_count(&in, 2);
    struct turn *all = arena_zalloc(a, nturns, sizeof *all);
    if (all == NULL)
        return err_nomem(e);
    int64_t start = 0;
    for (uint32_t t = 0; t < nturns && !in.is_bad; t++)
        get_turn(&in, speakers, nspeakers, &start, &all[t]);
    get_texts(&in, all, nturns);
    if (in.is_bad)
        return err_set(e, ERR_DB, "the turns of a conversation are damaged");
    *turns = all;
    *n = nturns;
    return ERR_OK;
}
