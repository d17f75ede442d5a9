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
    {"channels that are roles", "speechmatics", NULL,
     "{'format':'2.9','metadata':{},'results':[{'type':'word','channel':'Agent','start_time':0,'end_time':0.1,"
     "'alternatives':[{'content':'Hello'}]},{'type':'word','channel':'Caller','start_time':1,'end_time':1.3,"
     "'alternatives':[{'content':'Hi'}]}]}",
     "1: channel=voice\n  agent 0-100|Hello\n  customer 1000-1300|Hi\n"},
    {"the speaker changes, whoever it is", "speechmatics", NULL,
     "{'format':'2.7','metadata':{},'results':[{'type':'word','start_time':0,'end_time':0.1,'alternatives':[{'content':"
     "'Hello'}]},{'type':'speaker_change','start_time':0.1,'end_time':0.1},{'type':'word','start_time':0.2,'end_time':"
     "0.3,"
     "'alternatives':[{'content':'Hey'}]}]}",
     "1: channel=voice\n  unknown 0-100|Hello\n  unknown 200-300|Hey\n"},
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
    {"BatchRecognize's inline answer: files by their names", "google-stt", NULL,
     "{'name':'operations/1','done':true,'response':{'results':{'gs://b/call-1.wav':{'inlineResult':{'transcript':{"
     "'results':[{'alternatives':[{'transcript':'Hi','words':[{'startOffset':'0.5s','endOffset':'1s','word':'Hi',"
     "'speakerLabel':'1'}]}]}]}}},'gs://b/call-2.wav':{'transcript':{'results':[{'alternatives':[{'transcript':'Ho'}],"
     "'resultEndOffset':'2s'}]}},'gs://b/call-3.wav':{'error':{'code':3}}}}}",
     "1:call-1 channel=voice\n  unknown id=speakerTag 1 500-1000|Hi\n1:call-2 channel=voice\n  unknown 0-2000|Ho\n"
     "1!a file without results\n"},
    {"without speakers: a turn a result, channels", "google-stt", NULL,
     "{'results':[{'alternatives':[{'transcript':' "
     "Hello.'},{'transcript':'Hollow'}],'channelTag':1,'resultEndTime':'2s'},"
     "{'alternatives':[{'transcript':'Hi.'}],'channelTag':2,'resultEndTime':'3.5s'},{'alternatives':[{}]}]}",
     "1: channel=voice\n  unknown id=channelTag 1 0-2000| Hello.\n  unknown id=channelTag 2 2000-3500|Hi.\n"},
};

static const struct document_case assemblyai[] = {
    {"utterances of two channels", "assemblyai", NULL,
     "{'id':'t1','status':'completed','audio_url':'https://"
     "x','dual_channel':true,'speaker_labels':false,'text':'x','words':"
     "[],'utterances':[{'speaker':'2','text':'Hi.','start':1500,'end':1900,'words':[]},{'speaker':'1','text':'Hello.',"
     "'start':170,'end':1200}]}",
     "1:t1 channel=voice\n  unknown id=1 170-1200|Hello.\n  unknown id=2 1500-1900|Hi.\n"},
    {"no utterances: words with and without speakers; roles as speakers", "assemblyai", NULL,
     "{'id':'t2','status':'completed','audio_url':'u','utterances':null,'words':[{'text':'Yes','start':10,'end':20,'"
     "speaker':"
     "'A'},{'text':'sir.','start':20,'end':40,'speaker':'A'},{'text':'No','start':50,'end':60,'speaker':'B'}]}\n"
     "{'id':'t3','status':'completed','audio_url':'u','utterances':null,'words':null,'text':'All of it.'}\n"
     "{'id':'t4','status':'completed','audio_url':'u','utterances':[{'speaker':'Agent','text':'Hi.','start':0,'end':9}]"
     "}",
     "1:t2 channel=voice\n  unknown id=A 10-40|Yes sir.\n  unknown id=B 50-60|No\n"
     "2:t3 channel=voice\n  unknown|All of it.\n3:t4 channel=voice\n  agent 0-9|Hi.\n"},
    {"sentences, paragraphs", "assemblyai", NULL,
     "{'id':'t7','confidence':0.9,'audio_duration':9,'sentences':[{'text':'Hi.','start':100,'end':900,'speaker':'A',"
     "'words':[]},{'text':'Ho.','start':1000,'end':1900,'speaker':'B','words':[]}]}\n"
     "{'id':'t8','confidence':0.9,'audio_duration':9,'paragraphs':[{'text':'Hi. Ho.','start':100,'end':1900,'words':[{"
     "'text':'Hi.','start':100,'end':900}]}]}",
     "1:t7 channel=voice\n  unknown id=A 100-900|Hi.\n  unknown id=B 1000-1900|Ho.\n"
     "2:t8 channel=voice\n  unknown 100-1900|Hi. Ho.\n"},
    {"not completed", "assemblyai", NULL,
     "{'id':'t5','status':'error','audio_url':'u','error':'no speech','words':null}\n"
     "{'id':'t6','status':'processing','audio_url':'u','words':null}",
     "1!the transcription failed: no speech\n2!the transcription was not completed when this was exported\n"},
};

