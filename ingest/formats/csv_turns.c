/* One row a turn (FORMATS.md, section 8); rows of one conversation may stand anywhere (grouper.h), and may be known
 * only by which row they answer (reply_threads.h). A column "id" is the conversation's where it repeats, else maybe the
 * row's. Rows without text are passed over, and those that are no messages by their kind: nothing was said in them.
 * Text may be HTML. Without a column for the speaker, rows with a conversation and a number are turns of nobody, and so
 * are rows of start, end and text (Whisper). The
 * columns are found by their names (csv_columns.h) or by the user's map, below whatever titles a report has.
 */
#include "ingest/formats/readers.h"

#include <math.h>
#include <stdlib.h>

#include "core/hash.h"
#include "core/strbuf.h"
#include "ingest/csv_rows.h"
#include "ingest/date_guess.h"
#include "ingest/grouper.h"
#include "ingest/html_text.h"
#include "ingest/reply_threads.h"
#include "ingest/roles.h"
#include "ingest/times.h"

/* What reading one file needs. */
struct turns_file {
    struct grouper *grouper;
    const char *date_format;
    bool ids_are_rows, times_are_odd, offsets_in_ms;
    struct strbuf text;  /* of a cell with HTML, or with JSON and room behind it */
    struct strbuf plain; /* of a text that was in JSON */
    struct json_parser *json;
    struct reply_threads *threads; /* where rows only say which row they answer; else NULL */
};

/* The integer X is, or MS_NONE. */
static int64_t parse_index(struct slice x)
{
    if (x.n == 0 || x.n > 15)
        return MS_NONE;
    int64_t value = 0;
    for (size_t i = 0; i < x.n; i++) {
        if (x.s[i] < '0' || x.s[i] > '9')
            return MS_NONE;
        value = value * 10 + (x.s[i] - '0');
    }
    return value;
}

/* The role that the row's columns tell, and whom the words name. */
static void read_speaker(const struct csv_columns *c, const struct csv_record *rec, struct grouper_row *row)
{
    struct turn *t = &row->turn;
    struct slice word = csv_columns_get(c, CSV_ROLE, rec);
    t->speaker_name = csv_columns_get(c, CSV_NAME, rec);
    t->speaker_id = csv_columns_get(c, CSV_SPEAKER_ID, rec);
    switch (c->role_kind) {
    case CSV_ROLE_CONSTANT:
        t->role = c->role;
        break;
    case CSV_ROLE_IS_AGENT:
        t->role = roles_of_flag(word, ROLE_AGENT, ROLE_CUSTOMER);
        break;
    case CSV_ROLE_IS_INBOUND:
        t->role = roles_of_flag(word, ROLE_CUSTOMER, ROLE_AGENT);
        break;
    default: {
        const char *colon = word.n != 0 ? memchr(word.s, ':', word.n) : NULL;
        struct slice before = {word.s, colon != NULL ? (size_t)(colon - word.s) : word.n};
        t->role = roles_of(before); /* "agent:403969141094" */
        if (t->role != ROLE_UNKNOWN && colon != NULL && t->speaker_id.n == 0)
            t->speaker_id = slice_trim((struct slice){colon + 1, word.n - before.n - 1});
        else if (t->role == ROLE_UNKNOWN && c->role_is_id && t->speaker_id.n == 0)
            t->speaker_id = word;
        else if (t->role == ROLE_UNKNOWN && !c->role_is_id && t->speaker_name.n == 0)
            t->role = roles_of_label(word, &t->speaker_name); /* "Ada Lee (Agent)" */
    }
    }
}

