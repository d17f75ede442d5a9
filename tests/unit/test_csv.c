#include "core/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"
#include "tests/support/tmpdir.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* Gives TEXT in pieces of STEP bytes; fails at its end if FAILS. */
struct feed {
    struct slice text;
    size_t step;
    bool fails;
};

static enum err_code feed(void *ctx, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct feed *f = ctx;
    if (f->text.n == 0 && f->fails)
        return err_set(e, ERR_IO, "the disk is gone");
    *n = f->text.n < f->step ? f->text.n : f->step;
    assert_true(*n <= cap);
    if (*n != 0)
        memcpy(buf, f->text.s, *n);
    f->text.s += *n;
    f->text.n -= *n;
    return ERR_OK;
}

/* All records as "line:field|field|;", errors as "line!message;". */
static void dump(struct feed f, char delimiter, size_t max, struct strbuf *out)
{
    struct csv_reader *r = csv_reader_new(feed, &f, delimiter, max);
    assert_non_null(r);
    for (;;) {
        struct csv_record rec;
        struct err e = {0};
        bool has;
        enum err_code rc = csv_read(r, &rec, &has, &e);
        if (rc != ERR_OK) {
            assert_false(has);
            strbuf_printf(out, "%ld!%s;", rec.line, e.msg);
            if (!csv_reader_can_go_on(r))
                break;
            assert_int_equal(rc, ERR_INPUT);
            continue;
        }
        if (!has)
            break;
        strbuf_printf(out, "%ld:", rec.line);
        for (size_t i = 0; i < rec.nfields; i++) {
            strbuf_add_slice(out, rec.fields[i]);
            strbuf_putc(out, '|');
        }
        strbuf_putc(out, ';');
    }
    csv_reader_free(r);
}

static const struct {
    const char *label;
    struct slice text;
    struct slice want;
} rows[] = {
    {"empty", {NULL, 0}, SLICE_LIT("")},
    {"one record without line end", SLICE_LIT("a,b"), SLICE_LIT("1:a|b|;")},
    {"spaces are kept", SLICE_LIT(" a , b\t\n\" c \" ,d\n"), SLICE_LIT("1: a | b\t|;2: c |d|;")},
    {"LF, CRLF, CR", SLICE_LIT("a\nb\r\nc\rd"), SLICE_LIT("1:a|;2:b|;3:c|;4:d|;")},
    {"blank lines of every kind", SLICE_LIT("\n\na\r\n\r\nb\r\rc\n\r\nd\n\n"), SLICE_LIT("3:a|;5:b|;7:c|;9:d|;")},
    {"a line with blanks is a record", SLICE_LIT("a\n \nb"), SLICE_LIT("1:a|;2: |;3:b|;")},
    {"empty fields", SLICE_LIT(",\n\"\"\n,,x,"), SLICE_LIT("1:||;2:|;3:||x||;")},
    {"quoted line ends", SLICE_LIT("\"a\nb\r\nc\rd\",e\nf\n"), SLICE_LIT("1:a\nb\r\nc\rd|e|;5:f|;")},
    {"quoted line ends in every field", SLICE_LIT("h\n\"\n\",\"\r\"\nx"), SLICE_LIT("1:h|;2:\n|\r|;5:x|;")},
    {"blanks behind a closing quote", SLICE_LIT("\"a,\" ,b\n\"c\"\t \n\"\"\" \" \n"),
     SLICE_LIT("1:a,|b|;2:c|;3:\" |;")},
    {"doubled quotes", SLICE_LIT("\"say \"\"no\"\"\",\"\"\"\"\n"), SLICE_LIT("1:say \"no\"|\"|;")},
    {"quote inside an unquoted field", SLICE_LIT("5\" pipe,x\n"), SLICE_LIT("1:5\" pipe|x|;")},
    {"text after the closing quote: the field goes on unquoted",
     SLICE_LIT("\"a\"b,c\nd\n\"a\"\"\"b\"c\",d\n\"e\" f,\"g\"\n\"\"x\n\"y\"z"),
     SLICE_LIT("1:ab|c|;2:d|;3:a\"b\"c\"|d|;4:ef|g|;5:x|;6:yz|;")},
    {"NUL bytes", SLICE_LIT("a\0b,\"\0\"\n"), SLICE_LIT("1:a\0b|\0|;")},
    {"only a quote", SLICE_LIT("a\n\""), SLICE_LIT("1:a|;2!a quote that is never closed;")},
    {"open quote", SLICE_LIT("a,b\nc,\"x\ny,z\n"), SLICE_LIT("1:a|b|;2!a quote that is never closed;3:y|z|;")},
    {"open quotes, one behind the other", SLICE_LIT("a,\"b\r\nc,\"\"d\re,f\n"),
     SLICE_LIT("1!a quote that is never closed;2!a quote that is never closed;3:e|f|;")},
    {"open quote, line of the quote", SLICE_LIT("\"1\n2\",\"x\ny,z\n"),
     SLICE_LIT("2!a quote that is never closed;3:y|z|;")},
    {"closing quote is the last byte", SLICE_LIT("a,\"b\""), SLICE_LIT("1:a|b|;")},
};

