#include "store/expire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/when.h"
#include "store/store.h"

static const struct policy policies[] = {{{"unlisted", 8}, {"", 0}, {"", 0}}};

static enum err_code put(struct store *db, const char *id, int64_t day, struct err *e)
{
    struct arena *a = arena_new(0);
    struct gz_packer *g = gz_packer_new();
    struct turn turns[] = {
        {.role = ROLE_AGENT, .text = SLICE_LIT("no refunds"), .start_ms = MS_NONE, .end_ms = MS_NONE}};
    struct conversation c = {.source = SLICE_LIT("s"),
                             .external_id = slice_of(id),
                             .started_at_ms = day < 0 ? MS_NONE : day * MS_PER_DAY,
                             .turns = turns,
                             .nturns = 1};
    struct delivery d = {.turn = 0, .style = STYLE_CHOICE, .p = 0.9, .p_style = 0.9};
    struct episode ep = {.style = STYLE_CHOICE, .p = 0.9, .rounds = 1, .outcome = OUTCOME_SILENT};
    struct tags t = {.deliveries = &d, .ndeliveries = 1, .episodes = &ep, .nepisodes = 1};
    struct packed p;
    enum store_put how = STORE_SKIPPED;
    enum err_code rc = store_pack(g, &c, a, &p, e);
    if (rc == ERR_OK)
        rc = store_conversation_put(db, 1, &c, &p, &t, &how, e);
    assert_true(rc != ERR_OK || how == STORE_ADDED);
    gz_packer_free(g);
    arena_free(a);
    return rc;
}

static int64_t find(struct store *db, const char *id)
{
    struct err e = {.code = ERR_OK};
    int64_t row = 0;
    assert_int_equal(store_conversation_find(db, SLICE_LIT("s"), slice_of(id), &row, &e), ERR_OK);
    return row;
}

static struct store *store_of_days(void)
{
    struct err e = {.code = ERR_OK};
    struct store *db = NULL;
    int64_t run_id = 0, file_id = 0;
    struct ruleset_info rules = {.hash = SLICE_LIT("h"), .policies = policies, .npolicies = 1};
    struct store_file f = {"f", 1, 1, SLICE_LIT("")};
    if (store_open(":memory:", STORE_CREATE, &db, &e) != ERR_OK ||
        store_run_begin(db, "run", 0, &run_id, &e) != ERR_OK || store_use_ruleset(db, &rules, 0, &e) != ERR_OK ||
        store_begin(db, &e) != ERR_OK || store_file_begin(db, &f, run_id, &file_id, &e) != ERR_OK ||
        put(db, "old", 100, &e) != ERR_OK || put(db, "eve", 199, &e) != ERR_OK || put(db, "kept", 200, &e) != ERR_OK ||
        put(db, "no day", -1, &e) != ERR_OK || store_commit(db, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    return db;
}

static void test_what_began_before_the_day_goes_and_the_rest_stays(void **state)
{
    (void)state;
    struct err e = {.code = ERR_OK};
    struct store *db = store_of_days();
    int64_t n = -1;
    assert_int_equal(store_expire(db, 200, &n, &e), ERR_OK);
    assert_int_equal(n, 2);
    assert_int_equal(find(db, "old"), 0);
    assert_int_equal(find(db, "eve"), 0);
    assert_int_not_equal(find(db, "kept"), 0);
    assert_int_not_equal(find(db, "no day"), 0);
    assert_int_equal(store_expire(db, 200, &n, &e), ERR_OK);
    assert_int_equal(n, 0);
    store_close(db);
}

static void test_it_needs_a_transaction_of_its_own(void **state)
{
    (void)state;
    struct err e = {.code = ERR_OK};
    struct store *db = store_of_days();
    int64_t n = -1;
    assert_int_equal(store_begin(db, &e), ERR_OK);
    assert_int_not_equal(store_expire(db, 200, &n, &e), ERR_OK);
    store_rollback(db);
    assert_int_not_equal(find(db, "old"), 0);
    store_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_began_before_the_day_goes_and_the_rest_stays),
        cmocka_unit_test(test_it_needs_a_transaction_of_its_own),
    };
    return cmocka_run_group_tests_name("expire", tests, NULL, NULL);
}
