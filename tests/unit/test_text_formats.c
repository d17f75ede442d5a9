#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/when.h"
#include "ingest/line_labels.h"
#include "ingest/probe.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/listing.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

struct row {
    const char *label, *format, *path, *text, *want;
};

static void check(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        expect_listing(rows[i].label, rows[i].format, rows[i].path, slice_of(rows[i].text), (struct reader_options){0},
                       rows[i].want);
}

static void otter(void **state)
{
    static const struct row rows[] = {
        {"names and times, footer, nobody", "otter", "a.txt",
         "Ada Lee  0:00  \nHello there.\n\nUnknown Speaker  0:35  \nI'm Al.\nAnd I.\n\nAgent 1\t1:02:03\nBye\n\n"
         "Transcribed by https://otter.ai\n",
         "1: channel=voice\n  unknown name=Ada Lee 0|Hello there.\n  unknown 35000|I'm Al.\nAnd I.\n"
         "  agent 3723000|Bye\n"},
        {"title, date and summary above", "otter", "a.txt",
         "My call\r\nMon, May 6, 2024 4:36PM \xe2\x80\xa2 25:42\r\n\r\nSUMMARY KEYWORDS\r\nrefund\r\n\r\nAda  "
         "00:00\r\nHello\r\n\r\n"
         "Lee, Bob   0:03\r\nHi\r\n",
         "1: channel=voice at=1715013360000/record-no-zone\n  unknown name=Ada 0|Hello\n  unknown name=Lee, Bob "
         "3000|Hi\n"},
        {"Zoom's saved captions", "otter", "a.txt",
         "[Ada Lee] 14:03:12\nHello\n\n[Bob] 14:03:20\nHi: you\nand\n\n[Ada Lee] 14:04:00\nOk\n",
         "1: channel=voice\n  unknown name=Ada Lee 0|Hello\n  unknown name=Bob 8000|Hi: you\nand\n  unknown name=Ada "
         "Lee "
         "48000|Ok\n"},
        {"the time first", "otter", "a.txt", "[10:00 AM] Ada Lee\nHello\n[10:01 AM] Bob\nHi\n",
         "1: channel=voice\n  unknown name=Ada Lee 0|Hello\n  unknown name=Bob 60000|Hi\n"},
        {"the time first, with bars and dashes", "otter", "a.txt",
         "0:01 | Ada\nHello\n\n0:20 - Bob\nHi\n\n0:30 | Ada\nOk\n",
         "1: channel=voice\n  unknown name=Ada 1000|Hello\n  unknown name=Bob 20000|Hi\n  unknown name=Ada 30000|Ok\n"},
        {"the time below", "otter", "a.txt",
         "A call\n\nAda Lee\n00:12\nHello\n\nBob\n00:20\nHi\n\nAda Lee\n00:30\nOk\n",
         "1: channel=voice\n  unknown name=Ada Lee 12000|Hello\n  unknown name=Bob 20000|Hi\n  unknown name=Ada Lee "
         "30000|Ok\n"},
        {"a dash before the time, roles, times of the day", "otter", "a.txt",
         "Ada (Agent) - 11:59 AM\nHello\n\nBob - 12:01 PM\nHi\n",
         "1: channel=voice\n  agent name=Ada 0|Hello\n  unknown name=Bob 120000|Hi\n"},
        {"a single header", "otter", "a.txt", "Ada  0:00\nHello at\nnoon\n",
         "1: channel=voice\n  unknown name=Ada 0|Hello at\nnoon\n"},
        {"no names", "otter", "a.txt", "0:00  \nOne\n\n0:15\ntwo\n\n1:24\nthree\n",
         "1: channel=voice\n  unknown 0|One\n  unknown 15000|two\n  unknown 84000|three\n"},
        {"a single blank", "otter", "a.txt", "Ada Lee 0:00\nOne\nBob 0:15\ntwo\nAda Lee 1:24\nthree at 5:30\n",
         "1: channel=voice\n  unknown name=Ada Lee 0|One\n  unknown name=Bob 15000|two\n  unknown name=Ada Lee "
         "84000|three at 5:30\n"},
        {"Teams, older", "otter", "a.txt",
         "0:0:0.0 --> 0:0:3.450\nAda Lee\nHello\nyou\n0:0:3.450 --> 0:1:7.0\nBob\nHi\n",
         "1: channel=voice\n  unknown name=Ada Lee 0-3450|Hello\nyou\n  unknown name=Bob 3450-67000|Hi\n"},
    };
    (void)state;
    check(rows, ROWS(rows));
}

