#include "report/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"

static void offer(struct evidence *ev, int64_t key, double quality, int64_t conversation, int64_t turn)
{
    evidence_offer(ev, EVIDENCE_POLICY, key, 0, quality, (struct exchange){conversation, turn});
}

static void the_best_few_are_kept_in_order(void **state)
{
    size_t n;
    struct evidence *ev = evidence_new(3, 10);
    (void)state;
    evidence_want(ev, EVIDENCE_POLICY, 7, 0);
    offer(ev, 7, 0.5, 40, 1);
    offer(ev, 7, 0.9, 30, 2);
    offer(ev, 7, 0.5, 20, 9);
    offer(ev, 7, 0.5, 20, 3);
    offer(ev, 7, 0.1, 10, 1);
    const struct exchange *best = evidence_best(ev, EVIDENCE_POLICY, 7, 0, &n);
    assert_int_equal(n, 3);
    assert_true(best[0].conversation == 30 && best[0].turn == 2);
    assert_true(best[1].conversation == 20 && best[1].turn == 3);
    assert_true(best[2].conversation == 20 && best[2].turn == 9);
    evidence_free(ev);
}

static void the_order_of_offers_does_not_matter(void **state)
{
    static const struct exchange xs[] = {{1, 1}, {1, 2}, {2, 0}, {3, 5}, {4, 4}};
    static const double quality[] = {0.2, 0.7, 0.7, 0.9, 0.2};
    static const int orders[][5] = {{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 4, 0, 3, 1}};
    (void)state;
    for (size_t o = 0; o < 3; o++) {
        size_t n;
        struct evidence *ev = evidence_new(4, 10);
        evidence_want(ev, EVIDENCE_AGENT, -1, 0);
        for (size_t i = 0; i < 5; i++)
            evidence_offer(ev, EVIDENCE_AGENT, -1, 0, quality[orders[o][i]], xs[orders[o][i]]);
        const struct exchange *best = evidence_best(ev, EVIDENCE_AGENT, -1, 0, &n);
        assert_int_equal(n, 4);
        assert_int_equal(best[0].conversation, 3);
        assert_true(best[1].conversation == 1 && best[1].turn == 2);
        assert_int_equal(best[2].conversation, 2);
        assert_true(best[3].conversation == 1 && best[3].turn == 1);
        evidence_free(ev);
    }
}

static void what_nobody_wants_is_not_kept(void **state)
{
    size_t n;
    struct evidence *ev = evidence_new(5, 10);
    (void)state;
    evidence_want(ev, EVIDENCE_POLICY, 1, 0);
    offer(ev, 2, 1, 1, 1);
    evidence_offer(ev, EVIDENCE_AGENT, 1, 0, 1, (struct exchange){1, 1});
    evidence_offer(ev, EVIDENCE_POLICY, 1, 1, 1, (struct exchange){1, 1});
    (void)evidence_best(ev, EVIDENCE_POLICY, 1, 0, &n);
    assert_int_equal(n, 0);
    (void)evidence_best(ev, EVIDENCE_POLICY, 2, 0, &n);
    assert_int_equal(n, 0);
    evidence_free(ev);
}

static void many_numbers_keep_apart(void **state)
{
    struct evidence *ev = evidence_new(1, 10);
    size_t n;
    (void)state;
    for (int64_t i = 0; i < 5000; i++) {
        evidence_want(ev, EVIDENCE_AGENT_POLICY, i, -i);
        evidence_want(ev, EVIDENCE_AGENT_POLICY, i, -i); /* twice is once */
        evidence_offer(ev, EVIDENCE_AGENT_POLICY, i, -i, 1, (struct exchange){1000 + i, 2});
    }
    for (int64_t i = 0; i < 5000; i++) {
        const struct exchange *best = evidence_best(ev, EVIDENCE_AGENT_POLICY, i, -i, &n);
        assert_int_equal(n, 1);
        assert_int_equal(best->conversation, 1000 + i);
    }
    assert_false(evidence_failed(ev));
    evidence_free(ev);
}

