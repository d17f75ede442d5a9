#include "ingest/settings.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/zone.h"
#include "ingest/assign_roles.h"
#include "ingest/ingest.h"

#define MOST_NAMED 64 /* zones that exports name; there are few in one run */

struct of_source {
    const char *name; /* borrowed from the options; NULL: of all others */
    struct zone *zone;
    struct role_map *roles;
};

struct named {
    char name[64];
    struct zone *zone; /* NULL: there is none */
};

struct settings {
    pthread_mutex_t lock; /* of named */
    struct named named[MOST_NAMED];
    size_t nnamed;
    size_t n; /* the first is that of all others */
    struct of_source at[];
};

static enum err_code load_one(struct of_source *s, const char *zone, const char *roles, struct err *e)
{
    enum err_code rc = ERR_OK;
    if (zone != NULL)
        rc = zone_load(zone, &s->zone, e);
    if (rc == ERR_OK && roles != NULL)
        rc = role_map_parse(roles, &s->roles, e);
    if (rc != ERR_OK && rc != ERR_NOMEM && s->name != NULL)
        err_wrap(e, "source %s", s->name);
    return rc;
}

enum err_code settings_load(const struct ingest_options *o, struct settings **out, struct err *e)
{
    struct settings *s = calloc(1, sizeof *s + (o->nsources + 1) * sizeof *s->at);
    *out = NULL;
    if (s == NULL)
        return err_nomem(e);
    (void)pthread_mutex_init(&s->lock, NULL);
    s->n = o->nsources + 1;
    enum err_code rc = load_one(&s->at[0], o->timezone, o->roles, e);
    for (size_t i = 0; i < o->nsources && rc == ERR_OK; i++) {
        s->at[i + 1].name = o->sources[i].name;
        rc = load_one(&s->at[i + 1], o->sources[i].timezone, o->sources[i].roles, e);
    }
    if (rc != ERR_OK) {
        settings_free(s);
        return rc;
    }
    *out = s;
    return ERR_OK;
}

void settings_free(struct settings *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->n; i++) {
        zone_free(s->at[i].zone);
        role_map_free(s->at[i].roles);
    }
    for (size_t i = 0; i < s->nnamed; i++)
        zone_free(s->named[i].zone);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

static const struct of_source *find(const struct settings *s, struct slice source)
{
    for (size_t i = 1; i < s->n; i++)
        if (slice_is(source, s->at[i].name))
            return &s->at[i];
    return &s->at[0];
}

const struct zone *settings_zone(const struct settings *s, struct slice source)
{
    if (s == NULL)
        return NULL;
    const struct zone *z = find(s, source)->zone;
    return z != NULL ? z : s->at[0].zone;
}

const struct role_map *settings_roles(const struct settings *s, struct slice source)
{
    if (s == NULL)
        return NULL;
    const struct role_map *m = find(s, source)->roles;
    return m != NULL ? m : s->at[0].roles;
}

const struct zone *settings_named_zone(struct settings *s, struct slice name)
{
    const struct zone *z = NULL;
    size_t i = 0;
    if (s == NULL || name.n == 0 || name.n >= sizeof s->named->name)
        return NULL;
    (void)pthread_mutex_lock(&s->lock);
    while (i < s->nnamed && !slice_is(name, s->named[i].name))
        i++;
    if (i == s->nnamed && i < MOST_NAMED) {
        struct err ignored = {.code = ERR_OK};
        memcpy(s->named[i].name, name.s, name.n);
        s->named[i].name[name.n] = '\0';
        if (zone_load(s->named[i].name, &s->named[i].zone, &ignored) != ERR_OK)
            s->named[i].zone = NULL;
        s->nnamed++;
    }
    if (i < s->nnamed)
        z = s->named[i].zone;
    (void)pthread_mutex_unlock(&s->lock);
    return z;
}
