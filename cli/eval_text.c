/* An evaluation as tables of text. */
#include <stdio.h>
#include <stdlib.h>

#include "analyze/analyze.h"
#include "cli/eval_print.h"
#include "cli/screen.h"

enum { NAME_WIDTH = 24 };

void eval_put_interval(struct strbuf *b, const struct stats_interval *i)
{
    if (i->has)
        strbuf_printf(b, "  %.3f %.3f-%.3f", i->at, i->low, i->high);
    else
        strbuf_printf(b, "  %-17s", "    -");
}

static void put_value(struct strbuf *b, const struct stats_interval *i)
{
    if (i->has)
        strbuf_printf(b, "  %6.3f", i->at);
    else
        strbuf_printf(b, "  %6s", "-");
}

static void put_classes(struct strbuf *b, const struct evaluation *ev)
{
    strbuf_printf(b, "%-*s%8s %7s %7s  %-17s  %-17s  %-17s  %6s  %6s\n", NAME_WIDTH, "class", "labelled", "tagged",
                  "right", "precision", "recall", "F1", "kappa", "AC1");
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++) {
        struct figure f = evaluation_figure(ev, class, ALL_SOURCES);
        strbuf_printf(b, "%-*s%8lld %7lld %7lld", NAME_WIDTH, class_name(class), (long long)f.labelled,
                      (long long)f.tagged, (long long)f.right);
        eval_put_interval(b, &f.precision);
        eval_put_interval(b, &f.recall);
        eval_put_interval(b, &f.f1);
        put_value(b, &f.kappa);
        put_value(b, &f.ac1);
        strbuf_putc(b, '\n');
        if (class == CLASS_PRACTICE - 1) {
            struct stats_interval macro = evaluation_style_macro(ev, ALL_SOURCES);
            strbuf_printf(b, "%-*s%62s", NAME_WIDTH, "style macro-F1 (without offrecord)", "");
            b->n -= b->n >= 10 ? 10 : 0; /* the name is longer than its column */
            eval_put_interval(b, &macro);
            strbuf_putc(b, '\n');
        }
    }
}

static const char *confusion_name(uint32_t style)
{
    return style == STYLE_NONE ? "none" : style_name((enum style)style);
}

static void put_confusion(struct strbuf *b, const struct evaluation *ev)
{
    int64_t table[CONFUSION][CONFUSION];
    evaluation_confusion(ev, table);
    strbuf_printf(b, "\n%-*s", NAME_WIDTH, "labelled \\ tagged");
    for (uint32_t k = 0; k < CONFUSION; k++)
        strbuf_printf(b, " %15s", confusion_name(k));
    strbuf_putc(b, '\n');
    for (uint32_t i = 0; i < CONFUSION; i++) {
        strbuf_printf(b, "%-*s", NAME_WIDTH, confusion_name(i));
        for (uint32_t k = 0; k < CONFUSION; k++)
            strbuf_printf(b, " %15lld", (long long)table[i][k]);
        strbuf_putc(b, '\n');
    }
    struct stats_agreement a = stats_agree(table[0], CONFUSION);
    strbuf_printf(b, "%-*s", NAME_WIDTH, "delivery and style");
    strbuf_puts(b, " kappa");
    eval_put_interval(b, &a.kappa);
    strbuf_puts(b, "  AC1");
    eval_put_interval(b, &a.ac1);
    strbuf_putc(b, '\n');
}

static void put_sources(struct strbuf *b, const struct evaluation *ev)
{
    strbuf_printf(b, "\n%-*s%8s %10s  %-17s  %-17s  %-17s\n", NAME_WIDTH, "source", "conv.", "deliveries",
                  "delivery F1", "style macro-F1", "dispute F1");
    for (uint32_t s = 0; s < ev->nsources; s++) {
        struct figure delivery = evaluation_figure(ev, CLASS_DELIVERY, s);
        struct figure dispute = evaluation_figure(ev, CLASS_DISPUTE, s);
        struct stats_interval macro = evaluation_style_macro(ev, s);
        struct strbuf name = STRBUF_INIT;
        long n = 0;
        for (size_t i = 0; i < ev->n; i++)
            n += ev->source[i] == s;
        screen_text(&name, ev->sources[s]);
        screen_pad(b, strbuf_slice(&name), NAME_WIDTH);
        strbuf_free(&name);
        strbuf_printf(b, "%8ld %10lld", n, (long long)delivery.labelled);
        eval_put_interval(b, &delivery.f1);
        eval_put_interval(b, &macro);
        eval_put_interval(b, &dispute.f1);
        strbuf_putc(b, '\n');
    }
}