static void test_records_in_any_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t step = 1; step <= rows[i].text.n + 1; step++) {
            struct strbuf out = STRBUF_INIT;
            strbuf_puts(&out, "");
            dump((struct feed){rows[i].text, step, false}, ',', 1000, &out);
            if (!slice_eq(strbuf_slice(&out), rows[i].want))
                fail_msg("%s, by %zu: got %s", rows[i].label, step, out.s);
            strbuf_free(&out);
        }
}

static void test_other_delimiters(void **state)
{
    (void)state;
    const char delimiters[] = ";\t|";
    for (const char *d = delimiters; *d != '\0'; d++) {
        char text[32];
        (void)snprintf(text, sizeof text, "a,1%cb \n\"x%cy\"%c\n", *d, *d, *d);
        struct strbuf out = STRBUF_INIT;
        dump((struct feed){slice_of(text), 3, false}, *d, 100, &out);
        char want[32];
        (void)snprintf(want, sizeof want, "1:a,1|b |;2:x%cy||;", *d);
        assert_string_equal(out.s, want);
        strbuf_free(&out);
    }
}

/* Lines of TEXT many times over: the chunk's limits fall anywhere. */
static void test_many_records(void **state)
{
    (void)state;
    struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < 30000; i++)
        strbuf_printf(&text, "%d,\"two\nlines\"\r\n", i);
    struct feed f = {strbuf_slice(&text), 65536, false};
    struct csv_reader *r = csv_reader_new(feed, &f, ',', 100);
    struct csv_record rec;
    struct err e = {0};
    bool has;
    for (int i = 0; i < 30000; i++) {
        char number[16];
        assert_int_equal(csv_read(r, &rec, &has, &e), ERR_OK);
        (void)snprintf(number, sizeof number, "%d", i);
        assert_true(has && rec.nfields == 2 && slice_is(rec.fields[0], number));
        assert_true(slice_is(rec.fields[1], "two\nlines"));
        assert_int_equal(rec.line, 1 + 2 * i);
    }
    assert_int_equal(csv_read(r, &rec, &has, &e), ERR_OK);
    assert_false(has);
    assert_int_equal(csv_read(r, &rec, &has, &e), ERR_OK); /* and again */
    assert_false(has);
    csv_reader_free(r);
    strbuf_free(&text);
}

static void test_long_records_are_passed_over(void **state)
{
    (void)state;
    const char *const bodies[] = {"x", "\r\n", "\"\"", "\n", "x,", "\r", "y\r\n\"\""};
    for (size_t b = 0; b < ROWS(bodies); b++)
        for (size_t step = 1; step < 40; step += 3) {
            bool is_quoted = strpbrk(bodies[b], "\r\n\"") != NULL;
            struct strbuf text = STRBUF_INIT, out = STRBUF_INIT;
            long lines = 3;
            strbuf_puts(&text, "first,1\n");
            strbuf_puts(&text, is_quoted ? "l,\"" : "l,");
            for (int i = 0; i < 300; i++) {
                strbuf_puts(&text, bodies[b]);
                lines += is_quoted && bodies[b][0] != '"';
            }
            strbuf_puts(&text, is_quoted ? "\",z\nlast,2\n" : ",z\nlast,2\n");
            dump((struct feed){strbuf_slice(&text), step, false}, ',', 100, &out);
            char want[100];
            (void)snprintf(want, sizeof want, "1:first|1|;2!the record is longer than 100 bytes;%ld:last|2|;", lines);
            if (strcmp(out.s, want) != 0)
                fail_msg("body %zu by %zu: got %s", b, step, out.s);
            strbuf_free(&text);
            strbuf_free(&out);
        }
}

