/* train: fit the weights to labels, and tell how good they are on what they have not seen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/analyze.h"
#include "cli/command.h"
#include "cli/eval_print.h"
#include "cli/screen.h"
#include "core/file.h"
#include "core/when.h"
#include "train/trainer.h"

enum { NAME_WIDTH = 24, FEW_CONVERSATIONS = 300 };

/* The labelled files and how each takes part. */
struct inputs {
    struct labelled_set set;
    struct sample_file *files;
    size_t cap;
    size_t nadded; /* conversations that are only added */
};

static void progress(void *ctx, const char *what)
{
    struct session *s = ctx;
    if (console_wants_progress(s->console))
        console_progress(s->console, "train: %s", what);
}

#define WEIGHT_LEAST 0.01
#define WEIGHT_MOST  100.0

/* "FILE:3" is FILE, whose turns count three times; "FILE:0.5" half. */
static enum err_code cut_weight(const char *text, struct strbuf *path, double *weight, struct err *e)
{
    const char *colon = strrchr(text, ':');
    bool has_weight = colon != NULL && colon[1] != '\0' && strspn(colon + 1, "0123456789.") == strlen(colon + 1);
    char *end = NULL;
    *weight = has_weight ? strtod(colon + 1, &end) : 1;
    if (has_weight && (*end != '\0' || *weight < WEIGHT_LEAST || *weight > WEIGHT_MOST))
        return err_set(e, ERR_USAGE, "train: %.200s: a file counts %g to %g times", text, WEIGHT_LEAST, WEIGHT_MOST);
    strbuf_clear(path);
    strbuf_add(path, text, has_weight ? (size_t)(colon - text) : strlen(text));
    return strbuf_failed(path) ? err_nomem(e) : ERR_OK;
}

static enum err_code read_one(struct session *s, struct inputs *in, const char *text, bool is_added, struct err *e)
{
    struct strbuf path = STRBUF_INIT;
    struct labelled_options lo = {
        .mask = options_mask(s->options, OPT_MASK), .ctx = s->console, .reject = console_trouble_of};
    double weight = 1;
    size_t before = in->set.n, from = in->set.nfiles;
    enum err_code rc = cut_weight(text, &path, &weight, e);
    if (rc == ERR_OK)
        rc = labelled_read(&in->set, path.s, &lo, e);
    strbuf_free(&path);
    if (rc == ERR_OK && in->set.nfiles > in->cap) {
        size_t cap = 2 * (size_t)in->set.nfiles;
        struct sample_file *files = realloc(in->files, cap * sizeof *files);
        if (files == NULL)
            return err_nomem(e);
        in->files = files;
        in->cap = cap;
    }
    for (size_t i = from; rc == ERR_OK && i < in->set.nfiles; i++)
        in->files[i] = (struct sample_file){is_added, weight};
    in->nadded += is_added ? in->set.n - before : 0;
    return rc;
}

static enum err_code read_inputs(struct session *s, struct inputs *in, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < s->options->noperands && rc == ERR_OK; i++)
        rc = read_one(s, in, s->options->operands[i], false, e);
    const char *list = options_text(s->options, OPT_ADD);
    while (rc == ERR_OK && list != NULL && *list != '\0') {
        struct strbuf one = STRBUF_INIT;
        size_t n = strcspn(list, ",");
        strbuf_add(&one, list, n);
        rc = strbuf_failed(&one) ? err_nomem(e) : read_one(s, in, one.s != NULL ? one.s : "", true, e);
        strbuf_free(&one);
        list += n + (list[n] == ',');
    }
    console_troubles_end(s->console);
    return rc;
}

/* ---- figures ---- */

/* F1 of CLASS; EVAL_CLASSES: the styles' macro-F1. */
static struct stats_interval f1_of(const struct evaluation *ev, uint32_t class)
{
    return class < EVAL_CLASSES ? evaluation_figure(ev, class, ALL_SOURCES).f1
                                : evaluation_style_macro(ev, ALL_SOURCES);
}

/* F1 by source and by conversation; if IS_COMPARED that of the shipped weights, and what was gained on these. */
static void put_f1(struct strbuf *b, const struct training *t, uint32_t class, bool is_compared)
{
    const struct evaluation *ev = &t->ev[t->final->kind];
    struct stats_interval f;
    for (int kind = 0; kind < FOLD_KINDS; kind++) {
        if (!t->has[kind])
            continue;
        f = f1_of(&t->ev[kind], class);
        eval_put_interval(b, &f);
    }
    if (!is_compared)
        return;
    f = f1_of(&t->shipped, class);
    eval_put_interval(b, &f);
    f = class < EVAL_CLASSES ? evaluation_difference(ev, &t->shipped, class)
                             : evaluation_macro_difference(ev, &t->shipped);
    if (f.has)
        strbuf_printf(b, "  %+.3f %+.3f..%+.3f", f.at, f.low, f.high);
    else
        strbuf_printf(b, "  %-21s", "    -");
}

