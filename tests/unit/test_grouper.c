#include "ingest/grouper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/strbuf.h"
#include "tests/support/failing_alloc.h"

struct listing {
    struct strbuf out;
    size_t conversations, turns, rejects;
    enum err_code answer;
};

/* "id@line started text/start text/start ...;" */
static enum err_code list_conversation(void *ctx, const struct conversation *c, const struct place *at, struct err *e)
{
    struct listing *l = ctx;
    l->conversations++;
    l->turns += c->nturns;
    assert_string_equal(at->path, "p");
    strbuf_printf(&l->out, "%.*s@%ld", SLICE_ARG(c->external_id), at->line);
    if (c->started_at_ms != MS_NONE)
        strbuf_printf(&l->out, " from %lld %s", (long long)c->started_at_ms, time_origin_name(c->time_origin));
    for (uint32_t i = 0; i < c->nturns; i++) {
        strbuf_printf(&l->out, " %.*s", SLICE_ARG(c->turns[i].text));
        if (c->turns[i].start_ms != MS_NONE)
            strbuf_printf(&l->out, "/%lld", (long long)c->turns[i].start_ms);
    }
    strbuf_putc(&l->out, ';');
    return l->answer != ERR_OK ? err_set(e, l->answer, "no") : ERR_OK;
}

static enum err_code list_reject(void *ctx, const struct place *at, const char *reason, struct err *e)
{
    struct listing *l = ctx;
    (void)e;
    l->rejects++;
    assert_non_null(strstr(reason, "sort the file by conversation"));
    strbuf_printf(&l->out, "!%ld;", at->line);
    return ERR_OK;
}

struct row {
    const char *id, *text;
    int64_t index, at_ms, start_ms;
};

static struct grouper_row to_row(const struct row *r)
{
    struct grouper_row row = grouper_row_none();
    row.about.external_id = slice_of(r->id);
    row.turn.text = slice_of(r->text);
    row.index = r->index;
    row.at_ms = r->at_ms;
    row.at_has_zone = true;
    row.turn.start_ms = r->start_ms;
    return row;
}

#define NO MS_NONE

static const struct {
    const char *label;
    struct row rows[5]; /* up to one without an id */
    const char *want;
} orders[] = {
    {"file order", {{"a", "1", NO, NO, NO}, {"b", "2", NO, NO, NO}, {"a", "3", NO, NO, NO}}, "b@2 2;a@1 1 3;"},
    {"by index", {{"a", "x", 3, NO, NO}, {"a", "y", 1, NO, NO}, {"a", "z", 20, NO, NO}}, "a@1 y x z;"},
    {"an index is missing", {{"a", "x", 3, NO, NO}, {"a", "y", NO, NO, NO}, {"a", "z", 1, NO, NO}}, "a@1 x y z;"},
    {"an index repeats", {{"a", "x", 3, NO, NO}, {"a", "y", 1, NO, NO}, {"a", "z", 1, NO, NO}}, "a@1 x y z;"},
    {"index before time", {{"a", "x", 2, 1000, NO}, {"a", "y", 1, 3000, NO}}, "a@1 from 1000 record y/2000 x/0;"},
    {"by instant",
     {{"a", "x", NO, 5000, NO}, {"a", "y", NO, 1000, NO}, {"a", "z", NO, 5000, NO}},
     "a@1 from 1000 record y/0 x/4000 z/4000;"},
    {"by offset", {{"a", "x", NO, NO, 70}, {"a", "y", NO, NO, 50}}, "a@1 y/50 x/70;"},
    {"an instant is missing",
     {{"a", "x", NO, 5000, NO}, {"a", "y", NO, NO, NO}, {"a", "z", NO, 4000, NO}},
     "a@1 from 4000 record x/1000 y z/0;"},
    {"an offset is more exact than an instant",
     {{"a", "x", NO, 5000, 10}, {"a", "y", NO, 6000, 990}},
     "a@1 from 5000 record x/10 y/990;"},
    {"one instant on all rows is no turn's time",
     {{"a", "x", NO, 5000, NO}, {"a", "y", NO, 5000, NO}},
     "a@1 from 5000 record x y;"},
    {"one instant, but offsets",
     {{"a", "x", NO, 5000, 70}, {"a", "y", NO, 5000, 50}},
     "a@1 from 5000 record y/50 x/70;"},
    {"empty id", {{"", "x", NO, NO, NO}, {"", "y", NO, NO, NO}}, "@1 x y;"},
};

