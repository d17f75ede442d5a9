#include "core/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Reference values: `xxhsum -H3` and `xxhsum -H2` of xxHash 0.8.1. */
static void test_published_values(void **state)
{
    (void)state;
    char hex[HASH_HEX_BYTES];
    assert_true(hash64(SLICE_LIT("")) == UINT64_C(0x2d06800538d394c2));
    struct hash128 h = hash128(SLICE_LIT(""));
    assert_string_equal(hash_hex(&h, hex), "99aa06d3014798d86001c324468d497f");
    assert_int_equal(strlen(hex), HASH_HEX_BYTES - 1);
}

static void test_empty_slice_without_bytes(void **state)
{
    (void)state;
    assert_true(hash64((struct slice){NULL, 0}) == hash64(SLICE_LIT("")));
}

static void test_every_byte_counts(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'a', sizeof text);
    struct hash128 plain = hash128((struct slice){text, sizeof text});
    uint64_t plain64 = hash64((struct slice){text, sizeof text});
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = 'b';
        struct hash128 h = hash128((struct slice){text, sizeof text});
        assert_memory_not_equal(h.bytes, plain.bytes, sizeof h.bytes);
        assert_true(hash64((struct slice){text, sizeof text}) != plain64);
        text[i] = 'a';
    }
}

static void test_same_bytes_at_any_address(void **state)
{
    (void)state;
    char text[64];
    for (size_t shift = 0; shift < 8; shift++) {
        memcpy(text + shift, "the same words", 14);
        assert_true(hash64((struct slice){text + shift, 14}) == hash64(SLICE_LIT("the same words")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_values),
        cmocka_unit_test(test_empty_slice_without_bytes),
        cmocka_unit_test(test_every_byte_counts),
        cmocka_unit_test(test_same_bytes_at_any_address),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
