/* One row a conversation, the transcript in one cell: with labels ("Agent: ...", labels.h, label_lines.h; HTML or not),
 * JSON (or the same as Python writes it), or a body of Salesforce's (salesforce_body.h). An id that stands on several
 * rows with different transcripts is made unique with a hash of the transcript. */
#include "ingest/formats/readers.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/hash.h"
#include "core/strbuf.h"
#include "ingest/csv_rows.h"
#include "ingest/date_guess.h"
#include "ingest/html_text.h"
#include "ingest/label_lines.h"
#include "ingest/python_text.h"
#include "ingest/roles.h"
#include "ingest/salesforce_body.h"
#include "ingest/times.h"

/* An id and the transcript that stood beside it, as hashes; or both in one hash, and how often they stood there. */
struct seen_id {
    uint64_t id, transcript; /* id 0: a free place */
};

/* What reading one file needs. */
struct cell_file {
    const char *path;
    const struct reader_options *o;
    const struct reader_sink *sink;
    struct arena *arena;
    struct json_parser *json;
    struct strbuf text;   /* a JSON cell with room behind it, or an HTML cell's text */
    struct strbuf lines;  /* a cell of one line, cut into lines */
    struct seen_id *seen; /* a set with open addressing */
    size_t nseen, cap_seen;
};

/* The conversation that a JSON cell becomes: its turns are joined with what the other columns say. */
struct json_cell {
    const struct cell_file *file;
    struct conversation *about;
    size_t ngiven;
};

static bool is_json(struct slice cell)
{
    return cell.n > 1 && (cell.s[0] == '[' || cell.s[0] == '{') &&
           (cell.s[cell.n - 1] == ']' || cell.s[cell.n - 1] == '}');
}

/* Does a JSON cell hold a list of objects or lists? A message alone, {"type": "text", "text": ...}, does not. */
static bool has_json_list(struct slice cell)
{
    for (size_t i = 0; is_json(cell) && i + 1 < cell.n; i++) {
        if (cell.s[i] != '[')
            continue;
        while (i + 1 < cell.n && strchr(" \t\r\n", cell.s[i + 1]) != NULL)
            i++;
        if (i + 1 < cell.n && (cell.s[i + 1] == '{' || cell.s[i + 1] == '['))
            return true;
    }
    return false;
}

/* ---- ids ------------------------------------------------------------------------------------------------------------
 */

static size_t slot_of(const struct seen_id *set, size_t cap, uint64_t id)
{
    size_t i = (size_t)id & (cap - 1);
    while (set[i].id != 0 && set[i].id != id)
        i = (i + 1) & (cap - 1);
    return i;
}

static bool widen(struct cell_file *f)
{
    size_t cap = f->cap_seen != 0 ? 2 * f->cap_seen : 1024;
    struct seen_id *set = calloc(cap, sizeof *set);
    if (set == NULL)
        return false;
    for (size_t i = 0; i < f->cap_seen; i++)
        if (f->seen[i].id != 0)
            set[slot_of(set, cap, f->seen[i].id)] = f->seen[i];
    free(f->seen);
    f->seen = set;
    f->cap_seen = cap;
    return true;
}

/* The place of ID in the set, which is made if it is new. NULL when out of memory. */
static struct seen_id *find_seen(struct cell_file *f, uint64_t id, bool *is_new)
{
    if (f->nseen + f->nseen / 4 >= f->cap_seen && !widen(f))
        return NULL;
    struct seen_id *seen = &f->seen[slot_of(f->seen, f->cap_seen, id)];
    *is_new = seen->id == 0;
    f->nseen += *is_new;
    seen->id = id;
    return seen;
}

/* Make ID unique within the file: two rows are two conversations, unless they are the same altogether. Where ids tell
 * nothing (one id on many rows), rows that are the same are several conversations, too: they are numbered. */
