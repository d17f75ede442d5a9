#include "ingest/split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/strbuf.h"

/* A source that gives a text in pieces of STEP bytes, then (if it has one) an error. */
struct source {
    struct slice text;
    size_t step;
    bool fails;
};

static enum err_code source_read(void *ctx, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct source *s = ctx;
    *n = s->text.n < cap ? s->text.n : cap;
    *n = *n < s->step ? *n : s->step;
    if (*n == 0 && s->fails)
        return err_set(e, ERR_INPUT, "damaged");
    memcpy(buf, s->text.s, *n);
    s->text.s += *n;
    s->text.n -= *n;
    return ERR_OK;
}

/* What the splitter makes of TEXT, written out: "line@offset:document|" or "line@offset!reason|", "?" before others. */
static char *split(struct slice text, struct layout layout, size_t max, size_t step, size_t want)
{
    struct source source = {text, step, false};
    struct reader_input in = {&source, source_read};
    struct splitter *s = splitter_new(&in, &layout, max);
    struct split_batch b = SPLIT_BATCH_INIT;
    struct strbuf out = STRBUF_INIT;
    struct err e = {0};
    bool has = true;
    assert_non_null(s);
    strbuf_puts(&out, "");
    while (has) {
        assert_int_equal(splitter_next(s, &b, want, &has, &e), ERR_OK);
        for (size_t i = 0; i < b.ndocs; i++) {
            const struct split_doc *d = &b.docs[i];
            assert_true(d->from + d->n + JSON_PADDING <= b.cap);
            strbuf_printf(&out, "%s%ld@%lld", d->is_other ? "?" : "", d->line, (long long)d->offset);
            if (d->reason != NULL)
                strbuf_printf(&out, "!%s|", d->reason);
            else
                strbuf_printf(&out, ":%.*s|", (int)d->n, b.text + d->from);
        }
    }
    splitter_free(s);
    split_batch_free(&b);
    return out.s;
}

static void check(const char *label, const char *text, struct layout layout, size_t max, const char *want)
{
    static const size_t steps[] = {1, 2, 3, 7, 64, 100000};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (size_t batch = 1; batch < 100000; batch *= 40) {
            char *got = split(slice_of(text), layout, max, steps[i], batch);
            if (strcmp(got, want) != 0)
                fail_msg("%s, in steps of %zu:\n got %s\nwant %s", label, steps[i], got, want);
            free(got);
        }
    }
}

struct row {
    const char *label, *in, *want;
};

