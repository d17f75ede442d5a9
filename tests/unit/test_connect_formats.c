#include "ingest/formats/readers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/documents.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct document_case voice[] = {
    {"Contact Lens: overlapping turns in the order of their beginnings, start in the name of the recording",
     "contact-lens", NULL,
     "{'Version':'1.1.0','AccountId':'1','Channel':'VOICE','JobStatus':'COMPLETED','LanguageCode':'en-US',"
     "'Participants':[{'ParticipantId':'AGENT','ParticipantRole':'AGENT'},"
     "{'ParticipantId':'CUSTOMER','ParticipantRole':'CUSTOMER'}],'Transcript':["
     "{'ParticipantId':'AGENT','Id':'a','Content':'Thank you for "
     "calling.','BeginOffsetMillis':0,'EndOffsetMillis':900},"
     "{'ParticipantId':'AGENT','Id':'b','Content':'I can do that.','BeginOffsetMillis':5000,'EndOffsetMillis':6000},"
     "{'ParticipantId':'CUSTOMER','Id':'c','Content':'Hello, [PII] "
     "here.','BeginOffsetMillis':800,'EndOffsetMillis':4000},"
     "{'ParticipantId':'CUSTOMER','Id':'d','Content':' ','BeginOffsetMillis':7000,'EndOffsetMillis':8000}],"
     "'CustomerMetadata':{'ContactId':'c-1','InstanceId':'i','InputS3Uri':"
     "'s3://b/connect/x/CallRecordings/2024/05/06/c-1_20240506T10:02_UTC.wav'}}",
     "1:c-1 channel=voice at=1714989720000/file-name\n  agent 0-900|Thank you for calling.\n"
     "  customer 800-4000|Hello, [PII] here.\n  agent 5000-6000|I can do that.\n"},
    {"Contact Lens: id and start in the file's name, roles by participant", "contact-lens",
     "b/Analysis/Voice/Redacted/2024/05/06/c-2_analysis_redacted_2024-05-06T10:10:11Z.json",
     "{'Channel':'VOICE','JobStatus':'COMPLETED','Participants':[{'ParticipantId':'p1','ParticipantRole':'CUSTOMER'}],"
     "'Transcript':[{'ParticipantId':'p1','Content':'Hi','BeginOffsetMillis':10},"
     "{'ParticipantId':'p9','Content':'Yes','BeginOffsetMillis':20}]}",
     "1:c-2 channel=voice at=1714990211000/file-name\n  customer 10|Hi\n  unknown id=p9 20|Yes\n"},
    {"Call Analytics: a job's name, a role a turn", "contact-lens", NULL,
     "{'JobStatus':'COMPLETED','LanguageCode':'en-US','AccountId':'1','Channel':'VOICE','JobName':'call.wav',"
     "'Participants':[{'ParticipantRole':'AGENT'},{'ParticipantRole':'CUSTOMER'}],'Transcript':[{'LoudnessScores':[1.5]"
     ","
     "'Content':'Hello.','Items':[{'Type':'pronunciation','Content':'Hello','BeginOffsetMillis':40}],'Id':'1',"
     "'BeginOffsetMillis':40,'EndOffsetMillis':330,'ParticipantRole':'AGENT'},{'Content':'Hi.','BeginOffsetMillis':400,"
     "'EndOffsetMillis':500,'ParticipantRole':'CUSTOMER'}]}",
     "1:call.wav channel=voice\n  agent 40-330|Hello.\n  customer 400-500|Hi.\n"},
    {"a job that failed", "contact-lens", NULL,
     "{'Channel':'VOICE','JobStatus':'FAILED','FailureReason':'no audio','AccountId':'1','CustomerMetadata':"
     "{'ContactId':'c-1'}}",
     "1!the analysis failed: no audio\n"},
    {"a job that was skipped", "contact-lens", NULL,
     "{'Channel':'VOICE','JobStatus':'SKIPPED','JobDetails':{'SkippedReason':'quota'},'Transcript':[]}",
     "1!the analysis was skipped: quota\n"},
    {"a call without words", "contact-lens", NULL,
     "{'Channel':'VOICE','JobStatus':'COMPLETED','Transcript':[],'CustomerMetadata':{'ContactId':'c-1'}}",
     "1!a conversation without turns: no turn has any text\n"},
    {"real time: partial utterances are no turns", "contact-lens", NULL,
     "{'Channel':'VOICE','ContactId':'c-3','EventType':'SEGMENTS','Segments':[{'Utterance':{'Id':'u','ParticipantId':"
     "'AGENT','ParticipantRole':'AGENT','PartialContent':'Hel','BeginOffsetMillis':0}},{'Transcript':{'Id':'u',"
     "'ParticipantId':'AGENT','ParticipantRole':'AGENT','Content':'Hello','BeginOffsetMillis':0,'EndOffsetMillis':700}}"
     ","
     "{'Categories':{'MatchedCategories':[]}}]}",
     "1:c-3 channel=voice\n  agent 0-700|Hello\n"},
    {"real time: a chat", "contact-lens", NULL,
     "{'Version':'2.0.0','Channel':'CHAT','ContactId':'c-4','StreamingEventType':'SEGMENTS','Segments':[{'Event':{'Id':"
     "'e'}},{'Transcript':{'Id':'u','ParticipantId':'p','ParticipantRole':'AGENT','DisplayName':'Ada','Content':'Hello'"
     ","
     "'ContentType':'text/plain','Time':{'AbsoluteTime':'2024-05-06T10:00:00.5Z'}}}]}",
     "1:c-4 channel=chat at=1714989600500/record\n  agent name=Ada 0|Hello\n"},
    {"real time: a call begins and ends", "contact-lens", NULL,
     "{'Channel':'VOICE','ContactId':'c-3','EventType':'STARTED'}\n"
     "{'Channel':'VOICE','ContactId':'c-3','EventType':'FAILED'}\n",
     "2!the analysis failed\n"},
};

