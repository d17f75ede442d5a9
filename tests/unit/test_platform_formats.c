#include "ingest/formats/readers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/documents.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct document_case aws_pca[] = {
    {"local time, labels that are roles, names, None", "aws-pca", NULL,
     "{'ConversationAnalytics':{'GUID':'None','Agent':'None','ConversationTime':'2024-05-06 10:00:00.250000',"
     "'ConversationLocation':'America/New_York','SpeakerLabels':[{'Speaker':'spk_0','DisplayText':'Agent'},{'Speaker':"
     "'spk_1','DisplayText':'Customer "
     "(Bob)'}],'SourceInformation':[{'TranscribeJobInfo':{'TranscriptionJobName':'job1'}}]},"
     "'SpeechSegments':[{'SegmentStartTime':1.5,'SegmentEndTime':2.0,'SegmentSpeaker':'spk_1','DisplayText':'Hi.',"
     "'OriginalText':'hi'},{'SegmentStartTime':0.04,'SegmentEndTime':1.2,'SegmentSpeaker':'spk_0','DisplayText':'',"
     "'OriginalText':'Hello.'},{'SegmentStartTime':3,'SegmentSpeaker':'spk_7','DisplayText':'Who?'}]}",
     "1:job1 channel=voice at=1714989600250/record-no-zone\n  agent 40-1200|Hello.\n  customer name=Bob 1500-2000|Hi.\n"
     "  unknown id=spk_7 3000|Who?\n"},
    {"an agent", "aws-pca", NULL,
     "{'ConversationAnalytics':{'GUID':'g-1','Agent':'ChrisL','SpeakerLabels':[]},'SpeechSegments':[{'SegmentStartTime'"
     ":"
     "'0.5','SegmentSpeaker':'Agent','DisplayText':'Hi.'}]}",
     "1:g-1 channel=voice agent=ChrisL\n  agent 500|Hi.\n"},
    {"nothing said", "aws-pca", NULL, "{'ConversationAnalytics':{},'SpeechSegments':[]}",
     "1!a conversation without turns: no turn has any text\n"},
};

