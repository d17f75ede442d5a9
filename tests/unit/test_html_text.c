#include "ingest/html_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct {
    const char *html, *text;
} texts[] = {
    {"", ""},
    {"plain", "plain"},
    {"<p>Hi Bob,</p><p>hola</p>", "Hi Bob,\nhola"},
    {"<P CLASS=x>a<BR/>b<br>c<br />d</P>", "a\nb\nc\nd"},
    {"a<br><br>\n\n<br>b", "a\nb"},
    {"  a \t\r\n b  ", "a b"},
    {"<b>bo</b>ld and <i>it</i>alic", "bold and italic"},
    {"<ul><li>one</li><li>two <b>2</b></li></ul>after", "- one\n- two 2\nafter"},
    {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
    {"x<script>alert('<b>no</b>')</script >y<STYLE>p{}</style>z", "xyz"},
    {"<!doctype html>\n<title>Foo</title>\n<meta charset=\"utf-8\">\n\nHTML here\n", "HTML here"},
    {"<script>never closed", "never closed"},
    {"a<!-- no <b> -- > -->b<!-->c<!--->d", "abcd"},
    {"a<!-- never closed", "a"},
    {"<?xml version=\"1.0\"?>a", "a"},
    {"<a title=\"x>y\" href='z>'>link</a>", "link"},
    {"<a title=\"never closed>link</a> 'more'", "link 'more'"},
    {"5 < 6 and 7 > 3, I <3 you", "5 < 6 and 7 > 3, I <3 you"},
    {"a <b", "a <b"},
    {"a <", "a <"},
    {"<>x</>y", "<>x</>y"},
    {"Tom &amp; Jerry&nbsp;&lt;3 &quot;x&quot; &#39;y&#39; &#x2019;z&#8217;",
     "Tom & Jerry <3 \"x\" 'y' \xe2\x80\x99z\xe2\x80\x99"},
    {"&eacute;&Eacute;&euro;&hellip;&apos;", "\xc3\xa9\xc3\x89\xe2\x82\xac\xe2\x80\xa6'"},
    {"&#146;&#x80;", "\xe2\x80\x99\xe2\x82\xac"},
    {"&#0;&#xD800;&#x110000;&#99999999999999999999;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"&#128512;", "\xf0\x9f\x98\x80"},
    {"&; &# &#x; &#x &nosuch; &copy=1 AT&T &amp", "&; &# &#x; &#x &nosuch; &copy=1 AT&T &"},
    {"&amp;lt;b&amp;gt;", "&lt;b&gt;"},
    {"a\xc2\xa0\xc2\xa0 b\xc2\xa9", "a b\xc2\xa9"},
    {"<pre>a  b\n\n c</pre>d  e", "a  b\n\n c\nd e"},
    {"a<blockquote>quoted</blockquote>b", "a\nquoted\nb"},
    {"<custom-element>in</custom-element>", "in"},
    {"</p></blockquote></pre>x", "x"},
};

static void html_becomes_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(texts); i++) {
        struct strbuf out = STRBUF_INIT;
        strbuf_puts(&out, "before|");
        html_to_text(slice_of(texts[i].html), &out);
        if (!slice_is((struct slice){out.s + 7, out.n - 7}, texts[i].text))
            fail_msg("\"%s\": got \"%s\"", texts[i].html, out.s + 7);
        strbuf_free(&out);
    }
}

static void quotes_are_cut(void **state)
{
    struct strbuf out = STRBUF_INIT;
    (void)state;
    html_to_text_unquoted(
        slice_of("No.<blockquote>Is <blockquote>it <li>so</blockquote>?</blockquote> Yes.</blockquote> Sure"), &out);
    assert_string_equal(out.s, "No.\nYes.\nSure");
    strbuf_free(&out);
}

static void only_html_is_converted(void **state)
{
    static const struct {
        const char *x, *text;
        bool has_tags;
    } rows[] = {
        {"a\nb", "a\nb", false},
        {"I&#39;ll\ngo", "I'll\ngo", false},
        {"<p>a\nb</p>", "a b", true},
        {"a <- b -> c", "a <- b -> c", false},
        {"<Media omitted>", "<Media omitted>", false},
        {"a<br/>b", "a\nb", true},
        {"x <b", "x <b", false},
        {"</div", "</div", false},
        {"", "", false},
        {"<", "<", false},
        {"<john@example.com>", "<john@example.com>", false},
    };
    struct strbuf room = STRBUF_INIT;
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(html_has_tags(slice_of(rows[i].x)), rows[i].has_tags);
        if (!slice_is(html_plain(slice_of(rows[i].x), &room), rows[i].text))
            fail_msg("\"%s\": got \"%s\"", rows[i].x, room.s);
    }
    strbuf_free(&room);
}

/* Pieces that are dear to a parser that looks ahead again and again: a quadratic one would not end in hours. */
static void hostile_html_ends(void **state)
{
    static const char *const pieces[] = {"<b>",     "<",   "<a t=\">\" ", "<a t=\"", "<a ",  "<style>", "<script><",
                                         "<!--",    "</",  "&#",          "&",       "<li>", "<pre>\n", "<blockquote>",
                                         "</style", "<!x", "<p <",        "<b>x</u>"};
    const size_t size = (size_t)2 << 20;
    char *text = malloc(size);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < ROWS(pieces); i++) {
        struct strbuf out = STRBUF_INIT, plain = STRBUF_INIT;
        size_t n = strlen(pieces[i]);
        for (size_t at = 0; at < size; at++)
            text[at] = pieces[i][at % n];
        html_to_text((struct slice){text, size}, &out);
        html_to_text_unquoted((struct slice){text, size}, &out);
        (void)html_plain((struct slice){text, size}, &plain);
        assert_true(out.n <= 2 * size && plain.n <= size); /* never longer than what was read */
        strbuf_free(&out);
        strbuf_free(&plain);
    }
    free(text);
}

static void memory_that_is_gone_is_told(void **state)
{
    struct strbuf out = STRBUF_INIT;
    (void)state;
    failing_alloc_at(1);
    html_to_text(SLICE_LIT("<p>Hello &amp; welcome</p>"), &out);
    failing_alloc_off();
    assert_true(strbuf_failed(&out));
    strbuf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_becomes_text),           cmocka_unit_test(quotes_are_cut),
        cmocka_unit_test(only_html_is_converted),      cmocka_unit_test(hostile_html_ends),
        cmocka_unit_test(memory_that_is_gone_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
