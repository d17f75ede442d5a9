#include "ingest/json_keys.h"

#define KEY_BYTES 24 /* longer keys are none of ours */

struct row {
    char name[KEY_BYTES]; /* normalised */
    unsigned char kind, rank;
};

/* Rows by the length of their names; those of length n stand from from[n] up to from[n + 1]. */
struct table {
    const struct row *rows;
    const unsigned char *from;
    size_t most; /* the longest name's length */
};

/* The smallest rank of a kind counts. */
static const struct row turn_rows[] = {
    {"at", TURN_TIME, 11},
    {"ts", TURN_TIME, 12},
    {"end", TURN_END, 0},
    {"msg", TURN_TEXT, 6},
    {"who", TURN_SPEAKER, 6},
    {"body", TURN_TEXT, 5},
    {"date", TURN_TIME, 13},
    {"from", TURN_SPEAKER, 2},
    {"name", TURN_NAME, 6},
    {"role", TURN_ROLE, 0},
    {"sent", TURN_TIME, 7},
    {"text", TURN_TEXT, 0},
    {"time", TURN_TIME, 1},
    {"user", TURN_SPEAKER, 7},
    {"begin", TURN_START, 3},
    {"endms", TURN_END_MS, 0},
    {"party", TURN_SPEAKER, 5},
    {"start", TURN_START, 0},
    {"value", TURN_TEXT, 4},
    {"endts", TURN_END, 4},
    {"author", TURN_SPEAKER, 3},
    {"endsec", TURN_END, 2},
    {"isuser", TURN_IS_CUSTOMER, 3},
    {"offset", TURN_START, 2},
    {"sender", TURN_SPEAKER, 1},
    {"sentat", TURN_TIME, 6},
    {"starts", TURN_START, 4},
    {"userid", TURN_ID, 5},
    {"phrase", TURN_TEXT, 15},
    {"sentby", TURN_ROLE, 12},
    {"isnote", TURN_IS_NOTE, 4},
    {"public", TURN_IS_PUBLIC, 0},
    {"actorid", TURN_ID, 6},
    {"agentid", TURN_ID, 0},
    {"content", TURN_TEXT, 1},
    {"created", TURN_TIME, 5},
    {"endtime", TURN_END, 1},
    {"inbound", TURN_IS_CUSTOMER, 0},
    {"isagent", TURN_IS_AGENT, 0},
    {"message", TURN_TEXT, 2},
    {"speaker", TURN_SPEAKER, 0},
    {"startms", TURN_START_MS, 0},
    {"private", TURN_IS_NOTE, 0},
    {"authorid", TURN_ID, 3},
    {"datetime", TURN_TIME, 2},
    {"fromtype", TURN_ROLE, 9},
    {"offsetms", TURN_START_MS, 3},
    {"outbound", TURN_IS_AGENT, 3},
    {"received", TURN_TIME, 10},
    {"senderid", TURN_ID, 2},
    {"sentence", TURN_TEXT, 12},
    {"startsec", TURN_START, 5},
    {"username", TURN_NAME, 5},
    {"usertype", TURN_ROLE, 10},
    {"bodytext", TURN_TEXT, 13},
    {"ispublic", TURN_IS_PUBLIC, 1},
    {"incoming", TURN_IS_CUSTOMER, 5},
    {"outgoing", TURN_IS_AGENT, 5},
    {"actorname", TURN_NAME, 7},
    {"actortype", TURN_ROLE, 8},
    {"agentname", TURN_NAME, 0},
    {"createdat", TURN_TIME, 3},
    {"direction", TURN_SPEAKER, 9},
    {"endmillis", TURN_END_MS, 1},
    {"endtimems", TURN_END_MS, 3},
    {"entrytime", TURN_TIME, 17},
    {"fromagent", TURN_IS_AGENT, 2},
    {"isinbound", TURN_IS_CUSTOMER, 1},
    {"issupport", TURN_IS_AGENT, 1},
    {"isvisitor", TURN_IS_CUSTOMER, 4},
    {"plainbody", TURN_TEXT, 10},
    {"speakerid", TURN_ID, 1},
    {"starttime", TURN_START, 1},
    {"timestamp", TURN_TIME, 0},
    {"utterance", TURN_TEXT, 3},
    {"endoffset", TURN_END, 3},
    {"isprivate", TURN_IS_NOTE, 1},
    {"authorname", TURN_NAME, 3},
    {"authorrole", TURN_ROLE, 3},
    {"authortype", TURN_ROLE, 7},
    {"bodyastext", TURN_TEXT, 11},
    {"createtime", TURN_TIME, 18},
    {"iscustomer", TURN_IS_CUSTOMER, 2},
    {"isoutbound", TURN_IS_AGENT, 4},
    {"sendername", TURN_NAME, 2},
    {"senderrole", TURN_ROLE, 4},
    {"sendertype", TURN_ROLE, 5},
    {"transcript", TURN_TEXT, 7},
    {"spokentext", TURN_TEXT, 14},
    {"isinternal", TURN_IS_NOTE, 2},
    {"createdtime", TURN_TIME, 4},
    {"displayname", TURN_NAME, 4},
    {"displaytext", TURN_TEXT, 9},
    {"messagetext", TURN_TEXT, 8},
    {"messagetime", TURN_TIME, 8},
    {"participant", TURN_SPEAKER, 4},
    {"speakername", TURN_NAME, 1},
    {"speakerrole", TURN_ROLE, 1},
    {"speakertype", TURN_ROLE, 6},
    {"startmillis", TURN_START_MS, 1},
    {"starttimems", TURN_START_MS, 5},
    {"messagedata", TURN_TEXT, 18},
    {"datecreated", TURN_TIME, 16},
    {"startoffset", TURN_START, 6},
    {"messagetype", TURN_WAY, 0},
    {"absolutetime", TURN_TIME, 9},
    {"offsetmillis", TURN_START_MS, 4},
    {"speakerlabel", TURN_SPEAKER, 8},
    {"strippedtext", TURN_TEXT, 17},
    {"sentdatetime", TURN_TIME, 14},
    {"internalnote", TURN_IS_NOTE, 3},
    {"participantid", TURN_ID, 4},
    {"messagecontent", TURN_TEXT, 16},
    {"endoffsetmillis", TURN_END_MS, 2},
    {"participantrole", TURN_ROLE, 2},
    {"participanttype", TURN_ROLE, 11},
    {"createddatetime", TURN_TIME, 15},
    {"messagedirection", TURN_SPEAKER, 10},
    {"beginoffsetmillis", TURN_START_MS, 2},
    {"speakerdisplayname", TURN_NAME, 1},
};
static const unsigned char turn_from[] = {0,  0,  0,   2,   5,   14,  20,  32,  43,  58,
                                          77, 90, 105, 111, 112, 113, 117, 118, 119, 120};

