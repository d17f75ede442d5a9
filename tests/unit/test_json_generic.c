#include "ingest/formats/readers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/documents.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/listing.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct document_case shapes[] = {
    {"OpenAI: contents as lists; calls and answers of tools are no turns", "json", NULL,
     "{'messages':[{'role':'system','content':'You help'},{'role':'user','content':'Hi'},{'role':'assistant','content':"
     "null,'tool_calls':[{'id':'c','type':'function','function':{'name':'f','arguments':'{}'}}]},{'role':'tool',"
     "'tool_call_id':'c','content':'42'},{'role':'assistant','content':[{'type':'text','text':'It is'},{'type':"
     "'image_url','image_url':{'url':'x'}},{'type':'text','text':'42'}]},{'role':'user','content':[{'type':"
     "'tool_result','content':'no'}]},{'role':'developer','content':'be "
     "brief'},{'role':'function','name':'f','content':"
     "'43'}]}",
     "1:\n  system|You help\n  customer|Hi\n  agent|It is\n42\n  system|be brief\n"},
    {"ShareGPT: the list holds turns, and the calls of functions are none", "json", NULL,
     "{'id':'i1','conversations':[{'from':'human','value':'Hi'},{'from':'function_call','value':'f()'},{'from':"
     "'observation','value':'1'},{'from':'gpt','value':'Ho'}]}",
     "1:i1\n  customer|Hi\n  agent|Ho\n"},
    {"a wrapper of that name holds conversations", "json", NULL,
     "{'conversations':[{'id':'a','messages':[{'role':'user','content':'Hi'}]},{'id':'b','messages':[{'role':'user',"
     "'content':'Ho'}]}]}",
     "1:a\n  customer|Hi\n1:b\n  customer|Ho\n"},
    {"pairs; of two lists the one that goes before", "json", NULL,
     "{'convo_id':3,'delexed':[{'speaker':'agent','text':'<name>'}],'original':[['agent','Hi'],['customer','Ho'],"
     "['action','looked up']]}",
     "1:3\n  agent|Hi\n  customer|Ho\n  system|looked up\n"},
    {"a list of pairs alone, and one of turns", "json", NULL,
     "[['agent','Hi'],['customer','Ho']]\n[{'speaker':'Agent 1','text':'Hi'}]\n",
     "1:\n  agent|Hi\n  customer|Ho\n2:\n  agent|Hi\n"},
    {"DSTC11", "json", NULL,
     "{'dialogue_id':'d1','turns':[{'turn_id':'0','speaker_role':'Agent','utterance':'Hi','dialogue_acts':['x']},"
     "{'turn_id':'1','speaker_role':'Customer','utterance':'Ho','intents':[]}]}",
     "1:d1\n  agent|Hi\n  customer|Ho\n"},
    {"the deepest list, several wrappers down; a speaker with a name", "json", NULL,
     "{'data':{'result':{'call_id':7,'parts':[{'speaker':{'name':'Ada','role':'agent','id':4},'body':'Hi','at':'00:01'"
     "}]}}}",
     "1:7\n  agent id=4 name=Ada 1000|Hi\n"},
    {"topics with turns in them: the turns count", "json", NULL,
     "{'session_id':'s','entries':[{'speaker':'x','text':'topic','turns':[{'role':'agent','text':'Hi'}]},{'speaker':'x'"
     ","
     "'text':'topic','turns':[{'role':'agent','text':'Ho'}]}]}",
     "1:\n  agent|Hi\n1:\n  agent|Ho\n"},
    {"names and ids that can only be a speaker's", "json", NULL,
     "{'data':{'transcript':{'id':'f','sentences':[{'speaker_name':'Ada','text':'Hi','start_time':0.5},{'speakerName':"
     "'Kim','text':'Ho','start_time':1.5}]}}}\n{'conversations':[{'id':'c','conversationItems':[{'text':'Hi',"
     "'participantId':'Agent_1'},{'text':'Ho','participantId':'Customer_2'}]}]}\n",
     "1:f\n  unknown name=Ada 500|Hi\n  unknown name=Kim 1500|Ho\n2:c\n  agent id=Agent_1|Hi\n  customer "
     "id=Customer_2|Ho\n"},
    {"incoming and outgoing, notes, the id in the turns: a page", "json", NULL,
     "{'payload':[{'content':'Hi','message_type':0,'created_at':1714989600,'conversation_id':44,'sender':{'id':1,'name'"
     ":"
     "'Kim','type':'contact'}},{'content':'Yes?','message_type':1,'private':false,'created_at':1714989605,"
     "'conversation_id':44,'sender':{'id':7,'name':'Ada','type':'user'}},{'content':'rude','message_type':1,'private':"
     "true,"
     "'created_at':1714989606,'conversation_id':44,'sender':{'id':7,'name':'Ada','type':'user'}},{'content':'Ada left',"
     "'message_type':2,'created_at':1714989607,'conversation_id':44}]}",
     "1:44 at=1714989600000/record\n  customer id=1 name=Kim 0|Hi\n  agent id=7 name=Ada 5000|Yes?\n  note id=7 "
     "name=Ada "
     "6000|rude\n  system 7000|Ada left\n"},
    {"facts beside the list; sent by; a text within a text", "json", NULL,
     "{'conversationHistoryRecords':[{'info':{'conversationId':'lp','startTimeL':1},'messageRecords':[{'messageData':{"
     "'msg':{'text':'Hi'}},'sentBy':'Consumer','time':'2024-05-06T10:00:01Z'},{'messageData':{'msg':{'text':'Yes?'}},"
     "'sentBy':'Agent','participantId':'77','time':'2024-05-06T10:00:05Z'}]}]}",
     "1:lp at=1714989601000/record\n  customer 0|Hi\n  agent id=77 4000|Yes?\n"},
    {"newest first; parts of a text with values", "json", NULL,
     "{'object':'list','data':[{'id':'2','thread_id':'t','role':'assistant','created_at':1714989609,'content':[{'type':"
     "'text','text':{'value':'Hello','annotations':[]}}]},{'id':'1','thread_id':'t','role':'user','created_at':"
     "1714989600"
     ",'content':[{'type':'text','text':{'value':'Hi'}}]}],'has_more':false}",
     "1:t at=1714989600000/record\n  customer 0|Hi\n  agent 9000|Hello\n"},
    {"out of order in part: as it stands", "json", NULL,
     "{'messages':[{'role':'user','text':'1','at':5},{'role':'user','text':'2','at':9},{'role':'user','text':'3','at':"
     "0}]"
     "}",
     "1:\n  customer 5000|1\n  customer 9000|2\n  customer 0|3\n"},
    {"entries of Salesforce's object", "json", NULL,
     "{'totalSize':2,'done':true,'records':[{'attributes':{'type':'ConversationEntry'},'ConversationId':'0Mw','"
     "ActorType':"
     "'EndUser','ActorName':'Kim','ActorId':'0PA','EntryType':'Text','Message':'Hi','EntryTime':"
     "'2024-05-06T10:00:00.000+0000'},{'ConversationId':'0Mw','ActorType':'Bot','ActorName':'Max','Message':'Yes?',"
     "'EntryTime':'2024-05-06T10:00:05.000+0000'}]}",
     "1:0Mw at=1714989600000/record\n  customer id=0PA name=Kim 0|Hi\n  bot name=Max 5000|Yes?\n"},
    {"messages of Teams as Graph gives them", "json", NULL,
     "{'value':[{'messageType':'message','createdDateTime':'2024-05-06T10:00:00Z','chatId':'19:a','from':{'application'"
     ":"
     "null,'user':{'id':'u1','displayName':'Ada'}},'body':{'contentType':'html','content':'<p>Hi &amp; ho</p>'}}]}",
     "1:19:a at=1714989600000/record\n  unknown id=u1 name=Ada 0|Hi & ho\n"},
    {"who speaks as yes or no", "json", NULL,
     "{'messages':[{'incoming':true,'private':false,'body':'Hi'},{'incoming':false,'private':true,'body':'Ho'}]}\n"
     "{'messages':[{'is_agent':true,'text':'Hi'},{'isAgent':'False','text':'Ho'}]}\n"
     "{'messages':[{'inbound':true,'body':'Hi'},{'inbound':false,'body':'Ho'},{'inbound':null,'body':'?'}]}\n",
     "1:\n  customer|Hi\n  note|Ho\n2:\n  agent|Hi\n  customer|Ho\n3:\n  customer|Hi\n  agent|Ho\n  unknown|?\n"},
    {"half of the items are turns, more are none", "json", NULL,
     "{'messages':[{'kind':'a'},{'role':'user','text':'1'},{'kind':'b'},{'role':'user','text':'2'},{'kind':'c'},{'role'"
     ":"
     "'user','text':'3'},{'kind':'d'},{'role':'user','text':'4'},{'kind':'e'},{'kind':'f'},{'kind':'g'}]}",
     "1:\n  customer|1\n  customer|2\n  customer|3\n  customer|4\n"},
};