static void put_class(struct strbuf *b, const struct training *t, const char *prefix, uint32_t class, bool is_compared)
{
    const struct crossval *cv = t->final;
    long long labelled = (long long)evaluation_figure(&t->shipped, class, ALL_SOURCES).labelled;
    strbuf_printf(b, "%s%-*s%8lld", prefix, NAME_WIDTH, class_name(class), labelled);
    put_f1(b, t, class, is_compared);
    if (class_is_style(class) && labelled == 0 && !t->is_on_shipped)
        strbuf_puts(b, "  no labels: never\n");
    else if (cv->can[class] && (labelled > 0 || !class_is_style(class)))
        strbuf_printf(b, "  C %g\n", cv->grids[class].c[t->choice->setting[class]]);
    else
        strbuf_puts(b, "  no labels: the weights are kept\n");
}

/* A line a class, each behind PREFIX. */
static void put_figures(struct strbuf *b, const struct training *t, const char *prefix, bool is_compared)
{
    strbuf_printf(b, "%s%-*s%8s", prefix, NAME_WIDTH, "F1", "labelled");
    for (int kind = 0; kind < FOLD_KINDS; kind++)
        if (t->has[kind])
            strbuf_printf(b, "  %-17s", kind == FOLD_BY_SOURCE ? "by source" : "by conversation");
    if (is_compared)
        strbuf_printf(b, "  %-17s  %-21s", "shipped weights", "gained on these");
    strbuf_puts(b, "  fit\n");
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++) {
        put_class(b, t, prefix, class, is_compared);
        if (class == CLASS_PRACTICE - 1) {
            strbuf_printf(b, "%s%-*s%8s", prefix, NAME_WIDTH, "style macro-F1", "");
            put_f1(b, t, EVAL_CLASSES, is_compared);
            strbuf_putc(b, '\n');
        }
    }
}

/* A line a source: what was found in it where it was held out. For the header of the weights. */
static void put_sources(struct strbuf *b, const struct training *t)
{
    const struct evaluation *ev = &t->ev[t->final->kind];
    static const uint32_t classes[] = {CLASS_DELIVERY, CLASS_DISPUTE, CLASS_HOSTILE};
    strbuf_printf(b, "# %-*s%8s  %8s  %8s  %8s  %8s\n", NAME_WIDTH, "F1 by source", "turns", "delivery", "dispute",
                  "hostile", "style");
    struct strbuf name = STRBUF_INIT;
    for (uint32_t s = 0; s < ev->nsources; s++) {
        struct figure f = evaluation_figure(ev, CLASS_DELIVERY, s);
        strbuf_clear(&name);
        screen_text(&name, ev->sources[s]);
        strbuf_puts(b, "# ");
        screen_pad(b, strbuf_slice(&name), NAME_WIDTH);
        strbuf_printf(b, "%8lld", (long long)f.units);
        for (size_t i = 0; i <= sizeof classes / sizeof classes[0]; i++) {
            struct stats_interval at = i < sizeof classes / sizeof classes[0] ? evaluation_figure(ev, classes[i], s).f1
                                                                              : evaluation_style_macro(ev, s);
            if (at.has)
                strbuf_printf(b, "  %8.3f", at.at);
            else
                strbuf_printf(b, "  %8s", "-");
        }
        strbuf_putc(b, '\n');
    }
    b->failed = b->failed || strbuf_failed(&name);
    strbuf_free(&name);
}

/* The answer in words: did it help, on what it had not seen? */
static void put_verdict(struct strbuf *b, const struct training *t)
{
    static const struct {
        uint32_t class;
        const char *name;
    } rows[] = {{CLASS_DELIVERY, "delivery F1"},
                {EVAL_CLASSES, "style macro-F1"},
                {CLASS_DISPUTE, "dispute F1"},
                {CLASS_HOSTILE, "hostile F1"}};
    const struct evaluation *ev = &t->ev[t->final->kind];
    strbuf_printf(b, "Did these labels help, on %s?\n",
                  t->has[FOLD_BY_SOURCE] ? "sources that were held out" : "conversations that were held out");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct stats_interval was = f1_of(&t->shipped, rows[i].class), is = f1_of(ev, rows[i].class);
        struct stats_interval gain = rows[i].class < EVAL_CLASSES
                                         ? evaluation_difference(ev, &t->shipped, rows[i].class)
                                         : evaluation_macro_difference(ev, &t->shipped);
        if (!was.has || !is.has || !gain.has)
            continue;
        strbuf_printf(b, "  %-16s %.3f with the current rules, %.3f with these labels: %s (%+.3f, %+.3f to %+.3f)\n",
                      rows[i].name, was.at, is.at,
                      gain.low > 0    ? "better"
                      : gain.high < 0 ? "worse"
                                      : "no clear difference",
                      gain.at, gain.low, gain.high);
    }
    strbuf_putc(b, '\n');
}

