/*
 * Amazon Connect Contact Lens for voice, Amazon Transcribe Call Analytics (the same shape), and the segments that
 * Contact Lens gives in real time.
 *
 * Map: id = CustomerMetadata.ContactId, ContactId, else JobName, else what stands before "_analysis_" in the file's
 * name; turns = Transcript[] {ParticipantRole, else the role of ParticipantId in Participants[], else ParticipantId
 * itself; Content; BeginOffsetMillis, EndOffsetMillis}; start = in the name of the recording
 * (CustomerMetadata.InputS3Uri,
 * "_20240506T10:00_UTC"), else in the file's own name: both are told as from a name.
 *
 * Traps: the turns of both channels overlap and are ordered by their beginnings; the agent is not in the file (it takes
 * side data); a job that FAILED or was SKIPPED has no Transcript; raw and redacted copies have one ContactId. Real
 * time: Segments[] hold Transcript or Utterance (whose PartialContent is not final: no turn) or Categories; of a chat
 * they have Time.AbsoluteTime.
 */
#include "ingest/formats/readers.h"

#include "ingest/roles.h"
#include "ingest/talk.h"
#include "ingest/times.h"

static bool is_event(struct json doc)
{
    struct json x;
    return json_get(doc, "ContactId", &x) && json_get(doc, "Channel", &x) &&
           (json_get(doc, "EventType", &x) || json_get(doc, "StreamingEventType", &x));
}

static bool is_realtime(struct json doc)
{
    struct json list, item, x;
    if (is_event(doc))
        return true;
    if (!talk_list(doc, "Segments", &list))
        return false;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
        if (talk_object(item, "Transcript", &x) || talk_object(item, "Utterance", &x) ||
            talk_object(item, "Categories", &x))
            return true;
    return false;
}

bool contact_lens_fits(struct json doc)
{
    struct json x;
    bool has_job = json_get(doc, "JobStatus", &x) || json_get(doc, "JobName", &x);
    if (is_realtime(doc) || talk_items_have(doc, "Transcript", "Content BeginOffsetMillis"))
        return true;
    return has_job && !talk_is(doc, "Channel", "CHAT") && !talk_items_have(doc, "Transcript", "AbsoluteTime") &&
           (talk_is(doc, "Channel", "VOICE") || json_get(doc, "Transcript", &x) ||
            json_get(doc, "CustomerMetadata", &x) || json_get(doc, "JobName", &x));
}

static void add_participants(struct talk *t, struct json doc)
{
    struct json list, item;
    if (!talk_list(doc, "Participants", &list))
        return;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct slice id = talk_id(t, item, "ParticipantId");
        if (id.n != 0)
            talk_speaker(t, id)->role = roles_of(talk_text(t, item, "ParticipantRole"));
    }
}

static void add_turn(struct talk *t, struct json v)
{
    struct turn *turn = talk_add(t, talk_text(t, v, "Content"));
    struct slice id = talk_id(t, v, "ParticipantId");
    const struct speaker *who = talk_who(t, id);
    turn->role = roles_of(talk_text(t, v, "ParticipantRole"));
    if (turn->role == ROLE_UNKNOWN)
        turn->role = who != NULL && who->role != ROLE_UNKNOWN ? who->role : roles_of(id);
    if (turn->role == ROLE_UNKNOWN)
        turn->speaker_id = id;
    turn->start_ms = talk_offset(v, "BeginOffsetMillis", 1);
    turn->end_ms = talk_offset(v, "EndOffsetMillis", 1);
    bool has_zone;
    int64_t instant = talk_instant(t, v, "Time.AbsoluteTime", &has_zone);
    if (instant != MS_NONE) { /* of a chat */
        turn->start_ms = instant;
        turn->speaker_name = talk_id(t, v, "DisplayName");
    }
}

static void add_turns(struct talk *t, struct json doc)
{
    struct json list, item, x;
    if (talk_list(doc, "Transcript", &list))
        for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
            add_turn(t, item);
    else if (talk_list(doc, "Segments", &list))
        for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
            if (talk_object(item, "Transcript", &x))
                add_turn(t, x);
    talk_sort(t);
    if (talk_is(doc, "Channel", "CHAT"))
        talk_rebase(t, TIME_FROM_RECORD);
}

/* The contact in the name of the file: "<ContactId>_analysis_2024-05-06T10:00:00Z.json". */
static struct slice id_of_path(const char *path)
{
    struct slice stem = talk_stem(slice_of(path));
    for (size_t i = 1; i + 10 <= stem.n; i++)
        if (memcmp(stem.s + i, "_analysis_", 10) == 0)
            return (struct slice){stem.s, i};
    return (struct slice){"", 0};
}

static void set_id_and_start(struct talk *t, struct json doc)
{
    static const char *const ids[] = {"CustomerMetadata.ContactId", "ContactId", "JobName"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids && t->c.external_id.n == 0; i++)
        t->c.external_id = talk_id(t, doc, ids[i]);
    if (t->c.external_id.n == 0)
        t->c.external_id = id_of_path(t->at->path);
    struct slice recording = talk_stem(talk_text(t, doc, "CustomerMetadata.InputS3Uri"));
    if (t->c.started_at_ms != MS_NONE)
        return;
    if (times_in_name(recording, &t->c.started_at_ms) ||
        times_in_name(talk_stem(slice_of(t->at->path)), &t->c.started_at_ms))
        t->c.time_origin = TIME_FROM_NAME;
}

enum err_code contact_lens_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                 struct arena *a, const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json x;
    talk_begin(&t, at, o, a, sink);
    if (!contact_lens_fits(doc))
        return talk_refuse(&t, "no Contact Lens or Call Analytics file: no Transcript with Content", e);
    struct slice status = talk_id(&t, doc, "JobStatus");
    if (status.n == 0)
        status = talk_id(&t, doc, "EventType");
    if (status.n == 0)
        status = talk_id(&t, doc, "StreamingEventType");
    add_participants(&t, doc);
    add_turns(&t, doc);
    t.c.channel = talk_is(doc, "Channel", "CHAT") ? SLICE_LIT("chat") : SLICE_LIT("voice");
    t.c.is_redacted = talk_is(doc, "ContentMetadata.Output", "Redacted");
    if (is_event(doc))
        talk_piece(&t);
    set_id_and_start(&t, doc);
    if (t.c.nturns != 0)
        return talk_end(&t, e);
    if (slice_is(status, "FAILED") || slice_is(status, "SKIPPED")) {
        struct slice why = talk_id(&t, doc, "FailureReason");
        if (why.n == 0)
            why = talk_id(&t, doc, "JobDetails.SkippedReason");
        return talk_refuse_as(&t, slice_is(status, "FAILED") ? "the analysis failed" : "the analysis was skipped", why,
                              e);
    }
    if (is_event(doc) || (is_realtime(doc) && json_get(doc, "Segments", &x) && json_count(x) != 0))
        return t.is_short_of_memory ? err_nomem(e) : ERR_OK; /* partial words, categories, start and end of a call */
    return talk_end(&t, e);
}