/* A name that is the conversation's agent or customer tells the role; an agent's turn without an id is that agent's. */
static void match_people(const struct csv_columns *c, struct grouper_row *row)
{
    const struct conversation *about = &row->about;
    struct turn *t = &row->turn;
    if (t->role == ROLE_UNKNOWN && c->agent_writes) {
        t->role = about->agent_name.n != 0 ? ROLE_AGENT : ROLE_CUSTOMER;
        t->speaker_name = about->agent_name.n != 0 ? about->agent_name : t->speaker_name;
    }
    if (t->role == ROLE_UNKNOWN && t->speaker_name.n != 0) {
        if (slice_eq(t->speaker_name, about->agent_id) || slice_eq(t->speaker_name, about->agent_name))
            t->role = ROLE_AGENT;
        else if (slice_eq(t->speaker_name, about->customer_id))
            t->role = ROLE_CUSTOMER;
    }
    if (t->role == ROLE_AGENT && t->speaker_id.n == 0)
        t->speaker_id = about->agent_id;
    if (t->role == ROLE_AGENT && t->speaker_name.n == 0)
        t->speaker_name = about->agent_name;
}

static enum err_code read_times(const struct turns_file *f, const struct csv_columns *c, const struct csv_record *rec,
                                struct grouper_row *row, struct err *e)
{
    const char *date_format = f->date_format;
    struct slice time = csv_columns_get(c, CSV_TIME, rec), started = csv_columns_get(c, CSV_STARTED, rec);
    bool has_zone = false;
    if (time.n != 0 && !csv_columns_time(c, CSV_TIME, rec, date_format, &row->at_ms, &row->at_has_zone) &&
        !times_parse_offset(time, f->offsets_in_ms, &row->turn.start_ms) && !f->times_are_odd) {
        (void)err_set(e, ERR_INPUT, "column %d: a time that cannot be read (see --date-format)", c->at[CSV_TIME] + 1);
        return err_hint(e, "tell how times are written with --date-format, for example \"%%d.%%m.%%Y %%H:%%M\"");
    }
    if (started.n != 0 && times_parse(started, date_format, &row->about.started_at_ms, &has_zone))
        row->about.time_origin = has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
    (void)times_parse_offset(csv_columns_get(c, CSV_START, rec), c->start_in_ms || f->offsets_in_ms,
                             &row->turn.start_ms);
    (void)times_parse_offset(csv_columns_get(c, CSV_END, rec), c->end_in_ms || f->offsets_in_ms, &row->turn.end_ms);
    if (c->end_is_duration && row->turn.end_ms != MS_NONE)
        row->turn.end_ms = row->turn.start_ms != MS_NONE ? row->turn.start_ms + row->turn.end_ms : MS_NONE;
    return ERR_OK;
}

/* What kind of row it is, where a column says so. False if nothing is said in it. */
static bool read_kind(const struct csv_columns *c, const struct csv_record *rec, struct turn *t)
{
    struct slice kind = csv_columns_get(c, CSV_KIND, rec);
    bool is_hidden = roles_of_flag(csv_columns_get(c, CSV_PUBLIC, rec), ROLE_AGENT, ROLE_NOTE) == ROLE_NOTE ||
                     roles_of_flag(csv_columns_get(c, CSV_PRIVATE, rec), ROLE_NOTE, ROLE_AGENT) == ROLE_NOTE;
    if (roles_of_flag(csv_columns_get(c, CSV_ACTIVE, rec), ROLE_AGENT, ROLE_NOTE) == ROLE_NOTE)
        return false;
    if (is_hidden || slice_is(kind, "note_and_reopen") || slice_is(kind, "private") || roles_of(kind) == ROLE_NOTE)
        t->role = ROLE_NOTE;
    else if (roles_of(kind) == ROLE_SYSTEM)
        t->role = ROLE_SYSTEM;
    else if (slice_is(kind, "incoming") || slice_is(kind, "Incoming"))
        t->role = ROLE_CUSTOMER;
    else if ((slice_is(kind, "outgoing") || slice_is(kind, "Outgoing")) && t->role != ROLE_BOT)
        t->role = ROLE_AGENT; /* whatever he is called: "user" may be one of the desk */
    return !slice_starts(kind, "Chat") || slice_is(kind, "ChatMessage"); /* Zendesk's ChatJoin, ChatEmailChanged, ... */
}

