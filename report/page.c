#include "report/page.h"
#include "report/page_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/model.h"
#include "report/exchange.h"
#include "report/headline.h"
#include "report/sha256.h"
#include "report/summary.h"
#include "report/svg.h"

static const char *const style_titles[SVG_STYLES] = {"Confrontation", "Choice", "Neutral", "Off the record"};

/* Nothing may be loaded; of styles and scripts only the page's own, named by their hashes. */
static void put_policy(struct html *h)
{
    char style[SHA256_BASE64_BYTES], script[SHA256_BASE64_BYTES], policy[256];
    (void)snprintf(policy, sizeof policy,
                   "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; "
                   "form-action 'none'",
                   sha256_base64(html_asset_text(asset_report), style),
                   sha256_base64(html_asset_text(asset_page), script));
    html_void(h, "meta");
    html_attr(h, "http-equiv", "Content-Security-Policy");
    html_attr(h, "content", policy);
    html_literal(h, "\n");
}

static void put_head(struct html *h, const char *title, const struct period *p)
{
    html_literal(h, "<!DOCTYPE html>\n");
    html_open(h, "html");
    html_attr(h, "lang", "en");
    html_open(h, "head");
    html_literal(h, "<meta charset=\"utf-8\">\n");
    put_policy(h);
    html_literal(h, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n"
                    "<meta name=\"referrer\" content=\"no-referrer\">\n");
    html_open(h, "title");
    html_puts(h, title);
    html_literal(h, " \xc2\xb7 ");
    headline_period(h, p);
    html_close(h, "title");
    html_literal(h, "\n");
    html_open(h, "style");
    html_asset(h, asset_report);
    html_close(h, "style");
    html_close(h, "head");
    html_literal(h, "\n");
}

static void put_top(struct html *h, const char *title, const struct period *p)
{
    html_literal(h, "<a class=\"skip\" href=\"#main\">Skip to the report</a>\n");
    svg_patterns(h);
    html_open(h, "header");
    html_open(h, "h1");
    html_words(h, slice_of(title));
    html_close(h, "h1");
    html_open_class(h, "p", "period");
    headline_period(h, p);
    html_literal(h, "<span class=\"small\">compared with ");
    headline_before(h, p);
    html_literal(h, "</span>");
    html_close(h, "p");
    if (p->is_certain_only)
        html_literal(h, "<p class=\"period\"><span class=\"small\">Uncertain episodes are left out; "
                        "<a href=\"#data\">how many</a></span></p>\n");
    html_literal(h, "<nav aria-label=\"Sections\"><a href=\"#week\">In short</a> <a href=\"#policies\">Policies</a> "
                    "<a href=\"#delivery\">Delivery</a> <a href=\"#agents\">Agents</a> "
                    "<a href=\"#coaching\">Coaching</a> "
                    "<a href=\"#listen\">To listen to</a> <a href=\"#unlisted\">Not in the catalogue</a> "
                    "<a href=\"#data\">Data</a> <a href=\"#method\">Method</a></nav>\n");
    html_close(h, "header");
}

/* One section with its heading; what follows until html_close(h, "section") belongs to it. */
void page_open_section(struct html *h, const char *id, const char *heading, const char *lead)
{
    html_literal(h, "\n");
    html_open(h, "section");
    html_attr(h, "id", id);
    html_element(h, "h2", heading);
    if (lead != NULL) {
        html_open_class(h, "p", "lead");
        html_puts(h, lead);
        html_close(h, "p");
    }
}

static void put_legend(struct html *h)
{
    html_open_class(h, "p", "legend");
    for (unsigned i = 0; i < SVG_STYLES; i++) {
        html_open(h, "span");
        svg_key(h, i);
        html_textf(h, " %s", style_titles[i]);
        html_close(h, "span");
    }
    html_close(h, "p");
}

