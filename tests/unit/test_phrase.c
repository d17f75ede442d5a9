#include "analyze/phrase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analyze/cues.h"
#include "core/strbuf.h"
#include "tests/support/failing_alloc.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static void show(const struct phrase *x, struct strbuf *out);

static void show_children(const struct phrase *x, const char *between, struct strbuf *out)
{
    for (const struct phrase *c = x->first; c != NULL; c = c->next) {
        show(c, out);
        strbuf_puts(out, c->next != NULL ? between : "");
    }
}

/* A tree in a form that leaves no doubt. */
static void show(const struct phrase *x, struct strbuf *out)
{
    switch (x->kind) {
    case PHRASE_SEQ:
        strbuf_puts(out, "<");
        show_children(x, " ", out);
        strbuf_puts(out, ">");
        break;
    case PHRASE_ALT:
        strbuf_puts(out, "(");
        show_children(x, "|", out);
        strbuf_puts(out, ")");
        break;
    case PHRASE_OPT:
        strbuf_puts(out, "[");
        show_children(x, " ", out);
        strbuf_puts(out, "]");
        break;
    case PHRASE_GUARD:
        strbuf_puts(out, "!");
        show_children(x, " ", out);
        break;
    case PHRASE_GAP:
        strbuf_printf(out, "...%u", x->n);
        break;
    case PHRASE_PLACE:
        strbuf_printf(out, "place%u", x->n);
        break;
    case PHRASE_ANY:
        strbuf_puts(out, "ANY");
        break;
    case PHRASE_NUMBER:
        strbuf_puts(out, "NUMBER");
        break;
    case PHRASE_MONEY:
        strbuf_puts(out, "MONEY");
        break;
    case PHRASE_LIST:
        strbuf_printf(out, "@%.*s", SLICE_ARG(x->word));
        break;
    case PHRASE_PREFIX:
    case PHRASE_WORD:
        strbuf_add_slice(out, x->word);
        strbuf_puts(out, x->kind == PHRASE_PREFIX ? "*" : "");
        break;
    }
}

static const struct {
    const char *label, *text, *want;
    bool kindly;
} good[] = {
    {"words", " no   exceptions ", "<no exceptions>", false},
    {"folded", "NO Can\xe2\x80\x99T", "<no can't>", false},
    {"split", "non-refundable e-mail*", "<non refundable e mail*>", false},
    {"numbers", "30 1,000 9.99 24/7 $75 7:30", "<30 1000 9.99 24/7 $75 7:30>", false},
    {"alternatives of sequences", "(a b|c|do*) e", "<(<a b>|<c>|<do*>) e>", false},
    {"at the top", "a b|c", "(<a b>|<c>)", false},
    {"brackets of one thing", "(a) b", "<<a> b>", false},
    {"options", "[a|b] c", "<[(<a>|<b>)] c>", false},
    {"no blanks", "(a|b)c[d]e", "<(<a>|<b>) c [<d>] e>", false},
    {"gaps and any", "a ...3 b * c", "<a ...3 b ANY c>", false},
    {"places", "^ a $", "<place1 a place4>", false},
    {"places of sentences", "^^ a $$", "<place2 a place8>", false},
    {"a question", "a ?", "<a place16>", false},
    {"a question without a blank", "a?", "<a place16>", false},
    {"guards", "!(not|no way) a !b c", "<!<(<not>|<no way>)> a !<b> c>", false},
    {"lists", "a @things", "<a @things>", false},
    {"digits and price", "@digits @price", "<NUMBER MONEY>", false},
    {"kindly: words", "Refund window", "<(refund|refunds) (window|windows)>", true},
    {"kindly: plural to singular", "fees boss", "<(fees|fee) boss>", true},
    {"kindly: short words", "no is", "<no is>", true},
    {"kindly: punctuation", "the \"change\" fee: $75, ok? @home!",
     "<(the|thes) (change|changes) (fee|fees) $75 ok (home|homes)>", true},
    {"kindly: operators", "(a|b) [c] return* ...2 d", "<(<a>|<b>) [<c>] return* ...2 d>", true},
    {"kindly: a smiley", "fee :) ...", "<(fee|fees)>", true},
    {"kindly: nothing", " -- ", "NULL", true},
    {"kindly: empty brackets", "a () []", "<a>", true},
};

