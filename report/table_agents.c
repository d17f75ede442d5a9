/* table_agents.c - agents: the findings as rows */
#include "report/table_findings.h"

enum {
    A_ID,
    A_AGENT,
    A_NAME,
    A_TEAM,
    A_N,
    A_X,
    A_N_BEFORE,
    A_X_BEFORE,
    A_HARD_BEFORE,
    A_POLICIES,
    A_HOSTILE,
    A_UPSET,
    A_ROUNDS,
    A_STYLES,
    A_EXPECTED = A_STYLES + SUMMARY_STYLES,
    A_RATIO,
    A_LIMITS = A_RATIO + 3, /* of the ratio, outer: low, high */
    A_Q = A_LIMITS + 2,
    A_FLAG,
    A_HARD_EXPECTED,
    A_HARD_RATIO,
    A_HARD_Q = A_HARD_RATIO + 3,
    A_HARD_FLAG,
    A_STANDARDISED,
    A_BADGE,
    A_BADGE_WORDS,
    A_BADGE_RULE,
    A_TREND,
    A_TREND_NAME = A_TREND + FINDING_AGENT_WEEKS,
    A_PRACTICES
};

_Static_assert((int)A_PRACTICES + (int)PRACTICE_COUNT <= (int)TABLE_FIELDS, "a row has a field for each");

enum { TREND_SPAN = 4 }; /* weeks that are taken together, so that there are enough episodes */

/* The share of confrontations in the four weeks that end with each week. */
static void fill_trend(const struct finding_agent *x, struct field *f)
{
    for (int week = TREND_SPAN - 1; week < FINDING_AGENT_WEEKS; week++) {
        int64_t n = 0, hard = 0;
        for (int i = week - TREND_SPAN + 1; i <= week; i++) {
            n += x->weeks[i].n;
            hard += x->weeks[i].confrontational;
        }
        if (n >= STATS_ENOUGH)
            field_real(&f[A_TREND + week], (double)hard / (double)n);
    }
    field_text(&f[A_TREND_NAME], slice_of("Share of confrontations in the four weeks up to each week"));
}

/* What is said of the agent in a word: disputes go before confrontations. */
static void fill_badge(const struct finding_agent *x, struct field *f)
{
    static const char *const words[FLAG_COUNT][FLAG_COUNT] = {
        [FLAG_FEW] = {"not enough data", "not enough data", "more confrontations", "fewer confrontations"},
        [FLAG_IN_LINE] = {"in line", "in line", "more confrontations", "fewer confrontations"},
        [FLAG_MORE] = {"more disputes", "more disputes", "more disputes, more confrontations", "more disputes"},
        [FLAG_FEWER] = {"fewer disputes", "fewer disputes", "more confrontations, fewer disputes",
                        "fewer disputes, fewer confrontations"}};
    enum finding_flag a = x->disputes.flag, b = x->confrontations.flag;
    bool is_well = a == FLAG_FEWER || b == FLAG_FEWER;
    field_text(&f[A_BADGE_WORDS], slice_of(words[a][b]));
    field_int(&f[A_BADGE], summary_stands_out(x) ? BADGE_LOOK : is_well ? BADGE_WELL : BADGE_PLAIN);
    field_text(&f[A_BADGE_RULE], slice_of(""));
}

static void fill_ratios(const struct finding_agent *x, struct field *f)
{
    field_real(&f[A_EXPECTED], x->disputes.expected);
    field_interval(&f[A_RATIO], &x->disputes.ratio);
    if (x->disputes.limits.has) {
        field_real(&f[A_LIMITS], x->disputes.limits.low998);
        field_real(&f[A_LIMITS + 1], x->disputes.limits.high998);
    }
    if (x->disputes.has_test)
        field_real(&f[A_Q], x->disputes.q);
    field_text(&f[A_FLAG], slice_of(finding_flag_name(x->disputes.flag)));
    field_real(&f[A_HARD_EXPECTED], x->confrontations.expected);
    field_interval(&f[A_HARD_RATIO], &x->confrontations.ratio);
    if (x->confrontations.has_test)
        field_real(&f[A_HARD_Q], x->confrontations.q);
    field_text(&f[A_HARD_FLAG], slice_of(finding_flag_name(x->confrontations.flag)));
    if (x->disputes.ratio.has)
        field_real(&f[A_STANDARDISED], x->standardised);
}

