#include "core/ini.h"

#include <ini.h>
#include <limits.h>

#include "core/file.h"

#define MOST_FILE_BYTES ((size_t)16 << 20)
#define MOST_NAME_BYTES 48

/* Where the parse of one text stands. */
struct parse {
    const char *name, *next; /* what is not yet given to inih */
    long line;               /* the line that inih works on */
    bool is_line_open;       /* the last piece did not reach the end of its line */
    ini_entry *entry;
    void *ctx;
    struct strbuf value;
    enum err_code rc; /* the first refusal stops everything */
    struct err *e;
};

/* fgets() for inih, and the place where lines are counted: Debian's inih does not tell them to the handler. */
static char *next_piece(char *to, int cap, void *stream)
{
    struct parse *p = stream;
    if (*p->next == '\0' || p->rc != ERR_OK || cap < 2)
        return NULL;
    if (!p->is_line_open)
        p->line++;
    size_t n = 0, most = (size_t)cap - 1;
    while (n < most && p->next[n] != '\0' && (n == 0 || p->next[n - 1] != '\n'))
        n++;
    memcpy(to, p->next, n);
    to[n] = '\0';
    p->next += n;
    p->is_line_open = to[n - 1] != '\n';
    return to;
}

/* VALUE without its comment: inih takes comments off the first line of a value only. */
static struct slice without_comment(const char *value)
{
    size_t n = 0;
    while (value[n] != '\0' && !(value[n] == ';' && n > 0 && (value[n - 1] == ' ' || value[n - 1] == '\t')))
        n++;
    return slice_trim((struct slice){value, n});
}

static int one_entry(void *user, const char *section, const char *key, const char *value)
{
    struct parse *p = user;
    if (p->rc != ERR_OK)
        return 0;
    strbuf_clear(&p->value);
    strbuf_add_slice(&p->value, without_comment(value));
    if (strbuf_failed(&p->value))
        p->rc = err_nomem(p->e);
    else if (strlen(section) > MOST_NAME_BYTES || strlen(key) > MOST_NAME_BYTES)
        p->rc = err_set(p->e, ERR_CONFIG, "a name is longer than %d bytes", MOST_NAME_BYTES);
    else
        p->rc = p->entry(p->ctx, section, key, p->value.s, p->line, p->e);
    if (p->rc != ERR_OK && p->rc != ERR_NOMEM)
        (void)err_wrap(p->e, "%s: line %ld", p->name, p->line);
    return p->rc == ERR_OK;
}

enum err_code ini_read_text(const char *name, const char *text, ini_entry *entry, void *ctx, struct err *e)
{
    /* Debian builds inih with its settings as variables. Its defaults cut a line at 200 bytes, in silence. */
    ini_use_stack = false;
    ini_allow_realloc = true;
    ini_max_line = INT_MAX / 2;

    struct parse p = {.name = name, .next = text, .entry = entry, .ctx = ctx, .value = STRBUF_INIT, .e = e};
    int bad = ini_parse_stream(next_piece, &p, one_entry, &p);
    strbuf_free(&p.value);
    if (p.rc != ERR_OK && (bad <= 0 || bad >= p.line)) /* not after a line that inih itself could not read */
        return p.rc;
    if (bad > 0)
        return err_set(e, ERR_CONFIG, "%s: line %d: neither [section] nor key = value", name, bad);
    return bad < 0 ? err_nomem(e) : ERR_OK;
}

enum err_code ini_read_file(const char *path, ini_entry *entry, void *ctx, struct err *e)
{
    struct strbuf text = STRBUF_INIT;
    enum err_code rc = file_read_all(path, MOST_FILE_BYTES, &text, e);
    if (rc == ERR_OK) {
        long line = 1;
        size_t n = strlen(text.s);
        for (size_t i = 0; i < n; i++)
            line += text.s[i] == '\n';
        if (n != text.n)
            rc = err_set(e, ERR_CONFIG, "%s: line %ld: a NUL byte", path, line);
        else
            rc = ini_read_text(path, text.s, entry, ctx, e);
    }
    strbuf_free(&text);
    return rc;
}
