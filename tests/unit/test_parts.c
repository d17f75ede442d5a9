/* Conversations in pieces and copies (store/join.h, store/parts.c): joined, never counted twice, in whatever order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/strbuf.h"
#include "store/db.h"
#include "store/join.h"

#define MOST 12

struct fixture {
    struct store *db;
    struct gz_packer *packer;
    struct arena *arena;
    struct err e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_int_equal(store_open(":memory:", STORE_CREATE, &f->db, &f->e), ERR_OK);
    f->packer = gz_packer_new();
    f->arena = arena_new(0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->db);
    gz_packer_free(f->packer);
    arena_free(f->arena);
    free(f);
    return 0;
}

/* A conversation from "1a 2b 3c": a turn a word, said at the number's second (without a number: at no known time). The
 * times count from START. */
struct piece {
    const char *words;
    int64_t start; /* s; -1: not known */
    const char *part;
    bool is_redacted;
    const char *agent;
};

static struct conversation made(struct arena *a, const struct piece *p)
{
    struct conversation c = {.source = SLICE_LIT("s"),
                             .external_id = SLICE_LIT("x"),
                             .part = slice_of(p->part != NULL ? p->part : ""),
                             .agent_id = slice_of(p->agent != NULL ? p->agent : ""),
                             .is_redacted = p->is_redacted,
                             .started_at_ms = p->start >= 0 ? p->start * 1000 : MS_NONE,
                             .role_confidence = 1};
    c.turns = arena_zalloc(a, MOST, sizeof *c.turns);
    for (const char *w = p->words; *w != '\0'; w += *w == ' ') {
        struct turn *t = &c.turns[c.nturns++];
        char *end;
        long at = strtol(w, &end, 10);
        *t = (struct turn){.role = ROLE_AGENT, .start_ms = end != w ? at * 1000 : MS_NONE, .end_ms = MS_NONE};
        w = end;
        size_t n = strcspn(w, " ");
        t->text = (struct slice){w, n};
        w += n;
    }
    return c;
}

static enum store_put put(struct fixture *f, const struct piece *piece)
{
    struct conversation c = made(f->arena, piece);
    struct packed p;
    enum store_put how;
    assert_int_equal(store_pack(f->packer, &c, f->arena, &p, &f->e), ERR_OK);
    assert_int_equal(store_begin(f->db, &f->e), ERR_OK);
    if (store_conversation_put(f->db, 0, &c, &p, NULL, &how, &f->e) != ERR_OK)
        fail_msg("%s", f->e.msg);
    assert_int_equal(store_commit(f->db, &f->e), ERR_OK);
    return how;
}

/* "START AGENT: 1a 2b", times from the start. */
static const char *stored(struct fixture *f, struct strbuf *out)
{
    struct conversation c;
    int64_t id;
    strbuf_clear(out);
    assert_int_equal(store_conversation_find(f->db, SLICE_LIT("s"), SLICE_LIT("x"), &id, &f->e), ERR_OK);
    assert_int_equal(store_conversation_get(f->db, id, f->arena, &c, &f->e), ERR_OK);
    if (c.started_at_ms != MS_NONE)
        strbuf_printf(out, "%lld", (long long)(c.started_at_ms / 1000));
    strbuf_printf(out, " %.*s:", (int)c.agent_id.n, c.agent_id.s);
    for (uint32_t i = 0; i < c.nturns; i++) {
        strbuf_putc(out, ' ');
        if (c.turns[i].start_ms != MS_NONE)
            strbuf_printf(out, "%lld", (long long)(c.turns[i].start_ms / 1000));
        strbuf_add_slice(out, c.turns[i].text);
    }
    return out->s;
}

static void clear(struct fixture *f)
{
    assert_int_equal(sqlite3_exec(f->db->conn, "DELETE FROM conversation", NULL, NULL, NULL), SQLITE_OK);
}

