/* crossval.c, choose.c: what is held out does not train, chooses nothing, and is tagged through rules made without it
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/tagger.h"
#include "tests/support/sense_draft.h"
#include "train/choose.h"
#include "train/crossval.h"

enum { FOLDS = 3, ROWS = 90, CHOICE = CLASS_STYLE + STYLE_CHOICE - 1 };

/* A conversation a fold. The rows are agents' turns, of each fold in rotation; every other one of a fold asks. */
struct world {
    struct ruleset *rules;
    struct sample_item items[FOLDS];
    struct sample_row rows[ROWS];
    struct samples s;
};

static const struct turn_label is_choice = {.is_delivery = true, .style = STYLE_CHOICE}, is_none = {.turn = 0};

static bool asks(uint32_t row)
{
    return row / FOLDS % 2 == 0;
}

static int set_up(void **state)
{
    static struct world w;
    struct err e;
    memset(&w, 0, sizeof w);
    *state = &w;
    if (ruleset_load(&(struct ruleset_options){.rules_dir = NULL}, &w.rules, &e) != ERR_OK)
        return -1;
    w.s = (struct samples){.items = w.items, .nitems = FOLDS, .nfolds = {FOLDS}, .nways = 1};
    for (uint32_t i = 0; i < FOLDS; i++)
        w.items[i] = (struct sample_item){.fold = {i, NO_FOLD}, .shy_of = NO_FOLD, .weight = 1, .even = 1};
    struct sample_side *side = &w.s.sides[SIDE_AGENT];
    *side = (struct sample_side){fit_rows_new(feature_count(&w.rules->space)), w.rows, ROWS, ROWS};
    w.s.sides[SIDE_CUSTOMER].x = fit_rows_new(feature_count(&w.rules->space));
    for (uint32_t i = 0; i < ROWS; i++) {
        struct feature_list l = {2, {{CTX_BIAS, NO_MATCH, 1}, {asks(i) ? CTX_IS_QUESTION : CTX_LEN_1_3, NO_MATCH, 1}}};
        if (!fit_rows_add(side->x, &l))
            return -1;
        w.rows[i] = (struct sample_row){.item = i % FOLDS, .share = 1};
    }
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    for (int k = 0; k < SIDES; k++)
        fit_rows_free(w->s.sides[k].x);
    ruleset_free(w->rules);
    return 0;
}

static void run(struct world *w, struct crossval *cv)
{
    struct grid grids[EVAL_CLASSES];
    struct err e;
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++)
        grids[class] = (struct grid){{1}, 1};
    const struct crossval_how how = {.threads = 1};
    assert_int_equal(crossval_run(cv, w->rules, &w->s, FOLD_BY_SOURCE, grids, &how, &e), ERR_OK);
}

/* In the first fold what asks is no delivery, in the others it is one: nobody can learn that from the others. */
static void what_is_held_out_does_not_train(void **state)
{
    struct world *w = *state;
    struct crossval cv;
    for (uint32_t i = 0; i < ROWS; i++)
        w->rows[i].label = asks(i) == (i % FOLDS != 0) ? &is_choice : &is_none;
    run(w, &cv);
    const float *scores = crossval_scores(&cv, CLASS_DELIVERY, 0);
    for (uint32_t i = 0; i < ROWS; i += FOLDS)
        assert_true(asks(i) ? scores[i] > 2 : scores[i] < -2); /* as sure as two folds without contradiction make it */
    crossval_end(&cv);
}

/* What is uncertain is judged around the threshold that was chosen, by the margin of the rules. */
static void models_are_unsure_around_their_thresholds(void **state)
{
    struct world *w = *state;
    struct crossval cv;
    for (uint32_t i = 0; i < ROWS; i++) /* what asks is a delivery, but for each fifth */
        w->rows[i].label = asks(i) && i % 5 != 0 ? &is_choice : &is_none;
    w->rules->weights->margin = 0.25;
    run(w, &cv);
    const struct weights *model = cv.models[FOLDS + 1];
    struct weights same = *model;
    weights_set_unsure(&same);
    assert_true(model->margin == 0.25 && model->threshold[CLASS_DELIVERY] != 0);
    assert_memory_equal(model->unsure_from, same.unsure_from, sizeof same.unsure_from);
    assert_memory_equal(model->unsure_to, same.unsure_to, sizeof same.unsure_to);
    crossval_end(&cv);
}

/* Where training shows only one side of a class there is nothing to fit. */
static void what_is_always_so_is_not_held_for_never(void **state)
{
    struct world *w = *state;
    struct crossval cv;
    for (uint32_t i = 0; i < ROWS; i++) /* all deliveries are choices; only the first fold has turns that are none */
        w->rows[i].label = i % FOLDS != 0 || asks(i) ? &is_choice : &is_none;
    run(w, &cv);
    for (uint32_t i = 0; i < ROWS; i++) {
        assert_true(i % FOLDS != 0 || crossval_scores(&cv, CLASS_DELIVERY, 0)[i] == 10);
        for (uint32_t class = CLASS_STYLE; class < CLASS_PRACTICE; class ++)
            assert_true(crossval_scores(&cv, class, 0)[i] == (class == CHOICE ? 10 : -10));
    }
    crossval_end(&cv);
}

