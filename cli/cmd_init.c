/* init, config and formats: what is there before the first night. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/help.h"
#include "core/file.h"
#include "core/strbuf.h"
#include "ingest/reader.h"

enum err_code cmd_init(struct session *s, struct err *e)
{
    const char *db_path = options_text(s->options, OPT_DB);
    const char *conf_path = options_text(s->options, OPT_CONFIG);
    struct strbuf text = STRBUF_INIT;
    struct outfile *f = NULL;
    struct store *db = NULL;
    struct stat st;
    char *whole = NULL;
    if (db_path == NULL)
        db_path = "broach.db";
    if (conf_path == NULL)
        conf_path = "broach.conf";
    enum err_code rc = store_open(db_path, STORE_CREATE, &db, e);
    if (rc != ERR_OK)
        goto cleanup;
    printf("database: %s\n", db_path);
    if (stat(conf_path, &st) == 0) {
        printf("configuration: %s (was there, left as it is)\n", conf_path);
        goto cleanup;
    }
    /* Paths in the file count from its folder; where that is another one, only the whole path is right. */
    if (strchr(conf_path, '/') != NULL && strcmp(db_path, ":memory:") != 0) {
        whole = realpath(db_path, NULL);
        if (whole == NULL) {
            rc = err_set(e, ERR_IO, "%s: %s", db_path, strerror(errno));
            goto cleanup;
        }
        db_path = whole;
    }
    help_config_file(&text, db_path);
    if (strbuf_failed(&text)) {
        rc = err_nomem(e);
        goto cleanup;
    }
    if ((rc = outfile_open(conf_path, 0644, &f, e)) != ERR_OK)
        goto cleanup;
    outfile_write(f, text.s, text.n);
    rc = outfile_commit(f, e);
    f = NULL;
    if (rc == ERR_OK)
        printf("configuration: %s\n", conf_path);
cleanup:
    outfile_abort(f);
    free(whole);
    store_close(db);
    strbuf_free(&text);
    return rc;
}

enum err_code cmd_config(struct session *s, struct err *e)
{
    const struct options *o = s->options;
    (void)e;
    printf("%-16s %-32s %s\n", "option", "value", "from");
    for (int id = 0; id < OPT_COUNT; id++) {
        const char *text = options_text(o, (enum opt_id)id);
        if (opt_rows[id].where == WHERE_LINE)
            continue;
        if ((enum opt_id)id == OPT_CONFIG && text == NULL && o->config_path != NULL)
            printf("%-16s %-32s found\n", opt_rows[id].name, o->config_path);
        else
            printf("%-16s %-32s %s\n", opt_rows[id].name, text != NULL ? text : "-", options_place(o, (enum opt_id)id));
    }
    for (size_t i = 0; i < o->npaths; i++)
        printf("%-16s %-32s %s\n", "path", o->paths[i], o->config_path);
    return ERR_OK;
}

enum err_code cmd_formats(struct session *s, struct err *e)
{
    (void)s;
    (void)e;
    printf("%-20s %-9s %s\n", "format", "told by", "what it is");
    for (const struct format *f = formats; f->name != NULL; f++)
        printf("%-20s %-9s %s\n", f->name, f->fits != NULL ? "JSON keys" : "its text", f->title);
    return ERR_OK;
}
