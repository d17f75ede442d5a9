/*
 * command.h - the table of commands: what each takes, needs and does
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/session.h"

#define OPERANDS_ANY (-1)

struct command {
    const char *name;
    const char *synopsis; /* operands, for people */
    const char *title;    /* one line: what it does */
    unsigned groups;      /* of options, enum opt_group bits */
    unsigned needs;       /* enum need bits */
    int min_operands, max_operands;
    /* ERR_PARTIAL means: done, and all that there was to tell is told. */
    enum err_code (*run)(struct session *s, struct err *e);
    const char *text; /* more about it, for --help */
};

/* Ends with a row whose name is NULL. */
extern const struct command commands[];

/* The command NAME; NULL with ERR_USAGE (and a hint) in *e if there is none. */
const struct command *command_find(const char *name, struct err *e);

enum err_code cmd_init(struct session *s, struct err *e);
enum err_code cmd_ingest(struct session *s, struct err *e);
enum err_code cmd_analyze(struct session *s, struct err *e);
enum err_code cmd_report(struct session *s, struct err *e);
enum err_code cmd_run(struct session *s, struct err *e);
enum err_code cmd_tag(struct session *s, struct err *e);
enum err_code cmd_explain(struct session *s, struct err *e);
enum err_code cmd_eval(struct session *s, struct err *e);
enum err_code cmd_train(struct session *s, struct err *e);
enum err_code cmd_policies(struct session *s, struct err *e);
enum err_code cmd_review(struct session *s, struct err *e);
enum err_code cmd_check(struct session *s, struct err *e);
enum err_code cmd_show(struct session *s, struct err *e);
enum err_code cmd_status(struct session *s, struct err *e);
enum err_code cmd_config(struct session *s, struct err *e);
enum err_code cmd_formats(struct session *s, struct err *e);
enum err_code cmd_help(struct session *s, struct err *e);

#endif
