/* evaluate.c: figures of made-up outcomes, worked out by hand */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "train/evaluate.h"

enum { TURNS = 4 };

/* Two conversations of different sources. Labels and tags of agents' turns by letter: . none, f confrontational,
 * c choice, n neutral, o offrecord. */
struct world {
    struct labelled items[2];
    struct turn_label labels[2][TURNS];
    struct turn_outcome outcomes[2][TURNS];
    const struct labelled *item_at[2];
    struct turn_outcome *outcomes_at[2];
    uint32_t source[2];
    struct slice sources[2];
    struct evaluation ev;
};

static enum style style_of(char letter)
{
    static const char letters[] = ".fcno";
    return (enum style)(strchr(letters, letter) - letters);
}

static void make(struct world *w, const char *const labels[2], const char *const tags[2])
{
    memset(w, 0, sizeof *w);
    for (uint32_t i = 0; i < 2; i++) {
        for (uint32_t t = 0; t < TURNS; t++) {
            enum style l = style_of(labels[i][t]), o = style_of(tags[i][t]);
            w->labels[i][t] = (struct turn_label){.is_delivery = l != STYLE_NONE, .style = l, .turn = t};
            w->outcomes[i][t] = (struct turn_outcome){.is_delivery = o != STYLE_NONE,
                                                      .style = o,
                                                      .role = ROLE_AGENT,
                                                      .is_scored = true,
                                                      .p = o != STYLE_NONE ? 0.95 : 1.0};
        }
        w->items[i].labels = w->labels[i];
        w->items[i].nlabels = TURNS;
        w->item_at[i] = &w->items[i];
        w->outcomes_at[i] = w->outcomes[i];
        w->source[i] = i;
    }
    w->ev = (struct evaluation){.items = w->item_at,
                                .outcomes = w->outcomes_at,
                                .source = w->source,
                                .sources = w->sources,
                                .n = 2,
                                .nsources = 2};
}

static void assert_near(double got, double want)
{
    if (fabs(got - want) > 1e-9)
        fail_msg("%.12f, not %.12f", got, want);
}

static void counts_turns_end_to_end(void **state)
{
    (void)state;
    struct world w;
    make(&w, (const char *const[]){"fcn.", "f..."}, (const char *const[]){"ffn.", ".f.."});
    struct figure d = evaluation_figure(&w.ev, CLASS_DELIVERY, ALL_SOURCES);
    assert_int_equal(d.units, 8);
    assert_int_equal(d.labelled, 4);
    assert_int_equal(d.tagged, 4);
    assert_int_equal(d.right, 3);
    assert_near(d.precision.at, 0.75);
    assert_near(d.recall.at, 0.75);
    /* kappa: observed 6/8, by chance 1/2 */
    assert_near(d.kappa.at, 0.5);
    struct figure f = evaluation_figure(&w.ev, CLASS_STYLE + STYLE_CONFRONTATIONAL - 1, ALL_SOURCES);
    assert_int_equal(f.labelled, 2);
    assert_int_equal(f.tagged, 3);
    assert_int_equal(f.right, 1);
    /* F1: confrontational 2/5, choice 0, neutral 1 */
    assert_near(evaluation_style_macro(&w.ev, ALL_SOURCES).at, (0.4 + 0 + 1) / 3);
    /* the second source has no choice and no neutral at all: only confrontational counts, and it is 0 */
    assert_near(evaluation_style_macro(&w.ev, 1).at, 0);
    assert_near(evaluation_style_macro(&w.ev, 0).at, (2.0 / 3 + 0 + 1) / 3);
    assert_int_equal(evaluation_figure(&w.ev, CLASS_DELIVERY, 0).right, 3);
    assert_int_equal(evaluation_figure(&w.ev, CLASS_DELIVERY, 1).right, 0);
}