static const struct document_case google_ccai[] = {
    {"entries: 64 bits as strings, a bot, out of order", "google-ccai", "in/call-7.json",
     "{'conversation_info':{'categories':[]},'entries':["
     "{'start_timestamp_usec':'1714989603000000','text':'How can I help?','role':'AGENT','user_id':'2'},"
     "{'start_timestamp_usec':1714989600000000,'text':'Welcome.','role':'AUTOMATED_AGENT','user_id':9},"
     "{'start_timestamp_usec':'1714989605500000','text':'My bill.','role':'END_USER','user_id':1}]}",
     "1:call-7 customer=1 at=1714989600000/record\n  bot id=9 0|Welcome.\n  agent id=2 3000|How can I help?\n"
     "  customer id=1 5500|My bill.\n"},
    {"entries of 1970", "google-ccai", NULL,
     "{'entries':[{'start_timestamp_usec':1000000,'text':'Hello','role':'CUSTOMER','user_id':1}]}",
     "1:a customer=1 at=1000/record\n  customer id=1 0|Hello\n"},
    {"the API: segments, roles by participant and by channel", "google-ccai", NULL,
     "{'name':'projects/p/locations/l/conversations/c9','startTime':'2024-05-06T10:00:00Z','agentId':'a7','medium':"
     "'PHONE_CALL','duration':'12s','callMetadata':{'agentChannel':1,'customerChannel':2},'transcript':{'"
     "transcriptSegments':["
     "{'messageTime':'2024-05-06T10:00:01.500Z','text':'Hi','segmentParticipant':{'role':'HUMAN_AGENT','userId':'u1'}},"
     "{'messageTime':'2024-05-06T10:00:03Z','text':'Hello','channelTag':2},"
     "{'messageTime':'2024-05-06T10:00:04Z','text':'Any','segmentParticipant':{'role':'ANY_AGENT'}},"
     "{'messageTime':'2024-05-06T10:00:05Z','text':'Hm','channelTag':3}]}}",
     "1:c9 channel=voice agent=a7 at=1714989600000/record\n  agent id=u1 1500|Hi\n  customer 3000|Hello\n  agent "
     "4000|Any\n"
     "  unknown id=channelTag 3 5000|Hm\n"},
    {"a list of the API, names with underscores, offsets of words", "google-ccai", NULL,
     "{'conversations':[{'name':'c/"
     "1','start_time':'2024-05-06T10:00:00Z','medium':'CHAT','quality_metadata':{'agent_info':["
     "{'agent_id':'a1','display_name':'Ada'}]},'transcript':{'transcript_segments':[{'text':'Hi','words':[{'start_"
     "offset':"
     "'1.2s','end_offset':'1.9s','word':'Hi'}],'segment_participant':{'role':'END_USER'}}]}}]}",
     "1:1 channel=chat agent=a1 agent-name=Ada at=1714989600000/record\n  customer 1200-1900|Hi\n"},
    {"messages, newest first", "google-ccai", NULL,
     "{'messages':[{'name':'projects/p/conversations/c4/messages/"
     "m2','content':'Hello','participant':'P2','participantRole'"
     ":'HUMAN_AGENT','createTime':'2024-05-06T10:00:09Z'},{'name':'projects/p/conversations/c4/messages/m1','content':"
     "'Which?','participantRole':'AUTOMATED_AGENT','createTime':'2024-05-06T10:00:02Z'},{'name':'x','content':'Hi',"
     "'participantRole':'END_USER','createTime':'2024-05-06T10:00:00Z'}],'nextPageToken':'n'}",
     "1:c4 at=1714989600000/record\n  customer 0|Hi\n  bot 2000|Which?\n  agent id=P2 9000|Hello\n"},
    {"BigQuery: sentences", "google-ccai", NULL,
     "{'conversationName':'projects/p/conversations/c3','startTimestampUtc':'1714989600','agentId':'a2','medium':"
     "'PHONE_CALL','sentences':[{'sentence':'Hi.','startOffsetNanos':'500000000','endOffsetNanos':'900000000',"
     "'participantRole':'HUMAN_AGENT','speakerTag':1},{'sentence':'Hello.','startOffsetNanos':1000000000,'speakerTag':"
     "2}]}",
     "1:c3 channel=voice agent=a2 at=1714989600000/record\n  agent 500-900|Hi.\n  unknown id=speakerTag 2 "
     "1000|Hello.\n"},
};

