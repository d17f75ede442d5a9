#include "store/turns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"

#define LIT SLICE_LIT

static const struct turn talk[] = {
    {ROLE_BOT, LIT("hello"), LIT("b1"), LIT("Robo"), 0, 900, 0},
    {ROLE_CUSTOMER, LIT("where is it?\0!"), {NULL, 0}, LIT("Ann"), 1000, MS_NONE, 0},
    {ROLE_AGENT, LIT(""), LIT("a1"), LIT("Bob \xF0\x9F\x98\x80"), MS_NONE, 5000, 0},
    {ROLE_AGENT, LIT("on its way"), LIT("a1"), LIT("Bob \xF0\x9F\x98\x80"), 400, 300, 0}, /* back in time */
    {ROLE_NOTE, LIT("n"), {NULL, 0}, {NULL, 0}, INT64_MAX, INT64_MIN + 1, 0},
    {ROLE_SYSTEM, LIT("closed"), LIT("b1"), {NULL, 0}, -7, INT64_MAX, 0},
    {ROLE_UNKNOWN, LIT("?"), {NULL, 0}, LIT("b1"), MS_NONE, MS_NONE, 0},
};
enum { NTALK = sizeof talk / sizeof talk[0] };

static void assert_slice(struct slice got, struct slice want)
{
    assert_int_equal(got.n, want.n);
    assert_true(slice_eq(got, want));
}

static void assert_same(const struct turn *got, const struct turn *want)
{
    assert_int_equal(got->role, want->role);
    assert_slice(got->text, want->text);
    assert_slice(got->speaker_id, want->speaker_id);
    assert_slice(got->speaker_name, want->speaker_name);
    assert_true(got->start_ms == want->start_ms);
    assert_true(got->end_ms == want->end_ms);
}

/* Decode a copy of RAW of exactly its size, so that a sanitizer sees any byte read beyond it. */
static enum err_code decode_copy(struct slice raw, struct arena *a, struct turn **turns, uint32_t *n, struct err *e)
{
    char *copy = malloc(raw.n + (raw.n == 0));
    assert_non_null(copy);
    memcpy(copy, raw.s, raw.n);
    enum err_code rc = turns_decode((struct slice){copy, raw.n}, a, turns, n, e);
    if (rc == ERR_OK) { /* read everything it promises */
        volatile char last = 0;
        for (uint32_t t = 0; t < *n; t++)
            for (size_t i = 0; i < (*turns)[t].text.n; i++)
                last = (*turns)[t].text.s[i];
        (void)last;
    }
    free(copy);
    return rc;
}

static void test_what_goes_in_comes_out(void **state)
{
    (void)state;
    for (uint32_t n = 0; n <= NTALK; n++) {
        struct strbuf raw = STRBUF_INIT;
        struct arena *a = arena_new(0);
        struct turn *back = NULL;
        uint32_t nback = 99;
        struct err e;
        assert_int_equal(turns_encode(talk, n, &raw, &e), ERR_OK);
        assert_int_equal(turns_decode(strbuf_slice(&raw), a, &back, &nback, &e), ERR_OK);
        assert_int_equal(nback, n);
        for (uint32_t t = 0; t < n; t++)
            assert_same(&back[t], &talk[t]);
        arena_free(a);
        strbuf_free(&raw);
    }
}

static void test_many_speakers_keep_apart(void **state)
{
    (void)state;
    enum { N = 5000 };
    struct turn *turns = calloc(N, sizeof *turns);
    char(*names)[16] = calloc(N, sizeof *names);
    struct strbuf raw = STRBUF_INIT;
    struct arena *a = arena_new(0);
    struct turn *back;
    uint32_t n;
    struct err e;
    for (int i = 0; i < N; i++) {
        names[i][0] = (char)('a' + i % 26);
        names[i][1] = (char)('a' + i / 26 % 26);
        names[i][2] = (char)('a' + i / 676 % 3); /* 2028 speakers, then again */
        turns[i] = (struct turn){.role = ROLE_AGENT, .speaker_name = slice_of(names[i]), .start_ms = i, .end_ms = i};
    }
    assert_int_equal(turns_encode(turns, N, &raw, &e), ERR_OK);
    assert_int_equal(turns_decode(strbuf_slice(&raw), a, &back, &n, &e), ERR_OK);
    assert_int_equal(n, N);
    for (int i = 0; i < N; i++)
        assert_same(&back[i], &turns[i]);
    arena_free(a);
    strbuf_free(&raw);
    free(names);
    free(turns);
}

