#include "ingest/formats/readers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/documents.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct document_case aws_transcribe[] = {
    {"words by time: empty segments, empty labels, punctuation without time", "aws-transcribe", NULL,
     "{'jobName':'j1','accountId':'1','status':'COMPLETED','results':{'transcripts':[{'transcript':'x'}],"
     "'speaker_labels':{'speakers':2,'segments':["
     "{'start_time':'0.0','end_time':'1.0','speaker_label':'spk_0','items':[{'start_time':'0.1','end_time':'0.5',"
     "'speaker_label':'spk_0'}]},{'start_time':'1.0','end_time':'1.2','speaker_label':'','items':[]},"
     "{'start_time':'1.2','end_time':'3.0','speaker_label':'spk_1','items':[]}]},'items':["
     "{'start_time':'0.1','end_time':'0.5','type':'pronunciation','alternatives':[{'confidence':'0.9','content':'Hello'"
     "}]},"
     "{'type':'punctuation','alternatives':[{'content':','}]},"
     "{'start_time':'1.0','end_time':'1.1','type':'pronunciation','alternatives':[{'content':'um'}]},"
     "{'start_time':'1.3','end_time':'1.5','type':'pronunciation','alternatives':[{'content':'hi'},{'content':'high'}]}"
     ","
     "{'type':'punctuation','alternatives':[{'content':'.'}]}]}}",
     "1:j1 channel=voice\n  unknown id=spk_0 100-1100|Hello, um\n  unknown id=spk_1 1300-1500|hi.\n"},
    {"labels on the items", "aws-transcribe", NULL,
     "{'jobName':'j2','results':{'transcripts':[],'items':["
     "{'start_time':'0','end_time':'1','type':'pronunciation','alternatives':[{'content':'Yes'}],'speaker_label':'spk_"
     "1'},"
     "{'type':'punctuation','alternatives':[{'content':'.'}],'speaker_label':'spk_1'},"
     "{'start_time':'2','end_time':'3','type':'pronunciation','alternatives':[{'content':'No'}],'speaker_label':'spk_0'"
     "}]}}",
     "1:j2 channel=voice\n  unknown id=spk_1 0-1000|Yes.\n  unknown id=spk_0 2000-3000|No\n"},
    {"channels: overlapping phrases stay whole", "aws-transcribe", NULL,
     "{'jobName':'j3','status':'COMPLETED','results':{'transcripts':[],'items':[],'channel_labels':{'channels':["
     "{'channel_label':'ch_0','items':["
     "{'start_time':'0.0','end_time':'0.4','type':'pronunciation','alternatives':[{'content':'Thank'}]},"
     "{'start_time':'0.4','end_time':'0.9','type':'pronunciation','alternatives':[{'content':'you'}]},"
     "{'type':'punctuation','alternatives':[{'content':'.'}]},"
     "{'start_time':'1.0','end_time':'1.2','type':'pronunciation','alternatives':[{'content':'Name'}]},"
     "{'type':'punctuation','alternatives':[{'content':'?'}]},"
     "{'start_time':'5.0','end_time':'5.2','type':'pronunciation','alternatives':[{'content':'Right'}]}]},"
     "{'channel_label':'ch_1','items':["
     "{'start_time':'1.1','end_time':'1.5','type':'pronunciation','alternatives':[{'content':'I'}]},"
     "{'start_time':'1.6','end_time':'1.9','type':'pronunciation','alternatives':[{'content':'am'}]},"
     "{'start_time':'2.0','end_time':'2.9','type':'pronunciation','alternatives':[{'content':'Bob'}]}]}]}}}",
     "1:j3 channel=voice\n  unknown id=ch_0 0-1200|Thank you. Name?\n  unknown id=ch_1 1100-2900|I am Bob\n"
     "  unknown id=ch_0 5000-5200|Right\n"},
    {"audio segments without speakers", "aws-transcribe", NULL,
     "{'jobName':'j4','results':{'transcripts':[{'transcript':'One. "
     "Two.'}],'audio_segments':[{'id':0,'transcript':'One.',"
     "'start_time':'0.0','end_time':'1.0','items':[0]},{'id':1,'transcript':'Two.','start_time':'2.0','end_time':'3.0'}"
     "],"
     "'items':[{'start_time':'0.0','end_time':'1.0','type':'pronunciation','alternatives':[{'content':'One'}]}]}}",
     "1:j4 channel=voice\n  unknown 0-1000|One.\n  unknown 2000-3000|Two.\n"},
    {"the text alone", "aws-transcribe", NULL,
     "{'jobName':'j5','results':{'transcripts':[{'transcript':'One. Two.'}],'items':[]}}",
     "1:j5 channel=voice\n  unknown|One. Two.\n"},
    {"a failed job", "aws-transcribe", NULL,
     "{'jobName':'j6','accountId':'1','status':'FAILED','failureReason':'bad media'}",
     "1!the transcription failed: bad media\n"},
};

