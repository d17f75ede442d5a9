/* policy.c: reading the catalogue, attribution, key phrases */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/policy.h"
#include "tests/support/tmpdir.h"

struct fixture {
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    struct arena *a;
    struct cue_builder *b;
    struct cueset *cues;
    struct matcher *m;
    struct catalogue c;
    struct err e;
};

static enum err_code load(struct fixture *f, const char *csv)
{
    memset(f, 0, sizeof *f);
    tmpdir_new(f->dir);
    tmpdir_write(f->dir, "policies.csv", csv, strlen(csv));
    tmpdir_path(f->path, f->dir, "policies.csv");
    f->a = arena_new(0);
    f->b = cue_builder_new();
    return catalogue_load(f->path, f->b, f->a, &f->c, &f->e);
}

static void compile(struct fixture *f)
{
    assert_int_equal(cue_builder_compile(f->b, &f->cues, &f->e), ERR_OK);
    assert_int_equal(catalogue_bind(&f->c, f->cues, f->a, &f->e), ERR_OK);
    f->m = matcher_new(f->cues);
    assert_non_null(f->m);
}

static void tear_down(struct fixture *f)
{
    matcher_free(f->m);
    cueset_free(f->cues);
    cue_builder_free(f->b);
    arena_free(f->a);
    tmpdir_free(f->dir);
}

static const char good[] = "Title,ID,phrases,owner\n"
                           "Refund window,refund,refund*;return window,Ann\n"
                           ",fee,change fee;fee,Bob\n"
                           "Empty,none,,\n"
                           "Refund of fees,refund-fee,refund the change fee,Bob\n";

static void reads_columns_in_any_order(void **state)
{
    (void)state;
    struct fixture f;
    assert_int_equal(load(&f, good), ERR_OK);
    assert_int_equal(f.c.npolicies, 5);
    assert_true(slice_is(f.c.policies[0].id, "unlisted"));
    assert_true(slice_is(f.c.policies[1].id, "refund"));
    assert_true(slice_is(f.c.policies[1].title, "Refund window"));
    assert_true(slice_is(f.c.policies[1].owner, "Ann"));
    assert_true(slice_is(f.c.policies[2].title, "fee")); /* no title: the id */
    tear_down(&f);
}

static void no_catalogue_is_only_unlisted(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct cue_builder *b = cue_builder_new();
    struct catalogue c;
    struct err e;
    assert_int_equal(catalogue_load(NULL, b, a, &c, &e), ERR_OK);
    assert_int_equal(c.npolicies, 1);
    cue_builder_free(b);
    arena_free(a);
}

static void bad_rows_are_told_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *csv, *want;
    } rows[] = {
        {"id,title\na,b\n", ":1: no column \"phrases\""},
        {"title,phrases\na,b\n", ":1: no column \"id\""},
        {"id,title,owner,phrases\na,A,,x\n ,B,,y\n", ":3: a policy without an id"},
        {"id,title,owner,phrases\na,A,,x\na,B,,y\n", ":3: a second policy with the id \"a\""},
        {"id,title,owner,phrases\nunlisted,A,,x\n", ":2: the id \"unlisted\" is kept for what matches no policy"},
        {"id,title,owner,phrases\na,A,x,dog\nb,B,x,cat, mouse, animals\n", ":3: 6 fields, but the header has 4"},
        {"id,title,owner,phrases\na,A,dog;cat\n", ":2: 3 fields, but the header has 4"},
        {"title,id,phrases\nA,a,x\nid,title,phrases\nb,B,y\n", ":3: a second header, in another order"},
        {"", ": no policies"},
        {"id,title,owner,phrases\n", ": no policies"},
        {"sep=,\nid,title,owner,phrases\nid,title,owner,phrases\n", ": no policies"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture f;
        assert_int_equal(load(&f, rows[i].csv), ERR_CONFIG);
        assert_non_null(strstr(f.e.msg, rows[i].want));
        assert_memory_equal(f.e.msg, f.path, strlen(f.path));
        tear_down(&f);
    }
}

