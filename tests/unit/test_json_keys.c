#include "ingest/json_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* Kinds with their keys, in the order of preference, with blanks between them. */
struct kind {
    int kind;
    const char *keys;
};

static const struct kind turn_kinds[] = {
    {TURN_TEXT,
     "text content message utterance value body msg transcript messagetext displaytext plainbody bodyastext sentence"},
    {TURN_ROLE, "role speakerrole participantrole authorrole senderrole sendertype speakertype authortype actortype "
                "fromtype usertype"},
    {TURN_SPEAKER, "speaker sender from author participant party who user speakerlabel direction"},
    {TURN_ID, "agentid speakerid senderid authorid participantid userid actorid"},
    {TURN_NAME, "agentname speakername sendername authorname displayname username name actorname"},
    {TURN_START_MS, "startms startmillis beginoffsetmillis offsetms offsetmillis starttimems"},
    {TURN_END_MS, "endms endmillis endoffsetmillis endtimems"},
    {TURN_START, "start starttime offset begin starts startsec"},
    {TURN_END, "end endtime endsec"},
    {TURN_TIME,
     "timestamp time datetime createdat createdtime created sentat sent messagetime absolutetime received at ts date "
     "entrytime createtime"},
    {TURN_IS_AGENT, "isagent issupport fromagent outbound isoutbound"},
    {TURN_IS_CUSTOMER, "inbound isinbound iscustomer isuser isvisitor"},
};

static const struct kind conversation_kinds[] = {
    {CONVERSATION_ID, "conversationid convid convoid dialogueid dialogid chatid callid sessionid threadid contactid "
                      "interactionid ticketid caseid transcriptid recordingid uuid guid id"},
    {CONVERSATION_SOURCE, "source"},
    {CONVERSATION_STARTED_AT, "startedat starttime conversationstart conversationstarttime chatstart callstart "
                              "createdat created timestamp datetime date time"},
    {CONVERSATION_CHANNEL, "channel media mediatype medium"},
    {CONVERSATION_QUEUE, "queue queuename department skill"},
    {CONVERSATION_AGENT_ID, "agentid operatorid assigneeid"},
    {CONVERSATION_AGENT_NAME, "agentname agent operator advisor representative assignee"},
    {CONVERSATION_CUSTOMER_ID, "customerid clientid visitorid requesterid memberid userid customer client caller"},
};

static int turn_kind(struct slice key, unsigned *rank)
{
    return (int)turn_key_of(key, rank);
}

static int conversation_kind(struct slice key, unsigned *rank)
{
    return (int)conversation_key_of(key, rank);
}

static void expect_kinds(const struct kind *kinds, size_t n, int (*kind_of)(struct slice key, unsigned *rank))
{
    for (size_t i = 0; i < n; i++) {
        unsigned before = 0;
        bool is_first = true;
        for (const char *at = kinds[i].keys; *at != '\0';) {
            struct slice key = {at, strcspn(at, " ")};
            unsigned rank = 999;
            if (kind_of(key, &rank) != kinds[i].kind || (!is_first && rank <= before))
                fail_msg("%.*s: kind %d, rank %u behind %u", SLICE_ARG(key), kind_of(key, &rank), rank, before);
            before = rank;
            is_first = false;
            at += key.n + (at[key.n] == ' ');
        }
    }
}

static void every_key_is_found_in_the_order_of_preference(void **state)
{
    (void)state;
    expect_kinds(turn_kinds, ROWS(turn_kinds), turn_kind);
    expect_kinds(conversation_kinds, ROWS(conversation_kinds), conversation_kind);
    static const char *const lists[] = {"messages", "turns",   "transcript", "utterances", "entries",
                                        "events",   "history", "parts",      "original"};
    for (unsigned i = 0; i < ROWS(lists); i++)
        assert_int_equal(list_rank_of(slice_of(lists[i])), i);
}

static void case_and_punctuation_do_not_matter(void **state)
{
    (void)state;
    unsigned rank;
    assert_int_equal(turn_key_of(slice_of("Speaker-Role"), &rank), TURN_ROLE);
    assert_int_equal(turn_key_of(slice_of("__isAgent?"), &rank), TURN_IS_AGENT);
    assert_int_equal(conversation_key_of(slice_of("Conversation ID"), &rank), CONVERSATION_ID);
    assert_int_equal(list_rank_of(slice_of("Turns")), 1);
}

static void other_keys_are_none(void **state)
{
    (void)state;
    static const char *const others[] = {"",          "_",
                                         "x",         "tex",
                                         "texts",     "conversationidentifierandmore",
                                         "\xc3\xa9",  "beginoffsetmilliseconds12345",
                                         "messageses"};
    for (size_t i = 0; i < ROWS(others); i++) {
        unsigned rank = 77;
        assert_int_equal(turn_key_of(slice_of(others[i]), &rank), TURN_OTHER);
        assert_int_equal(conversation_key_of(slice_of(others[i]), &rank), CONVERSATION_OTHER);
        assert_int_equal(list_rank_of(slice_of(others[i])), 1000);
        assert_int_equal(rank, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_found_in_the_order_of_preference),
        cmocka_unit_test(case_and_punctuation_do_not_matter),
        cmocka_unit_test(other_keys_are_none),
    };
    return cmocka_run_group_tests_name("json_keys", tests, NULL, NULL);
}