static const struct document_case genesys[] = {
    {"instants, a leg, the IVR by its time, agents by theirs", "genesys", NULL,
     "{'conversationId':'c1','communicationId':'m1','mediaType':'voice','conversationStartTime':1714989600000,'"
     "startTime':"
     "1714989601000,'participants':["
     "{'participantPurpose':'customer','ani':'tel:+15550100','startTimeMs':1714989600000,'endTimeMs':1714989700000},"
     "{'participantPurpose':'ivr','startTimeMs':1714989600000,'endTimeMs':1714989605000},"
     "{'participantPurpose':'agent','userId':'ada','queueId':'q','startTimeMs':1714989605000,'endTimeMs':1714989650000}"
     ","
     "{'participantPurpose':'agent','userId':'bob','startTimeMs':1714989650000,'endTimeMs':1714989700000}],"
     "'transcripts':[{'transcriptId':'t','language':'en-us','phrases':["
     "{'phraseIndex':1,'participantPurpose':'external','text':'my bill','startTimeMs':1714989607000,'duration':"
     "{'milliseconds':900},'words':[{'word':'my'}]},"
     "{'phraseIndex':0,'participantPurpose':'internal','text':'welcome','decoratedText':'Welcome.','startTimeMs':"
     "1714989602000},{'participantPurpose':'internal','text':'','startTimeMs':1714989608000},"
     "{'participantPurpose':'internal','text':'i see','decoratedText':'I see.','startTimeMs':1714989609000},"
     "{'participantPurpose':'internal','text':'hello','startTimeMs':1714989660000}]}]}",
     "1:c1 channel=voice queue=q customer=tel:+15550100 at=1714989600000/record\n  bot 2000|Welcome.\n"
     "  customer 7000-7900|my bill\n  agent id=ada 9000|I see.\n  agent id=bob 60000|hello\n"},
    {"offsets", "genesys", NULL,
     "{'conversationId':'c2','communicationId':'m','mediaType':'call','startTime':1714989600000,'transcripts':[{'"
     "phrases':["
     "{'text':'hi','participantPurpose':'external','startTimeMs':500},{'text':'sure','participantPurpose':'internal',"
     "'offset':{'milliseconds':4200},'duration':{'milliseconds':300}}]}],'participants':[{'participantPurpose':'"
     "internal',"
     "'userId':'a1','startTimeMs':0,'endTimeMs':9000}]}",
     "1:c2 channel=voice at=1714989600000/record\n  customer 500|hi\n  agent id=a1 4200-4500|sure\n"},
    {"a user is one of the platform's", "genesys", NULL,
     "{'conversationId':'c4','transcripts':[{'phrases':[{'text':'hi','participantPurpose':'internal','startTimeMs':"
     "9000},"
     "{'text':'welcome','participantPurpose':'internal','startTimeMs':1000}]}],'participants':[{'participantPurpose':'"
     "user',"
     "'userId':'a1','startTimeMs':5000,'endTimeMs':9900},{'participantPurpose':'acd','startTimeMs':0,'endTimeMs':5000}]"
     "}",
     "1:c4\n  bot 1000|welcome\n  agent id=a1 9000|hi\n"},
    {"a recording of messages", "genesys", NULL,
     "{'id':'r','conversationId':'c5','media':'message','startTime':'2024-05-06T10:00:00.000Z','messagingTranscript':["
     "{'from':'k','fromExternalContact':{'id':'e'},'to':'s','timestamp':'2024-05-06T10:00:00.000Z','id':'m1','"
     "messageText"
     "':'Hi'},{'from':'s','timestamp':'2024-05-06T10:00:02.000Z','purpose':'workflow','messageText':'Wait.'},{'from':'"
     "s'"
     ",'fromUser':{'id':'ada','name':'Ada'},'timestamp':'2024-05-06T10:00:09.000Z','purpose':'agent','messageText':"
     "'Hello'},{'from':'k','timestamp':'2024-05-06T10:00:10.000Z','purpose':'customer','messageText':'','"
     "buttonResponse':"
     "{'text':'Yes'}}]}",
     "1:c5 channel=message at=1714989600000/record\n  customer 0|Hi\n  bot 2000|Wait.\n  agent id=ada name=Ada "
     "9000|Hello\n  customer 10000|Yes\n"},
    {"a recording of a chat: message is an id", "genesys", NULL,
     "[{'id':'r','conversationId':'c6','media':'chat','transcript':[{'body':'','bodyType':'member-join','id':'1','from'"
     ":"
     "'k','utc':'2024-05-06T10:00:00.000Z','message':'x1','type':'message'},{'body':'Hi','bodyType':'standard','from':'"
     "k"
     "','utc':'2024-05-06T10:00:01.000Z','message':'x2','participantPurpose':'customer'},{'body':'Hello &amp; "
     "hi','from':"
     "'s','utc':'2024-05-06T10:00:05.000Z','message':'x3','user':{'id':'ada','name':'Ada'}},{'body':'It "
     "ends','bodyType':"
     "'notice','utc':'2024-05-06T10:00:06.000Z','message':'x4'}]}]",
     "1:c6 channel=chat at=1714989601000/record\n  customer 0|Hi\n  agent id=ada name=Ada 4000|Hello & hi\n  system "
     "5000|It ends\n"},
    {"a recording of mail", "genesys", NULL,
     "{'id':'r','conversationId':'c7','media':'email','emailTranscript':[{'textBody':'Where is it?','from':{'email':"
     "'k@x','name':'Kim'},'time':'2024-05-06T10:00:00.000Z'},{'textBody':null,'htmlBody':'<p>Here.</"
     "p><blockquote>Where "
     "is it?</blockquote>','from':{'email':'s@y'},'time':'2024-05-06T10:01:00.000Z'}]}",
     "1:c7 channel=email at=1714989600000/record\n  unknown id=k@x name=Kim 0|Where is it?\n  unknown id=s@y "
     "60000|Here.\n"},
    {"nothing said", "genesys", NULL, "{'conversationId':'c3','communicationId':'m','transcripts':[{'phrases':[]}]}",
     "1!a conversation without turns: no turn has any text\n"},
};

