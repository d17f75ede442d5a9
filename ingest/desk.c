#include "ingest/desk.h"

#include <stdlib.h>

#include "ingest/html_text.h"
#include "ingest/mail_text.h"

/* ROOM's text for as long as the talk lives; X where nothing was written to it. */
static struct slice keep(struct talk *t, struct slice x, struct strbuf *room)
{
    if (strbuf_failed(room)) {
        t->is_short_of_memory = true;
        x = SLICE_LIT("");
    } else if (x.n != 0 && x.s == room->s) {
        x = arena_dup(t->a, x);
        t->is_short_of_memory = t->is_short_of_memory || x.s == NULL;
        x = x.s != NULL ? x : SLICE_LIT("");
    }
    strbuf_free(room);
    return x;
}

struct slice desk_text(struct talk *t, struct json v, const char *path)
{
    struct strbuf room = STRBUF_INIT;
    return keep(t, html_plain(talk_text(t, v, path), &room), &room);
}

struct slice desk_mail_text(struct talk *t, struct json v, const char *path)
{
    struct strbuf room = STRBUF_INIT, own = STRBUF_INIT;
    struct slice text = talk_text(t, v, path);
    if (html_has_tags(text)) {
        html_to_text_unquoted(text, &room);
        text = strbuf_slice(&room);
    }
    mail_text_own(text, &own);
    t->is_short_of_memory = t->is_short_of_memory || strbuf_failed(&room);
    text = keep(t, own.n != 0 ? strbuf_slice(&own) : SLICE_LIT(""), &own);
    strbuf_free(&room);
    return text;
}

void desk_time(struct talk *t, struct turn *turn, struct json v, const char *path)
{
    bool has_zone;
    turn->start_ms = talk_instant(t, v, path, &has_zone);
    if (turn->start_ms != MS_NONE && !has_zone && t->c.started_at_ms == MS_NONE)
        t->c.time_origin = TIME_ASSUMED_UTC;
}

static void reverse_if_newest_first(struct talk *t)
{
    int64_t first = MS_NONE, last = MS_NONE;
    uint32_t n = t->c.nturns;
    for (uint32_t i = 0; i < n; i++)
        if (t->c.turns[i].start_ms != MS_NONE) {
            first = first == MS_NONE ? t->c.turns[i].start_ms : first;
            last = t->c.turns[i].start_ms;
        }
    for (uint32_t i = 0; last < first && i < n / 2; i++) {
        struct turn other = t->c.turns[i];
        t->c.turns[i] = t->c.turns[n - 1 - i];
        t->c.turns[n - 1 - i] = other;
    }
}

enum err_code desk_end(struct talk *t, struct err *e)
{
    reverse_if_newest_first(t);
    talk_sort(t);
    talk_rebase(t, t->c.time_origin);
    for (uint32_t i = 0; i < t->c.nturns && t->c.customer_id.n == 0; i++)
        if (t->c.turns[i].role == ROLE_CUSTOMER)
            t->c.customer_id = t->c.turns[i].speaker_id;
    return talk_end(t, e);
}

bool desk_first(struct json v, const char *path, struct json *item)
{
    struct json list;
    if (!talk_list(v, path, &list))
        return false;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, item);)
        if (json_type_of(*item) == JSON_OBJECT)
            return true;
    return false;
}

bool desk_find_list(struct json doc, const char *const *paths, bool (*is_message)(struct json v), struct json *list)
{
    struct json first;
    *list = doc;
    if (json_type_of(doc) == JSON_ARRAY)
        return desk_first(doc, NULL, &first) && is_message(first);
    for (; *paths != NULL; paths++)
        if (desk_first(doc, *paths, &first) && is_message(first))
            return talk_list(doc, *paths, list);
    return false;
}

bool desk_find_message(struct json doc, const char *const *paths, bool (*is_message)(struct json v),
                       struct json *message)
{
    *message = doc;
    if (json_type_of(doc) != JSON_OBJECT)
        return false;
    if (is_message(doc))
        return true;
    for (; *paths != NULL; paths++)
        if (talk_object(doc, *paths, message) && is_message(*message))
            return true;
    return false;
}

/* ---- lists of messages of several conversations --------------------------------------------------------------------
 */

struct message {
    struct slice id;
    size_t i, first; /* its place, and that of its conversation's first message */
    struct json v;
};

static int by_id(const void *a, const void *b)
{
    const struct message *x = a, *y = b;
    int c = slice_cmp(x->id, y->id);
    return c != 0 ? c : (x->i > y->i) - (x->i < y->i);
}

static int by_first(const void *a, const void *b)
{
    const struct message *x = a, *y = b;
    return x->first != y->first ? (x->first > y->first) - (x->first < y->first) : (x->i > y->i) - (x->i < y->i);
}

/* The messages of LIST, those of a conversation together, in N places; NULL when out of memory. */
static struct message *collect(struct talk *t, const char *id, struct json list, size_t *n)
{
    struct json v;
    struct message *m = arena_zalloc(t->a, json_count(list) + 1, sizeof *m);
    *n = 0;
    if (m == NULL)
        return NULL;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &v);)
        if (json_type_of(v) == JSON_OBJECT) {
            m[*n] = (struct message){.id = id != NULL ? talk_id(t, v, id) : SLICE_LIT(""), .i = *n, .v = v};
            ++*n;
        }
    qsort(m, *n, sizeof *m, by_id);
    for (size_t i = 0; i < *n; i++)
        m[i].first = i > 0 && slice_eq(m[i].id, m[i - 1].id) ? m[i - 1].first : m[i].i;
    qsort(m, *n, sizeof *m, by_first);
    return t->is_short_of_memory ? NULL : m;
}

/* A message alone. */
static enum err_code parse_message(const struct desk_messages *m, struct json v, struct json owner, struct talk *t,
                                   struct err *e)
{
    if (m->about != NULL)
        m->about(t, owner);
    struct slice id = m->id != NULL ? talk_id(t, v, m->id) : SLICE_LIT("");
    if (id.n != 0)
        t->c.external_id = id;
    m->add(t, v);
    talk_piece(t);
    if (t->c.channel.n == 0)
        t->c.channel = slice_of(m->channel);
    if (t->c.nturns == 0) /* a file, an event: no words are lost */
        return t->is_short_of_memory ? err_nomem(e) : ERR_OK;
    return desk_end(t, e);
}

enum err_code desk_parse_messages(const struct desk_messages *m, struct json list, struct json owner,
                                  const struct place *at, const struct reader_options *o, struct arena *a,
                                  const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    size_t n;
    talk_begin(&t, at, o, a, sink);
    if (json_type_of(list) == JSON_OBJECT)
        return parse_message(m, list, owner, &t, e);
    struct message *messages = collect(&t, m->id, list, &n);
    if (messages == NULL)
        return err_nomem(e);
    if (n == 0)
        return talk_refuse(&t, "a conversation without turns: the list of messages is empty", e);
    for (size_t i = 0; i < n;) {
        size_t first = messages[i].first;
        talk_begin(&t, at, o, a, sink);
        if (m->about != NULL)
            m->about(&t, owner);
        if (messages[i].id.n != 0)
            t.c.external_id = messages[i].id;
        for (; i < n && messages[i].first == first; i++)
            m->add(&t, messages[i].v);
        if (t.c.channel.n == 0)
            t.c.channel = slice_of(m->channel);
        if (desk_end(&t, e) != ERR_OK)
            return e->code;
    }
    return ERR_OK;
}
