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

static const struct document_case livechat[] = {
    {"archives: a chat comes with each of its threads", "livechat", NULL,
     "{'chats':[{'id':'PJ','users':[{'id':'b7-ef','type':'customer','name':'Kim'},{'id':'ada@x.com','type':'agent',"
     "'name':'Ada'}],'thread':{'id':'K1','created_at':'2024-05-06T10:00:00.123456Z','user_ids':['b7-ef'],'events':["
     "{'id':'K1_1','type':'filled_form','author_id':'b7-ef','fields':[{'label':'Name','answer':'Kim'}]},"
     "{'id':'K1_2','type':'message','author_id':'b7-ef','created_at':'2024-05-06T10:00:01.123456Z','text':'Hi',"
     "'visibility':'all'},{'type':'message','author_id':'ada@x.com','created_at':'2024-05-06T10:00:02.123456Z','text':"
     "'rude one','visibility':'agents'},{'type':'message','author_id':'ada@x.com','created_at':"
     "'2024-05-06T10:00:03.123456Z','text':'Hello Kim'},{'type':'system_message','created_at':"
     "'2024-05-06T10:00:04.123456Z','text':'Kim left','system_message_type':'left'},{'type':'file','author_id':'b7-ef',"
     "'url':'x'},{'type':'message','author_id':'bo@x.com','text':'I take over'}]}},"
     "{'id':'PJ','users':[],'thread':{'id':'K2','events':[],'user_ids':[]}},{'id':'x'}],'found_chats':2}",
     "1:PJ/K1 channel=chat customer=b7-ef at=1714989600123/record\n  customer id=b7-ef name=Kim 1000|Hi\n"
     "  note id=ada@x.com name=Ada 2000|rude one\n  agent id=ada@x.com name=Ada 3000|Hello Kim\n"
     "  system 4000|Kim left\n  agent id=bo@x.com|I take over\n"
     "1!a conversation without turns: no turn has any text\n1!a chat without a thread\n"},
    {"threads without users", "livechat", NULL,
     "{'threads':[{'id':'K1','chat_id':'PJ','user_ids':['u'],'events':[{'type':'message','author_id':'u','text':'Hi'}]}"
     ","
     "{'id':'K2','user_ids':[],'events':[{'type':'message','author_id':'a@x','text':'Yes','recipients':'all'},"
     "{'type':'message','author_id':'b7eff798-f8df-4364-8059-649c35c9ed0c','text':'No','recipients':'all'}]}]}",
     "1:PJ/K1 channel=chat\n  unknown id=u|Hi\n1:K2 channel=chat "
     "customer=b7eff798-f8df-4364-8059-649c35c9ed0c\n  agent id=a@x|Yes\n"
     "  customer id=b7eff798-f8df-4364-8059-649c35c9ed0c|No\n"},
    {"a chat with its threads; a webhook", "livechat", NULL,
     "{'id':'P','users':[{'id':'u','type':'customer'}],'threads':[{'id':'K1','events':[{'type':'message','author_id':'"
     "u',"
     "'text':'Hi'}]},{'id':'K2','events':[{'type':'message','author_id':'u','text':'Ho'}]},{}]}\n"
     "{'action':'incoming_chat','payload':{'chat':{'id':'Q','users':[{'id':'u','type':'customer'}],'thread':{'id':'T',"
     "'events':[{'type':'message','author_id':'u','text':'Hey','timestamp':1714989600}]}}}}\n",
     "1:P/K1 channel=chat customer=u\n  customer id=u|Hi\n1:P/K2 channel=chat customer=u\n  customer id=u|Ho\n"
     "1!a thread without events\n2:Q/T channel=chat customer=u at=1714989600000/record\n  customer id=u 0|Hey\n"},
};

