#include "ingest/ingest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/json_write.h"
#include "store/store.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/tmpdir.h"

/* An instant long after the files were made. */
#define NOW_MS INT64_C(4000000000000)

struct fixture {
    char dir[TMPDIR_BYTES];
    char in[TMPDIR_PATH];
    struct store *db;
    struct ingest_options o;
    struct ingest_stats stats;
    struct strbuf troubles;
    const char *paths[2];
    struct err e;
};

static void on_trouble(void *ctx, const char *path, const struct err *why)
{
    struct fixture *f = ctx;
    (void)path;
    strbuf_puts(&f->troubles, why->msg);
    strbuf_putc(&f->troubles, '\n');
}

static void open_store(struct fixture *f)
{
    static const struct policy unlisted = {{"unlisted", 8}, {"", 0}, {"", 0}};
    const struct ruleset_info rules = {SLICE_LIT("0123456789abcdef0123456789abcdef"), &unlisted, 1, NULL, 0};
    store_close(f->db);
    f->db = NULL;
    assert_int_equal(store_open(":memory:", STORE_CREATE, &f->db, &f->e), ERR_OK);
    assert_int_equal(store_run_begin(f->db, "ingest", NOW_MS, &f->o.run_id, &f->e), ERR_OK);
    assert_int_equal(store_use_ruleset(f->db, &rules, NOW_MS, &f->e), ERR_OK);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    tmpdir_new(f->dir);
    (void)tmpdir_path(f->in, f->dir, "in");
    f->paths[0] = f->in;
    f->o = (struct ingest_options){
        .paths = f->paths, .npaths = 1, .mask = MASK_ALL, .now_ms = NOW_MS, .min_age_s = 60, .jobs = 2};
    open_store(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->db);
    tmpdir_free(f->dir);
    strbuf_free(&f->troubles);
    free(f);
    return 0;
}

static void put_file(struct fixture *f, const char *name, const char *text)
{
    char path[TMPDIR_PATH];
    (void)snprintf(path, sizeof path, "in/%s", name);
    tmpdir_write(f->dir, path, text, strlen(text));
}

static void put_beside(struct fixture *f, const char *name, const char *text)
{
    tmpdir_write(f->dir, name, text, strlen(text));
}

static enum err_code ingest(struct fixture *f)
{
    struct ingest_report report = {.ctx = f, .trouble = on_trouble};
    strbuf_clear(&f->troubles);
    strbuf_puts(&f->troubles, "");
    return ingest_run(&f->o, f->db, NULL, &report, &f->stats, &f->e);
}

static void add_conversation(struct strbuf *out, const struct conversation *c)
{
    strbuf_printf(out, "%.*s/%.*s %lld %s %.*s|%.*s|%.*s|%u\n", SLICE_ARG(c->source), SLICE_ARG(c->external_id),
                  (long long)c->started_at_ms, time_origin_name(c->time_origin), SLICE_ARG(c->agent_id),
                  SLICE_ARG(c->customer_id), SLICE_ARG(c->channel), c->nmasked);
    for (uint32_t i = 0; i < c->nturns; i++) {
        const struct turn *t = &c->turns[i];
        strbuf_printf(out, "  %s %.*s (%.*s): %.*s", role_name(t->role), SLICE_ARG(t->speaker_id),
                      SLICE_ARG(t->speaker_name), SLICE_ARG(t->text));
        if (t->start_ms != MS_NONE)
            strbuf_printf(out, " @%lld", (long long)t->start_ms);
        strbuf_putc(out, '\n');
    }
}

/* All that is stored, as text the caller frees. */
static char *dump(struct fixture *f)
{
    struct strbuf out = STRBUF_INIT;
    struct arena *a = arena_new(0);
    int64_t ids[16], after = 0;
    size_t n = 1;
    assert_non_null(a);
    strbuf_puts(&out, "");
    while (n != 0) {
        assert_int_equal(store_stale_ids(f->db, after, ids, 16, &n, &f->e), ERR_OK);
        for (size_t i = 0; i < n; i++) {
            struct conversation c;
            assert_int_equal(store_conversation_get(f->db, ids[i], a, &c, &f->e), ERR_OK);
            add_conversation(&out, &c);
            after = ids[i];
        }
    }
    arena_free(a);
    assert_false(strbuf_failed(&out));
    return out.s;
}

