/* tagger.c, explain.c: the traps of the labelling guide, no leakage, evidence, policies, memory */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/analyze.h"
#include "core/strbuf.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/tmpdir.h"

enum { TURNS_MAX = 16 };

struct fixture {
    struct ruleset *rules;
    struct tagger *tagger;
    struct arena *a;
    struct conversation c;
    struct turn turns[TURNS_MAX];
    struct err e;
};

static int set_up_with(struct fixture *f, const char *policies)
{
    memset(f, 0, sizeof *f);
    struct ruleset_options o = {.policies = policies};
    if (ruleset_load(&o, &f->rules, &f->e) != ERR_OK)
        return -1;
    f->tagger = tagger_new(f->rules);
    f->a = arena_new(0);
    if (f->tagger == NULL || f->a == NULL)
        return -1;
    tagger_find_hits(f->tagger);
    return 0;
}

static struct fixture fixture; /* loading the rules once is enough for all tests */

static int group_set_up(void **state)
{
    *state = &fixture;
    return set_up_with(&fixture, NULL);
}

static void free_fixture(struct fixture *f)
{
    arena_free(f->a);
    tagger_free(f->tagger);
    ruleset_free(f->rules);
}

static int group_tear_down(void **state)
{
    free_fixture(*state);
    return 0;
}

/* A conversation of lines: "A: ...", "C: ...", "B: ..." (bot), "S: ..." (system), "N: ..." (note), "?: ..." */
static void converse(struct fixture *f, const char *const *lines, size_t n)
{
    f->c = (struct conversation){.turns = f->turns, .nturns = (uint32_t)n};
    for (size_t i = 0; i < n; i++) {
        static const char letters[] = "?ACBSN";
        const char *at = strchr(letters, lines[i][0]);
        assert_non_null(at);
        f->turns[i] = (struct turn){.role = (enum role)(at - letters), .text = slice_of(lines[i] + 3)};
    }
}

