#include "ingest/mail_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/strbuf.h"
#include "ingest/mail_text.h"
#include "ingest/probe.h"
#include "tests/support/listing.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])
#define HEADERS "From: Ada Lee <Ada@Shop.example>\nDate: Mon, 6 May 2024 12:00:00 +0200\nMessage-ID: <m1@x>\n"
#define AT      "at=1714989600000/record"

/* ---- own words ----------------------------------------------------------------------------------------------------
 */

static void quotes_and_signatures_go(void **state)
{
    static const struct {
        const char *body, *own;
    } rows[] = {
        {"", ""},
        {"Hello,\n\n\nyou\n", "Hello,\n\nyou"},
        {"No.\n\nOn Mon, May 6, 2024 at 9:00 AM Bob <b@x> wrote:\n> Can I?\n> Please\n", "No."},
        {"No.\r\nOn Mon, May 6, 2024 at 9:00 AM\r\nBob <b@x>\r\nwrote:\r\n\r\nCan I?\r\n", "No."},
        {"On 6 May Bob wrote:\n> Can I?\n\nNo, you\ncannot.\n> Why?\nBecause.\n", "No, you\ncannot.\nBecause."},
        {"On Monday we close.\nOn it.\n", "On Monday we close.\nOn it."},
        {"Am 06.05.24 um 9:00 schrieb Bob:\n> x\nNein", "Nein"},
        {"No\n-----Original Message-----\nFrom: Bob\nx", "No"},
        {"No\n\nFrom: Bob <b@x>\nSent: Monday\nTo: Ada\nSubject: x\n\nCan I?", "No"},
        {"No\n________________________________\nFrom: Bob <b@x>\nSent: Monday\nTo: Ada\n\nCan I?", "No"},
        {"From: here to there\nTo: be", "From: here to there\nTo: be"},
        {"Hello\n__________________\nstill mine", "Hello\n__________________\nstill mine"},
        {"Hello\n-- \nAda Lee\nShop", "Hello"},
        {"Hello\n--\nAda", "Hello"},
        {"Hello\n---\nmore", "Hello\n---\nmore"},
        {"Hello\n\nSent from my iPhone\n\n> quoted", "Hello"},
        {"> all\n> quoted", ""},
        {"Begin forwarded message:\nx", ""},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct strbuf out = STRBUF_INIT;
        strbuf_puts(&out, "|");
        mail_text_own(slice_of(rows[i].body), &out);
        if (strcmp(out.s + 1, rows[i].own) != 0)
            fail_msg("\"%s\": got \"%s\"", rows[i].body, out.s + 1);
        strbuf_free(&out);
    }
}

static void subjects_are_bared(void **state)
{
    static const struct {
        const char *subject, *bare;
        bool is_reply;
    } rows[] = {{"Order", "Order", false},
                {"Re: Order", "Order", true},
                {"RE: Fwd: AW: Order", "Order", true},
                {"[list] Re: Order", "Order", true},
                {"[list]", "[list]", false},
                {"Re:", "", true},
                {"", "", false},
                {"Regarding x", "Regarding x", false}};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        bool is_reply;
        struct slice bare = mail_text_subject(slice_of(rows[i].subject), &is_reply);
        if (!slice_is(bare, rows[i].bare) || is_reply != rows[i].is_reply)
            fail_msg("\"%s\": got \"%.*s\"", rows[i].subject, SLICE_ARG(bare));
    }
}

static void own_domains(void **state)
{
    (void)state;
    assert_true(mail_reader_is_own(SLICE_LIT("a@shop.example"), "Shop.example"));
    assert_true(mail_reader_is_own(SLICE_LIT("a@mail.shop.example"), "x.org, @shop.example"));
    assert_false(mail_reader_is_own(SLICE_LIT("a@myshop.example"), "shop.example"));
    assert_false(mail_reader_is_own(SLICE_LIT("shop.example"), "shop.example"));
    assert_false(mail_reader_is_own(SLICE_LIT("a@b"), ""));
    assert_false(mail_reader_is_own(SLICE_LIT("a@b"), NULL));
    assert_false(mail_reader_is_own(SLICE_LIT("a@b"), ",,"));
}

/* ---- messages -----------------------------------------------------------------------------------------------------
 */

