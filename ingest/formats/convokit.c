/* ConvoKit: one utterance an object, {"id", "speaker", "conversation_id", "reply_to", "timestamp", "text"}; older files
 * say "user" and "root", others "reply-to". */
#include "ingest/formats/readers.h"

#include <math.h>

#include "ingest/json_rows.h"
#include "ingest/roles.h"
#include "ingest/times.h"

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

static enum err_code add_utterance(const struct json_rows *r, struct json v, const struct place *at, struct err *e)
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

enum err_code convokit_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                            const struct reader_sink *sink, struct err *e)
{
    static const struct json_rows_kind kind = {is_utterance, add_utterance};
    return json_rows_read(in, path, o, sink, &kind, e);
}