static void zoom_chat(void **state)
{
    static const struct row rows[] = {
        {"cloud recording", "zoom-chat", "GMT20240506-100000_RecordingnewChat.txt",
         "00:01:23\tAda Lee:\tHello\r\nthere\r\n00:01:30\tBob:\tHi: you\r\n",
         "1: channel=chat at=1714989600000/file-name\n  unknown name=Ada Lee 83000|Hello\nthere\n"
         "  unknown name=Bob 90000|Hi: you\n"},
        {"older, private messages are notes", "zoom-chat", "meeting_saved_chat.txt",
         "23:59:58\t From  Ada to Zoe  to  Everyone : Hello\n00:00:03\t From  Bob  to  Ada to Zoe(Privately) : psst\n"
         "00:00:05 From Ada to Zoe : to you : all\n",
         "1: channel=chat\n  unknown name=Ada to Zoe 0|Hello\n  note name=Bob 5000|psst\n  unknown name=Ada 7000|to "
         "you : all\n"},
        {"newer, with the date; replies and reactions", "zoom-chat", "chat.txt",
         "2024-05-06 10:00:05 From Ada Lee To Everyone:\n\tHello\n2024-05-06 10:00:09 From Bob To Everyone:\n"
         "\tReplying to \"Hello\"\n\t\n\tHi\n2024-05-06 10:01:00 From Ada Lee To Everyone:\n\tReacted to \"Hi\" with "
         "x\n",
         "1: channel=chat at=1714989605000/record-no-zone\n  unknown name=Ada Lee 0|Hello\n  unknown name=Bob 4000|Hi\n"
         "  system name=Ada Lee 55000|Reacted to \"Hi\" with x\n"},
        {"only the two of them", "zoom-chat", "chat.txt", "10:00:05 From Ada to Bob(Direct Message):\n\tHello\n",
         "1: channel=chat\n  unknown name=Ada 0|Hello\n"},
    };
    (void)state;
    check(rows, ROWS(rows));
}

