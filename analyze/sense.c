#include "analyze/sense.h"

#include <float.h>
#include <math.h>

#include "analyze/faster.h"
#include "analyze/model_file.h"
#include "analyze/ngrams.h"
#include "analyze/sense_pool.h"
#include "analyze/sense_sum.h"
#include "core/hash.h"

enum { C = SENSE_CHANNELS, HALF = SENSE_HALF, H = SENSE_HIDDEN, ROW = SENSE_ROW };
enum { VIEWS_MOST = 3 }; /* of a side */

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

/* Floats, anywhere in memory: the processor adds them at once where it can, in the order of the program. */
typedef float eight __attribute__((vector_size(32), aligned(4), may_alias));

static const char magic[8] = {'B', 'R', 'S', 'E', 'N', 'S', 'E', '8'};

struct known_word {
    uint32_t hash; /* the upper half of it */
    uint32_t word; /* 0: free */
};

enum { AGENTS, CUSTOMERS };

/* What a side of the network sees and tells. Its views stand in the file in their order, NOW first. */
static const struct shape {
    enum sense_view first_view;
    uint32_t nviews, first_class, nclasses;
} shapes[SENSE_SIDES] = {
    [AGENTS] = {SENSE_AGENT_NOW, 3, 0, SENSE_AGENT_CLASSES},
    [CUSTOMERS] = {SENSE_CUSTOMER_NOW, 2, SENSE_AGENT_CLASSES, SENSE_CLASSES - SENSE_AGENT_CLASSES},
};

/* A side of the network. */
struct side {
    const struct shape *shape;
    const uint8_t *rows;           /* of word 0: [before, at, after][HALF]; the next word's follow */
    uint8_t pass[C];               /* what is taken off the sum of three */
    const float *scale;            /* [channel]: what 1 of an answer is */
    const float *view[VIEWS_MOST]; /* [pooled][hidden], of its side's views */
    struct whole {
        int8_t *w;   /* the same for sense_sum() */
        float *unit; /* [hidden]: what 1 of their sum is */
    } whole[VIEWS_MOST];
    float *now_turned;           /* the first view as [hidden][pooled] */
    const float *past;           /* [past][hidden] */
    const float *base;           /* [hidden] */
    const float *out, *out_base; /* [class][hidden], [class], of its side's classes */
};

struct sense {
    uint32_t nwords;
    struct side sides[SENSE_SIDES];
    const struct ngrams *ngrams;
    struct known_word *known; /* open addressing by hash64 of the word */
    uint32_t mask;
};

/* ---- the file ---- */

static bool know_words(struct sense *s, struct slice text, struct arena *a)
{
    uint32_t cap = 16;
    while (cap < s->nwords + s->nwords / 2) /* small, so that it stays in the processor's cache */
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
        s->known[slot] = (struct known_word){(uint32_t)(hash >> 32), word};
        n += end != NULL;
        text.s += n;
        text.n -= n;
    }
    return s->known != NULL;
}

/* Has TEXT a line for each word? */
static bool has_all_words(const struct sense *s, struct slice text)
{
    uint32_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.s[i] == '\n';
    return n == s->nwords && text.n > 0 && text.s[text.n - 1] == '\n';
}

static void take_side(const struct shape *shape, struct side *side, struct model_reader *r)
{
    side->shape = shape;
    side->scale = model_floats(r, C);
    for (uint32_t c = 0; c < C; c++) {
        uint32_t x = model_number(r);
        r->is_wild = r->is_wild || x > SENSE_ANSWER_MOST || (side->scale != NULL && side->scale[c] < 0);
        side->pass[c] = (uint8_t)x;
    }
    for (uint32_t view = 0; view < shape->nviews; view++)
        side->view[view] = model_floats(r, (size_t)SENSE_POOLED * H);
    side->past = model_floats(r, (size_t)SENSE_PAST * H);
    side->base = model_floats(r, H);
    side->out = model_floats(r, (size_t)shape->nclasses * H);
    side->out_base = model_floats(r, shape->nclasses);
}

