/* episodes.c: each rule of the definition of an episode has its own test */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/episodes.h"
#include "tests/support/failing_alloc.h"

enum { TURNS_MAX = 16 };

/* A conversation written as one letter a turn: a policy's digit (0-9) is a delivery of it, 'a' another agent turn, 'c'
 * a customer turn, 'd' a dispute, 'h' hostile, 'u' upset, 's' a system line, 'e' an escalating delivery of policy 1,
 * '_' a blank customer turn. */
struct scene {
    struct conversation c;
    struct turn turns[TURNS_MAX];
    struct delivery deliveries[TURNS_MAX];
    struct reaction reactions[TURNS_MAX];
    struct tags tags;
    struct arena *a;
};

static void put_delivery(struct scene *s, uint32_t turn, uint32_t policy)
{
    s->turns[turn].role = ROLE_AGENT;
    s->deliveries[s->tags.ndeliveries++] =
        (struct delivery){.turn = turn, .policy = policy, .style = STYLE_NEUTRAL, .p = 0.5};
}

static void put_reaction(struct scene *s, uint32_t turn, enum tag_kind kind)
{
    s->reactions[s->tags.nreactions++] = (struct reaction){turn, kind, 0.9, false};
}

static void play(struct scene *s, const char *script)
{
    *s = (struct scene){.a = arena_new(0)};
    s->tags.deliveries = s->deliveries;
    s->tags.reactions = s->reactions;
    s->c.turns = s->turns;
    s->c.agent_id = SLICE_LIT("a1");
    s->c.agent_name = SLICE_LIT("Ada");
    for (uint32_t i = 0; script[i] != '\0'; i++) {
        struct turn *t = &s->turns[s->c.nturns++];
        *t = (struct turn){.role = ROLE_CUSTOMER, .text = SLICE_LIT("words")};
        switch (script[i]) {
        case 'a':
            t->role = ROLE_AGENT;
            break;
        case 's':
            t->role = ROLE_SYSTEM;
            break;
        case '_':
            t->text = SLICE_LIT(" ");
            break;
        case 'd':
            put_reaction(s, i, TAG_DISPUTE);
            break;
        case 'h':
            put_reaction(s, i, TAG_HOSTILE);
            break;
        case 'u':
            put_reaction(s, i, TAG_UPSET);
            break;
        case 'e':
            put_delivery(s, i, 1);
            s->deliveries[s->tags.ndeliveries - 1].practices = 1u << PRACTICE_ESCALATE;
            break;
        case 'c':
            break;
        default:
            put_delivery(s, i, (uint32_t)(script[i] - '0'));
        }
    }
}

static void build(struct scene *s)
{
    struct err e;
    assert_int_equal(episodes_build(&s->c, NULL, &s->tags, s->a, &e), ERR_OK);
}

static void no_delivery_no_episode(void **state)
{
    (void)state;
    struct scene s;
    play(&s, "cadah");
    build(&s);
    assert_int_equal(s.tags.nepisodes, 0);
    arena_free(s.a);
}

static void first_delivery_decides_style_practices_and_p(void **state)
{
    (void)state;
    struct scene s;
    play(&s, "c1c1");
    s.deliveries[0].style = STYLE_CHOICE;
    s.deliveries[0].practices = 1u << PRACTICE_REASON;
    s.deliveries[0].p = 0.75;
    s.deliveries[1].style = STYLE_CONFRONTATIONAL;
    s.deliveries[1].practices = 1u << PRACTICE_BLAME;
    build(&s);
    assert_int_equal(s.tags.nepisodes, 1);
    assert_int_equal(s.tags.episodes[0].first_turn, 1);
    assert_int_equal(s.tags.episodes[0].style, STYLE_CHOICE);
    assert_int_equal(s.tags.episodes[0].practices, 1u << PRACTICE_REASON);
    assert_true(s.tags.episodes[0].p == 0.75);
    arena_free(s.a);
}

static void first_deliverer_is_the_agent_of_the_episode(void **state)
{
    (void)state;
    struct scene s;
    play(&s, "c1c1c2");
    s.turns[1].speaker_id = SLICE_LIT("b7");
    s.turns[1].speaker_name = SLICE_LIT("Bo");
    s.turns[3].speaker_id = SLICE_LIT("a1");
    build(&s);
    assert_true(slice_is(s.tags.episodes[0].agent_id, "b7"));
    assert_true(slice_is(s.tags.episodes[0].agent_name, "Bo"));
    assert_true(slice_is(s.tags.episodes[1].agent_id, "a1")); /* the turn does not say: the conversation does */
    assert_true(slice_is(s.tags.episodes[1].agent_name, "Ada"));
    arena_free(s.a);
}