static void test_record_at_the_bound(void **state)
{
    (void)state;
    struct strbuf out = STRBUF_INIT;
    dump((struct feed){SLICE_LIT("1234,6789\n1234,67890\n12\n"), 100, false}, ',', 10, &out);
    assert_string_equal(out.s, "1:1234|6789|;2!the record is longer than 10 bytes;3:12|;");
    strbuf_free(&out);
}

static void test_too_many_fields(void **state)
{
    (void)state;
    struct strbuf text = STRBUF_INIT, out = STRBUF_INIT;
    strbuf_puts(&text, "a,b\n");
    for (int i = 0; i < 100000; i++)
        strbuf_puts(&text, "x,");
    strbuf_puts(&text, "\nc,d\n");
    dump((struct feed){strbuf_slice(&text), 65536, false}, ',', 1 << 20, &out);
    assert_string_equal(out.s, "1:a|b|;2!more than 16384 fields;3:c|d|;");
    strbuf_clear(&text);
    for (int i = 0; i < 16383; i++)
        strbuf_putc(&text, ',');
    struct feed f = {strbuf_slice(&text), 1000, false};
    struct csv_reader *r = csv_reader_new(feed, &f, ',', 1 << 20);
    struct csv_record rec;
    struct err e = {0};
    bool has;
    assert_int_equal(csv_read(r, &rec, &has, &e), ERR_OK);
    assert_int_equal(rec.nfields, 16384);
    csv_reader_free(r);
    strbuf_free(&text);
    strbuf_free(&out);
}

/* A field that never ends must not take memory without end. */
static void test_endless_field(void **state)
{
    (void)state;
    char *text = malloc(1 << 22);
    memset(text, 'x', 1 << 22);
    text[0] = '"';
    struct feed f = {{text, 1 << 22}, 65536, false};
    struct csv_reader *r = csv_reader_new(feed, &f, ',', 1000);
    struct csv_record rec;
    struct err e = {0};
    bool has;
    assert_int_equal(csv_read(r, &rec, &has, &e), ERR_INPUT);
    assert_string_equal(e.msg, "a quote that is never closed");
    assert_int_equal(csv_read(r, &rec, &has, &e), ERR_OK);
    assert_false(has);
    csv_reader_free(r);
    free(text);
}

static void test_source_errors_come_last(void **state)
{
    (void)state;
    struct strbuf out = STRBUF_INIT;
    dump((struct feed){SLICE_LIT("a\nb\nhalf"), 4, true}, ',', 100, &out);
    assert_string_equal(out.s, "1:a|;2:b|;3!the disk is gone;");
    strbuf_free(&out);
}

static const struct {
    const char *label, *sample;
    char want;
} guesses[] = {
    {"empty", "", 0},
    {"one column", "a\nb\nc\n", 0},
    {"comma", "a,b\n1,2\n", ','},
    {"semicolon with commas in the text", "id;text\n1;yes, no\n2;no, yes, well\n", ';'},
    {"tab", "a\tb\tc\n1\t2\t3\n", '\t'},
    {"pipe", "a|b\n1|2\n", '|'},
    {"header only", "a;b;c", ';'},
    {"quoted", "a,b\n\"x;y\nz;;\",2\n\"x;;\",2\n", ','},
    {"cut in the last record", "a,b,c\n1,2,3\n4,5", ','},
    {"cut in a quote", "a,b,c\n1,2,3\n4,\"5;", ','},
    {"a ragged row", "a,b,c\n1,2,3\n1,2\n1,2,3\n1,2,3,4\n1,2,3\nx", ','},
    {"hint", "sep=|\na,b\n1,2\n", '|'},
    {"hint with CRLF and BOM", "\xef\xbb\xbfsep=;\r\na,b\r\n", ';'},
    {"no hint", "sep=;,x\na,b\n1,2\n", ','},
    {"more fields win", "a;b,c\n1;2,3\n1;2,3;\n", ','},
};

