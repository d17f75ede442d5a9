#include "ingest/finish.h"

#include <stdio.h>

#include "core/hash.h"
#include "core/when.h"
#include "core/zone.h"
#include "ingest/companion.h"
#include "ingest/mask.h"
#include "ingest/settings.h"
#include "ingest/side.h"

bool finish_customer_key(struct slice id, unsigned kinds, struct strbuf *scratch, char room[CUSTOMER_KEY_BYTES],
                         struct slice *out)
{
    *out = id;
    strbuf_clear(scratch);
    if (mask_text(id, kinds, scratch) != 0) {
        (void)snprintf(room, CUSTOMER_KEY_BYTES, "h:%016llx", (unsigned long long)hash64(id));
        *out = slice_of(room);
    }
    return !strbuf_failed(scratch);
}

static bool read_digits(const char *s, size_t n, int *out)
{
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        v = v * 10 + (s[i] - '0');
    }
    *out = v;
    return true;
}

int64_t finish_time_of_path(const char *path)
{
    int64_t found = MS_NONE;
    size_t n = strlen(path);
    for (size_t i = 0; i + 8 <= n; i++) {
        struct civil c;
        if ((i > 0 && path[i - 1] >= '0' && path[i - 1] <= '9') || !read_digits(path + i, 4, &c.year))
            continue;
        size_t sep = path[i + 4] == '-' || path[i + 4] == '/' || path[i + 4] == '_';
        if (i + 8 + 2 * sep > n || (sep != 0 && path[i + 7] != path[i + 4]) ||
            !read_digits(path + i + 4 + sep, 2, &c.month) || !read_digits(path + i + 6 + 2 * sep, 2, &c.day))
            continue;
        char after = path[i + 8 + 2 * sep];
        if (c.year >= 1990 && c.year < 2100 && when_civil_is_valid(c) && !(after >= '0' && after <= '9'))
            found = when_day(c) * MS_PER_DAY;
    }
    return found;
}

bool finish_path_is_redacted(const char *path)
{
    const char *base = strrchr(path, '/');
    return strstr(path, "/Redacted/") != NULL || strncmp(path, "Redacted/", 9) == 0 ||
           strstr(base != NULL ? base : path, "_redacted") != NULL;
}

/* ---- one conversation ---------------------------------------------------------------------------------------------
 */

/* X trimmed, masked by KINDS (what was masked is counted) and copied; IS_IN_PLACE: only if it changes, or ends
 * otherwise.
 */
static enum err_code copy_text(struct slice x, unsigned kinds, bool is_in_place, struct arena *a,
                               struct strbuf *scratch, struct slice *out, uint32_t *nmasked, struct err *e)
{
    const char *end = x.n != 0 ? x.s + x.n : x.s;
    x = slice_trim(x);
    strbuf_clear(scratch);
    size_t n = mask_text(x, kinds, scratch);
    if (strbuf_failed(scratch))
        return err_nomem(e);
    if (n != 0)
        x = strbuf_slice(scratch);
    *nmasked += (uint32_t)n;
    if (x.n == 0) {
        *out = (struct slice){"", 0};
        return ERR_OK;
    }
    if (is_in_place && n == 0 && x.s + x.n == end && memchr(x.s, '\0', x.n) == NULL) {
        *out = x;
        return ERR_OK;
    }
    char *s = arena_alloc(a, x.n + 1);
    if (s == NULL)
        return err_nomem(e);
    memcpy(s, x.s, x.n);
    s[x.n] = '\0';
    for (char *nul = s; (nul = memchr(nul, '\0', (size_t)(s + x.n - nul))) != NULL;)
        *nul = ' ';
    *out = (struct slice){s, x.n};
    return ERR_OK;
}

static enum err_code copy_turns(const struct finish *f, const struct conversation *in, struct arena *a,
                                struct strbuf *scratch, struct conversation *out, struct err *e)
{
    const bool is_here = f->is_in_place;
    out->turns = is_here ? in->turns : arena_zalloc(a, in->nturns, sizeof *out->turns);
    out->nturns = 0;
    if (out->turns == NULL)
        return err_nomem(e);
    for (uint32_t i = 0; i < in->nturns; i++) {
        const struct turn from = in->turns[i];
        struct turn *t = &out->turns[out->nturns];
        *t = from;
        /* who works here is known by name and id, whatever they look like; the others' are personal data */
        unsigned kinds = t->role == ROLE_AGENT ? 0 : f->mask;
        if (copy_text(from.text, f->mask, is_here, a, scratch, &t->text, &out->nmasked, e) != ERR_OK ||
            copy_text(from.speaker_id, kinds, is_here, a, scratch, &t->speaker_id, &out->nmasked, e) != ERR_OK ||
            copy_text(from.speaker_name, kinds, is_here, a, scratch, &t->speaker_name, &out->nmasked, e) != ERR_OK)
            return e->code;
        out->nturns += t->text.n != 0;
    }
    return out->nturns != 0 ? ERR_OK : err_set(e, ERR_INPUT, "a conversation without turns: no turn has any text");
}

