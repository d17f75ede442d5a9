#include "ingest/probe.h"

enum err_code probe_named(const char *name, const struct format **out, struct err *e)
{
    for (const struct format *f = formats; f->name != NULL; f++) {
        if (strcmp(f->name, name) == 0) {
            *out = f;
            return ERR_OK;
        }
    }
    err_set(e, ERR_USAGE, "there is no format \"%s\"", name);
    return err_hint(e, "\"broach formats\" lists them");
}

enum err_code probe(const struct sample *s, const char *wanted, struct reader_options *o, struct layout *layout,
                    const struct format **out, struct err *e)
{
    struct err reason = {.code = ERR_OK}, why;
    int best = 0;
    if (wanted != NULL) {
        if (probe_named(wanted, out, e) != ERR_OK)
            return e->code;
        why.code = ERR_OK;
        *layout = (struct layout){.kind = LAYOUT_STREAM};
        if ((*out)->probe(s, o, layout, &why) == 0 && why.code == ERR_NOMEM) {
            *e = why;
            return ERR_NOMEM;
        }
        return ERR_OK;
    }
    const struct reader_options given = *o;
    *out = NULL;
    for (const struct format *f = formats; f->name != NULL && best < PROBE_SURE; f++) {
        struct reader_options options = given;
        struct layout cut = {.kind = LAYOUT_STREAM};
        why.code = ERR_OK;
        int score = f->probe(s, &options, &cut, &why);
        if (why.code == ERR_NOMEM) {
            *e = why;
            return ERR_NOMEM;
        }
        if (score > best) {
            best = score;
            *out = f;
            *o = options;
            *layout = cut;
        } else if (score == 0 && why.code != ERR_OK && reason.code == ERR_OK) {
            reason = why;
        }
    }
    if (*out != NULL)
        return ERR_OK;
    if (reason.code == ERR_OK) {
        err_set(&reason, ERR_INPUT, "the text fits none of the formats");
        err_hint(&reason, "\"broach formats\" lists them; --format NAME takes one for granted");
    }
    *e = reason;
    e->code = ERR_INPUT;
    return ERR_INPUT;
}