/* Weights [pooled][hidden] of what BY's detectors pool, as whole numbers of units as small as can be. */
static bool make_whole(const float *weights, const struct side *by, struct whole *to, struct arena *a)
{
    to->w = model_alloc(a, sizeof *to->w * SENSE_POOLED * H);
    to->unit = model_alloc(a, sizeof *to->unit * H);
    for (uint32_t j = 0; to->w != NULL && to->unit != NULL && j < H; j++) {
        float part[SENSE_POOLED], largest = 0;
        for (uint32_t i = 0; i < SENSE_POOLED; i++) {
            part[i] = weights[(size_t)i * H + j] * by->scale[i % C] / (float)(i < C ? 1 : SENSE_FINE);
            largest = fmaxf(largest, fabsf(part[i]));
        }
        to->unit[j] = fmaxf(largest / INT8_MAX, FLT_MIN);
        for (uint32_t i = 0; i < SENSE_POOLED; i++)
            to->w[((size_t)(i / SENSE_SUM_ROWS) * H + j) * SENSE_SUM_ROWS + i % SENSE_SUM_ROWS] =
                (int8_t)rintf(part[i] / to->unit[j]);
    }
    return to->w != NULL && to->unit != NULL;
}

static bool make_views_whole(struct sense *s, struct side *side, struct arena *a)
{
    for (uint32_t k = 0; k < side->shape->nviews; k++) {
        bool is_asked = side->shape->first_view + k == SENSE_AGENT_ASKED; /* a customer's turn, in an agent's */
        if (!make_whole(side->view[k], is_asked ? &s->sides[CUSTOMERS] : side, &side->whole[k], a))
            return false;
    }
    return true;
}

static bool turn_now(struct side *side, struct arena *a)
{
    side->now_turned = model_alloc(a, sizeof(float) * SENSE_POOLED * H);
    for (uint32_t i = 0; side->now_turned != NULL && i < SENSE_POOLED; i++)
        for (uint32_t j = 0; j < H; j++)
            side->now_turned[(size_t)j * SENSE_POOLED + i] = side->view[0][(size_t)i * H + j];
    return side->now_turned != NULL;
}

_Static_assert(ROW % MODEL_LINE == 0, "the rows of each word begin a line");

/* The words' rows, which stand side by side in the FILE, by sides, each at the beginning of a line of the processor's
 * cache: most of the time here goes by waiting for lines. */
static bool part_rows(struct sense *s, const char *file, struct arena *a)
{
    for (uint32_t i = 0; i < SENSE_SIDES; i++) {
        uint8_t *rows = model_alloc(a, (size_t)s->nwords * ROW);
        if (rows == NULL)
            return false;
        for (size_t word = 0; word < s->nwords; word++)
            memcpy(rows + word * ROW, file + (SENSE_SIDES * word + i) * ROW, ROW);
        s->sides[i].rows = rows;
    }
    return true;
}

static bool is_our_format(struct model_reader *r)
{
    static const uint32_t sizes[] = {1 /* network */, SENSE_CHANNELS, SENSE_HIDDEN,
                                     SENSE_PAST,      SENSE_CLASSES,  SENSE_SYMBOLS_MAX};
    struct slice head = model_bytes(r, sizeof magic);
    bool is = head.n == sizeof magic && memcmp(head.s, magic, sizeof magic) == 0;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        is = model_number(r) == sizes[i] && is;
    return is;
}

enum err_code sense_load(struct slice file, const char *name, struct arena *a, struct sense **out, struct err *e)
{
    struct model_reader r = {.rest = file, .a = a};
    struct sense *s = arena_zalloc(a, 1, sizeof *s);
    if (s == NULL)
        return err_nomem(e);
    bool fits = is_our_format(&r);
    s->nwords = model_number(&r);
    if (!fits || s->nwords > UINT16_MAX)
        return err_set(e, ERR_CONFIG,
                       "%s: this is not a sense file that this version reads; make one with train/sense/sense.py",
                       name);
    for (uint32_t i = 0; i < SENSE_SIDES; i++)
        take_side(&shapes[i], &s->sides[i], &r);
    struct slice rows = model_bytes(&r, (size_t)s->nwords * SENSE_SIDES * ROW);
    s->ngrams = ngrams_take(&r, s->nwords);
    if (r.no_memory) /* first: what was not read for want of it makes the rest look broken */
        return err_nomem(e);
    if (r.is_short || s->nwords <= WORD_QUESTION || !has_all_words(s, r.rest))
        return err_set(e, ERR_CONFIG, "%s: the file is cut off", name);
    if (r.is_wild)
        return err_set(e, ERR_CONFIG, "%s: damaged: it holds weights that training does not make", name);
    if (s->ngrams == NULL || !know_words(s, r.rest, a) || !part_rows(s, rows.s, a))
        return err_nomem(e);
    for (uint32_t i = 0; i < SENSE_SIDES; i++)
        if (!turn_now(&s->sides[i], a) || !make_views_whole(s, &s->sides[i], a))
            return err_nomem(e);
    *out = s;
    return ERR_OK;
}

