#include "report/exchange.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/model.h"
#include "core/utf8.h"
#include "store/store.h"

enum {
    TURNS_BEFORE = 2,
    TURNS_AFTER = 4,
    MAX_TAGS = 64,        /* of one exchange */
    MAX_HITS = 256,       /* of one exchange */
    MAX_TURN_BYTES = 1600 /* of a turn's text that is shown */
};

struct exchange_tag {
    int64_t turn;
    bool is_delivery;
    struct slice word, title;
};

struct exchange_hit {
    int64_t turn;
    struct span span;
    struct slice kind, cue;
};

/* What is loaded of one exchange, in an arena. */
struct loaded {
    struct exchange x;
    const struct naming *naming;
    struct conversation c;
    struct slice source, external_id, started_at, channel, agent, title, style, outcome;
    int64_t dispute_turn; /* -1: none */
    struct exchange_tag tags[MAX_TAGS];
    struct exchange_hit hits[MAX_HITS];
    size_t ntags, nhits;
    bool has_lost; /* memory ran out while copying */
};

const char *exchange_id(struct exchange x, char out[EXCHANGE_ID_BYTES])
{
    (void)snprintf(out, EXCHANGE_ID_BYTES, "c%" PRId64 "-t%" PRId64, x.conversation, x.turn);
    return out;
}

static struct stmt *head_of(struct store *db, struct exchange x)
{
    struct stmt *s = stmt_get(db, report_exchange_head);
    stmt_bind_int(s, ":conversation", x.conversation);
    stmt_bind_int(s, ":turn", x.turn);
    return s;
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
    struct stmt *s = head_of(db, x);
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

static struct slice keep(struct arena *a, struct loaded *l, struct slice x)
{
    struct slice copy = arena_dup(a, x);
    l->has_lost |= copy.s == NULL;
    return copy;
}

static enum err_code load_head(struct store *db, struct arena *a, struct loaded *l, struct err *e)
{
    bool has;
    struct stmt *s = head_of(db, l->x);
    enum err_code rc = stmt_step(s, &has, e);
    if (rc != ERR_OK)
        return rc;
    if (!has)
        return err_set(e, ERR_DB, "report: conversation %" PRId64 " is gone", l->x.conversation);
    l->source = keep(a, l, stmt_text(s, 0));
    l->external_id = keep(a, l, stmt_text(s, 1));
    l->started_at = keep(a, l, stmt_text(s, 2));
    l->channel = keep(a, l, stmt_text(s, 3));
    char name[NAMING_BYTES];
    l->agent = keep(a, l, naming_name(l->naming, stmt_text(s, 5), stmt_text(s, 12), name));
    l->title = keep(a, l, stmt_text(s, 6));
    l->style = keep(a, l, stmt_text(s, 7));
    bool is_first = !stmt_is_null(s, 9) && stmt_int(s, 9) == l->x.turn;
    l->dispute_turn = is_first && !stmt_is_null(s, 10) ? stmt_int(s, 10) : -1;
    l->outcome = is_first ? keep(a, l, stmt_text(s, 11)) : (struct slice){"", 0};
    return stmt_step(s, &has, e);
}

static struct stmt *bind_turns(struct store *db, enum query q, const struct loaded *l, int64_t from, int64_t to)
{
    struct stmt *s = stmt_get(db, q);
    stmt_bind_int(s, ":conversation", l->x.conversation);
    stmt_bind_int(s, ":from", from);
    stmt_bind_int(s, ":to", to);
    return s;
}

static enum err_code load_marks(struct store *db, struct arena *a, struct loaded *l, int64_t from, int64_t to,
                                struct err *e)
{
    enum err_code rc;
    bool has;
    struct stmt *s = bind_turns(db, report_exchange_tags, l, from, to);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has)
        if (l->ntags < MAX_TAGS)
            l->tags[l->ntags++] = (struct exchange_tag){stmt_int(s, 0), slice_is(stmt_text(s, 1), "delivery"),
                                                        keep(a, l, stmt_text(s, 2)), keep(a, l, stmt_text(s, 3))};
    if (rc != ERR_OK)
        return rc;
    s = bind_turns(db, report_exchange_hits, l, from, to);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has)
        if (l->nhits < MAX_HITS)
            l->hits[l->nhits++] = (struct exchange_hit){stmt_int(s, 0),
                                                        {(uint32_t)stmt_int(s, 1), (uint32_t)stmt_int(s, 2)},
                                                        keep(a, l, stmt_text(s, 3)),
                                                        keep(a, l, stmt_text(s, 4))};
    return rc;
}

static bool is_inside_character(struct slice text, size_t at)
{
    return at < text.n && ((unsigned char)text.s[at] & 0xC0) == 0x80;
}

