#include "store/expire.h"

#include "core/when.h"
#include "store/stmt.h"
#include "store/store.h"

static enum err_code count_expired(struct store *db, struct slice before, int64_t *n, struct err *e)
{
    bool has = false;
    struct stmt *s = stmt_get(db, query_conversation_expired_count);
    stmt_bind_text(s, ":before", before);
    enum err_code rc = stmt_step(s, &has, e);
    *n = rc == ERR_OK && has ? stmt_int(s, 0) : 0;
    while (rc == ERR_OK && has)
        rc = stmt_step(s, &has, e);
    return rc;
}

enum err_code store_expire(struct store *db, int64_t before_day, int64_t *ndeleted, struct err *e)
{
    char day[WHEN_DATE_BYTES];
    struct slice before = slice_of(when_format_date(before_day, day));
    *ndeleted = 0;
    enum err_code rc = store_begin(db, e);
    if (rc != ERR_OK)
        return rc;
    int64_t n = 0;
    rc = count_expired(db, before, &n, e);
    if (rc == ERR_OK && n > 0) {
        struct stmt *s = stmt_get(db, query_conversation_expire);
        stmt_bind_text(s, ":before", before);
        rc = stmt_run(s, e);
    }
    if (rc == ERR_OK)
        rc = store_commit(db, e);
    if (rc != ERR_OK) {
        store_rollback(db);
        return rc;
    }
    *ndeleted = n;
    return ERR_OK;
}