static void whatsapp(void **state)
{
    static const struct row rows[] = {
        {"Android, day first is proved; several lines; a name without a blank", "whatsapp", "a.txt",
         "01/02/24, 11:25 - Ada Lee: Hello\n20/02/24, 11:23 - Ada Lee:.\n20/02/24, 11:24 - Ada changed the subject to "
         "\"a: b\"\n"
         "30/02/24 11:25 - no date: x\n21/02/24, 11:25 - Bob: Hi\n\nyou\n",
         "1:wa-c03688004bdeb876 channel=whatsapp at=1706786700000/record-no-zone\n  unknown name=Ada Lee 0|Hello\n"
         "  unknown name=Ada Lee 1641480000|.\n  system 1641540000|Ada changed the subject to \"a: b\"\n"
         "  unknown name=no date|x\n  unknown name=Bob 1728000000|Hi\n\nyou\n"},
        {"the dates run back if read day first", "whatsapp", "a.txt",
         "01/12/24, 1:00 PM - Ada: a\n02/01/24, 12:05 AM - Ada: b\n02/02/24, 12:00 PM - Ada: c\n",
         "1:wa-5022fcbc2358ffe9 channel=whatsapp at=1705064400000/record-no-zone\n  unknown name=Ada 0|a\n"
         "  unknown name=Ada 1681500000|b\n  unknown name=Ada 1810800000|c\n"},
        {"both orders hold: the one in which the days lie near together; a notice under a name", "whatsapp", "a.txt",
         "[09/10/22 11:37:00 p.m.] Shop: Messages and calls are end-to-end encrypted.\n[10/10/22 13:37:00 p.m.] Ada: "
         "a\n",
         "1:wa-a85f45fac87847f5 channel=whatsapp at=1665358620000/record-no-zone\n  system 0|Messages and calls are "
         "end-to-end "
         "encrypted.\n  unknown name=Ada 50400000|a\n"},
        {"year first, seconds, a dot in the time", "whatsapp", "a.txt",
         "[2024-05-06 10.00.05] Ada: Hello\n[2024-05-06 10:00:09] ~ Bob: Hi\n2024/05/06, 10:01. - Ada: Ok\n",
         "1:wa-3c127a1a72e044e4 channel=whatsapp at=1714989605000/record-no-zone\n  unknown name=Ada 0|Hello\n"
         "  unknown name=Bob 4000|Hi\n  unknown name=Ada 55000|Ok\n"},
    };
    (void)state;
    check(rows, ROWS(rows));
}

/* The marks that phones put into their exports. */
static void whatsapp_marks(void **state)
{
    static const char text[] = "[06.05.24, 10:00:05\xe2\x80\xaf"
                               "AM] Ada: \xe2\x80\x8eNachrichten sind verschl\xc3\xbcsselt.\r\n"
                               "\xe2\x80\x8e[06.05.24, 10:00:05\xe2\x80\xaf"
                               "AM] Ada: \xe2\x80\x8eHello \xe2\x80\x8e<This message was edited>\r\n"
                               "\xe2\x80\x8e[06.05.24, 1:00:00 p.\xc2\xa0m.] \xe2\x80\x8eSupport: <Media omitted>\r\n";
    (void)state;
    expect_listing(
        "marks", "whatsapp", "_chat.txt", slice_of(text), (struct reader_options){0},
        "1:wa-d6434468a6063ae0 channel=whatsapp at=1714989605000/record-no-zone\n  system 0|Nachrichten sind "
        "verschl\xc3\xbcsselt.\n  unknown name=Ada 0|Hello\n"
        "  agent 10795000|<Media omitted>\n");
}

