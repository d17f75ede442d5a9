/*
 * findings.h - what the numbers of the period say: verdicts on policies, agents, practices, weeks, and the tagger
 *
 * Computed once, from the additive day aggregates, and shown by all: page, CSV files, workbook. Nothing here is NaN:
 * what cannot be estimated has `has` false. Counts are of episodes. A "clear" difference is one with q <= STATS_Q after
 * Benjamini and Hochberg, over all that was tested beside it.
 *
 * Owns: texts and arrays live in the arena given to findings_load().
 */
#ifndef REPORT_FINDINGS_H
#define REPORT_FINDINGS_H

#include "core/arena.h"
#include "core/model.h"
#include "core/stats_chart.h"
#include "core/stats_funnel.h"
#include "core/stats_multiple.h"
#include "core/stats_strata.h"
#include "report/table.h"

/* Styles in the order of the enum, from confrontational; weeks are spans of seven days that end with the period. */
enum { FINDING_STYLES = 4, FINDING_WEEKS = 52, FINDING_AGENT_WEEKS = 12 };
enum { FINDING_DAYS = 7 * FINDING_WEEKS, FINDING_AGENT_DAYS = 7 * FINDING_AGENT_WEEKS };

/* A difference smaller than this is called none, however sure it is: with millions of episodes everything differs. */
#define FINDING_WORTH       .05 /* of dispute rates */
#define FINDING_WORTH_RATIO 1.1 /* of odds, and of observed / expected (or its inverse) */

/* ---- policies ---- */

/* Is the policy the problem, or how it is told? finding_verdict_rule() says how it is decided. */
enum verdict { VERDICT_FEW, VERDICT_IN_LINE, VERDICT_POLICY, VERDICT_DELIVERY, VERDICT_BOTH, VERDICT_COUNT };

struct finding_policy {
    int64_t policy_id;
    struct slice external_id, title, owner;
    bool is_listed;
    struct stats_count all, before; /* the period, and the one it is compared with; x: disputed */
    struct stats_count styles[FINDING_STYLES];
    struct stats_count upset[FINDING_STYLES]; /* of them, those whose customer was upset before */
    struct stats_count practices[PRACTICE_COUNT];
    int64_t hostile[FINDING_STYLES], rounds[FINDING_STYLES];
    double shrunk;                   /* dispute rate, drawn towards that of all policies */
    struct stats_interval corrected; /* dispute rate, corrected for the tagger's errors; see quality */
    struct stats_funnel funnel;      /* where its rate would lie by chance, were it like all others */

    /* The policy: its dispute rate when told as a choice, and that of all other policies told as a choice. */
    struct stats_interval choice, others; /* Wilson */
    struct stats_interval excess;         /* choice - others, Newcombe */
    struct stats_strata against_others;   /* odds against those of all others, by the customer's mood before */
    double q_policy;                      /* 1 if it was not tested */

    /* The delivery: told as a confrontation, against told as a choice. */
    struct stats_interval confrontational; /* Wilson */
    struct stats_interval difference;      /* confrontational - choice, Newcombe */
    struct stats_strata delivery;          /* odds of dispute, by the customer's mood before */
    double q_delivery;                     /* 1 if it was not tested */

    enum verdict verdict;
};

/* "not enough data", "in line", "policy", "delivery", "both" */
const char *finding_verdict_name(enum verdict v);

/* The rule in words, one sentence for each verdict, for the reader of the report. */
const char *finding_verdict_rule(enum verdict v);

/* ---- agents ---- */

enum finding_flag { FLAG_FEW, FLAG_IN_LINE, FLAG_MORE, FLAG_FEWER, FLAG_COUNT };

/* "not enough data", "in line", "more than expected", "fewer than expected" */
const char *finding_flag_name(enum finding_flag f);

/* The rule in words, for the reader of the report. */
const char *finding_flag_rule(void);

/* What an agent has, against what all agents together would have had in the same mix of policies and moods. */
struct finding_ratio {
    int64_t observed;
    double expected, variance;   /* the variance is that of chance, given the mix */
    struct stats_interval ratio; /* observed / expected, exact limits */
    struct stats_funnel limits;  /* of observed / expected: outside of them is more than chance and the usual spread */
    bool has_test;
    double p, q; /* 1 if it was not tested */
    enum finding_flag flag;
};

struct finding_cell { /* what an agent did with one policy */
    uint32_t policy;  /* index into findings.policies */
    struct stats_count all;
    int64_t confrontational, choice;
    double expected; /* disputes */
};

