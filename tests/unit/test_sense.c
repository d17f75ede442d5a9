/* sense.c: the file, the detectors' answers, shares of words */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/sense.h"
#include "core/hash.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/sense_draft.h"

static struct draft plain;

static int group_set_up(void **state)
{
    (void)state;
    draft_plain(&plain);
    return 0;
}

struct loaded {
    struct strbuf file;
    struct arena *a;
    struct sense *s;
};

static struct loaded load(const struct draft *d)
{
    struct loaded l = {STRBUF_INIT, arena_new(0), NULL};
    struct err e;
    draft_write(d, &l.file);
    assert_int_equal(sense_load(strbuf_slice(&l.file), "t", l.a, &l.s, &e), ERR_OK);
    return l;
}

static void unload(struct loaded *l)
{
    arena_free(l->a);
    strbuf_free(&l->file);
}

/* Tokens of words with single blanks between them; the last ends a sentence if ENDS. */
static struct turn_scan scan_of(const struct sense *s, struct token *tokens, const char *text, bool ends)
{
    struct turn_scan scan = {.tokens = tokens};
    for (uint32_t at = 0; text[at] != '\0';) {
        uint32_t to = at + (uint32_t)strcspn(text + at, " ");
        uint64_t hash = hash64((struct slice){text + at, to - at});
        tokens[scan.ntokens++] = (struct token){.span = {at, to}, .number = sense_word(s, hash), .hash = hash};
        at = to + (text[to] == ' ');
    }
    if (scan.ntokens > 0)
        tokens[scan.ntokens - 1].ends_sentence = ends;
    return scan;
}

static struct sense_turn read_as(const struct sense *s, enum role role, const char *text, bool ends)
{
    struct token tokens[SENSE_SYMBOLS_MAX + 64];
    struct turn_scan scan = scan_of(s, tokens, text, ends);
    struct sense_turn t;
    sense_read(s, role, &scan, slice_of(text), &t);
    return t;
}

static struct sense_turn read_text(const struct sense *s, const char *text, bool ends)
{
    return read_as(s, ROLE_AGENT, text, ends);
}

static struct sense_trace trace_of(const struct sense *s, enum sense_view view, const struct sense_turn *t)
{
    struct sense_trace x, *out = &x;
    sense_traces(s, view, &t, 1, &out);
    return x;
}

/* The hidden units of an agent's turn T, after those. */
static struct sense_trace hidden_of(const struct sense *s, const struct sense_turn *t, const struct sense_past *past,
                                    const struct sense_trace *before, const struct sense_trace *asked)
{
    struct sense_trace now = trace_of(s, SENSE_AGENT_NOW, t);
    return sense_hidden(s, ROLE_AGENT, &now, past, before, asked);
}

static double class_of(const struct sense *s, const struct sense_turn *t, uint32_t class)
{
    struct sense_past past = {{0}};
    struct sense_trace none = {{0}}, hidden = hidden_of(s, t, &past, &none, &none);
    return sense_class(s, &hidden, class);
}

/* Weights become 127ths of the largest one of their hidden unit; those of a unit of the draft are equally large. */
static void assert_near(double x, double expected)
{
    assert_true(fabs(x - expected) < 1e-3);
}

static void detectors_answer_to_words_and_pairs(void **state)
{
    (void)state;
    struct loaded l = load(&plain);
    struct sense_turn t = read_text(l.s, "good", false);
    assert_int_equal(t.n, 1);
    assert_int_equal(t.pooled[0], 6);
    assert_int_equal(t.pooled[C], 14); /* 4 * 6 / sqrt(3), rounded */
    assert_int_equal(t.pooled[1], 0);  /* 7 - 8 is cut at 0 */
    assert_near(class_of(l.s, &t, 0), -1 + 0.25 + 3 + 7);
    assert_near(class_of(l.s, &t, 5), 7.5);
    t = read_text(l.s, "good bad", false);
    assert_int_equal(t.pooled[1], 4); /* 7 + 5 - 8 */
    t = read_text(l.s, "bad good", false);
    assert_int_equal(t.pooled[1], 0);
    t = read_text(l.s, "good good bad", false); /* the highest counts once, the sum twice: 4 * 12 / sqrt(5) */
    assert_int_equal(t.pooled[0], 6);
    assert_int_equal(t.pooled[C], 21); /* 21.47 */
    t = read_text(l.s, "", false);
    assert_int_equal(t.n, 0);
    assert_near(class_of(l.s, &t, 0), -0.75);
    unload(&l);
}

