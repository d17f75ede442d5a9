#include "ingest/companion.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/array.h"
#include "core/csv.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/strbuf.h"
#include "ingest/labels.h"
#include "ingest/roles.h"
#include "ingest/times.h"

#define MOST_WORD 48

/* Rows by a key, by open addressing: 0 is an empty place, else the row's number + 1. */
struct index {
    uint32_t *places;
    size_t nplaces;
};

struct companions {
    atomic_int refs;
    struct companions *up;
    struct arena *a;
    struct person *people;
    size_t npeople, people_cap;
    struct companion_conversation *conversations;
    size_t nconversations, conversations_cap;
    struct index by_person, by_conversation;
    char dir[];
};

/* ---- names ------------------------------------------------------------------------------------------------------ */

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        c = (char)(c | 0x20);
    return c;
}

/* The letters of the file's name up to its first dot, in lower case; *has_digits: there were digits. */
static void stem_of(const char *path, char out[MOST_WORD], bool *has_digits)
{
    const char *base = strrchr(path, '/');
    size_t n = 0;
    *has_digits = false;
    for (const char *p = base != NULL ? base + 1 : path; *p != '\0' && *p != '.'; p++) {
        char c = lower(*p);
        if (c >= 'a' && c <= 'z' && n < MOST_WORD - 1)
            out[n++] = c;
        *has_digits = *has_digits || (c >= '0' && c <= '9');
    }
    out[n] = '\0';
    static const char *const endings[] = {"data", "export", "table", "list", "history", "dump", "full"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strcmp(out + n - m, endings[i]) == 0) {
            n -= m;
            out[n] = '\0';
            i = (size_t)-1; /* "history_data": from the start again */
        }
    }
}

/* Where WORD stands among WORDS, which have blanks between them and around; NULL if it does not. */
static const char *find_word(const char *word, const char *words)
{
    size_t n = strlen(word);
    for (const char *at = words; n != 0 && (at = strstr(at, word)) != NULL; at++)
        if (at[-1] == ' ' && at[n] == ' ')
            return at;
    return NULL;
}

static bool is_among(const char *word, const char *words)
{
    return find_word(word, words) != NULL;
}

static const char agents_words[] = " agent agents admin admins staff employee employees teammate teammates operator "
                                   "operators advisor advisors rep reps roster ";
static const char customer_words[] =
    " customer customers contact contacts visitor visitors enduser endusers lead leads ";
static const char people_words[] = " user users people person persons member members participant participants speaker "
                                   "speakers actor actors ";
static const char conversation_words[] =
    " conversation conversations chat chats ticket tickets call calls channel channels "
    "group groups dms mpims thread threads interaction interactions case cases ";

bool companion_may_be(const char *path)
{
    char stem[MOST_WORD];
    bool has_digits;
    stem_of(path, stem, &has_digits);
    return is_among(stem, agents_words) || is_among(stem, customer_words) || is_among(stem, people_words) ||
           (!has_digits && (is_among(stem, conversation_words) || strcmp(stem, "integrationlogs") == 0));
}

const char *companion_title(enum companion_kind kind)
{
    static const char *const titles[] = {"", "table of people, for the other files of its folder",
                                         "table of conversations, for the other files of its folder",
                                         "log beside the transcripts, passed over"};
    return titles[kind];
}

/* ---- columns and keys ------------------------------------------------------------------------------------------- */

/* What a column or key says; the words in plain form. */
enum what { IS_ID, IS_NAME, IS_ROLE, IS_START, IS_AGENT, IS_CHANNEL, IS_CUSTOMER, IS_TEXT, WHAT_COUNT };

/* Where one of these stands, there are transcripts. */
static const char person_texts[] =
    " text message msg body content utterance transcript transcription comment chat dialogue conversation "
    "messages turns history comments plainbody ";
