#include "ingest/formats/readers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/strbuf.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/listing.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

typedef int probe_function(const struct sample *, struct reader_options *, struct err *);
typedef enum err_code read_function(const struct reader_input *, const char *, const struct reader_options *,
                                    const struct reader_sink *, struct err *);

static enum err_code read_by(read_function *read, struct text_input in, const struct reader_options *o,
                             struct listing *l, struct err *e)
{
    struct reader_input input = {&in, text_input_read};
    struct reader_sink sink = listing_sink(l);
    return read(&input, "t.csv", o, &sink, e);
}

/* Probe, then read in pieces of several sizes; all must give WANT. */
static void expect_full(probe_function *probe, read_function *read, struct slice text, struct reader_options o,
                        const char *want, const char *label)
{
    struct sample s = {text, true, "t.csv"};
    struct err e = {0};
    int sure = probe(&s, &o, &e);
    if (sure == 0)
        fail_msg("%s: not recognised: %s", label, e.msg);
    const size_t steps[] = {1, 7, 100000};
    for (size_t i = 0; i < ROWS(steps); i++) {
        struct listing l = {STRBUF_INIT, 0, 0};
        enum err_code rc = read_by(read, (struct text_input){text, steps[i], false}, &o, &l, &e);
        strbuf_puts(&l.out, rc != ERR_OK ? e.msg : "");
        if (strcmp(l.out.s, want) != 0)
            fail_msg("%s, by %zu: got\n%s", label, steps[i], l.out.s);
        strbuf_free(&l.out);
    }
}

