/* companion: which files are tables of people and of conversations, and what is read of them. */
#include "ingest/companion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/json.h"
#include "core/strbuf.h"
#include "tests/support/failing_alloc.h"

static void files_are_known_by_name_and_content(void **state)
{
    static const struct {
        const char *path, *text;
        enum companion_kind want;
    } rows[] = {
        {"a/users.json", "[{\"id\":\"U1\",\"name\":\"ann\"}]", COMPANION_PEOPLE},
        {"user_data.csv", "id,name,role\n1,Ann,agent\n", COMPANION_PEOPLE},
        {"Users_2024-05-06.csv", "id;email\n1;a@b.c\n", COMPANION_PEOPLE},
        {"agents.csv", "agent_id,name,team\na1,Ann,x\n", COMPANION_PEOPLE},
        {"speakers.json", "{\"u1\":{\"meta\":{\"type\":\"agent\"}}}", COMPANION_PEOPLE},
        {"channels.json", "[{\"id\":\"C1\",\"name\":\"x\",\"created\":\"1452837318\",\"members\":[]}]",
         COMPANION_CONVERSATIONS},
        {"conversation_history_data.csv", "id,created_at,assignee_id,source_body\n1,2024-01-01,7,x\n",
         COMPANION_CONVERSATIONS},
        {"integration_logs.json", "[{\"user_id\":\"U1\",\"change_type\":\"added\"}]", COMPANION_LOG},
        /* by its name it might be, but there is text in it */
        {"users.json", "[{\"id\":\"1\",\"name\":\"a\",\"messages\":[]}]", COMPANION_NONE},
        {"conversations.csv", "conversation_id,created_at,role,text\n1,2024-01-01,agent,hi\n", COMPANION_NONE},
        {"tickets.json", "[{\"id\":1,\"created_at\":\"2024-01-01\",\"comments\":[]}]", COMPANION_NONE},
        {"conversation_part_history_data.csv", "id,author_id,body\n1,2,x\n", COMPANION_NONE},
        {"calls.csv", "call_id,start_time,log\n1,2024-01-01,\"Agent: Hello. Customer: Hi.\"\n", COMPANION_NONE},
        /* by its columns it might be, but it has another name */
        {"export.csv", "id,name,role\n1,Ann,agent\n", COMPANION_NONE},
        {"chat_123.json", "{\"created\":1,\"meta\":{}}", COMPANION_NONE},
        {"users.json", "", COMPANION_NONE},
        {"users.csv", "just a line", COMPANION_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (companion_look(rows[i].path, slice_of(rows[i].text)) != rows[i].want)
            fail_msg("%s: %s: %d", rows[i].path, rows[i].text,
                     (int)companion_look(rows[i].path, slice_of(rows[i].text)));
}

static enum err_code add(struct companions *c, enum companion_kind kind, const char *path, const char *text)
{
    struct strbuf b = STRBUF_INIT;
    struct err e = {.code = ERR_OK};
    strbuf_puts(&b, text);
    struct slice x = strbuf_slice(&b);
    enum err_code rc = strbuf_reserve(&b, JSON_PADDING) != NULL ? ERR_OK : ERR_NOMEM;
    if (rc == ERR_OK) {
        memset(b.s + x.n, ' ', JSON_PADDING);
        rc = companions_add(c, kind, path, (struct slice){b.s, x.n}, &e);
    }
    strbuf_free(&b);
    return rc;
}

static void expect_person(const struct companions *c, const char *id, const char *name, enum role role)
{
    const struct person *p = companions_person(c, slice_of(id));
    if (p == NULL || !slice_is(p->name, name) || p->role != role)
        fail_msg("%s: %.*s %d", id, p != NULL ? (int)p->name.n : 0, p != NULL ? p->name.s : "",
                 p != NULL ? (int)p->role : -1);
}

static void people_are_read_in_every_shape(void **state)
{
    (void)state;
    struct companions *c = companions_new("", NULL);
    assert_int_equal(add(c, COMPANION_PEOPLE, "users.csv", "\xef\xbb\xbfsep=;\n"), ERR_OK);
    assert_int_equal(add(c, COMPANION_PEOPLE, "users.csv",
                         "email,id,name,role\nx@y,1,Ann Lee,agent\n,2,\"Bob, Jr\",end-user\n,3,,\n,,nobody,agent\n"),
                     ERR_OK);
    assert_int_equal(add(c, COMPANION_PEOPLE, "agents.csv", "agent_id;name\na1;Cy\n"), ERR_OK);
    assert_int_equal(
        add(c, COMPANION_PEOPLE, "contacts.json", "{\"data\":[{\"id\":7,\"email\":\"d@e\"}],\"pages\":null}"), ERR_OK);
    assert_int_equal(add(c, COMPANION_PEOPLE, "users.json",
                         "[{\"id\":\"U1\",\"name\":\"eve\",\"profile\":{\"real_name\":\"Eve X\"}},"
                         "{\"id\":\"U2\",\"real_name\":\"Bot\",\"is_bot\":true},[],3]"),
                     ERR_OK);
    assert_int_equal(add(c, COMPANION_PEOPLE, "users.jsonl",
                         "{\"id\":\"L1\",\"name\":\"l\",\"role\":\"admin\"}\nbad\n{\"id\":\"L2\"}\n"),
                     ERR_OK);
    assert_int_equal(add(c, COMPANION_PEOPLE, "speakers.json", "{\"s1\":{\"meta\":{\"type\":\"agent\"}},\"s2\":{}}"),
                     ERR_OK);
    expect_person(c, "1", "Ann Lee", ROLE_AGENT);
    expect_person(c, "2", "Bob, Jr", ROLE_CUSTOMER);
    expect_person(c, "3", "", ROLE_UNKNOWN);
    expect_person(c, "a1", "Cy", ROLE_AGENT);
    expect_person(c, "7", "d@e", ROLE_CUSTOMER);
    expect_person(c, "U1", "Eve X", ROLE_UNKNOWN);
    expect_person(c, "U2", "Bot", ROLE_BOT);
    expect_person(c, "L1", "l", ROLE_AGENT);
    expect_person(c, "s1", "", ROLE_AGENT);
    assert_null(companions_person(c, slice_of("none")));
    assert_null(companions_person(c, slice_of("")));
    assert_null(companions_person(NULL, slice_of("1")));
    companions_release(c);
}

static void the_last_row_and_the_nearest_table_count(void **state)
{
    (void)state;
    struct companions *outer = companions_new("a/", NULL), *inner = companions_new("a/b/", outer);
    assert_int_equal(
        add(outer, COMPANION_CONVERSATIONS, "conversation_history.csv",
            "id,created_at,assignee_id,channel\n9,2024-01-01 10:00,,\n9,2024-01-02T10:00:00Z,a7,chat\n8,?,a1,\n"),
        ERR_OK);
    assert_int_equal(add(outer, COMPANION_PEOPLE, "users.csv", "id,name\n1,Outer\n2,Two\n"), ERR_OK);
    assert_int_equal(add(inner, COMPANION_PEOPLE, "users.csv", "id,name\n1,Inner\n"), ERR_OK);
    companions_release(outer); /* the inner one keeps it alive */
    expect_person(inner, "1", "Inner", ROLE_UNKNOWN);
    expect_person(inner, "2", "Two", ROLE_UNKNOWN);
    const struct companion_conversation *x = companions_conversation(inner, slice_of("9"));
    assert_non_null(x);
    assert_true(slice_is(x->agent_id, "a7") && slice_is(x->channel, "chat") && x->has_zone);
    assert_true(x->started_at_ms == INT64_C(1704189600000));
    x = companions_conversation(inner, slice_of("8"));
    assert_non_null(x);
    assert_true(x->started_at_ms == MS_NONE);
    companions_release(inner);
}

static void many_rows_are_found_again(void **state)
{
    struct strbuf b = STRBUF_INIT;
    (void)state;
    strbuf_puts(&b, "id,name\n");
    for (int i = 0; i < 5000; i++)
        strbuf_printf(&b, "u%d,n%d\n", i % 4000, i);
    struct companions *c = companions_new("", NULL);
    assert_int_equal(add(c, COMPANION_PEOPLE, "users.csv", b.s), ERR_OK);
    expect_person(c, "u0", "n4000", ROLE_UNKNOWN);
    expect_person(c, "u3999", "n3999", ROLE_UNKNOWN);
    expect_person(c, "u999", "n4999", ROLE_UNKNOWN);
    companions_release(c);
    strbuf_free(&b);
}

static void out_of_memory_is_told(void **state)
{
    static const char *const texts[] = {"id,name,role\n1,Ann,agent\n2,Bob,x\n",
                                        "[{\"id\":\"1\",\"name\":\"Ann\",\"role\":\"agent\"}]"};
    (void)state;
    for (size_t t = 0; t < 2; t++) {
        for (long nth = 1;; nth++) {
            failing_alloc_at(nth);
            struct companions *c = companions_new("", NULL);
            enum err_code rc = c != NULL ? add(c, COMPANION_PEOPLE, "users", texts[t]) : ERR_NOMEM;
            bool failed = failing_alloc_off();
            if (!failed) {
                assert_int_equal(rc, ERR_OK);
                expect_person(c, "1", "Ann", ROLE_AGENT);
                companions_release(c);
                break;
            }
            assert_true(rc == ERR_NOMEM || rc == ERR_OK); /* the guess of the delimiter cannot tell */
            companions_release(c);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_known_by_name_and_content),
        cmocka_unit_test(people_are_read_in_every_shape),
        cmocka_unit_test(the_last_row_and_the_nearest_table_count),
        cmocka_unit_test(many_rows_are_found_again),
        cmocka_unit_test(out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