static enum err_code put_policies(const struct sink_page *to, struct err *e)
{
    struct html *h = to->h;
    page_open_section(
        h, "policies", "Which policies are disputed most?",
        "The dot is the share of customers who disputed the policy after it was told, the line its 95\xc2\xa0% "
        "interval, the hollow diamond the period before, the dashed line the average of all policies. Below "
        "20 episodes nothing is ranked. Open a count to read what was said.");
    put_legend(h);
    enum err_code rc = sink_html(to, table_of(TABLE_POLICIES), PAGE_POLICIES, "No policy was told in this period.", e);
    html_close(h, "section");
    return rc;
}

/* A section that is one table. */
static enum err_code put_table_section(const struct sink_page *to, const char *id, const char *title, const char *about,
                                       enum table_id table, int64_t most, const char *nothing, struct err *e)
{
    page_open_section(to->h, id, title, about);
    enum err_code rc = sink_html(to, table_of(table), most, nothing, e);
    html_close(to->h, "section");
    return rc;
}

static enum err_code put_listen(const struct sink_page *to, struct err *e)
{
    return put_table_section(
        to, "listen", "Which conversations to listen to?",
        "Ranked by what happened in them: a customer who became hostile after a policy was told, hints at a way "
        "round a rule, confrontations that were disputed, a rule repeated without an offer to escalate.",
        TABLE_CONVERSATIONS, PAGE_CONVERSATIONS, "No conversation of this period stands out.", e);
}

static enum err_code put_unlisted(const struct sink_page *to, struct err *e)
{
    return put_table_section(
        to, "unlisted", "What is not in the catalogue?",
        "Agents told rules that match no policy of the catalogue. These are their telling words; a rule counts "
        "once for each of its words. \"broach policies suggest\" groups them into entries for policies.csv.",
        TABLE_UNLISTED, PAGE_UNLISTED, "Everything that was told matches a policy of the catalogue.", e);
}

/* The rate as it would be without the errors that people found in the tags. */
static void say_corrected(struct html *h, const struct findings *f)
{
    if (!f->corrected.has || f->all.n == 0)
        return;
    html_open_class(h, "p", "answer");
    html_literal(h, "Corrected for the errors found in this way, customers disputed ");
    html_percent(h, f->corrected.at);
    html_textf(h, " (%.0f to %.0f\xc2\xa0%%) of what they were told, not ", f->corrected.low * 100,
               f->corrected.high * 100);
    html_percent(h, (double)f->all.x / (double)f->all.n);
    html_literal(h, " as tagged.");
    html_close(h, "p");
}

static enum err_code put_data(const struct sink_page *to, struct err *e)
{
    page_open_section(to->h, "data", "How good are the data?", NULL);
    enum err_code rc = sink_html(to, table_of(TABLE_DATA_QUALITY), 100, "", e);
    if (rc == ERR_OK)
        rc = sink_html(
            to, table_of(TABLE_QUALITY), 100,
            "No conversation was judged by hand yet, so how good the tags are here is not known: broach review.", e);
    say_corrected(to->h, to->data->findings);
    if (rc == ERR_OK)
        rc = sink_html(to, table_of(TABLE_REJECT_REASONS), PAGE_TROUBLES, "No record was rejected.", e);
    if (rc == ERR_OK)
        rc = sink_html(to, table_of(TABLE_FILES_TROUBLED), PAGE_TROUBLES, "All files were read to their end.", e);
    html_close(to->h, "section");
    return rc;
}

static void say_uncertain(struct html *h, bool is_left_out)
{
    html_literal(h,
                 "<li>An episode is <b>uncertain</b> if a tag that it hangs on was nearly decided otherwise: that the "
                 "policy was told, in which style, or whether it was disputed. ");
    if (is_left_out)
        html_literal(h, "Such episodes are left out here, those that were nearly disputed too, so that it does not "
                        "lower the rates.</li>");
    else
        html_literal(h, "It is marked, and counted like all others; broach report --certain-only leaves it out.</li>");
}