static const struct document_case zendesk_bots[] = {
    {"the system and Zendesk's bot speak as agents", "zendesk-chat", NULL,
     "{'id':'c','type':'chat','timestamp':'2024-05-06T10:00:00Z','visitor':{'id':'v','name':'Kim'},'history':[{'type':"
     "'chat.msg','name':'Kim','nick':'visitor','msg':'Hi','timestamp':'2024-05-06T10:00:00Z'},{'type':'chat.msg','name'"
     ":"
     "'Shop','nick':'agent:system','msg':'Wait','timestamp':'2024-05-06T10:00:01Z'},{'type':'chat.msg','name':'Answer "
     "Bot','nick':'agent:7','msg':'Read this','timestamp':'2024-05-06T10:00:02Z','sender_type':'Agent'}]}",
     "1:c channel=chat customer=v at=1714989600000/record\n  customer name=Kim 0|Hi\n  system name=Shop 1000|Wait\n"
     "  bot name=Answer Bot 2000|Read this\n"},
};

static const struct document_case zendesk_histories[] = {
    {"chats and messaging in audits", "zendesk-tickets", NULL,
     "{'audits':[{'id':1,'ticket_id':7,'created_at':'2024-05-06T10:00:00Z','author_id':1,'events':[{'type':'Comment',"
     "'author_id':1,'body':'Hi','public':true}]},{'id':4,'ticket_id':7,'created_at':'2024-05-06T10:05:00Z','author_id':"
     "2,"
     "'events':[{'type':'ChatStartedEvent','value':{'chat_id':'c','history':[{'type':'ChatJoin','actor_id':'agent:2'},"
     "{'type':'ChatMessage','actor_id':'agent:2','actor_type':'agent','actor_name':'Ada','message':'Yes?','timestamp':"
     "1714989660000},{'type':'ChatMessage','actor_id':'1','message':'Well','timestamp':1714989665000},{'type':'"
     "ChatMessage',"
     "'actor_id':'__trigger','message':'Wait','timestamp':1714989666000}]}}]}],'users':[{'id':1,'name':'Kim','role':"
     "'end-user'}]}",
     "1:7 channel=ticket customer=1 at=1714989600000/record\n  customer id=1 name=Kim 0|Hi\n  agent id=2 name=Ada "
     "60000|Yes?\n  customer id=1 name=Kim 65000|Well\n  bot 66000|Wait\n"},
};

static const struct document_case livechat_others[] = {
    {"a webhook for each event", "livechat", NULL,
     "{'action':'incoming_event','payload':{'chat_id':'P','thread_id':'K','event':{'type':'message','text':'Hi',"
     "'author_id':'ada@x.com','created_at':'2024-05-06T10:00:00.000000Z'}}}\n"
     "{'action':'incoming_event','payload':{'chat_id':'P','thread_id':'K','event':{'type':'file','author_id':'u',"
     "'created_at':'2024-05-06T10:00:05.000000Z'}}}\n",
     "1:P/K channel=chat at=1714989600000/record\n  agent id=ada@x.com 0|Hi\n"},
    {"2.0", "livechat", NULL,
     "{'chats':[{'type':'chat','id':'MH','visitor':{'id':'S1','name':'Kim'},'agents':[{'display_name':'Ada'}],'"
     "messages':"
     "[{'author_name':'Ada','user_type':'agent','text':'Hello'}],'events':[{'author_name':'Ada','text':'Hello',"
     "'timestamp':1714989600,'agent_id':'ada@x.com','user_type':'agent','type':'message'},{'author_name':'Kim','text':"
     "'Hi','timestamp':1714989605,'user_type':'visitor','type':'message'},{'text':'Kim left','timestamp':1714989606,"
     "'user_type':'visitor','type':'event'}],'started_timestamp':1714989600}],'total':1,'pages':1}",
     "1:MH channel=chat customer=S1 at=1714989600000/record\n  agent id=ada@x.com name=Ada 0|Hello\n"
     "  customer name=Kim 5000|Hi\n  system 6000|Kim left\n"},
};

