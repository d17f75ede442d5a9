#include "report/exchange.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/utf8.h"
#include "report/exchange_load.h"

enum { MAX_TURN_BYTES = 1600, QUOTE_BYTES = 600 }; /* of a turn's text that are shown */

const char *exchange_id(struct exchange x, char out[EXCHANGE_ID_BYTES])
{
    (void)snprintf(out, EXCHANGE_ID_BYTES, "c%" PRId64 "-t%" PRId64, x.conversation, x.turn);
    return out;
}

static const char *outcome_words(struct slice outcome)
{
    if (slice_is(outcome, "disputed"))
        return "disputed to the end";
    if (slice_is(outcome, "hostile"))
        return "the customer became hostile";
    if (slice_is(outcome, "accepted"))
        return "accepted in the end";
    if (slice_is(outcome, "silent"))
        return "no answer";
    return "";
}

static const char *style_words(struct slice style)
{
    return slice_is(style, "offrecord") ? "off the record" : NULL;
}

static void put_style(struct html *h, struct slice style)
{
    const char *words = style_words(style);
    if (words != NULL)
        html_puts(h, words);
    else
        html_text(h, style);
}

static enum err_code put_entry(struct store *db, struct html *h, const struct naming *naming, const struct evidence *ev,
                               struct exchange x, struct err *e)
{
    char id[EXCHANGE_ID_BYTES + 1] = "#", name[NAMING_BYTES];
    bool has;
    struct stmt *s = exchange_head(db, x);
    enum err_code rc = stmt_step(s, &has, e);
    if (rc != ERR_OK || !has)
        return rc;
    bool is_link = evidence_is_cited(ev, x);
    html_open(h, "li");
    html_open(h, is_link ? "a" : "span");
    if (is_link) {
        (void)exchange_id(x, id + 1);
        html_attr(h, "href", id);
    }
    html_words(h, stmt_text(s, 1));
    html_close(h, is_link ? "a" : "span");
    html_open_class(h, "span", "small");
    if (stmt_text(s, 6).n != 0) {
        html_words(h, stmt_text(s, 6));
        html_literal(h, ", ");
        put_style(h, stmt_text(s, 7));
        html_puts(h, stmt_int(s, 13) != 0 ? " (uncertain)" : "");
    }
    struct slice agent = naming_name(naming, stmt_text(s, 5), stmt_text(s, 12), name);
    if (agent.n != 0) {
        html_literal(h, " \xc2\xb7 ");
        html_words(h, agent);
    }
    html_close(h, "span");
    html_close(h, "li");
    return stmt_step(s, &has, e);
}

static enum err_code put_list(struct store *db, struct html *h, const struct naming *naming, const struct evidence *ev,
                              size_t place, struct err *e)
{
    size_t n, nlists;
    const struct evidence_list *l = &evidence_lists(ev, &nlists)[place];
    const struct exchange *best = evidence_best(ev, l->of, l->key, l->key2, &n);
    char id[32], heading[40];
    (void)snprintf(id, sizeof id, "n%zu", place);
    (void)snprintf(heading, sizeof heading, "%s-h", id);
    html_open_class(h, "article", "exchange list");
    html_attr(h, "id", id);
    html_attr(h, "aria-labelledby", heading);
    html_literal(h, "<a class=\"close\" href=\"#closed\">Close</a>");
    html_open_class(h, "h3", "where");
    html_attr(h, "id", heading);
    html_words(h, slice_of(l->title));
    html_close(h, "h3");
    html_open_class(h, "p", "meta");
    if (l->all > (int64_t)n) {
        html_textf(h, "%zu of ", n);
        html_grouped(h, l->all);
        html_literal(h, ", the most telling first; \"broach report --episodes\" lists all");
    } else {
        html_textf(h, n == 1 ? "This one:" : "All %zu:", n);
    }
    html_close(h, "p");
    html_open_class(h, "ol", "links");
    for (size_t i = 0; i < n; i++) {
        enum err_code rc = put_entry(db, h, naming, ev, best[i], e);
        if (rc != ERR_OK)
            return rc;
    }
    html_close(h, "ol");
    html_close(h, "article");
    html_literal(h, "\n");
    return ERR_OK;
}