static void check_dump(struct fixture *f, const char *want)
{
    char *got = dump(f);
    assert_string_equal(got, want);
    free(got);
}

static void the_contract_form_is_stored_as_it_is(void **state)
{
    struct fixture *f = *state;
    put_file(f, "a.jsonl",
             "{\"conversation_id\":\"c1\",\"source\":\"zendesk\",\"started_at\":\"2026-11-16T09:30:00Z\",\"channel\":"
             "\"chat\","
             "\"customer_id\":\"u7\",\"turns\":[{\"role\":\"customer\",\"text\":\" hi "
             "\",\"start_ms\":0},{\"role\":\"agent\","
             "\"agent_id\":\"a12\",\"agent_name\":\"Ada\",\"text\":\"Hello\",\"start_ms\":4000},{\"role\":\"agent\","
             "\"text\":\"\"}]}\n"
             "{\"conversation_id\":\"c2\",\"agent_id\":\"a13\",\"customer_id\":\"x@example.org\",\"started_at\":\"2026-"
             "11-16T09:30:00\","
             "\"turns\":[{\"speaker\":\"agent\",\"text\":\"mail me at "
             "a@b.co\"},{\"speaker\":\"someone\",\"text\":\"ok\"}]}\n");
    assert_int_equal(ingest(f), ERR_OK);
    assert_int_equal(f->stats.conversations, 2);
    assert_int_equal(f->stats.turns, 4);
    assert_int_equal(f->stats.unknown_roles, 1);
    assert_int_equal(f->stats.masked, 2);
    check_dump(f,
               "zendesk/c1 1794821400000 record a12|u7|chat|0\n  customer  (): hi @0\n  agent a12 (Ada): Hello @4000\n"
               "json/c2 1794821400000 record-no-zone a13|h:61fcdbad44df2bd2||2\n"
               "  agent a13 (): mail me at [email]\n  unknown  (someone): ok\n");
}

/* Some files of all sorts; N conversations each. */
static void put_many(struct fixture *f, int n)
{
    struct strbuf lines = STRBUF_INIT, array = STRBUF_INIT, csv = STRBUF_INIT;
    strbuf_puts(&array, "{\"version\":1,\"conversations\":[");
    strbuf_puts(&csv, "conversation_id,role,text\n");
    for (int i = 0; i < n; i++) {
        strbuf_printf(&lines,
                      "{\"id\":\"l%d\",\"messages\":[{\"role\":\"user\",\"content\":\"question %d\"},{\"role\":"
                      "\"assistant\",\"content\":\"answer %d, call 555-234-5678\"}]}\n",
                      i, i, i * 7);
        if (i % 10 == 3)
            strbuf_puts(&lines, "{\"id\":\"broken\n");
        strbuf_printf(&array, "%s{\"id\":%d,\"turns\":[[\"agent\",\"hello %d\"],[\"customer\",\"bye\"]]}",
                      i ? ",\n" : "", i, i);
        strbuf_printf(&csv, "v%d,agent,one %d\nv%d,customer,two\n", i, i, i);
    }
    strbuf_puts(&array, "]}");
    put_file(f, "1/lines.jsonl", lines.s);
    put_file(f, "2/array.json", array.s);
    put_file(f, "3/turns.csv", csv.s);
    put_file(f, "4/notes.bin",
             "\x7f"
             "ELF");
    strbuf_free(&lines);
    strbuf_free(&array);
    strbuf_free(&csv);
}