/* As phones of other languages write dates and times; each is the 6th and the 17th of May 2024, the second at ten. */
static void whatsapp_languages(void **state)
{
    static const struct {
        const char *first, *second;
        int64_t apart_ms;
    } rows[] = {
        {"06.05.24 um 10:00 - ", "17.05.24 um 10:00 - ", 950400000},
        {"06/05/2024 \xc3\xa0 10:00 - ", "17/05/2024 \xc3\xa0 10:00 - ", 950400000},
        {"06/05/2024 kl. 10.00 - ", "17/05/2024 kl. 10.00 - ", 950400000},
        {"6.5.2024 klo 9.30 - ", "17.5.2024 klo 10.00 - ", 952200000},
        {"2024. 05. 06. 10:00 - ", "2024. 05. 17. 10:00 - ", 950400000},
        {"24/5/6 10:00 - ", "24/5/17 10:00 - ", 950400000},
        {"2024/5/6 \xe4\xb8\x8b\xe5\x8d\x88"
         "10:00 - ",
         "2024/5/17 \xe4\xb8\x8a\xe5\x8d\x88"
         "10:00 - ",
         907200000},
        {"[2024. 5. 6. \xec\x98\xa4\xed\x9b\x84 10:00:05] ", "[2024. 5. 17. \xec\x98\xa4\xec\xa0\x84 10:00:05] ",
         907200000},
        {"2024\xe5\xb9\xb4"
         "5\xe6\x9c\x88"
         "6\xe6\x97\xa5 10:00 - ",
         "2024\xe5\xb9\xb4"
         "5\xe6\x9c\x88"
         "17\xe6\x97\xa5 10:00 - ",
         950400000},
        {"2024/05/06(\xe6\x9c\x88) 10:00 - ", "2024/05/17(\xe9\x87\x91) 10:00 - ", 950400000},
        {"\xd9\xa0\xd9\xa6\xe2\x80\x8f/\xd9\xa0\xd9\xa5\xe2\x80\x8f/\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa4\xd8\x8c "
         "\xd9\xa1\xd9\xa0:\xd9\xa0\xd9\xa0 \xd8\xb5 - ",
         "\xd9\xa1\xd9\xa7\xe2\x80\x8f/\xd9\xa0\xd9\xa5\xe2\x80\x8f/\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa4\xd8\x8c "
         "\xd9\xa1\xd9\xa0:\xd9\xa0\xd9\xa0 \xd9\x85 - ",
         993600000},
        {"6/5/2567 10:00 - ", "17/5/2567 10:00 - ", 950400000},
        {"06/05/24, 10:00 \xe2\x80\x93 ", "17/05/24, 10:00 \xe2\x80\x93 ", 950400000},
        {"06/05/2024 10:00:05: ", "17/05/2024 10:00:05: ", 950400000},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct strbuf text = STRBUF_INIT;
        struct listing l = {STRBUF_INIT, 0, 0};
        struct reader_sink sink = listing_sink(&l);
        struct reader_options o = {0};
        const struct format *f = NULL;
        struct layout layout;
        struct err e;
        char want[80];
        strbuf_printf(&text, "%sAda: a: b\nc\n%sBob : d\n", rows[i].first, rows[i].second);
        struct sample s = {strbuf_slice(&text), true, "a.txt"};
        struct text_input input = {strbuf_slice(&text), 9, false};
        struct reader_input in = {&input, text_input_read};
        if (probe(&s, NULL, &o, &layout, &f, &e) != ERR_OK || strcmp(f->name, "whatsapp") != 0)
            fail_msg("not recognised: %s", rows[i].first);
        assert_int_equal(f->read(&in, "a.txt", &o, &sink, &e), ERR_OK);
        (void)snprintf(want, sizeof want, "unknown name=Ada 0|a: b\nc\n  unknown name=Bob %lld|d\n",
                       (long long)rows[i].apart_ms);
        if (strstr(l.out.s, want) == NULL || strstr(l.out.s, " at=171") == NULL)
            fail_msg("%s got\n%s", rows[i].first, l.out.s);
        strbuf_free(&l.out);
        strbuf_free(&text);
    }
}

