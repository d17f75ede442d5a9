#include "ingest/reply_threads.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"
#include "tests/support/listing.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* Shapes of exports as products write them. */
static const struct {
    const char *label, *format, *text, *want;
} shapes[] = {
    {"threads by reply ids, answers first", "csv-turns",
     "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
     "1,brand,False,Tue Oct 31 22:10:47 +0000 2017,@115712 I understand.,2,3\n"
     "2,115712,True,Tue Oct 31 22:11:45 +0000 2017,and how?,,1\n"
     "3,115712,True,Tue Oct 31 22:08:27 +0000 2017,my line is dead,\"1,5\",\n"
     "8,brand,False,Tue Oct 31 22:12:00 +0000 2017,Other,,9\n"
     "5,brand,False,Tue Oct 31 22:12:47 +0000 2017,Sorry &amp; bye,,3\n",
     "5:9 at=1509487920000/record\n  agent id=brand 0|Other\n"
     "2:3 at=1509487707000/record\n  customer id=115712 0|my line is dead\n  agent id=brand 140000|@115712 I "
     "understand.\n"
     "  customer id=115712 198000|and how?\n  agent id=brand 260000|Sorry & bye\n"},
    {"threads by message ids that are no numbers; \"id\" is the row's", "csv-turns",
     "id,reply_to,role,text\na-1,,customer,Hi\na-2,a-1,agent,Hello\n01,,agent,x\n",
     "2:thread-b8f760f4187037a0\n  customer|Hi\n  agent|Hello\n4:thread-d39af2a02494d689\n  agent|x\n"},
    {"Zendesk chat events", "csv-turns",
     "chat_id,created_at,actor_id,message,type\nc1,2023-12-12 11:20:28.994000,agent:40,,ChatMessage\n"
     "c1,2023-12-12 11:20:29.994000,agent:40,Hi,ChatMessage\nc1,2023-12-12 11:20:30.994000,agent:40,x,ChatNameChanged\n"
     "c1,2023-12-12 11:20:31.994000,__trigger,Wait,ChatMessage\nc1,2023-12-12 11:20:32.994000,,Yes,ChatMessage\n",
     "3:c1 at=1702380029994/record-no-zone\n  agent id=40 0|Hi\n  bot 2000|Wait\n  unknown 3000|Yes\n"},
    {"Zendesk comments: not public is a note", "csv-turns",
     "id,_fivetran_synced,body,created,public,ticket_id,user_id\n1,2020-03-05,a,2020-02-11 07:49:14,TRUE,9,4\n"
     "2,2020-03-05,b,2020-02-11 07:49:15,FALSE,9,5\n",
     "2:9 at=1581407354000/record-no-zone\n  unknown id=4 0|a\n  note id=5 1000|b\n"},
    {"Intercom parts: notes, HTML, older states of a row", "csv-turns",
     "id,author_id,author_type,conversation_id,created_at,part_type,body,_fivetran_active\n"
     "1,u1,user,12,2020-10-29 12:38:27,comment,<p>Hi &amp; bye</p>,true\n1,u1,user,12,2020-10-29 "
     "12:38:27,comment,<p>Hi</p>,false\n"
     "2,a1,admin,12,2020-10-29 12:38:28,note_and_reopen,<p>psst</p>,true\n3,a1,admin,12,2020-10-29 "
     "12:38:29,close,,true\n"
     "4,b1,bot,12,2020-10-29 12:38:30,comment,<p>one<br>two</p>,true\n",
     "2:12 at=1603975107000/record-no-zone\n  customer id=u1 0|Hi & bye\n  note id=a1 1000|psst\n  bot id=b1 "
     "3000|one\ntwo\n"},
    {"an id that never repeats is the row's, where both sides speak", "csv-turns",
     "id,role,text\n1,agent,Hello\n2,customer,Hi\n3,agent,Yes\n4,customer,No\n",
     "2:\n  agent|Hello\n  customer|Hi\n  agent|Yes\n  customer|No\n"},
    {"an id that never repeats is the conversation's, where one side speaks", "csv-turns",
     "id,role,text\n1,customer,Hello\n2,customer,Hi\n3,customer,Yes\n4,customer,No\n",
     "2:1\n  customer|Hello\n3:2\n  customer|Hi\n4:3\n  customer|Yes\n5:4\n  customer|No\n"},
    {"date and time in columns of their own", "csv-turns",
     "call_id,Date,Time,speaker,text\nc,2026-11-16,09:30:00,Agent,Hello\nc,2026-11-16,09:30:04,Caller,Hi\n",
     "2:c at=1794821400000/record-no-zone\n  agent 0|Hello\n  customer 4000|Hi\n"},
    {"the month first, as all dates say", "csv-turns",
     "id,time,role,text\n1,05/06/2024 11:59 AM,agent,Hello\n1,05/06/2024 12:01 PM,customer,Hi\n1,05/13/2024 1:00 "
     "PM,agent,x\n",
     "2:1 at=1714996740000/record-no-zone\n  agent 0|Hello\n  customer 120000|Hi\n  agent 608460000|x\n"},
    {"the day first, else the dates run back", "csv-turns",
     "id,Date,Time,role,text\n1,30.04.24,10:00,agent,Hello\n1,01.05.24,10:00,customer,Hi\n1,02.06.24,10:00,agent,x\n",
     "2:1 at=1714471200000/record-no-zone\n  agent 0|Hello\n  customer 86400000|Hi\n  agent 2851200000|x\n"},
    {"nothing tells whether the day is first: no times", "csv-turns",
     "id,time,role,text\n1,05/06/2024 10:00,agent,Hello\n1,05/06/2024 10:01,customer,Hi\n",
     "2:1\n  agent|Hello\n  customer|Hi\n"},
    {"starts of conversations", "csv-cell",
     "id,date,transcript\n1,13/05/2024,Agent: a Customer: b\n2,05/06/2024,Agent: c Customer: d\n",
     "2:1 at=1715558400000/record-no-zone\n  agent|a\n  customer|b\n3:2 at=1717545600000/record-no-zone\n  agent|c\n  "
     "customer|d\n"},
    {"numbered users, whose ids stand in other columns", "csv-cell",
     "Ticket ID,Created At,Requester ID,Assignee ID,Full Transcript\n"
     "1,2024-05-06T10:00:00Z,111,222,\"[2024-05-06T10:00:00Z] User 111: Where?\n[2024-05-06T10:05:00Z] User 222: "
     "No.\"\n"
     "2,2024-05-06T11:00:00Z,112,222,\"User 112: Hi User 333: x\"\n",
     "2:1 agent=222 customer=111 at=1714989600000/record\n  customer name=User 111 0|Where?\n  agent id=222 "
     "300000|No.\n"
     "4:2 agent=222 customer=112 at=1714993200000/record\n  customer name=User 112|Hi\n  unknown name=User 333|x\n"},
    {"a day before a dot", "csv-cell",
     "id;date;conversation\n7;06.05.2024 10:00;\"(10:15:30 AM) Agent: a\n(10:15:40 AM) Visitor 12: b\"\n",
     "2:7 at=1714989600000/record-no-zone\n  agent 0|a\n  customer 10000|b\n"},
    {"turns of nobody", "csv-turns", "conversationId\tturnNumber\tutterance\nc\t2\tyou\nc\t0\tHello\n",
     "2:c\n  unknown|Hello\n  unknown|you\n"},
    {"channels of a recording", "csv-turns",
     "media_channel,sentence_index,start_time,end_time,transcript\n1,0,0.5,1.5,Hello\n2,1,2,3.25,Hi\n",
     "2:\n  unknown id=1 500-1500|Hello\n  unknown id=2 2000-3250|Hi\n"},
    {"ids that tell nothing: each row counts", "csv-cell",
     "transcript,date,id\nCustomer: Hi Customer: No,2021-07-15,101\nCustomer: Hi Customer: No,2021-07-15,101\n"
     "Customer: Hi Customer: No,2021-07-15,101\n",
     "2:101#79ca0d878f136553 at=1626307200000/record-no-zone\n  customer|Hi\n  customer|No\n"
     "3:101#79ca0d878f136553#2 at=1626307200000/record-no-zone\n  customer|Hi\n  customer|No\n"
     "4:101#79ca0d878f136553#3 at=1626307200000/record-no-zone\n  customer|Hi\n  customer|No\n"},
    {"pairs in a cell", "csv-cell",
     "id,transcript\n1,\"[[\"\"agent\"\",\"\"Hello\"\"],[\"\"customer\"\",\"\"Hi\"\"]]\"\n",
     "2:1\n  agent|Hello\n  customer|Hi\n"},
    {"HTML in a cell", "csv-cell",
     "id,transcript\n1,<p>Agent: Hello</p><p>Customer: 1 &lt; 2</p>\n2,Agent: a<br>Customer: b\n",
     "2:1\n  agent|Hello\n  customer|1 < 2\n3:2\n  agent|a\n  customer|b\n"},
};