static const struct document_case deepgram[] = {
    {"utterances", "deepgram", NULL,
     "{'metadata':{'request_id':'r1','created':'2024-05-06T10:00:00Z','channels':1},'results':{'channels':[{'"
     "alternatives':"
     "[{'transcript':'x','words':[{'word':'x','start':0,'end':1}]}]}],'utterances':[{'start':0.08,'end':1.5,'channel':"
     "0,"
     "'transcript':'Hello.','speaker':0,'words':[]},{'start':2,'end':3.25,'transcript':'Hi.','speaker':1},"
     "{'start':3,'end':4,'transcript':'No speaker'}]}}",
     "1:r1 channel=voice at=1714989600000/file-date\n  unknown id=speaker 0 80-1500|Hello.\n"
     "  unknown id=speaker 1 2000-3250|Hi.\n  unknown 3000-4000|No speaker\n"},
    {"several channels: utterances", "deepgram", NULL,
     "{'metadata':{'request_id':'r2','channels':2},'results':{'channels':[{'alternatives':[{}]},{'alternatives':[{}]}],"
     "'utterances':[{'start':3,'end':4,'channel':0,'transcript':'Bye.'},{'start':0.5,'end':1,'channel':1,'transcript':"
     "'Hello.','speaker':0}]}}",
     "1:r2 channel=voice\n  unknown id=channel 1 speaker 0 500-1000|Hello.\n  unknown id=channel 0 3000-4000|Bye.\n"},
    {"words of one channel", "deepgram", NULL,
     "{'metadata':{'request_id':'r3'},'results':{'channels':[{'alternatives':[{'transcript':'x','words':["
     "{'word':'hello','punctuated_word':'Hello,','start':0.1,'end':0.5,'speaker':0},"
     "{'word':'you','start':0.5,'end':0.9,'speaker':0},{'word':'hi','punctuated_word':'Hi.','start':1,'end':2,"
     "'speaker':1}]}]}]}}",
     "1:r3 channel=voice\n  unknown id=speaker 0 100-900|Hello, you\n  unknown id=speaker 1 1000-2000|Hi.\n"},
    {"words of several channels", "deepgram", NULL,
     "{'metadata':{'request_id':'r4'},'results':{'channels':[{'alternatives':[{'words':[{'word':'a','start':0,'end':0."
     "5},"
     "{'word':'b','start':3,'end':4}]}]},{'alternatives':[{'words':[{'word':'c','start':1,'end':2}]}]}]}}",
     "1:r4 channel=voice\n  unknown id=channel 0 0-500|a\n  unknown id=channel 1 1000-2000|c\n"
     "  unknown id=channel 0 3000-4000|b\n"},
    {"paragraphs, transcripts", "deepgram", NULL,
     "{'metadata':{'request_id':'r5'},'results':{'channels':[{'alternatives':[{'transcript':'x','paragraphs':{'"
     "transcript':"
     "'x','paragraphs':[{'speaker':1,'sentences':[{'text':'One.','start':0,'end':1},{'text':'Two.','start':1,'end':2}]}"
     ","
     "{'speaker':0,'sentences':[{'text':'Three.','start':3,'end':4}]}]}}]}]}}\n"
     "{'metadata':{'request_id':'r6'},'results':{'channels':[{'alternatives':[{'transcript':'Just text'}]}]}}",
     "1:r5 channel=voice\n  unknown id=speaker 1 0-2000|One. Two.\n  unknown id=speaker 0 3000-4000|Three.\n"
     "2:r6 channel=voice\n  unknown|Just text\n"},
    {"nothing said", "deepgram", NULL,
     "{'metadata':{'request_id':'r7'},'results':{'channels':[{'alternatives':[{'transcript':'','words':[]}]}]}}",
     "1!a conversation without turns: no turn has any text\n"},
};

