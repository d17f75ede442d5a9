/* broach: finds the command, reads its options, opens what it needs, runs it, and says by the exit status how it went.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"

static enum err_code print_help(const struct command *c, struct err *e)
{
    struct strbuf out = STRBUF_INIT;
    if (c != NULL)
        help_command(&out, c);
    else
        help_overview(&out);
    enum err_code rc = strbuf_failed(&out) ? err_nomem(e) : ERR_OK;
    if (rc == ERR_OK)
        fwrite(out.s, 1, out.n, stdout);
    strbuf_free(&out);
    return rc;
}

static enum err_code print_version(void)
{
    printf("broach %s\n", BROACH_VERSION);
    return ERR_OK;
}

static enum err_code check_operands(const struct command *c, const struct options *o, struct err *e)
{
    int n = (int)o->noperands;
    if (n < c->min_operands)
        err_set(e, ERR_USAGE, "%s: %s is missing", c->name, c->synopsis);
    else if (c->max_operands != OPERANDS_ANY && n > c->max_operands)
        err_set(e, ERR_USAGE, "%s: \"%.60s\" is too much", c->name, o->operands[c->max_operands]);
    else
        return ERR_OK;
    return err_hint(e, "usage: broach %s [OPTION...] %s", c->name, c->synopsis);
}

/* Open what the command's row asks for, run it, close. */
static enum err_code run_command(const struct command *c, const struct options *o, struct console *console,
                                 struct err *e)
{
    struct session s = {.options = o, .console = console, .lock_fd = -1};
    struct err close_e = {.code = ERR_OK};
    enum err_code rc = session_now(o, &s.now_ms, &s.is_now_given, e);
    if (rc == ERR_OK)
        rc = session_open(&s, c->name, options_flag(o, OPT_DRY_RUN) ? 0 : c->needs, e);
    if (rc != ERR_OK)
        return rc;
    rc = c->run(&s, e);
    enum err_code close_rc = session_close(&s, rc, &close_e);
    if (close_rc != ERR_OK && (rc == ERR_OK || rc == ERR_PARTIAL)) {
        *e = close_e;
        rc = close_rc;
    }
    return rc;
}

static enum err_code with_options(const struct command *c, const struct options *o, struct console *console,
                                  struct err *e)
{
    if (options_flag(o, OPT_HELP))
        return print_help(c, e);
    if (options_flag(o, OPT_VERSION))
        return print_version();
    struct console_options how = {.is_verbose = options_flag(o, OPT_VERBOSE),
                                  .is_quiet = options_flag(o, OPT_QUIET),
                                  .log_path = options_text(o, OPT_LOG)};
    bool is_given = false;
    enum err_code rc = session_now(o, &how.now_ms, &is_given, e);
    if (rc == ERR_OK)
        rc = console_open(console, &how, e);
    if (rc == ERR_OK)
        rc = check_operands(c, o, e);
    return rc != ERR_OK ? rc : run_command(c, o, console, e);
}

static enum err_code dispatch(int argc, char **argv, struct console *console, struct err *e)
{
    const char *first = argc > 1 ? argv[1] : NULL;
    if (first == NULL) {
        err_set(e, ERR_USAGE, "no command was given");
        return err_hint(e, "see broach help; the nightly job is broach run --db FILE --out DIR PATH...");
    }
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0)
        return print_help(NULL, e);
    if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0)
        return print_version();
    if (first[0] == '-') {
        err_set(e, ERR_USAGE, "the command comes first, then its options: %.60s", first);
        return err_hint(e, "usage: broach COMMAND [OPTION...] [OPERAND...]; see broach help");
    }
    const struct command *c = command_find(first, e);
    if (c == NULL)
        return ERR_USAGE;
    struct options o;
    struct options_reader reader = {c->name, c->groups, (c->needs & NEED_NO_CONFIG) != 0};
    enum err_code rc = options_read(&o, &reader, argc - 2, argv + 2, e);
    if (rc == ERR_OK)
        rc = with_options(c, &o, console, e);
    options_free(&o);
    return rc;
}

int main(int argc, char **argv)
{
    struct err e = {.code = ERR_OK};
    struct console console = {.log = NULL};
    enum err_code rc = dispatch(argc, argv, &console, &e);
    /* What was printed has been done only when it is out. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (rc == ERR_OK || rc == ERR_PARTIAL)
            rc = err_set(&e, ERR_IO, "standard output: %s", strerror(errno));
    }
    if (rc != ERR_OK && rc != ERR_PARTIAL)
        console_error(&console, &e);
    console_close(&console);
    return err_exit_status(rc);
}
