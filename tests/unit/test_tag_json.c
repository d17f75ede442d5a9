#include "cli/tag_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"

static const struct policy policies[] = {
    {{"unlisted", 8}, {"", 0}, {"", 0}},
    {{"refund-window", 13}, {"Refunds", 7}, {"Shop", 4}},
};

static struct ruleset_info rules(void)
{
    return (struct ruleset_info){
        .hash = SLICE_LIT("0123456789abcdef0123456789abcdef"), .policies = policies, .npolicies = 2};
}

static void assert_json(const struct conversation *c, const struct tags *t, const char *want)
{
    struct strbuf b = STRBUF_INIT;
    struct ruleset_info info = rules();
    tag_json_write(&b, c, t, &info);
    assert_false(strbuf_failed(&b));
    assert_string_equal(b.s, want);
    strbuf_free(&b);
}

static void test_a_conversation_without_tags(void **state)
{
    (void)state;
    struct conversation c = {.source = SLICE_LIT("zendesk"), .external_id = SLICE_LIT("c1")};
    struct tags t = {.deliveries = NULL};
    assert_json(&c, &t,
                "{\"conversation_id\":\"c1\",\"source\":\"zendesk\",\"ruleset\":\"0123456789abcdef0123456789abcdef\","
                "\"deliveries\":[],\"disputes\":[],\"hostile\":[],\"episodes\":[]}\n");
}

/* The example of the contract, with a hostile and an upset turn put in. */
static struct tags example(struct delivery *d, struct reaction *r, struct episode *ep)
{
    d[0] = (struct delivery){.turn = 1,
                             .style = STYLE_CHOICE,
                             .policy = 1,
                             .practices = 1u << PRACTICE_ALTERNATIVE | 1u << PRACTICE_REASON,
                             .p = 0.93004};
    d[1] = (struct delivery){.turn = 3, .style = STYLE_OFFRECORD, .policy = 0, .p = 1.0};
    r[0] = (struct reaction){2, TAG_DISPUTE, 0.81, false};
    r[1] = (struct reaction){2, TAG_UPSET, 0.5, false};
    r[2] = (struct reaction){4, TAG_HOSTILE, 0.12345, false};
    r[3] = (struct reaction){6, TAG_DISPUTE, 0.5, false};
    ep[0] = (struct episode){.policy = 1,
                             .first_turn = 1,
                             .agent_id = SLICE_LIT("a12"),
                             .style = STYLE_CHOICE,
                             .rounds = 2,
                             .is_disputed = true};
    ep[1] =
        (struct episode){.policy = 0, .first_turn = 3, .style = STYLE_OFFRECORD, .rounds = 1, .is_upset_before = true};
    return (struct tags){
        .deliveries = d, .ndeliveries = 2, .reactions = r, .nreactions = 4, .episodes = ep, .nepisodes = 2};
}

static void test_the_example_of_the_contract(void **state)
{
    (void)state;
    struct delivery d[2];
    struct reaction r[4];
    struct episode ep[2];
    struct tags t = example(d, r, ep);
    struct turn turns[7] = {{.role = ROLE_UNKNOWN}};
    struct conversation c = {
        .source = SLICE_LIT("zendesk"), .external_id = SLICE_LIT("c1"), .turns = turns, .nturns = 7};
    assert_json(&c, &t,
                "{\"conversation_id\":\"c1\",\"source\":\"zendesk\",\"ruleset\":\"0123456789abcdef0123456789abcdef\","
                "\"deliveries\":["
                "{\"turn\":1,\"style\":\"choice\",\"p\":0.93,\"policy\":\"refund-window\","
                "\"practices\":[\"reason\",\"alternative\"]},"
                "{\"turn\":3,\"style\":\"offrecord\",\"p\":1,\"policy\":\"unlisted\",\"practices\":[]}],"
                "\"disputes\":[{\"turn\":2,\"p\":0.81},{\"turn\":6,\"p\":0.5}],"
                "\"hostile\":[{\"turn\":4,\"p\":0.1235}],"
                "\"episodes\":["
                "{\"policy\":\"refund-window\",\"agent_id\":\"a12\",\"first_turn\":1,\"style\":\"choice\",\"rounds\":2,"
                "\"upset_before\":false,\"disputed\":true},"
                "{\"policy\":\"unlisted\",\"agent_id\":\"\",\"first_turn\":3,\"style\":\"offrecord\",\"rounds\":1,"
                "\"upset_before\":true,\"disputed\":false}]}\n");
}

static void test_what_an_export_wrote_is_escaped(void **state)
{
    (void)state;
    struct conversation c = {.source = SLICE_LIT("a\"b\\c"), .external_id = SLICE_LIT("x\ny\xff\0z")};
    struct tags t = {.deliveries = NULL};
    assert_json(&c, &t,
                "{\"conversation_id\":\"x\\ny\xef\xbf\xbd\\u0000z\",\"source\":\"a\\\"b\\\\c\","
                "\"ruleset\":\"0123456789abcdef0123456789abcdef\","
                "\"deliveries\":[],\"disputes\":[],\"hostile\":[],\"episodes\":[]}\n");
}

static void test_out_of_memory_is_remembered(void **state)
{
    (void)state;
    struct delivery d[2];
    struct reaction r[4];
    struct episode ep[2];
    struct tags t = example(d, r, ep);
    struct turn turns[7] = {{.role = ROLE_UNKNOWN}};
    struct conversation c = {
        .source = SLICE_LIT("zendesk"), .external_id = SLICE_LIT("c1"), .turns = turns, .nturns = 7};
    struct ruleset_info info = rules();
    long nfailed = 0;
    for (long nth = 1;; nth++) {
        struct strbuf b = STRBUF_INIT;
        failing_alloc_at(nth);
        tag_json_write(&b, &c, &t, &info);
        bool has_failed = failing_alloc_off();
        assert_int_equal(strbuf_failed(&b), has_failed);
        strbuf_free(&b);
        if (!has_failed)
            break;
        nfailed++;
    }
    assert_true(nfailed > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_conversation_without_tags),
        cmocka_unit_test(test_the_example_of_the_contract),
        cmocka_unit_test(test_what_an_export_wrote_is_escaped),
        cmocka_unit_test(test_out_of_memory_is_remembered),
    };
    return cmocka_run_group_tests_name("tag_json", tests, NULL, NULL);
}
