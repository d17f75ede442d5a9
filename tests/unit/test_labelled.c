/* labelled.c, samples.c: labels and their turns, and the folds of training */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analyze/analyze.h"
#include "analyze/ruleset.h"
#include "core/strbuf.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/tmpdir.h"
#include "train/samples.h"

struct fixture {
    char dir[TMPDIR_BYTES];
    char path[TMPDIR_PATH];
    struct labelled_set set;
    char told[512]; /* what was refused last */
    int ntold;
    struct err e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    tmpdir_new(f->dir);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    labelled_free(&f->set);
    tmpdir_free(f->dir);
    free(f);
    return 0;
}

static void told(void *ctx, const char *path, const struct err *why)
{
    struct fixture *f = ctx;
    assert_true(strncmp(why->msg, path, strlen(path)) == 0);
    (void)snprintf(f->told, sizeof f->told, "%s", why->msg + strlen(path));
    f->ntold++;
}

static enum err_code read_text(struct fixture *f, const char *text)
{
    struct labelled_options o = {.ctx = f, .reject = told};
    tmpdir_write(f->dir, "l.jsonl", text, strlen(text));
    return labelled_read(&f->set, tmpdir_path(f->path, f->dir, "l.jsonl"), &o, &f->e);
}

#define TURNS                                                                                                          \
    "\"turns\":[{\"role\":\"customer\",\"text\":\"  \"},{\"role\":\"customer\",\"text\":\"May I?\"},"                  \
    "{\"role\":\"agent\",\"text\":\"No.\"},{\"role\":\"agent\",\"text\":\"\"}]"
#define LABELLED(labels) "{\"conversation_id\":\"c\",\"source\":\"s\"," TURNS ",\"labels\":{" labels "}}\n"

static void labels_find_their_turns(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        read_text(f, "\xEF\xBB\xBF\n" LABELLED("\"deliveries\":[{\"turn\":2,\"style\":\"choice\",\"practices\":["
                                               "\"reason\",\"absolute\"],\"topic\":\"x\"}],\"disputes\":[1],"
                                               "\"hostile\":[1,0],\"notes\":\"x\"")),
        ERR_OK);
    assert_int_equal(f->set.n, 1);
    const struct labelled *l = &f->set.items[0];
    assert_int_equal(l->line, 2);
    assert_int_equal(l->c.nturns, 2);
    assert_int_equal(l->nlabels, 4); /* the two without words count */
    assert_int_equal(l->labels[0].turn, NO_TURN);
    assert_int_equal(l->labels[1].turn, 0);
    assert_int_equal(l->labels[2].turn, 1);
    assert_int_equal(l->labels[3].turn, NO_TURN);
    assert_true(l->labels[2].is_delivery && l->labels[2].style == STYLE_CHOICE);
    assert_true(l->labels[2].has_practices);
    assert_int_equal(l->labels[2].practices, 1u << PRACTICE_REASON | 1u << PRACTICE_ABSOLUTE);
    assert_true(l->labels[1].is_dispute && l->labels[1].is_hostile && !l->labels[1].is_delivery);
    assert_true(l->labels[0].is_hostile && !l->labels[0].is_dispute);
    assert_true(!l->labels[3].is_delivery && l->labels[3].style == STYLE_NONE);
}

/* Such lists are turned round; labels name the places in which the turns are written. */
static void labels_of_a_list_of_the_newest_first(void **state)
{
    struct fixture *f = *state;
    struct strbuf text = STRBUF_INIT;
    strbuf_puts(&text, "{\"conversation_id\":\"c\",\"source\":\"s\",\"messages\":[");
    for (int i = 0; i < 40; i++)
        strbuf_printf(&text, "%s{\"role\":\"%s\",\"text\":\"words %d\",\"created_at\":\"2026-01-02T03:%02d:00Z\"}",
                      i > 0 ? "," : "", i % 2 == 0 ? "customer" : "agent", i, 59 - i);
    strbuf_puts(&text, "],\"labels\":{\"deliveries\":[{\"turn\":5,\"style\":\"choice\"}],\"disputes\":[4]}}\n");
    assert_int_equal(read_text(f, text.s), ERR_OK);
    strbuf_free(&text);
    const struct labelled *l = &f->set.items[0];
    assert_int_equal(l->nlabels, 40);
    assert_int_equal(l->labels[0].turn, 39);
    assert_true(l->labels[5].is_delivery && !l->labels[5].has_practices);
    assert_true(slice_is(l->c.turns[l->labels[5].turn].text, "words 5"));
    assert_true(slice_is(l->c.turns[l->labels[4].turn].text, "words 4"));
}

