/*
 * Zendesk Support: tickets with their comments, as the API and the account's JSON export (a ticket a line) give them.
 *
 * Map: tickets[], ticket, or the document {id; comments[]; via.channel; requester, assignee, submitter; created_at},
 * or comments[] beside them; turns = comments[] {body, else plain_body, html_body; author_id; created_at}, audits[]
 * likewise by their events of type Comment; roles and names = users[] beside or around {id, name, role
 * end-user|agent|admin}.
 *
 * Traps: public false is a note; without users only the requester and the assignee are known (a table of users beside
 * the file tells more: companion.h); an old chat is ONE comment of lines "(10:15:30 AM) Name: text": each line is a
 * turn. Audits of chats and of messaging hold the messages in value.history of their events.
 */
#include "ingest/formats/readers.h"

#include <stdlib.h>

#include "ingest/desk.h"
#include "ingest/roles.h"
#include "ingest/zendesk_lines.h"

struct user {
    struct slice id, name;
    enum role role;
};

/* One document. */
struct desk {
    struct talk t; /* begun anew for each ticket */
    const struct place *at;
    const struct reader_options *o;
    struct arena *a;
    const struct reader_sink *sink;
    struct user *users; /* by id */
    size_t nusers;
};

/* ---- recognising ---------------------------------------------------------------------------------------------------
 */

static bool is_comment(struct json v)
{
    struct json x;
    bool has_author = json_get(v, "author_id", &x) || talk_path(v, "author.id", &x);
    bool has_text = json_get(v, "body", &x) || json_get(v, "plain_body", &x) || json_get(v, "html_body", &x);
    return has_author && has_text &&
           (json_get(v, "public", &x) || json_get(v, "html_body", &x) || json_get(v, "plain_body", &x));
}

static bool is_audit(struct json v)
{
    struct json event, x;
    return json_get(v, "ticket_id", &x) && desk_first(v, "events", &event) && json_get(event, "type", &x);
}

static bool comments_of(struct json v, struct json *list)
{
    struct json first;
    if (desk_first(v, "comments", &first) && is_comment(first))
        return talk_list(v, "comments", list);
    return desk_first(v, "audits", &first) && is_audit(first) && talk_list(v, "audits", list);
}

static bool tickets_of(struct json doc, struct json *list)
{
    struct json ticket, comments;
    if (!talk_list(doc, "tickets", list))
        return false;
    for (struct json_iter it = json_iterate(*list); json_next(&it, NULL, &ticket);)
        if (comments_of(ticket, &comments))
            return true;
    return false;
}

bool zendesk_tickets_fits(struct json doc)
{
    struct json list, ticket;
    return comments_of(doc, &list) || tickets_of(doc, &list) ||
           (talk_object(doc, "ticket", &ticket) && comments_of(ticket, &list));
}

/* ---- people --------------------------------------------------------------------------------------------------------
 */

static int by_id(const void *a, const void *b)
{
    const struct user *x = a, *y = b;
    return slice_cmp(x->id, y->id);
}

static void learn_users(struct desk *d, struct json doc)
{
    struct json list, v;
    if (!talk_list(doc, "users", &list))
        return;
    d->users = arena_zalloc(d->a, json_count(list), sizeof *d->users);
    if (d->users == NULL) {
        d->t.is_short_of_memory = true;
        return;
    }
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &v);) {
        struct user u = {talk_id(&d->t, v, "id"), talk_id(&d->t, v, "name"), roles_of(talk_text(&d->t, v, "role"))};
        if (u.id.n != 0)
            d->users[d->nusers++] = u;
    }
    if (d->nusers != 0)
        qsort(d->users, d->nusers, sizeof *d->users, by_id);
}

static const struct user *find_user(const struct desk *d, struct slice id)
{
    const struct user key = {.id = id};
    return d->nusers != 0 ? bsearch(&key, d->users, d->nusers, sizeof key, by_id) : NULL;
}

/* The person that TICKET names as KEY: an object, or an id as KEY_ID. False if there is none. */
static bool person_of(struct desk *d, struct json ticket, const char *key, const char *key_id, struct user *out)
{
    struct json v;
    *out = (struct user){.id = talk_id(&d->t, ticket, key_id)};
    if (talk_object(ticket, key, &v)) {
        *out = (struct user){talk_id(&d->t, v, "id"), talk_id(&d->t, v, "name"), roles_of(talk_text(&d->t, v, "role"))};
    }
    const struct user *known = find_user(d, out->id);
    if (known != NULL)
        *out = (struct user){out->id, out->name.n != 0 ? out->name : known->name,
                             out->role != ROLE_UNKNOWN ? out->role : known->role};
    return out->id.n != 0 || out->name.n != 0;
}

/* ---- comments ------------------------------------------------------------------------------------------------------
 */

struct ticket {
    struct user requester, assignee;
};

/* Who wrote comment V. */
static struct user author_of(struct desk *d, const struct ticket *ticket, struct json v)
{
    struct user who;
    (void)person_of(d, v, "author", "author_id", &who);
    if (who.role == ROLE_UNKNOWN && who.id.n != 0 && slice_eq(who.id, ticket->requester.id)) {
        who.role = ROLE_CUSTOMER;
        who.name = who.name.n != 0 ? who.name : ticket->requester.name;
    } else if (who.role == ROLE_UNKNOWN && who.id.n != 0 && slice_eq(who.id, ticket->assignee.id)) {
        who.role = ROLE_AGENT;
        who.name = who.name.n != 0 ? who.name : ticket->assignee.name;
    } else if (slice_is(who.id, "-1")) {
        who.role = ROLE_SYSTEM;
    }
    return who;
}

