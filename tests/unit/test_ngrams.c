/* ngrams.c: what words and pairs of words add up to, whose words speak, files that are cut off */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/ngrams.h"
#include "core/strbuf.h"
#include "tests/support/failing_alloc.h"

enum { NWORDS = 400, GOOD = 8, BAD = 9, HEAVY = 90, RARE = 20, COMMON = 10 };

struct word_row {
    int8_t own[NGRAM_CLASSES];
    uint8_t rarity;
    int8_t asked[NGRAM_CLASSES];
};

struct pair_row {
    uint32_t words;
    int8_t own[NGRAM_CLASSES];
    uint8_t rarity;
};

static void put_number(struct strbuf *b, uint32_t x)
{
    for (unsigned k = 0; k < 4; k++)
        strbuf_putc(b, (char)(x >> (8 * k) & 0xFF));
}

static void put_floats(struct strbuf *b, float x, float y)
{
    const float both[] = {x, y};
    for (int i = 0; i < 2; i++) {
        uint32_t bits;
        memcpy(&bits, &both[i], 4);
        put_number(b, bits);
    }
}

/* What is told: class c begins at c; "good" weighs 2 c, "bad" -c, and "good bad" 5 for the last class, but rarity 0;
 * words from HEAVY on weigh all that can be for class 2, with rarity 0. */
static void write_told(struct strbuf *b)
{
    for (int i = 0; i < 2 * NGRAM_TOLD; i++) {
        float x = i < NGRAM_TOLD ? (float)i : 0.25f;
        uint32_t bits;
        memcpy(&bits, &x, 4);
        put_number(b, bits);
    }
    for (int i = 0; i < NWORDS; i++) {
        for (int c = 0; c < NGRAM_TOLD; c++)
            strbuf_putc(b, (char)(i == GOOD ? 2 * c : i == BAD ? -c : i >= HEAVY && c == 2 ? 127 : 0));
        strbuf_putc(b, (char)(i == GOOD ? COMMON : i == BAD ? RARE : 0));
    }
    put_number(b, 1);
    put_number(b, GOOD << 16 | BAD);
    for (int c = 0; c < NGRAM_TOLD; c++)
        strbuf_putc(b, (char)(c == NGRAM_TOLD - 1 ? 5 : 0));
    strbuf_putc(b, 0);
}

/* base -1 and -2, scale 0.5 for all; "good" and "bad" have weights, so have PAIRS. */
static void write_part(struct strbuf *b, const struct pair_row *pairs, size_t npairs)
{
    struct word_row words[NWORDS] = {[GOOD] = {{10, -20}, COMMON, {4, 8}}, [BAD] = {{-30, 40}, RARE, {0, -6}}};
    strbuf_clear(b);
    put_floats(b, -1, -2);
    put_floats(b, 0.5f, 0.5f);
    put_floats(b, 0.5f, 0.5f);
    for (int i = 0; i < NWORDS; i++) {
        strbuf_add(b, (const char *)words[i].own, 2);
        strbuf_putc(b, (char)words[i].rarity);
        strbuf_add(b, (const char *)words[i].asked, 2);
    }
    put_number(b, (uint32_t)npairs);
    for (size_t i = 0; i < npairs; i++) {
        put_number(b, pairs[i].words);
        strbuf_add(b, (const char *)pairs[i].own, 2);
        strbuf_putc(b, (char)pairs[i].rarity);
    }
    write_told(b);
}

static const struct ngrams *load(struct arena *a, const struct pair_row *pairs, size_t npairs)
{
    struct strbuf b = STRBUF_INIT;
    write_part(&b, pairs, npairs);
    struct slice kept = arena_dup(a, strbuf_slice(&b));
    strbuf_free(&b);
    struct model_reader r = {.rest = kept, .a = a};
    const struct ngrams *g = ngrams_take(&r, NWORDS);
    assert_non_null(g);
    assert_false(r.is_short || r.no_memory);
    assert_int_equal(r.rest.n, 0);
    return g;
}

static const struct pair_row few[] = {
    {GOOD << 16 | BAD, {7, 9}, 5},
    {0 << 16 | GOOD, {1, 2}, 3}, /* "good" begins the turn */
    {BAD << 16 | 0, {-2, 3}, 4}, /* "bad" ends it */
};

/* A turn of N words; the one after WORDS is none. */
static struct sense_turn turn_of(const uint32_t *words, uint32_t n)
{
    struct sense_turn t = {.n = n};
    for (uint32_t i = 0; i < n; i++) {
        t.words[i + 1] = words[i];
        t.token[i] = i;
    }
    return t;
}

