/* table_policies.c - policies, styles, practices: the findings as rows */
#include "report/sink.h"
#include "report/table_findings.h"

/* ---- policies, and the same rows again seen by style ---- */

enum {
    P_ID,
    P_POLICY,
    P_TITLE,
    P_OWNER,
    P_LISTED,
    P_N,
    P_X,
    P_N_BEFORE,
    P_X_BEFORE,
    P_HOSTILE,
    P_UPSET,
    P_ROUNDS,
    P_STYLES,
    P_STYLES_DISPUTED = P_STYLES + SUMMARY_STYLES,
    P_SHRUNK = P_STYLES_DISPUTED + SUMMARY_STYLES,
    P_CORRECTED,
    P_VERDICT = P_CORRECTED + 3,
    P_VERDICT_BADGE,
    P_VERDICT_RULE,
    P_EXCESS,
    P_ODDS = P_EXCESS + 3,
    P_Q_POLICY = P_ODDS + 3,
    P_Q_DELIVERY,
    P_CONFRONTATIONAL_UPSET, /* of the confrontational episodes; then of the choices */
    P_CHOICE_UPSET
};

_Static_assert((int)P_CHOICE_UPSET < (int)TABLE_FIELDS, "a row has a field for each");

static int64_t sum_of(const int64_t x[FINDING_STYLES])
{
    return x[0] + x[1] + x[2] + x[3];
}

static int64_t upset_of(const struct finding_policy *p)
{
    return p->upset[0].n + p->upset[1].n + p->upset[2].n + p->upset[3].n;
}

static void fill_verdict(const struct finding_policy *p, struct field *f)
{
    bool is_bad = p->verdict == VERDICT_POLICY || p->verdict == VERDICT_DELIVERY || p->verdict == VERDICT_BOTH;
    field_text(&f[P_VERDICT], slice_of(finding_verdict_name(p->verdict)));
    field_int(&f[P_VERDICT_BADGE], is_bad ? BADGE_LOOK : BADGE_PLAIN);
    field_text(&f[P_VERDICT_RULE], slice_of(finding_verdict_rule(p->verdict)));
    field_interval(&f[P_EXCESS], &p->excess);
    field_odds(&f[P_ODDS], &p->delivery);
    if (p->against_others.has_test)
        field_real(&f[P_Q_POLICY], p->q_policy);
    if (p->delivery.has_test)
        field_real(&f[P_Q_DELIVERY], p->q_delivery);
}

static void fill_policy(const struct report_data *data, size_t index, struct field *f)
{
    const struct finding_policy *p = data->summary->policies[index].finding;
    field_int(&f[P_ID], p->policy_id);
    field_text(&f[P_POLICY], p->external_id);
    field_text(&f[P_TITLE], p->title);
    field_text(&f[P_OWNER], p->owner);
    field_int(&f[P_LISTED], p->is_listed);
    field_count(&f[P_N], p->all);
    field_count(&f[P_N_BEFORE], p->before);
    field_int(&f[P_HOSTILE], sum_of(p->hostile));
    field_int(&f[P_UPSET], upset_of(p));
    field_int(&f[P_ROUNDS], sum_of(p->rounds));
    for (int s = 0; s < SUMMARY_STYLES; s++) {
        field_int(&f[P_STYLES + s], p->styles[s].n);
        field_int(&f[P_STYLES_DISPUTED + s], p->styles[s].x);
    }
    field_real(&f[P_SHRUNK], p->shrunk);
    field_interval(&f[P_CORRECTED], &p->corrected);
    fill_verdict(p, f);
    field_int(&f[P_CONFRONTATIONAL_UPSET], p->upset[0].n);
    field_int(&f[P_CHOICE_UPSET], p->upset[1].n);
}

static size_t count_policies(const struct report_data *data)
{
    return data->summary->npolicies;
}

enum { P_HARD = P_STYLES, P_SOFT, P_HARD_X = P_STYLES_DISPUTED, P_SOFT_X };

