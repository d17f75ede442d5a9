/* The traps of the labelling guide, several wordings of each, as they are typed and as a recogniser writes them; beside
 * each the real thing, which must not be lost for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/analyze.h"

enum { TURNS_MAX = 8 };

static struct ruleset *rules;

static int load(void **state)
{
    struct err e;
    (void)state;
    return ruleset_load(&(struct ruleset_options){.policies = NULL}, &rules, &e) == ERR_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    ruleset_free(rules);
    return 0;
}

/* Lines "A: ..." and "C: ...", with a blank line between; the last one is judged. */
struct row {
    const char *said;
    bool known_failing; /* the shipped weights get it wrong: told, and no failure. To be struck where it holds */
};

static bool is_tagged(const char *said, enum tag_kind kind)
{
    struct turn turns[TURNS_MAX];
    struct conversation c = {.turns = turns};
    struct tags t;
    struct err e;
    while (*said != '\0') {
        size_t n = strcspn(said, "\n");
        assert_true(c.nturns < TURNS_MAX && n > 3);
        turns[c.nturns++] =
            (struct turn){.role = said[0] == 'A' ? ROLE_AGENT : ROLE_CUSTOMER, .text = {said + 3, n - 3}};
        said += n + (said[n] == '\n');
    }
    struct arena *a = arena_new(0);
    struct tagger *tagger = tagger_new(rules);
    assert_true(a != NULL && tagger != NULL);
    assert_int_equal(tagger_tag(tagger, &c, a, &t, &e), ERR_OK);
    bool is = false;
    for (uint32_t i = 0; i < t.ndeliveries && kind == TAG_DELIVERY; i++)
        is = is || t.deliveries[i].turn + 1 == c.nturns;
    for (uint32_t i = 0; i < t.nreactions && kind != TAG_DELIVERY; i++)
        is = is || (t.reactions[i].turn + 1 == c.nturns && t.reactions[i].kind == kind);
    tagger_free(tagger);
    arena_free(a);
    return is;
}

/* All rows, so that one failure does not hide the others. */
static void check(const struct row *rows, size_t n, enum tag_kind kind, bool want)
{
    size_t nwrong = 0, nknown = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_right = is_tagged(rows[i].said, kind) == want;
        nknown += rows[i].known_failing;
        nwrong += !is_right && !rows[i].known_failing;
        if (is_right && rows[i].known_failing)
            print_message("holds now, strike known_failing: %s\n", rows[i].said);
        else if (!is_right)
            print_message("%s%s: %s\n", rows[i].known_failing ? "(known) " : "", want ? "not tagged" : "tagged",
                          rows[i].said);
    }
    assert_int_equal(nwrong, 0);
    assert_true(2 * nknown <= n); /* a trap that mostly snaps is no known failure but a fault */
}
#define CHECK(rows, kind, want) check(rows, sizeof(rows) / sizeof((rows)[0]), kind, want)

static void routine_data_collection_is_no_delivery(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: hi, where is my order\nA: May I have your order number, please?"},
        {.said = "A: Could you please confirm your date of birth?"},
        {.said = "C: I'd like to check my balance\nA: Sure! Can I get the last four digits of your card?"},
        {.said = "A: Could I take your postcode and the first line of the address?"},
        {.said = "C: it still does not work\nA: Please restart the router and let me know if the light turns green."},
        {.said = "A: Thanks. And what e-mail address is the account registered with?"},
        {.said = "C: hello\nA: Hello, you're through to Sam. What's your name, please?"},
        {.said = "A: I just need your booking reference so I can pull it up."},
        {.said = "C: my parcel is late\nA: Let me check. I'll need the tracking number for that."},
        {.said = "C: yes hi\nA: okay can i take your first and last name for me please"},
        {.said = "A: right and if i could just have the account number that'd be great"},
        {.said = "A: so what i need from you is your date of birth and your postcode"},
        {.said = "A: and the phone number that's on the account what is that"},
        {.said = "C: i want to order two of those\nA: lovely and which address shall i send that to"},
        {.said = "A: could you turn the machine off at the wall for me and count to ten"},
    };
    CHECK(rows, TAG_DELIVERY, false);
}

static void data_asked_for_by_a_rule_is_a_delivery(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: just tell me my balance\nA: For security reasons I can't open the account until you verify your "
                 "date of birth."},
        {.said = "C: can I get a refund?\nA: You need the receipt for that, without it we can't refund anything."},
        {.said = "C: i forgot my security word\nA: no security word no information i'm afraid that's how it is"},
        {.said = "C: can you send it to my new address\nA: i can't change the address unless you pass security first"},
        {.said = "C: Can my wife call instead?\nA: We can only speak to the account holder."},
    };
    CHECK(rows, TAG_DELIVERY, true);
}

