/*
 * vCon (IETF), JSON, not signed, not encrypted.
 *
 * Map: id = uuid; start = the earliest dialog[].start; parties {name; role or meta.role; tel, mailto}; a dialog of type
 * text with a body is one turn of its originator (else of the first of its parties); for any other dialog the turns are
 * those of the best of its transcripts in analysis[] (type transcript, diarized, analysis_info, ...; also an
 * attachment): one with roles before one with speakers before one without, the first of equals, and never two of one
 * dialog.
 *
 * Traps: no "vcon" key; dialog a list or a single object; parties of a dialog a list or a number; times without zone;
 * a body is a tree, JSON in a string (encoding json), or text: see inner_transcript.h; signed (JWS) and encrypted (JWE)
 * ones are told as not supported, not as empty.
 */
#include "ingest/formats/readers.h"

#include <stdlib.h>
#include <strings.h>

#include "core/strbuf.h"
#include "ingest/html_text.h"
#include "ingest/inner_transcript.h"
#include "ingest/roles.h"

#define NO_DIALOG INT64_MAX

struct party {
    enum role role;
    struct slice name;
};

struct analysis {
    int64_t dialog; /* the first it is about; NO_DIALOG: none is named */
    size_t order;
    struct json body;
};

struct vcon {
    struct talk *t;
    struct party *parties;
    struct analysis *analyses; /* by dialog, then in their order */
    size_t nparties, nanalyses;
    struct strbuf room;
};

static bool is_signed(struct json doc)
{
    struct json x;
    return json_get(doc, "payload", &x) && ((json_get(doc, "signatures", &x) && json_type_of(x) == JSON_ARRAY) ||
                                            (json_get(doc, "signature", &x) && json_get(doc, "protected", &x)));
}

static bool is_encrypted(struct json doc)
{
    struct json x;
    return json_get(doc, "ciphertext", &x) &&
           (json_get(doc, "recipients", &x) || json_get(doc, "protected", &x) || json_get(doc, "unprotected", &x));
}

bool vcon_fits(struct json doc)
{
    struct json x, y;
    if (is_signed(doc) || is_encrypted(doc))
        return true;
    bool has_parties = json_get(doc, "parties", &x) && json_type_of(x) == JSON_ARRAY;
    bool has_dialog = json_get(doc, "dialog", &x) && json_type_of(x) != JSON_STRING;
    return (has_parties && (has_dialog || json_get(doc, "analysis", &x))) ||
           (json_get(doc, "vcon", &x) && json_get(doc, "uuid", &y) && json_type_of(y) == JSON_STRING);
}

/* ---- parties ---- */

static struct slice first_of(struct talk *t, struct json v, const char *const *paths)
{
    struct slice x = {"", 0};
    for (; *paths != NULL && x.n == 0; paths++)
        x = talk_id(t, v, *paths);
    return x;
}

static void read_parties(struct vcon *v, struct json doc)
{
    static const char *const roles[] = {"role", "meta.role", NULL};
    static const char *const addresses[] = {"tel", "mailto", "email", "sip", "name", NULL};
    static const char *const names[] = {"name", "mailto", "email", NULL};
    struct json list, item;
    struct talk *t = v->t;
    if (!talk_list(doc, "parties", &list))
        return;
    v->parties = arena_zalloc(t->a, json_count(list), sizeof *v->parties);
    if (v->parties == NULL) {
        t->is_short_of_memory = true;
        return;
    }
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);) {
        struct party *p = &v->parties[v->nparties++];
        p->role = roles_of(first_of(t, item, roles));
        p->name = first_of(t, item, names);
        if (p->role == ROLE_AGENT && t->c.agent_name.n == 0)
            t->c.agent_name = p->name;
        if (p->role == ROLE_CUSTOMER && t->c.customer_id.n == 0)
            t->c.customer_id = first_of(t, item, addresses);
    }
}

static const struct party *party_at(const struct vcon *v, struct json dialog)
{
    struct json x, first;
    double index;
    if (json_get(dialog, "originator", &x) && json_type_of(x) != JSON_NULL)
        first = x;
    else if (!json_get(dialog, "parties", &first))
        return NULL;
    for (int depth = 0; depth < 2 && json_type_of(first) == JSON_ARRAY; depth++) {
        struct json_iter it = json_iterate(first);
        if (!json_next(&it, NULL, &first))
            return NULL;
    }
    if (!talk_number(first, NULL, &index) || !(index >= 0 && index < (double)v->nparties))
        return NULL;
    return &v->parties[(size_t)index];
}