static const struct column policies[] = {
    {"policy", NULL, COL_TEXT, .a = P_POLICY},
    {"title", NULL, COL_TEXT, .a = P_TITLE},
    {"owner", NULL, COL_TEXT, .a = P_OWNER},
    {"is_listed", NULL, COL_INT, .a = P_LISTED},
    {"episodes", NULL, COL_INT, .a = P_N},
    {"disputed", NULL, COL_INT, .a = P_X},
    {"dispute_rate", NULL, COL_SHARE, .a = P_X, .b = P_N},
    {"dispute_rate_low", NULL, COL_LOW, .a = P_X, .b = P_N},
    {"dispute_rate_high", NULL, COL_HIGH, .a = P_X, .b = P_N},
    {"episodes_before", NULL, COL_INT, .a = P_N_BEFORE},
    {"disputed_before", NULL, COL_INT, .a = P_X_BEFORE},
    {"change", NULL, COL_DIFF, .a = P_X, .b = P_N, .c = P_X_BEFORE, .d = P_N_BEFORE},
    {"change_low", NULL, COL_DIFF_LOW, .a = P_X, .b = P_N, .c = P_X_BEFORE, .d = P_N_BEFORE},
    {"change_high", NULL, COL_DIFF_HIGH, .a = P_X, .b = P_N, .c = P_X_BEFORE, .d = P_N_BEFORE},
    {"hostile_after", NULL, COL_INT, .a = P_HOSTILE},
    {"upset_before", NULL, COL_INT, .a = P_UPSET},
    {"confrontational", NULL, COL_INT, .a = P_STYLES},
    {"choice", NULL, COL_INT, .a = P_STYLES + 1},
    {"neutral", NULL, COL_INT, .a = P_STYLES + 2},
    {"offrecord", NULL, COL_INT, .a = P_STYLES + 3},
    {"style_difference", NULL, COL_DIFF, .a = P_HARD_X, .b = P_HARD, .c = P_SOFT_X, .d = P_SOFT},
    {"style_difference_low", NULL, COL_DIFF_LOW, .a = P_HARD_X, .b = P_HARD, .c = P_SOFT_X, .d = P_SOFT},
    {"style_difference_high", NULL, COL_DIFF_HIGH, .a = P_HARD_X, .b = P_HARD, .c = P_SOFT_X, .d = P_SOFT},
    {"rounds", NULL, COL_INT, .a = P_ROUNDS},
    {"verdict", NULL, COL_TEXT, .a = P_VERDICT},
    {"dispute_rate_shrunken", NULL, COL_PROPORTION, .a = P_SHRUNK},
    {"dispute_rate_corrected", NULL, COL_PROPORTION, .a = P_CORRECTED},
    {"dispute_rate_corrected_low", NULL, COL_PROPORTION, .a = P_CORRECTED + 1},
    {"dispute_rate_corrected_high", NULL, COL_PROPORTION, .a = P_CORRECTED + 2},
    {NULL, "Policy", COL_NAME, .a = P_TITLE, .b = P_POLICY},
    {NULL, "Verdict", COL_BADGE, .a = P_VERDICT, .b = P_VERDICT_BADGE, .c = P_VERDICT_RULE},
    {NULL, "Disputed", COL_EVIDENCE, .a = P_X, .b = P_N, .c = P_ID, .of = EVIDENCE_POLICY},
    {NULL, "Dispute rate", COL_RATE, .a = P_X, .b = P_N, .c = P_X_BEFORE, .d = P_N_BEFORE},
    {NULL, "Change", COL_CHANGE, .a = P_X, .b = P_N, .c = P_X_BEFORE, .d = P_N_BEFORE},
    {NULL, "12 weeks", COL_WEEKS, .a = P_ID},
    {NULL, "How it was told", COL_MIX, .a = P_STYLES},
};

const struct table table_policies = {"policies",
                                     "Policies by how often customers disputed them",
                                     QUERY_COUNT,
                                     0,
                                     COLUMNS(policies),
                                     .anchor = "policy",
                                     .anchor_at = P_POLICY,
                                     .count = count_policies,
                                     .fill = fill_policy};