static enum err_code unique_id(struct cell_file *f, struct slice id, struct slice cell, struct slice *out,
                               struct err *e)
{
    char suffix[48] = "";
    uint64_t id_hash = hash64(id), cell_hash = hash64(cell);
    bool repeats = f->o->ids_repeat, is_new;
    *out = id;
    if (id.n == 0)
        return ERR_OK;
    struct seen_id *seen = find_seen(f, (repeats ? id_hash ^ (cell_hash * 31) : id_hash) | 1, &is_new);
    if (seen == NULL)
        return err_nomem(e);
    if (repeats) {
        seen->transcript = is_new ? 1 : seen->transcript + 1;
    } else {
        repeats = !is_new && seen->transcript != cell_hash;
        seen->transcript = is_new ? cell_hash : seen->transcript;
    }
    if (!repeats)
        return ERR_OK;
    (void)snprintf(suffix, sizeof suffix, "#%016llx", (unsigned long long)cell_hash);
    if (f->o->ids_repeat && seen->transcript > 1)
        (void)snprintf(suffix + 17, sizeof suffix - 17, "#%llu", (unsigned long long)seen->transcript);
    char *s = arena_alloc(f->arena, id.n + sizeof suffix);
    if (s == NULL)
        return err_nomem(e);
    memcpy(s, id.s, id.n);
    memcpy(s + id.n, suffix, sizeof suffix);
    *out = (struct slice){s, id.n + strlen(suffix)};
    return ERR_OK;
}

/* ---- rows -----------------------------------------------------------------------------------------------------------
 */

/* What the other columns say. */
static void read_about(const struct cell_file *f, const struct csv_columns *c, const struct csv_record *rec,
                       struct conversation *out)
{
    bool has_zone = false;
    *out = (struct conversation){
        .source = csv_columns_get(c, CSV_SOURCE, rec),
        .channel = csv_columns_get(c, CSV_CHANNEL, rec),
        .queue = csv_columns_get(c, CSV_QUEUE, rec),
        .agent_id = csv_columns_get(c, CSV_AGENT_ID, rec),
        .agent_name = csv_columns_get(c, CSV_AGENT_NAME, rec),
        .customer_id = csv_columns_get(c, CSV_CUSTOMER, rec),
        .started_at_ms = MS_NONE,
    };
    int64_t at;
    if (csv_columns_time(c, CSV_STARTED, rec, f->o->date_format, &at, &has_zone)) {
        out->started_at_ms = at;
        out->time_origin = has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
    }
}

static void prefer(struct slice *said, struct slice other)
{
    if (said->n == 0)
        *said = other;
}

/* From the JSON reader: one conversation of the cell. */
static enum err_code take_json(void *ctx, const struct conversation *c, const struct place *at, struct err *e)
{
    struct json_cell *cell = ctx;
    struct conversation out = *cell->about;
    if (++cell->ngiven > 1) /* one row is one conversation */
        return ERR_OK;
    prefer(&out.source, c->source);
    prefer(&out.external_id, c->external_id);
    prefer(&out.channel, c->channel);
    prefer(&out.queue, c->queue);
    prefer(&out.agent_id, c->agent_id);
    prefer(&out.agent_name, c->agent_name);
    prefer(&out.customer_id, c->customer_id);
    if (out.started_at_ms == MS_NONE) {
        out.started_at_ms = c->started_at_ms;
        out.time_origin = c->time_origin;
    }
    out.turns = c->turns;
    out.nturns = c->nturns;
    return cell->file->sink->conversation(cell->file->sink->ctx, &out, at, e);
}

static enum err_code ignore_reject(void *ctx, const struct place *at, const char *reason, struct err *e)
{
    (void)ctx, (void)at, (void)reason, (void)e; /* the row is refused when it gives no conversation at all */
    return ERR_OK;
}

/* What is in f->text, with room behind it. */
static enum err_code parse_text(struct cell_file *f, struct json *root, struct err *e)
{
    if (f->json == NULL)
        f->json = json_parser_new();
    if (strbuf_reserve(&f->text, JSON_PADDING) == NULL || f->json == NULL)
        return err_nomem(e);
    memset(f->text.s + f->text.n, 0, JSON_PADDING);
    return json_parse(f->json, strbuf_slice(&f->text), root, e);
}

/* A cell as JSON, or as what Python makes of a list. */
static enum err_code parse_cell(struct cell_file *f, struct slice cell, struct json *root, struct err *e)
{
    strbuf_clear(&f->text);
    strbuf_add_slice(&f->text, cell);
    enum err_code rc = parse_text(f, root, e);
    if (rc != ERR_INPUT)
        return rc;
    struct err why = *e;
    strbuf_clear(&f->text);
    python_text_to_json(cell, &f->text);
    rc = parse_text(f, root, e);
    if (rc == ERR_INPUT)
        *e = why;
    return rc;
}

