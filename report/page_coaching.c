#include <inttypes.h>
#include <stdio.h>

#include "report/exchange.h"
#include "report/page_parts.h"

enum { CARD_QUOTES = 2 }; /* disputed exchanges of the agent */

static void put_head(const struct sink_page *to, const struct finding_agent *x, const struct finding_policy *p,
                     const char *id)
{
    struct html *h = to->h;
    char name[NAMING_BYTES], anchor[SINK_ANCHOR_BYTES];
    html_open(h, "h3");
    html_attr(h, "id", id);
    html_open(h, "a");
    html_attr(h, "href", sink_anchor("#agent", naming_id(to->data->naming, x->external_id, name), x->agent_id, anchor));
    html_words(h, naming_name(to->data->naming, x->name, x->external_id, name));
    html_close(h, "a");
    html_literal(h, " on ");
    html_words(h, p->title);
    html_close(h, "h3");
}

/* What goes with fewer disputes here, and this agent does clearly less than everybody. */
static void put_habits(const struct sink_page *to, const struct finding_agent *x)
{
    static const char *const words[PRACTICE_COUNT] = {"giving the reason",
                                                      "acknowledging the customer",
                                                      "taking the customer\xe2\x80\x99s side",
                                                      "apologising",
                                                      "offering an alternative",
                                                      "asking what it is for",
                                                      "offering to escalate",
                                                      "promising to raise the rule",
                                                      "leaving the decision to the customer",
                                                      "blaming the customer",
                                                      "shutting the door"};
    struct html *h = to->h;
    bool is_first = true;
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        const struct finding_practice *p = &to->data->findings->practices[i];
        int64_t n = p->with.n + p->without.n;
        struct stats_interval d = stats_newcombe(x->practices[i], x->all.n, p->with.n, n);
        bool is_worse = (p->effect == EFFECT_FEWER && d.high < 0) || (p->effect == EFFECT_MORE && d.low > 0);
        if (x->all.n < STATS_ENOUGH || !d.has || !is_worse)
            continue;
        if (is_first)
            html_open_class(h, "p", "why");
        html_puts(h, is_first ? "To talk about: " : "; ");
        html_puts(h, words[i]);
        html_literal(h, ", ");
        html_percent(h, (double)x->practices[i] / (double)x->all.n);
        html_literal(h, " of the time (everybody ");
        html_percent(h, (double)p->with.n / (double)n);
        html_puts(h, p->effect == EFFECT_FEWER ? "; it goes with fewer disputes)" : "; it goes with more disputes)");
        is_first = false;
    }
    if (is_first)
        return;
    html_literal(h, ".");
    html_close(h, "p");
}

/* Why this agent, over all policies. */
static void put_finding(struct html *h, const struct finding_agent *x)
{
    const struct finding_ratio *r = x->disputes.flag == FLAG_MORE ? &x->disputes : &x->confrontations;
    html_literal(h, "Over all policies ");
    html_grouped(h, r->observed);
    html_puts(h, r == &x->disputes ? " disputes, where " : " confrontations, where ");
    html_fixed(h, r->expected, 1);
    html_literal(h, " are expected. With this one: ");
}

/* What the numbers say: disputes against the expected, styles against everybody's. */
static void put_why(const struct sink_page *to, const struct finding_cell *cell, const struct finding_policy *p,
                    const struct finding_agent *x)
{
    struct html *h = to->h;
    struct strbuf title = STRBUF_INIT;
    html_open_class(h, "p", "why");
    put_finding(h, x);
    strbuf_add_slice(&title, p->title);
    strbuf_puts(&title, ": disputed");
    sink_evidence_begin(to, EVIDENCE_AGENT_POLICY, x->agent_id, p->policy_id, cell->all.x, strbuf_slice(&title));
    html_open(h, "b");
    html_grouped(h, cell->all.x);
    html_literal(h, " of ");
    html_grouped(h, cell->all.n);
    html_close(h, "b");
    sink_evidence_end(to);
    html_literal(h, " disputed, where ");
    html_fixed(h, cell->expected, 1);
    html_literal(h, " are expected. Told as a confrontation ");
    html_textf(h, "%" PRId64 " time%s, as a choice %" PRId64 " time%s", cell->confrontational,
               cell->confrontational == 1 ? "" : "s", cell->choice, cell->choice == 1 ? "" : "s");
    if (p->all.n >= STATS_ENOUGH) {
        html_literal(h, "; everybody together: ");
        html_percent(h, (double)p->styles[0].n / (double)p->all.n);
        html_literal(h, " and ");
        html_percent(h, (double)p->styles[1].n / (double)p->all.n);
    }
    html_literal(h, ".");
    html_close(h, "p");
    if (cell == x->worst) /* once for each agent */
        put_habits(to, x);
    html_check(h, &title);
    strbuf_free(&title);
}

static enum err_code put_quotes(const struct sink_page *to, const char *heading, const char *class, enum evidence_of of,
                                int64_t key, int64_t key2, size_t most, struct err *e)
{
    struct html *h = to->h;
    enum err_code rc = ERR_OK;
    size_t n;
    const struct exchange *best = evidence_best(to->evidence, of, key, key2, &n);
    if (n == 0)
        return ERR_OK;
    html_open_class(h, "div", class);
    html_element(h, "h4", heading);
    for (size_t i = 0; i < n && i < most && rc == ERR_OK; i++)
        rc = exchange_quote(to->db, h, to->data->naming, to->evidence, best[i], e);
    html_close(h, "div");
    return rc;
}

static enum err_code put_card(const struct sink_page *to, size_t index, const struct finding_agent *x,
                              const struct finding_cell *cell, struct err *e)
{
    struct html *h = to->h;
    const struct finding_policy *p = &to->data->findings->policies[cell->policy];
    char id[32];
    (void)snprintf(id, sizeof id, "card-%zu", index + 1);
    html_open_class(h, "article", "card");
    html_attr(h, "aria-labelledby", id);
    put_head(to, x, p, id);
    put_why(to, cell, p, x);
    enum err_code rc = put_quotes(to, "What was disputed", "disputed", EVIDENCE_AGENT_POLICY, x->agent_id, p->policy_id,
                                  CARD_QUOTES, e);
    if (rc == ERR_OK)
        rc = put_quotes(to, "How it can be told: as a choice, and accepted", "welltold", EVIDENCE_ACCEPTED,
                        p->policy_id, 0, 1, e);
    html_close(h, "article");
    html_literal(h, "\n");
    return rc;
}

enum err_code page_coaching(const struct sink_page *to, struct err *e)
{
    struct html *h = to->h;
    enum err_code rc = ERR_OK;
    const struct finding_agent *agent;
    const struct finding_cell *cell;
    size_t n = 0;
    page_open_section(h, "coaching", "Whom to coach, on what?",
                      "For each agent who stands out, the policies furthest from what is expected: what was said and "
                      "disputed, and one real example of the same policy told as a choice and accepted.");
    while (rc == ERR_OK && n < PAGE_CARDS && coaching_at(to->data, n, &agent, &cell))
        rc = put_card(to, n++, agent, cell, e);
    if (n == 0)
        html_literal(h,
                     "<p class=\"empty\">No agent has clearly more disputes or confrontations than chance and the mix "
                     "of policies explain. That is a result: there is nobody to single out.</p>");
    else if (rc == ERR_OK && coaching_at(to->data, n, &agent, &cell))
        html_literal(h, "<p class=\"note\">These are the first; all are in coaching.csv</p>");
    html_close(h, "section");
    return rc;
}