static bool is_note(struct json v)
{
    struct json x;
    bool is_public = true;
    if (!json_get(v, "public", &x))
        return false;
    if (!json_bool(x, &is_public))
        is_public = !talk_is(x, NULL, "false");
    return !is_public;
}

static void add_comment(struct desk *d, const struct ticket *ticket, struct json v, struct json time_of)
{
    struct talk *t = &d->t;
    struct slice text = talk_text(t, v, "body");
    if (slice_trim(text).n == 0)
        text = desk_text(t, v, "plain_body");
    if (slice_trim(text).n == 0)
        text = desk_text(t, v, "html_body");
    struct turn clock = {.start_ms = MS_NONE};
    desk_time(t, &clock, time_of, "created_at");
    if (zendesk_lines_are(text)) {
        zendesk_lines_add(t, text, ticket->requester.name, clock.start_ms);
        return;
    }
    struct turn *turn = talk_add(t, text);
    struct user who = author_of(d, ticket, v);
    turn->role = is_note(v) ? ROLE_NOTE : who.role;
    turn->speaker_id = who.id;
    turn->speaker_name = who.name;
    turn->start_ms = clock.start_ms;
}

/* The messages of a chat or of messaging, which events of audits hold: {"history": [{"type": "ChatMessage", ...}]}. */
static void add_history(struct desk *d, const struct ticket *ticket, struct json event)
{
    struct json list, v;
    if (!talk_list(event, "value.history", &list))
        return;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &v);) {
        if (!talk_is(v, "type", "ChatMessage"))
            continue;
        struct turn *turn = talk_add(&d->t, talk_text(&d->t, v, "message"));
        struct slice id = talk_id(&d->t, v, "actor_id");
        const char *colon = id.n != 0 ? memchr(id.s, ':', id.n) : NULL; /* "agent:7" */
        const struct slice before = {id.s, colon != NULL ? (size_t)(colon - id.s) : id.n};
        const struct user *known = find_user(d, id);
        turn->role = roles_of(talk_text(&d->t, v, "actor_type"));
        if (turn->role == ROLE_UNKNOWN)
            turn->role = known != NULL ? known->role : roles_of(before);
        if (turn->role == ROLE_UNKNOWN && id.n != 0 && slice_eq(id, ticket->requester.id))
            turn->role = ROLE_CUSTOMER;
        turn->speaker_id = colon != NULL ? (struct slice){colon + 1, id.n - before.n - 1} : id;
        turn->speaker_name = talk_id(&d->t, v, "actor_name");
        if (turn->speaker_name.n == 0 && known != NULL)
            turn->speaker_name = known->name;
        desk_time(&d->t, turn, v, "timestamp");
    }
}

static void add_comments(struct desk *d, const struct ticket *ticket, struct json list)
{
    struct json v, events, event;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &v);) {
        if (!is_audit(v)) {
            add_comment(d, ticket, v, v);
            continue;
        }
        if (!talk_list(v, "events", &events))
            continue;
        for (struct json_iter jt = json_iterate(events); json_next(&jt, NULL, &event);)
            if (talk_is(event, "type", "Comment"))
                add_comment(d, ticket, event, v);
            else
                add_history(d, ticket, event);
    }
}

/* TICKET, with its comments in LIST. */
static enum err_code add_ticket(struct desk *d, struct json ticket, struct json list, struct err *e)
{
    struct talk *t = &d->t;
    struct ticket people = {0};
    struct json first;
    (void)person_of(d, ticket, "requester", "requester_id", &people.requester);
    (void)person_of(d, ticket, "assignee", "assignee_id", &people.assignee);
    t->c.external_id = talk_id(t, ticket, "id");
    if (t->c.external_id.n == 0)
        t->c.external_id = talk_id(t, ticket, "ticket_id");
    if (t->c.external_id.n == 0 && desk_first(ticket, "audits", &first))
        t->c.external_id = talk_id(t, first, "ticket_id");
    t->c.channel = talk_id(t, ticket, "via.channel");
    if (t->c.channel.n == 0)
        t->c.channel = SLICE_LIT("ticket");
    t->c.customer_id = people.requester.id;
    talk_start(t, ticket, "created_at");
    add_comments(d, &people, list);
    return desk_end(t, e);
}

static enum err_code add_tickets(struct desk *d, struct json list, struct err *e)
{
    struct json ticket, comments;
    enum err_code rc = ERR_OK;
    for (struct json_iter it = json_iterate(list); rc == ERR_OK && json_next(&it, NULL, &ticket);) {
        bool is_lost = d->t.is_short_of_memory;
        talk_begin(&d->t, d->at, d->o, d->a, d->sink);
        d->t.is_short_of_memory = is_lost;
        rc = comments_of(ticket, &comments) ? add_ticket(d, ticket, comments, e)
                                            : talk_refuse(&d->t, "a ticket without comments", e);
    }
    return rc;
}

enum err_code zendesk_tickets_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                    struct arena *a, const struct reader_sink *sink, struct err *e)
{
    struct desk d = {.at = at, .o = o, .a = a, .sink = sink};
    struct json ticket = doc, list;
    talk_begin(&d.t, at, o, a, sink);
    learn_users(&d, doc);
    (void)talk_object(doc, "ticket", &ticket);
    if (comments_of(ticket, &list) || comments_of(doc, &list))
        return add_ticket(&d, ticket, list, e);
    if (tickets_of(doc, &list))
        return add_tickets(&d, list, e);
    return talk_refuse(&d.t, "no Zendesk ticket: no comments with an author_id and a body", e);
}
