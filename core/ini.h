/*
 * ini.h - sections, keys and values with their lines (inih): broach.conf and the cue files share it
 */
#ifndef CORE_INI_H
#define CORE_INI_H

#include "core/err.h"

/* One key = value. A value that goes on in indented lines gives one call a line, with the same key. The strings live
 * for the call only. */
typedef enum err_code ini_entry(void *ctx, const char *section, const char *key, const char *value, long line,
                                struct err *e);

/* Read PATH; ERR_CONFIG with "PATH: line N: ..." where a line cannot be understood or ENTRY refuses it. */
CHECKED enum err_code ini_read_file(const char *path, ini_entry *entry, void *ctx, struct err *e);

/* The same for a text in memory; NAME stands for the path in messages. */
CHECKED enum err_code ini_read_text(const char *name, const char *text, ini_entry *entry, void *ctx, struct err *e);

#endif