static struct tags tag(struct fixture *f, const char *const *lines, size_t n)
{
    struct tags t;
    converse(f, lines, n);
    assert_int_equal(tagger_tag(f->tagger, &f->c, f->a, &t, &f->e), ERR_OK);
    return t;
}
#define TAG(f, ...)                                                                                                    \
    tag(f, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static bool reacts(const struct tags *t, uint32_t turn, enum tag_kind kind)
{
    for (uint32_t i = 0; i < t->nreactions; i++)
        if (t->reactions[i].turn == turn && t->reactions[i].kind == kind)
            return true;
    return false;
}

/* ---- what is a delivery ---- */

static void refusals_rules_and_conditions_are_deliveries(void **state)
{
    static const struct {
        const char *text;
        enum style style;
    } rows[] = {
        {"A: That is against our policy. There is nothing I can do, no exceptions.", STYLE_CONFRONTATIONAL},
        {"A: You should have read the terms. We don't refund that.", STYLE_CONFRONTATIONAL},
        {"A: I can't waive the fee, but I could move you to a later date - would that work for you?", STYLE_CHOICE},
        {"A: Sorry, refunds are only possible within 30 days.", STYLE_NEUTRAL},
        {"A: Technically we don't allow pets, but nobody checks. You didn't hear that from me.", STYLE_OFFRECORD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tags t = TAG(*state, "C: Hello, can I get this sorted?", rows[i].text);
        if (t.ndeliveries != 1 || t.deliveries[0].turn != 1 || t.deliveries[0].style != rows[i].style)
            fail_msg("%s: %u deliveries, style %d", rows[i].text, t.ndeliveries,
                     t.ndeliveries > 0 ? (int)t.deliveries[0].style : 0);
    }
}

/* More cues in a turn than it has room for features: what they say must not take the place of what decides. */
static void many_cues_of_ones_own_do_not_crowd_out_the_rest(void **state)
{
    (void)state;
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    struct strbuf cues = STRBUF_INIT, text = STRBUF_INIT;
    struct fixture f = {.rules = NULL};
    strbuf_puts(&text, "A: Sorry, we cannot refund that, it is against our policy.");
    for (int i = 0; i < 600; i++) {
        strbuf_printf(&cues, "[own.c%d]\nany = xyz%dq\nyes = xyz%dq\nno = x\n", i, i, i);
        strbuf_printf(&text, " xyz%dq", i);
    }
    struct tags plain = TAG(&fixture, "C: Can I have my money back?", text.s);
    tmpdir_new(dir);
    tmpdir_write(dir, "own.cues", cues.s, cues.n);
    struct ruleset_options o = {.rules_dir = tmpdir_path(path, dir, ".")};
    assert_int_equal(ruleset_load(&o, &f.rules, &f.e), ERR_OK);
    f.tagger = tagger_new(f.rules);
    f.a = arena_new(0);
    assert_true(f.tagger != NULL && f.a != NULL);
    struct tags t = TAG(&f, "C: Can I have my money back?", text.s);
    assert_int_equal(plain.ndeliveries, t.ndeliveries);
    assert_true(t.ndeliveries == 0 || (t.deliveries[0].style == plain.deliveries[0].style &&
                                       t.deliveries[0].practices == plain.deliveries[0].practices &&
                                       t.deliveries[0].p == plain.deliveries[0].p));
    strbuf_free(&cues);
    strbuf_free(&text);
    free_fixture(&f);
    tmpdir_free(dir);
}

static void traps_are_no_deliveries(void **state)
{
    static const char *const rows[] = {
        "A: May I have your order number, please?",            /* routine data collection */
        "A: Could you please confirm your date of birth?",     /* ... */
        "A: What is the number of your insurance policy?",     /* a policy that is none */
        "A: No problem at all, happy to help!",                /* no */
        "A: You don't have to do anything, it's all done.",    /* have to */
        "A: Good news, your claim was approved yesterday.",    /* a status */
        "A: I've waived the fee for you, you're all set.",     /* granted */
        "A: I can't hear you very well, could you speak up?",  /* can't */
        "A: Thank you for calling, how can I help you today?", /* ... */
        "A: Please restart the router and let me know.",       /* an action */
        "A: Could I take your postcode and the first line of the address?",
        "A: And what is your policy number with the insurer?",
        "A: No worries, take your time.",
        "A: You don't need to send it back, keep it.",
        "A: There's no charge for that, I've added it to your account.",
        "A: I've made an exception and refunded it in full.",
        "A: Sorry, we have no large ones left in stock.",
        "A: I'm afraid I don't know, let me look.",
        "A: Your flight leaves at ten past five.",
        "A: The monthly plan costs 30 dollars.",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tags t = TAG(*state, "C: Hello, I have a question.", rows[i]);
        if (t.ndeliveries != 0)
            fail_msg("%s: p %.2f", rows[i], t.deliveries[0].p);
    }
}

static void practices_are_found(void **state)
{
    struct tags t =
        TAG(*state, "C: Can I return it?",
            "A: I'm sorry, I understand how frustrating this is, but we can't refund opened software because "
            "of the licence. I can ask my supervisor for an exception.");
    assert_int_equal(t.ndeliveries, 1);
    uint32_t p = t.deliveries[0].practices;
    assert_true((p & 1u << PRACTICE_APOLOGY) != 0);
    assert_true((p & 1u << PRACTICE_ACKNOWLEDGE) != 0);
    assert_true((p & 1u << PRACTICE_REASON) != 0);
    assert_true((p & 1u << PRACTICE_ESCALATE) != 0);
    assert_true((p & 1u << PRACTICE_BLAME) == 0);
}

/* ---- customers ---- */

static void disputes_hostility_and_upset_are_told_apart(void **state)
{
    struct tags t =
        TAG(*state, "C: Can I get a refund for this?", "A: No, refunds are not possible after 30 days.",
            "C: But that's not fair, nobody told me. I was promised a refund!", "A: It is our policy.",
            "C: You people are idiots, go to hell.", "A: We don't refund that.", "C: Okay, thank you, bye.");
    assert_true(reacts(&t, 2, TAG_DISPUTE));
    assert_false(reacts(&t, 2, TAG_HOSTILE));
    assert_true(reacts(&t, 4, TAG_HOSTILE));
    assert_false(reacts(&t, 0, TAG_DISPUTE));
    assert_false(reacts(&t, 6, TAG_DISPUTE));
    assert_false(reacts(&t, 6, TAG_HOSTILE));
    t = TAG(*state, "C: I'm furious, this is a nightmare and I've had enough of waiting for it");
    assert_true(reacts(&t, 0, TAG_UPSET));
    assert_false(reacts(&t, 0, TAG_HOSTILE));
}

static void quoting_a_rule_or_asking_about_it_is_no_dispute(void **state)
{
    static const char *const rows[] = {
        "C: How long is the return window?",
        "C: Ok so it's thirty days, thanks for explaining.",
        "C: The leaflet says no refunds on sale items, does that include shoes?",
        "C: The mail says that I have to show my passport, is that right?",
        "C: What do I need for a refund?",
        "C: Thank you for making an exception.",
        "C: No problem, I'll wait.",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tags t = TAG(*state, rows[i]);
        if (reacts(&t, 0, TAG_DISPUTE) || t.ndeliveries != 0)
            fail_msg("%s", rows[i]);
    }
}

static void faults_are_no_disputes(void **state)
{
    static const char *const rows[] = {
        "C: The screen broke after a week, that is unacceptable.",
        "C: I've been waiting for three days and my internet still doesn't work.",
        "C: The parcel never arrived. Terrible service.",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tags t = TAG(*state, "A: Hello, how can I help?", rows[i], "A: I'm sorry, let me look into it.");
        if (reacts(&t, 1, TAG_DISPUTE) || t.ndeliveries != 0)
            fail_msg("%s", rows[i]);
    }
}

static void only_agents_deliver_and_only_customers_react(void **state)
{
    struct tags t =
        TAG(*state, "B: Refunds are not possible, it is against our policy.", "S: That's not fair, you idiots.",
            "N: We can't refund this.", "?: We can't refund this.",
            "C: We can't refund this, it is against our policy.", "A: That's not fair, you idiots.", "A:  ");
    for (uint32_t i = 0; i < t.ndeliveries; i++)
        assert_int_equal(t.deliveries[i].turn, 5);
    for (uint32_t i = 0; i < t.nreactions; i++)
        assert_int_equal(t.reactions[i].turn, 4);
}

/* ---- no leakage ---- */

static bool same_deliveries(const struct tags *x, const struct tags *y, uint32_t before)
{
    uint32_t i = 0;
    for (; i < x->ndeliveries && x->deliveries[i].turn < before; i++) {
        const struct delivery *d = &x->deliveries[i];
        if (i >= y->ndeliveries || d->turn != y->deliveries[i].turn || d->style != y->deliveries[i].style ||
            d->practices != y->deliveries[i].practices || d->p != y->deliveries[i].p ||
            d->p_style != y->deliveries[i].p_style)
            return false;
    }
    return i == y->ndeliveries || y->deliveries[i].turn >= before;
}

static void later_turns_do_not_change_earlier_tags(void **state)
{
    struct tags x = TAG(*state, "C: can i change the name", "A: names can't be changed on basic fares",
                        "C: that's ridiculous, you must be joking", "A: that's the policy", "C: i want a manager");
    struct tags y = TAG(*state, "C: can i change the name", "A: names can't be changed on basic fares",
                        "C: oh ok, thanks a lot", "A: you're welcome", "C: bye");
    assert_true(x.ndeliveries > 0 && x.deliveries[0].turn == 1);
    assert_true(same_deliveries(&x, &y, 2));
    struct tags cut = TAG(*state, "C: can i change the name", "A: names can't be changed on basic fares",
                          "C: that's ridiculous, you must be joking");
    assert_true(same_deliveries(&x, &cut, 3));
    assert_true(reacts(&x, 2, TAG_DISPUTE) && reacts(&cut, 2, TAG_DISPUTE));
}

static void how_it_was_delivered_does_not_change_disputes(void **state)
{
    static const char *const told[] = {
        "A: No. You should have read the terms. No refunds, no exceptions, policy is policy.",
        "A: I'm sorry, I understand, refunds are only possible within 30 days. Would you like a voucher instead?",
        "A: Unfortunately refunds are not possible after 30 days.",
    };
    static const char *const answers[] = {
        "C: so i just lose it", "C: but i was in hospital", "C: right ok", "C: how do i do that?", "C: nobody told me",
    };
    for (size_t k = 0; k < sizeof answers / sizeof answers[0]; k++) {
        double p[3] = {0};
        bool is[3];
        for (size_t i = 0; i < 3; i++) {
            struct tags t = TAG(*state, "C: can i get a refund", told[i], answers[k]);
            assert_int_equal(t.ndeliveries, 1); /* the deliveries are kept, only their wording differs */
            is[i] = reacts(&t, 2, TAG_DISPUTE);
            for (uint32_t r = 0; r < t.nreactions; r++)
                if (t.reactions[r].turn == 2 && t.reactions[r].kind == TAG_DISPUTE)
                    p[i] = t.reactions[r].p;
        }
        assert_true(is[0] == is[1] && is[1] == is[2]);
        assert_true(p[0] == p[1] && p[1] == p[2]);
    }
}

/* ---- evidence, policies, explaining ---- */

static void evidence_points_at_words_of_tagged_turns(void **state)
{
    struct fixture *f = *state;
    struct tags t = TAG(f, "C: hello", "A: I'm sorry, we can't refund opened items.",
                        "C: That's not fair at all, I was told otherwise!", "A: thank you");
    struct ruleset_info info = ruleset_info(f->rules);
    assert_true(t.nhits > 0);
    uint32_t per_turn[4] = {0};
    for (uint32_t i = 0; i < t.nhits; i++) {
        const struct cue_hit *h = &t.hits[i];
        assert_true(h->turn == 1 || h->turn == 2);
        assert_true(h->cue < info.ncues);
        assert_true(h->span.from < h->span.to && h->span.to <= f->turns[h->turn].text.n);
        assert_true(h->weight != 0);
        assert_true(h->turn == 1 ? h->kind <= TAG_PRACTICE : h->kind >= TAG_DISPUTE);
        assert_true(i == 0 || t.hits[i - 1].turn <= h->turn);
        per_turn[h->turn]++;
    }
    assert_true(per_turn[1] <= 6 && per_turn[2] <= 6);
}

static void hits_are_found_where_asked_for(void **state)
{
    struct fixture *f = *state;
    struct tags with = TAG(f, "C: can i get my money back", "A: No. We can't refund opened items, unfortunately.",
                           "C: That's ridiculous, I was told otherwise!");
    struct tagger *t = tagger_new(f->rules);
    assert_non_null(t);
    struct tags without;
    assert_int_equal(tagger_tag(t, &f->c, f->a, &without, &f->e), ERR_OK);
    assert_true(with.nhits > 0 && with.ndeliveries > 0 && with.nreactions > 0);
    assert_int_equal(without.nhits, 0);
    assert_int_equal(without.ndeliveries, with.ndeliveries);
    assert_int_equal(without.nreactions, with.nreactions);
    for (uint32_t i = 0; i < with.ndeliveries; i++)
        assert_true(without.deliveries[i].p == with.deliveries[i].p &&
                    without.deliveries[i].p_style == with.deliveries[i].p_style &&
                    without.deliveries[i].practices == with.deliveries[i].practices);
    for (uint32_t i = 0; i < with.nreactions; i++)
        assert_true(without.reactions[i].kind == with.reactions[i].kind &&
                    without.reactions[i].p == with.reactions[i].p);
    tagger_free(t);
}

static void deliveries_find_their_policy(void **state)
{
    (void)state;
    static const char csv[] = "id,title,owner,phrases\nname,Names,,name;names\nbags,Bags,,bag*\n";
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    tmpdir_new(dir);
    tmpdir_write(dir, "policies.csv", csv, sizeof csv - 1);
    struct fixture f;
    assert_int_equal(set_up_with(&f, tmpdir_path(path, dir, "policies.csv")), 0);
    struct tags t = TAG(&f, "C: can i change the name on it", "A: Sorry, it can't be changed, that is not allowed.",
                        "C: and the suitcase", "A: Each bag over 20 kilos costs a $40 fee.", "C: why",
                        "A: That's our policy, there are no exceptions.");
    assert_int_equal(t.ndeliveries, 3);
    assert_int_equal(t.deliveries[0].policy, 1); /* by the customer's words */
    assert_int_equal(t.deliveries[1].policy, 2); /* by its own */
    assert_int_equal(t.deliveries[2].policy, 2); /* by the turns before */
    assert_int_equal(t.nepisodes, 2);
    t = TAG(&f, "C: hello", "A: I'm sorry, I can't allow that, it is against our policy.", "A: One moment.",
            "A: Each bag over 20 kilos costs a $40 fee.");
    assert_int_equal(t.ndeliveries, 2); /* one statement: of the policy that its second turn names */
    assert_int_equal(t.deliveries[0].policy, 2);
    assert_int_equal(t.deliveries[0].key_phrases.n, 0);
    assert_int_equal(t.nepisodes, 1);
    t = TAG(&f, "C: hello", "A: I'm sorry, I can't allow that, it is against our policy.", "C: why",
            "A: Each bag over 20 kilos costs a $40 fee.");
    assert_int_equal(t.ndeliveries, 2); /* two: the customer spoke between them */
    assert_int_equal(t.deliveries[0].policy, 0);
    assert_int_equal(t.nepisodes, 2);
    t = TAG(&f, "A: We can't accept expired passports here, that is not allowed.");
    assert_int_equal(t.ndeliveries, 1);
    assert_int_equal(t.deliveries[0].policy, 0);
    assert_non_null(strstr(t.deliveries[0].key_phrases.s, "passports"));
    free_fixture(&f);
    tmpdir_free(dir);
}

static void explaining_names_features_and_words(void **state)
{
    struct fixture *f = *state;
    struct strbuf out = STRBUF_INIT;
    converse(f, (const char *const[]){"C: That's not fair.", "A: Sorry, we can't refund this.", "S: joined"}, 3);
    assert_int_equal(tagger_explain(f->tagger, &f->c, 1, &out, &f->e), ERR_OK);
    assert_non_null(strstr(out.s, "delivery: yes"));
    assert_non_null(strstr(out.s, "style: "));
    assert_non_null(strstr(out.s, "cue:refusal.cannot"));
    assert_non_null(strstr(out.s, "\"we can't refund\""));
    strbuf_clear(&out);
    assert_int_equal(tagger_explain(f->tagger, &f->c, 0, &out, &f->e), ERR_OK);
    assert_non_null(strstr(out.s, "dispute: "));
    strbuf_clear(&out);
    assert_int_equal(tagger_explain(f->tagger, &f->c, 2, &out, &f->e), ERR_OK);
    assert_non_null(strstr(out.s, "not tagged"));
    assert_int_equal(tagger_explain(f->tagger, &f->c, 3, &out, &f->e), ERR_USAGE);
    strbuf_free(&out);
}

static void any_bytes_and_no_turns_are_fine(void **state)
{
    struct fixture *f = *state;
    struct tags t;
    f->c = (struct conversation){.turns = f->turns, .nturns = 0};
    assert_int_equal(tagger_tag(f->tagger, &f->c, f->a, &t, &f->e), ERR_OK);
    assert_int_equal(t.ndeliveries + t.nreactions + t.nhits + t.nepisodes, 0);
    t = TAG(f, "A: we can't \xff\xfe refund \xc3", "C: \xf0\x9f\x98\xa1\xf0\x9f\x98\xa1 not fair!!\x01", "A: ???",
            "C: !!!");
    for (uint32_t i = 0; i < t.nhits; i++)
        assert_true(t.hits[i].span.to <= f->turns[t.hits[i].turn].text.n);
}

static void the_same_conversation_has_the_same_tags(void **state)
{
    struct fixture *f = *state;
    const char *lines[] = {"C: can i get a refund", "A: no refunds after 30 days", "C: but nobody told me"};
    struct tags x = tag(f, lines, 3);
    (void)TAG(f, "A: You must leave now, that is against the rules.", "C: You idiot.");
    struct tags y = tag(f, lines, 3);
    assert_true(same_deliveries(&x, &y, 3));
    assert_int_equal(x.nreactions, y.nreactions);
    assert_int_equal(x.nhits, y.nhits);
}

static void out_of_memory_is_told(void **state)
{
    struct fixture *f = *state;
    converse(f, (const char *const[]){"C: can i", "A: we can't refund opened boxes", "C: that's not fair"}, 3);
    enum err_code rc = ERR_NOMEM;
    long nth = 1;
    for (;; nth++) {
        failing_alloc_at(nth);
        struct tagger *t = tagger_new(f->rules);
        struct arena *a = arena_new(64);
        struct tags tags;
        if (t != NULL)
            tagger_find_hits(t);
        rc = t != NULL && a != NULL ? tagger_tag(t, &f->c, a, &tags, &f->e) : ERR_NOMEM;
        bool failed = failing_alloc_off();
        arena_free(a);
        tagger_free(t);
        if (!failed)
            break;
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_rules_and_conditions_are_deliveries),
        cmocka_unit_test(traps_are_no_deliveries),
        cmocka_unit_test(many_cues_of_ones_own_do_not_crowd_out_the_rest),
        cmocka_unit_test(practices_are_found),
        cmocka_unit_test(disputes_hostility_and_upset_are_told_apart),
        cmocka_unit_test(quoting_a_rule_or_asking_about_it_is_no_dispute),
        cmocka_unit_test(faults_are_no_disputes),
        cmocka_unit_test(only_agents_deliver_and_only_customers_react),
        cmocka_unit_test(later_turns_do_not_change_earlier_tags),
        cmocka_unit_test(how_it_was_delivered_does_not_change_disputes),
        cmocka_unit_test(evidence_points_at_words_of_tagged_turns),
        cmocka_unit_test(hits_are_found_where_asked_for),
        cmocka_unit_test(deliveries_find_their_policy),
        cmocka_unit_test(explaining_names_features_and_words),
        cmocka_unit_test(any_bytes_and_no_turns_are_fine),
        cmocka_unit_test(the_same_conversation_has_the_same_tags),
        cmocka_unit_test(out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