static void read_about(const struct csv_columns *c, const struct csv_record *rec, struct grouper_row *row)
{
    row->about.source = csv_columns_get(c, CSV_SOURCE, rec);
    row->about.channel = csv_columns_get(c, CSV_CHANNEL, rec);
    row->about.queue = csv_columns_get(c, CSV_QUEUE, rec);
    row->about.agent_id = csv_columns_get(c, CSV_AGENT_ID, rec);
    row->about.agent_name = csv_columns_get(c, CSV_AGENT_NAME, rec);
    row->about.customer_id = csv_columns_get(c, CSV_CUSTOMER, rec);
    row->index = parse_index(csv_columns_get(c, CSV_TURN, rec));
}

/* Do the rows only say which row they answer? */
static bool are_threads(const struct csv_columns *c)
{
    return !csv_columns_have(c, CSV_ID) && csv_columns_have(c, CSV_ROW_ID) && csv_columns_have(c, CSV_REPLY);
}

static enum err_code add_row(struct turns_file *f, const struct csv_columns *c, const struct csv_record *rec,
                             const struct grouper_row *row, struct err *e)
{
    if (!are_threads(c))
        return grouper_add(f->grouper, row, rec->line, e);
    struct slice own = csv_columns_get(c, CSV_ROW_ID, rec);
    if (own.n == 0)
        return err_set(e, ERR_INPUT, "column %d: no id of the row", c->at[CSV_ROW_ID] + 1);
    return reply_threads_add(f->threads, row, rec->line, own, csv_columns_get(c, CSV_REPLY, rec),
                             csv_columns_get(c, CSV_ANSWERS, rec), e);
}

/* A message as JSON, {"type": "text", "text": "Hello"}: its text; X itself if it is none. */
static enum err_code message_text(struct turns_file *f, struct slice *x, struct err *e)
{
    struct json root, text;
    if (x->n < 2 || x->s[0] != '{' || x->s[x->n - 1] != '}')
        return ERR_OK;
    strbuf_clear(&f->text);
    strbuf_add_slice(&f->text, *x);
    if (f->json == NULL)
        f->json = json_parser_new();
    if (strbuf_reserve(&f->text, JSON_PADDING) == NULL || f->json == NULL)
        return err_nomem(e);
    memset(f->text.s + f->text.n, 0, JSON_PADDING);
    enum err_code rc = json_parse(f->json, strbuf_slice(&f->text), &root, e);
    if (rc == ERR_OK && (json_get(root, "text", &text) || json_get(root, "body", &text)))
        (void)json_string(text, x);
    return rc == ERR_INPUT ? ERR_OK : rc;
}

static enum err_code take_row(void *ctx, const struct csv_columns *c, const struct csv_record *rec, struct err *e)
{
    struct turns_file *f = ctx;
    struct grouper_row row = grouper_row_none();
    row.turn.text = csv_columns_get(c, CSV_TEXT, rec);
    if (csv_columns_have(c, CSV_ID) && !f->ids_are_rows) {
        row.about.external_id = csv_columns_get(c, CSV_ID, rec);
        if (row.about.external_id.n == 0)
            return err_set(e, ERR_INPUT, "column %d: no id of the conversation", c->at[CSV_ID] + 1);
    }
    if (row.turn.text.n == 0) /* a file sent, somebody joined, ...: nothing was said */
        return ERR_OK;
    read_about(c, rec, &row);
    read_speaker(c, rec, &row);
    match_people(c, &row);
    if (!read_kind(c, rec, &row.turn))
        return ERR_OK;
    struct strbuf *room = row.turn.text.s[0] == '{' ? &f->plain : &f->text;
    if (message_text(f, &row.turn.text, e) != ERR_OK)
        return e->code;
    row.turn.text = html_plain(row.turn.text, room);
    if (strbuf_failed(room))
        return err_nomem(e);
    enum err_code rc = read_times(f, c, rec, &row, e);
    return rc == ERR_OK ? add_row(f, c, rec, &row, e) : rc;
}