static enum err_code copy_fields(const struct conversation *in, unsigned kinds, struct arena *a, struct strbuf *scratch,
                                 struct conversation *out, struct err *e)
{
    char room[CUSTOMER_KEY_BYTES], id_room[CUSTOMER_KEY_BYTES];
    struct slice key, id;
    uint32_t none = 0;
    if (!finish_customer_key(slice_trim(in->customer_id), kinds, scratch, room, &key) ||
        !finish_customer_key(slice_trim(in->external_id), kinds & MASK_EMAIL, scratch, id_room, &id))
        return err_nomem(e);
    if (!slice_eq(key, slice_trim(in->customer_id)))
        out->nmasked++;
    if (copy_text(in->source, 0, false, a, scratch, &out->source, &none, e) != ERR_OK ||
        copy_text(id, 0, false, a, scratch, &out->external_id, &none, e) != ERR_OK ||
        copy_text(in->channel, 0, false, a, scratch, &out->channel, &none, e) != ERR_OK ||
        copy_text(in->queue, 0, false, a, scratch, &out->queue, &none, e) != ERR_OK ||
        copy_text(in->part, 0, false, a, scratch, &out->part, &none, e) != ERR_OK ||
        copy_text(in->agent_id, 0, false, a, scratch, &out->agent_id, &none, e) != ERR_OK ||
        copy_text(in->agent_name, 0, false, a, scratch, &out->agent_name, &none, e) != ERR_OK ||
        copy_text(key, 0, false, a, scratch, &out->customer_id, &none, e) != ERR_OK)
        return e->code;
    return ERR_OK;
}

/* A reader that knows only when its file was made gives that with TIME_FROM_FILE: side data and names are better. */
static bool is_start_told(const struct conversation *c)
{
    return c->started_at_ms != MS_NONE && c->time_origin != TIME_FROM_FILE;
}

/* Roles that the export does not tell, on a copy of the turns unless they may be changed. */
static enum err_code resolve_roles(const struct finish *f, struct conversation *c, struct arena *a, struct err *e)
{
    bool has_unknown = f->roles.companions != NULL;
    for (uint32_t i = 0; i < c->nturns && !has_unknown; i++)
        has_unknown = c->turns[i].role == ROLE_UNKNOWN;
    if (!has_unknown)
        return ERR_OK;
    struct turn *turns = f->is_in_place ? c->turns : arena_alloc(a, c->nturns * sizeof *turns);
    if (turns == NULL)
        return err_nomem(e);
    if (c->nturns != 0 && !f->is_in_place)
        memcpy(turns, c->turns, c->nturns * sizeof *turns);
    c->turns = turns;
    struct role_sources roles = f->roles;
    roles.map = settings_roles(f->by_source, c->source);
    assign_roles(&roles, c);
    return ERR_OK;
}

/* A start without a zone is a local time of the zone that the export names, or else of its source's. */
static void apply_zone(const struct finish *f, struct conversation *c)
{
    const struct zone *z = NULL;
    if (c->started_at_ms == MS_NONE || c->time_origin != TIME_ASSUMED_UTC)
        return;
    if (c->zone.n != 0)
        z = settings_named_zone(f->by_source, slice_trim(c->zone));
    if (z == NULL)
        z = settings_zone(f->by_source, c->source);
    if (z == NULL)
        return;
    c->started_at_ms = zone_to_utc(z, c->started_at_ms);
    c->time_origin = TIME_IN_ZONE;
}

/* What a table of conversations beside the file says, where the file does not. */
static void join_companion(const struct finish *f, struct conversation *c)
{
    const struct companion_conversation *x = companions_conversation(f->roles.companions, slice_trim(c->external_id));
    if (x == NULL)
        return;
    const struct person *agent = companions_person(f->roles.companions, x->agent_id);
    if (c->agent_id.n == 0 && c->agent_name.n == 0 && x->agent_id.n != 0) {
        c->agent_id = x->agent_id;
        c->agent_name = agent != NULL ? agent->name : c->agent_name;
    }
    if (c->channel.n == 0)
        c->channel = x->channel;
    if (c->customer_id.n == 0)
        c->customer_id = x->customer_id;
    if (!is_start_told(c) && x->started_at_ms != MS_NONE) {
        c->started_at_ms = x->started_at_ms;
        c->time_origin = x->has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
    }
}