static const struct row conversation_rows[] = {
    {"id", CONVERSATION_ID, 17},
    {"date", CONVERSATION_STARTED_AT, 10},
    {"guid", CONVERSATION_ID, 16},
    {"time", CONVERSATION_STARTED_AT, 11},
    {"uuid", CONVERSATION_ID, 15},
    {"agent", CONVERSATION_AGENT_NAME, 1},
    {"media", CONVERSATION_CHANNEL, 1},
    {"queue", CONVERSATION_QUEUE, 0},
    {"skill", CONVERSATION_QUEUE, 3},
    {"caller", CONVERSATION_CUSTOMER_ID, 8},
    {"callid", CONVERSATION_ID, 6},
    {"caseid", CONVERSATION_ID, 12},
    {"chatid", CONVERSATION_ID, 5},
    {"client", CONVERSATION_CUSTOMER_ID, 7},
    {"convid", CONVERSATION_ID, 1},
    {"medium", CONVERSATION_CHANNEL, 3},
    {"source", CONVERSATION_SOURCE, 0},
    {"userid", CONVERSATION_CUSTOMER_ID, 5},
    {"advisor", CONVERSATION_AGENT_NAME, 3},
    {"agentid", CONVERSATION_AGENT_ID, 0},
    {"channel", CONVERSATION_CHANNEL, 0},
    {"convoid", CONVERSATION_ID, 2},
    {"created", CONVERSATION_STARTED_AT, 7},
    {"assignee", CONVERSATION_AGENT_NAME, 5},
    {"clientid", CONVERSATION_CUSTOMER_ID, 1},
    {"customer", CONVERSATION_CUSTOMER_ID, 6},
    {"datetime", CONVERSATION_STARTED_AT, 9},
    {"dialogid", CONVERSATION_ID, 4},
    {"memberid", CONVERSATION_CUSTOMER_ID, 4},
    {"operator", CONVERSATION_AGENT_NAME, 2},
    {"threadid", CONVERSATION_ID, 8},
    {"ticketid", CONVERSATION_ID, 11},
    {"agentname", CONVERSATION_AGENT_NAME, 0},
    {"callstart", CONVERSATION_STARTED_AT, 5},
    {"chatstart", CONVERSATION_STARTED_AT, 4},
    {"contactid", CONVERSATION_ID, 9},
    {"createdat", CONVERSATION_STARTED_AT, 6},
    {"mediatype", CONVERSATION_CHANNEL, 2},
    {"queuename", CONVERSATION_QUEUE, 1},
    {"sessionid", CONVERSATION_ID, 7},
    {"startedat", CONVERSATION_STARTED_AT, 0},
    {"starttime", CONVERSATION_STARTED_AT, 1},
    {"timestamp", CONVERSATION_STARTED_AT, 8},
    {"visitorid", CONVERSATION_CUSTOMER_ID, 2},
    {"assigneeid", CONVERSATION_AGENT_ID, 2},
    {"customerid", CONVERSATION_CUSTOMER_ID, 0},
    {"department", CONVERSATION_QUEUE, 2},
    {"dialogueid", CONVERSATION_ID, 3},
    {"operatorid", CONVERSATION_AGENT_ID, 1},
    {"recordingid", CONVERSATION_ID, 14},
    {"requesterid", CONVERSATION_CUSTOMER_ID, 3},
    {"transcriptid", CONVERSATION_ID, 13},
    {"interactionid", CONVERSATION_ID, 10},
    {"conversationid", CONVERSATION_ID, 0},
    {"representative", CONVERSATION_AGENT_NAME, 4},
    {"conversationstart", CONVERSATION_STARTED_AT, 2},
    {"conversationstarttime", CONVERSATION_STARTED_AT, 3},
};
static const unsigned char conversation_from[] = {0,  0,  0,  1,  1,  5,  9,  18, 23, 32, 44, 49,
                                                  51, 52, 53, 55, 55, 55, 56, 56, 56, 56, 57};

