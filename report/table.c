#include "report/table.h"

#include "core/stats_rate.h"

#define COLUMNS(x) x, sizeof(x) / sizeof((x)[0])

static const struct column policies[] = {
    {"policy", NULL, COL_TEXT, .a = 1},
    {"title", NULL, COL_TEXT, .a = 2},
    {"owner", NULL, COL_TEXT, .a = 3},
    {"is_listed", NULL, COL_INT, .a = 4},
    {"episodes", NULL, COL_INT, .a = 5},
    {"disputed", NULL, COL_INT, .a = 6},
    {"dispute_rate", NULL, COL_SHARE, .a = 6, .b = 5},
    {"dispute_rate_low", NULL, COL_LOW, .a = 6, .b = 5},
    {"dispute_rate_high", NULL, COL_HIGH, .a = 6, .b = 5},
    {"episodes_before", NULL, COL_INT, .a = 17},
    {"disputed_before", NULL, COL_INT, .a = 18},
    {"change", NULL, COL_DIFF, .a = 6, .b = 5, .c = 18, .d = 17},
    {"change_low", NULL, COL_DIFF_LOW, .a = 6, .b = 5, .c = 18, .d = 17},
    {"change_high", NULL, COL_DIFF_HIGH, .a = 6, .b = 5, .c = 18, .d = 17},
    {"hostile_after", NULL, COL_INT, .a = 7},
    {"upset_before", NULL, COL_INT, .a = 8},
    {"confrontational", NULL, COL_INT, .a = 9},
    {"choice", NULL, COL_INT, .a = 10},
    {"neutral", NULL, COL_INT, .a = 11},
    {"offrecord", NULL, COL_INT, .a = 12},
    {"style_difference", NULL, COL_DIFF, .a = 13, .b = 9, .c = 14, .d = 10},
    {"style_difference_low", NULL, COL_DIFF_LOW, .a = 13, .b = 9, .c = 14, .d = 10},
    {"style_difference_high", NULL, COL_DIFF_HIGH, .a = 13, .b = 9, .c = 14, .d = 10},
    {"rounds", NULL, COL_INT, .a = 19},
    {NULL, "Policy", COL_NAME, .a = 2, .b = 1},
    {NULL, "Disputed", COL_EVIDENCE, .a = 6, .b = 5, .c = 0, .of = EVIDENCE_POLICY},
    {NULL, "Dispute rate", COL_RATE, .a = 6, .b = 5, .c = 18, .d = 17},
    {NULL, "Change", COL_CHANGE, .a = 6, .b = 5, .c = 18, .d = 17},
    {NULL, "12 weeks", COL_WEEKS, .a = 0},
    {NULL, "How it was told", COL_MIX, .a = 9},
};

/* The same rows again, seen by style. */
static const struct column delivery[] = {
    {NULL, "Policy", COL_NAME, .a = 2, .b = 1},
    {NULL, "Disputed when told as a confrontation", COL_EVIDENCE, .a = 13, .b = 9, .c = 0,
     .of = EVIDENCE_CONFRONTATIONAL},
    {NULL, "Disputed when told as a choice", COL_EVIDENCE, .a = 14, .b = 10, .c = 0, .of = EVIDENCE_CHOICE},
    {NULL, "Dispute rate of each", COL_PAIR, .a = 13, .b = 9, .c = 14, .d = 10},
    {NULL, "Difference", COL_CHANGE, .a = 13, .b = 9, .c = 14, .d = 10},
};

static const struct column policy_styles[] = {
    {"policy", NULL, COL_TEXT, .a = 0},
    {"title", NULL, COL_TEXT, .a = 1},
    {"style", NULL, COL_TEXT, .a = 2},
    {"episodes", NULL, COL_INT, .a = 3},
    {"disputed", NULL, COL_INT, .a = 4},
    {"dispute_rate", NULL, COL_SHARE, .a = 4, .b = 3},
    {"dispute_rate_low", NULL, COL_LOW, .a = 4, .b = 3},
    {"dispute_rate_high", NULL, COL_HIGH, .a = 4, .b = 3},
    {"hostile_after", NULL, COL_INT, .a = 5},
    {"upset_before", NULL, COL_INT, .a = 6},
    {"rounds", NULL, COL_INT, .a = 7},
};

