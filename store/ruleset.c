/* ruleset.c - the tables ruleset, policy and cue: the catalogue's indexes become row ids */
#include <stdlib.h>

#include "core/when.h"
#include "store/db.h"

void ruleset_forget(struct store *db)
{
    free(db->policies);
    free(db->cues);
    db->policies = db->cues = NULL;
    db->npolicies = db->ncues = 0;
    db->ruleset_id = 0;
    db->ruleset_in_txn = false;
}

static enum err_code put_ruleset(struct store *db, const struct ruleset_info *r, int64_t now_ms, struct err *e)
{
    char at[WHEN_ISO_BYTES];
    struct stmt *s = stmt_get(db, query_ruleset_get);
    stmt_bind_text(s, "hash", r->hash);
    bool has;
    enum err_code rc = stmt_step(s, &has, e);
    if (rc != ERR_OK)
        return rc;
    if (has) {
        db->ruleset_id = stmt_int(s, 0);
        (void)stmt_get(db, query_ruleset_get);
        return ERR_OK;
    }
    s = stmt_get(db, query_ruleset_insert);
    stmt_bind_text(s, "hash", r->hash);
    stmt_bind_text(s, "first_used_at", slice_of(when_format_iso(now_ms, at)));
    stmt_bind_int(s, "ncues", r->ncues);
    stmt_bind_int(s, "npolicies", r->npolicies);
    rc = stmt_run(s, e);
    db->ruleset_id = db_last_id(db);
    return rc;
}

/* The policy's row, made or brought up to date, without touching the file where nothing changed. */
static enum err_code put_policy(struct store *db, const struct policy *p, bool is_listed, int64_t *row, struct err *e)
{
    struct stmt *s = stmt_get(db, query_policy_get);
    stmt_bind_text(s, "external_id", p->id);
    bool has;
    enum err_code rc = stmt_step(s, &has, e);
    if (rc != ERR_OK)
        return rc;
    if (has) {
        *row = stmt_int(s, 0);
        bool is_same = slice_eq(stmt_text(s, 1), p->title) && slice_eq(stmt_text(s, 2), p->owner) &&
                       (stmt_int(s, 3) != 0) == is_listed;
        (void)stmt_get(db, query_policy_get);
        if (is_same)
            return ERR_OK;
    }
    s = stmt_get(db, query_policy_put);
    stmt_bind_text(s, "external_id", p->id);
    stmt_bind_text(s, "title", p->title);
    stmt_bind_text(s, "owner", p->owner);
    stmt_bind_int(s, "is_listed", is_listed ? 1 : 0);
    rc = stmt_run(s, e);
    if (!has)
        *row = db_last_id(db);
    return rc;
}

static int compare_rows(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Policies that are listed in the table and are not among the N rows of SORTED have left the catalogue. */
static enum err_code unlist_others(struct store *db, const int64_t *sorted, uint32_t n, struct err *e)
{
    for (int64_t after = 0;;) {
        struct stmt *s = stmt_get(db, query_policy_next_listed);
        stmt_bind_int(s, "after", after);
        bool has;
        enum err_code rc = stmt_step(s, &has, e);
        if (rc != ERR_OK || !has)
            return rc;
        after = stmt_int(s, 0);
        (void)stmt_get(db, query_policy_next_listed);
        if (bsearch(&after, sorted, n, sizeof *sorted, compare_rows) != NULL)
            continue;
        s = stmt_get(db, query_policy_unlist);
        stmt_bind_int(s, "policy_id", after);
        rc = stmt_run(s, e);
        if (rc != ERR_OK)
            return rc;
    }
}

static enum err_code put_policies(struct store *db, const struct ruleset_info *r, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (uint32_t i = 0; i < r->npolicies && rc == ERR_OK; i++)
        rc = put_policy(db, &r->policies[i], i != 0, &db->policies[i], e);
    if (rc != ERR_OK)
        return rc;
    int64_t *sorted = malloc(((size_t)r->npolicies + 1) * sizeof *sorted);
    if (sorted == NULL)
        return err_nomem(e);
    memcpy(sorted, db->policies, r->npolicies * sizeof *sorted);
    qsort(sorted, r->npolicies, sizeof *sorted, compare_rows);
    rc = unlist_others(db, sorted, r->npolicies, e);
    free(sorted);
    return rc;
}

static enum err_code put_cue(struct store *db, struct slice name, int64_t *row, struct err *e)
{
    struct stmt *s = stmt_get(db, query_cue_get);
    stmt_bind_text(s, "name", name);
    bool has;
    enum err_code rc = stmt_step(s, &has, e);
    if (rc != ERR_OK)
        return rc;
    if (has) {
        *row = stmt_int(s, 0);
        (void)stmt_get(db, query_cue_get);
        return ERR_OK;
    }
    s = stmt_get(db, query_cue_insert);
    stmt_bind_text(s, "name", name);
    rc = stmt_run(s, e);
    *row = db_last_id(db);
    return rc;
}

static enum err_code put_all(struct store *db, const struct ruleset_info *r, int64_t now_ms, struct err *e)
{
    db->policies = calloc((size_t)r->npolicies + 1, sizeof *db->policies);
    db->cues = calloc((size_t)r->ncues + 1, sizeof *db->cues);
    if (db->policies == NULL || db->cues == NULL)
        return err_nomem(e);
    enum err_code rc = put_ruleset(db, r, now_ms, e);
    if (rc == ERR_OK)
        rc = put_policies(db, r, e);
    for (uint32_t i = 0; i < r->ncues && rc == ERR_OK; i++)
        rc = put_cue(db, r->cue_names[i], &db->cues[i], e);
    db->npolicies = r->npolicies;
    db->ncues = r->ncues;
    return rc;
}

enum err_code store_use_ruleset(struct store *db, const struct ruleset_info *rules, int64_t now_ms, struct err *e)
{
    bool own_txn = !db->in_txn;
    enum err_code rc = own_txn ? store_begin(db, e) : ERR_OK;
    if (rc != ERR_OK)
        return rc;
    ruleset_forget(db);
    db->ruleset_in_txn = true;
    rc = put_all(db, rules, now_ms, e);
    if (rc == ERR_OK && own_txn)
        rc = store_commit(db, e);
    if (rc != ERR_OK) {
        ruleset_forget(db);
        if (own_txn)
            store_rollback(db);
    }
    return rc;
}
