/* What store.h promises of conversations, tags, files, rulesets and agents. Opening is in test_store_open.c. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/when.h"
#include "store/db.h"
#include "tests/support/failing_alloc.h"

#define LIT   SLICE_LIT
#define DAY_1 INT64_C(1790000000000) /* 2026-09-21 */

static const struct policy policies[] = {
    {LIT("unlisted"), LIT("Not in the catalogue"), LIT("")},
    {LIT("refund-window"), LIT("Refunds within 30 days"), LIT("Billing")},
    {LIT("late-fee"), LIT("Late fee"), LIT("Billing")},
};
static const struct slice cues[] = {LIT("refusal.cannot"), LIT("anger.caps")};
static const struct ruleset_info rules_1 = {LIT("11111111111111111111111111111111"), policies, 3, cues, 2};
static const struct ruleset_info rules_2 = {LIT("22222222222222222222222222222222"), policies, 2, cues, 2};

struct fixture {
    struct store *db;
    struct gz_packer *packer;
    struct arena *arena;
    struct err e;
};

static void must(struct fixture *f, enum err_code rc)
{
    if (rc != ERR_OK)
        fail_msg("%s: %s (%s)", err_name(rc), f->e.msg, f->e.hint);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    must(f, store_open(":memory:", STORE_CREATE, &f->db, &f->e));
    must(f, store_use_ruleset(f->db, &rules_1, DAY_1, &f->e));
    f->packer = gz_packer_new();
    f->arena = arena_new(0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->db);
    gz_packer_free(f->packer);
    arena_free(f->arena);
    free(f);
    return 0;
}

/* The first column of SQL's only row. */
static int64_t number(struct fixture *f, const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(f->db->conn, sql, -1, &s, NULL) != SQLITE_OK || sqlite3_step(s) != SQLITE_ROW)
        fail_msg("%s: %s", sql, sqlite3_errmsg(f->db->conn));
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

static void assert_text(struct fixture *f, const char *sql, const char *want)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(f->db->conn, sql, -1, &s, NULL) != SQLITE_OK || sqlite3_step(s) != SQLITE_ROW)
        fail_msg("%s: %s", sql, sqlite3_errmsg(f->db->conn));
    const char *got = (const char *)sqlite3_column_text(s, 0);
    assert_string_equal(got != NULL ? got : "(null)", want);
    sqlite3_finalize(s);
}

/* ---- a talk and its tags ---- */

enum { MAX_TURNS = 8 };

struct sample {
    struct turn turns[MAX_TURNS];
    struct conversation c;
    struct delivery d[2];
    struct reaction r[2];
    struct cue_hit h[2];
    struct episode x[2];
    struct tags tags;
};

static struct sample *sample_new(struct sample *s, struct slice id)
{
    static const struct slice texts[MAX_TURNS] = {LIT("hi"),
                                                  LIT("we cannot refund that"),
                                                  LIT("THAT'S UNFAIR"),
                                                  LIT("there is a fee"),
                                                  LIT("fine"),
                                                  LIT("bye"),
                                                  LIT("bye"),
                                                  LIT("-")};
    *s = (struct sample){0};
    for (int t = 0; t < MAX_TURNS; t++)
        s->turns[t] = (struct turn){.role = t % 2 != 0 ? ROLE_AGENT : ROLE_CUSTOMER,
                                    .text = texts[t],
                                    .speaker_id = t % 2 != 0 ? LIT("a1") : LIT(""),
                                    .start_ms = t * 1000,
                                    .end_ms = MS_NONE};
    s->c = (struct conversation){.source = LIT("zendesk"),
                                 .external_id = id,
                                 .channel = LIT("chat"),
                                 .agent_name = LIT("Ada"),
                                 .customer_id = LIT("u7"),
                                 .started_at_ms = DAY_1,
                                 .turns = s->turns,
                                 .nturns = 6};
    s->d[0] = (struct delivery){1, STYLE_CONFRONTATIONAL, 1, 1u << PRACTICE_BLAME | 1u, 0.9, 0.8, false, 0, LIT("")};
    s->d[1] = (struct delivery){3, STYLE_CHOICE, 2, 0, 0.7, 0.6, false, 0, LIT("")};
    s->r[0] = (struct reaction){2, TAG_DISPUTE, 0.9, false};
    s->r[1] = (struct reaction){2, TAG_HOSTILE, 0.6, false};
    s->h[0] = (struct cue_hit){1, 0, {3, 9}, TAG_DELIVERY, 1.5F};
    s->h[1] = (struct cue_hit){2, 1, {0, 6}, TAG_DISPUTE, 0.5F};
    s->x[0] = (struct episode){.policy = 1,
                               .first_turn = 1,
                               .agent_id = LIT("a1"),
                               .style = STYLE_CONFRONTATIONAL,
                               .practices = s->d[0].practices,
                               .p = 0.9,
                               .rounds = 1,
                               .is_upset_before = true,
                               .is_disputed = true,
                               .dispute_turn = 2,
                               .is_hostile_after = true,
                               .outcome = OUTCOME_HOSTILE};
    s->x[1] = (struct episode){.policy = 2,
                               .first_turn = 3,
                               .style = STYLE_CHOICE,
                               .p = 0.7,
                               .rounds = 2,
                               .is_upset_before = true,
                               .outcome = OUTCOME_ACCEPTED};
    s->tags = (struct tags){s->d, s->r, s->h, s->x, 2, 2, 2, 2};
    return s;
}