static const struct document_case hubspot[] = {
    {"newest first, comments are notes, actors by their prefixes", "hubspot", NULL,
     "{'results':[{'id':'8','conversationsThreadId':'44','type':'THREAD_STATUS_CHANGE','newStatus':'CLOSED','createdAt'"
     ":"
     "'2024-05-06T10:09:00Z','createdBy':'S-1','senders':[]},"
     "{'id':'7','conversationsThreadId':'44','type':'COMMENT','createdAt':'2024-05-06T10:05:00Z','createdBy':'A-9',"
     "'text':'seen before','richText':'<p>seen before</p>'},"
     "{'id':'6','conversationsThreadId':'44','type':'MESSAGE','direction':'OUTGOING','createdAt':'2024-05-06T10:04:00Z'"
     ","
     "'senders':[{'actorId':'A-9','name':'Ada'}],'text':'','richText':'<p>No &amp; no</p>'},"
     "{'id':'5','conversationsThreadId':'44','type':'MESSAGE','direction':'INCOMING','createdAt':'2024-05-06T10:03:00Z'"
     ","
     "'senders':[{'actorId':'E-9'}],'text':'by mail'},"
     "{'id':'4','conversationsThreadId':'44','type':'MESSAGE','direction':'INCOMING','createdAt':'2024-05-06T10:02:00Z'"
     ","
     "'senders':[{'actorId':'V-3','name':'Kim'}],'text':'second'},"
     "{'id':'3','conversationsThreadId':'44','type':'MESSAGE','direction':'INCOMING','createdAt':'2024-05-06T10:02:00Z'"
     ","
     "'senders':[{'actorId':'V-3','name':'Kim'}],'text':'first'},"
     "{'id':'2','conversationsThreadId':'44','type':'MESSAGE','direction':'OUTGOING','createdAt':'2024-05-06T10:01:00Z'"
     ","
     "'senders':[{'actorId':'B-1'}],'text':'Pick one'},"
     "{'id':'1','conversationsThreadId':'44','type':'WELCOME_MESSAGE','createdAt':'2024-05-06T10:00:00Z','senders':["
     "{'actorId':'S-hs'}],'text':'Welcome'},"
     "{'id':'0','conversationsThreadId':'43','type':'MESSAGE','createdAt':'2024-05-06T09:00:00Z','senders':[{'actorId':"
     "'S-1'}],'text':'started'}],'paging':{}}",
     "1:44 channel=chat customer=V-3 at=1714989600000/record\n  bot id=S-hs 0|Welcome\n  bot id=B-1 60000|Pick one\n"
     "  customer id=V-3 name=Kim 120000|first\n  customer id=V-3 name=Kim 120000|second\n"
     "  customer id=E-9 180000|by mail\n  agent id=A-9 name=Ada 240000|No & no\n  note id=A-9 300000|seen before\n"
     "1:43 channel=chat at=1714986000000/record\n  system id=S-1 0|started\n"},
};

static const struct document_case front[] = {
    {"newest first, by direction, HTML without quotes, drafts", "front", NULL,
     "{'_links':{'self':'https://api2.frontapp.com/conversations/cnv_5/messages?limit=9'},'_results':["
     "{'id':'msg_4','type':'email','is_inbound':false,'is_draft':true,'created_at':1714989900.5,'body':'Not yet',"
     "'recipients':[]},{'id':'msg_3','type':'email','is_inbound':false,'created_at':1714989700.25,'author':{'id':"
     "'tea_1','first_name':'Ada','last_name':'Lee','is_teammate':true},'recipients':[{'role':'from','handle':'s@x'}],"
     "'body':'<p>We cannot.</p><blockquote>I want it</blockquote>','text':'We cannot. > I want it'},"
     "{'id':'msg_2','type':'email','is_inbound':true,'created_at':1714989600.123,'author':null,'recipients':[{'role':"
     "'to','handle':'s@x'},{'role':'from','handle':'k@y','name':'Kim'}],'body':'','text':'I want it'}]}",
     "1:cnv_5 channel=email customer=k@y at=1714989600123/record\n  customer id=k@y name=Kim 0|I want it\n"
     "  agent id=tea_1 name=Ada Lee 100127|We cannot.\n"},
    {"each message tells its conversation; comments are notes", "front", NULL,
     "{'_results':[{'is_inbound':true,'recipients':[],'text':'One','_links':{'related':{'conversation':"
     "'https://api2.frontapp.com/conversations/"
     "cnv_a'}}},{'id':'com_1','author':{'id':'tea_1'},'body':'look','posted_at':"
     "1714989600.1,'_links':{'related':{'conversation':'https://api2.frontapp.com/conversations/cnv_a'}}},"
     "{'is_inbound':false,'recipients':[],'type':'sms','text':'Two','_links':{'related':{'conversation':"
     "'https://api2.frontapp.com/conversations/cnv_b/'}}}]}",
     "1:cnv_a channel=email at=1714989600100/record\n  customer|One\n  note id=tea_1 0|look\n"
     "1:cnv_b channel=sms\n  agent|Two\n"},
};