static void a_turn_sees_those_before(void **state)
{
    (void)state;
    struct loaded l = load(&plain);
    struct sense_turn t = read_text(l.s, "good bad", false);
    assert_int_equal(t.pooled[0], 6);
    assert_int_equal(t.pooled[2], 5);
    assert_near(class_of(l.s, &t, 9), 0.5 + 2 * 5);
    struct sense_turn empty = read_text(l.s, "", false), said = read_as(l.s, ROLE_CUSTOMER, "good bad", false);
    struct sense_trace asked = trace_of(l.s, SENSE_AGENT_ASKED, &said), before = trace_of(l.s, SENSE_AGENT_BEFORE, &t);
    struct sense_past past = {{0}};
    struct sense_trace h = hidden_of(l.s, &empty, &past, &before, &asked);
    assert_near(sense_class(l.s, &h, 9), 0.5 + 2 * (5 + 7));
    assert_near(sense_class(l.s, &h, 0), -0.75 + 3 + 3);
    unload(&l);
}

static void customers_have_a_side_of_their_own(void **state)
{
    (void)state;
    struct loaded l = load(&plain);
    struct sense_past past = {{0}}, delivered = {{0, 0, 0, 1, 0, 0, 0}};
    struct sense_trace none = {{0}};
    struct sense_turn t = read_as(l.s, ROLE_CUSTOMER, "good bad", false),
                      empty = read_as(l.s, ROLE_CUSTOMER, "", false);
    assert_int_equal(t.pooled[4], 7);
    assert_int_equal(t.pooled[0], 4); /* by detectors of their own */
    assert_int_equal(t.pooled[3], 5);
    struct sense_trace now = trace_of(l.s, SENSE_CUSTOMER_NOW, &t), before = trace_of(l.s, SENSE_CUSTOMER_BEFORE, &t);
    struct sense_trace h = sense_hidden(l.s, ROLE_CUSTOMER, &now, &past, &none, &now);
    assert_near(sense_class(l.s, &h, 17), -2 + 3 * 14); /* what is asked is not looked at */
    assert_near(sense_class(l.s, &h, 16), 0);
    now = trace_of(l.s, SENSE_CUSTOMER_NOW, &empty);
    h = sense_hidden(l.s, ROLE_CUSTOMER, &now, &delivered, &before, &none);
    assert_near(sense_class(l.s, &h, 17), -2 + 3 * (7 + 5));
    struct token tokens[4];
    struct turn_scan scan = scan_of(l.s, tokens, "good bad", false);
    struct sense_share of = {.part = {1, [17] = 1}};
    sense_read(l.s, ROLE_CUSTOMER, &scan, SLICE_LIT("good bad"), &t);
    now = trace_of(l.s, SENSE_CUSTOMER_NOW, &t);
    h = sense_hidden(l.s, ROLE_CUSTOMER, &now, &past, &none, &none);
    sense_shares(l.s, &t, &h, &of, 1);
    assert_true(of.shares[0] == 0 && fabsf(of.shares[1] - 42) < 0.02f);
    unload(&l);
}

static void words_that_are_not_known_are_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t word;
    } rows[] = {
        {"good", GOOD},
        {"bad", BAD},
        {"other", 1},
        {"7", 2},
        {"30", 2},
        {"300", 3},
        {"24/7", 3},
        {"$75", 4},
        {"\xC2\xA3"
         "5",
         4},
        {"\xE2\x82\xAC"
         "5",
         4},
        {"<address>", 5},
        {"\xC3\xA9t\xC3\xA9", 1},
    };
    struct loaded l = load(&plain);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sense_turn t = read_text(l.s, rows[i].text, false);
        if (t.n != 1 || t.words[1] != rows[i].word)
            fail_msg("%s: %u", rows[i].text, t.words[1]);
    }
    struct sense_turn t = read_text(l.s, "good bad", true);
    assert_int_equal(t.n, 3);
    assert_int_equal(t.words[3], 6);
    assert_int_equal(t.token[2], UINT32_MAX);
    unload(&l);
}