static const struct {
    const char *label, *format, *text, *want;
} mails[] = {
    {"plain", "eml", HEADERS "Subject: x\n\nHello\n\n-- \nAda\n",
     "1:thread-f7fa25d1ef37c52d channel=email " AT "\n  unknown id=ada@shop.example name=Ada Lee 0|Hello\n"},
    {"encoded name, quoted-printable in Latin 1, CRLF", "eml",
     "From: =?iso-8859-1?Q?J=FCrg_M?= <j@x>\r\nDate: Mon, 6 May 2024 12:00:00 +0200\r\nMessage-ID: "
     "<m1@x>\r\nMIME-Version: 1.0\r\n"
     "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe "
     "=\r\nan alle\r\n",
     "1:thread-f7fa25d1ef37c52d channel=email " AT "\n  unknown id=j@x name=J\xc3\xbcrg M 0|Gr\xc3\xbc\xc3\x9f"
     "e an alle\n"},
    {"as it stands it is UTF-8 by now, whatever it says", "eml",
     HEADERS "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nGr\xc3\xbc\xc3\x9f"
             "e\n",
     "1:thread-f7fa25d1ef37c52d channel=email " AT "\n  unknown id=ada@shop.example name=Ada Lee 0|Gr\xc3\xbc\xc3\x9f"
     "e\n"},
    {"HTML alone, its quotes gone", "eml",
     HEADERS "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
             "PHA+Tm8sPC9wPjxwPnNvcnJ5PC9wPjxkaXY+T24gTW9uZGF5IEJvYiB3cm90ZTo8YmxvY2txdW90ZT5DYW4gST88L2Jsb2NrcXVvdGU+"
             "PC9kaXY+\n",
     "1:thread-f7fa25d1ef37c52d channel=email " AT "\n  unknown id=ada@shop.example name=Ada Lee 0|No,\nsorry\n"},
    {"only quoted words", "eml", HEADERS "\n> Can I?\n", "1!nobody says anything in this file\n"},
    {"plain before HTML, attachments left out", "eml",
     HEADERS "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
             "multipart/alternative; boundary=c\n\n"
             "--c\nContent-Type: text/plain\n\nplain\n--c\nContent-Type: "
             "text/html\n\n<p>html</p>\n--c--\n--b\nContent-Type: text/plain\n"
             "Content-Disposition: attachment; filename=a.txt\n\nattached\n--b--\n",
     "1:thread-f7fa25d1ef37c52d channel=email " AT "\n  unknown id=ada@shop.example name=Ada Lee 0|plain\n"},
    {"an automatic answer is a bot's; the thread is that of its first reference", "eml",
     HEADERS "References: <m0@x>\n <m7@x>\nIn-Reply-To: <m7@x>\nAuto-Submitted: auto-replied\n\nI am away.\n",
     "1:thread-e6112e9e8848c342 channel=email " AT "\n  bot id=ada@shop.example name=Ada Lee 0|I am away.\n"},
    {"threads by References, In-Reply-To and subject; copies; a quoted From", "mbox",
     "From b@y Mon May  6 10:00:00 2024\nFrom: b@y\nDate: Mon, 6 May 2024 10:00:00 +0000\nMessage-ID: <1@y>\nSubject: "
     "Order\n\n"
     "Where is it?\n>From Bob\n\nFrom here: it is.\n\n"
     "From a@shop.example Mon May  6 10:05:00 2024\nFrom: a@shop.example\nDate: Mon, 6 May 2024 10:05:00 +0000\n"
     "Message-ID: <2@s>\nIn-Reply-To: <1@y>\nSubject: Re: Order\n\nOn its way.\n\nOn Mon b@y wrote:\n> Where is it?\n\n"
     "From b@y Mon May  6 10:00:00 2024\nFrom: b@y\nDate: Mon, 6 May 2024 10:00:00 +0000\nMessage-ID: <1@y>\nSubject: "
     "Order\n\nCopy\n\n"
     "From b@y Mon May  6 10:10:00 2024\nFrom: b@y\nDate: Mon, 6 May 2024 10:10:00 +0000\nMessage-ID: <3@y>\nSubject: "
     "RE: Order\n\n"
     "Thanks\n\n"
     "From c@z Mon May  6 11:00:00 2024\nFrom: c@z\nDate: Mon, 6 May 2024 11:00:00 +0000\nMessage-ID: <4@z>\nSubject: "
     "Other\n\nHi\n",
     "1:thread-a6a69a4092dcf658 channel=email customer=b@y at=1714989600000/record\n  customer id=b@y 0|Where is "
     "it?\nFrom "
     "Bob\n\nFrom here: it is.\n  agent id=a@shop.example 300000|On its way.\n  customer id=b@y 600000|Thanks\n"
     "40:thread-d69d7217be66e4bf channel=email customer=c@z at=1714993200000/record\n  customer id=c@z 0|Hi\n"},
};

