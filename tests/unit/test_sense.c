/* sense.c: the file, the detectors' answers, shares of words */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/ngrams.h"
#include "analyze/sense.h"
#include "analyze/sense_pool.h"
#include "core/hash.h"
#include "core/strbuf.h"
#include "tests/support/failing_alloc.h"

enum { H = SENSE_HIDDEN, C = SENSE_CHANNELS, NWORDS = 10, GOOD = 8, BAD = 9 };
enum { BEFORE, AT, AFTER };

/* A file in the making. */
struct net_draft {
    float scale[C];
    int32_t bias[C];
    float now[2 * C][H], customer[2 * C][H], own[2 * C][H], past[SENSE_PAST][H], base[H];
    float out[SENSE_CLASSES][H], out_base[SENSE_CLASSES];
    int8_t rows[NWORDS][3][C];
};

struct draft {
    uint32_t sizes[7];
    struct net_draft nets[SENSE_SIDES * SENSE_NETS];
    size_t ngrams; /* bytes of what ngrams.c reads, all zero: see test_ngrams.c */
};

static struct draft plain;

/* The agents' side of the first network: one detector for "good", one for "bad" right after "good"; hidden unit 0 sums
 * them up for class 0. Of the last one: one for "bad", twice as strong, for class 9. The customers' side of the first
 * one: one for "good", of the last one: one for "bad", for class 17. */
static int group_set_up(void **state)
{
    (void)state;
    plain = (struct draft){.sizes = {SENSE_NETS, C, H, SENSE_PAST, SENSE_CLASSES, SENSE_SYMBOLS_MAX, NWORDS},
                           .ngrams = 3 * 4 * NGRAM_CLASSES + NWORDS * (2 * NGRAM_CLASSES + 1) + 4 + 2 * 4 * NGRAM_TOLD +
                                     NWORDS * (NGRAM_TOLD + 1) + 4};
    struct net_draft *first = &plain.nets[0], *last = &plain.nets[SENSE_NETS - 1],
                     *customers = &plain.nets[2 * SENSE_NETS - 1];
    for (int c = 0; c < C; c++)
        first->scale[c] = 0.5f;
    first->rows[GOOD][AT][0] = 10;
    first->rows[GOOD][BEFORE][1] = 20;
    first->rows[BAD][AT][1] = 20;
    first->bias[1] = -30;
    first->now[0][0] = 1;     /* the highest answer of detector 0 */
    first->now[C + 0][0] = 1; /* the sum of its answers over the root */
    first->now[1][0] = -1;
    first->customer[0][1] = 1;
    first->own[0][2] = 1;
    first->past[3][3] = 4;
    first->base[0] = 0.25f;
    for (int j = 0; j < 4; j++)
        first->out[0][j] = 1;
    first->out_base[0] = -1;
    first->out_base[5] = 7;
    last->scale[0] = 1;
    last->rows[BAD][AT][0] = 10;
    last->now[0][0] = last->customer[0][0] = last->own[0][0] = 1;
    last->out[9][0] = 2;
    last->out_base[9] = last->out_base[5] = 0.5f;
    plain.nets[SENSE_NETS].scale[0] = 0.125f;
    plain.nets[SENSE_NETS].rows[GOOD][AT][0] = 40;
    customers->scale[0] = 1;
    customers->rows[BAD][AT][0] = 20;
    customers->bias[3] = 5;
    customers->now[0][0] = 2;
    customers->customer[0][0] = 1;
    customers->past[3][0] = 5;
    customers->out[17 - SENSE_AGENT_CLASSES][0] = 3;
    customers->out_base[17 - SENSE_AGENT_CLASSES] = -2;
    return 0;
}

static void add_numbers(struct strbuf *b, const void *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t x;
        memcpy(&x, (const char *)v + 4 * i, 4);
        for (unsigned k = 0; k < 4; k++)
            strbuf_putc(b, (char)(x >> (8 * k) & 0xFF));
    }
}