/* The part of a long text that is shown: it begins a little before the first marked word. */
static struct span window_of(struct slice text, const struct exchange_hit *hits, size_t nhits)
{
    struct span w = {0, (uint32_t)text.n};
    if (text.n <= MAX_TURN_BYTES)
        return w;
    if (nhits > 0 && hits[0].span.from > MAX_TURN_BYTES / 2 && hits[0].span.from < text.n)
        w.from = hits[0].span.from - MAX_TURN_BYTES / 4;
    while (is_inside_character(text, w.from))
        w.from++;
    struct slice rest = {text.s + w.from, text.n - w.from};
    w.to = w.from + (uint32_t)utf8_cut(rest, MAX_TURN_BYTES).n;
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

static void put_mark(struct html *h, const struct exchange_hit *hit, struct slice words)
{
    html_open(h, "mark");
    html_attr_words(h, "class", hit->kind);
    html_attr_words(h, "title", hit->cue);
    html_text(h, words);
    html_close(h, "mark");
}

/* TEXT with its marks. Spans that begin in an earlier one give way to it; those beyond the text are left out. */
static void put_marked(struct html *h, struct slice text, const struct exchange_hit *hits, size_t nhits)
{
    struct span w = window_of(text, hits, nhits);
    size_t at = w.from;
    put_left_out(h, w.from);
    for (size_t i = 0; i < nhits; i++) {
        size_t from = hits[i].span.from, to = hits[i].span.to;
        while (is_inside_character(text, from) && from > 0)
            from--;
        while (is_inside_character(text, to))
            to++;
        if (from < at || to > w.to || from >= to)
            continue;
        html_text(h, (struct slice){text.s + at, from - at});
        put_mark(h, &hits[i], (struct slice){text.s + from, to - from});
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
        html_close(h, "span");
    }
}

static void put_turn(struct html *h, const struct loaded *l, int64_t turn)
{
    const struct turn *t = &l->c.turns[turn];
    size_t first = 0, n = 0;
    while (first < l->nhits && l->hits[first].turn < turn)
        first++;
    while (first + n < l->nhits && l->hits[first + n].turn == turn)
        n++;
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
    put_marked(h, t->text, l->hits + first, n);
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
    if (l->outcome.n != 0) {
        html_literal(h, " \xc2\xb7 ");
        html_puts(h, outcome_words(l->outcome));
    }
    html_close(h, "p");
}

static void put_exchange(struct html *h, const struct loaded *l, int64_t from, int64_t to)
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
    for (int64_t t = from; t < to; t++)
        put_turn(h, l, t);
    if (l->dispute_turn >= to && l->dispute_turn < l->c.nturns) {
        put_gap(h, l->dispute_turn - to);
        put_turn(h, l, l->dispute_turn);
    }
    html_close(h, "ol");
    html_close(h, "article");
    html_literal(h, "\n");
}

/* With pseudonyms, agents stay unnamed in what was said, too. */
static enum err_code blot_names(struct arena *a, struct loaded *l, struct err *e)
{
    for (int64_t i = 0; l->naming->is_secret && i < l->c.nturns; i++) {
        struct turn *t = &l->c.turns[i];
        char *text = arena_alloc(a, t->text.n + 1);
        if (text == NULL)
            return err_nomem(e);
        if (t->text.n != 0)
            memcpy(text, t->text.s, t->text.n);
        naming_blot(l->naming, l->c.agent_name, text, t->text.n);
        for (int64_t k = 0; k < l->c.nturns; k++) {
            const struct turn *by = &l->c.turns[k];
            bool is_new = by->role == ROLE_AGENT && !slice_eq(by->speaker_name, l->c.agent_name) &&
                          (k == 0 || !slice_eq(by->speaker_name, l->c.turns[k - 1].speaker_name));
            if (is_new)
                naming_blot(l->naming, by->speaker_name, text, t->text.n);
        }
        t->text.s = text;
    }
    return ERR_OK;
}

static enum err_code write_one(struct store *db, struct html *h, const struct naming *naming, struct arena *a,
                               struct exchange x, struct err *e)
{
    enum err_code rc;
    struct loaded *l = arena_zalloc(a, 1, sizeof *l);
    if (l == NULL)
        return err_nomem(e);
    l->x = x;
    l->naming = naming;
    if ((rc = load_head(db, a, l, e)) != ERR_OK ||
        (rc = store_conversation_get(db, x.conversation, a, &l->c, e)) != ERR_OK ||
        (rc = blot_names(a, l, e)) != ERR_OK)
        return rc;
    if (x.turn < 0 || x.turn >= l->c.nturns)
        return err_set(e, ERR_DB, "report: conversation %" PRId64 " has no turn %" PRId64, x.conversation, x.turn);
    int64_t from = x.turn > TURNS_BEFORE ? x.turn - TURNS_BEFORE : 0;
    int64_t to = x.turn + 1 + TURNS_AFTER < l->c.nturns ? x.turn + 1 + TURNS_AFTER : l->c.nturns;
    if ((rc = load_marks(db, a, l, from, to, e)) != ERR_OK)
        return rc;
    if (l->dispute_turn >= to && (rc = load_marks(db, a, l, l->dispute_turn, l->dispute_turn + 1, e)) != ERR_OK)
        return rc;
    if (l->has_lost)
        return err_nomem(e);
    put_exchange(h, l, from, to);
    return ERR_OK;
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
        rc = write_one(db, h, naming, a, cited[i], e);
        arena_reset(a);
    }
    arena_free(a);
    return rc;
}