static enum err_code try_put(struct fixture *f, const struct sample *s, bool tagged, enum store_put *how)
{
    struct packed p;
    enum err_code rc = store_pack(f->packer, &s->c, f->arena, &p, &f->e);
    if (rc == ERR_OK)
        rc = store_conversation_put(f->db, 0, &s->c, &p, tagged ? &s->tags : NULL, how, &f->e);
    return rc;
}

static enum store_put put(struct fixture *f, const struct sample *s, bool tagged)
{
    enum store_put how = STORE_SKIPPED;
    must(f, store_begin(f->db, &f->e));
    must(f, try_put(f, s, tagged, &how));
    must(f, store_commit(f->db, &f->e));
    return how;
}

/* The aggregates are what the episodes say, no more and no less, and without rows that count nothing. */
static void assert_aggregates(struct fixture *f)
{
    static const char policy_is[] =
        "SELECT day, policy_id, style, is_uncertain, episodes, disputed, hostile, upset_before, rounds "
        "FROM agg_policy_day",
                      policy_ought[] = "SELECT day, policy_id, style, is_uncertain, count(*), sum(is_disputed), "
                                       "sum(is_hostile_after), sum(is_upset_before), sum(rounds) FROM episode "
                                       "GROUP BY day, policy_id, style, is_uncertain",
                      agent_is[] = "SELECT day, agent_id, policy_id, style, is_uncertain, episodes, disputed, hostile, "
                                   "upset_before, rounds FROM agg_agent_day",
                      agent_ought[] =
                          "SELECT day, agent_id, policy_id, style, is_uncertain, count(*), sum(is_disputed), "
                          "sum(is_hostile_after), sum(is_upset_before), sum(rounds) FROM episode "
                          "GROUP BY day, agent_id, policy_id, style, is_uncertain",
                      talks_is[] = "SELECT day, ruleset_id, time_origin, conversations, turns, unknown, no_agent, "
                                   "no_customer, masked FROM agg_conversation_day",
                      talks_ought[] = "SELECT day, coalesce(ruleset_id, 0), time_origin, count(*), sum(nturns), "
                                      "sum(nunknown), sum(nagent = 0), sum(ncustomer = 0), sum(nmasked) "
                                      "FROM conversation GROUP BY 1, 2, 3";
    const char *const pairs[][2] = {{policy_is, policy_ought}, {policy_ought, policy_is}, {agent_is, agent_ought},
                                    {agent_ought, agent_is},   {talks_is, talks_ought},   {talks_ought, talks_is}};
    char sql[1024];
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM (%s EXCEPT %s)", pairs[i][0], pairs[i][1]);
        assert_int_equal(number(f, sql), 0);
    }
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        const char *name = practice_name((enum practice)i);
        (void)snprintf(
            sql, sizeof sql,
            "SELECT count(*) FROM (SELECT day, policy_id, style, is_uncertain, upset_disputed, %s, %s_disputed FROM "
            "agg_policy_day EXCEPT SELECT day, policy_id, style, is_uncertain, sum(is_upset_before * is_disputed), "
            "sum(practices >> %d & 1), sum((practices >> %d & 1) * is_disputed) FROM episode GROUP BY 1, 2, "
            "3, 4)",
            name, name, i, i);
        assert_int_equal(number(f, sql), 0);
        (void)snprintf(
            sql, sizeof sql,
            "SELECT count(*) FROM (SELECT day, agent_id, policy_id, style, is_uncertain, upset_disputed, %s FROM "
            "agg_agent_day EXCEPT SELECT day, agent_id, policy_id, style, is_uncertain, sum(is_upset_before * "
            "is_disputed), sum(practices >> %d & 1) FROM episode GROUP BY 1, 2, 3, 4, 5)",
            name, i);
        assert_int_equal(number(f, sql), 0);
    }
}

/* ---- conversations ---- */

static void test_a_conversation_is_stored_with_its_tags(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    assert_int_equal(put(f, sample_new(&s, LIT("c1")), true), STORE_ADDED);
    assert_text(f, "SELECT day || ' ' || started_at || ' ' || time_origin FROM conversation",
                "2026-09-21 2026-09-21T14:13:20Z record");
    assert_text(f, "SELECT nturns || ' ' || nagent || ' ' || ncustomer || ' ' || nunknown FROM conversation",
                "6 3 3 0");
    assert_text(f, "SELECT group_concat(turn || policy || style || practices || agent) FROM v_delivery",
                "1refund-windowconfrontationalreason blamea1,3late-feechoicea1");
    assert_text(f, "SELECT group_concat(turn || kind) FROM reaction", "2dispute,2hostile");
    assert_text(f,
                "SELECT group_concat(turn || name || byte_from || '-' || byte_to) FROM cue_hit JOIN cue USING (cue_id)",
                "1refusal.cannot3-9,2anger.caps0-6");
    assert_text(f, "SELECT group_concat(policy || agent || outcome || rounds || is_disputed, ' ') FROM v_episode",
                "refund-windowa1hostile11 late-feeaccepted20");
    assert_int_equal(number(f, "SELECT agent_id FROM episode WHERE policy_id <> 2"), 0); /* nobody known */
    assert_aggregates(f);
}

