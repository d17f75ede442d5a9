#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int exit_status;
    const char *meaning;
} rows[] = {
#define ERR_ROW(code, name, exit_status, meaning) {name, exit_status, meaning},
#include "core/err_codes.def"
#undef ERR_ROW
};

enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    e->code = code;
    e->hint[0] = '\0';
    return code;
}

enum err_code err_wrap(struct err *e, const char *fmt, ...)
{
    char context[sizeof e->msg];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(context, sizeof context, fmt, ap);
    va_end(ap);

    char inner[sizeof e->msg];
    memcpy(inner, e->msg, sizeof inner);
    size_t n = strlen(context);
    if (n > sizeof e->msg - 3) /* a hopelessly long context: keep its beginning and no detail */
        n = sizeof e->msg - 3;
    memcpy(e->msg, context, n);
    memcpy(e->msg + n, ": ", 3);
    n += 2;
    size_t room = sizeof e->msg - n - 1;
    size_t take = strnlen(inner, room);
    memcpy(e->msg + n, inner, take);
    e->msg[n + take] = '\0';
    return e->code;
}

enum err_code err_hint(struct err *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(e->hint, sizeof e->hint, fmt, ap);
    va_end(ap);
    return e->code;
}

enum err_code err_nomem(struct err *e)
{
    return err_set(e, ERR_NOMEM, "out of memory");
}

const char *err_name(enum err_code code)
{
    return (unsigned)code < ERR_COUNT ? rows[code].name : "unknown";
}

const char *err_meaning(enum err_code code)
{
    return (unsigned)code < ERR_COUNT ? rows[code].meaning : "unknown";
}

int err_exit_status(enum err_code code)
{
    return (unsigned)code < ERR_COUNT ? rows[code].exit_status : 70;
}