static void test_what_phrases_mean(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(good); i++) {
        struct arena *a = arena_new(0);
        struct strbuf b = STRBUF_INIT;
        struct phrase *x = NULL;
        struct err e = {0};
        assert_non_null(a);
        enum err_code rc = phrase_parse(a, slice_of(good[i].text), good[i].kindly, &x, &e);
        if (rc != ERR_OK)
            fail_msg("%s: %s", good[i].label, e.msg);
        if (x == NULL)
            strbuf_puts(&b, "NULL");
        else
            show(x, &b);
        if (strcmp(b.s, good[i].want) != 0)
            fail_msg("%s: got %s, want %s", good[i].label, b.s, good[i].want);
        strbuf_free(&b);
        arena_free(a);
    }
}

static const struct {
    const char *text, *msg;
    bool kindly;
} bad[] = {
    {"", "column 1: an empty phrase", false},
    {"  ", "column 1: an empty phrase", false},
    {"(a", "column 1: this ( is never closed", false},
    {"b [a", "column 3: this [ is never closed", false},
    {"(a", "column 1: this ( is never closed", true},
    {"a)", "column 2: this ) closes nothing", false},
    {"a]", "column 2: this ] closes nothing", false},
    {"(a]", "column 3: this ] closes nothing", false},
    {"a ()", "column 3: nothing in these brackets", false},
    {"a (b|)", "column 6: nothing on one side of this |", false},
    {"(|b) a", "column 2: nothing on one side of this |", false},
    {"a |", "column 4: nothing on one side of this |", false},
    {"[a]", "column 1: this phrase could match without any word", false},
    {"^ $", "column 1: this phrase could match without any word", false},
    {"[a|b] (c|[d])", "column 1: this phrase could match without any word", false},
    {"!a", "column 1: this phrase could match without any word", false},
    {"a ... b", "column 3: a gap is ...1 to ...20", false},
    {"a ...0 b", "column 3: a gap is ...1 to ...20", false},
    {"a ...21 b", "column 3: a gap is ...1 to ...20", false},
    {"a ...99999999999999999999 b", "column 3: a gap is ...1 to ...20", false},
    {"...2 a", "column 1: a gap at the start or end of a phrase", false},
    {"a ...2", "column 1: a gap at the start or end of a phrase", false},
    {"b|a ...2", "column 1: a gap at the start or end of a phrase", false},
    {"a, b", "column 2: ',' is not part of the phrase language", false},
    {"a; b", "column 2: ';' is not part of the phrase language", false},
    {"say \"a\"", "column 5: '\"' is not part of the phrase language", false},
    {"a - b", "column 3: '-' is not part of the phrase language", false},
    {"a*", "column 2: '*' needs at least two letters before it", false},
    {"ab*c", "column 4: '*' stands at the end of a word only", false},
    {"*ab", "column 1: '*' stands at the end of a word only", false},
    {"a @", "column 3: '@' needs the name of a list right after it", false},
    {"! a", "column 1: '!' needs a word or (a|b) right after it", false},
    {"a !", "column 3: '!' needs a word or (a|b) right after it", false},
    {"!(a !b) c", "column 5: a ! inside a !", false},
    {"!(^ a) c", "column 3: only words can stand behind a !", false},
    {"!([a]) c", "column 1: what stands behind '!' could be nothing at all", false},
    {"a ((((((((((((((((b))))))))))))))))", "", false}, /* 16 are fine */
    {"a (((((((((((((((((b)))))))))))))))))", "column 19: too many brackets in one another", false},
};

static void test_what_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(bad); i++) {
        struct arena *a = arena_new(0);
        struct phrase *x = NULL;
        struct err e = {0};
        assert_non_null(a);
        enum err_code rc = phrase_parse(a, slice_of(bad[i].text), bad[i].kindly, &x, &e);
        if ((rc == ERR_OK) != (bad[i].msg[0] == '\0') || strcmp(e.msg, bad[i].msg) != 0)
            fail_msg("\"%s\": got \"%s\", want \"%s\"", bad[i].text, e.msg, bad[i].msg);
        assert_true(rc == ERR_OK || x == NULL);
        arena_free(a);
    }
}