static const struct column delivery[] = {
    {"policy", NULL, COL_TEXT, .a = P_POLICY},
    {"title", NULL, COL_TEXT, .a = P_TITLE},
    {"verdict", NULL, COL_TEXT, .a = P_VERDICT},
    {"confrontational", NULL, COL_INT, .a = P_HARD},
    {"confrontational_disputed", NULL, COL_INT, .a = P_HARD_X},
    {"confrontational_upset_before", NULL, COL_INT, .a = P_CONFRONTATIONAL_UPSET},
    {"choice", NULL, COL_INT, .a = P_SOFT},
    {"choice_disputed", NULL, COL_INT, .a = P_SOFT_X},
    {"choice_upset_before", NULL, COL_INT, .a = P_CHOICE_UPSET},
    {"difference", NULL, COL_DIFF, .a = P_HARD_X, .b = P_HARD, .c = P_SOFT_X, .d = P_SOFT},
    {"difference_low", NULL, COL_DIFF_LOW, .a = P_HARD_X, .b = P_HARD, .c = P_SOFT_X, .d = P_SOFT},
    {"difference_high", NULL, COL_DIFF_HIGH, .a = P_HARD_X, .b = P_HARD, .c = P_SOFT_X, .d = P_SOFT},
    {"odds_ratio", NULL, COL_REAL, .a = P_ODDS},
    {"odds_ratio_low", NULL, COL_REAL, .a = P_ODDS + 1},
    {"odds_ratio_high", NULL, COL_REAL, .a = P_ODDS + 2},
    {"q_delivery", NULL, COL_PROPORTION, .a = P_Q_DELIVERY},
    {"excess_as_choice", NULL, COL_PROPORTION, .a = P_EXCESS},
    {"excess_as_choice_low", NULL, COL_PROPORTION, .a = P_EXCESS + 1},
    {"excess_as_choice_high", NULL, COL_PROPORTION, .a = P_EXCESS + 2},
    {"q_policy", NULL, COL_PROPORTION, .a = P_Q_POLICY},
    {NULL, "Policy", COL_NAME, .a = P_TITLE, .b = P_POLICY},
    {NULL, "Disputed when told as a confrontation", COL_EVIDENCE, .a = P_HARD_X, .b = P_HARD, .c = P_ID,
     .of = EVIDENCE_CONFRONTATIONAL},
    {NULL, "Disputed when told as a choice", COL_EVIDENCE, .a = P_SOFT_X, .b = P_SOFT, .c = P_ID,
     .of = EVIDENCE_CHOICE},
    {NULL, "Dispute rate of each", COL_PAIR, .a = P_HARD_X, .b = P_HARD, .c = P_SOFT_X, .d = P_SOFT},
    {NULL, "Difference", COL_CHANGE, .a = P_HARD_X, .b = P_HARD, .c = P_SOFT_X, .d = P_SOFT},
    {NULL, "Odds of dispute", COL_FOREST, .a = P_ODDS},
};

const struct table table_delivery = {"delivery",
                                     "The same policy, told as a confrontation and as a choice",
                                     QUERY_COUNT,
                                     0,
                                     COLUMNS(delivery),
                                     .anchor = "delivery",
                                     .anchor_at = P_POLICY,
                                     .count = count_policies,
                                     .fill = fill_policy,
                                     .foot = sink_pooled};

/* ---- policy and style; policy and week ---- */

enum { S_POLICY, S_TITLE, S_STYLE, S_N, S_X, S_HOSTILE, S_UPSET, S_ROUNDS };