static void test_orders(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct listing l = {.out = STRBUF_INIT};
        struct reader_sink sink = {&l, list_conversation, list_reject};
        struct grouper *g = grouper_new("p", 0, &sink);
        struct err e = {0};
        for (long n = 0; n < 5 && orders[i].rows[n].id != NULL; n++) {
            struct grouper_row row = to_row(&orders[i].rows[n]);
            assert_int_equal(grouper_add(g, &row, n + 1, &e), ERR_OK);
        }
        assert_int_equal(l.conversations, 0);
        assert_int_equal(grouper_finish(g, &e), ERR_OK);
        if (strcmp(l.out.s, orders[i].want) != 0)
            fail_msg("%s: got %s", orders[i].label, l.out.s);
        grouper_free(g);
        strbuf_free(&l.out);
    }
}

static enum err_code check_about(void *ctx, const struct conversation *c, const struct place *at, struct err *e)
{
    (void)at, (void)e;
    ++*(int *)ctx;
    assert_true(slice_is(c->source, "zendesk") && slice_is(c->channel, "chat") && slice_is(c->queue, "q1"));
    assert_true(slice_is(c->agent_id, "a1") && slice_is(c->agent_name, "Ada") && slice_is(c->customer_id, "u1"));
    assert_int_equal(c->started_at_ms, 500);
    assert_int_equal(c->time_origin, TIME_ASSUMED_UTC);
    assert_int_equal(c->nturns, 2);
    assert_int_equal(c->turns[0].role, ROLE_AGENT);
    assert_true(slice_is(c->turns[0].speaker_id, "s1") && slice_is(c->turns[0].speaker_name, "Sam"));
    assert_int_equal(c->turns[0].start_ms, 100);
    assert_int_equal(c->turns[0].end_ms, 200);
    assert_int_equal(c->turns[1].start_ms, 1500); /* at 2000, from 500 */
    assert_true(c->turns[1].end_ms == MS_NONE);   /* before its start: nonsense */
    return ERR_OK;
}

static void test_first_word_counts(void **state)
{
    (void)state;
    int given = 0;
    struct reader_sink sink = {&given, check_about, list_reject};
    struct grouper *g = grouper_new("p", 0, &sink);
    struct err e = {0};
    struct grouper_row row = grouper_row_none();
    row.turn = (struct turn){ROLE_AGENT, SLICE_LIT("x"), SLICE_LIT("s1"), SLICE_LIT("Sam"), 100, 200, 0};
    row.about.external_id = SLICE_LIT("c");
    row.about.channel = SLICE_LIT("chat");
    row.about.agent_id = SLICE_LIT("a1");
    assert_int_equal(grouper_add(g, &row, 1, &e), ERR_OK);
    row = grouper_row_none();
    row.turn.text = SLICE_LIT("y");
    row.turn.end_ms = 100;
    row.at_ms = 2000;
    row.about = (struct conversation){.source = SLICE_LIT("zendesk"),
                                      .external_id = SLICE_LIT("c"),
                                      .channel = SLICE_LIT("voice"),
                                      .queue = SLICE_LIT("q1"),
                                      .agent_id = SLICE_LIT("a2"),
                                      .agent_name = SLICE_LIT("Ada"),
                                      .customer_id = SLICE_LIT("u1"),
                                      .started_at_ms = 500,
                                      .time_origin = TIME_ASSUMED_UTC};
    assert_int_equal(grouper_add(g, &row, 2, &e), ERR_OK);
    assert_int_equal(grouper_finish(g, &e), ERR_OK);
    assert_int_equal(given, 1);
    grouper_free(g);
}

