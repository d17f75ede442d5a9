#include "ingest/text_file.h"

#include <stdlib.h>

#include "ingest/roles.h"

#define PIECE     ((size_t)64 << 10)
#define MOST_TEXT ((size_t)64 << 20)

/* ---- lines ---------------------------------------------------------------------------------------------------------
 */

struct text_lines text_lines_of(struct slice text)
{
    return (struct text_lines){slice_after_bom(text), 0};
}

bool text_lines_next(struct text_lines *l, struct slice *line)
{
    if (l->rest.n == 0)
        return false;
    size_t n = 0;
    while (n < l->rest.n && l->rest.s[n] != '\n' && l->rest.s[n] != '\r')
        n++;
    *line = (struct slice){l->rest.s, n};
    if (n < l->rest.n)
        n += l->rest.s[n] == '\r' && n + 1 < l->rest.n && l->rest.s[n + 1] == '\n' ? 2 : 1;
    l->rest = (struct slice){l->rest.s + n, l->rest.n - n};
    l->line++;
    return true;
}

bool text_lines_peek(const struct text_lines *l, struct slice *line)
{
    struct text_lines copy = *l;
    return text_lines_next(&copy, line);
}

/* ---- turns ---------------------------------------------------------------------------------------------------------
 */

struct slice transcript_keep(struct transcript *t, struct slice x)
{
    if (x.n == 0)
        return SLICE_LIT("");
    x = arena_dup(t->arena, x);
    t->failed = t->failed || x.s == NULL;
    return x.s != NULL ? x : SLICE_LIT("");
}

/* A copy of NAME, or the one that a turn before has. */
static struct slice keep_name(struct transcript *t, struct slice name)
{
    for (size_t i = 0; i < TRANSCRIPT_RECENT; i++)
        if (name.n != 0 && slice_eq(t->recent[i], name))
            return t->recent[i];
    name = transcript_keep(t, name);
    t->recent[t->next_recent++ % TRANSCRIPT_RECENT] = name;
    return name;
}

static bool widen(struct transcript *t)
{
    if (t->n < t->cap)
        return true;
    size_t cap = t->cap != 0 ? 2 * t->cap : 64;
    struct turn *turns = cap <= UINT32_MAX ? realloc(t->turns, cap * sizeof *turns) : NULL;
    if (turns == NULL) {
        t->failed = true;
        return false;
    }
    t->turns = turns;
    t->cap = cap;
    return true;
}

void transcript_end(struct transcript *t)
{
    struct slice text = slice_trim(strbuf_slice(&t->text));
    t->failed = t->failed || strbuf_failed(&t->text);
    if (t->is_open && text.n != 0 && !t->failed && widen(t)) {
        t->open.text = transcript_keep(t, text);
        t->turns[t->n++] = t->open;
    }
    t->is_open = false;
    strbuf_clear(&t->text);
}

void transcript_begin(struct transcript *t, struct slice name, int64_t start_ms, int64_t end_ms)
{
    transcript_end(t);
    t->open = (struct turn){.role = roles_of_label(name, &name), .start_ms = start_ms, .end_ms = end_ms};
    t->open.speaker_name = keep_name(t, name);
    t->is_open = true;
}

bool transcript_is_by(const struct transcript *t, struct slice name)
{
    if (!t->is_open)
        return false;
    enum role role = roles_of_label(name, &name);
    return t->open.role == role && slice_eq(t->open.speaker_name, name) && (role != ROLE_UNKNOWN || name.n != 0);
}

void transcript_add(struct transcript *t, const char *separator, struct slice text)
{
    if (!t->is_open)
        transcript_begin(t, SLICE_LIT(""), MS_NONE, MS_NONE);
    if (t->text.n != 0)
        strbuf_puts(&t->text, separator);
    strbuf_add_slice(&t->text, text);
}

int64_t transcript_rebase(struct transcript *t, int64_t step)
{
    int64_t first = MS_NONE, last = MS_NONE;
    transcript_end(t);
    for (size_t i = 0; i < t->n; i++) {
        struct turn *turn = &t->turns[i];
        if (turn->start_ms == MS_NONE)
            continue;
        while (step > 0 && last != MS_NONE && turn->start_ms < last - step / 2)
            turn->start_ms += step;
        last = turn->start_ms;
        first = first == MS_NONE ? last : first;
        turn->start_ms -= first;
        if (turn->end_ms != MS_NONE)
            turn->end_ms -= first;
    }
    return first;
}

/* ---- files ---------------------------------------------------------------------------------------------------------
 */

enum err_code text_file_slurp(const struct reader_input *in, const struct reader_options *o, struct strbuf *text,
                              struct err *trouble, struct err *e)
{
    size_t most = o->max_record_bytes != 0 ? o->max_record_bytes : MOST_TEXT, n = 1;
    trouble->code = ERR_OK;
    while (n != 0) {
        char *room = strbuf_reserve(text, PIECE);
        if (room == NULL)
            return err_nomem(e);
        if (in->read(in->ctx, room, PIECE, &n, trouble) != ERR_OK)
            break;
        text->n += n;
        if (text->n > most) {
            (void)err_set(e, ERR_INPUT, "a conversation of more than %zu MiB", most >> 20);
            return err_hint(e, "one file is one conversation in this format; see --max-record");
        }
    }
    if (trouble->code != ERR_NOMEM)
        return ERR_OK;
    *e = *trouble;
    return ERR_NOMEM;
}

void transcript_free(struct transcript *t)
{
    free(t->turns);
    strbuf_free(&t->text);
}

static enum err_code give(const char *path, const struct reader_sink *sink, struct transcript *t,
                          struct conversation *c, struct err *e)
{
    const struct place at = {path, 1, -1};
    transcript_end(t);
    if (t->failed)
        return err_nomem(e);
    if (t->n == 0)
        return sink->reject(sink->ctx, &at, "nobody says anything in this file", e);
    c->turns = t->turns;
    c->nturns = (uint32_t)t->n;
    return sink->conversation(sink->ctx, c, &at, e);
}

enum err_code text_file_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                             const struct reader_sink *sink, text_file_convert *convert, struct err *e)
{
    struct strbuf text = STRBUF_INIT;
    struct transcript t = {.arena = arena_new(0), .text = STRBUF_INIT};
    struct conversation c = {.started_at_ms = MS_NONE};
    struct err trouble = {.code = ERR_OK};
    enum err_code rc = t.arena != NULL ? text_file_slurp(in, o, &text, &trouble, e) : err_nomem(e);
    if (rc == ERR_OK)
        rc = convert(strbuf_slice(&text), path, o, &t, &c, e);
    strbuf_free(&text); /* the turns have copies */
    if (rc == ERR_OK && (t.n > 0 || t.is_open || t.failed || trouble.code == ERR_OK))
        rc = give(path, sink, &t, &c, e);
    if (rc == ERR_OK && trouble.code != ERR_OK) {
        *e = trouble;
        rc = e->code;
    }
    transcript_free(&t);
    strbuf_free(&text);
    arena_free(t.arena);
    return rc;
}