static void citing_is_once_each_in_order_and_bounded(void **state)
{
    size_t n;
    struct evidence *ev = evidence_new(5, 3);
    (void)state;
    assert_true(evidence_cite(ev, (struct exchange){9, 1}));
    assert_true(evidence_cite(ev, (struct exchange){4, 1}));
    assert_true(evidence_cite(ev, (struct exchange){9, 1}));
    assert_true(evidence_cite(ev, (struct exchange){9, 2}));
    assert_false(evidence_cite(ev, (struct exchange){5, 5})); /* full */
    assert_true(evidence_cite(ev, (struct exchange){4, 1}));  /* but this one is there */
    const struct exchange *cited = evidence_cited(ev, &n);
    assert_int_equal(n, 3);
    assert_int_equal(cited[0].conversation, 9);
    assert_int_equal(cited[1].conversation, 4);
    assert_int_equal(cited[2].turn, 2);
    evidence_free(ev);
}

static void the_best_of_every_number_are_cited_first(void **state)
{
    size_t n;
    struct evidence *ev = evidence_new(2, 4);
    (void)state;
    for (int64_t key = 1; key <= 3; key++) {
        evidence_want(ev, EVIDENCE_POLICY, key, 0);
        offer(ev, key, 0.9, key, 1);
        offer(ev, key, 0.8, key, 2);
    }
    evidence_cite_best(ev);
    const struct exchange *cited = evidence_cited(ev, &n);
    assert_int_equal(n, 4);
    for (int64_t i = 0; i < 3; i++)
        assert_true(cited[i].conversation == i + 1 && cited[i].turn == 1);
    assert_true(cited[3].conversation == 1 && cited[3].turn == 2);
    assert_true(evidence_is_cited(ev, (struct exchange){3, 1}));
    assert_false(evidence_is_cited(ev, (struct exchange){3, 2}));
    evidence_free(ev);
}

static void a_number_has_one_list(void **state)
{
    size_t n;
    struct evidence *ev = evidence_new(2, 4);
    (void)state;
    for (int64_t key = 0; key < 300; key++) {
        evidence_want(ev, EVIDENCE_POLICY, key, 0);
        assert_int_equal(evidence_list(ev, EVIDENCE_POLICY, key, 0, slice_of("Title"), 7), key);
    }
    assert_int_equal(evidence_list(ev, EVIDENCE_POLICY, 17, 0, slice_of("Another"), 8), 17);
    const struct evidence_list *lists = evidence_lists(ev, &n);
    assert_int_equal(n, 300);
    assert_string_equal(lists[17].title, "Title");
    assert_int_equal(lists[17].all, 7);
    evidence_free(ev);
}

static void running_out_of_memory_is_remembered(void **state)
{
    (void)state;
    for (long nth = 1;; nth++) {
        size_t n = 0;
        failing_alloc_at(nth);
        struct evidence *ev = evidence_new(5, 10);
        for (int64_t i = 0; ev != NULL && i < 200; i++) {
            evidence_want(ev, EVIDENCE_POLICY, i, 0);
            offer(ev, i, 1, i, 0);
            (void)evidence_list(ev, EVIDENCE_POLICY, i, 0, slice_of("Title"), 1);
        }
        if (ev != NULL)
            evidence_cite_best(ev);
        bool has_failed = failing_alloc_off();
        if (has_failed)
            assert_true(ev == NULL || evidence_failed(ev));
        else
            (void)evidence_best(ev, EVIDENCE_POLICY, 199, 0, &n);
        evidence_free(ev);
        if (!has_failed) {
            assert_int_equal(n, 1);
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_few_are_kept_in_order),
        cmocka_unit_test(the_order_of_offers_does_not_matter),
        cmocka_unit_test(what_nobody_wants_is_not_kept),
        cmocka_unit_test(many_numbers_keep_apart),
        cmocka_unit_test(citing_is_once_each_in_order_and_bounded),
        cmocka_unit_test(the_best_of_every_number_are_cited_first),
        cmocka_unit_test(a_number_has_one_list),
        cmocka_unit_test(running_out_of_memory_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