static void documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(shapes); i++)
        expect_document(&shapes[i]);
}

static const struct document_case cells[] = {
    {"a transcript as text, an object a line", "json-cell", NULL,
     "{'call_id':7,'agent_name':'Ada','started_at':'2024-05-06T10:00:00Z','transcript':'Agent: Hi\\nCustomer: "
     "Hello\\n'}\n"
     "{'call_id':8,'transcript':'no labels'}\n{'call_id':9,'Full_Transcript':'<p>Agent: a &amp; b</p><p>Customer: "
     "c</p>'}\n",
     "1:7 agent-name=Ada at=1714989600000/record\n  agent|Hi\n  customer|Hello\n"
     "2!no conversation: no transcript with the labels of speakers\n3:9\n  agent|a & b\n  customer|c\n"},
    {"lines as a list; of several texts the better one", "json-cell", NULL,
     "{'id':'x','chat':'Agent: no\\nCustomer: no','conversation':['Agent: Hi','Customer: Hello','there']}",
     "1:x\n  agent|Hi\n  customer|Hello\nthere\n"},
    {"Salesforce's chats", "json-cell", NULL,
     "{'status':0,'result':{'records':[{'Id':'570A','StartTime':'2024-05-06T10:00:00.000+0000','Body':'<p "
     "align=\\'center\\'>Chat Started: Monday, May 06, 2024, 10:00:00 (+0000)</p><p align=\\'center\\'>Agent Ada "
     "L</p>( 5s ) Ada L: Hello<br>( 9s ) Kim: Hi &amp; bye<br>'},{'Id':'570B','Body':null}]}}",
     "1:570A channel=chat agent-name=Ada L at=1714989600000/record\n  agent name=Ada L 5000|Hello\n  customer name=Kim "
     "9000|Hi & bye\n1!no conversation: no transcript with the labels of speakers\n"},
    {"a list of them in an object", "json-cell", NULL,
     "{'data':[{'id':1,'dialogue':'Customer: Hi Agent: Ho'},{'id':2}]}",
     "1:1\n  customer|Hi\n  agent|Ho\n1!no conversation: no transcript with the labels of speakers\n"},
};

