/* run, and its stages one by one: ingest, analyze, report. */
#include "cli/command.h"
#include "cli/dry_run.h"
#include "cli/stage.h"

enum err_code cmd_ingest(struct session *s, struct err *e)
{
    return options_flag(s->options, OPT_DRY_RUN) ? dry_run(s, e) : stage_ingest(s, false, e);
}

enum err_code cmd_analyze(struct session *s, struct err *e)
{
    enum err_code rc = stage_analyze(s, e);
    return rc != ERR_OK ? rc : stage_expire(s, e);
}

enum err_code cmd_report(struct session *s, struct err *e)
{
    return stage_report(s, e);
}

enum err_code cmd_run(struct session *s, struct err *e)
{
    struct err ingest_e = {.code = ERR_OK};
    enum err_code rc = stage_check_report(s, e);
    if (rc != ERR_OK)
        return rc;
    /* A folder that was not there, or nothing readable tonight: the rest is still worth its report. */
    enum err_code ingest_rc = stage_ingest(s, true, &ingest_e);
    bool goes_on = ingest_rc == ERR_OK || ingest_rc == ERR_PARTIAL || ingest_rc == ERR_INPUT || ingest_rc == ERR_IO;
    if (!goes_on) {
        *e = ingest_e;
        return ingest_rc;
    }
    if ((rc = stage_analyze(s, e)) != ERR_OK || (rc = stage_expire(s, e)) != ERR_OK ||
        (rc = stage_report(s, e)) != ERR_OK) {
        if (ingest_rc != ERR_OK && ingest_rc != ERR_PARTIAL)
            console_error(s->console, &ingest_e);
        return rc;
    }
    *e = ingest_e;
    return ingest_rc;
}