static const struct document_case crisp[] = {
    {"content as text or object, automated is a bot, notes, files", "crisp", NULL,
     "{'error':false,'reason':'listed','data':[{'session_id':'s1','website_id':'w','type':'text','from':'user','origin'"
     ":"
     "'chat','content':'Hi','fingerprint':1,'timestamp':1714989600000,'user':{'user_id':'s1','nickname':'Kim'}},"
     "{'session_id':'s1','website_id':'w','type':'picker','from':'operator','automated':true,'content':{'id':'q','text'"
     ":"
     "'Which?','choices':[]},'fingerprint':2,'timestamp':1714989601000},{'session_id':'s1','type':'file','from':'user',"
     "'content':{'name':'a.png','url':'x'},'fingerprint':3,'timestamp':1714989602000},{'session_id':'s1','type':'note',"
     "'from':'operator','content':'vip','fingerprint':4,'timestamp':1714989603000},{'session_id':'s1','type':'text',"
     "'from':'operator','content':'Hello','automated':false,'fingerprint':5,'timestamp':1714989604000,'user':{'user_id'"
     ":"
     "'o','nickname':'Ada'}},{'session_id':'s1','type':'event','from':'operator','content':{'namespace':'state:"
     "resolved'"
     "},'fingerprint':6,'timestamp':1714989605000}]}",
     "1:s1 channel=chat customer=s1 at=1714989600000/record\n  customer id=s1 name=Kim 0|Hi\n  bot 1000|Which?\n"
     "  note 3000|vip\n  agent id=o name=Ada 4000|Hello\n"},
};

static const struct document_case drift[] = {
    {"bots, notes, edits, HTML", "drift", NULL,
     "{'data':{'messages':[{'id':'1','conversationId':77,'author':{'id':5,'type':'user','bot':true},'body':'<p>Hey</"
     "p>',"
     "'type':'chat','createdAt':1714989600000},{'id':'2','conversationId':77,'author':{'id':6,'type':'contact','bot':"
     "false},'body':'Price?','type':'chat','createdAt':1714989601000},{'id':'3','conversationId':77,'author':{'id':7,"
     "'type':'user','bot':false},'body':'It&#39;s <b>9</b>','type':'chat','createdAt':1714989602000},{'id':'4',"
     "'conversationId':77,'author':{'id':7,'type':'user'},'body':'cheap one','type':'private_note','createdAt':"
     "1714989603000},{'id':'5','conversationId':77,'author':{'id':7,'type':'user'},'body':'It is 8','type':'edit',"
     "'editedMessageId':'3','createdAt':1714989604000}]}}",
     "1:77 channel=chat customer=6 at=1714989600000/record\n  bot id=5 0|Hey\n  customer id=6 1000|Price?\n"
     "  agent id=7 2000|It's 9\n  note id=7 3000|cheap one\n"},
};