struct row {
    const char *script;
    uint32_t episode, want;
};

static uint32_t rounds(const struct episode *ep)
{
    return ep->rounds;
}
static uint32_t disputed(const struct episode *ep)
{
    return ep->is_disputed ? 100 + ep->dispute_turn : 0;
}
static uint32_t upset_before(const struct episode *ep)
{
    return ep->is_upset_before + 2u * ep->is_hostile_before;
}
static uint32_t outcome(const struct episode *ep)
{
    return ep->outcome;
}
static uint32_t hostile_after(const struct episode *ep)
{
    return ep->is_hostile_after;
}
static uint32_t escalated(const struct episode *ep)
{
    return ep->is_escalated;
}

static void check_rows(const struct row *rows, size_t n, uint32_t (*get)(const struct episode *))
{
    for (size_t i = 0; i < n; i++) {
        struct scene s;
        play(&s, rows[i].script);
        build(&s);
        if (rows[i].episode >= s.tags.nepisodes || get(&s.tags.episodes[rows[i].episode]) != rows[i].want)
            fail_msg("%s: episode %u of %u: got %u, want %u", rows[i].script, rows[i].episode, s.tags.nepisodes,
                     rows[i].episode < s.tags.nepisodes ? get(&s.tags.episodes[rows[i].episode]) : 0, rows[i].want);
        arena_free(s.a);
    }
}
#define CHECK(get, ...)                                                                                                \
    do {                                                                                                               \
        const struct row rows[] = {__VA_ARGS__};                                                                       \
        check_rows(rows, sizeof rows / sizeof rows[0], get);                                                           \
    } while (0)

static void agent_turns_in_a_row_are_one_round(void **state)
{
    (void)state;
    CHECK(rounds, {"c1", 0, 1}, {"c111", 0, 1}, {"c1a1", 0, 1}, {"c1s1", 0, 1}, {"c1_1", 0, 1}, {"c121", 0, 1});
}

static void each_return_to_it_is_a_round(void **state)
{
    (void)state;
    CHECK(rounds, {"c1c1", 0, 2}, {"c1ca1c11", 0, 3}, {"c1c2c1", 0, 2}, {"c1c2c1", 1, 1});
}

static void dispute_before_the_first_delivery_never_counts(void **state)
{
    (void)state;
    CHECK(disputed, {"d1", 0, 0}, {"dd1c", 0, 0}, {"d1c2", 1, 0}, {"d1cd", 0, 103});
}

static void dispute_counts_for_the_policy_delivered_last(void **state)
{
    (void)state;
    CHECK(disputed, {"1d", 0, 101}, {"1c2d", 0, 0}, {"1c2d", 1, 103}, {"12d", 0, 0}, {"12d", 1, 102});
}

static void first_dispute_is_the_dispute_turn(void **state)
{
    (void)state;
    CHECK(disputed, {"1cdd", 0, 102}, {"1d1d", 0, 101});
}

static void dispute_after_another_policy_took_over_is_not_its(void **state)
{
    (void)state;
    CHECK(disputed, {"1c2cd", 0, 0}, {"1c2cd", 1, 104}, {"1d2c", 0, 101}, {"1d2c", 1, 0});
}

static void policy_told_again_takes_over_again(void **state)
{
    (void)state;
    CHECK(disputed, {"1c2c1d", 0, 105}, {"1c2c1d", 1, 0});
}

static void upset_or_hostile_before_is_remembered(void **state)
{
    (void)state;
    CHECK(upset_before, {"c1", 0, 0}, {"u1", 0, 1}, {"h1", 0, 3}, {"1u", 0, 0}, {"1h", 0, 0}, {"1u2", 1, 1},
          {"d1", 0, 0}, {"u1h1", 0, 1});
}

static void outcome_is_the_last_word_within_reach(void **state)
{
    (void)state;
    CHECK(outcome, {"c1", 0, OUTCOME_SILENT}, {"c1a", 0, OUTCOME_SILENT}, {"c1_", 0, OUTCOME_SILENT},
          {"1c", 0, OUTCOME_ACCEPTED}, {"1dc", 0, OUTCOME_ACCEPTED}, {"1d", 0, OUTCOME_DISPUTED},
          {"1h", 0, OUTCOME_HOSTILE}, {"1d2c", 0, OUTCOME_DISPUTED}, {"12d", 0, OUTCOME_SILENT},
          {"1u", 0, OUTCOME_ACCEPTED});
}

static void hostility_after_is_its_within_reach_only(void **state)
{
    (void)state;
    CHECK(hostile_after, {"h1c", 0, 0}, {"1h", 0, 1}, {"1c2h", 0, 0}, {"1c2h", 1, 1});
}