static void write_file(const struct draft *d, struct strbuf *b)
{
    strbuf_clear(b);
    strbuf_add(b, "BRSENSE7", 8);
    add_numbers(b, d->sizes, 7);
    for (uint32_t i = 0; i < SENSE_SIDES * SENSE_NETS; i++) {
        const struct net_draft *net = &d->nets[i];
        size_t nclasses = i < SENSE_NETS ? SENSE_AGENT_CLASSES : SENSE_CLASSES - SENSE_AGENT_CLASSES;
        add_numbers(b, net->scale, C);
        add_numbers(b, net->bias, C);
        add_numbers(b, net->now, (size_t)2 * C * H);
        add_numbers(b, net->customer, (size_t)2 * C * H);
        if (i < SENSE_NETS)
            add_numbers(b, net->own, (size_t)2 * C * H);
        add_numbers(b, net->past, (size_t)SENSE_PAST * H);
        add_numbers(b, net->base, H);
        add_numbers(b, net->out, nclasses * H);
        add_numbers(b, net->out_base, nclasses);
    }
    for (uint32_t word = 0; word < NWORDS; word++)
        for (uint32_t i = 0; i < SENSE_SIDES * SENSE_NETS; i++)
            strbuf_add(b, (const char *)d->nets[i].rows[word], sizeof d->nets[i].rows[word]);
    for (size_t i = 0; i < d->ngrams; i++)
        strbuf_putc(b, '\0');
    strbuf_puts(b, "<pad>\n<unk>\n<num>\n<bignum>\n<money>\n<address>\n<.>\n<?>\ngood\nbad\n");
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
    write_file(d, &l.file);
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
    struct sense_trace none = {{{0}}}, hidden = hidden_of(s, t, &past, &none, &none);
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
    assert_int_equal(t.pooled[0][0], 10);
    assert_int_equal(t.pooled[0][C], 6); /* 10 / sqrt(3), rounded */
    assert_int_equal(t.pooled[0][1], 0); /* 20 - 30 is cut at 0 */
    assert_near(class_of(l.s, &t, 0), -1 + 0.25 + 5 + 6 / 2.0);
    assert_near(class_of(l.s, &t, 5), 7.5);
    t = read_text(l.s, "good bad", false);
    assert_int_equal(t.pooled[0][1], 10); /* 20 + 20 - 30 */
    t = read_text(l.s, "bad good", false);
    assert_int_equal(t.pooled[0][1], 0);
    t = read_text(l.s, "good good bad", false); /* the highest counts once, the sum twice: 20 / sqrt(5) */
    assert_int_equal(t.pooled[0][0], 10);
    assert_int_equal(t.pooled[0][C], 9); /* 8.9 */
    t = read_text(l.s, "", false);
    assert_int_equal(t.n, 0);
    assert_near(class_of(l.s, &t, 0), -0.75);
    unload(&l);
}

static void networks_are_added(void **state)
{
    (void)state;
    struct loaded l = load(&plain);
    struct sense_turn t = read_text(l.s, "good bad", false);
    assert_int_equal(t.pooled[0][0], 10);
    assert_int_equal(t.pooled[SENSE_NETS - 1][0], 10);
    assert_near(class_of(l.s, &t, 9), 0.5 + 2 * 10);
    struct sense_turn empty = read_text(l.s, "", false), said = read_as(l.s, ROLE_CUSTOMER, "good bad", false);
    struct sense_trace asked = trace_of(l.s, SENSE_AGENT_ASKED, &said), before = trace_of(l.s, SENSE_AGENT_BEFORE, &t);
    struct sense_past past = {{0}};
    struct sense_trace h = hidden_of(l.s, &empty, &past, &before, &asked);
    assert_near(sense_class(l.s, &h, 9), 0.5 + 2 * (10 + 20));
    assert_near(sense_class(l.s, &h, 0), -0.75 + 5 + 5);
    unload(&l);
}

