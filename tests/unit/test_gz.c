#include "core/gz.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"

/* RAW as one gzip member, appended to OUT. */
static void put_member(struct strbuf *out, struct slice raw)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    char *to = strbuf_reserve(out, raw.n + 1000);
    z.next_in = (z_const Bytef *)raw.s;
    z.avail_in = (uInt)raw.n;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)(raw.n + 1000);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->n += z.total_out;
    (void)deflateEnd(&z);
}

/* Text that does not pack to nothing. */
static void put_text(struct strbuf *out, size_t n)
{
    unsigned seed = 7;
    while (out->n < n) {
        seed = seed * 1103515245u + 12345u;
        strbuf_printf(out, "turn %u of the call; ", seed >> 20);
    }
}

/* Inflate GZ in pieces of IN_STEP into windows of OUT_STEP; returns the code of the first error or ERR_OK. */
static enum err_code inflate_all(struct slice gz, size_t in_step, size_t out_step, struct strbuf *out, bool *is_whole,
                                 struct err *e)
{
    struct gz_reader *g = gz_reader_new();
    assert_non_null(g);
    unsigned char window[4096];
    enum err_code rc = ERR_OK;
    size_t at = 0;
    for (;;) {
        size_t n = gz.n - at < in_step ? gz.n - at : in_step, left = n, made = 0;
        const unsigned char *in = (const unsigned char *)gz.s + at;
        rc = gz_inflate(g, &in, &left, window, out_step, &made, e);
        assert_true(in == (const unsigned char *)gz.s + at + (n - left));
        at += n - left;
        strbuf_add(out, window, made);
        if (rc != ERR_OK || (made == 0 && n == left)) /* at the end, or no progress is possible */
            break;
    }
    *is_whole = gz_reader_is_whole(g);
    gz_reader_free(g);
    return rc;
}

static void test_magic(void **state)
{
    (void)state;
    assert_true(gz_is_magic((const unsigned char *)"\x1f\x8b", 2));
    assert_false(gz_is_magic((const unsigned char *)"\x1f\x8b", 1));
    assert_false(gz_is_magic((const unsigned char *)"PK", 2));
    assert_false(gz_is_magic(NULL, 0));
}

static void test_members_and_padding_in_any_pieces(void **state)
{
    (void)state;
    struct strbuf raw = STRBUF_INIT, gz = STRBUF_INIT;
    put_text(&raw, 20000);
    struct slice whole = strbuf_slice(&raw);
    put_member(&gz, (struct slice){whole.s, 7000});
    put_member(&gz, (struct slice){NULL, 0});
    put_member(&gz, (struct slice){whole.s + 7000, whole.n - 7000});
    strbuf_add(&gz, "\0\0\0\0\0\0\0\0\0", 9);
    const size_t steps[] = {1, 2, 13, 1000, 1 << 20};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        for (size_t o = 0; o < 4; o++) {
            struct strbuf out = STRBUF_INIT;
            struct err e = {0};
            bool is_whole;
            const size_t out_steps[] = {1, 7, 512, 4096};
            assert_int_equal(inflate_all(strbuf_slice(&gz), steps[i], out_steps[o], &out, &is_whole, &e), ERR_OK);
            assert_true(is_whole);
            assert_int_equal(out.n, raw.n);
            assert_memory_equal(out.s, raw.s, raw.n);
            strbuf_free(&out);
        }
    strbuf_free(&raw);
    strbuf_free(&gz);
}

static void test_padding_between_members(void **state)
{
    (void)state;
    struct strbuf gz = STRBUF_INIT, out = STRBUF_INIT;
    struct err e = {0};
    bool is_whole;
    put_member(&gz, SLICE_LIT("one "));
    strbuf_add(&gz, "\0\0\0", 3);
    put_member(&gz, SLICE_LIT("two"));
    assert_int_equal(inflate_all(strbuf_slice(&gz), 100, 100, &out, &is_whole, &e), ERR_OK);
    assert_true(is_whole);
    assert_string_equal(out.s, "one two");
    strbuf_free(&gz);
    strbuf_free(&out);
}

static void test_cut_off_anywhere(void **state)
{
    (void)state;
    struct strbuf raw = STRBUF_INIT, gz = STRBUF_INIT;
    put_text(&raw, 3000);
    put_member(&gz, strbuf_slice(&raw));
    for (size_t n = 0; n < gz.n; n++) {
        struct strbuf out = STRBUF_INIT;
        struct err e = {0};
        bool is_whole;
        assert_int_equal(inflate_all((struct slice){gz.s, n}, 64, 256, &out, &is_whole, &e), ERR_OK);
        assert_false(is_whole);
        assert_true(out.n <= raw.n);
        if (out.n > 0)
            assert_memory_equal(out.s, raw.s, out.n);
        strbuf_free(&out);
    }
    strbuf_free(&raw);
    strbuf_free(&gz);
}

static void test_damage_is_told_after_what_came_before(void **state)
{
    (void)state;
    struct strbuf gz = STRBUF_INIT, out = STRBUF_INIT;
    struct err e = {0};
    bool is_whole;
    put_member(&gz, SLICE_LIT("good words"));
    strbuf_puts(&gz, "but then rubbish");
    assert_int_equal(inflate_all(strbuf_slice(&gz), 1000, 1000, &out, &is_whole, &e), ERR_INPUT);
    assert_false(is_whole);
    assert_string_equal(out.s, "good words");
    assert_non_null(strstr(e.msg, "gzip: damaged: "));
    strbuf_free(&gz);
    strbuf_free(&out);
}