static enum err_code read_json_cell(struct cell_file *f, struct slice cell, struct conversation *about, long line,
                                    struct err *e)
{
    struct json_cell joined = {f, about, 0};
    struct reader_sink sink = {&joined, take_json, ignore_reject};
    struct place at = {f->path, line, -1};
    struct json root = {0};
    enum err_code rc = parse_cell(f, cell, &root, e);
    if (rc == ERR_OK)
        rc = json_generic_parse(root, &at, f->o, f->arena, &sink, e);
    if (rc == ERR_OK && joined.ngiven == 0)
        rc = err_set(e, ERR_INPUT, "JSON in the cell, but no list of turns in it");
    return rc;
}

/* The role of somebody who is called NAME, or "User 4711" where 4711 is whose id the other columns have. */
static enum role role_by_name(struct slice name, const struct conversation *about)
{
    size_t at = name.n;
    while (roles_is_numbered(name) && at > 0 && name.s[at - 1] >= '0' && name.s[at - 1] <= '9')
        at--;
    struct slice id = at < name.n ? (struct slice){name.s + at, name.n - at} : name;
    if (slice_eq(name, about->agent_name) || slice_eq(id, about->agent_id))
        return ROLE_AGENT;
    return slice_eq(id, about->customer_id) ? ROLE_CUSTOMER : ROLE_UNKNOWN;
}

/* Is a line end written as "\n" at S[0], two characters? */
static bool is_escape(const char *s, size_t n)
{
    return n > 1 && s[0] == '\\' && (s[1] == 'n' || s[1] == 'r');
}

/* CELL, or, if that finds as many turns or more, the same with line ends where a cell of one line has a sign for them:
 * "\n" as two characters, else "|". It then stands in OUT. */
static struct slice cut_lines(struct slice cell, struct strbuf *out)
{
    size_t ncuts = 0;
    bool has_escapes = false;
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.s[i] == '\n' || cell.s[i] == '\r')
            return cell;
        has_escapes = has_escapes || is_escape(cell.s + i, cell.n - i);
    }
    strbuf_clear(out);
    for (size_t i = 0; i < cell.n; i++) {
        bool is_cut = has_escapes ? is_escape(cell.s + i, cell.n - i) : cell.s[i] == '|';
        strbuf_putc(out, (char)(is_cut ? '\n' : cell.s[i]));
        ncuts += is_cut && (out->n < 2 || out->s[out->n - 2] != '\n');
        i += is_cut && has_escapes;
    }
    if (ncuts == 0 || strbuf_failed(out))
        return cell;
    size_t before = label_lines_count(cell), now = label_lines_count(strbuf_slice(out));
    return now >= before && now >= 2 && 2 * now > ncuts ? strbuf_slice(out) : cell;
}

/* Who the turns of ABOUT are by, where the other columns tell it. */
static void name_speakers(struct conversation *about)
{
    for (uint32_t i = 0; i < about->nturns; i++) {
        struct turn *t = &about->turns[i];
        if (t->role == ROLE_UNKNOWN && t->speaker_name.n != 0)
            t->role = role_by_name(t->speaker_name, about);
        bool is_theirs = t->speaker_name.n == 0 || role_by_name(t->speaker_name, about) == ROLE_AGENT;
        if (t->role == ROLE_AGENT && is_theirs) {
            t->speaker_id = about->agent_id;
            t->speaker_name = about->agent_name;
        }
    }
}

static enum err_code read_label_cell(struct cell_file *f, struct slice cell, struct conversation *about, long line,
                                     struct err *e)
{
    enum err_code rc = label_lines_cut(cell, f->o, f->arena, about, e);
    if (rc != ERR_OK)
        return rc;
    if (about->nturns == 0)
        return err_set(e, ERR_INPUT, "labels without words");
    name_speakers(about);
    return f->sink->conversation(f->sink->ctx, about, &(struct place){f->path, line, -1}, e);
}

/* A body of Salesforce's. */
static enum err_code read_salesforce_cell(struct cell_file *f, struct slice cell, struct conversation *about, long line,
                                          struct err *e)
{
    struct transcript t = {.arena = f->arena, .text = STRBUF_INIT};
    enum err_code rc = salesforce_body_convert(cell, &t, about, e);
    about->turns = t.turns;
    about->nturns = (uint32_t)t.n;
    if (rc == ERR_OK && t.n == 0)
        rc = err_set(e, ERR_INPUT, "a chat in which nobody says anything");
    if (rc == ERR_OK)
        rc = f->sink->conversation(f->sink->ctx, about, &(struct place){f->path, line, -1}, e);
    transcript_free(&t);
    return rc;
}

