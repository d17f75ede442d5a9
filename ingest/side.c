#include "ingest/side.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/array.h"
#include "core/csv.h"
#include "core/hash.h"
#include "core/model.h"
#include "ingest/times.h"

/* Keys -> rows of an array, by open addressing; 0 is an empty place, else index + 1. */
struct table {
    uint32_t *places;
    struct slice *keys; /* of each row */
    size_t nplaces, nrows, cap;
};

struct side {
    struct arena *a;
    const char *date_format;
    const char *path; /* while loading */
    struct table agents_by_id, agents_by_name, conversations_by_id;
    struct side_agent *agents;
    size_t nagents, agents_cap;
    struct side_conversation *conversations;
    size_t nconversations, conversations_cap;
};

/* ---- tables -------------------------------------------------------------------------------------------------------
 */

static uint32_t *find_place(const struct table *t, struct slice key)
{
    size_t i = (size_t)hash64(key) & (t->nplaces - 1);
    while (t->places[i] != 0 && !slice_eq(t->keys[t->places[i] - 1], key))
        i = (i + 1) & (t->nplaces - 1);
    return &t->places[i];
}

/* Row NROWS has KEY. The first row of a key counts. */
static bool table_add(struct table *t, struct slice key)
{
    if (!array_grow(&t->keys, t->nrows, &t->cap, sizeof *t->keys))
        return false;
    t->keys[t->nrows++] = key;
    if (2 * t->nrows > t->nplaces) {
        size_t n = t->nplaces != 0 ? 2 * t->nplaces : 128;
        uint32_t *places = calloc(n, sizeof *places);
        if (places == NULL)
            return false;
        free(t->places);
        t->places = places;
        t->nplaces = n;
        for (size_t i = 0; i + 1 < t->nrows; i++)
            if (t->keys[i].n != 0 && *find_place(t, t->keys[i]) == 0)
                *find_place(t, t->keys[i]) = (uint32_t)(i + 1);
    }
    if (key.n != 0 && *find_place(t, key) == 0)
        *find_place(t, key) = (uint32_t)t->nrows;
    return true;
}

/* The row of KEY from 0; false if there is none. */
static bool table_get(const struct table *t, struct slice key, size_t *row)
{
    if (t->nplaces == 0 || key.n == 0)
        return false;
    uint32_t place = *find_place(t, key);
    *row = place - 1u;
    return place != 0;
}

/* ---- loading ------------------------------------------------------------------------------------------------------
 */

/* Is X the name NAME, but for case, blanks, "_" and "-"? */
static bool is_named(struct slice x, const char *name)
{
    for (size_t i = 0; i < x.n; i++) {
        char c = x.s[i];
        if (c == ' ' || c == '_' || c == '-')
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != *name)
            return false;
        name++;
    }
    return *name == '\0';
}

/* The field of REC under one of NAMES (a NULL ends them), copied; empty if there is none. False when out of memory. */
static bool field(struct side *s, const struct csv_record *header, const struct csv_record *rec,
                  const char *const *names, struct slice *out)
{
    *out = (struct slice){"", 0};
    for (; *names != NULL; names++) {
        for (size_t i = 0; i < header->nfields && i < rec->nfields; i++) {
            if (is_named(slice_trim(header->fields[i]), *names)) {
                *out = arena_dup(s->a, slice_trim(rec->fields[i]));
                return out->s != NULL;
            }
        }
    }
    return true;
}

static bool has_column(const struct csv_record *header, const char *const *names)
{
    for (; *names != NULL; names++)
        for (size_t i = 0; i < header->nfields; i++)
            if (is_named(slice_trim(header->fields[i]), *names))
                return true;
    return false;
}

static const char *const agent_id_names[] = {"agentid", "id", "externalid", "agent", NULL};
static const char *const agent_name_names[] = {"name", "agentname", "fullname", NULL};
static const char *const team_names[] = {"team", "teamname", "group", NULL};
static const char *const conversation_id_names[] = {"conversationid", "chatid",   "callid", "sessionid",
                                                    "contactid",      "ticketid", "id",     NULL};
static const char *const started_at_names[] = {"startedat", "starttime", "createdat", "date", NULL};
static const char *const channel_names[] = {"channel", NULL};
static const char *const queue_names[] = {"queue", "department", "skill", NULL};
static const char *const side_agent_names[] = {"agentid", "agent", NULL};

