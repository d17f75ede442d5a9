#include "analyze/automaton.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analyze/cueset.h"
#include "core/hash.h"
#include "core/strbuf.h"
#include "tests/support/failing_alloc.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static struct cueset *compile(const char *cues)
{
    struct err e = {0};
    struct cueset *s = NULL;
    struct cue_builder *b = cue_builder_new();
    assert_non_null(b);
    if (cue_builder_add(b, "test.cues", cues, &e) != ERR_OK || cue_builder_compile(b, &s, &e) != ERR_OK)
        fail_msg("%s\n%s", cues, e.msg);
    cue_builder_free(b);
    return s;
}

/* "hit|hit|" of all cues, in the order in which they are given. */
static void show(struct matcher *m, struct slice text, enum role role, struct strbuf *out)
{
    struct err e = {0};
    struct turn_scan scan;
    assert_int_equal(matcher_scan(m, text, role, &scan, &e), ERR_OK);
    for (uint32_t i = 0; i < scan.nmatches; i++) {
        const struct cue_match *x = &scan.matches[i];
        assert_true(x->from < x->to && x->to <= scan.ntokens);
        assert_int_equal(scan.tokens[x->from].span.from, x->span.from);
        assert_int_equal(scan.tokens[x->to - 1].span.to, x->span.to);
        strbuf_add(out, text.s + x->span.from, x->span.to - x->span.from);
        strbuf_putc(out, '|');
    }
}

static const struct {
    const char *label, *phrases, *text, *want; /* phrases separated by line ends and blanks */
} rows[] = {
    {"a word", "refund", "A refund, REFUND; refunds", "refund|REFUND|"},
    {"two words", "no exceptions", "no exceptions. no. exceptions, no, exceptions", "no exceptions|no, exceptions|"},
    {"a beginning", "refund*", "refund refunded prerefund refun", "refund|refunded|"},
    {"nested beginnings", "re*\n  refund* now\n  refunded", "refunded refunds now rest", "refunded|refunds now|rest|"},
    {"a word that is also a beginning", "cat*\n  cat food", "cat food cat cats", "cat food|cat|cats|"},
    {"alternatives", "(can not|cannot|can't) help", "can not help cannot help can help can't help",
     "can not help|cannot help|can't help|"},
    {"no apostrophe", "(can't|don't|i'm)", "cant CAN\xe2\x80\x99T dont im cants", "cant|CAN\xe2\x80\x99T|dont|im|"},
    {"no apostrophe, but a word of its own", "we'll\n  can't see\n  cant hear", "well cant see cant hear",
     "cant hear|"},
    {"options", "we [really] can't", "we can't we really can't we so can't", "we can't|we really can't|"},
    {"options with alternatives", "[do|does] not", "do not not", "do not|not|"},
    {"a word that folds to nothing", "refund * now", "refund \xe2\x99\x80\xef\xb8\x8f now",
     "refund \xe2\x99\x80\xef\xb8\x8f now|"},
    {"any word", "see * now", "see now see it now see. it now see now now", "see it now|see now now|"},
    {"a gap", "can ...2 refund", "can refund. can we refund. can we ever refund. can we not ever refund",
     "can refund|can we refund|can we ever refund|"},
    {"a gap stops at a sentence's end", "can ...3 refund", "can I? refund. can, yes, refund", "can, yes, refund|"},
    {"the longest from the earliest start", "a\n  a b c\n  b c d e", "a b c d e", "a b c|"},
    {"back to a shorter one", "a b c d\n  a\n  b c", "a b c x", "a|b c|"},
    {"start of a clause", "^ no", "No. Well no, no but no", "No|no|no|"},
    {"start of a sentence", "^^ no", "No. Well no, no but no. No", "No|No|"},
    {"end of a clause", "no $", "no, no sir no. no but no", "no|no|no|no|"},
    {"end of a sentence", "no $$", "no, no sir no. no but no", "no|no|"},
    {"a question", "(ok|okay) ?", "ok ok? okay. okay?!", "ok|okay|"},
    {"only this", "^^ no $$", "No. no sir. sir no. No", "No|No|"},
    {"across a sentence's end", "no $$ ^^ sorry", "no. sorry. no sorry. no? sorry", "no. sorry|no? sorry|"},
    {"a place instead of a crossing", "no [$] sorry", "no sorry. no. sorry", "no sorry|no. sorry|"},
    {"a guard", "!(not|never) allowed", "allowed. not allowed. never ever been allowed. not so very much allowed",
     "allowed|allowed|"},
    {"a guard stops at a sentence's end", "!not allowed", "not. allowed. not, allowed", "allowed|"},
    {"a guard of words", "!(do not) mind", "do not mind, do mind not mind", "mind|mind|"},
    {"a guard of beginnings", "!no* here", "nobody here. some here", "here|"},
    {"a guard in the middle", "i (!(just) can't|won't)", "i can't just i can't i won't", "i can't|i won't|"},
    {"a guard before a place", "!(not) ^ allowed", "allowed. we said not, allowed. said, allowed", "allowed|allowed|"},
    {"numbers", "within @number day*", "within 30 days, within thirty days, within twenty four days, within days",
     "within 30 days|within thirty days|within twenty four days|"},
    {"digits", "@digits", "5 $7 five 5th 24/7", "5|$7|5th|24/7|"},
    {"money", "a @money fee", "a $75 fee, a 75 dollar fee, a twenty bucks fee, a 75 fee",
     "a $75 fee|a 75 dollar fee|a twenty bucks fee|"},
    {"an exact number is a number too", "30 days\n  @digits hours", "30 days 30 hours 31 hours",
     "30 days|30 hours|31 hours|"},
    {"a sum of money as a word", "$75", "$75 75 $750", "$75|"},
    {"hyphens", "non-refundable", "nonrefundable non-refundable non refundable", "non-refundable|non refundable|"},
    {"a list", "the @thing\n[list thing]\nany = item\n  blue (order*|@other)\n[list other]\nany = sky",
     "the item the blue orders the blue sky the sky", "the item|the blue orders|the blue sky|"},
    {"a list behind a guard", "!@no way\n[list no]\nany = no\n  not a", "no way not a way or any way", "way|"},
    {"text without words", "a", "... !!", ""},
};

