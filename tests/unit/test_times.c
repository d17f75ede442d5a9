#include "ingest/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct {
    const char *text, *format;
    bool ok;
    int64_t at_ms;
    bool has_zone;
} instants[] = {
    {"2026-11-16T09:30:00Z", NULL, true, INT64_C(1794821400000), true},
    {" 2026-11-16 09:30:00 ", NULL, true, INT64_C(1794821400000), false},
    {"2026-11-16T10:30:00.250+01:00", NULL, true, INT64_C(1794821400250), true},
    {"2026/11/16 09:30:00", NULL, true, INT64_C(1794821400000), false},
    {"2026-11-16 09:30:00 UTC", NULL, true, INT64_C(1794821400000), true},
    {"2026/11/16 09:30 GMT", NULL, true, INT64_C(1794821400000), true},
    {" UTC", NULL, false, 0, false},
    {"2026/11/16 09:30", NULL, true, INT64_C(1794821400000), false},
    {"Mon Nov 16 10:30:00 +0100 2026", NULL, true, INT64_C(1794821400000), true},
    {"Mon, 16 Nov 2026 04:30:00 -0500", NULL, true, INT64_C(1794821400000), true},
    {"Wed Oct 11 06:55:44 +0000 2017", NULL, true, INT64_C(1507704944000), true},
    {"1794821400", NULL, true, INT64_C(1794821400000), true},
    {"1794821400.5", NULL, true, INT64_C(1794821400500), true},
    {"1794821400123", NULL, true, INT64_C(1794821400123), true},
    {"1794821400123456", NULL, true, INT64_C(1794821400123), true},
    {"1794821400123456789", NULL, true, INT64_C(1794821400123), true},
    {"16.11.2026 09:30", "%d.%m.%Y %H:%M", true, INT64_C(1794821400000), false},
    {"11/16/2026 09:30:00 AM", "%m/%d/%Y %I:%M:%S %p", true, INT64_C(1794821400000), false},
    {"16.11.2026 10:30 +0100", "%d.%m.%Y %H:%M %z", true, INT64_C(1794821400000), true},
    {"2026-11-16T09:30:00Z", "%d.%m.%Y", true, INT64_C(1794821400000), true}, /* the rest of the file may be ISO */
    {"11/16/2026 09:30", NULL, false, 0, false},
    {"16.11.2026", NULL, false, 0, false},
    {"31.02.2026", "%d.%m.%Y", false, 0, false},
    {"16.11.2026 late", "%d.%m.%Y", false, 0, false},
    {"16/11/2026 09:30", TIMES_DMY, true, INT64_C(1794821400000), false},
    {"11/16/2026 9:30", TIMES_MDY, true, INT64_C(1794821400000), false},
    {"11/16/26, 9:30:00 AM", TIMES_MDY, true, INT64_C(1794821400000), false},
    {"16.11.2026 09:30:00.250", TIMES_DMY, true, INT64_C(1794821400000), false},
    {"16-11-2026 9:30 p.m.", TIMES_DMY, true, INT64_C(1794864600000), false},
    {"16/11/2026", TIMES_DMY, true, INT64_C(1794787200000), false},
    {"16/11/2026", TIMES_MDY, false, 0, false},
    {"16/11.2026", TIMES_DMY, false, 0, false},
    {"16/11/202", TIMES_DMY, false, 0, false},
    {"16/11/2026 25:00", TIMES_DMY, false, 0, false},
    {"16/11/2026 13:00 PM", TIMES_DMY, false, 0, false},
    {"16/11/2026 09:30 today", TIMES_DMY, false, 0, false},
    {"2026-11-16T09:30:00Z", TIMES_DMY, true, INT64_C(1794821400000), true},
    {"", NULL, false, 0, false},
    {"   ", NULL, false, 0, false},
    {"12", NULL, false, 0, false},
    {"-1794821400", NULL, false, 0, false},
    {"1e9", NULL, false, 0, false},
    {"nan", NULL, false, 0, false},
    {"yesterday", NULL, false, 0, false},
    {"Mon, 16 Nov 2026 09:30:00", NULL, true, INT64_C(1794821400000), false},
    {"Monday, November 16, 2026, 04:30:00 (-0500)", NULL, true, INT64_C(1794821400000), true},
    {"Nov 16, 2026 at 9:30 AM", NULL, true, INT64_C(1794821400000), false},
    {"16-Nov-26 09:30", NULL, true, INT64_C(1794821400000), false},
    {"16-Nov-2026 10:30:00 +01:00", NULL, true, INT64_C(1794821400000), true},
    {"16 November 2026", NULL, true, INT64_C(1794787200000), false},
    {"2026-11-16 9:30:00 PM", NULL, true, INT64_C(1794864600000), false},
    {"2026/11/16, 9:30 PM", NULL, true, INT64_C(1794864600000), false},
    {"Mon Nov 16 09:30:00 2026", NULL, true, INT64_C(1794821400000), false},
    {"Nov 16", NULL, false, 0, false},
    {"Mon, 31 Feb 2026 09:30:00", NULL, false, 0, false},
    {"16 Nov 2026 late", NULL, false, 0, false},
    {"16 Nov 26", NULL, false, 0, false},
    {"16 Nov 2026 09:30 +9900", NULL, false, 0, false},
    {"2026-11-16T09:30:00Z and then many more words that make it longer than a time", NULL, false, 0, false},
};