static const struct document_case gladia[] = {
    {"v2, speakers", "gladia", NULL,
     "{'id':'g1','request_id':'G-1','status':'done','created_at':'2024-05-06T10:00:00Z','result':{'metadata':{},"
     "'transcription':{'full_transcript':'x','utterances':[{'text':'Hello.','start':0.1,'end':1,'channel':0,'speaker':"
     "0,"
     "'words':[{'word':'Hello.','start':0.1,'end':1}]},{'text':'Hi.','start':1.5,'end':2,'channel':0,'speaker':1}]}}}",
     "1:g1 channel=voice at=1714989600000/file-date\n  unknown id=speaker 0 100-1000|Hello.\n"
     "  unknown id=speaker 1 1500-2000|Hi.\n"},
    {"v2, channels; an empty utterance", "gladia", NULL,
     "{'id':'g2','result':{'transcription':{'utterances':[{'text':'Hello.','start':3,'end':4,'channel':0},{'text':'',"
     "'channel':1},{'text':'Hi.','start':1.5,'end':2,'channel':1}]}}}",
     "1:g2 channel=voice\n  unknown id=channel 1 1500-2000|Hi.\n  unknown id=channel 0 3000-4000|Hello.\n"},
    {"v1, an error", "gladia", NULL,
     "{'request_id':'g3','prediction':[{'transcription':'Hi.','time_begin':0.5,'time_end':1,'speaker':'speaker_1',"
     "'channel':'channel_0'}]}",
     "1:g3 channel=voice\n  unknown id=speaker_1 500-1000|Hi.\n"},
    {"an error", "gladia", NULL,
     "{'id':'g4','request_id':'x','status':'error','error_code':'400','result':null,'request_params':{}}",
     "1!the transcription failed: 400\n"},
};

static const struct document_case rev[] = {
    {"elements with blanks of their own, names", "rev", NULL,
     "{'job_id':'j','speakers':[{'id':0,'name':'Ada "
     "Lee'},{'id':2,'name':'Agent'}],'monologues':[{'speaker':0,'elements':["
     "{'type':'text','value':'Hello','ts':0.5,'end_ts':0.9},{'type':'punct','value':','},{'type':'punct','value':' '},"
     "{'type':'text','value':'you','ts':1,'end_ts':1.5},{'type':'punct','value':'.'}]},{'speaker':1,'elements':[{'type'"
     ":"
     "'text','value':'Hi','timestamp':'00:00:02,250','end_timestamp':'00:00:03,000'}]},{'speaker':2,'elements':[{'"
     "value':"
     "'So'}]},{'speaker':3,'speaker_info':{'display_name':'Eve'},'elements':[{'value':'No'}]},{'speaker':4,'elements':["
     "]}]}",
     "1:j channel=voice\n  unknown id=speaker 0 name=Ada Lee 500-1500|Hello, you.\n  unknown id=speaker 1 "
     "2250-3000|Hi\n"
     "  agent|So\n  unknown id=speaker 3 name=Eve|No\n"},
    {"nothing said", "rev", NULL, "{'monologues':[]}", "1!a conversation without turns: no turn has any text\n"},
};

