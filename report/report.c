#include "report/report.h"

#include <inttypes.h>

#include "core/file.h"
#include "core/model.h"
#include "report/listen.h"
#include "report/page.h"
#include "report/pass.h"

enum { CSV_CONVERSATIONS = 1000, CSV_UNLISTED = 1000 };

static int64_t csv_limit(enum table_id id)
{
    return id == TABLE_CONVERSATIONS ? CSV_CONVERSATIONS : id == TABLE_UNLISTED ? CSV_UNLISTED : -1; /* -1: no limit */
}

static enum err_code want_agents(struct store *db, const struct period *p, struct evidence *ev, struct summary *s,
                                 struct err *e)
{
    enum err_code rc;
    bool has;
    const struct table *t = table_of(TABLE_AGENTS);
    struct stmt *row = table_bind(db, t->query, t->binds, p, 0);
    while ((rc = stmt_step(row, &has, e)) == ERR_OK && has) {
        if (s->nagents < PAGE_AGENTS) {
            evidence_want(ev, EVIDENCE_AGENT, stmt_int(row, 0), 0);
            evidence_want(ev, EVIDENCE_AGENT_CONFRONTS, stmt_int(row, 0), 0);
        }
        s->nagents++;
    }
    if (rc != ERR_OK)
        return rc;
    t = table_of(TABLE_AGENT_POLICIES);
    row = table_bind(db, t->query, t->binds, p, PAGE_AGENT_POLICIES);
    while ((rc = stmt_step(row, &has, e)) == ERR_OK && has)
        evidence_want(ev, EVIDENCE_AGENT_POLICY, stmt_int(row, 0), stmt_int(row, 1));
    return rc;
}

/* Ask for evidence for every number that the page will show. */
static enum err_code want_all(struct store *db, const struct period *p, struct evidence *ev, struct summary *s,
                              struct err *e)
{
    for (size_t i = 0; i < s->npolicies && i < PAGE_POLICIES; i++) {
        evidence_want(ev, EVIDENCE_POLICY, s->policies[i].policy_id, 0);
        evidence_want(ev, EVIDENCE_CONFRONTATIONAL, s->policies[i].policy_id, 0);
        evidence_want(ev, EVIDENCE_CHOICE, s->policies[i].policy_id, 0);
        evidence_want(ev, EVIDENCE_ACCEPTED, s->policies[i].policy_id, 0);
    }
    evidence_want(ev, EVIDENCE_DISPUTED, 0, 0);
    evidence_want(ev, EVIDENCE_HOSTILE, 0, 0);
    for (int i = 0; i < SUMMARY_STYLES; i++)
        evidence_want(ev, EVIDENCE_STYLE, i, 0);
    for (int i = 0; i < PRACTICE_COUNT; i++)
        evidence_want(ev, EVIDENCE_PRACTICE, i, 0);
    return want_agents(db, p, ev, s, e);
}

static enum err_code write_csvs(struct store *db, const struct report_data *data, const struct report_options *o,
                                struct report_stats *stats, struct err *e)
{
    for (int id = 0; id < TABLE_CSV_COUNT; id++) {
        const struct table *t = table_of((enum table_id)id);
        if (id == TABLE_EPISODES && !o->has_episodes)
            continue;
        enum err_code rc = sink_csv(db, t, data, csv_limit((enum table_id)id), o->out_dir, &stats->bytes, e);
        if (rc != ERR_OK)
            return err_wrap(e, "report %s.csv", t->name);
        stats->files++;
    }
    return ERR_OK;
}

static enum err_code write_page(const struct sink_page *page, const struct report_options *o,
                                struct report_stats *stats, struct err *e)
{
    enum err_code rc;
    struct strbuf path = STRBUF_INIT;
    struct outfile *f = NULL;
    struct sink_page to = *page;

    strbuf_printf(&path, "%s/index.html", o->out_dir);
    if (strbuf_failed(&path)) {
        rc = err_nomem(e);
        goto cleanup;
    }
    if ((rc = outfile_open(path.s, 0644, &f, e)) != ERR_OK)
        goto cleanup;
    if ((to.h = html_new(f)) == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    if ((rc = page_write(&to, o->title != NULL ? o->title : "Policy conversations", e)) != ERR_OK ||
        (rc = html_end(to.h, e)) != ERR_OK)
        goto cleanup;
    if (evidence_failed(to.evidence)) {
        rc = err_nomem(e);
        goto cleanup;
    }
    stats->bytes += html_bytes(to.h);
    stats->files++;
    rc = outfile_commit(f, e);
    f = NULL;
cleanup:
    html_free(to.h);
    outfile_abort(f);
    strbuf_free(&path);
    return rc;
}

enum err_code report_write(struct store *db, const struct report_options *o, struct report_stats *stats, struct err *e)
{
    enum err_code rc;
    static const struct naming real_names = {.is_secret = false};
    struct summary summary;
    struct period period = period_of(o->from_day, o->to_day, o->before_day, o->before_to_day);
    struct report_data data = {
        .period = &period, .summary = &summary, .naming = o->naming != NULL ? o->naming : &real_names};
    struct strbuf picked = STRBUF_INIT;
    struct evidence *ev = NULL;
    struct listen *listen = NULL;
    struct arena *arena = NULL;

    memset(stats, 0, sizeof *stats);
    if (o->to_day <= o->from_day)
        return err_set(e, ERR_USAGE, "report: the period from %s to %s is empty", period.from, period.to);
    if (period.before_to_day <= period.before_day)
        return err_set(e, ERR_USAGE, "report: the period to compare with, from %s to %s, is empty", period.before,
                       period.before_to);
    if ((rc = file_make_dir(o->out_dir, e)) != ERR_OK)
        return rc;
    arena = arena_new(0);
    listen = listen_new(CSV_CONVERSATIONS);
    ev = evidence_new(o->evidence_max != 0 ? o->evidence_max : 5,
                      o->exchanges_max != 0 ? o->exchanges_max : PAGE_EXCHANGES);
    if (arena == NULL || ev == NULL || listen == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    if ((rc = summary_load(db, &period, arena, &summary, e)) != ERR_OK ||
        (rc = want_all(db, &period, ev, &summary, e)) != ERR_OK ||
        (rc = pass_run(db, &period, ev, listen, &summary, &stats->episodes, e)) != ERR_OK)
        goto cleanup;
    listen_write(listen, &picked);
    data.listen = strbuf_slice(&picked);
    if (strbuf_failed(&picked)) {
        rc = err_nomem(e);
        goto cleanup;
    }
    if ((rc = write_csvs(db, &data, o, stats, e)) != ERR_OK)
        goto cleanup;
    evidence_cite_best(ev);
    rc = write_page(&(struct sink_page){db, NULL, ev, &data}, o, stats, e);
    stats->policies = (int64_t)summary.npolicies;
    stats->agents = summary.nagents;
    stats->conversations = summary.conversations;
cleanup:
    evidence_free(ev);
    listen_free(listen);
    strbuf_free(&picked);
    arena_free(arena);
    return rc;
}

enum err_code report_newest_day(struct store *db, int64_t *day, bool *has, struct err *e)
{
    bool is_row;
    struct stmt *s = stmt_get(db, report_latest_day);
    enum err_code rc = stmt_step(s, &is_row, e);
    *has = false;
    if (rc != ERR_OK || !is_row)
        return rc;
    *has = when_parse_date(stmt_text(s, 0), day);
    return stmt_step(s, &is_row, e);
}
