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

/* From side to side, Y as a share of the height. */
static void line_y(struct html *h, const char *class, double y)
{
    html_open_class(h, "line", class);
    html_attr(h, "x1", "0");
    html_attr(h, "x2", "100%");
    percent(h, "y1", y);
    percent(h, "y2", y);
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

struct ratio_scale {
    double from, to; /* logarithms to the base 2 */
    int first;       /* of the labelled ones */
    int step, height;
};

static const struct ratio_scale ratio_scales[] = {{-3, 5, -2, 2, 24}, {-2, 2, -2, 1, 24}};

static double ratio_x(const struct ratio_scale *s, double ratio)
{
    double x = ratio > 0 ? log2(ratio) : s->from;
    return (fmin(fmax(x, s->from), s->to) - s->from) / (s->to - s->from);
}

static void ratio_label(struct html *h, int doublings)
{
    static const char *const halves[] = {"1", "\xc2\xbd", "\xc2\xbc"};
    if (doublings <= 0 && doublings >= -2)
        html_puts(h, halves[-doublings]);
    else
        html_textf(h, "%d", 1 << (doublings > 0 ? doublings : 0));
}

void svg_ratio_scale(struct html *h, enum svg_ratios which)
{
    const struct ratio_scale *s = &ratio_scales[which];
    html_literal(h, "<svg class=\"scale\" width=\"100%\" height=\"14\" aria-hidden=\"true\" focusable=\"false\">");
    for (int at = s->first; at <= s->to; at += s->step) {
        html_open(h, "text");
        percent(h, "x", ratio_x(s, exp2(at)));
        html_attr(h, "y", "11");
        html_attr(h, "text-anchor", at <= s->from ? "start" : at >= s->to ? "end" : "middle");
        ratio_label(h, at);
        html_close(h, "text");
    }
    html_literal(h, "</svg>");
}

static void band(struct html *h, const struct ratio_scale *s, const struct stats_interval *limits)
{
    double from = ratio_x(s, limits->low), to = ratio_x(s, limits->high);
    html_open_class(h, "rect", "band");
    percent(h, "x", from);
    percent(h, "width", to - from);
    html_attr(h, "y", "3");
    html_attr(h, "height", "18");
    html_close(h, "rect");
}

void svg_ratio(struct html *h, enum svg_ratios which, const char *title, const struct stats_interval *ratio,
               const struct stats_interval *limits, bool is_sum)
{
    const struct ratio_scale *s = &ratio_scales[which];
    begin(h, "plot", title, s->height);
    if (limits != NULL && limits->has)
        band(h, s, limits);
    for (int at = s->first; at <= s->to; at += s->step)
        line(h, "grid", ratio_x(s, exp2(at)), ratio_x(s, exp2(at)), 0, s->height);
    line(h, "average", ratio_x(s, 1), ratio_x(s, 1), 0, s->height);
    line(h, is_sum ? "whisker sum" : "whisker", ratio_x(s, ratio->low), ratio_x(s, ratio->high), 12, 12);
    if (is_sum)
        diamond(h, "now", ratio_x(s, ratio->at), 12);
    else
        dot(h, "now", ratio_x(s, ratio->at), 12, 5);
    html_close(h, "svg");
}

/* ---- funnel: the axes are in per cent, the curves in a stretched picture of 1000 by 1000 ---- */

enum { FUNNEL_HEIGHT = 320, FUNNEL_BINS = 48, FUNNEL_WIDE = 1000 };

struct funnel {
    struct html *h;
    const struct svg_unit *units;
    size_t n;
    double most, top; /* of the axes: expected; ratio */
};

static double funnel_x(const struct funnel *f, double expected)
{
    return expected / f->most;
}

static double funnel_y(const struct funnel *f, double ratio)
{
    return 1 - fmin(ratio, f->top) / f->top;
}

static double limit_of(const struct svg_unit *u, int which)
{
    return which == 0 ? u->low998 : which == 1 ? u->low95 : which == 2 ? u->high95 : u->high998;
}

/* The limits differ a little with the mix of policies: the curve goes through the means of neighbours. */
static void funnel_curve(const struct funnel *f, int which, const char *class)
{
    size_t bins = f->n / 4 > FUNNEL_BINS ? FUNNEL_BINS : f->n / 4 < 2 ? 2 : f->n / 4;
    html_open_class(f->h, "polyline", class);
    html_attr(f->h, "vector-effect", "non-scaling-stroke");
    struct strbuf points = STRBUF_INIT;
    for (size_t b = 0; b < bins; b++) {
        size_t from = b * f->n / bins, to = (b + 1) * f->n / bins;
        double x = 0, y = 0;
        for (size_t i = from; i < to; i++) {
            x += f->units[i].expected;
            y += limit_of(&f->units[i], which);
        }
        double n = (double)(to - from);
        if (b == 0) /* from the first to the last */
            x = f->units[0].expected * n;
        else if (b + 1 == bins)
            x = f->units[f->n - 1].expected * n;
        strbuf_printf(&points, "%s%.0f,%.0f", b > 0 ? " " : "", funnel_x(f, x / n) * FUNNEL_WIDE,
                      funnel_y(f, y / n) * FUNNEL_WIDE);
    }
    html_attr_words(f->h, "points", strbuf_slice(&points));
    html_check(f->h, &points);
    strbuf_free(&points);
    html_close(f->h, "polyline");
}

/* Those in line are many: all in one path, a dot for each place of the picture. */
static void funnel_crowd(const struct funnel *f)
{
    struct strbuf d = STRBUF_INIT;
    int last_x = -1, last_y = -1;
    for (size_t i = 0; i < f->n; i++) {
        int x = (int)lround(funnel_x(f, f->units[i].expected) * FUNNEL_WIDE),
            y = (int)lround(funnel_y(f, f->units[i].ratio) * FUNNEL_WIDE);
        if (f->units[i].mark != 0 || (x == last_x && y == last_y))
            continue;
        strbuf_printf(&d, "M%d %dh0", x, y);
        last_x = x, last_y = y;
    }
    if (d.n > 0) {
        html_open_class(f->h, "path", "crowd");
        html_attr(f->h, "vector-effect", "non-scaling-stroke");
        html_attr_words(f->h, "d", strbuf_slice(&d));
        html_close(f->h, "path");
    }
    html_check(f->h, &d);
    strbuf_free(&d);
}

static void funnel_marks(const struct funnel *f)
{
    struct html *h = f->h;
    for (size_t i = 0; i < f->n; i++) {
        const struct svg_unit *u = &f->units[i];
        if (u->mark == 0)
            continue;
        html_open(h, "a");
        html_attr(h, "href", u->href);
        html_attr(h, "tabindex", "-1"); /* the table below has the same links */
        html_open_class(h, "svg", "at");
        percent(h, "x", funnel_x(f, u->expected));
        percent(h, "y", funnel_y(f, u->ratio));
        html_attr(h, "overflow", "visible");
        html_attr(h, "width", "1");
        html_attr(h, "height", "1");
        html_open_class(h, "path", u->mark > 0 ? "f-confrontational" : "f-choice");
        html_attr(h, "d", u->mark > 0 ? "M0-7L6.5 4.5H-6.5Z" : "M0 7L6.5-4.5H-6.5Z");
        html_open(h, "title");
        html_text(h, u->name);
        html_close(h, "title");
        html_close(h, "path");
        html_close(h, "svg");
        html_close(h, "a");
    }
}

static double nice_top(double x)
{
    static const double steps[] = {1, 1.2, 1.6, 2, 2.4, 2.8, 3.2, 4, 5, 6, 8, 10};
    double unit = pow(10, floor(log10(x)));
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof *steps && x > steps[i] * unit)
        i++;
    return steps[i] * unit;
}