static const struct document_case chat[] = {
    {"Contact Lens: events are no turns, the start is the first item's", "connect-chat", NULL,
     "{'AccountId':'1','Channel':'CHAT','JobStatus':'COMPLETED','CustomerMetadata':{'ContactId':'c-1'},'Participants':["
     "{'ParticipantId':'u','ParticipantRole':'CUSTOMER','DisplayName':'Bob'}],'Transcript':["
     "{'AbsoluteTime':'2024-05-06T10:00:00.000Z','ContentType':'application/vnd.amazonaws.connect.event."
     "participant.joined','Id':'1','Type':'EVENT','Content':'joined','ParticipantRole':'CUSTOMER'},"
     "{'AbsoluteTime':'2024-05-06T10:00:01.500Z','Content':'Welcome','ContentType':'text/"
     "plain','Id':'2','Type':'MESSAGE',"
     "'DisplayName':'SYSTEM_MESSAGE','ParticipantId':'s','ParticipantRole':'SYSTEM'},"
     "{'AbsoluteTime':'2024-05-06T10:00:03Z','Content':'Hi','ContentType':'text/markdown','Id':'3','Type':'MESSAGE',"
     "'ParticipantId':'u'},{'AbsoluteTime':'2024-05-06T10:00:05Z','Content':'**Hello**','ContentType':'text/markdown',"
     "'Id':'4','Type':'MESSAGE','DisplayName':'Ada','ParticipantId':'v','ParticipantRole':'AGENT'},"
     "{'AbsoluteTime':'2024-05-06T10:00:04Z','Content':'Pick one','ContentType':'text/plain','Id':'5','Type':'MESSAGE',"
     "'DisplayName':'BOT','ParticipantId':'w','ParticipantRole':'CUSTOM_BOT'},"
     "{'AbsoluteTime':'2024-05-06T10:00:06Z','Content':'I listen in','ContentType':'text/plain','Type':'MESSAGE',"
     "'ParticipantRole':'SUPERVISOR'},{'AbsoluteTime':'2024-05-06T10:00:07Z','Type':'ATTACHMENT','ParticipantRole':"
     "'CUSTOMER','Attachments':[{'AttachmentName':'a.pdf'}]}]}",
     "1:c-1 channel=chat at=1714989600000/record\n  system name=SYSTEM_MESSAGE 1500|Welcome\n  customer name=Bob "
     "3000|Hi\n"
     "  bot name=BOT 4000|Pick one\n  agent name=Ada 5000|**Hello**\n  agent 6000|I listen in\n"},
    {"stored chat, redacted names, an interactive message", "connect-chat", NULL,
     "{'Version':'2019-08-26','ContactId':'c-2','InitialContactId':'c-0','Participants':[{'DisplayName':'[PII]'}],"
     "'Transcript':[{'AbsoluteTime':'2024-05-06T10:00:00Z','ContentType':'application/json','Type':'MESSAGE','Content':"
     "'{\\'templateType\\':\\'ListPicker\\',\\'data\\':{\\'content\\':{\\'title\\':\\'How can I "
     "help?\\',\\'elements\\':["
     "{\\'title\\':\\'A refund\\'},{\\'title\\':\\'A return\\'}]}}}','DisplayName':'[PII]','ParticipantRole':'SYSTEM'},"
     "{'AbsoluteTime':'2024-05-06T10:00:02Z','ContentType':'application/json','Type':'MESSAGE','Content':'{no json',"
     "'DisplayName':'[PII]','ParticipantRole':'CUSTOMER'}]}",
     "1:c-2 channel=chat at=1714989600000/record\n  system 0|How can I help?\nA refund\nA return\n"
     "  customer 2000|{no json\n"},
    {"only events", "connect-chat", NULL,
     "{'ContactId':'c-2','Transcript':[{'AbsoluteTime':'2024-05-06T10:00:00Z','Type':'EVENT','ContentType':'x'}]}",
     "1!a conversation without turns: no turn has any text\n"},
    {"an analysis that failed", "connect-chat", NULL, "{'Channel':'CHAT','JobStatus':'FAILED'}",
     "1!the analysis failed\n"},
};

static void voice_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(voice); i++)
        expect_document(&voice[i]);
}

static void chat_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(chat); i++)
        expect_document(&chat[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(voice_documents),
        cmocka_unit_test(chat_documents),
    };
    return cmocka_run_group_tests_name("Amazon Connect formats", tests, NULL, NULL);
}
