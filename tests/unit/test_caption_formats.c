#include "ingest/captions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"
#include "tests/support/listing.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct {
    const char *label, *format, *path, *text, *want;
} files[] = {
    {"no speakers: a turn a cue", "vtt", "a.vtt",
     "WEBVTT\n\n1\n00:00:00.000 --> 00:00:09.800\nHello and welcome\n\n2\n00:00:09.800 --> 00:00:10.800\nto us.\n",
     "1:\n  unknown 0-9800|Hello and welcome\n  unknown 9800-10800|to us.\n"},
    {"header text, notes, styles, regions, no hours, settings, BOM, CRLF", "vtt", "a.vtt",
     "\xef\xbb\xbfWEBVTT - A title\r\nKind: captions\r\n\r\nNOTE conf 0.9\r\nmore\r\n\r\nSTYLE\r\n::cue { color: x "
     "}\r\n\r\n"
     "REGION\r\nid:a\r\n\r\nintro\r\n00:01.500 --> 00:02.000 align:start line:0%\r\nHello,\r\nyou\r\n\r\n"
     "NOTE end\r\n\r\n01:00:01.000 --> 01:00:02.5\r\nBye\r\n",
     "1:\n  unknown 1500-2000|Hello, you\n  unknown 3601000-3602500|Bye\n"},
    {"voices: classes, no end tag, several in a cue, one speaker's cues together, names with commas", "vtt", "a.vtt",
     "WEBVTT\n\n8a5c-0/12-0\n00:00.000 --> 00:01.000\n<v Lee, Ada (Ext)>Hello</v>\n\n"
     "00:01.000 --> 00:02.000\n<v.loud.first Lee, Ada (Ext)>and &lt;welcome&gt;\n\n"
     "00:02.000 --> 00:03.000\n<v Bob>Hi <i>there</i></v> <v Lee, Ada (Ext)>What\nis it?</v>\n\n"
     "00:03.000 --> 00:04.000\n[noise]\n",
     "1:\n  unknown name=Lee, Ada (Ext) 0-2000|Hello and <welcome>\n  unknown name=Bob 2000-3000|Hi there\n"
     "  unknown name=Lee, Ada (Ext) 2000-3000|What is it?\n  unknown 3000-4000|[noise]\n"},
    {"voices that are roles, and hold them", "vtt", "a.vtt",
     "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Agent>Hello</v>\n\n00:01.000 --> 00:02.000\n<v Ada (Customer)>Hi</v>\n",
     "1:\n  agent 0-1000|Hello\n  customer name=Ada 1000-2000|Hi\n"},
    {"Zoom: names before a colon, start in the file's name", "vtt", "in/GMT20240506-100000_Recording.transcript.vtt",
     "WEBVTT\r\n\r\n1\r\n00:00:03.480 --> 00:00:05.000\r\nAda Lee: Hello.\r\n\r\n2\r\n00:00:05.000 --> 00:00:06.000\r\n"
     "Bob: Hi: you\r\n\r\n3\r\n00:00:06.000 --> 00:00:07.000\r\nAda Lee: The thing is: no.\r\n\r\n4\r\n"
     "00:00:07.000 --> 00:00:08.000\r\nAda Lee: Sorry.\r\n",
     "1: at=1714989600000/file-name\n  unknown name=Ada Lee 3480-5000|Hello.\n  unknown name=Bob 5000-6000|Hi: you\n"
     "  unknown name=Ada Lee 6000-8000|The thing is: no. Sorry.\n"},
    {"a colon is no label yet", "vtt", "a.vtt",
     "WEBVTT\n\n00:00.000 --> 00:01.000\nSo: hello\n\n00:01.000 --> 00:02.000\nand bye\n",
     "1:\n  unknown 0-1000|So: hello\n  unknown 1000-2000|and bye\n"},
    {"empty cues, times that are none", "vtt", "a.vtt",
     "WEBVTT\n\n00:00.000 --> 00:01.000\n\n00:99.000 --> x\nlost\n\n00:01.000 --> 00:02.000\n<b></b>\n\n"
     "00:02.000 --> 00:03.000\nAda\n00:03.000 --> 00:04.000\nBob\n",
     "1:\n  unknown 2000-3000|Ada\n  unknown 3000-4000|Bob\n"},
    {"tags that are none", "vtt", "a.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\n5 < 6 and 7 > 3 &amp <00:00.500>so\n",
     "1:\n  unknown 0-1000|5 < 6 and 7 > 3 & so\n"},
    {"YouTube: a line of blanks within a cue, and lines that roll up", "vtt", "a.vtt",
     "WEBVTT\nKind: captions\nLanguage: en\n\n00:00.000 --> 00:04.000 align:start\n \n[Music]\n\n"
     "00:04.000 --> 00:04.010\n \n \n\n00:04.010 --> 00:06.000\n \nwe<00:04.5><c> refund</c>\n\n"
     "00:06.000 --> 00:06.010\nwe refund\n \n\n00:06.010 --> 00:08.000\nwe refund\nin<00:06.5><c> a week</c>\n",
     "1:\n  unknown 0-4000|[Music]\n  unknown 4010-6000|we refund\n  unknown 6010-8000|in a week\n"},
    {"lines of blanks between cues", "vtt", "a.vtt",
     "WEBVTT\n \n1\n00:00.000 --> 00:01.000\nokay\n \n2\n00:01.000 --> 00:02.000\nokay\n\t\n00:02.000 --> 00:03.000\n"
     "yes\n",
     "1:\n  unknown 0-1000|okay\n  unknown 1000-2000|okay\n  unknown 2000-3000|yes\n"},
    {"Webex: the name in the id", "vtt", "a.vtt",
     "WEBVTT\n\n1 \"Ada Lee\" (304311)\n00:01.000 --> 00:02.000\nHello\n\n2 \"Ada Lee\" (304311)\n00:02.000 --> "
     "00:03.000\nSo: you\n\n3 \"Bob\" (0)\n00:03.000 --> 00:04.000\nHi\n\n4 \"\" (0)\n00:04.000 --> 00:05.000\nmm\n",
     "1:\n  unknown name=Ada Lee 1000-3000|Hello So: you\n  unknown name=Bob 3000-4000|Hi\n  unknown 4000-5000|mm\n"},
    {"nothing said", "vtt", "a.vtt", "WEBVTT\n", "1!nobody says anything in this file\n"},
    {"SRT: labels where the speaker changes", "srt", "a.srt",
     "1\r\n00:00:00,000 --> 00:00:01,000\r\nAgent: Thank you\r\n\r\n2\r\n00:00:01,000 --> 00:00:02,000\r\nfor "
     "<i>calling</i>.\r\n\r\n3\r\n00:00:02,000 --> 00:00:03,000\r\nCustomer: Hi\r\nAgent: Yes?\r\n\r\n4\r\n"
     "00:00:03,000 --> 00:00:04,000\r\nHello?\r\n",
     "1:\n  agent 0-2000|Thank you for calling.\n  customer 2000-3000|Hi\n  agent 2000-4000|Yes? Hello?\n"},
    {"SRT: names in brackets, sounds are none", "srt", "a.srt",
     "\n1\n00:00:00,000 --> 00:00:01,000\n[Ada Lee] Hello\n\n2\n00:00:01,000 --> 00:00:02,000\n[Bob]: Hi\n\n"
     "3\n00:00:02,000 --> 00:00:03,000\n[Music] la\n\n4\n00:00:03,000 --> 00:00:04,000\n[Ada Lee] No\n\n"
     "5\n00:00:04,000 --> 00:00:05,000\n[Bob] Ok\n",
     "1:\n  unknown name=Ada Lee 0-1000|Hello\n  unknown name=Bob 1000-2000|Hi\n  unknown 2000-3000|[Music] la\n"
     "  unknown name=Ada Lee 3000-4000|No\n  unknown name=Bob 4000-5000|Ok\n"},
    {"SRT without numbers", "srt", "a.srt", "00:00:00,000 --> 00:00:01,000\nHello\n", "1:\n  unknown 0-1000|Hello\n"},
};

