#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/strbuf.h"
#include "core/when.h"
#include "report/table.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/sample_store.h"
#include "tests/support/tmpdir.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

enum { MONDAY = 20773 }; /* 2026-11-16 */

struct world {
    char dir[TMPDIR_BYTES];
    struct store *db;
    struct report_stats stats;
};

static int set_up(void **state)
{
    struct err e;
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    tmpdir_new(w->dir);
    if (store_open(":memory:", STORE_CREATE, &w->db, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    store_close(w->db);
    tmpdir_free(w->dir);
    free(w);
    return 0;
}

static void fill(struct world *w, unsigned conversations, unsigned agents, unsigned weeks)
{
    struct err e;
    const struct sample s = {conversations, agents, weeks, MONDAY + 6};
    if (sample_store_fill(w->db, &s, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static void report_into(struct world *w, const char *folder, int64_t from, int64_t to)
{
    struct err e;
    char dir[TMPDIR_PATH];
    const struct report_options o = {.has_episodes = true,
                                     .out_dir = tmpdir_path(dir, w->dir, folder),
                                     .from_day = from,
                                     .to_day = to,
                                     .title = NULL,
                                     .evidence_max = 0};
    if (report_write(w->db, &o, &w->stats, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static void report(struct world *w)
{
    report_into(w, "out", MONDAY, MONDAY + 7);
}

static char *read_file(const struct world *w, const char *name)
{
    char path[TMPDIR_PATH];
    return tmpdir_read(tmpdir_path(path, w->dir, name), NULL);
}

static void assert_holds(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("does not hold: %s", part);
}

static void assert_lacks(const char *text, const char *part)
{
    const char *at = strstr(text, part);
    if (at != NULL)
        fail_msg("holds: %.80s", at);
}

static long count(const char *text, const char *part)
{
    long n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
        n++;
    return n;
}

/* ---- a database of one conversation that the test writes itself ---- */

struct talk {
    const char *id, *agent_id, *agent_name;
    const char *customer, *agent; /* what the customer says, and the agent's delivery */
    enum style style;
    uint32_t policy;
    struct slice key_phrases;
    struct span mark;
    bool is_disputed;
    int64_t day;
};

static void put(struct world *w, const struct talk *t)
{
    struct err e;
    int64_t file_id;
    struct turn turns[3] = {
        {.role = ROLE_CUSTOMER, .text = SLICE_LIT("Hi"), .start_ms = MS_NONE, .end_ms = MS_NONE},
        {.role = ROLE_AGENT,
         .text = slice_of(t->agent),
         .speaker_name = slice_of(t->agent_name),
         .start_ms = MS_NONE,
         .end_ms = MS_NONE},
        {.role = ROLE_CUSTOMER, .text = slice_of(t->customer), .start_ms = MS_NONE, .end_ms = MS_NONE}};
    const struct conversation c = {.source = SLICE_LIT("test"),
                                   .external_id = slice_of(t->id),
                                   .channel = SLICE_LIT("chat"),
                                   .agent_id = slice_of(t->agent_id),
                                   .agent_name = slice_of(t->agent_name),
                                   .started_at_ms = t->day == 0 ? MS_NONE : t->day * MS_PER_DAY,
                                   .turns = turns,
                                   .nturns = 3};
    struct delivery d = {
        .turn = 1, .style = t->style, .policy = t->policy, .p = 0.9, .p_style = 0.9, .key_phrases = t->key_phrases};
    struct reaction r = {2, TAG_DISPUTE, 0.9, false};
    struct cue_hit hit = {1, 0, t->mark, TAG_STYLE, 1.0F};
    struct episode ep = {.policy = t->policy,
                         .first_turn = 1,
                         .agent_id = c.agent_id,
                         .agent_name = c.agent_name,
                         .style = t->style,
                         .p = 0.9,
                         .rounds = 1,
                         .is_disputed = t->is_disputed,
                         .dispute_turn = 2,
                         .outcome = t->is_disputed ? OUTCOME_DISPUTED : OUTCOME_ACCEPTED};
    const struct tags tags = {&d, &r, &hit, &ep, 1, t->is_disputed, t->mark.to > t->mark.from, 1};
    if (store_begin(w->db, &e) != ERR_OK || store_use_ruleset(w->db, &sample_rules, 0, &e) != ERR_OK ||
        sample_store_file(w->db, &file_id, &e) != ERR_OK || sample_store_put(w->db, file_id, &c, &tags, &e) != ERR_OK ||
        store_commit(w->db, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

/* ---- tests ---- */

static const char *const csv_names[] = {"overall",      "weeks",          "quality",  "policies",      "policy_styles",
                                        "policy_weeks", "delivery",       "styles",   "practices",     "agents",
                                        "coaching",     "agent_policies", "episodes", "conversations", "unlisted",
                                        "rejects",      "reject_reasons", "files",    "data_quality",  "rulesets"};

static void an_empty_database_gives_a_sane_page(void **state)
{
    struct world *w = *state;
    struct err e;
    int64_t day;
    bool has = true;
    assert_int_equal(report_newest_day(w->db, &day, &has, &e), ERR_OK);
    assert_false(has);
    report(w);
    assert_int_equal(w->stats.episodes, 0);
    assert_int_equal(w->stats.files, ROWS(csv_names) + 1);
    char *page = read_file(w, "out/index.html");
    assert_holds(page, "There are no conversations in this period.");
    assert_holds(page, "No policy was told in this period.");
    assert_holds(page, "</html>");
    assert_lacks(page, "nan");
    assert_lacks(page, "id=\"exchanges\"");
    free(page);
    for (size_t i = 0; i < ROWS(csv_names); i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "out/%s.csv", csv_names[i]);
        char *csv = read_file(w, name);
        if (strcmp(csv_names[i], "data_quality") != 0)
            assert_int_equal(count(csv, "\r\n"), 1); /* the header */
        free(csv);
    }
}

static void a_week_without_data_gives_a_sane_page(void **state)
{
    struct world *w = *state;
    fill(w, 50, 3, 1);
    report_into(w, "out", MONDAY + 70, MONDAY + 77);
    assert_int_equal(w->stats.episodes, 0);
    char *page = read_file(w, "out/index.html");
    assert_holds(page, "There are no conversations in this period.");
    assert_lacks(page, "nan");
    free(page);
}

static void an_empty_period_is_refused(void **state)
{
    struct world *w = *state;
    struct err e;
    const struct report_options o = {
        .out_dir = w->dir, .from_day = MONDAY, .to_day = MONDAY, .title = NULL, .evidence_max = 0};
    assert_int_equal(report_write(w->db, &o, &w->stats, &e), ERR_USAGE);
}

static void the_latest_day_is_found(void **state)
{
    struct world *w = *state;
    struct err e;
    int64_t day;
    bool has;
    put(w, &(struct talk){"c1", "a", "A", "ok", "No.", STYLE_NEUTRAL, 1, .day = MONDAY + 2});
    put(w, &(struct talk){"c2", "a", "A", "ok", "No.", STYLE_NEUTRAL, 1, .day = 0}); /* no time: in no week */
    assert_int_equal(report_newest_day(w->db, &day, &has, &e), ERR_OK);
    assert_true(has);
    assert_int_equal(day, MONDAY + 2);
    report(w);
    char *quality = read_file(w, "out/data_quality.csv");
    assert_holds(quality, "\"conversations without a time, in no period\",1\r\n");
    free(quality);
}

static void the_same_database_gives_the_same_bytes(void **state)
{
    struct world *w = *state;
    fill(w, 400, 7, 3);
    report_into(w, "one", MONDAY, MONDAY + 7);
    report_into(w, "two", MONDAY, MONDAY + 7);
    for (size_t i = 0; i <= ROWS(csv_names); i++) {
        char one[64], two[64];
        const char *ending = i < ROWS(csv_names) ? ".csv" : ".html",
                   *name = i < ROWS(csv_names) ? csv_names[i] : "index";
        (void)snprintf(one, sizeof one, "one/%s%s", name, ending);
        (void)snprintf(two, sizeof two, "two/%s%s", name, ending);
        char *a = read_file(w, one), *b = read_file(w, two);
        assert_string_equal(a, b);
        free(a);
        free(b);
    }
}

static void few_episodes_are_not_ranked(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 19; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "c%d", i);
        put(w, &(struct talk){id, "a1", "Ada", "unfair!", "You can't.", STYLE_CONFRONTATIONAL, 1, .is_disputed = true,
                              .day = MONDAY + i % 7});
    }
    report(w);
    char *page = read_file(w, "out/index.html");
    assert_holds(page, "not enough data");
    assert_lacks(page, "was disputed most");
    assert_holds(page, "often enough (20 times) to be ranked");
    assert_lacks(page, "class=\"ratecell\"");
    free(page);
    put(w, &(struct talk){"c19", "a1", "Ada", "ok", "You can't.", STYLE_CONFRONTATIONAL, 1, .day = MONDAY});
    report(w);
    page = read_file(w, "out/index.html");
    assert_holds(page,
                 "<bdi>Refund window</bdi></a> was disputed most: <a class=\"ev\" href=\"#n1\"><b>19 of 20</b></a>");
    assert_holds(page, "class=\"ratecell\"");
    free(page);
}

static void the_period_before_is_compared_fairly(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 60; i++) { /* before: 3 of 30, now: 24 of 30 */
        char id[16];
        (void)snprintf(id, sizeof id, "c%d", i);
        put(w, &(struct talk){id, "a1", "Ada", "hm", "You can't.", STYLE_NEUTRAL, 1,
                              .is_disputed = i < 30 ? i < 3 : i < 54,
                              .day = i < 30 ? MONDAY - 1 - i % 7 : MONDAY + i % 7});
    }
    put(w, &(struct talk){"long-ago", "a1", "Ada", "hm", "You can't.", STYLE_NEUTRAL, 1, .day = MONDAY - 8});
    report(w);
    char *page = read_file(w, "out/index.html"), *csv = read_file(w, "out/policies.csv");
    assert_holds(page, "<b>24 of 30</b>");
    assert_holds(page, "up <b>70 points</b> (47 to 82) against the week before");
    assert_holds(
        csv, "refund-window,Refund window,Finance,1,30,24,0.800000,0.626943,0.904949,30,3,0.700000,0.466868,0.823659,");
    free(csv);
    free(page);
}

static void any_span_can_be_compared(void **state)
{
    struct world *w = *state;
    struct err e;
    char dir[TMPDIR_PATH];
    for (int i = 0; i < 90; i++) { /* now: 24 of 30; the week before: 30 of 30; three weeks before: 3 of 30 */
        char id[16];
        int week = i / 30, at = i % 30;
        (void)snprintf(id, sizeof id, "c%d", i);
        put(w, &(struct talk){id, "a1", "Ada", "hm", "You can't.", STYLE_NEUTRAL, 1,
                              .is_disputed = week == 0 ? at < 24 : week == 1 || at < 3,
                              .day = MONDAY - (week == 2 ? 21 : 7 * week) + i % 7});
    }
    struct report_options o = {.out_dir = tmpdir_path(dir, w->dir, "out"),
                               .from_day = MONDAY,
                               .to_day = MONDAY + 7,
                               .before_day = MONDAY - 21,
                               .before_to_day = MONDAY - 14};
    assert_int_equal(report_write(w->db, &o, &w->stats, &e), ERR_OK);
    char *page = read_file(w, "out/index.html"), *csv = read_file(w, "out/policies.csv");
    assert_holds(page, "up <b>70 points</b> (47 to 82) against week 44 of 2026");
    assert_holds(
        csv, "refund-window,Refund window,Finance,1,30,24,0.800000,0.626943,0.904949,30,3,0.700000,0.466868,0.823659,");
    free(csv);
    free(page);
    o.before_to_day = o.before_day;
    o.before_day++;
    assert_int_equal(report_write(w->db, &o, &w->stats, &e), ERR_USAGE);
}

static void numbers_lead_to_exchanges_that_are_there_once(void **state)
{
    struct world *w = *state;
    fill(w, 600, 5, 2);
    report(w);
    char *page = read_file(w, "out/index.html");
    long links = count(page, "<a href=\"#c"), numbers = count(page, "<a class=\"ev\" href=\"#n");
    long exchanges = count(page, "<article class=\"exchange\"");
    assert_true(links > exchanges);
    assert_true(numbers > 30);
    assert_true(exchanges > 30);
    for (const char *at = page; (at = strstr(at, " href=\"#")) != NULL; at++) {
        char id[64];
        const char *from = at + strlen(" href=\"#"), *to = strchr(from, '"');
        if (*from != 'c' && *from != 'n' && *from != 'p') /* exchanges, lists, policies */
            continue;
        if (strncmp(from, "closed", 6) == 0)
            continue;
        (void)snprintf(id, sizeof id, " id=\"%.*s\"", (int)(to - from), from);
        assert_int_equal(count(page, id), 1);
    }
    assert_holds(page, "<mark class=\"style\" title=\"style +2.5 (refusal.against-policy)\">");
    assert_holds(page,
                 "<mark class=\"dispute\" title=\"dispute +1.9 (dispute.unfair), dispute -0.3 "
                 "(refusal.against-policy)\">That&#39;s unfair</mark>, <mark class=\"against\" title=\"dispute -0.7 "
                 "(rule.condition)\">nobody told me</mark> when");
    free(page);
}

static void the_page_allows_nothing_to_run_or_load(void **state)
{
    struct world *w = *state;
    fill(w, 100, 3, 1);
    report(w);
    char *page = read_file(w, "out/index.html");
    assert_holds(page, "content=\"default-src &#39;none&#39;; style-src &#39;sha256-");
    assert_lacks(page, "unsafe");
    assert_int_equal(count(page, "<style>"), 1);
    assert_int_equal(count(page, "</style>"), 1);
    assert_holds(page, "; script-src &#39;sha256-");
    assert_int_equal(count(page, "<script"), 1);
    assert_int_equal(count(page, "<script>// What the page can do"), 1);
    assert_lacks(page, "http://");
    assert_lacks(page, "https://");
    assert_lacks(page, " src=");
    assert_lacks(page, " style=");
    assert_lacks(page, "@import");
    free(page);
}

#define RLO     "\xe2\x80\xae"
#define NAUGHTY "<script>alert(1)</script>"

static void what_customers_type_stays_harmless(void **state)
{
    struct world *w = *state;
    put(w, &(struct talk){"=cmd()",
                          "+a1",
                          "@" NAUGHTY,
                          RLO NAUGHTY " \"quoted\" \xf0\x9f\x98\xa1",
                          "-1 " NAUGHTY,
                          STYLE_OFFRECORD,
                          0,
                          SLICE_LIT("=1+1, " NAUGHTY),
                          {3, 11},
                          true,
                          MONDAY});
    report(w);
    char *page = read_file(w, "out/index.html");
    assert_int_equal(count(page, "<script"), 1); /* its own */
    assert_holds(page, "<mark class=\"style\" title=\"style +1.0 (refusal.against-policy)\">&lt;script&gt;</mark>");
    assert_holds(page,
                 "dir=\"auto\">" RLO "&lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot; \xf0\x9f\x98\xa1</p>");
    free(page);
    for (size_t i = 0; i < ROWS(csv_names); i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "out/%s.csv", csv_names[i]);
        char *csv = read_file(w, name);
        const char *const formulas[] = {"\n=", ",=", ",\"=", "\n+", ",+", "\n@", ",@", ",\"@", "\n\"@"};
        for (size_t f = 0; f < ROWS(formulas); f++)
            assert_lacks(csv, formulas[f]);
        free(csv);
    }
    char *csv = read_file(w, "out/unlisted.csv");
    assert_holds(csv, "'=1+1,");
    free(csv);
}

static void long_turns_and_odd_spans_are_cut_to_size(void **state)
{
    struct world *w = *state;
    struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < 5000; i++)
        strbuf_puts(&text, "\xc3\xa9"); /* 10,000 bytes of two-byte characters */
    put(w, &(struct talk){"long",
                          "a1",
                          "\xd9\x85\xd8\xad\xd9\x85\xd8\xaf",
                          text.s,
                          text.s,
                          STYLE_CONFRONTATIONAL,
                          1,
                          {NULL, 0},
                          {7001, 7005},
                          true,
                          MONDAY}); /* in the middle of characters */
    put(w, &(struct talk){"beyond",
                          "a2",
                          "\xe9\x99\x88\xe4\xbc\x9f",
                          "no",
                          "You can't",
                          STYLE_CONFRONTATIONAL,
                          1,
                          {NULL, 0},
                          {2, 400},
                          true,
                          MONDAY});
    report(w);
    char *page = read_file(w, "out/index.html");
    assert_holds(page, "bytes left out");
    assert_lacks(page, "\xef\xbf\xbd");
    assert_holds(page, "\">\xc3\xa9\xc3\xa9\xc3\xa9</mark>"); /* the span, grown to whole characters */
    assert_holds(page, "<bdi>\xd9\x85\xd8\xad\xd9\x85\xd8\xaf</bdi>");
    assert_holds(page, "<bdi>\xe9\x99\x88\xe4\xbc\x9f</bdi>");
    assert_holds(page, "You can&#39;t</p>");
    assert_true(strlen(page) < 90000);
    free(page);
    strbuf_free(&text);
}

static void one_agent_whose_name_is_not_known(void **state)
{
    struct world *w = *state;
    put(w, &(struct talk){"c1", "", "", "ok", "No.", STYLE_NEUTRAL, 1, .day = MONDAY});
    report(w);
    assert_int_equal(w->stats.agents, 1);
    char *page = read_file(w, "out/index.html");
    assert_holds(page, "<i>not known</i>");
    free(page);
}

static void the_numbers_of_the_files_agree(void **state)
{
    struct world *w = *state;
    fill(w, 500, 4, 2);
    report(w);
    char *episodes = read_file(w, "out/episodes.csv");
    assert_int_equal(count(episodes, "\r\n") - 1, w->stats.episodes);
    char *page = read_file(w, "out/index.html"), want[64];
    (void)snprintf(want, sizeof want, " of %ld</b>", (long)w->stats.episodes);
    assert_holds(page, want);
    /* the sum over policies.csv, over its fifth column */
    char *csv = read_file(w, "out/policies.csv");
    long sum = 0;
    for (char *line = strchr(csv, '\n'); line != NULL && line[1] != '\0'; line = strchr(line + 1, '\n')) {
        const char *at = line;
        for (int i = 0; i < 4; i++)
            at = strchr(at + 1, ',');
        sum += strtol(at + 1, NULL, 10);
    }
    assert_int_equal(sum, w->stats.episodes);
    free(csv);
    free(page);
    free(episodes);
}

static void long_tables_are_cut_in_the_page_and_whole_in_the_files(void **state)
{
    struct world *w = *state;
    fill(w, 2000, 230, 1);
    report(w);
    assert_int_equal(w->stats.agents, 230);
    char *page = read_file(w, "out/index.html"), *csv = read_file(w, "out/agents.csv");
    assert_int_equal(count(page, "<tr id=\"agent-"), 200);
    assert_holds(page, "The first 200 rows. All rows with more columns: agents.csv");
    assert_int_equal(count(csv, "\r\n"), 231);
    free(csv);
    free(page);
}

static void evidence_is_as_much_as_was_asked_for(void **state)
{
    struct world *w = *state;
    struct err e;
    char dir[TMPDIR_PATH];
    fill(w, 300, 2, 1);
    const struct report_options o = {.out_dir = tmpdir_path(dir, w->dir, "out"),
                                     .from_day = MONDAY,
                                     .to_day = MONDAY + 7,
                                     .title = "Our <team>",
                                     .evidence_max = 1};
    assert_int_equal(report_write(w->db, &o, &w->stats, &e), ERR_OK);
    char *page = read_file(w, "out/index.html");
    assert_holds(page, "<title>Our &lt;team&gt; ");
    assert_holds(page, "<p class=\"meta\">1 of ");
    assert_lacks(page, "</li><li><a href=\"#c"); /* no list has a second link */
    free(page);
}

/* Each csv column stands in schemas/report-csv.md, under its file, in the same order. */
static void the_dictionary_is_true(void **state)
{
    const char *src = getenv("SRC");
    char path[TMPDIR_PATH];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/schemas/report-csv.md", src != NULL ? src : ".");
    char *text = tmpdir_read(path, NULL);
    for (int id = 0; id < TABLE_CSV_COUNT; id++) {
        const struct table *t = table_of((enum table_id)id);
        char head[64];
        (void)snprintf(head, sizeof head, "\n## %s.csv\n", t->name);
        const char *at = strstr(text, head);
        if (at == NULL)
            fail_msg("not described: %s.csv", t->name);
        const char *end = strstr(at + 1, "\n## ");
        long n = 0;
        for (size_t i = 0; i < t->ncolumns; i++) {
            char row[64];
            if (t->columns[i].csv == NULL)
                continue;
            (void)snprintf(row, sizeof row, "\n| `%s` |", t->columns[i].csv);
            const char *next = strstr(at, row);
            if (next == NULL || (end != NULL && next > end))
                fail_msg("%s.csv: not described, or not in its place: %s", t->name, t->columns[i].csv);
            at = next;
            n++;
        }
        const char *rows = strstr(text, head);
        long described = 0;
        for (const char *p = rows; (p = strstr(p, "\n| `")) != NULL && (end == NULL || p < end); p++)
            described++;
        if (described != n)
            fail_msg("%s.csv: %ld columns are described, it has %ld", t->name, described, n);
    }
    free(text);
}

static void a_folder_that_cannot_be_written_is_told(void **state)
{
    struct world *w = *state;
    struct err e;
    char dir[TMPDIR_PATH];
    tmpdir_write(w->dir, "file", "x", 1);
    const struct report_options o = {.out_dir = tmpdir_path(dir, w->dir, "file/below"),
                                     .from_day = MONDAY,
                                     .to_day = MONDAY + 7,
                                     .title = NULL,
                                     .evidence_max = 0};
    assert_int_equal(report_write(w->db, &o, &w->stats, &e), ERR_IO);
}

static void running_out_of_memory_leaves_no_half_page(void **state)
{
    struct world *w = *state;
    struct err e;
    char dir[TMPDIR_PATH], page[TMPDIR_PATH];
    put(w, &(struct talk){"c1",
                          "a1",
                          "Ada",
                          "unfair",
                          "You can't.",
                          STYLE_CONFRONTATIONAL,
                          0,
                          SLICE_LIT("word"),
                          {0, 3},
                          true,
                          MONDAY});
    const struct report_options o = {.out_dir = tmpdir_path(dir, w->dir, "out"),
                                     .from_day = MONDAY,
                                     .to_day = MONDAY + 7,
                                     .title = NULL,
                                     .evidence_max = 0,
                                     .mail_to = "ada@example.org"};
    (void)tmpdir_path(page, w->dir, "out/index.html");
    report_into(w, "whole", MONDAY, MONDAY + 7);
    char *want = read_file(w, "whole/index.html");
    for (long n = 1;; n++) {
        failing_alloc_at(n);
        enum err_code rc = report_write(w->db, &o, &w->stats, &e);
        bool has_failed = failing_alloc_off();
        if (rc == ERR_OK) { /* undisturbed, or a failure that does no harm, as when a folder cannot be synced */
            char *got = tmpdir_read(page, NULL);
            assert_string_equal(got, want);
            free(got);
            (void)unlink(page);
        } else {
            assert_int_equal(rc, ERR_NOMEM);
            assert_int_not_equal(access(page, F_OK), 0);
        }
        if (!has_failed)
            break;
    }
    free(want);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_database_gives_a_sane_page),
        TEST(a_week_without_data_gives_a_sane_page),
        TEST(an_empty_period_is_refused),
        TEST(the_latest_day_is_found),
        TEST(the_same_database_gives_the_same_bytes),
        TEST(few_episodes_are_not_ranked),
        TEST(the_period_before_is_compared_fairly),
        TEST(any_span_can_be_compared),
        TEST(numbers_lead_to_exchanges_that_are_there_once),
        TEST(the_page_allows_nothing_to_run_or_load),
        TEST(what_customers_type_stays_harmless),
        TEST(long_turns_and_odd_spans_are_cut_to_size),
        TEST(one_agent_whose_name_is_not_known),
        TEST(the_numbers_of_the_files_agree),
        TEST(long_tables_are_cut_in_the_page_and_whole_in_the_files),
        TEST(evidence_is_as_much_as_was_asked_for),
        cmocka_unit_test(the_dictionary_is_true),
        TEST(a_folder_that_cannot_be_written_is_told),
        TEST(running_out_of_memory_leaves_no_half_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
