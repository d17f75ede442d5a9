#include "analyze/sense.h"

#include <math.h>

#include "core/hash.h"

enum { C = SENSE_CHANNELS, H = SENSE_HIDDEN, ROW = 3 * SENSE_CHANNELS };

/* The first words of the file. */
enum {
    WORD_NONE,
    WORD_UNKNOWN,
    WORD_SHORT_NUMBER,
    WORD_LONG_NUMBER,
    WORD_MONEY,
    WORD_ADDRESS,
    WORD_STOP,
    WORD_QUESTION
};

/* The same numbers, faster on processors that can; fused multiplication, which rounds otherwise, is not among it. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
#define FASTER __attribute__((target_clones("avx2", "default")))
#else
#define FASTER
#endif

/* Eight floats, anywhere in memory: the processor adds them at once where it can, in the order of the program. */
typedef float eight __attribute__((vector_size(32), aligned(4), may_alias));

static const char magic[8] = {'B', 'R', 'S', 'E', 'N', 'S', 'E', '1'};

struct known_word {
    uint64_t hash;
    uint32_t word; /* 0: free */
};

struct sense {
    uint32_t nwords;
    const int8_t *rows; /* [word][before, at, after][channel] */
    const float *scale; /* [channel]: what 1 of a row is */
    int16_t bias[SENSE_CHANNELS];
    const float *now, *customer, *own; /* [pooled][hidden] */
    float *now_turned;                 /* NOW as [hidden][pooled] */
    const float *past;                 /* [past][hidden] */
    const float *base;                 /* [hidden] */
    const float *out, *out_base;       /* [class][hidden], [class] */
    struct known_word *known;          /* open addressing by hash64 of the word */
    uint32_t mask;
};

/* ---- the file ---- */

struct reading {
    struct slice rest;
    struct arena *a;
    bool is_short, no_memory;
};

static struct slice take(struct reading *r, size_t n)
{
    if (n > r->rest.n)
        r->is_short = true;
    struct slice x = {r->rest.s, r->is_short ? 0 : n};
    r->rest.s += x.n;
    r->rest.n -= x.n;
    return x;
}

