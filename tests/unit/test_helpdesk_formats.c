#include "ingest/formats/readers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/documents.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct document_case zendesk_chat[] = {
    {"a page: triggers are bots, joins and ratings no turns, several agents", "zendesk-chat", NULL,
     "{'chats':[{'id':'2.7','type':'chat','timestamp':'2024-05-06T10:00:00Z','visitor':{'id':'3.4','name':'Kim'},"
     "'agent_names':['Ada','Bo'],'department_name':'Billing','history':["
     "{'type':'chat.memberjoin','name':'Kim','nick':'visitor:3.4','timestamp':'2024-05-06T10:00:00Z'},"
     "{'type':'chat.msg','name':'Kim','nick':'visitor:3.4','sender_type':'Visitor','msg':'Hi','timestamp':"
     "'2024-05-06T10:00:02Z'},{'type':'chat.msg','name':'Hello bot','nick':'agent:trigger','sender_type':'Agent','msg':"
     "'One moment','timestamp':'2024-05-06T10:00:03Z'},{'type':'chat.msg','name':'Ada','nick':'agent:11','sender_type':"
     "'Agent','msg':'I pass you on','timestamp':'2024-05-06T10:00:04Z'},{'type':'chat.msg','name':'Bo','nick':"
     "'agent:12','msg':'Yes?','timestamp':'2024-05-06T10:00:05.500Z'},{'type':'chat.msg','nick':'__system','msg':"
     "'Kim waits','timestamp':'2024-05-06T10:00:06Z'},{'type':'chat.file','nick':'visitor','attachment':{'name':'a'}},"
     "{'type':'chat.rating','nick':'visitor','new_rating':'good'}]},"
     "{'id':'2.8','type':'offline_msg','timestamp':'2024-05-06T11:00:00Z','visitor':{'name':'Jo','email':'j@x.com'},"
     "'message':'Call me'},{'id':'2.9','type':'chat','visitor':{},'history':[]},7],'count':4,'end_time':1}",
     "1:2.7 channel=chat queue=Billing customer=3.4 at=1714989600000/record\n  customer name=Kim 2000|Hi\n"
     "  bot name=Hello bot 3000|One moment\n  agent id=11 name=Ada 4000|I pass you on\n"
     "  agent id=12 name=Bo 5500|Yes?\n  system 6000|Kim waits\n"
     "1:2.8 channel=chat customer=j@x.com at=1714993200000/record\n  customer name=Jo 0|Call me\n"
     "1!a conversation without turns: no turn has any text\n1!a chat without a history\n"},
    {"chats by their ids, people by their names", "zendesk-chat", NULL,
     "{'docs':{'1':{'id':1,'agent_names':['Ada'],'visitor':{'name':'Kim'},'history':["
     "{'type':'chat.msg','name':'Kim','msg':'Hi'},{'type':'chat.msg','name':'Ada','msg':'Hello'},"
     "{'type':'chat.msg','name':'Zoe','msg':'Me too'}]}},'count':1}",
     "1:1 channel=chat\n  customer name=Kim|Hi\n  agent name=Ada|Hello\n  unknown name=Zoe|Me too\n"},
    {"one chat a line", "zendesk-chat", NULL,
     "{'id':'a','type':'offline_msg','visitor':{'id':'v'},'message':'One'}\n"
     "{'id':'b','type':'offline_msg','visitor':{'id':'w'},'message':'Two'}\n",
     "1:a channel=chat customer=v\n  customer|One\n2:b channel=chat customer=w\n  customer|Two\n"},
    {"the last page is empty", "zendesk-chat", NULL, "{'chats':[],'count':0,'end_time':1714989600}", ""},
};

