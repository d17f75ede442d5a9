/* page_time.c - the dispute rate over the weeks, as a control chart */
#include <stdio.h>

#include "report/page_parts.h"
#include "report/svg.h"

struct chart {
    struct svg_week weeks[FINDING_WEEKS];
    size_t first; /* the first week that is drawn: nothing is known of those before */
    size_t points, signals;
};

static struct chart chart_of(const struct findings *f)
{
    struct chart c = {.first = FINDING_WEEKS};
    for (size_t i = 0; i < FINDING_WEEKS; i++) {
        struct stats_count x = f->weeks[i];
        struct stats_interval limits =
            f->chart.has_laney ? stats_chart_laney(&f->chart, x.n) : stats_chart_limits(&f->chart, x.n);
        if (!limits.has)
            continue;
        int signal = findings_week_signal(f, i);
        c.weeks[i] = (struct svg_week){true, (double)x.x / (double)x.n, limits.low, limits.high, signal};
        c.first = i < c.first ? i : c.first;
        c.points++;
        c.signals += signal != 0;
    }
    return c;
}

static void put_chart(struct html *h, const struct findings *f, const struct chart *c)
{
    char title[200];
    (void)snprintf(
        title, sizeof title,
        "Control chart: dispute rate of %zu weeks, %.0f %% on average; %zu outside the limits. The numbers are in "
        "weeks.csv.",
        c->points, f->chart.mean * 100, c->signals);
    html_open_class(h, "figure", "funnelbox");
    html_open(h, "figcaption");
    html_literal(
        h, "Disputed, of what was told in each seven days; the last end with the period. The dashed line is the mean, "
           "the solid lines are limits that a week leaves only for a cause");
    html_puts(h,
              f->chart.has_laney
                  ? " (p\xe2\x80\xb2-chart: they allow for what weeks usually differ by)."
                  : " (p-chart; from 20 weeks on, Laney\xe2\x80\x99s limits allow for what weeks usually differ by).");
    html_close(h, "figcaption");
    svg_control(h, title, c->weeks + c->first, FINDING_WEEKS - c->first, f->chart.mean);
    html_close(h, "figure");
}

enum err_code page_time(const struct sink_page *to, struct err *e)
{
    const struct findings *f = to->data->findings;
    const struct chart c = chart_of(f);
    struct html *h = to->h;
    (void)e;
    if (c.points < 2) /* one week is no course of time */
        return ERR_OK;
    page_open_section(h, "time", "Does anything change over the weeks?", NULL);
    html_open_class(h, "p", "answer");
    if (c.signals == 0) {
        html_literal(h, "No week stands out: what goes up and down is within what chance gives.");
    } else {
        html_open(h, "b");
        html_grouped(h, (int64_t)c.signals);
        html_puts(h, c.signals == 1 ? " week" : " weeks");
        html_close(h, "b");
        html_literal(h, " left the limits, as chance alone makes one of 370 do. Look at what was new then.");
    }
    html_close(h, "p");
    put_chart(h, f, &c);
    html_close(h, "section");
    return ERR_OK;
}