static void labelled_text(void **state)
{
    static const struct row rows[] = {
        {"roles, facts above", "text", "a.txt",
         "Transcript\nDate: 2024-05-06 10:00\nChat ID: 17\n\nAgent: Hello,\nhow are you?\n\nCustomer: Fine: "
         "thanks\nAddress: 4 Elm "
         "St\nAgent: Ok\n",
         "1:17 at=1714989600000/record-no-zone\n  agent|Hello,\nhow are you?\n  customer|Fine: thanks\nAddress: 4 Elm "
         "St\n"
         "  agent|Ok\n"},
        {"names that repeat", "text", "a.txt",
         "Ada Lee: Hello\nBob: Hi\nAda Lee: The thing is: no\nBob: Oh\nReally: no\n",
         "1:\n  unknown name=Ada Lee|Hello\n  unknown name=Bob|Hi\n  unknown name=Ada Lee|The thing is: no\n"
         "  unknown name=Bob|Oh\n  unknown name=Really|no\n"},
        {"Rev", "text", "a.txt",
         "Speaker 1 (00:00):\nHello\nyou\n\nSpeaker 2 (00:05):\tHi\nSpeaker 1 (01:00:07): Bye\nSpeaker 2 (01:00:09): "
         "Bye\n",
         "1:\n  unknown name=Speaker 1 0|Hello\nyou\n  unknown name=Speaker 2 5000|Hi\n  unknown name=Speaker 1 "
         "3607000|Bye\n"
         "  unknown name=Speaker 2 3609000|Bye\n"},
        {"times of the day, events", "text", "a.txt",
         "(11:59:30 AM) Agent Ada: Hello\n(11:59:40 AM) *** Bob joined the chat ***\n(12:00:30 PM) Customer: "
         "Hi\nthere\n",
         "1:\n  agent name=Ada 0|Hello\n  system 10000|*** Bob joined the chat ***\n  customer 60000|Hi\nthere\n"},
        {"offsets in brackets, stars", "text", "a.txt", "[00:01] **Agent:** Hello\n[00:04] **Caller**: Hi\n",
         "1:\n  agent 1000|Hello\n  customer 4000|Hi\n"},
        {"one side only", "text", "a.txt", "Customer: Hi\nCustomer: Hello?\n",
         "1:\n  customer|Hi\n  customer|Hello?\n"},
        {"CR alone ends lines", "text", "a.txt", "Agent: a\rCustomer: b\r", "1:\n  agent|a\n  customer|b\n"},
        {"times before names", "text", "a.txt",
         "Chat started\n[10:01:02 AM] System: Connected\n[10:01:10 AM] John: Hello\n[10:01:12 AM] Ada K.: Hi\n",
         "1:\n  system 0|Connected\n  unknown name=John 8000|Hello\n  unknown name=Ada K. 10000|Hi\n"},
        {"instants before labels", "text", "a.txt",
         "2024-05-06 10:00:05 Agent: Hello\n2024-05-06T10:00:15Z Customer: Hi\n2024-05-06 10:00:25 [Agent] Ok\n",
         "1: at=1714989605000/record-no-zone\n  agent 0|Hello\n  customer 10000|Hi\n  agent 20000|Ok\n"},
        {"times in brackets behind names", "text", "a.txt",
         "Ada [10:00:05]: Hello\nBob [10:00:15]: Hi\nAda [10:00:25]: Ok\n",
         "1:\n  unknown name=Ada 0|Hello\n  unknown name=Bob 10000|Hi\n  unknown name=Ada 20000|Ok\n"},
        {"items of a list that are roles", "text", "a.txt", "1. Agent: a\n2. Customer: b\n- **Agent**: c\n- Price: 5\n",
         "1:\n  agent|a\n  customer|b\n  agent|c\n- Price: 5\n"},
        {"a page", "text", "a.html",
         "<!DOCTYPE html>\n<html><head><title>Agent: x</title><style>p { color: red }</style></head><body><h1>Chat</h1>"
         "<p><b>Agent:</b> Hello &amp; hi</p><p>Customer: Ho</p><script>Agent: y</script></body></html>\n",
         "1:\n  agent|Hello & hi\n  customer|Ho\n"},
        {"items of a list are no labels where others are", "text", "a.txt",
         "Agent: two flights\n- Outbound: A to B\n- Customer: Al\nCustomer: ok\n",
         "1:\n  agent|two flights\n- Outbound: A to B\n- Customer: Al\n  customer|ok\n"},
        {"Google Meet", "text", "a.txt",
         "Weekly - Transcript\n00:00:00\n \nAda Lee: Hello\nBob: Hi\n00:05:00\n \nAda Lee: and: so\nBob: right\n"
         "Meeting ended after 00:06:00\n",
         "1:\n  unknown name=Ada Lee 0|Hello\n  unknown name=Bob|Hi\n  unknown name=Ada Lee 300000|and: so\n"
         "  unknown name=Bob|right\n"},
        {"numbered speakers, once each", "text", "a.txt", "Speaker 1: Hello\n\nSpeaker 2: Hi\n",
         "1:\n  unknown name=Speaker 1|Hello\n  unknown name=Speaker 2|Hi\n"},
        {"Speechmatics", "text", "a.txt", "SPEAKER: S1\nHello.\nSo: you\nSPEAKER: UU\nHi\n",
         "1:\n  unknown name=S1|Hello.\nSo: you\n  unknown name=UU|Hi\n"},
        {"names with roles in brackets", "text", "a.txt", "Ada (Agent): a\nBob (Customer): b\nSupport Team: c\n",
         "1:\n  agent name=Ada|a\n  customer name=Bob|b\nSupport Team: c\n"},
    };
    (void)state;
    check(rows, ROWS(rows));
}