static void test_what_is_uncertain_is_marked_and_counted_apart(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    put(f, sample_new(&s, LIT("c1")), true);
    sample_new(&s, LIT("c2"));
    s.d[0].is_uncertain = s.r[1].is_uncertain = s.x[0].is_uncertain = true;
    s.d[0].unsure_practices = 1u << PRACTICE_BLAME;
    put(f, &s, true);
    assert_aggregates(f);
    assert_text(f, "SELECT group_concat(conversation || turn || unsure_practices) FROM v_delivery WHERE is_uncertain",
                "c21blame");
    assert_text(f, "SELECT group_concat(kind) FROM reaction WHERE is_uncertain", "hostile");
    assert_text(f, "SELECT group_concat(conversation || policy) FROM v_episode WHERE is_uncertain", "c2refund-window");
    assert_text(f,
                "SELECT group_concat(is_uncertain || ':' || n) FROM (SELECT is_uncertain, sum(episodes) AS n FROM "
                "agg_agent_day GROUP BY 1)",
                "0:3,1:1");
    s.d[0].is_uncertain = s.r[1].is_uncertain = s.x[0].is_uncertain = false; /* tagged again */
    s.c.nturns = 7;
    assert_int_equal(put(f, &s, true), STORE_REPLACED);
    assert_aggregates(f);
    assert_int_equal(number(f, "SELECT count(*) FROM agg_policy_day WHERE is_uncertain"), 0);
    assert_int_equal(number(f, "SELECT sum(episodes) FROM agg_policy_day"), 4);
}

/* The hits are stored as one text a conversation; the view must give every field of every kind back. */
static void test_hits_come_back_row_by_row(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    struct cue_hit hits[TAG_KIND_COUNT + 1];
    for (int k = 0; k < TAG_KIND_COUNT; k++)
        hits[k] = (struct cue_hit){(uint32_t)k / 2, (uint32_t)k % 2, {(uint32_t)k, 70000}, (enum tag_kind)k, -0.5F};
    hits[TAG_KIND_COUNT] = (struct cue_hit){5, 0, {0, UINT32_MAX}, TAG_UPSET, 12.345F};
    sample_new(&s, LIT("c1"))->tags.hits = hits;
    s.tags.nhits = TAG_KIND_COUNT + 1;
    assert_int_equal(put(f, &s, true), STORE_ADDED);
    for (int k = 0; k < TAG_KIND_COUNT; k++) {
        char sql[128];
        (void)snprintf(sql, sizeof sql, "SELECT turn || ' ' || byte_from || ' ' || kind FROM cue_hit WHERE hit = %d",
                       k);
        char want[64];
        (void)snprintf(want, sizeof want, "%d %d %s", k / 2, k, tag_kind_name((enum tag_kind)k));
        assert_text(f, sql, want);
    }
    assert_text(f, "SELECT group_concat(DISTINCT byte_to || ' ' || weight) FROM cue_hit",
                "70000 -0.5,4294967295 12.345");
    assert_int_equal(number(f, "SELECT count(DISTINCT name) FROM cue_hit JOIN cue USING (cue_id)"), 2);
    s.tags.nhits = 0;
    s.c.queue = LIT("another");
    assert_int_equal(put(f, &s, true), STORE_REPLACED);
    assert_int_equal(number(f, "SELECT count(*) FROM cue_hit"), 0);
}

static void test_the_same_again_is_skipped(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    assert_int_equal(put(f, sample_new(&s, LIT("c1")), true), STORE_ADDED);
    assert_int_equal(put(f, &s, true), STORE_SKIPPED);
    assert_int_equal(put(f, &s, false), STORE_SKIPPED);
    assert_int_equal(number(f, "SELECT count(*) FROM conversation"), 1);
    assert_int_equal(number(f, "SELECT sum(episodes) FROM agg_policy_day"), 2);
    s.c.source = LIT("genesys"); /* another source, another conversation */
    assert_int_equal(put(f, &s, true), STORE_ADDED);
    assert_int_equal(number(f, "SELECT sum(episodes) FROM agg_policy_day"), 4);
}

static void test_a_guessed_start_is_no_change(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    sample_new(&s, LIT("c1"))->c.time_origin = TIME_FROM_FILE;
    assert_int_equal(put(f, &s, true), STORE_ADDED);
    s.c.started_at_ms += MS_PER_DAY;
    assert_int_equal(put(f, &s, true), STORE_SKIPPED);
    s.c.time_origin = TIME_FROM_RECORD; /* now it is known */
    assert_int_equal(put(f, &s, true), STORE_REPLACED);
    assert_text(f, "SELECT day FROM conversation", "2026-09-22");
}