static void funnel_label(const struct funnel *f, double x, double y, const char *anchor, double value, int dy)
{
    html_open(f->h, "text");
    percent(f->h, "x", x);
    percent(f->h, "y", y);
    html_attr_int(f->h, "dy", dy);
    html_attr(f->h, "text-anchor", anchor);
    html_fixed(f->h, value, value < 1 && value > 0 ? 1 : 0);
    html_close(f->h, "text");
}

static void funnel_axes(const struct funnel *f)
{
    for (int i = 0; i <= (int)f->top; i++) {
        double y = funnel_y(f, i);
        line_y(f->h, i == 1 ? "average" : "grid", y);
        funnel_label(f, 0, y, "end", i, 4);
    }
    for (int i = 0; i <= 4; i++)
        funnel_label(f, i / 4.0, 1, i == 4 ? "end" : "middle", f->most * i / 4, 16);
}

void svg_funnel(struct html *h, const char *title, const struct svg_unit *units, size_t n)
{
    struct funnel f = {h, units, n, 1, 2};
    for (size_t i = 0; i < n; i++) {
        f.most = fmax(f.most, units[i].expected);
        f.top = fmax(f.top, fmin(ceil(units[i].ratio), 5));
    }
    f.most = nice_top(f.most);
    begin(h, "funnel", title, FUNNEL_HEIGHT);
    funnel_axes(&f);
    html_open(h, "svg");
    html_attr(h, "width", "100%");
    html_attr(h, "height", "100%");
    html_attr(h, "viewBox", "0 0 1000 1000");
    html_attr(h, "preserveAspectRatio", "none");
    funnel_curve(&f, 0, "limit outer");
    funnel_curve(&f, 1, "limit");
    funnel_curve(&f, 2, "limit");
    funnel_curve(&f, 3, "limit outer");
    funnel_crowd(&f);
    html_close(h, "svg");
    funnel_marks(&f);
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

enum { CONTROL_HEIGHT = 180 };

/* What the chart shows: from BOTTOM to TOP, whole steps of 5 % that hold all weeks and their limits. */
struct control {
    struct html *h;
    double bottom, top;
};

static double control_y(const struct control *c, double rate)
{
    return CONTROL_HEIGHT * (c->top - rate) / (c->top - c->bottom);
}

static void control_label(const struct control *c, double value)
{
    html_open(c->h, "text");
    html_attr(c->h, "x", "-6");
    html_attr_fixed(c->h, "y", control_y(c, value) + 4, 1, "");
    html_attr(c->h, "text-anchor", "end");
    html_percent(c->h, value);
    html_close(c->h, "text");
}

static void control_week(const struct control *c, const struct svg_week *w, double x, double half)
{
    double low = control_y(c, w->low), high = control_y(c, w->high);
    line(c->h, "limit outer", x - half, x + half, low, low);
    line(c->h, "limit outer", x - half, x + half, high, high);
    if (w->signal == 0) {
        dot(c->h, "now", x, control_y(c, w->rate), 3.5);
        return;
    }
    open_at(c->h, x, control_y(c, w->rate));
    html_open_class(c->h, "path", w->signal > 0 ? "f-confrontational" : "f-choice");
    html_attr(c->h, "d", w->signal > 0 ? "M0-7L6.5 4.5H-6.5Z" : "M0 7L6.5-4.5H-6.5Z");
    html_close(c->h, "path");
    html_close(c->h, "svg");
}

static struct control control_of(struct html *h, const struct svg_week *weeks, size_t n, double mean)
{
    double low = mean, high = mean;
    for (size_t i = 0; i < n; i++)
        if (weeks[i].has) {
            low = fmin(low, fmin(weeks[i].low, weeks[i].rate));
            high = fmax(high, fmax(weeks[i].high, weeks[i].rate));
        }
    low = fmax(0, floor(low * 20) / 20);
    return (struct control){h, low, fmax(low + .05, ceil(high * 20) / 20)};
}

void svg_control(struct html *h, const char *title, const struct svg_week *weeks, size_t n, double mean)
{
    const struct control c = control_of(h, weeks, n, mean);
    double step = 1 / (double)n, last_x = 0, last_rate = -1;
    begin(h, "control", title, CONTROL_HEIGHT);
    line(h, "grid", 0, 1, CONTROL_HEIGHT, CONTROL_HEIGHT);
    line(h, "grid", 0, 1, 0, 0);
    line(h, "average", 0, 1, control_y(&c, mean), control_y(&c, mean));
    for (size_t i = 0; i < n; i++) {
        double x = ((double)i + .5) * step;
        if (!weeks[i].has)
            continue;
        if (last_rate >= 0)
            line(h, "trend", last_x, x, control_y(&c, last_rate), control_y(&c, weeks[i].rate));
        last_x = x, last_rate = weeks[i].rate;
    }
    for (size_t i = 0; i < n; i++)
        if (weeks[i].has)
            control_week(&c, &weeks[i], ((double)i + .5) * step, .42 * step);
    control_label(&c, c.top);
    control_label(&c, mean);
    control_label(&c, c.bottom);
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
