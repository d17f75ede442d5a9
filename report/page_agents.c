#include <stdio.h>
#include <stdlib.h>

#include "report/page_parts.h"
#include "report/svg.h"

/* ---- the funnel ---- */

static int compare_expected(const void *x, const void *y)
{
    const struct svg_unit *a = x, *b = y;
    int order = (a->expected > b->expected) - (a->expected < b->expected);
    return order != 0 ? order : (a->ratio > b->ratio) - (a->ratio < b->ratio);
}

static const char *name_and_link(const struct sink_page *to, const struct finding_agent *x, struct arena *a,
                                 struct slice *name)
{
    char text[NAMING_BYTES], anchor[SINK_ANCHOR_BYTES];
    *name = arena_dup(a, naming_name(to->data->naming, x->name, x->external_id, text));
    const char *id = sink_anchor("#agent", naming_id(to->data->naming, x->external_id, text), x->agent_id, anchor);
    return arena_dup(a, slice_of(id)).s;
}

static size_t units_of(const struct sink_page *to, struct arena *a, struct svg_unit *units)
{
    const struct summary *s = to->data->summary;
    size_t n = 0;
    for (size_t i = 0; i < s->nagents; i++) {
        const struct finding_agent *x = s->agents[i];
        const struct finding_ratio *r = &x->disputes;
        if (x->all.n < STATS_ENOUGH || !r->ratio.has || !r->limits.has)
            continue;
        struct svg_unit u = {r->expected,       r->ratio.at, r->limits.low95, r->limits.high95, r->limits.low998,
                             r->limits.high998, 0,           {"", 0},         "#agents"};
        /* Only rows that are in the page can be led to. */
        if (i < PAGE_AGENTS && (r->flag == FLAG_MORE || r->flag == FLAG_FEWER)) {
            u.mark = r->flag == FLAG_MORE ? 1 : -1;
            u.href = name_and_link(to, x, a, &u.name);
        }
        if (u.href != NULL && u.name.s != NULL)
            units[n++] = u;
    }
    if (n > 1)
        qsort(units, n, sizeof *units, compare_expected);
    return n;
}

static void put_funnel(struct html *h, const struct svg_unit *units, size_t n)
{
    size_t more = 0, fewer = 0;
    char title[160];
    for (size_t i = 0; i < n; i++) {
        more += units[i].mark > 0;
        fewer += units[i].mark < 0;
    }
    (void)snprintf(
        title, sizeof title,
        "Funnel plot: %zu agents, %zu with more disputes than expected, %zu with fewer. All are in the table.", n, more,
        fewer);
    html_literal(h,
                 "<figure class=\"funnelbox\"><figcaption>Disputes, observed by expected, of agents with 20 episodes "
                 "or more. The dotted lines hold 95, the solid lines 99.8 of 100 agents who differ by chance and as "
                 "agents usually do.</figcaption><p class=\"yname\">Observed / expected</p>");
    svg_funnel(h, title, units, n);
    html_literal(
        h, "<p class=\"xname\">Disputes expected of the agent\xe2\x80\x99s own policies and customers</p></figure>\n");
}

static enum err_code funnel(const struct sink_page *to, struct err *e)
{
    enum err_code rc = ERR_OK;
    struct arena *a = arena_new(0);
    struct svg_unit *units = calloc(to->data->summary->nagents + 1, sizeof *units);
    if (a == NULL || units == NULL) {
        rc = err_nomem(e);
    } else {
        size_t n = units_of(to, a, units);
        if (n >= 2)
            put_funnel(to->h, units, n);
    }
    free(units);
    arena_free(a);
    return rc;
}

/* ---- those who are not in the table: few words each ---- */

static void put_number(struct html *h, int64_t x)
{
    html_open(h, "td");
    html_grouped(h, x);
    html_close(h, "td");
}

static void put_brief(const struct sink_page *to, const struct finding_agent *x)
{
    struct html *h = to->h;
    char name[NAMING_BYTES];
    html_literal(h, "<tr><th scope=\"row\">");
    html_text(h, naming_name(to->data->naming, x->name, x->external_id, name));
    html_literal(h, "</th><td>");
    html_text(h, to->data->naming->is_secret ? slice_of("") : x->team);
    html_literal(h, "</td>");
    put_number(h, x->all.n);
    put_number(h, x->styles[0]);
    put_number(h, x->all.x);
    html_literal(h, "<td>");
    html_fixed(h, x->disputes.expected, 1);
    html_literal(h, "</td></tr>\n");
}

static void put_others(const struct sink_page *to)
{
    struct html *h = to->h;
    const struct summary *s = to->data->summary;
    size_t to_at = s->nagents < PAGE_AGENTS_BRIEF ? s->nagents : PAGE_AGENTS_BRIEF;
    if (s->nagents <= PAGE_AGENTS)
        return;
    html_literal(h, "<details class=\"rule\"><summary>The other ");
    html_grouped(h, (int64_t)(s->nagents - PAGE_AGENTS));
    html_literal(h, " agents, in brief</summary><table class=\"brief\"><caption>Other agents</caption><thead><tr>"
                    "<th scope=\"col\">Agent</th><th scope=\"col\">Team</th><th scope=\"col\">Told</th>"
                    "<th scope=\"col\">As a confrontation</th><th scope=\"col\">Disputed</th>"
                    "<th scope=\"col\">Expected</th></tr></thead><tbody>\n");
    for (size_t i = PAGE_AGENTS; i < to_at; i++)
        put_brief(to, s->agents[i]);
    html_literal(h, "</tbody></table>");
    if (to_at < s->nagents)
        html_literal(h, "<p class=\"note\">All are in agents.csv</p>");
    html_literal(h, "</details>\n");
}

enum err_code page_agents(const struct sink_page *to, struct err *e)
{
    struct html *h = to->h;
    page_open_section(h, "agents", "Which agents stand out?",
                      "An agent is compared with what all agents together had in the same policies, with customers in "
                      "the same mood before: nobody is blamed for having drawn the unpopular policies, or for small "
                      "numbers. Below 20 episodes nobody is ranked.");
    html_open_class(h, "details", "rule");
    html_element(h, "summary", "Who is marked");
    html_element(h, "p", finding_flag_rule());
    html_close(h, "details");
    enum err_code rc = funnel(to, e);
    if (rc == ERR_OK)
        rc = sink_html(to, table_of(TABLE_AGENTS), PAGE_AGENTS, "No agent told a policy in this period.", e);
    put_others(to);
    if (rc == ERR_OK)
        rc = sink_html(to, table_of(TABLE_AGENT_POLICIES), PAGE_AGENT_POLICIES, "", e);
    html_close(h, "section");
    return rc;
}