static const struct column agents[] = {
    {"agent", NULL, COL_AGENT_ID, .a = 1},
    {"name", NULL, COL_PERSON, .a = 2, .b = 1},
    {"team", NULL, COL_TEAM, .a = 3},
    {"episodes", NULL, COL_INT, .a = 4},
    {"policies", NULL, COL_INT, .a = 16},
    {"confrontational", NULL, COL_INT, .a = 8},
    {"choice", NULL, COL_INT, .a = 9},
    {"neutral", NULL, COL_INT, .a = 10},
    {"offrecord", NULL, COL_INT, .a = 11},
    {"confrontational_share", NULL, COL_SHARE, .a = 8, .b = 4},
    {"confrontational_share_low", NULL, COL_LOW, .a = 8, .b = 4},
    {"confrontational_share_high", NULL, COL_HIGH, .a = 8, .b = 4},
    {"disputed", NULL, COL_INT, .a = 5},
    {"dispute_rate", NULL, COL_SHARE, .a = 5, .b = 4},
    {"dispute_rate_low", NULL, COL_LOW, .a = 5, .b = 4},
    {"dispute_rate_high", NULL, COL_HIGH, .a = 5, .b = 4},
    {"expected_disputed", NULL, COL_REAL, .a = 15},
    {"hostile_after", NULL, COL_INT, .a = 6},
    {"upset_before", NULL, COL_INT, .a = 7},
    {"episodes_before", NULL, COL_INT, .a = 12},
    {"disputed_before", NULL, COL_INT, .a = 13},
    {"confrontational_before", NULL, COL_INT, .a = 14},
    {NULL, "Agent", COL_PERSON, .a = 2, .b = 1, .c = 3, .d = 1},
    {NULL, "Told as a confrontation", COL_EVIDENCE, .a = 8, .b = 4, .c = 0, .of = EVIDENCE_AGENT_CONFRONTS},
    {NULL, "Share of confrontations", COL_RATE, .a = 8, .b = 4, .c = 14, .d = 12},
    {NULL, "Change", COL_CHANGE, .a = 8, .b = 4, .c = 14, .d = 12},
    {NULL, "Styles", COL_MIX, .a = 8},
    {NULL, "Disputed", COL_EVIDENCE, .a = 5, .b = 4, .c = 0, .of = EVIDENCE_AGENT},
    {NULL, "Disputes to expect", COL_REAL, .a = 15},
};

static const struct column agent_policies[] = {
    {"agent", NULL, COL_AGENT_ID, .a = 2},
    {"name", NULL, COL_PERSON, .a = 3, .b = 2},
    {"policy", NULL, COL_TEXT, .a = 4},
    {"title", NULL, COL_TEXT, .a = 5},
    {"episodes", NULL, COL_INT, .a = 6},
    {"disputed", NULL, COL_INT, .a = 7},
    {"dispute_rate", NULL, COL_SHARE, .a = 7, .b = 6},
    {"dispute_rate_low", NULL, COL_LOW, .a = 7, .b = 6},
    {"dispute_rate_high", NULL, COL_HIGH, .a = 7, .b = 6},
    {"hostile_after", NULL, COL_INT, .a = 8},
    {"upset_before", NULL, COL_INT, .a = 9},
    {"confrontational", NULL, COL_INT, .a = 10},
    {"choice", NULL, COL_INT, .a = 11},
    {"neutral", NULL, COL_INT, .a = 12},
    {"offrecord", NULL, COL_INT, .a = 13},
    {NULL, "Agent and policy", COL_PERSON, .a = 3, .b = 2, .c = 5},
    {NULL, "Disputed", COL_EVIDENCE, .a = 7, .b = 6, .c = 0, .d = 1, .of = EVIDENCE_AGENT_POLICY},
    {NULL, "Dispute rate", COL_PERCENT, .a = 7, .b = 6},
    {NULL, "How it was told", COL_MIX, .a = 10},
};

static const struct column episodes[] = {
    {"source", NULL, COL_TEXT, .a = 0},
    {"conversation_id", NULL, COL_TEXT, .a = 1},
    {"day", NULL, COL_TEXT, .a = 2},
    {"started_at", NULL, COL_TEXT, .a = 3},
    {"channel", NULL, COL_TEXT, .a = 4},
    {"queue", NULL, COL_TEXT, .a = 5},
    {"agent", NULL, COL_AGENT_ID, .a = 6},
    {"name", NULL, COL_PERSON, .a = 7, .b = 6},
    {"policy", NULL, COL_TEXT, .a = 8},
    {"style", NULL, COL_TEXT, .a = 9},
    {"practices", NULL, COL_PRACTICES, .a = 10},
    {"p", NULL, COL_REAL, .a = 11},
    {"first_turn", NULL, COL_INT, .a = 12},
    {"rounds", NULL, COL_INT, .a = 13},
    {"is_upset_before", NULL, COL_INT, .a = 14},
    {"is_hostile_before", NULL, COL_INT, .a = 15},
    {"is_disputed", NULL, COL_INT, .a = 16},
    {"dispute_turn", NULL, COL_INT, .a = 17},
    {"is_hostile_after", NULL, COL_INT, .a = 18},
    {"is_escalated", NULL, COL_INT, .a = 19},
    {"outcome", NULL, COL_TEXT, .a = 20},
};

