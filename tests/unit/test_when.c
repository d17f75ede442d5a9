#include "core/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void iso_times_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want; /* want NULL: refused */
        bool zone;
    } rows[] = {
        {"2026-11-16T09:30:00Z", "2026-11-16T09:30:00Z", true},
        {"2026-11-16T09:30:00.250Z", "2026-11-16T09:30:00.250Z", true},
        {"2026-11-16T09:30:00.1234567+01:00", "2026-11-16T08:30:00.123Z", true},
        {"2026-11-16 09:30", "2026-11-16T09:30:00Z", false},
        {"2026-11-16 09:30:00 -0500", "2026-11-16T14:30:00Z", true},
        {" 2026-11-16 09:30:00 UTC ", "2026-11-16T09:30:00Z", true},
        {"2026-11-16T23:30:00-01", "2026-11-17T00:30:00Z", true},
        {"2026-11-16", "2026-11-16T00:00:00Z", false},
        {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z", true},
        {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999Z", true},
        {"2026-11-16T24:00:00Z", "2026-11-17T00:00:00Z", true},
        {"2026-02-29", NULL, false},
        {"2026-13-01", NULL, false},
        {"2026-11-16T25:00:00Z", NULL, false},
        {"2026-11-16T24:00:01Z", NULL, false},
        {"2026-11-16T09:60Z", NULL, false},
        {"2026-11-16T09:30:00.Z", NULL, false},
        {"2026-11-16T09:30:00+1", NULL, false},
        {"2026-11-16T09:30:00Zx", NULL, false},
        {"2026-11-16X09:30", NULL, false},
        {"16/11/2026", NULL, false},
        {"", NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t at = 0;
        bool zone = false;
        char out[WHEN_ISO_BYTES];
        bool ok = when_parse_iso(slice_of(rows[i].text), &at, &zone);
        if (ok != (rows[i].want != NULL))
            fail_msg("%s: read: %d", rows[i].text, ok);
        if (ok) {
            assert_string_equal(when_format_iso(at, out), rows[i].want);
            assert_int_equal(zone, rows[i].zone);
        }
    }
}

static void days_and_civil_dates_agree_over_centuries(void **state)
{
    (void)state;
    assert_int_equal(when_day((struct civil){1970, 1, 1}), 0);
    assert_int_equal(when_day((struct civil){2000, 3, 1}), 11017);
    struct civil prev = when_civil(-200000);
    for (int64_t day = -199999; day < 200000; day++) {
        struct civil c = when_civil(day);
        assert_true(when_civil_is_valid(c));
        assert_int_equal(when_day(c), day);
        assert_true(c.year > prev.year || c.month > prev.month || c.day == prev.day + 1);
        prev = c;
    }
    assert_int_equal(when_day((struct civil){2025, 13, 1}), when_day((struct civil){2026, 1, 1}));
    assert_int_equal(when_day((struct civil){2026, 0, 1}), when_day((struct civil){2025, 12, 1}));
    assert_int_equal(when_day_of(-1), -1);
    assert_int_equal(when_day_of(MS_PER_DAY), 1);
}

static void iso_weeks_at_the_turn_of_years(void **state)
{
    (void)state;
    static const struct {
        const char *date;
        int year, week;
    } rows[] = {
        {"2026-11-16", 2026, 47}, {"2026-11-22", 2026, 47}, {"2026-11-23", 2026, 48}, {"2021-01-03", 2020, 53},
        {"2021-01-04", 2021, 1},  {"2024-12-30", 2025, 1},  {"2027-01-03", 2026, 53}, {"2010-01-03", 2009, 53},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t day;
        int year, week;
        assert_true(when_parse_date(slice_of(rows[i].date), &day));
        when_iso_week(day, &year, &week);
        assert_int_equal(year, rows[i].year);
        assert_int_equal(week, rows[i].week);
        assert_true(when_week_monday(year, week) <= day && day < when_week_monday(year, week) + 7);
    }
}

static void week_names_are_read_strictly(void **state)
{
    (void)state;
    int64_t monday;
    char out[WHEN_DATE_BYTES];
    assert_true(when_parse_week(SLICE_LIT("2026-W47"), &monday));
    assert_string_equal(when_format_date(monday, out), "2026-11-16");
    assert_true(when_parse_week(SLICE_LIT("2026-W53"), &monday));
    assert_false(when_parse_week(SLICE_LIT("2025-W53"), &monday)); /* that year has 52 */
    assert_false(when_parse_week(SLICE_LIT("2026-W00"), &monday));
    assert_false(when_parse_week(SLICE_LIT("2026-W4"), &monday));
    assert_false(when_parse_week(SLICE_LIT("2026W470"), &monday));
    assert_false(when_parse_date(SLICE_LIT("2026-11-1"), &monday));
    assert_false(when_parse_date(SLICE_LIT("2026-11-16 "), &monday));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_times_are_read),
        cmocka_unit_test(days_and_civil_dates_agree_over_centuries),
        cmocka_unit_test(iso_weeks_at_the_turn_of_years),
        cmocka_unit_test(week_names_are_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