/* The same hits come out with caches of any size. */
static void test_what_is_found(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 2, 3};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct strbuf cues = STRBUF_INIT;
        strbuf_printf(&cues, "[a.b]\nany = %s\n", rows[i].phrases);
        struct cueset *s = compile(cues.s);
        for (size_t k = 0; k < ROWS(sizes); k++) {
            struct matcher *m = matcher_new_sized(s, sizes[k]);
            assert_non_null(m);
            struct strbuf b = STRBUF_INIT;
            strbuf_puts(&b, "");
            show(m, slice_of(rows[i].text), ROLE_AGENT, &b);
            if (strcmp(b.s, rows[i].want) != 0)
                fail_msg("%s: got %s, want %s", rows[i].label, b.s, rows[i].want);
            strbuf_free(&b);
            matcher_free(m);
        }
        cueset_free(s);
        strbuf_free(&cues);
    }
}

/* Many cues that end at the same places: the lists of them fill up before the states do. */
static void test_lists_of_cues_that_fill_up(void **state)
{
    (void)state;
    struct strbuf cues = STRBUF_INIT;
    for (unsigned i = 0; i < 40; i++)
        strbuf_printf(&cues, "[f.c%u]\nany = a\n  w%u a x\n", i, i);
    struct cueset *s = compile(cues.s);
    struct matcher *small = matcher_new_sized(s, 16), *large = matcher_new_sized(s, 0);
    assert_true(small != NULL && large != NULL);
    for (unsigned i = 0; i < 40; i++) {
        struct strbuf text = STRBUF_INIT;
        struct turn_scan one, two;
        struct err e = {0};
        for (unsigned k = 0; k < 10; k++)
            strbuf_printf(&text, "w%u a%s ", (i + 7 * k) % 40, k % 3 == 0 ? " x" : "");
        assert_int_equal(matcher_scan(small, strbuf_slice(&text), ROLE_AGENT, &one, &e), ERR_OK);
        assert_int_equal(matcher_scan(large, strbuf_slice(&text), ROLE_AGENT, &two, &e), ERR_OK);
        assert_int_equal(one.nmatches, 400);
        assert_int_equal(one.nmatches, two.nmatches);
        assert_memory_equal(one.matches, two.matches, one.nmatches * sizeof *one.matches);
        strbuf_free(&text);
    }
    matcher_free(small);
    matcher_free(large);
    cueset_free(s);
    strbuf_free(&cues);
}

