#include "ingest/salesforce_body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"
#include "tests/support/listing.h"

#define STARTED "<p align=\"center\">Chat Started: Monday, December 17, 2018, 23:27:57 (-0500)</p>"
#define AT      "at=1545107277000/record"

static const struct {
    const char *label, *text, *want;
} bodies[] = {
    {"agent and customer by the heading; entities, colons, an empty last entry",
     STARTED
     "<p align=\"center\">Chat Origin: Web</p><p align=\"center\">Agent Ada L</p>( 10s ) Ada L: Hi, I&#39;m Ada: "
     "hello<br>( 1m 13s ) Bob Lee: see ( 5s ) &amp; wait<br>( 1h 2m 3s ) Ada L: Ok<br>( 1h 2m 4s ) ",
     "1: channel=chat agent-name=Ada L " AT "\n  agent name=Ada L 10000|Hi, I'm Ada: hello\n"
     "  customer name=Bob Lee 73000|see ( 5s ) & wait\n  agent name=Ada L 3723000|Ok\n"},
    {"transfer, chatbot, lines that go on, events",
     STARTED
     "<p align=\"center\">Agent Ada</p>( 1s ) Help Bot: Hi<br>( 2s ) Visitor: a<br/>b<BR>( 3s ) Ada: c"
     "<p align=\"center\">Chat Transferred From Ada To Zoe</p><p align=\"center\">Agent Zoe</p>( 4s ) Zoe: d<br>"
     "( 5s ) Chat ended by visitor<br>",
     "1: channel=chat agent-name=Ada " AT "\n  bot name=Help Bot 1000|Hi\n  customer name=Visitor 2000|a\nb\n"
     "  agent name=Ada 3000|c\n  agent name=Zoe 4000|d\n  system 5000|Chat ended by visitor\n"},
    {"a bot hands over, and so does an agent",
     STARTED "( 1s ) Einstein: Hi<br>( 2s ) Bob: a<br><p align=\"center\">Chat Transferred From Einstein To Ada</p>"
             "<p align=\"center\">Agent Ada</p>( 3s ) Ada: c<br><p align=\"center\">Agent Ada successfully transferred "
             "the chat to Zoe</p>( 4s ) Zoe: d<br>( 5s ) Bob: e<br>",
     "1: channel=chat agent-name=Ada " AT "\n  bot name=Einstein 1000|Hi\n  customer name=Bob 2000|a\n"
     "  agent name=Ada 3000|c\n  agent name=Zoe 4000|d\n  customer name=Bob 5000|e\n"},
    {"what agents did is no name; <div>",
     "<div align=\"center\">Chat Started: Monday, December 17, 2018, 23:27:57 (-0500)</div><div align=\"center\">Agent "
     "Ada requested a file transfer</div>( 1s ) Ada: a<br>( 2s ) Bob: b<br>",
     "1: channel=chat agent-name=Ada " AT "\n  agent name=Ada 1000|a\n  customer name=Bob 2000|b\n"},
    {"another language",
     "<p align=\"center\">Chat gestartet: Montag, 17. Dezember</p><p align=\"center\">Agent Ada</p>( 1s ) Ada: a<br>( "
     "2s ) "
     "Bob: b<br>",
     "1: channel=chat agent-name=Ada\n  agent name=Ada 1000|a\n  customer name=Bob 2000|b\n"},
    {"saved as text",
     "Chat Started: Monday, December 17, 2018, 23:27:57 (-0500)\nChat Origin: Web\nAgent Ada\n\n( 1s ) Ada: a\nand\n( "
     "2s "
     ") Bob: b\n",
     "1: channel=chat agent-name=Ada " AT "\n  agent name=Ada 1000|a\nand\n  customer name=Bob 2000|b\n"},
    {"a placeholder for the agent",
     STARTED "<p align=\"center\">Agent (Name)</p>( 5s ) Ada: Hi<br>( 6s ) Visitor: Yes<br>",
     "1: channel=chat agent-name=Ada " AT "\n  agent name=Ada 5000|Hi\n  customer name=Visitor 6000|Yes\n"},
    {"a placeholder, and no visitor",
     STARTED "<p align=\"center\">Agent (Name)</p>( 5s ) Ada: Hi<br>( 6s ) Bob: Yes<br>",
     "1: channel=chat " AT "\n  unknown name=Ada 5000|Hi\n  unknown name=Bob 6000|Yes\n"},
    {"tags that do not end, no time", "<P>Chat Started: now<p>Agent Ada<p>x</p>( 1s ) Ada: a<br( 2s ) Ada: b",
     "1: channel=chat agent-name=Ada\n  agent name=Ada 1000|a\n"},
    {"no elapsed times that are none",
     STARTED "( s ) Ada: x<br>( 5 ) Ada: x<br>( 9999999999999s ) Ada: x<br>( 1s Ada: x<br>",
     "1!nobody says anything in this file\n"},
};

static void bodies_become_turns(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        expect_listing(bodies[i].label, "salesforce", "a.html", slice_of(bodies[i].text), (struct reader_options){0},
                       bodies[i].want);
}

static void bodies_in_cells(void **state)
{
    static const char text[] = "Id,ChatKey,OwnerId,ContactId,StartTime,Body\n"
                               "570A,k-1,005X,003C,2018-12-18T04:27:57Z,\"<p align=\"\"center\"\">Chat Started: "
                               "x</p><p align=\"\"center\"\">Agent Ada</p>"
                               "( 1s ) Ada: Hi<br>( 2s ) Bob: No<br>\"\n"
                               "570B,k-2,005X,003C,2018-12-19T04:27:57Z,\"<p>Chat Started: x</p>\"\n";
    (void)state;
    expect_listing("cells", "csv-cell", "a.csv", slice_of(text), (struct reader_options){0},
                   "2:k-1 agent=005X customer=003C at=1545107277000/record\n  agent name=Ada 1000|Hi\n"
                   "  customer name=Bob 2000|No\n3!a chat in which nobody says anything\n");
}

static void memory_fails_anywhere(void **state)
{
    (void)state;
    for (long nth = 1;; nth++) {
        struct arena *a = arena_new(32);
        struct transcript t = {.arena = a, .text = STRBUF_INIT};
        struct conversation c = {.started_at_ms = MS_NONE};
        struct err e;
        failing_alloc_at(nth);
        enum err_code rc = salesforce_body_convert(slice_of(bodies[1].text), &t, &c, &e);
        bool was_hit = failing_alloc_off();
        assert_int_equal(rc, was_hit ? ERR_NOMEM : ERR_OK);
        transcript_free(&t);
        arena_free(a);
        if (!was_hit)
            return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_become_turns),
        cmocka_unit_test(bodies_in_cells),
        cmocka_unit_test(memory_fails_anywhere),
    };
    return cmocka_run_group_tests_name("salesforce", tests, NULL, NULL);
}