static void an_insurance_policy_is_no_rule(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "A: What is the number of your insurance policy?"},
        {.said = "A: And what is your policy number with the insurer?"},
        {.said = "C: I had an accident\nA: I'm sorry to hear that. Is the car on the same policy as your home?"},
        {.said = "A: I've found your policy, it is in the name of Jane Roe."},
        {.said = "C: did the renewal go through\nA: Yes, your policy was renewed on the first of May."},
        {.said = "C: has it gone through\nA: It has, the policy's live as of this morning."},
        {.said = "A: I've e-mailed the policy documents to you."},
        {.said = "A: Which of the two policies are you calling about, the car or the house?"},
        {.said = "A: thank you i can see the policy here it's a family travel policy isn't it"},
        {.said = "A: okay so your policy number's on the top right of the letter starts with a p"},
        {.said = "C: what's my policy number\nA: it's seven four two nine one"},
        {.said = "A: i've added your daughter to the policy for you"},
    };
    CHECK(rows, TAG_DELIVERY, false);
}

static void what_an_insurance_policy_rules_is_a_delivery(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: is it covered?\nA: I'm afraid your policy doesn't cover accidental damage."},
        {.said = "C: can I claim for the phone\nA: Under the policy we only pay for items over 100 pounds that are "
                 "listed."},
        {.said = "C: so i get nothing\nA: wear and tear isn't covered under the policy no"},
    };
    CHECK(rows, TAG_DELIVERY, true);
}

static void no_problem_is_no_refusal(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: thanks\nA: No problem at all, happy to help!"},
        {.said = "C: can you hold on a second\nA: No worries, take your time."},
        {.said = "C: sorry for the delay\nA: No rush. Whenever you are ready."},
        {.said = "C: can I change my address?\nA: No problem, I've updated it for you."},
        {.said = "C: is that everything?\nA: No, one more thing: which colour did you want?"},
        {.said = "C: Do I need to do anything else?\nA: Nope, that's all done."},
        {.said = "C: sorry i gave you the wrong one\nA: no no that's fine don't worry about it"},
        {.said = "C: could you move it to friday\nA: yeah no problem friday's booked for you"},
        {.said = "C: was there a charge\nA: no there's nothing on there at all you're all clear"},
        {.said = "C: is it broken\nA: no not at all it's just a loose cable"},
        {.said = "C: thank you so much\nA: not a problem you have a lovely day"},
        {.said = "C: have you got it in red\nA: no we've only got the blue left at the minute sorry"},
        {.said = "C: did it arrive?\nA: No, not yet. It left the depot this morning."},
    };
    CHECK(rows, TAG_DELIVERY, false);
}

static void a_no_that_refuses_is_a_delivery(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: can I bring my dog?\nA: No. Dogs are not allowed on board."},
        {.said = "C: can i have a refund then\nA: no you can't not after thirty days"},
        {.said = "C: Can you waive the late fee?\nA: No, we don't do that."},
        {.said = "C: could i get in without a ticket\nA: no nobody gets in without a ticket"},
    };
    CHECK(rows, TAG_DELIVERY, true);
}

static void you_dont_have_to_is_no_requirement(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: what now?\nA: You don't have to do anything, it's all done."},
        {.said = "C: shall I post it back?\nA: You don't need to send it back, keep it."},
        {.said = "A: You won't need to call again, I've noted everything."},
        {.said = "C: do I have to be at home?\nA: No, you don't have to be in, they'll leave it in the porch."},
        {.said = "A: There is no need to reset your password, the login works again."},
        {.said = "C: do i need an account\nA: You don't need one, just go straight to the checkout."},
        {.said = "C: do i have to ring the bank\nA: no you don't have to ring them i've done it from here"},
        {.said = "C: should i pack it\nA: oh you needn't bother with that the driver wraps it"},
        {.said = "A: you don't have to hold i can call you back when it's through"},
        {.said = "A: you haven't got to do anything now it just renews on its own"},
    };
    CHECK(rows, TAG_DELIVERY, false);
}

static void you_have_to_is_a_requirement(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: can I cancel by phone?\nA: You have to cancel in writing, at least 30 days before the end."},
        {.said = "C: so i just leave it\nA: no you've got to pay the fee before they'll release the car"},
        {.said = "C: can my son collect it\nA: He must bring a signed letter and your ID, otherwise we can't hand it "
                 "over."},
    };
    CHECK(rows, TAG_DELIVERY, true);
}

static void a_fault_called_unacceptable_is_no_dispute(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "A: Hello, how can I help?\nC: The screen broke after a week, that is unacceptable."},
        {.said = "C: I've been waiting for three days and my internet still doesn't work."},
        {.said = "C: The parcel never arrived. Terrible service."},
        {.said = "A: How can I help?\nC: Third time this month that the app crashes. This is ridiculous."},
        {.said = "C: @shop my order came with the wrong size AGAIN, not acceptable"},
        {.said = "C: Two hours late and the heating on the train was off. Shocking."},
        {.said = "A: What seems to be the matter?\nC: The food was cold and the driver was an hour late, I'm really "
                 "not happy."},
        {.said = "C: this is the fourth engineer you've sent and it still leaks it's a joke"},
        {.said = "A: hello\nC: yeah hi the washing machine you sold me is making a terrible noise it's just not good "
                 "enough"},
        {.said = "C: I was charged twice for one order. How does that even happen?"},
        {.said = "C: my flight got cancelled and nobody at the gate told us anything it's a disgrace"},
        {.said = "C: The website is so slow, it's unbelievable."},
        {.said = "C: stood on the platform for an hour and not one announcement shocking"},
    };
    CHECK(rows, TAG_DISPUTE, false);
}

