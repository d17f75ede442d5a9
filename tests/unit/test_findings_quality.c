/* The tagger against labels in the database, and the rates corrected for it. */
#include "report/findings.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/stats_corrected.h"
#include "store/db.h"
#include "tests/support/near.h"
#include "tests/support/sample_store.h"

enum { MONDAY = 20773 }; /* 2026-11-16 */

struct world {
    struct store *db;
    struct arena *a;
    struct findings f;
};

static int set_up(void **state)
{
    struct err e;
    struct world *w = calloc(1, sizeof *w);
    const struct sample s = {600, 5, 2, MONDAY + 6};
    assert_non_null(w);
    assert_int_equal(store_open(":memory:", STORE_CREATE, &w->db, &e), ERR_OK);
    if (sample_store_fill(w->db, &s, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    w->a = arena_new(0);
    assert_non_null(w->a);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    store_close(w->db);
    arena_free(w->a);
    free(w);
    return 0;
}

static void load(struct world *w)
{
    struct err e;
    const struct period p = period_of(MONDAY, MONDAY + 7, 0, 0);
    if (findings_load(w->db, &p, w->a, &w->f, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static void run(struct world *w, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(w->db->conn, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
}

/* In the samples the customer answers in the turn after the one delivery. People agree with the tagger, but for
 * conversations whose id is divisible by 10 (disputes the tagger missed or made up) and 25 (deliveries that are none).
 */
static void label_all(struct world *w)
{
    run(w, "INSERT INTO label SELECT conversation_id, turn, 'delivery', CASE WHEN conversation_id % 25 = 0 THEN 'no'"
           " WHEN conversation_id % 20 = 1 THEN 'neutral' ELSE style END, 'ada', '' FROM delivery;"
           "INSERT INTO label SELECT conversation_id, turn - 1, 'delivery', CASE WHEN conversation_id % 30 = 0 THEN "
           "'choice' ELSE 'no' END, 'ada', '' FROM delivery;"
           "INSERT INTO label SELECT conversation_id, first_turn + 1, 'dispute', CASE WHEN is_disputed <> "
           "(conversation_id % 10 = 0) THEN 'yes' ELSE 'no' END, 'ada', '' FROM episode;");
}

static void assert_table(const struct finding_quality *q, int64_t both, int64_t tag_only, int64_t label_only,
                         int64_t neither)
{
    assert_int_equal(q->both, both);
    assert_int_equal(q->tag_only, tag_only);
    assert_int_equal(q->label_only, label_only);
    assert_int_equal(q->neither, neither);
    assert_int_equal(q->labels, both + tag_only + label_only + neither);
}

static void without_labels_nothing_is_said(void **state)
{
    struct world *w = *state;
    load(w);
    assert_false(w->f.has_labels || w->f.corrected.has || w->f.corrected_confrontational.has);
    for (int k = 0; k < KIND_COUNT; k++) {
        assert_int_equal(w->f.quality[k].labels, 0);
        assert_false(w->f.quality[k].precision.has || w->f.quality[k].kappa.has);
        assert_true(strlen(finding_kind_name((enum finding_kind)k)) > 5);
    }
}

static void tags_are_held_against_labels(void **state)
{
    struct world *w = *state;
    int64_t n = 0, disputed = 0, tens = 0, tens_disputed = 0;
    label_all(w);
    load(w);
    assert_true(w->f.has_labels);
    assert_table(&w->f.quality[KIND_DELIVERY], 576, 24, 20, 580);
    assert_near(w->f.quality[KIND_DELIVERY].precision.at, .96, 1e-12);
    assert_near(w->f.quality[KIND_DELIVERY].recall.at, 576.0 / 596, 1e-12);
    assert_true(w->f.quality[KIND_DELIVERY].kappa.has && w->f.quality[KIND_DELIVERY].ac1.at > .9);
    const struct finding_quality *hard = &w->f.quality[KIND_CONFRONTATIONAL];
    assert_int_equal(hard->labels, 576);
    assert_true(hard->tag_only > 0 && hard->label_only == 0 && hard->both > 100);
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(w->db->conn,
                                        "SELECT count(*), sum(is_disputed), sum(conversation_id % 10 = 0),"
                                        " sum(is_disputed AND conversation_id % 10 = 0) FROM episode",
                                        -1, &s, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    n = sqlite3_column_int64(s, 0), disputed = sqlite3_column_int64(s, 1);
    tens = sqlite3_column_int64(s, 2), tens_disputed = sqlite3_column_int64(s, 3);
    sqlite3_finalize(s);
    assert_table(&w->f.quality[KIND_EPISODE], disputed - tens_disputed, tens_disputed, tens - tens_disputed,
                 n - disputed - (tens - tens_disputed));
    assert_table(&w->f.quality[KIND_DISPUTE], disputed - tens_disputed, tens_disputed, tens - tens_disputed,
                 n - disputed - (tens - tens_disputed));
    const struct finding_quality *q = &w->f.quality[KIND_EPISODE];
    struct stats_interval want = stats_corrected(w->f.all, (struct stats_count){q->both, q->both + q->label_only},
                                                 (struct stats_count){q->neither, q->neither + q->tag_only});
    assert_true(w->f.corrected.has && w->f.corrected_confrontational.has);
    assert_near(w->f.corrected.at, want.at, 1e-12);
    assert_near(w->f.corrected.high, want.high, 1e-12);
    for (size_t i = 0; i < w->f.npolicies; i++)
        assert_true(w->f.policies[i].corrected.has);
}

static void the_majority_of_labellers_counts(void **state)
{
    struct world *w = *state;
    label_all(w);
    load(w);
    struct finding_quality one = w->f.quality[KIND_DISPUTE];
    run(w,
        "INSERT INTO label SELECT conversation_id, turn, kind, 'no', 'bob', '' FROM label WHERE labeller = 'ada' AND "
        "kind = 'dispute'");
    load(w); /* where they are two against each other, nothing is known */
    assert_int_equal(w->f.quality[KIND_DISPUTE].label_only + w->f.quality[KIND_DISPUTE].both, 0);
    assert_int_equal(w->f.quality[KIND_DISPUTE].neither, one.neither);
    run(w,
        "INSERT INTO label SELECT conversation_id, turn, kind, value, 'cy', '' FROM label WHERE labeller = 'ada' AND "
        "kind = 'dispute'");
    load(w);
    assert_table(&w->f.quality[KIND_DISPUTE], one.both, one.tag_only, one.label_only, one.neither);
}

static void few_labels_correct_nothing(void **state)
{
    struct world *w = *state;
    run(w, "INSERT INTO label SELECT conversation_id, first_turn + 1, 'dispute', CASE WHEN is_disputed THEN 'yes' ELSE "
           "'no' "
           "END, 'ada', '' FROM episode LIMIT 15");
    load(w);
    assert_true(w->f.has_labels && w->f.quality[KIND_EPISODE].labels == 15);
    assert_false(w->f.corrected.has);
}

#define T(x) cmocka_unit_test_setup_teardown(x, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(without_labels_nothing_is_said),
        T(tags_are_held_against_labels),
        T(the_majority_of_labellers_counts),
        T(few_labels_correct_nothing),
    };
    return cmocka_run_group_tests_name("findings_quality", tests, NULL, NULL);
}
