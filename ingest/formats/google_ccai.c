/*
 * Google CCAI (Contact Center AI Insights): the files one uploads (entries), what its API exports (transcript segments,
 * also in a list conversations[]), rows of its BigQuery export (sentences), and the messages of Agent Assist.
 *
 * Map: entries {role, user_id, text, start_timestamp_usec}, id = the file's name; segments {segmentParticipant.role,
 * .userId, text, messageTime, words[].startOffset}, id = the end of name, start = startTime, agent = agentId, else
 * qualityMetadata.agentInfo[0]; sentences {participantRole, speakerTag, sentence, startOffsetNanos}, id = the end of
 * conversationName; messages {participantRole, participant, content, createTime}, newest first, id = in a message's
 * name.
 *
 * Traps: int64 come as strings; microseconds; the documentation's own example is of 1970, which is no reason to drop
 * it; a segment may have no role: then its channelTag is compared with callMetadata; names also with_underscores.
 */
#include "ingest/formats/readers.h"

#include <math.h>

#include "ingest/desk.h"
#include "ingest/roles.h"

/* The first of A and B that V has. */
static const char *either(struct json v, const char *a, const char *b)
{
    struct json x;
    return talk_path(v, a, &x) ? a : b;
}

static bool has_segments(struct json doc)
{
    return talk_items_have(doc, "transcript.transcriptSegments", "text") ||
           talk_items_have(doc, "transcript.transcript_segments", "text");
}

static bool is_conversation(struct json doc)
{
    return talk_items_have(doc, "entries", "start_timestamp_usec text") ||
           talk_items_have(doc, "entries", "role user_id text") || has_segments(doc) ||
           talk_items_have(doc, "sentences", "sentence participantRole") ||
           talk_items_have(doc, "sentences", "sentence speakerTag") ||
           talk_items_have(doc, "messages", "participant participantRole content createTime") ||
           talk_items_have(doc, "messages", "participant participant_role content create_time");
}

bool google_ccai_fits(struct json doc)
{
    struct json list, item;
    if (is_conversation(doc))
        return true;
    if (!talk_list(doc, "conversations", &list))
        return false;
    struct json_iter it = json_iterate(list);
    return json_next(&it, NULL, &item) && has_segments(item);
}

static enum role role_of(struct slice word)
{
    return slice_is(word, "ANY_AGENT") ? ROLE_AGENT : roles_of(word);
}

/* What stands behind the last "/". */
static struct slice last_part(struct slice name)
{
    for (size_t i = name.n; i > 0; i--)
        if (name.s[i - 1] == '/')
            return (struct slice){name.s + i, name.n - i};
    return name;
}

static struct slice channel_of(struct json doc)
{
    return talk_is(doc, "medium", "CHAT")         ? SLICE_LIT("chat")
           : talk_is(doc, "medium", "PHONE_CALL") ? SLICE_LIT("voice")
                                                  : SLICE_LIT("");
}

/* ---- entries ---- */

static void add_entries(struct talk *t, struct json list)
{
    struct json item;
    double usec;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct turn *turn = talk_add(t, talk_text(t, item, "text"));
        turn->role = role_of(talk_text(t, item, "role"));
        turn->speaker_id = talk_id(t, item, "user_id");
        if (turn->role == ROLE_CUSTOMER && t->c.customer_id.n == 0)
            t->c.customer_id = turn->speaker_id;
        if (talk_number(item, "start_timestamp_usec", &usec) && fabs(usec) < 1e17)
            turn->start_ms = (int64_t)llround(usec / 1000);
    }
    talk_sort(t);
    talk_rebase(t, TIME_FROM_RECORD);
    if (t->at->line <= 1)
        t->c.external_id = talk_stem(slice_of(t->at->path));
}

/* ---- segments ---- */

static enum role role_by_channel(struct json doc, struct json segment)
{
    double channel, agent, customer;
    if (!talk_number(segment, either(segment, "channelTag", "channel_tag"), &channel))
        return ROLE_UNKNOWN;
    struct json call;
    if (!talk_object(doc, either(doc, "callMetadata", "call_metadata"), &call))
        return ROLE_UNKNOWN;
    bool has_agent = talk_number(call, either(call, "agentChannel", "agent_channel"), &agent);
    bool has_customer = talk_number(call, either(call, "customerChannel", "customer_channel"), &customer);
    if (has_agent && has_customer && agent == customer)
        return ROLE_UNKNOWN;
    return has_agent && channel == agent         ? ROLE_AGENT
           : has_customer && channel == customer ? ROLE_CUSTOMER
                                                 : ROLE_UNKNOWN;
}

/* The offset at the beginning (or the end) of a segment's words. */
static void time_words(struct json segment, struct turn *turn)
{
    struct json words, word;
    if (!talk_list(segment, "words", &words))
        return;
    for (struct json_iter it = json_iterate(words); json_next(&it, NULL, &word);) {
        int64_t start = talk_offset(word, either(word, "startOffset", "start_offset"), 1000);
        int64_t end = talk_offset(word, either(word, "endOffset", "end_offset"), 1000);
        turn->start_ms = turn->start_ms == MS_NONE ? start : turn->start_ms;
        turn->end_ms = end != MS_NONE && end > turn->end_ms ? end : turn->end_ms;
    }
}

