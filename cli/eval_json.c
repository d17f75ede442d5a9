/* An evaluation as one JSON object: the figures of eval_text.c. */
#include "analyze/analyze.h"
#include "cli/eval_print.h"
#include "core/json_write.h"

static void put_interval(struct strbuf *b, const char *key, const struct stats_interval *i)
{
    strbuf_printf(b, ",\"%s\":", key);
    if (!i->has) {
        strbuf_puts(b, "null");
        return;
    }
    strbuf_puts(b, "{\"at\":");
    json_number(b, i->at);
    strbuf_puts(b, ",\"low\":");
    json_number(b, i->low);
    strbuf_puts(b, ",\"high\":");
    json_number(b, i->high);
    strbuf_putc(b, '}');
}

static void put_figure(struct strbuf *b, const char *key, const struct figure *f)
{
    strbuf_printf(b, "\"%s\":{\"turns\":%lld,\"labelled\":%lld,\"tagged\":%lld,\"right\":%lld", key,
                  (long long)f->units, (long long)f->labelled, (long long)f->tagged, (long long)f->right);
    put_interval(b, "precision", &f->precision);
    put_interval(b, "recall", &f->recall);
    put_interval(b, "f1", &f->f1);
    put_interval(b, "kappa", &f->kappa);
    put_interval(b, "ac1", &f->ac1);
    strbuf_putc(b, '}');
}

/* Classes and the macro-F1 of SOURCE, as members. */
static void put_figures(struct strbuf *b, const struct evaluation *ev, uint32_t source)
{
    strbuf_puts(b, "\"classes\":{");
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++) {
        struct figure f = evaluation_figure(ev, class, source);
        if (class > 0)
            strbuf_putc(b, ',');
        put_figure(b, class_name(class), &f);
    }
    struct stats_interval macro = evaluation_style_macro(ev, source);
    strbuf_putc(b, '}');
    put_interval(b, "style_macro_f1", &macro);
}

static void put_confusion(struct strbuf *b, const struct evaluation *ev)
{
    int64_t table[CONFUSION][CONFUSION];
    evaluation_confusion(ev, table);
    strbuf_puts(b, ",\"confusion\":{\"styles\":[\"none\"");
    for (uint32_t k = 1; k < CONFUSION; k++)
        strbuf_printf(b, ",\"%s\"", style_name((enum style)k));
    strbuf_puts(b, "],\"labelled_by_tagged\":[");
    for (uint32_t i = 0; i < CONFUSION; i++)
        for (uint32_t k = 0; k < CONFUSION; k++)
            strbuf_printf(b, "%s%lld%s",
                          k > 0   ? ","
                          : i > 0 ? ",["
                                  : "[",
                          (long long)table[i][k], k + 1 == CONFUSION ? "]" : "");
    struct stats_agreement a = stats_agree(table[0], CONFUSION);
    strbuf_putc(b, ']');
    put_interval(b, "kappa", &a.kappa);
    put_interval(b, "ac1", &a.ac1);
    strbuf_putc(b, '}');
}

static void put_sources(struct strbuf *b, const struct evaluation *ev)
{
    strbuf_puts(b, ",\"sources\":[");
    for (uint32_t s = 0; s < ev->nsources; s++) {
        unsigned long n = 0;
        for (size_t i = 0; i < ev->n; i++)
            n += ev->source[i] == s;
        strbuf_puts(b, s > 0 ? ",{\"source\":" : "{\"source\":");
        json_escape(b, ev->sources[s], false);
        strbuf_printf(b, ",\"conversations\":%lu,", n);
        put_figures(b, ev, s);
        strbuf_putc(b, '}');
    }
    strbuf_putc(b, ']');
}

static void put_calibration(struct strbuf *b, const struct evaluation *ev)
{
    static const uint32_t classes[] = {CLASS_DELIVERY, CLASS_STYLE, CLASS_DISPUTE, CLASS_HOSTILE};
    strbuf_puts(b, ",\"calibration\":{");
    for (size_t k = 0; k < sizeof classes / sizeof classes[0]; k++) {
        struct calibration_bin bins[CALIBRATION_BINS];
        evaluation_calibration(ev, classes[k], bins);
        strbuf_printf(b, "%s\"%s\":[", k > 0 ? "," : "", classes[k] == CLASS_STYLE ? "style" : class_name(classes[k]));
        for (int i = 0; i < CALIBRATION_BINS; i++) {
            strbuf_printf(b, "%s{\"turns\":%lld,\"labelled\":%lld,\"mean_p\":", i > 0 ? "," : "", (long long)bins[i].n,
                          (long long)bins[i].labelled);
            if (bins[i].n > 0)
                json_number(b, bins[i].sum_p / (double)bins[i].n);
            else
                strbuf_puts(b, "null");
            strbuf_putc(b, '}');
        }
        strbuf_putc(b, ']');
    }
    strbuf_putc(b, '}');
}