static void fill_agent(const struct report_data *data, size_t index, struct field *f)
{
    const struct finding_agent *x = data->summary->agents[index];
    field_int(&f[A_ID], x->agent_id);
    field_text(&f[A_AGENT], x->external_id);
    field_text(&f[A_NAME], x->name);
    field_text(&f[A_TEAM], x->team);
    field_count(&f[A_N], x->all);
    field_count(&f[A_N_BEFORE], x->before);
    field_int(&f[A_HARD_BEFORE], x->styles_before[0]);
    field_int(&f[A_POLICIES], x->policies);
    field_int(&f[A_HOSTILE], x->hostile);
    field_int(&f[A_UPSET], x->upset_before);
    field_int(&f[A_ROUNDS], x->rounds);
    for (int i = 0; i < SUMMARY_STYLES; i++)
        field_int(&f[A_STYLES + i], x->styles[i]);
    for (int i = 0; i < PRACTICE_COUNT; i++)
        field_int(&f[A_PRACTICES + i], x->practices[i]);
    fill_ratios(x, f);
    fill_badge(x, f);
    fill_trend(x, f);
}

static size_t count_agents(const struct report_data *data)
{
    return data->summary->nagents;
}

static const struct column agents[] = {
    {"agent", NULL, COL_AGENT_ID, .a = A_AGENT},
    {"name", NULL, COL_PERSON, .a = A_NAME, .b = A_AGENT},
    {"team", NULL, COL_TEAM, .a = A_TEAM},
    {"episodes", NULL, COL_INT, .a = A_N},
    {"policies", NULL, COL_INT, .a = A_POLICIES},
    {"confrontational", NULL, COL_INT, .a = A_STYLES},
    {"choice", NULL, COL_INT, .a = A_STYLES + 1},
    {"neutral", NULL, COL_INT, .a = A_STYLES + 2},
    {"offrecord", NULL, COL_INT, .a = A_STYLES + 3},
    {"confrontational_share", NULL, COL_SHARE, .a = A_STYLES, .b = A_N},
    {"confrontational_share_low", NULL, COL_LOW, .a = A_STYLES, .b = A_N},
    {"confrontational_share_high", NULL, COL_HIGH, .a = A_STYLES, .b = A_N},
    {"disputed", NULL, COL_INT, .a = A_X},
    {"dispute_rate", NULL, COL_SHARE, .a = A_X, .b = A_N},
    {"dispute_rate_low", NULL, COL_LOW, .a = A_X, .b = A_N},
    {"dispute_rate_high", NULL, COL_HIGH, .a = A_X, .b = A_N},
    {"expected_disputed", NULL, COL_REAL, .a = A_EXPECTED},
    {"hostile_after", NULL, COL_INT, .a = A_HOSTILE},
    {"upset_before", NULL, COL_INT, .a = A_UPSET},
    {"episodes_before", NULL, COL_INT, .a = A_N_BEFORE},
    {"disputed_before", NULL, COL_INT, .a = A_X_BEFORE},
    {"confrontational_before", NULL, COL_INT, .a = A_HARD_BEFORE},
    {"disputes_flag", NULL, COL_TEXT, .a = A_FLAG},
    {"disputes_ratio", NULL, COL_REAL, .a = A_RATIO},
    {"disputes_ratio_low", NULL, COL_REAL, .a = A_RATIO + 1},
    {"disputes_ratio_high", NULL, COL_REAL, .a = A_RATIO + 2},
    {"disputes_limit_low", NULL, COL_REAL, .a = A_LIMITS},
    {"disputes_limit_high", NULL, COL_REAL, .a = A_LIMITS + 1},
    {"disputes_q", NULL, COL_PROPORTION, .a = A_Q},
    {"dispute_rate_standardised", NULL, COL_PROPORTION, .a = A_STANDARDISED},
    {"confrontations_flag", NULL, COL_TEXT, .a = A_HARD_FLAG},
    {"expected_confrontational", NULL, COL_REAL, .a = A_HARD_EXPECTED},
    {"confrontations_ratio", NULL, COL_REAL, .a = A_HARD_RATIO},
    {"confrontations_ratio_low", NULL, COL_REAL, .a = A_HARD_RATIO + 1},
    {"confrontations_ratio_high", NULL, COL_REAL, .a = A_HARD_RATIO + 2},
    {"confrontations_q", NULL, COL_PROPORTION, .a = A_HARD_Q},
    {"rounds", NULL, COL_INT, .a = A_ROUNDS},
    {"reason", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_REASON},
    {"acknowledge", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_ACKNOWLEDGE},
    {"align", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_ALIGN},
    {"apology", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_APOLOGY},
    {"alternative", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_ALTERNATIVE},
    {"probe", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_PROBE},
    {"escalate", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_ESCALATE},
    {"advocate", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_ADVOCATE},
    {"autonomy", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_AUTONOMY},
    {"blame", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_BLAME},
    {"absolute", NULL, COL_INT, .a = A_PRACTICES + PRACTICE_ABSOLUTE},
    {NULL, "Agent", COL_PERSON, .a = A_NAME, .b = A_AGENT, .c = A_TEAM, .d = 1},
    {NULL, "Finding", COL_BADGE, .a = A_BADGE_WORDS, .b = A_BADGE},
    {NULL, "Disputed", COL_EVIDENCE, .a = A_X, .b = A_N, .c = A_ID, .of = EVIDENCE_AGENT},
    {NULL, "Observed / expected", COL_RATIO, .a = A_RATIO, .c = A_LIMITS, .d = A_EXPECTED},
    {NULL, "Confrontations", COL_EVIDENCE, .a = A_STYLES, .b = A_N, .c = A_ID, .of = EVIDENCE_AGENT_CONFRONTS},
    {NULL, "Styles", COL_MIX, .a = A_STYLES},
    {NULL, "Practices", COL_HABITS, .a = A_N, .b = A_PRACTICES},
    {NULL, "Own trend", COL_RATES, .a = A_TREND, .b = A_TREND_NAME},
};