static void test_who_may_say_it(void **state)
{
    (void)state;
    struct cueset *s = compile("[a.agent]\nany = one\n[a.customer]\nspeaker = customer\nany = two\n"
                               "[a.any]\nspeaker = any\nany = three\n");
    struct matcher *m = matcher_new(s);
    assert_non_null(m);
    static const struct {
        enum role role;
        const char *want;
    } who[] = {
        {ROLE_AGENT, "one|three|"}, {ROLE_CUSTOMER, "two|three|"}, {ROLE_BOT, "three|"}, {ROLE_UNKNOWN, "three|"}};
    for (size_t i = 0; i < ROWS(who); i++) {
        struct strbuf b = STRBUF_INIT;
        show(m, SLICE_LIT("one two three"), who[i].role, &b);
        assert_string_equal(b.s, who[i].want);
        strbuf_free(&b);
    }
    assert_int_equal(cueset_count(s), 3);
    assert_true(slice_is(cueset_info(s, 1)->name, "a.customer"));
    assert_true(slice_is(cueset_info(s, 1)->family, "a"));
    matcher_free(m);
    cueset_free(s);
}

static void test_hits_are_ordered_by_place_then_cue(void **state)
{
    (void)state;
    struct cueset *s = compile("[z.a]\nany = b c\n[y.a]\nany = b\n[x.a]\nany = a b\n[w.a]\nany = b\n");
    struct matcher *m = matcher_new(s);
    struct turn_scan scan;
    struct err e = {0};
    assert_non_null(m);
    assert_int_equal(matcher_scan(m, SLICE_LIT("a b c"), ROLE_AGENT, &scan, &e), ERR_OK);
    static const uint32_t want[] = {2, 1, 3, 0};
    assert_int_equal(scan.nmatches, 4);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(scan.matches[i].cue, want[i]);
    matcher_free(m);
    cueset_free(s);
}

/* ---- against a naive matcher
 * ------------------------------------------------------------------------------------------- */

/* Sets of places in a text of at most 31 words: bit p is before word p. GO: a word may follow; STAY: only a place, as a
 * sentence ended there. */
struct places {
    uint32_t go, stay;
};

struct naive {
    const struct token *tokens;
    uint32_t n;
    struct slice words[32]; /* folded */
};

static bool has_place(const struct naive *x, uint32_t at, unsigned place)
{
    if (at == 0)
        return place == PLACE_CLAUSE_START || place == PLACE_SENTENCE_START;
    bool sentence = x->tokens[at - 1].ends_sentence;
    bool clause = sentence || (at < x->n && x->tokens[at].starts_clause);
    switch (place) {
    case PLACE_CLAUSE_START:
    case PLACE_CLAUSE_END:
        return clause;
    case PLACE_SENTENCE_START:
    case PLACE_SENTENCE_END:
        return sentence;
    default:
        return x->tokens[at - 1].ends_question;
    }
}

static bool word_fits(const struct phrase *p, struct slice w)
{
    switch (p->kind) {
    case PHRASE_WORD:
        return slice_eq(w, p->word);
    case PHRASE_PREFIX:
        return w.n >= p->word.n && memcmp(w.s, p->word.s, p->word.n) == 0;
    case PHRASE_NUMBER:
        return w.s[0] == '$' || (w.s[0] >= '0' && w.s[0] <= '9');
    case PHRASE_MONEY:
        return w.s[0] == '$';
    default:
        return true;
    }
}

static struct places naive_word(const struct naive *x, const struct phrase *p, struct places from)
{
    struct places to = {0, 0};
    for (uint32_t at = 0; at < x->n; at++) {
        if ((from.go >> at & 1) == 0 || !word_fits(p, x->words[at]))
            continue;
        if (x->tokens[at].ends_sentence)
            to.stay |= 1u << (at + 1);
        else
            to.go |= 1u << (at + 1);
    }
    return to;
}

static struct places naive_run(const struct naive *x, const struct phrase *p, struct places from);