static void put_certainty(struct strbuf *b, const struct evaluation *ev)
{
    static const uint32_t classes[] = {CLASS_DELIVERY, CLASS_DISPUTE, CLASS_HOSTILE};
    strbuf_puts(b, ",\"certainty\":{");
    for (size_t k = 0; k < sizeof classes / sizeof classes[0]; k++) {
        struct stats_count sure = evaluation_certainty(ev, classes[k], false),
                           unsure = evaluation_certainty(ev, classes[k], true);
        strbuf_printf(b, "%s\"%s\":{\"certain\":%lld,\"right\":%lld,\"uncertain\":%lld,\"uncertain_right\":%lld}",
                      k > 0 ? "," : "", class_name(classes[k]), (long long)sure.n, (long long)sure.x,
                      (long long)unsure.n, (long long)unsure.x);
    }
    strbuf_putc(b, '}');
}

static void put_cues(struct strbuf *b, const struct evaluation *ev)
{
    struct ruleset_info info = ruleset_info(ev->rules);
    const char *comma = "";
    strbuf_puts(b, ",\"cues\":[");
    for (uint32_t c = 0; c < info.ncues; c++) {
        const struct cue_count *n = &ev->cues[c];
        if (n->agent + n->customer == 0)
            continue;
        strbuf_printf(b, "%s{\"cue\":", comma);
        json_escape(b, info.cue_names[c], false);
        strbuf_printf(b, ",\"agent\":%lld,\"delivery\":%lld,\"customer\":%lld,\"dispute\":%lld}", (long long)n->agent,
                      (long long)n->delivery, (long long)n->customer, (long long)n->dispute);
        comma = ",";
    }
    strbuf_putc(b, ']');
}

/* The classes of which L says more than the tags (SIDE 0), or less. */
static void put_differences(struct strbuf *b, const struct turn_label *l, const struct turn_outcome *o, int side)
{
    const char *comma = "";
    for (uint32_t k = 0; k < EVAL_CLASSES; k++) {
        bool is_labelled = label_says(l, k), is_tagged = outcome_says(o, k);
        if (!label_judges(l, k) || is_labelled == is_tagged || is_labelled != (side == 0))
            continue;
        strbuf_printf(b, "%s\"%s\"", comma, class_name(k));
        comma = ",";
    }
}

/* The conversation around TURN. */
static void put_around(struct strbuf *b, const struct conversation *c, uint32_t turn)
{
    uint32_t from, to;
    eval_around(c, turn, &from, &to);
    strbuf_puts(b, ",\"around\":[");
    for (uint32_t i = from; i < to; i++) {
        strbuf_printf(b, "%s{\"turn\":%lu,\"role\":\"%s\",\"text\":", i > from ? "," : "",
                      (unsigned long)turn_number(c, i), role_name(c->turns[i].role));
        json_escape(b, c->turns[i].text, false);
        strbuf_putc(b, '}');
    }
    strbuf_putc(b, ']');
}

static void put_error(struct strbuf *b, const struct labelled *l, uint32_t at, const struct turn_outcome *o)
{
    const struct turn_label *label = &l->labels[at];
    strbuf_puts(b, "{\"conversation_id\":");
    json_escape(b, l->c.external_id, false);
    strbuf_puts(b, ",\"source\":");
    json_escape(b, l->c.source, false);
    strbuf_printf(b, ",\"turn\":%lu,\"missed\":[", (unsigned long)at);
    put_differences(b, label, o, 0);
    strbuf_puts(b, "],\"wrong\":[");
    put_differences(b, label, o, 1);
    strbuf_putc(b, ']');
    if (o->is_scored && o->role == ROLE_AGENT) {
        strbuf_puts(b, ",\"p_delivery\":");
        json_number(b, o->p);
    } else if (o->is_scored) {
        strbuf_puts(b, ",\"p_dispute\":");
        json_number(b, o->p_dispute);
        strbuf_puts(b, ",\"p_hostile\":");
        json_number(b, o->p_hostile);
    }
    if (label->turn != NO_TURN)
        put_around(b, &l->c, label->turn);
    strbuf_putc(b, '}');
}

static void put_errors(struct strbuf *b, const struct evaluation *ev, uint32_t class)
{
    const char *comma = "";
    strbuf_puts(b, ",\"errors\":[");
    for (size_t i = 0; i < ev->n; i++) {
        const struct labelled *l = ev->items[i];
        for (uint32_t t = 0; t < l->nlabels; t++) {
            if (!eval_is_mistake(&l->labels[t], &ev->outcomes[i][t], class))
                continue;
            strbuf_puts(b, comma);
            put_error(b, l, t, &ev->outcomes[i][t]);
            comma = ",";
        }
    }
    strbuf_putc(b, ']');
}

void eval_print_json(struct strbuf *out, const struct evaluation *ev, const struct eval_view *view)
{
    struct ruleset_info info = ruleset_info(ev->rules);
    unsigned long long nturns = 0;
    for (size_t i = 0; i < ev->n; i++)
        nturns += ev->items[i]->c.nturns;
    strbuf_printf(out, "{\"ruleset\":\"%.*s\",\"conversations\":%zu,\"turns\":%llu,", SLICE_ARG(info.hash), ev->n,
                  nturns);
    put_figures(out, ev, ALL_SOURCES);
    put_confusion(out, ev);
    put_sources(out, ev);
    put_calibration(out, ev);
    put_certainty(out, ev);
    if (view->has_cues)
        put_cues(out, ev);
    if (view->has_errors)
        put_errors(out, ev, view->class);
    strbuf_puts(out, "}\n");
}