static void any_delivery_may_escalate(void **state)
{
    (void)state;
    CHECK(escalated, {"1c", 0, 0}, {"e", 0, 1}, {"1ce", 0, 1});
}

static void unlisted_is_a_policy_like_others(void **state)
{
    (void)state;
    struct scene s;
    play(&s, "0d1c0");
    build(&s);
    assert_int_equal(s.tags.nepisodes, 2);
    assert_int_equal(s.tags.episodes[0].policy, 0);
    assert_int_equal(s.tags.episodes[0].rounds, 2);
    assert_true(s.tags.episodes[0].is_disputed);
    assert_false(s.tags.episodes[1].is_disputed);
    arena_free(s.a);
}

static void dispute_that_is_hostile_too_is_both(void **state)
{
    (void)state;
    struct scene s;
    play(&s, "1d");
    put_reaction(&s, 1, TAG_HOSTILE);
    build(&s);
    assert_true(s.tags.episodes[0].is_disputed);
    assert_true(s.tags.episodes[0].is_hostile_after);
    assert_int_equal(s.tags.episodes[0].outcome, OUTCOME_HOSTILE);
    arena_free(s.a);
}

/* Letters as above; a capital D is an uncertain dispute, M a customer's turn that is none but nearly. */
static void an_episode_is_uncertain_if_its_delivery_or_its_dispute_is(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        bool is_delivery_uncertain, want;
    } rows[] = {
        {"c1c", false, false},   {"c1c", true, true},    {"1d", false, false},  {"1d", true, true},
        {"1D", false, true},     {"1M", false, true},    {"1Md", false, false}, /* it was disputed, surely */
        {"1DcdM", false, false}, {"M1c", false, false},                         /* before it: not its matter */
        {"D1c", false, false},   {"12M", false, false}, /* after another policy took over: the other one's */
        {"1M2c", false, true},   {"12c1M", false, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene s;
        bool missed[TURNS_MAX] = {false};
        struct err e;
        char script[TURNS_MAX + 1] = "";
        for (size_t k = 0; rows[i].script[k] != '\0'; k++) {
            char letter = rows[i].script[k];
            missed[k] = letter == 'M';
            script[k] = letter;
            if (letter == 'D')
                script[k] = 'd';
            else if (letter == 'M')
                script[k] = 'c';
        }
        play(&s, script);
        for (uint32_t k = 0; k < s.tags.nreactions; k++)
            s.reactions[k].is_uncertain = rows[i].script[s.reactions[k].turn] == 'D';
        s.deliveries[0].is_uncertain = rows[i].is_delivery_uncertain;
        assert_int_equal(episodes_build(&s.c, missed, &s.tags, s.a, &e), ERR_OK);
        assert_int_equal(s.tags.episodes[0].is_uncertain, rows[i].want);
        arena_free(s.a);
    }
}

static void out_of_memory_is_told(void **state)
{
    (void)state;
    struct scene s;
    play(&s, "1d");
    struct arena *small = arena_new(64);
    struct err e;
    bool failed_once = false;
    for (long nth = 1;; nth++) {
        failing_alloc_at(nth);
        enum err_code rc = episodes_build(&s.c, NULL, &s.tags, small, &e);
        if (!failing_alloc_off()) {
            assert_int_equal(rc, ERR_OK);
            break;
        }
        assert_int_equal(rc, ERR_NOMEM);
        failed_once = true;
    }
    assert_true(failed_once);
    arena_free(small);
    arena_free(s.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_delivery_no_episode),
        cmocka_unit_test(first_delivery_decides_style_practices_and_p),
        cmocka_unit_test(first_deliverer_is_the_agent_of_the_episode),
        cmocka_unit_test(agent_turns_in_a_row_are_one_round),
        cmocka_unit_test(each_return_to_it_is_a_round),
        cmocka_unit_test(dispute_before_the_first_delivery_never_counts),
        cmocka_unit_test(dispute_counts_for_the_policy_delivered_last),
        cmocka_unit_test(first_dispute_is_the_dispute_turn),
        cmocka_unit_test(dispute_after_another_policy_took_over_is_not_its),
        cmocka_unit_test(policy_told_again_takes_over_again),
        cmocka_unit_test(upset_or_hostile_before_is_remembered),
        cmocka_unit_test(outcome_is_the_last_word_within_reach),
        cmocka_unit_test(hostility_after_is_its_within_reach_only),
        cmocka_unit_test(any_delivery_may_escalate),
        cmocka_unit_test(unlisted_is_a_policy_like_others),
        cmocka_unit_test(dispute_that_is_hostile_too_is_both),
        cmocka_unit_test(an_episode_is_uncertain_if_its_delivery_or_its_dispute_is),
        cmocka_unit_test(out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