static void the_number_of_jobs_changes_nothing(void **state)
{
    struct fixture *f = *state;
    char *dumps[3];
    put_many(f, 6000);
    for (unsigned jobs = 1; jobs <= 3; jobs++) {
        open_store(f);
        f->o.jobs = 2 * jobs - 1;
        assert_int_equal(ingest(f), ERR_OK);
        assert_int_equal(f->stats.files, 4);
        assert_int_equal(f->stats.files_failed, 1);
        assert_int_equal(f->stats.conversations, 18000);
        assert_int_equal(f->stats.added, 18000);
        assert_int_equal(f->stats.turns, 36000);
        assert_int_equal(f->stats.rejects, 601);
        assert_int_equal(f->stats.masked, 6000);
        dumps[jobs - 1] = dump(f);
    }
    assert_string_equal(dumps[0], dumps[1]);
    assert_string_equal(dumps[0], dumps[2]);
    for (size_t i = 0; i < 3; i++)
        free(dumps[i]);
}

static void a_second_run_changes_nothing(void **state)
{
    struct fixture *f = *state;
    put_many(f, 20);
    assert_int_equal(ingest(f), ERR_OK);
    char *before = dump(f);
    assert_int_equal(ingest(f), ERR_OK);
    assert_int_equal(f->stats.files_known, 4);
    assert_int_equal(f->stats.files, 0);
    assert_int_equal(f->stats.conversations, 0);
    f->o.mask = MASK_ALL & ~(unsigned)MASK_SSN;
    assert_int_equal(ingest(f), ERR_OK);
    assert_int_equal(f->stats.skipped, 60);
    assert_int_equal(f->stats.added + f->stats.replaced, 0);
    check_dump(f, before);
    free(before);
}

static void trouble_is_told_with_its_place_and_the_rest_is_kept(void **state)
{
    static const struct {
        const char *name, *text;
        int conversations, rejects, failed;
        const char *want;
    } rows[] = {
        {"bad_line.jsonl",
         "{\"turns\":[{\"role\":\"agent\",\"text\":\"a\"}]}\n{\"turns\":[\n{\"turns\":[{\"role\":\"agent\",\"text\":"
         "\"b\"}]}\n",
         2, 1, 0, "line 2, column 11: bad JSON: cut off"},
        {"no_turns.jsonl",
         "{\"turns\":[{\"role\":\"agent\",\"text\":\"a\"}]}\n{\"x\":1}\n{\"turns\":[]}\n{\"turns\":[{\"role\":"
         "\"agent\",\"text\":\" \"}]}\n",
         1, 3, 0, "line 3: a conversation without turns"},
        {"no_speaker.jsonl", "{\"turns\":[{\"role\":\"agent\",\"text\":\"a\"}]}\n{\"turns\":[{\"text\":\"b\"}]}\n", 1,
         1, 0, "line 2: no conversation: the turns have a text but no role"},
        {"cut.json", "[{\"turns\":[{\"role\":\"agent\",\"text\":\"a\"}]},\n{\"turns\":[{\"role\":\"ag", 1, 1, 0,
         "line 2: cut off"},
        {"joined.jsonl",
         "{\"turns\":[{\"role\":\"agent\",\"text\":\"a\"}]}{\"turns\":[{\"role\":\"agent\",\"text\":\"b\"}]}\n", 2, 0,
         0, ""},
        {"joined_lines.jsonl",
         "{\"turns\":[{\"role\":\"agent\",\"text\":\"a\"}]}\n{\"turns\":[{\"role\":\"agent\",\"text\":\"b\"}]}{"
         "\"turns\":[{\"role\":\"agent\",\"text\":\"c\"}]}\n",
         3, 0, 0, ""},
        {"nul.jsonl", "{\"turns\":[{\"role\":\"agent\",\"text\":\"a\\u0000b\"}]}\n", 1, 0, 0, ""},
        {"other.json", "{\"hello\":\"world\"}", 0, 1, 1, "none of its first 1 records is a conversation"},
        {"text.txt", "just a line\nand another", 0, 1, 1, ""},
        {"zip.zip", "PK\3\4 and so on", 0, 1, 1, "damaged archive"},
        {"blank.jsonl", " \n \n", 0, 0, 0, ""},
        {"latin.jsonl", "{\"turns\":[{\"role\":\"agent\",\"text\":\"caf\xe9\"}]}\n", 1, 0, 0, ""},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[TMPDIR_PATH];
        put_file(f, rows[i].name, rows[i].text);
        open_store(f);
        f->paths[0] = tmpdir_path(path, f->in, rows[i].name);
        enum err_code rc = ingest(f);
        if (rc != (rows[i].failed ? ERR_INPUT : ERR_OK) || f->stats.conversations != rows[i].conversations ||
            f->stats.rejects != rows[i].rejects || f->stats.files_failed != rows[i].failed ||
            strstr(f->troubles.s, rows[i].want) == NULL)
            fail_msg("%s: rc %d, %d conversations, %d rejects: %s", rows[i].name, (int)rc, (int)f->stats.conversations,
                     (int)f->stats.rejects, f->troubles.s);
        if (rows[i].rejects != 0)
            assert_non_null(strstr(f->troubles.s, rows[i].name));
    }
}