static void a_stream_is_cut_into_documents(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", ""},
        {"blanks", " \n\r\n\t\n", ""},
        {"one", "{\"a\":1}", "1@0:{\"a\":1}|"},
        {"lines", "{\"a\":1}\n{\"b\":2}\n", "1@0:{\"a\":1}|2@8:{\"b\":2}|"},
        {"CRLF and blank lines", "{\"a\":1}\r\n\r\n  {\"b\":2} \r\n", "1@0:{\"a\":1}|3@13:{\"b\":2}|"},
        {"last line without its end", "{}\n{}\n{\"a\":", "1@0:{}|2@3:{}|3@6:{\"a\":|"},
        {"a bad line disturbs nobody", "{\"a\":1}\n{\"b\":[\"x\n{\"c\":3}\n",
         "1@0:{\"a\":1}|2@8:{\"b\":[\"x|3@17:{\"c\":3}|"},
        {"a bad first line", "{\"a\":\n{\"b\":2}\n{\"c\":3}\n", "1@0:{\"a\":|2@6:{\"b\":2}|3@14:{\"c\":3}|"},
        {"arrays as lines", "[1]\n[2]\n", "1@0:[1]|2@4:[2]|"},
        {"concatenated", "{\"a\":1,\n\"x\":[]}{\"b\":\"}{\"}\n{}",
         "1@0:{\"a\":1,\n\"x\":[]}|2@15:{\"b\":\"}{\"}|3@26:{}|"},
        {"pretty-printed", "{\n \"a\": 1\n}\n{\n \"b\": \"\\\"}\"\n}\n",
         "1@0:{\n \"a\": 1\n}|4@12:{\n \"b\": \"\\\"}\"\n}|"},
        {"pretty-printed and cut off", "{\n \"a\": 1\n}\n{\n \"b\": 2\n",
         "1@0:{\n \"a\": 1\n}|4@12!cut off by the end of the file|"},
        {"an open string", "{\n \"a\": \"x\n}\n{\n \"b\": 2\n}\n",
         "2@10!bad JSON: a line end in a string|4@13:{\n \"b\": 2\n}|"},
        {"text between", "{\n\"a\":1\n}\nhello {\n{\n\"b\":2\n}\n",
         "1@0:{\n\"a\":1\n}|4@10!bad JSON: text between the documents|5@18:{\n\"b\":2\n}|"},
        {"cut in an escape", "{\n\"a\":\"\\", "1@0!cut off by the end of the file|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(rows[i].label, rows[i].in, (struct layout){.kind = LAYOUT_STREAM}, 1000, rows[i].want);
}

static void an_array_is_cut_into_its_items(void **state)
{
    static const struct row rows[] = {
        {"empty", "[]", ""},
        {"items", "[{\"a\":1},{\"b\":[2]} , [3],4,\"x]\",null]",
         "1@1:{\"a\":1}|1@9:{\"b\":[2]}|1@21:[3]|1@25:4|1@27:\"x]\"|1@32:null|"},
        {"lines", " [\n{\"a\":1},\n{\"b\":2}\n]\n", "2@3:{\"a\":1}|3@12:{\"b\":2}|"},
        {"two arrays", "[{}]\n[{}]", "1@1:{}|2@6:{}|"},
        {"cut off in an item", "[{},{\"a\":", "1@1:{}|1@4!cut off by the end of the file|"},
        {"cut off between", "[{},\n", "1@1:{}|2@5!cut off by the end of the file|"},
        {"a broken item", "[\n  {\"a\":\"x\n  },\n  {\"b\":2}\n]",
         "2@11!bad JSON: a line end in a string|4@19:{\"b\":2}|"},
        {"brackets that do not fit", "[1}\n{},\n{\"a\":2}]",
         "1@1:1|1@2!bad JSON: text between the documents|2@4:{}|3@8:{\"a\":2}|"},
        {"no array", "x", "1@0!bad JSON: the list of documents is not where it was expected|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(rows[i].label, rows[i].in, (struct layout){.kind = LAYOUT_ARRAY}, 1000, rows[i].want);
}

static void the_list_under_a_key_is_cut(void **state)
{
    static const struct row rows[] = {
        {"only it", "{\"list\":[{\"a\":1},{\"b\":2}]}", "1@9:{\"a\":1}|1@17:{\"b\":2}|"},
        {"among others", "{\"n\":12,\"o\":{\"list\":[9]},\n\"s\":\"[{\", \"t\":null,\"list\" : [ {} ],\"z\":{}}",
         "2@56:{}|"},
        {"another list", "{\"other\":[{\"x\":1}],\"list\":[{}]}", "?1@10:{\"x\":1}|1@27:{}|"},
        {"pages", "{\"list\":[{}]}\n{\"list\":[{}]}\n", "1@9:{}|2@23:{}|"},
        {"cut off in the list", "{\"list\":[{}", "1@9:{}|1@11!cut off by the end of the file|"},
        {"cut off in a value", "{\"list\":[{}],\"x\":{\"y\":[", "1@9:{}|1@17!cut off by the end of the file|"},
        {"no object", "[{}]", "1@0!bad JSON: the list of documents is not where it was expected|"},
        {"no key", "{1:2}", "1@1!bad JSON: the list of documents is not where it was expected|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(rows[i].label, rows[i].in, (struct layout){LAYOUT_KEY, "list"}, 1000, rows[i].want);
}

static void a_whole_document_is_left_alone(void **state)
{
    static const struct row rows[] = {
        {"plain", "\n{\"a\":\n1}\n", "1@1:{\"a\":\n1}|"},
        {"too long", "[12345678901234567890]", "1@0!longer than the limit for one record|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(rows[i].label, rows[i].in, (struct layout){.kind = LAYOUT_WHOLE}, 20, rows[i].want);
}

static void too_long_a_record_is_refused_and_passed_over(void **state)
{
    const size_t n = 3 << 20;
    static const struct {
        const char *before, *after, *want;
        struct layout layout;
    } rows[] = {
        {"{\"a\":1}\n{\"x\":\"",
         "\"}\n{\"b\":2}\n",
         "1@0:{\"a\":1}|2@8!longer than the limit for one record|3@3145745:{\"b\":2}|",
         {.kind = LAYOUT_STREAM}},
        {"{\"a\":1}\n{\"x\":\"",
         "",
         "1@0:{\"a\":1}|2@8!longer than the limit for one record|",
         {.kind = LAYOUT_STREAM}},
        {"[{\"a\":1},{\"x\":\"",
         "\"},{\"b\":2}]",
         "1@1:{\"a\":1}|1@9!longer than the limit for one record|1@3145746:{\"b\":2}|",
         {.kind = LAYOUT_ARRAY}},
        {"{\"l\":[{\"x\":\"",
         "\"},{\"b\":2}]}",
         "1@6!longer than the limit for one record|1@3145743:{\"b\":2}|",
         {LAYOUT_KEY, "l"}},
        {"{\"x\":\"", "\",\"l\":[{\"b\":2}]}", "1@3145741:{\"b\":2}|", {LAYOUT_KEY, "l"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf text = STRBUF_INIT;
        strbuf_puts(&text, rows[i].before);
        char *xs = strbuf_reserve(&text, n);
        assert_non_null(xs);
        memset(xs, 'x', n);
        text.n += n;
        strbuf_puts(&text, rows[i].after);
        assert_false(strbuf_failed(&text));
        char *got = split(strbuf_slice(&text), rows[i].layout, (size_t)1 << 20, 65536, 1 << 18);
        assert_string_equal(got, rows[i].want);
        free(got);
        strbuf_free(&text);
    }
}

static void an_error_of_the_source_comes_after_the_documents(void **state)
{
    struct source source = {slice_of("{\"a\":1}\n{\"b\":2}\n{\"c\""), 1000, true};
    struct reader_input in = {&source, source_read};
    struct layout layout = {.kind = LAYOUT_STREAM};
    struct splitter *s = splitter_new(&in, &layout, 1000);
    struct split_batch b = SPLIT_BATCH_INIT;
    struct err e = {0};
    bool has = false;
    (void)state;
    assert_non_null(s);
    assert_int_equal(splitter_next(s, &b, 1 << 18, &has, &e), ERR_OK);
    assert_true(has);
    assert_int_equal(b.ndocs, 3);
    assert_int_equal(splitter_next(s, &b, 1 << 18, &has, &e), ERR_INPUT);
    assert_false(has);
    assert_string_equal(e.msg, "damaged");
    splitter_free(s);
    split_batch_free(&b);
}

static void the_extent_of_a_value_is_found(void **state)
{
    static const struct {
        const char *in;
        size_t want;
    } rows[] = {
        {"{}", 2}, {"{\"a\":\"}\"} x", 9}, {"[[],[]]]", 7}, {"\"a\\\"b\"c", 6}, {"{", 0}, {"", 0}, {"1", 0},
        {"}", 0},  {"{\"a\n\"}", 0},       {"\"\\", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(split_value(slice_of(rows[i].in)), rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_cut_into_documents),
        cmocka_unit_test(an_array_is_cut_into_its_items),
        cmocka_unit_test(the_list_under_a_key_is_cut),
        cmocka_unit_test(a_whole_document_is_left_alone),
        cmocka_unit_test(too_long_a_record_is_refused_and_passed_over),
        cmocka_unit_test(an_error_of_the_source_comes_after_the_documents),
        cmocka_unit_test(the_extent_of_a_value_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