enum err_code exchange_write_lists(struct store *db, struct html *h, const struct naming *naming,
                                   const struct evidence *ev, struct err *e)
{
    enum err_code rc = ERR_OK;
    size_t n;
    (void)evidence_lists(ev, &n);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        rc = put_list(db, h, naming, ev, i, e);
    return rc;
}

static bool is_inside_character(struct slice text, size_t at)
{
    return at < text.n && ((unsigned char)text.s[at] & 0xC0) == 0x80;
}

/* The part of a long text that is shown: it begins a little before the first marked word. */
static struct span window_of(struct slice text, const struct exchange_hit *hits, size_t nhits, uint32_t most)
{
    struct span w = {0, (uint32_t)text.n};
    if (text.n <= most)
        return w;
    if (nhits > 0 && hits[0].span.from > most / 2 && hits[0].span.from < text.n)
        w.from = hits[0].span.from - most / 4;
    while (is_inside_character(text, w.from))
        w.from++;
    struct slice rest = {text.s + w.from, text.n - w.from};
    w.to = w.from + (uint32_t)utf8_cut(rest, most).n;
    return w;
}

static void put_left_out(struct html *h, size_t bytes)
{
    if (bytes == 0)
        return;
    html_open_class(h, "bdi", "cut"); /* so that a mark of direction in the turn cannot turn it */
    html_literal(h, " \xe2\x80\xa6 (");
    html_grouped(h, (int64_t)bytes);
    html_literal(h, " bytes left out) ");
    html_close(h, "bdi");
}

/* What the hits say that stand in the words of HIT, as many as there is room for: "style +2.5 (refusal.cannot), ...".
 */
static void put_reasons(struct html *h, const struct exchange_hit *hit, const struct exchange_hit *hits, size_t nhits)
{
    char text[400];
    size_t n = 0;
    for (size_t i = 0; i < nhits; i++) {
        if (!exchange_hits_overlap(hit, &hits[i]))
            continue;
        int more = snprintf(text + n, sizeof text - n, "%s%.*s %+.1f (%.*s)", n > 0 ? ", " : "",
                            SLICE_ARG(hits[i].kind), hits[i].weight, SLICE_ARG(hits[i].cue));
        if (more < 0 || (size_t)more >= sizeof text - n)
            break;
        n += (size_t)more;
    }
    html_attr_words(h, "title", (struct slice){text, n});
}

static void put_mark(struct html *h, const struct exchange_hit *hit, const struct exchange_hit *hits, size_t nhits,
                     struct slice words)
{
    html_open(h, "mark");
    html_attr_words(h, "class", hit->weight < 0 ? (struct slice)SLICE_LIT("against") : hit->kind);
    put_reasons(h, hit, hits, nhits);
    html_text(h, words);
    html_close(h, "mark");
}

/* TEXT with its marks. Spans that begin in an earlier one give way to it; those beyond the text are left out. */
static void put_marked(struct html *h, struct slice text, const struct exchange_hit *hits, size_t nhits, uint32_t most)
{
    struct span w = window_of(text, hits, nhits, most);
    size_t at = w.from;
    put_left_out(h, w.from);
    for (size_t i = 0; i < nhits; i++) {
        size_t from = hits[i].span.from, to = hits[i].span.to;
        while (is_inside_character(text, from) && from > 0)
            from--;
        while (is_inside_character(text, to))
            to++;
        if (!hits[i].is_marked || from < at || to > w.to || from >= to)
            continue;
        html_text(h, (struct slice){text.s + at, from - at});
        put_mark(h, &hits[i], hits, nhits, (struct slice){text.s + from, to - from});
        at = to;
    }
    html_text(h, (struct slice){text.n != 0 ? text.s + at : "", w.to - at});
    put_left_out(h, text.n - w.to);
}