/* A message a document, as webhooks and exports a line each have them: each is a piece of its conversation. */
static const struct document_case alone[] = {
    {"Crisp's webhooks", "crisp", NULL,
     "{'website_id':'w','event':'message:send','data':{'type':'text','content':'Hi','timestamp':1714989600000,"
     "'fingerprint':1,'website_id':'w','session_id':'s1','from':'user','user':{'user_id':'s1','nickname':'Kim'}},"
     "'timestamp':1714989600001}\n"
     "{'website_id':'w','event':'message:send','data':{'type':'file','content':{'name':'a.png'},'timestamp':"
     "1714989601000,'fingerprint':2,'website_id':'w','session_id':'s1','from':'user'}}\n",
     "1:s1 channel=chat customer=s1 at=1714989600000/record\n  customer id=s1 name=Kim 0|Hi\n"},
    {"Freshchat's webhooks", "freshchat", NULL,
     "{'actor':{'actor_type':'agent','actor_id':'g'},'action':'message_create','data':{'message':{'message_parts':[{"
     "'text':{'content':'Hello'}}],'actor_id':'g','id':'m','conversation_id':'k','message_type':'normal','actor_type':"
     "'agent','created_time':'2024-05-06T10:00:00.000Z'}}}",
     "1:k channel=chat at=1714989600000/record\n  agent id=g 0|Hello\n"},
    {"Front's events", "front", NULL,
     "{'id':'evt_1','type':'inbound','emitted_at':1714989600.5,'conversation':{'id':'cnv_1'},'target':{'_meta':{'type':"
     "'message'},'data':{'id':'msg_1','type':'email','is_inbound':true,'created_at':1714989600.25,'body':'<p>Hi</p>',"
     "'recipients':[{'role':'from','handle':'k@x','name':'Kim'}]}}}",
     "1:cnv_1 channel=email customer=k@x at=1714989600250/record\n  customer id=k@x name=Kim 0|Hi\n"},
    {"HubSpot's messages, a line each", "hubspot", NULL,
     "{'id':'1','type':'MESSAGE','conversationsThreadId':'44','createdAt':'2024-05-06T10:00:00Z','senders':[{'actorId':"
     "'V-3','name':'Kim'}],'text':'Hi','direction':'INCOMING'}\n"
     "{'id':'2','type':'THREAD_STATUS_CHANGE','conversationsThreadId':'44','createdAt':'2024-05-06T10:01:00Z'}\n",
     "1:44 channel=chat customer=V-3 at=1714989600000/record\n  customer id=V-3 name=Kim 0|Hi\n"},
    {"Drift's webhooks", "drift", NULL,
     "{'orgId':1,'type':'new_message','data':{'id':2,'conversationId':77,'body':'Price?','author':{'type':'contact','"
     "id'"
     ":6,'bot':false},'type':'chat','createdAt':1714989600000}}",
     "1:77 channel=chat customer=6 at=1714989600000/record\n  customer id=6 0|Price?\n"},
};

static const struct document_case quoted_mail[] = {
    {"what Gmail and others put above and below what they quote", "front", NULL,
     "{'_results':[{'is_inbound':true,'recipients':[],'created_at':1714989600,'body':'<div>Thanks.</div><div>On Mon, "
     "May 6, 2024 at 9:00 AM Ada &lt;a@x&gt; wrote:<br><blockquote>No</blockquote></div>'},{'is_inbound':false,"
     "'recipients':[],'created_at':1714989700,'body':'','text':'We cannot.\\n-- \\nAda\\n\\nOn Mon Kim wrote:\\n> I "
     "want "
     "it'}],'_links':{'self':'https://api2.frontapp.com/conversations/cnv_7/messages'}}",
     "1:cnv_7 channel=email at=1714989600000/record\n  customer 0|Thanks.\n  agent 100000|We cannot.\n"},
};

static const struct document_case slack[] = {
    {"a day: joins are no turns, entities, bots", "slack", "x.zip/help-desk/2024-05-06.json",
     "[{'type':'message','subtype':'channel_join','user':'U1','text':'<@U1> has joined','ts':'1714989500.000001'},"
     "{'type':'message','user':'U1','text':'a &lt;b&gt; <@U2>: <https://x|y>','ts':'1714989600.000002'},"
     "{'type':'message','user':'U2','text':'Yes','ts':'1714989601.500000','user_profile':{'real_name':'Bo'}},"
     "{'type':'message','subtype':'bot_message','bot_id':'B1','username':'ci','text':'built','ts':'1714989602.000000'},"
     "{'type':'message','subtype':'bot_message','bot_id':'B1','text':'','ts':'1714989602.100000'},"
     "{'type':'message','subtype':'message_changed','message':{'text':'x'},'text':'x','ts':'1714989603.000000'}]",
     "1:help-desk channel=slack at=1714989600000/record\n  unknown id=U1 0|a <b> <@U2>: <https://x|y>\n"
     "  unknown id=U2 name=Bo 1500|Yes\n  bot id=B1 name=ci 2000|built\n"},
    {"a day without a word", "slack", "general/2024-05-06.json",
     "[{'type':'message','subtype':'channel_topic','user':'U1','text':'set the topic','ts':'1714989500.000001'}]", ""},
    {"a page of the history, newest first", "slack", NULL,
     "{'ok':true,'channel':'C1','messages':[{'type':'message','user':'U2','text':'Two','ts':'1714989601.000000'},"
     "{'type':'message','user':'U1','text':'One','ts':'1714989600.000000'}],'has_more':false}",
     "1:C1 channel=slack at=1714989600000/record\n  unknown id=U1 0|One\n  unknown id=U2 1000|Two\n"},
};

