#include "ingest/labels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/strbuf.h"

static const struct {
    const char *label, *text;
    size_t count;
    const char *want; /* "role name start|text;" */
} rows[] = {
    {"empty", "", 0, ""},
    {"no label", "Hello there", 0, "unknown|Hello there;"},
    {"own lines", "Agent: Hello\nCustomer: Hi\r\nand more\r\nAgent: Bye", 3,
     "agent|Hello;customer|Hi\r\nand more;agent|Bye;"},
    {"inline", "Agent: Hello. Customer: Hi? Agent: Bye", 3, "agent|Hello.;customer|Hi?;agent|Bye;"},
    {"inline without a stop", "Agent: hello Customer: hi", 2, "agent|hello;customer|hi;"},
    {"several words", "Customer Support: Hello Technical Support: Hi", 2, "agent|Hello;agent|Hi;"},
    {"words before the first label", "Call of Monday\nAgent: Hello\nCaller: Hi", 2,
     "unknown|Call of Monday;agent|Hello;customer|Hi;"},
    {"small letters within a line are words", "Agent: I told the agent: no. Customer: ok", 2,
     "agent|I told the agent: no.;customer|ok;"},
    {"small letters at the start of a line", "agent: hello\ncustomer: hi", 2, "agent|hello;customer|hi;"},
    {"no blank behind the colon", "Agent: see http://x.y or 10:30 Agent:x", 1,
     "agent|see http://x.y or 10:30 Agent:x;"},
    {"seen once and no role", "Duration: 5 min\nAgent: Hello\nCustomer: Hi", 2,
     "unknown|Duration: 5 min;agent|Hello;customer|Hi;"},
    {"doubtful words", "Agent: Hello\nNote: it takes a day. Contact: us\nCustomer: Hi", 2,
     "agent|Hello\nNote: it takes a day. Contact: us;customer|Hi;"},
    {"names that repeat", "Ada: Hello\nBob Lee: Hi\nAda: Bye\nBob Lee: Bye", 4,
     "unknown Ada|Hello;unknown Bob Lee|Hi;unknown Ada|Bye;unknown Bob Lee|Bye;"},
    {"repeated words where the roles are told", "Agent: Order ID: 1\nOrder ID: 2\nOrder ID: 3\nCustomer: Hi", 2,
     "agent|Order ID: 1\nOrder ID: 2\nOrder ID: 3;customer|Hi;"},
    {"lists are no names", "Ada: Hello\n- Price: 1\n- Price: 2\nAda: Bye", 2,
     "unknown Ada|Hello\n- Price: 1\n- Price: 2;unknown Ada|Bye;"},
    {"name seen first at the start", "Ada: Hello there. Customer: Hi. Ada: Bye", 3,
     "unknown Ada|Hello there.;customer|Hi.;unknown Ada|Bye;"},
    {"times in brackets", "[00:05] Agent: Hello\n(1:02:03) Customer: Hi\n[x] Agent: y", 3,
     "agent 5000|Hello;customer 3723000|Hi\n[x];agent|y;"},
    {"times in brackets within a line", "[10:00:05] Ada: Hello [10:00:09] Bob: Hi, at [5] [10:00:20] Ada: ok", 3,
     "unknown Ada 0|Hello;unknown Bob 4000|Hi, at [5];unknown Ada 15000|ok;"},
    {"midnight", "[23:59:50] Agent: Hello\n[00:00:10] Customer: Hi", 2, "agent 0|Hello;customer 20000|Hi;"},
    {"empty turns are left out", "Agent: Customer: Hi Agent: Customer: Bye", 4, "customer|Hi;customer|Bye;"},
    {"label at the end", "Agent: Hello Customer:", 2, "agent|Hello;"},
    {"colons only", ": : :\n:\n: :", 0, "unknown|: : :\n:\n: :;"},
    {"too long for a label", "A word of very many letters which go on and on and on Agent: x", 1,
     "unknown|A word of very many letters which go on and on and on;agent|x;"},
    {"both roles begin lines: names and inner labels are their words",
     "Agent: Your order:\nAddress: 4 Elm St\nAddress: none\n- Passenger: Al\nsee Customer Support: 5\nCustomer: Ok", 2,
     "agent|Your order:\nAddress: 4 Elm St\nAddress: none\n- Passenger: Al\nsee Customer Support: 5;customer|Ok;"},
    {"number behind the word", "Agent 1: Hello\nCustomer 2: Hi", 2, "agent|Hello;customer|Hi;"},
};

static void test_cut(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice text = slice_of(rows[i].text);
        struct turn *turns;
        uint32_t n;
        struct err e;
        struct strbuf out = STRBUF_INIT;
        strbuf_puts(&out, "");
        assert_int_equal(labels_cut(text, a, &turns, &n, &e), ERR_OK);
        for (uint32_t t = 0; t < n; t++) {
            strbuf_puts(&out, role_name(turns[t].role));
            if (turns[t].speaker_name.n != 0)
                strbuf_printf(&out, " %.*s", SLICE_ARG(turns[t].speaker_name));
            if (turns[t].start_ms != MS_NONE)
                strbuf_printf(&out, " %d", (int)turns[t].start_ms);
            strbuf_printf(&out, "|%.*s;", SLICE_ARG(turns[t].text));
        }
        if (strcmp(out.s, rows[i].want) != 0 || labels_count(text) != rows[i].count)
            fail_msg("%s: %zu labels, got %s", rows[i].label, labels_count(text), out.s);
        strbuf_free(&out);
        arena_reset(a);
    }
    arena_free(a);
}

/* Whatever the bytes: turns are not empty, in order, apart, and within the text. */
static void test_random_texts(void **state)
{
    (void)state;
    static const char *const pieces[] = {"Agent: ", "Customer: ", "Ada: ", "\n", " ", ":",
                                         "[0:01] ", "x",          "no. ",  "]",  "("};
    unsigned seed = 99;
    struct arena *a = arena_new(0);
    for (int round = 0; round < 2000; round++) {
        struct strbuf text = STRBUF_INIT;
        strbuf_puts(&text, "");
        for (int i = 0; i < 20; i++) {
            seed = seed * 1103515245u + 12345u;
            strbuf_puts(&text, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
        }
        struct turn *turns;
        uint32_t n;
        struct err e;
        const char *last = text.s;
        assert_int_equal(labels_cut(strbuf_slice(&text), a, &turns, &n, &e), ERR_OK);
        assert_true(n <= labels_count(strbuf_slice(&text)) + 1);
        for (uint32_t t = 0; t < n; t++) {
            assert_true(turns[t].text.s >= last && turns[t].text.n > 0);
            last = turns[t].text.s + turns[t].text.n;
            assert_true(last <= text.s + text.n);
        }
        strbuf_free(&text);
        arena_reset(a);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_random_texts),
    };
    return cmocka_run_group_tests_name("labels", tests, NULL, NULL);
}