static bool naive_guard(const struct naive *x, const struct phrase *p, uint32_t at)
{
    for (uint32_t back = 1; back <= GUARD_WORDS && back <= at && !x->tokens[at - back].ends_sentence; back++) {
        uint32_t s = at - back;
        struct places end = naive_run(x, p->first, (struct places){1u << s, 0});
        if (((end.go | end.stay) & ((2u << at) - 1)) != 0)
            return true;
    }
    return false;
}

static struct places naive_place(const struct naive *x, const struct phrase *p, struct places from)
{
    struct places to = {0, 0};
    for (uint32_t at = 0; at <= x->n; at++) {
        bool go = (from.go >> at & 1) != 0, stay = (from.stay >> at & 1) != 0;
        if (p->kind == PHRASE_PLACE && (go || stay) && has_place(x, at, p->n))
            to.go |= 1u << at;
        if (p->kind == PHRASE_GUARD && (go || stay) && !naive_guard(x, p, at)) {
            to.go |= go ? 1u << at : 0;
            to.stay |= stay ? 1u << at : 0;
        }
    }
    return to;
}

static struct places naive_run(const struct naive *x, const struct phrase *p, struct places from)
{
    struct places to = {0, 0}, sum = from;
    switch (p->kind) {
    case PHRASE_SEQ:
        for (const struct phrase *c = p->first; c != NULL; c = c->next)
            from = naive_run(x, c, from);
        return from;
    case PHRASE_OPT:
        to = from; /* and what the child gives */
        __attribute__((fallthrough));
    case PHRASE_ALT:
        for (const struct phrase *c = p->first; c != NULL; c = c->next) {
            struct places q = naive_run(x, c, from);
            to = (struct places){to.go | q.go, to.stay | q.stay};
        }
        return to;
    case PHRASE_GAP:
        for (unsigned i = 0; i < p->n; i++) {
            from = naive_word(x, &(struct phrase){.kind = PHRASE_ANY}, from);
            sum = (struct places){sum.go | from.go, sum.stay | from.stay};
        }
        return sum;
    case PHRASE_PLACE:
    case PHRASE_GUARD:
        return naive_place(x, p, from);
    default:
        return naive_word(x, p, from);
    }
}

static uint32_t naive_longest(const struct naive *x, struct phrase *const *phrases, size_t n, uint32_t from)
{
    uint32_t best = from;
    for (size_t i = 0; i < n; i++) {
        struct places end = naive_run(x, phrases[i], (struct places){1u << from, 0});
        for (uint32_t at = from + 1; at <= x->n; at++)
            if (((end.go | end.stay) >> at & 1) != 0 && at > best)
                best = at;
    }
    return best;
}

static uint32_t random_next(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % below;
}

static void random_phrase(uint64_t *seed, unsigned depth, bool in_guard, struct strbuf *b);

static void random_item(uint64_t *seed, unsigned depth, bool in_guard, struct strbuf *b)
{
    static const char *const words[] = {"aa", "ab", "abc", "aa*", "ab*", "but", "$5", "7", "@digits", "@price", "*"};
    static const char *const marks[] = {"^", "^^", "$", "$$", "?"};
    uint32_t what = random_next(seed, 16);
    if (what < 10 || depth == 0) {
        strbuf_puts(b, words[random_next(seed, (uint32_t)ROWS(words))]);
    } else if (what < 13) {
        strbuf_putc(b, what == 12 ? '[' : '(');
        random_phrase(seed, depth - 1, in_guard, b);
        if (random_next(seed, 2) == 0) {
            strbuf_putc(b, '|');
            random_phrase(seed, depth - 1, in_guard, b);
        }
        strbuf_putc(b, what == 12 ? ']' : ')');
    } else if (what == 13) {
        strbuf_printf(b, "...%u", 1 + random_next(seed, 3));
    } else if (in_guard) {
        strbuf_puts(b, "aa");
    } else if (what == 14) {
        strbuf_puts(b, marks[random_next(seed, (uint32_t)ROWS(marks))]);
    } else {
        strbuf_puts(b, "!(");
        random_phrase(seed, depth - 1, true, b);
        strbuf_puts(b, ")");
    }
}

static void random_phrase(uint64_t *seed, unsigned depth, bool in_guard, struct strbuf *b)
{
    uint32_t n = 1 + random_next(seed, 3);
    for (uint32_t i = 0; i < n; i++) {
        if (i != 0)
            strbuf_putc(b, ' ');
        random_item(seed, depth, in_guard, b);
    }
}

