#include "analyze/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/hash.h"
#include "tests/support/failing_alloc.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* Each word folded, with < > where a sentence starts and ends, ( where only a clause starts, ? where a question ends.
 */
static void show(struct word_reader *r, struct slice text, struct strbuf *out)
{
    struct token t;
    struct slice folded;
    words_start(r, text);
    while (words_next(r, &t, &folded)) {
        if (out->n != 0)
            strbuf_putc(out, ' ');
        strbuf_puts(out, t.starts_sentence ? "<" : t.starts_clause ? "(" : "");
        strbuf_add_slice(out, folded);
        strbuf_puts(out, t.ends_question ? "?" : "");
        strbuf_puts(out, t.ends_sentence ? ">" : "");
        assert_true(t.word == 0 && t.hash == 0);
        assert_true(t.span.from < t.span.to && t.span.to <= text.n);
        assert_true(!t.starts_sentence || t.starts_clause);
    }
}

static const struct {
    const char *label, *text, *want;
} rows[] = {
    {"nothing", "", ""},
    {"no word", " .,?! \n -- ", ""},
    {"one", "No", "<no>"},
    {"two sentences", "We can't. Sorry!", "<we can't> <sorry>"},
    {"a question", "Why not? Tell me", "<why not?> <tell me>"},
    {"mixed marks", "really?! no", "<really?> <no>"},
    {"clauses", "sorry, but we can and so do", "<sorry (but (we can and (so (do>"},
    {"a dash", "no - never -- not \xe2\x80\x94 ever, re-use", "<no (never (not (ever (re use>"},
    {"curly apostrophe", "I can\xe2\x80\x99t, won`t", "<i can't (won't>"},
    {"an apostrophe that is a letter to Unicode", "rock\xca\xbc n \xca\xbcroll\xca\xbc don\xca\xbct",
     "<rock n roll don't>"},
    {"two apostrophes of different kinds",
     "don'\xca\xbct a\xe2\x80\x8b\xca\xbc"
     "b \xca\xbc"
     "b",
     "<don t a b b>"},
    {"a number before an apostrophe", "the 90's, 5'6 or 1970s'", "<the 90's (5'6 or 1970s>"},
    {"two apostrophes", "rock'n'roll 'n''", "<rock'n'roll n>"},
    {"what an address begins like", "www. www, http: hw. When? http", "<<address>> <www (http (hw> <when?> <http>"},
    {"apostrophes outside", "'tis the customers' 'own'", "<tis the customers own>"},
    {"numbers", "1,000 and 9.99, 24/7 7:30 30days 1, 2", "<1000 and (9.99 (24/7 7:30 30days 1 (2>"},
    {"money",
     "$75.50 or \xe2\x82\xac 9 or \xc2\xa3"
     "20. $ 5",
     "<$75.50 or 9 or \xc2\xa3"
     "20> <5>"},
    {"a web address", "See https://a.example/x?y=1. Or www.b.example, (http://c.example)",
     "<see <address>> <or <address> (<address>>"},
    {"a host in a sentence", "go to example.com now", "<go to example com now>"},
    {"no blank after the stop", "not possible.Please wait", "<not possible> <please wait>"},
    {"titles", "Ask Mr. Smith. Dr. Who", "<ask mr smith> <dr who>"},
    {"abbreviations", "by 5 p.m. today, e.g. this. By 5 p.m. We", "<by 5 p m today (e g this> <by 5 p m> <we>"},
    {"lower case after a stop", "no. you can't", "<no> <you can't>"},
    {"I", "so do i. no", "<so (do i> <no>"},
    {"a numbered thing", "see No. 5", "<see no 5>"},
    {"dots", "well... maybe\xe2\x80\xa6 No", "<well (maybe> <no>"},
    {"a line that goes on", "we can\nnot do it", "<we can (not do it>"},
    {"characters of HTML", "fish &amp; chips. &quot;No&quot;, a&nbsp;b &ampere; &", "<fish chips> <no (a b ampere>"},
    {"a new line", "We can\nNot now\n\nbut", "<we can> <not now> <but>"},
    {"bullets", "choose\n- one\n* two\n\xe2\x80\xa2 three", "<choose> <one> <two> <three>"},
    {"CRLF", "a\r\n\r\nb", "<a> <b>"},
    {"speech", "yeah so i can not do that sorry", "<yeah so (i can not do that sorry>"},
    {"emoji", "no\xf0\x9f\x98\x80problem \xf0\x9f\x98\x80", "<no problem>"},
    {"folding",
     "\xc3\x89T\xc3\x89 Stra\xc3\x9f"
     "e CAF\xc3\x89",
     "<\xc3\xa9t\xc3\xa9 strasse caf\xc3\xa9>"},
    {"soft hyphen",
     "re\xc2\xad"
     "fund",
     "<refund>"},
    {"full-width marks", "no\xef\xbc\x9fyes\xe3\x80\x82no", "<no?> <yes> <no>"},
    {"broken bytes",
     "a\xff"
     "b \xe2\x82",
     "<a b>"},
};

