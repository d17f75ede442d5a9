/*
 * decide.h - features and weights -> is it a delivery, in which style, with which practices; is it a dispute
 *
 * A logistic model for each class; the four styles are weighed against each other (softmax). Tags are decided
 * on the log-odds, so that they do not hang on the last bit of exp().
 */
#ifndef ANALYZE_DECIDE_H
#define ANALYZE_DECIDE_H

#include "analyze/weights.h"

struct agent_verdict {
    bool is_delivery;
    enum style style;   /* STYLE_NONE if it is no delivery, as all below */
    uint32_t practices; /* bits */
    double p, p_style;
    bool is_uncertain;         /* that it is a delivery, or its style */
    uint32_t unsure_practices; /* of practices */
};

struct customer_verdict {
    bool is_dispute, is_hostile, is_upset;
    double p_dispute, p_hostile, p_upset;
    bool unsure_dispute, unsure_hostile, unsure_upset; /* also where it is none, but nearly */
};

double decide_probability(double score);
bool decide_is_delivery(const struct weights *w, const struct feature_list *l);
struct agent_verdict decide_agent(const struct weights *w, const struct feature_list *l);
struct customer_verdict decide_customer(const struct weights *w, const struct feature_list *l);

/* What F adds to CLASS; for a style: against the average of the styles. */
static inline double decide_share(const struct weights *w, const struct feature *f, uint32_t class)
{
    uint32_t nstyles = STYLE_COUNT - 1;
    double share = weights_get(w, f->index, class) * feature_value(f), sum = 0;
    if (!class_is_style(class))
        return share;
    for (uint32_t i = 0; i < nstyles; i++)
        sum += weights_get(w, f->index, CLASS_STYLE + i) * feature_value(f);
    return share - sum / nstyles;
}

#endif
