#include "cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/suggest.h"
#include "ingest/ingest.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/tmpdir.h"

static const struct options_reader everything = {"run", ~0u, false};

static void test_values_are_checked_by_kind(void **state)
{
    (void)state;
    static const struct {
        enum opt_id id;
        const char *text;
        bool is_right;
    } rows[] = {
        {OPT_JOBS, "0", true},
        {OPT_JOBS, "12", true},
        {OPT_JOBS, "", false},
        {OPT_JOBS, "1x", false},
        {OPT_JOBS, "+1", false},
        {OPT_JOBS, " 1", false},
        {OPT_JOBS, "2147483647", true},
        {OPT_JOBS, "2147483648", false},
        {OPT_MAX_RECORD, "1", true},
        {OPT_MAX_RECORD, "64M", true},
        {OPT_MAX_RECORD, "1T", false},
        {OPT_MAX_RECORD, "1MB", false},
        {OPT_MAX_RECORD, "1024G", true},
        {OPT_MAX_RECORD, "1025G", false},
        {OPT_MAX_RECORD, "99999999999999999999", false},
        {OPT_WEEK, "2026-W53", true},
        {OPT_WEEK, "2025-W53", false},
        {OPT_LAST, "week", true},
        {OPT_LAST, "month", true},
        {OPT_LAST, "30d", true},
        {OPT_LAST, "d", false},
        {OPT_LAST, "30", false},
        {OPT_LAST, "12345678901d", false},
        {OPT_MASK, "all", true},
        {OPT_MASK, "card, iban", true},
        {OPT_MASK, "card,", false},
        {OPT_MASK, "", false},
        {OPT_QUIET, "on", true},
        {OPT_QUIET, "off", true},
        {OPT_QUIET, "2", false},
        {OPT_TITLE, "", true},
        {OPT_DB, "", false},
        {OPT_FROM, "2028-02-29", true},
        {OPT_FROM, "2026-02-29", false},
        {OPT_NOW, "2026-11-22T03:00:00+01:00", true},
        {OPT_NOW, "03:00", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {.code = ERR_OK};
        enum err_code want = rows[i].is_right ? ERR_OK : ERR_USAGE;
        if (option_check(&opt_rows[rows[i].id], rows[i].text, &e) != want)
            fail_msg("%s: \"%s\"", opt_rows[rows[i].id].name, rows[i].text);
    }
}

static void read_options(struct options *o, int argc, const char **argv)
{
    struct err e = {.code = ERR_OK};
    enum err_code rc = options_read(o, &everything, argc, (char **)argv, &e);
    if (rc != ERR_OK)
        fail_msg("%s", e.msg);
}

static void test_the_getters_give_values(void **state)
{
    (void)state;
    struct options o;
    const char *argv[] = {
        "--config", "/dev/null", "--mask=card,iban", "--max-record=2K", "--week", "1970-W02", "a", "--", "--db", "-"};
    read_options(&o, 10, argv);
    assert_int_equal(options_mask(&o, OPT_MASK), MASK_CARD | MASK_IBAN);
    assert_int_equal(options_number(&o, OPT_MAX_RECORD), 2048);
    assert_int_equal(options_number(&o, OPT_WEEK), 4); /* 5 January 1970 */
    assert_int_equal(options_number(&o, OPT_EVIDENCE), 5);
    assert_false(options_flag(&o, OPT_QUIET));
    assert_null(options_text(&o, OPT_DB));
    assert_string_equal(options_place(&o, OPT_MASK), "command line");
    assert_string_equal(options_place(&o, OPT_EVIDENCE), "default");
    assert_int_equal(o.noperands, 3);
    assert_string_equal(o.operands[0], "a");
    assert_string_equal(o.operands[1], "--db");
    assert_string_equal(o.operands[2], "-");
    options_free(&o);
}

static void test_out_of_memory_leaves_nothing(void **state)
{
    (void)state;
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    static const char conf[] = "[broach]\npath = a\npath = b\ndb = x.db\njobs = 2\n";
    tmpdir_new(dir);
    tmpdir_write(dir, "broach.conf", conf, sizeof conf - 1);
    tmpdir_path(path, dir, "broach.conf");
    const char *argv[] = {"-c", path, "-j3", "operand"};
    enum err_code rc = ERR_OK;
    long nfailed = 0;
    for (long nth = 1;; nth++) {
        struct options o;
        struct err e = {.code = ERR_OK};
        failing_alloc_at(nth);
        rc = options_read(&o, &everything, 4, (char **)argv, &e);
        bool has_failed = failing_alloc_off();
        options_free(&o);
        if (!has_failed)
            break;
        assert_int_equal(rc, ERR_NOMEM);
        nfailed++;
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nfailed > 5);
    tmpdir_free(dir);
}

static void test_suggestions_are_near(void **state)
{
    (void)state;
    static const char *const known[] = {"run", "report", "tag", "policies", "keep-days", "db"};
    static const struct {
        const char *typed, *want;
    } rows[] = {{"rnu", "run"},
                {"reprot", "report"},
                {"polices", "policies"},
                {"keepdays", "keep-days"},
                {"tga", "tag"},
                {"xyz", NULL},
                {"", NULL},
                {"x", NULL},
                {"db", "db"},
                {"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct suggest s = SUGGEST_INIT(rows[i].typed);
        for (size_t j = 0; j < sizeof known / sizeof *known; j++)
            suggest_offer(&s, known[j]);
        if (rows[i].want == NULL)
            assert_null(s.best);
        else if (s.best == NULL)
            fail_msg("nothing is near \"%s\"", rows[i].typed);
        else
            assert_string_equal(s.best, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_checked_by_kind),
        cmocka_unit_test(test_the_getters_give_values),
        cmocka_unit_test(test_out_of_memory_leaves_nothing),
        cmocka_unit_test(test_suggestions_are_near),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
