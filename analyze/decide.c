#include "analyze/decide.h"

#include <math.h>

enum { NSTYLES = STYLE_COUNT - 1 };

double decide_score(const struct weights *w, const struct feature_list *l, uint32_t class)
{
    double sum = 0;
    for (uint32_t i = 0; i < l->n; i++)
        sum += weights_get(w, l->f[i].index, class) * feature_value(&l->f[i]);
    return sum;
}

double decide_probability(double score)
{
    return 1 / (1 + exp(-score));
}

static bool is_unsure(const struct weights *w, uint32_t class, double score)
{
    return score > w->unsure_from[class] && score < w->unsure_to[class];
}

static void decide_style(const struct weights *w, const struct feature_list *l, struct agent_verdict *v)
{
    double score[NSTYLES], sum = 0, next = -HUGE_VAL;
    uint32_t best = 0;
    for (uint32_t i = 0; i < NSTYLES; i++) {
        score[i] = decide_score(w, l, CLASS_STYLE + i);
        if (score[i] > score[best])
            best = i;
    }
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
    return decide_score(w, l, CLASS_DELIVERY) >= w->threshold[CLASS_DELIVERY];
}

struct agent_verdict decide_agent(const struct weights *w, const struct feature_list *l)
{
    struct agent_verdict v = {.is_delivery = false};
    double score = decide_score(w, l, CLASS_DELIVERY);
    v.p = decide_probability(score);
    if (score < w->threshold[CLASS_DELIVERY])
        return v;
    v.is_delivery = true;
    v.is_uncertain = is_unsure(w, CLASS_DELIVERY, score);
    decide_style(w, l, &v);
    for (uint32_t i = 0; i < PRACTICE_COUNT; i++) {
        score = decide_score(w, l, CLASS_PRACTICE + i);
        if (score < w->threshold[CLASS_PRACTICE + i])
            continue;
        v.practices |= 1u << i;
        v.unsure_practices |= (uint32_t)is_unsure(w, CLASS_PRACTICE + i, score) << i;
    }
    return v;
}

struct customer_verdict decide_customer(const struct weights *w, const struct feature_list *l)
{
    double dispute = decide_score(w, l, CLASS_DISPUTE);
    double hostile = decide_score(w, l, CLASS_HOSTILE);
    double upset = decide_score(w, l, CLASS_UPSET);
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

double decide_share(const struct weights *w, const struct feature *f, uint32_t class)
{
    uint32_t index = f->index;
    double share = weights_get(w, index, class) * feature_value(f);
    if (class < CLASS_STYLE || class >= CLASS_PRACTICE)
        return share;
    double sum = 0;
    for (uint32_t i = 0; i < NSTYLES; i++)
        sum += weights_get(w, index, CLASS_STYLE + i) * feature_value(f);
    return share - sum / NSTYLES;
}
