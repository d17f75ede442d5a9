#include "ingest/inner_transcript.h"

#include "core/strbuf.h"
#include "ingest/captions.h"
#include "ingest/label_lines.h"
#include "ingest/roles.h"
#include "ingest/speaker_runs.h"

static struct slice copy(struct talk *t, struct slice x)
{
    struct slice y = x.n != 0 ? arena_dup(t->a, x) : (struct slice){"", 0};
    if (y.s != NULL)
        return y;
    t->is_short_of_memory = true;
    return (struct slice){"", 0};
}

static void add_copy(struct talk *t, const struct turn *from)
{
    struct slice name = from->speaker_name;
    struct turn *turn = talk_add(t, copy(t, from->text));
    uint32_t nth = turn->nth;
    *turn = (struct turn){
        .role = from->role, .text = turn->text, .start_ms = from->start_ms, .end_ms = from->end_ms, .nth = nth};
    if (turn->role == ROLE_UNKNOWN)
        turn->role = roles_of_label(from->speaker_name, &name);
    turn->speaker_id = copy(t, from->speaker_id);
    turn->speaker_name = copy(t, name);
}

/* ---- text ---- */

/* "**Agent(May)**: text" without its asterisks. */
static struct slice without_asterisks(struct slice text, struct strbuf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        if (i + 1 < text.n && text.s[i] == '*' && text.s[i + 1] == '*')
            i++;
        else
            strbuf_putc(out, text.s[i]);
    }
    return strbuf_slice(out);
}

static void add_paragraphs(struct talk *t, struct slice text)
{
    struct text_lines lines = text_lines_of(text);
    struct slice line, paragraph = {"", 0};
    for (bool has = true; has;) {
        has = text_lines_next(&lines, &line);
        if (has && slice_trim(line).n != 0) {
            if (paragraph.n == 0)
                paragraph.s = line.s;
            paragraph.n = (size_t)(line.s + line.n - paragraph.s);
        } else if (paragraph.n != 0) {
            (void)talk_add(t, copy(t, paragraph));
            paragraph = (struct slice){"", 0};
        }
    }
}

static void add_captions(struct talk *t, struct slice text)
{
    struct transcript cues = {.arena = t->a, .text = STRBUF_INIT};
    struct err e;
    bool ok = captions_convert(text, &cues, &e) == ERR_OK;
    transcript_end(&cues);
    t->is_short_of_memory = t->is_short_of_memory || !ok || cues.failed;
    for (size_t i = 0; ok && i < cues.n; i++)
        add_copy(t, &cues.turns[i]);
    transcript_free(&cues);
}

static void add_labelled(struct talk *t, struct slice text)
{
    struct conversation c = {.started_at_ms = MS_NONE};
    struct err e;
    if (label_lines_cut(text, t->o, t->a, &c, &e) != ERR_OK) {
        t->is_short_of_memory = true;
        return;
    }
    for (uint32_t i = 0; i < c.nturns; i++)
        add_copy(t, &c.turns[i]);
}

void inner_text(struct talk *t, struct slice text)
{
    struct strbuf room = STRBUF_INIT;
    struct json root;
    text = slice_trim(text);
    bool may_be_json = text.n > 1 && (text.s[0] == '{' || text.s[0] == '[');
    struct json_parser *p = may_be_json ? talk_parse_inner(t, text, &root) : NULL;
    if (p != NULL) {
        inner_json(t, root, "");
        json_parser_free(p);
    } else if (slice_starts(text, "WEBVTT")) {
        add_captions(t, text);
    } else {
        struct slice plain = without_asterisks(text, &room);
        if (label_lines_count(plain) >= 2)
            add_labelled(t, plain);
        else
            add_paragraphs(t, text);
    }
    t->is_short_of_memory = t->is_short_of_memory || strbuf_failed(&room);
    strbuf_free(&room);
}

/* ---- JSON ---- */

static enum err_code take_conversation(void *talk, const struct conversation *c, const struct place *at, struct err *e)
{
    struct talk *t = talk;
    (void)at;
    (void)e;
    for (uint32_t i = 0; i < c->nturns; i++)
        add_copy(t, &c->turns[i]);
    return ERR_OK;
}

static enum err_code pass_over(void *talk, const struct place *at, const char *reason, struct err *e)
{
    (void)talk;
    (void)at;
    (void)reason;
    (void)e;
    return ERR_OK;
}

static void add_words(struct talk *t, struct json words)
{
    struct json word;
    struct speaker_runs r;
    runs_begin(&r, t);
    for (struct json_iter it = json_iterate(words); json_next(&it, NULL, &word);) {
        struct turn who = {.role = ROLE_UNKNOWN};
        talk_label(t, &who, word, "speaker", "speaker ");
        struct spoken_word w = {.text = talk_text(t, word, "punctuated_word"),
                                .speaker = who.role == ROLE_UNKNOWN ? who.speaker_id : slice_of(role_name(who.role)),
                                .start_ms = talk_offset(word, "start", 1000),
                                .end_ms = talk_offset(word, "end", 1000)};
        if (w.text.n == 0)
            w.text = talk_text(t, word, "word");
        w.text = copy(t, w.text);
        w.speaker = copy(t, w.speaker);
        runs_add(&r, &w);
    }
    runs_end(&r);
    for (uint32_t i = 0; i < t->c.nturns; i++) {
        enum role role = roles_of(t->c.turns[i].speaker_id);
        if (role != ROLE_UNKNOWN) {
            t->c.turns[i].role = role;
            t->c.turns[i].speaker_id = (struct slice){"", 0};
        }
    }
}

/* By the first reader that understands V. */
static bool add_by_format(struct talk *t, struct json v, const char *except)
{
    struct reader_sink sink = {t, take_conversation, pass_over};
    struct err e;
    for (const struct format *f = formats; f->name != NULL; f++) {
        if (f->fits == NULL || f->parse == NULL || strcmp(f->name, except) == 0 || strcmp(f->name, "vcon") == 0 ||
            !f->fits(v))
            continue;
        if (f->parse(v, t->at, t->o, t->a, &sink, &e) != ERR_OK)
            t->is_short_of_memory = true;
        return true;
    }
    return false;
}

void inner_json(struct talk *t, struct json v, const char *except)
{
    static const char *const texts[] = {"transcript", "text", "body"};
    struct json x;
    struct slice text;
    if (json_string(v, &text)) {
        inner_text(t, text);
        return;
    }
    uint32_t before = t->c.nturns;
    if (talk_items_have(v, "words", "word start") && talk_list(v, "words", &x))
        add_words(t, x);
    else
        (void)add_by_format(t, v, except);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && t->c.nturns == before; i++)
        if (json_get(v, texts[i], &x) && json_string(x, &text) && slice_trim(text).n != 0)
            inner_text(t, text);
}