static void fill_policy_style(const struct report_data *data, size_t index, struct field *f)
{
    const struct finding_policy *p = data->summary->policies[index / SUMMARY_STYLES].finding;
    size_t s = index % SUMMARY_STYLES;
    field_text(&f[S_POLICY], p->external_id);
    field_text(&f[S_TITLE], p->title);
    field_text(&f[S_STYLE], slice_of(style_name((enum style)(STYLE_CONFRONTATIONAL + s))));
    field_count(&f[S_N], p->styles[s]);
    field_int(&f[S_HOSTILE], p->hostile[s]);
    field_int(&f[S_UPSET], p->upset[s].n);
    field_int(&f[S_ROUNDS], p->rounds[s]);
}

static size_t count_policy_styles(const struct report_data *data)
{
    return data->summary->npolicies * SUMMARY_STYLES;
}

static const struct column policy_styles[] = {
    {"policy", NULL, COL_TEXT, .a = S_POLICY},
    {"title", NULL, COL_TEXT, .a = S_TITLE},
    {"style", NULL, COL_TEXT, .a = S_STYLE},
    {"episodes", NULL, COL_INT, .a = S_N},
    {"disputed", NULL, COL_INT, .a = S_X},
    {"dispute_rate", NULL, COL_SHARE, .a = S_X, .b = S_N},
    {"dispute_rate_low", NULL, COL_LOW, .a = S_X, .b = S_N},
    {"dispute_rate_high", NULL, COL_HIGH, .a = S_X, .b = S_N},
    {"hostile_after", NULL, COL_INT, .a = S_HOSTILE},
    {"upset_before", NULL, COL_INT, .a = S_UPSET},
    {"rounds", NULL, COL_INT, .a = S_ROUNDS},
};

const struct table table_policy_styles = {
    "policy_styles",          "", QUERY_COUNT, 0, COLUMNS(policy_styles), .count = count_policy_styles,
    .fill = fill_policy_style};

enum { W_POLICY, W_TITLE, W_WEEK, W_N, W_X };

/* Week 1 is the oldest, week 12 ends with the period. */
static void fill_policy_week(const struct report_data *data, size_t index, struct field *f)
{
    const struct summary_policy *p = &data->summary->policies[index / SUMMARY_WEEKS];
    struct summary_count c = p->weeks[index % SUMMARY_WEEKS];
    field_text(&f[W_POLICY], p->finding->external_id);
    field_text(&f[W_TITLE], p->finding->title);
    field_int(&f[W_WEEK], (int64_t)(index % SUMMARY_WEEKS) + 1);
    field_count(&f[W_N], (struct stats_count){c.disputed, c.n});
}

static size_t count_policy_weeks(const struct report_data *data)
{
    return data->summary->npolicies * SUMMARY_WEEKS;
}

static const struct column policy_weeks[] = {
    {"policy", NULL, COL_TEXT, .a = W_POLICY},
    {"title", NULL, COL_TEXT, .a = W_TITLE},
    {"week", NULL, COL_INT, .a = W_WEEK},
    {"episodes", NULL, COL_INT, .a = W_N},
    {"disputed", NULL, COL_INT, .a = W_X},
    {"dispute_rate", NULL, COL_SHARE, .a = W_X, .b = W_N},
    {"dispute_rate_low", NULL, COL_LOW, .a = W_X, .b = W_N},
    {"dispute_rate_high", NULL, COL_HIGH, .a = W_X, .b = W_N},
};

const struct table table_policy_weeks = {
    "policy_weeks", "", QUERY_COUNT, 0, COLUMNS(policy_weeks), .count = count_policy_weeks, .fill = fill_policy_week};

/* ---- styles ---- */

enum { T_STYLE, T_INDEX, T_WORDS, T_N, T_X, T_ALL, T_N_BEFORE, T_X_BEFORE, T_ALL_BEFORE };

static void fill_style(const struct report_data *data, size_t index, struct field *f)
{
    static const char *const words[SUMMARY_STYLES] = {"Confrontation", "Choice", "Neutral", "Off the record"};
    const struct findings *x = data->findings;
    field_text(&f[T_STYLE], slice_of(style_name((enum style)(STYLE_CONFRONTATIONAL + index))));
    field_int(&f[T_INDEX], (int64_t)index);
    field_text(&f[T_WORDS], slice_of(words[index]));
    field_count(&f[T_N], x->styles[index]);
    field_int(&f[T_ALL], x->all.n);
    field_count(&f[T_N_BEFORE], x->styles_before[index]);
    field_int(&f[T_ALL_BEFORE], x->before.n);
}

