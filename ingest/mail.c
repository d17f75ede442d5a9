#include "ingest/mail.h"

#include <gmime/gmime.h>
#include <pthread.h>

#include "core/model.h"
#include "core/utf8.h"
#include "ingest/html_text.h"
#include "ingest/mail_text.h"

#define MOST_PARTS 1000 /* of a message that are looked at */

/* The texts of a message. */
struct bodies {
    struct strbuf plain, html;
    size_t nparts;
};

static void start(void)
{
    g_mime_init();
}

/* ---- parts ---------------------------------------------------------------------------------------------------------
 */

static bool is_attachment(GMimeObject *part)
{
    const char *disposition = g_mime_object_get_disposition(part) != NULL ? g_mime_object_get_disposition(part) : "";
    return g_ascii_strcasecmp(disposition, GMIME_DISPOSITION_ATTACHMENT) == 0;
}

/* The bytes of PART, its transfer encoding undone. */
static void add_bytes(GMimePart *part, struct strbuf *out)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GByteArray *bytes = content != NULL ? g_byte_array_new() : NULL;
    if (bytes == NULL)
        return;
    GMimeStream *to = g_mime_stream_mem_new_with_byte_array(bytes); /* owns it */
    (void)g_mime_data_wrapper_write_to_stream(content, to);
    strbuf_add(out, bytes->data, bytes->len);
    g_object_unref(to);
}

/* The text of PART in UTF-8, and a line end behind it. */
static void add_text(GMimePart *part, struct strbuf *out)
{
    struct strbuf raw = STRBUF_INIT;
    GMimeContentEncoding encoding = g_mime_part_get_content_encoding(part);
    bool is_packed = encoding == GMIME_CONTENT_ENCODING_BASE64 || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
                     encoding == GMIME_CONTENT_ENCODING_UUENCODE;
    if (is_packed && GMIME_IS_TEXT_PART(part)) {
        char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
        strbuf_puts(&raw, text != NULL ? text : "");
        g_free(text);
    } else {
        add_bytes(part, &raw);
    }
    (void)utf8_repair(strbuf_slice(&raw), out);
    strbuf_putc(out, '\n');
    out->failed = out->failed || strbuf_failed(&raw);
    strbuf_free(&raw);
}

static void take_part(GMimeObject *part, struct bodies *b)
{
    GMimeContentType *type = g_mime_object_get_content_type(part);
    if (!GMIME_IS_PART(part) || is_attachment(part))
        return;
    if (type == NULL || g_mime_content_type_is_type(type, "text", "plain"))
        add_text(GMIME_PART(part), &b->plain);
    else if (g_mime_content_type_is_type(type, "text", "html"))
        add_text(GMIME_PART(part), &b->html);
}

/* All parts but those of attached messages. GMime nests no deeper than 1024. */
static void walk(GMimeObject *object, struct bodies *b)
{
    if (++b->nparts > MOST_PARTS)
        return;
    if (!GMIME_IS_MULTIPART(object)) {
        take_part(object, b);
        return;
    }
    int n = g_mime_multipart_get_count(GMIME_MULTIPART(object));
    for (int i = 0; i < n && b->nparts <= MOST_PARTS; i++)
        walk(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), b);
}

static enum err_code read_text(GMimeMessage *message, struct arena *a, struct mail *out, struct err *e)
{
    struct bodies b = {STRBUF_INIT, STRBUF_INIT, 0};
    struct strbuf text = STRBUF_INIT, own = STRBUF_INIT;
    GMimeObject *top = g_mime_message_get_mime_part(message);
    if (top != NULL)
        walk(top, &b);
    struct slice body = strbuf_slice(&b.plain);
    if (slice_trim(body).n == 0) {
        html_to_text_unquoted(strbuf_slice(&b.html), &text);
        body = strbuf_slice(&text);
    }
    mail_text_own(body, &own);
    out->text = arena_dup(a, strbuf_slice(&own));
    bool is_good = out->text.s != NULL && !strbuf_failed(&b.plain) && !strbuf_failed(&b.html) &&
                   !strbuf_failed(&text) && !strbuf_failed(&own);
    strbuf_free(&b.plain);
    strbuf_free(&b.html);
    strbuf_free(&text);
    strbuf_free(&own);
    return is_good ? ERR_OK : err_nomem(e);
}

/* ---- headers -------------------------------------------------------------------------------------------------------
 */