static void wrong_labels_are_told_and_left_out(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"{\"turns\":[{\"role\":\"agent\",\"text\":\"x\"}]}", ": line 2: a conversation without labels"},
        {LABELLED("\"deliveries\":[{\"turn\":4,\"style\":\"choice\"}]"),
         ": line 2: labels: a delivery without a turn, or of one that is not there"},
        {LABELLED("\"deliveries\":[{\"turn\":-1,\"style\":\"choice\"}]"),
         ": line 2: labels: a delivery without a turn, or of one that is not there"},
        {LABELLED("\"deliveries\":[{\"style\":\"choice\"}]"),
         ": line 2: labels: a delivery without a turn, or of one that is not there"},
        {LABELLED("\"deliveries\":[{\"turn\":2}]"),
         ": line 2: labels: a delivery without a style, or of one that is none"},
        {LABELLED("\"deliveries\":[{\"turn\":2,\"style\":\"\"}]"),
         ": line 2: labels: a delivery without a style, or of one that is none"},
        {LABELLED("\"deliveries\":[{\"turn\":2,\"style\":\"choice\",\"practices\":[\"x\"]}]"),
         ": line 2: labels: a delivery has a practice of an unknown name"},
        {LABELLED("\"deliveries\":[{\"turn\":2,\"style\":\"choice\"},{\"turn\":2,\"style\":\"choice\"}]"),
         ": line 2: labels: a turn is labelled as a delivery twice"},
        {LABELLED("\"deliveries\":[{\"turn\":1,\"style\":\"choice\"}]"),
         ": line 2: labels: a delivery in a turn of the customer (turns count from 0)"},
        {LABELLED("\"disputes\":[2]"), ": line 2: labels: disputes names a turn of the agent (turns count from 0)"},
        {LABELLED("\"hostile\":[2]"), ": line 2: labels: hostile names a turn of the agent (turns count from 0)"},
        {LABELLED("\"deliveries\":3"), ": line 2: labels: deliveries is no list"},
        {LABELLED("\"disputes\":2"), ": line 2: labels: disputes is no list"},
        {LABELLED("\"hostile\":\"x\""), ": line 2: labels: hostile is no list"},
        {LABELLED("\"policy\":[],\"dispute\":[1]"),
         ": line 2: labels: none of deliveries, disputes and hostile is there"},
        {LABELLED("\"deliveries\":[{\"turn\":2,\"style\":\"choice\",\"practices\":\"reason\"}]"),
         ": line 2: labels: practices are no list"},
        {LABELLED("\"disputes\":[\"1\"]"), ": line 2: labels: disputes names a turn that is not there"},
        {LABELLED("\"hostile\":[7]"), ": line 2: labels: hostile names a turn that is not there"},
        {"{\"labels\":{}}", ": line 2: no conversation: no list of turns (objects with a text and a role or speaker)"},
        {"[1]", ": line 2: no conversation: no list of turns (objects with a text and a role or speaker)"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[2048];
        (void)snprintf(text, sizeof text, "%s%s\n%s", LABELLED(""), rows[i].text, LABELLED("\"disputes\":[1]"));
        labelled_free(&f->set);
        f->ntold = 0;
        assert_int_equal(read_text(f, text), ERR_OK);
        assert_string_equal(f->told, rows[i].want);
        assert_int_equal(f->ntold, 1);
        assert_int_equal(f->set.nrejects, 1);
        assert_int_equal(f->set.n, 2); /* the good ones around it */
        assert_true(f->set.items[1].line >= 3);
    }
}

static void a_file_without_labels_cannot_be_read(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_text(f, "a,b\n1,2\n"), ERR_INPUT);
    assert_non_null(strstr(f->e.msg, "l.jsonl: no labelled conversations: line 1: bad JSON"));
    assert_int_equal(f->ntold, 2);
}

static void the_hash_is_of_the_bytes(void **state)
{
    struct fixture *f = *state;
    char hex[3][HASH_HEX_BYTES];
    static const char *const texts[] = {LABELLED(""), LABELLED(""), LABELLED("\"disputes\":[1]")};
    for (size_t i = 0; i < 3; i++) {
        labelled_free(&f->set);
        assert_int_equal(read_text(f, texts[i]), ERR_OK);
        (void)hash_hex(&f->set.hash, hex[i]);
    }
    assert_string_equal(hex[0], hex[1]);
    assert_string_not_equal(hex[0], hex[2]);
}