static void test_guess_delimiter(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(guesses); i++) {
        char got = csv_guess_delimiter(slice_of(guesses[i].sample));
        if (got != guesses[i].want)
            fail_msg("%s: got '%c'", guesses[i].label, got);
    }
}

static void test_sep_hint(void **state)
{
    (void)state;
    const struct slice hint[] = {SLICE_LIT("sep=;"), SLICE_LIT("")}, split[] = {SLICE_LIT("sep="), SLICE_LIT("")},
                       data[] = {SLICE_LIT("sep="), SLICE_LIT("x")};
    assert_true(csv_is_sep_hint(&(struct csv_record){hint, 1, 1}));
    assert_true(csv_is_sep_hint(&(struct csv_record){split, 2, 1}));
    assert_false(csv_is_sep_hint(&(struct csv_record){hint, 1, 2}));
    assert_false(csv_is_sep_hint(&(struct csv_record){data, 2, 1}));
    assert_false(csv_is_sep_hint(&(struct csv_record){NULL, 0, 1}));
}

static enum err_code one_row(void *ctx, const struct csv_record *header, const struct csv_record *rec, struct err *e)
{
    struct strbuf *b = ctx;
    strbuf_printf(b, "%ld ", rec->line);
    for (size_t i = 0; i < rec->nfields && i < header->nfields; i++)
        strbuf_printf(b, "%.*s=%.*s ", SLICE_ARG(header->fields[i]), SLICE_ARG(rec->fields[i]));
    return rec->nfields == header->nfields ? ERR_OK : err_set(e, ERR_CONFIG, "line %ld: ragged", rec->line);
}

static void test_whole_file(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want, *msg;
    } files[] = {
        {"id,title\nr1,\"a, b\"\nr2,c\n", "2 id=r1 title=a, b 3 id=r2 title=c ", ""},
        {"\xef\xbb\xbfid;title\r\nr1;x,y\r\n", "2 id=r1 title=x,y ", ""},
        {"sep=;\nid;title\nr1;x\n", "3 id=r1 title=x ", ""},
        {"id\nr1\n", "2 id=r1 ", ""},
        {"", "", ""},
        {"id,title\n", "", ""},
        {"id,title\nr1\nr2,c\n", "2 id=r1 ", "line 2: ragged"},
        {"id,title\nr1,x\nr2,\"c\n", "2 id=r1 title=x ", "line 3: a quote that is never closed"},
    };
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    tmpdir_new(dir);
    tmpdir_path(path, dir, "x.csv");
    for (size_t i = 0; i < ROWS(files); i++) {
        struct strbuf b = STRBUF_INIT;
        struct err e = {0};
        strbuf_puts(&b, "");
        tmpdir_write(dir, "x.csv", files[i].text, strlen(files[i].text));
        enum err_code rc = csv_read_file(path, &b, one_row, &e);
        assert_int_equal(rc == ERR_OK, files[i].msg[0] == '\0');
        assert_non_null(strstr(e.msg, files[i].msg));
        assert_string_equal(b.s, files[i].want);
        strbuf_free(&b);
    }
    struct err e = {0};
    assert_int_equal(csv_read_file(dir, NULL, one_row, &e), ERR_IO);
    tmpdir_free(dir);
}

static const struct {
    const char *in, *want;
} cells[] = {
    {"", ""},
    {"plain", "plain"},
    {" spaces kept ", " spaces kept "},
    {"a,b", "\"a,b\""},
    {"say \"no\"", "\"say \"\"no\"\"\""},
    {"\"", "\"\"\"\""},
    {"two\nlines", "\"two\nlines\""},
    {"cr\r", "\"cr\r\""},
    {"=cmd()", "'=cmd()"},
    {"+1", "'+1"},
    {"-1,5", "\"'-1,5\""},
    {"@x", "'@x"},
    {"\tx", "'\tx"},
    {"\rx", "\"'\rx\""},
    {"a=b", "a=b"},
    {"caf\xc3\xa9", "caf\xc3\xa9"},
};

