#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/when.h"
#include "store/db.h"
#include "store/store.h"
#include "tests/support/sample_store.h"
#include "tests/support/tmpdir.h"

static struct store *opened(const char *path, enum store_mode mode)
{
    struct store *db = NULL;
    struct err e;
    if (store_open(path, mode, &db, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    return db;
}

static int64_t at(const char *iso)
{
    int64_t ms = 0;
    bool has_zone;
    assert_true(when_parse_iso(slice_of(iso), &ms, &has_zone));
    return ms;
}

static void days_are_those_of_the_zone(void **state)
{
    static const struct {
        const char *zone, *at, *day;
    } rows[] = {
        {"UTC", "2026-11-15T23:30:00Z", "2026-11-15"},
        {"+02:00", "2026-11-15T23:30:00Z", "2026-11-16"},
        {"-05:00", "2026-11-16T03:00:00Z", "2026-11-15"},
        {"-05:00", "1969-12-31T02:00:00Z", "1969-12-30"},
    };
    char text[DB_DAY_BYTES];
    struct err e;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store *db = opened(":memory:", STORE_CREATE);
        assert_int_equal(store_use_day_zone(db, rows[i].zone, &e), ERR_OK);
        assert_true(slice_is(db_day(db, at(rows[i].at), text), rows[i].day));
        assert_int_equal(db_day(db, MS_NONE, text).n, 0);
        store_close(db);
    }
}

static void the_choice_stays(void **state)
{
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    struct err e;
    (void)state;
    tmpdir_new(dir);
    (void)tmpdir_path(path, dir, "a.db");
    struct store *db = opened(path, STORE_CREATE);
    assert_int_equal(store_use_day_zone(db, "UTC", &e), ERR_OK); /* as it is anyway */
    assert_int_equal(store_use_day_zone(db, "+03:00", &e), ERR_OK);
    assert_int_equal(store_use_day_zone(db, "No/Where", &e), ERR_CONFIG);
    store_close(db);
    db = opened(path, STORE_READ);
    assert_int_equal(store_day_of(db, at("2026-11-15T22:00:00Z")), store_day_of(db, at("2026-11-16T10:00:00Z")));
    store_close(db);
    tmpdir_free(dir);
}

static void it_cannot_change_under_conversations(void **state)
{
    const struct sample s = {10, 2, 1, 20773};
    struct store *db = opened(":memory:", STORE_CREATE);
    struct err e;
    (void)state;
    assert_int_equal(store_use_day_zone(db, "+03:00", &e), ERR_OK);
    assert_int_equal(sample_store_fill(db, &s, &e), ERR_OK);
    assert_int_equal(store_use_day_zone(db, "+03:00", &e), ERR_OK);
    assert_int_equal(store_use_day_zone(db, "UTC", &e), ERR_CONFIG);
    assert_non_null(strstr(e.msg, "+03:00"));
    store_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_those_of_the_zone),
        cmocka_unit_test(the_choice_stays),
        cmocka_unit_test(it_cannot_change_under_conversations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