static void words_and_pairs_are_weighed_by_their_length(void **state)
{
    (void)state;
    static const struct {
        uint32_t words[4], n;
        int delivery, dispute, squares;
    } rows[] = {
        {{GOOD}, 1, 10 + 1, -20 + 2, 10 * 10 + 3 * 3},
        {{BAD}, 1, -30 - 2, 40 + 3, 20 * 20 + 4 * 4},
        {{GOOD, BAD}, 2, 10 - 30 + 7 + 1 - 2, -20 + 40 + 9 + 2 + 3, 100 + 400 + 25 + 9 + 16},
        {{BAD, GOOD}, 2, 10 - 30, -20 + 40, 100 + 400},
        {{GOOD, GOOD, BAD}, 3, 20 - 30 + 1 + 7 - 2, -40 + 40 + 2 + 9 + 3, 200 + 400 + 9 + 25 + 16},
        {{GOOD, 77, BAD}, 3, 10 - 30 + 1 - 2, -20 + 40 + 2 + 3, 100 + 400 + 9 + 16}, /* an unknown one parts them */
        {{77}, 1, 0, 0, 0},
        {{0}, 0, 0, 0, 0},
    };
    struct arena *a = arena_new(0);
    const struct ngrams *g = load(a, few, 3);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sense_turn t = turn_of(rows[i].words, rows[i].n);
        double root = rows[i].squares > 0 ? sqrt(rows[i].squares) : 1;
        const double want[] = {0.5 * rows[i].delivery / root, 0.5 * rows[i].dispute / root};
        for (int c = 0; c < NGRAM_CLASSES; c++) {
            double is = (double)ngrams_read(g, &t, (enum ngram_class)c).own;
            if (fabs(is - want[c]) > 1e-5)
                fail_msg("row %zu, class %d: %g, not %g", i, c, is, want[c]);
        }
    }
    arena_free(a);
}

static void what_the_customer_said_counts_for_the_next_turn(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    const struct ngrams *g = load(a, few, 3);
    const uint32_t words[] = {GOOD, BAD};
    struct sense_turn t = turn_of(words, 2);
    struct ngram_turn customer = ngrams_read(g, &t, NGRAM_DISPUTE), agent = ngrams_read(g, &t, NGRAM_DELIVERY);
    double root = sqrt(COMMON * COMMON + RARE * RARE);
    assert_true(fabs((double)customer.asked[NGRAM_DELIVERY] - 0.5 * 4 / root) < 1e-6);
    assert_true(fabs((double)customer.asked[NGRAM_DISPUTE] - 0.5 * 2 / root) < 1e-6);
    assert_true(agent.asked[NGRAM_DELIVERY] == 0 && agent.asked[NGRAM_DISPUTE] == 0); /* nobody sees an agent's words */
    const float none[NGRAM_CLASSES] = {0};
    assert_true(ngrams_class(g, 0, none, NGRAM_DELIVERY) == -1 && ngrams_class(g, 0, none, NGRAM_DISPUTE) == -2);
    assert_true(ngrams_class(g, 3, customer.asked, NGRAM_DELIVERY) == 2 + (double)customer.asked[NGRAM_DELIVERY]);
    arena_free(a);
}

static void shares_are_of_words_and_halves_of_pairs(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    const struct ngrams *g = load(a, few, 3);
    const uint32_t words[] = {GOOD, BAD};
    struct sense_turn t = turn_of(words, 2);
    float shares[SENSE_SYMBOLS_MAX];
    struct ngram_turn read = ngrams_read(g, &t, NGRAM_DELIVERY);
    double unit = 0.5 / sqrt(550);
    ngrams_shares(g, &t, &read, NGRAM_DELIVERY, shares);
    assert_true(fabs((double)shares[0] - unit * (10 + 0.5 + 3.5)) < 1e-5);
    assert_true(fabs((double)shares[1] - unit * (-30 + 3.5 - 1)) < 1e-5);
    t.token[1] = UINT32_MAX; /* the end of a sentence is no word */
    ngrams_shares(g, &t, &read, NGRAM_DELIVERY, shares);
    assert_true(shares[1] == 0);
    arena_free(a);
}