const struct ngrams *sense_ngrams(const struct sense *s)
{
    return s->ngrams;
}

/* ---- a turn ---- */

/* A word that is not in the file: by how it begins. */
static uint32_t kind_of_word(struct slice word)
{
    unsigned char c = (unsigned char)word.s[0];
    if (ascii_is_digit(word.s[0]))
        return word.n <= 2 ? WORD_SHORT_NUMBER : WORD_LONG_NUMBER;
    bool is_money = c == '$' || (word.n > 2 && ((c == 0xC2 && (unsigned char)word.s[1] <= 0xA5) ||
                                                (c == 0xE2 && (unsigned char)word.s[1] == 0x82)));
    return is_money ? WORD_MONEY : WORD_UNKNOWN;
}

uint32_t sense_word(const struct sense *s, uint64_t hash)
{
    uint32_t slot = (uint32_t)hash & s->mask;
    while (s->known[slot].word != 0 && s->known[slot].hash != (uint32_t)(hash >> 32))
        slot = (slot + 1) & s->mask;
    return s->known[slot].word;
}

static uint32_t word_of(const struct token *t, struct slice text)
{
    return t->number != 0 ? t->number : kind_of_word((struct slice){text.s + t->span.from, t->span.to - t->span.from});
}

static void put_symbol(struct sense_turn *t, uint32_t word, uint32_t token)
{
    if (t->n == SENSE_SYMBOLS_MAX)
        return;
    t->token[t->n++] = token;
    t->words[t->n] = word;
}

static const struct side *side_of(const struct sense *s, enum role role)
{
    return &s->sides[role == ROLE_AGENT ? AGENTS : CUSTOMERS];
}

void sense_fetch(const struct sense *s, enum role role, uint32_t word)
{
    const uint8_t *rows = side_of(s, role)->rows + (size_t)word * ROW;
    for (uint32_t at = 0; at < ROW; at += MODEL_LINE)
        __builtin_prefetch(rows + at);
}

void sense_read(const struct sense *s, enum role role, const struct turn_scan *scan, struct slice text,
                struct sense_turn *out)
{
    out->role = role;
    out->n = 0;
    out->words[0] = WORD_NONE;
    for (uint32_t i = 0; i < scan->ntokens && out->n < SENSE_SYMBOLS_MAX; i++) {
        const struct token *t = &scan->tokens[i];
        uint32_t word = word_of(t, text);
        ngrams_fetch(s->ngrams, out->words[out->n], word);
        put_symbol(out, word, i);
        if (t->ends_sentence)
            put_symbol(out, t->ends_question ? WORD_QUESTION : WORD_STOP, UINT32_MAX);
    }
    out->words[out->n + 1] = WORD_NONE;
    const struct side *side = side_of(s, role);
    sense_pool(side->rows, side->pass, out->words, out->n, out->pooled);
}

static const float nothing[H];

/* The hidden units of these sums, from BASE on. */
FASTER static void add_units(const float base[H], const float unit[H], const int32_t sum[H], float hidden[H])
{
    for (uint32_t j = 0; j < H; j++)
        hidden[j] = base[j] + (float)sum[j] * unit[j];
}

/* sense_traces() for at most SENSE_SUM_MOST turns. */
static void some_traces(const struct sense *s, enum sense_view view, const struct sense_turn *const *t, uint32_t n,
                        struct sense_trace *const *out)
{
    const struct side *side = &s->sides[view < shapes[CUSTOMERS].first_view ? AGENTS : CUSTOMERS];
    const struct whole *whole = &side->whole[view - side->shape->first_view];
    const uint8_t *x[SENSE_SUM_MOST] = {NULL};
    int32_t sum[SENSE_SUM_MOST][H];
    for (uint32_t k = 0; k < n; k++)
        x[k] = t[k]->pooled;
    sense_sum(whole->w, x, sum, n);
    for (uint32_t k = 0; k < n; k++)
        add_units(view == side->shape->first_view ? side->base : nothing, whole->unit, sum[k], out[k]->hidden);
}

