/* Findings from a database: the same counts and expectations as SQL over the episodes themselves gives. */
#include "report/findings.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/db.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/near.h"
#include "tests/support/sample_store.h"

enum { MONDAY = 20773 }; /* 2026-11-16 */

struct world {
    struct store *db;
    struct arena *a;
    struct findings f;
};

static int set_up(void **state)
{
    struct err e;
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    assert_int_equal(store_open(":memory:", STORE_CREATE, &w->db, &e), ERR_OK);
    w->a = arena_new(0);
    assert_non_null(w->a);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    store_close(w->db);
    arena_free(w->a);
    free(w);
    return 0;
}

static void load(struct world *w, int64_t from, int64_t to)
{
    struct err e;
    const struct period p = period_of(from, to, 0, 0);
    if (findings_load(w->db, &p, w->a, &w->f, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static void fill(struct world *w, unsigned conversations, unsigned agents, unsigned weeks)
{
    struct err e;
    const struct sample s = {conversations, agents, weeks, MONDAY + 6};
    if (sample_store_fill(w->db, &s, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

/* One number by SQL; ?1 is the id. */
static double sql(struct world *w, const char *text, int64_t id)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(w->db->conn, text, -1, &s, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(w->db->conn), text);
    sqlite3_bind_int64(s, 1, id);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    double x = sqlite3_column_double(s, 0);
    sqlite3_finalize(s);
    return x;
}

#define NOW " day >= '2026-11-16' AND day < '2026-11-23' "

static void an_empty_database_has_no_findings(void **state)
{
    struct world *w = *state;
    load(w, MONDAY, MONDAY + 7);
    assert_true(w->f.npolicies == 0 && w->f.nagents == 0 && w->f.all.n == 0);
    assert_false(w->f.prior.has || w->f.delivery.has || w->f.delivery.has_test || w->f.chart.has || w->f.has_labels);
    for (int i = 0; i < PRACTICE_COUNT; i++)
        assert_int_equal(w->f.practices[i].effect, EFFECT_FEW);
    assert_null(findings_policy(&w->f, 1));
    assert_null(findings_agent(&w->f, 0));
}

static void counts_are_those_of_the_episodes(void **state)
{
    struct world *w = *state;
    fill(w, 3000, 9, 3);
    load(w, MONDAY, MONDAY + 7);
    const struct findings *f = &w->f;
    assert_int_equal(f->all.n, sql(w, "SELECT count(*) FROM episode WHERE" NOW, 0));
    assert_int_equal(f->all.x, sql(w, "SELECT sum(is_disputed) FROM episode WHERE" NOW, 0));
    assert_int_equal(f->before.n,
                     sql(w, "SELECT count(*) FROM episode WHERE day >= '2026-11-09' AND day < '2026-11-16'", 0));
    assert_int_equal(f->npolicies, SAMPLE_POLICIES);
    for (size_t i = 0; i < f->npolicies; i++) {
        const struct finding_policy *p = &f->policies[i];
        assert_ptr_equal(findings_policy(f, p->policy_id), p);
        assert_int_equal(p->all.n, sql(w, "SELECT count(*) FROM episode WHERE policy_id = ?1 AND" NOW, p->policy_id));
        assert_int_equal(p->styles[1].x, sql(w,
                                             "SELECT sum(is_disputed) FROM episode WHERE policy_id = ?1 AND style = "
                                             "'choice' AND" NOW,
                                             p->policy_id));
        assert_int_equal(p->upset[0].n, sql(w,
                                            "SELECT count(*) FROM episode WHERE policy_id = ?1 AND style = "
                                            "'confrontational' AND is_upset_before AND" NOW,
                                            p->policy_id));
        assert_int_equal(p->practices[PRACTICE_ABSOLUTE].x,
                         sql(w,
                             "SELECT sum(is_disputed) FROM episode WHERE policy_id = ?1 AND practices & 1024 AND" NOW,
                             p->policy_id));
    }
    int64_t weeks = 0;
    for (int i = 0; i < FINDING_WEEKS; i++)
        weeks += f->weeks[i].n;
    assert_int_equal(weeks, 3000);
    assert_int_equal(f->weeks[FINDING_WEEKS - 1].n, f->all.n);
    assert_int_equal(f->chart.points, 3);
}

static void agents_are_held_against_their_own_mix(void **state)
{
    struct world *w = *state;
    double expected = 0;
    int64_t observed = 0;
    fill(w, 3000, 9, 3);
    load(w, MONDAY, MONDAY + 7);
    assert_int_equal(w->f.nagents, 9);
    assert_int_equal(w->f.nagents_enough, 9);
    for (size_t i = 0; i < w->f.nagents; i++) {
        const struct finding_agent *x = &w->f.agents[i];
        assert_ptr_equal(findings_agent(&w->f, x->agent_id), x);
        assert_int_equal(x->all.n, sql(w, "SELECT count(*) FROM episode WHERE agent_id = ?1 AND" NOW, x->agent_id));
        assert_int_equal(x->disputes.observed, x->all.x);
        assert_int_equal(x->confrontations.observed, x->styles[0]);
        assert_near(
            x->disputes.expected,
            sql(w,
                "WITH r AS (SELECT policy_id, is_upset_before AS u, avg(is_disputed) AS r FROM episode WHERE" NOW
                "GROUP BY 1, 2) SELECT sum(r.r) FROM episode AS e JOIN r ON r.policy_id = e.policy_id AND "
                "r.u = e.is_upset_before WHERE agent_id = ?1 AND" NOW,
                x->agent_id),
            1e-9);
        assert_near(x->standardised, (double)x->all.x / x->disputes.expected * (double)w->f.all.x / (double)w->f.all.n,
                    1e-12);
        assert_true(x->disputes.ratio.has && x->disputes.has_test && x->disputes.limits.has);
        assert_true(x->disputes.limits.low998 < x->disputes.limits.low95 && x->disputes.limits.low95 < 1);
        assert_true(x->disputes.limits.high998 > x->disputes.limits.high95 && x->disputes.limits.high95 > 1);
        for (unsigned k = 0; k < x->nworst; k++) {
            assert_true((double)x->worst[k].all.x > x->worst[k].expected);
            assert_true(k == 0 || (double)x->worst[k].all.x - x->worst[k].expected <=
                                      (double)x->worst[k - 1].all.x - x->worst[k - 1].expected);
        }
        int64_t weeks = 0;
        for (int k = 0; k < FINDING_AGENT_WEEKS; k++)
            weeks += x->weeks[k].n;
        assert_int_equal(weeks, sql(w, "SELECT count(*) FROM episode WHERE agent_id = ?1", x->agent_id));
        assert_int_equal(
            x->practices[PRACTICE_REASON],
            sql(w, "SELECT count(*) FROM episode WHERE agent_id = ?1 AND practices & 1 AND" NOW, x->agent_id));
        expected += x->disputes.expected;
        observed += x->disputes.observed;
    }
    for (size_t i = 0; i < w->f.ncells; i++) {
        const struct agent_cell *c = &w->f.cells[i];
        char text[256];
        (void)snprintf(
            text, sizeof text,
            "SELECT count(*) FROM episode WHERE agent_id = ?1 AND policy_id = %d AND NOT is_upset_before AND" NOW,
            (int)w->f.policies[c->policy].policy_id);
        assert_int_equal(c->n[0], sql(w, text, w->f.agents[c->agent].agent_id));
        assert_true(i == 0 || c[-1].disputed[0] + c[-1].disputed[1] >= c->disputed[0] + c->disputed[1]);
    }
    assert_int_equal(w->f.practices[PRACTICE_REASON].styles[1],
                     sql(w, "SELECT count(*) FROM episode WHERE style = 'choice' AND practices & 1 AND" NOW, 0));
    assert_near(expected, (double)observed, 1e-6); /* what some have too much, others have too little */
}

/* One agent alone is the whole: there is nobody to be compared with. */
static void one_agent_and_one_policy_are_not_judged(void **state)
{
    struct world *w = *state;
    fill(w, 60, 1, 1);
    load(w, MONDAY, MONDAY + 7);
    assert_int_equal(w->f.nagents, 1);
    assert_int_equal(w->f.agents[0].disputes.flag, FLAG_FEW);
    assert_false(w->f.agents[0].disputes.has_test);
    assert_near(w->f.agents[0].disputes.ratio.at, 1, 1e-9);
    load(w, MONDAY + 365, MONDAY + 372); /* a week without data */
    assert_true(w->f.npolicies == 0 && w->f.nagents == 0 && w->f.all.n == 0);
}

static void any_period_can_be_compared_with(void **state)
{
    static const int64_t before[][2] = {
        {MONDAY - 14, MONDAY - 7}, {MONDAY + 3, MONDAY + 30}, {MONDAY - 900, MONDAY - 890}, {MONDAY + 40, MONDAY + 50}};
    struct world *w = *state;
    fill(w, 900, 4, 4);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        struct err e;
        const struct period p = period_of(MONDAY, MONDAY + 7, before[i][0], before[i][1]);
        char text[256];
        assert_int_equal(findings_load(w->db, &p, w->a, &w->f, &e), ERR_OK);
        (void)snprintf(text, sizeof text, "SELECT count(*) FROM episode WHERE day >= '%s' AND day < '%s'", p.before,
                       p.before_to);
        assert_int_equal(w->f.before.n, sql(w, text, 0));
        assert_int_equal(w->f.all.n, sql(w, "SELECT count(*) FROM episode WHERE" NOW, 0));
        int64_t agents = 0, policies = 0;
        for (size_t k = 0; k < w->f.nagents; k++)
            agents += w->f.agents[k].before.n;
        for (size_t k = 0; k < w->f.npolicies; k++)
            policies += w->f.policies[k].before.n;
        assert_true(agents == w->f.before.n && policies == w->f.before.n);
    }
}

/* Uncertain episodes left out, the findings are those of a database that never had them. */
static void the_certain_alone_are_as_if_there_were_no_others(void **state)
{
    struct world *w = *state;
    struct err e;
    struct period p = period_of(MONDAY, MONDAY + 7, 0, 0);
    fill(w, 3000, 9, 3);
    load(w, MONDAY, MONDAY + 7);
    int64_t all = w->f.all.n;
    int64_t certain = (int64_t)sql(w, "SELECT count(*) FROM episode WHERE NOT is_uncertain AND" NOW, 0);
    assert_true(certain > 0 && certain < all);
    p.is_certain_only = true;
    assert_int_equal(findings_load(w->db, &p, w->a, &w->f, &e), ERR_OK);
    struct findings f = w->f;
    assert_int_equal(f.all.n, certain);
    assert_int_equal(sqlite3_exec(w->db->conn, "DELETE FROM episode WHERE is_uncertain", NULL, NULL, NULL), SQLITE_OK);
    load(w, MONDAY, MONDAY + 7);
    assert_int_equal(w->f.all.n, certain);
    assert_int_equal(w->f.all.x, f.all.x);
    assert_int_equal(w->f.before.n, f.before.n);
    assert_memory_equal(w->f.weeks, f.weeks, sizeof f.weeks);
    assert_true(w->f.npolicies == f.npolicies && w->f.nagents == f.nagents && w->f.ncells == f.ncells);
    for (size_t i = 0; i < f.npolicies; i++) {
        assert_memory_equal(w->f.policies[i].styles, f.policies[i].styles, sizeof f.policies[i].styles);
        assert_memory_equal(w->f.policies[i].upset, f.policies[i].upset, sizeof f.policies[i].upset);
        assert_memory_equal(w->f.policies[i].practices, f.policies[i].practices, sizeof f.policies[i].practices);
        assert_int_equal(w->f.policies[i].verdict, f.policies[i].verdict);
    }
    for (size_t i = 0; i < f.nagents; i++) {
        assert_int_equal(w->f.agents[i].all.n, f.agents[i].all.n);
        assert_int_equal(w->f.agents[i].all.x, f.agents[i].all.x);
        assert_near(w->f.agents[i].disputes.expected, f.agents[i].disputes.expected, 1e-9);
    }
}

static double uniform(uint64_t *s) /* splitmix64 */
{
    uint64_t z = (*s += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* One conversation of a world in which policy 1 is hated however told, policy 2 is only told badly, the others are
 * alike, agent 7 does harm, and all others only differ in what they tell. */
static void put_known(struct world *w, int64_t file, unsigned i, uint64_t *seed)
{
    static const double soft[] = {.2, .5, .2, .2, .2, .2}, hard[] = {.2, .5, .6, .2, .2, .2};
    struct err e;
    char id[24], who[24];
    unsigned agent = i % 12,
             policy = uniform(seed) < .6 ? agent % SAMPLE_POLICIES : (unsigned)(uniform(seed) * SAMPLE_POLICIES);
    bool is_hard = uniform(seed) < .5, is_upset = uniform(seed) < .1;
    double p = (is_hard ? hard : soft)[policy] + (agent == 7 ? .3 : 0);
    struct turn turns[] = {{.role = ROLE_AGENT, .text = SLICE_LIT("No.")},
                           {.role = ROLE_CUSTOMER, .text = SLICE_LIT("Why?")}};
    (void)snprintf(id, sizeof id, "k%u", i);
    (void)snprintf(who, sizeof who, "a%02u", agent);
    struct conversation c = {.source = SLICE_LIT("known"),
                             .external_id = slice_of(id),
                             .channel = SLICE_LIT("chat"),
                             .agent_id = slice_of(who),
                             .started_at_ms = (int64_t)(MONDAY + i % 7) * 86400000,
                             .time_origin = TIME_FROM_RECORD,
                             .turns = turns,
                             .nturns = 2};
    struct episode x = {.policy = policy,
                        .agent_id = slice_of(who),
                        .p = .9,
                        .rounds = 1,
                        .is_upset_before = is_upset,
                        .style = is_hard ? STYLE_CONFRONTATIONAL : STYLE_CHOICE,
                        .is_disputed = uniform(seed) < p,
                        .dispute_turn = 1,
                        .outcome = OUTCOME_ACCEPTED};
    const struct tags t = {.episodes = &x, .nepisodes = 1};
    if (sample_store_put(w->db, file, &c, &t, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static void known_truth_comes_through_the_database(void **state)
{
    struct world *w = *state;
    struct err e;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        uint64_t random = seed;
        int64_t file;
        assert_int_equal(store_begin(w->db, &e), ERR_OK);
        assert_int_equal(store_use_ruleset(w->db, &sample_rules, 0, &e), ERR_OK);
        assert_int_equal(sample_store_file(w->db, &file, &e), ERR_OK);
        for (unsigned i = 0; i < 4000; i++)
            put_known(w, file, i, &random);
        assert_int_equal(store_commit(w->db, &e), ERR_OK);
        load(w, MONDAY, MONDAY + 7);
        assert_int_equal(w->f.all.n, 4000);
        for (size_t i = 0; i < w->f.npolicies; i++) {
            const struct finding_policy *p = &w->f.policies[i];
            assert_int_equal(p->verdict, slice_eq(p->external_id, sample_rules.policies[1].id)   ? VERDICT_POLICY
                                         : slice_eq(p->external_id, sample_rules.policies[2].id) ? VERDICT_DELIVERY
                                                                                                 : VERDICT_IN_LINE);
        }
        for (size_t i = 0; i < w->f.nagents; i++) {
            const struct finding_agent *x = &w->f.agents[i];
            assert_int_equal(x->disputes.flag, slice_is(x->external_id, "a07") ? FLAG_MORE : FLAG_IN_LINE);
            assert_int_equal(x->confrontations.flag, FLAG_IN_LINE);
        }
        store_close(w->db);
        assert_int_equal(store_open(":memory:", STORE_CREATE, &w->db, &e), ERR_OK);
        arena_reset(w->a);
    }
}

/* A row of a view, of the week of NOW, beside the findings. Another program may have no trust in the file's schema. */
static sqlite3_stmt *view(struct world *w, const char *columns, const char *name, const char *where)
{
    char text[512];
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_exec(w->db->conn, "PRAGMA trusted_schema = OFF", NULL, NULL, NULL), SQLITE_OK);
    (void)snprintf(text, sizeof text, "SELECT %s FROM %s WHERE week = '2026-W47' AND %s", columns, name, where);
    if (sqlite3_prepare_v2(w->db->conn, text, -1, &s, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(w->db->conn), text);
    return s;
}

static void assert_columns(sqlite3_stmt *s, const double *want, int n)
{
    if (sqlite3_step(s) != SQLITE_ROW)
        fail_msg("no row: %s", sqlite3_errmsg(sqlite3_db_handle(s)));
    assert_int_equal(sqlite3_column_count(s), n);
    for (int i = 0; i < n; i++)
        if (!(fabs(sqlite3_column_double(s, i) - want[i]) <= 1e-9))
            fail_msg("%s: %.12g, want %.12g", sqlite3_column_name(s, i), sqlite3_column_double(s, i), want[i]);
    sqlite3_finalize(s);
}

static void views_give_the_same_numbers(void **state)
{
    struct world *w = *state;
    char where[128];
    fill(w, 3000, 9, 3);
    load(w, MONDAY, MONDAY + 7);
    for (size_t i = 0; i < w->f.npolicies; i++) {
        const struct finding_policy *p = &w->f.policies[i];
        struct stats_interval rate = stats_wilson(p->all.x, p->all.n);
        const double want[] = {(double)p->all.n, rate.at,           rate.low,          rate.high,
                               p->difference.at, p->difference.low, p->difference.high};
        (void)snprintf(where, sizeof where, "policy = '%.*s'", SLICE_ARG(p->external_id));
        assert_columns(view(w,
                            "episodes, dispute_rate, dispute_rate_low, dispute_rate_high, style_difference, "
                            "style_difference_low, style_difference_high",
                            "v_policy_week_rate", where),
                       want, 7);
    }
    for (size_t i = 0; i < w->f.nagents; i++) {
        const struct finding_agent *x = &w->f.agents[i];
        const double want[] = {(double)x->all.n,          (double)x->all.x,     x->disputes.expected,
                               x->disputes.ratio.at,      (double)x->styles[0], x->confrontations.expected,
                               x->confrontations.ratio.at};
        (void)snprintf(where, sizeof where, "agent = '%.*s'", SLICE_ARG(x->external_id));
        assert_columns(view(w,
                            "episodes, disputed, expected_disputed, disputed_ratio, confrontational, "
                            "expected_confrontational, confrontational_ratio",
                            "v_agent_week", where),
                       want, 7);
    }
    const struct stats_strata *all = &w->f.delivery;
    const double want_all[] = {(double)all->informative, all->odds, all->low, all->high};
    assert_columns(view(w, "strata, odds_ratio, odds_ratio_low, odds_ratio_high", "v_style_week", "1"), want_all, 4);
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        const struct finding_practice *x = &w->f.practices[i];
        const double want[] = {(double)x->with.n, (double)x->with.x, (double)x->without.n, (double)x->without.x,
                               x->strata.odds,    x->strata.low,     x->strata.high};
        (void)snprintf(where, sizeof where, "practice = '%s'", practice_name((enum practice)i));
        assert_columns(view(w,
                            "episodes, disputed, episodes_without, disputed_without, odds_ratio, odds_ratio_low, "
                            "odds_ratio_high",
                            "v_practice_week", where),
                       want, 7);
    }
}

static void running_out_of_memory_is_told(void **state)
{
    struct world *w = *state;
    struct err e;
    const struct period p = period_of(MONDAY, MONDAY + 7, 0, 0);
    enum err_code rc;
    fill(w, 200, 300, 2);
    for (long nth = 1;; nth++) {
        struct arena *a = arena_new(0);
        failing_alloc_at(nth);
        rc = findings_load(w->db, &p, a, &w->f, &e);
        bool has_failed = failing_alloc_off();
        arena_free(a);
        if (!has_failed)
            break;
        assert_int_equal(rc, ERR_NOMEM);
    }
    assert_int_equal(rc, ERR_OK);
}

static void every_word_has_a_name_and_a_rule(void **state)
{
    (void)state;
    for (int i = 0; i < VERDICT_COUNT; i++) {
        assert_true(strlen(finding_verdict_name((enum verdict)i)) > 3);
        assert_true(strlen(finding_verdict_rule((enum verdict)i)) > 20);
    }
    for (int i = 0; i < FLAG_COUNT; i++)
        assert_true(strlen(finding_flag_name((enum finding_flag)i)) > 3);
    for (int i = 0; i < EFFECT_COUNT; i++)
        assert_true(strlen(finding_effect_name((enum finding_effect)i)) > 3);
    assert_true(strlen(finding_flag_rule()) > 20);
}

#define T(x) cmocka_unit_test_setup_teardown(x, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(an_empty_database_has_no_findings),     T(counts_are_those_of_the_episodes),
        T(agents_are_held_against_their_own_mix), T(one_agent_and_one_policy_are_not_judged),
        T(any_period_can_be_compared_with),       T(known_truth_comes_through_the_database),
        T(views_give_the_same_numbers),           T(running_out_of_memory_is_told),
        T(every_word_has_a_name_and_a_rule),      T(the_certain_alone_are_as_if_there_were_no_others),
    };
    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