static const struct document_case sunshine[] = {
    {"people, bots, activities, kinds of content", "sunshine", NULL,
     "{'conversation':{'id':'cv1'},'messages':[{'id':'1','received':'2024-05-06T10:00:00.000Z','author':{'type':'user',"
     "'userId':'u','displayName':'Kim'},'content':{'type':'text','text':'Hi'},'source':{'type':'whatsapp'}},"
     "{'id':'2','received':'2024-05-06T10:00:01.000Z','author':{'type':'business','subtypes':['AI'],'displayName':'Zed'"
     "},"
     "'content':{'type':'text','htmlText':'<p>Which &amp; one?</p>'},'source':{'type':'zd:answerBot'}},"
     "{'id':'3','received':'2024-05-06T10:00:02.000Z','author':{'type':'business','subtypes':['activity']},'content':{"
     "'type':'text','text':'Ada joined'}},{'id':'4','received':'2024-05-06T10:00:03.000Z','author':{'type':'business',"
     "'displayName':'Ada','userId':'a1'},'content':{'type':'text','markdownText':'**Hello**'},'source':{'type':"
     "'zd:agentWorkspace'}},{'id':'5','received':'2024-05-06T10:00:04.000Z','author':{'type':'user'},'content':{'type':"
     "'image','mediaUrl':'x','altText':''}},{'id':'6','received':'2024-05-06T10:00:05.000Z','author':{'type':'business'"
     "},"
     "'content':{'type':'carousel','items':[{'title':'Plan A','description':'9 a month'},{'title':'Plan "
     "B'}]},'source':{"
     "'type':'zd:answerBot'}},{'id':'7','received':'2024-05-06T10:00:06.000Z','author':{'type':'user'},'content':{'"
     "type':"
     "'formResponse','fields':[{'label':'Order','text':'77'}]}}]}",
     "1:cv1 channel=whatsapp customer=u at=1714989600000/record\n  customer id=u name=Kim 0|Hi\n"
     "  bot name=Zed 1000|Which & one?\n  system 2000|Ada joined\n  agent id=a1 name=Ada 3000|**Hello**\n"
     "  bot 5000|Plan A\n9 a month\nPlan B\n  customer 6000|Order\n77\n"},
    {"a webhook with messages of two conversations", "sunshine", NULL,
     "{'app':{'id':'a'},'events':[{'id':'e1','type':'conversation:message','payload':{'conversation':{'id':'c1'},"
     "'message':{'author':{'type':'user'},'received':'2024-05-06T10:00:00Z','content':{'text':'One'}}}},{'type':"
     "'conversation:read','payload':{'conversation':{'id':'c1'}}},{'payload':{'conversation':{'id':'c2'},'message':{"
     "'author':{'type':'business'},'content':{'text':'Two'}}}}]}",
     "1:c1 channel=messaging at=1714989600000/record\n  customer 0|One\n1:c2 channel=messaging\n  agent|Two\n"},
    {"version 1", "sunshine", NULL,
     "{'conversation':{'_id':'k'},'messages':[{'role':'appUser','received':1714989600.1,'authorId':'u','name':'Kim',"
     "'text':'Hi','type':'text'},{'role':'appMaker','received':1714989601.1,'name':'Ada','text':'Yes?','type':'text'},"
     "{'role':'whisper','received':1714989602.1,'text':'vip'}]}",
     "1:k channel=messaging customer=u at=1714989600100/record\n  customer id=u name=Kim 0|Hi\n"
     "  agent name=Ada 1000|Yes?\n  note 2000|vip\n"},
};