static const struct {
    const char *label, *text, *columns, *date_format, *want;
} turns[] = {
    {"plain", "conversation_id,sender,content\nc1,agent,Hello\nc1,customer,\"Hi, there\"\n", NULL, NULL,
     "2:c1\n  agent|Hello\n  customer|Hi, there\n"},
    {"tabs, CRLF, BOM, header case",
     "\xef\xbb\xbf"
     "Chat ID\tAuthor Role\tMessage\r\nc1\tEnd-User\tHi\r\n",
     NULL, NULL, "2:c1\n  customer|Hi\n"},
    {"hint line", "sep=;\nid;role;text\n1;agent;a\n1;customer;b\n", NULL, NULL, "3:1\n  agent|a\n  customer|b\n"},
    {"id that repeats is the conversation",
     "id,timestamp,role,content\n0,2026-11-16T09:30:00Z,agent,Hello\n"
     "0,2026-11-16T09:30:04Z,customer,Hi\n1,2026-11-16T10:00:00Z,agent,Yes\n",
     NULL, NULL,
     "2:0 at=1794821400000/record\n  agent 0|Hello\n  customer 4000|Hi\n"
     "4:1 at=1794823200000/record\n  agent 0|Yes\n"},
    {"interleaved and out of order, by turn",
     "conversation_id,turn,role,text\na,2,customer,two\nb,1,agent,one\n"
     "a,10,agent,ten\na,1,agent,one\nb,2,customer,two\n",
     NULL, NULL, "2:a\n  agent|one\n  customer|two\n  agent|ten\n3:b\n  agent|one\n  customer|two\n"},
    {"by time",
     "conversation_id,created_at,role,text\na,2026-11-16 09:30:05,customer,two\n"
     "a,2026-11-16 09:30:00,agent,one\n",
     NULL, NULL, "2:a at=1794821400000/record-no-zone\n  agent 0|one\n  customer 5000|two\n"},
    {"repeated turn numbers: file order",
     "conversation_id,line,role,text\na,1,agent,one\na,1,customer,two\na,0,agent,x\n", NULL, NULL,
     "2:a\n  agent|one\n  customer|two\n  agent|x\n"},
    {"conversation columns on each row",
     "conversation_id,agent_id,agent_name,customer_id,channel,queue,source,role,text,start_ms,end_ms\n"
     "c,a1,Ada,u1,chat,q,zendesk,agent,Hello,100,900\nc,a1,Ada,u1,chat,q,zendesk,customer,Hi,1500,2000\n",
     NULL, NULL,
     "2:c source=zendesk channel=chat queue=q agent=a1 agent-name=Ada customer=u1\n"
     "  agent id=a1 name=Ada 100-900|Hello\n  customer 1500-2000|Hi\n"},
    {"seconds and durations", "call_id,speaker,start,duration,utterance\nc,Agent,0.5,1.25,Hello\nc,Caller,0:02,1,Hi\n",
     NULL, NULL, "2:c\n  agent 500-1750|Hello\n  customer 2000-3000|Hi\n"},
    {"source is the speaker when nothing else is", "conversation_id,source,text\nc,agent,Hello\nc,customer,Hi\n", NULL,
     NULL, "2:c\n  agent|Hello\n  customer|Hi\n"},
    {"names", "conversation_id,speaker,text,agent,customer\nc,Ada,Hello,Ada,Bob\nc,Bob,Hi,Ada,Bob\nc,Eve,Hm,Ada,Bob\n",
     NULL, NULL,
     "2:c agent-name=Ada customer=Bob\n  agent name=Ada|Hello\n  customer name=Bob|Hi\n  unknown name=Eve|Hm\n"},
    {"role and name", "conversation_id,sender_type,sender_name,text\nc,staff,Ada,Hello\nc,alien,Zog,Hi\n", NULL, NULL,
     "2:c\n  agent name=Ada|Hello\n  unknown name=Zog|Hi\n"},
    {"inbound flag", "conversation_id,inbound,text\nc,True,Hello\nc,False,Hi\nc,?,Hm\n", NULL, NULL,
     "2:c\n  customer|Hello\n  agent|Hi\n  unknown|Hm\n"},
    {"agent flag", "conversation_id,is_agent,text\nc,1,Hello\nc,0,Hi\n", NULL, NULL,
     "2:c\n  agent|Hello\n  customer|Hi\n"},
    {"role with an id behind it", "chat_id,actor_id,message\nc,agent:403,Hello\nc,__trigger,Wait\nc,4711,Hi\n", NULL,
     NULL, "2:c\n  agent id=403|Hello\n  bot|Wait\n  unknown id=4711|Hi\n"},
    {"map", "Ref,Wer,Was,Message\nc,agent,Hello,x\nc,client,Hi,y\n", "id=ref,role=Wer,text=Was", NULL,
     "2:c\n  agent|Hello\n  customer|Hi\n"},
    {"the contract's columns",
     "conversation_id,source,started_at,channel,customer_id,role,agent_id,agent_name,text\n"
     "c,zendesk,2026-11-16T09:30:00Z,chat,u7,customer,,,Hi\nc,zendesk,2026-11-16T09:30:00Z,chat,u7,agent,a12,Ada,Yes\n",
     NULL, NULL,
     "2:c source=zendesk channel=chat agent=a12 agent-name=Ada customer=u7 at=1794821400000/record\n"
     "  customer|Hi\n  agent id=a12 name=Ada|Yes\n"},
    {"constant role", "conversation_id,text\nc,Hello\n", "role==customer", NULL, "2:c\n  customer|Hello\n"},
    {"date format", "conversation_id,role,time,text\nc,agent,16.11.2026 09:30,Hello\n", NULL, "%d.%m.%Y %H:%M",
     "2:c at=1794821400000/record-no-zone\n  agent 0|Hello\n"},
    {"no id at all: one conversation a file", "role,text\nagent,Hello\ncustomer,Hi\n", NULL, NULL,
     "2:\n  agent|Hello\n  customer|Hi\n"},
    {"first header empty", ",conversation_id,role,text\n0,c,agent,Hello\n1,c,customer,Hi\n", NULL, NULL,
     "2:c\n  agent|Hello\n  customer|Hi\n"},
    {"rows without words are passed over", "conversation_id,role,text\nc,agent,\nc,agent,Hello\n", NULL, NULL,
     "3:c\n  agent|Hello\n"},
    {"values that say nothing", "conversation_id,role,text,agent_id\nc,agent,NULL,None\n", NULL, NULL,
     "2:c\n  agent|NULL\n"},
    {"header only", "conversation_id,role,text\n", NULL, NULL, ""},
    {"rejects with their lines",
     "conversation_id,role,text\nc,agent\nc,agent,Hello\n,customer,Hi\nc,customer,\"Hi\n\",x\nc,customer,Bye,\n", NULL,
     NULL,
     "2!2 fields, but the header has 3\n4!column 1: no id of the conversation\n5!4 fields, but the header has 3\n"
     "3:c\n  agent|Hello\n  customer|Bye\n"},
    {"names with roles in brackets, days of the week",
     "\"CHAT ID\",\"TIMESTAMP\",\"FROM\",\"MESSAGE\"\nc,\"Mon, 16 Nov 2026 09:30:00\",Customer,Hi\n"
     "c,\"Mon, 16 Nov 2026 09:30:04\",Ada Lee (Agent),Yes\n",
     NULL, NULL, "2:c at=1794821400000/record-no-zone\n  customer 0|Hi\n  agent name=Ada Lee 4000|Yes\n"},
    {"messages as JSON, incoming and outgoing; users who are of the desk",
     "Date & Time,Sender ID,Sender Type,Conversation ID,Message Type,Content\n2026-11-16 09:30:00,5,contact,c,incoming,"
     "\"{\"\"type\"\":\"\"text\"\",\"\"text\"\":\"\"Hi\"\"}\"\n2026-11-16 09:30:04,7,user,c,outgoing,{Yes}\n",
     NULL, NULL, "2:c at=1794821400000/record-no-zone\n  customer id=5 0|Hi\n  agent id=7 4000|{Yes}\n"},
    {"purposes, and whole numbers that are ms",
     "Conversation ID,Participant,Purpose,Utterance,Start Time\n"
     "c,Kim,external,Hi,0\nc,Ada,internal,Yes?,5000\n",
     NULL, NULL, "2:c\n  customer 0|Hi\n  agent 5000|Yes?\n"},
    {"comments of cases",
     "CASE_NUMBER,COMMENT_TEXT,CREATED_BY,CREATED_DATE,IS_PUBLISHED\nc,Hi,Kim,2026-11-16,1\n"
     "c,rude,Ada,2026-11-17,0\n",
     NULL, NULL, "2:c at=1794787200000/record-no-zone\n  unknown name=Kim 0|Hi\n  note name=Ada 86400000|rude\n"},
    {"messages of Intercom with what is known of the conversation in each row",
     "message_id,message_body,message_type,message_created_at,message_author_type,message_author_id,message_author_"
     "name,"
     "conversation_id,conversation_created_at\n1,Hi,conversation_message,2026-11-16 09:30:00,lead,a,Kim,c,2026-11-16 "
     "09:30:00\n2,Yes?,comment,2026-11-16 09:30:04,admin,b,Ada,c,2026-11-16 09:30:00\n3,rude,note,2026-11-16 "
     "09:30:05,admin,b,Ada,c,2026-11-16 09:30:00\n4,Wait,comment,2026-11-16 09:30:06,bot,,Fin,c,2026-11-16 09:30:00\n",
     NULL, NULL,
     "2:c at=1794821400000/record-no-zone\n  customer id=a name=Kim 0|Hi\n  agent id=b name=Ada 4000|Yes?\n  note id=b "
     "name=Ada 5000|rude\n  bot name=Fin 6000|Wait\n"},
    {"private messages are notes",
     "conversation_id,actor_type,message_type,text\nc,agent,normal,a\nc,agent,private,b\n", NULL, NULL,
     "2:c\n  agent|a\n  note|b\n"},
    {"segments of Whisper", "start\tend\ttext\n0\t2500\tHello\n2500\t4000\tyou\n", NULL, NULL,
     "2:\n  unknown 0-2500|Hello\n  unknown 2500-4000|you\n"},
    {"titles above the header",
     "Chats of May\n\"Made 2026-11-16\",,\n\nsession,role,text,at\nc,agent,Hello,2026-11-16\n", NULL, NULL,
     "5:c at=1794787200000/record-no-zone\n  agent 0|Hello\n"},
    {"channels of the audio", "call_id,channel,start,text\nc,0,0.5,Hello\nc,1,1.5,Hi\n", NULL, NULL,
     "2:c\n  unknown id=0 500|Hello\n  unknown id=1 1500|Hi\n"},
    {"whoever is no creator is the customer",
     "id;content_thread_id;creator_name;author_name;body\n1;c;;Bob;Hi\n2;c;Ada;Shop;Yes?\n", NULL, NULL,
     "2:c agent-name=Ada\n  customer name=Bob|Hi\n  agent name=Ada|Yes?\n"},
    {"Salesforce's entries",
     "ConversationId,ClientTimestamp,Role,SenderDisplayName,MessageText\nc,2026-11-16T09:30:00Z,EndUser,Bob,Hi\n"
     "c,2026-11-16T09:30:04Z,Chatbot,Bot,Yes\n",
     NULL, NULL, "2:c at=1794821400000/record\n  customer name=Bob 0|Hi\n  bot name=Bot 4000|Yes\n"},
    {"Salesforce's entries, older",
     "Id,ConversationId,ActorType,ActorName,EntryType,Message,EntryTime\n1,c,EndUser,Kim,Text,Hi,2026-11-16T09:30:00."
     "000"
     "+0000\n2,c,Bot,Max,Text,Yes,2026-11-16T09:30:04.000+0000\n",
     NULL, NULL, "2:c at=1794821400000/record\n  customer name=Kim 0|Hi\n  bot name=Max 4000|Yes\n"},
    {"a time that is none", "conversation_id,role,text,time\nc,agent,Hello,11/06/2026\nc,agent,Hi,2026-11-16\n", NULL,
     NULL,
     "2!column 4: a time that cannot be read (see --date-format)\n3:c at=1794787200000/record-no-zone\n  agent 0|Hi\n"},
    {"open quote at the end", "conversation_id,role,text\nc,agent,Hello\nc,customer,\"Hi\nc,agent,Bye\n", NULL, NULL,
     "3!a quote that is never closed\n2:c\n  agent|Hello\n  agent|Bye\n"},
};

