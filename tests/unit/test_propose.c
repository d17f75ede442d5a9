/* propose.c: what is told in other words of one rule comes together, what has nothing in common does not */
#include "analyze/propose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analyze/analyze.h"
#include "tests/support/failing_alloc.h"

static int set_up(void **state)
{
    struct err e;
    struct ruleset *r = NULL;
    assert_int_equal(ruleset_load(&(struct ruleset_options){.policies = NULL}, &r, &e), ERR_OK);
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    ruleset_free(*state);
    return 0;
}

struct told {
    int64_t conversation;
    const char *text;
    bool is_disputed;
};

/* Two wordings of one rule with a link between them, another rule, and talk that is nobody's. */
static const struct told sample[] = {
    {1, "The parking permit is only for residents of this street.", true},
    {2, "I can't give you a parking permit without a tenancy agreement.", false},
    {3, "Parking permits end with the year.", false},
    {3, "As I said, the parking permit ends in December.", true},
    {4, "We only take a resident's card with the parking permit.", false},
    {5, "Without a resident's card there is no parking permit.", true},
    {6, "The resident's card is for those who live here only.", false},
    {7, "Your resident's card has run out.", false},
    {8, "Show the resident's card to get a parking permit.", false},
    {9, "You get the resident's card with the parking permit.", false},
    {10, "Library books may be renewed twice.", false},
    {11, "You can't renew library books that are overdue.", true},
    {12, "Library books have to be brought back before.", false},
    {12, "And library books may not be lent on.", false},
    {13, "A library book is not for cutting out.", false},
    {20, "We do not swim after dark.", false},
    {21, "Nobody feeds the geese.", false},
    {22, "Bonfires end at midnight.", false},
    {23, "Dogs stay on a lead.", false},
    {24, "The hall closes for cleaning.", false},
    {25, "Bicycles stand behind the house.", false},
    {26, "Paint belongs into the yellow container.", false},
    {27, "Horses drink first.", false},
};

static enum err_code tell(struct proposer *p, const struct told *all, size_t n, struct err *e)
{
    static const char *const others[] = {"Hello, how can I help you?", "Let me look that up for you.",
                                         "Is there anything else?", "I have found your file."};
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        bool is_listed;
        struct statement s = {.conversation = all[i].conversation,
                              .turn = (uint32_t)i,
                              .ndeliveries = 1,
                              .text = slice_of(all[i].text),
                              .style = STYLE_NEUTRAL,
                              .p = 0.5 + (double)(i % 5) / 10,
                              .is_disputed = all[i].is_disputed};
        rc = proposer_add(p, &s, &is_listed, e);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0] && rc == ERR_OK; i++)
        rc = proposer_add_other(p, slice_of(others[i]), e);
    return rc;
}

enum { NSAMPLE = sizeof sample / sizeof sample[0] };

static void wordings_of_a_rule_come_together(void **state)
{
    struct err e;
    struct proposer *p = proposer_new(*state);
    const struct proposal *all;
    size_t n;
    assert_non_null(p);
    assert_int_equal(tell(p, sample, NSAMPLE, &e), ERR_OK);
    assert_int_equal(proposer_run(p, &(struct propose_options){.least = 3, .examples = 2}, &all, &n, &e), ERR_OK);
    assert_int_equal(n, 2);
    assert_true(slice_is(all[0].id, "parking-permit"));
    assert_true(slice_starts(all[0].title, "Parking permit"));
    assert_true(slice_is(all[0].phrases, "parking permit;resident's card"));
    assert_int_equal(all[0].nconversations, 9); /* 6 and 7 by the card only */
    assert_int_equal(all[0].nstatements, 10);
    assert_int_equal(all[0].ndeliveries, 10);
    assert_int_equal(all[0].ndisputed, 3); /* conversations 1, 3 and 5 */
    assert_int_equal(all[0].styles[STYLE_NEUTRAL], 10);
    assert_true(slice_is(all[1].id, "library-books"));
    assert_int_equal(all[1].nconversations, 4);
    assert_int_equal(all[1].nstatements, 5);
    assert_int_equal(all[1].ndisputed, 1);
    proposer_free(p);
}

static void examples_are_the_surest_of_different_conversations(void **state)
{
    struct err e;
    struct proposer *p = proposer_new(*state);
    const struct proposal *all;
    size_t n;
    assert_int_equal(tell(p, sample, NSAMPLE, &e), ERR_OK);
    assert_int_equal(proposer_run(p, &(struct propose_options){.least = 3, .examples = 3}, &all, &n, &e), ERR_OK);
    assert_int_equal(all[0].nexamples, 3);
    for (uint32_t i = 0; i < 3; i++)
        for (uint32_t k = 0; k < i; k++) {
            assert_true(all[0].examples[k]->p >= all[0].examples[i]->p);
            assert_int_not_equal(all[0].examples[k]->conversation, all[0].examples[i]->conversation);
        }
    assert_int_equal(all[0].examples[0]->conversation, 4); /* p = 0.9 */
    assert_true(slice_is(all[0].examples[0]->text, sample[4].text));
    proposer_free(p);
    p = proposer_new(*state); /* none wanted: none given */
    assert_int_equal(tell(p, sample, NSAMPLE, &e), ERR_OK);
    assert_int_equal(proposer_run(p, &(struct propose_options){.least = 3}, &all, &n, &e), ERR_OK);
    assert_int_equal(all[0].nexamples, 0);
    proposer_free(p);
}