static const struct document_case salesforce_messaging[] = {
    {"entries: roles, payloads, events without text", "salesforce-messaging", NULL,
     "{'conversationEntries':[{'identifier':'e1','clientTimestamp':1714989600000,'messageText':'Hi','sender':{'role':"
     "'EndUser','subject':'s1','appType':'messagingForInAppAndWeb'},'relatedRecords':['0Mw1']},"
     "{'identifier':'e2','clientTimestamp':1714989601000,'messageText':'Which?','sender':{'role':'Chatbot','subject':"
     "'b'}},{'identifier':'e3','entryType':'Message','clientTimestamp':1714989602000,'senderDisplayName':'Ada','sender'"
     ":"
     "{'role':'Agent','subject':'005'},'entryPayload':'{\\'abstractMessage\\':{\\'staticContent\\':{\\'text\\':"
     "\\'Hello\\'}}}'},{'entryType':'Message','serverReceivedTimestamp':'1714989603000','sender':{'role':'EndUser'},"
     "'entryPayload':{'abstractMessage':{'staticContent':{'text':'Bye'}}}},{'entryType':'TypingStarted','sender':{'"
     "role':"
     "'Agent'},'entryPayload':'{'}]}",
     "1:0Mw1 channel=messaging customer=s1 at=1714989600000/record\n  customer id=s1 0|Hi\n  bot id=b 1000|Which?\n"
     "  agent id=005 name=Ada 2000|Hello\n  customer 3000|Bye\n"},
    {"the id around the entries", "salesforce-messaging", NULL,
     "{'conversationId':'k','channelType':'WhatsApp','conversationEntries':[{'messageText':'Hi','sender':{'role':"
     "'EndUser'},'relatedRecords':[]}]}",
     "1:k channel=WhatsApp\n  customer|Hi\n"},
};