static void test_turns(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(turns); i++)
        expect_full(csv_turns_probe, csv_turns_read, slice_of(turns[i].text),
                    (struct reader_options){.columns = turns[i].columns, .date_format = turns[i].date_format},
                    turns[i].want, turns[i].label);
}

static const struct {
    const char *label, *text, *columns, *want;
} cells[] = {
    {"own lines", "id,transcript\n1,\"Agent: Hello\nCustomer: Hi\nand more\"\n2,\"Agent: Yes\nCaller: No\"\n", NULL,
     "2:1\n  agent|Hello\n  customer|Hi\nand more\n5:2\n  agent|Yes\n  customer|No\n"},
    {"inline, and an id that repeats",
     "transcript,date,id\n\"Customer: Hi. Can you help? Customer: I ordered red: not blue.\",2021-07-15,101\n"
     "\"Customer: No. Agent: Yes.\",2021-07-16,101\n",
     NULL,
     "2:101#aaaaaaaaaaaaaaaa at=1626307200000/record-no-zone\n  customer|Hi. Can you help?\n"
     "  customer|I ordered red: not blue.\n"
     "3:101#bbbbbbbbbbbbbbbb at=1626393600000/record-no-zone\n  customer|No.\n  agent|Yes.\n"},
    {"JSON list",
     "case_id;conversation\nc1;\"[{\"\"speaker\"\":\"\"agent\"\",\"\"text\"\":\"\"Hello\"\"},"
     "{\"\"speaker\"\":\"\"customer\"\",\"\"text\"\":\"\"Hi\"\"}]\"\n",
     NULL, "2:c1\n  agent|Hello\n  customer|Hi\n"},
    {"agent by name", "id,agent_name,agent_id,transcript\n1,Ada,a7,\"Ada: Hello\nBob: Hi\nAda: Bye\nBob: Bye\"\n", NULL,
     "2:1 agent=a7 agent-name=Ada\n  agent id=a7 name=Ada|Hello\n  unknown name=Bob|Hi\n"
     "  agent id=a7 name=Ada|Bye\n  unknown name=Bob|Bye\n"},
    {"single column", "transcript\n\"Agent: a Customer: b\"\n\"Agent: c Customer: d\"\n", NULL,
     "2:\n  agent|a\n  customer|b\n3:\n  agent|c\n  customer|d\n"},
    {"a list as Python writes it, and as numpy does",
     "id,messages\n1,\"[{'speaker': 'Agent', 'text': \"\"It's on\"\", 'at': None}, {'speaker': 'Customer', 'text': "
     "'a\\x41\\'\"\"b'}]\"\n2,\"[{'speaker': 'Agent', 'text': 'a'}\n {'speaker': 'Customer', 'text': 'b', 'ok': "
     "True}]\"\n",
     NULL, "2:1\n  agent|It's on\n  customer|aA'\"b\n3:2\n  agent|a\n  customer|b\n"},
    {"a label a line, as texts have it",
     "id,transcript\n1,\"Agent Ada: a\nCustomer Bob: b\nAgent Ada: c\"\n2,\"Ada (Agent): a\nBob (Customer): b\"\n"
     "3,\"[Agent] a\n[Customer] b\"\n4,\"Call of Monday\n10:00 AM Agent: a\n10:01 AM Customer: b\"\n"
     "5,\"2026-11-16 09:30:00 Agent: a\n2026-11-16 09:30:09 Customer: b\"\n6,<b>Agent:</b> a<br><b>Customer:</b> "
     "b<br/>\n",
     NULL,
     "2:1\n  agent name=Ada|a\n  customer name=Bob|b\n  agent name=Ada|c\n5:2\n  agent name=Ada|a\n  customer "
     "name=Bob|b\n7:3\n  agent|a\n  customer|b\n9:4\n  unknown|Call of Monday\n  agent 0|a\n  customer 60000|b\n"
     "12:5 at=1794821400000/record-no-zone\n  agent 0|a\n  customer 9000|b\n14:6\n  agent|a\n  customer|b\n"},
    {"words as they were said", "id,transcript\n1,\"Agent: Your order:  \n\n  1. a\n   - b\n\nCustomer: ok\"\n", NULL,
     "2:1\n  agent|Your order:  \n\n  1. a\n   - b\n  customer|ok\n"},
    {"a role before names within a line", "id,transcript\n1,Agent Ada: a Customer Bob: b Agent Ada: c\n", NULL,
     "2:1\n  agent name=Ada|a\n  customer name=Bob|b\n  agent name=Ada|c\n"},
    {"line ends as two characters, bars, times of the day",
     "engagement_id,transcript\n1,Agent: a | b\\nCustomer: c\n2,[10:00:05] Ada: a|[10:00:09] Bob: b|[10:00:20] Ada: "
     "c\n",
     NULL,
     "2:1\n  agent|a | b\n  customer|c\n3:2\n  unknown name=Ada 0|a\n  unknown name=Bob 4000|b\n  unknown name=Ada "
     "15000|c\n"},
    {"map", "id,Was\n1,\"Agent: a Customer: b\"\n", "transcript=was", "2:1\n  agent|a\n  customer|b\n"},
    {"rejects",
     "id,transcript\n1,\"Agent: a Customer: b\"\n2,\n3\n4,\"[{\"\"x\"\":1}]\"\n5,[not json]\n6,\"Agent: e\"\n"
     "7,\"Agent: g Customer: h\"\n8,\"Agent: g Customer: i\"\n",
     NULL,
     "2:1\n  agent|a\n  customer|b\n3!column 2: no transcript\n4!1 fields, but the header has 2\n"
     "5!JSON in the cell, but no list of turns in it\n6!json\n7:6\n  agent|e\n8:7\n  agent|g\n  customer|h\n"
     "9:8\n  agent|g\n  customer|i\n"},
};