static const struct document_case intercom[] = {
    {"first message outside the parts, notes, bots, events, HTML", "intercom", NULL,
     "{'type':'conversation','id':'7','created_at':1714989600,'source':{'type':'conversation','body':'<p>Hi &amp; "
     "hello</p>','author':{'type':'lead','id':'c1','name':'Kim'}},'contacts':{'contacts':[{'id':'c1'}]},"
     "'conversation_parts':{'type':'conversation_part.list','conversation_parts':["
     "{'part_type':'comment','body':'<p>One<br>two</p>','created_at':1714989610,'author':{'type':'bot','id':'9','name':"
     "'Fin'}},{'part_type':'comment','body':'<p>Ask me</p>','created_at':1714989611,'author':{'type':'admin','id':'8',"
     "'name':'Operator'}},{'part_type':'assignment','body':null,'created_at':1714989612,'author':{'type':'admin','id':"
     "'5','name':'Ada'}},{'part_type':'note_and_reopen','body':'<p>angry</p>','created_at':1714989613,'author':{'type':"
     "'admin','id':5}},{'part_type':'close','body':'<p>Bye</p>','created_at':1714989614,'author':{'type':'admin','id':"
     "'5'}},{'part_type':'comment','body':'<p><img src=x></p>','created_at':1714989615,'author':{'type':'user'}},"
     "{'part_type':'comment','body':'I sum up','created_at':1714989616,'author':{'type':'admin','id':'6','name':'Aide',"
     "'from_ai_agent':true}},{'part_type':'comment','body':'Early','created_at':1600000000,'author':{'type':'team'}}]}"
     "}",
     "1:7 channel=conversation customer=c1 at=1714989600000/record\n  customer id=c1 name=Kim 0|Hi & hello\n"
     "  bot id=9 name=Fin 10000|One\ntwo\n  bot id=8 name=Operator 11000|Ask me\n  note id=5 name=Ada 13000|angry\n"
     "  agent id=5 name=Ada 14000|Bye\n  bot id=6 name=Aide 16000|I sum up\n  agent|Early\n"},
    {"an admin called Operator whose id goes by a person's name, too", "intercom", NULL,
     "{'type':'conversation','id':'7','conversation_message':{'type':'conversation_message','body':'Hi','author':{"
     "'type':'admin','id':'8','name':'Operator'}},'user':{'type':'user','id':'u1'},'conversation_parts':{"
     "'conversation_parts':[{'part_type':'open','body':null,'author':{'type':'admin','id':'8','name':'Bo'}}]}}",
     "1:7 channel=conversation_message customer=u1\n  agent id=8 name=Operator|Hi\n"},
    {"a webhook", "intercom", NULL,
     "{'type':'notification_event','topic':'conversation.user.created','data':{'type':'notification_event_data','item':"
     "{'type':'conversation','id':3,'created_at':1714989600,'source':{'type':'email','body':'<div>Help</div>','author':"
     "{'type':'user','id':'u'}},'conversation_parts':{'conversation_parts':[]}}}}",
     "1:3 channel=email customer=u at=1714989600000/record\n  customer id=u 0|Help\n"},
    {"a page: conversations without parts", "intercom", NULL,
     "{'type':'conversation.list','conversations':[{'type':'conversation','id':'1','source':{'body':'a','author':{"
     "'type':'user'}}},{'type':'conversation','id':'2','source':{'body':null,'author':null}},null]}",
     "1:1 channel=conversation\n  customer|a\n1!a conversation without turns: no turn has any text\n"
     "1!no conversation: neither a source nor conversation_parts\n"},
    {"a ticket", "intercom", NULL,
     "{'type':'ticket','id':'4','created_at':1714989600,'ticket_parts':{'ticket_parts':[{'part_type':'comment','body':"
     "'<p>Broken</p>','created_at':1714989605,'author':{'type':'contact','id':'c'}}]}}",
     "1:4 channel=conversation customer=c at=1714989600000/record\n  customer id=c 5000|Broken\n"},
};

static const struct document_case freshchat[] = {
    {"private is a note, system is the system, newest first, two conversations", "freshchat", NULL,
     "{'messages':[{'id':'4','conversation_id':'k','actor_type':'system','actor_id':'','message_type':'system',"
     "'created_time':'2024-05-06T10:02:00.000Z','message_parts':[{'text':{'content':'Resolved'}}]},"
     "{'id':'9','conversation_id':'m','actor_type':'bot','message_type':'normal','created_time':"
     "'2024-05-06T10:01:40Z','message_parts':[{'text':{'content':'Pick one'}},{'quick_reply_button':{'label':'A'}}]},"
     "{'id':'3','conversation_id':'k','actor_type':'agent','actor_id':'g','message_type':'private','created_time':"
     "'2024-05-06T10:01:30.000Z','message_parts':[{'text':{'content':'known bug'}}]},"
     "{'id':'2','conversation_id':'k','actor_type':'agent','actor_id':'g','message_type':'normal','created_time':"
     "'2024-05-06T10:01:00.000Z','message_parts':[{'text':{'content':'Please update'}},{'image':{'url':'x'}},{'text':"
     "{'content':'to 4.2'}}]},{'id':'1','conversation_id':'k','actor_type':'user','actor_id':'u','message_type':"
     "'normal','created_time':'2024-05-06T10:00:00.000Z','message_parts':[{'text':{'content':'It crashes'}}]},"
     "{'id':'0','conversation_id':'k','actor_type':'user','message_parts':[{'image':{'url':'y'}}]}]}",
     "1:k channel=chat customer=u at=1714989600000/record\n  customer id=u 0|It crashes\n"
     "  agent id=g 60000|Please update\nto 4.2\n  note id=g 90000|known bug\n  system 120000|Resolved\n"
     "1:m channel=chat at=1714989700000/record\n  bot 0|Pick one\n"},
    {"the id around the list, a bare list", "freshchat", NULL,
     "{'conversation_id':'c','messages':[{'actor_type':'user','message_parts':[{'text':{'content':'Hi'}}]},3]}\n"
     "[{'actor_type':'agent','message_parts':[{'text':{'content':'Ho'}}]}]\n",
     "1:c channel=chat\n  customer|Hi\n2: channel=chat\n  agent|Ho\n"},
};

static void zendesk_chat_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(zendesk_chat); i++)
        expect_document(&zendesk_chat[i]);
}

static void intercom_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(intercom); i++)
        expect_document(&intercom[i]);
}

static void freshchat_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(freshchat); i++)
        expect_document(&freshchat[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zendesk_chat_documents),
        cmocka_unit_test(intercom_documents),
        cmocka_unit_test(freshchat_documents),
    };
    return cmocka_run_group_tests_name("help desks", tests, NULL, NULL);
}