#define PARTIES                                                                                                        \
    "'parties':[{'tel':'+15550100','name':'Ada Lee','meta':{'role':'agent'}},"                                         \
    "{'mailto':'bob@example.org','name':'Bob','role':'customer'}]"

static const struct document_case vcon[] = {
    {"a list of speaker and message; no vcon key; no zone", "vcon", NULL,
     "{'uuid':'v1'," PARTIES
     ",'dialog':[{'type':'recording','start':'2024-05-06T10:00:00.5','parties':[1,0],'duration':9}],"
     "'analysis':[{'type':'summary','dialog':0,'body':'They "
     "talked.'},{'type':'transcript','dialog':0,'encoding':'none',"
     "'body':[{'speaker':'Agent','message':'Hello.'},{'speaker':'Bob','message':'Hi.'}]}]}",
     "1:v1 channel=voice agent-name=Ada Lee customer=bob@example.org at=1714989600500/record-no-zone\n  agent|Hello.\n"
     "  customer name=Bob|Hi.\n"},
    {"paragraphs twice: once; a dialog that is an object", "vcon", NULL,
     "{'vcon':'0.0.1','uuid':'v2','created_at':'2024-05-06T11:00:00Z','parties':[],'dialog':{'type':'text','parties':0}"
     ","
     "'analysis':[{'type':'transcript','dialog':0,'body':{'transcript':'Hello, Ada.\\nHere.\\n\\nHi.','confidence':1}},"
     "{'type':'diarized','dialog':0,'body':'Hello, Ada.\\nHere.\\n\\nHi.'}]}",
     "1:v2 channel=text at=1714993200000/file-date\n  unknown|Hello, Ada.\nHere.\n  unknown|Hi.\n"},
    {"Deepgram's words, and a better one: markdown with roles", "vcon", NULL,
     "{'vcon':'0.0.2','uuid':'v3'," PARTIES
     ",'dialog':[{'type':'recording','start':'2024-05-06T10:00:00Z'}],'analysis':["
     "{'type':'transcript','dialog':0,'body':{'transcript':'hello "
     "hi','words':[{'word':'hello','punctuated_word':'Hello.',"
     "'start':0.5,'end':1,'speaker':0},{'word':'hi','start':1,'end':2,'speaker':1}]}},{'type':'diarized','dialog':[0],"
     "'body':'**Agent(May)**: Hello.\\n\\n**Customer(Bob)**: Hi.\\n\\n**Agent(May)**: Bye.\\n**Customer(Bob)**: "
     "Yes.'}]}",
     "1:v3 channel=voice agent-name=Ada Lee customer=bob@example.org at=1714989600000/record\n  agent name=May|Hello.\n"
     "  customer name=Bob|Hi.\n  agent name=May|Bye.\n  customer name=Bob|Yes.\n"},
    {"words with speakers; JSON in a string; two recordings", "vcon", NULL,
     "{'vcon':'0.3.0','uuid':'v4'," PARTIES ",'dialog':[{'type':'recording','start':'2024-05-06T10:00:00Z'},"
     "{'type':'recording','start':'2024-05-06T10:01:00Z'}],'analysis':[{'type':'transcript','dialog':1,'encoding':'"
     "json',"
     "'body':'{\\'segments\\':[{\\'start\\':0.5,\\'end\\':1,\\'text\\':\\'Again.\\'}]}'},"
     "{'type':'transcript','dialog':0,'body':{'words':[{'word':'hello','start':0.5,'end':1,'speaker':0},{'word':'hi','"
     "start':"
     "1,'end':2,'speaker':1}]}}]}",
     "1:v4 channel=voice agent-name=Ada Lee customer=bob@example.org at=1714989600000/record\n"
     "  unknown id=speaker 0 500-1000|hello\n  unknown id=speaker 1 1000-2000|hi\n  unknown 60500-61000|Again.\n"},
    {"text dialogs are messages; a transcript of them is not read again", "vcon", NULL,
     "{'vcon':'0.0.2','uuid':'v5'," PARTIES ",'dialog':[{'type':'text','start':'2024-05-06T10:00:09Z','parties':[0,1],"
     "'originator':1,'mediatype':'text/"
     "plain','body':'Hi','encoding':'none'},{'type':'text','start':'2024-05-06T10:00:00Z',"
     "'parties':0,'mimetype':'text/html','body':'<p>Hello &amp; welcome</p>'},{'type':'incomplete','start':"
     "'2024-05-06T10:00:20Z'},{'type':'text','parties':[7],'body':'Who?'}],'analysis':[{'type':'transcript','dialog':["
     "0,1],"
     "'body':'Hi'}]}",
     "1:v5 channel=text agent-name=Ada Lee customer=bob@example.org at=1714989600000/record\n"
     "  agent name=Ada Lee 0|Hello & welcome\n  unknown|Who?\n  customer name=Bob 9000|Hi\n"},
    {"a whole answer of Deepgram; captions", "vcon", NULL,
     "{'vcon':'0.0.2','uuid':'v6','parties':[{}],'dialog':[],'analysis':[{'type':'transcript','body':{'metadata':{"
     "'request_id':'r'},'results':{'channels':[{'alternatives':[{'words':[{'word':'x','start':1,'end':2,'speaker':0}]}]"
     "}]}}}]}\n"
     "{'vcon':'0.0.2','uuid':'v7','parties':[{}],'dialog':[],'analysis':[{'type':'transcript','body':"
     "'WEBVTT\\n\\n00:00.000 --> 00:01.000\\n<v Agent>Hello</v>'}]}",
     "1:v6\n  unknown id=speaker 0 1000-2000|x\n2:v7\n  agent 0-1000|Hello\n"},
    {"signed", "vcon", NULL, "{'payload':'eyJ1','signatures':[{'protected':'x','signature':'y'}]}",
     "1!unsupported: a signed vCon (JWS); export it unsigned\n"},
    {"signed, flattened", "vcon", NULL, "{'payload':'eyJ1','protected':'x','signature':'y'}",
     "1!unsupported: a signed vCon (JWS); export it unsigned\n"},
    {"encrypted", "vcon", NULL, "{'unprotected':{},'recipients':[{}],'iv':'a','ciphertext':'b','tag':'c'}",
     "1!unsupported: an encrypted vCon (JWE); export it decrypted\n"},
    {"no transcript", "vcon", NULL,
     "{'vcon':'0.0.1','uuid':'v8'," PARTIES ",'dialog':[{'type':'recording','url':'x'}],'analysis':[]}",
     "1!a vCon without a transcript: no text in its dialogs, no transcript in its analyses\n"},
};

static void documents(void **state)
{
    const struct document_cases all[] = {
        {aws_pca, ROWS(aws_pca)},
        {google_ccai, ROWS(google_ccai)},
        {genesys, ROWS(genesys)},
        {vcon, ROWS(vcon)},
    };
    (void)state;
    expect_documents(all, ROWS(all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),
    };
    return cmocka_run_group_tests_name("contact-centre platforms' formats", tests, NULL, NULL);
}