static void put_advice(struct session *s, const struct inputs *in, const char *weights)
{
    if (!options_flag(s->options, OPT_ON_SHIPPED) && in->set.n - in->nadded < FEW_CONVERSATIONS)
        console_summary(s->console, "train: with so few labels, --on-shipped often does better: it stays near the "
                                    "current weights");
    if (weights == NULL)
        console_summary(s->console,
                        "train: no weights were written; --weights DIR/weights.txt does, --rules DIR uses them");
    else
        console_summary(s->console,
                        "train: weights written to %s; as weights.txt in a folder, --rules FOLDER uses them", weights);
}

static void put_result(struct session *s, const struct training *t, struct strbuf *out)
{
    struct eval_view view = {.has_errors = options_flag(s->options, OPT_ERRORS), .class = EVAL_CLASSES};
    if (!options_flag(s->options, OPT_JSON)) {
        if (options_text(s->options, OPT_FOLD_RULES) == NULL)
            put_verdict(out, t);
        else
            strbuf_puts(out, "The current rules were made from these labels: what they find there shows nothing.\n\n");
        put_figures(out, t, "", true);
        strbuf_puts(out, t->has[FOLD_BY_SOURCE] ? "\nLeaving one source out:\n" : "\nBy conversation:\n");
        eval_print_text(out, &t->ev[t->final->kind], &view);
        return;
    }
    for (int kind = 0; kind < FOLD_KINDS; kind++) {
        strbuf_puts(out, kind == FOLD_BY_SOURCE ? "{\"by_source\":" : ",\"by_conversation\":");
        if (t->has[kind])
            eval_print_json(out, &t->ev[kind], &view);
        else
            strbuf_puts(out, "null\n");
    }
    strbuf_puts(out, ",\"current_rules\":");
    eval_print_json(out, &t->shipped, &view);
    strbuf_puts(out, "}\n");
}

/* Finish F, which is gone then. */
static enum err_code write_weights(struct session *s, const struct inputs *in, const struct training *t,
                                   struct outfile *f, struct err *e)
{
    struct strbuf header = STRBUF_INIT, text = STRBUF_INIT;
    char date[WHEN_DATE_BYTES], hex[HASH_HEX_BYTES];
    strbuf_printf(&header,
                  "# Weights: class, feature, log-odds (see analyze/weights.h). Written by broach train on %s.\n"
                  "# Labels: %zu conversations, %zu of them only added; hash %s.\n"
                  "# Measured on conversations that were held out:\n",
                  when_format_date(when_day_of(s->now_ms), date), in->set.n, in->nadded, hash_hex(&in->set.hash, hex));
    put_figures(&header, t, "# ", false);
    put_sources(&header, t);
    train_write_weights(&text, t, s->rules, header.s != NULL ? header.s : "");
    bool has_failed = strbuf_failed(&header) || strbuf_failed(&text);
    if (has_failed)
        outfile_abort(f);
    else
        outfile_write(f, text.s, text.n);
    enum err_code rc = has_failed ? err_nomem(e) : outfile_commit(f, e);
    strbuf_free(&header);
    strbuf_free(&text);
    return rc;
}

enum err_code cmd_train(struct session *s, struct err *e)
{
    struct inputs in = {.cap = 0};
    struct training t = {.final = NULL};
    struct strbuf out = STRBUF_INIT;
    const char *weights = options_text(s->options, OPT_WEIGHTS);
    struct outfile *f = NULL;
    enum err_code rc = read_inputs(s, &in, e);
    if (rc == ERR_OK && weights != NULL) /* before the work, which may take long */
        rc = outfile_open(weights, 0644, &f, e);
    if (rc == ERR_OK) {
        struct train_options o = {.files = in.files,
                                  .families = options_text(s->options, OPT_FAMILIES),
                                  .rounds = (uint32_t)options_number(s->options, OPT_ROUNDS),
                                  .on_shipped = options_flag(s->options, OPT_ON_SHIPPED),
                                  .threads = session_jobs(s),
                                  .fold_rules = options_text(s->options, OPT_FOLD_RULES),
                                  .policies = options_text(s->options, OPT_POLICIES),
                                  .ctx = s,
                                  .progress = progress};
        rc = train_run(&t, s->rules, &in.set, &o, e);
    }
    if (rc == ERR_OK) {
        put_result(s, &t, &out);
        rc = strbuf_failed(&out) ? err_nomem(e) : ERR_OK;
    }
    if (rc == ERR_OK && options_text(s->options, OPT_FOLD_RULES) == NULL)
        console_warn(s->console, "the figures are fair only for labels that sense.bin was not made from; for those it "
                                 "was, see --fold-rules");
    if (rc == ERR_OK && f != NULL) {
        rc = write_weights(s, &in, &t, f, e);
        f = NULL;
    }
    if (rc == ERR_OK) {
        fwrite(out.s, 1, out.n, stdout);
        put_advice(s, &in, weights);
        rc = in.set.nrejects > options_number(s->options, OPT_ALLOW_REJECTS) ? ERR_PARTIAL : ERR_OK;
    }
    outfile_abort(f);
    strbuf_free(&out);
    train_end(&t);
    labelled_free(&in.set);
    free(in.files);
    return rc;
}
