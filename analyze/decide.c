#include "analyze/decide.h"

#include <math.h>

enum { NSTYLES = STYLE_COUNT - 1 };

/* The scores of N classes from FIRST on, each added up in the order of the features. */
static inline void add_scores(const struct weights *w, const struct feature_list *l, uint32_t first, uint32_t n,
                              double *scores)
{
    for (uint32_t c = 0; c < n; c++)
        scores[c] = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        const float *row = w->w + (size_t)l->f[i].index * CLASS_COUNT + first;
        double value = feature_value(&l->f[i]);
        for (uint32_t c = 0; c < n; c++)
            scores[c] += (double)row[c] * value;
    }
}

double decide_probability(double score)
{
    return 1 / (1 + exp(-score));
}

static bool is_unsure(const struct weights *w, uint32_t class, double score)
{
    return score > w->unsure_from[class] && score < w->unsure_to[class];
}

static void decide_style(const struct weights *w, const double score[NSTYLES], struct agent_verdict *v)
{
    double sum = 0, next = -HUGE_VAL;
    uint32_t best = 0;
    for (uint32_t i = 1; i < NSTYLES; i++)
        if (score[i] > score[best])
            best = i;
    for (uint32_t i = 0; i < NSTYLES; i++) {
        sum += exp(score[i] - score[best]);
        if (i != best && score[i] > next)
            next = score[i];
    }
    v->style = (enum style)(best + 1);
    v->p_style = 1 / sum;
    v->is_uncertain = v->is_uncertain || (1 - exp(next - score[best])) / sum < fmin(2 * w->margin, 0.5);
}

bool decide_is_delivery(const struct weights *w, const struct feature_list *l)
{
    double score;
    add_scores(w, l, CLASS_DELIVERY, 1, &score);
    return score >= w->threshold[CLASS_DELIVERY];
}

struct agent_verdict decide_agent(const struct weights *w, const struct feature_list *l)
{
    struct agent_verdict v = {.is_delivery = false};
    double scores[CLASS_DISPUTE];
    add_scores(w, l, 0, CLASS_DISPUTE, scores);
    v.p = decide_probability(scores[CLASS_DELIVERY]);
    if (scores[CLASS_DELIVERY] < w->threshold[CLASS_DELIVERY])
        return v;
    v.is_delivery = true;
    v.is_uncertain = is_unsure(w, CLASS_DELIVERY, scores[CLASS_DELIVERY]);
    decide_style(w, scores + CLASS_STYLE, &v);
    for (uint32_t i = 0; i < PRACTICE_COUNT; i++) {
        double score = scores[CLASS_PRACTICE + i];
        if (score < w->threshold[CLASS_PRACTICE + i])
            continue;
        v.practices |= 1u << i;
        v.unsure_practices |= (uint32_t)is_unsure(w, CLASS_PRACTICE + i, score) << i;
    }
    return v;
}

struct customer_verdict decide_customer(const struct weights *w, const struct feature_list *l)
{
    double scores[CLASS_COUNT - CLASS_DISPUTE];
    add_scores(w, l, CLASS_DISPUTE, CLASS_COUNT - CLASS_DISPUTE, scores);
    double dispute = scores[0], hostile = scores[CLASS_HOSTILE - CLASS_DISPUTE];
    double upset = scores[CLASS_UPSET - CLASS_DISPUTE];
    return (struct customer_verdict){
        .is_dispute = dispute >= w->threshold[CLASS_DISPUTE],
        .is_hostile = hostile >= w->threshold[CLASS_HOSTILE],
        .is_upset = upset >= w->threshold[CLASS_UPSET],
        .p_dispute = decide_probability(dispute),
        .p_hostile = decide_probability(hostile),
        .p_upset = decide_probability(upset),
        .unsure_dispute = is_unsure(w, CLASS_DISPUTE, dispute),
        .unsure_hostile = is_unsure(w, CLASS_HOSTILE, hostile),
        .unsure_upset = is_unsure(w, CLASS_UPSET, upset),
    };
}