static const char *role_words(enum role r)
{
    static const char *const words[ROLE_COUNT] = {"Unknown", "Agent", "Customer", "Bot", "System", "Note"};
    return words[r];
}

static void put_turn_tags(struct html *h, const struct loaded *l, int64_t turn)
{
    for (size_t i = 0; i < l->ntags; i++) {
        const struct exchange_tag *t = &l->tags[i];
        if (t->turn != turn)
            continue;
        html_open_class(h, "span", t->is_delivery ? "tag told" : "tag reacts");
        if (t->is_delivery) {
            html_words(h, t->title);
            html_literal(h, ": ");
            put_style(h, t->word);
        } else if (slice_is(t->word, "dispute")) {
            html_literal(h, "disputes");
        } else {
            html_text(h, t->word);
        }
        html_puts(h, t->is_uncertain ? " (uncertain)" : "");
        html_close(h, "span");
    }
}

/* The words of TURN, at most MOST bytes of them, with the deciding ones marked. */
static void put_turn_text(struct html *h, const struct loaded *l, int64_t turn, uint32_t most)
{
    size_t first = 0, n = 0;
    while (first < l->nhits && l->hits[first].turn < turn)
        first++;
    while (first + n < l->nhits && l->hits[first + n].turn == turn)
        n++;
    put_marked(h, l->c.turns[turn].text, l->hits + first, n, most);
}

static void put_turn(struct html *h, const struct loaded *l, int64_t turn)
{
    const struct turn *t = &l->c.turns[turn];
    html_open(h, "li");
    html_attr(h, "class", turn == l->x.turn ? "turn here" : "turn");
    html_attr(h, "data-role", role_name(t->role));
    html_open_class(h, "p", "who");
    html_element(h, "b", role_words(t->role));
    char code[NAMING_BYTES];
    struct slice name = t->speaker_name.n != 0 ? t->speaker_name : t->speaker_id;
    if (t->role == ROLE_AGENT) /* who has no name of his own in the export is the conversation's agent */
        name = naming_name(l->naming, name, t->speaker_id.n != 0 ? t->speaker_id : name, code);
    if (name.n != 0 && t->role != ROLE_CUSTOMER) {
        html_literal(h, " ");
        html_words(h, name);
    }
    html_open_class(h, "span", "no");
    html_textf(h, " turn %" PRId64, turn);
    html_close(h, "span");
    put_turn_tags(h, l, turn);
    html_close(h, "p");
    html_open_class(h, "p", "said");
    html_attr(h, "dir", "auto"); /* a paragraph: whatever marks of direction the turn holds end with it */
    put_turn_text(h, l, turn, MAX_TURN_BYTES);
    html_close(h, "p");
    html_close(h, "li");
}

static void put_gap(struct html *h, int64_t turns)
{
    if (turns <= 0)
        return;
    html_open_class(h, "li", "leap");
    html_textf(h, "%" PRId64 " turn%s left out", turns, turns == 1 ? "" : "s");
    html_close(h, "li");
}

static void put_head(struct html *h, const struct loaded *l, const char *id)
{
    html_open_class(h, "h3", "where");
    html_attr(h, "id", id);
    html_words(h, l->title.n != 0 ? l->title : l->external_id);
    html_close(h, "h3");
    html_open_class(h, "p", "meta");
    html_literal(h, "Conversation ");
    html_words(h, l->external_id);
    html_literal(h, " (");
    html_words(h, l->source);
    html_literal(h, ")");
    const struct slice parts[] = {l->started_at, l->channel, l->agent};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].n == 0)
            continue;
        html_literal(h, " \xc2\xb7 ");
        html_words(h, parts[i]);
    }
    html_close(h, "p");
    html_open_class(h, "p", "verdict");
    if (l->style.n != 0) {
        html_literal(h, "Told: ");
        html_open(h, "b");
        put_style(h, l->style);
        html_close(h, "b");
    }
    if (l->is_uncertain)
        html_literal(h, " (uncertain)");
    if (l->outcome.n != 0) {
        html_literal(h, " \xc2\xb7 ");
        html_puts(h, outcome_words(l->outcome));
    }
    html_close(h, "p");
}