/* Hashes and the JSON parser's own words are not this test's business. */
static void blur(struct strbuf *b)
{
    char which = 'a';
    for (char *p = b->s; (p = strchr(p, '#')) != NULL; which++)
        for (p++; (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'f'); p++)
            *p = which;
}

static void test_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(cells); i++) {
        struct slice text = slice_of(cells[i].text);
        struct sample s = {text, true, "t.csv"};
        struct reader_options o = {.columns = cells[i].columns};
        struct err e = {0};
        struct listing l = {STRBUF_INIT, 0, 0};
        assert_int_equal(csv_cell_probe(&s, &o, &e), 85);
        assert_int_equal(read_by(csv_cell_read, (struct text_input){text, 10, false}, &o, &l, &e), ERR_OK);
        blur(&l.out);
        char *json = strstr(l.out.s, "6!");
        if (json != NULL) {
            size_t n = strcspn(json, "\n");
            struct strbuf short_one = STRBUF_INIT;
            strbuf_printf(&short_one, "%.*s6!json%s", (int)(json - l.out.s), l.out.s, json + n);
            strbuf_free(&l.out);
            l.out = short_one;
        }
        if (strcmp(l.out.s, cells[i].want) != 0)
            fail_msg("%s: got\n%s", cells[i].label, l.out.s);
        strbuf_free(&l.out);
    }
}

