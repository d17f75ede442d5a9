#include "ingest/mail_reader.h"

#include <stdio.h>
#include <stdlib.h>

#include "ingest/mail_text.h"
#include "ingest/reply_threads.h"
#include "ingest/text_file.h"

#define MOST_SUBJECT 200

struct mail_reader {
    const char *path;
    const struct reader_options *o;
    const struct reader_sink *sink;
    struct grouper *grouper;
    struct reply_threads *threads;
    struct arena *arena; /* of one message */
    char piece[REPLY_THREADS_NAME_BYTES];
    bool is_used; /* some message was refused, or says something */
};

struct mail_reader *mail_reader_new(const char *path, const struct reader_options *o, const struct reader_sink *sink)
{
    struct mail_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->path = path;
    r->o = o;
    r->sink = sink;
    r->arena = arena_new(0);
    r->grouper = grouper_new(path, 0, sink);
    r->threads = r->grouper != NULL ? reply_threads_new(r->grouper, 0) : NULL;
    if (r->arena != NULL && r->threads != NULL)
        return r;
    mail_reader_free(r);
    return NULL;
}

void mail_reader_free(struct mail_reader *r)
{
    if (r == NULL)
        return;
    reply_threads_free(r->threads);
    grouper_free(r->grouper);
    arena_free(r->arena);
    free(r);
}

/* ---- headers -------------------------------------------------------------------------------------------------------
 */

static bool is_header_name(struct slice x)
{
    size_t n = 0;
    while (n < x.n && ((x.s[n] >= 'A' && x.s[n] <= 'Z') || (x.s[n] >= 'a' && x.s[n] <= 'z') || x.s[n] == '-' ||
                       x.s[n] == '_' || (x.s[n] >= '0' && x.s[n] <= '9')))
        n++;
    return n > 0 && n < x.n && x.s[n] == ':';
}

static bool is_header(struct slice x, const char *name) /* name: lower case, with its ":" */
{
    size_t n = strlen(name), i = 0;
    while (i < n && i < x.n && (x.s[i] == name[i] || (x.s[i] | 0x20) == name[i]))
        i++;
    return i == n;
}

bool mail_reader_has_headers(struct slice x)
{
    struct text_lines l = text_lines_of(x);
    struct slice line;
    bool has_from = false, has_more = false;
    for (bool is_first = true; text_lines_next(&l, &line) && line.n != 0; is_first = false) {
        bool goes_on = !is_first && (line.s[0] == ' ' || line.s[0] == '\t');
        if (!goes_on && !is_header_name(line))
            return false;
        has_from = has_from || is_header(line, "from:") || is_header(line, "sender:");
        has_more = has_more || is_header(line, "date:") || is_header(line, "received:") ||
                   is_header(line, "mime-version:") || is_header(line, "message-id:") || is_header(line, "to:");
    }
    return has_from && has_more;
}

/* ---- messages ------------------------------------------------------------------------------------------------------
 */

static bool same_letters(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char x = a[i], y = b[i];
        if (x >= 'A' && x <= 'Z')
            x = (char)(x | 0x20);
        if (y >= 'A' && y <= 'Z')
            y = (char)(y | 0x20);
        if (x != y)
            return false;
    }
    return true;
}

bool mail_reader_is_own(struct slice address, const char *domains)
{
    while (domains != NULL && *domains != '\0') {
        size_t n = strcspn(domains, ",");
        struct slice domain = slice_trim((struct slice){domains, n});
        if (domain.n > 0 && domain.s[0] == '@')
            domain.s++, domain.n--;
        if (domain.n > 0 && address.n > domain.n &&
            same_letters(address.s + address.n - domain.n, domain.s, domain.n)) {
            char before = address.s[address.n - domain.n - 1];
            if (before == '@' || before == '.')
                return true;
        }
        domains += n + (domains[n] == ',');
    }
    return false;
}

static enum role role_of(const struct mail_reader *r, const struct mail *m)
{
    bool has_domains = r->o->own_domains != NULL && r->o->own_domains[0] != '\0';
    if (m->is_automatic)
        return ROLE_BOT;
    if (!has_domains || m->from_address.n == 0)
        return ROLE_UNKNOWN;
    return mail_reader_is_own(m->from_address, r->o->own_domains) ? ROLE_AGENT : ROLE_CUSTOMER;
}

/* Link what M's headers say; *to is what M answers (maybe empty). */
static enum err_code link_headers(struct mail_reader *r, const struct mail *m, struct slice own, struct slice *to,
                                  struct err *e)
{
    *to = m->in_reply_to;
    for (size_t i = 1; i < m->nreferences; i++)
        if (reply_threads_link(r->threads, m->references[i], m->references[i - 1], e) != ERR_OK)
            return e->code;
    if (m->nreferences > 0)
        *to = m->references[m->nreferences - 1];
    bool is_reply;
    struct slice subject = mail_text_subject(m->subject, &is_reply);
    if (to->n != 0 || subject.n == 0 || subject.n > MOST_SUBJECT)
        return ERR_OK;
    char key[MOST_SUBJECT + 16];
    (void)snprintf(key, sizeof key, "subject: %.*s", SLICE_ARG(subject));
    struct slice node = slice_of(key);
    if (!is_reply) /* answers without References will name it so */
        return reply_threads_link(r->threads, node, own, e);
    *to = arena_dup(r->arena, node);
    return to->s != NULL ? ERR_OK : err_nomem(e);
}

enum err_code mail_reader_add(struct mail_reader *r, struct slice message, long line, struct err *e)
{
    struct place at = {r->path, line, -1};
    struct mail m = {.nreferences = 0};
    char line_id[32];
    arena_reset(r->arena);
    enum err_code rc = mail_parse(message, r->arena, &m, e);
    r->is_used = r->is_used || rc == ERR_INPUT || m.text.n != 0;
    if (rc == ERR_INPUT)
        return r->sink->reject(r->sink->ctx, &at, e->msg, e);
    if (rc != ERR_OK)
        return rc;
    struct grouper_row row = grouper_row_none();
    row.turn.role = role_of(r, &m);
    row.turn.text = m.text;
    row.turn.speaker_id = m.from_address;
    row.turn.speaker_name = m.from_name;
    row.at_ms = m.at_ms;
    row.at_has_zone = true;
    row.about.channel = SLICE_LIT("email");
    if (row.turn.role == ROLE_CUSTOMER)
        row.about.customer_id = m.from_address;
    (void)snprintf(line_id, sizeof line_id, "line %ld", line);
    struct slice own = m.id.n != 0 ? m.id : slice_of(line_id), to;
    reply_threads_name(own, r->piece);
    if (link_headers(r, &m, own, &to, e) != ERR_OK)
        return e->code;
    if (m.text.n == 0) /* only quoted words, or a picture: it still holds its thread together */
        return to.n != 0 ? reply_threads_link(r->threads, own, to, e) : ERR_OK;
    return reply_threads_add(r->threads, &row, line, own, to, SLICE_LIT(""), e);
}

struct slice mail_reader_piece(const struct mail_reader *r)
{
    return slice_of(r->piece);
}

enum err_code mail_reader_finish(struct mail_reader *r, struct err *e)
{
    const struct place at = {r->path, 1, -1};
    if (!r->is_used)
        return r->sink->reject(r->sink->ctx, &at, "nobody says anything in this file", e);
    enum err_code rc = reply_threads_flush(r->threads, e);
    return rc == ERR_OK ? grouper_finish(r->grouper, e) : rc;
}