static void the_interval_of_f1_knows_conversations(void **state)
{
    (void)state;
    struct world w;
    make(&w, (const char *const[]){"fcn.", "f..."}, (const char *const[]){"ffn.", ".f.."});
    struct figure d = evaluation_figure(&w.ev, CLASS_DELIVERY, ALL_SOURCES);
    /* a = 6, 0; b = 6, 2; R = 6/8; a - R b = 1.5, -1.5; variance 2 / 1 * 4.5 / 64 */
    assert_near(d.f1.at, 0.75);
    double half = STATS_Z95 * sqrt(2 * 4.5 / 64);
    assert_near(d.f1.low, fmax(0, 0.75 - half));
    assert_near(d.f1.high, 1);
    /* all right: Wilson's limits of 4 / 4 = .5101, as F1 2 J / (1 + J) */
    make(&w, (const char *const[]){"fcn.", "f..."}, (const char *const[]){"fcn.", "f..."});
    d = evaluation_figure(&w.ev, CLASS_DELIVERY, ALL_SOURCES);
    struct stats_interval j = stats_wilson(4, 4);
    assert_near(d.f1.at, 1);
    assert_near(d.f1.low, 2 * j.low / (1 + j.low));
    assert_near(d.f1.high, 1);
    /* nothing labelled, nothing tagged */
    assert_false(evaluation_figure(&w.ev, CLASS_STYLE + STYLE_OFFRECORD - 1, ALL_SOURCES).f1.has);
}

static void assert_interval(struct stats_interval got, double at, double low, double high)
{
    assert_true(got.has);
    assert_near(got.at, at);
    assert_near(got.low, low);
    assert_near(got.high, high);
}

static void a_difference_is_that_of_the_same_conversations(void **state)
{
    (void)state;
    const char *const labels[] = {"fcn.", "f..."};
    struct world a, b;
    make(&a, labels, (const char *const[]){"ffn.", ".f.."});
    make(&b, labels, (const char *const[]){".fn.", ".f.."});
    /* a as above: R = 6/8, influence 1.5/8, -1.5/8; b: a = 4, 0; b = 5, 2; R = 4/7, (4 - 20/7) / 7, (0 - 8/7) / 7 */
    double half = STATS_Z95 * sqrt(2) * sqrt(2) * (3.0 / 16 - 8.0 / 49);
    assert_interval(evaluation_difference(&a.ev, &b.ev, CLASS_DELIVERY), 5.0 / 28, 5.0 / 28 - half, 5.0 / 28 + half);
    assert_interval(evaluation_difference(&b.ev, &a.ev, CLASS_DELIVERY), -5.0 / 28, -5.0 / 28 - half, -5.0 / 28 + half);
    /* nothing differs where the variance knows all, ... */
    assert_interval(evaluation_difference(&a.ev, &a.ev, CLASS_DELIVERY), 0, 0, 0);
    /* ... and where all conversations are alike both sides are as far away as Wilson says, as if independent */
    make(&a, labels, labels);
    struct stats_interval j = stats_wilson(4, 4);
    double below = 1 - 2 * j.low / (1 + j.low);
    assert_interval(evaluation_difference(&a.ev, &a.ev, CLASS_DELIVERY), 0, -below, below);
}

static void the_macro_difference_is_that_of_the_same_conversations(void **state)
{
    (void)state;
    struct world w;
    /* confrontational: right 2 of 2 + 4 and 0 of 2 + 2; choice: 0 of 1 + 0 and 0 of 1 + 2; neutral: 0 of 1 + 0, twice
     */
    make(&w, (const char *const[]){"ffcn", "ffcn"}, (const char *const[]){"ffff", "ccff"});
    assert_near(evaluation_style_macro(&w.ev, ALL_SOURCES).at, (0.4 + 0 + 0) / 3);
    /* from itself: confrontational, whose variance is known, differs by nothing; the others say nothing of theirs */
    struct stats_interval choice = stats_wilson(0, 4), neutral = stats_wilson(0, 2);
    double reach = hypot(2 * choice.high / (1 + choice.high), 2 * neutral.high / (1 + neutral.high)) / 3;
    assert_interval(evaluation_macro_difference(&w.ev, &w.ev), 0, -reach, reach);
}