static void customers_have_a_side_of_their_own(void **state)
{
    (void)state;
    struct loaded l = load(&plain);
    struct sense_past past = {{0}}, delivered = {{0, 0, 0, 1, 0, 0, 0}};
    struct sense_trace none = {{{0}}};
    struct sense_turn t = read_as(l.s, ROLE_CUSTOMER, "good bad", false),
                      empty = read_as(l.s, ROLE_CUSTOMER, "", false);
    assert_int_equal(t.pooled[SENSE_NETS - 1][0], 20);
    assert_int_equal(t.pooled[0][0], 40); /* by detectors of their own */
    assert_int_equal(t.pooled[SENSE_NETS - 1][3], 5);
    struct sense_trace now = trace_of(l.s, SENSE_CUSTOMER_NOW, &t), before = trace_of(l.s, SENSE_CUSTOMER_BEFORE, &t);
    struct sense_trace h = sense_hidden(l.s, ROLE_CUSTOMER, &now, &past, &none, &now);
    assert_near(sense_class(l.s, &h, 17), -2 + 3 * 40); /* what is asked is not looked at */
    assert_near(sense_class(l.s, &h, 16), 0);
    now = trace_of(l.s, SENSE_CUSTOMER_NOW, &empty);
    h = sense_hidden(l.s, ROLE_CUSTOMER, &now, &delivered, &before, &none);
    assert_near(sense_class(l.s, &h, 17), -2 + 3 * (20 + 5));
    struct token tokens[4];
    struct turn_scan scan = scan_of(l.s, tokens, "good bad", false);
    struct sense_share of = {.part = {1, [17] = 1}};
    sense_read(l.s, ROLE_CUSTOMER, &scan, SLICE_LIT("good bad"), &t);
    now = trace_of(l.s, SENSE_CUSTOMER_NOW, &t);
    h = sense_hidden(l.s, ROLE_CUSTOMER, &now, &past, &none, &none);
    sense_shares(l.s, &t, &h, &of, 1);
    assert_true(of.shares[0] == 0 && fabsf(of.shares[1] - 120) < 0.02f);
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
    assert_int_equal(t.pooled[0][0], 0);
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
    struct sense_trace none = {{{0}}};
    struct sense_past past = {{0}}, delivered = {{0, 0, 0, 1, 0, 0, 0}};
    struct sense_trace h = hidden_of(l.s, &empty, &past, &none, &asked);
    assert_near(sense_class(l.s, &h, 0), -0.75 + 5);
    h = hidden_of(l.s, &empty, &past, &before, &asked);
    assert_near(sense_class(l.s, &h, 0), -0.75 + 10);
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
    struct net_draft *net = &d.nets[0];
    for (uint32_t c = 0; c < C; c++) {
        net->bias[c] = SENSE_ROW_MOST;
        for (int place = 0; place < 3; place++)
            net->rows[BAD][place][c] = SENSE_ROW_MOST;
        net->now[c][5] = 1;
        net->now[C + c][5] = 0;
        net->now[c][6] = net->now[C + c][6] = 1;
    }
    struct loaded l = load(&d);
    struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < SENSE_SYMBOLS_MAX; i++)
        strbuf_puts(&text, "bad ");
    struct sense_turn t = read_text(l.s, text.s, false);
    for (uint32_t c = 0; c < C; c++) {
        assert_int_equal(t.pooled[0][c], INT8_MAX); /* no more is counted */
        assert_int_equal(t.pooled[0][C + c], INT8_MAX);
    }
    struct sense_trace now = trace_of(l.s, SENSE_AGENT_NOW, &t);
    double most = C * 0.5 * INT8_MAX;
    assert_true(fabs((double)now.hidden[0][5] - most) < 1e-3 * most);
    assert_true(fabs((double)now.hidden[0][6] - 2 * most) < 1e-3 * most);
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
static void check_hidden(const struct net_draft *net, const struct net_draft *by, enum sense_view view,
                         const uint8_t *pooled, const float *hidden)
{
    const float(*const by_view[SENSE_VIEWS])[H] = {net->now, net->customer, net->own, net->now, net->customer};
    bool is_now = view == SENSE_AGENT_NOW || view == SENSE_CUSTOMER_NOW;
    for (uint32_t j = 0; j < H; j++) {
        double weight[SENSE_POOLED], largest = 1e-30, sum = is_now ? (double)net->base[j] : 0, all = 1;
        for (uint32_t i = 0; i < SENSE_POOLED; i++) {
            weight[i] = (double)by->scale[i % C] * (double)by_view[view][i][j];
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
    for (uint32_t i = 0; i < SENSE_SIDES * SENSE_NETS; i++) {
        struct net_draft *net = &d->nets[i];
        fill(net->now[0], (size_t)2 * C * H, 10 * i + 1);
        fill(net->customer[0], (size_t)2 * C * H, 10 * i + 2);
        fill(net->own[0], (size_t)2 * C * H, 10 * i + 3);
        fill(net->base, H, 10 * i + 4);
        fill(net->scale, C, 10 * i + 5);
        for (uint32_t c = 0; c < C; c++)
            net->scale[c] = fabsf(net->scale[c]);
    }
    for (uint32_t k = 0; k < SENSE_AT_ONCE; k++)
        for (uint32_t i = 0; i < SENSE_NETS; i++) {
            float x[SENSE_POOLED];
            fill(x, SENSE_POOLED, 100 * k + i);
            for (uint32_t c = 0; c < SENSE_POOLED; c++)
                t[k].pooled[i][c] = (uint8_t)((x[c] + 0.5f) * INT8_MAX);
        }
    for (uint32_t i = 0; i < SENSE_NETS; i++) /* the most there can be */
        for (uint32_t c = 0; c < SENSE_POOLED; c++)
            t[0].pooled[i][c] = INT8_MAX;
}

static void turns_read_together_are_as_if_alone(void **state)
{
    (void)state;
    struct draft d = plain;
    struct sense_turn t[SENSE_AT_ONCE];
    fill_all(&d, t);
    for (uint32_t i = 0; i < C; i++)
        d.nets[0].now[i][0] = d.nets[0].now[C + i][0] = 0.5f; /* the highest sum */
    struct loaded l = load(&d);
    for (uint32_t view = 0; view < SENSE_VIEWS; view++)
        for (uint32_t n = 1; n <= SENSE_AT_ONCE; n++) {
            const struct sense_turn *turns[SENSE_AT_ONCE];
            struct sense_trace x[SENSE_AT_ONCE], *out[SENSE_AT_ONCE];
            uint32_t side = view < SENSE_CUSTOMER_NOW ? 0 : SENSE_NETS;
            uint32_t by = view == SENSE_AGENT_ASKED ? SENSE_NETS : side;
            for (uint32_t k = 0; k < n; k++) {
                turns[k] = &t[k];
                out[k] = &x[k];
            }
            sense_traces(l.s, (enum sense_view)view, turns, n, out);
            for (uint32_t k = 0; k < n; k++) {
                struct sense_trace alone = trace_of(l.s, (enum sense_view)view, &t[k]);
                assert_memory_equal(&alone, &x[k], sizeof alone);
                for (uint32_t i = 0; i < SENSE_NETS; i++)
                    check_hidden(&d.nets[side + i], &d.nets[by + i], (enum sense_view)view, t[k].pooled[i],
                                 x[k].hidden[i]);
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
    struct sense_trace none = {{{0}}};
    struct sense_share of[2] = {{.part = {1}}, {.part = {-2}}};
    const float *shares = of[0].shares;
    sense_read(l.s, ROLE_AGENT, &scan, slice_of(text), &t);
    struct sense_trace h = hidden_of(l.s, &t, &past, &none, &none);
    sense_shares(l.s, &t, &h, of, 2);
    float each = 5.0f / sqrtf(7);
    assert_true(shares[0] == 0);
    assert_true(fabsf(shares[1] - (each + 5 - 10)) < 0.01f); /* the highest goes to the first; and it leads the pair */
    assert_true(fabsf(shares[2] + 10) < 0.01f);
    assert_true(fabsf(shares[3] - each) < 0.01f);
    assert_true(fabsf(of[1].shares[2] - 20) < 0.01f);
    struct sense_share alone = {.part = {-2}};
    sense_shares(l.s, &t, &h, &alone, 1);
    assert_memory_equal(alone.shares, of[1].shares, t.n * sizeof alone.shares[0]);
    alone.part[0] = 0;
    sense_shares(l.s, &t, &h, &alone, 1);
    assert_true(alone.shares[1] == 0 && alone.shares[2] == 0 && alone.shares[3] == 0);
    unload(&l);
}

/* Two answers that are both cut at 127: the first is the highest, though the second would be higher. */
static void shares_know_what_is_cut(void **state)
{
    (void)state;
    struct draft d = plain;
    struct net_draft *net = &d.nets[0];
    net->bias[7] = SENSE_ROW_MOST;
    net->rows[GOOD][AT][7] = net->rows[GOOD][BEFORE][7] = net->rows[BAD][AT][7] = SENSE_ROW_MOST;
    net->rows[BAD][AFTER][7] = 10;
    net->now[7][9] = 1;
    net->base[9] = 1;
    net->out[2][9] = 1;
    struct loaded l = load(&d);
    struct token tokens[4];
    struct turn_scan scan = scan_of(l.s, tokens, "good bad", false);
    struct sense_turn t;
    sense_read(l.s, ROLE_AGENT, &scan, SLICE_LIT("good bad"), &t);
    assert_int_equal(t.pooled[0][7], INT8_MAX);
    struct sense_past past = {{0}};
    struct sense_trace none = {{{0}}}, h = hidden_of(l.s, &t, &past, &none, &none);
    struct sense_share of = {.part = {[2] = 1}};
    sense_shares(l.s, &t, &h, &of, 1);
    assert_true(fabsf(of.shares[0] - 63 * 0.5f) < 0.02f);
    assert_true(fabsf(of.shares[1] - 10 * 0.5f) < 0.02f);
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
    struct sense_trace none = {{{0}}}, h = hidden_of(l.s, &t, &past, &none, &none);
    struct sense_share of = {.part = {1}};
    sense_shares(l.s, &t, &h, &of, 1);
    float each = 5.0f / sqrtf(SENSE_SYMBOLS_MAX + 2);
    assert_true(fabsf(of.shares[0] - (each + 5)) < 0.01f);
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
    write_file(&plain, &file);
    size_t needed = file.n - strlen("<pad>\n<unk>\n<num>\n<bignum>\n<money>\n<address>\n<.>\n<?>\ngood\nbad\n");
    for (size_t n = 0; n < needed; n += n < 64 ? 1 : 997) {
        assert_int_equal(sense_load((struct slice){file.s, n}, "t", a, &s, &e), ERR_CONFIG);
        assert_non_null(strstr(e.msg, "t: "));
    }
    for (size_t k = 0; k < 7; k++) {
        struct draft d = plain;
        d.sizes[k] = k == 6 ? 3 : d.sizes[k] + 1;
        write_file(&d, &file);
        assert_int_equal(sense_load(strbuf_slice(&file), "t", a, &s, &e), ERR_CONFIG);
    }
    struct draft d = plain;
    d.sizes[6] = UINT32_MAX;
    write_file(&d, &file);
    assert_int_equal(sense_load(strbuf_slice(&file), "t", a, &s, &e), ERR_CONFIG);
    write_file(&plain, &file);
    file.s[0] = 'X';
    assert_int_equal(sense_load(strbuf_slice(&file), "t", a, &s, &e), ERR_CONFIG);
    assert_non_null(strstr(e.msg, "train/sense/sense.py"));
    static const float wild[] = {NAN, INFINITY, -1e30f};
    for (size_t k = 0; k < sizeof wild / sizeof wild[0]; k++) {
        d = plain;
        d.nets[2 * SENSE_NETS - 1].base[k] = wild[k];
        write_file(&d, &file);
        assert_int_equal(sense_load(strbuf_slice(&file), "t", a, &s, &e), ERR_CONFIG);
        assert_non_null(strstr(e.msg, "damaged"));
    }
    static const struct {
        int32_t bias, scale, row;
    } wild_ones[] = {{SENSE_ROW_MOST + 1, 1, 0},
                     {-100000, 1, 0},
                     {-SENSE_ROW_MOST - 1, 1, 0},
                     {0, -1, 0},
                     {0, 1, SENSE_ROW_MOST + 1},
                     {0, 1, -SENSE_ROW_MOST - 1},
                     {0, 1, INT8_MIN}};
    for (size_t k = 0; k < sizeof wild_ones / sizeof wild_ones[0]; k++) {
        d = plain;
        d.nets[0].bias[5] = wild_ones[k].bias;
        d.nets[0].scale[5] = (float)wild_ones[k].scale;
        d.nets[2 * SENSE_NETS - 1].rows[NWORDS - 1][AFTER][C - 1] = (int8_t)wild_ones[k].row;
        write_file(&d, &file);
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
    write_file(&plain, &file);
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
        cmocka_unit_test(networks_are_added),
        cmocka_unit_test(customers_have_a_side_of_their_own),
        cmocka_unit_test(words_that_are_not_known_are_kinds),
        cmocka_unit_test(long_turns_are_cut),
        cmocka_unit_test(shares_know_what_is_cut),
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