const struct table table_agents = {"agents",
                                   "Agents, those who stand out first",
                                   QUERY_COUNT,
                                   0,
                                   COLUMNS(agents),
                                   .anchor = "agent",
                                   .anchor_at = A_AGENT,
                                   .count = count_agents,
                                   .fill = fill_agent};

/* ---- agent and policy ---- */

enum { C_AGENT_ID, C_POLICY_ID, C_AGENT, C_NAME, C_POLICY, C_TITLE, C_N, C_X, C_HOSTILE, C_UPSET, C_STYLES };

static size_t count_cells(const struct report_data *data)
{
    return data->findings->ncells;
}

static void fill_cell(const struct report_data *data, size_t index, struct field *f)
{
    const struct agent_cell *c = &data->findings->cells[index];
    const struct finding_agent *x = &data->findings->agents[c->agent];
    const struct finding_policy *p = &data->findings->policies[c->policy];
    int64_t n = (int64_t)c->n[0] + c->n[1], hard = (int64_t)c->confrontational[0] + c->confrontational[1];
    field_int(&f[C_AGENT_ID], x->agent_id);
    field_int(&f[C_POLICY_ID], p->policy_id);
    field_text(&f[C_AGENT], x->external_id);
    field_text(&f[C_NAME], x->name);
    field_text(&f[C_POLICY], p->external_id);
    field_text(&f[C_TITLE], p->title);
    field_int(&f[C_N], n);
    field_int(&f[C_X], (int64_t)c->disputed[0] + c->disputed[1]);
    field_int(&f[C_HOSTILE], c->hostile);
    field_int(&f[C_UPSET], c->n[1]);
    field_int(&f[C_STYLES], hard);
    field_int(&f[C_STYLES + 1], c->choice);
    field_int(&f[C_STYLES + 2], c->neutral);
    field_int(&f[C_STYLES + 3], n - hard - c->choice - c->neutral);
}

