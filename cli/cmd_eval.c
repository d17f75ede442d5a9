/* eval: how well is a labelled file tagged? */
#include <stdio.h>
#include <string.h>

#include "analyze/analyze.h"
#include "cli/command.h"
#include "cli/eval_print.h"

static enum err_code find_class(const char *name, uint32_t *out, struct err *e)
{
    *out = EVAL_CLASSES;
    for (uint32_t class = 0; name != NULL && class < EVAL_CLASSES; class ++) {
        if (strcmp(class_name(class), name) == 0) {
            *out = class;
            return ERR_OK;
        }
    }
    if (name == NULL)
        return ERR_OK;
    err_set(e, ERR_USAGE, "eval: no class is called \"%.40s\"", name);
    return err_hint(e, "delivery, style.NAME, practice.NAME, dispute or hostile");
}

static enum err_code evaluate(struct session *s, const struct labelled_set *set, struct evaluation *ev, struct err *e)
{
    struct tagger *t = tagger_new(s->rules);
    if (t == NULL)
        return err_nomem(e);
    enum err_code rc = evaluation_begin(ev, s->rules, e);
    for (size_t i = 0; i < set->n && rc == ERR_OK; i++)
        rc = evaluation_add(ev, t, &set->items[i], e);
    tagger_free(t);
    return rc;
}

enum err_code cmd_eval(struct session *s, struct err *e)
{
    struct labelled_set set = {.n = 0};
    struct evaluation ev = {.n = 0};
    struct strbuf out = STRBUF_INIT;
    struct eval_view view = {.has_cues = options_flag(s->options, OPT_CUES),
                             .has_errors = options_flag(s->options, OPT_ERRORS)};
    struct labelled_options lo = {.mask = options_mask(s->options, OPT_MASK),
                                  .source = options_text(s->options, OPT_SOURCE),
                                  .ctx = s->console,
                                  .reject = console_trouble_of};
    enum err_code rc = find_class(options_text(s->options, OPT_CLASS), &view.class, e);
    for (size_t i = 0; i < s->options->noperands && rc == ERR_OK; i++)
        rc = labelled_read(&set, s->options->operands[i], &lo, e);
    console_troubles_end(s->console);
    if (rc == ERR_OK)
        rc = evaluate(s, &set, &ev, e);
    if (rc == ERR_OK) {
        if (options_flag(s->options, OPT_JSON))
            eval_print_json(&out, &ev, &view);
        else
            eval_print_text(&out, &ev, &view);
        rc = strbuf_failed(&out) ? err_nomem(e) : ERR_OK;
    }
    if (rc == ERR_OK) {
        fwrite(out.s, 1, out.n, stdout);
        rc = set.nrejects > options_number(s->options, OPT_ALLOW_REJECTS) ? ERR_PARTIAL : ERR_OK;
    }
    strbuf_free(&out);
    evaluation_free(&ev);
    labelled_free(&set);
    return rc;
}
