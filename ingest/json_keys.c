#include "ingest/json_keys.h"

#define KEY_BYTES 24 /* longer keys are none of ours */

struct row {
    char name[KEY_BYTES]; /* normalised */
    unsigned char kind;
};

/* In the order of preference. */
static const struct row turn_rows[] = {
    {"text", TURN_TEXT},
    {"content", TURN_TEXT},
    {"message", TURN_TEXT},
    {"utterance", TURN_TEXT},
    {"value", TURN_TEXT},
    {"body", TURN_TEXT},
    {"msg", TURN_TEXT},
    {"transcript", TURN_TEXT},
    {"messagetext", TURN_TEXT},
    {"displaytext", TURN_TEXT},
    {"plainbody", TURN_TEXT},
    {"bodyastext", TURN_TEXT},
    {"sentence", TURN_TEXT},
    {"role", TURN_ROLE},
    {"speakerrole", TURN_ROLE},
    {"participantrole", TURN_ROLE},
    {"authorrole", TURN_ROLE},
    {"senderrole", TURN_ROLE},
    {"sendertype", TURN_ROLE},
    {"speakertype", TURN_ROLE},
    {"authortype", TURN_ROLE},
    {"actortype", TURN_ROLE},
    {"fromtype", TURN_ROLE},
    {"usertype", TURN_ROLE},
    {"speaker", TURN_SPEAKER},
    {"sender", TURN_SPEAKER},
    {"from", TURN_SPEAKER},
    {"author", TURN_SPEAKER},
    {"participant", TURN_SPEAKER},
    {"party", TURN_SPEAKER},
    {"who", TURN_SPEAKER},
    {"user", TURN_SPEAKER},
    {"speakerlabel", TURN_SPEAKER},
    {"direction", TURN_SPEAKER},
    {"agentid", TURN_ID},
    {"speakerid", TURN_ID},
    {"senderid", TURN_ID},
    {"authorid", TURN_ID},
    {"participantid", TURN_ID},
    {"userid", TURN_ID},
    {"agentname", TURN_NAME},
    {"speakername", TURN_NAME},
    {"sendername", TURN_NAME},
    {"authorname", TURN_NAME},
    {"displayname", TURN_NAME},
    {"username", TURN_NAME},
    {"name", TURN_NAME},
    {"startms", TURN_START_MS},
    {"startmillis", TURN_START_MS},
    {"beginoffsetmillis", TURN_START_MS},
    {"offsetms", TURN_START_MS},
    {"offsetmillis", TURN_START_MS},
    {"starttimems", TURN_START_MS},
    {"endms", TURN_END_MS},
    {"endmillis", TURN_END_MS},
    {"endoffsetmillis", TURN_END_MS},
    {"endtimems", TURN_END_MS},
    {"start", TURN_START},
    {"starttime", TURN_START},
    {"offset", TURN_START},
    {"begin", TURN_START},
    {"starts", TURN_START},
    {"startsec", TURN_START},
    {"end", TURN_END},
    {"endtime", TURN_END},
    {"endsec", TURN_END},
    {"timestamp", TURN_TIME},
    {"time", TURN_TIME},
    {"datetime", TURN_TIME},
    {"createdat", TURN_TIME},
    {"createdtime", TURN_TIME},
    {"created", TURN_TIME},
    {"sentat", TURN_TIME},
    {"sent", TURN_TIME},
    {"messagetime", TURN_TIME},
    {"absolutetime", TURN_TIME},
    {"received", TURN_TIME},
    {"at", TURN_TIME},
    {"ts", TURN_TIME},
    {"date", TURN_TIME},
};

