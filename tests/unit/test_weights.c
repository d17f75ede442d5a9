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
                                           "style.choice family:option 1.25\npractice.reason ctx:prev_question -.5\n"
                                           "dispute threshold 0.25\nhostile family:option 2\ndelivery bias -2"),
                                 &e),
                     ERR_OK);
    assert_true(get(&f, "bias", CLASS_DELIVERY) == -2); /* the later line */
    assert_true(get(&f, "cue:refusal.cannot", CLASS_DELIVERY) == 3);
    assert_true(get(&f, "family:option", CLASS_STYLE + STYLE_CHOICE - 1) == 1.25);
    assert_true(get(&f, "ctx:prev_question", CLASS_PRACTICE + PRACTICE_REASON) == -0.5);
    assert_true(get(&f, "family:option", CLASS_HOSTILE) == 2);
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
        {"style.choice threshold 0.4", "w.txt:1: styles have no threshold: they are weighed against each other"},
        {"uncertain", "w.txt:1: expected: uncertain margin, a number from 0 to 0.5"},
        {"uncertain much", "w.txt:1: expected: uncertain margin, a number from 0 to 0.5"},
        {"uncertain 0.6", "w.txt:1: expected: uncertain margin, a number from 0 to 0.5"},
        {"uncertain -0.1", "w.txt:1: expected: uncertain margin, a number from 0 to 0.5"},
        {"uncertain 0.1 0.2", "w.txt:1: expected: uncertain margin, a number from 0 to 0.5"},
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

static double odds(double p)
{
    return log(p / (1 - p));
}

/* Nothing but a bias, which is P as log-odds for all but styles. */
static void say(struct fixture *f, const char *margin, const char *thresholds, double p)
{
    struct err e;
    char text[512];
    (void)snprintf(text, sizeof text,
                   "%s\n%s\ndelivery bias %.6f\ndispute bias %.6f\nhostile bias -9\npractice.reason bias %.6f\n"
                   "style.choice bias 5",
                   margin, thresholds, odds(p), odds(p), odds(p));
    for (int i = 1; i < PRACTICE_COUNT; i++) {
        size_t n = strlen(text);
        (void)snprintf(text + n, sizeof text - n, "\npractice.%s bias -9", practice_name((enum practice)i));
    }
    assert_int_equal(weights_add(f->w, &f->space, "w.txt", slice_of(text), &e), ERR_OK);
}

#define ALL_AT(p) "delivery threshold " p "\ndispute threshold " p "\npractice.reason threshold " p

static void what_is_near_the_threshold_is_uncertain(void **state)
{
    (void)state;
    static const struct {
        const char *margin, *thresholds;
        double p;
        bool is_tagged, is_uncertain;
    } rows[] = {
        {"", "", 0.599, true, true}, /* 0.1 about 0.5 */
        {"", "", 0.601, true, false},
        {"", "", 0.401, false, true},
        {"", "", 0.399, false, false},
        {"uncertain 0", "", 0.5001, true, false},
        {"uncertain 0.2", "", 0.69, true, true},
        {"uncertain 0.2", "", 0.71, true, false},
        {"uncertain 0.5", "", 0.74, true, true}, /* at most half the way to 1 */
        {"uncertain 0.5", "", 0.76, true, false},
        {"", ALL_AT("0.9"), 0.94, true, true},
        {"", ALL_AT("0.9"), 0.96, true, false},
        {"", ALL_AT("0.9"), 0.81, false, true},
        {"", ALL_AT("0.1"), 0.19, true, true},
        {"", ALL_AT("0.1"), 0.21, true, false},
        {"", ALL_AT("0.1"), 0.06, false, true},
        {"", ALL_AT("0.1"), 0.04, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture f;
        set_up(&f);
        say(&f, rows[i].margin, rows[i].thresholds, rows[i].p);
        struct feature_list l = {.n = 1, .f = {{CTX_BIAS, NO_MATCH, 1}}};
        struct agent_verdict v = decide_agent(f.w, &l);
        struct customer_verdict c = decide_customer(f.w, &l);
        assert_int_equal(v.is_delivery, rows[i].is_tagged);
        assert_int_equal(v.is_uncertain, rows[i].is_tagged && rows[i].is_uncertain); /* what is none has no mark */
        assert_int_equal(v.practices, rows[i].is_tagged ? 1u << PRACTICE_REASON : 0);
        assert_int_equal(v.unsure_practices, v.is_uncertain ? 1u << PRACTICE_REASON : 0);
        assert_int_equal(c.is_dispute, rows[i].is_tagged);
        assert_int_equal(c.unsure_dispute, rows[i].is_uncertain); /* ... but what is nearly a dispute has */
        assert_false(c.unsure_hostile);
        tear_down(&f);
    }
}

static void a_style_is_uncertain_if_it_leads_by_little(void **state)
{
    (void)state;
    static const struct {
        double lead; /* of choice over confrontational, in log-odds; the others are out of the running */
        bool is_uncertain;
    } rows[] = {
        {0, true}, {0.40, true}, {0.41, false}, {3, false}, /* tanh(0.405 / 2) = 0.2 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture f;
        struct err e;
        char text[256];
        set_up(&f);
        (void)snprintf(text, sizeof text,
                       "delivery bias 9\nstyle.choice bias %.2f\nstyle.neutral bias -20\nstyle.offrecord bias -20",
                       rows[i].lead);
        assert_int_equal(weights_add(f.w, &f.space, "w.txt", slice_of(text), &e), ERR_OK);
        struct feature_list l = {.n = 1, .f = {{CTX_BIAS, NO_MATCH, 1}}};
        assert_int_equal(decide_agent(f.w, &l).is_uncertain, rows[i].is_uncertain);
        tear_down(&f);
    }
}

static void classes_are_named_after_styles_and_practices(void **state)
{
    (void)state;
    char name[64];
    for (int style = 1; style < STYLE_COUNT; style++) {
        (void)snprintf(name, sizeof name, "style.%s", style_name((enum style)style));
        assert_string_equal(class_name(CLASS_STYLE + (uint32_t)style - 1), name);
    }
    for (int practice = 0; practice < PRACTICE_COUNT; practice++) {
        (void)snprintf(name, sizeof name, "practice.%s", practice_name((enum practice)practice));
        assert_string_equal(class_name(CLASS_PRACTICE + (uint32_t)practice), name);
    }
    assert_string_equal(class_name(CLASS_DELIVERY), "delivery");
    assert_string_equal(class_name(CLASS_UPSET), "upset");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_feature_has_a_name_that_finds_it),
        cmocka_unit_test(reads_weights_thresholds_and_comments),
        cmocka_unit_test(a_cleared_class_forgets_what_was_said),
        cmocka_unit_test(a_bad_line_is_told_with_its_place),
        cmocka_unit_test(what_is_near_the_threshold_is_uncertain),
        cmocka_unit_test(a_style_is_uncertain_if_it_leads_by_little),
        cmocka_unit_test(decides_on_the_threshold_and_weighs_styles),
        cmocka_unit_test(classes_are_named_after_styles_and_practices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
