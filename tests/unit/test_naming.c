#include "report/naming.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/support/tmpdir.h"

static void hashes_under_a_key_are_those_of_the_standard(void **state)
{
    /* RFC 4231 has keys of other lengths; the expected values were computed with Python's hmac. */
    unsigned char key[SHA256_BYTES], got[SHA256_BYTES];
    char hex[2 * SHA256_BYTES + 1];
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", "d38b42096d80f45f826b44a9d5607de72496a415d3f4a1a8c88e3bb9da8dc1cb"},
        {"what do ya want for nothing?", "099805f4ac310786968565c098db515cc50862b420ae31e20238312344bed36a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)i;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        sha256_hmac(key, slice_of(rows[r].text), got);
        for (size_t i = 0; i < sizeof got; i++)
            (void)snprintf(hex + 2 * i, 3, "%02x", got[i]);
        assert_string_equal(hex, rows[r].want);
    }
}

static void names_stay_names_without_a_key(void **state)
{
    const struct naming n = {.is_secret = false};
    char out[NAMING_BYTES], text[] = "I am Ada.";
    (void)state;
    assert_true(slice_is(naming_id(&n, slice_of("a1"), out), "a1"));
    assert_true(slice_is(naming_name(&n, slice_of("Ada"), slice_of("a1"), out), "Ada"));
    naming_blot(&n, slice_of("Ada"), text, sizeof text - 1);
    assert_string_equal(text, "I am Ada.");
}

static void pseudonyms_follow_the_key_and_the_id(void **state)
{
    struct naming one = {.is_secret = true, .key = {1}}, two = {.is_secret = true, .key = {2}};
    char a[NAMING_BYTES], b[NAMING_BYTES], c[NAMING_BYTES], d[NAMING_BYTES];
    (void)state;
    struct slice x = naming_id(&one, slice_of("a1"), a);
    assert_int_equal(x.n, 9);
    assert_true(x.s[4] == '-');
    assert_true(slice_eq(x, naming_id(&one, slice_of("a1"), b)));
    assert_false(slice_eq(x, naming_id(&one, slice_of("a2"), c)));
    assert_false(slice_eq(x, naming_id(&two, slice_of("a1"), d)));
    struct slice name = naming_name(&one, slice_of("Ada Byron"), slice_of("a1"), b);
    assert_memory_equal(name.s, "Agent ", 6);
    assert_memory_equal(name.s + 6, x.s, 9);
    assert_int_equal(naming_id(&one, slice_of(""), b).n, 0);
    assert_int_equal(naming_name(&one, slice_of(""), slice_of(""), b).n, 0);
}

static void names_are_blotted_out_of_what_was_said(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"Ada Byron", "Ada here, Ms Byron. Canada? Adam. ADA, ada", "*** here, Ms *****. Canada? Adam. ADA, ada"},
        {"Jo", "Jo", "**"},
        {"J. O", "J. O said", "J. O said"},
        {"\xe9\x99\x88\xe4\xbc\x9f", "\xe6\x88\x91 \xe9\x99\x88\xe4\xbc\x9f.", "\xe6\x88\x91 ******."},
        {"", "nothing", "nothing"},
        {"a-very-long-name", "name", "****"},
    };
    const struct naming n = {.is_secret = true};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "%s", rows[i].text);
        naming_blot(&n, slice_of(rows[i].name), text, strlen(text));
        assert_string_equal(text, rows[i].want);
    }
}

static void the_key_is_made_once_and_kept(void **state)
{
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH], bad[TMPDIR_PATH];
    struct naming one, two;
    struct stat st;
    struct err e;
    (void)state;
    tmpdir_new(dir);
    (void)tmpdir_path(path, dir, "key");
    assert_int_equal(naming_load(path, &one, &e), ERR_OK);
    assert_true(one.is_secret);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(naming_load(path, &two, &e), ERR_OK);
    assert_memory_equal(one.key, two.key, sizeof one.key);
    tmpdir_write(dir, "short", "secret\n", 7);
    assert_int_equal(naming_load(tmpdir_path(bad, dir, "short"), &two, &e), ERR_CONFIG);
    assert_false(two.is_secret);
    assert_int_equal(naming_load(tmpdir_path(bad, dir, "no/such/folder"), &two, &e), ERR_IO);
    tmpdir_free(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_under_a_key_are_those_of_the_standard),
        cmocka_unit_test(names_stay_names_without_a_key),
        cmocka_unit_test(pseudonyms_follow_the_key_and_the_id),
        cmocka_unit_test(names_are_blotted_out_of_what_was_said),
        cmocka_unit_test(the_key_is_made_once_and_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