static const struct row conversation_rows[] = {
    {"conversationid", CONVERSATION_ID},
    {"convid", CONVERSATION_ID},
    {"convoid", CONVERSATION_ID},
    {"dialogueid", CONVERSATION_ID},
    {"dialogid", CONVERSATION_ID},
    {"chatid", CONVERSATION_ID},
    {"callid", CONVERSATION_ID},
    {"sessionid", CONVERSATION_ID},
    {"threadid", CONVERSATION_ID},
    {"contactid", CONVERSATION_ID},
    {"interactionid", CONVERSATION_ID},
    {"ticketid", CONVERSATION_ID},
    {"caseid", CONVERSATION_ID},
    {"transcriptid", CONVERSATION_ID},
    {"recordingid", CONVERSATION_ID},
    {"uuid", CONVERSATION_ID},
    {"guid", CONVERSATION_ID},
    {"id", CONVERSATION_ID},
    {"source", CONVERSATION_SOURCE},
    {"startedat", CONVERSATION_STARTED_AT},
    {"starttime", CONVERSATION_STARTED_AT},
    {"conversationstart", CONVERSATION_STARTED_AT},
    {"conversationstarttime", CONVERSATION_STARTED_AT},
    {"chatstart", CONVERSATION_STARTED_AT},
    {"callstart", CONVERSATION_STARTED_AT},
    {"createdat", CONVERSATION_STARTED_AT},
    {"created", CONVERSATION_STARTED_AT},
    {"timestamp", CONVERSATION_STARTED_AT},
    {"datetime", CONVERSATION_STARTED_AT},
    {"date", CONVERSATION_STARTED_AT},
    {"time", CONVERSATION_STARTED_AT},
    {"channel", CONVERSATION_CHANNEL},
    {"media", CONVERSATION_CHANNEL},
    {"mediatype", CONVERSATION_CHANNEL},
    {"medium", CONVERSATION_CHANNEL},
    {"queue", CONVERSATION_QUEUE},
    {"queuename", CONVERSATION_QUEUE},
    {"department", CONVERSATION_QUEUE},
    {"skill", CONVERSATION_QUEUE},
    {"agentid", CONVERSATION_AGENT_ID},
    {"operatorid", CONVERSATION_AGENT_ID},
    {"assigneeid", CONVERSATION_AGENT_ID},
    {"agentname", CONVERSATION_AGENT_NAME},
    {"agent", CONVERSATION_AGENT_NAME},
    {"operator", CONVERSATION_AGENT_NAME},
    {"advisor", CONVERSATION_AGENT_NAME},
    {"representative", CONVERSATION_AGENT_NAME},
    {"assignee", CONVERSATION_AGENT_NAME},
    {"customerid", CONVERSATION_CUSTOMER_ID},
    {"clientid", CONVERSATION_CUSTOMER_ID},
    {"visitorid", CONVERSATION_CUSTOMER_ID},
    {"requesterid", CONVERSATION_CUSTOMER_ID},
    {"memberid", CONVERSATION_CUSTOMER_ID},
    {"userid", CONVERSATION_CUSTOMER_ID},
    {"customer", CONVERSATION_CUSTOMER_ID},
    {"client", CONVERSATION_CUSTOMER_ID},
    {"caller", CONVERSATION_CUSTOMER_ID},
};

static const struct row list_rows[] = {
    {"messages", 0}, {"turns", 0},   {"transcript", 0}, {"utterances", 0}, {"entries", 0},
    {"events", 0},   {"history", 0}, {"parts", 0},      {"original", 0},
};

/* KEY without case and punctuation; false if it is too long for any row. */
static bool normalise(struct slice key, char out[KEY_BYTES])
{
    size_t n = 0;
    for (size_t i = 0; i < key.n; i++) {
        char c = key.s[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            continue;
        if (n == KEY_BYTES - 1)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return n != 0;
}

static const struct row *find(const struct row *rows, size_t n, struct slice key, unsigned *rank)
{
    char name[KEY_BYTES] = {0};
    if (!normalise(key, name))
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (memcmp(rows[i].name, name, 8) == 0 && memcmp(rows[i].name + 8, name + 8, sizeof name - 8) == 0) {
            *rank = (unsigned)i;
            return &rows[i];
        }
    }
    return NULL;
}

enum turn_key turn_key_of(struct slice key, unsigned *rank)
{
    const struct row *r = find(turn_rows, sizeof turn_rows / sizeof *turn_rows, key, rank);
    return r != NULL ? (enum turn_key)r->kind : TURN_OTHER;
}

enum conversation_key conversation_key_of(struct slice key, unsigned *rank)
{
    const struct row *r = find(conversation_rows, sizeof conversation_rows / sizeof *conversation_rows, key, rank);
    return r != NULL ? (enum conversation_key)r->kind : CONVERSATION_OTHER;
}

unsigned list_rank_of(struct slice key)
{
    unsigned rank;
    return find(list_rows, sizeof list_rows / sizeof *list_rows, key, &rank) != NULL ? rank : 1000;
}
