/* ruleset.c: the shipped rules hold; a folder of rules is put over them; bad files are told with their place */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/analyze.h"
#include "analyze/ruleset.h"
#include "tests/support/tmpdir.h"

static void tell(void *ctx, const char *message)
{
    (void)ctx;
    print_error("%s\n", message);
}

static void all_examples_of_the_shipped_cues_hold(void **state)
{
    (void)state;
    struct ruleset *r;
    struct err e;
    size_t n, nfailed;
    assert_int_equal(ruleset_load(&(struct ruleset_options){0}, &r, &e), ERR_OK);
    assert_int_equal(ruleset_check(r, NULL, tell, &n, &nfailed, &e), ERR_OK);
    assert_int_equal(nfailed, 0);
    struct ruleset_info info = ruleset_info(r);
    assert_true(n >= 2 * (size_t)info.ncues - 20);
    assert_int_equal(info.hash.n, 32);
    assert_int_equal(info.npolicies, 1);
    ruleset_free(r);
}

/* The hash of the ruleset with FILE = TEXT in a folder of rules and the catalogue CSV (NULL: none). */
static void load_with(const char *file, const char *text, const char *csv, char hash[33])
{
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    tmpdir_new(dir);
    tmpdir_write(dir, "rules/stopwords.txt", "the", 3);
    if (file != NULL)
        tmpdir_write(dir, file, text, strlen(text));
    if (csv != NULL)
        tmpdir_write(dir, "policies.csv", csv, strlen(csv));
    char policies[TMPDIR_PATH];
    struct ruleset_options o = {.rules_dir = tmpdir_path(path, dir, "rules"),
                                .policies = csv != NULL ? tmpdir_path(policies, dir, "policies.csv") : NULL};
    struct ruleset *r;
    struct err e;
    assert_int_equal(ruleset_load(&o, &r, &e), ERR_OK);
    memcpy(hash, ruleset_info(r).hash.s, 32);
    hash[32] = '\0';
    ruleset_free(r);
    tmpdir_free(dir);
}

static void hash_tells_contents_and_not_folders(void **state)
{
    (void)state;
    char plain[33], again[33], other[33], weights[33], policies[33];
    load_with(NULL, NULL, NULL, plain);
    load_with(NULL, NULL, NULL, again); /* another folder */
    assert_string_equal(plain, again);
    load_with("rules/own.cues", "[own.x]\nany = xyzzy\nyes = xyzzy\nno = x\n", NULL, other);
    assert_string_not_equal(plain, other);
    load_with("rules/weights.txt", "delivery bias -1\n", NULL, weights);
    assert_string_not_equal(plain, weights);
    assert_string_not_equal(other, weights);
    load_with(NULL, NULL, "id,title,owner,phrases\na,A,,x\n", policies);
    assert_string_not_equal(plain, policies);
}

static void bad_files_are_told_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *file, *text, *want;
    } rows[] = {
        {"rules/bad.cues", "[a.b]\nany = (x\n", "rules/bad.cues:2: "},
        {"rules/weights.txt", "\ndelivery cue:none.such 1\n", "rules/weights.txt:2: no feature is called"},
        {"rules/sense.bin", "x", "rules/sense.bin: "},
        {"rules/sense.bin", "BRSENSE8 and no more", "rules/sense.bin: "},
        {"policies.csv", "id,title,owner,phrases\na,A,,(x\n", "policies.csv:2: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char dir[TMPDIR_BYTES], rules[TMPDIR_PATH], policies[TMPDIR_PATH];
        tmpdir_new(dir);
        tmpdir_write(dir, "rules/stopwords.txt", "the", 3);
        tmpdir_write(dir, "policies.csv", "id,title,owner,phrases\na,A,,y\n", 30);
        tmpdir_write(dir, rows[i].file, rows[i].text, strlen(rows[i].text));
        struct ruleset_options o = {.rules_dir = tmpdir_path(rules, dir, "rules"),
                                    .policies = tmpdir_path(policies, dir, "policies.csv")};
        struct ruleset *r;
        struct err e;
        assert_int_equal(ruleset_load(&o, &r, &e), ERR_CONFIG);
        assert_null(r);
        if (strstr(e.msg, rows[i].want) == NULL)
            fail_msg("%s: %s", rows[i].file, e.msg);
        tmpdir_free(dir);
    }
}

/* A folder of misspelt names, and a file that was cut by its first NUL, would be the shipped rules without a word. */
static void rules_that_would_be_passed_over_are_an_error(void **state)
{
    (void)state;
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    struct ruleset *r;
    struct err e;
    tmpdir_new(dir);
    tmpdir_write(dir, "rules/weigths.txt", "delivery bias 1\n", 16);
    struct ruleset_options o = {.rules_dir = tmpdir_path(path, dir, "rules")};
    assert_int_equal(ruleset_load(&o, &r, &e), ERR_CONFIG);
    assert_non_null(strstr(e.msg, "rules: no rules are in this folder"));
    tmpdir_write(dir, "rules/own.cues", "[own.x]\nany = x\n\0no = x\n", 25);
    assert_int_equal(ruleset_load(&o, &r, &e), ERR_CONFIG);
    assert_non_null(strstr(e.msg, "own.cues: this is not text: it has a NUL byte"));
    tmpdir_free(dir);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct ruleset *r;
    struct err e;
    assert_int_equal(ruleset_load(&(struct ruleset_options){.rules_dir = "/nonexistent/rules"}, &r, &e), ERR_IO);
    assert_null(r);
}

static void thresholds_are_part_of_the_ruleset(void **state)
{
    (void)state;
    struct ruleset *plain, *same, *other;
    struct err e;
    assert_int_equal(ruleset_load(&(struct ruleset_options){.thresholds = NULL}, &plain, &e), ERR_OK);
    assert_int_equal(ruleset_load(&(struct ruleset_options){.thresholds = ""}, &same, &e), ERR_OK);
    assert_int_equal(
        ruleset_load(&(struct ruleset_options){.thresholds = "delivery=0.9, practice.reason=0.25"}, &other, &e),
        ERR_OK);
    assert_true(slice_eq(ruleset_info(plain).hash, ruleset_info(same).hash));
    assert_false(slice_eq(ruleset_info(plain).hash, ruleset_info(other).hash));
    assert_true(fabs(other->weights->threshold[CLASS_DELIVERY] - log(9)) < 1e-9);
    assert_true(fabs(other->weights->threshold[CLASS_PRACTICE + PRACTICE_REASON] + log(3)) < 1e-9);
    assert_true(other->weights->threshold[CLASS_DISPUTE] == plain->weights->threshold[CLASS_DISPUTE]);
    ruleset_free(plain);
    ruleset_free(same);
    ruleset_free(other);
    static const struct {
        const char *list, *want;
    } bad[] = {
        {"delivery=0.5,deliverance=0.5", "thresholds:2: no class is called \"deliverance\""},
        {"delivery=1", "thresholds:1: a threshold is between 0 and 1"},
        {"delivery", "thresholds:1: expected: class feature weight"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(ruleset_load(&(struct ruleset_options){.thresholds = bad[i].list}, &other, &e), ERR_CONFIG);
        assert_string_equal(e.msg, bad[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_examples_of_the_shipped_cues_hold),
        cmocka_unit_test(hash_tells_contents_and_not_folders),
        cmocka_unit_test(bad_files_are_told_with_their_place),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
        cmocka_unit_test(rules_that_would_be_passed_over_are_an_error),
        cmocka_unit_test(thresholds_are_part_of_the_ruleset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
