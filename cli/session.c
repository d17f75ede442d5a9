#include "cli/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analyze/analyze.h"
#include "cli/lock.h"
#include "core/when.h"

#define JOBS_MAX 256

static int64_t clock_ms(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_REALTIME, &t) != 0)
        return 0;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

enum err_code session_now(const struct options *o, int64_t *now_ms, bool *is_given, struct err *e)
{
    const char *text = options_text(o, OPT_NOW);
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    bool has_zone = false;
    *is_given = true;
    if (text != NULL) {
        if (!when_parse_iso(slice_of(text), now_ms, &has_zone))
            return err_set(e, ERR_INTERNAL, "--now %s was not checked", text);
        return ERR_OK;
    }
    if (epoch != NULL && *epoch != '\0') {
        char *end = NULL;
        errno = 0;
        long long seconds = strtoll(epoch, &end, 10);
        if (errno != 0 || *end != '\0' || seconds < 0 || seconds > INT64_C(253402300799)) /* the year 9999 */
            return err_set(e, ERR_USAGE, "environment: SOURCE_DATE_EPOCH: \"%.40s\" is no number of seconds", epoch);
        *now_ms = seconds * 1000;
        return ERR_OK;
    }
    *is_given = false;
    *now_ms = clock_ms();
    return ERR_OK;
}

unsigned session_jobs(const struct session *s)
{
    int64_t jobs = options_number(s->options, OPT_JOBS);
    if (jobs == 0)
        jobs = sysconf(_SC_NPROCESSORS_ONLN);
    if (jobs < 1)
        jobs = 1;
    return jobs > JOBS_MAX ? JOBS_MAX : (unsigned)jobs;
}

enum err_code session_open_db(struct session *s, enum store_mode mode, struct err *e)
{
    const char *path = NULL;
    enum err_code rc = options_need(s->options, OPT_DB, &path, e);
    if (rc != ERR_OK)
        return rc;
    return store_open(path, mode, &s->db, e);
}

enum err_code session_find_conversation(struct session *s, const char *name, int64_t *id, struct err *e)
{
    struct slice source = slice_of(options_text(s->options, OPT_SOURCE));
    enum err_code rc = store_conversation_find(s->db, source, slice_of(name), id, e);
    if (rc == ERR_USAGE)
        return err_hint(e, "tell which one is meant by --source NAME");
    if (rc == ERR_OK && *id == 0)
        rc = err_set(e, ERR_USAGE, "there is no conversation \"%.80s\" in the database", name);
    return rc;
}

static enum err_code open_all(struct session *s, const char *command, unsigned needs, struct err *e)
{
    const char *path = NULL;
    enum err_code rc = ERR_OK;
    bool has_db = (needs & (NEED_DB_CREATE | NEED_DB_WRITE | NEED_DB_READ)) != 0;
    if (has_db && (rc = options_need(s->options, OPT_DB, &path, e)) != ERR_OK)
        return rc;
    /* The rules before the lock and the database: a mistake in them must leave no trace. */
    if ((needs & NEED_RULES) != 0) {
        struct ruleset_options o = {.rules_dir = options_text(s->options, OPT_RULES),
                                    .policies = options_text(s->options, OPT_POLICIES),
                                    .thresholds = options_text(s->options, OPT_THRESHOLDS),
                                    .uncertain = options_text(s->options, OPT_UNCERTAIN)};
        if ((rc = ruleset_load(&o, &s->rules, e)) != ERR_OK)
            return rc;
    }
    /* Where the database must be there and is not, a lock file beside it would only be litter. */
    bool has_file = (needs & NEED_DB_CREATE) != 0 || (path != NULL && access(path, F_OK) == 0);
    if ((needs & NEED_LOCK) != 0 && has_file && (rc = lock_take(path, &s->lock_fd, e)) != ERR_OK)
        return rc;
    if (has_db) {
        enum store_mode mode = (needs & NEED_DB_CREATE) != 0  ? STORE_CREATE
                               : (needs & NEED_DB_WRITE) != 0 ? STORE_WRITE
                                                              : STORE_READ;
        if ((rc = session_open_db(s, mode, e)) != ERR_OK)
            return rc;
    }
    if ((needs & NEED_RUN) != 0) {
        if ((rc = store_run_begin(s->db, command, s->now_ms, &s->run_id, e)) != ERR_OK)
            return rc;
        s->is_run_begun = true;
    }
    if ((needs & NEED_USE_RULES) != 0) {
        struct ruleset_info info = ruleset_info(s->rules);
        rc = store_use_ruleset(s->db, &info, s->now_ms, e);
    }
    return rc;
}

enum err_code session_open(struct session *s, const char *command, unsigned needs, struct err *e)
{
    enum err_code rc = open_all(s, command, needs, e);
    if (rc != ERR_OK) {
        struct err ignored = {.code = ERR_OK};
        (void)!session_close(s, rc, &ignored);
    }
    return rc;
}

enum err_code session_close(struct session *s, enum err_code rc, struct err *e)
{
    enum err_code close_rc = ERR_OK;
    if (s->is_run_begun) {
        store_rollback(s->db);
        int64_t end_ms = s->is_now_given ? s->now_ms : clock_ms();
        close_rc = store_run_end(s->db, s->run_id, end_ms, err_exit_status(rc), e);
    }
    s->is_run_begun = false;
    store_close(s->db);
    s->db = NULL;
    ruleset_free(s->rules);
    s->rules = NULL;
    lock_release(s->lock_fd);
    s->lock_fd = -1;
    return close_rc;
}