static void out_of_memory_while_reading(void **state)
{
    struct fixture *f = *state;
    struct labelled_options o = {.mask = 0};
    enum err_code rc = ERR_OK;
    tmpdir_write(f->dir, "l.jsonl", LABELLED("\"disputes\":[1]"), strlen(LABELLED("\"disputes\":[1]")));
    (void)tmpdir_path(f->path, f->dir, "l.jsonl");
    for (long nth = 1;; nth++) {
        labelled_free(&f->set);
        failing_alloc_at(nth);
        rc = labelled_read(&f->set, f->path, &o, &f->e);
        if (!failing_alloc_off())
            break;
        assert_true(rc == ERR_NOMEM);
    }
    assert_int_equal(rc, ERR_OK);
    assert_int_equal(f->set.n, 1);
}

/* ---- folds ---- */

static void conversation_of(char *text, size_t cap, const char *source)
{
    size_t n = strlen(text);
    (void)snprintf(text + n, cap - n,
                   "{\"source\":\"%s\"," TURNS
                   ",\"labels\":{\"deliveries\":[{\"turn\":2,\"style\":\"neutral\"}],\"disputes\":[1]}}\n",
                   source);
}

static void read_sources(struct fixture *f, const char *const *sources, size_t n)
{
    char text[8192] = "";
    for (size_t i = 0; i < n; i++)
        conversation_of(text, sizeof text, sources[i]);
    assert_int_equal(read_text(f, text), ERR_OK);
}

static void folds_leave_out_families(void **state)
{
    struct fixture *f = *state;
    struct samples s;
    read_sources(f, (const char *const[]){"a", "b", "a2", "c", "b", "a"}, 6);
    read_sources(f, (const char *const[]){"a2", "own"}, 2);
    const struct sample_file files[] = {{false, 1}, {true, 3}};
    assert_int_equal(samples_begin(&s, &f->set, files, "x+y, a + a2", &f->e), ERR_OK);
    static const uint32_t by_source[] = {0, 1, 0, 2, 1, 0, NO_FOLD, NO_FOLD};
    static const uint32_t by_conversation[] = {0, 1, 2, 3, 4, 0, NO_FOLD, NO_FOLD};
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(s.items[i].fold[FOLD_BY_SOURCE], by_source[i]);
        assert_int_equal(s.items[i].fold[FOLD_BY_CONVERSATION], by_conversation[i]);
        assert_true(s.items[i].weight == (i < 6 ? 1 : 3));
    }
    assert_int_equal(s.nevaluated, 6);
    assert_int_equal(s.nfolds[FOLD_BY_SOURCE], 3);
    assert_int_equal(s.nfolds[FOLD_BY_CONVERSATION], 5);
    /* what is added of the family that is left out does not train either */
    assert_false(sample_trains(&s.items[6], FOLD_BY_SOURCE, 0));
    assert_true(sample_trains(&s.items[6], FOLD_BY_SOURCE, 1));
    assert_true(sample_trains(&s.items[6], FOLD_BY_CONVERSATION, 0));
    for (uint32_t fold = 0; fold < 3; fold++)
        assert_true(sample_trains(&s.items[7], FOLD_BY_SOURCE, fold));
    assert_false(sample_trains(&s.items[0], FOLD_BY_SOURCE, 0));
    assert_true(sample_trains(&s.items[0], FOLD_BY_SOURCE, NO_FOLD));
    assert_true(sample_is_held_out(&s.items[0], FOLD_BY_SOURCE, 0));
    assert_false(sample_is_held_out(&s.items[7], FOLD_BY_SOURCE, NO_FOLD));
    samples_free(&s);
}

static void rows_are_turns_with_words(void **state)
{
    struct fixture *f = *state;
    struct samples s;
    struct ruleset *rules = NULL;
    struct ruleset_options ro = {.rules_dir = NULL};
    const struct sample_file files[] = {{false, 1}};
    read_sources(f, (const char *const[]){"a", "b"}, 2);
    assert_int_equal(ruleset_load(&ro, &rules, &f->e), ERR_OK);
    assert_int_equal(samples_begin(&s, &f->set, files, NULL, &f->e), ERR_OK);
    for (int with_weights = 0; with_weights < 2; with_weights++) {
        struct weights *const by_fold[] = {rules->weights, rules->weights, rules->weights};
        struct extract_how how = {rules, FOLD_BY_SOURCE, with_weights ? by_fold : NULL, {NULL}};
        assert_int_equal(samples_extract(&s, &how, &f->e), ERR_OK);
        assert_int_equal(s.sides[SIDE_AGENT].n, 2);
        assert_int_equal(s.sides[SIDE_CUSTOMER].n, 2);
        for (uint32_t i = 0; i < 2; i++) {
            assert_int_equal(s.sides[SIDE_AGENT].rows[i].item, i);
            assert_true(s.sides[SIDE_AGENT].rows[i].label->style == STYLE_NEUTRAL);
            assert_true(s.sides[SIDE_CUSTOMER].rows[i].label->is_dispute);
        }
    }
    samples_free(&s);
    ruleset_free(rules);
}

