/* zone: local times of the zones of the system, their summers, and damaged files. */
#include "core/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/file.h"
#include "core/strbuf.h"
#include "core/when.h"

static bool has_zones(void)
{
    FILE *f = fopen("/usr/share/zoneinfo/Europe/Berlin", "r");
    if (f != NULL)
        (void)fclose(f);
    return f != NULL;
}

static void local_times_become_instants(void **state)
{
    static const struct {
        const char *zone, *local, *want;
    } rows[] = {
        {"UTC", "2026-11-16T10:00:00Z", "2026-11-16T10:00:00Z"},
        {"+02:00", "2026-11-16T10:00:00Z", "2026-11-16T08:00:00Z"},
        {"-05:30", "2026-11-16T10:00:00Z", "2026-11-16T15:30:00Z"},
        {"Europe/Berlin", "2026-11-16T10:00:00Z", "2026-11-16T09:00:00Z"},
        {"Europe/Berlin", "2026-07-16T10:00:00Z", "2026-07-16T08:00:00Z"},
        {"Europe/Berlin", "2050-07-16T10:00:00Z", "2050-07-16T08:00:00Z"}, /* by the rule */
        {"Europe/Berlin", "2050-01-16T10:00:00Z", "2050-01-16T09:00:00Z"},
        {"Europe/Berlin", "1890-01-01T00:53:28Z", "1890-01-01T00:00:00Z"},
        {"Europe/Berlin", "1960-06-01T12:00:00Z", "1960-06-01T11:00:00Z"},
        {"Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"}, /* shown twice: the earlier */
        {"Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"}, /* never shown */
        {"Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z"},
        {"Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"},
        {"Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"},
        {"America/New_York", "2021-11-25T13:35:14Z", "2021-11-25T18:35:14Z"},
        {"America/New_York", "2060-07-04T00:00:00Z", "2060-07-04T04:00:00Z"},
        {"Australia/Sydney", "2026-01-01T00:00:00Z", "2025-12-31T13:00:00Z"}, /* summer over the new year */
        {"Australia/Sydney", "2060-01-01T00:00:00Z", "2059-12-31T13:00:00Z"},
        {"Australia/Sydney", "2060-07-01T00:00:00Z", "2060-06-30T14:00:00Z"},
        {"Asia/Kolkata", "2026-01-01T00:00:00Z", "2025-12-31T18:30:00Z"},
    };
    (void)state;
    if (!has_zones())
        skip();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zone *z;
        struct err e = {.code = ERR_OK};
        int64_t local;
        bool has_zone;
        char got[WHEN_ISO_BYTES];
        assert_int_equal(zone_load(rows[i].zone, &z, &e), ERR_OK);
        assert_true(when_parse_iso(slice_of(rows[i].local), &local, &has_zone));
        (void)when_format_iso(zone_to_utc(z, local), got);
        if (strcmp(got, rows[i].want) != 0)
            fail_msg("%s %s: %s, not %s", rows[i].zone, rows[i].local, got, rows[i].want);
        zone_free(z);
    }
}

static void names_that_are_none_are_told(void **state)
{
    static const char *const names[] = {"",    "Nowhere/City", "../../../etc/passwd", "/etc/passwd", "Europe",
                                        "+99", "+1:2:3:4"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct zone *z;
        struct err e = {.code = ERR_OK};
        assert_int_equal(zone_load(names[i], &z, &e), ERR_CONFIG);
        assert_null(z);
        assert_non_null(strstr(e.hint, "Europe/Berlin"));
    }
}

/* A file cut off anywhere, or with any byte changed, is an error or some zone: nothing else. */
static void damage_is_no_crash(void **state)
{
    struct strbuf bytes = STRBUF_INIT;
    struct err e = {.code = ERR_OK};
    struct zone *z;
    size_t nbad = 0;
    (void)state;
    if (!has_zones())
        skip();
    assert_int_equal(file_read_all("/usr/share/zoneinfo/Europe/Berlin", 100000, &bytes, &e), ERR_OK);
    for (size_t n = 0; n < bytes.n; n += 5) {
        char *copy = malloc(n + 1);
        memcpy(copy, bytes.s, n);
        nbad += zone_read((struct slice){copy, n}, &z, &e) != ERR_OK;
        zone_free(z);
        free(copy);
    }
    assert_true(nbad > bytes.n / 6);
    for (size_t i = 0; i < bytes.n; i++) {
        for (int bit = 1; bit < 256; bit *= 4) {
            bytes.s[i] = (char)(bytes.s[i] ^ bit);
            if (zone_read(strbuf_slice(&bytes), &z, &e) == ERR_OK)
                (void)zone_to_utc(z, INT64_C(4000000000000));
            zone_free(z);
            bytes.s[i] = (char)(bytes.s[i] ^ bit);
        }
    }
    strbuf_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_times_become_instants),
        cmocka_unit_test(names_that_are_none_are_told),
        cmocka_unit_test(damage_is_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