static void captions_become_turns(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(files); i++)
        expect_listing(files[i].label, files[i].format, files[i].path, slice_of(files[i].text),
                       (struct reader_options){0}, files[i].want);
}

static void times_of_cues(void **state)
{
    static const char *const wrong[] = {
        "", "-->", "00:01.000 -->", "--> 00:01.000", "a --> b", "00:01.000 -> 00:02.000", "00:01.000 --> ", "1 --> x"};
    struct cue cue;
    (void)state;
    for (size_t i = 0; i < ROWS(wrong); i++)
        if (captions_times(slice_of(wrong[i]), &cue))
            fail_msg("\"%s\" is no time", wrong[i]);
    assert_true(captions_times(SLICE_LIT("100:00:01.000-->100:00:02.000"), &cue));
    assert_int_equal(cue.start_ms, INT64_C(360001000));
}

/* A file that breaks off gives what came before, and then the error; a file that is too long gives only that. */
static void files_end_early(void **state)
{
    static const char text[] = "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n\n00:01.0";
    extern const struct format formats[];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct listing l = {STRBUF_INIT, 0, 0};
        struct text_input input = {slice_of(text), 5, i == 0};
        struct reader_input in = {&input, text_input_read};
        struct reader_sink sink = listing_sink(&l);
        struct reader_options o = {.max_record_bytes = i == 0 ? 1000 : 20};
        struct err e;
        const struct format *f = formats;
        while (strcmp(f->name, "vtt") != 0)
            f++;
        assert_int_equal(f->read(&in, "a.vtt", &o, &sink, &e), ERR_INPUT);
        assert_int_equal(l.conversations, i == 0);
        assert_non_null(strstr(e.msg, i == 0 ? "cut off" : "more than"));
        strbuf_free(&l.out);
    }
}

static void memory_fails_anywhere(void **state)
{
    (void)state;
    for (long nth = 1;; nth++) {
        struct strbuf text = STRBUF_INIT;
        for (int i = 0; i < 70; i++)
            strbuf_printf(&text, "00:00:%02d,000 --> 00:00:%02d,500\n<v %c>Hello\n\n", i % 60, i % 60, 'A' + i % 20);
        struct arena *a = arena_new(64);
        struct transcript t = {.arena = a, .text = STRBUF_INIT};
        struct err e;
        failing_alloc_at(nth);
        enum err_code rc = captions_convert(strbuf_slice(&text), &t, &e);
        transcript_end(&t);
        bool was_hit = failing_alloc_off();
        if (!was_hit) {
            assert_int_equal(rc, ERR_OK);
            assert_false(t.failed);
            assert_int_equal(t.n, 70);
        } else {
            assert_true(rc == ERR_NOMEM || t.failed);
        }
        transcript_free(&t);
        strbuf_free(&text);
        arena_free(a);
        if (!was_hit)
            return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captions_become_turns),
        cmocka_unit_test(times_of_cues),
        cmocka_unit_test(files_end_early),
        cmocka_unit_test(memory_fails_anywhere),
    };
    return cmocka_run_group_tests_name("caption formats", tests, NULL, NULL);
}