static void long_turns_are_cut(void **state)
{
    (void)state;
    struct loaded l = load(&plain);
    struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < SENSE_SYMBOLS_MAX + 40; i++)
        strbuf_puts(&text, i == SENSE_SYMBOLS_MAX ? "good " : "bad ");
    struct sense_turn t = read_text(l.s, text.s, true);
    assert_int_equal(t.n, SENSE_SYMBOLS_MAX);
    assert_int_equal(t.words[SENSE_SYMBOLS_MAX + 1], 0);
    assert_int_equal(t.pooled[0], 0);
    strbuf_free(&text);
    unload(&l);
}

static void what_came_before_counts(void **state)
{
    (void)state;
    struct loaded l = load(&plain);
    struct sense_turn good = read_text(l.s, "good", false), empty = read_text(l.s, "", false);
    struct sense_turn said = read_as(l.s, ROLE_CUSTOMER, "good", false);
    struct sense_trace asked = trace_of(l.s, SENSE_AGENT_ASKED, &said),
                       before = trace_of(l.s, SENSE_AGENT_BEFORE, &good);
    struct sense_trace none = {{0}};
    struct sense_past past = {{0}}, delivered = {{0, 0, 0, 1, 0, 0, 0}};
    struct sense_trace h = hidden_of(l.s, &empty, &past, &none, &asked);
    assert_near(sense_class(l.s, &h, 0), -0.75 + 3);
    h = hidden_of(l.s, &empty, &past, &before, &asked);
    assert_near(sense_class(l.s, &h, 0), -0.75 + 6);
    h = hidden_of(l.s, &empty, &past, &none, &none);
    assert_near(sense_class(l.s, &h, 0), -0.75);
    h = hidden_of(l.s, &empty, &delivered, &none, &none);
    assert_near(sense_class(l.s, &h, 0), -0.75 + 4);
    unload(&l);
}

/* A detector that answers as much as one can to each word of the longest turn; the hidden unit is told nothing else. */
static void the_largest_answers_are_added(void **state)
{
    (void)state;
    struct draft d = plain;
    struct side_draft *side = &d.sides[0];
    for (uint32_t c = 0; c < C; c++) {
        side->bias[c] = 3 * SENSE_LEVEL_ZERO;
        for (int place = 0; place < 3; place++)
            side->rows[BAD][place][c] = SENSE_LEVEL_MOST - SENSE_LEVEL_ZERO;
        side->now[c][5] = side->now[c][6] = 1;
        side->now[C + c][5] = 0;
        side->now[C + c][6] = SENSE_FINE;
    }
    struct loaded l = load(&d);
    struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < SENSE_SYMBOLS_MAX; i++)
        strbuf_puts(&text, "bad ");
    struct sense_turn t = read_text(l.s, text.s, false);
    for (uint32_t c = 0; c < C; c++) {
        assert_int_equal(t.pooled[c], SENSE_ANSWER_MOST);
        assert_int_equal(t.pooled[C + c], INT8_MAX); /* no more is counted */
    }
    struct sense_trace now = trace_of(l.s, SENSE_AGENT_NOW, &t);
    double answers = C * 0.5 * SENSE_ANSWER_MOST, sums = C * 0.5 * INT8_MAX;
    assert_true(fabs((double)now.hidden[5] - answers) < 1e-3 * answers);
    assert_true(fabs((double)now.hidden[6] - answers - sums) < 1e-3 * sums);
    strbuf_free(&text);
    unload(&l);
}

/* As many numbers as there are, none of them round. */
static void fill(float *v, size_t n, uint32_t seed)
{
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        v[i] = (float)((double)(seed >> 8) / 16777216.0 - 0.5);
    }
}