static const struct document_case zendesk_tickets[] = {
    {"a ticket with users: roles, notes, which body", "zendesk-tickets", NULL,
     "{'ticket':{'id':35,'created_at':'2024-05-06T10:00:00Z','requester_id':1,'assignee_id':2,'via':{'channel':'web'}},"
     "'comments':[{'id':11,'author_id':1,'body':'It broke','public':true,'created_at':'2024-05-06T10:00:00Z'},"
     "{'id':12,'author_id':2,'body':'','html_body':'<p>Sorry &amp; no</p>','public':true,'created_at':"
     "'2024-05-06T11:00:00Z'},{'id':13,'author_id':2,'plain_body':'vip','public':false,'created_at':"
     "'2024-05-06T11:00:01Z'},{'id':14,'author_id':3,'body':'Me too','public':true},{'id':15,'author_id':9,'body':"
     "'Who?','public':'false'},{'id':16,'author_id':-1,'body':'Merged','public':true}],'users':[{'id':3,'name':'Jo',"
     "'role':'end-user'},{'id':2,'name':'Ada','role':'admin'},{'id':1,'name':'Kim','role':'end-user'}]}",
     "1:35 channel=web customer=1 at=1714989600000/record\n  customer id=1 name=Kim 0|It broke\n"
     "  agent id=2 name=Ada 3600000|Sorry & no\n  note id=2 name=Ada 3601000|vip\n  customer id=3 name=Jo|Me too\n"
     "  note id=9|Who?\n  system id=-1|Merged\n"},
    {"the account's export: a ticket a line, people in it", "zendesk-tickets", NULL,
     "{'id':1,'requester':{'id':7,'name':'Kim'},'assignee':{'id':8,'name':'Ada'},'comments':[{'author_id':7,'body':'Hi'"
     ","
     "'public':true},{'author_id':8,'body':'Ho','public':true},{'author_id':6,'body':'Ha','public':true}]}\n"
     "{'id':2,'requester':{'id':7},'comments':[{'author':{'id':5,'name':'Bo','role':'agent'},'html_body':'<b>x</"
     "b>'}]}\n",
     "1:1 channel=ticket customer=7\n  customer id=7 name=Kim|Hi\n  agent id=8 name=Ada|Ho\n  unknown id=6|Ha\n"
     "2:2 channel=ticket customer=7\n  agent id=5 name=Bo|x\n"},
    {"a page of tickets", "zendesk-tickets", NULL,
     "{'tickets':[{'id':1,'subject':'none'},{'id':2,'comments':[{'author_id':1,'body':'Hi','public':true}]}],'users':[]"
     "}",
     "1!a ticket without comments\n1:2 channel=ticket\n  unknown id=1|Hi\n"},
    {"audits", "zendesk-tickets", NULL,
     "{'audits':[{'id':1,'ticket_id':44,'created_at':'2024-05-06T10:00:00Z','author_id':1,'events':[{'type':'Comment',"
     "'author_id':1,'body':'Hi','public':true},{'type':'Create','field_name':'status','value':'new'}]},{'id':2,"
     "'ticket_id':44,'created_at':'2024-05-06T10:01:00Z','events':[{'type':'Change','value':'x'}]}],'users':[{'id':1,"
     "'name':'Kim','role':'end-user'}]}",
     "1:44 channel=ticket customer=1 at=1714989600000/record\n  customer id=1 name=Kim 0|Hi\n"},
    {"an old chat in one comment", "zendesk-tickets", NULL,
     "{'id':5,'requester':{'id':1,'name':'Kim'},'comments':[{'author_id':1,'public':true,'created_at':"
     "'2024-05-06T23:59:00Z','body':'Chat started: 2024-05-06 11:59 PM UTC\\n\\n(11:59:00 PM) Kim: Hi: there\\n"
     "(11:59:10 PM) *** Ada joined the chat ***\\n(11:59:30 PM) Ada: Hello\\nKim\\n(12:00:30 AM) Kim: Bye\\n'},"
     "{'author_id':1,'public':true,'body':'(I say) no: it is\\n(10:00:00 AM) once: only'}]}",
     "1:5 channel=ticket customer=1 at=1715039940000/record\n  customer name=Kim 0|Hi: there\n"
     "  agent name=Ada 30000|Hello\nKim\n  customer name=Kim 90000|Bye\n"
     "  customer id=1 name=Kim|(I say) no: it is\n(10:00:00 AM) once: only\n"},
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

static void livechat_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(livechat); i++)
        expect_document(&livechat[i]);
    for (size_t i = 0; i < ROWS(livechat_others); i++)
        expect_document(&livechat_others[i]);
    for (size_t i = 0; i < ROWS(zendesk_histories); i++)
        expect_document(&zendesk_histories[i]);
    for (size_t i = 0; i < ROWS(zendesk_bots); i++)
        expect_document(&zendesk_bots[i]);
}

static void hubspot_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(hubspot); i++)
        expect_document(&hubspot[i]);
}

static void front_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(front); i++)
        expect_document(&front[i]);
}

static void crisp_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(crisp); i++)
        expect_document(&crisp[i]);
}

static void drift_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(drift); i++)
        expect_document(&drift[i]);
}

static void documents_of_one_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(alone); i++)
        expect_document(&alone[i]);
    for (size_t i = 0; i < ROWS(quoted_mail); i++)
        expect_document(&quoted_mail[i]);
}

static void slack_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(slack); i++)
        expect_document(&slack[i]);
}

static void sunshine_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(sunshine); i++)
        expect_document(&sunshine[i]);
}

static void salesforce_messaging_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(salesforce_messaging); i++)
        expect_document(&salesforce_messaging[i]);
}

static void zendesk_tickets_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(zendesk_tickets); i++)
        expect_document(&zendesk_tickets[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zendesk_chat_documents),    cmocka_unit_test(intercom_documents),
        cmocka_unit_test(freshchat_documents),       cmocka_unit_test(livechat_documents),
        cmocka_unit_test(hubspot_documents),         cmocka_unit_test(front_documents),
        cmocka_unit_test(crisp_documents),           cmocka_unit_test(drift_documents),
        cmocka_unit_test(documents_of_one_message),  cmocka_unit_test(slack_documents),
        cmocka_unit_test(sunshine_documents),        cmocka_unit_test(salesforce_messaging_documents),
        cmocka_unit_test(zendesk_tickets_documents),
    };
    return cmocka_run_group_tests_name("help desks", tests, NULL, NULL);
}