static void add_segments(struct talk *t, struct json doc, struct json list)
{
    struct json segment, who;
    bool has_zone, by_instant = true;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &segment);)
        by_instant = by_instant &&
                     talk_instant(t, segment, either(segment, "messageTime", "message_time"), &has_zone) != MS_NONE;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &segment);) {
        struct turn *turn = talk_add(t, talk_text(t, segment, "text"));
        if (talk_object(segment, either(segment, "segmentParticipant", "segment_participant"), &who)) {
            turn->role = role_of(talk_text(t, who, "role"));
            turn->speaker_id = talk_id(t, who, either(who, "userId", "user_id"));
        }
        if (turn->role == ROLE_UNKNOWN)
            turn->role = role_by_channel(doc, segment);
        if (turn->role == ROLE_UNKNOWN && turn->speaker_id.n == 0)
            talk_label(t, turn, segment, either(segment, "channelTag", "channel_tag"), "channelTag ");
        if (by_instant)
            turn->start_ms = talk_instant(t, segment, either(segment, "messageTime", "message_time"), &has_zone);
        else
            time_words(segment, turn);
    }
    talk_sort(t);
    talk_start(t, doc, either(doc, "startTime", "start_time"));
    if (by_instant)
        talk_rebase(t, TIME_FROM_RECORD);
}

static void read_conversation(struct talk *t, struct json doc)
{
    struct json list, agent;
    t->c.external_id = last_part(talk_id(t, doc, "name"));
    t->c.agent_id = talk_id(t, doc, either(doc, "agentId", "agent_id"));
    if (talk_list(doc, "qualityMetadata.agentInfo", &list) || talk_list(doc, "quality_metadata.agent_info", &list)) {
        struct json_iter it = json_iterate(list);
        if (json_next(&it, NULL, &agent)) {
            t->c.agent_name = talk_id(t, agent, either(agent, "displayName", "display_name"));
            if (t->c.agent_id.n == 0)
                t->c.agent_id = talk_id(t, agent, either(agent, "agentId", "agent_id"));
        }
    }
    t->c.channel = channel_of(doc);
    if (talk_list(doc, "transcript.transcriptSegments", &list) ||
        talk_list(doc, "transcript.transcript_segments", &list))
        add_segments(t, doc, list);
}

/* ---- sentences ---- */

static void read_row(struct talk *t, struct json doc, struct json list)
{
    struct json item;
    t->c.external_id = last_part(talk_id(t, doc, "conversationName"));
    t->c.agent_id = talk_id(t, doc, "agentId");
    t->c.channel = channel_of(doc);
    double seconds;
    if (talk_number(doc, "startTimestampUtc", &seconds) && fabs(seconds) < 1e11) {
        t->c.started_at_ms = (int64_t)llround(seconds * 1000);
        t->c.time_origin = TIME_FROM_RECORD;
    }
    talk_start(t, doc, "startTimestampUtc");
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct turn *turn = talk_add(t, talk_text(t, item, "sentence"));
        turn->role = role_of(talk_text(t, item, "participantRole"));
        if (turn->role == ROLE_UNKNOWN)
            talk_label(t, turn, item, "speakerTag", "speakerTag ");
        turn->start_ms = talk_offset(item, "startOffsetNanos", 1e-6);
        turn->end_ms = talk_offset(item, "endOffsetNanos", 1e-6);
    }
    talk_sort(t);
}

/* ---- messages ---- */

static enum err_code read_messages(struct talk *t, struct json list, struct err *e)
{
    struct json item;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct turn *turn = talk_add(t, talk_text(t, item, "content"));
        turn->role = role_of(talk_text(t, item, either(item, "participantRole", "participant_role")));
        turn->speaker_id = last_part(talk_id(t, item, "participant"));
        desk_time(t, turn, item, either(item, "createTime", "create_time"));
        if (t->c.external_id.n == 0)
            t->c.external_id = talk_segment(talk_id(t, item, "name"), "/conversations/");
    }
    talk_piece(t); /* it may be a page */
    return desk_end(t, e);
}

static enum err_code parse_one(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                               const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct json list;
    talk_begin(&t, at, o, a, sink);
    if (talk_list(doc, "messages", &list))
        return read_messages(&t, list, e);
    if (talk_list(doc, "entries", &list))
        add_entries(&t, list);
    else if (talk_list(doc, "sentences", &list))
        read_row(&t, doc, list);
    else
        read_conversation(&t, doc);
    return talk_end(&t, e);
}

enum err_code google_ccai_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                struct arena *a, const struct reader_sink *sink, struct err *e)
{
    struct json list, item;
    if (is_conversation(doc) || !talk_list(doc, "conversations", &list))
        return parse_one(doc, at, o, a, sink, e);
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
        if (parse_one(item, at, o, a, sink, e) != ERR_OK)
            return e->code;
    return ERR_OK;
}