/* With little memory: what was touched longest ago goes first, late rows are rejects, nothing is given twice. */
static void test_bounded_memory(void **state)
{
    (void)state;
    struct listing l = {.out = STRBUF_INIT};
    struct reader_sink sink = {&l, list_conversation, list_reject};
    struct grouper *g = grouper_new("p", 20000, &sink);
    struct err e = {0};
    long line = 0;
    char id[16];
    for (int c = 0; c < 3000; c++)
        for (int t = 0; t < 3; t++) {
            (void)snprintf(id, sizeof id, "c%d", c);
            struct row r = {id, "some words", NO, NO, NO};
            struct grouper_row row = to_row(&r);
            assert_int_equal(grouper_add(g, &row, ++line, &e), ERR_OK);
        }
    assert_true(l.conversations > 2900 && l.conversations < 3000);
    assert_int_equal(l.turns, 3 * l.conversations);
    assert_memory_equal(l.out.s, "c0@1 some words some words some words;c1@4 ", 43);
    assert_int_equal(l.rejects, 0);
    for (int c = 0; c < 2900; c++) { /* all of them were given */
        (void)snprintf(id, sizeof id, "c%d", c);
        struct row r = {id, "late", NO, NO, NO};
        struct grouper_row row = to_row(&r);
        assert_int_equal(grouper_add(g, &row, ++line, &e), ERR_OK);
    }
    assert_int_equal(l.rejects, 2900);
    struct row r = {"c2999", "not late", NO, NO, NO}; /* still held */
    struct grouper_row row = to_row(&r);
    assert_int_equal(grouper_add(g, &row, ++line, &e), ERR_OK);
    assert_int_equal(grouper_finish(g, &e), ERR_OK);
    assert_int_equal(l.conversations, 3000);
    assert_int_equal(l.turns, 9001);
    grouper_free(g);
    strbuf_free(&l.out);
}

static void test_one_conversation_larger_than_the_bound(void **state)
{
    (void)state;
    struct listing l = {.out = STRBUF_INIT};
    struct reader_sink sink = {&l, list_conversation, list_reject};
    struct grouper *g = grouper_new("p", 5000, &sink);
    struct err e = {0};
    for (int t = 0; t < 200; t++) {
        struct row r = {"big", "words and more words", NO, NO, NO};
        struct grouper_row row = to_row(&r);
        assert_int_equal(grouper_add(g, &row, t + 1, &e), ERR_OK);
    }
    assert_int_equal(grouper_finish(g, &e), ERR_OK);
    assert_int_equal(l.conversations, 1);
    assert_int_equal(l.turns + l.rejects, 200);
    assert_true(l.rejects > 0);
    grouper_free(g);
    strbuf_free(&l.out);
}

static void test_errors_of_the_sink_stop(void **state)
{
    (void)state;
    struct listing l = {.out = STRBUF_INIT, .answer = ERR_DB};
    struct reader_sink sink = {&l, list_conversation, list_reject};
    struct grouper *g = grouper_new("p", 0, &sink);
    struct err e = {0};
    struct row rows[2] = {{"a", "x", NO, NO, NO}, {"b", "y", NO, NO, NO}};
    for (int i = 0; i < 2; i++) {
        struct grouper_row row = to_row(&rows[i]);
        assert_int_equal(grouper_add(g, &row, i + 1, &e), ERR_OK);
    }
    assert_int_equal(grouper_finish(g, &e), ERR_DB);
    assert_int_equal(l.conversations, 1);
    grouper_free(g);
    grouper_free(NULL);
    strbuf_free(&l.out);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    long nth = 1;
    for (;; nth++) {
        struct listing l = {.out = STRBUF_INIT};
        struct reader_sink sink = {&l, list_conversation, list_reject};
        struct err e = {0};
        enum err_code rc = ERR_NOMEM;
        (void)strbuf_reserve(&l.out, 100000);
        failing_alloc_at(nth);
        struct grouper *g = grouper_new("p", 3000, &sink);
        if (g != NULL) {
            rc = ERR_OK;
            for (int i = 0; i < 40 && rc == ERR_OK; i++) {
                char id[16];
                (void)snprintf(id, sizeof id, "%d", i / 10);
                struct row r = {id, "words of a turn", NO, NO, NO};
                struct grouper_row row = to_row(&r);
                rc = grouper_add(g, &row, i + 1, &e);
            }
            if (rc == ERR_OK)
                rc = grouper_finish(g, &e);
        }
        bool hit = failing_alloc_off();
        grouper_free(g);
        strbuf_free(&l.out);
        assert_int_equal(rc, hit ? ERR_NOMEM : ERR_OK);
        if (!hit)
            break;
    }
    assert_true(nth > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_first_word_counts),
        cmocka_unit_test(test_bounded_memory),
        cmocka_unit_test(test_one_conversation_larger_than_the_bound),
        cmocka_unit_test(test_errors_of_the_sink_stop),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("grouper", tests, NULL, NULL);
}