static void a_path_that_does_not_exist_is_told_after_the_others(void **state)
{
    struct fixture *f = *state;
    put_file(f, "a.jsonl", "{\"turns\":[{\"role\":\"agent\",\"text\":\"a\"}]}\n");
    f->paths[0] = "/nonexistent/folder";
    f->paths[1] = f->in;
    f->o.npaths = 2;
    assert_int_equal(ingest(f), ERR_IO);
    assert_non_null(strstr(f->e.msg, "/nonexistent/folder"));
    assert_int_equal(f->stats.added, 1);
}

static void young_files_are_left_for_the_next_night(void **state)
{
    struct fixture *f = *state;
    put_file(f, "a.jsonl", "{\"turns\":[{\"role\":\"agent\",\"text\":\"a\"}]}\n");
    f->o.now_ms = 0;
    assert_int_equal(ingest(f), ERR_OK);
    assert_int_equal(f->stats.files_young, 1);
    assert_int_equal(f->stats.files, 0);
    f->o.min_age_s = 0;
    assert_int_equal(ingest(f), ERR_OK);
    assert_int_equal(f->stats.files, 1);
}

static void an_unknown_format_is_the_users_error(void **state)
{
    struct fixture *f = *state;
    f->o.format = "morse";
    assert_int_equal(ingest(f), ERR_USAGE);
}