static void uccx(void **state)
{
    static const struct row rows[] = {
        {"messages, entities, CDATA, elements that are missing", "uccx", "a.xml",
         "<?xml version=\"1.0\"?>\n<ChatTranscript v=\"1\"><startDate>1714989600000</startDate>\n"
         "<chat><time>1714989605000</time><name>Ada &amp; Co</name><msg>Hello &amp; "
         "&lt;b&gt;welcome&lt;/b&gt;</msg></chat>"
         "<chat><name>Agent</name><msg><![CDATA[1 < 2 & 3]]></msg></chat><chat><time>x</time></chat><chat><msg>y",
         "1: channel=chat at=1714989600000/record\n  unknown name=Ada & Co 5000|Hello & welcome\n  agent|1 < 2 & 3\n  "
         "unknown|y\n"},
        {"nothing in it", "uccx", "a.xml", "<ChatTranscript></ChatTranscript>",
         "1!nobody says anything in this file\n"},
    };
    (void)state;
    check(rows, ROWS(rows));
}

static void intercom_text(void **state)
{
    static const struct row rows[] = {
        {"by the desk: the workspace in the last line", "intercom-text", "a.txt",
         "Conversation with Kim West\nStarted on May 6, 2024 at 11:58 PM Eastern Time (US & Canada) time EDT "
         "(GMT-0400)\n"
         "\n--- May 6, 2024 ---\n\n11:58 PM | Kim West: Where is it?\n\n11:59 PM | Ada from Shop: Here:\n4711\n\n"
         "--- May 7, 2024 ---\n\n12:01 AM | Fin: Anything else?\n\n12:05 AM | Zoe: a | b: c\n\n---\n\nExported from "
         "Shop on May 7, 2024 at 9:00 AM Eastern Time (US & Canada) time EDT (GMT-0400)\n",
         "1: channel=chat at=1715054280000/record\n  customer name=Kim West 0|Where is it?\n  agent name=Ada "
         "60000|Here:\n4711\n  bot name=Fin 180000|Anything else?\n  unknown name=Zoe 420000|a | b: c\n"},
        {"by the customer: no last line, no dates, no zone, times of 24 hours", "intercom-text", "a.txt",
         "Conversation with Shop\r\nStarted on May 6, 2024 at 23:58\r\n\r\n---\r\n\r\n23:58 | Support Bot: "
         "Hi\r\n\r\n00:03 | Ada from Shop: Yes?\r\n00:04 | Ada from Town: No\r\n",
         "1: channel=chat at=1715039880000/record-no-zone\n  bot name=Support Bot 0|Hi\n  agent name=Ada 300000|Yes?\n"
         "  unknown name=Ada from Town 360000|No\n"},
        {"no start that can be read", "intercom-text", "a.txt",
         "Conversation with Shop\nStarted on some day\n\n10:00 AM | Kim: Hi\n",
         "1: channel=chat\n  unknown name=Kim 0|Hi\n"},
    };
    (void)state;
    check(rows, ROWS(rows));
}