static const char conversation_texts[] =
    " text message msg body content utterance transcript transcription comment dialogue messages turns "
    "conversation comments plainbody fulltranscript ";

static const char *const person_words[WHAT_COUNT] = {
    [IS_ID] = " id userid agentid personid speakerid actorid adminid contactid customerid memberid participantid ",
    [IS_NAME] = " name realname fullname displayname username agentname nickname email mail ",
    [IS_ROLE] = " role usertype type persontype kind ",
    [IS_TEXT] = person_texts,
};
static const char *const conversation_columns[WHAT_COUNT] = {
    [IS_ID] = " conversationid chatid ticketid callid contactid interactionid threadid sessionid id ",
    [IS_START] = " createdat startedat created starttime startedon startdate conversationstart ",
    [IS_AGENT] = " assigneeid agentid ownerid adminassigneeid operatorid ",
    [IS_CHANNEL] = " channel viachannel sourcetype mediatype channeltype ",
    [IS_CUSTOMER] = " requesterid customerid visitorid contactid sourceauthorid enduserid ",
    [IS_TEXT] = conversation_texts,
};

static void plain_form(struct slice name, char out[MOST_WORD])
{
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < MOST_WORD - 1; i++) {
        char c = lower(name.s[i]);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out[n++] = c;
    }
    out[n] = '\0';
}

/* The column of HEADER that says WHAT; the first of its words counts that is there. -1: none. */
static int column(const struct csv_record *header, const char *words)
{
    int best = -1;
    const char *best_at = NULL;
    for (size_t i = 0; i < header->nfields && words != NULL; i++) {
        char form[MOST_WORD];
        plain_form(header->fields[i], form);
        const char *at = find_word(form, words);
        if (at != NULL && (best_at == NULL || at < best_at)) {
            best = (int)i;
            best_at = at;
        }
    }
    return best;
}

static enum companion_kind kind_of_header(const char *stem, const struct csv_record *header)
{
    bool is_person = is_among(stem, agents_words) || is_among(stem, customer_words) || is_among(stem, people_words);
    const char *const *words = is_person ? person_words : conversation_columns;
    if (column(header, words[IS_ID]) < 0 || column(header, words[IS_TEXT]) >= 0)
        return COMPANION_NONE;
    if (is_person)
        return column(header, words[IS_NAME]) >= 0 || column(header, words[IS_ROLE]) >= 0 ? COMPANION_PEOPLE
                                                                                          : COMPANION_NONE;
    bool says = column(header, words[IS_START]) >= 0 || column(header, words[IS_AGENT]) >= 0 ||
                column(header, words[IS_CHANNEL]) >= 0;
    return says ? COMPANION_CONVERSATIONS : COMPANION_NONE;
}

/* Is there a transcript in some cell of the first records? */
static bool has_transcript(struct csv_reader *r)
{
    struct csv_record rec;
    struct err e = {.code = ERR_OK};
    bool has = true, found = false;
    for (int n = 0; n < 20 && has && !found; n++) {
        if (csv_read(r, &rec, &has, &e) != ERR_OK)
            break;
        for (size_t i = 0; has && i < rec.nfields && !found; i++)
            found = labels_count(rec.fields[i]) >= 2;
    }
    return found;
}

static enum companion_kind look_csv(const char *stem, struct slice text)
{
    struct slice left = text;
    struct csv_record rec;
    struct err e = {.code = ERR_OK};
    bool has = false;
    enum companion_kind kind = COMPANION_NONE;
    char delimiter = csv_guess_delimiter(text);
    struct csv_reader *r = delimiter != 0 ? csv_reader_new(csv_from_slice, &left, delimiter, text.n + 1) : NULL;
    if (r != NULL && csv_read(r, &rec, &has, &e) == ERR_OK && has && csv_is_sep_hint(&rec))
        has = csv_read(r, &rec, &has, &e) == ERR_OK && has;
    if (has && e.code == ERR_OK)
        kind = kind_of_header(stem, &rec);
    if (kind == COMPANION_CONVERSATIONS && has_transcript(r))
        kind = COMPANION_NONE;
    csv_reader_free(r);
    return kind;
}