static void the_usual_shapes_of_json_are_understood(void **state)
{
#define AB "  customer  (): a\n  agent  (): b\n"
    static const struct {
        const char *label, *in, *want;
    } rows[] = {
        {"OpenAI",
         "{\"id\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]"
         "}",
         AB},
        {"content lists",
         "{\"id\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]},"
         "{\"role\":\"assistant\",\"content\":null},{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":"
         "\"b\"}]}]}",
         AB},
        {"ShareGPT",
         "[{\"id\":\"x\",\"conversations\":[{\"from\":\"human\",\"value\":\"a\"},{\"from\":\"gpt\",\"value\":\"b\"}]}]",
         AB},
        {"a wrapper",
         "{\"conversations\":[{\"chat_id\":\"x\",\"messages\":[{\"sender\":\"visitor\",\"msg\":\"a\"},{\"sender\":"
         "\"agent\",\"msg\":\"b\"}]}]}",
         AB},
        {"pairs, and the same again",
         "{\"convo_id\":\"x\",\"delexed\":[{\"speaker\":\"customer\",\"text\":\"z\"}],\"original\":[[\"customer\","
         "\"a\"],[\"agent\",\"b\"]]}",
         AB},
        {"DSTC11",
         "{\"dialogue_id\":\"x\",\"turns\":[{\"turn_id\":0,\"speaker_role\":\"Customer\",\"utterance\":\"a\"},{"
         "\"speaker_role\":\"Agent\",\"utterance\":\"b\"}]}",
         AB},
        {"an id further up",
         "{\"id\":\"x\",\"data\":{\"messages\":[{\"author\":{\"type\":\"user\"},\"body\":\"a\"},{\"author\":{\"type\":"
         "\"admin\"},\"body\":\"b\"}]}}",
         AB},
        {"the agent's name",
         "{\"id\":\"x\",\"agent\":{\"id\":\"a1\",\"name\":\"Ada\"},\"customer\":\"Cy\",\"transcript\":[{\"speaker\":"
         "\"Cy\",\"text\":\"a\"},{\"speaker\":\"Ada\",\"text\":\"b\"}]}",
         "  customer  (Cy): a\n  agent a1 (Ada): b\n"},
        {"times of turns",
         "{\"id\":\"x\",\"turns\":[{\"role\":\"user\",\"text\":\"a\",\"timestamp\":\"2026-11-16T10:00:00Z\"},{\"role\":"
         "\"agent\",\"text\":\"b\",\"timestamp\":\"2026-11-16T10:00:07.5Z\"}]}",
         "  customer  (): a @0\n  agent  (): b @7500\n"},
        {"seconds",
         "{\"id\":\"x\",\"turns\":[{\"role\":\"user\",\"text\":\"a\",\"start\":0.5},{\"role\":\"agent\",\"text\":\"b\","
         "\"start\":4}]}",
         "  customer  (): a @500\n  agent  (): b @4000\n"},
        {"epochs",
         "{\"id\":\"x\",\"turns\":[{\"role\":\"user\",\"text\":\"a\",\"ts\":1763287200},{\"role\":\"agent\",\"text\":"
         "\"b\",\"ts\":1763287203}]}",
         "  customer  (): a @0\n  agent  (): b @3000\n"},
        {"utterances",
         "{\"id\":1,\"conversation_id\":\"x\",\"speaker\":\"customer\",\"text\":\"a\"}\n{\"id\":2,\"conversation_id\":"
         "\"x\",\"speaker\":\"agent\",\"text\":\"b\",\"reply_to\":1}\n",
         "  customer customer (): a\n  agent agent (): b\n"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[TMPDIR_PATH], name[32];
        (void)snprintf(name, sizeof name, "%zu.json", i);
        put_file(f, name, rows[i].in);
        open_store(f);
        f->paths[0] = tmpdir_path(path, f->in, name);
        assert_int_equal(ingest(f), ERR_OK);
        char *got = dump(f);
        const char *turns = strchr(got, '\n');
        if (f->stats.conversations != 1 || strstr(got, "/x ") == NULL || strcmp(turns + 1, rows[i].want) != 0)
            fail_msg("%s: %s", rows[i].label, got);
        free(got);
    }
}

static void roster_and_side_data_are_joined(void **state)
{
    struct fixture *f = *state;
    char roster[TMPDIR_PATH], side[TMPDIR_PATH];
    put_file(f, "a.json",
             "[{\"id\":7,\"turns\":[{\"role\":\"agent\",\"text\":\"a\"},{\"role\":\"agent\",\"name\":\"Bo\",\"text\":"
             "\"b\"}]}]");
    put_beside(f, "agents.csv", "Agent ID,Team,Name\na1,red,Ada\nb2,blue,Bo\n");
    put_beside(f, "side.csv", "conversation_id,agent_id,started_at,channel\n7,a1,2026-11-16T00:00:00Z,voice\n");
    f->o.roster = tmpdir_path(roster, f->dir, "agents.csv");
    f->o.side = tmpdir_path(side, f->dir, "side.csv");
    assert_int_equal(ingest(f), ERR_OK);
    check_dump(f, "json/7 1794787200000 side-data a1||voice|0\n  agent a1 (Ada): a\n  agent b2 (Bo): b\n");
    put_beside(f, "side.csv", "a,b\n1,2\n");
    assert_int_equal(ingest(f), ERR_CONFIG);
    assert_non_null(strstr(f->e.msg, "conversation_id"));
}

/* ---- the filter ---- */

static enum err_code write_line(void *ctx, void *worker, const struct conversation *c, const struct tags *t,
                                struct strbuf *out, struct err *e)
{
    (void)ctx;
    (void)worker;
    (void)e;
    assert_int_equal(t->nepisodes, 0);
    strbuf_add_slice(out, c->external_id);
    strbuf_putc(out, '\n');
    return ERR_OK;
}

static enum err_code take_lines(void *ctx, struct slice text, struct err *e)
{
    (void)e;
    strbuf_add_slice(ctx, text);
    return ERR_OK;
}

static void the_filter_keeps_the_order(void **state)
{
    struct fixture *f = *state;
    struct strbuf lines = STRBUF_INIT, want = STRBUF_INIT, got = STRBUF_INIT;
    for (int i = 0; i < 20000; i++) {
        strbuf_printf(&lines, "{\"id\":\"c%d\",\"turns\":[{\"role\":\"agent\",\"text\":\"%*s\"}]}\n", i, i % 100 + 1,
                      "x");
        strbuf_printf(&want, "c%d\n", i);
    }
    put_file(f, "a.jsonl", lines.s);
    struct ingest_filter filter = {&got, write_line, take_lines};
    f->o.jobs = 4;
    assert_int_equal(ingest_filter(&f->o, NULL, &filter, NULL, &f->stats, &f->e), ERR_OK);
    assert_int_equal(f->stats.conversations, 20000);
    assert_true(slice_eq(strbuf_slice(&got), strbuf_slice(&want)));
    strbuf_free(&lines);
    strbuf_free(&want);
    strbuf_free(&got);
}

/* ---- failures of broach's own ---- */

static enum err_code refuse_to_tag(void *ctx, void *worker, const struct conversation *c, struct arena *a,
                                   struct tags *out, struct err *e)
{
    (void)ctx;
    (void)worker;
    (void)a;
    memset(out, 0, sizeof *out);
    return slice_is(c->external_id, "l500") ? err_set(e, ERR_INTERNAL, "no") : ERR_OK;
}

static void an_error_of_a_stage_leaves_no_half_file(void **state)
{
    struct fixture *f = *state;
    struct ingest_hook hook = {NULL, NULL, NULL, refuse_to_tag};
    put_many(f, 1000);
    assert_int_equal(ingest_run(&f->o, f->db, &hook, NULL, &f->stats, &f->e), ERR_INTERNAL);
    check_dump(f, "");
}

static void running_out_of_memory_leaves_no_half_file(void **state)
{
    struct fixture *f = *state;
    put_file(f, "a.jsonl",
             "{\"id\":\"a\",\"turns\":[{\"role\":\"agent\",\"text\":\"a@b.co\"}]}\n{\"id\":\"b\",\"turns\":[{\"role\":"
             "\"agent\",\"text\":\"b\"}]}\n");
    /* no CSV here: guessing a delimiter cannot tell that memory ran out */
    put_file(f, "b.jsonl", "{\"id\":1,\"conversation_id\":\"v\",\"speaker\":\"agent\",\"text\":\"one\"}\n");
    f->o.jobs = 1;
    enum err_code rc;
    for (long nth = 1;; nth++) {
        open_store(f);
        failing_alloc_at(nth);
        rc = ingest_run(&f->o, f->db, NULL, NULL, &f->stats, &f->e);
        if (!failing_alloc_off())
            break;
        if (rc != ERR_NOMEM)
            fail_msg("request %ld: %d", nth, (int)rc);
        char *stored = dump(f);
        bool has_a = strstr(stored, "json/a") != NULL, has_b = strstr(stored, "json/b") != NULL;
        assert_int_equal(has_a, has_b);
        free(stored);
    }
    assert_int_equal(rc, ERR_OK);
    assert_int_equal(f->stats.conversations, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_contract_form_is_stored_as_it_is),
        TEST(the_number_of_jobs_changes_nothing),
        TEST(a_second_run_changes_nothing),
        TEST(trouble_is_told_with_its_place_and_the_rest_is_kept),
        TEST(a_path_that_does_not_exist_is_told_after_the_others),
        TEST(young_files_are_left_for_the_next_night),
        TEST(an_unknown_format_is_the_users_error),
        TEST(the_usual_shapes_of_json_are_understood),
        TEST(roster_and_side_data_are_joined),
        TEST(the_filter_keeps_the_order),
        TEST(an_error_of_a_stage_leaves_no_half_file),
        TEST(running_out_of_memory_leaves_no_half_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