static enum err_code take_row(void *ctx, const struct csv_columns *c, const struct csv_record *rec, struct err *e)
{
    struct cell_file *f = ctx;
    struct slice cell = csv_columns_get(c, CSV_TRANSCRIPT, rec);
    struct conversation about;
    if (cell.n == 0)
        return err_set(e, ERR_INPUT, "column %d: no transcript", c->at[CSV_TRANSCRIPT] + 1);
    arena_reset(f->arena);
    read_about(f, c, rec, &about);
    enum err_code rc = unique_id(f, csv_columns_get(c, CSV_ID, rec), cell, &about.external_id, e);
    if (rc != ERR_OK)
        return rc;
    if (is_json(cell))
        return read_json_cell(f, cell, &about, rec->line, e);
    if (salesforce_body_is(cell))
        return read_salesforce_cell(f, cell, &about, rec->line, e);
    cell = cut_lines(html_plain(cell, &f->text), &f->lines);
    bool is_lost = strbuf_failed(&f->text) || strbuf_failed(&f->lines);
    return is_lost ? err_nomem(e) : read_label_cell(f, cell, &about, rec->line, e);
}

enum err_code csv_cell_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                            const struct reader_sink *sink, struct err *e)
{
    struct cell_file f = {.path = path, .o = o, .sink = sink, .arena = arena_new(0)};
    enum err_code rc = f.arena == NULL ? err_nomem(e) : csv_rows_read(in, path, o, sink, true, &f, take_row, e);
    arena_free(f.arena);
    json_parser_free(f.json);
    strbuf_free(&f.text);
    strbuf_free(&f.lines);
    free(f.seen);
    return rc;
}

/* ---- probe ----------------------------------------------------------------------------------------------------------
 */

#define PROBE_IDS 100

/* What the first rows look like. */
struct cell_probe {
    size_t ncells, ntranscripts;
    struct seen_id ids[PROBE_IDS];
    size_t nids, nsame; /* nsame: of an id that stood there before */
    bool ids_repeat;
    const char *date_format; /* the user's */
    struct date_guess dates; /* of the times that cannot be read */
    struct strbuf text, lines;
};

static enum err_code probe_row(void *ctx, const struct csv_columns *c, const struct csv_record *rec, struct err *e)
{
    struct cell_probe *p = ctx;
    struct slice cell = csv_columns_get(c, CSV_TRANSCRIPT, rec), id = csv_columns_get(c, CSV_ID, rec);
    (void)e;
    if (cell.n == 0)
        return ERR_OK;
    p->ncells++;
    char room[CSV_TIME_BYTES];
    int64_t at;
    bool has_zone;
    struct slice started = csv_columns_time_text(c, CSV_STARTED, rec, room);
    if (started.n != 0 && !csv_columns_time(c, CSV_STARTED, rec, p->date_format, &at, &has_zone))
        date_guess_learn(&p->dates, started);
    p->ntranscripts += has_json_list(cell) || salesforce_body_is(cell) ||
                       label_lines_count(cut_lines(html_plain(cell, &p->text), &p->lines)) >= 2;
    if (id.n == 0 || p->nids == PROBE_IDS)
        return ERR_OK;
    struct seen_id now = {hash64(id), hash64(cell)};
    bool is_same = false;
    for (size_t i = 0; i < p->nids; i++) {
        p->ids_repeat = p->ids_repeat || (p->ids[i].id == now.id && p->ids[i].transcript != now.transcript);
        is_same = is_same || p->ids[i].id == now.id;
    }
    p->nsame += is_same;
    p->ids[p->nids++] = now;
    return ERR_OK;
}

int csv_cell_probe(const struct sample *s, struct reader_options *o, struct err *e)
{
    struct csv_sample found;
    struct cell_probe p = {.date_format = o->date_format};
    struct err unused = {0}; /* what is wrong with the user's map is told by csv-turns */
    (void)e;
    bool is_table = csv_rows_sample(s, o, true, &p, probe_row, &found, &unused);
    strbuf_free(&p.text);
    strbuf_free(&p.lines);
    if (!is_table || !csv_columns_have(&found.columns, CSV_TRANSCRIPT))
        return 0;
    bool fits = p.ncells > 0 && 2 * p.ntranscripts >= p.ncells;
    if (!fits)
        return 0;
    if (o->date_format == NULL)
        o->date_format = date_guess_format(&p.dates);
    o->delimiter = found.delimiter;
    o->ids_repeat = p.ids_repeat || 2 * p.nsame > p.nids; /* no export has most of its conversations twice */
    return 85;
}
