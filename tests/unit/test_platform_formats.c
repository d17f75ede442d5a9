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
     "  unknown 5000|Hm\n"},
    {"a list of the API, names with underscores, offsets of words", "google-ccai", NULL,
     "{'conversations':[{'name':'c/"
     "1','start_time':'2024-05-06T10:00:00Z','medium':'CHAT','quality_metadata':{'agent_info':["
     "{'agent_id':'a1','display_name':'Ada'}]},'transcript':{'transcript_segments':[{'text':'Hi','words':[{'start_"
     "offset':"
     "'1.2s','end_offset':'1.9s','word':'Hi'}],'segment_participant':{'role':'END_USER'}}]}}]}",
     "1:1 channel=chat agent=a1 agent-name=Ada at=1714989600000/record\n  customer 1200-1900|Hi\n"},
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
    {"nothing said", "genesys", NULL, "{'conversationId':'c3','communicationId':'m','transcripts':[{'phrases':[]}]}",
     "1!a conversation without turns: no turn has any text\n"},
};

static void documents(void **state)
{
    const struct {
        const struct document_case *rows;
        size_t n;
    } all[] = {
        {aws_pca, ROWS(aws_pca)},
        {google_ccai, ROWS(google_ccai)},
        {genesys, ROWS(genesys)},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(all); i++)
        for (size_t k = 0; k < all[i].n; k++)
            expect_document(&all[i].rows[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),
    };
    return cmocka_run_group_tests_name("contact-centre platforms' formats", tests, NULL, NULL);
}