static const struct column conversations[] = {
    {"source", NULL, COL_TEXT, .a = 2},
    {"conversation_id", NULL, COL_TEXT, .a = 3},
    {"day", NULL, COL_TEXT, .a = 4},
    {"started_at", NULL, COL_TEXT, .a = 5},
    {"channel", NULL, COL_TEXT, .a = 6},
    {"queue", NULL, COL_TEXT, .a = 7},
    {"agent", NULL, COL_AGENT_ID, .a = 8},
    {"name", NULL, COL_PERSON, .a = 9, .b = 8},
    {"policy", NULL, COL_TEXT, .a = 10},
    {"first_turn", NULL, COL_INT, .a = 1},
    {"turns", NULL, COL_INT, .a = 12},
    {"score", NULL, COL_INT, .a = 13},
    {"reasons", NULL, COL_TEXT, .a = 14},
    {NULL, "Conversation", COL_LINK, .a = 3, .b = 4, .c = 0, .d = 1},
    {NULL, "Why", COL_TEXT, .a = 14},
    {NULL, "Policy", COL_TEXT, .a = 11},
    {NULL, "Agent", COL_PERSON, .a = 9, .b = 8},
    {NULL, "Turns", COL_INT, .a = 12},
};

static const struct column unlisted[] = {
    {"phrase", NULL, COL_TEXT, .a = 0},
    {"conversations", NULL, COL_INT, .a = 2},
    {"deliveries", NULL, COL_INT, .a = 1},
    {"disputed", NULL, COL_INT, .a = 3},
    {"dispute_rate", NULL, COL_SHARE, .a = 3, .b = 2},
    {"dispute_rate_low", NULL, COL_LOW, .a = 3, .b = 2},
    {"dispute_rate_high", NULL, COL_HIGH, .a = 3, .b = 2},
    {NULL, "Words", COL_LINK, .a = 0, .b = -1, .c = 5, .d = 6},
    {NULL, "Conversations", COL_INT, .a = 2},
    {NULL, "Disputed", COL_INT, .a = 3},
    {NULL, "Dispute rate", COL_PERCENT, .a = 3, .b = 2},
};

static const struct column rejects[] = {
    {"path", NULL, COL_TEXT, .a = 0},
    {"line", NULL, COL_INT, .a = 1},
    {"byte_offset", NULL, COL_INT, .a = 2},
    {"reason", NULL, COL_TEXT, .a = 3},
};

static const struct column files[] = {
    {"path", NULL, COL_TEXT, .a = 0},    {"format", NULL, COL_TEXT, .a = 1},       {"encoding", NULL, COL_TEXT, .a = 2},
    {"bytes", NULL, COL_INT, .a = 3},    {"conversations", NULL, COL_INT, .a = 4}, {"added", NULL, COL_INT, .a = 5},
    {"replaced", NULL, COL_INT, .a = 6}, {"skipped", NULL, COL_INT, .a = 7},       {"turns", NULL, COL_INT, .a = 8},
    {"rejects", NULL, COL_INT, .a = 9},  {"masked", NULL, COL_INT, .a = 10},       {"is_whole", NULL, COL_INT, .a = 11},
};

static const struct column data_quality[] = {
    {"scope", NULL, COL_TEXT, .a = 0},         {"measure", NULL, COL_TEXT, .a = 1}, {"value", NULL, COL_INT, .a = 2},
    {NULL, "What", COL_NAME, .a = 1, .b = -1}, {NULL, "In the", COL_TEXT, .a = 0},  {NULL, "Number", COL_INT, .a = 2},
};

static const struct column files_troubled[] = {
    {NULL, "File", COL_NAME, .a = 0, .b = 1},
    {NULL, "Conversations", COL_INT, .a = 3},
    {NULL, "Records rejected", COL_INT, .a = 4},
    {NULL, "Read to its end", COL_TEXT, .a = 5},
};

static const struct column reject_reasons[] = {
    {NULL, "Reason", COL_NAME, .a = 0, .b = -1},
    {NULL, "Records", COL_INT, .a = 1},
    {NULL, "Files", COL_INT, .a = 2},
};