static uint32_t number_at(const char *s)
{
    const unsigned char *b = (const unsigned char *)s;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint32_t take_number(struct reading *r)
{
    struct slice x = take(r, 4);
    return x.n == 4 ? number_at(x.s) : 0;
}

/* N numbers of 4 bytes, little end first, in memory of their own. */
static const void *take_numbers(struct reading *r, size_t n)
{
    struct slice x = take(r, 4 * n);
    uint32_t *v = arena_alloc(r->a, 4 * n);
    r->no_memory = r->no_memory || v == NULL;
    for (size_t i = 0; v != NULL && i < x.n / 4; i++)
        v[i] = number_at(x.s + 4 * i);
    return v;
}

static bool know_words(struct sense *s, struct slice text, struct arena *a)
{
    uint32_t cap = 16;
    while (cap < 2 * s->nwords)
        cap *= 2;
    s->known = arena_zalloc(a, cap, sizeof *s->known);
    s->mask = cap - 1;
    for (uint32_t word = 0; s->known != NULL && word < s->nwords && text.n > 0; word++) {
        const char *end = memchr(text.s, '\n', text.n);
        size_t n = end != NULL ? (size_t)(end - text.s) : text.n;
        uint64_t hash = hash64((struct slice){text.s, n});
        uint32_t slot = (uint32_t)hash & s->mask;
        while (s->known[slot].word != 0)
            slot = (slot + 1) & s->mask;
        s->known[slot] = (struct known_word){hash, word};
        n += end != NULL;
        text.s += n;
        text.n -= n;
    }
    return s->known != NULL;
}

enum err_code sense_load(struct slice file, const char *name, struct arena *a, struct sense **out, struct err *e)
{
    static const uint32_t sizes[] = {SENSE_CHANNELS, SENSE_HIDDEN, SENSE_PAST, SENSE_CLASSES, SENSE_SYMBOLS_MAX};
    struct reading r = {.rest = file, .a = a};
    struct sense *s = arena_zalloc(a, 1, sizeof *s);
    if (s == NULL)
        return err_nomem(e);
    struct slice head = take(&r, sizeof magic);
    bool fits = head.n == sizeof magic && memcmp(head.s, magic, sizeof magic) == 0;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        fits = take_number(&r) == sizes[i] && fits;
    if (!fits)
        return err_set(e, ERR_CONFIG,
                       "%s: this is not a sense file that this version reads; make one with train/sense.py", name);
    s->nwords = take_number(&r);
    s->scale = take_numbers(&r, C);
    const uint32_t *bias = take_numbers(&r, C);
    s->now = take_numbers(&r, (size_t)2 * C * H);
    s->customer = take_numbers(&r, (size_t)2 * C * H);
    s->own = take_numbers(&r, (size_t)2 * C * H);
    s->past = take_numbers(&r, (size_t)SENSE_PAST * H);
    s->base = take_numbers(&r, H);
    s->out = take_numbers(&r, (size_t)SENSE_CLASSES * H);
    s->out_base = take_numbers(&r, SENSE_CLASSES);
    s->rows = (const int8_t *)take(&r, (size_t)s->nwords * ROW).s;
    if (r.is_short || s->nwords <= WORD_QUESTION)
        return err_set(e, ERR_CONFIG, "%s: the file is cut off", name);
    for (uint32_t c = 0; c < C && bias != NULL; c++)
        s->bias[c] = (int16_t)bias[c];
    s->now_turned = arena_alloc(a, sizeof(float) * 2 * C * H);
    if (r.no_memory || s->now_turned == NULL || !know_words(s, r.rest, a))
        return err_nomem(e);
    for (uint32_t i = 0; i < SENSE_POOLED; i++)
        for (uint32_t j = 0; j < H; j++)
            s->now_turned[(size_t)j * SENSE_POOLED + i] = s->now[(size_t)i * H + j];
    *out = s;
    return ERR_OK;
}

/* ---- a turn ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A word that is not in the file: by how it begins. */
static uint32_t kind_of_word(struct slice word)
{
    unsigned char c = (unsigned char)word.s[0];
    if (is_digit(word.s[0]))
        return word.n <= 2 ? WORD_SHORT_NUMBER : WORD_LONG_NUMBER;
    bool is_money = c == '$' || (word.n > 2 && ((c == 0xC2 && (unsigned char)word.s[1] <= 0xA5) ||
                                                (c == 0xE2 && (unsigned char)word.s[1] == 0x82)));
    return is_money ? WORD_MONEY : WORD_UNKNOWN;
}

static uint32_t word_of(const struct sense *s, const struct token *t, struct slice text)
{
    uint32_t slot = (uint32_t)t->hash & s->mask;
    for (; s->known[slot].word != 0; slot = (slot + 1) & s->mask)
        if (s->known[slot].hash == t->hash)
            return s->known[slot].word;
    return kind_of_word((struct slice){text.s + t->span.from, t->span.to - t->span.from});
}

static void put_symbol(struct sense_turn *t, uint32_t word, uint32_t token)
{
    if (t->n == SENSE_SYMBOLS_MAX)
        return;
    t->token[t->n++] = token;
    t->words[t->n] = word;
}

/* The detectors' answers at symbol I, before they are cut at 0. */
static inline void answer(const struct sense *s, const struct sense_turn *t, uint32_t i, int16_t out[C])
{
    const int8_t *before = s->rows + (size_t)t->words[i] * ROW;
    const int8_t *at = s->rows + (size_t)t->words[i + 1] * ROW + C;
    const int8_t *after = s->rows + (size_t)t->words[i + 2] * ROW + (size_t)2 * C;
    for (uint32_t c = 0; c < C; c++)
        out[c] = (int16_t)(s->bias[c] + before[c] + at[c] + after[c]);
}

/* The highest answer of each detector, and the sum of its answers. */
FASTER static void pool(const struct sense *s, const struct sense_turn *t, int16_t most[C], int32_t sum[C])
{
    for (uint32_t i = 0; i < t->n; i++) {
        int16_t now[C];
        answer(s, t, i, now);
        for (uint32_t c = 0; c < C; c++) {
            int16_t x = (int16_t)(now[c] > 0 ? now[c] : 0);
            most[c] = (int16_t)(x > most[c] ? x : most[c]);
            sum[c] += x;
        }
    }
}

void sense_read(const struct sense *s, const struct turn_scan *scan, struct slice text, struct sense_turn *out)
{
    out->n = 0;
    out->words[0] = WORD_NONE;
    for (uint32_t i = 0; i < scan->ntokens && out->n < SENSE_SYMBOLS_MAX; i++) {
        const struct token *t = &scan->tokens[i];
        put_symbol(out, word_of(s, t, text), i);
        if (t->ends_sentence)
            put_symbol(out, t->ends_question ? WORD_QUESTION : WORD_STOP, UINT32_MAX);
    }
    out->words[out->n + 1] = WORD_NONE;
    int16_t most[C] = {0};
    int32_t sum[C] = {0};
    pool(s, out, most, sum);
    float root = sqrtf((float)(out->n + 2));
    for (uint32_t c = 0; c < C; c++) {
        out->pooled[c] = (float)most[c] * s->scale[c];
        out->pooled[C + c] = (float)sum[c] * s->scale[c] / root;
    }
}

/* Add W's N rows, each as often as X says. */
FASTER static void add_rows(float *h, const float *w, const float *x, uint32_t n)
{
    eight sum[H / 8];
    memcpy(sum, h, sizeof sum);
    for (uint32_t i = 0; i < n; i++, w += H) {
        const eight *row = (const eight *)w;
#pragma GCC unroll 8
        for (uint32_t j = 0; j < H / 8; j++)
            sum[j] += x[i] * row[j];
    }
    memcpy(h, sum, sizeof sum);
}

struct sense_trace sense_trace_customer(const struct sense *s, const struct sense_turn *t)
{
    struct sense_trace h = {{0}};
    add_rows(h.hidden, s->customer, t->pooled, SENSE_POOLED);
    return h;
}

struct sense_trace sense_trace_agent(const struct sense *s, const struct sense_turn *t)
{
    struct sense_trace h = {{0}};
    add_rows(h.hidden, s->own, t->pooled, SENSE_POOLED);
    return h;
}

struct sense_trace sense_hidden(const struct sense *s, const struct sense_turn *t, const struct sense_past *past,
                                const struct sense_trace *customer, const struct sense_trace *own)
{
    struct sense_trace h;
    memcpy(h.hidden, s->base, sizeof h.hidden);
    add_rows(h.hidden, s->now, t->pooled, SENSE_POOLED);
    add_rows(h.hidden, s->past, past->x, SENSE_PAST);
    for (uint32_t j = 0; j < H; j++) {
        h.hidden[j] += customer->hidden[j] + (own != NULL ? own->hidden[j] : 0);
        h.hidden[j] = h.hidden[j] > 0 ? h.hidden[j] : 0;
    }
    return h;
}

/* ---- shares ---- */

static inline int32_t worth(const int8_t *row, const int16_t *x)
{
    int32_t sum = 0;
    for (uint32_t c = 0; c < C; c++)
        sum += row[c] * x[c];
    return sum;
}

FASTER double sense_class(const struct sense *s, const struct sense_trace *hidden, uint32_t class)
{
    const float *out = s->out + (size_t) class * H;
    eight sum = {0};
    for (uint32_t j = 0; j < H; j += 8)
        sum += *(const eight *)(hidden->hidden + j) * *(const eight *)(out + j);
    return (double)s->out_base[class] +
           (double)(((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7])));
}