static void a_header_again_and_empty_fields_at_the_end_are_passed_over(void **state)
{
    (void)state;
    struct fixture f;
    assert_int_equal(load(&f, "ID,title,note,phrases\na,A,x,dog,,\nid,Title,note,phrases\nb,B,y,cat\n"), ERR_OK);
    assert_int_equal(f.c.npolicies, 3);
    assert_true(slice_is(f.c.policies[1].id, "a"));
    assert_true(slice_is(f.c.policies[2].id, "b"));
    tear_down(&f);
}

static void longest_phrase_wins(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t want;
    } rows[] = {
        {"We cannot help.", 0},
        {"No refunds.", 1},
        {"There is a fee.", 2},
        {"There is a change fee for a refund.", 2},            /* two words against one */
        {"We don't refund the change fee.", 4},                /* four */
        {"A refund, a refund and a fee.", 1},                  /* as long, but more often */
        {"The return window is closed, and a change fee.", 1}, /* as much: the order of the catalogue */
    };
    struct fixture f;
    assert_int_equal(load(&f, good), ERR_OK);
    compile(&f);
    uint32_t tally[5] = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct turn_scan scan;
        assert_int_equal(matcher_scan(f.m, slice_of(rows[i].text), ROLE_AGENT, &scan, &f.e), ERR_OK);
        uint32_t got = policy_in_scan(&f.c, &scan, tally);
        if (got != rows[i].want)
            fail_msg("%s: %u", rows[i].text, got);
        for (size_t k = 0; k < 5; k++)
            assert_int_equal(tally[k], 0);
    }
    tear_down(&f);
}

static void attribution_goes_from_the_turn_backwards_then_to_the_repeat(void **state)
{
    (void)state;
    assert_int_equal(policy_attribute((uint32_t[]){3, 2, 1}, 3, 4), 3); /* the delivery's own words */
    assert_int_equal(policy_attribute((uint32_t[]){0, 2, 1}, 3, 4), 2); /* the turn that it answers */
    assert_int_equal(policy_attribute((uint32_t[]){0, 0, 1}, 3, 4), 1); /* the turns just before */
    assert_int_equal(policy_attribute((uint32_t[]){0, 0, 0}, 3, 4), 4); /* a repeat */
    assert_int_equal(policy_attribute((uint32_t[]){0}, 1, 0), 0);       /* unlisted */
}

static void key_phrases_are_the_telling_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"We can not do the Velvet Harbour upgrade on the day", "velvet harbour upgrade"},
        {"no", ""},
        {"", ""},
        {"Pets, sir, are not in the Castle", "pets, castle"},
        {"within 30 days", ""},
    };
    struct fixture f;
    assert_int_equal(load(&f, good), ERR_OK);
    compile(&f);
    assert_int_equal(
        catalogue_stopwords(&f.c, SLICE_LIT("# these say nothing\nwe can not do the\non day are in within\ndays sir"),
                            f.a, &f.e),
        ERR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct turn_scan scan;
        struct slice got, text = slice_of(rows[i].text);
        assert_int_equal(matcher_scan(f.m, text, ROLE_AGENT, &scan, &f.e), ERR_OK);
        assert_int_equal(policy_key_phrases(&f.c, &scan, text, f.a, &got, &f.e), ERR_OK);
        if (!slice_is(got, rows[i].want))
            fail_msg("%s: \"%.*s\"", rows[i].text, SLICE_ARG(got));
    }
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_columns_in_any_order),
        cmocka_unit_test(no_catalogue_is_only_unlisted),
        cmocka_unit_test(bad_rows_are_told_with_their_line),
        cmocka_unit_test(a_header_again_and_empty_fields_at_the_end_are_passed_over),
        cmocka_unit_test(longest_phrase_wins),
        cmocka_unit_test(attribution_goes_from_the_turn_backwards_then_to_the_repeat),
        cmocka_unit_test(key_phrases_are_the_telling_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