static void test_the_same_row_twice_keeps_its_id(void **state)
{
    (void)state;
    struct slice text =
        SLICE_LIT("id,transcript\n1,Agent: a Customer: b\n1,Agent: a Customer: b\n1,Agent: x Customer: y\n");
    struct reader_options o = {.delimiter = ','};
    struct listing l = {STRBUF_INIT, 0, 0};
    struct err e = {0};
    assert_int_equal(read_by(csv_cell_read, (struct text_input){text, 100, false}, &o, &l, &e), ERR_OK);
    assert_int_equal(l.conversations, 3);
    assert_non_null(strstr(l.out.s, "2:1\n"));
    assert_non_null(strstr(l.out.s, "3:1\n"));
    assert_non_null(strstr(l.out.s, "4:1#"));
    strbuf_free(&l.out);
}

static const struct {
    const char *label, *text, *columns;
    int turns, cell;
    const char *msg, *hint;
} probes[] = {
    {"turns", "conversation_id,role,text\nc,agent,Hello\n", NULL, 80, 0, "", ""},
    {"turns without id", "role,text\nagent,Hello\n", NULL, 60, 0, "", ""},
    {"cell", "id,transcript\n1,Agent: a Customer: b\n", NULL, 0, 85, NULL, ""},
    {"text with labels wins over the role", "id,role,text\n1,chat,Agent: a Customer: b\n", NULL, 80, 85, "", ""},
    {"no speaker", "conversation_id,when,text\nc,now,Hello\n", NULL, 0, 0, "no column for the speaker",
     "name it with --columns role=COLUMN (or for all rows role==customer); columns seen: conversation_id, when, text"},
    {"no text", "conversation_id,role,was\nc,agent,Hello\n", NULL, 0, 0, "no column for the text",
     "name it with --columns text=COLUMN; columns seen: conversation_id, role, was"},
    {"tickets, whoever wrote them", "id,title,description,created_at,user_id\n1,a,It crashes,x,5\n2,b,Me too,y,6\n",
     NULL, 0, 0, "no column for the speaker", "role=COLUMN"},
    {"a log", "timestamp,level,source,message\nx,INFO,api,up\ny,INFO,db,down\n", NULL, 0, 0, "", ""},
    {"map names no column", "conversation_id,role,text\nc,agent,Hello\n", "text=Words", 0, 0,
     "no column for text: --columns says \"Words\"", "columns seen: conversation_id"},
    {"map names no field", "conversation_id,role,text\nc,agent,Hello\n", "words=text", 0, 0,
     "--columns: no field is called \"words\"", "fields: id, turn"},
    {"map without =", "conversation_id,role,text\nc,agent,Hello\n", "text", 0, 0,
     "--columns: \"text\" is not field=column", "for example"},
    {"empty", "", NULL, 0, 0, "", ""},
    {"prose", "Dear all,\nthis is no table, of course.\n", NULL, 0, 0, "", ""},
    {"JSON", "{\"role\":\"agent\",\"text\":\"Hello, you\"}\n{\"role\":\"agent\",\"text\":\"Hello, you\"}\n", NULL, 0, 0,
     "", ""},
    {"binary",
     "\x7f"
     "ELF\x02\x01\x01",
     NULL, 0, 0, "", ""},
};