/* What one more of each pooled answer adds. */
static inline void find_gain(const struct sense *s, const struct sense_trace *hidden, const float part[SENSE_CLASSES],
                             float gain[SENSE_POOLED])
{
    float out[H] = {0};
    for (uint32_t class = 0; class < SENSE_CLASSES; class ++)
        for (uint32_t j = 0; j < H && part[class] != 0; j++)
            out[j] += hidden->hidden[j] > 0 ? part[class] * s->out[(size_t) class * H + j] : 0;
    for (uint32_t i = 0; i < SENSE_POOLED; i += 64) {
        eight sum[8] = {{0}};
        for (uint32_t j = 0; j < H; j++) {
            const eight *row = (const eight *)(s->now_turned + (size_t)j * SENSE_POOLED + i);
            if (out[j] == 0)
                continue;
#pragma GCC unroll 8
            for (uint32_t k = 0; k < 8; k++)
                sum[k] += out[j] * row[k];
        }
        memcpy(gain + i, sum, sizeof sum);
    }
}

#define GAIN_MOST 20000 /* as a whole number, so that the sums of products stay within 32 bits */

/* What one more of each detector's answer adds, by symbol, as whole numbers. Returns what 1 of them is. */
static inline float find_gains(const struct sense *s, const struct sense_turn *t, const float gain[SENSE_POOLED],
                               int16_t by_symbol[][C])
{
    float root = sqrtf((float)(t->n + 2)), most_gain = 0;
    int16_t now[C], most[C] = {0}, where[C] = {0}, each[C];
    for (uint32_t c = 0; c < C; c++) {
        float x = (fabsf(gain[c]) + fabsf(gain[C + c]) / root) * s->scale[c];
        most_gain = x > most_gain ? x : most_gain;
    }
    float unit = most_gain > 0 ? most_gain / GAIN_MOST : 1;
    for (uint32_t c = 0; c < C; c++)
        each[c] = (int16_t)(gain[C + c] * s->scale[c] / (root * unit));
    for (uint32_t i = 0; i < t->n; i++) {
        answer(s, t, i, now);
        for (uint32_t c = 0; c < C; c++)
            by_symbol[i][c] = (int16_t)(now[c] > 0 ? each[c] : 0);
        for (uint32_t c = 0; c < C; c++) {
            where[c] = (int16_t)(now[c] > most[c] ? (int16_t)i : where[c]);
            most[c] = (int16_t)(now[c] > most[c] ? now[c] : most[c]);
        }
    }
    for (uint32_t c = 0; c < C; c++)
        if (most[c] > 0)
            by_symbol[where[c]][c] = (int16_t)(by_symbol[where[c]][c] + (int16_t)(gain[c] * s->scale[c] / unit));
    return unit;
}

FASTER void sense_shares(const struct sense *s, const struct sense_turn *t, const struct sense_trace *hidden,
                         const float part[SENSE_CLASSES], float *shares, uint32_t ntokens)
{
    float gain[SENSE_POOLED];
    int16_t by_symbol[SENSE_SYMBOLS_MAX][C];
    memset(shares, 0, ntokens * sizeof *shares);
    find_gain(s, hidden, part, gain);
    float unit = find_gains(s, t, gain, by_symbol);
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->token[i] >= ntokens)
            continue;
        const int8_t *row = s->rows + (size_t)t->words[i + 1] * ROW;
        int32_t sum = worth(row + C, by_symbol[i]);
        if (i + 1 < t->n)
            sum += worth(row, by_symbol[i + 1]);
        if (i > 0)
            sum += worth(row + (size_t)2 * C, by_symbol[i - 1]);
        shares[t->token[i]] = (float)sum * unit;
    }
}
