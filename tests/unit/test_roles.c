#include "ingest/roles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct {
    const char *word;
    enum role want;
} rows[] = {
    {"agent", ROLE_AGENT},
    {"AGENT", ROLE_AGENT},
    {" Agent: ", ROLE_AGENT},
    {"Agent 2", ROLE_AGENT},
    {"agent_12", ROLE_AGENT},
    {"operator", ROLE_AGENT},
    {"advisor", ROLE_AGENT},
    {"rep", ROLE_AGENT},
    {"representative", ROLE_AGENT},
    {"csr", ROLE_AGENT},
    {"support", ROLE_AGENT},
    {"Customer Support", ROLE_AGENT},
    {"technical support", ROLE_AGENT},
    {"staff", ROLE_AGENT},
    {"employee", ROLE_AGENT},
    {"human_agent", ROLE_AGENT},
    {"admin", ROLE_AGENT},
    {"assistant", ROLE_AGENT},
    {"gpt", ROLE_AGENT},
    {"dispatcher", ROLE_AGENT},
    {"internal", ROLE_AGENT},
    {"outbound", ROLE_AGENT},
    {"OUTGOING", ROLE_AGENT},
    {"business", ROLE_AGENT},
    {"Sales Representative", ROLE_AGENT},
    {"Passenger", ROLE_UNKNOWN}, /* more often what an agent says of a booking than who speaks */
    {"Voicebot", ROLE_BOT},
    {"usr", ROLE_CUSTOMER},
    {"customer", ROLE_CUSTOMER},
    {"client", ROLE_CUSTOMER},
    {"user", ROLE_CUSTOMER},
    {"end_user", ROLE_CUSTOMER},
    {"end-user", ROLE_CUSTOMER},
    {"EndUser", ROLE_CUSTOMER},
    {"visitor", ROLE_CUSTOMER},
    {"caller", ROLE_CUSTOMER},
    {"member", ROLE_CUSTOMER},
    {"patient", ROLE_CUSTOMER},
    {"guest", ROLE_CUSTOMER},
    {"consumer", ROLE_CUSTOMER},
    {"contact", ROLE_CUSTOMER},
    {"lead", ROLE_CUSTOMER},
    {"human", ROLE_CUSTOMER},
    {"external", ROLE_CUSTOMER},
    {"inbound", ROLE_CUSTOMER},
    {"incoming", ROLE_CUSTOMER},
    {"Kunde", ROLE_CUSTOMER},
    {"cliente", ROLE_CUSTOMER},
    {"kh\xc3\xa1"
     "ch h\xc3\xa0"
     "ng",
     ROLE_CUSTOMER},
    {"Kh\xc3\xa1"
     "ch h\xc3\xa0"
     "ng",
     ROLE_CUSTOMER},
    {"bot", ROLE_BOT},
    {"virtual agent", ROLE_BOT},
    {"automated_agent", ROLE_BOT},
    {"IVR", ROLE_BOT},
    {"trigger", ROLE_BOT},
    {"chatbot", ROLE_BOT},
    {"system", ROLE_SYSTEM},
    {"action", ROLE_SYSTEM},
    {"event", ROLE_SYSTEM},
    {"notification", ROLE_SYSTEM},
    {"note", ROLE_NOTE},
    {"internal note", ROLE_NOTE},
    {"", ROLE_UNKNOWN},
    {"42", ROLE_UNKNOWN},
    {"SPEAKER_00", ROLE_UNKNOWN},
    {"Ada Lovelace", ROLE_UNKNOWN},
    {"agents", ROLE_UNKNOWN},
    {"not an agent", ROLE_UNKNOWN},
    {"a word that is much longer than any word which stands for a role", ROLE_UNKNOWN},
};

static void test_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++)
        if (roles_of(slice_of(rows[i].word)) != rows[i].want)
            fail_msg("%s: got %s", rows[i].word, role_name(roles_of(slice_of(rows[i].word))));
    assert_int_equal(roles_of((struct slice){NULL, 0}), ROLE_UNKNOWN);
    assert_int_equal(roles_of(SLICE_LIT("agent\0x")), ROLE_UNKNOWN);
}

static void test_flags(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum role want;
    } flags[] = {
        {"True", ROLE_CUSTOMER}, {"1", ROLE_CUSTOMER},    {"yes", ROLE_CUSTOMER}, {"T", ROLE_CUSTOMER},
        {"FALSE", ROLE_AGENT},   {"0", ROLE_AGENT},       {"No", ROLE_AGENT},     {"f", ROLE_AGENT},
        {"", ROLE_UNKNOWN},      {"maybe", ROLE_UNKNOWN}, {"10", ROLE_UNKNOWN},
    };
    for (size_t i = 0; i < ROWS(flags); i++)
        assert_int_equal(roles_of_flag(slice_of(flags[i].word), ROLE_CUSTOMER, ROLE_AGENT), flags[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_flags),
    };
    return cmocka_run_group_tests_name("roles", tests, NULL, NULL);
}
