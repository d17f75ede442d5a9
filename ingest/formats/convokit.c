/* ConvoKit: one utterance an object, {"id", "speaker", "conversation_id", "reply_to", "timestamp", "text"}; older files
 * say "user" and "root", others "reply-to". */
#include "ingest/formats/readers.h"

#include <math.h>

#include "ingest/grouper.h"
#include "ingest/roles.h"
#include "ingest/split.h"
#include "ingest/times.h"

#define BATCH_BYTES ((size_t)256 << 10)

struct reading {
    const struct reader_options *o;
    const struct reader_sink *sink;
    struct grouper *grouper;
    struct json_parser *parser;
    const char *path;
};

static bool get_either(struct json v, const char *a, const char *b, struct json *out)
{
    return (json_get(v, a, out) && json_type_of(*out) != JSON_NULL) || json_get(v, b, out);
}

static bool is_utterance(struct json v)
{
    struct json conversation, speaker, text, x;
    return json_type_of(v) == JSON_OBJECT && get_either(v, "conversation_id", "root", &conversation) &&
           get_either(v, "speaker", "user", &speaker) && json_get(v, "text", &text) &&
           json_type_of(text) == JSON_STRING &&
           (json_get(v, "id", &x) || json_get(v, "reply_to", &x) || json_get(v, "reply-to", &x));
}

bool convokit_fits(struct json doc)
{
    return is_utterance(doc);
}

/* Who speaks: a name or id, or an object with an id. The role may stand in meta. */
static void read_speaker(struct json v, char room[JSON_TEXT_BYTES], struct turn *t)
{
    struct json x, id, meta;
    if (get_either(v, "speaker", "user", &x)) {
        if (json_type_of(x) == JSON_OBJECT && get_either(x, "id", "name", &id))
            x = id;
        (void)json_text(x, room, &t->speaker_id);
    }
    struct slice word = t->speaker_id;
    if (json_get(v, "meta", &meta) && (get_either(meta, "role", "speaker_role", &x)))
        (void)json_string(x, &word);
    t->role = roles_of(word);
    if (t->role == ROLE_UNKNOWN)
        t->role = roles_of(t->speaker_id);
}

static void read_time(struct json v, const struct reader_options *o, struct grouper_row *row)
{
    struct json x;
    struct slice text;
    double number;
    if (!json_get(v, "timestamp", &x))
        return;
    row->at_has_zone = true;
    if (json_string(x, &text)) {
        if (!times_parse(text, o->date_format, &row->at_ms, &row->at_has_zone))
            row->at_ms = MS_NONE;
    } else if (json_real(x, &number) && !times_from_epoch(number, &row->at_ms)) {
        row->at_ms = MS_NONE;
        if (isfinite(number) && fabs(number) < 1e9) /* seconds from the start of the conversation */
            row->turn.start_ms = (int64_t)llround(number * 1000);
    }
}

static enum err_code add_utterance(struct reading *r, struct json v, const struct place *at, struct err *e)
{
    char speaker_room[JSON_TEXT_BYTES], id_room[JSON_TEXT_BYTES];
    struct grouper_row row = grouper_row_none();
    struct json x;
    if (!is_utterance(v))
        return r->sink->reject(r->sink->ctx, at, "no utterance: one has an id, a speaker, a conversation_id and a text",
                               e);
    if (!get_either(v, "conversation_id", "root", &x) || !json_text(x, id_room, &row.about.external_id) ||
        row.about.external_id.n == 0)
        return r->sink->reject(r->sink->ctx, at, "an utterance without a conversation_id", e);
    read_speaker(v, speaker_room, &row.turn);
    read_time(v, r->o, &row);
    if (json_get(v, "text", &x))
        (void)json_string(x, &row.turn.text);
    if (slice_trim(row.turn.text).n == 0)
        return ERR_OK; /* nothing was said */
    return grouper_add(r->grouper, &row, at->line, e);
}

static enum err_code add_document(struct reading *r, struct slice text, const struct place *at, struct err *e)
{
    struct json doc, item;
    enum err_code rc = json_parse(r->parser, text, &doc, e);
    if (rc == ERR_INPUT)
        return r->sink->reject(r->sink->ctx, at, e->msg, e);
    if (rc != ERR_OK || json_type_of(doc) != JSON_ARRAY)
        return rc != ERR_OK ? rc : add_utterance(r, doc, at, e);
    for (struct json_iter it = json_iterate(doc); json_next(&it, NULL, &item);)
        if (add_utterance(r, item, at, e) != ERR_OK)
            return e->code;
    return ERR_OK;
}

static enum err_code add_batch(struct reading *r, const struct split_batch *b, struct err *e)
{
    for (size_t i = 0; i < b->ndocs; i++) {
        const struct split_doc *d = &b->docs[i];
        struct place at = {r->path, d->line, d->offset};
        enum err_code rc = d->reason != NULL ? r->sink->reject(r->sink->ctx, &at, d->reason, e)
                                             : add_document(r, (struct slice){b->text + d->from, d->n}, &at, e);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

enum err_code convokit_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                            const struct reader_sink *sink, struct err *e)
{
    const struct layout layout = {.kind = LAYOUT_STREAM};
    struct reading r = {o, sink, grouper_new(path, 0, sink), json_parser_new(), path};
    struct splitter *s = splitter_new(in, &layout, o->max_record_bytes);
    struct split_batch b = SPLIT_BATCH_INIT;
    struct err trouble = {.code = ERR_OK};
    enum err_code rc = r.grouper != NULL && r.parser != NULL && s != NULL ? ERR_OK : err_nomem(e);
    for (bool has = true; rc == ERR_OK && has;) {
        rc = splitter_next(s, &b, BATCH_BYTES, &has, e);
        if (rc == ERR_INPUT || rc == ERR_IO) { /* cut off: what came before is kept */
            trouble = *e;
            rc = ERR_OK;
            has = false;
        }
        if (rc == ERR_OK)
            rc = add_batch(&r, &b, e);
    }
    if (rc == ERR_OK)
        rc = grouper_finish(r.grouper, e);
    if (rc == ERR_OK && trouble.code != ERR_OK) {
        *e = trouble;
        rc = e->code;
    }
    splitter_free(s);
    split_batch_free(&b);
    json_parser_free(r.parser);
    grouper_free(r.grouper);
    return rc;
}