enum { FINDING_CELLS = 3 };

/* What one agent did with one policy, in all: [0] where the customer was calm before, [1] upset. */
struct agent_cell {
    uint32_t agent, policy; /* indexes into findings.agents and .policies */
    uint32_t n[2], disputed[2], confrontational[2];
    uint32_t choice, neutral, hostile;
};

struct finding_week {
    int64_t n, disputed, confrontational;
};

struct finding_agent {
    int64_t agent_id; /* 0: nobody known, who is never flagged */
    struct slice external_id, name, team;
    struct stats_count all, before;
    int64_t styles[FINDING_STYLES], styles_before[FINDING_STYLES];
    int64_t hostile, upset_before, rounds;
    int64_t policies; /* how many he or she told */
    int64_t practices[PRACTICE_COUNT];
    struct finding_week weeks[FINDING_AGENT_WEEKS]; /* seven-day spans that end with the period; the oldest first */
    struct finding_ratio disputes, confrontations;
    double standardised; /* observed / expected times the rate of all; only if disputes.ratio.has */
    struct finding_cell worst[FINDING_CELLS]; /* policies with most disputes beyond the expected, worst first */
    unsigned nworst;
};

/* ---- practices ---- */

enum finding_effect { EFFECT_FEW, EFFECT_NONE, EFFECT_FEWER, EFFECT_MORE, EFFECT_COUNT };

/* "not enough data", "no clear difference", "fewer disputes", "more disputes" */
const char *finding_effect_name(enum finding_effect x);

struct finding_practice {
    struct stats_count with, without;
    int64_t styles[FINDING_STYLES]; /* episodes with it, by style */
    struct stats_strata strata;     /* odds of dispute with it against without it, stratified by policy */
    double q;                       /* 1 if it was not tested */
    enum finding_effect effect;
};

/* ---- the tagger on this organisation's own labels ---- */

/* What people judged: turns that deliver a policy; of those that tagger and people call deliveries, the confrontational
 * ones; turns that dispute, that are hostile; episodes that were disputed (any turn in their reach labelled so). */
enum finding_kind { KIND_DELIVERY, KIND_CONFRONTATIONAL, KIND_DISPUTE, KIND_HOSTILE, KIND_EPISODE, KIND_COUNT };

/* "delivery", "confrontational", "dispute", "hostile", "episode" */
const char *finding_kind_name(enum finding_kind k);

struct finding_quality {
    int64_t labels;                                       /* judged in all; the four below add up to it */
    int64_t both, tag_only, label_only, neither;          /* tagged and labelled yes, ... */
    struct stats_interval precision, recall, specificity; /* Wilson */
    struct stats_interval kappa, ac1;
};

/* ---- all ---- */

struct findings {
    struct stats_count all, before;
    struct stats_count styles[FINDING_STYLES], styles_before[FINDING_STYLES];
    struct finding_policy *policies; /* by policy_id */
    size_t npolicies;
    struct stats_prior prior;     /* how the policies' rates are spread */
    struct stats_strata delivery; /* over all policies: confrontational against choice, by policy and mood before */

    struct finding_agent *agents; /* by agent_id */
    size_t nagents, nagents_enough;
    struct agent_cell *cells; /* those with episodes; most disputes first, then most episodes, by agent, by policy */
    size_t ncells;
    struct stats_spread disputes_spread, confrontations_spread; /* how much more agents differ than chance */

    struct finding_practice practices[PRACTICE_COUNT];

    struct stats_count weeks[FINDING_WEEKS];        /* seven-day spans that end with the period; the oldest first */
    char week_from[FINDING_WEEKS][WHEN_DATE_BYTES]; /* their first days */
    struct stats_chart chart;

    bool has_labels;
    struct finding_quality quality[KIND_COUNT];
    /* Of all episodes, corrected for the tagger's errors (Rogan, Gladen) where 20 truly yes and 20 truly no were
     * judged: the dispute rate, and the share of confrontations. */
    struct stats_interval corrected, corrected_confrontational;
};

CHECKED enum err_code findings_load(struct store *db, const struct period *p, struct arena *a, struct findings *out,
                                    struct err *e);

/* Is the dispute rate of a week (of 20 episodes or more) outside the control limits, Laney's if they can be had: 1
 * above, -1 below, 0 no. */
int findings_week_signal(const struct findings *f, size_t week);

/* NULL if there is none in the period. */
const struct finding_policy *findings_policy(const struct findings *f, int64_t policy_id);
const struct finding_agent *findings_agent(const struct findings *f, int64_t agent_id);

#endif