static void put_calibration(struct strbuf *b, const struct evaluation *ev)
{
    static const uint32_t classes[] = {CLASS_DELIVERY, CLASS_STYLE, CLASS_DISPUTE, CLASS_HOSTILE};
    strbuf_printf(b, "\n%-*s%8s %8s %9s  %s\n", NAME_WIDTH, "calibration", "turns", "mean p", "labelled",
                  "share labelled");
    for (size_t k = 0; k < sizeof classes / sizeof classes[0]; k++) {
        struct calibration_bin bins[CALIBRATION_BINS];
        evaluation_calibration(ev, classes[k], bins);
        for (int i = 0; i < CALIBRATION_BINS; i++) {
            if (bins[i].n == 0)
                continue;
            struct stats_interval share = stats_wilson(bins[i].labelled, bins[i].n);
            char name[64];
            (void)snprintf(name, sizeof name, "%s p %.1f-%.1f",
                           classes[k] == CLASS_STYLE ? "style" : class_name(classes[k]), i / 10.0, (i + 1) / 10.0);
            strbuf_printf(b, "%-*s%8lld %8.3f %9lld", NAME_WIDTH, name, (long long)bins[i].n,
                          bins[i].sum_p / (double)bins[i].n, (long long)bins[i].labelled);
            eval_put_interval(b, &share);
            strbuf_putc(b, '\n');
        }
    }
}

/* Are the tags that are called uncertain the wrong ones? */
static void put_certainty(struct strbuf *b, const struct evaluation *ev)
{
    static const struct {
        uint32_t class;
        const char *name;
    } rows[] = {{CLASS_DELIVERY, "delivery and style"}, {CLASS_DISPUTE, "dispute"}, {CLASS_HOSTILE, "hostile"}};
    strbuf_printf(b, "\n%-*s%8s %7s  %-17s  %8s %7s  %s\n", NAME_WIDTH, "certainty", "certain", "right", "precision",
                  "uncertain", "right", "precision");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        strbuf_printf(b, "%-*s", NAME_WIDTH, rows[i].name);
        for (int unsure = 0; unsure < 2; unsure++) {
            struct stats_count c = evaluation_certainty(ev, rows[i].class, unsure != 0);
            struct stats_interval precision = stats_wilson(c.x, c.n);
            strbuf_printf(b, "%*lld %7lld", unsure == 0 ? 8 : 11, (long long)c.n, (long long)c.x);
            eval_put_interval(b, &precision);
        }
        strbuf_putc(b, '\n');
    }
}

static void put_cues(struct strbuf *b, const struct evaluation *ev)
{
    struct ruleset_info info = ruleset_info(ev->rules);
    int64_t deliveries = evaluation_figure(ev, CLASS_DELIVERY, ALL_SOURCES).labelled;
    int64_t disputes = evaluation_figure(ev, CLASS_DISPUTE, ALL_SOURCES).labelled;
    strbuf_printf(b, "\n%-*s%-9s %7s %9s  %-17s  %s\n", NAME_WIDTH + 8, "cue", "turns of", "hits", "labelled",
                  "precision", "share of all labelled");
    for (uint32_t c = 0; c < info.ncues; c++) {
        const struct cue_count *n = &ev->cues[c];
        for (int side = 0; side < 2; side++) {
            int64_t hits = side == 0 ? n->agent : n->customer, right = side == 0 ? n->delivery : n->dispute;
            int64_t all = side == 0 ? deliveries : disputes;
            struct stats_interval precision = stats_wilson(right, hits);
            if (hits == 0)
                continue;
            screen_pad(b, info.cue_names[c], NAME_WIDTH + 8);
            strbuf_printf(b, "%-9s %7lld %9lld", role_name(side == 0 ? ROLE_AGENT : ROLE_CUSTOMER), (long long)hits,
                          (long long)right);
            eval_put_interval(b, &precision);
            strbuf_printf(b, "  %.3f\n", all > 0 ? (double)right / (double)all : 0.0);
        }
    }
}

void eval_print_text(struct strbuf *out, const struct evaluation *ev, const struct eval_view *view)
{
    struct ruleset_info info = ruleset_info(ev->rules);
    long long nturns = 0;
    for (size_t i = 0; i < ev->n; i++)
        nturns += ev->items[i]->c.nturns;
    strbuf_printf(out, "%zu conversations, %lld turns, ruleset %.*s\n\n", ev->n, nturns, SLICE_ARG(info.hash));
    put_classes(out, ev);
    put_confusion(out, ev);
    put_sources(out, ev);
    put_calibration(out, ev);
    put_certainty(out, ev);
    if (view->has_cues)
        put_cues(out, ev);
    if (view->has_errors)
        eval_print_errors(out, ev, view->class);
}