static void random_text(uint64_t *seed, struct strbuf *b)
{
    static const char *const words[] = {"aa", "aa", "ab", "abc", "aab", "x", "7", "$5", "$6", "but", "and"};
    static const char *const marks[] = {" ", " ", " ", " ", ", ", ". ", "? ", "! "};
    uint32_t n = random_next(seed, 18);
    for (uint32_t i = 0; i < n; i++) {
        strbuf_puts(b, words[random_next(seed, (uint32_t)ROWS(words))]);
        strbuf_puts(b, marks[random_next(seed, (uint32_t)ROWS(marks))]);
    }
}

/* Compare the hits of CUE with the naive ones. */
static void compare(const struct turn_scan *scan, struct slice text, uint32_t cue, struct phrase *const *phrases,
                    size_t nphrases, const char *cues)
{
    struct naive x = {.tokens = scan->tokens, .n = scan->ntokens};
    assert_true(x.n < 31);
    for (uint32_t i = 0; i < x.n; i++)
        x.words[i] = (struct slice){text.s + x.tokens[i].span.from, x.tokens[i].span.to - x.tokens[i].span.from};
    uint32_t k = 0;
    for (uint32_t at = 0; at < x.n; at++) {
        uint32_t end = naive_longest(&x, phrases, nphrases, at);
        if (end == at)
            continue;
        while (k < scan->nmatches && scan->matches[k].cue != cue)
            k++;
        if (k == scan->nmatches || scan->matches[k].from != at || scan->matches[k].to != end)
            fail_msg("cue %u of\n%s\nin: %.*s\nshould match words %u to %u", cue, cues, SLICE_ARG(text), at, end);
        k++;
        at = end - 1;
    }
    while (k < scan->nmatches && scan->matches[k].cue != cue)
        k++;
    if (k != scan->nmatches)
        fail_msg("cue %u of\n%s\nin: %.*s\nfinds too much", cue, cues, SLICE_ARG(text));
}

#define CUES    3u
#define PHRASES 3u

/* Two cues and more of random phrases; those that the language refuses are thrown away. */
static void one_random_case(uint64_t *seed, unsigned *hits)
{
    static const uint32_t sizes[] = {0, 2, 7};
    struct arena *a = arena_new(0);
    struct phrase *phrases[CUES][PHRASES];
    struct strbuf cues = STRBUF_INIT;
    struct err e = {0};
    assert_non_null(a);
    for (uint32_t c = 0; c < CUES; c++) {
        strbuf_printf(&cues, "[c.n%u]\nany =\n", c);
        for (uint32_t p = 0; p < PHRASES;) {
            struct strbuf b = STRBUF_INIT;
            random_phrase(seed, 3, false, &b);
            if (phrase_parse(a, strbuf_slice(&b), false, &phrases[c][p], &e) == ERR_OK) {
                strbuf_printf(&cues, "  %s\n", b.s);
                p++;
            }
            strbuf_free(&b);
        }
    }
    struct cueset *s = compile(cues.s);
    struct matcher *m = matcher_new_sized(s, sizes[random_next(seed, ROWS(sizes))]);
    assert_non_null(m);
    for (unsigned i = 0; i < 8; i++) {
        struct strbuf text = STRBUF_INIT;
        struct turn_scan scan;
        strbuf_puts(&text, "");
        random_text(seed, &text);
        assert_int_equal(matcher_scan(m, strbuf_slice(&text), ROLE_AGENT, &scan, &e), ERR_OK);
        for (uint32_t c = 0; c < CUES; c++)
            compare(&scan, strbuf_slice(&text), c, phrases[c], PHRASES, cues.s);
        *hits += scan.nmatches;
        strbuf_free(&text);
    }
    matcher_free(m);
    cueset_free(s);
    strbuf_free(&cues);
    arena_free(a);
}

static void test_the_same_as_a_naive_matcher(void **state)
{
    (void)state;
    uint64_t seed = 20261122;
    unsigned hits = 0;
    for (unsigned i = 0; i < 2000; i++)
        one_random_case(&seed, &hits);
    assert_true(hits > 20000); /* otherwise nothing was compared */
}

/* ---- sizes and failures
 * ------------------------------------------------------------------------------------------------ */

