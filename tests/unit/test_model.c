#include "core/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* The words are part of the database and of the JSON contract: they are written out here on purpose. */
static void test_words(void **state)
{
    (void)state;
    const char *const roles[] = {"unknown", "agent", "customer", "bot", "system", "note"};
    const char *const origins[] = {"record", "record-in-zone", "record-no-zone", "side-data", "file-name", "file-date"};
    const char *const styles[] = {"", "confrontational", "choice", "neutral", "offrecord"};
    const char *const practices[] = {"reason",   "acknowledge", "align",    "apology", "alternative", "probe",
                                     "escalate", "advocate",    "autonomy", "blame",   "absolute"};
    const char *const kinds[] = {"delivery", "style", "practice", "dispute", "hostile", "upset"};
    const char *const outcomes[] = {"silent", "accepted", "disputed", "hostile"};
#define SAME(words, count, name)                                                                                       \
    assert_int_equal(sizeof words / sizeof *words, count);                                                             \
    for (int i = 0; i < (int)(count); i++)                                                                             \
    assert_string_equal(name, words[i])
    SAME(roles, ROLE_COUNT, role_name((enum role)i));
    SAME(origins, TIME_ORIGIN_COUNT, time_origin_name((enum time_origin)i));
    SAME(styles, STYLE_COUNT, style_name((enum style)i));
    SAME(practices, PRACTICE_COUNT, practice_name((enum practice)i));
    SAME(kinds, TAG_KIND_COUNT, tag_kind_name((enum tag_kind)i));
    SAME(outcomes, OUTCOME_COUNT, outcome_name((enum outcome)i));
}

static void test_words_lead_back(void **state)
{
    (void)state;
    for (int i = STYLE_CONFRONTATIONAL; i < STYLE_COUNT; i++) {
        enum style s = STYLE_NONE;
        assert_true(style_from_name(slice_of(style_name((enum style)i)), &s));
        assert_int_equal(s, i);
    }
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        enum practice p = PRACTICE_COUNT;
        assert_true(practice_from_name(slice_of(practice_name((enum practice)i)), &p));
        assert_int_equal(p, i);
    }
}

static void test_other_words_are_refused(void **state)
{
    (void)state;
    const struct slice words[] = {SLICE_LIT(""),      SLICE_LIT("Choice"),  SLICE_LIT("choice "),
                                  SLICE_LIT("choic"), SLICE_LIT("reasons"), {NULL, 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        enum style s = STYLE_NEUTRAL;
        enum practice p = PRACTICE_BLAME;
        assert_false(style_from_name(words[i], &s));
        assert_false(practice_from_name(words[i], &p));
        assert_true(s == STYLE_NEUTRAL && p == PRACTICE_BLAME);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_words_lead_back),
        cmocka_unit_test(test_other_words_are_refused),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