static const struct column agent_policies[] = {
    {"agent", NULL, COL_AGENT_ID, .a = C_AGENT},
    {"name", NULL, COL_PERSON, .a = C_NAME, .b = C_AGENT},
    {"policy", NULL, COL_TEXT, .a = C_POLICY},
    {"title", NULL, COL_TEXT, .a = C_TITLE},
    {"episodes", NULL, COL_INT, .a = C_N},
    {"disputed", NULL, COL_INT, .a = C_X},
    {"dispute_rate", NULL, COL_SHARE, .a = C_X, .b = C_N},
    {"dispute_rate_low", NULL, COL_LOW, .a = C_X, .b = C_N},
    {"dispute_rate_high", NULL, COL_HIGH, .a = C_X, .b = C_N},
    {"hostile_after", NULL, COL_INT, .a = C_HOSTILE},
    {"upset_before", NULL, COL_INT, .a = C_UPSET},
    {"confrontational", NULL, COL_INT, .a = C_STYLES},
    {"choice", NULL, COL_INT, .a = C_STYLES + 1},
    {"neutral", NULL, COL_INT, .a = C_STYLES + 2},
    {"offrecord", NULL, COL_INT, .a = C_STYLES + 3},
    {NULL, "Agent and policy", COL_PERSON, .a = C_NAME, .b = C_AGENT, .c = C_TITLE},
    {NULL, "Disputed", COL_EVIDENCE, .a = C_X, .b = C_N, .c = C_AGENT_ID, .d = C_POLICY_ID,
     .of = EVIDENCE_AGENT_POLICY},
    {NULL, "Dispute rate", COL_PERCENT, .a = C_X, .b = C_N},
    {NULL, "How it was told", COL_MIX, .a = C_STYLES},
};

const struct table table_agent_policies = {"agent_policies",
                                           "Agent and policy: where most disputes arise",
                                           QUERY_COUNT,
                                           0,
                                           COLUMNS(agent_policies),
                                           .count = count_cells,
                                           .fill = fill_cell};

/* ---- whom to coach on what: the policies in which an agent who stands out is furthest from what is expected ---- */

enum { K_AGENT, K_NAME, K_FINDING, K_POLICY, K_TITLE, K_N, K_X, K_EXPECTED, K_HARD, K_SOFT };

enum { CARD_DISPUTES = 2 }; /* one dispute is no pattern */

static size_t cards_of(const struct finding_agent *x)
{
    size_t n = 0;
    while (n < x->nworst && x->worst[n].all.x >= CARD_DISPUTES)
        n++;
    return n;
}

bool coaching_at(const struct report_data *data, size_t index, const struct finding_agent **agent,
                 const struct finding_cell **cell)
{
    for (size_t i = 0; i < data->summary->nagents; i++) {
        const struct finding_agent *x = data->summary->agents[i];
        if (!summary_stands_out(x)) /* they come first */
            return false;
        size_t n = cards_of(x);
        if (index < n) {
            *agent = x;
            *cell = &x->worst[index];
            return true;
        }
        index -= n;
    }
    return false;
}

static size_t count_coaching(const struct report_data *data)
{
    size_t n = 0;
    for (size_t i = 0; i < data->summary->nagents && summary_stands_out(data->summary->agents[i]); i++)
        n += cards_of(data->summary->agents[i]);
    return n;
}

static void fill_coaching(const struct report_data *data, size_t index, struct field *f)
{
    const struct finding_agent *x;
    const struct finding_cell *cell;
    if (!coaching_at(data, index, &x, &cell))
        return;
    const struct finding_policy *p = &data->findings->policies[cell->policy];
    field_text(&f[K_AGENT], x->external_id);
    field_text(&f[K_NAME], x->name);
    field_text(&f[K_FINDING], slice_of(x->disputes.flag == FLAG_MORE ? "disputes" : "confrontations"));
    field_text(&f[K_POLICY], p->external_id);
    field_text(&f[K_TITLE], p->title);
    field_count(&f[K_N], cell->all);
    field_real(&f[K_EXPECTED], cell->expected);
    field_int(&f[K_HARD], cell->confrontational);
    field_int(&f[K_SOFT], cell->choice);
}

static const struct column coaching[] = {
    {"agent", NULL, COL_AGENT_ID, .a = K_AGENT},     {"name", NULL, COL_PERSON, .a = K_NAME, .b = K_AGENT},
    {"more", NULL, COL_TEXT, .a = K_FINDING},        {"policy", NULL, COL_TEXT, .a = K_POLICY},
    {"title", NULL, COL_TEXT, .a = K_TITLE},         {"episodes", NULL, COL_INT, .a = K_N},
    {"disputed", NULL, COL_INT, .a = K_X},           {"expected_disputed", NULL, COL_REAL, .a = K_EXPECTED},
    {"confrontational", NULL, COL_INT, .a = K_HARD}, {"choice", NULL, COL_INT, .a = K_SOFT},
};

const struct table table_coaching = {
    "coaching", "", QUERY_COUNT, 0, COLUMNS(coaching), .count = count_coaching, .fill = fill_coaching};