static size_t count_styles(const struct report_data *data)
{
    return data->findings->all.n > 0 ? SUMMARY_STYLES : 0;
}

static const struct column styles[] = {
    {"style", NULL, COL_TEXT, .a = T_STYLE},
    {"episodes", NULL, COL_INT, .a = T_N},
    {"share", NULL, COL_SHARE, .a = T_N, .b = T_ALL},
    {"share_low", NULL, COL_LOW, .a = T_N, .b = T_ALL},
    {"share_high", NULL, COL_HIGH, .a = T_N, .b = T_ALL},
    {"disputed", NULL, COL_INT, .a = T_X},
    {"dispute_rate", NULL, COL_SHARE, .a = T_X, .b = T_N},
    {"dispute_rate_low", NULL, COL_LOW, .a = T_X, .b = T_N},
    {"dispute_rate_high", NULL, COL_HIGH, .a = T_X, .b = T_N},
    {"episodes_before", NULL, COL_INT, .a = T_N_BEFORE},
    {"disputed_before", NULL, COL_INT, .a = T_X_BEFORE},
    {"share_change", NULL, COL_DIFF, .a = T_N, .b = T_ALL, .c = T_N_BEFORE, .d = T_ALL_BEFORE},
    {"share_change_low", NULL, COL_DIFF_LOW, .a = T_N, .b = T_ALL, .c = T_N_BEFORE, .d = T_ALL_BEFORE},
    {"share_change_high", NULL, COL_DIFF_HIGH, .a = T_N, .b = T_ALL, .c = T_N_BEFORE, .d = T_ALL_BEFORE},
    {NULL, "Style", COL_STYLE_MARK, .a = T_WORDS, .b = T_INDEX},
    {NULL, "Told so", COL_EVIDENCE, .a = T_N, .b = T_ALL, .c = T_INDEX, .of = EVIDENCE_STYLE},
    {NULL, "Share", COL_PERCENT, .a = T_N, .b = T_ALL},
    {NULL, "Change", COL_CHANGE, .a = T_N, .b = T_ALL, .c = T_N_BEFORE, .d = T_ALL_BEFORE},
    {NULL, "Disputed", COL_INT, .a = T_X},
    {NULL, "Dispute rate", COL_RATE, .a = T_X, .b = T_N, .c = T_X_BEFORE, .d = T_N_BEFORE},
};

const struct table table_styles = {"styles",        "Styles, over all policies", QUERY_COUNT,       0,
                                   COLUMNS(styles), .count = count_styles,       .fill = fill_style};

/* ---- practices ---- */

enum {
    R_NAME,
    R_INDEX,
    R_WORDS,
    R_N,
    R_X,
    R_N_WITHOUT,
    R_X_WITHOUT,
    R_HARD,
    R_HARD_ALL,
    R_SOFT,
    R_SOFT_ALL,
    R_ODDS,
    R_Q = R_ODDS + 3,
    R_EFFECT,
    R_BADGE,
    R_ALL
};