static const struct document_case azure_speech[] = {
    {"batch: ticks, two channels, an unrecognised phrase", "azure-speech", NULL,
     "{'source':'https://s.blob.core.windows.net/c/call%201.wav?sv=1','timestamp':'2024-05-06T10:00:00Z',"
     "'combinedRecognizedPhrases':[{'channel':0,'display':'x'}],'recognizedPhrases':["
     "{'recognitionStatus':'Success','channel':0,'offset':'PT3S','duration':'PT1S','offsetInTicks':30000000.0,"
     "'durationInTicks':10000000,'nBest':[{'confidence':0.9,'lexical':'hello','display':'Hello.'},{'display':'Hollow.'}"
     "]},"
     "{'recognitionStatus':'Failure','channel':0,'offsetInTicks':1},"
     "{'recognitionStatus':'Success','channel':1,'offset':'PT1M2.5S','duration':'PT0.5S','nBest':[{'display':''"
     ",'lexical':'hi'}]},{'channel':1,'speaker':1,'offsetInTicks':5000000,'nBest':[{'display':'Yes?'}]}]}",
     "1:call%201 channel=voice at=1714989600000/file-date\n  unknown id=speaker 1 500|Yes?\n"
     "  unknown id=channel 0 3000-4000|Hello.\n  unknown id=channel 1 62500-63000|hi\n"},
    {"fast: phrases", "azure-speech", NULL,
     "{'durationMilliseconds':9000,'combinedPhrases':[{'text':'x'}],'phrases':[{'speaker':1,'offsetMilliseconds':40,"
     "'durationMilliseconds':460,'text':'Hi.','words':[],'locale':'en-US'},{'speaker':2,'offsetMilliseconds':900,'text'"
     ":"
     "'Hello.'}]}",
     "1: channel=voice\n  unknown id=speaker 1 40-500|Hi.\n  unknown id=speaker 2 900|Hello.\n"},
    {"batch, version 2: a conversation a file", "azure-speech", NULL,
     "{'AudioFileResults':[{'AudioFileName':'call-1.wav','AudioFileUrl':null,'SegmentResults':[{'RecognitionStatus':"
     "'Success','ChannelNumber':null,'SpeakerId':2,'Offset':30000000,'Duration':10000000,'NBest':[{'Lexical':'hi',"
     "'Display':'Hi.'}]},{'RecognitionStatus':'Success','SpeakerId':'Agent','Offset':400000,'Duration':4600000,'NBest':"
     "[{"
     "'Lexical':'hello','Display':''}]}]},{'AudioFileName':'call-2.wav','SegmentResults':[{'ChannelNumber':'0','Offset'"
     ":"
     "0,'NBest':[{'Display':'One'}]},{'ChannelNumber':'1','Offset':10000,'NBest':[{'Display':'Two'}]},{"
     "'RecognitionStatus':'Failure'}]},{'AudioFileName':'call-3.wav','SegmentResults':[]}]}",
     "1:call-1 channel=voice\n  agent 40-500|hello\n  unknown id=speaker 2 3000-4000|Hi.\n"
     "1:call-2 channel=voice\n  unknown id=0 0|One\n  unknown id=1 1|Two\n"
     "1!a conversation without turns: no turn has any text\n"},
    {"Content Understanding", "azure-speech", NULL,
     "{'id':'1','status':'Succeeded','result':{'contents':[{'markdown':'x','kind':'audioVisual','transcriptPhrases':[{"
     "'speaker':'Agent','startTimeMs':80,'endTimeMs':900,'text':'Hi.'},{'speaker':'Speaker 2','startTimeMs':1000,"
     "'endTimeMs':1100,'text':'Hello.'}]}]}}",
     "1: channel=voice\n  agent 80-900|Hi.\n  unknown id=Speaker 2 1000-1100|Hello.\n"},
};

static const struct document_case azure_markdown = {
    "Content Understanding: captions in the markdown", "azure-speech", NULL,
    "{'result':{'contents':[{'kind':'document'},{'markdown':'# Call\\n```\\nWEBVTT\\n\\n00:01.000 --> 00:02.000\\n"
    "<v Agent>Hello</v>\\n```\\nMore'}]}}",
    "1: channel=voice\n  agent 1000-2000|Hello\n"};

static const struct document_case twilio[] = {
    {"sentences of two channels", "twilio", NULL,
     "{'meta':{'page':0,'url':'https://intelligence.twilio.com/v2/Transcripts/GT1/"
     "Sentences?PageSize=50','next_page_url':"
     "null},'sentences':[{'media_channel':2,'sentence_index':1,'start_time':2.5,'end_time':'3.25','transcript':'Hi.'},"
     "{'media_channel':1,'sentence_index':0,'start_time':0,'end_time':2,'transcript':'Hello.'}]}",
     "1:GT1 channel=voice\n  unknown id=channel 1 0-2000|Hello.\n  unknown id=channel 2 2500-3250|Hi.\n"},
    {"as the library for JavaScript writes them", "twilio", NULL,
     "[{'mediaChannel':2,'sentenceIndex':1,'startTime':2.5,'endTime':3.25,'transcript':'Hi.','sid':'GX2','words':null},"
     "{'mediaChannel':1,'sentenceIndex':0,'startTime':0,'endTime':2,'transcript':'Hello.','sid':'GX1'}]",
     "1: channel=voice\n  unknown id=channel 1 0-2000|Hello.\n  unknown id=channel 2 2500-3250|Hi.\n"},
};