static void a_rule_called_unacceptable_is_a_dispute(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: can I get a refund?\nA: Refunds are only possible within 30 days.\nC: That is unacceptable, I was "
                 "in hospital!"},
        {.said = "C: can i change the name\nA: names can't be changed on basic fares\nC: that's ridiculous it's one "
                 "letter"},
        {.said = "C: why 35 dollars?\nA: That is the overdraft fee, we charge it per day.\nC: So you take money from "
                 "people "
                 "who have none. Ridiculous."},
        {.said = "C: can i go now\nA: you have to pay the exit fee first\nC: i'm not paying that"},
    };
    CHECK(rows, TAG_DISPUTE, true);
}

static void quoting_a_rule_is_no_dispute(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: Your site says I need a receipt. Here it is."},
        {.said = "C: The mail says that I have to show my passport, is that right?"},
        {.said = "C: How long is the return window?"},
        {.said = "A: Refunds are possible within 30 days.\nC: Ok so it's thirty days, thanks for explaining."},
        {.said = "C: The leaflet says no refunds on sale items, does that include shoes?"},
        {.said = "C: I read that you can't take liquids. What about baby milk?"},
        {.said = "A: You need a permit to park there.\nC: I see, so residents only. Where do I apply?"},
        {.said = "C: It says here \"cancellation up to 24 hours before\", so I'm cancelling now, please."},
        {.said = "A: that fare isn't refundable\nC: right so it's not refundable okay can i move it instead"},
        {.said = "C: my friend said you don't take cash is that true"},
        {.said = "C: i know it's against the rules to leave bikes there so where can i put mine"},
        {.said = "A: we close the file after ninety days\nC: ninety days right got it"},
        {.said = "A: You can't smoke in the room.\nC: Of course not, I don't smoke anyway.", .known_failing = true},
    };
    CHECK(rows, TAG_DISPUTE, false);
}

static void what_a_customer_quotes_is_no_delivery(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: Your site says I need a receipt. Here it is."},
        {.said = "C: It is against your policy to refund opened items, I know."},
        {.said = "C: they told me i can't take the dog on the train"},
    };
    CHECK(rows, TAG_DELIVERY, false);
}

static void a_granted_exception_is_no_delivery(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said = "C: can you waive it?\nA: I've waived the fee for you, you're all set."},
        {.said = "A: I've made an exception and refunded it in full."},
        {.said = "C: it's two days late\nA: Good news, your claim was approved yesterday."},
        {.said = "A: There's no charge for that, I've added it to your account."},
        {.said = "C: please\nA: Okay, I've extended it until Friday."},
        {.said = "C: could you take the charge off?\nA: Done! It will be back on your card in a few days."},
        {.said = "C: can i still return it\nA: yes of course just send it back to us"},
        {.said = "C: it was a gift i've no receipt\nA: that's alright i've put it through for you without"},
        {.said = "C: would you let it go this once\nA: go on then i've taken it off for you"},
        {.said = "C: Any chance of a refund?\nA: Absolutely, I've just processed it."},
        {.said = "C: is it too late to change the name\nA: not at all that's changed now"},
        {.said = "A: My manager agreed, so the penalty is gone."},
        {.said = "A: They've let it through this once, you'll get the whole sum back."},
    };
    CHECK(rows, TAG_DELIVERY, false);
}

static void an_exception_with_a_rule_is_a_delivery(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.said =
             "C: can you waive it?\nA: Normally the fee can't be waived, but I'll make a one-time exception today."},
        {.said = "C: please\nA: We don't usually take returns after 30 days. Just this once I'll accept it."},
    };
    CHECK(rows, TAG_DELIVERY, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routine_data_collection_is_no_delivery),
        cmocka_unit_test(data_asked_for_by_a_rule_is_a_delivery),
        cmocka_unit_test(an_insurance_policy_is_no_rule),
        cmocka_unit_test(what_an_insurance_policy_rules_is_a_delivery),
        cmocka_unit_test(no_problem_is_no_refusal),
        cmocka_unit_test(a_no_that_refuses_is_a_delivery),
        cmocka_unit_test(you_dont_have_to_is_no_requirement),
        cmocka_unit_test(you_have_to_is_a_requirement),
        cmocka_unit_test(a_fault_called_unacceptable_is_no_dispute),
        cmocka_unit_test(a_rule_called_unacceptable_is_a_dispute),
        cmocka_unit_test(quoting_a_rule_is_no_dispute),
        cmocka_unit_test(what_a_customer_quotes_is_no_delivery),
        cmocka_unit_test(a_granted_exception_is_no_delivery),
        cmocka_unit_test(an_exception_with_a_rule_is_a_delivery),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
