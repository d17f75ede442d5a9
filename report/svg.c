#include "report/svg.h"

#include <math.h>

static const char *const mix_class[SVG_STYLES] = {"m-confrontational", "m-choice", "m-neutral", "m-offrecord"};

void svg_patterns(struct html *h)
{
    html_literal(h, "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\"><defs>"
                    "<pattern id=\"p-confrontational\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                    "patternTransform=\"rotate(45)\"><rect class=\"f-confrontational\" width=\"6\" height=\"6\"/>"
                    "<rect class=\"f-hatch\" width=\"1.6\" height=\"6\"/></pattern>"
                    "<pattern id=\"p-offrecord\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
                    "<rect class=\"f-offrecord\" width=\"5\" height=\"5\"/><circle class=\"f-hatch\" cx=\"2.5\" "
                    "cy=\"2.5\" r=\"1.1\"/></pattern></defs></svg>");
}

static void begin(struct html *h, const char *class, const char *title, int height)
{
    html_open_class(h, "svg", class);
    html_attr(h, "role", "img");
    html_attr(h, "width", "100%");
    html_attr_int(h, "height", height);
    html_attr(h, "focusable", "false");
    html_element(h, "title", title);
}

static void percent(struct html *h, const char *name, double share)
{
    html_attr_fixed(h, name, fmin(1, fmax(0, share)) * 100, 2, "%");
}

static void line(struct html *h, const char *class, double x1, double x2, double y1, double y2)
{
    html_open_class(h, "line", class);
    percent(h, "x1", x1);
    percent(h, "x2", x2);
    html_attr_fixed(h, "y1", y1, 1, "");
    html_attr_fixed(h, "y2", y2, 1, "");
    html_close(h, "line");
}

static void dot(struct html *h, const char *class, double x, double y, double r)
{
    html_open_class(h, "circle", class);
    percent(h, "cx", x);
    html_attr_fixed(h, "cy", y, 1, "");
    html_attr_fixed(h, "r", r, 1, "");
    html_close(h, "circle");
}

/* A shape that is not a circle needs a corner in pixels and a place in per cent: a nested svg gives it both. */
static void open_at(struct html *h, double x, double y)
{
    html_open_class(h, "svg", "at");
    percent(h, "x", x);
    html_attr_fixed(h, "y", y, 1, "");
    html_attr(h, "overflow", "visible");
    html_attr_int(h, "width", 1);
    html_attr_int(h, "height", 1);
}

static void square(struct html *h, const char *class, double x, double y)
{
    open_at(h, x, y);
    html_open_class(h, "rect", class);
    html_attr(h, "x", "-4.5");
    html_attr(h, "y", "-4.5");
    html_attr(h, "width", "9");
    html_attr(h, "height", "9");
    html_close(h, "rect");
    html_close(h, "svg");
}

static void diamond(struct html *h, const char *class, double x, double y)
{
    open_at(h, x, y);
    html_open_class(h, "path", class);
    html_attr(h, "d", "M0-5L5 0L0 5L-5 0Z");
    html_close(h, "path");
    html_close(h, "svg");
}

static void grid(struct html *h, double height)
{
    for (int i = 0; i <= 4; i++)
        line(h, "grid", i / 4.0, i / 4.0, 0, height);
}

void svg_scale(struct html *h)
{
    html_literal(h, "<svg class=\"scale\" width=\"100%\" height=\"14\" aria-hidden=\"true\" focusable=\"false\">"
                    "<text x=\"0\" y=\"11\" text-anchor=\"start\">0</text>"
                    "<text x=\"25%\" y=\"11\" text-anchor=\"middle\">25</text>"
                    "<text x=\"50%\" y=\"11\" text-anchor=\"middle\">50</text>"
                    "<text x=\"75%\" y=\"11\" text-anchor=\"middle\">75</text>"
                    "<text x=\"100%\" y=\"11\" text-anchor=\"end\">100&#160;%</text></svg>");
}

void svg_interval(struct html *h, const char *title, const struct stats_interval *now,
                  const struct stats_interval *before, double average)
{
    begin(h, "plot", title, 24);
    grid(h, 24);
    if (average >= 0)
        line(h, "average", average, average, 0, 24);
    line(h, "whisker", now->low, now->high, 12, 12);
    if (before->has)
        diamond(h, "before", before->at, 12);
    dot(h, "now", now->at, 12, 5);
    html_close(h, "svg");
}

void svg_pair(struct html *h, const char *title, const struct stats_interval *confrontational,
              const struct stats_interval *choice)
{
    begin(h, "plot", title, 34);
    grid(h, 34);
    if (confrontational->has) {
        line(h, "whisker s-confrontational", confrontational->low, confrontational->high, 10, 10);
        square(h, "f-confrontational", confrontational->at, 10);
    }
    if (choice->has) {
        line(h, "whisker s-choice", choice->low, choice->high, 25, 25);
        dot(h, "f-choice", choice->at, 25, 5);
    }
    html_close(h, "svg");
}

void svg_mix(struct html *h, const char *title, const int64_t counts[SVG_STYLES])
{
    int64_t all = 0, passed = 0;
    for (int i = 0; i < SVG_STYLES; i++)
        all += counts[i];
    begin(h, "mix", title, 14);
    for (int i = 0; i < SVG_STYLES && all > 0; i++) {
        if (counts[i] <= 0)
            continue;
        html_open_class(h, "rect", mix_class[i]);
        percent(h, "x", (double)passed / (double)all);
        percent(h, "width", (double)counts[i] / (double)all);
        html_attr(h, "height", "14");
        html_close(h, "rect");
        passed += counts[i];
        if (passed < all)
            line(h, "gap", (double)passed / (double)all, (double)passed / (double)all, 0, 14);
    }
    html_close(h, "svg");
}

/* The highest of the rates is at the top: a line this small shows how they move, not how high they are. */
static double week_y(double rate, double highest)
{
    return 27 - (highest > 0 ? fmax(0, rate) / highest : 0) * 22;
}

void svg_weeks(struct html *h, const char *title, const double *rates, unsigned n)
{
    begin(h, "weeks", title, 30);
    line(h, "grid", 0, 1, 27, 27);
    double step = n > 1 ? 0.94 / (n - 1) : 0, top = 0;
    for (unsigned i = 0; i < n; i++)
        top = fmax(top, rates[i]);
    for (unsigned i = 0; i < n; i++) {
        double x = 0.03 + step * i;
        if (rates[i] < 0)
            continue;
        if (i > 0 && rates[i - 1] >= 0)
            line(h, "trend", x - step, x, week_y(rates[i - 1], top), week_y(rates[i], top));
        dot(h, i + 1 == n ? "now" : "week", x, week_y(rates[i], top), i + 1 == n ? 3.5 : 1.5);
    }
    html_close(h, "svg");
}

void svg_key(struct html *h, unsigned style)
{
    html_open_class(h, "svg", "key");
    html_attr(h, "width", "14");
    html_attr(h, "height", "14");
    html_attr(h, "aria-hidden", "true");
    html_attr(h, "focusable", "false");
    html_open_class(h, "rect", mix_class[style % SVG_STYLES]);
    html_attr(h, "width", "14");
    html_attr(h, "height", "14");
    html_close(h, "rect");
    html_close(h, "svg");
}