static void cell_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(cells); i++)
        expect_document(&cells[i]);
}

static void utterances_with_older_keys(void **state)
{
    (void)state;
    expect_listing("ConvoKit", "convokit", "utterances.jsonl",
                   SLICE_LIT("{\"id\":\"u1\",\"speaker\":\"a\",\"conversation_id\":\"c\",\"reply-to\":null,"
                             "\"timestamp\":null,\"text\":\"x\"}\n"
                             "{\"speaker\":{\"id\":\"b\"},\"conversation_id\":\"c\",\"reply-to\":\"u1\",\"text\":\"y\","
                             "\"meta\":{\"role\":\"agent\"}}\n"
                             "{\"id\":\"u3\",\"user\":\"a\",\"root\":\"d\",\"text\":\"z\"}\n"),
                   (struct reader_options){.max_record_bytes = 1 << 20},
                   "1:c\n  unknown id=a|x\n  agent id=b|y\n3:d\n  unknown id=a|z\n");
}

/* TEXT has ' for ". */
static void expect_rows(const char *label, const char *text, const char *want)
{
    char buf[2000];
    size_t n = strlen(text);
    assert_true(n < sizeof buf);
    for (size_t i = 0; i < n; i++)
        buf[i] = (char)(text[i] == '\'' ? '"' : text[i]);
    expect_listing(label, "json-turns", "a.jsonl", (struct slice){buf, n},
                   (struct reader_options){.max_record_bytes = 1 << 20}, want);
}

