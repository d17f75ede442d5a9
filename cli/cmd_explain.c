/* explain: how a turn is tagged, and why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/analyze.h"
#include "cli/command.h"
#include "cli/option_parse.h"
#include "cli/screen.h"
#include "core/strbuf.h"
#include "core/utf8.h"

/* What the command line says is a conversation of one turn, or of two with --before. */
static uint32_t conversation_of_text(const struct session *s, struct slice text, struct slice before,
                                     struct turn turns[2], struct conversation *c)
{
    bool is_customer = options_flag(s->options, OPT_CUSTOMER);
    uint32_t n = 0;
    if (before.n > 0)
        turns[n++] = (struct turn){
            .role = is_customer ? ROLE_AGENT : ROLE_CUSTOMER, .text = before, .start_ms = MS_NONE, .end_ms = MS_NONE};
    turns[n++] = (struct turn){
        .role = is_customer ? ROLE_CUSTOMER : ROLE_AGENT, .text = text, .start_ms = MS_NONE, .end_ms = MS_NONE};
    *c = (struct conversation){.source = SLICE_LIT("explain"),
                               .external_id = SLICE_LIT("explain"),
                               .started_at_ms = MS_NONE,
                               .turns = turns,
                               .nturns = n};
    return n - 1;
}

/* The command line and the environment may hold any bytes; the tagger takes UTF-8. */
static enum err_code repaired(const char *text, struct strbuf *out, struct err *e)
{
    utf8_repair(slice_of(text != NULL ? text : ""), out);
    return strbuf_failed(out) ? err_nomem(e) : ERR_OK;
}

static enum err_code load_conversation(struct session *s, struct arena *a, struct conversation *c, uint32_t *turn,
                                       struct err *e)
{
    const char *id_text = s->options->operands[0];
    const char *turn_text = s->options->operands[1];
    int64_t n = 0;
    int64_t id = 0;
    if (!option_parse_count(turn_text, &n)) {
        err_set(e, ERR_USAGE, "explain: \"%.40s\" is not the number of a turn", turn_text);
        return err_hint(e, "quote a text to explain it; turns count from 0, as broach show prints them");
    }
    enum err_code rc = session_open_db(s, STORE_READ, e);
    if (rc == ERR_OK)
        rc = session_find_conversation(s, id_text, &id, e);
    if (rc == ERR_OK)
        rc = store_conversation_get(s->db, id, a, c, e);
    if (rc == ERR_OK && n >= c->nturns)
        rc = err_set(e, ERR_USAGE, "explain: conversation \"%.80s\" has turns 0 to %ld", id_text, (long)c->nturns - 1);
    *turn = (uint32_t)n;
    return rc;
}

/* Print the lines of TEXT: what was said stands in them. */
static enum err_code print_lines(struct slice text, struct err *e)
{
    struct strbuf out = STRBUF_INIT;
    while (text.n > 0) {
        const char *end = memchr(text.s, '\n', text.n);
        size_t n = end != NULL ? (size_t)(end - text.s) : text.n;
        screen_text(&out, (struct slice){text.s, n});
        strbuf_putc(&out, '\n');
        n += end != NULL;
        text.s += n;
        text.n -= n;
    }
    enum err_code rc = strbuf_failed(&out) ? err_nomem(e) : ERR_OK;
    if (rc == ERR_OK && out.n > 0)
        fwrite(out.s, 1, out.n, stdout);
    strbuf_free(&out);
    return rc;
}

enum err_code cmd_explain(struct session *s, struct err *e)
{
    struct arena *a = arena_new(0);
    struct tagger *tagger = tagger_new(s->rules);
    struct strbuf text = STRBUF_INIT;
    struct strbuf before = STRBUF_INIT;
    struct strbuf out = STRBUF_INIT;
    struct turn turns[2];
    struct conversation c;
    uint32_t turn = 0;
    enum err_code rc = a != NULL && tagger != NULL ? ERR_OK : err_nomem(e);
    if (rc == ERR_OK && s->options->noperands == 2) {
        rc = load_conversation(s, a, &c, &turn, e);
    } else if (rc == ERR_OK) {
        rc = repaired(s->options->operands[0], &text, e);
        if (rc == ERR_OK)
            rc = repaired(options_text(s->options, OPT_BEFORE), &before, e);
        if (rc == ERR_OK)
            turn = conversation_of_text(s, strbuf_slice(&text), strbuf_slice(&before), turns, &c);
    }
    if (rc == ERR_OK)
        rc = tagger_explain(tagger, &c, turn, &out, e);
    if (rc == ERR_OK)
        rc = strbuf_failed(&out) ? err_nomem(e) : print_lines(strbuf_slice(&out), e);
    strbuf_free(&out);
    strbuf_free(&before);
    strbuf_free(&text);
    tagger_free(tagger);
    arena_free(a);
    return rc;
}
