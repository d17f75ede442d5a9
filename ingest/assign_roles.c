#include "ingest/assign_roles.h"

#include <stdlib.h>
#include <strings.h>

#include "ingest/companion.h"
#include "ingest/guess_roles.h"
#include "ingest/roles.h"
#include "ingest/side.h"

/* ---- the user's map --------------------------------------------------------------------------------------------- */

struct mapping {
    struct slice label;
    enum role role;
};

struct role_map {
    char *text;
    size_t n;
    struct mapping at[];
};

static bool is_same_label(struct slice a, struct slice b)
{
    return a.n == b.n && strncasecmp(a.s, b.s, a.n) == 0;
}

static enum err_code parse_one(struct slice x, struct mapping *out, struct err *e)
{
    const char *equals = memchr(x.s, '=', x.n);
    size_t n = equals != NULL ? (size_t)(equals - x.s) : 0;
    out->label = slice_trim((struct slice){x.s, n});
    if (out->label.n == 0) {
        err_set(e, ERR_USAGE, "--roles: \"%.*s\" is not SPEAKER=ROLE", x.n < 60 ? (int)x.n : 60, x.s);
        return err_hint(e, "for example --roles spk_0=agent,spk_1=customer");
    }
    struct slice word = slice_trim((struct slice){equals + 1, x.n - n - 1});
    out->role = roles_of(word);
    if (out->role != ROLE_UNKNOWN)
        return ERR_OK;
    err_set(e, ERR_USAGE, "--roles: \"%.*s\" is no role", word.n < 60 ? (int)word.n : 60, word.s);
    return err_hint(e, "roles are agent, customer, bot, system and note");
}

enum err_code role_map_parse(const char *text, struct role_map **out, struct err *e)
{
    size_t most = 1;
    for (const char *p = text; *p != '\0'; p++)
        most += *p == ',';
    struct role_map *m = calloc(1, sizeof *m + most * sizeof *m->at);
    enum err_code rc = ERR_OK;
    *out = NULL;
    if (m == NULL || (m->text = strdup(text)) == NULL) {
        free(m);
        return err_nomem(e);
    }
    for (const char *p = m->text; rc == ERR_OK;) {
        size_t n = strcspn(p, ",");
        struct slice x = slice_trim((struct slice){p, n});
        if (x.n != 0)
            rc = parse_one(x, &m->at[m->n++], e);
        if (p[n] == '\0')
            break;
        p += n + 1;
    }
    if (rc != ERR_OK) {
        role_map_free(m);
        return rc;
    }
    *out = m;
    return ERR_OK;
}

void role_map_free(struct role_map *m)
{
    if (m == NULL)
        return;
    free(m->text);
    free(m);
}

static enum role role_of_label(const struct role_map *m, struct slice label)
{
    for (size_t i = 0; i < m->n && label.n != 0; i++)
        if (is_same_label(m->at[i].label, label))
            return m->at[i].role;
    return ROLE_UNKNOWN;
}

/* ---- each source ------------------------------------------------------------------------------------------------ */

static void set_role(struct conversation *c, struct turn *t, enum role role, enum role_origin origin)
{
    if (t->role != ROLE_UNKNOWN || role == ROLE_UNKNOWN)
        return;
    t->role = role;
    if (origin > c->role_origin)
        c->role_origin = origin;
}

/* "agent:403" and "403" are the same to a table of people. */
static const struct person *find_person(const struct companions *people, struct slice id)
{
    const struct person *p = companions_person(people, id);
    for (size_t i = id.n; p == NULL && i > 0; i--)
        if (id.s[i - 1] == ':')
            return companions_person(people, (struct slice){id.s + i, id.n - i});
    return p;
}

static void by_people(const struct companions *people, struct conversation *c)
{
    for (uint32_t i = 0; people != NULL && i < c->nturns; i++) {
        struct turn *t = &c->turns[i];
        struct slice id = t->speaker_id.n != 0 ? t->speaker_id : t->speaker_name;
        const struct person *p = find_person(people, id);
        if (p == NULL)
            continue;
        set_role(c, t, p->role, ROLES_FROM_ROSTER);
        if (t->speaker_id.n == 0)
            t->speaker_id = id;
        if (p->name.n != 0 && (t->speaker_name.n == 0 || slice_eq(t->speaker_name, id)))
            t->speaker_name = p->name;
    }
}

static void by_roster(const struct side *side, struct conversation *c)
{
    for (uint32_t i = 0; side != NULL && i < c->nturns; i++) {
        struct turn *t = &c->turns[i];
        if (t->role != ROLE_UNKNOWN)
            continue;
        bool is_agent = (t->speaker_id.n != 0 && side_agent(side, t->speaker_id) != NULL) ||
                        (t->speaker_name.n != 0 && side_agent(side, t->speaker_name) != NULL);
        if (is_agent)
            set_role(c, t, ROLE_AGENT, ROLES_FROM_ROSTER);
    }
}

static void by_map(const struct role_map *map, struct conversation *c)
{
    for (uint32_t i = 0; map != NULL && i < c->nturns; i++) {
        struct turn *t = &c->turns[i];
        enum role role = role_of_label(map, t->speaker_id);
        if (role == ROLE_UNKNOWN)
            role = role_of_label(map, t->speaker_name);
        set_role(c, t, role, ROLES_FROM_OPTION);
    }
}

void assign_roles(const struct role_sources *s, struct conversation *c)
{
    bool has_unknown = false;
    by_people(s->companions, c);
    for (uint32_t i = 0; i < c->nturns && !has_unknown; i++)
        has_unknown = c->turns[i].role == ROLE_UNKNOWN;
    if (!has_unknown)
        return;
    by_roster(s->side, c);
    by_map(s->map, c);
    if (!s->no_guess)
        (void)guess_roles(c);
}