static void test_instants(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(instants); i++) {
        int64_t at = 0;
        bool has_zone = false;
        bool ok = times_parse(slice_of(instants[i].text), instants[i].format, &at, &has_zone);
        if (ok != instants[i].ok || (ok && (at != instants[i].at_ms || has_zone != instants[i].has_zone)))
            fail_msg("%s: got %d, %lld, zone %d", instants[i].text, ok, (long long)at, has_zone);
    }
    int64_t at;
    bool has_zone;
    assert_false(times_parse(SLICE_LIT("1794821400\0"), NULL, &at, &has_zone));
    assert_false(times_parse((struct slice){NULL, 0}, NULL, &at, &has_zone));
}

static void test_epoch_bounds(void **state)
{
    (void)state;
    int64_t at;
    assert_false(times_from_epoch(631151999, &at));
    assert_true(times_from_epoch(631152000, &at));
    assert_int_equal(at, INT64_C(631152000000));
    assert_true(times_from_epoch(4102444799, &at));
    assert_false(times_from_epoch(4102444800, &at));
    assert_false(times_from_epoch(0, &at));
    assert_false(times_from_epoch(-1e30, &at));
    assert_false(times_from_epoch(1e30, &at));
}

static const struct {
    const char *text;
    bool in_ms, ok;
    int64_t ms;
} offsets[] = {
    {"0", true, true, 0},
    {"1500", true, true, 1500},
    {"1.5", false, true, 1500},
    {"12", false, true, 12000},
    {"0:03", false, true, 3000},
    {"01:02:03.5", true, true, 3723500},
    {"00:00:01,250", false, true, 1250},
    {"75:30", false, true, 4530000},
    {"1:2", false, false, 0},
    {"1:60", false, false, 0},
    {"1:02:03:04", false, false, 0},
    {"12:", false, false, 0},
    {"-3", false, false, 0},
    {"9999999999999", true, false, 0},
    {"", false, false, 0},
    {"soon", false, false, 0},
    {"999999:00", false, false, 0},
};

static void test_offsets(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(offsets); i++) {
        int64_t ms = 0;
        bool ok = times_parse_offset(slice_of(offsets[i].text), offsets[i].in_ms, &ms);
        if (ok != offsets[i].ok || (ok && ms != offsets[i].ms))
            fail_msg("%s: got %d, %lld", offsets[i].text, ok, (long long)ms);
    }
}

static void test_order(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"id,at\n1,16/11/2026 09:30\n2,01/02/2026\n", TIMES_DMY},
        {"id;at\n1;\"11/16/2026\"\n", TIMES_MDY},
        {"16.11.26, 9:30 - Ann: hi", TIMES_DMY},
        {"1,01/02/2026\n", NULL},
        {"1,16/11/2026\n2,11/16/2026\n", NULL},
        {"1,I paid on 16/11/2026 already\n", NULL}, /* in a text: not the table's */
        {"1,16/11/2026/5\n", NULL},
        {"1,45/11/2026\n", NULL},
        {"1,2026-11-16\n", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *got = times_infer_order(slice_of(rows[i].text));
        if ((got == NULL) != (rows[i].want == NULL) || (got != NULL && strcmp(got, rows[i].want) != 0))
            fail_msg("%s: %s", rows[i].text, got != NULL ? got : "(none)");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instants),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_epoch_bounds),
        cmocka_unit_test(test_offsets),
    };
    return cmocka_run_group_tests_name("times", tests, NULL, NULL);
}
