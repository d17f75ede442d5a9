/*
 * Genesys Cloud: the transcript of one communication (a leg) of a conversation, transcripts[].phrases[]; and what the
 * recordings of chats, messages and mail hold.
 *
 * Map: id = conversationId, part = communicationId; channel = mediaType; turns = phrases {decoratedText, else text;
 * participantPurpose internal = agent, external = customer; startTimeMs, duration.milliseconds}; the agent's id is the
 * userId of the participant who took part at that time.
 *
 * Recordings: messagingTranscript[] {messageText, purpose, fromUser, timestamp}, transcript[] {body,
 * participantPurpose, user, utc; message is an id}, emailTranscript[] {textBody, else htmlBody, from, time}; part = id.
 *
 * Traps: startTimeMs is an instant in ms in real files and an offset in others: told apart by its size; "internal" may
 * be the IVR or the queue's announcements: the participant (ivr, acd, ...) of that time decides; phrases may have no
 * text; several files have one conversationId.
 */
#include "ingest/formats/readers.h"

#include "ingest/desk.h"
#include "ingest/mail_reader.h"
#include "ingest/roles.h"

#define MOST_PEOPLE   1000                  /* of a call; whoever comes later is not looked up */
#define LEAST_INSTANT INT64_C(100000000000) /* 1973 in ms; no offset is three years */

struct participant {
    enum role role;
    struct slice id;
    int64_t from_ms, to_ms; /* MS_NONE: not told */
};

struct people {
    struct participant *list;
    size_t n;
};

/* Is DOC the recording of anything but a call? */
static bool is_recording(struct json doc)
{
    struct json x;
    return json_get(doc, "conversationId", &x) &&
           (talk_items_have(doc, "messagingTranscript", "timestamp") || talk_items_have(doc, "transcript", "utc") ||
            talk_items_have(doc, "emailTranscript", "time"));
}

bool genesys_fits(struct json doc)
{
    struct json list, item, x;
    if (is_recording(doc))
        return true;
    if (!talk_list(doc, "transcripts", &list))
        return json_get(doc, "conversationId", &x) && json_get(doc, "communicationId", &x) &&
               json_get(doc, "transcripts", &x);
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
        if (json_get(item, "phrases", &x))
            return true;
    return false;
}

/* Purposes are roles, and machines of the platform. */
static enum role role_of_purpose(struct slice purpose)
{
    static const char *const machines[] = {"ivr",      "acd",    "bot",         "botflow",
                                           "workflow", "dialer", "voicemail",   "outbound_dialer",
                                           "campaign", "fax",    "inboundflow", "digitalbotflow"};
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        if (slice_is(purpose, machines[i]))
            return ROLE_BOT;
    return slice_is(purpose, "user") ? ROLE_AGENT : roles_of(purpose); /* a user of the platform */
}

static void read_people(struct talk *t, struct json doc, struct people *out)
{
    struct json list, item;
    *out = (struct people){NULL, 0};
    if (!talk_list(doc, "participants", &list))
        return;
    out->list = arena_zalloc(t->a, json_count(list), sizeof *out->list);
    if (out->list == NULL) {
        t->is_short_of_memory = true;
        return;
    }
    for (struct json_iter it = json_iterate(list); out->n < MOST_PEOPLE && json_next(&it, NULL, &item);) {
        struct participant *p = &out->list[out->n++];
        p->role = role_of_purpose(talk_text(t, item, "participantPurpose"));
        p->id = talk_id(t, item, "userId");
        p->from_ms = talk_offset(item, "startTimeMs", 1);
        p->to_ms = talk_offset(item, "endTimeMs", 1);
        if (p->role == ROLE_CUSTOMER && t->c.customer_id.n == 0)
            t->c.customer_id = talk_id(t, item, "externalContactId");
        if (p->role == ROLE_CUSTOMER && t->c.customer_id.n == 0)
            t->c.customer_id = talk_id(t, item, "ani");
        if (t->c.queue.n == 0)
            t->c.queue = talk_id(t, item, "queueId");
    }
}

/* Does P take part at AT? */
static bool is_there(const struct participant *p, int64_t at)
{
    return at == MS_NONE || ((p->from_ms == MS_NONE || p->from_ms <= at) && (p->to_ms == MS_NONE || at < p->to_ms));
}

/* The one of ROLE who is there at AT, or NULL. */
static const struct participant *find(const struct people *people, enum role role, int64_t at)
{
    for (size_t i = people->n; i > 0; i--)
        if (people->list[i - 1].role == role && is_there(&people->list[i - 1], at))
            return &people->list[i - 1];
    return NULL;
}

static void add_phrase(struct talk *t, struct json v, const struct people *people)
{
    struct slice text = talk_text(t, v, "decoratedText");
    if (slice_trim(text).n == 0)
        text = talk_text(t, v, "text");
    struct turn *turn = talk_add(t, text);
    int64_t lasts = talk_offset(v, "duration.milliseconds", 1);
    turn->role = role_of_purpose(talk_text(t, v, "participantPurpose"));
    turn->start_ms = talk_offset(v, "startTimeMs", 1);
    if (turn->start_ms == MS_NONE)
        turn->start_ms = talk_offset(v, "offset.milliseconds", 1);
    if (turn->start_ms != MS_NONE && lasts != MS_NONE)
        turn->end_ms = turn->start_ms + lasts;
    if (turn->role != ROLE_AGENT)
        return;
    const struct participant *agent = find(people, ROLE_AGENT, turn->start_ms);
    if (agent != NULL)
        turn->speaker_id = agent->id;
    else if (turn->start_ms != MS_NONE && find(people, ROLE_BOT, turn->start_ms) != NULL)
        turn->role = ROLE_BOT;
}