/* Whoever is called by a party's name is that party. */
static void recognise(const struct vcon *v, struct turn *turn)
{
    struct slice who = turn->speaker_name.n != 0 ? turn->speaker_name : turn->speaker_id;
    for (size_t i = 0; turn->role == ROLE_UNKNOWN && who.n != 0 && i < v->nparties && i < TALK_SPEAKERS; i++)
        if (v->parties[i].name.n == who.n && strncasecmp(v->parties[i].name.s, who.s, who.n) == 0) {
            turn->role = v->parties[i].role;
            turn->speaker_name = v->parties[i].name;
            if (turn->role != ROLE_UNKNOWN)
                turn->speaker_id = (struct slice){"", 0};
        }
}

/* ---- transcripts ---- */

static bool is_transcript(struct json v)
{
    static const char *const kinds[] = {"transcript",    "transcription",     "diarized",
                                        "diarised",      "diarization",       "diarisation",
                                        "analysis_info", "wtf_transcription", "conversation"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (talk_is(v, "type", kinds[i]) || talk_is(v, "purpose", kinds[i]))
            return true;
    return false;
}

static int by_dialog(const void *a, const void *b)
{
    const struct analysis *x = a, *y = b;
    if (x->dialog != y->dialog)
        return x->dialog < y->dialog ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static int64_t dialog_of(struct json v)
{
    struct json x;
    double index;
    if (!json_get(v, "dialog", &x))
        return NO_DIALOG;
    if (json_type_of(x) == JSON_ARRAY) {
        struct json_iter it = json_iterate(x);
        if (!json_next(&it, NULL, &x))
            return NO_DIALOG;
    }
    return talk_number(x, NULL, &index) && index >= 0 && index < 1e9 ? (int64_t)index : NO_DIALOG;
}

static void read_analyses(struct vcon *v, struct json doc)
{
    static const char *const lists[] = {"analysis", "attachments"};
    struct json list, item, body;
    size_t n = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        n += talk_list(doc, lists[i], &list) ? json_count(list) : 0;
    v->analyses = arena_zalloc(v->t->a, n + 1, sizeof *v->analyses);
    if (v->analyses == NULL) {
        v->t->is_short_of_memory = true;
        return;
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (talk_list(doc, lists[i], &list))
            for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
                if (is_transcript(item) && json_get(item, "body", &body)) {
                    v->analyses[v->nanalyses] = (struct analysis){dialog_of(item), v->nanalyses, body};
                    v->nanalyses++;
                }
    qsort(v->analyses, v->nanalyses, sizeof *v->analyses, by_dialog);
}

/* How much the turns know of who speaks: 2 roles, 1 speakers, 0 nothing; -1 there are none. */
static int worth(const struct talk *t)
{
    int best = t->c.nturns != 0 ? 0 : -1;
    for (uint32_t i = 0; i < t->c.nturns; i++) {
        const struct turn *turn = &t->c.turns[i];
        if (turn->role != ROLE_UNKNOWN)
            return 2;
        if (turn->speaker_id.n != 0 || turn->speaker_name.n != 0)
            best = 1;
    }
    return best;
}

/* Add the turns of the best of the transcripts FROM..TO, the times of which count from BASE_MS. */
static void add_best(struct vcon *v, size_t from, size_t to, int64_t base_ms)
{
    struct talk best = {.c = {.nturns = 0}};
    int best_worth = -1;
    for (size_t i = from; i < to; i++) {
        struct talk t;
        talk_begin(&t, v->t->at, v->t->o, v->t->a, v->t->sink);
        inner_json(&t, v->analyses[i].body, "vcon");
        v->t->is_short_of_memory = v->t->is_short_of_memory || t.is_short_of_memory;
        for (uint32_t k = 0; k < t.c.nturns; k++)
            recognise(v, &t.c.turns[k]);
        if (worth(&t) > best_worth) {
            best_worth = worth(&t);
            best = t;
        }
    }
    for (uint32_t k = 0; k < best.c.nturns; k++) {
        struct turn *turn = talk_add(v->t, best.c.turns[k].text);
        uint32_t nth = turn->nth;
        *turn = best.c.turns[k];
        turn->nth = nth;
        turn->start_ms = turn->start_ms != MS_NONE ? turn->start_ms + base_ms : MS_NONE;
        turn->end_ms = turn->end_ms != MS_NONE ? turn->end_ms + base_ms : MS_NONE;
    }
}

/* ---- dialogs ---- */

/* A message: the words of its sender. */
static bool add_message(struct vcon *v, struct json dialog, int64_t base_ms)
{
    struct json body;
    struct slice text, type = talk_text(v->t, dialog, "mediatype");
    if (!talk_is(dialog, "type", "text") || !json_get(dialog, "body", &body) || !json_string(body, &text) ||
        slice_trim(text).n == 0 || talk_is(dialog, "encoding", "base64url"))
        return false;
    if (type.n == 0)
        type = talk_text(v->t, dialog, "mimetype");
    if (slice_starts(type, "text/html")) {
        text = html_plain(text, &v->room);
        text = text.n != 0 ? arena_dup(v->t->a, text) : text;
        if (text.s == NULL || strbuf_failed(&v->room)) {
            v->t->is_short_of_memory = true;
            return true;
        }
    }
    struct turn *turn = talk_add(v->t, text);
    const struct party *who = party_at(v, dialog);
    turn->start_ms = base_ms;
    if (who != NULL) {
        turn->role = who->role;
        turn->speaker_name = who->name;
    }
    return true;
}

/* The instant at which DIALOG starts, from the conversation's start; 0 if it is not told, unless IS_MESSAGE. */
static int64_t base_of(const struct talk *t, struct json dialog, bool is_message)
{
    bool has_zone;
    int64_t ms = talk_instant(t, dialog, "start", &has_zone);
    if (ms == MS_NONE || t->c.started_at_ms == MS_NONE)
        return is_message ? MS_NONE : 0;
    return ms - t->c.started_at_ms;
}

static void add_dialog(struct vcon *v, struct json dialog, int64_t index, size_t *next)
{
    size_t from = *next, to = from;
    while (to < v->nanalyses && v->analyses[to].dialog <= index)
        to++;
    *next = to;
    if (!add_message(v, dialog, base_of(v->t, dialog, true)))
        add_best(v, from, to, base_of(v->t, dialog, false));
    if (v->t->c.channel.n == 0)
        v->t->c.channel = talk_is(dialog, "type", "text") ? SLICE_LIT("text") : SLICE_LIT("voice");
}

static void find_start(struct talk *t, struct json dialog)
{
    bool has_zone;
    int64_t ms = talk_instant(t, dialog, "start", &has_zone);
    if (ms == MS_NONE || (t->c.started_at_ms != MS_NONE && t->c.started_at_ms <= ms))
        return;
    t->c.started_at_ms = ms;
    t->c.time_origin = has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
}

static void add_turns(struct vcon *v, struct json doc)
{
    struct json dialogs, dialog;
    size_t next = 0;
    int64_t index = 0;
    if (talk_object(doc, "dialog", &dialog)) {
        find_start(v->t, dialog);
        add_dialog(v, dialog, 0, &next);
    } else if (talk_list(doc, "dialog", &dialogs)) {
        for (struct json_iter it = json_iterate(dialogs); json_next(&it, NULL, &dialog);)
            find_start(v->t, dialog);
        for (struct json_iter it = json_iterate(dialogs); json_next(&it, NULL, &dialog);)
            add_dialog(v, dialog, index++, &next);
    }
    if (v->t->c.nturns == 0) /* of a dialog that is not there, or of none */
        add_best(v, 0, v->nanalyses, 0);
    talk_made(v->t, doc, "created_at");
}

enum err_code vcon_parse(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                         const struct reader_sink *sink, struct err *e)
{
    struct talk t;
    struct vcon v = {.t = &t, .room = STRBUF_INIT};
    talk_begin(&t, at, o, a, sink);
    if (is_signed(doc))
        return talk_refuse(&t, "unsupported: a signed vCon (JWS); export it unsigned", e);
    if (is_encrypted(doc))
        return talk_refuse(&t, "unsupported: an encrypted vCon (JWE); export it decrypted", e);
    t.c.external_id = talk_id(&t, doc, "uuid");
    read_parties(&v, doc);
    read_analyses(&v, doc);
    add_turns(&v, doc);
    talk_sort(&t);
    strbuf_free(&v.room);
    if (t.c.nturns == 0)
        return talk_refuse(&t, "a vCon without a transcript: no text in its dialogs, no transcript in its analyses", e);
    return talk_end(&t, e);
}