static void test_probes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(probes); i++) {
        struct sample s = {slice_of(probes[i].text), true, "t.csv"};
        struct reader_options o = {.columns = probes[i].columns};
        struct err e = {0}, unused = {0};
        int as_turns = csv_turns_probe(&s, &o, &e), as_cell = csv_cell_probe(&s, &o, &unused);
        if (as_turns != probes[i].turns || as_cell != probes[i].cell)
            fail_msg("%s: turns %d, cell %d (%s)", probes[i].label, as_turns, as_cell, e.msg);
        if (probes[i].msg != NULL && strcmp(e.msg, probes[i].msg) != 0)
            fail_msg("%s: told \"%s\"", probes[i].label, e.msg);
        if (strstr(e.hint, probes[i].hint) == NULL)
            fail_msg("%s: hint \"%s\"", probes[i].label, e.hint);
        assert_int_equal(unused.code, ERR_OK);
    }
}

static void test_a_file_without_a_speaker_is_refused_as_a_whole(void **state)
{
    (void)state;
    struct reader_options o = {0};
    struct listing l = {STRBUF_INIT, 0, 0};
    struct err e = {0};
    struct text_input in = {SLICE_LIT("conversation_id,text\nc,Hello\n"), 100, false};
    assert_int_equal(read_by(csv_turns_read, in, &o, &l, &e), ERR_INPUT);
    assert_string_equal(e.msg, "no column for the speaker");
    assert_int_equal(l.conversations + l.rejects, 0);
    strbuf_free(&l.out);
}