static void set_times(struct talk *t, struct json doc)
{
    bool has_instants = false;
    for (uint32_t i = 0; i < t->c.nturns; i++)
        has_instants = has_instants || t->c.turns[i].start_ms > LEAST_INSTANT;
    talk_sort(t);
    if (!has_instants) { /* offsets count from the beginning of this communication */
        talk_start(t, doc, "startTime");
        talk_start(t, doc, "conversationStartTime");
        return;
    }
    talk_start(t, doc, "conversationStartTime");
    talk_start(t, doc, "startTime");
    talk_rebase(t, TIME_FROM_RECORD);
}

/* ---- recordings ----------------------------------------------------------------------------------------------------
 */

static void add_message(struct talk *t, struct json v)
{
    struct json user;
    struct slice text = talk_text(t, v, "messageText");
    if (slice_trim(text).n == 0)
        text = talk_text(t, v, "buttonResponse.text");
    struct turn *turn = talk_add(t, text);
    turn->role = role_of_purpose(talk_text(t, v, "purpose"));
    if (talk_object(v, "fromUser", &user)) {
        turn->speaker_id = talk_id(t, user, "id");
        turn->speaker_name = talk_id(t, user, "name");
        turn->role = turn->role == ROLE_UNKNOWN ? ROLE_AGENT : turn->role;
    } else if (turn->role == ROLE_UNKNOWN && talk_object(v, "fromExternalContact", &user)) {
        turn->role = ROLE_CUSTOMER;
    }
    desk_time(t, turn, v, "timestamp");
}

static void add_chat(struct talk *t, struct json v)
{
    struct slice type = talk_text(t, v, "bodyType");
    bool is_event = type.n != 0 && !slice_is(type, "standard") && !slice_is(type, "notice");
    struct turn *turn = talk_add(t, is_event ? SLICE_LIT("") : desk_text(t, v, "body"));
    turn->role = slice_is(type, "notice") ? ROLE_SYSTEM : role_of_purpose(talk_text(t, v, "participantPurpose"));
    turn->speaker_id = talk_id(t, v, "user.id");
    turn->speaker_name = talk_id(t, v, "user.name");
    if (turn->role == ROLE_UNKNOWN && turn->speaker_id.n != 0)
        turn->role = ROLE_AGENT;
    desk_time(t, turn, v, "utc");
}

static void add_mail(struct talk *t, struct json v)
{
    struct slice text = desk_mail_text(t, v, "textBody");
    struct turn *turn = talk_add(t, text.n != 0 ? text : desk_mail_text(t, v, "htmlBody"));
    turn->speaker_id = talk_id(t, v, "from.email");
    turn->speaker_name = talk_id(t, v, "from.name");
    if (t->o->own_domains != NULL)
        turn->role = mail_reader_is_own(turn->speaker_id, t->o->own_domains) ? ROLE_AGENT : ROLE_CUSTOMER;
    desk_time(t, turn, v, "time");
}

static enum err_code add_recording(struct talk *t, struct json doc, struct err *e)
{
    static const struct {
        const char *list;
        void (*add)(struct talk *t, struct json v);
    } kinds[] = {{"messagingTranscript", add_message}, {"transcript", add_chat}, {"emailTranscript", add_mail}};
    struct json list, item;
    t->c.external_id = talk_id(t, doc, "conversationId");
    t->c.part = talk_id(t, doc, "id");
    t->c.channel = talk_id(t, doc, "media");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (talk_list(doc, kinds[i].list, &list))
            for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
                kinds[i].add(t, item);
    return desk_end(t, e);
}

enum err_code genesys_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                            const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json transcripts, transcript, phrases, phrase;
    struct people people;
    talk_begin(&t, at, o, a, sink);
    if (!genesys_fits(doc))
        return talk_refuse(&t, "no Genesys Cloud transcript: no transcripts with phrases", e);
    if (is_recording(doc))
        return add_recording(&t, doc, e);
    t.c.external_id = talk_id(&t, doc, "conversationId");
    t.c.part = talk_id(&t, doc, "communicationId");
    t.c.channel = talk_id(&t, doc, "mediaType");
    if (slice_is(t.c.channel, "call"))
        t.c.channel = SLICE_LIT("voice");
    read_people(&t, doc, &people);
    if (talk_list(doc, "transcripts", &transcripts))
        for (struct json_iter it = json_iterate(transcripts); json_next(&it, NULL, &transcript);)
            if (talk_list(transcript, "phrases", &phrases))
                for (struct json_iter in = json_iterate(phrases); json_next(&in, NULL, &phrase);)
                    add_phrase(&t, phrase, &people);
    set_times(&t, doc);
    return talk_end(&t, e);
}
