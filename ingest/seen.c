#include "ingest/seen.h"

#include <stdlib.h>

#include "core/hash.h"

struct ingest_file seen_none(void)
{
    return (struct ingest_file){
        .path = "", .format = "", .title = "", .encoding = "", .from_ms = MS_NONE, .to_ms = MS_NONE};
}

static uint64_t *place_of(const struct seen *s, uint64_t key)
{
    size_t i = (size_t)key & (s->nplaces - 1);
    while (s->keys[i] != 0 && s->keys[i] != key)
        i = (i + 1) & (s->nplaces - 1);
    return &s->keys[i];
}

static bool grow(struct seen *s)
{
    struct seen more = {.nplaces = s->nplaces != 0 ? 2 * s->nplaces : 1024, .n = s->n};
    more.keys = calloc(more.nplaces, sizeof *more.keys);
    if (more.keys == NULL)
        return false;
    for (size_t i = 0; i < s->nplaces; i++)
        if (s->keys[i] != 0)
            *place_of(&more, s->keys[i]) = s->keys[i];
    free(s->keys);
    *s = more;
    return true;
}

static bool add_identity(struct seen *s, const struct conversation *c)
{
    uint64_t key = hash64(c->external_id) * 31 + hash64(c->source);
    key += key == 0;
    if (2 * s->n >= s->nplaces && !grow(s))
        return false;
    uint64_t *place = place_of(s, key);
    s->n += *place == 0;
    *place = key;
    return true;
}

bool seen_add(struct seen *s, struct ingest_file *file, const struct conversation *c)
{
    bool has_agent = c->agent_id.n != 0 || c->agent_name.n != 0;
    file->conversations++;
    file->turns += c->nturns;
    file->origins[c->time_origin]++;
    for (uint32_t i = 0; i < c->nturns; i++)
        file->roles[c->turns[i].role]++;
    file->guessed += c->role_origin == ROLES_GUESSED;
    file->unnamed_agent += !has_agent;
    if (c->started_at_ms != MS_NONE) {
        int64_t at = c->started_at_ms;
        file->from_ms = file->from_ms == MS_NONE || at < file->from_ms ? at : file->from_ms;
        file->to_ms = file->to_ms == MS_NONE || at > file->to_ms ? at : file->to_ms;
    }
    return add_identity(s, c);
}

void seen_free(struct seen *s)
{
    free(s->keys);
    *s = (struct seen){.keys = NULL};
}