/* What is no conversation is not taken for one. */
static void other_texts(void **state)
{
    static const char *const texts[] = {
        "name: x\nversion: 1\nname: y\nversion: 2\n",
        "Package: a\nVersion: 1\nSection: x\nPriority: y\nHomepage: z\n\nPackage: b\nVersion: 2\nSection: x\nPriority: "
        "y\n"
        "Homepage: z\n",
        "Dear all,\nplease note: the office is closed.\nRegards\n",
        "2024-05-06 10:00:05 INFO start: ok\n2024-05-06 10:00:06 INFO end: ok\n",
        "Tea 5:30\nHello\n",
        "10:00:05 INFO: ok\n10:00:06 ERROR: no\n10:00:07 INFO: ok\n",
        "2024-05-06 10:00:05 - INFO: ok\n2024-05-06 10:00:06 - ERROR: no\n2024-05-06 10:00:07 - up\n",
        "2024-05-06 10:00:05 - app - INFO - state: ok\n2024-05-06 10:00:06 - app - ERROR - state: no\n",
        "2024-05-06 10:00:05: started\n2024-05-06 10:00:06: ended\n",
        "[12/05] see below\n",
        "Name: Ada\nPhone: 1\nAddress: X\n\nName: Bob\nPhone: 2\nAddress: Y\n",
        "\n\n",
        "10:15 a walk\n10:30 tea\n",
        "SPEAKER: Ada Lee of the shop\nTOPIC: tea\n",
        "10:00 Welcome\nAda introduces the team\n10:30 Questions\nfor everybody\n11:00 Break\ncoffee\n",
        "2024-05-06 10:00:05 INFO  server: started\n2024-05-06 10:00:06 ERROR db: refused\n2024-05-06 10:00:07 INFO  "
        "server: retry\n",
        "[2024-05-06 10:00:05] local.INFO: in\n[2024-05-06 10:00:06] local.ERROR: out\n",
    };
    (void)state;
    for (size_t i = 0; i < ROWS(texts); i++) {
        struct sample s = {slice_of(texts[i]), true, "a.txt"};
        struct reader_options o = {0};
        struct layout layout;
        const struct format *f = NULL;
        struct err e;
        if (probe(&s, NULL, &o, &layout, &f, &e) != ERR_INPUT)
            fail_msg("taken for %s: %s", f != NULL ? f->name : "?", texts[i]);
    }
}