static void test_a_changed_one_replaces_all_that_was_derived(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    assert_int_equal(put(f, sample_new(&s, LIT("c1")), true), STORE_ADDED);
    int64_t id = number(f, "SELECT conversation_id FROM conversation");
    s.c.nturns = 7;
    s.tags.nepisodes = s.tags.ndeliveries = s.tags.nreactions = s.tags.nhits = 1;
    assert_int_equal(put(f, &s, true), STORE_REPLACED);
    assert_int_equal(number(f, "SELECT conversation_id FROM conversation"), id);
    assert_int_equal(number(f, "SELECT nturns FROM conversation"), 7);
    static const char *const derived[] = {"SELECT count(*) FROM delivery", "SELECT count(*) FROM reaction",
                                          "SELECT count(*) FROM cue_hit", "SELECT count(*) FROM episode",
                                          "SELECT sum(episodes) FROM agg_agent_day"};
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++)
        assert_int_equal(number(f, derived[i]), 1);
    s.c.started_at_ms += MS_PER_DAY; /* the same words on another day */
    assert_int_equal(put(f, &s, true), STORE_REPLACED);
    assert_text(f, "SELECT group_concat(day) FROM agg_policy_day", "2026-09-22");
    assert_int_equal(put(f, &s, false), STORE_SKIPPED);
    s.c.queue = LIT("q");
    assert_int_equal(put(f, &s, false), STORE_REPLACED); /* without tags: stale, and nothing derived is left */
    assert_int_equal(number(f, "SELECT count(*) FROM conversation WHERE ruleset_id IS NULL"), 1);
    assert_int_equal(number(f, "SELECT count(*) FROM episode"), 0);
    assert_int_equal(number(f, "SELECT count(*) FROM agg_policy_day"), 0);
    assert_int_equal(number(f, "SELECT count(*) FROM agg_agent_day"), 0);
}

static void test_an_older_shorter_copy_is_skipped(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    assert_int_equal(put(f, sample_new(&s, LIT("c1")), true), STORE_ADDED);
    for (uint32_t n = 0; n < 6; n++) {
        struct sample shorter;
        sample_new(&shorter, LIT("c1"))->c.nturns = n;
        shorter.tags = (struct tags){0};
        assert_int_equal(put(f, &shorter, true), STORE_SKIPPED);
    }
    assert_int_equal(number(f, "SELECT nturns FROM conversation"), 6);
    assert_int_equal(number(f, "SELECT count(*) FROM episode"), 2);
    s.turns[2].text = LIT("other words");
    s.c.nturns = 4;
    assert_int_equal(put(f, &s, true), STORE_REPLACED); /* shorter, but no beginning */
}

static void test_labels_stay_on_turns_that_stay(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    assert_int_equal(put(f, sample_new(&s, LIT("c1")), true), STORE_ADDED);
    must(f, db_exec(f->db,
                    "INSERT INTO label SELECT conversation_id, value, 'delivery', 'yes', 'me', '' FROM conversation, "
                    "json_each('[1,3,5]')",
                    "label", &f->e));
    s.turns[3].text = LIT("a fee is due");
    assert_int_equal(put(f, &s, true), STORE_REPLACED);
    assert_text(f, "SELECT group_concat(turn) FROM label", "1");
}

static void test_a_conversation_comes_back_as_it_went(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    struct conversation c;
    put(f, sample_new(&s, LIT("c1")), true);
    s.c.external_id = LIT("c2");
    s.c.started_at_ms = MS_NONE;
    s.c.time_origin = TIME_FROM_SIDE;
    s.c.agent_name = LIT("");
    s.c.nturns = 0;
    put(f, &s, false);
    assert_int_equal(store_conversation_get(f->db, 99, f->arena, &c, &f->e), ERR_DB);
    must(f, store_conversation_get(f->db, 2, f->arena, &c, &f->e));
    assert_true(c.nturns == 0 && c.started_at_ms == MS_NONE && c.time_origin == TIME_FROM_SIDE && c.agent_id.n == 0);
    assert_text(f, "SELECT day FROM conversation WHERE conversation_id = 2", "");
    must(f, store_conversation_get(f->db, 1, f->arena, &c, &f->e));
    assert_true(slice_is(c.source, "zendesk") && slice_is(c.external_id, "c1") && slice_is(c.channel, "chat"));
    assert_true(slice_is(c.agent_name, "Ada") && slice_is(c.customer_id, "u7") && c.started_at_ms == DAY_1);
    assert_int_equal(c.nturns, 6);
    assert_true(slice_is(c.turns[2].text, "THAT'S UNFAIR") && c.turns[2].role == ROLE_CUSTOMER);
    must(f, db_exec(f->db, "UPDATE conversation SET turns = substr(turns, 1, 9)", "cut", &f->e));
    assert_int_equal(store_conversation_get(f->db, 1, f->arena, &c, &f->e), ERR_DB);
}