static void test_what_words_are(void **state)
{
    (void)state;
    struct word_reader r = WORDS_INIT;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct strbuf b = STRBUF_INIT;
        strbuf_puts(&b, "");
        show(&r, slice_of(rows[i].text), &b);
        if (strcmp(b.s, rows[i].want) != 0)
            fail_msg("%s: got %s, want %s", rows[i].label, b.s, rows[i].want);
        strbuf_free(&b);
    }
    words_free(&r);
}

static void test_spans_are_bytes_of_the_text(void **state)
{
    (void)state;
    struct slice text = SLICE_LIT("  Can\xe2\x80\x99t: $75, \xc3\x89t\xc3\xa9. ");
    static const char *const want[] = {"Can\xe2\x80\x99t", "$75", "\xc3\x89t\xc3\xa9"};
    struct word_reader r = WORDS_INIT;
    struct token t;
    struct slice folded;
    size_t n = 0;
    words_start(&r, text);
    for (; words_next(&r, &t, &folded); n++) {
        assert_true(n < ROWS(want));
        assert_true(slice_is((struct slice){text.s + t.span.from, t.span.to - t.span.from}, want[n]));
    }
    assert_int_equal(n, ROWS(want));
    words_free(&r);
}

static void test_a_NUL_separates_words(void **state)
{
    (void)state;
    struct word_reader r = WORDS_INIT;
    struct strbuf b = STRBUF_INIT;
    show(&r, SLICE_LIT("a\0b\0"), &b);
    assert_string_equal(b.s, "<a b>");
    strbuf_free(&b);
    words_free(&r);
}

static void test_one_word_of_a_megabyte(void **state)
{
    (void)state;
    size_t n = (size_t)1 << 20;
    char *s = malloc(n);
    assert_non_null(s);
    memset(s, 'X', n);
    struct word_reader r = WORDS_INIT;
    struct token t;
    struct slice folded;
    words_start(&r, (struct slice){s, n});
    assert_true(words_next(&r, &t, &folded));
    assert_int_equal(folded.n, n);
    assert_int_equal(t.span.to, n);
    assert_true(folded.s[n - 1] == 'x');
    assert_false(words_next(&r, &t, &folded));
    free(s);
    words_free(&r);
}

/* Words are read in blocks: none is cut wherever it begins and however long it is. */
static void test_any_word_at_any_place(void **state)
{
    (void)state;
    struct word_reader r = WORDS_INIT;
    for (size_t before = 0; before < 40; before++)
        for (size_t length = 1; length < 80; length++) {
            char s[160];
            memset(s, '-', sizeof s);
            memset(s + before, 'Z', length);
            memcpy(s + before + length, "'s ok", 5);
            struct token t;
            struct slice folded;
            words_start(&r, (struct slice){s, before + length + 5});
            assert_true(words_next(&r, &t, &folded));
            assert_true(t.span.from == before && t.span.to == before + length + 2);
            assert_true(folded.n == length + 2 && folded.s[0] == 'z' && memcmp(folded.s + length - 1, "z's", 3) == 0);
            assert_true(words_next(&r, &t, &folded) && slice_is(folded, "ok") && t.ends_sentence);
            assert_false(words_next(&r, &t, &folded));
        }
    words_free(&r);
}