static void test_a_turn_of_a_megabyte(void **state)
{
    (void)state;
    struct cueset *s = compile("[a.b]\nany = one ...3 two\n  !(not) ^ three\n  wo*\n");
    struct matcher *m = matcher_new_sized(s, 16);
    struct strbuf text = STRBUF_INIT;
    struct turn_scan scan;
    struct err e = {0};
    assert_non_null(m);
    for (unsigned i = 0; i < 40000; i++)
        strbuf_printf(&text, "one x%u y two, three word. ", i);
    assert_int_equal(matcher_scan(m, strbuf_slice(&text), ROLE_AGENT, &scan, &e), ERR_OK);
    assert_int_equal(scan.ntokens, 6 * 40000);
    assert_int_equal(scan.nmatches, 3 * 40000);
    strbuf_free(&text);
    matcher_free(m);
    cueset_free(s);
}

static void check_order(const struct turn_scan *scan, size_t nbytes)
{
    for (uint32_t i = 0; i < scan->ntokens; i++)
        assert_true(scan->tokens[i].span.from < scan->tokens[i].span.to && scan->tokens[i].span.to <= nbytes &&
                    (i == 0 || scan->tokens[i - 1].span.to <= scan->tokens[i].span.from));
    for (uint32_t i = 0; i < scan->nmatches; i++)
        for (uint32_t k = i + 1; k < scan->nmatches; k++)
            assert_true(scan->matches[i].cue != scan->matches[k].cue || scan->matches[i].to <= scan->matches[k].from);
}

/* Any bytes: words in their order, no hits of one cue that overlap; the same from a used matcher as from a new one. */
static void test_any_bytes(void **state)
{
    (void)state;
    static const char bytes[] = "aabbb    .,?!\n$5-'\xc3\xa9\xe2\x80\x99\xff\xf0\x9f\x98\x80\xef\xbb\xbf:/w";
    struct cueset *s =
        compile("[a.b]\nany = * ...3 (a|bb*|@digits)\n  ^ ab*\n[a.c]\nany = !(a|b) * $\n  bb* [* *] b\n");
    struct matcher *used = matcher_new_sized(s, 5);
    uint64_t seed = 99;
    assert_non_null(used);
    for (unsigned i = 0; i < 300; i++) {
        char text[120];
        struct turn_scan one, two;
        struct err e = {0};
        for (size_t k = 0; k < sizeof text; k++)
            text[k] = bytes[random_next(&seed, (uint32_t)sizeof bytes)];
        struct slice x = {text, random_next(&seed, (uint32_t)sizeof text)};
        struct matcher *fresh = matcher_new_sized(s, 0);
        assert_non_null(fresh);
        assert_int_equal(matcher_scan(used, x, ROLE_AGENT, &one, &e), ERR_OK);
        assert_int_equal(matcher_scan(fresh, x, ROLE_AGENT, &two, &e), ERR_OK);
        check_order(&one, x.n);
        assert_int_equal(one.nmatches, two.nmatches);
        if (one.nmatches != 0)
            assert_memory_equal(one.matches, two.matches, one.nmatches * sizeof *one.matches);
        matcher_free(fresh);
    }
    matcher_free(used);
    cueset_free(s);
}

static void test_many_cues_of_many_words(void **state)
{
    (void)state;
    struct strbuf cues = STRBUF_INIT;
    for (unsigned i = 0; i < 3000; i++)
        strbuf_printf(&cues, "[c.n%u]\nany = word%u\n  beginning%u* ...2 end%u\n", i, i, i, i);
    struct cueset *s = compile(cues.s);
    struct matcher *m = matcher_new(s);
    assert_non_null(m);
    struct strbuf b = STRBUF_INIT;
    show(m, SLICE_LIT("word2999 word3000 beginning77s or so end77 beginning7 end77"), ROLE_AGENT, &b);
    assert_string_equal(b.s, "word2999|beginning77s or so end77|");
    strbuf_free(&b);
    matcher_free(m);
    cueset_free(s);
    strbuf_free(&cues);
}