static void labels_of_lines(void **state)
{
    static const struct {
        const char *line, *name, *text;
        int64_t time;
    } rows[] = {
        {"Ada: Hello", "Ada", "Hello", MS_NONE},
        {"  Ada Lee:", "Ada Lee", "", MS_NONE},
        {"Lee, Ada (Ext): x", "Lee, Ada (Ext)", "x", MS_NONE},
        {"Ada (0:12): x", "Ada", "x", 12000},
        {"10:15 AM Ada: x", "Ada", "x", 36900000},
        {"[12:15:01 a.m.] Ada: x", "Ada", "x", 901000},
        {"(00:12) Ada: x", "Ada", "x", 12000},
        {"00:12 - Ada: x", "Ada", "x", 12000},
        {">> Ada: x", "Ada", "x", MS_NONE},
        {"[Ada] x", "Ada", "x", MS_NONE},
        {"+44 20 7946: x", "+44 20 7946", "x", MS_NONE},
        {"\xc3\x81"
         "da: x",
         "\xc3\x81"
         "da",
         "x", MS_NONE},
        {"http://x.y", NULL, NULL, 0},
        {"https: x", NULL, NULL, 0},
        {"10:30", NULL, NULL, 0},
        {"one two three four five: x", NULL, NULL, 0},
        {"A name that is much longer than forty characters: x", NULL, NULL, 0},
        {"Action 1: x", NULL, NULL, 0},
        {"**Outbound - May 20:** x", NULL, NULL, 0},
        {"- Customer: x", "Customer", "x", MS_NONE},
        {"What? No: x", NULL, NULL, 0},
        {"Note: x", NULL, NULL, 0},
        {"- Price: 1", NULL, NULL, 0},
        {"[Music] x", NULL, NULL, 0},
        {": x", NULL, NULL, 0},
        {"", NULL, NULL, 0},
        {"[", NULL, NULL, 0},
        {"(", NULL, NULL, 0},
        {"[10:15", NULL, NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct line_label x;
        bool is_like = line_labels_split(slice_of(rows[i].line), &x);
        if (is_like != (rows[i].name != NULL))
            fail_msg("\"%s\": %d", rows[i].line, is_like);
        if (is_like &&
            (!slice_is(x.name, rows[i].name) || !slice_is(x.text, rows[i].text) || x.time_ms != rows[i].time))
            fail_msg("\"%s\": %.*s|%.*s %lld", rows[i].line, SLICE_ARG(x.name), SLICE_ARG(x.text),
                     (long long)x.time_ms);
    }
}

/* Whatever the bytes, reading ends and memory that is gone is told. */
static void odd_bytes_and_no_memory(void **state)
{
    static const char *const pieces[] = {"01/02/24, 11:25 - ",
                                         "Ada: ",
                                         "\n",
                                         "[",
                                         "00:01 --> 00:02\n",
                                         "]",
                                         "10:00:05\t",
                                         "From ",
                                         " to ",
                                         ":",
                                         "  0:01\n",
                                         "Agent: ",
                                         "Customer: ",
                                         "\xe2\x80",
                                         "\xff",
                                         "<v ",
                                         ">",
                                         "(10:15 AM) ",
                                         "Conversation with Ada\nStarted on May 6, 2024 at 10:00 AM (GMT+0200)\n",
                                         "10:00 AM | Ada from ",
                                         "--- May 7, 2024 ---\n",
                                         "Exported from "};
    static const char *const names[] = {"vtt",   "srt",  "whatsapp", "zoom-chat",
                                        "otter", "text", "uccx",     "intercom-text"};
    unsigned seed = 7;
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct strbuf text = STRBUF_INIT;
        for (int i = 0; i < 40; i++) {
            seed = seed * 1103515245u + 12345u;
            strbuf_puts(&text, pieces[(seed >> 16) % ROWS(pieces)]);
        }
        for (size_t k = 0; k < ROWS(names); k++) {
            struct listing l = {STRBUF_INIT, 0, 0};
            struct text_input input = {strbuf_slice(&text), 11, false};
            struct reader_input in = {&input, text_input_read};
            struct reader_sink sink = listing_sink(&l);
            struct reader_options o = {0};
            struct sample s = {strbuf_slice(&text), false, "a"};
            const struct format *f;
            struct err e = {.code = ERR_OK};
            assert_int_equal(probe_named(names[k], &f, &e), ERR_OK);
            (void)f->probe(&s, &o, &e);
            if (round % 10 == 0)
                failing_alloc_at(round / 10 + 1);
            enum err_code rc = f->read(&in, "a", &o, &sink, &e);
            bool was_hit = failing_alloc_off() && round % 10 == 0;
            if (rc != (was_hit ? ERR_NOMEM : ERR_OK))
                fail_msg("%s, round %d: %s", names[k], round, err_name(rc));
            assert_true(was_hit || l.conversations + l.rejects == 1);
            strbuf_free(&l.out);
        }
        strbuf_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(otter),
        cmocka_unit_test(zoom_chat),
        cmocka_unit_test(whatsapp),
        cmocka_unit_test(whatsapp_marks),
        cmocka_unit_test(whatsapp_languages),
        cmocka_unit_test(uccx),
        cmocka_unit_test(intercom_text),
        cmocka_unit_test(labelled_text),
        cmocka_unit_test(other_texts),
        cmocka_unit_test(labels_of_lines),
        cmocka_unit_test(odd_bytes_and_no_memory),
    };
    return cmocka_run_group_tests_name("text formats", tests, NULL, NULL);
}
