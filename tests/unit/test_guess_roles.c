/* guess_roles: who is taken for the agent, and who is left unknown. */
#include "ingest/guess_roles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ingest/assign_roles.h"

#define MOST 12

struct said {
    const char *who, *text;
    enum role told;
};

struct row {
    const char *label;
    struct said said[MOST];
    const char *want; /* a letter a turn: a c b u, s n */
    bool guessed;
};

static const struct row rows[] = {
    {"an agent greets",
     {{"A", "Thank you for calling Acme, how can I help you?", ROLE_UNKNOWN}, {"B", "Yeah, hi.", ROLE_UNKNOWN}},
     "ac",
     true},
    {"the customer comes first",
     {{"spk_1", "I was charged twice for my subscription!", ROLE_UNKNOWN},
      {"spk_0", "Let me pull up your account.", ROLE_UNKNOWN},
      {"spk_1", "ok", ROLE_UNKNOWN}},
     "cac",
     true},
    {"by name, with a curly apostrophe and capitals",
     {{"Zed", "I\xe2\x80\x99M CALLING ABOUT a parcel", ROLE_UNKNOWN}, {"Ann", "ok", ROLE_UNKNOWN}},
     "ca",
     true},
    {"small talk is no evidence",
     {{"A", "I want to tell you something.", ROLE_UNKNOWN}, {"B", "I need to go, sir", ROLE_UNKNOWN}},
     "uu",
     false},
    {"however much of it",
     {{"A", "I want to, I need to, I'd like to, I wanted to", ROLE_UNKNOWN},
      {"A", "I want to, I need to, I'd like to, I wanted to", ROLE_UNKNOWN},
      {"B", "your account, your order, sir, on my end", ROLE_UNKNOWN},
      {"B", "your account, your order, sir, on my end", ROLE_UNKNOWN}},
     "uuuu",
     false},
    {"both alike", {{"A", "How can I help?", ROLE_UNKNOWN}, {"B", "How can I help?", ROLE_UNKNOWN}}, "uu", false},
    {"nothing at all", {{"A", "hm", ROLE_UNKNOWN}, {"B", "", ROLE_UNKNOWN}}, "uu", false},
    {"nobody has a name",
     {{"", "How can I help you?", ROLE_UNKNOWN}, {"", "I want a refund, I was charged twice", ROLE_UNKNOWN}},
     "uu",
     false},
    {"one speaker alone", {{"A", "Thank you for calling, how can I help you?", ROLE_UNKNOWN}}, "u", false},
    {"the other one is told", {{"A", "Hello", ROLE_AGENT}, {"B", "Hello", ROLE_UNKNOWN}}, "ac", true},
    {"told to be the customer", {{"A", "Hello", ROLE_CUSTOMER}, {"B", "Hello", ROLE_UNKNOWN}}, "ca", true},
    {"but the words speak against it",
     {{"A", "Hello", ROLE_AGENT}, {"B", "Thank you for calling, how may I help you today?", ROLE_UNKNOWN}},
     "au",
     false},
    {"two agents and a customer",
     {{"A", "Thank you for calling, how can I help?", ROLE_UNKNOWN},
      {"C", "I was charged twice and I want a refund.", ROLE_UNKNOWN},
      {"A", "Let me transfer you.", ROLE_UNKNOWN},
      {"B", "How may I help you? Can I have your account number?", ROLE_UNKNOWN}},
     "acaa",
     true},
    {"of three the unclear one stays unknown",
     {{"A", "How can I help you?", ROLE_UNKNOWN},
      {"C", "I want a refund of my money", ROLE_UNKNOWN},
      {"B", "hm", ROLE_UNKNOWN}},
     "acu",
     true},
    {"a bot first",
     {{"X", "I am a virtual assistant. How can I help you?", ROLE_UNKNOWN},
      {"C", "I want my money, I was charged twice", ROLE_UNKNOWN},
      {"B", "Can I have your name? Let me pull up your account.", ROLE_UNKNOWN}},
     "bca",
     true},
    {"system lines and notes are nobody's",
     {{"S", "how can i help", ROLE_SYSTEM},
      {"A", "Thanks for calling.", ROLE_UNKNOWN},
      {"B", "I have a problem", ROLE_UNKNOWN}},
     "sac",
     true},
};

static struct conversation made(const struct row *r, struct turn turns[MOST])
{
    struct conversation c = {.turns = turns};
    for (; c.nturns < MOST && r->said[c.nturns].who != NULL; c.nturns++) {
        const struct said *s = &r->said[c.nturns];
        turns[c.nturns] = (struct turn){.role = s->told, .text = slice_of(s->text), .speaker_name = slice_of(s->who)};
    }
    return c;
}

static void everybody_is_who_he_sounds_like(void **state)
{
    static const char letters[ROLE_COUNT + 1] = "uacbsn";
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct turn turns[MOST];
        char got[MOST + 1] = "";
        struct conversation c = made(&rows[i], turns);
        bool guessed = guess_roles(&c);
        for (uint32_t t = 0; t < c.nturns; t++)
            got[t] = letters[turns[t].role];
        if (strcmp(got, rows[i].want) != 0 || guessed != rows[i].guessed)
            fail_msg("%s: %s, not %s", rows[i].label, got, rows[i].want);
        assert_true((c.role_origin == ROLES_GUESSED) == guessed);
        assert_true(!guessed || (c.role_confidence >= GUESS_LEAST && c.role_confidence <= 1));
    }
}

static void many_speakers_are_left_alone(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    struct turn turns[9];
    struct conversation c = {.turns = turns, .nturns = 9};
    (void)state;
    for (size_t i = 0; i < 9; i++)
        turns[i] = (struct turn){.speaker_id = slice_of(names[i]), .text = SLICE_LIT("How can I help you?")};
    assert_false(guess_roles(&c));
}

static void a_long_turn_is_cut_and_odd_bytes_are_fine(void **state)
{
    static char text[5000];
    struct turn turns[2];
    struct conversation c = {.turns = turns, .nturns = 2};
    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 7);
    turns[0] = (struct turn){.speaker_id = SLICE_LIT("x"), .text = {text, sizeof text}};
    turns[1] = (struct turn){.speaker_id = SLICE_LIT("y"), .text = {"\xe2\x80", 2}};
    assert_false(guess_roles(&c));
}

/* What others say goes before the guess. */
static void the_map_goes_first(void **state)
{
    struct turn turns[MOST];
    struct conversation c = made(&rows[0], turns);
    struct role_map *map;
    struct err e = {.code = ERR_OK};
    (void)state;
    assert_int_equal(role_map_parse("a=customer,B=agent", &map, &e), ERR_OK);
    struct role_sources all = {.map = map}, none = {.no_guess = true};
    assign_roles(&all, &c);
    assert_int_equal(turns[0].role, ROLE_CUSTOMER);
    assert_int_equal(turns[1].role, ROLE_AGENT);
    assert_int_equal(c.role_origin, ROLES_FROM_OPTION);
    c = made(&rows[0], turns);
    assign_roles(&none, &c);
    assert_int_equal(turns[0].role, ROLE_UNKNOWN);
    role_map_free(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_is_who_he_sounds_like),
        cmocka_unit_test(many_speakers_are_left_alone),
        cmocka_unit_test(a_long_turn_is_cut_and_odd_bytes_are_fine),
        cmocka_unit_test(the_map_goes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
