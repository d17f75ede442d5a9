#include "train/choose.h"

#include <math.h>
#include <stdlib.h>

struct choosing {
    const struct crossval *cv;
    uint32_t fold;
    double share; /* of a turn, that a row is */
    struct choice *out;
    bool *is_called; /* agents' rows that the chosen delivery model calls deliveries */
    struct scored *scored;
    struct scored_style *styles;
};

/* May the row be looked at? A fold is measured in one way; the final model will meet both. */
static bool is_seen(const struct choosing *k, const struct sample_row *row)
{
    uint32_t fold = k->cv->samples->items[row->item].fold[k->cv->kind];
    return (!row->is_beside || k->fold == NO_FOLD) && fold != NO_FOLD && fold != k->fold;
}

/* Which turns a class is judged by. */
enum turns { ALL_TURNS, LABELLED_DELIVERIES, CALLED_DELIVERIES };

/* The scores of CLASS under SETTING into k->scored. Where only deliveries that were called so are wanted, the labelled
 * ones among the rest are counted in *nmissed. */
static size_t gather(const struct choosing *k, uint32_t class, uint32_t setting, enum turns turns, size_t *nmissed)
{
    const struct sample_side *side = &k->cv->samples->sides[side_of_class(class)];
    const float *scores = crossval_scores(k->cv, class, setting);
    size_t n = 0;
    *nmissed = 0;
    for (size_t i = 0; i < side->n; i++) {
        if (!is_seen(k, &side->rows[i]) || (turns == LABELLED_DELIVERIES && !side->rows[i].label->is_delivery))
            continue;
        if (!label_judges(side->rows[i].label, class))
            continue;
        bool is_right = label_says(side->rows[i].label, class);
        if (turns == CALLED_DELIVERIES && !k->is_called[i])
            *nmissed += is_right;
        else
            k->scored[n++] = (struct scored){(double)scores[i], is_right};
    }
    return n;
}

/* The setting whose probabilities fit what was held out best; then the probabilities and threshold of it. */
static void choose_class(const struct choosing *k, uint32_t class)
{
    struct choice *out = k->out;
    bool is_practice = class_is_practice(class);
    double least = HUGE_VAL, *a = &out->a[class], *b = &out->b[class];
    double nright = 0;
    size_t nmissed;
    for (uint32_t s = 0; s < k->cv->grids[class].n; s++) {
        size_t n = gather(k, class, s, is_practice ? LABELLED_DELIVERIES : ALL_TURNS, &nmissed);
        *b = 0;
        calibrate_platt(k->scored, n, k->share, a, b);
        double loss = calibrate_loss(k->scored, n, *a, *b);
        if (loss < least) {
            least = loss;
            out->setting[class] = s;
        }
    }
    size_t n = gather(k, class, out->setting[class], is_practice ? CALLED_DELIVERIES : ALL_TURNS, &nmissed);
    *b = 0;
    calibrate_platt(k->scored, n, k->share, a, b);
    *a = fmax(*a, 0.01); /* a score that misleads shall not turn round */
    for (size_t i = 0; i < n; i++) {
        k->scored[i].score = *a * k->scored[i].score + *b;
        nright += k->scored[i].is_right ? k->share : 0;
    }
    out->threshold[class] = nright >= LABELS_FOR_A_THRESHOLD ? calibrate_threshold(k->scored, n, nmissed) : 0;
}

static void find_called(struct choosing *k)
{
    const struct sample_side *side = &k->cv->samples->sides[SIDE_AGENT];
    const struct choice *c = k->out;
    const float *scores = crossval_scores(k->cv, CLASS_DELIVERY, c->setting[CLASS_DELIVERY]);
    for (size_t i = 0; i < side->n; i++)
        k->is_called[i] =
            c->a[CLASS_DELIVERY] * (double)scores[i] + c->b[CLASS_DELIVERY] >= c->threshold[CLASS_DELIVERY];
}

/* The scores of the styles under SETTING: of labelled deliveries, or of what is called one. */
static size_t gather_styles(const struct choosing *k, uint32_t setting, bool only_called,
                            size_t nmissed[CALIBRATE_STYLES])
{
    const struct sample_side *side = &k->cv->samples->sides[SIDE_AGENT];
    size_t n = 0;
    for (int i = 0; i < CALIBRATE_STYLES; i++)
        nmissed[i] = 0;
    for (size_t i = 0; i < side->n; i++) {
        const struct turn_label *label = side->rows[i].label;
        if (!is_seen(k, &side->rows[i]) || (!only_called && !label->is_delivery))
            continue;
        uint32_t style = label->is_delivery ? (uint32_t)label->style - 1 : CALIBRATE_STYLES;
        if (only_called && !k->is_called[i]) {
            if (style < CALIBRATE_STYLES)
                nmissed[style]++;
            continue;
        }
        struct scored_style *x = &k->styles[n++];
        x->style = style;
        for (uint32_t c = 0; c < CALIBRATE_STYLES; c++)
            x->score[c] = (double)crossval_scores(k->cv, CLASS_STYLE + c, setting)[i];
    }
    return n;
}

/* One setting for all styles: that of the best likelihood. */
static void choose_styles(const struct choosing *k)
{
    struct style_scale scale = {1, {0, 0, 0, 0}};
    size_t nmissed[CALIBRATE_STYLES];
    double least = HUGE_VAL;
    uint32_t setting = 0;
    for (uint32_t s = 0; s < k->cv->grids[CLASS_STYLE].n; s++) {
        struct style_scale one;
        size_t n = gather_styles(k, s, false, nmissed);
        double loss = calibrate_styles(k->styles, n, &one);
        if (loss < least) {
            least = loss;
            scale = one;
            setting = s;
        }
    }
    size_t n = gather_styles(k, setting, true, nmissed);
    (void)calibrate_style_offsets(k->styles, n, nmissed, &scale);
    for (uint32_t c = 0; c < CALIBRATE_STYLES; c++) {
        k->out->setting[CLASS_STYLE + c] = setting;
        k->out->a[CLASS_STYLE + c] = scale.a;
        k->out->b[CLASS_STYLE + c] = scale.b[c];
    }
}

enum err_code choose(const struct crossval *cv, uint32_t fold, struct choice *out, struct err *e)
{
    struct choosing k = {.cv = cv, .fold = fold, .share = fold == NO_FOLD ? 1.0 / cv->samples->nways : 1, .out = out};
    k.is_called = calloc(cv->nrows + 1, sizeof *k.is_called);
    k.scored = calloc(cv->nrows + 1, sizeof *k.scored);
    k.styles = calloc(cv->nrows + 1, sizeof *k.styles);
    bool has_memory = k.is_called != NULL && k.scored != NULL && k.styles != NULL;
    if (has_memory && cv->can[CLASS_DELIVERY]) {
        choose_class(&k, CLASS_DELIVERY);
        find_called(&k);
        choose_styles(&k);
    }
    for (uint32_t class = CLASS_PRACTICE; has_memory && class < EVAL_CLASSES; class ++)
        if (cv->can[class])
            choose_class(&k, class);
    free(k.is_called);
    free(k.scored);
    free(k.styles);
    return has_memory ? ERR_OK : err_nomem(e);
}