static const struct column rulesets[] = {
    {NULL, "Ruleset", COL_NAME, .a = 0, .b = -1},
    {NULL, "Cues", COL_INT, .a = 1},
    {NULL, "Policies", COL_INT, .a = 2},
    {NULL, "Conversations", COL_INT, .a = 3},
};

static const struct table tables[TABLE_COUNT] = {
    [TABLE_POLICIES] = {"policies", "Policies by how often customers disputed them", report_policies,
                        BIND_PERIOD | BIND_BEFORE | BIND_ENOUGH, COLUMNS(policies), .anchor = "policy", .anchor_at = 1},
    [TABLE_POLICY_STYLES] = {"policy_styles", "", report_policy_styles, BIND_PERIOD, COLUMNS(policy_styles),
                             .anchor = NULL},
    [TABLE_AGENTS] = {"agents", "Agents by their share of confrontations", report_agents,
                      BIND_PERIOD | BIND_BEFORE | BIND_ENOUGH, COLUMNS(agents), .anchor = "agent", .anchor_at = 1},
    [TABLE_AGENT_POLICIES] = {"agent_policies", "Agent and policy: where most disputes arise", report_agent_policies,
                              BIND_PERIOD | BIND_LIMIT, COLUMNS(agent_policies), .anchor = NULL},
    [TABLE_EPISODES] = {"episodes", "", report_episodes, BIND_PERIOD, COLUMNS(episodes), .anchor = NULL},
    [TABLE_CONVERSATIONS] = {"conversations", "Conversations to listen to, the most telling first",
                             report_conversations, BIND_LISTEN | BIND_LIMIT, COLUMNS(conversations), .anchor = NULL},
    [TABLE_UNLISTED] = {"unlisted", "Words of rules that the catalogue does not have", report_unlisted,
                        BIND_PERIOD | BIND_LIMIT, COLUMNS(unlisted), .anchor = NULL},
    [TABLE_REJECTS] = {"rejects", "", report_rejects, 0, COLUMNS(rejects), .anchor = NULL},
    [TABLE_FILES] = {"files", "", report_files, 0, COLUMNS(files), .anchor = NULL},
    [TABLE_DATA_QUALITY] = {"data_quality", "What the numbers stand on", report_data_quality, BIND_PERIOD,
                            COLUMNS(data_quality), .anchor = NULL},
    [TABLE_DELIVERY] = {"", "The same policy, told as a confrontation and as a choice", report_policies,
                        BIND_PERIOD | BIND_BEFORE | BIND_ENOUGH, COLUMNS(delivery), .anchor = "delivery",
                        .anchor_at = 1},
    [TABLE_FILES_TROUBLED] = {"", "Files with rejected records, or not read to their end", report_files_troubled,
                              BIND_LIMIT, COLUMNS(files_troubled), .anchor = NULL},
    [TABLE_REJECT_REASONS] = {"", "Why records were rejected", report_reject_reasons, BIND_LIMIT,
                              COLUMNS(reject_reasons), .anchor = NULL},
    [TABLE_RULESETS] = {"", "Rulesets that tagged the conversations of the period", report_rulesets, BIND_PERIOD,
                        COLUMNS(rulesets), .anchor = NULL},
};

const struct table *table_of(enum table_id id)
{
    return &tables[id];
}

struct period period_of(int64_t from_day, int64_t to_day, int64_t before_day, int64_t before_to_day)
{
    struct period p = {from_day, to_day, before_day, before_to_day, "", "", "", ""};
    if (before_day == 0 && before_to_day == 0) {
        p.before_day = from_day - (to_day - from_day);
        p.before_to_day = from_day;
    }
    (void)when_format_date(p.from_day, p.from);
    (void)when_format_date(p.to_day, p.to);
    (void)when_format_date(p.before_day, p.before);
    (void)when_format_date(p.before_to_day, p.before_to);
    return p;
}

struct stmt *table_bind(struct store *db, enum query q, unsigned binds, const struct period *p, int64_t limit)
{
    struct stmt *s = stmt_get(db, q);
    if (binds & BIND_PERIOD) {
        stmt_bind_text(s, ":from", slice_of(p->from));
        stmt_bind_text(s, ":to", slice_of(p->to));
    }
    if (binds & BIND_BEFORE) {
        stmt_bind_text(s, ":before", slice_of(p->before));
        stmt_bind_text(s, ":before_to", slice_of(p->before_to));
    }
    if (binds & BIND_ENOUGH)
        stmt_bind_int(s, ":enough", STATS_ENOUGH);
    if (binds & BIND_LIMIT)
        stmt_bind_int(s, ":limit", limit);
    return s;
}