static void test_nul_and_very_many_columns_are_rejects(void **state)
{
    (void)state;
    struct strbuf text = STRBUF_INIT;
    struct reader_options o = {0};
    struct listing l = {STRBUF_INIT, 0, 0};
    struct err e = {0};
    strbuf_puts(&text, "conversation_id,role,text\nc,agent,Hello\nc,agent,a");
    strbuf_add(&text, "\0b\n", 3);
    for (int i = 0; i < 100000; i++)
        strbuf_puts(&text, "c,");
    strbuf_puts(&text, "\nc,customer,Hi\n");
    assert_int_equal(read_by(csv_turns_read, (struct text_input){strbuf_slice(&text), 70000, false}, &o, &l, &e),
                     ERR_OK);
    assert_string_equal(l.out.s,
                        "3!a NUL byte in column 3\n4!more than 16384 fields\n2:c\n  agent|Hello\n  customer|Hi\n");
    strbuf_free(&l.out);
    strbuf_free(&text);
}

static void test_a_file_that_is_cut_off_gives_its_whole_rows(void **state)
{
    (void)state;
    struct reader_options o = {0};
    struct listing l = {STRBUF_INIT, 0, 0};
    struct err e = {0};
    struct text_input in = {SLICE_LIT("conversation_id,role,text\nc,agent,Hello\nc,custo"), 10, true};
    assert_int_equal(read_by(csv_turns_read, in, &o, &l, &e), ERR_INPUT);
    assert_string_equal(e.msg, "cut off");
    assert_string_equal(l.out.s, "2:c\n  agent|Hello\n");
    strbuf_free(&l.out);
}