static void put_exchange(struct html *h, const struct loaded *l)
{
    char id[EXCHANGE_ID_BYTES], heading[EXCHANGE_ID_BYTES + 2];
    (void)exchange_id(l->x, id);
    (void)snprintf(heading, sizeof heading, "%s-h", id);
    html_open_class(h, "article", "exchange");
    html_attr(h, "id", id);
    html_attr(h, "aria-labelledby", heading);
    html_literal(h, "<a class=\"close\" href=\"#closed\">Close</a>");
    put_head(h, l, heading);
    html_open_class(h, "ol", "turns");
    for (int64_t t = l->from; t < l->to; t++)
        put_turn(h, l, t);
    if (l->dispute_turn >= l->to && l->dispute_turn < l->c.nturns) {
        put_gap(h, l->dispute_turn - l->to);
        put_turn(h, l, l->dispute_turn);
    }
    html_close(h, "ol");
    html_close(h, "article");
    html_literal(h, "\n");
}

enum err_code exchange_write_cited(struct store *db, struct html *h, const struct naming *naming,
                                   const struct evidence *ev, struct err *e)
{
    enum err_code rc = ERR_OK;
    size_t n;
    const struct exchange *cited = evidence_cited(ev, &n);
    struct arena *a = arena_new(0);
    if (a == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        struct loaded *l = NULL;
        rc = exchange_load(db, naming, a, cited[i], &l, e);
        if (rc == ERR_OK)
            put_exchange(h, l);
        arena_reset(a);
    }
    arena_free(a);
    return rc;
}

/* The part of a quotation: who speaks, and the words. */
static void put_quoted_turn(struct html *h, const struct loaded *l, int64_t turn, const char *who)
{
    html_open_class(h, "p", "said");
    html_attr(h, "dir", "auto");
    html_open_class(h, "span", "speaker");
    html_puts(h, who);
    html_close(h, "span");
    html_literal(h, " ");
    put_turn_text(h, l, turn, QUOTE_BYTES);
    html_close(h, "p");
}

enum err_code exchange_quote(struct store *db, struct html *h, const struct naming *naming, const struct evidence *ev,
                             struct exchange x, struct err *e)
{
    char id[EXCHANGE_ID_BYTES + 1] = "#";
    struct loaded *l = NULL;
    struct arena *a = arena_new(0);
    if (a == NULL)
        return err_nomem(e);
    enum err_code rc = exchange_load(db, naming, a, x, &l, e);
    if (rc == ERR_OK) {
        int64_t answer = l->dispute_turn >= 0 ? l->dispute_turn : x.turn + 1;
        html_open_class(h, "blockquote", "quote");
        put_quoted_turn(h, l, x.turn, "Agent:");
        if (answer > x.turn && answer < l->c.nturns && l->c.turns[answer].role == ROLE_CUSTOMER)
            put_quoted_turn(h, l, answer, "Customer:");
        if (evidence_is_cited(ev, x)) {
            html_open_class(h, "p", "more");
            html_open(h, "a");
            (void)exchange_id(x, id + 1);
            html_attr(h, "href", id);
            html_literal(h, "The whole exchange");
            html_open_class(h, "span", "unseen");
            html_literal(h, " of conversation ");
            html_words(h, l->external_id);
            html_close(h, "span");
            html_close(h, "a");
            html_close(h, "p");
        }
        html_close(h, "blockquote");
    }
    arena_free(a);
    return rc;
}
