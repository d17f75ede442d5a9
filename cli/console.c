#include "cli/console.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/when.h"

#define LINE_BYTES           1024
#define PROGRESS_INTERVAL_MS 100

int64_t console_clock_ms(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

enum err_code console_open(struct console *c, const struct console_options *o, struct err *e)
{
    memset(c, 0, sizeof *c);
    c->is_terminal = isatty(STDERR_FILENO) == 1;
    c->is_verbose = o->is_verbose;
    c->is_quiet = o->is_quiet;
    c->now_ms = o->now_ms;
    if (o->log_path == NULL)
        return ERR_OK;
    c->log = fopen(o->log_path, "a");
    if (c->log == NULL)
        return err_set(e, ERR_IO, "%s: %s", o->log_path, strerror(errno));
    return ERR_OK;
}

void console_close(struct console *c)
{
    console_troubles_end(c);
    if (c->log != NULL)
        fclose(c->log);
    c->log = NULL;
}

static void wipe_progress(struct console *c)
{
    if (c->is_progress_shown)
        fputs("\r\033[K", stderr);
    c->is_progress_shown = false;
}

/* TEXT with control characters as "?": names of files and what stands in them are told, and shall not move the cursor.
 * Without memory, which may be what is missing. */
static void make_harmless(const char *text, char out[LINE_BYTES])
{
    size_t n = 0;
    for (; *text != '\0' && n + 1 < LINE_BYTES; text++) {
        unsigned char byte = (unsigned char)text[0], next = (unsigned char)text[1];
        bool is_long = byte == 0xc2 && next >= 0x80 && next < 0xa0;
        out[n++] = *text;
        if (byte < 0x20 || byte == 0x7f || is_long)
            out[n - 1] = '?';
        text += is_long;
    }
    out[n] = '\0';
}

/* One line: on standard error if IS_TOLD, in the log always. */
static void say(struct console *c, bool is_told, const char *prefix, const char *message)
{
    char text[LINE_BYTES];
    make_harmless(message, text);
    if (is_told) {
        wipe_progress(c);
        fprintf(stderr, "%s%s\n", prefix, text);
    }
    if (c->log != NULL) {
        char at[WHEN_ISO_BYTES];
        fprintf(c->log, "%s %s%s\n", when_format_iso(c->now_ms, at), prefix, text);
        fflush(c->log);
    }
}

void console_error(struct console *c, const struct err *e)
{
    if (strcmp(e->msg, c->trouble_msg) == 0 && strcmp(e->hint, c->trouble_hint) == 0)
        return;
    say(c, true, "broach: ", e->msg);
    if (e->hint[0] != '\0')
        say(c, true, "hint: ", e->hint);
}

void console_warn(struct console *c, const char *fmt, ...)
{
    char text[LINE_BYTES];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    say(c, true, "broach: ", text);
}

void console_trouble(struct console *c, const char *path, const struct err *why)
{
    if (strncmp(c->trouble_path, path, sizeof c->trouble_path - 1) != 0) {
        console_troubles_end(c);
        snprintf(c->trouble_path, sizeof c->trouble_path, "%s", path);
    }
    c->ntroubles++;
    if (c->ntroubles > CONSOLE_TROUBLES_MAX)
        return;
    say(c, true, "broach: ", why->msg);
    if (why->hint[0] != '\0' && strcmp(why->hint, c->trouble_hint) != 0)
        say(c, true, "hint: ", why->hint);
    snprintf(c->trouble_msg, sizeof c->trouble_msg, "%s", why->msg);
    snprintf(c->trouble_hint, sizeof c->trouble_hint, "%s", why->hint);
}

void console_trouble_of(void *console, const char *path, const struct err *why)
{
    console_trouble(console, path, why);
}

void console_troubles_end(struct console *c)
{
    if (c->ntroubles > CONSOLE_TROUBLES_MAX)
        console_warn(c, "%s: ... and %lld more%s", c->trouble_path, (long long)(c->ntroubles - CONSOLE_TROUBLES_MAX),
                     c->has_status ? ", see `broach status`" : "");
    c->trouble_path[0] = '\0';
    c->ntroubles = 0;
}

void console_summary(struct console *c, const char *fmt, ...)
{
    char text[LINE_BYTES];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    say(c, !c->is_quiet && (c->is_terminal || c->is_verbose), "", text);
}

bool console_wants_progress(struct console *c)
{
    if (!c->is_terminal || c->is_quiet)
        return false;
    int64_t now_ms = console_clock_ms();
    if (c->progress_at_ms != 0 && now_ms - c->progress_at_ms < PROGRESS_INTERVAL_MS)
        return false;
    c->progress_at_ms = now_ms;
    return true;
}

void console_progress(struct console *c, const char *fmt, ...)
{
    char text[79]; /* a line of a narrow terminal; a longer one could not be wiped */
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    fprintf(stderr, "\r%s\033[K", text);
    fflush(stderr);
    c->is_progress_shown = true;
}