/* BY pooled the turn. The weights of a hidden unit are whole numbers of 127ths of the largest. */
static void check_hidden(const struct side_draft *side, const struct side_draft *by, enum sense_view view,
                         const uint8_t *pooled, const float *hidden)
{
    const float(*const by_view[SENSE_VIEWS])[H] = {side->now, side->customer, side->own, side->now, side->customer};
    bool is_now = view == SENSE_AGENT_NOW || view == SENSE_CUSTOMER_NOW;
    for (uint32_t j = 0; j < H; j++) {
        double weight[SENSE_POOLED], largest = 1e-30, sum = is_now ? (double)side->base[j] : 0, all = 1;
        for (uint32_t i = 0; i < SENSE_POOLED; i++) {
            weight[i] = (double)by->scale[i % C] * (double)by_view[view][i][j] / (i < C ? 1 : SENSE_FINE);
            largest = fmax(largest, fabs(weight[i]));
        }
        for (uint32_t i = 0; i < SENSE_POOLED; i++) {
            double part = pooled[i] * round(weight[i] / largest * 127) * largest / 127;
            sum += part;
            all += fabs(part);
        }
        assert_true(fabs((double)hidden[j] - sum) <= 1e-5 * all);
    }
}

/* A draft of weights, and of scales, that are not round; turns of all that can be pooled. */
static void fill_all(struct draft *d, struct sense_turn *t)
{
    for (uint32_t i = 0; i < SENSE_SIDES; i++) {
        struct side_draft *side = &d->sides[i];
        fill(side->now[0], (size_t)2 * C * H, 10 * i + 1);
        fill(side->customer[0], (size_t)2 * C * H, 10 * i + 2);
        fill(side->own[0], (size_t)2 * C * H, 10 * i + 3);
        fill(side->base, H, 10 * i + 4);
        fill(side->scale, C, 10 * i + 5);
        for (uint32_t c = 0; c < C; c++)
            side->scale[c] = fabsf(side->scale[c]);
    }
    for (uint32_t k = 0; k < SENSE_AT_ONCE; k++) {
        float x[SENSE_POOLED];
        fill(x, SENSE_POOLED, 100 * k);
        for (uint32_t c = 0; c < SENSE_POOLED; c++)
            t[k].pooled[c] = (uint8_t)((x[c] + 0.5f) * INT8_MAX);
    }
    for (uint32_t c = 0; c < SENSE_POOLED; c++)
        t[0].pooled[c] = INT8_MAX; /* the most there can be */
}

static void turns_read_together_are_as_if_alone(void **state)
{
    (void)state;
    struct draft d = plain;
    struct sense_turn t[SENSE_AT_ONCE];
    fill_all(&d, t);
    for (uint32_t i = 0; i < C; i++)
        d.sides[0].now[i][0] = d.sides[0].now[C + i][0] = 0.5f; /* the highest sum */
    struct loaded l = load(&d);
    for (uint32_t view = 0; view < SENSE_VIEWS; view++)
        for (uint32_t n = 1; n <= SENSE_AT_ONCE; n++) {
            const struct sense_turn *turns[SENSE_AT_ONCE];
            struct sense_trace x[SENSE_AT_ONCE], *out[SENSE_AT_ONCE];
            uint32_t side = view < SENSE_CUSTOMER_NOW ? 0 : 1, by = view == SENSE_AGENT_ASKED ? 1 : side;
            for (uint32_t k = 0; k < n; k++) {
                turns[k] = &t[k];
                out[k] = &x[k];
            }
            sense_traces(l.s, (enum sense_view)view, turns, n, out);
            for (uint32_t k = 0; k < n; k++) {
                struct sense_trace alone = trace_of(l.s, (enum sense_view)view, &t[k]);
                assert_memory_equal(&alone, &x[k], sizeof alone);
                check_hidden(&d.sides[side], &d.sides[by], (enum sense_view)view, t[k].pooled, x[k].hidden);
            }
        }
    unload(&l);
}