/* Read whatever TEXT is, both ways; only the codes of a healthy reader may come. */
static void survive(struct slice text)
{
    struct sample s = {text, true, "t.csv"};
    for (int way = 0; way < 2; way++) {
        struct reader_options o = {0};
        struct err e = {0};
        struct listing l = {STRBUF_INIT, 0, 0};
        int sure = way == 0 ? csv_turns_probe(&s, &o, &e) : csv_cell_probe(&s, &o, &e);
        assert_in_range(sure, 0, 100);
        enum err_code rc =
            read_by(way == 0 ? csv_turns_read : csv_cell_read, (struct text_input){text, 31, false}, &o, &l, &e);
        assert_true(rc == ERR_OK || rc == ERR_INPUT);
        strbuf_free(&l.out);
    }
}

static const char sample_turns[] = "conversation_id,turn,role,text,created_at,agent_id\r\n"
                                   "c1,1,agent,\"Hello, \"\"you\"\"\",2026-11-16T09:30:00Z,a1\r\n"
                                   "c2,1,customer,\"two\nlines\",1794821400,\r\n"
                                   "c1,2,Visitor 3,caf\xc3\xa9,2026/11/16 09:31,a1\r\n";
static const char sample_cells[] =
    "id;transcript\n1;\"[00:01] Agent: Hello\nCustomer: Hi\"\n"
    "1;Agent: a Customer Support: b\n2;\"[{\"\"role\"\":\"\"agent\"\",\"\"text\"\":\"\"x\"\"}]\"\n";

static void test_every_prefix(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof sample_turns; n++)
        survive((struct slice){sample_turns, n});
    for (size_t n = 0; n < sizeof sample_cells; n++)
        survive((struct slice){sample_cells, n});
}

static void test_random_mutations(void **state)
{
    (void)state;
    unsigned seed = 2026;
    for (int round = 0; round < 600; round++) {
        char text[sizeof sample_turns + sizeof sample_cells];
        bool is_turns = round % 2 == 0;
        size_t n = is_turns ? sizeof sample_turns - 1 : sizeof sample_cells - 1;
        memcpy(text, is_turns ? sample_turns : sample_cells, n);
        for (int i = 0; i < 1 + round % 5; i++) {
            seed = seed * 1103515245u + 12345u;
            size_t at = (seed >> 8) % n;
            seed = seed * 1103515245u + 12345u;
            text[at] = i % 2 == 0 ? (char)(seed >> 16) : "\",;\n\r:[]{"[(seed >> 16) % 10];
        }
        survive((struct slice){text, n});
    }
}

static void test_out_of_memory(void **state)
{
    (void)state;
    for (int way = 0; way < 2; way++) {
        struct slice text = way == 0 ? slice_of(sample_turns) : slice_of(sample_cells);
        for (long nth = 1;; nth++) {
            struct reader_options o = {.delimiter = way == 0 ? ',' : ';'};
            struct listing l = {STRBUF_INIT, 0, 0};
            struct err e = {0};
            failing_alloc_at(nth);
            enum err_code rc =
                read_by(way == 0 ? csv_turns_read : csv_cell_read, (struct text_input){text, 1000, false}, &o, &l, &e);
            bool hit = failing_alloc_off();
            strbuf_free(&l.out);
            if (rc != ERR_OK && (!hit || rc != ERR_NOMEM))
                fail_msg("way %d, request %ld: %s", way, nth, e.msg);
            if (!hit) {
                assert_true(nth > 5);
                break;
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_the_same_row_twice_keeps_its_id),
        cmocka_unit_test(test_probes),
        cmocka_unit_test(test_a_file_without_a_speaker_is_refused_as_a_whole),
        cmocka_unit_test(test_nul_and_very_many_columns_are_rejects),
        cmocka_unit_test(test_a_file_that_is_cut_off_gives_its_whole_rows),
        cmocka_unit_test(test_every_prefix),
        cmocka_unit_test(test_random_mutations),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("read_csv", tests, NULL, NULL);
}