static void fill_practice(const struct report_data *data, size_t index, struct field *f)
{
    static const char *const words[PRACTICE_COUNT] = {"gave the reason",
                                                      "acknowledged the customer",
                                                      "took the customer's side",
                                                      "apologised",
                                                      "offered an alternative",
                                                      "asked what it is for",
                                                      "offered to escalate",
                                                      "promised to raise the rule",
                                                      "left the decision to the customer",
                                                      "blamed the customer",
                                                      "shut the door"};
    const struct finding_practice *p = &data->findings->practices[index];
    const struct summary *s = data->summary;
    field_text(&f[R_NAME], slice_of(practice_name((enum practice)index)));
    field_int(&f[R_INDEX], (int64_t)index);
    field_text(&f[R_WORDS], slice_of(words[index]));
    field_count(&f[R_N], p->with);
    field_count(&f[R_N_WITHOUT], p->without);
    field_int(&f[R_HARD], p->styles[0]);
    field_int(&f[R_HARD_ALL], s->styles[0].n);
    field_int(&f[R_SOFT], p->styles[1]);
    field_int(&f[R_SOFT_ALL], s->styles[1].n);
    field_odds(&f[R_ODDS], &p->strata);
    if (p->strata.has_test)
        field_real(&f[R_Q], p->q);
    field_text(&f[R_EFFECT], slice_of(finding_effect_name(p->effect)));
    field_int(&f[R_BADGE], p->effect == EFFECT_MORE    ? BADGE_LOOK
                           : p->effect == EFFECT_FEWER ? BADGE_WELL
                                                       : BADGE_PLAIN);
    field_int(&f[R_ALL], data->findings->all.n);
}

static size_t count_practices(const struct report_data *data)
{
    return data->findings->all.n > 0 ? PRACTICE_COUNT : 0;
}

static const struct column practices[] = {
    {"practice", NULL, COL_TEXT, .a = R_NAME},
    {"episodes", NULL, COL_INT, .a = R_N},
    {"disputed", NULL, COL_INT, .a = R_X},
    {"dispute_rate", NULL, COL_SHARE, .a = R_X, .b = R_N},
    {"dispute_rate_low", NULL, COL_LOW, .a = R_X, .b = R_N},
    {"dispute_rate_high", NULL, COL_HIGH, .a = R_X, .b = R_N},
    {"episodes_without", NULL, COL_INT, .a = R_N_WITHOUT},
    {"disputed_without", NULL, COL_INT, .a = R_X_WITHOUT},
    {"dispute_rate_without", NULL, COL_SHARE, .a = R_X_WITHOUT, .b = R_N_WITHOUT},
    {"dispute_rate_without_low", NULL, COL_LOW, .a = R_X_WITHOUT, .b = R_N_WITHOUT},
    {"dispute_rate_without_high", NULL, COL_HIGH, .a = R_X_WITHOUT, .b = R_N_WITHOUT},
    {"confrontational", NULL, COL_INT, .a = R_HARD},
    {"choice", NULL, COL_INT, .a = R_SOFT},
    {"odds_ratio", NULL, COL_REAL, .a = R_ODDS},
    {"odds_ratio_low", NULL, COL_REAL, .a = R_ODDS + 1},
    {"odds_ratio_high", NULL, COL_REAL, .a = R_ODDS + 2},
    {"q", NULL, COL_PROPORTION, .a = R_Q},
    {"effect", NULL, COL_TEXT, .a = R_EFFECT},
    {NULL, "Practice", COL_NAME, .a = R_WORDS, .b = R_NAME},
    {NULL, "Times", COL_EVIDENCE, .a = R_N, .b = R_ALL, .c = R_INDEX, .of = EVIDENCE_PRACTICE},
    {NULL, "Of confrontations", COL_SHARE_ONLY, .a = R_HARD, .b = R_HARD_ALL},
    {NULL, "Of choices", COL_SHARE_ONLY, .a = R_SOFT, .b = R_SOFT_ALL},
    {NULL, "Disputed with it", COL_SHARE_ONLY, .a = R_X, .b = R_N},
    {NULL, "Without it", COL_SHARE_ONLY, .a = R_X_WITHOUT, .b = R_N_WITHOUT},
    {NULL, "Goes with", COL_BADGE, .a = R_EFFECT, .b = R_BADGE},
    {NULL, "Odds of dispute", COL_FOREST, .a = R_ODDS},
};

const struct table table_practices = {
    "practices",          "What agents did when they told a policy, and what went with it",
    QUERY_COUNT,          0,
    COLUMNS(practices),   .count = count_practices,
    .fill = fill_practice};