static const struct document_case whisper[] = {
    {"names of speakers as objects, by number", "whisper", NULL,
     "{'segments':[{'start':0.5,'end':1,'text':'Hello','speaker':0},{'start':1.5,'end':2,'text':'Hi','speaker':1}],"
     "'speakers':{'0':{'label':'Agent'},'1':{'name':'Kim'}}}\n"
     "{'segments':[{'start':0.5,'end':1,'text':'Hello','speaker':0}],'speakers':[{'id':0,'label':'Agent'}]}\n",
     "1: channel=voice\n  agent 500-1000|Hello\n  unknown id=speaker 1 name=Kim 1500-2000|Hi\n"
     "2: channel=voice\n  agent 500-1000|Hello\n"},
    {"a map of names; a blank before each text; words that know the speaker", "whisper", NULL,
     "{'speakers':{'spk_0':'Eoin','spk_1':'Agent'},'segments':[{'speakerLabel':'spk_0','start':0,'end':9.8,'text':' "
     "Hello'},"
     "{'speakerLabel':'spk_1','start':9.8,'end':12,'text':' "
     "Hi'},{'start':13,'end':null,'text':'So','words':[{'word':'So'},"
     "{'word':'x','speaker':'SPEAKER_01'}]},{'start':14,'end':15,'text':'nobody'}]}",
     "1: channel=voice\n  unknown id=spk_0 name=Eoin 0-9800| Hello\n  agent 9800-12000| Hi\n"
     "  unknown id=SPEAKER_01 13000|So\n  unknown 14000-15000|nobody\n"},
    {"a bare list", "whisper", NULL,
     "[{'id':0,'start':0.5,'end':1,'text':'One','words':[{'text':'One','speaker':'S1','start':0.5}]},"
     "{'id':1,'start':1,'end':2,'text':'Two','speaker':'S2'}]",
     "1: channel=voice\n  unknown id=S1 500-1000|One\n  unknown id=S2 1000-2000|Two\n"},
    {"a bare list in ms", "whisper", NULL,
     "[{'start':170,'end':1200,'text':'One','speaker':'A','words':[{'text':'One','start':170,'end':1200,'speaker':'A'}]"
     "},"
     "{'start':1500,'end':1900,'text':'Two','speaker':'B','words':[]}]",
     "1: channel=voice\n  unknown id=A 170-1200|One\n  unknown id=B 1500-1900|Two\n"},
    {"whisper.cpp", "whisper", NULL,
     "{'systeminfo':'x','result':{'language':'en'},'transcription':[{'timestamps':{'from':'00:00:00,000'},'offsets':{'"
     "from':"
     "0,'to':2500},'text':' Hello'},{'offsets':{'from':2500,'to':3000},'text':'you','speaker':'1'}]}",
     "1: channel=voice\n  unknown 0-2500| Hello\n  unknown id=1 2500-3000|you\n"},
    {"transformers, with speakers and without", "whisper", NULL,
     "{'text':'x','chunks':[{'timestamp':[0.0,1.5],'text':' Hello'},{'timestamp':[1.5,null],'text':' you'}]}\n"
     "{'text':'x','chunks':[{'timestamp':[0.0,1.5],'text':' Hello'}],'speakers':[{'speaker':'SPEAKER_00','timestamp':"
     "[0.0,1.5],'text':' Hello'}]}",
     "1: channel=voice\n  unknown 0-1500| Hello\n  unknown 1500| you\n"
     "2: channel=voice\n  unknown id=SPEAKER_00 0-1500| Hello\n"},
    {"the text alone", "whisper", NULL, "{'text':'All of it.','segments':[],'language':'en'}",
     "1: channel=voice\n  unknown|All of it.\n"},
    {"somebody's own record is read by its own keys", "json", NULL,
     "{'conversation_id':'c1','agent_id':'a','segments':[{'start':0,'end':1,'text':'Hi','speaker':'agent'}]}",
     "1:c1 agent=a\n  agent 0-1000|Hi\n"},
};

static void documents(void **state)
{
    const struct document_cases all[] = {
        {aws_transcribe, ROWS(aws_transcribe)},
        {deepgram, ROWS(deepgram)},
        {speechmatics, ROWS(speechmatics)},
        {google_stt, ROWS(google_stt)},
        {assemblyai, ROWS(assemblyai)},
        {gladia, ROWS(gladia)},
        {rev, ROWS(rev)},
        {azure_speech, ROWS(azure_speech)},
        {&azure_markdown, 1},
        {twilio, ROWS(twilio)},
        {whisper, ROWS(whisper)},
    };
    (void)state;
    expect_documents(all, ROWS(all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),
    };
    return cmocka_run_group_tests_name("speech to text formats", tests, NULL, NULL);
}