/* Fill what is empty from the side data. What it gives borrows from the table, which outlives the run. */
static void join(const struct finish *f, struct slice id, struct conversation *c)
{
    const struct side_conversation *s = f->side != NULL ? side_conversation(f->side, id) : NULL;
    if (s == NULL)
        return;
    if (c->agent_id.n == 0)
        c->agent_id = s->agent_id;
    if (c->channel.n == 0)
        c->channel = s->channel;
    if (c->queue.n == 0)
        c->queue = s->queue;
    if (!is_start_told(c) && s->started_at_ms != MS_NONE) {
        c->started_at_ms = s->started_at_ms;
        c->time_origin = TIME_FROM_SIDE;
    }
}

/* Complete an agent's id and name from the roster. */
static void name_agent(const struct side *side, struct slice *id, struct slice *name)
{
    const struct side_agent *a = side != NULL ? side_agent(side, id->n != 0 ? *id : *name) : NULL;
    if (a == NULL)
        return;
    *id = a->id;
    if (name->n == 0)
        *name = a->name;
}

/* The conversation's agent is meant where an agent's turn names nobody; and the other way round. */
static void set_agents(const struct finish *f, struct conversation *c)
{
    struct slice id, name;
    name_agent(f->side, &c->agent_id, &c->agent_name);
    id = c->agent_id;
    name = c->agent_name;
    for (uint32_t i = 0; i < c->nturns; i++) {
        struct turn *t = &c->turns[i];
        if (t->role != ROLE_AGENT)
            continue;
        if (t->speaker_id.n == 0 && (t->speaker_name.n == 0 || slice_eq(t->speaker_name, name)))
            t->speaker_id = id;
        if (t->speaker_name.n == 0 && (t->speaker_id.n == 0 || slice_eq(t->speaker_id, id)))
            t->speaker_name = name;
        name_agent(f->side, &t->speaker_id, &t->speaker_name);
        if (c->agent_id.n == 0 && c->agent_name.n == 0) {
            c->agent_id = t->speaker_id;
            c->agent_name = t->speaker_name;
        }
    }
}

static enum err_code set_id(struct conversation *c, struct arena *a, struct strbuf *scratch, struct err *e)
{
    char hex[HASH_HEX_BYTES], id[HASH_HEX_BYTES + 4];
    if (c->external_id.n != 0)
        return ERR_OK;
    strbuf_clear(scratch);
    if (c->started_at_ms != MS_NONE && c->time_origin <= TIME_ASSUMED_UTC)
        strbuf_add(scratch, &c->started_at_ms, sizeof c->started_at_ms);
    for (uint32_t i = 0; i < c->nturns; i++) {
        strbuf_putc(scratch, (char)('0' + c->turns[i].role));
        strbuf_add_slice(scratch, c->turns[i].text);
        strbuf_putc(scratch, '\0');
    }
    if (strbuf_failed(scratch))
        return err_nomem(e);
    struct hash128 h = hash128(strbuf_slice(scratch));
    (void)snprintf(id, sizeof id, "sha-%s", hash_hex(&h, hex));
    c->external_id = arena_dup(a, slice_of(id));
    return c->external_id.s != NULL ? ERR_OK : err_nomem(e);
}

enum err_code finish_conversation(const struct finish *f, const struct conversation *in, struct arena *a,
                                  struct strbuf *scratch, struct conversation *out, uint32_t *nunknown, struct err *e)
{
    struct conversation c = *in;
    *nunknown = 0;
    if (slice_trim(c.source).n == 0)
        c.source = slice_of(f->source != NULL ? f->source : f->format);
    if (resolve_roles(f, &c, a, e) != ERR_OK)
        return e->code;
    join_companion(f, &c);
    apply_zone(f, &c);
    *out = c;
    out->nmasked = 0;
    out->is_redacted = in->is_redacted || f->is_redacted;
    if (copy_turns(f, &c, a, scratch, out, e) != ERR_OK || copy_fields(&c, f->mask, a, scratch, out, e) != ERR_OK)
        return e->code;
    join(f, slice_trim(in->external_id), out);
    set_agents(f, out);
    if (set_id(out, a, scratch, e) != ERR_OK)
        return e->code;
    if (!is_start_told(out) && f->name_ms != MS_NONE) {
        out->started_at_ms = f->name_ms;
        out->time_origin = TIME_FROM_NAME;
    } else if (out->started_at_ms == MS_NONE) {
        out->started_at_ms = f->mtime_ms;
        out->time_origin = TIME_FROM_FILE;
    }
    for (uint32_t i = 0; i < out->nturns; i++)
        *nunknown += out->turns[i].role == ROLE_UNKNOWN;
    return ERR_OK;
}
