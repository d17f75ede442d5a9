#include "report/table.h"

#include "report/table_findings.h"

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
    {"is_uncertain", NULL, COL_INT, .a = 21},
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
    {"reason", NULL, COL_TEXT, .a = 0},          {"records", NULL, COL_INT, .a = 1}, {"files", NULL, COL_INT, .a = 2},
    {NULL, "Reason", COL_NAME, .a = 0, .b = -1}, {NULL, "Records", COL_INT, .a = 1}, {NULL, "Files", COL_INT, .a = 2},
};

static const struct column rulesets[] = {
    {"ruleset", NULL, COL_TEXT, .a = 0},          {"cues", NULL, COL_INT, .a = 1},
    {"policies", NULL, COL_INT, .a = 2},          {"conversations", NULL, COL_INT, .a = 3},
    {NULL, "Ruleset", COL_NAME, .a = 0, .b = -1}, {NULL, "Cues", COL_INT, .a = 1},
    {NULL, "Policies", COL_INT, .a = 2},          {NULL, "Conversations", COL_INT, .a = 3},
};

#define TABLE(id, file, caption, q, b)                                                                                 \
    static const struct table table_##id = {file, caption, q, b, COLUMNS(id), .anchor = NULL}

TABLE(episodes, "episodes", "", report_episodes, BIND_PERIOD | BIND_CERTAIN);
TABLE(conversations, "conversations", "Conversations to listen to, the most telling first", report_conversations,
      BIND_LISTEN | BIND_LIMIT);
TABLE(rejects, "rejects", "", report_rejects, 0);
TABLE(files, "files", "", report_files, 0);
TABLE(data_quality, "data_quality", "What the numbers stand on", report_data_quality, BIND_PERIOD | BIND_CERTAIN);
TABLE(files_troubled, "", "Files with rejected records, or not read to their end", report_files_troubled, BIND_LIMIT);
TABLE(reject_reasons, "reject_reasons", "Why records were rejected", report_reject_reasons, BIND_LIMIT);
TABLE(rulesets, "rulesets", "Rulesets that tagged the conversations of the period", report_rulesets, BIND_PERIOD);

const struct table *table_of(enum table_id id)
{
    static const struct table *const tables[TABLE_COUNT] = {
        [TABLE_OVERALL] = &table_overall,
        [TABLE_WEEKS] = &table_weeks,
        [TABLE_QUALITY] = &table_quality,
        [TABLE_POLICIES] = &table_policies,
        [TABLE_POLICY_STYLES] = &table_policy_styles,
        [TABLE_POLICY_WEEKS] = &table_policy_weeks,
        [TABLE_DELIVERY] = &table_delivery,
        [TABLE_STYLES] = &table_styles,
        [TABLE_AGENTS] = &table_agents,
        [TABLE_COACHING] = &table_coaching,
        [TABLE_AGENT_POLICIES] = &table_agent_policies,
        [TABLE_EPISODES] = &table_episodes,
        [TABLE_PRACTICES] = &table_practices,
        [TABLE_CONVERSATIONS] = &table_conversations,
        [TABLE_UNLISTED] = &table_unlisted,
        [TABLE_REJECTS] = &table_rejects,
        [TABLE_REJECT_REASONS] = &table_reject_reasons,
        [TABLE_FILES] = &table_files,
        [TABLE_DATA_QUALITY] = &table_data_quality,
        [TABLE_RULESETS] = &table_rulesets,
        [TABLE_FILES_TROUBLED] = &table_files_troubled,
    };
    return tables[id];
}

struct period period_of(int64_t from_day, int64_t to_day, int64_t before_day, int64_t before_to_day)
{
    struct period p = {from_day, to_day, before_day, before_to_day, "", "", "", "", false};
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
    if (binds & BIND_CERTAIN)
        stmt_bind_int(s, ":most_uncertain", p->is_certain_only ? 0 : 1);
    if (binds & BIND_LIMIT)
        stmt_bind_int(s, ":limit", limit);
    return s;
}