/* Scores of two settings: in the first fold they tell the opposite of the labels, AS_SURE as that is. */
static void make_scores(const struct world *w, const struct crossval *cv, double as_sure)
{
    for (uint32_t setting = 0; setting < 2; setting++)
        for (uint32_t i = 0; i < ROWS; i++) {
            double tells = (w->rows[i].label == &is_choice ? 1.0 : -1.0) + (i % (7 + setting) < 3 ? 1.5 : -1.5);
            float score = (float)(i % FOLDS == 0 ? -as_sure * tells : tells);
            crossval_scores(cv, CLASS_DELIVERY, setting)[i] = score;
            crossval_scores(cv, CHOICE, setting)[i] = score;
        }
}

static void what_is_held_out_chooses_nothing(void **state)
{
    static float scores[2 * EVAL_CLASSES * ROWS];
    struct world *w = *state;
    struct crossval cv = {.rules = w->rules,
                          .samples = &w->s,
                          .kind = FOLD_BY_SOURCE,
                          .nfolds = FOLDS,
                          .can = {[CLASS_DELIVERY] = true, [CHOICE] = true},
                          .scores = scores,
                          .nrows = ROWS};
    struct choice held_out[2] = {{{0}, {0}, {0}, {0}}}, all[2] = {{{0}, {0}, {0}, {0}}};
    struct err e;
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++)
        cv.grids[class] = (struct grid){{1, 2}, 2};
    for (uint32_t i = 0; i < ROWS; i++)
        w->rows[i].label = asks(i) ? &is_choice : &is_none;
    for (size_t k = 0; k < 2; k++) {
        make_scores(w, &cv, k == 0 ? 0.1 : 10);
        assert_int_equal(choose(&cv, 0, &held_out[k], &e), ERR_OK);
        assert_int_equal(choose(&cv, NO_FOLD, &all[k], &e), ERR_OK);
    }
    assert_memory_equal(&held_out[0], &held_out[1], sizeof held_out[0]);
    assert_true(all[0].a[CLASS_DELIVERY] != all[1].a[CLASS_DELIVERY]); /* it would have, had it been asked */
    assert_true(all[0].threshold[CLASS_DELIVERY] != all[1].threshold[CLASS_DELIVERY]);
    assert_true(all[0].a[CHOICE] != all[1].a[CHOICE]);
}

/* The probability of a delivery that an evaluation found in the one turn of each fold. */
static void evaluate(const struct crossval *cv, double p[FOLDS])
{
    struct evaluation ev;
    struct err e;
    assert_int_equal(crossval_evaluate(cv, &ev, &e), ERR_OK);
    assert_int_equal(ev.n, FOLDS);
    for (uint32_t i = 0; i < FOLDS; i++)
        p[i] = ev.outcomes[i][0].p;
    evaluation_free(&ev);
}

static void what_is_held_out_is_tagged_through_the_rules_and_weights_of_its_fold(void **state)
{
    static struct draft plain;
    struct world *w = *state;
    struct strbuf file = STRBUF_INIT;
    struct err e;
    struct turn turn = {.role = ROLE_AGENT, .text = SLICE_LIT("good"), .start_ms = MS_NONE, .end_ms = MS_NONE};
    struct turn_label label = {.turn = 0};
    struct labelled l = {.c = {.source = SLICE_LIT("s"), .turns = &turn, .nturns = 1}, .labels = &label, .nlabels = 1};
    struct ruleset other = *w->rules; /* by its sense */
    struct weights *models[FOLDS];
    draft_plain(&plain);
    draft_write(&plain, &file);
    assert_int_equal(sense_load(strbuf_slice(&file), "t", w->rules->a, &other.sense, &e), ERR_OK);
    strbuf_free(&file);
    for (uint32_t i = 0; i < FOLDS; i++) {
        w->items[i].l = &l;
        models[i] = weights_new(&w->rules->space, w->rules->a);
        assert_int_equal(weights_add(models[i], &w->rules->space, "w.txt",
                                     slice_of(i < 2 ? "delivery sense:delivery 1" : "delivery bias 0"), &e),
                         ERR_OK);
    }
    struct ruleset *const folds[] = {w->rules, &other, &other};
    struct crossval cv = {
        .rules = w->rules, .samples = &w->s, .kind = FOLD_BY_SOURCE, .nfolds = FOLDS, .models = models};
    double same[FOLDS], own[FOLDS];
    evaluate(&cv, same);
    assert_true(same[0] == same[1] && same[0] != 0.5 && same[2] == 0.5);
    cv.fold_rules = folds;
    evaluate(&cv, own);
    assert_true(own[0] == same[0] && own[1] != same[1] && own[1] != 0.5 && own[2] == 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_held_out_does_not_train, set_up, tear_down),
        cmocka_unit_test_setup_teardown(models_are_unsure_around_their_thresholds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_always_so_is_not_held_for_never, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_held_out_chooses_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_held_out_is_tagged_through_the_rules_and_weights_of_its_fold, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("crossval", tests, NULL, NULL);
}