static void test_any_flipped_byte_is_found_or_harmless(void **state)
{
    (void)state;
    struct strbuf raw = STRBUF_INIT, gz = STRBUF_INIT;
    put_text(&raw, 500);
    put_member(&gz, strbuf_slice(&raw));
    size_t refused = 0;
    for (size_t i = 0; i < gz.n; i++) {
        gz.s[i] = (char)(gz.s[i] ^ 0x41);
        struct strbuf out = STRBUF_INIT;
        struct err e = {0};
        bool is_whole;
        enum err_code rc = inflate_all(strbuf_slice(&gz), 50, 100, &out, &is_whole, &e);
        if (rc == ERR_OK && is_whole) /* only the header's time, flags and system are not under the checksum */
            assert_true(i >= 3 && i < 10 && out.n == raw.n && memcmp(out.s, raw.s, raw.n) == 0);
        else
            refused++;
        gz.s[i] = (char)(gz.s[i] ^ 0x41);
        strbuf_free(&out);
    }
    assert_true(refused >= gz.n - 7);
    strbuf_free(&raw);
    strbuf_free(&gz);
}

static void test_nothing_at_all_is_not_whole(void **state)
{
    (void)state;
    struct gz_reader *g = gz_reader_new();
    assert_false(gz_reader_is_whole(g));
    gz_reader_free(g);
    gz_reader_free(NULL);
    gz_packer_free(NULL);
}

static void test_pack_and_unpack(void **state)
{
    (void)state;
    const size_t sizes[] = {0, 1, 2, 100, 255, 256, 1023, 1024, 8191, 8192, 8193, 300000};
    struct gz_packer *g = gz_packer_new();
    struct strbuf packed = STRBUF_INIT, again = STRBUF_INIT;
    struct err e = {0};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct strbuf raw = STRBUF_INIT, out = STRBUF_INIT;
        put_text(&raw, sizes[i]);
        struct slice x = {raw.s, sizes[i]};
        strbuf_clear(&packed);
        strbuf_puts(&packed, "head");
        assert_int_equal(gz_pack(g, x, &packed, &e), ERR_OK);
        assert_memory_equal(packed.s, "head", 4);
        struct slice block = {packed.s + 4, packed.n - 4};
        if (x.n < 1024) /* small ones are only wrapped */
            assert_int_equal(block.n, x.n + 11);
        else
            assert_true(block.n < x.n / 2);
        strbuf_clear(&again); /* the same bytes, whatever was packed before */
        struct gz_packer *fresh = gz_packer_new();
        assert_int_equal(gz_pack(fresh, x, &again, &e), ERR_OK);
        gz_packer_free(fresh);
        assert_true(slice_eq(strbuf_slice(&again), block));

        strbuf_puts(&out, "front");
        assert_int_equal(gz_unpack(block, x.n, &out, &e), ERR_OK);
        assert_int_equal(out.n, 5 + x.n);
        assert_memory_equal(out.s, "front", 5);
        if (x.n > 0)
            assert_memory_equal(out.s + 5, x.s, x.n);
        strbuf_free(&raw);
        strbuf_free(&out);
    }
    gz_packer_free(g);
    strbuf_free(&packed);
    strbuf_free(&again);
}

static void test_unpack_refuses_what_is_not_exact(void **state)
{
    (void)state;
    struct gz_packer *g = gz_packer_new();
    struct strbuf packed = STRBUF_INIT, out = STRBUF_INIT;
    struct err e = {0};
    assert_int_equal(gz_pack(g, SLICE_LIT("some words of a conversation"), &packed, &e), ERR_OK);
    struct slice block = strbuf_slice(&packed);
    const size_t wrong[] = {0, 27, 29, 1000, SIZE_MAX / 2};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(gz_unpack(block, wrong[i], &out, &e), ERR_DB);
    for (size_t n = 0; n < block.n; n++)
        assert_int_equal(gz_unpack((struct slice){block.s, n}, 28, &out, &e), ERR_DB);
    strbuf_puts(&packed, "x");
    assert_int_equal(gz_unpack(strbuf_slice(&packed), 28, &out, &e), ERR_DB);
    packed.s[5] ^= 0x55;
    assert_int_equal(gz_unpack((struct slice){packed.s, packed.n - 1}, 28, &out, &e), ERR_DB);
    assert_int_equal(out.n, 0);
    gz_packer_free(g);
    strbuf_free(&packed);
    strbuf_free(&out);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    long nth = 1;
    for (;; nth++) {
        struct strbuf packed = STRBUF_INIT, out = STRBUF_INIT;
        struct err e = {0};
        enum err_code rc = ERR_NOMEM;
        failing_alloc_at(nth);
        struct gz_packer *p = gz_packer_new();
        struct gz_reader *r = gz_reader_new();
        if (p != NULL && r != NULL) {
            rc = gz_pack(p, SLICE_LIT("words"), &packed, &e);
            if (rc == ERR_OK)
                rc = gz_unpack(strbuf_slice(&packed), 5, &out, &e);
        }
        bool hit = failing_alloc_off();
        gz_packer_free(p);
        gz_reader_free(r);
        strbuf_free(&packed);
        strbuf_free(&out);
        assert_int_equal(rc, hit ? ERR_NOMEM : ERR_OK);
        if (!hit)
            break;
    }
    assert_true(nth > 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_magic),
        cmocka_unit_test(test_members_and_padding_in_any_pieces),
        cmocka_unit_test(test_padding_between_members),
        cmocka_unit_test(test_cut_off_anywhere),
        cmocka_unit_test(test_damage_is_told_after_what_came_before),
        cmocka_unit_test(test_any_flipped_byte_is_found_or_harmless),
        cmocka_unit_test(test_nothing_at_all_is_not_whole),
        cmocka_unit_test(test_pack_and_unpack),
        cmocka_unit_test(test_unpack_refuses_what_is_not_exact),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("gz", tests, NULL, NULL);
}