/* Any bytes: an answer, never a crash; what is accepted has at least one word. */
static void test_any_bytes(void **state)
{
    (void)state;
    static const char bytes[] = "ab1$()[]|*^?!@... ...3,;\"-'\xc3\xa9\xff\\";
    uint64_t seed = 7;
    unsigned accepted = 0;
    for (unsigned i = 0; i < 20000; i++) {
        char text[13];
        for (size_t k = 0; k < 12; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[k] = bytes[(seed >> 33) % (sizeof bytes - 1)];
        }
        text[12] = '\0';
        struct arena *a = arena_new(256);
        struct phrase *x = NULL;
        struct err e = {0};
        assert_non_null(a);
        enum err_code rc = phrase_parse(a, slice_of(text), i % 2 == 0, &x, &e);
        assert_true(rc == ERR_OK || rc == ERR_CONFIG);
        assert_true(rc == ERR_OK || strncmp(e.msg, "column ", 7) == 0);
        accepted += rc == ERR_OK && x != NULL;
        arena_free(a);
    }
    assert_true(accepted > 500);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    for (long nth = 1;; nth++) {
        struct arena *a = arena_new(64); /* small: many requests */
        struct phrase *x = NULL;
        struct err e = {0};
        assert_non_null(a);
        failing_alloc_at(nth);
        enum err_code rc =
            phrase_parse(a, SLICE_LIT("!(no|not) ^ (a b|\xc3\xa9t*) [c] ...2 @number @x $"), false, &x, &e);
        bool failed = failing_alloc_off();
        arena_free(a);
        if (!failed) {
            assert_int_equal(rc, ERR_OK);
            assert_true(nth > 10);
            break;
        }
        if (rc != ERR_NOMEM)
            fail_msg("request %ld: %s", nth, e.msg);
    }
}

/* ---- cue files
 * --------------------------------------------------------------------------------------------------------- */

static enum err_code compile(const char *text, const char *more, struct cueset **s, struct err *e)
{
    struct cue_builder *b = cue_builder_new();
    assert_non_null(b);
    *s = NULL;
    enum err_code rc = cue_builder_add(b, "a.cues", text, e);
    if (rc == ERR_OK && more != NULL)
        rc = cue_builder_add(b, "b.cues", more, e);
    if (rc == ERR_OK)
        rc = cue_builder_compile(b, s, e);
    cue_builder_free(b);
    return rc;
}

static const struct {
    const char *text, *msg;
} bad_files[] = {
    {"[x.y]\nany = a\n  b (c\n", "a.cues:3: column 3: this ( is never closed"},
    {"[x]\nany = a\n", "a.cues:2: [x] is no name for a cue"},
    {"[x.]\nany = a\n", "a.cues:2: [x.] is no name for a cue"},
    {"[X.y]\nany = a\n", "a.cues:2: [X.y] is no name for a cue"},
    {"[list a.b]\nany = a\n", "a.cues:2: [list a.b] is no name for a list"},
    {"any = a\n", "a.cues:1: a line before the first [family.name]"},
    {"[x.y]\nyes = a\n", "a.cues:2: [x.y] has no phrase"},
    {"[list x]\nnote = a\n", "a.cues:2: [list x] has no phrase"},
    {"[x.y]\nany = a\nall = b\n", "a.cues:3: unknown key \"all\""},
    {"[x.y]\nany = a\nspeaker = bot\n", "a.cues:3: \"bot\" is no speaker"},
    {"[list x]\nany = a\nspeaker = agent\n", "a.cues:3: a list has no key \"speaker\""},
    {"[x.y]\nany = a\nyes = (customer)\n", "a.cues:3: an empty example"},
    {"[x.y]\nany = a\n[x.z]\nany = b\n[x.y]\nno = a\n", "a.cues:6: [x.y] stands twice in this file, first at line 2"},
    {"[x.y]\nany = a\n  the @thing\n", "a.cues:3: there is no list @thing"},
    {"[x.y]\nany = @q\n[list q]\nany = a @r\n[list r]\nany = b @q\n",
     "a.cues:2: the list @q refers to itself, or lists are nested too deep"},
    {"[list q]\nany = a\n  b @nothing\n[x.y]\nany = b\n", "a.cues:2: there is no list @nothing"},
    {"[x.y]\nany = !@q b\n[list q]\nany = !a c\n", "a.cues:2: a list with a ! in it cannot stand behind a !"},
};

static void test_bad_cue_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(bad_files); i++) {
        struct cueset *s;
        struct err e = {0};
        assert_int_equal(compile(bad_files[i].text, NULL, &s, &e), ERR_CONFIG);
        assert_null(s);
        if (strcmp(e.msg, bad_files[i].msg) != 0)
            fail_msg("got \"%s\", want \"%s\"", e.msg, bad_files[i].msg);
    }
}

static void test_a_list_that_explodes_is_refused(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    strbuf_puts(&b, "[x.y]\nany = @l0\n");
    for (unsigned i = 0; i < 7; i++)
        strbuf_printf(&b, "[list l%u]\nany = @l%u @l%u @l%u @l%u @l%u @l%u @l%u @l%u @l%u\n", i, i + 1, i + 1, i + 1,
                      i + 1, i + 1, i + 1, i + 1, i + 1, i + 1);
    strbuf_puts(&b, "[list l7]\nany = a\n");
    struct cueset *s;
    struct err e = {0};
    assert_int_equal(compile(b.s, NULL, &s, &e), ERR_CONFIG);
    assert_string_equal(e.msg, "a.cues:2: the phrases are too large together");
    strbuf_free(&b);
}