static void shapes_of_products(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(shapes); i++)
        expect_listing(shapes[i].label, shapes[i].format, "a.csv", slice_of(shapes[i].text), (struct reader_options){0},
                       shapes[i].want);
}

/* Add N rows that form circles, chains and twins, in threads of WIDTH; with a bound of MOST bytes. */
static enum err_code add_rows(int n, int width, size_t most, struct listing *l, struct err *e)
{
    struct reader_sink sink = listing_sink(l);
    struct grouper *g = grouper_new("a", 0, &sink);
    struct reply_threads *r = g != NULL ? reply_threads_new(g, most) : NULL;
    enum err_code rc = r != NULL ? ERR_OK : err_nomem(e);
    for (int i = 0; i < n && rc == ERR_OK; i++) {
        char own[16], to[16], answers[40];
        struct grouper_row row = grouper_row_none();
        row.turn.text = SLICE_LIT("x");
        (void)snprintf(own, sizeof own, "%d", i + 1);
        (void)snprintf(to, sizeof to, "%d", i % width == 0 ? i + width : i); /* the first answers the last: a circle */
        (void)snprintf(answers, sizeof answers, " ,%d,%d", i + 1, i + 1);
        rc = reply_threads_add(r, &row, i + 1, slice_of(own), slice_of(to), slice_of(answers), e);
    }
    if (rc == ERR_OK)
        rc = reply_threads_flush(r, e);
    if (rc == ERR_OK)
        rc = grouper_finish(g, e);
    reply_threads_free(r);
    grouper_free(g);
    return rc;
}

static void circles_and_bounds(void **state)
{
    static const size_t bounds[] = {0, 1, 40000};
    (void)state;
    for (size_t i = 0; i < ROWS(bounds); i++) {
        struct listing l = {STRBUF_INIT, 0, 0};
        struct err e;
        assert_int_equal(add_rows(3000, 3, bounds[i], &l, &e), ERR_OK);
        if (bounds[i] == 0)
            assert_int_equal(l.conversations, 1000);
        assert_int_equal(l.rejects, 0);
        strbuf_free(&l.out);
    }
}

static void memory_fails_anywhere(void **state)
{
    (void)state;
    for (long nth = 1;; nth++) {
        struct listing l = {STRBUF_INIT, 0, 0};
        struct err e;
        failing_alloc_at(nth);
        enum err_code rc = add_rows(40, 4, 2000, &l, &e);
        bool was_hit = failing_alloc_off();
        assert_int_equal(rc, was_hit ? ERR_NOMEM : ERR_OK);
        strbuf_free(&l.out);
        if (!was_hit)
            return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_of_products),
        cmocka_unit_test(circles_and_bounds),
        cmocka_unit_test(memory_fails_anywhere),
    };
    return cmocka_run_group_tests_name("csv shapes", tests, NULL, NULL);
}