static void one_turn_an_object(void **state)
{
    (void)state;
    expect_rows(
        "lines, mixed and out of order",
        "{'conversation_id':7,'role':'agent','text':'Hi','created_at':'2024-05-06T10:00:01Z','channel':'chat'}\n"
        "{'conversation_id':8,'role':'customer','text':'Ho','created_at':'2024-05-06T11:00:00Z','agent_id':'a8'}\n"
        "{'conversation_id':7,'role':'customer','text':'Hello','created_at':'2024-05-06T10:00:00Z'}\n"
        "{'conversation_id':7,'role':'tool','text':'42'}\n{'conversation_id':9,'text':'who?'}\n",
        "5!no turn: one has a conversation_id, a text and a role or speaker\n"
        "2:8 agent=a8 at=1714993200000/record\n  customer 0|Ho\n"
        "1:7 channel=chat at=1714989600000/record\n  customer 0|Hello\n  agent 1000|Hi\n");
    expect_rows(
        "an array; turns have numbers",
        "[{'chat_id':'a','turn':2,'sender':'bot','message':'two'},{'chat_id':'a','turn':'1','is_agent':false,"
        "'message':'one','sender':'Kim'},{'chat_id':'b','turn':1,'sender':'x','message':'b','start':1.5}, null]",
        "1!no turn: one has a conversation_id, a text and a role or speaker\n"
        "1:a\n  customer name=Kim|one\n  bot|two\n1:b\n  unknown name=x 1500|b\n");
    expect_rows(
        "a list of two conversations in an object",
        "{'rows':[{'session_id':'a','speaker':'agent','text':'x'},{'session_id':'b','speaker':'agent','text':'y'}]}",
        "1:a\n  agent|x\n1:b\n  agent|y\n");
}

static void who_speaks_by_an_id_only(void **state)
{
    (void)state;
    expect_rows(
        "comments of tickets",
        "{'ticket_id':5,'author_id':11,'body':'x','public':true}\n{'ticket_id':5,'author_id':12,'body':'y','public':"
        "false}\n",
        "1:5\n  unknown id=11|x\n  note id=12|y\n");
    expect_rows("posts of one thread",
                "{'data':[{'id':'1','conversation_id':'1','author_id':'7','text':'x','created_at':"
                "'2024-05-06T10:00:00.000Z'},{'id':'2','conversation_id':'1','author_id':'8','text':'y','created_at':"
                "'2024-05-06T10:00:01.000Z'}],'includes':{'users':[{'id':'7','name':'Kim'}]}}",
                "1:1 at=1714989600000/record\n  unknown id=7 0|x\n  unknown id=8 1000|y\n");
}

/* Rows with keys that help desks have, too, are still their owner's. */
static void rows_like_messages_of_desks(void **state)
{
    (void)state;
    expect_rows("inbound or not",
                "{'conversation_id':'c','is_inbound':true,'body':'Hi'}\n"
                "{'conversation_id':'c','is_inbound':false,'body':'Ho'}\n",
                "1:c\n  customer|Hi\n  agent|Ho\n");
}

static void rows_when_memory_is_gone(void **state)
{
    (void)state;
    const struct slice text = SLICE_LIT("[{\"chat_id\":1,\"role\":\"agent\",\"text\":\"<b>x</b>\"},{\"chat_id\":2.5,"
                                        "\"role\":\"user\",\"text\":\"y\"},{},3]");
    for (long nth = 1;; nth++) {
        struct listing l = {STRBUF_INIT, 0, 0};
        struct text_input input = {text, 10, false};
        struct reader_input in = {&input, text_input_read};
        struct reader_sink sink = listing_sink(&l);
        const struct reader_options o = {.max_record_bytes = 1 << 20};
        struct err e;
        failing_alloc_at(nth);
        enum err_code rc = json_turns_read(&in, "a.json", &o, &sink, &e);
        bool was_hit = failing_alloc_off();
        strbuf_free(&l.out);
        assert_int_equal(rc, was_hit ? ERR_NOMEM : ERR_OK);
        if (!was_hit)
            break;
    }
}

static const struct document_case alone[] = {
    {"a list of turns of one conversation is that", "json", NULL,
     "{'messages':[{'thread_id':'a','role':'user','content':'x'},{'thread_id':'a','role':'assistant','content':'y'}]}",
     "1:\n  customer|x\n  agent|y\n"},
};

static void one_conversation(void **state)
{
    (void)state;
    expect_document(&alone[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),
        cmocka_unit_test(cell_documents),
        cmocka_unit_test(one_turn_an_object),
        cmocka_unit_test(rows_like_messages_of_desks),
        cmocka_unit_test(rows_when_memory_is_gone),
        cmocka_unit_test(who_speaks_by_an_id_only),
        cmocka_unit_test(one_conversation),
        cmocka_unit_test(utterances_with_older_keys),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
