/*
 * dry_run.h - `broach ingest --dry-run`: what would be read of each file, on standard output; nothing is written
 */
#ifndef CLI_DRY_RUN_H
#define CLI_DRY_RUN_H

#include "cli/session.h"

CHECKED enum err_code dry_run(struct session *s, struct err *e);

#endif