static void test_find_wants_the_source_if_there_are_several(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    int64_t id = 5;
    put(f, sample_new(&s, LIT("c1")), true);
    must(f, store_conversation_find(f->db, LIT(""), LIT("c1"), &id, &f->e));
    assert_int_equal(id, 1);
    must(f, store_conversation_find(f->db, LIT(""), LIT("c9"), &id, &f->e));
    assert_int_equal(id, 0);
    s.c.source = LIT("genesys");
    put(f, &s, true);
    assert_int_equal(store_conversation_find(f->db, LIT(""), LIT("c1"), &id, &f->e), ERR_USAGE);
    must(f, store_conversation_find(f->db, LIT("genesys"), LIT("c1"), &id, &f->e));
    assert_int_equal(id, 2);
}

/* ---- transactions ---- */

static void test_a_rollback_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    enum store_put how;
    must(f, store_begin(f->db, &f->e));
    must(f, try_put(f, sample_new(&s, LIT("c1")), true, &how));
    store_rollback(f->db);
    assert_int_equal(number(f, "SELECT count(*) FROM conversation"), 0);
    assert_int_equal(number(f, "SELECT count(*) FROM agent"), 0);
    assert_int_equal(number(f, "SELECT count(*) FROM agg_policy_day"), 0);
    assert_int_equal(put(f, &s, true), STORE_ADDED); /* the cache of agents must not remember the lost rows */
    assert_int_equal(number(f, "SELECT count(*) FROM v_episode WHERE agent = 'a1'"), 1);
    assert_int_equal(number(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static void test_a_ruleset_that_is_rolled_back_is_not_current(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    enum store_put how;
    must(f, store_begin(f->db, &f->e));
    must(f, store_use_ruleset(f->db, &rules_2, DAY_1, &f->e));
    store_rollback(f->db);
    must(f, store_begin(f->db, &f->e));
    assert_int_equal(try_put(f, sample_new(&s, LIT("c1")), true, &how), ERR_INTERNAL);
    store_rollback(f->db);
}

static void test_misuse_is_told(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    enum store_put how;
    struct tag_change change = {0};
    assert_int_equal(try_put(f, sample_new(&s, LIT("c1")), true, &how), ERR_INTERNAL); /* no transaction */
    assert_int_equal(store_tags_put(f->db, 1, &s.tags, &change, &f->e), ERR_INTERNAL);
    assert_int_equal(store_commit(f->db, &f->e), ERR_INTERNAL);
    must(f, store_begin(f->db, &f->e));
    assert_int_equal(store_begin(f->db, &f->e), ERR_INTERNAL);
    s.d[0].policy = 3; /* not of the ruleset */
    assert_int_equal(try_put(f, &s, true, &how), ERR_INTERNAL);
    store_rollback(f->db);
    s.d[0].policy = 1;
    s.x[1].policy = 1; /* one policy twice: a constraint, which spoils the transaction */
    must(f, store_begin(f->db, &f->e));
    must(f, try_put(f, &s, true, &how));
    assert_int_equal(store_tags_put(f->db, 1, &s.tags, &change, &f->e), ERR_INTERNAL); /* it was to be written now */
    s.c.external_id = LIT("c2"); /* a caller who goes on all the same writes nothing */
    assert_int_equal(try_put(f, &s, false, &how), ERR_DB);
    assert_int_equal(store_commit(f->db, &f->e), ERR_DB);
    s.x[1].policy = 1;
    must(f, store_begin(f->db, &f->e));
    must(f, try_put(f, &s, true, &how));
    assert_int_equal(store_commit(f->db, &f->e), ERR_INTERNAL);
    assert_int_equal(number(f, "SELECT count(*) FROM conversation"), 0);
}

/* ---- aggregates ---- */

static uint32_t roll(uint32_t *seed, uint32_t sides)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 10) % sides;
}

static void shuffle_tags(struct sample *s, uint32_t *seed)
{
    s->c.started_at_ms = DAY_1 + (int64_t)roll(seed, 3) * MS_PER_DAY;
    s->c.nturns = 4 + roll(seed, 4);
    s->turns[roll(seed, 4)].text = roll(seed, 2) != 0 ? LIT("x") : LIT("y");
    s->tags.nepisodes = roll(seed, 3);
    for (uint32_t i = 0; i < s->tags.nepisodes; i++) {
        s->x[i].style = (enum style)(1 + roll(seed, 4));
        s->x[i].rounds = 1 + roll(seed, 5);
        s->x[i].is_disputed = roll(seed, 2) != 0;
        s->x[i].is_hostile_after = roll(seed, 2) != 0;
        s->x[i].is_upset_before = roll(seed, 2) != 0;
        s->x[i].agent_id = roll(seed, 3) != 0 ? LIT("a1") : LIT("");
    }
}

