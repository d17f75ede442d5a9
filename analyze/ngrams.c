#include "analyze/ngrams.h"

#include <math.h>

enum { BUCKET = 4 };

/* Numbers that the processor compares at once, where it can. */
typedef uint32_t four __attribute__((vector_size(16)));

/* What an n-gram weighs for each class, and in the highest byte its rarity; 0: it is none. */
typedef uint32_t gram;

/* Pairs whose hashes have the same beginning, the first ones used first; if it is full, the next bucket goes on. */
struct bucket {
    four words; /* the first in the upper half; 0: free */
    four grams;
};

struct ngrams {
    const float *base, *own_scale, *asked_scale; /* [class]; what 1 of a weight over 1 of a rarity is */
    gram *words;                                 /* [word] */
    int8_t (*asked)[NGRAM_CLASSES];              /* [word] */
    struct bucket *pairs;
    unsigned shift; /* of a hash of 32 bits, to a bucket's number */
};

static int32_t weight_of(gram x, enum ngram_class class)
{
    return (int8_t)(x >> 8 * (unsigned)class & 0xFF);
}

static uint32_t rarity_of(gram x)
{
    return x >> 24;
}

static uint32_t both(uint32_t first, uint32_t second)
{
    return first << 16 | second;
}

static uint32_t bucket_of(const struct ngrams *g, uint32_t words)
{
    return words * 0x9E3779B1u >> g->shift;
}

static uint32_t next_bucket(const struct ngrams *g, uint32_t i)
{
    return (i + 1) & UINT32_MAX >> g->shift;
}

/* Whether a bucket has the pair cannot be foretold, so it is not asked: all of its pairs are looked at. */
static gram find(const struct ngrams *g, uint32_t words)
{
    for (uint32_t i = bucket_of(g, words);; i = next_bucket(g, i)) {
        const struct bucket *b = &g->pairs[i];
        four hits = (four)(b->words == words) & b->grams;
        gram found = hits[0] | hits[1] | hits[2] | hits[3];
        if (found != 0 || b->words[BUCKET - 1] == 0)
            return found;
    }
}

static void put_pair(struct ngrams *g, uint32_t words, gram x)
{
    for (uint32_t i = bucket_of(g, words);; i = next_bucket(g, i))
        for (int k = 0; k < BUCKET; k++)
            if (g->pairs[i].words[k] == 0) {
                g->pairs[i].words[k] = words;
                g->pairs[i].grams[k] = x;
                return;
            }
}

/* The weights and the rarity, a byte each. */
static gram take_gram(const char *s)
{
    gram x = (gram)(unsigned char)s[NGRAM_CLASSES] << 24;
    for (int c = 0; c < NGRAM_CLASSES; c++)
        x |= (gram)(unsigned char)s[c] << 8 * c;
    return x;
}

static bool take_words(struct model_reader *r, struct ngrams *g, uint32_t nwords)
{
    enum { ROW = 2 * NGRAM_CLASSES + 1 };
    struct slice rows = model_bytes(r, (size_t)nwords * ROW);
    g->words = arena_zalloc(r->a, (size_t)nwords + 1, sizeof *g->words);
    g->asked = arena_zalloc(r->a, (size_t)nwords + 1, sizeof *g->asked);
    if (g->words == NULL || g->asked == NULL)
        return false;
    for (size_t i = 0; i < rows.n / ROW; i++) {
        g->words[i] = take_gram(rows.s + i * ROW);
        memcpy(g->asked[i], rows.s + i * ROW + NGRAM_CLASSES + 1, NGRAM_CLASSES);
    }
    return true;
}

static bool take_pairs(struct model_reader *r, struct ngrams *g)
{
    enum { ROW = 4 + NGRAM_CLASSES + 1 };
    struct slice rows = model_bytes(r, (size_t)model_number(r) * ROW);
    size_t nbuckets = 2;
    for (g->shift = 31; nbuckets * BUCKET / 2 < rows.n / ROW; g->shift--)
        nbuckets *= 2;
    g->pairs = model_alloc(r->a, nbuckets * sizeof *g->pairs);
    if (g->pairs == NULL)
        return false;
    memset(g->pairs, 0, nbuckets * sizeof *g->pairs);
    for (size_t i = 0; i < rows.n / ROW; i++) {
        struct model_reader row = {.rest = {rows.s + i * ROW, ROW}};
        uint32_t words = model_number(&row);
        put_pair(g, words, take_gram(row.rest.s));
    }
    return true;
}

