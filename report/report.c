#include "report/report.h"

#include <inttypes.h>

#include "core/file.h"
#include "core/model.h"
#include "report/eml.h"
#include "report/evidence.h"
#include "report/listen.h"
#include "report/page.h"
#include "report/pass.h"

enum { CSV_CONVERSATIONS = 1000, CSV_UNLISTED = 1000 };

static int64_t csv_limit(enum table_id id)
{
    return id == TABLE_CONVERSATIONS ? CSV_CONVERSATIONS : -1; /* -1: no limit */
}

/* Ask for evidence for every number that the page will show; what is asked for first has the first place in it. */
static void want_coaching(const struct report_data *data, struct evidence *ev)
{
    const struct finding_agent *agent;
    const struct finding_cell *cell;
    for (size_t i = 0; i < PAGE_CARDS && coaching_at(data, i, &agent, &cell); i++) {
        /* There are policies where there are cells. */
        int64_t policy = data->findings->policies[cell->policy].policy_id; /* NOLINT(*-core.NullDereference) */
        evidence_want(ev, EVIDENCE_AGENT_POLICY, agent->agent_id, policy);
        evidence_want(ev, EVIDENCE_ACCEPTED, policy, 0);
    }
}

static void want_all(const struct report_data *data, struct evidence *ev)
{
    const struct summary *s = data->summary;
    const struct findings *f = data->findings;
    want_coaching(data, ev);
    evidence_want(ev, EVIDENCE_DISPUTED, 0, 0);
    evidence_want(ev, EVIDENCE_HOSTILE, 0, 0);
    for (int i = 0; i < SUMMARY_STYLES; i++)
        evidence_want(ev, EVIDENCE_STYLE, i, 0);
    for (int i = 0; i < PRACTICE_COUNT; i++)
        evidence_want(ev, EVIDENCE_PRACTICE, i, 0);
    for (size_t i = 0; i < s->npolicies && i < PAGE_POLICIES; i++) {
        int64_t id = s->policies[i].finding->policy_id;
        evidence_want(ev, EVIDENCE_POLICY, id, 0);
        evidence_want(ev, EVIDENCE_CONFRONTATIONAL, id, 0);
        evidence_want(ev, EVIDENCE_CHOICE, id, 0);
    }
    for (size_t i = 0; i < s->nagents && i < PAGE_AGENTS; i++) {
        evidence_want(ev, EVIDENCE_AGENT, s->agents[i]->agent_id, 0);
        evidence_want(ev, EVIDENCE_AGENT_CONFRONTS, s->agents[i]->agent_id, 0);
    }
    for (size_t i = 0; i < f->ncells && i < PAGE_AGENT_POLICIES; i++)
        evidence_want(ev, EVIDENCE_AGENT_POLICY, f->agents[f->cells[i].agent].agent_id,
                      f->policies[f->cells[i].policy].policy_id);
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

static const char *title_of(const struct report_options *o)
{
    return o->title != NULL ? o->title : "Policy conversations";
}

/* The message holds the page, which is in memory then. */
static enum err_code write_message(const struct sink_page *page, const struct report_options *o,
                                   struct report_stats *stats, struct err *e)
{
    const struct eml message = {o->mail_from != NULL ? o->mail_from : "broach@localhost", o->mail_to, title_of(o),
                                o->now_ms};
    if (eml_write(page, &message, html_written(page->h), o->out_dir, &stats->bytes, e) != ERR_OK)
        return err_wrap(e, "report.eml");
    stats->files++;
    return ERR_OK;
}

/* index.html appears last, and whole. */
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
    if ((to.h = html_new(o->mail_to == NULL ? f : NULL)) == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    if ((rc = page_write(&to, title_of(o), e)) != ERR_OK || (rc = html_end(to.h, e)) != ERR_OK)
        goto cleanup;
    if (o->mail_to != NULL) {
        if ((rc = write_message(&to, o, stats, e)) != ERR_OK)
            goto cleanup;
        outfile_write(f, html_written(to.h).s, html_written(to.h).n);
    }
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

/* The workbook, then the page and the message. */
static enum err_code write_extras(const struct sink_page *page, const struct report_options *o,
                                  struct report_stats *stats, struct err *e)
{
    const struct sink_tables tables = {title_of(o), o->has_episodes, csv_limit};
    if (o->has_workbook) {
        if (sink_xlsx(page->db, page->data, &tables, o->out_dir, &stats->bytes, e) != ERR_OK)
            return err_wrap(e, "report.xlsx");
        stats->files++;
    }
    return write_page(page, o, stats, e);
}

/* What the report is made of while it is made. */
struct making {
    struct period period;
    struct findings findings;
    struct summary summary;
    struct unlisted unlisted;
    struct report_data data;
    struct strbuf listen_json;
    struct evidence *evidence;
    struct listen *listen;
    struct arena *arena;
};

/* Conversations that a table leads to have their places in the page before all others. */
static enum err_code cite_links(struct store *db, const struct making *m, struct err *e)
{
    enum err_code rc;
    bool has;
    struct rows rows;
    rows_begin(&rows, db, table_of(TABLE_CONVERSATIONS), &m->data, PAGE_CONVERSATIONS);
    while ((rc = rows_next(&rows, &has, e)) == ERR_OK && has)
        (void)evidence_cite(m->evidence, (struct exchange){row_int(&rows.row, 0), row_int(&rows.row, 1)});
    for (size_t i = 0; i < m->unlisted.n && i < PAGE_UNLISTED; i++)
        (void)evidence_cite(m->evidence, m->unlisted.phrases[i].example);
    return rc;
}

/* All that the page and the files show, in memory. */
static enum err_code gather(struct store *db, struct making *m, struct report_stats *stats, struct err *e)
{
    enum err_code rc;
    if ((rc = findings_load(db, &m->period, m->arena, &m->findings, e)) != ERR_OK ||
        (rc = summary_load(db, &m->period, &m->findings, m->arena, &m->summary, e)) != ERR_OK)
        return rc;
    want_all(&m->data, m->evidence);
    if ((rc = pass_run(db, &m->period, m->evidence, m->listen, &stats->episodes, e)) != ERR_OK)
        return rc;
    listen_write(m->listen, &m->listen_json);
    if (strbuf_failed(&m->listen_json))
        return err_nomem(e);
    m->data.listen = strbuf_slice(&m->listen_json);
    if ((rc = unlisted_load(db, &m->period, CSV_UNLISTED, m->arena, &m->unlisted, e)) != ERR_OK ||
        (rc = cite_links(db, m, e)) != ERR_OK)
        return rc;
    evidence_cite_best(m->evidence);
    stats->policies = (int64_t)m->summary.npolicies;
    stats->agents = (int64_t)m->summary.nagents;
    stats->conversations = m->summary.conversations;
    return ERR_OK;
}

static enum err_code check_options(const struct report_options *o, const struct period *p, struct err *e)
{
    if (o->to_day <= o->from_day)
        return err_set(e, ERR_USAGE, "report: the period from %s to %s is empty", p->from, p->to);
    if (p->before_to_day <= p->before_day)
        return err_set(e, ERR_USAGE, "report: the period to compare with, from %s to %s, is empty", p->before,
                       p->before_to);
    return ERR_OK;
}

static void give_back(struct making *m)
{
    evidence_free(m->evidence);
    listen_free(m->listen);
    strbuf_free(&m->listen_json);
    arena_free(m->arena);
}

enum err_code report_write(struct store *db, const struct report_options *o, struct report_stats *stats, struct err *e)
{
    static const struct naming real_names = {.is_secret = false};
    struct making m = {.period = period_of(o->from_day, o->to_day, o->before_day, o->before_to_day)};
    m.period.is_certain_only = o->is_certain_only;
    m.data = (struct report_data){.period = &m.period,
                                  .findings = &m.findings,
                                  .summary = &m.summary,
                                  .unlisted = &m.unlisted,
                                  .naming = o->naming != NULL ? o->naming : &real_names};
    memset(stats, 0, sizeof *stats);
    enum err_code rc = check_options(o, &m.period, e);
    if (rc == ERR_OK)
        rc = file_make_dir(o->out_dir, e);
    if (rc != ERR_OK)
        return rc;
    m.arena = arena_new(0);
    m.listen = listen_new(CSV_CONVERSATIONS);
    m.evidence = evidence_new(o->evidence_max != 0 ? o->evidence_max : 5,
                              o->exchanges_max != 0 ? o->exchanges_max : PAGE_EXCHANGES);
    if (m.arena == NULL || m.evidence == NULL || m.listen == NULL)
        rc = err_nomem(e);
    if (rc == ERR_OK && (rc = gather(db, &m, stats, e)) == ERR_OK &&
        (rc = write_csvs(db, &m.data, o, stats, e)) == ERR_OK)
        rc = write_extras(&(struct sink_page){db, NULL, m.evidence, &m.data}, o, stats, e);
    give_back(&m);
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
