/* features.c: what is remembered of the turns before */
#include "analyze/features.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct feature_space no_cues;

static const struct token asked[] = {{.starts_sentence = true}, {.ends_sentence = true, .ends_question = true}};
static const struct token told[] = {{.starts_sentence = true}, {.ends_sentence = true}};
static const struct turn_scan question = {asked, 2, NULL, 0}, statement = {told, 2, NULL, 0};

static bool has(const struct feature_list *l, enum ctx ctx)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (l->f[i].index == (uint32_t)ctx)
            return true;
    return false;
}

static bool agent_has(const struct memory *m, enum ctx ctx)
{
    struct feature_list l;
    features_agent(&no_cues, &statement, m, &l);
    return has(&l, ctx);
}

static bool customer_has(const struct memory *m, enum ctx ctx)
{
    struct feature_list l;
    features_customer(&no_cues, &statement, SLICE_LIT("That is it."), m, &l);
    return has(&l, ctx);
}

static void customer_says(struct memory *m, const struct turn_scan *scan, bool is_dispute)
{
    memory_add(m, ROLE_CUSTOMER, scan, &(struct turn_facts){.is_dispute = is_dispute});
}

static void agent_says(struct memory *m, bool is_delivery)
{
    memory_add(m, ROLE_AGENT, &statement, &(struct turn_facts){.is_delivery = is_delivery});
}

static void only_the_last_answer_of_the_customer_asks_and_disputes(void **state)
{
    (void)state;
    struct memory m = {0};
    customer_says(&m, &question, true);
    assert_true(agent_has(&m, CTX_PREV_QUESTION) && agent_has(&m, CTX_SHORT_AFTER_QUESTION));
    assert_true(agent_has(&m, CTX_LAST_DISPUTE) && agent_has(&m, CTX_SHORT_AFTER_DISPUTE));
    customer_says(&m, &statement, false); /* turns in a row are one answer */
    assert_true(agent_has(&m, CTX_PREV_QUESTION) && agent_has(&m, CTX_LAST_DISPUTE));
    agent_says(&m, false);
    assert_true(agent_has(&m, CTX_PREV_QUESTION) && !agent_has(&m, CTX_SHORT_AFTER_QUESTION));
    customer_says(&m, &statement, false);
    assert_false(agent_has(&m, CTX_PREV_QUESTION) || agent_has(&m, CTX_SHORT_AFTER_QUESTION));
    assert_false(agent_has(&m, CTX_LAST_DISPUTE) || agent_has(&m, CTX_SHORT_AFTER_DISPUTE));
    assert_true(agent_has(&m, CTX_EARLIER_DISPUTE));
}

static void a_delivery_is_the_last_one_until_the_agent_says_something_else(void **state)
{
    (void)state;
    struct memory m = {0};
    agent_says(&m, true);
    assert_true(agent_has(&m, CTX_LAST_DELIVERY) && agent_has(&m, CTX_RUN_DELIVERY));
    customer_says(&m, &statement, false);
    assert_true(agent_has(&m, CTX_LAST_DELIVERY) && !agent_has(&m, CTX_RUN_DELIVERY));
    agent_says(&m, false);
    assert_false(agent_has(&m, CTX_LAST_DELIVERY));
    assert_true(agent_has(&m, CTX_EARLIER_DELIVERY));
}

static void what_was_delivered_since_the_customer_spoke_is_answered(void **state)
{
    (void)state;
    struct memory m = {0};
    assert_true(customer_has(&m, CTX_FIRST_TURN) && !customer_has(&m, CTX_EARLIER_DELIVERY));
    agent_says(&m, true);
    agent_says(&m, false); /* "Anything else?" does not take it back */
    assert_true(customer_has(&m, CTX_LAST_DELIVERY) && customer_has(&m, CTX_SHORT_AFTER_DELIVERY));
    customer_says(&m, &statement, false);
    assert_true(customer_has(&m, CTX_LAST_DELIVERY) && customer_has(&m, CTX_SAME_SPEAKER)); /* still one answer */
    assert_false(customer_has(&m, CTX_FIRST_TURN));
    agent_says(&m, false);
    assert_false(customer_has(&m, CTX_LAST_DELIVERY) || customer_has(&m, CTX_SHORT_AFTER_DELIVERY));
    assert_true(customer_has(&m, CTX_EARLIER_DELIVERY));
}

static void a_dispute_is_the_customers_last_one_until_the_next_answer(void **state)
{
    (void)state;
    struct memory m = {0};
    customer_says(&m, &statement, true);
    agent_says(&m, true);
    assert_true(customer_has(&m, CTX_LAST_DISPUTE) && customer_has(&m, CTX_EARLIER_DISPUTE));
    customer_says(&m, &statement, false);
    assert_true(!customer_has(&m, CTX_LAST_DISPUTE) && customer_has(&m, CTX_EARLIER_DISPUTE));
}

static void a_customer_shouts_by_capitals_or_marks(void **state)
{
    static const struct {
        const char *text;
        bool want;
    } rows[] = {
        {"GIVE me my MONEY", true}, {"my MONEY now", false}, {"the USA and the UK in EUR", false},
        {"what now??", true},       {"no! no!", false},
    };
    (void)state;
    struct memory m = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct feature_list l;
        features_customer(&no_cues, &statement, slice_of(rows[i].text), &m, &l);
        assert_int_equal(has(&l, CTX_SHOUTS), rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_last_answer_of_the_customer_asks_and_disputes),
        cmocka_unit_test(a_delivery_is_the_last_one_until_the_agent_says_something_else),
        cmocka_unit_test(what_was_delivered_since_the_customer_spoke_is_answered),
        cmocka_unit_test(a_dispute_is_the_customers_last_one_until_the_next_answer),
        cmocka_unit_test(a_customer_shouts_by_capitals_or_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