const struct ngrams *ngrams_take(struct model_reader *r, uint32_t nwords)
{
    struct ngrams *g = arena_zalloc(r->a, 1, sizeof *g);
    if (g == NULL)
        return NULL;
    g->base = model_numbers(r, NGRAM_CLASSES);
    g->own_scale = model_numbers(r, NGRAM_CLASSES);
    g->asked_scale = model_numbers(r, NGRAM_CLASSES);
    return take_words(r, g, nwords) && take_pairs(r, g) ? g : NULL;
}

/* What 1 of a weight is in a turn whose n-grams have this sum of squares. */
static float unit_of(float scale, uint32_t squares)
{
    return squares > 0 ? scale / sqrtf((float)squares) : 0;
}

/* What a turn's n-grams weigh, for CLASS, a constant; *SQUARES gets the sum of squares of how rare they are. */
static inline __attribute__((always_inline)) int32_t add_up(const struct ngrams *g, const struct sense_turn *t,
                                                            enum ngram_class class, uint32_t *squares)
{
    int32_t sum = 0;
    uint32_t all = 0;
    for (uint32_t i = 0; i <= t->n && t->n > 0; i++) {
        gram pair = find(g, both(t->words[i], t->words[i + 1]));
        gram word = g->words[t->words[i]]; /* before the first there is none, which weighs nothing */
        sum += weight_of(pair, class) + weight_of(word, class);
        all += rarity_of(pair) * rarity_of(pair) + rarity_of(word) * rarity_of(word);
    }
    *squares = all;
    return sum;
}

static void read_asked(const struct ngrams *g, const struct sense_turn *t, float out[NGRAM_CLASSES])
{
    int32_t asked[NGRAM_CLASSES] = {0};
    uint32_t squares = 0;
    for (uint32_t i = 1; i <= t->n; i++) {
        uint32_t word = t->words[i], rarity = rarity_of(g->words[word]);
        for (int c = 0; c < NGRAM_CLASSES; c++)
            asked[c] += g->asked[word][c];
        squares += rarity * rarity;
    }
    for (int c = 0; c < NGRAM_CLASSES; c++)
        out[c] = (float)asked[c] * unit_of(g->asked_scale[c], squares);
}

struct ngram_turn ngrams_read(const struct ngrams *g, const struct sense_turn *t, enum ngram_class class)
{
    struct ngram_turn out = {.unit = 0};
    uint32_t squares;
    int32_t sum =
        class == NGRAM_DELIVERY ? add_up(g, t, NGRAM_DELIVERY, &squares) : add_up(g, t, NGRAM_DISPUTE, &squares);
    out.unit = unit_of(g->own_scale[class], squares);
    out.own = (float)sum * out.unit;
    if (class == NGRAM_DISPUTE)
        read_asked(g, t, out.asked);
    return out;
}

double ngrams_class(const struct ngrams *g, float own, const float asked[NGRAM_CLASSES], enum ngram_class class)
{
    return (double)g->base[class] + (double)own + (double)asked[class];
}

void ngrams_shares(const struct ngrams *g, const struct sense_turn *t, const struct ngram_turn *read,
                   enum ngram_class class, float shares[SENSE_SYMBOLS_MAX])
{
    memset(shares, 0, SENSE_SYMBOLS_MAX * sizeof *shares);
    int32_t before = weight_of(find(g, both(t->words[0], t->words[1])), class);
    for (uint32_t i = 0; i < t->n; i++) {
        int32_t after = weight_of(find(g, both(t->words[i + 1], t->words[i + 2])), class);
        int32_t word = weight_of(g->words[t->words[i + 1]], class);
        if (t->token[i] != UINT32_MAX)
            shares[t->token[i]] = read->unit * (float)(2 * word + before + after) / 2;
        before = after;
    }
}