static size_t agents_rows(struct fixture *f, struct samples *s, const struct extract_how *how, double nseen)
{
    double shares = 0;
    assert_int_equal(samples_extract(s, how, &f->e), ERR_OK);
    const struct sample_side *side = &s->sides[SIDE_AGENT];
    for (size_t i = 0; i < side->n; i++)
        shares += side->rows[i].share;
    assert_true(shares == nseen); /* a turn a conversation */
    return side->n;
}

static void a_conversation_is_seen_through_the_rules_of_its_folds(void **state)
{
    struct fixture *f = *state;
    struct samples s;
    struct ruleset *rules = NULL;
    struct ruleset_options ro = {.rules_dir = NULL};
    const struct sample_file files[] = {{false, 1}, {true, 1}};
    read_sources(f, (const char *const[]){"a", "b"}, 2);
    read_sources(f, (const char *const[]){"own"}, 1);
    assert_int_equal(ruleset_load(&ro, &rules, &f->e), ERR_OK);
    assert_int_equal(samples_begin(&s, &f->set, files, NULL, &f->e), ERR_OK);
    struct ruleset *const made[] = {rules, rules, NULL}; /* none without what is only added */
    struct extract_how how = {rules, FOLD_BY_SOURCE, NULL, {NULL}};
    assert_int_equal(agents_rows(f, &s, &how, 3), 3);
    how.fold_rules[FOLD_BY_SOURCE] = made;
    assert_int_equal(agents_rows(f, &s, &how, 2), 2);
    how.fold_rules[FOLD_BY_CONVERSATION] = made;
    assert_int_equal(agents_rows(f, &s, &how, 2), 4); /* as of a source never seen, and as of a known one */
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(s.sides[SIDE_AGENT].rows[i].item, i % 2);
        assert_true(s.sides[SIDE_AGENT].rows[i].share == 0.5);
    }
    struct ruleset *const all[] = {rules, rules, rules}, *const more[] = {rules, rules, rules, rules, rules, rules};
    how.fold_rules[FOLD_BY_SOURCE] = all;
    how.fold_rules[FOLD_BY_CONVERSATION] = more;
    assert_int_equal(agents_rows(f, &s, &how, 3), 5); /* what is only added: once */
    samples_free(&s);
    ruleset_free(rules);
}

/* Turns of both sides, and each once, in however many ways it is seen. */
static void a_turn_of_a_large_source_counts_less(void **state)
{
    struct fixture *f = *state;
    struct samples s;
    struct ruleset *rules = NULL;
    struct ruleset_options ro = {.rules_dir = NULL};
    const struct sample_file files[] = {{false, 1}, {true, 3}};
    read_sources(f, (const char *const[]){"a", "b", "a", "a"}, 4);
    read_sources(f, (const char *const[]){"own", "a", "a", "a", "a", "a"}, 6);
    assert_int_equal(ruleset_load(&ro, &rules, &f->e), ERR_OK);
    assert_int_equal(samples_begin(&s, &f->set, files, NULL, &f->e), ERR_OK);
    struct ruleset *const all[] = {rules, rules, rules}, *const more[] = {rules, rules, rules, rules, rules};
    struct extract_how how = {rules, FOLD_BY_SOURCE, NULL, {NULL}};
    for (int nways = 1; nways <= 2; nways++) {
        assert_int_equal(samples_extract(&s, &how, &f->e), ERR_OK);
        assert_int_equal(s.nways, nways);
        for (size_t i = 0; i < s.nitems; i++) /* a: 8 conversations of 2 turns; the others: one of 2 */
            assert_true(s.items[i].even == (slice_is(s.items[i].l->c.source, "a") ? 0.25 : 1 / sqrt(2)));
        how.fold_rules[FOLD_BY_SOURCE] = all;
        how.fold_rules[FOLD_BY_CONVERSATION] = more;
    }
    samples_free(&s);
    ruleset_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(labels_find_their_turns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(labels_of_a_list_of_the_newest_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_labels_are_told_and_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_without_labels_cannot_be_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_hash_is_of_the_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out_of_memory_while_reading, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folds_leave_out_families, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_are_turns_with_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_conversation_is_seen_through_the_rules_of_its_folds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_turn_of_a_large_source_counts_less, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("labelled", tests, NULL, NULL);
}