static void what_is_told_counts_each_thing_once(void **state)
{
    (void)state;
    enum { LAST = NGRAM_TOLD - 1 };
    static const struct {
        uint32_t words[5], n;
        int first, last, squares; /* of class 1, of the last */
    } rows[] = {
        {{GOOD}, 1, 2, 2 * LAST, COMMON * COMMON},
        {{BAD}, 1, -1, -LAST, RARE * RARE},
        {{GOOD, BAD}, 2, 1, LAST + 5, COMMON * COMMON + RARE * RARE},
        {{BAD, GOOD}, 2, 1, LAST, COMMON * COMMON + RARE * RARE},
        {{GOOD, BAD, 77, GOOD, BAD}, 5, 1, LAST + 5, COMMON * COMMON + RARE * RARE},
        {{77}, 1, 0, 0, 0},
        {{0}, 0, 0, 0, 0},
    };
    struct arena *a = arena_new(0);
    const struct ngrams *g = load(a, few, 3);
    struct ngram_told read = {.n = 0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sense_turn t = turn_of(rows[i].words, rows[i].n);
        double root = rows[i].squares > 0 ? sqrt(rows[i].squares) : 1;
        float told[NGRAM_TOLD];
        ngrams_tell(g, &t, &read, told);
        if (fabs((double)told[1] - (1 + 0.25 * rows[i].first / root)) > 1e-5 ||
            fabs((double)told[LAST] - (LAST + 0.25 * rows[i].last / root)) > 1e-5)
            fail_msg("row %zu: %g and %g", i, (double)told[1], (double)told[LAST]);
    }
    arena_free(a);
}

static void a_long_turn_adds_up(void **state)
{
    (void)state;
    enum { N = NWORDS - HEAVY };
    struct arena *a = arena_new(0);
    const struct ngrams *g = load(a, few, 3);
    uint32_t words[N + 1] = {[N] = GOOD};
    for (uint32_t i = 0; i < N; i++)
        words[i] = HEAVY + i;
    struct sense_turn t = turn_of(words, N + 1);
    struct ngram_told read = {.n = 0};
    float told[NGRAM_TOLD];
    ngrams_tell(g, &t, &read, told);
    assert_true(fabs((double)told[2] - (2 + 0.25 * (127.0 * N + 2 * 2) / COMMON)) < 1e-3);
    arena_free(a);
}

static void shares_of_what_is_told_add_up(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    const struct ngrams *g = load(a, few, 3);
    const uint32_t words[] = {GOOD, BAD, GOOD};
    struct sense_turn t = turn_of(words, 3);
    float part[NGRAM_TOLD] = {0}, shares[SENSE_SYMBOLS_MAX] = {0}, told[NGRAM_TOLD];
    part[1] = 3;
    part[NGRAM_TOLD - 1] = -2;
    shares[3] = 9; /* what is there stays */
    struct ngram_told read = {.n = 0};
    ngrams_tell(g, &t, &read, told);
    ngrams_told_shares(g, &t, &read, part, shares);
    double wanted = 3 * ((double)told[1] - 1) - 2 * ((double)told[NGRAM_TOLD - 1] - (NGRAM_TOLD - 1));
    double unit = 0.25 / sqrt(COMMON * COMMON + RARE * RARE);
    assert_true(fabs((double)(shares[0] + shares[1] + shares[2]) - wanted) < 1e-5);
    assert_true(fabs((double)shares[0] - unit * (3 * 2 - 2 * (2 * (NGRAM_TOLD - 1) + 2.5))) < 1e-5);
    assert_true(shares[2] == 0 && shares[3] == 9); /* the second "good" says nothing new */
    arena_free(a);
}

/* As many words and pairs as there may be: pair I, of word I and the last one, weighs I % 100 for class 0. */
static void write_most(struct strbuf *b)
{
    enum { WORDS = UINT16_MAX, PAIRS = UINT16_MAX };
    static const char none[16];
    for (int i = 0; i < 3; i++)
        put_floats(b, 1, 1);
    for (int i = 0; i < WORDS; i++)
        strbuf_add(b, none, 5);
    put_number(b, 0);
    for (int i = 0; i < NGRAM_TOLD; i++)
        put_floats(b, 1, 1);
    for (int i = 0; i < WORDS; i++)
        strbuf_add(b, none, 16);
    put_number(b, PAIRS);
    for (uint32_t i = 0; i < PAIRS; i++) {
        put_number(b, i << 16 | (WORDS - 1));
        strbuf_putc(b, (char)(i % 100));
        strbuf_add(b, none, NGRAM_TOLD - 1);
        strbuf_putc(b, 1);
    }
}