static enum err_code everything(struct err *e)
{
    static const char cues[] = "[a.b]\nany = !(not) ^ can't ...2 (refund*|@thing)\nyes = can't refund\n"
                               "[list thing]\nany = item\n  [the] @number $\n";
    struct cueset *s = NULL;
    struct matcher *m = NULL;
    struct turn_scan scan;
    struct cue_builder *b = cue_builder_new();
    enum err_code rc = b != NULL ? cue_builder_add(b, "t", cues, e) : err_nomem(e);
    if (rc == ERR_OK)
        rc = cue_builder_add_phrases(b, "p.csv", 2, SLICE_LIT("p"), SLICE_LIT("policy"), ROLE_UNKNOWN,
                                     SLICE_LIT("fee; change fees"), ';', e);
    if (rc == ERR_OK)
        rc = cue_builder_compile(b, &s, e);
    cue_builder_free(b);
    if (rc == ERR_OK && (m = matcher_new(s)) == NULL)
        rc = err_nomem(e);
    if (rc == ERR_OK)
        rc = matcher_scan(m, SLICE_LIT("Can't, sorry, refund\xc3\xa9 the fee. can't thirty"), ROLE_AGENT, &scan, e);
    if (rc == ERR_OK)
        assert_int_equal(scan.nmatches, 3);
    matcher_free(m);
    cueset_free(s);
    return rc;
}

static void test_out_of_memory_anywhere(void **state)
{
    (void)state;
    for (long nth = 1;; nth++) {
        struct err e = {0};
        failing_alloc_at(nth);
        enum err_code rc = everything(&e);
        if (!failing_alloc_off()) {
            assert_int_equal(rc, ERR_OK);
            assert_true(nth > 20);
            break;
        }
        assert_int_equal(rc, ERR_NOMEM);
        assert_string_equal(e.msg, "out of memory");
    }
}

/* Short words are found by their bytes, long ones by their hash; both twice, the second time from what is remembered.
 */
static void test_words_of_any_length_have_their_hash(void **state)
{
    (void)state;
    struct cueset *s = compile("[a.b]\nany = aaaa\n");
    struct matcher *m = matcher_new(s);
    const char *letters = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
    for (size_t n = 1; n <= 2 * 70; n++) {
        struct err e = {0};
        struct turn_scan scan;
        struct slice word = {letters + n % 3, (n + 1) / 2};
        assert_int_equal(matcher_scan(m, word, ROLE_AGENT, &scan, &e), ERR_OK);
        assert_int_equal(scan.ntokens, 1);
        assert_true(scan.tokens[0].hash == hash64(word));
        assert_int_equal(scan.tokens[0].span.to, word.n);
    }
    matcher_free(m);
    cueset_free(s);
}

/* What the last scans found stays where it is. */
static void test_scans_stay_for_a_while(void **state)
{
    (void)state;
    struct cueset *s = compile("[a.b]\nany = refund*\n");
    struct matcher *m = matcher_new(s);
    struct turn_scan scans[MATCHER_SCANS];
    for (uint32_t i = 0; i < 3 * MATCHER_SCANS; i++) {
        struct err e = {0};
        struct strbuf text = STRBUF_INIT;
        for (uint32_t k = 0; k < 1 + 100 * i; k++)
            strbuf_puts(&text, k == i ? "refund " : "other ");
        assert_int_equal(matcher_scan(m, strbuf_slice(&text), ROLE_AGENT, &scans[i % MATCHER_SCANS], &e), ERR_OK);
        strbuf_free(&text);
        for (uint32_t k = i < MATCHER_SCANS ? 0 : i - MATCHER_SCANS + 1; k <= i; k++) {
            const struct turn_scan *x = &scans[k % MATCHER_SCANS];
            assert_int_equal(x->ntokens, 1 + 100 * k);
            assert_int_equal(x->nmatches, 1);
            assert_int_equal(x->matches[0].from, k);
            assert_true(x->tokens[k].hash == hash64(SLICE_LIT("refund")));
        }
    }
    matcher_free(m);
    cueset_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_of_any_length_have_their_hash),
        cmocka_unit_test(test_scans_stay_for_a_while),
        cmocka_unit_test(test_what_is_found),
        cmocka_unit_test(test_lists_of_cues_that_fill_up),
        cmocka_unit_test(test_who_may_say_it),
        cmocka_unit_test(test_hits_are_ordered_by_place_then_cue),
        cmocka_unit_test(test_the_same_as_a_naive_matcher),
        cmocka_unit_test(test_a_turn_of_a_megabyte),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_many_cues_of_many_words),
        cmocka_unit_test(test_out_of_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
