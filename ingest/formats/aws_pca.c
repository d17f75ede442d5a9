/*
 * AWS Post Call Analytics (the sample solution): ConversationAnalytics and SpeechSegments.
 *
 * Map: id = GUID, else the name of the transcription job; start = ConversationTime, a local time in
 * ConversationLocation; agent = Agent; turns = SpeechSegments[] {SegmentSpeaker, DisplayText, else OriginalText,
 * SegmentStartTime, SegmentEndTime, seconds}; role = the DisplayText of the speaker in SpeakerLabels ("Agent",
 * "Customer").
 *
 * Traps: "None" is a string and means nothing is known.
 */
#include "ingest/formats/readers.h"

#include "ingest/roles.h"
#include "ingest/talk.h"

bool aws_pca_fits(struct json doc)
{
    struct json x;
    return talk_object(doc, "ConversationAnalytics", &x) && json_get(doc, "SpeechSegments", &x);
}

static void read_labels(struct talk *t, struct json about)
{
    struct json list, item;
    if (!talk_list(about, "SpeakerLabels", &list))
        return;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct speaker *s = talk_speaker(t, talk_id(t, item, "Speaker"));
        s->role = roles_of_label(talk_id(t, item, "DisplayText"), &s->name);
    }
}

static struct slice job_name(struct talk *t, struct json about)
{
    struct json list, item;
    if (!talk_list(about, "SourceInformation", &list))
        return (struct slice){"", 0};
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct slice name = talk_id(t, item, "TranscribeJobInfo.TranscriptionJobName");
        if (name.n != 0)
            return name;
    }
    return (struct slice){"", 0};
}

static void add_segment(struct talk *t, struct json v)
{
    struct slice text = talk_text(t, v, "DisplayText"), id = talk_id(t, v, "SegmentSpeaker");
    if (slice_trim(text).n == 0)
        text = talk_text(t, v, "OriginalText");
    struct turn *turn = talk_add(t, text);
    const struct speaker *who = talk_who(t, id);
    turn->role = who != NULL ? who->role : roles_of(id);
    turn->speaker_name = who != NULL ? who->name : (struct slice){"", 0};
    if (turn->role == ROLE_UNKNOWN)
        turn->speaker_id = id;
    turn->start_ms = talk_offset(v, "SegmentStartTime", 1000);
    turn->end_ms = talk_offset(v, "SegmentEndTime", 1000);
}

enum err_code aws_pca_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                            const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json about, list, item;
    talk_begin(&t, at, o, a, sink);
    if (!talk_object(doc, "ConversationAnalytics", &about))
        return talk_refuse(&t, "no Post Call Analytics file: no ConversationAnalytics", e);
    t.c.external_id = talk_id(&t, about, "GUID");
    if (t.c.external_id.n == 0)
        t.c.external_id = job_name(&t, about);
    t.c.channel = SLICE_LIT("voice");
    t.c.agent_id = talk_id(&t, about, "Agent");
    t.c.customer_id = talk_id(&t, about, "Cust");
    talk_start(&t, about, "ConversationTime");
    if (t.c.started_at_ms != MS_NONE && t.c.time_origin == TIME_ASSUMED_UTC)
        t.c.zone = talk_id(&t, about, "ConversationLocation");
    read_labels(&t, about);
    if (talk_list(doc, "SpeechSegments", &list))
        for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
            add_segment(&t, item);
    talk_sort(&t);
    return talk_end(&t, e);
}