static const struct document_case speechmatics[] = {
    {"attaching, an empty delimiter, entities, unknown speaker", "speechmatics", NULL,
     "{'format':'2.9','job':{'id':'s1','created_at':'2024-05-06T10:00:00Z'},'metadata':{'type':'transcription',"
     "'language_pack_info':{'word_delimiter':''}},'results':["
     "{'type':'word','start_time':0.5,'end_time':0.9,'alternatives':[{'content':'It','speaker':'S1'}]},"
     "{'type':'word','start_time':0.9,'end_time':1,'alternatives':[{'content':'is','speaker':'S1'}]},"
     "{'type':'entity','start_time':1,'end_time':2,'alternatives':[{'content':'$5','speaker':'S1'}],'spoken_form':"
     "[{'alternatives':[{'content':'five'}],'type':'word'}]},"
     "{'type':'punctuation','start_time':2,'end_time':2,'attaches_to':'previous','alternatives':[{'content':'.',"
     "'speaker':'S1'}]},{'type':'speaker_change','start_time':2,'end_time':2},"
     "{'type':'punctuation','start_time':2.1,'end_time':2.1,'attaches_to':'next','alternatives':[{'content':'(',"
     "'speaker':'UU'}]},{'type':'word','start_time':2.1,'end_time':3,'alternatives':[{'content':'well','speaker':'UU'}]"
     "},"
     "{'type':'punctuation','attaches_to':'both','alternatives':[{'content':'-','speaker':'UU'}]},"
     "{'type':'word','start_time':3,'end_time':4,'alternatives':[{'content':'known','speaker':'UU'}]}]}",
     "1:s1 channel=voice at=1714989600000/file-date\n  unknown id=S1 500-2000|It is $5.\n"
     "  unknown id=UU 2100-4000|(well-known\n"},
    {"channels", "speechmatics", NULL,
     "{'format':'2.8','metadata':{},'results':["
     "{'type':'word','channel':'channel_1','start_time':0,'end_time':1,'alternatives':[{'content':'Hello'}]},"
     "{'type':'word','channel':'channel_2','start_time':1,'end_time':2,'alternatives':[{'content':'Hi'}]},"
     "{'type':'word','channel':'channel_1','start_time':1.2,'end_time':1.8,'alternatives':[{'content':'there'}]},"
     "{'type':'word','channel':'channel_2','start_time':2.2,'end_time':3,'alternatives':[{'content':'you'}]}]}",
     "1: channel=voice\n  unknown id=channel_1 0-1800|Hello there\n  unknown id=channel_2 1000-3000|Hi you\n"},
    {"a script without blanks", "speechmatics", NULL,
     "{'format':'2.8','metadata':{},'results':["
     "{'type':'word','start_time':0,'end_time':1,'alternatives':[{'content':'\xe4\xbd\xa0','speaker':'S1'}]},"
     "{'type':'word','start_time':1,'end_time':2,'alternatives':[{'content':'\xe5\xa5\xbd','speaker':'S1'}]}]}",
     "1: channel=voice\n  unknown id=S1 0-2000|\xe4\xbd\xa0\xe5\xa5\xbd\n"},
    {"nothing said", "speechmatics", NULL, "{'format':'2.8','job':{'id':'s2'},'metadata':{},'results':[]}",
     "1!a conversation without turns: no turn has any text\n"},
};

static const struct document_case google_stt[] = {
    {"v1: the last result repeats all words", "google-stt", NULL,
     "{'results':[{'alternatives':[{'transcript':'Hello.','words':[{'startTime':'0.100s','endTime':'0.900s','word':"
     "'Hello.'}]}]},{'alternatives':[{'transcript':'Hi.','words':[{'startTime':'1s','endTime':'2s','word':'Hi.'}]}]},"
     "{'alternatives':[{'words':[{'startTime':'0.100s','endTime':'0.900s','word':'Hello.','speakerTag':1},{'startTime':"
     "'1s','endTime':'2s','word':'Hi.','speakerTag':2}]}]}]}",
     "1: channel=voice\n  unknown id=speakerTag 1 100-900|Hello.\n  unknown id=speakerTag 2 1000-2000|Hi.\n"},
    {"an operation, seconds and nanos, other ways to write the keys", "google-stt", NULL,
     "{'name':'op1','done':true,'response':{'results':[{'alternatives':[{'words':[{'start_time':{'seconds':'12','nanos'"
     ":"
     "900000000},'end_time':{'seconds':13},'word':'Yes','speaker_tag':2},{'start_time':{'seconds':13},'end_time':{"
     "'seconds':14},'word':'sir','speaker_tag':2}]}]}]}}",
     "1:op1 channel=voice\n  unknown id=speakerTag 2 12900-14000|Yes sir\n"},
    {"v2: labels where the words stand", "google-stt", NULL,
     "{'results':[{'alternatives':[{'transcript':'a b','words':[{'startOffset':'0s','endOffset':'1s','word':'a',"
     "'speakerLabel':'1'},{'startOffset':'1s','endOffset':'2s','word':'b','speakerLabel':'2'}]}]},"
     "{'alternatives':[{'transcript':'c','words':[{'startOffset':'2s','endOffset':'3s','word':'c','speakerLabel':'2'}]}"
     "]}]}",
     "1: channel=voice\n  unknown id=speakerTag 1 0-1000|a\n  unknown id=speakerTag 2 1000-3000|b c\n"},
    {"without speakers: a turn a result, channels", "google-stt", NULL,
     "{'results':[{'alternatives':[{'transcript':' "
     "Hello.'},{'transcript':'Hollow'}],'channelTag':1,'resultEndTime':'2s'},"
     "{'alternatives':[{'transcript':'Hi.'}],'channelTag':2,'resultEndTime':'3.5s'},{'alternatives':[{}]}]}",
     "1: channel=voice\n  unknown id=channelTag 1 0-2000| Hello.\n  unknown id=channelTag 2 2000-3500|Hi.\n"},
};

static void documents(void **state)
{
    const struct {
        const struct document_case *rows;
        size_t n;
    } all[] = {
        {aws_transcribe, ROWS(aws_transcribe)},
        {deepgram, ROWS(deepgram)},
        {speechmatics, ROWS(speechmatics)},
        {google_stt, ROWS(google_stt)},
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
    return cmocka_run_group_tests_name("speech to text formats", tests, NULL, NULL);
}