/* A copy of the C string S, repaired; *failed if memory is gone. */
static struct slice keep(struct arena *a, const char *s, bool *failed)
{
    struct strbuf b = STRBUF_INIT;
    if (s == NULL)
        return SLICE_LIT("");
    (void)utf8_repair(slice_of(s), &b);
    struct slice x = arena_dup(a, strbuf_slice(&b));
    *failed = *failed || x.s == NULL || strbuf_failed(&b);
    strbuf_free(&b);
    return x.s != NULL ? slice_trim(x) : SLICE_LIT("");
}

/* The first person of LIST, groups looked into. */
static InternetAddressMailbox *first_mailbox(InternetAddressList *list)
{
    int n = list != NULL ? internet_address_list_length(list) : 0;
    for (int i = 0; i < n; i++) {
        InternetAddress *x = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_MAILBOX(x))
            return INTERNET_ADDRESS_MAILBOX(x);
    }
    return NULL;
}

static void read_sender(GMimeMessage *message, struct arena *a, struct mail *out, bool *failed)
{
    InternetAddressMailbox *who = first_mailbox(g_mime_message_get_from(message));
    who = who != NULL ? who : first_mailbox(g_mime_message_get_sender(message));
    if (who == NULL)
        return;
    char *address = g_ascii_strdown(internet_address_mailbox_get_addr(who), -1);
    out->from_address = keep(a, address, failed);
    out->from_name = keep(a, internet_address_get_name(INTERNET_ADDRESS(who)), failed);
    g_free(address);
}

/* The next "<id>" of X, which is used up; false behind the last. */
static bool next_id(struct slice *x, struct slice *id)
{
    const char *open = x->n != 0 ? memchr(x->s, '<', x->n) : NULL;
    if (open == NULL)
        return false;
    size_t left = x->n - (size_t)(open - x->s);
    const char *close = memchr(open, '>', left);
    if (close == NULL)
        return false;
    *id = slice_trim((struct slice){open + 1, (size_t)(close - open) - 1});
    *x = (struct slice){close + 1, left - (size_t)(close + 1 - open)};
    return true;
}

static void read_references(GMimeObject *object, struct arena *a, struct mail *out, bool *failed)
{
    struct slice id, x = keep(a, g_mime_object_get_header(object, "References"), failed);
    while (next_id(&x, &id)) {
        if (id.n == 0)
            continue;
        size_t at = out->nreferences < MAIL_MOST_REFERENCES ? out->nreferences++ : MAIL_MOST_REFERENCES - 1;
        out->references[at] = id;
    }
    x = keep(a, g_mime_object_get_header(object, "In-Reply-To"), failed);
    if (next_id(&x, &id))
        out->in_reply_to = id;
}

static bool says(GMimeObject *object, const char *header, const char * not )
{
    const char *value = g_mime_object_get_header(object, header);
    return value != NULL && g_ascii_strcasecmp(value, not ) != 0;
}

static enum err_code read_message(GMimeMessage *message, struct arena *a, struct mail *out, struct err *e)
{
    bool failed = false;
    GMimeObject *object = GMIME_OBJECT(message);
    GDateTime *date = g_mime_message_get_date(message);
    *out = (struct mail){.at_ms = date != NULL ? g_date_time_to_unix(date) * 1000 : MS_NONE};
    read_sender(message, a, out, &failed);
    out->subject = keep(a, g_mime_message_get_subject(message), &failed);
    out->id = keep(a, g_mime_message_get_message_id(message), &failed);
    read_references(object, a, out, &failed);
    out->is_automatic = says(object, "Auto-Submitted", "no") || says(object, "X-Autoreply", "no");
    if (failed)
        return err_nomem(e);
    if (out->from_address.n == 0 && date == NULL)
        return err_set(e, ERR_INPUT, "no mail: it has neither From nor Date");
    return read_text(message, a, out, e);
}

enum err_code mail_parse(struct slice message, struct arena *a, struct mail *out, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, start);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(message.s, message.n);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_format(parser, GMIME_FORMAT_MESSAGE);
    GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);
    enum err_code rc =
        m != NULL ? read_message(m, a, out, e) : err_set(e, ERR_INPUT, "no mail: its headers cannot be read");
    if (m != NULL)
        g_object_unref(m);
    g_object_unref(parser);
    g_object_unref(stream);
    return rc;
}
