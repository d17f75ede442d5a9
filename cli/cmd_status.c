/* status: what is in the database, and what there is to look after. */
#include <stdio.h>
#include <sys/stat.h>

#include "analyze/analyze.h"
#include "cli/command.h"
#include "cli/screen.h"
#include "store/stmt.h"

static void put_size(struct strbuf *out, const char *path)
{
    static const char *const suffixes[] = {"", "-wal"};
    double bytes = 0;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        struct strbuf name = STRBUF_INIT;
        struct stat st;
        strbuf_printf(&name, "%s%s", path, suffixes[i]);
        if (!strbuf_failed(&name) && stat(name.s, &st) == 0)
            bytes += (double)st.st_size;
        strbuf_free(&name);
    }
    strbuf_printf(out, "database: %s, %.1f MiB\n", path, bytes / (1024.0 * 1024.0));
}

static enum err_code put_days(struct store *db, struct strbuf *out, struct err *e)
{
    struct stmt *s = stmt_get(db, query_status_days);
    bool has = false;
    enum err_code rc = ERR_OK;
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        if (stmt_is_null(s, 0))
            continue;
        strbuf_puts(out, "days: ");
        strbuf_add_slice(out, stmt_text(s, 0));
        strbuf_puts(out, " to ");
        strbuf_add_slice(out, stmt_text(s, 1));
        strbuf_putc(out, '\n');
    }
    return rc;
}

static enum err_code put_counts(struct store *db, struct slice hash, struct strbuf *out, struct err *e)
{
    struct stmt *s = stmt_get(db, query_status_counts);
    bool has = false;
    enum err_code rc = ERR_OK;
    stmt_bind_text(s, ":hash", hash);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        strbuf_puts(out, "  ");
        screen_pad(out, stmt_text(s, 1), 30);
        strbuf_printf(out, "%10lld\n", (long long)stmt_int(s, 2));
    }
    return rc;
}

static enum err_code put_rulesets(const struct session *session, struct slice hash, struct strbuf *out, struct err *e)
{
    struct stmt *s = stmt_get(session->db, query_status_rulesets);
    bool has = false;
    bool has_catalogue = false; /* one that conversations were tagged with */
    enum err_code rc = ERR_OK;
    strbuf_puts(out, "rulesets, newest first:\n");
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        strbuf_puts(out, "  ");
        strbuf_add_slice(out, stmt_text(s, 0));
        strbuf_printf(out, "%s, first used ", slice_eq(stmt_text(s, 0), hash) ? " (of today)" : "");
        strbuf_add_slice(out, stmt_text(s, 1));
        strbuf_printf(out, ", %lld cues, %lld policies, %lld conversations\n", (long long)stmt_int(s, 2),
                      (long long)stmt_int(s, 3), (long long)stmt_int(s, 4));
        has_catalogue = has_catalogue || (stmt_int(s, 3) > 1 && stmt_int(s, 4) > 0); /* more than "unlisted" */
    }
    if (has_catalogue && options_text(session->options, OPT_POLICIES) == NULL)
        strbuf_puts(out, "  today's are without a catalogue: give --policies as to broach run\n");
    return rc;
}

static enum err_code put_runs(struct store *db, struct strbuf *out, struct err *e)
{
    struct stmt *s = stmt_get(db, query_status_runs);
    bool has = false;
    enum err_code rc = ERR_OK;
    strbuf_puts(out, "runs, newest first:\n");
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        strbuf_puts(out, "  ");
        strbuf_add_slice(out, stmt_text(s, 2));
        strbuf_putc(out, ' ');
        screen_pad(out, stmt_text(s, 0), 8);
        if (stmt_is_null(s, 3))
            strbuf_puts(out, " not ended: killed, or still at work");
        else
            strbuf_printf(out, " exit status %lld", (long long)stmt_int(s, 4));
        strbuf_putc(out, '\n');
    }
    return rc;
}

static enum err_code put_rejects(struct store *db, struct strbuf *out, struct err *e)
{
    struct stmt *s = stmt_get(db, query_status_rejects);
    bool has = false;
    bool is_first = true;
    enum err_code rc = ERR_OK;
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        strbuf_puts(out, is_first ? "rejects, newest first:\n  " : "  ");
        is_first = false;
        screen_text(out, stmt_text(s, 0));
        if (!stmt_is_null(s, 1))
            strbuf_printf(out, ": line %lld", (long long)stmt_int(s, 1));
        else if (!stmt_is_null(s, 2))
            strbuf_printf(out, ": byte %lld", (long long)stmt_int(s, 2));
        strbuf_puts(out, ": ");
        screen_text(out, stmt_text(s, 3));
        strbuf_putc(out, '\n');
    }
    return rc;
}

enum err_code cmd_status(struct session *s, struct err *e)
{
    struct ruleset_info info = ruleset_info(s->rules);
    struct strbuf out = STRBUF_INIT;
    enum err_code rc = ERR_OK;
    put_size(&out, options_text(s->options, OPT_DB));
    if ((rc = put_days(s->db, &out, e)) != ERR_OK || (rc = put_counts(s->db, info.hash, &out, e)) != ERR_OK ||
        (rc = put_rulesets(s, info.hash, &out, e)) != ERR_OK || (rc = put_runs(s->db, &out, e)) != ERR_OK ||
        (rc = put_rejects(s->db, &out, e)) != ERR_OK)
        goto cleanup;
    if (strbuf_failed(&out))
        rc = err_nomem(e);
    else
        fwrite(out.s, 1, out.n, stdout);
cleanup:
    strbuf_free(&out);
    return rc;
}