void sense_traces(const struct sense *s, enum sense_view view, const struct sense_turn *const *t, uint32_t n,
                  struct sense_trace *const *out)
{
    for (uint32_t k = 0; k < n; k += SENSE_SUM_MOST)
        some_traces(s, view, t + k, n - k < SENSE_SUM_MOST ? n - k : SENSE_SUM_MOST, out + k);
}

/* Add to HIDDEN, the part of this turn, what came before, and cut it at 0. */
FASTER static void add_past(const float (*rows)[H], const struct sense_past *past, const float before[H],
                            const float asked[H], float hidden[H])
{
    for (uint32_t j = 0; j < H; j++) {
        float sum = hidden[j];
        for (uint32_t k = 0; k < SENSE_PAST; k++)
            sum += past->x[k] * rows[k][j];
        sum += before[j] + asked[j];
        hidden[j] = sum > 0 ? sum : 0;
    }
}

struct sense_trace sense_hidden(const struct sense *s, enum role role, const struct sense_trace *now,
                                const struct sense_past *past, const struct sense_trace *before,
                                const struct sense_trace *asked)
{
    struct sense_trace h = *now;
    add_past((const float(*)[H])side_of(s, role)->past, past, before->hidden,
             role == ROLE_AGENT ? asked->hidden : nothing, h.hidden);
    return h;
}

/* ---- shares ---- */

FASTER double sense_class(const struct sense *s, const struct sense_trace *hidden, uint32_t class)
{
    const struct side *side = &s->sides[class < shapes[CUSTOMERS].first_class ? AGENTS : CUSTOMERS];
    class -= side->shape->first_class;
    const float *out = side->out + (size_t) class * H;
    eight sum = {0};
    for (uint32_t j = 0; j < H; j += 8)
        sum += *(const eight *)(hidden->hidden + j) * *(const eight *)(out + j);
    return (double)side->out_base[class] +
           (double)(((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7])));
}

/* What one more of each pooled answer adds to the sum OF. */
static inline __attribute__((always_inline)) void find_gain(const struct side *side, const float *hidden,
                                                            const struct sense_share *of, float gain[SENSE_POOLED])
{
    float out[H] = {0};
    for (uint32_t class = 0; class < side->shape->nclasses; class ++) {
        const float *row = side->out + (size_t) class * H;
        float part = of->part[side->shape->first_class + class];
        if (part == 0)
            continue;
        for (uint32_t j = 0; j < H; j++)
            out[j] += part * row[j];
    }
    for (uint32_t i = 0; i < SENSE_POOLED; i += 32) {
        eight sum[4] = {{0}};
        for (uint32_t m = 0; m < H; m++) {
            const eight *row = (const eight *)(side->now_turned + (size_t)m * SENSE_POOLED + i);
            if (hidden[m] <= 0)
                continue;
            for (uint32_t j = 0; j < 4; j++)
                sum[j] += out[m] * row[j];
        }
        memcpy(gain + i, sum, sizeof sum);
    }
}

#define GAIN_MOST 20000 /* as a whole number, of 16 bits */

/* What one more of a detector's answer adds, as whole numbers: of any, and of its highest once more. */
struct gains {
    int16_t each[C], once[C];
    float unit; /* what 1 of them is */
};

static inline void find_gains(const struct side *side, const float gain[SENSE_POOLED], uint32_t nsymbols,
                              struct gains *out)
{
    float root = sqrtf((float)(nsymbols + 2)), size[C], most = 0;
    int32_t bits[C], most_bits = 0;
    for (uint32_t c = 0; c < C; c++)
        size[c] = (fabsf(gain[c]) + fabsf(gain[C + c]) / root) * side->scale[c];
    memcpy(bits, size, sizeof bits);
    for (uint32_t c = 0; c < C; c++) /* floats that are not negative are ordered as their bits are */
        most_bits = bits[c] > most_bits ? bits[c] : most_bits;
    memcpy(&most, &most_bits, sizeof most);
    out->unit = fmaxf(most / GAIN_MOST, FLT_MIN);
    for (uint32_t c = 0; c < C; c++) {
        out->each[c] = (int16_t)(gain[C + c] * side->scale[c] / (root * out->unit));
        out->once[c] = (int16_t)(gain[c] * side->scale[c] / out->unit);
    }
}

/* The detectors' answers by symbol, and for each at which symbol it is highest, the first if at several. */
struct answers {
    int8_t now[SENSE_SYMBOLS_MAX][C];
    int16_t where[C]; /* -1: nowhere above 0 */
    int16_t most[C];
};

