#include "cli/stage.h"

#include <inttypes.h>
#include <stdio.h>

#include "analyze/analyze.h"
#include "cli/period.h"
#include "cli/screen.h"
#include "cli/tag_hook.h"
#include "core/strbuf.h"
#include "core/when.h"
#include "report/address.h"
#include "report/naming.h"
#include "report/report.h"
#include "store/expire.h"

#define MIB (1024.0 * 1024.0)

const char *stage_time(const struct stage_watch *w, char out[STAGE_TIME_BYTES])
{
    snprintf(out, STAGE_TIME_BYTES, "%.1f s", (double)(console_clock_ms() - w->began_ms) / 1000);
    return out;
}

static struct stage_watch watch(const struct session *s, const char *stage)
{
    return (struct stage_watch){s->console, stage, console_clock_ms()};
}

/* ---- ingest ---- */

void stage_ingest_options(const struct session *s, struct ingest_options *o)
{
    const struct options *from = s->options;
    *o = (struct ingest_options){
        .source = options_text(from, OPT_SOURCE),
        .format = options_text(from, OPT_FORMAT),
        .columns = options_text(from, OPT_COLUMNS),
        .roster = options_text(from, OPT_AGENTS),
        .side = options_text(from, OPT_SIDE),
        .roles = options_text(from, OPT_ROLES),
        .timezone = options_text(from, OPT_TIMEZONE),
        .sources = from->sources,
        .nsources = from->nsources,
        .no_guess = options_flag(from, OPT_NO_GUESS),
        .date_format = options_text(from, OPT_DATE_FORMAT),
        .own_domains = options_text(from, OPT_OWN_DOMAINS),
        .mask = options_mask(from, OPT_MASK),
        .min_age_s = options_number(from, OPT_MIN_AGE),
        .now_ms = s->now_ms,
        .max_record_bytes = (size_t)options_number(from, OPT_MAX_RECORD),
        .max_unpacked_bytes = options_number(from, OPT_MAX_UNPACKED),
        .max_ratio = options_number(from, OPT_MAX_RATIO),
        .jobs = session_jobs(s),
        .run_id = s->run_id,
    };
    if (from->noperands > 0) {
        o->paths = from->operands;
        o->npaths = from->noperands;
    } else {
        o->paths = (const char *const *)from->paths;
        o->npaths = from->npaths;
    }
}

enum err_code stage_ingest_paths(const struct session *s, struct ingest_options *o, struct err *e)
{
    stage_ingest_options(s, o);
    if (o->npaths != 0)
        return ERR_OK;
    err_set(e, ERR_USAGE, "no transcripts were named");
    return err_hint(e, "give files or folders, or write \"path = ...\" into broach.conf");
}

static void ingest_progress(void *ctx, const struct ingest_stats *so_far, const char *path)
{
    const struct stage_watch *w = ctx;
    (void)path;
    if (!console_wants_progress(w->console))
        return;
    double seconds = (double)(console_clock_ms() - w->began_ms) / 1000;
    double mib = (double)so_far->bytes / MIB;
    console_progress(w->console, "%s: %.1f MiB, %" PRId64 " conversations, %.1f MiB/s", w->stage, mib,
                     so_far->conversations, seconds > 0 ? mib / seconds : 0.0);
}

static void ingest_trouble(void *ctx, const char *path, const struct err *why)
{
    const struct stage_watch *w = ctx;
    console_trouble(w->console, path, why);
}

struct ingest_report stage_ingest_report(struct stage_watch *w)
{
    return (struct ingest_report){.ctx = w, .progress = ingest_progress, .trouble = ingest_trouble};
}

enum err_code stage_verdict(const struct session *s, const struct ingest_stats *stats)
{
    bool has_rejects = stats->rejects > options_number(s->options, OPT_ALLOW_REJECTS);
    return has_rejects || stats->files_failed > 0 ? ERR_PARTIAL : ERR_OK;
}

