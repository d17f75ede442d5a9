/* weights.c and features.c: reading weights.txt, names of features */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "analyze/decide.h"

struct fixture {
    struct arena *a;
    struct cueset *cues;
    struct feature_space space;
    struct weights *w;
};

static const char cue_text[] = "[refusal.cannot]\nany = cannot\nyes = we cannot\nno = we can\n"
                               "[refusal.never]\nany = never\nyes = never\nno = ever\n"
                               "[option.can]\nany = can\nyes = we can\nno = tin\n";

static void set_up(struct fixture *f)
{
    struct err e;
    struct cue_builder *b = cue_builder_new();
    f->a = arena_new(0);
    assert_int_equal(cue_builder_add(b, "t.cues", cue_text, &e), ERR_OK);
    assert_int_equal(cue_builder_add_phrases(b, "p.csv", 2, SLICE_LIT("policy.x"), SLICE_LIT("policy"), ROLE_UNKNOWN,
                                             SLICE_LIT("change fee"), ';', &e),
                     ERR_OK);
    assert_int_equal(cue_builder_compile(b, &f->cues, &e), ERR_OK);
    cue_builder_free(b);
    assert_int_equal(feature_space_make(f->cues, f->a, &f->space, &e), ERR_OK);
    f->w = weights_new(&f->space, f->a);
    assert_non_null(f->w);
}

static void tear_down(struct fixture *f)
{
    cueset_free(f->cues);
    arena_free(f->a);
}

static double get(const struct fixture *f, const char *feature, uint32_t class)
{
    uint32_t i = feature_find(&f->space, slice_of(feature));
    assert_int_not_equal(i, NO_FEATURE);
    return weights_get(f->w, i, class);
}

static void every_feature_has_a_name_that_finds_it(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    for (uint32_t i = 0; i < feature_count(&f.space); i++) {
        const char *kind;
        struct slice name = feature_name(&f.space, i, &kind);
        char whole[128];
        (void)snprintf(whole, sizeof whole, "%s%.*s", kind, SLICE_ARG(name));
        uint32_t found = feature_find(&f.space, slice_of(whole));
        /* a policy's phrases have a cue but are no feature */
        assert_int_equal(found, slice_is(name, "policy.x") ? NO_FEATURE : i);
    }
    assert_int_equal(f.space.nfamilies, 2);
    tear_down(&f);
}

static void reads_weights_thresholds_and_comments(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct err e;
    assert_int_equal(weights_add(f.w, &f.space, "w.txt",
                                 SLICE_LIT("# head\n\ndelivery bias -2.5\r\n  delivery\tcue:refusal.cannot  +3 # why\n"
                                           "style.choice family:option 1.25\npractice.reason prev:refusal -.5\n"
                                           "dispute threshold 0.25\nhostile earlier:option 2\ndelivery bias -2"),
                                 &e),
                     ERR_OK);
    assert_true(get(&f, "bias", CLASS_DELIVERY) == -2); /* the later line */
    assert_true(get(&f, "cue:refusal.cannot", CLASS_DELIVERY) == 3);
    assert_true(get(&f, "family:option", CLASS_STYLE + STYLE_CHOICE - 1) == 1.25);
    assert_true(get(&f, "prev:refusal", CLASS_PRACTICE + PRACTICE_REASON) == -0.5);
    assert_true(get(&f, "earlier:option", CLASS_HOSTILE) == 2);
    assert_true(get(&f, "family:option", CLASS_DELIVERY) == 0);
    assert_true(fabs(f.w->threshold[CLASS_DISPUTE] - log(1.0 / 3)) < 1e-12);
    assert_true(f.w->threshold[CLASS_DELIVERY] == 0);
    tear_down(&f);
}