static const struct row list_rows[] = {
    {"parts", 0, 7},    {"turns", 0, 1},    {"events", 0, 5},     {"entries", 0, 4},    {"history", 0, 6},
    {"messages", 0, 0}, {"original", 0, 8}, {"transcript", 0, 2}, {"utterances", 0, 3},
};
static const unsigned char list_from[] = {0, 0, 0, 0, 0, 0, 2, 3, 5, 7, 7, 9};

/* A letter in lower case, a digit as it is, 0 for all else. */
static unsigned char plain(unsigned char c)
{
    unsigned char letter = c | 0x20;
    if (letter >= 'a' && letter <= 'z')
        return letter;
    return c >= '0' && c <= '9' ? c : 0;
}

/* KEY without case and punctuation in OUT, with zeros behind it; its length, 0 if it is too long for any row. */
static size_t normalise(struct slice key, char out[KEY_BYTES])
{
    size_t n = 0;
    memset(out, 0, KEY_BYTES);
    for (size_t i = 0; i < key.n; i++) {
        unsigned char c = plain((unsigned char)key.s[i]);
        if (n == KEY_BYTES - 1 && c != 0)
            return 0;
        out[n] = (char)c;
        n += c != 0;
    }
    return n;
}

static const struct row *find(const struct table *t, struct slice key)
{
    char name[KEY_BYTES];
    size_t n = normalise(key, name);
    if (n == 0 || n > t->most)
        return NULL;
    for (size_t i = t->from[n]; i < t->from[n + 1]; i++)
        if (memcmp(t->rows[i].name, name, 8) == 0 && memcmp(t->rows[i].name + 8, name + 8, sizeof name - 8) == 0)
            return &t->rows[i];
    return NULL;
}

#define TABLE(name)                                                                                                    \
    {                                                                                                                  \
        name##_rows, name##_from, sizeof name##_from - 2                                                               \
    }

enum turn_key turn_key_of(struct slice key, unsigned *rank)
{
    static const struct table table = TABLE(turn);
    const struct row *r = find(&table, key);
    if (r != NULL)
        *rank = r->rank;
    return r != NULL ? (enum turn_key)r->kind : TURN_OTHER;
}

enum conversation_key conversation_key_of(struct slice key, unsigned *rank)
{
    static const struct table table = TABLE(conversation);
    const struct row *r = find(&table, key);
    if (r != NULL)
        *rank = r->rank;
    return r != NULL ? (enum conversation_key)r->kind : CONVERSATION_OTHER;
}

unsigned list_rank_of(struct slice key)
{
    static const struct table table = TABLE(list);
    const struct row *r = find(&table, key);
    return r != NULL ? r->rank : 1000;
}
