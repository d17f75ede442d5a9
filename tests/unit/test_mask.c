#include "ingest/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* What MASK_ALL makes of IN; WANT NULL: it stays as it is. */
struct row {
    const char *in, *want;
};

static void check(const struct row *rows, size_t n)
{
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < n; i++) {
        strbuf_clear(&out);
        size_t count = mask_text(slice_of(rows[i].in), MASK_ALL, &out);
        if (rows[i].want == NULL) {
            if (count != 0)
                fail_msg("\"%s\" became \"%s\"", rows[i].in, out.s);
            assert_int_equal(out.n, 0);
        } else if (count == 0 || strcmp(out.s, rows[i].want) != 0) {
            fail_msg("\"%s\" became \"%s\", not \"%s\"", rows[i].in, count != 0 ? out.s : rows[i].in, rows[i].want);
        }
    }
    strbuf_free(&out);
}

static void cards_are_masked(void **state)
{
    static const struct row rows[] = {
        {"4111111111111111", "[card]"},
        {"my card is 4111 1111 1111 1111, exp 12/27", "my card is [card], exp 12/27"},
        {"4111-1111-1111-1111.", "[card]."},
        {"378282246310005 amex", "[card] amex"},
        {"3782 822463 10005", "[card]"},
        {"5555555555554444 and 6011111111111117", "[card] and [card]"},
        {"2223003122003222", "[card]"},
        {"4222222222222", "[card]"},
        {"(4111111111111111)", "([card])"},
        {"4111111111111112", NULL},
        {"4111 1111 1111 1112", NULL},
        {"order 1111111111111117", NULL},
        {"tracking 9400100000000000000000", NULL},
        {"x4111111111111111", NULL},
        {"4111111111111111a", NULL},
        {"4111.1111.1111.1111", NULL},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void social_security_numbers_are_masked(void **state)
{
    static const struct row rows[] = {
        {"SSN 123-45-6789", "SSN [ssn]"},
        {"it's 123 45 6789 ok", "it's [ssn] ok"},
        {"000-12-3456", NULL},
        {"666-12-3456", NULL},
        {"912-12-3456", NULL},
        {"123-00-4567", NULL},
        {"123-45-0000", NULL},
        {"123456789", NULL},
        {"123-45-67890", NULL},
        {"A123-45-6789", NULL},
        {"123-45-6789-1", NULL},
        {"1-123-45-6789", NULL},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void ibans_are_masked(void **state)
{
    static const struct row rows[] = {
        {"DE89370400440532013000", "[iban]"},
        {"IBAN: DE89 3704 0044 0532 0130 00.", "IBAN: [iban]."},
        {"gb82 west 1234 5698 7654 32", "[iban]"},
        {"NO9386011117947 now", "[iban] now"},
        {"FR14 2004 1010 0505 0001 3M02 606", "[iban]"},
        {"DE89370400440532013001", NULL},
        {"DE8937040044053201300", NULL},
        {"XDE89370400440532013000", NULL},
        {"ZZ89370400440532013000", NULL},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void mail_addresses_are_masked(void **state)
{
    static const struct row rows[] = {
        {"a@b.co", "[email]"},
        {"write to jane.doe+x@mail.example.com.", "write to [email]."},
        {"<o'neil@example.org>", "<[email]>"},
        {"mailto:j\xc3\xb6rg@b\xc3\xbc"
         "cher.de ok",
         "mailto:[email] ok"},
        {"12345@example.com", "[email]"},
        {"a@b.co,c@d.co", "[email],[email]"},
        {"me@home", NULL},
        {"@handle", NULL},
        {"2 @ 3.50", NULL},
        {"a@.com", NULL},
        {"@@@@", NULL},
        {"x@1.2", NULL},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void phone_numbers_are_masked(void **state)
{
    static const struct row rows[] = {
        {"call 555-234-5678 now", "call [phone] now"},
        {"(555) 234-5678", "[phone]"},
        {"(555)234-5678", "[phone]"},
        {"555.234.5678", "[phone]"},
        {"555 234 5678", "[phone]"},
        {"1-800-234-5678", "[phone]"},
        {"1 (800) 234-5678", "[phone]"},
        {"+1 555 234 5678", "[phone]"},
        {"+15552345678", "[phone]"},
        {"+49 30 1234567", "[phone]"},
        {"+44 (0)20 7946 0958", "[phone]"},
        {"+33 1 23 45 67 89", "[phone]"},
        {"0049 30 1234567", "[phone]"},
        {"004930123456", "[phone]"},
        {"030 1234567", "[phone]"},
        {"030/1234567", "[phone]"},
        {"0171-1234567", "[phone]"},
        {"020 7946 0958", "[phone]"},
        {"07700 900123", "[phone]"},
        {"07700900123", "[phone]"},
        {"01 23 45 67 89", "[phone]"},
        {"01.23.45.67.89", "[phone]"},
        {"my phone number is 5552345678", "my phone number is [phone]"},
        {"tel. 5552345678", "tel. [phone]"},
        {"(792) 179-3327", "[phone]"},
        {"about my order: call me at 555-234-5678", "about my order: call me at [phone]"},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void other_numbers_stay(void **state)
{
    static const char *const rows[] = {
        "order 5545781356",
        "Order ID: 234-567-8901.",
        "i told u the order no. its #456-789-0123",
        "#456-789-0123",
        "order number 456-789-0123, a vase",
        "order 0712345678",
        "Order ID: 5545781356",
        "#0712345678",
        "$1,234.56",
        "EUR 1.234.567,89",
        "1 234 567,89",
        "2026-11-16",
        "16.11.2026",
        "16/11/2026 12:30",
        "03-04-2024 12:30",
        "01 02 2024 12:30",
        "2026-11-16T09:30:00.123456Z",
        "09:30-10:30",
        "192.168.100.200",
        "10.0.0.1:8080",
        "4VEJCYVP8U",
        "555-1234",
        "12 months, 30 days",
        "100-200-300",
        "zip 12345-6789",
        "v1.2.3-4567890123",
        "1-2-3-4-5-6-7-8-9-10-11-12",
        "isbn 978-3-16-148410-0",
        "1234567890",
        "3.14159265358979",
        "",
        "no digits at all",
        "1",
        "+1",
        "2024-2025-2026",
        "call 155-123-4567",
        "1695847200 and 1695847200123",
        "https://example.com/t/5552345678",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&(struct row){rows[i], NULL}, 1);
}

static void several_in_one_text_are_counted(void **state)
{
    struct strbuf out = STRBUF_INIT;
    (void)state;
    size_t n = mask_text(slice_of("4111111111111111, a@b.co, +15552345678; SSN 123-45-6789 DE89370400440532013000!"),
                         MASK_ALL, &out);
    assert_int_equal(n, 5);
    assert_string_equal(out.s, "[card], [email], [phone]; SSN [ssn] [iban]!");
    strbuf_free(&out);
}

static void only_the_kinds_asked_for_are_masked(void **state)
{
    static const struct {
        unsigned kinds;
        const char *want;
    } rows[] = {
        {MASK_CARD, "[card] a@b.co 555-234-5678 123-45-6789 NO9386011117947"},
        {MASK_EMAIL, "4111111111111111 [email] 555-234-5678 123-45-6789 NO9386011117947"},
        {MASK_PHONE, "4111111111111111 a@b.co [phone] 123-45-6789 NO9386011117947"},
        {MASK_SSN, "4111111111111111 a@b.co 555-234-5678 [ssn] NO9386011117947"},
        {MASK_IBAN, "4111111111111111 a@b.co 555-234-5678 123-45-6789 [iban]"},
    };
    (void)state;
    struct slice in = slice_of("4111111111111111 a@b.co 555-234-5678 123-45-6789 NO9386011117947");
    struct strbuf out = STRBUF_INIT;
    assert_int_equal(mask_text(in, 0, &out), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        strbuf_clear(&out);
        assert_int_equal(mask_text(in, rows[i].kinds, &out), 1);
        assert_string_equal(out.s, rows[i].want);
    }
    strbuf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_are_masked),
        cmocka_unit_test(social_security_numbers_are_masked),
        cmocka_unit_test(ibans_are_masked),
        cmocka_unit_test(mail_addresses_are_masked),
        cmocka_unit_test(phone_numbers_are_masked),
        cmocka_unit_test(other_numbers_stay),
        cmocka_unit_test(several_in_one_text_are_counted),
        cmocka_unit_test(only_the_kinds_asked_for_are_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