/* Is "KEY": in TEXT? */
static bool has_key(struct slice text, const char *key)
{
    size_t n = strlen(key);
    for (const char *p = text.s, *end = text.s + text.n; (p = memchr(p, '"', (size_t)(end - p))) != NULL; p++)
        if ((size_t)(end - p) > n + 2 && memcmp(p + 1, key, n) == 0 && p[n + 1] == '"')
            return true;
    return false;
}

static enum companion_kind look_json(const char *stem, struct slice text)
{
    static const char *const said[] = {"text",     "message",   "messages",           "turns",
                                       "body",     "utterance", "transcript",         "content",
                                       "comments", "history",   "conversation_parts", "Transcript"};
    if (strcmp(stem, "integrationlogs") == 0)
        return has_key(text, "user_id") && has_key(text, "change_type") ? COMPANION_LOG : COMPANION_NONE;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (has_key(text, said[i]))
            return COMPANION_NONE;
    if (is_among(stem, conversation_words))
        return has_key(text, "created") || has_key(text, "created_at") || has_key(text, "members") ||
                       has_key(text, "meta")
                   ? COMPANION_CONVERSATIONS
                   : COMPANION_NONE;
    return has_key(text, "name") || has_key(text, "real_name") || has_key(text, "email") || has_key(text, "meta") ||
                   has_key(text, "role")
               ? COMPANION_PEOPLE
               : COMPANION_NONE;
}

enum companion_kind companion_look(const char *path, struct slice text)
{
    char stem[MOST_WORD];
    bool has_digits;
    struct slice begin = slice_trim(text);
    if (!companion_may_be(path) || begin.n == 0)
        return COMPANION_NONE;
    stem_of(path, stem, &has_digits);
    return begin.s[0] == '{' || begin.s[0] == '[' ? look_json(stem, begin) : look_csv(stem, text);
}

/* ---- tables ----------------------------------------------------------------------------------------------------- */

struct companions *companions_new(const char *dir, struct companions *up)
{
    size_t n = strlen(dir) + 1;
    struct companions *c = calloc(1, sizeof *c + n);
    if (c == NULL || (c->a = arena_new((size_t)16 << 10)) == NULL) {
        free(c);
        return NULL;
    }
    atomic_init(&c->refs, 1);
    memcpy(c->dir, dir, n);
    c->up = companions_ref(up);
    return c;
}

struct companions *companions_ref(struct companions *c)
{
    if (c != NULL)
        atomic_fetch_add(&c->refs, 1);
    return c;
}

void companions_release(struct companions *c)
{
    while (c != NULL && atomic_fetch_sub(&c->refs, 1) == 1) {
        struct companions *up = c->up;
        arena_free(c->a);
        free(c->people);
        free(c->conversations);
        free(c->by_person.places);
        free(c->by_conversation.places);
        free(c);
        c = up;
    }
}

const char *companions_dir(const struct companions *c)
{
    return c->dir;
}

struct companions *companions_up(const struct companions *c)
{
    return c->up;
}

static struct slice key_of(const struct companions *c, bool is_person, size_t row)
{
    return is_person ? c->people[row].id : c->conversations[row].id;
}

static uint32_t *find_place(const struct companions *c, bool is_person, struct slice key)
{
    const struct index *x = is_person ? &c->by_person : &c->by_conversation;
    size_t i = (size_t)hash64(key) & (x->nplaces - 1);
    while (x->places[i] != 0 && !slice_eq(key_of(c, is_person, x->places[i] - 1), key))
        i = (i + 1) & (x->nplaces - 1);
    return &x->places[i];
}