static enum err_code put_method(const struct sink_page *to, struct err *e)
{
    struct html *h = to->h;
    page_open_section(h, "method", "How is this counted?", NULL);
    html_literal(
        h,
        "<ul><li>The unit is the <b>episode</b>: one policy in one conversation. Its style and agent are those of the "
        "first time it was told.</li>"
        "<li>An episode is <b>disputed</b> if the customer contests the policy after it was told and before another "
        "policy took over. A dispute before that never counts against it, nor does a mood the customer came with.</li>"
        "<li>Rates have 95\xc2\xa0% <b>Wilson intervals</b>, differences Newcombe\xe2\x80\x99s. A change is called "
        "clear "
        "only if its interval leaves out zero. Below 20 episodes it says \xe2\x80\x9cnot enough data\xe2\x80\x9d.</li>"
        "<li>The policy or the delivery: <b>odds ratios</b> are those of Mantel and Haenszel, which compare within the "
        "same "
        "policy and the customer\xe2\x80\x99s mood before, with the limits of Robins, Breslow and Greenland. "
        "<a href=\"#delivery\">How the verdicts are made</a>.</li>"
        "<li>Agents: <b>expected</b> is what all agents together had in the same policies and moods (indirect "
        "standardisation); the limits of the funnel hold 95 and 99.8 of 100 agents who differ by chance and as agents "
        "usually do. <a href=\"#agents\">Who is marked</a>.</li>"
        "<li>Where many are tested at once, q is the share of false alarms among what is called clear (Benjamini and "
        "Hochberg); it is held to 10\xc2\xa0%.</li>"
        "<li>Style and practices are decided from the agent\xe2\x80\x99s words and what came before, never from the "
        "customer\xe2\x80\x99s answer. Marked words are those that decided.</li>");
    say_uncertain(h, to->data->period->is_certain_only);
    html_literal(
        h,
        "<li>A difference between styles or agents is an association: moods, cases and policies differ too. Read the "
        "conversations before you act on a number.</li></ul>\n");
    enum err_code rc =
        sink_html(to, table_of(TABLE_RULESETS), PAGE_TROUBLES, "No conversation of this period was analysed.", e);
    html_close(h, "section");
    return rc;
}

static enum err_code put_exchanges(const struct sink_page *to, struct err *e)
{
    size_t n;
    (void)evidence_cited(to->evidence, &n);
    if (n == 0)
        return ERR_OK;
    page_open_section(to->h, "exchanges", "The exchanges behind the numbers",
                      "Two turns before the policy was told, the telling, and what followed. Marked are the words that "
                      "decided how a turn was tagged, with dots below those that spoke against it; each mark "
                      "tells what for and how much (in log-odds).");
    enum err_code rc = exchange_write_lists(to->db, to->h, to->data->naming, to->evidence, e);
    if (rc == ERR_OK)
        rc = exchange_write_cited(to->db, to->h, to->data->naming, to->evidence, e);
    html_close(to->h, "section");
    return rc;
}

enum err_code page_write(const struct sink_page *to, const char *title, struct err *e)
{
    static enum err_code (*const sections[])(const struct sink_page *, struct err *) = {
        page_time,  put_policies, page_delivery, page_agents, page_coaching,
        put_listen, put_unlisted, put_data,      put_method,  put_exchanges,
    };
    struct html *h = to->h;
    put_head(h, title, to->data->period);
    html_open(h, "body");
    put_top(h, title, to->data->period);
    html_open(h, "main");
    html_attr(h, "id", "main");
    page_open_section(h, "week", "In short", NULL);
    headline_write(to);
    html_close(h, "section");
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        enum err_code rc = sections[i](to, e);
        if (rc != ERR_OK)
            return rc;
    }
    html_close(h, "main");
    html_literal(
        h, "\n<footer><p class=\"onpaper\">The exchanges behind the numbers are not printed: open the page to read "
           "them.</p><p>Made by broach " BROACH_VERSION
           ". This page holds customers\xe2\x80\x99 words: pass it on with care. It loads nothing and sends "
           "nothing.</p></footer>\n");
    html_open(h, "script");
    html_asset(h, asset_page);
    html_close(h, "script");
    html_close(h, "body");
    html_close(h, "html");
    html_literal(h, "\n");
    return ERR_OK;
}
