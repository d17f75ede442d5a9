/* help: about everything, a command, or a topic. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"

enum err_code cmd_help(struct session *s, struct err *e)
{
    struct strbuf out = STRBUF_INIT;
    enum err_code rc = ERR_OK;
    const char *topic = s->options->noperands > 0 ? s->options->operands[0] : "";
    if (*topic == '\0') {
        help_overview(&out);
    } else if (strcmp(topic, "exit-codes") == 0) {
        help_exit_codes(&out);
    } else if (strcmp(topic, "completion") == 0) {
        help_completion(&out);
    } else if (strcmp(topic, "broach.conf") == 0) {
        help_config_file(&out, NULL);
    } else {
        const struct command *c = command_find(topic, e);
        if (c != NULL)
            help_command(&out, c);
        else
            rc = ERR_USAGE;
    }
    if (rc == ERR_OK && strbuf_failed(&out))
        rc = err_nomem(e);
    if (rc == ERR_OK && out.n > 0)
        fwrite(out.s, 1, out.n, stdout);
    strbuf_free(&out);
    return rc;
}