/* Put the N rows into the index again, with room for as many. */
static bool index_rows(struct companions *c, bool is_person, size_t n)
{
    struct index *x = is_person ? &c->by_person : &c->by_conversation;
    if (2 * n <= x->nplaces)
        return true;
    size_t size = 128;
    while (size < 4 * n)
        size *= 2;
    uint32_t *places = calloc(size, sizeof *places);
    if (places == NULL)
        return false;
    free(x->places);
    *x = (struct index){places, size};
    for (size_t i = 0; i + 1 < n; i++) /* the last row is put in by the caller */
        *find_place(c, is_person, key_of(c, is_person, i)) = (uint32_t)(i + 1);
    return true;
}

static bool copy(struct arena *a, struct slice *x)
{
    *x = x->n != 0 ? arena_dup(a, *x) : (struct slice){"", 0};
    return x->s != NULL;
}

/* A later row of an id replaces the earlier one: tables of histories are in the order of time. */
static enum err_code add_person(struct companions *c, struct person p, struct err *e)
{
    if (p.id.n == 0)
        return ERR_OK;
    if (!array_grow(&c->people, c->npeople, &c->people_cap, sizeof p) || !copy(c->a, &p.id) || !copy(c->a, &p.name))
        return err_nomem(e);
    c->people[c->npeople] = p;
    if (!index_rows(c, true, c->npeople + 1))
        return err_nomem(e);
    uint32_t *place = find_place(c, true, p.id);
    if (*place != 0)
        c->people[*place - 1] = p;
    else
        *place = (uint32_t)++c->npeople;
    return ERR_OK;
}

static enum err_code add_conversation(struct companions *c, struct companion_conversation x, struct err *e)
{
    if (x.id.n == 0)
        return ERR_OK;
    if (!array_grow(&c->conversations, c->nconversations, &c->conversations_cap, sizeof x) || !copy(c->a, &x.id) ||
        !copy(c->a, &x.agent_id) || !copy(c->a, &x.channel) || !copy(c->a, &x.customer_id))
        return err_nomem(e);
    c->conversations[c->nconversations] = x;
    if (!index_rows(c, false, c->nconversations + 1))
        return err_nomem(e);
    uint32_t *place = find_place(c, false, x.id);
    if (*place != 0)
        c->conversations[*place - 1] = x;
    else
        *place = (uint32_t)++c->nconversations;
    return ERR_OK;
}

/* The role of everybody in a table of that name; ROLE_UNKNOWN if the name does not say. */
static enum role role_of_stem(const char *path)
{
    char stem[MOST_WORD];
    bool has_digits;
    stem_of(path, stem, &has_digits);
    return is_among(stem, agents_words) ? ROLE_AGENT : is_among(stem, customer_words) ? ROLE_CUSTOMER : ROLE_UNKNOWN;
}

/* ---- reading CSV ------------------------------------------------------------------------------------------------ */

static struct slice cell(const struct csv_record *rec, int at)
{
    return at >= 0 && (size_t)at < rec->nfields ? slice_trim(rec->fields[at]) : (struct slice){"", 0};
}

static enum err_code add_row(struct companions *c, enum companion_kind kind, enum role role, const int at[WHAT_COUNT],
                             const struct csv_record *rec, struct err *e)
{
    if (kind == COMPANION_PEOPLE) {
        struct person p = {cell(rec, at[IS_ID]), cell(rec, at[IS_NAME]), role};
        enum role told = roles_of(cell(rec, at[IS_ROLE]));
        p.role = told != ROLE_UNKNOWN ? told : role;
        return add_person(c, p, e);
    }
    struct companion_conversation x = {.id = cell(rec, at[IS_ID]),
                                       .agent_id = cell(rec, at[IS_AGENT]),
                                       .channel = cell(rec, at[IS_CHANNEL]),
                                       .customer_id = cell(rec, at[IS_CUSTOMER]),
                                       .started_at_ms = MS_NONE};
    if (!times_parse(cell(rec, at[IS_START]), NULL, &x.started_at_ms, &x.has_zone))
        x.started_at_ms = MS_NONE;
    return add_conversation(c, x, e);
}