/* Whatever a character is taken for (those of two and three bytes), reading goes on after it. */
static void test_every_character_is_passed(void **state)
{
    (void)state;
    struct word_reader r = WORDS_INIT;
    for (uint32_t cp = 0; cp < 0x10000; cp++) {
        char two[] = {(char)(0xC0 | (cp >> 6 & 0x1F)), (char)(0x80 | (cp & 0x3F))};
        char three[] = {(char)(0xE0 | cp >> 12), (char)(0x80 | (cp >> 6 & 0x3F)), two[1]};
        struct slice c = cp < 0x800 ? (struct slice){two, 2} : (struct slice){three, 3};
        struct strbuf b = STRBUF_INIT;
        strbuf_puts(&b, "a");
        strbuf_add_slice(&b, c);
        strbuf_puts(&b, " ");
        strbuf_add_slice(&b, c);
        struct token t;
        struct slice folded;
        uint32_t n = 0, end = 0;
        words_start(&r, strbuf_slice(&b));
        for (; words_next(&r, &t, &folded); n++) {
            assert_true(n < 2 && t.span.from >= end && t.span.to > t.span.from);
            end = t.span.to;
        }
        assert_true(n >= 1 && !words_failed(&r));
        strbuf_free(&b);
    }
    words_free(&r);
}

/* Cut a text at every byte: the words end, and no byte beyond the cut is read (as the sanitizers see). */
static void test_cut_anywhere(void **state)
{
    (void)state;
    struct slice text = SLICE_LIT("It\xe2\x80\x99s $1,0 https://x.y \xf0\x9f\x98\x80. re\xc2\xad"
                                  "f\xc3\xa9 'n' 5.");
    struct word_reader r = WORDS_INIT;
    for (size_t n = 0; n <= text.n; n++) {
        char *s = malloc(n + 1);
        assert_non_null(s);
        memcpy(s, text.s, n);
        char *exact = realloc(s, n == 0 ? 1 : n);
        assert_non_null(exact);
        struct strbuf b = STRBUF_INIT;
        show(&r, (struct slice){exact, n}, &b);
        assert_true(n == 0 || b.n != 0);
        strbuf_free(&b);
        free(exact);
    }
    words_free(&r);
}

static void test_out_of_memory_is_told(void **state)
{
    (void)state;
    for (long nth = 1;; nth++) {
        struct word_reader r = WORDS_INIT;
        struct token t;
        struct slice folded;
        unsigned n = 0;
        failing_alloc_at(nth);
        words_start(&r, SLICE_LIT("plain \xc3\x89t\xc3\xa9 words"));
        while (words_next(&r, &t, &folded))
            n++;
        bool failed = words_failed(&r);
        words_free(&r);
        if (!failing_alloc_off()) {
            assert_false(failed);
            assert_int_equal(n, 3);
            assert_true(nth > 1);
            break;
        }
        assert_true(failed);
        assert_true(n < 3);
    }
}

static void test_numbers_and_money(void **state)
{
    (void)state;
    assert_true(word_is_number(SLICE_LIT("30")) && word_is_number(SLICE_LIT("$75")));
    assert_true(word_is_money(SLICE_LIT("$75")) && word_is_money(SLICE_LIT("\xe2\x82\xac"
                                                                           "9")));
    assert_false(word_is_number(SLICE_LIT("thirty")) || word_is_number(SLICE_LIT("")));
    assert_false(word_is_money(SLICE_LIT("75")) || word_is_money(SLICE_LIT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_words_are),        cmocka_unit_test(test_spans_are_bytes_of_the_text),
        cmocka_unit_test(test_a_NUL_separates_words), cmocka_unit_test(test_one_word_of_a_megabyte),
        cmocka_unit_test(test_any_word_at_any_place), cmocka_unit_test(test_every_character_is_passed),
        cmocka_unit_test(test_cut_anywhere),          cmocka_unit_test(test_out_of_memory_is_told),
        cmocka_unit_test(test_numbers_and_money),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