static void test_every_truncation_is_told(void **state)
{
    (void)state;
    struct strbuf raw = STRBUF_INIT;
    struct err e;
    assert_int_equal(turns_encode(talk, NTALK, &raw, &e), ERR_OK);
    for (size_t n = 0; n < raw.n; n++) {
        struct arena *a = arena_new(0);
        struct turn *turns;
        uint32_t nturns;
        assert_int_equal(decode_copy((struct slice){raw.s, n}, a, &turns, &nturns, &e), ERR_DB);
        arena_free(a);
    }
    strbuf_putc(&raw, 'x'); /* and so is a byte too many */
    struct arena *a = arena_new(0);
    struct turn *turns;
    uint32_t nturns;
    assert_int_equal(decode_copy(strbuf_slice(&raw), a, &turns, &nturns, &e), ERR_DB);
    arena_free(a);
    strbuf_free(&raw);
}

static void test_mutations_never_crash(void **state)
{
    (void)state;
    struct strbuf raw = STRBUF_INIT;
    struct err e;
    assert_int_equal(turns_encode(talk, NTALK, &raw, &e), ERR_OK);
    char *bytes = malloc(raw.n);
    assert_non_null(bytes);
    uint32_t seed = 12345;
    int refused = 0;
    for (int round = 0; round < 20000; round++) {
        memcpy(bytes, raw.s, raw.n);
        for (int k = 0; k <= round % 3; k++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[(seed >> 8) % raw.n] = (char)(seed >> 24);
        }
        struct arena *a = arena_new(0);
        struct turn *turns;
        uint32_t n;
        enum err_code rc = decode_copy((struct slice){bytes, raw.n}, a, &turns, &n, &e);
        assert_true(rc == ERR_OK || rc == ERR_DB);
        refused += rc == ERR_DB;
        assert_true(arena_bytes(a) < 100000); /* a damaged count must not make it ask for much */
        arena_free(a);
    }
    assert_true(refused > 1000);
    free(bytes);
    strbuf_free(&raw);
}

static const struct {
    const char *label;
    struct slice raw;
} broken[] = {
    {"nothing", LIT("")},
    {"another version", LIT("\2\0\0")},
    {"more speakers than bytes", LIT("\1\xff\xff\xff\xff\x0f")},
    {"a number that never ends", LIT("\1\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\0")},
    {"a number beyond 64 bits", LIT("\1\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02")},
    {"a role that is none", LIT("\1\0\1\7\0")},
    {"unknown bits", LIT("\1\0\1\x41\0")},
    {"a speaker that is not there", LIT("\1\0\1\x09\0\0")},
    {"texts that are not there", LIT("\1\0\1\1\5abc")},
};

static void test_broken_input_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct arena *a = arena_new(0);
        struct turn *turns;
        uint32_t n;
        struct err e;
        if (turns_decode(broken[i].raw, a, &turns, &n, &e) != ERR_DB)
            fail_msg("%s was accepted", broken[i].label);
        arena_free(a);
    }
}

static void test_out_of_memory_is_told(void **state)
{
    (void)state;
    enum err_code rc = ERR_OK;
    for (long nth = 1;; nth++) {
        struct strbuf raw = STRBUF_INIT;
        struct err e;
        struct turn *turns;
        uint32_t n;
        failing_alloc_at(nth);
        struct arena *a = arena_new(64);
        rc = a == NULL ? ERR_NOMEM : turns_encode(talk, NTALK, &raw, &e);
        if (rc == ERR_OK)
            rc = turns_decode(strbuf_slice(&raw), a, &turns, &n, &e);
        bool failed = failing_alloc_off();
        arena_free(a);
        strbuf_free(&raw);
        if (!failed)
            break;
        assert_int_equal(rc, ERR_NOMEM);
    }
    assert_int_equal(rc, ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_goes_in_comes_out),   cmocka_unit_test(test_many_speakers_keep_apart),
        cmocka_unit_test(test_every_truncation_is_told), cmocka_unit_test(test_mutations_never_crash),
        cmocka_unit_test(test_broken_input_is_told),     cmocka_unit_test(test_out_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("turns", tests, NULL, NULL);
}