static void a_bad_line_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"deliverance bias 1", "w.txt:1: no class is called \"deliverance\""},
        {"\n\ndelivery cue:refusal.canot 1", "w.txt:3: no feature is called \"cue:refusal.canot\""},
        {"delivery cue:policy.x 1", "w.txt:1: no feature is called \"cue:policy.x\""},
        {"delivery bias", "w.txt:1: expected: class feature weight"},
        {"delivery bias much", "w.txt:1: expected: class feature weight"},
        {"delivery bias 1e9", "w.txt:1: expected: class feature weight"},
        {"delivery bias 1.2.3", "w.txt:1: expected: class feature weight"},
        {"delivery bias nan", "w.txt:1: expected: class feature weight"},
        {"delivery bias 1 2", "w.txt:1: expected: class feature weight"},
        {"delivery threshold 1", "w.txt:1: a threshold is between 0 and 1"},
        {"style.none bias 1", "w.txt:1: no class is called \"style.none\""},
    };
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err e;
        assert_int_equal(weights_add(f.w, &f.space, "w.txt", slice_of(rows[i].text), &e), ERR_CONFIG);
        assert_string_equal(e.msg, rows[i].want);
    }
    tear_down(&f);
}

static void a_cleared_class_forgets_what_was_said(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct err e;
    uint32_t cue = feature_find(&f.space, SLICE_LIT("cue:refusal.cannot"));
    assert_int_equal(weights_add(f.w, &f.space, "a.txt",
                                 SLICE_LIT("delivery bias 1\ndelivery cue:refusal.cannot 2\ndelivery threshold 0.9\n"
                                           "dispute bias 3"),
                                 &e),
                     ERR_OK);
    assert_int_equal(weights_add(f.w, &f.space, "b.txt", SLICE_LIT("delivery clear # all\ndelivery bias 0.5"), &e),
                     ERR_OK);
    assert_true(weights_get(f.w, CTX_BIAS, CLASS_DELIVERY) == 0.5);
    assert_true(weights_get(f.w, cue, CLASS_DELIVERY) == 0);
    assert_true(f.w->threshold[CLASS_DELIVERY] == 0);
    assert_true(weights_get(f.w, CTX_BIAS, CLASS_DISPUTE) == 3);
    tear_down(&f);
}

static void decides_on_the_threshold_and_weighs_styles(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct err e;
    assert_int_equal(weights_add(f.w, &f.space, "w.txt",
                                 SLICE_LIT("delivery bias -1\ndelivery cue:refusal.cannot 1\nstyle.choice bias 1\n"
                                           "practice.blame bias 1\npractice.reason bias -1\npractice.align bias -9\n"
                                           "dispute bias -1\ndispute threshold 0.2\nhostile bias -1\nupset bias 3"),
                                 &e),
                     ERR_OK);
    struct feature_list l = {.n = 1, .f = {{CTX_BIAS, NO_MATCH, 1}}};
    struct agent_verdict v = decide_agent(f.w, &l);
    assert_false(v.is_delivery);
    assert_int_equal(v.style, STYLE_NONE);
    l.f[l.n++] = (struct feature){feature_find(&f.space, SLICE_LIT("cue:refusal.cannot")), 0, 1};
    v = decide_agent(f.w, &l);
    assert_true(v.is_delivery); /* on the threshold is over it */
    assert_true(v.p == 0.5);
    assert_int_equal(v.style, STYLE_CHOICE);
    assert_true(fabs(v.p_style - exp(1) / (exp(1) + 3)) < 1e-12);
    assert_true((v.practices & 1u << PRACTICE_BLAME) != 0);
    assert_true((v.practices & 1u << PRACTICE_REASON) == 0);
    struct customer_verdict c = decide_customer(f.w, &l);
    assert_true(c.is_dispute && !c.is_hostile && c.is_upset);
    assert_true(fabs(decide_share(f.w, &(struct feature){CTX_BIAS, NO_MATCH, 1}, CLASS_STYLE + STYLE_CHOICE - 1) -
                     0.75) < 1e-6);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_feature_has_a_name_that_finds_it),
        cmocka_unit_test(reads_weights_thresholds_and_comments),
        cmocka_unit_test(a_cleared_class_forgets_what_was_said),
        cmocka_unit_test(a_bad_line_is_told_with_its_place),
        cmocka_unit_test(decides_on_the_threshold_and_weighs_styles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