static void test_put_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(cells); i++) {
        struct strbuf b = STRBUF_INIT;
        strbuf_puts(&b, "");
        csv_put_text(&b, slice_of(cells[i].in));
        assert_string_equal(b.s, cells[i].want);
        strbuf_free(&b);
    }
}

static void test_what_is_put_is_read_back(void **state)
{
    (void)state;
    struct strbuf text = STRBUF_INIT;
    for (size_t i = 1; i < ROWS(cells); i++) {
        csv_put_text(&text, slice_of(cells[i].in));
        strbuf_puts(&text, "\r\n");
    }
    struct feed f = {strbuf_slice(&text), 5, false};
    struct csv_reader *r = csv_reader_new(feed, &f, ',', 1000);
    for (size_t i = 1; i < ROWS(cells); i++) {
        struct csv_record rec;
        struct err e = {0};
        bool has;
        assert_int_equal(csv_read(r, &rec, &has, &e), ERR_OK);
        assert_true(has && rec.nfields == 1);
        size_t guard = rec.fields[0].n - strlen(cells[i].in); /* the ' before a formula */
        assert_true(guard <= 1);
        assert_true(slice_is((struct slice){rec.fields[0].s + guard, rec.fields[0].n - guard}, cells[i].in));
    }
    csv_reader_free(r);
    strbuf_free(&text);
}

/* Random bytes of the alphabet that matters: nothing may crash, and lines never run backwards. */
static void test_random_bytes(void **state)
{
    (void)state;
    static const char alphabet[] = "ab,;\"\"\n\r\t \0x";
    unsigned seed = 12345;
    for (int round = 0; round < 3000; round++) {
        char text[200];
        for (size_t i = 0; i < sizeof text; i++) {
            seed = seed * 1103515245u + 12345u;
            text[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        }
        struct feed f = {{text, sizeof text}, 1 + seed % 50, false};
        struct csv_reader *r = csv_reader_new(feed, &f, ',', 5 + seed % 100);
        long line = 0;
        for (size_t n = 0;; n++) {
            struct csv_record rec;
            struct err e = {0};
            bool has;
            enum err_code rc = csv_read(r, &rec, &has, &e);
            if (rc == ERR_OK && !has)
                break;
            assert_true(rc == ERR_OK || rc == ERR_INPUT);
            assert_true(rec.line > line || (rc != ERR_OK && rec.line >= line));
            line = rec.line;
            assert_true(n < sizeof text);
        }
        csv_reader_free(r);
    }
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < 70; i++)
        strbuf_printf(&text, "field %d,", i);
    strbuf_puts(&text, "\nx\ny\n");
    long nth = 1;
    for (;; nth++) {
        struct feed f = {strbuf_slice(&text), 100000, false};
        struct csv_record rec;
        struct err e = {0};
        enum err_code rc = ERR_NOMEM;
        bool has = true;
        failing_alloc_at(nth);
        struct csv_reader *r = csv_reader_new(feed, &f, ',', 10000);
        if (r != NULL)
            for (rc = ERR_OK; rc == ERR_OK && has;)
                rc = csv_read(r, &rec, &has, &e);
        bool hit = failing_alloc_off();
        csv_reader_free(r);
        if (rc != ERR_OK) /* libcsv asks again for less, so that not every failure hurts */
            assert_true(hit && rc == ERR_NOMEM);
        if (!hit)
            break;
    }
    assert_true(nth > 5);
    strbuf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records_in_any_pieces),
        cmocka_unit_test(test_other_delimiters),
        cmocka_unit_test(test_many_records),
        cmocka_unit_test(test_long_records_are_passed_over),
        cmocka_unit_test(test_record_at_the_bound),
        cmocka_unit_test(test_too_many_fields),
        cmocka_unit_test(test_endless_field),
        cmocka_unit_test(test_source_errors_come_last),
        cmocka_unit_test(test_guess_delimiter),
        cmocka_unit_test(test_sep_hint),
        cmocka_unit_test(test_whole_file),
        cmocka_unit_test(test_put_text),
        cmocka_unit_test(test_what_is_put_is_read_back),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