static void ingest_summary(const struct stage_watch *w, const struct ingest_stats *n)
{
    char time[STAGE_TIME_BYTES];
    char other[128] = "";
    int used = 0;
    if (n->members > 0)
        used += snprintf(other + used, sizeof other - (size_t)used, " (%" PRId64 " member%s of archives)", n->members,
                         plural(n->members));
    if (n->files_known > 0)
        used += snprintf(other + used, sizeof other - (size_t)used, ", %" PRId64 " known", n->files_known);
    if (n->files_young > 0)
        used += snprintf(other + used, sizeof other - (size_t)used, ", %" PRId64 " too new", n->files_young);
    if (n->files_failed > 0)
        snprintf(other + used, sizeof other - (size_t)used, ", %" PRId64 " not readable", n->files_failed);
    console_summary(w->console,
                    "ingest: %" PRId64 " file%s%s, %" PRId64 " conversation%s (%" PRId64 " new, %" PRId64
                    " replaced, %" PRId64 " skipped), %" PRId64 " reject%s, %s",
                    n->files, plural(n->files), other, n->conversations, plural(n->conversations), n->added,
                    n->replaced, n->skipped, n->rejects, plural(n->rejects), stage_time(w, time));
}

enum err_code stage_ingest(struct session *s, bool is_tagging, struct err *e)
{
    struct ingest_options o;
    struct ingest_stats stats = {.files = 0};
    struct stage_watch w = watch(s, "ingest");
    if (stage_ingest_paths(s, &o, e) != ERR_OK)
        return e->code;
    struct ingest_hook hook = {.ctx = NULL};
    if (is_tagging)
        hook = tag_hook_with_hits(s->rules);
    struct ingest_report report = stage_ingest_report(&w);
    s->console->has_status = true;
    const char *zone = options_text(s->options, OPT_DAY_ZONE);
    if (zone != NULL && store_use_day_zone(s->db, zone, e) != ERR_OK)
        return e->code;
    enum err_code rc = ingest_run(&o, s->db, is_tagging ? &hook : NULL, &report, &stats, e);
    console_troubles_end(s->console);
    if (rc != ERR_OK && rc != ERR_PARTIAL)
        return rc;
    ingest_summary(&w, &stats);
    return stage_verdict(s, &stats);
}

/* ---- analyze ---- */

static void analyze_progress(void *ctx, const struct analyze_stats *so_far)
{
    const struct stage_watch *w = ctx;
    if (!console_wants_progress(w->console))
        return;
    double seconds = (double)(console_clock_ms() - w->began_ms) / 1000;
    console_progress(w->console, "analyze: %" PRId64 " conversations, %.0f a second", so_far->conversations,
                     seconds > 0 ? (double)so_far->conversations / seconds : 0.0);
}

static void change_summary(struct console *console, const struct tag_change *c)
{
    console_summary(console,
                    "analyze: %" PRId64 " conversation%s changed: deliveries +%" PRId64 " -%" PRId64 ", styles %" PRId64
                    ", policies %" PRId64 ", disputes +%" PRId64 " -%" PRId64 ", hostile +%" PRId64 " -%" PRId64,
                    c->conversations, plural(c->conversations), c->deliveries_gained, c->deliveries_lost,
                    c->styles_changed, c->policies_changed, c->disputes_gained, c->disputes_lost, c->hostile_gained,
                    c->hostile_lost);
}

enum err_code stage_analyze(struct session *s, struct err *e)
{
    struct analyze_stats stats = {.conversations = 0};
    struct tag_change change = {.conversations = 0};
    struct stage_watch w = watch(s, "analyze");
    char time[STAGE_TIME_BYTES];
    enum err_code rc = analyze_run(s->db, s->rules, session_jobs(s), &w, analyze_progress, &stats, &change, e);
    if (rc == ERR_OK && stats.conversations > 0)
        rc = store_change_note(s->db, s->run_id, &change, e);
    if (rc != ERR_OK)
        return rc;
    console_summary(s->console,
                    "analyze: %" PRId64 " conversation%s tagged again, %" PRId64 " deliveries, %" PRId64
                    " disputes, %" PRId64 " episodes, %s",
                    stats.conversations, plural(stats.conversations), stats.deliveries, stats.disputes, stats.episodes,
                    stage_time(&w, time));
    if (stats.conversations > 0)
        change_summary(s->console, &change);
    return ERR_OK;
}

/* ---- retention ---- */