static void shares_tell_what_each_word_adds(void **state)
{
    (void)state;
    struct loaded l = load(&plain);
    struct token tokens[16];
    const char *text = "other good bad good";
    struct turn_scan scan = scan_of(l.s, tokens, text, true);
    struct sense_turn t;
    struct sense_past past = {{0}};
    struct sense_trace none = {{0}};
    struct sense_share of[2] = {{.part = {1}}, {.part = {-2}}};
    const float *shares = of[0].shares;
    sense_read(l.s, ROLE_AGENT, &scan, slice_of(text), &t);
    struct sense_trace h = hidden_of(l.s, &t, &past, &none, &none);
    sense_shares(l.s, &t, &h, of, 2);
    float each = 3.0f * SENSE_FINE / sqrtf(7);
    assert_true(shares[0] == 0);
    assert_true(fabsf(shares[1] - (each + 3 - 3.5f)) <
                0.01f); /* the highest goes to the first; and it leads the pair */
    assert_true(fabsf(shares[2] + 2.5f) < 0.01f);
    assert_true(fabsf(shares[3] - each) < 0.01f);
    assert_true(fabsf(of[1].shares[2] - 5) < 0.01f);
    struct sense_share alone = {.part = {-2}};
    sense_shares(l.s, &t, &h, &alone, 1);
    assert_memory_equal(alone.shares, of[1].shares, t.n * sizeof alone.shares[0]);
    alone.part[0] = 0;
    sense_shares(l.s, &t, &h, &alone, 1);
    assert_true(alone.shares[1] == 0 && alone.shares[2] == 0 && alone.shares[3] == 0);
    unload(&l);
}

/* Two places to which a detector answers alike: the first is the highest. */
static void shares_of_the_highest_are_the_first_ones(void **state)
{
    (void)state;
    struct draft d = plain;
    struct side_draft *side = &d.sides[0];
    side->rows[GOOD][AT][C - 1] = 6;
    side->rows[BAD][AFTER][C - 1] = 2;
    side->rows[GOOD][BEFORE][C - 1] = 3;
    side->rows[BAD][AT][C - 1] = 5;
    side->now[C - 1][9] = 1;
    side->rows[GOOD][AT][C - 2] = 5; /* just what it lets pass: it adds nothing */
    side->bias[C - 2] = -5;
    side->now[C - 2][9] = side->now[2 * C - 2][9] = 1;
    side->bias[C - 3] = 3 * SENSE_LEVEL_ZERO - SENSE_ANSWER_MOST; /* the least there can be */
    side->base[9] = 1;
    side->out[2][9] = 1;
    struct loaded l = load(&d);
    struct token tokens[4];
    struct turn_scan scan = scan_of(l.s, tokens, "good bad", false);
    struct sense_turn t;
    sense_read(l.s, ROLE_AGENT, &scan, SLICE_LIT("good bad"), &t);
    assert_int_equal(t.pooled[C - 1], 8);
    struct sense_past past = {{0}};
    struct sense_trace none = {{0}}, h = hidden_of(l.s, &t, &past, &none, &none);
    struct sense_share of = {.part = {[2] = 1}};
    sense_shares(l.s, &t, &h, &of, 1);
    assert_true(fabsf(of.shares[0] - 6 * 0.5f) < 0.01f);
    assert_true(fabsf(of.shares[1] - 2 * 0.5f) < 0.01f);
    unload(&l);
}

static void every_word_of_a_long_turn_has_its_share(void **state)
{
    (void)state;
    struct loaded l = load(&plain);
    struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < SENSE_SYMBOLS_MAX + 40; i++)
        strbuf_puts(&text, "good ");
    struct sense_turn t = read_text(l.s, text.s, true);
    struct sense_past past = {{0}};
    struct sense_trace none = {{0}}, h = hidden_of(l.s, &t, &past, &none, &none);
    struct sense_share of = {.part = {1}};
    sense_shares(l.s, &t, &h, &of, 1);
    float each = 3.0f * SENSE_FINE / sqrtf(SENSE_SYMBOLS_MAX + 2);
    assert_true(fabsf(of.shares[0] - (each + 3)) < 0.01f);
    for (int i = 1; i < SENSE_SYMBOLS_MAX; i++)
        assert_true(fabsf(of.shares[i] - each) < 0.01f);
    strbuf_free(&text);
    unload(&l);
}