/* What each of a turn's symbols, and nothing before and after them, adds before, at and after a place. */
struct unpacked {
    int8_t rows[SENSE_SYMBOLS_MAX + 2][3 * C];
};

static inline void unpack(const struct side *side, const struct sense_turn *t, struct unpacked *out)
{
    for (uint32_t i = 0; i < t->n + 2; i++) {
        const uint8_t *row = side->rows + (size_t)t->words[i] * ROW;
        for (uint32_t place = 0; place < 3; place++, row += HALF)
            for (uint32_t c = 0; c < HALF; c++) {
                out->rows[i][place * C + c] = (int8_t)((row[c] & 15) - SENSE_LEVEL_ZERO);
                out->rows[i][place * C + HALF + c] = (int8_t)((row[c] >> 4) - SENSE_LEVEL_ZERO);
            }
    }
}

/* The answers of sense_pool(), but not cut at 0. */
static inline void find_answers(const struct side *side, const struct unpacked *u, uint32_t nsymbols,
                                struct answers *out)
{
    for (uint32_t c = 0; c < C; c++) {
        out->most[c] = 0;
        out->where[c] = -1;
    }
    for (uint32_t i = 0; i < nsymbols; i++)
        for (uint32_t c = 0; c < C; c++) {
            int16_t x = (int16_t)(3 * SENSE_LEVEL_ZERO - side->pass[c] + u->rows[i][c] + u->rows[i + 1][C + c] +
                                  u->rows[i + 2][2 * C + c]);
            out->now[i][c] = (int8_t)x;
            out->where[c] = (int16_t)(x > out->most[c] ? (int16_t)i : out->where[c]);
            out->most[c] = (int16_t)(x > out->most[c] ? x : out->most[c]);
        }
}

/* What one more of each detector's answer adds, at symbol I. */
static inline void find_gains_at(const struct answers *a, const struct gains *g, uint32_t i, int16_t *restrict out)
{
    for (uint32_t c = 0; c < C; c++) {
        int16_t each = g->each[c], once = g->once[c]; /* read in any case, so that this is done for many at once */
        each = (int16_t)(a->now[i][c] > 0 ? each : 0);
        once = (int16_t)(a->where[c] == (int16_t)i ? once : 0);
        out[c] = (int16_t)(each + once);
    }
}

/* What a word of these rows adds, which stands before the first of three places with these gains, at the second and
 * after the third. */
static inline __attribute__((always_inline)) int32_t worth(const int8_t *rows, const int16_t *gains)
{
    int32_t all = 0;
    for (uint32_t c = 0; c < 3 * C; c++)
        all += (int16_t)rows[c] * gains[c];
    return all;
}

/* Add what each word adds to its share. */
static inline __attribute__((always_inline)) void add_share(const struct unpacked *u, const struct sense_turn *t,
                                                            const struct answers *a, const struct gains *g,
                                                            float *shares)
{
    int16_t gains[(SENSE_SYMBOLS_MAX + 2) * C]; /* from after the last symbol, where nothing is, to before the first */
    memset(gains, 0, C * sizeof *gains);
    memset(gains + (size_t)(t->n + 1) * C, 0, C * sizeof *gains);
    for (uint32_t i = 0; i < t->n; i++)
        find_gains_at(a, g, i, gains + (size_t)(t->n - i) * C);
    for (uint32_t i = 0; i < t->n; i++) {
        int32_t sum = worth(u->rows[i + 1], gains + (size_t)(t->n - i - 1) * C);
        if (t->token[i] != UINT32_MAX)
            shares[t->token[i]] += (float)sum * g->unit;
    }
}

FASTER void sense_shares(const struct sense *s, const struct sense_turn *t, const struct sense_trace *hidden,
                         struct sense_share *of, uint32_t n)
{
    const struct side *side = side_of(s, t->role);
    struct unpacked u;
    struct answers a;
    unpack(side, t, &u);
    find_answers(side, &u, t->n, &a);
    for (uint32_t k = 0; k < n; k++) {
        float gain[SENSE_POOLED];
        struct gains g;
        find_gain(side, hidden->hidden, &of[k], gain);
        find_gains(side, gain, t->n, &g);
        memset(of[k].shares, 0, t->n * sizeof of[k].shares[0]);
        add_share(&u, t, &a, &g, of[k].shares);
    }
}