static enum err_code add_csv(struct companions *c, enum companion_kind kind, const char *path, struct slice text,
                             struct err *e)
{
    struct slice left = text;
    struct csv_record rec;
    int at[WHAT_COUNT];
    bool has = true, has_header = false;
    enum err_code rc = ERR_OK;
    struct csv_reader *r = csv_reader_new(csv_from_slice, &left, csv_guess_delimiter(text), (size_t)1 << 20);
    if (r == NULL)
        return err_nomem(e);
    while (has && rc == ERR_OK) {
        rc = csv_read(r, &rec, &has, e);
        if (rc == ERR_INPUT && csv_reader_can_go_on(r)) {
            rc = ERR_OK;
            continue;
        }
        if (rc != ERR_OK || !has || (!has_header && csv_is_sep_hint(&rec)))
            continue;
        if (has_header) {
            rc = add_row(c, kind, role_of_stem(path), at, &rec, e);
            continue;
        }
        const char *const *words = kind == COMPANION_PEOPLE ? person_words : conversation_columns;
        for (int w = 0; w < WHAT_COUNT; w++)
            at[w] = column(&rec, words[w]);
        has_header = true;
    }
    csv_reader_free(r);
    return rc == ERR_INPUT ? ERR_OK : rc;
}

/* ---- reading JSON ----------------------------------------------------------------------------------------------- */

static struct slice text_of(struct json v, const char *key, char room[JSON_TEXT_BYTES])
{
    struct json x;
    struct slice out;
    return json_get(v, key, &x) && json_text(x, room, &out) ? slice_trim(out) : (struct slice){"", 0};
}

/* The first of KEYS (a NULL ends them) that is there. */
static struct slice first_of(struct json v, const char *const *keys, char room[JSON_TEXT_BYTES])
{
    for (; *keys != NULL; keys++) {
        struct slice x = text_of(v, *keys, room);
        if (x.n != 0)
            return x;
    }
    return (struct slice){"", 0};
}

/* One person or conversation; KEY is its id where it is a member of an object. */
static enum err_code add_item(struct companions *c, enum companion_kind kind, enum role role, struct slice key,
                              struct json v, struct err *e)
{
    static const char *const ids[] = {"id", "user_id", "agent_id", NULL};
    static const char *const real_names[] = {"real_name", "full_name", NULL};
    static const char *const names[] = {"display_name", "name", "email", NULL};
    static const char *const roles[] = {"role", "type", "user_type", NULL};
    static const char *const starts[] = {"created_at", "created", "started_at", NULL};
    static const char *const channels[] = {"channel", NULL};
    char rooms[4][JSON_TEXT_BYTES];
    struct json meta;
    bool is_bot = false;
    if (json_get(v, "is_bot", &meta) && json_bool(meta, &is_bot) && is_bot)
        role = ROLE_BOT;
    struct slice id = key.n != 0 ? key : first_of(v, ids, rooms[0]);
    struct slice word = first_of(v, roles, rooms[2]);
    if (kind == COMPANION_PEOPLE) {
        if (word.n == 0 && json_get(v, "meta", &meta))
            word = first_of(meta, roles, rooms[2]);
        struct slice name = first_of(v, real_names, rooms[1]);
        bool has_profile = json_get(v, "profile", &meta);
        if (name.n == 0 && has_profile) /* Slack's "name" is a handle */
            name = first_of(meta, real_names, rooms[1]);
        if (name.n == 0)
            name = first_of(v, names, rooms[1]);
        if (name.n == 0 && has_profile)
            name = first_of(meta, names, rooms[1]);
        struct person p = {id, name, roles_of(word) != ROLE_UNKNOWN ? roles_of(word) : role};
        return add_person(c, p, e);
    }
    struct companion_conversation x = {.id = id, .channel = first_of(v, channels, rooms[1]), .started_at_ms = MS_NONE};
    if (!times_parse(first_of(v, starts, rooms[3]), NULL, &x.started_at_ms, &x.has_zone))
        x.started_at_ms = MS_NONE;
    return add_conversation(c, x, e);
}