static enum err_code add_agent(void *ctx, const struct csv_record *header, const struct csv_record *rec, struct err *e)
{
    struct side *s = ctx;
    struct side_agent a;
    if (!has_column(header, agent_id_names))
        return err_set(e, ERR_CONFIG, "%s: no column \"agent_id\"", s->path);
    if (!field(s, header, rec, agent_id_names, &a.id) || !field(s, header, rec, agent_name_names, &a.name) ||
        !field(s, header, rec, team_names, &a.team))
        return err_nomem(e);
    if (a.id.n == 0)
        return ERR_OK;
    if (!array_grow(&s->agents, s->nagents, &s->agents_cap, sizeof *s->agents))
        return err_nomem(e);
    s->agents[s->nagents++] = a;
    return table_add(&s->agents_by_id, a.id) && table_add(&s->agents_by_name, a.name) ? ERR_OK : err_nomem(e);
}

static enum err_code add_conversation(void *ctx, const struct csv_record *header, const struct csv_record *rec,
                                      struct err *e)
{
    struct side *s = ctx;
    struct side_conversation c = {.started_at_ms = MS_NONE};
    struct slice started_at;
    bool has_zone;
    if (!has_column(header, conversation_id_names))
        return err_set(e, ERR_CONFIG, "%s: no column \"conversation_id\"", s->path);
    if (!field(s, header, rec, conversation_id_names, &c.id) || !field(s, header, rec, side_agent_names, &c.agent_id) ||
        !field(s, header, rec, channel_names, &c.channel) || !field(s, header, rec, queue_names, &c.queue) ||
        !field(s, header, rec, started_at_names, &started_at))
        return err_nomem(e);
    if (c.id.n == 0)
        return ERR_OK;
    if (started_at.n != 0 && !times_parse(started_at, s->date_format, &c.started_at_ms, &has_zone)) {
        err_set(e, ERR_CONFIG, "%s: line %ld: started_at is no time that is understood", s->path, rec->line);
        return err_hint(e, "write it as 2026-11-16T09:30:00Z, or give --date-format");
    }
    if (!array_grow(&s->conversations, s->nconversations, &s->conversations_cap, sizeof *s->conversations))
        return err_nomem(e);
    s->conversations[s->nconversations++] = c;
    return table_add(&s->conversations_by_id, c.id) ? ERR_OK : err_nomem(e);
}

enum err_code side_load(const char *roster, const char *conversations, const char *date_format, struct side **out,
                        struct err *e)
{
    enum err_code rc = ERR_OK;
    struct side *s = calloc(1, sizeof *s);
    *out = NULL;
    if (s == NULL || (s->a = arena_new((size_t)64 << 10)) == NULL) {
        free(s);
        return err_nomem(e);
    }
    s->date_format = date_format;
    if (roster != NULL) {
        s->path = roster;
        rc = csv_read_file(roster, s, add_agent, e);
    }
    if (rc == ERR_OK && conversations != NULL) {
        s->path = conversations;
        rc = csv_read_file(conversations, s, add_conversation, e);
    }
    if (rc != ERR_OK) {
        side_free(s);
        return rc;
    }
    *out = s;
    return ERR_OK;
}

static void table_free(struct table *t)
{
    free(t->places);
    free(t->keys);
}

void side_free(struct side *s)
{
    if (s == NULL)
        return;
    table_free(&s->agents_by_id);
    table_free(&s->agents_by_name);
    table_free(&s->conversations_by_id);
    free(s->agents);
    free(s->conversations);
    arena_free(s->a);
    free(s);
}

/* ---- looking up ----------------------------------------------------------------------------------------------------
 */

const struct side_agent *side_agent(const struct side *s, struct slice id_or_name)
{
    size_t row;
    if (table_get(&s->agents_by_id, id_or_name, &row) || table_get(&s->agents_by_name, id_or_name, &row))
        return &s->agents[row];
    return NULL;
}

const struct side_conversation *side_conversation(const struct side *s, struct slice id)
{
    size_t row;
    return table_get(&s->conversations_by_id, id, &row) ? &s->conversations[row] : NULL;
}

size_t side_agent_count(const struct side *s)
{
    return s->nagents;
}

const struct side_agent *side_agent_at(const struct side *s, size_t i)
{
    return &s->agents[i];
}
