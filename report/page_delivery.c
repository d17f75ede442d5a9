#include "report/page_parts.h"
#include "report/svg.h"

static void put_of(struct html *h, const char *label, struct stats_count c)
{
    html_open_class(h, "td", "evcell");
    html_attr(h, "data-label", label);
    html_open(h, "span");
    html_open(h, "b");
    html_grouped(h, c.x);
    html_close(h, "b");
    html_literal(h, " of ");
    html_grouped(h, c.n);
    html_close(h, "span");
    html_close(h, "td");
}

void sink_pooled(const struct sink_page *to)
{
    struct html *h = to->h;
    const struct findings *f = to->data->findings;
    const struct stats_interval odds = {f->delivery.has, f->delivery.odds, f->delivery.low, f->delivery.high};
    html_literal(h, "<tfoot><tr><th scope=\"row\">All policies<span class=\"small\">like compared with like: by policy "
                    "and by the customer\xe2\x80\x99s mood before</span></th>");
    put_of(h, "Disputed when told as a confrontation", f->styles[0]);
    put_of(h, "Disputed when told as a choice", f->styles[1]);
    html_literal(h, "<td class=\"wide\"></td><td></td>");
    html_open_class(h, "td", "half");
    html_attr(h, "data-label", "Odds of dispute");
    sink_odds(h, &odds, true);
    html_close(h, "td");
    html_literal(h, "</tr></tfoot>");
}

/* The answer in a sentence, above the tables. */
static void say_pooled(struct html *h, const struct findings *f)
{
    const struct stats_strata *d = &f->delivery;
    if (!d->has)
        return;
    bool is_clear = d->low > 1 || d->high < 1;
    html_open_class(h, "p", "answer");
    if (!is_clear) {
        html_literal(
            h, "Over all policies, told as a confrontation or as a choice makes no clear difference: odds ratio ");
    } else {
        html_literal(h, "Over all policies, the same policy told to customers in the same mood has ");
        html_open(h, "b");
        html_fixed(h, d->odds, 1);
        html_literal(h, " times the odds of being disputed");
        html_close(h, "b");
        html_literal(h, " when it is told as a confrontation: odds ratio ");
    }
    html_fixed(h, d->odds, 2);
    html_textf(h, ", 95\xc2\xa0%% interval %.2f to %.2f.", d->low, d->high);
    if (d->has_homogeneity && d->p_tarone < 0.05)
        html_literal(h, " The policies differ in this: look at each below.");
    html_close(h, "p");
}

static void put_rules(struct html *h)
{
    html_literal(h, "<details class=\"rule\"><summary>How the verdicts are made</summary><dl>");
    for (int v = 0; v < VERDICT_COUNT; v++) {
        html_element(h, "dt", finding_verdict_name((enum verdict)v));
        html_element(h, "dd", finding_verdict_rule((enum verdict)v));
    }
    html_literal(h, "</dl></details>\n");
}

enum err_code page_delivery(const struct sink_page *to, struct err *e)
{
    struct html *h = to->h;
    enum err_code rc = ERR_OK;
    page_open_section(
        h, "delivery", "Is it the policy, or how it is told?",
        "A confrontation puts the rule as a wall or a verdict; a choice leaves the customer a decision or "
        "a way on. Where the same policy is disputed clearly less when told as a choice, the delivery is "
        "worth coaching; where it is disputed even then, look at the policy.");
    if (to->data->findings->all.n == 0) {
        html_literal(h, "<p class=\"empty\">No policy was told in this period.</p>");
    } else {
        say_pooled(h, to->data->findings);
        put_rules(h);
        if ((rc = sink_html(to, table_of(TABLE_DELIVERY), PAGE_POLICIES, "", e)) == ERR_OK &&
            (rc = sink_html(to, table_of(TABLE_STYLES), SVG_STYLES, "", e)) == ERR_OK)
            rc = sink_html(to, table_of(TABLE_PRACTICES), PRACTICE_COUNT, "", e);
    }
    html_close(h, "section");
    return rc;
}
