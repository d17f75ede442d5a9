/* tag: conversations in, tags out, no database. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "analyze/analyze.h"
#include "cli/command.h"
#include "cli/stage.h"
#include "cli/tag_hook.h"
#include "cli/tag_json.h"

static enum err_code write_line(void *ctx, void *worker, const struct conversation *c, const struct tags *t,
                                struct strbuf *out, struct err *e)
{
    const struct ruleset_info *rules = ctx;
    (void)worker;
    tag_json_write(out, c, t, rules);
    return strbuf_failed(out) ? err_nomem(e) : ERR_OK;
}

static enum err_code put_lines(void *ctx, struct slice text, struct err *e)
{
    (void)ctx;
    if (text.n > 0 && fwrite(text.s, 1, text.n, stdout) != text.n)
        return err_set(e, ERR_IO, "standard output: %s", strerror(errno));
    return ERR_OK;
}

enum err_code cmd_tag(struct session *s, struct err *e)
{
    static const char *const standard_input[] = {"-"};
    struct ruleset_info info = ruleset_info(s->rules);
    struct ingest_hook hook = tag_hook(s->rules);
    struct ingest_filter filter = {&info, write_line, put_lines};
    struct stage_watch w = {s->console, "tag", console_clock_ms()};
    struct ingest_report report = stage_ingest_report(&w);
    struct ingest_options o;
    struct ingest_stats stats = {.files = 0};
    char time[STAGE_TIME_BYTES];
    stage_ingest_options(s, &o);
    if (s->options->noperands == 0) { /* the path lines of broach.conf are for run: a filter reads its input */
        o.paths = standard_input;
        o.npaths = 1;
    }
    enum err_code rc = ingest_filter(&o, &hook, &filter, &report, &stats, e);
    console_troubles_end(s->console);
    if (rc == ERR_OK && fflush(stdout) != 0)
        rc = err_set(e, ERR_IO, "standard output: %s", strerror(errno));
    if (rc != ERR_OK && rc != ERR_PARTIAL)
        return rc;
    console_summary(s->console, "tag: %lld conversations, %lld rejects, %s", (long long)stats.conversations,
                    (long long)stats.rejects, stage_time(&w, time));
    return stage_verdict(s, &stats);
}