static void broken_files_are_refused(void **state)
{
    (void)state;
    struct strbuf file = STRBUF_INIT;
    struct arena *a = arena_new(0);
    struct sense *s;
    struct err e;
    draft_write(&plain, &file);
    size_t needed = file.n - strlen("<pad>\n<unk>\n<num>\n<bignum>\n<money>\n<address>\n<.>\n<?>\ngood\nbad\n");
    for (size_t n = 0; n < file.n; n += n < 64 || n >= needed ? 1 : 997) { /* the list of words is whole or it is cut */
        assert_int_equal(sense_load((struct slice){file.s, n}, "t", a, &s, &e), ERR_CONFIG);
        assert_non_null(strstr(e.msg, "t: "));
    }
    for (size_t k = 0; k < 7; k++) {
        struct draft d = plain;
        d.sizes[k] = k == 6 ? 3 : d.sizes[k] + 1;
        draft_write(&d, &file);
        assert_int_equal(sense_load(strbuf_slice(&file), "t", a, &s, &e), ERR_CONFIG);
    }
    struct draft d = plain;
    d.sizes[6] = UINT32_MAX;
    draft_write(&d, &file);
    assert_int_equal(sense_load(strbuf_slice(&file), "t", a, &s, &e), ERR_CONFIG);
    draft_write(&plain, &file);
    file.s[0] = 'X';
    assert_int_equal(sense_load(strbuf_slice(&file), "t", a, &s, &e), ERR_CONFIG);
    assert_non_null(strstr(e.msg, "train/sense/sense.py"));
    static const float wild[] = {NAN, INFINITY, -1e30f};
    for (size_t k = 0; k < sizeof wild / sizeof wild[0]; k++) {
        d = plain;
        d.sides[1].base[k] = wild[k];
        draft_write(&d, &file);
        assert_int_equal(sense_load(strbuf_slice(&file), "t", a, &s, &e), ERR_CONFIG);
        assert_non_null(strstr(e.msg, "damaged"));
    }
    static const struct {
        int32_t bias, scale;
    } wild_ones[] = {
        {3 * SENSE_LEVEL_ZERO + 1, 1}, {3 * SENSE_LEVEL_ZERO - SENSE_ANSWER_MOST - 1, 1}, {-100000, 1}, {0, -1}};
    for (size_t k = 0; k < sizeof wild_ones / sizeof wild_ones[0]; k++) {
        d = plain;
        d.sides[0].bias[5] = wild_ones[k].bias;
        d.sides[0].scale[5] = (float)wild_ones[k].scale;
        draft_write(&d, &file);
        assert_int_equal(sense_load(strbuf_slice(&file), "t", a, &s, &e), ERR_CONFIG);
        assert_non_null(strstr(e.msg, "damaged"));
    }
    arena_free(a);
    strbuf_free(&file);
}

static void out_of_memory_is_told(void **state)
{
    (void)state;
    struct strbuf file = STRBUF_INIT;
    struct sense *s;
    struct err e;
    enum err_code rc;
    draft_write(&plain, &file);
    for (long nth = 1;; nth++) {
        struct arena *a = arena_new(64);
        failing_alloc_at(nth);
        rc = sense_load(strbuf_slice(&file), "t", a, &s, &e);
        bool failed = failing_alloc_off();
        arena_free(a);
        if (!failed)
            break;
        assert_int_equal(rc, ERR_NOMEM);
    }
    assert_int_equal(rc, ERR_OK);
    strbuf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(detectors_answer_to_words_and_pairs),
        cmocka_unit_test(a_turn_sees_those_before),
        cmocka_unit_test(customers_have_a_side_of_their_own),
        cmocka_unit_test(words_that_are_not_known_are_kinds),
        cmocka_unit_test(long_turns_are_cut),
        cmocka_unit_test(shares_of_the_highest_are_the_first_ones),
        cmocka_unit_test(every_word_of_a_long_turn_has_its_share),
        cmocka_unit_test(what_came_before_counts),
        cmocka_unit_test(the_largest_answers_are_added),
        cmocka_unit_test(turns_read_together_are_as_if_alone),
        cmocka_unit_test(shares_tell_what_each_word_adds),
        cmocka_unit_test(broken_files_are_refused),
        cmocka_unit_test(out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, group_set_up, NULL);
}
