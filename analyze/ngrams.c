#include "analyze/ngrams.h"

#include <math.h>

#include "analyze/faster.h"

enum { BUCKET = 4 };

/* Numbers that the processor compares at once, where it can. */
typedef uint32_t four __attribute__((vector_size(16)));

/* What an n-gram weighs for each class, and in the highest byte its rarity; of what is told, its row. 0: it is none. */
typedef uint32_t gram;

/* Pairs whose hashes have the same beginning, the first ones used first; if it is full, the next bucket goes on. */
struct bucket {
    four words; /* the first in the upper half; 0: free */
    four grams;
};

struct pairs {
    struct bucket *buckets;
    unsigned shift; /* of a hash of 32 bits, to a bucket's number */
};

/* A row of what is told: a weight a class, then the rarity. */
enum { TOLD_ROW = NGRAM_TOLD + 1 };

struct ngrams {
    const float *base, *own_scale, *asked_scale; /* [class]; what 1 of a weight over 1 of a rarity is */
    gram *words;                                 /* [word] */
    int8_t (*asked)[NGRAM_CLASSES];              /* [word] */
    struct pairs pairs;
    const float *told_base, *told_scale; /* [told] */
    int8_t (*told_rows)[TOLD_ROW];       /* one of zeros, then those of words, then those of pairs */
    struct pairs told;
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

static uint32_t bucket_of(const struct pairs *p, uint32_t words)
{
    return words * 0x9E3779B1u >> p->shift;
}

static uint32_t next_bucket(const struct pairs *p, uint32_t i)
{
    return (i + 1) & UINT32_MAX >> p->shift;
}

/* Whether a bucket has the pair cannot be foretold, so it is not asked: all of its pairs are looked at. */
static gram find(const struct pairs *p, uint32_t words)
{
    for (uint32_t i = bucket_of(p, words);; i = next_bucket(p, i)) {
        const struct bucket *b = &p->buckets[i];
        four hits = (four)(b->words == words) & b->grams;
        gram found = hits[0] | hits[1] | hits[2] | hits[3];
        if (found != 0 || b->words[BUCKET - 1] == 0)
            return found;
    }
}

static void fetch_pair(const struct pairs *p, uint32_t words)
{
    __builtin_prefetch(&p->buckets[bucket_of(p, words)]);
}

void ngrams_fetch(const struct ngrams *g, uint32_t first, uint32_t second)
{
    fetch_pair(&g->pairs, both(first, second));
}

/* Put a pair of the file, which has none twice and not that of no words. */
static void take_pair(struct pairs *p, struct model_reader *r, uint32_t words, gram x)
{
    r->is_wild = r->is_wild || words == 0 || find(p, words) != 0;
    for (uint32_t i = bucket_of(p, words);; i = next_bucket(p, i))
        for (int k = 0; k < BUCKET; k++)
            if (p->buckets[i].words[k] == 0) {
                p->buckets[i].words[k] = words;
                p->buckets[i].grams[k] = x;
                return;
            }
}

/* Room for N pairs, none there yet. False when out of memory. */
static bool pairs_begin(struct pairs *p, size_t n, struct arena *a)
{
    size_t nbuckets = 2;
    for (p->shift = 31; nbuckets * BUCKET / 2 < n; p->shift--)
        nbuckets *= 2;
    p->buckets = model_alloc(a, nbuckets * sizeof *p->buckets);
    if (p->buckets == NULL)
        return false;
    memset(p->buckets, 0, nbuckets * sizeof *p->buckets);
    return true;
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
    if (!pairs_begin(&g->pairs, rows.n / ROW, r->a))
        return false;
    for (size_t i = 0; i < rows.n / ROW; i++) {
        struct model_reader row = {.rest = {rows.s + i * ROW, ROW}};
        uint32_t words = model_number(&row);
        take_pair(&g->pairs, r, words, take_gram(row.rest.s));
    }
    return true;
}

static bool take_told(struct model_reader *r, struct ngrams *g, uint32_t nwords)
{
    enum { ROW = 4 + TOLD_ROW };
    g->told_base = model_floats(r, NGRAM_TOLD);
    g->told_scale = model_floats(r, NGRAM_TOLD);
    struct slice words = model_bytes(r, (size_t)nwords * TOLD_ROW);
    size_t npairs = model_number(r);
    r->is_short = r->is_short || npairs > UINT16_MAX; /* more than struct ngram_told has marks for */
    struct slice pairs = model_bytes(r, npairs * ROW);
    npairs = pairs.n / ROW;
    g->told_rows = model_alloc(r->a, (1 + nwords + npairs) * sizeof *g->told_rows);
    if (g->told_rows == NULL || !pairs_begin(&g->told, npairs, r->a))
        return false;
    memset(g->told_rows, 0, (1 + (size_t)nwords) * sizeof *g->told_rows);
    if (words.n > 0)
        memcpy(g->told_rows + 1, words.s, words.n);
    for (size_t i = 0; i < npairs; i++) {
        struct model_reader row = {.rest = {pairs.s + i * ROW, ROW}};
        take_pair(&g->told, r, model_number(&row), (gram)(1 + nwords + i));
        memcpy(g->told_rows[1 + nwords + i], row.rest.s, TOLD_ROW);
    }
    return true;
}

const struct ngrams *ngrams_take(struct model_reader *r, uint32_t nwords)
{
    struct ngrams *g = arena_zalloc(r->a, 1, sizeof *g);
    if (g == NULL)
        return NULL;
    g->base = model_floats(r, NGRAM_CLASSES);
    g->own_scale = model_floats(r, NGRAM_CLASSES);
    g->asked_scale = model_floats(r, NGRAM_CLASSES);
    return take_words(r, g, nwords) && take_pairs(r, g) && take_told(r, g, nwords) ? g : NULL;
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
        gram pair = find(&g->pairs, both(t->words[i], t->words[i + 1]));
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
    memset(shares, 0, t->n * sizeof *shares);
    int32_t before = weight_of(find(&g->pairs, both(t->words[0], t->words[1])), class);
    for (uint32_t i = 0; i < t->n; i++) {
        int32_t after = weight_of(find(&g->pairs, both(t->words[i + 1], t->words[i + 2])), class);
        int32_t word = weight_of(g->words[t->words[i + 1]], class);
        if (t->token[i] != UINT32_MAX)
            shares[t->token[i]] = read->unit * (float)(2 * word + before + after) / 2;
        before = after;
    }
}

/* ---- what is told of deliveries ---- */

_Static_assert(TOLD_ROW == 16, "a row is what the processor reads at once, and is added up by halves");

/* ROW, if it was not marked; it is now. Else the row of zeros. */
static uint32_t row_once(uint64_t *marks, uint32_t row)
{
    uint64_t *word = &marks[row / 64], bit = (uint64_t)1 << row % 64;
    bool was = (*word & bit) != 0;
    *word |= bit;
    return was ? 0 : row;
}

static uint32_t told_square(const int8_t *row)
{
    uint32_t rarity = (uint8_t)row[NGRAM_TOLD];
    return rarity * rarity;
}

/* Find the rows of the n-grams that begin at each place; of what stood before, that of zeros. Whatever is far away in
 * memory is asked for at all places before it is looked at anywhere. */
static void find_rows(const struct ngrams *g, const struct sense_turn *t, struct ngram_told *out)
{
    uint32_t words[SENSE_SYMBOLS_MAX + 1], pairs[SENSE_SYMBOLS_MAX + 1];
    out->n = t->n;
    out->squares = 0;
    for (uint32_t i = 0; i <= t->n; i++)
        fetch_pair(&g->told, both(t->words[i], t->words[i + 1]));
    for (uint32_t i = 0; i <= t->n; i++) {
        words[i] = 1 + t->words[i];
        pairs[i] = t->n > 0 ? find(&g->told, both(t->words[i], t->words[i + 1])) : 0;
        __builtin_prefetch(g->told_rows[words[i]]);
        __builtin_prefetch(g->told_rows[pairs[i]]);
    }
    for (uint32_t i = 0; i <= t->n; i++) {
        out->words[i] = row_once(out->seen, words[i]);
        out->pairs[i] = row_once(out->seen, pairs[i]);
        out->squares += told_square(g->told_rows[out->words[i]]) + told_square(g->told_rows[out->pairs[i]]);
    }
    for (uint32_t i = 0; i <= t->n; i++)
        out->seen[words[i] / 64] = out->seen[pairs[i] / 64] = 0;
}

/* Rows are added up as they stand, the rarity among the weights, and that sum is not looked at. */
FASTER static void add_rows(const struct ngrams *g, const struct ngram_told *read, int32_t sums[TOLD_ROW])
{
    for (uint32_t i = 0; i <= read->n; i++) {
        const int8_t *word = g->told_rows[read->words[i]], *pair = g->told_rows[read->pairs[i]];
        for (int c = 0; c < TOLD_ROW; c++)
            sums[c] += word[c] + pair[c];
    }
}

void ngrams_tell(const struct ngrams *g, const struct sense_turn *t, struct ngram_told *read, float out[NGRAM_TOLD])
{
    int32_t sums[TOLD_ROW] = {0};
    find_rows(g, t, read);
    add_rows(g, read, sums);
    for (int c = 0; c < NGRAM_TOLD; c++)
        out[c] = g->told_base[c] + (float)sums[c] * unit_of(g->told_scale[c], read->squares);
}

/* Add to each token's share what its word and half of its two pairs weigh: HALF_UNIT is the half of what 1 is, by
 * class. */
FASTER static void add_told_shares(const struct ngrams *g, const struct sense_turn *t, const struct ngram_told *read,
                                   const float half_unit[TOLD_ROW], float shares[SENSE_SYMBOLS_MAX])
{
    for (uint32_t i = 1; i <= read->n; i++) {
        const int8_t *word = g->told_rows[read->words[i]];
        const int8_t *before = g->told_rows[read->pairs[i - 1]], *after = g->told_rows[read->pairs[i]];
        float part[TOLD_ROW];
        for (int c = 0; c < TOLD_ROW; c++)
            part[c] = (float)(2 * word[c] + before[c] + after[c]) * half_unit[c];
        for (int n = TOLD_ROW / 2; n > 0; n /= 2)
            for (int c = 0; c < n; c++)
                part[c] += part[c + n];
        if (t->token[i - 1] != UINT32_MAX)
            shares[t->token[i - 1]] += part[0];
    }
}

void ngrams_told_shares(const struct ngrams *g, const struct sense_turn *t, const struct ngram_told *read,
                        const float part[NGRAM_TOLD], float shares[SENSE_SYMBOLS_MAX])
{
    float half_unit[TOLD_ROW] = {0};
    for (int c = 0; c < NGRAM_TOLD; c++)
        half_unit[c] = part[c] * unit_of(g->told_scale[c], read->squares) / 2;
    add_told_shares(g, t, read, half_unit, shares);
}