static void mails_become_turns(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(mails); i++) {
        struct reader_options o = {.own_domains = strcmp(mails[i].format, "mbox") == 0 ? "shop.example" : NULL};
        expect_listing(mails[i].label, mails[i].format, "a", slice_of(mails[i].text), o, mails[i].want);
    }
}

static enum err_code read_as(const char *format, struct slice text, size_t most, struct listing *l, struct err *e)
{
    struct text_input input = {text, 1000, false};
    struct reader_input in = {&input, text_input_read};
    struct reader_sink sink = listing_sink(l);
    struct reader_options o = {.max_record_bytes = most};
    const struct format *f;
    assert_int_equal(probe_named(format, &f, e), ERR_OK);
    return f->read(&in, "a", &o, &sink, e);
}

/* A message that is too long is refused with its line, and the others are read. */
static void long_messages_are_refused(void **state)
{
    struct strbuf text = STRBUF_INIT;
    struct listing l = {STRBUF_INIT, 0, 0};
    struct err e;
    (void)state;
    for (int i = 0; i < 3; i++) {
        strbuf_printf(&text, "From b@y Mon May  6 10:00:00 2024\nFrom: b@y\nDate: Mon, 6 May 2024 10:0%d:00 +0000\n\n",
                      i);
        for (int k = 0; k < (i == 1 ? 20000 : 2); k++)
            strbuf_puts(&text, k % 2 == 0 ? "word word word word\n" : "\n");
    }
    assert_int_equal(read_as("mbox", strbuf_slice(&text), 5000, &l, &e), ERR_OK);
    if (l.conversations != 2)
        fail_msg("%s", l.out.s);
    assert_int_equal(l.rejects, 1);
    assert_non_null(strstr(l.out.s, "7!a message that is longer than --max-record allows"));
    strbuf_free(&l.out);
    strbuf_free(&text);
}

/* Parts in parts in parts, parts without end, headers that are none: it ends, and nothing is read beyond. */
static void hostile_mail_ends(void **state)
{
    struct strbuf text = STRBUF_INIT;
    struct err e;
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        struct listing l = {STRBUF_INIT, 0, 0};
        strbuf_clear(&text);
        strbuf_puts(&text, "From: b@y\nDate: Mon, 6 May 2024 10:00:00 +0000\n");
        for (int i = 0; i < 3000; i++) {
            if (kind == 0)
                strbuf_printf(&text, "Content-Type: multipart/mixed; boundary=\"b%d\"\n\n--b%d\n", i, i);
            else if (kind == 1)
                strbuf_puts(&text, i == 0 ? "Content-Type: multipart/mixed; boundary=b\n\n" : "--b\n\n\xff\xfe x\n");
            else if (kind == 2)
                strbuf_puts(&text, "References: <a@b> <<<>>> <\n");
            else
                strbuf_printf(&text, "Content-Type: message/rfc822\n\nFrom: c@%d\n", i);
        }
        strbuf_puts(&text, "\n\nHello\n");
        assert_int_equal(read_as("eml", strbuf_slice(&text), 0, &l, &e), ERR_OK);
        assert_true(l.conversations + l.rejects <= 1);
        strbuf_free(&l.out);
    }
    strbuf_free(&text);
}

static void what_is_no_mail(void **state)
{
    static const char *const texts[] = {
        "", "\n", "From: a\n\nx", "Date: x\n\ny", "From: a\nDate: b c\nno header\n\n", "From a b 10:00\n"};
    (void)state;
    for (size_t i = 0; i < ROWS(texts); i++)
        if (mail_reader_has_headers(slice_of(texts[i])))
            fail_msg("taken for headers: %s", texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_and_signatures_go),
        cmocka_unit_test(subjects_are_bared),
        cmocka_unit_test(own_domains),
        cmocka_unit_test(mails_become_turns),
        cmocka_unit_test(long_messages_are_refused),
        cmocka_unit_test(hostile_mail_ends),
        cmocka_unit_test(what_is_no_mail),
    };
    return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