static void confusion_and_calibration(void **state)
{
    (void)state;
    struct world w;
    int64_t table[CONFUSION][CONFUSION];
    struct calibration_bin bins[CALIBRATION_BINS];
    make(&w, (const char *const[]){"fcn.", "f..."}, (const char *const[]){"ffn.", ".f.."});
    evaluation_confusion(&w.ev, table);
    assert_int_equal(table[STYLE_NONE][STYLE_NONE], 3);
    assert_int_equal(table[STYLE_NONE][STYLE_CONFRONTATIONAL], 1);
    assert_int_equal(table[STYLE_CONFRONTATIONAL][STYLE_NONE], 1);
    assert_int_equal(table[STYLE_CONFRONTATIONAL][STYLE_CONFRONTATIONAL], 1);
    assert_int_equal(table[STYLE_CHOICE][STYLE_CONFRONTATIONAL], 1);
    assert_int_equal(table[STYLE_NEUTRAL][STYLE_NEUTRAL], 1);
    evaluation_calibration(&w.ev, CLASS_DELIVERY, bins);
    assert_int_equal(bins[9].n, 8); /* p of 1 belongs to the last tenth */
    assert_int_equal(bins[9].labelled, 4);
    assert_near(bins[9].sum_p, 4 * 0.95 + 4);
    evaluation_calibration(&w.ev, CLASS_DISPUTE, bins); /* there is no customer */
    for (int i = 0; i < CALIBRATION_BINS; i++)
        assert_int_equal(bins[i].n, 0);
}

static void certain_and_uncertain_tags_are_told_apart(void **state)
{
    (void)state;
    struct world w;
    struct calibration_bin bins[CALIBRATION_BINS];
    make(&w, (const char *const[]){"fcn.", "f..."}, (const char *const[]){"ffn.", ".f.."});
    w.outcomes[0][1].is_unsure = true; /* a delivery, but a choice */
    w.outcomes[1][1].is_unsure = true; /* none */
    w.outcomes[0][0].p_style = 0.81, w.outcomes[0][1].p_style = 0.42, w.outcomes[0][2].p_style = 0.83;
    w.outcomes[1][1].p_style = 0.44;
    struct stats_count sure = evaluation_certainty(&w.ev, CLASS_DELIVERY, false),
                       unsure = evaluation_certainty(&w.ev, CLASS_DELIVERY, true);
    assert_int_equal(sure.n, 2);
    assert_int_equal(sure.x, 2);
    assert_int_equal(unsure.n, 2);
    assert_int_equal(unsure.x, 0);
    assert_int_equal(evaluation_certainty(&w.ev, CLASS_DISPUTE, false).n, 0);
    evaluation_calibration(&w.ev, CLASS_STYLE, bins); /* only what is a delivery by label and tag */
    assert_int_equal(bins[8].n, 2);
    assert_int_equal(bins[8].labelled, 2);
    assert_near(bins[8].sum_p, 1.64);
    assert_int_equal(bins[4].n, 1);
    assert_int_equal(bins[4].labelled, 0);
}

static void labels_of_turns_without_words_are_missed(void **state)
{
    (void)state;
    struct world w;
    make(&w, (const char *const[]){"f...", "...."}, (const char *const[]){"....", "...."});
    w.outcomes[0][0] = (struct turn_outcome){.role = ROLE_UNKNOWN};
    struct figure d = evaluation_figure(&w.ev, CLASS_DELIVERY, ALL_SOURCES);
    assert_int_equal(d.units, 8);
    assert_int_equal(d.labelled, 1);
    assert_int_equal(d.right, 0);
}

static void label_and_outcome_say_classes(void **state)
{
    (void)state;
    struct turn_label l = {.is_delivery = true, .style = STYLE_NEUTRAL, .practices = 1u << PRACTICE_ABSOLUTE};
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++) {
        bool want = class == CLASS_DELIVERY || class == CLASS_STYLE + STYLE_NEUTRAL - 1 ||
                    class == CLASS_PRACTICE + PRACTICE_ABSOLUTE;
        assert_int_equal(label_says(&l, class), want);
    }
    struct turn_outcome o = {.is_dispute = true, .is_hostile = true};
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++)
        assert_int_equal(outcome_says(&o, class), class == CLASS_DISPUTE || class == CLASS_HOSTILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_turns_end_to_end),
        cmocka_unit_test(the_interval_of_f1_knows_conversations),
        cmocka_unit_test(a_difference_is_that_of_the_same_conversations),
        cmocka_unit_test(the_macro_difference_is_that_of_the_same_conversations),
        cmocka_unit_test(confusion_and_calibration),
        cmocka_unit_test(labels_of_turns_without_words_are_missed),
        cmocka_unit_test(certain_and_uncertain_tags_are_told_apart),
        cmocka_unit_test(label_and_outcome_say_classes),
    };
    return cmocka_run_group_tests_name("evaluate", tests, NULL, NULL);
}