static void collect(void *ctx, const char *message)
{
    strbuf_puts(ctx, message);
    strbuf_puts(ctx, "\n");
}

static void test_examples_are_run(void **state)
{
    (void)state;
    struct cueset *s;
    struct err e = {0};
    struct strbuf b = STRBUF_INIT;
    size_t n, failed;
    assert_int_equal(compile("[x.y]\nany = can't help\nyes = I can't help.\n  I cannot help\nno = you can't help it\n"
                             "  I can't help (customer)\n"
                             "[x.z]\nspeaker = customer\nany = (sorry)\nyes = so sorry\n  sorry (agent)\n",
                             NULL, &s, &e),
                     ERR_OK);
    assert_int_equal(cueset_check(s, &b, collect, &n, &failed, &e), ERR_OK);
    assert_int_equal(n, 6);
    assert_int_equal(failed, 3);
    assert_string_equal(b.s, "a.cues:4: [x.y] does not find: I cannot help\n"
                             "a.cues:5: [x.y] finds \"can't help\" in: you can't help it\n"
                             "a.cues:11: [x.z] does not find: sorry\n");
    strbuf_free(&b);
    cueset_free(s);
}

static void test_a_later_file_replaces_cues_and_lists(void **state)
{
    (void)state;
    struct cueset *s;
    struct err e = {0};
    struct strbuf b = STRBUF_INIT;
    size_t n, failed;
    assert_int_equal(
        compile("[x.y]\nany = one\nyes = one\n[x.z]\nany = the @q\nyes = the big one\n[list q]\nany = old\n",
                "[list q]\nany = new\n  big one\n[x.y]\nspeaker = customer\nany = two\nno = one\n", &s, &e),
        ERR_OK);
    assert_int_equal(cueset_count(s), 2);
    assert_true(slice_is(cueset_info(s, 0)->name, "x.y"));
    assert_int_equal(cueset_info(s, 0)->speaker, ROLE_CUSTOMER);
    assert_int_equal(cueset_check(s, &b, collect, &n, &failed, &e), ERR_OK);
    assert_int_equal(n, 2);
    assert_int_equal(failed, 0);
    cueset_free(s);
    strbuf_free(&b);
}

static enum err_code add_policy(const char *phrases, struct cueset **s, struct err *e)
{
    struct cue_builder *b = cue_builder_new();
    assert_non_null(b);
    *s = NULL;
    enum err_code rc = cue_builder_add_phrases(b, "policies.csv", 4, SLICE_LIT("refund-window"), SLICE_LIT("policy"),
                                               ROLE_UNKNOWN, slice_of(phrases), ';', e);
    if (rc == ERR_OK)
        rc = cue_builder_compile(b, s, e);
    cue_builder_free(b);
    return rc;
}

static void test_phrases_of_policies(void **state)
{
    (void)state;
    static const struct {
        const char *phrases, *text;
        unsigned hits;
    } rows[] = {
        {"refund window; 30 days;return*", "Refund windows are 30 days for returned things", 3},
        {"; ;;", "anything", 0},
        {"", "anything", 0},
        {"change fee, sir!", "the change fee: sir", 1},
        {"(refund|return) window", "a refund window, a return window", 2},
    };
    struct err e = {0};
    struct cueset *s;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(add_policy(rows[i].phrases, &s, &e), ERR_OK);
        struct matcher *m = matcher_new(s);
        struct turn_scan scan;
        assert_non_null(m);
        assert_int_equal(matcher_scan(m, slice_of(rows[i].text), ROLE_AGENT, &scan, &e), ERR_OK);
        assert_int_equal(scan.nmatches, rows[i].hits);
        assert_true(slice_is(cueset_info(s, 0)->family, "policy"));
        matcher_free(m);
        cueset_free(s);
    }
    assert_int_equal(add_policy("fee; (refund", &s, &e), ERR_CONFIG);
    assert_string_equal(e.msg, "policies.csv:4: phrase \"(refund\": column 1: this ( is never closed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_phrases_mean),   cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_any_bytes),           cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_bad_cue_files),       cmocka_unit_test(test_a_list_that_explodes_is_refused),
        cmocka_unit_test(test_examples_are_run),    cmocka_unit_test(test_a_later_file_replaces_cues_and_lists),
        cmocka_unit_test(test_phrases_of_policies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