enum err_code stage_expire(struct session *s, struct err *e)
{
    int64_t days = options_number(s->options, OPT_KEEP_DAYS);
    int64_t ndeleted = 0;
    if (days == 0)
        return ERR_OK;
    enum err_code rc = store_expire(s->db, store_day_of(s->db, s->now_ms) - days, &ndeleted, e);
    if (rc == ERR_OK)
        console_summary(s->console, "expire: %" PRId64 " conversation%s older than %" PRId64 " days deleted", ndeleted,
                        plural(ndeleted), days);
    return rc;
}

/* ---- report ---- */

/* The key of the pseudonyms, made if there is none. */
static enum err_code load_naming(const struct session *s, struct naming *out, struct err *e)
{
    const char *path = options_text(s->options, OPT_PSEUDONYM_KEY);
    const char *db = options_text(s->options, OPT_DB);
    struct strbuf beside = STRBUF_INIT;
    *out = (struct naming){.is_secret = false};
    if (!options_flag(s->options, OPT_PSEUDONYMS))
        return ERR_OK;
    if (path == NULL && (db == NULL || strcmp(db, ":memory:") == 0))
        return options_need(s->options, OPT_PSEUDONYM_KEY, &path, e);
    if (path == NULL)
        strbuf_printf(&beside, "%s.key", db);
    enum err_code rc = strbuf_failed(&beside) ? err_nomem(e) : naming_load(path != NULL ? path : beside.s, out, e);
    strbuf_free(&beside);
    return rc;
}

enum err_code stage_check_report(const struct session *s, struct err *e)
{
    const char *text = NULL;
    struct days period, before;
    enum err_code rc = options_need(s->options, OPT_OUT, &text, e);
    if (rc == ERR_OK)
        rc = period_find(s->options, s->now_ms, s->db, &period, &before, e);
    if (rc == ERR_OK && options_flag(s->options, OPT_EML) &&
        (rc = options_need(s->options, OPT_MAIL_TO, &text, e)) == ERR_OK && (rc = address_check(text, e)) == ERR_OK)
        rc = address_check(options_text(s->options, OPT_MAIL_FROM), e);
    return rc;
}

enum err_code stage_report(struct session *s, struct err *e)
{
    struct report_options o = {.title = options_text(s->options, OPT_TITLE),
                               .evidence_max = (unsigned)options_number(s->options, OPT_EVIDENCE),
                               .exchanges_max = (unsigned)options_number(s->options, OPT_EXCHANGES),
                               .has_episodes = options_flag(s->options, OPT_EPISODES),
                               .is_certain_only = options_flag(s->options, OPT_CERTAIN_ONLY),
                               .has_workbook = options_flag(s->options, OPT_XLSX),
                               .now_ms = s->now_ms};
    struct naming naming;
    struct days period = {0, 0}, before = {0, 0};
    struct report_stats stats = {.episodes = 0};
    struct stage_watch w = watch(s, "report");
    char from[WHEN_DATE_BYTES];
    char to[WHEN_DATE_BYTES];
    char time[STAGE_TIME_BYTES];
    enum err_code rc = stage_check_report(s, e);
    if (rc == ERR_OK)
        rc = options_need(s->options, OPT_OUT, &o.out_dir, e);
    if (rc == ERR_OK)
        rc = load_naming(s, &naming, e);
    if (rc == ERR_OK && options_flag(s->options, OPT_EML)) {
        o.mail_to = options_text(s->options, OPT_MAIL_TO);
        o.mail_from = options_text(s->options, OPT_MAIL_FROM);
    }
    o.naming = &naming;
    if (rc == ERR_OK)
        rc = period_find(s->options, s->now_ms, s->db, &period, &before, e);
    o.from_day = period.from_day, o.to_day = period.to_day;
    o.before_day = before.from_day, o.before_to_day = before.to_day;
    if (rc == ERR_OK)
        rc = report_write(s->db, &o, &stats, e);
    if (rc != ERR_OK)
        return rc;
    console_summary(s->console,
                    "report: %s to %s, %" PRId64 " episodes, %" PRId64 " policies, %" PRId64 " agents, %" PRId64
                    " files in %s, %s",
                    when_format_date(o.from_day, from), when_format_date(o.to_day - 1, to), stats.episodes,
                    stats.policies, stats.agents, stats.files, o.out_dir, stage_time(&w, time));
    return ERR_OK;
}
