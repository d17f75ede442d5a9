/*
 * help.h - texts made from the tables of commands, options and errors
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "core/strbuf.h"

struct command;

/* Append to OUT; running out of memory is remembered by OUT. */
void help_overview(struct strbuf *out);
void help_command(struct strbuf *out, const struct command *c);
void help_exit_codes(struct strbuf *out);
void help_completion(struct strbuf *out); /* for bash */

/* A commented broach.conf with DB_PATH (NULL: none) as its database. */
void help_config_file(struct strbuf *out, const char *db_path);

#endif