enum err_code csv_turns_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                             const struct reader_sink *sink, struct err *e)
{
    struct turns_file f = {.grouper = grouper_new(path, 0, sink),
                           .date_format = o->date_format,
                           .ids_are_rows = o->ids_are_rows,
                           .times_are_odd = o->times_are_odd,
                           .offsets_in_ms = o->offsets_in_ms};
    f.threads = f.grouper != NULL ? reply_threads_new(f.grouper, 0) : NULL;
    enum err_code rc = f.threads == NULL ? err_nomem(e) : csv_rows_read(in, path, o, sink, false, &f, take_row, e);
    if (rc == ERR_OK || rc == ERR_INPUT) { /* a file that is cut off: what came before is good */
        struct err later = {.code = ERR_OK};
        struct err *why = rc == ERR_OK ? e : &later;
        enum err_code finished = reply_threads_flush(f.threads, why);
        if (finished == ERR_OK)
            finished = grouper_finish(f.grouper, why);
        if (finished != ERR_OK && rc != ERR_OK)
            *e = later;
        rc = finished != ERR_OK ? finished : rc;
    }
    reply_threads_free(f.threads);
    strbuf_free(&f.text);
    strbuf_free(&f.plain);
    json_parser_free(f.json);
    grouper_free(f.grouper);
    return rc;
}

/* ---- probe ---------------------------------------------------------------------------------------------------------
 */

#define PROBE_IDS 100

/* What the first rows look like. */
struct turns_probe {
    uint64_t ids[PROBE_IDS]; /* hashes */
    size_t nids;
    bool ids_repeat, has_agent, has_customer;
    const char *date_format; /* the user's */
    struct date_guess dates; /* of the times that cannot be read */
    size_t ntimes;
    double last_offset, steps; /* whole numbers for times: the last, and the sum of the steps between them */
    size_t noffsets;
    bool has_fractions;
    uint64_t first_side; /* of a channel that may be one of the audio's, as a hash */
    bool has_sides, has_other_channels;
};

/* Learn from a time how times are written. */
static void probe_time(struct turns_probe *p, const struct csv_columns *c, const struct csv_record *rec)
{
    char room[CSV_TIME_BYTES];
    struct slice time = csv_columns_get(c, CSV_TIME, rec);
    int64_t ms;
    bool has_zone;
    p->ntimes += time.n != 0;
    if (time.n != 0 && !csv_columns_time(c, CSV_TIME, rec, p->date_format, &ms, &has_zone) &&
        (csv_columns_have(c, CSV_DAY) || !times_parse_offset(time, false, &ms)))
        date_guess_learn(&p->dates, csv_columns_time_text(c, CSV_TIME, rec, room));
}

/* Learn from a number for a time whether it is ms. */
static void probe_offset(struct turns_probe *p, struct slice x)
{
    int64_t ms = 0;
    for (size_t i = 0; i < x.n; i++)
        if (x.s[i] < '0' || x.s[i] > '9') {
            p->has_fractions = true;
            return;
        }
    if (x.n == 0 || x.n > 9 || !times_parse_offset(x, true, &ms))
        return;
    if (p->noffsets++ != 0)
        p->steps += fabs((double)ms - p->last_offset);
    p->last_offset = (double)ms;
}

/* Is X a channel of the audio, "0", "left", "agent", and not of the exchange, "chat"? */
static bool is_side(struct slice x)
{
    static const char *const sides[] = {"left", "right", "l", "r", "Left", "Right", "L", "R"};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        if (slice_is(x, sides[i]))
            return true;
    bool is_number = (x.n == 1 && x.s[0] >= '0' && x.s[0] <= '9') || slice_starts(x, "ch_");
    enum role role = roles_of(x);
    return is_number || role == ROLE_AGENT || role == ROLE_CUSTOMER;
}