/* Put the pieces in every order (of up to three): always WANT; and again: nothing changes. */
static void expect_in_any_order(struct fixture *f, const struct piece *pieces, size_t n, const char *want)
{
    static const size_t orders[6][3] = {{0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {2, 0, 1}, {1, 2, 0}, {2, 1, 0}};
    struct strbuf out = STRBUF_INIT;
    for (size_t o = 0; o < (n == 3 ? 6u : 2u); o++) {
        clear(f);
        for (size_t i = 0; i < n; i++)
            (void)put(f, &pieces[orders[o][i]]);
        assert_string_equal(stored(f, &out), want);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(put(f, &pieces[orders[o][i]]), STORE_SKIPPED);
        assert_string_equal(stored(f, &out), want);
    }
    strbuf_free(&out);
}

static void pages_are_joined_by_time(void **state)
{
    static const struct piece pages[] = {
        {"0a 5b 9c", 100, NULL, false, "ann"}, {"0d 3e", 200, NULL, false, "bob"}, {"0f", 300, NULL, false, NULL}};
    expect_in_any_order(*state, pages, 3, "100 ann: 0a 5b 9c 100d 103e 200f");
}

static void pages_that_overlap_are_taken_once(void **state)
{
    static const struct piece timed[] = {{"0a 5b 9c", 100, NULL, false, NULL}, {"0c 4d", 109, NULL, false, NULL}};
    static const struct piece untimed[] = {{"a b c d", -1, NULL, false, NULL}, {"c d e f", -1, NULL, false, NULL}};
    struct fixture *f = *state;
    struct strbuf out = STRBUF_INIT;
    expect_in_any_order(f, timed, 2, "100 : 0a 5b 9c 13d");
    clear(f);
    (void)put(f, &untimed[0]);
    (void)put(f, &untimed[1]);
    assert_int_equal(put(f, &untimed[0]), STORE_SKIPPED);
    assert_int_equal(put(f, &untimed[1]), STORE_SKIPPED);
    assert_string_equal(stored(f, &out), " : a b c d e f");
    strbuf_free(&out);
}

static void a_page_within_does_not_shrink_it(void **state)
{
    static const struct piece whole = {"0a 5b 9c 12d", 100, NULL, false, NULL},
                              middle = {"0b 4c", 105, NULL, false, NULL};
    struct fixture *f = *state;
    struct strbuf out = STRBUF_INIT;
    assert_int_equal(put(f, &whole), STORE_ADDED);
    assert_int_equal(put(f, &middle), STORE_SKIPPED);
    assert_string_equal(stored(f, &out), "100 : 0a 5b 9c 12d");
    strbuf_free(&out);
}

static void copies_replace_and_are_not_joined(void **state)
{
    static const struct {
        struct piece old, new;
        const char *want;
    } rows[] = {
        /* exported longer */
        {{"0a 5b", 100, NULL, false, NULL}, {"0a 5b 9c", 100, NULL, false, NULL}, "100 : 0a 5b 9c"},
        /* a word was changed */
        {{"0a 5b 9c", 100, NULL, false, NULL}, {"0a 5X 9c", 100, NULL, false, NULL}, "100 : 0a 5X 9c"},
        /* the same words with another zone: not said twice */
        {{"0a 5b 9c", 100, NULL, false, NULL}, {"0a 5b 9Y", 7300, NULL, false, NULL}, "7300 : 0a 5b 9Y"},
        /* other words in the same minutes */
        {{"0a 5b", 100, NULL, false, NULL}, {"0p 5q", 100, NULL, false, NULL}, "100 : 0p 5q"},
        /* nothing is known of the times */
        {{"a b", -1, NULL, false, NULL}, {"p q", -1, NULL, false, NULL}, " : p q"},
        /* one word in common at the edge, at no known time, is chance */
        {{"a ok", -1, NULL, false, NULL}, {"ok q", -1, NULL, false, NULL}, " : ok q"},
    };
    struct fixture *f = *state;
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        clear(f);
        assert_int_equal(put(f, &rows[i].old), STORE_ADDED);
        assert_int_equal(put(f, &rows[i].new), STORE_REPLACED);
        assert_string_equal(stored(f, &out), rows[i].want);
    }
    strbuf_free(&out);
}

static void named_pieces_may_lie_in_the_same_minutes(void **state)
{
    static const struct piece legs[] = {{"0ivr 8menu", 100, "leg-b", false, NULL},
                                        {"0hello 6help", 104, "leg-a", false, "ann"},
                                        {"0other", 300, "leg-c", false, "bob"}};
    expect_in_any_order(*state, legs, 3, "100 ann: 0ivr 4hello 8menu 10help 200other");
}

static void a_named_piece_is_replaced_by_its_own_later_copy(void **state)
{
    static const struct piece a = {"0a", 100, "A", false, NULL}, b = {"0b", 200, "B", false, NULL},
                              a2 = {"0a 3c", 100, "A", false, NULL};
    struct fixture *f = *state;
    struct strbuf out = STRBUF_INIT;
    assert_int_equal(put(f, &a), STORE_ADDED);
    assert_int_equal(put(f, &b), STORE_REPLACED);
    assert_int_equal(put(f, &a2), STORE_REPLACED);
    assert_string_equal(stored(f, &out), "100 : 0a 3c 100b");
    assert_int_equal(put(f, &b), STORE_SKIPPED);
    strbuf_free(&out);
}

static void the_redacted_copy_goes_before_the_raw_one(void **state)
{
    static const struct piece copies[] = {{"0my 3name 5Ann 7x", 100, NULL, false, NULL},
                                          {"0my 3name 5[PII]", 100, NULL, true, NULL}};
    static const struct piece parts[] = {{"0my 3name 5Ann 7x", 100, "A", false, NULL},
                                         {"0my 3name 5[PII]", 100, "A", true, NULL}};
    expect_in_any_order(*state, copies, 2, "100 : 0my 3name 5[PII]");
    expect_in_any_order(*state, parts, 2, "100 : 0my 3name 5[PII]");
}

static void an_empty_conversation_is_a_copy(void **state)
{
    struct fixture *f = *state;
    struct conversation none = {.started_at_ms = MS_NONE};
    struct piece one = {"a b", -1, NULL, false, NULL};
    struct conversation some = made(f->arena, &one);
    assert_int_equal(join_kind(&none, &some), JOIN_COPY);
    assert_int_equal(join_kind(&some, &none), JOIN_COPY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_are_joined_by_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pages_that_overlap_are_taken_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_within_does_not_shrink_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(copies_replace_and_are_not_joined, set_up, tear_down),
        cmocka_unit_test_setup_teardown(named_pieces_may_lie_in_the_same_minutes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_named_piece_is_replaced_by_its_own_later_copy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_redacted_copy_goes_before_the_raw_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_conversation_is_a_copy, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