/* An array of items; an object with a list of them under some key; or an object whose members they are, by id. */
static enum err_code add_document(struct companions *c, enum companion_kind kind, enum role role, struct json doc,
                                  struct err *e)
{
    struct json_iter it = json_iterate(doc);
    struct slice key;
    struct json v;
    enum err_code rc = ERR_OK;
    bool is_object = json_type_of(doc) == JSON_OBJECT, is_single = false;
    if (is_object)
        is_single = json_get(doc, "id", &v) || json_get(doc, "user_id", &v);
    if (is_single)
        return add_item(c, kind, role, (struct slice){"", 0}, doc, e);
    while (rc == ERR_OK && json_next(&it, &key, &v)) {
        if (json_type_of(v) == JSON_OBJECT)
            rc = add_item(c, kind, role, is_object ? key : (struct slice){"", 0}, v, e);
        else if (is_object && json_type_of(v) == JSON_ARRAY)
            rc = add_document(c, kind, role, v, e);
    }
    return rc;
}

/* The whole text is one document, or each line is one. */
static enum err_code add_json(struct companions *c, enum companion_kind kind, const char *path, struct slice text,
                              struct err *e)
{
    struct json_parser *p = json_parser_new();
    struct err why = {.code = ERR_OK};
    struct json doc;
    enum role role = role_of_stem(path);
    if (p == NULL)
        return err_nomem(e);
    enum err_code rc = json_parse(p, text, &doc, &why);
    if (rc == ERR_OK)
        rc = add_document(c, kind, role, doc, e);
    else if (rc == ERR_INPUT)
        rc = ERR_OK;
    for (size_t at = 0; why.code == ERR_INPUT && rc == ERR_OK && at < text.n;) {
        const char *end = memchr(text.s + at, '\n', text.n - at);
        size_t n = end != NULL ? (size_t)(end - text.s) - at : text.n - at;
        struct slice line = slice_trim((struct slice){text.s + at, n});
        struct err ignored = {.code = ERR_OK};
        if (line.n != 0 && json_parse(p, line, &doc, &ignored) == ERR_OK)
            rc = add_document(c, kind, role, doc, e);
        at += n + 1;
    }
    if (rc == ERR_NOMEM && e->code == ERR_OK)
        *e = why;
    json_parser_free(p);
    return rc;
}

enum err_code companions_add(struct companions *c, enum companion_kind kind, const char *path, struct slice text,
                             struct err *e)
{
    struct slice begin = slice_trim(text);
    if (begin.n == 0 || kind == COMPANION_NONE || kind == COMPANION_LOG)
        return ERR_OK;
    return begin.s[0] == '{' || begin.s[0] == '[' ? add_json(c, kind, path, text, e) : add_csv(c, kind, path, text, e);
}

/* ---- looking up ------------------------------------------------------------------------------------------------- */

const struct person *companions_person(const struct companions *c, struct slice id)
{
    for (; c != NULL && id.n != 0; c = c->up) {
        uint32_t place = c->by_person.nplaces != 0 ? *find_place(c, true, id) : 0;
        if (place != 0)
            return &c->people[place - 1];
    }
    return NULL;
}

const struct companion_conversation *companions_conversation(const struct companions *c, struct slice id)
{
    for (; c != NULL && id.n != 0; c = c->up) {
        uint32_t place = c->by_conversation.nplaces != 0 ? *find_place(c, false, id) : 0;
        if (place != 0)
            return &c->conversations[place - 1];
    }
    return NULL;
}
