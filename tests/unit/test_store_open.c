/* Opening, migrating and refusing databases; statements and their binds; what the planner does with the queries. */
#include "store/store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/arena.h"
#include "store/db.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/tmpdir.h"

struct fixture {
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    struct err e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    tmpdir_new(f->dir);
    tmpdir_path(f->path, f->dir, "a b?c%d#.db"); /* as awkward as a path can be */
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    tmpdir_free(f->dir);
    free(f);
    return 0;
}

static struct store *must_open(struct fixture *f, enum store_mode mode)
{
    struct store *db = NULL;
    if (store_open(f->path, mode, &db, &f->e) != ERR_OK)
        fail_msg("%s (%s)", f->e.msg, f->e.hint);
    return db;
}

static void must_refuse(struct fixture *f, enum store_mode mode, enum err_code code, const char *says)
{
    struct store *db = NULL;
    assert_int_equal(store_open(f->path, mode, &db, &f->e), code);
    assert_null(db);
    if (strstr(f->e.msg, says) == NULL || strstr(f->e.msg, f->dir) == NULL || f->e.hint[0] == '\0')
        fail_msg("unhelpful: %s (%s)", f->e.msg, f->e.hint);
}

/* Run SQL on the file as another program would. */
static void meddle(struct fixture *f, const char *sql)
{
    sqlite3 *conn = NULL;
    assert_int_equal(sqlite3_open(f->path, &conn), SQLITE_OK);
    assert_int_equal(sqlite3_exec(conn, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
}

#define CONVERSATION                                                                                                   \
    "INSERT INTO conversation VALUES (1, 'zendesk', '1', NULL, NULL, NULL, '', 'file', 'chat', '', NULL, '', 0, 0, "   \
    "0, "                                                                                                              \
    "0, 0, x'', NULL, 0, x'');"

/* A database that has been in use. */
static void make_used(struct fixture *f)
{
    store_close(must_open(f, STORE_CREATE));
    meddle(f, CONVERSATION);
}

static int64_t count_runs(struct store *db)
{
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(db->conn, "SELECT count(*) FROM run", -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

static bool has_log(struct fixture *f)
{
    char path[TMPDIR_PATH + 8];
    (void)snprintf(path, sizeof path, "%s-wal", f->path);
    return access(path, F_OK) == 0;
}

/* ---- opening ---- */

static void test_a_new_file_is_private(void **state)
{
    struct fixture *f = *state;
    struct stat st;
    mode_t mask = umask(0);
    make_used(f);
    struct store *db = must_open(f, STORE_WRITE);
    int64_t run;
    assert_int_equal(store_run_begin(db, "run", 0, &run, &f->e), ERR_OK);
    static const char *const names[] = {"a b?c%d#.db", "a b?c%d#.db-wal", "a b?c%d#.db-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[TMPDIR_PATH];
        assert_int_equal(stat(tmpdir_path(path, f->dir, names[i]), &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    umask(mask);
    store_close(db);
    db = must_open(f, STORE_WRITE);
    assert_int_equal(count_runs(db), 1);
    store_close(db);
}

static void test_a_file_that_is_not_there_is_only_made_on_demand(void **state)
{
    struct fixture *f = *state;
    must_refuse(f, STORE_WRITE, ERR_IO, "No such file");
    must_refuse(f, STORE_READ, ERR_IO, "No such file");
    assert_int_equal(access(f->path, F_OK), -1);
}

static void test_a_folder_is_refused(void **state)
{
    struct fixture *f = *state;
    struct store *db = NULL;
    (void)snprintf(f->path, sizeof f->path, "%s", f->dir);
    assert_int_equal(store_open(f->path, STORE_CREATE, &db, &f->e), ERR_IO);
    tmpdir_path(f->path, f->dir, "missing/b.db");
    assert_int_equal(store_open(f->path, STORE_CREATE, &db, &f->e), ERR_IO);
}

static void test_a_file_that_is_no_database_is_refused_untouched(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "agent_id,name\n1,Ada\n this is long enough to be looked at as if it were a header, and "
                               "then some more of it follows here\n";
    for (int mode = STORE_CREATE; mode <= STORE_READ; mode++) {
        size_t n;
        tmpdir_write(f->dir, "a b?c%d#.db", text, sizeof text);
        must_refuse(f, (enum store_mode)mode, ERR_DB, "no database");
        char *after = tmpdir_read(f->path, &n);
        assert_int_equal(n, sizeof text);
        assert_memory_equal(after, text, n);
        free(after);
    }
}

static void test_a_database_of_another_program_is_refused(void **state)
{
    struct fixture *f = *state;
    meddle(f, "CREATE TABLE t (x)");
    for (int mode = STORE_CREATE; mode <= STORE_READ; mode++)
        must_refuse(f, (enum store_mode)mode, ERR_DB, "not one of broach");
    meddle(f, "PRAGMA application_id = 7");
    must_refuse(f, STORE_WRITE, ERR_DB, "not one of broach");
}

static void test_a_newer_version_is_refused(void **state)
{
    struct fixture *f = *state;
    store_close(must_open(f, STORE_CREATE));
    meddle(f, "PRAGMA user_version = 1000");
    for (int mode = STORE_CREATE; mode <= STORE_READ; mode++)
        must_refuse(f, (enum store_mode)mode, ERR_DB, "newer broach");
}

static void test_an_empty_file_is_new_but_cannot_be_read(void **state)
{
    struct fixture *f = *state;
    tmpdir_write(f->dir, "a b?c%d#.db", "", 0);
    must_refuse(f, STORE_READ, ERR_DB, "is empty");
    store_close(must_open(f, STORE_WRITE)); /* a run that was killed before its first write */
    store_close(must_open(f, STORE_READ));
}

static void test_a_damaged_database_is_told(void **state)
{
    struct fixture *f = *state;
    struct store *db = NULL;
    store_close(must_open(f, STORE_CREATE));
    FILE *file = fopen(f->path, "r+");
    assert_non_null(file);
    for (int i = 0; i < 3000; i++) { /* the table of tables */
        assert_int_equal(fseek(file, 100 + i, SEEK_SET), 0);
        assert_true(fputc(0xff, file) != EOF);
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(store_open(f->path, STORE_WRITE, &db, &f->e), ERR_DB);
    assert_non_null(strstr(f->e.msg, "damaged"));
}

static void test_reading_beside_a_writer(void **state)
{
    struct fixture *f = *state;
    make_used(f);
    struct store *writer = must_open(f, STORE_WRITE), *reader = must_open(f, STORE_READ);
    int64_t run;
    assert_int_equal(store_begin(writer, &f->e), ERR_OK);
    assert_int_equal(store_run_begin(writer, "run", 0, &run, &f->e), ERR_OK);
    assert_int_equal(count_runs(reader), 0);
    assert_int_equal(store_commit(writer, &f->e), ERR_OK);
    assert_int_equal(count_runs(reader), 1);
    assert_int_equal(store_run_begin(reader, "run", 0, &run, &f->e), ERR_DB); /* nothing is written */
    store_close(reader);
    store_close(writer);
}

static void test_a_log_is_kept_once_there_is_something_to_read(void **state)
{
    struct fixture *f = *state;
    struct store *db = must_open(f, STORE_CREATE);
    int64_t run;
    assert_int_equal(store_begin(db, &f->e), ERR_OK);
    assert_int_equal(store_run_begin(db, "run", 0, &run, &f->e), ERR_OK);
    assert_int_equal(store_commit(db, &f->e), ERR_OK);
    assert_false(has_log(f));
    assert_int_equal(store_begin(db, &f->e), ERR_OK);
    assert_int_equal(sqlite3_exec(db->conn, CONVERSATION, NULL, NULL, NULL), SQLITE_OK);
    assert_false(has_log(f));
    assert_int_equal(store_commit(db, &f->e), ERR_OK);
    assert_int_equal(store_run_begin(db, "run", 0, &run, &f->e), ERR_OK);
    assert_true(has_log(f));
    store_close(db);
    assert_false(has_log(f));
    db = must_open(f, STORE_WRITE);
    assert_true(has_log(f));
    store_close(db);
}

/* Write more than fits into the cache, on top of what is there, and be killed. */
static void load_and_die(struct fixture *f)
{
    struct store *db = NULL;
    int64_t run;
    char command[4001] = "";
    memset(command, 'x', sizeof command - 1);
    if (store_open(f->path, STORE_WRITE, &db, &f->e) != ERR_OK || store_begin(db, &f->e) != ERR_OK)
        _exit(1);
    for (int i = 0; i < 5000; i++)
        if (store_run_begin(db, command, 0, &run, &f->e) != ERR_OK)
            _exit(2);
    (void)kill(getpid(), SIGKILL);
    _exit(3);
}

static void test_a_first_load_that_is_killed_is_undone(void **state)
{
    struct fixture *f = *state;
    static const enum store_mode modes[] = {STORE_READ, STORE_WRITE};
    for (size_t i = 0; i < 2; i++) {
        struct store *db = must_open(f, STORE_CREATE);
        struct stat before, after;
        int64_t run;
        int status;
        assert_int_equal(store_run_begin(db, "first", 0, &run, &f->e), ERR_OK);
        store_close(db);
        assert_int_equal(stat(f->path, &before), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            load_and_die(f);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(stat(f->path, &after), 0);
        assert_true(after.st_size > before.st_size + 1000000); /* it had begun to write */
        db = must_open(f, modes[i]);
        assert_int_equal(count_runs(db), i + 1);
        store_close(db);
        assert_int_equal(stat(f->path, &after), 0);
        assert_int_equal(after.st_size, before.st_size);
    }
}

/* In a child without root's powers: F's folder may not be written. */
static void test_reading_in_a_folder_that_may_not_be_written(void **state)
{
    struct fixture *f = *state;
    int status;
    make_used(f);
    assert_int_equal(chmod(f->dir, 0555), 0);
    assert_int_equal(chmod(f->path, 0444), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *db = NULL;
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(9);
        int rc = store_open(f->path, STORE_READ, &db, &f->e) == ERR_OK ? 0 : 1;
        if (rc == 0 && store_open(f->path, STORE_WRITE, &db, &f->e) == ERR_OK)
            rc = 2;
        _exit(rc);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(chmod(f->dir, 0755), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* In a child whose files may not grow: a stand-in for a full disk. */
static int fill_up(struct fixture *f)
{
    struct rlimit limit = {300000, 300000};
    struct store *db = NULL;
    int64_t run;
    enum err_code rc = ERR_OK;
    if (store_open(f->path, STORE_WRITE, &db, &f->e) != ERR_OK)
        return 1;
    (void)signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || store_begin(db, &f->e) != ERR_OK)
        return 2;
    char *command = calloc(1, 100001);
    memset(command, 'x', 100000);
    for (int i = 0; i < 2000 && rc == ERR_OK; i++)
        rc = store_run_begin(db, command, 0, &run, &f->e);
    if (rc == ERR_OK)
        rc = store_commit(db, &f->e);
    if (rc != ERR_DB || strstr(f->e.msg, "database or disk is full") == NULL || f->e.hint[0] == '\0')
        return 3;
    store_rollback(db);
    if (count_runs(db) != 1)
        return 4;
    store_close(db);
    free(command);
    return 0;
}

static void test_a_full_disk_leaves_the_old_state(void **state)
{
    struct fixture *f = *state;
    int status;
    int64_t run;
    struct store *db = must_open(f, STORE_CREATE);
    assert_int_equal(store_run_begin(db, "first", 0, &run, &f->e), ERR_OK);
    store_close(db);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(fill_up(f));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    db = must_open(f, STORE_WRITE);
    assert_int_equal(count_runs(db), 1);
    assert_int_equal(store_run_begin(db, "second", 0, &run, &f->e), ERR_OK);
    store_close(db);
}

static void test_out_of_memory_on_opening_is_told(void **state)
{
    struct fixture *f = *state;
    struct store *db = NULL;
    enum err_code rc = ERR_OK;
    for (long nth = 1;; nth++) {
        failing_alloc_at(nth);
        rc = store_open(f->path, STORE_CREATE, &db, &f->e);
        if (!failing_alloc_off())
            break;
        assert_int_equal(rc, ERR_NOMEM);
    }
    assert_int_equal(rc, ERR_OK);
    store_close(db);
}

/* ---- migrations and statements ---- */

static void test_migrations_are_numbered_without_gaps(void **state)
{
    (void)state;
    static const char *const names[] = {
#define MIGRATION_ROW(id, name, sql) name,
#include "gen/migrations.inc"
#undef MIGRATION_ROW
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(strtol(names[i], NULL, 10), (long)i + 1);
}

/* A database of version 3, from before the strata, gets them from its episodes. */
static void test_an_older_database_is_counted_anew(void **state)
{
    struct fixture *f = *state;
    static const char *const migrations[] = {
#define MIGRATION_ROW(id, name, sql) sql,
#include "gen/migrations.inc"
#undef MIGRATION_ROW
    };
    for (size_t i = 0; i < 3; i++)
        meddle(f, migrations[i]);
    meddle(f, "INSERT INTO episode VALUES (1, 1, '2026-11-16', 7, 'choice', 1 | 1024, .5, 1, 1, 1, 0, 1, 2, 0, 0, "
              "'disputed'),"
              " (2, 1, '2026-11-16', 7, 'choice', 1, .5, 1, 2, 1, 0, 0, NULL, 0, 0, 'accepted'),"
              " (3, 1, '2026-11-16', 8, 'choice', 0, .5, 1, 1, 0, 0, 1, 2, 0, 0, 'disputed');"
              "PRAGMA application_id = 0x62726368; PRAGMA user_version = 3");
    store_close(must_open(f, STORE_WRITE));
    meddle(f,
           "CREATE TEMP TABLE ok (ok INTEGER CHECK (ok = 1));"
           "INSERT INTO ok SELECT (episodes, disputed, upset_before, upset_disputed, rounds, reason, reason_disputed,"
           " absolute, absolute_disputed, blame) = (3, 2, 2, 1, 4, 2, 1, 1, 1, 0) FROM agg_policy_day;"
           "INSERT INTO ok SELECT (SELECT count(*) FROM agg_policy_day) = 1;"
           "INSERT INTO ok SELECT (episodes, disputed, upset_disputed, reason, absolute, probe) = (2, 1, 1, 2, 1, 0)"
           " FROM agg_agent_day WHERE agent_id = 7;"
           "INSERT INTO ok SELECT (episodes, upset_disputed, reason) = (1, 0, 0) FROM agg_agent_day"
           " WHERE agent_id = 8;");
}

static void test_bind_mistakes_are_told(void **state)
{
    struct fixture *f = *state;
    struct store *db = must_open(f, STORE_CREATE);
    bool has;
    struct stmt *s = stmt_get(db, query_agent_get);
    assert_int_equal(stmt_step(s, &has, &f->e), ERR_INTERNAL);
    assert_string_equal(f->e.msg, "agent_get.sql: parameter :external_id is not bound");
    s = stmt_get(db, query_agent_get);
    stmt_bind_text(s, "external_id", SLICE_LIT("x"));
    stmt_bind_int(s, "agent", 1);
    stmt_bind_real(s, "other", 1);
    assert_int_equal(stmt_step(s, &has, &f->e), ERR_INTERNAL);
    assert_string_equal(f->e.msg, "agent_get.sql: no parameter agent"); /* the first one */
    s = stmt_get(db, query_agent_get); /* got again: forgiven, but nothing is bound any more */
    assert_int_equal(stmt_step(s, &has, &f->e), ERR_INTERNAL);
    s = stmt_get(db, query_agent_get);
    stmt_bind_text(s, ":external_id", SLICE_LIT("x"));
    assert_int_equal(stmt_step(s, &has, &f->e), ERR_OK);
    assert_false(has);
    s = stmt_get(db, query_conversation_untagged);
    stmt_bind_null(s, "after");
    stmt_bind_int(s, "cap", 1);
    assert_int_equal(stmt_run(s, &f->e), ERR_OK);
    store_close(db);
}

static void test_columns_are_read_as_they_are(void **state)
{
    struct fixture *f = *state;
    struct store *db = must_open(f, STORE_CREATE);
    bool has;
    struct stmt *s = stmt_get(db, query_policy_put);
    stmt_bind_text(s, "is_listed", SLICE_LIT("no number")); /* a STRICT table minds */
    stmt_bind_text(s, "external_id", SLICE_LIT("p"));
    stmt_bind_text(s, "title", SLICE_LIT("nul \0 inside"));
    stmt_bind_text(s, "owner", (struct slice){NULL, 0});
    assert_int_equal(stmt_run(s, &f->e), ERR_INTERNAL);
    assert_non_null(strstr(f->e.msg, "policy_put.sql"));
    s = stmt_get(db, query_policy_put);
    stmt_bind_text(s, "external_id", SLICE_LIT("p"));
    stmt_bind_text(s, "title", SLICE_LIT("nul \0 inside"));
    stmt_bind_text(s, "owner", (struct slice){NULL, 0});
    stmt_bind_int(s, "is_listed", 1);
    assert_int_equal(stmt_run(s, &f->e), ERR_OK);
    s = stmt_get(db, query_policy_get);
    stmt_bind_text(s, "external_id", SLICE_LIT("p"));
    assert_int_equal(stmt_step(s, &has, &f->e), ERR_OK);
    assert_true(has && stmt_columns(s) == 4);
    assert_string_equal(stmt_column_name(s, 1), "title");
    assert_true(slice_eq(stmt_text(s, 1), SLICE_LIT("nul \0 inside")));
    assert_true(!stmt_is_null(s, 2) && stmt_text(s, 2).n == 0);
    assert_true(stmt_int(s, 3) == 1 && stmt_real(s, 3) > 0.5);
    s = stmt_get(db, query_policy_get);
    stmt_bind_text(s, "external_id", SLICE_LIT("p"));
    assert_int_equal(stmt_run(s, &f->e), ERR_INTERNAL); /* rows, where none were expected */
    store_close(db);
}

/* The views are a promise to other programs: schemas/README.md lists these very columns. */
static void test_views_have_the_columns_that_the_readme_lists(void **state)
{
    struct fixture *f = *state;
    struct store *db = must_open(f, STORE_CREATE);
    char *readme = tmpdir_read("schemas/README.md", NULL);
    static const char *const views[] = {"v_policy",           "v_policy_week", "v_agent",      "v_agent_policy",
                                        "v_episode",          "v_delivery",    "v_reject",     "v_unlisted",
                                        "v_policy_week_rate", "v_agent_week",  "v_style_week", "v_practice_week"};
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        char sql[64], row[1024] = "";
        sqlite3_stmt *s = NULL;
        (void)snprintf(sql, sizeof sql, "SELECT * FROM %s", views[i]);
        assert_int_equal(sqlite3_prepare_v2(db->conn, sql, -1, &s, NULL), SQLITE_OK);
        for (int col = 0; col < sqlite3_column_count(s); col++) {
            size_t n = strlen(row);
            (void)snprintf(row + n, sizeof row - n, "%s%s", col == 0 ? " | " : " ", sqlite3_column_name(s, col));
        }
        sqlite3_finalize(s);
        (void)strncat(row, " |\n", sizeof row - strlen(row) - 1);
        const char *line = strstr(readme, views[i]);
        while (line != NULL && line[strlen(views[i])] != '`')
            line = strstr(line + 1, views[i]);
        assert_non_null(line);
        const char *columns = strstr(line, row);
        if (columns == NULL || columns > strchr(line, '\n'))
            fail_msg("README does not have the columns of %s:%s", views[i], row);
    }
    free(readme);
    store_close(db);
}

/* ---- the planner ---- */

static const struct {
    const char *name, *sql;
} queries[] = {
#define SQL_ROW(id, name, sql) {name, sql},
#include "gen/queries.inc"
#undef SQL_ROW
};

/* Does NAME, a table or an alias in the plan of SQL, stand for one of the big tables? */
static bool is_big(const char *sql, const char *name)
{
    static const char *const big[] = {"conversation", "episode", "delivery", "reaction", "hit_list"};
    for (size_t i = 0; i < sizeof big / sizeof big[0]; i++) {
        char alias[160];
        size_t n = (size_t)snprintf(alias, sizeof alias, "%s AS %s", big[i], name);
        if (strcmp(name, big[i]) == 0)
            return true;
        for (const char *at = strstr(sql, alias); at != NULL; at = strstr(at + 1, alias))
            if (strchr(" ,)\n", at[n]) != NULL)
                return true;
    }
    return false;
}

static bool scans_big_table(sqlite3 *conn, const char *sql, char detail[256])
{
    bool found = false;
    char explain[64 * 1024];
    sqlite3_stmt *s = NULL;
    assert_true(snprintf(explain, sizeof explain, "EXPLAIN QUERY PLAN %s", sql) < (int)sizeof explain);
    assert_int_equal(sqlite3_prepare_v2(conn, explain, -1, &s, NULL), SQLITE_OK);
    while (!found && sqlite3_step(s) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(s, 3);
        char table[64] = "";
        found = sscanf(line, "SCAN %63s", table) == 1 && is_big(sql, table);
        (void)snprintf(detail, 256, "%s", line);
    }
    sqlite3_finalize(s);
    return found;
}

static void test_no_query_scans_a_big_table(void **state)
{
    struct fixture *f = *state;
    struct store *db = must_open(f, STORE_CREATE);
    char detail[256] = "", bad[2048] = "";
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
        if (strstr(queries[i].sql, "scan: on purpose") == NULL && scans_big_table(db->conn, queries[i].sql, detail)) {
            size_t n = strlen(bad);
            (void)snprintf(bad + n, sizeof bad - n, " %s: %s;", queries[i].name, detail);
        }
    assert_true(scans_big_table(db->conn, "SELECT * FROM episode WHERE rounds = 2", detail)); /* it can tell */
    assert_true(scans_big_table(db->conn, "SELECT 1 FROM conversation AS c WHERE c.nturns = 2", detail));
    assert_false(scans_big_table(db->conn, "SELECT 1 FROM cue AS c", detail));
    store_close(db);
    if (bad[0] != '\0')
        fail_msg("%s", bad);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_new_file_is_private),
        T(test_a_file_that_is_not_there_is_only_made_on_demand),
        T(test_a_folder_is_refused),
        T(test_a_file_that_is_no_database_is_refused_untouched),
        T(test_a_database_of_another_program_is_refused),
        T(test_a_newer_version_is_refused),
        T(test_an_empty_file_is_new_but_cannot_be_read),
        T(test_a_damaged_database_is_told),
        T(test_reading_beside_a_writer),
        T(test_a_log_is_kept_once_there_is_something_to_read),
        T(test_a_first_load_that_is_killed_is_undone),
        T(test_reading_in_a_folder_that_may_not_be_written),
        T(test_a_full_disk_leaves_the_old_state),
        T(test_out_of_memory_on_opening_is_told),
        T(test_migrations_are_numbered_without_gaps),
        T(test_an_older_database_is_counted_anew),
        T(test_views_have_the_columns_that_the_readme_lists),
        T(test_bind_mistakes_are_told),
        T(test_columns_are_read_as_they_are),
        T(test_no_query_scans_a_big_table),
    };
    return cmocka_run_group_tests_name("store_open", tests, NULL, NULL);
}
