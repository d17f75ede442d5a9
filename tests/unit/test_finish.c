#include "ingest/finish.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/when.h"
#include "ingest/ingest.h"

static void the_day_in_a_path_is_found(void **state)
{
    static const struct {
        const char *path;
        struct civil want; /* year 0: none */
    } rows[] = {
        {"chats_2026-11-16.jsonl", {2026, 11, 16}},
        {"export/20261116/part1.json", {2026, 11, 16}},
        {"s3/2026/11/16/call.json", {2026, 11, 16}},
        {"2025_01_02.csv", {2025, 1, 2}},
        {"2025-01-01/chats-2025-02-03.csv", {2025, 2, 3}},
        {"2026-02-30.csv", {0, 0, 0}},
        {"2026-11/16.csv", {0, 0, 0}},
        {"120261116.csv", {0, 0, 0}},
        {"202611160.csv", {0, 0, 0}},
        {"ticket-18991231.csv", {0, 0, 0}},
        {"", {0, 0, 0}},
        {"2026-1", {0, 0, 0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t want = rows[i].want.year != 0 ? when_day(rows[i].want) * MS_PER_DAY : MS_NONE;
        if (finish_time_of_path(rows[i].path) != want)
            fail_msg("%s: %lld", rows[i].path, (long long)finish_time_of_path(rows[i].path));
    }
}

static void customers_are_hashed_where_their_id_is_personal(void **state)
{
    static const struct {
        const char *id;
        bool is_hashed;
    } rows[] = {
        {"u7", false}, {"", false}, {"12345", false}, {"jane@example.org", true}, {"+1 555 234 5678", true},
    };
    struct strbuf scratch = STRBUF_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char room[CUSTOMER_KEY_BYTES], again[CUSTOMER_KEY_BYTES];
        struct slice id = slice_of(rows[i].id), key, key_again;
        assert_true(finish_customer_key(id, MASK_ALL, &scratch, room, &key));
        assert_true(finish_customer_key(id, MASK_ALL, &scratch, again, &key_again));
        assert_true(slice_eq(key, key_again));
        if (rows[i].is_hashed) {
            assert_int_equal(key.n, CUSTOMER_KEY_BYTES - 1);
            assert_true(slice_starts(key, "h:"));
        } else {
            assert_true(slice_eq(key, id));
        }
        assert_true(finish_customer_key(id, 0, &scratch, room, &key));
        assert_true(slice_eq(key, id));
    }
    strbuf_free(&scratch);
}

/* Finish a conversation of one agent's turn with TEXT and no id. */
static struct conversation finished(struct arena *a, struct strbuf *scratch, const char *text, int64_t started_at_ms)
{
    const struct finish f = {.format = "json", .mask = MASK_ALL, .name_ms = MS_NONE, .mtime_ms = 5};
    struct turn turn = {.role = ROLE_AGENT, .text = slice_of(text), .start_ms = MS_NONE, .end_ms = MS_NONE};
    struct conversation in = {.started_at_ms = started_at_ms, .turns = &turn, .nturns = 1}, out;
    uint32_t nunknown;
    struct err e;
    assert_int_equal(finish_conversation(&f, &in, a, scratch, &out, &nunknown, &e), ERR_OK);
    assert_int_equal(nunknown, 0);
    return out;
}

static void a_conversation_without_an_id_gets_one_of_its_content(void **state)
{
    struct arena *a = arena_new(0);
    struct strbuf scratch = STRBUF_INIT;
    (void)state;
    assert_non_null(a);
    struct conversation one = finished(a, &scratch, "hello", MS_NONE),
                        same = finished(a, &scratch, " hello\n", MS_NONE);
    struct conversation other = finished(a, &scratch, "hello!", MS_NONE), later = finished(a, &scratch, "hello", 1000);
    assert_true(slice_starts(one.external_id, "sha-"));
    assert_int_equal(one.external_id.n, 36);
    assert_true(slice_eq(one.external_id, same.external_id));
    assert_false(slice_eq(one.external_id, other.external_id));
    assert_false(slice_eq(one.external_id, later.external_id));
    assert_true(slice_is(one.source, "json"));
    assert_int_equal(one.started_at_ms, 5);
    assert_int_equal(one.time_origin, TIME_FROM_FILE);
    arena_free(a);
    strbuf_free(&scratch);
}

static void nul_bytes_in_texts_become_blanks(void **state)
{
    struct arena *a = arena_new(0);
    struct strbuf scratch = STRBUF_INIT;
    const struct finish f = {.format = "json", .name_ms = 9, .mtime_ms = 5};
    struct turn turns[2] = {{.role = ROLE_CUSTOMER, .text = {"a\0b\0c", 5}}, {.text = {" \t", 2}}};
    struct conversation in = {.started_at_ms = MS_NONE, .turns = turns, .nturns = 2}, out;
    uint32_t nunknown;
    struct err e;
    (void)state;
    assert_non_null(a);
    assert_int_equal(finish_conversation(&f, &in, a, &scratch, &out, &nunknown, &e), ERR_OK);
    assert_int_equal(out.nturns, 1);
    assert_true(slice_is(out.turns[0].text, "a b c"));
    assert_int_equal(out.started_at_ms, 9);
    assert_int_equal(out.time_origin, TIME_FROM_NAME);
    in.turns++;
    in.nturns--;
    assert_int_equal(finish_conversation(&f, &in, a, &scratch, &out, &nunknown, &e), ERR_INPUT);
    arena_free(a);
    strbuf_free(&scratch);
}

static void when_the_file_was_made_is_the_last_resort(void **state)
{
    struct arena *a = arena_new(0);
    struct strbuf scratch = STRBUF_INIT;
    struct turn turn = {.role = ROLE_AGENT, .text = SLICE_LIT("Hi"), .start_ms = MS_NONE, .end_ms = MS_NONE};
    struct conversation in = {.started_at_ms = 7, .time_origin = TIME_FROM_FILE, .turns = &turn, .nturns = 1}, out;
    uint32_t nunknown;
    struct err e;
    (void)state;
    assert_non_null(a);
    const struct finish named = {.format = "json", .name_ms = 9, .mtime_ms = 5};
    assert_int_equal(finish_conversation(&named, &in, a, &scratch, &out, &nunknown, &e), ERR_OK);
    assert_int_equal(out.started_at_ms, 9); /* the name of the file is better */
    assert_int_equal(out.time_origin, TIME_FROM_NAME);
    const struct finish unnamed = {.format = "json", .name_ms = MS_NONE, .mtime_ms = 5};
    assert_int_equal(finish_conversation(&unnamed, &in, a, &scratch, &out, &nunknown, &e), ERR_OK);
    assert_int_equal(out.started_at_ms, 7); /* what the file says is better than its date on this disk */
    assert_int_equal(out.time_origin, TIME_FROM_FILE);
    arena_free(a);
    strbuf_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_day_in_a_path_is_found),
        cmocka_unit_test(customers_are_hashed_where_their_id_is_personal),
        cmocka_unit_test(a_conversation_without_an_id_gets_one_of_its_content),
        cmocka_unit_test(nul_bytes_in_texts_become_blanks),
        cmocka_unit_test(when_the_file_was_made_is_the_last_resort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
