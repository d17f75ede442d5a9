/*
 * Genesys Cloud: the transcript of one communication (a leg) of a conversation, transcripts[].phrases[].
 *
 * Map: id = conversationId, part = communicationId; channel = mediaType; turns = phrases {decoratedText, else text;
 * participantPurpose internal = agent, external = customer; startTimeMs, duration.milliseconds}; the agent's id is the
 * userId of the participant who took part at that time.
 *
 * Traps: startTimeMs is an instant in ms in real files and an offset in others: told apart by its size; "internal" may
 * be the IVR or the queue's announcements: the participant (ivr, acd, ...) of that time decides; phrases may have no
 * text; several files have one conversationId.
 */
#include "ingest/formats/readers.h"

#include "ingest/roles.h"
#include "ingest/talk.h"

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

bool genesys_fits(struct json doc)
{
    struct json list, item, x;
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

enum err_code genesys_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                            const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json transcripts, transcript, phrases, phrase;
    struct people people;
    talk_begin(&t, at, o, a, sink);
    if (!genesys_fits(doc))
        return talk_refuse(&t, "no Genesys Cloud transcript: no transcripts with phrases", e);
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