static void what_is_told_in_too_few_conversations_is_not_proposed(void **state)
{
    static const struct {
        uint32_t least;
        size_t want;
    } rows[] = {{4, 2}, {5, 1}, {10, 0}};
    struct err e;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct proposer *p = proposer_new(*state);
        const struct proposal *all;
        size_t n;
        assert_int_equal(tell(p, sample, NSAMPLE, &e), ERR_OK);
        assert_int_equal(proposer_run(p, &(struct propose_options){.least = rows[i].least}, &all, &n, &e), ERR_OK);
        assert_int_equal(n, rows[i].want);
        proposer_free(p);
    }
}

static void nothing_told_nothing_proposed(void **state)
{
    static const struct told odd[] = {{1, "", false},
                                      {2, "...", false},
                                      {3, "30 60 90 $5 x1 y2", false},
                                      {4, "the and of", false},
                                      {5, "\xff\xfe", false}};
    struct err e;
    for (size_t told = 0; told <= sizeof odd / sizeof odd[0]; told++) {
        struct proposer *p = proposer_new(*state);
        const struct proposal *all;
        size_t n = 7;
        assert_int_equal(tell(p, odd, told, &e), ERR_OK);
        assert_int_equal(proposer_run(p, &(struct propose_options){.least = 2}, &all, &n, &e), ERR_OK);
        assert_int_equal(n, 0);
        proposer_free(p);
    }
}

/* What is proposed is a catalogue: it loads, covers all that it was made of, and then nothing is proposed again. */
static void the_catalogue_that_is_proposed_covers_what_it_was_made_of(void **state)
{
    struct err e;
    struct proposer *p = proposer_new(*state);
    const struct proposal *all;
    size_t n;
    uint32_t nstatements = 0;
    char path[] = "/tmp/broach-propose-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    assert_non_null(f);
    assert_int_equal(tell(p, sample, NSAMPLE, &e), ERR_OK);
    assert_int_equal(proposer_run(p, &(struct propose_options){.least = 2}, &all, &n, &e), ERR_OK);
    (void)fprintf(f, "id,title,owner,phrases\n");
    for (size_t i = 0; i < n; i++) {
        (void)fprintf(f, "%.*s,\"%.*s\",,%.*s\n", SLICE_ARG(all[i].id), SLICE_ARG(all[i].title),
                      SLICE_ARG(all[i].phrases));
        nstatements += all[i].nstatements;
    }
    (void)fclose(f);
    proposer_free(p);
    struct ruleset *r;
    if (ruleset_load(&(struct ruleset_options){.policies = path}, &r, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    (void)remove(path);
    p = proposer_new(r);
    uint32_t nlisted = 0;
    for (size_t i = 0; i < NSAMPLE; i++) {
        bool is_listed;
        struct statement s = {.conversation = sample[i].conversation, .text = slice_of(sample[i].text)};
        assert_int_equal(proposer_add(p, &s, &is_listed, &e), ERR_OK);
        nlisted += is_listed;
    }
    assert_true(nstatements >= 15);
    assert_int_equal(nlisted, nstatements);
    assert_int_equal(proposer_run(p, &(struct propose_options){.least = 2}, &all, &n, &e), ERR_OK);
    assert_int_equal(n, 0);
    proposer_free(p);
    ruleset_free(r);
}

static void an_id_of_the_catalogue_is_not_proposed_again(void **state)
{
    (void)state;
    struct err e;
    struct ruleset *r;
    char path[] = "/tmp/broach-propose-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    assert_non_null(f);
    (void)fprintf(f,
                  "id,title,owner,phrases\nparking-permit,Other,,nothing like it\nparking-permit-2,Other,,nor that\n");
    (void)fclose(f);
    assert_int_equal(ruleset_load(&(struct ruleset_options){.policies = path}, &r, &e), ERR_OK);
    (void)remove(path);
    struct proposer *p = proposer_new(r);
    const struct proposal *all;
    size_t n;
    assert_int_equal(tell(p, sample, NSAMPLE, &e), ERR_OK);
    assert_int_equal(proposer_run(p, &(struct propose_options){.least = 3}, &all, &n, &e), ERR_OK);
    assert_true(slice_is(all[0].id, "parking-permit-3"));
    proposer_free(p);
    ruleset_free(r);
}

static void out_of_memory_is_told(void **state)
{
    struct err e;
    bool failed_once = false;
    for (long nth = 1;; nth++) {
        const struct proposal *all;
        size_t n;
        failing_alloc_at(nth);
        struct proposer *p = proposer_new(*state);
        enum err_code rc = p != NULL ? tell(p, sample, NSAMPLE, &e) : ERR_NOMEM;
        if (rc == ERR_OK)
            rc = proposer_run(p, &(struct propose_options){.least = 3, .examples = 1}, &all, &n, &e);
        bool failed = failing_alloc_off();
        assert_int_equal(rc, failed ? ERR_NOMEM : ERR_OK);
        proposer_free(p);
        if (!failed)
            break;
        failed_once = true;
    }
    assert_true(failed_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wordings_of_a_rule_come_together),
        cmocka_unit_test(examples_are_the_surest_of_different_conversations),
        cmocka_unit_test(what_is_told_in_too_few_conversations_is_not_proposed),
        cmocka_unit_test(nothing_told_nothing_proposed),
        cmocka_unit_test(the_catalogue_that_is_proposed_covers_what_it_was_made_of),
        cmocka_unit_test(an_id_of_the_catalogue_is_not_proposed_again),
        cmocka_unit_test(out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