static void test_aggregates_follow_any_sequence(void **state)
{
    struct fixture *f = *state;
    uint32_t seed = 2026;
    int count[3] = {0};
    for (int step = 0; step < 1500; step++) {
        struct sample s;
        char id[16];
        enum store_put how;
        struct tag_change change = {0};
        (void)snprintf(id, sizeof id, "c%u", roll(&seed, 25));
        shuffle_tags(sample_new(&s, slice_of(id)), &seed);
        if (step % 100 == 50)
            must(f, store_use_ruleset(f->db, step % 200 == 50 ? &rules_2 : &rules_1, DAY_1, &f->e));
        if (f->db->npolicies == 2) { /* rules_2 has one policy less */
            s.tags.ndeliveries = 1;
            s.tags.nepisodes = s.tags.nepisodes != 0;
        }
        if (!f->db->in_txn)
            must(f, store_begin(f->db, &f->e));
        must(f, try_put(f, &s, roll(&seed, 8) != 0, &how));
        count[how]++;
        if (how == STORE_SKIPPED)
            must(f, store_tags_put(f->db, number(f, "SELECT max(conversation_id) FROM conversation"), &s.tags, &change,
                                   &f->e));
        if (roll(&seed, 10) == 0) {
            must(f, db_flush(f->db, &f->e));
            must(f, db_exec(f->db,
                            "DELETE FROM conversation WHERE conversation_id = (SELECT min(conversation_id) "
                            "FROM conversation)",
                            "forget", &f->e));
        }
        if (roll(&seed, 3) != 0 && step % 100 != 49)
            continue; /* more in one transaction */
        if (roll(&seed, 5) == 0)
            store_rollback(f->db);
        else
            must(f, store_commit(f->db, &f->e));
        assert_aggregates(f);
    }
    assert_true(count[STORE_ADDED] > 20 && count[STORE_REPLACED] > 20 && count[STORE_SKIPPED] > 5);
    assert_int_equal(number(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_not_equal(sqlite3_exec(f->db->conn, "UPDATE episode SET rounds = 9", NULL, NULL, NULL), SQLITE_OK);
}

/* ---- rulesets and tags ---- */

static void test_another_ruleset_renews_the_tags(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    int64_t ids[4];
    size_t n;
    put(f, sample_new(&s, LIT("c1")), true);
    must(f, store_stale_ids(f->db, 0, ids, 4, &n, &f->e));
    assert_int_equal(n, 0);
    must(f, store_use_ruleset(f->db, &rules_2, DAY_1, &f->e));
    assert_int_equal(number(f, "SELECT count(*) FROM policy"), 3); /* late-fee keeps its row */
    assert_text(f, "SELECT group_concat(external_id) FROM policy WHERE is_listed", "refund-window");
    must(f, store_stale_ids(f->db, 0, ids, 4, &n, &f->e));
    assert_int_equal(n, 1);
    s.tags.ndeliveries = s.tags.nepisodes = 1;
    assert_int_equal(put(f, &s, true), STORE_SKIPPED);
    assert_int_equal(number(f, "SELECT count(*) FROM delivery"), 1);
    assert_int_equal(number(f, "SELECT sum(episodes) FROM agg_policy_day"), 1);
    must(f, store_stale_ids(f->db, 0, ids, 4, &n, &f->e));
    assert_int_equal(n, 0);
    must(f, store_use_ruleset(f->db, &rules_1, DAY_1, &f->e));
    assert_int_equal(number(f, "SELECT count(*) FROM ruleset"), 2);
    assert_int_equal(number(f, "SELECT sum(is_listed) FROM policy"), 2);
}

static void test_stale_ids_come_in_order_from_all_rulesets(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    int64_t ids[3], after = 0;
    size_t n, total = 0;
    for (int i = 1; i <= 20; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "c%d", i);
        sample_new(&s, slice_of(id))->tags = (struct tags){0};
        must(f, store_use_ruleset(f->db, i % 3 == 0 ? &rules_2 : &rules_1, DAY_1, &f->e));
        put(f, &s, i % 3 != 1); /* untagged, rules_1, rules_2, untagged, ... */
    }
    must(f, store_use_ruleset(f->db, &rules_2, DAY_1, &f->e));
    for (;;) {
        must(f, store_stale_ids(f->db, after, ids, 3, &n, &f->e));
        if (n == 0)
            break;
        for (size_t i = 0; i < n; i++) {
            assert_true(ids[i] > after && ids[i] % 3 != 0);
            after = ids[i];
        }
        total += n;
    }
    assert_int_equal(total, 14); /* 20 without 3, 6, ..., 18 */
}

static void test_what_was_gained_and_lost_is_counted(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    struct tag_change ch = {0};
    put(f, sample_new(&s, LIT("c1")), true);
    must(f, store_begin(f->db, &f->e));
    must(f, store_tags_put(f->db, 1, &s.tags, &ch, &f->e));
    assert_memory_equal(&ch, &(struct tag_change){0}, sizeof ch);
    s.d[0].style = STYLE_NEUTRAL;
    s.d[1].policy = 0;
    s.r[0].turn = 4; /* the dispute is elsewhere now; the hostile turn goes */
    s.tags.nreactions = 1;
    must(f, store_tags_put(f->db, 1, &s.tags, &ch, &f->e));
    const struct tag_change want = {.conversations = 1,
                                    .styles_changed = 1,
                                    .policies_changed = 1,
                                    .disputes_gained = 1,
                                    .disputes_lost = 1,
                                    .hostile_lost = 1};
    assert_memory_equal(&ch, &want, sizeof ch);
    ch = (struct tag_change){0};
    s.d[1].turn = 5;
    s.r[0].kind = TAG_HOSTILE;
    must(f, store_tags_put(f->db, 1, &s.tags, &ch, &f->e));
    const struct tag_change then = {
        .conversations = 1, .deliveries_gained = 1, .deliveries_lost = 1, .disputes_lost = 1, .hostile_gained = 1};
    assert_memory_equal(&ch, &then, sizeof ch);
    must(f, store_commit(f->db, &f->e));
    int64_t run;
    must(f, store_run_begin(f->db, "analyze", DAY_1, &run, &f->e));
    must(f, store_change_note(f->db, run, &ch, &f->e));
    assert_int_equal(number(f, "SELECT hostile_gained FROM ruleset_change"), 1);
    s.c.external_id = LIT("c2"); /* the first tags of a conversation are no change */
    put(f, &s, false);
    ch = (struct tag_change){0};
    must(f, store_begin(f->db, &f->e));
    must(f, store_tags_put(f->db, 2, &s.tags, &ch, &f->e));
    assert_memory_equal(&ch, &(struct tag_change){0}, sizeof ch);
    store_rollback(f->db);
}

/* ---- files, rejects, runs, agents ---- */

static void test_a_file_is_known_once_it_was_read_whole(void **state)
{
    struct fixture *f = *state;
    struct store_file file = {"x.csv", 10, 20, LIT("s1")};
    int64_t run, id, again;
    bool known = true;
    must(f, store_run_begin(f->db, "run", DAY_1, &run, &f->e));
    must(f, store_file_is_known(f->db, &file, &known, &f->e));
    assert_false(known);
    must(f, store_file_begin(f->db, &file, run, &id, &f->e));
    must(f, store_reject(f->db, id, 7, -1, "no text", &f->e));
    must(f, store_reject(f->db, id, -1, 99, "no role", &f->e));
    must(f,
         store_file_end(f->db, id, &(struct store_file_end){"csv-turns", "UTF-8", 5, 3, 1, 1, 50, 2, 4, false}, &f->e));
    must(f, store_file_is_known(f->db, &file, &known, &f->e));
    assert_false(known); /* not whole */
    assert_int_equal(number(f, "SELECT count(*) FROM v_reject WHERE line = 7 AND byte_offset IS NULL"), 1);
    must(f, store_file_begin(f->db, &file, run, &again, &f->e));
    assert_int_equal(again, id);
    assert_int_equal(number(f, "SELECT count(*) FROM reject"), 0);
    assert_int_equal(number(f, "SELECT conversations + rejects + masked FROM source_file"), 0);
    must(f,
         store_file_end(f->db, id, &(struct store_file_end){"csv-turns", "UTF-8", 5, 3, 1, 1, 50, 0, 4, true}, &f->e));
    must(f, store_file_is_known(f->db, &file, &known, &f->e));
    assert_true(known);
    const struct store_file others[] = {{"y.csv", 10, 20, LIT("s1")},
                                        {"x.csv", 11, 20, LIT("s1")},
                                        {"x.csv", 10, 21, LIT("s1")},
                                        {"x.csv", 10, 20, LIT("s2")}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        must(f, store_file_is_known(f->db, &others[i], &known, &f->e));
        assert_false(known);
    }
    must(f, store_run_end(f->db, run, DAY_1 + 1500, 1, &f->e));
    assert_text(f, "SELECT ended_at || ' ' || exit_status FROM run", "2026-09-21T14:13:21.500Z 1");
}

static void test_the_roster_names_agents_and_keeps_their_conversations(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    put(f, sample_new(&s, LIT("c1")), true);
    assert_text(f, "SELECT group_concat(external_id || '=' || name) FROM agent", "Ada=Ada,a1=");
    must(f, store_agent_put(f->db, &(struct roster_agent){LIT("a1"), LIT("Bea"), LIT("North")}, &f->e));
    must(f, store_agent_put(f->db, &(struct roster_agent){LIT("a2"), LIT("Cy"), LIT("")}, &f->e));
    must(f, store_agent_put(f->db, &(struct roster_agent){LIT("a1"), LIT(""), LIT("South")}, &f->e));
    assert_text(f, "SELECT group_concat(agent || name || team || episodes, ' ') FROM v_agent WHERE agent LIKE 'a_'",
                "a1BeaSouth1 a2Cy0");
    sample_new(&s, LIT("c2"))->turns[1].speaker_name = LIT("B. Other"); /* the first name stays */
    put(f, &s, true);
    assert_text(f, "SELECT name FROM agent WHERE external_id = 'a1'", "Bea");
}

static void test_the_first_name_of_an_agent_is_kept(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    put(f, sample_new(&s, LIT("c1")), true);
    s.c.external_id = LIT("c2");
    s.turns[3].speaker_name = LIT("Bea");
    s.turns[1].speaker_name = LIT("Bea");
    put(f, &s, true);
    s.c.external_id = LIT("c3");
    s.turns[1].speaker_name = LIT("Dea");
    put(f, &s, true);
    assert_text(f, "SELECT name FROM agent WHERE external_id = 'a1'", "Bea");
}

static void test_views_tell_weeks_and_sums(void **state)
{
    struct fixture *f = *state;
    struct sample s;
    static const struct {
        const char *id;
        int64_t day; /* since 1970 */
        const char *week;
    } rows[] = {{"1", 18627, "2020-W53"}, /* 2020-12-31 */
                {"2", 18630, "2020-W53"}, /* 2021-01-03, a Sunday */
                {"3", 18631, "2021-W01"}, /* Monday */
                {"4", 20451, "2026-W01"}, /* 2025-12-29 */
                {"5", 20773, "2026-W47"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char sql[200];
        sample_new(&s, slice_of(rows[i].id))->c.started_at_ms = rows[i].day * MS_PER_DAY;
        put(f, &s, true);
        (void)snprintf(sql, sizeof sql,
                       "SELECT count(*) FROM v_policy_week WHERE week = '%s' AND policy = 'late-fee' "
                       "AND episodes = %d",
                       rows[i].week, i == 1 ? 2 : 1);
        assert_int_equal(number(f, sql), 1);
    }
    sample_new(&s, LIT("6"))->c.started_at_ms = MS_NONE;
    put(f, &s, true);
    assert_int_equal(number(f, "SELECT sum(episodes) FROM v_policy_week WHERE week = ''"), 2);
    assert_text(f,
                "SELECT episodes || ' ' || disputed || ' ' || confrontational || ' ' || first_day FROM v_policy "
                "WHERE policy = 'refund-window'",
                "6 6 6 2020-12-31");
    assert_int_equal(number(f, "SELECT count(*) FROM v_policy WHERE policy = 'unlisted' AND episodes = 0"), 1);
    assert_int_equal(number(f, "SELECT sum(episodes) FROM v_agent_policy WHERE agent = 'a1'"), 6);
    assert_int_equal(number(f, "SELECT episodes FROM v_agent WHERE agent = ''"), 6);
}

/* ---- out of memory ---- */

static void test_out_of_memory_on_put_leaves_the_old_state(void **state)
{
    struct fixture *f = *state;
    struct sample old, s;
    enum err_code rc = ERR_OK;
    put(f, sample_new(&old, LIT("c1")), true);
    for (long nth = 1;; nth++) {
        enum store_put how;
        sample_new(&s, LIT("c1"))->c.nturns = 7;
        s.x[0].agent_id = LIT("a-new");
        struct gz_packer *g = f->packer;
        must(f, store_begin(f->db, &f->e));
        failing_alloc_at(nth);
        rc = try_put(f, &s, true, &how);
        bool failed = failing_alloc_off();
        f->packer = g;
        if (!failed) {
            must(f, store_commit(f->db, &f->e));
            break;
        }
        assert_int_equal(rc, ERR_NOMEM);
        store_rollback(f->db);
        assert_int_equal(number(f, "SELECT nturns FROM conversation"), 6);
        assert_int_equal(number(f, "SELECT sum(episodes) FROM agg_policy_day"), 2);
    }
    assert_int_equal(rc, ERR_OK);
    assert_int_equal(number(f, "SELECT nturns FROM conversation"), 7);
    assert_aggregates(f);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_conversation_is_stored_with_its_tags),
        T(test_what_is_uncertain_is_marked_and_counted_apart),
        T(test_hits_come_back_row_by_row),
        T(test_the_same_again_is_skipped),
        T(test_a_guessed_start_is_no_change),
        T(test_a_changed_one_replaces_all_that_was_derived),
        T(test_an_older_shorter_copy_is_skipped),
        T(test_labels_stay_on_turns_that_stay),
        T(test_a_conversation_comes_back_as_it_went),
        T(test_find_wants_the_source_if_there_are_several),
        T(test_a_rollback_leaves_nothing),
        T(test_a_ruleset_that_is_rolled_back_is_not_current),
        T(test_misuse_is_told),
        T(test_aggregates_follow_any_sequence),
        T(test_another_ruleset_renews_the_tags),
        T(test_stale_ids_come_in_order_from_all_rulesets),
        T(test_what_was_gained_and_lost_is_counted),
        T(test_a_file_is_known_once_it_was_read_whole),
        T(test_the_roster_names_agents_and_keeps_their_conversations),
        T(test_the_first_name_of_an_agent_is_kept),
        T(test_views_tell_weeks_and_sums),
        T(test_out_of_memory_on_put_leaves_the_old_state),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
