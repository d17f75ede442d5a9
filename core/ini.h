/*
 * ini.h - sections, keys and values with their lines (inih): broach.conf and the cue files share it
 *
 *     ; a comment line (# too)
 *     [section]
 *     key = value        ; a comment: a blank followed by ";" ends the value, also in the lines that go on
 *         the value goes on: any indented line below a key belongs to it, even with "=" in it or after a blank line
 *     key: value         (":" does the same as "=")
 *
 * UTF-8, with or without BOM; LF or CRLF. Lines may be as long as they like. Names of sections and keys have at most 48
 * bytes (inih would cut longer ones silently, so they are refused). A key above the first section has section "".
 *
 * Threads: not to be called on two threads at once: Debian's inih keeps its settings in globals.
 */
#ifndef CORE_INI_H
#define CORE_INI_H

#include "core/err.h"

/* One key = value. A value that goes on in indented lines gives one call a line, with the same key. The strings live
 * for the call only. */
typedef enum err_code ini_entry(void *ctx, const char *section, const char *key, const char *value, long line,
                                struct err *e);

/* Read PATH; ERR_CONFIG with "PATH: line N: ..." where a line cannot be understood or ENTRY refuses it (another code of
 * ENTRY is kept). ERR_IO when PATH cannot be read. */
CHECKED enum err_code ini_read_file(const char *path, ini_entry *entry, void *ctx, struct err *e);

/* The same for a text in memory; NAME stands for the path in messages. */
CHECKED enum err_code ini_read_text(const char *name, const char *text, ini_entry *entry, void *ctx, struct err *e);

#endif