static void the_last_of_all_rows_is_found(void **state)
{
    (void)state;
    enum { LAST = UINT16_MAX - 1 };
    struct strbuf b = STRBUF_INIT;
    write_most(&b);
    struct arena *a = arena_new(0);
    struct model_reader r = {.rest = strbuf_slice(&b), .a = a};
    const struct ngrams *g = ngrams_take(&r, UINT16_MAX);
    assert_non_null(g);
    assert_false(r.is_short || r.no_memory || r.is_wild);
    static const uint32_t words[] = {LAST, LAST, LAST - 1, LAST};
    struct sense_turn t = turn_of(words, 4); /* the first pair once, the last once, the one before the last once */
    struct ngram_told read = {.n = 0};
    for (int again = 0; again < 2; again++) {
        float told[NGRAM_TOLD];
        ngrams_tell(g, &t, &read, told);
        assert_true(fabs((double)told[0] - (1 + (LAST % 100 + (LAST - 1) % 100) / sqrt(3))) < 1e-4);
        assert_true(told[1] == 1);
    }
    strbuf_free(&b);
    arena_free(a);
}

static void pairs_that_stand_twice_are_told(void **state)
{
    (void)state;
    static const struct pair_row rows[][2] = {
        {{GOOD << 16 | BAD, {7, 9}, 5}, {GOOD << 16 | BAD, {1, 2}, 3}},
        {{GOOD << 16 | BAD, {7, 9}, 5}, {0, {1, 2}, 3}},
    };
    for (size_t i = 0; i < 2; i++) {
        struct strbuf b = STRBUF_INIT;
        struct arena *a = arena_new(0);
        write_part(&b, rows[i], 2);
        struct model_reader r = {.rest = strbuf_slice(&b), .a = a};
        assert_non_null(ngrams_take(&r, NWORDS));
        assert_true(r.is_wild && !r.is_short);
        arena_free(a);
        strbuf_free(&b);
    }
}

/* So many that buckets run over into the next ones, the last into the first. */
static void each_of_many_pairs_is_found(void **state)
{
    (void)state;
    enum { SIDE = 70, N = SIDE * SIDE };
    static struct pair_row many[N];
    for (uint32_t i = 0; i < N; i++)
        many[i] = (struct pair_row){(i / SIDE + 10) << 16 | (i % SIDE + 10), {(int8_t)(i % 101 + 1), 0}, 1};
    struct arena *a = arena_new(0);
    const struct ngrams *g = load(a, many, N);
    for (uint32_t i = 0; i < N; i++) {
        const uint32_t words[] = {i / SIDE + 10, i % SIDE + 10};
        struct sense_turn t = turn_of(words, 2);
        assert_true(ngrams_read(g, &t, NGRAM_DELIVERY).own == 0.5f * (float)(i % 101 + 1));
    }
    const uint32_t absent[] = {200, 201};
    struct sense_turn t = turn_of(absent, 2);
    assert_true(ngrams_read(g, &t, NGRAM_DELIVERY).own == 0);
    arena_free(a);
}

static void parts_that_are_cut_off_are_told(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    struct arena *a = arena_new(0);
    write_part(&b, few, 3);
    for (size_t n = 0; n < b.n; n++) {
        struct model_reader r = {.rest = {b.s, n}, .a = a};
        assert_non_null(ngrams_take(&r, NWORDS));
        assert_true(r.is_short);
    }
    struct model_reader r = {.rest = strbuf_slice(&b), .a = a};
    assert_non_null(ngrams_take(&r, UINT16_MAX));
    assert_true(r.is_short);
    arena_free(a);
    strbuf_free(&b);
}

static void out_of_memory_is_told(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    write_part(&b, few, 3);
    bool was_told = false;
    for (long nth = 1;; nth++) {
        struct arena *a = arena_new(64);
        struct model_reader r = {.rest = strbuf_slice(&b), .a = a};
        failing_alloc_at(nth);
        const struct ngrams *g = ngrams_take(&r, NWORDS);
        bool failed = failing_alloc_off();
        arena_free(a);
        if (!failed)
            break;
        assert_true(g == NULL || r.no_memory);
        was_told = true;
    }
    assert_true(was_told);
    strbuf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_pairs_are_weighed_by_their_length),
        cmocka_unit_test(what_the_customer_said_counts_for_the_next_turn),
        cmocka_unit_test(shares_are_of_words_and_halves_of_pairs),
        cmocka_unit_test(what_is_told_counts_each_thing_once),
        cmocka_unit_test(a_long_turn_adds_up),
        cmocka_unit_test(shares_of_what_is_told_add_up),
        cmocka_unit_test(each_of_many_pairs_is_found),
        cmocka_unit_test(the_last_of_all_rows_is_found),
        cmocka_unit_test(pairs_that_stand_twice_are_told),
        cmocka_unit_test(parts_that_are_cut_off_are_told),
        cmocka_unit_test(out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