/* Learn from the channel whether it tells who speaks: there are several, and nothing else is there. */
static void probe_channel(struct turns_probe *p, struct slice channel)
{
    if (channel.n == 0)
        return;
    uint64_t hash = hash64(channel);
    p->has_sides = p->has_sides || (p->first_side != 0 && p->first_side != hash);
    p->first_side = p->first_side != 0 ? p->first_side : hash;
    p->has_other_channels = p->has_other_channels || !is_side(channel);
}

static enum err_code probe_row(void *ctx, const struct csv_columns *c, const struct csv_record *rec, struct err *e)
{
    struct turns_probe *p = ctx;
    struct grouper_row row = grouper_row_none();
    struct slice id = csv_columns_get(c, CSV_ID, rec);
    (void)e;
    probe_time(p, c, rec);
    probe_channel(p, csv_columns_get(c, CSV_CHANNEL, rec));
    probe_offset(p, csv_columns_get(c, csv_columns_have(c, CSV_START) ? CSV_START : CSV_TIME, rec));
    read_speaker(c, rec, &row);
    p->has_agent = p->has_agent || row.turn.role == ROLE_AGENT;
    p->has_customer = p->has_customer || row.turn.role == ROLE_CUSTOMER;
    if (id.n == 0 || p->nids == PROBE_IDS)
        return ERR_OK;
    uint64_t hash = hash64(id);
    for (size_t i = 0; i < p->nids; i++)
        p->ids_repeat = p->ids_repeat || p->ids[i] == hash;
    p->ids[p->nids++] = hash;
    return ERR_OK;
}

int csv_turns_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct csv_sample found;
    struct turns_probe p = {.date_format = o->date_format};
    if (!csv_rows_sample(s, o, false, &p, probe_row, &found, e))
        return 0;
    /* a column called just "id" is the row's if it never repeats though both sides speak */
    o->ids_are_rows = found.columns.id_is_plain && p.nids > 3 && !p.ids_repeat && p.has_agent && p.has_customer;
    if (o->date_format == NULL)
        o->date_format = date_guess_format(&p.dates);
    o->times_are_odd = o->date_format == NULL && p.dates.nvalues > 1 && p.dates.nvalues == p.ntimes;
    bool has_text = csv_columns_have(&found.columns, CSV_TEXT), has_role = csv_columns_have(&found.columns, CSV_ROLE);
    o->offsets_in_ms = p.noffsets > 1 && !p.has_fractions && p.steps / (double)(p.noffsets - 1) > 600;
    o->channel_is_speaker = !has_role && p.has_sides && !p.has_other_channels;
    has_role = has_role || o->channel_is_speaker;
    bool has_id = csv_columns_have(&found.columns, CSV_ID) || are_threads(&found.columns);
    /* tickets, logs, posts: they tell who wrote a row, but not what rows belong together */
    const struct csv_columns *c = &found.columns;
    bool is_ordered = csv_columns_have(c, CSV_TURN) || csv_columns_have(c, CSV_START);
    bool are_apart = has_id ? c->id_is_plain && p.nids > 1 && !p.ids_repeat : found.nrows > 0;
    bool are_single = c->role_is_weak && !c->is_mapped && !p.has_agent && !p.has_customer && !is_ordered && are_apart;
    has_role = has_role && !are_single;
    if (has_text && has_role) {
        o->delimiter = found.delimiter;
        return found.columns.is_mapped ? 95 : has_id ? 80 : 60;
    }
    bool are_of_nobody = (has_id && csv_columns_have(c, CSV_TURN)) || csv_columns_are_segments(c);
    if (has_text && are_of_nobody) {
        o->delimiter = found.delimiter;
        return 55;
    }
    if (has_text && (has_id || found.columns.is_mapped))
        csv_rows_tell_missing(s, "the speaker", "role", e);
    else if (has_role && (has_id || found.columns.is_mapped))
        csv_rows_tell_missing(s, "the text", "text", e);
    return 0;
}
