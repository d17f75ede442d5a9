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

static bool agent_has(const struct memory *m, enum ctx ctx)
{
    struct feature_list l;
    features_agent(&no_cues, &statement, m, &l);
    for (uint32_t i = 0; i < l.n; i++)
        if (l.f[i].index == (uint32_t)ctx)
            return true;
    return false;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_last_answer_of_the_customer_asks_and_disputes),
        cmocka_unit_test(a_delivery_is_the_last_one_until_the_agent_says_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
