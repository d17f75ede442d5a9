#include "ingest/probe.h"

#include "ingest/json_sample.h"

enum err_code probe_named(const char *name, const struct format **out, struct err *e)
{
    for (const struct format *f = formats; f->name != NULL; f++) {
        if (strcmp(f->name, name) == 0) {
            *out = f;
            return ERR_OK;
        }
    }
    err_set(e, ERR_USAGE, "there is no format \"%s\"", name);
    err_hint(e, "\"broach formats\" lists them");
    return ERR_USAGE;
}

/* The format of WANTED's name is taken for granted; its probe only finds out how the text is cut. */
static enum err_code probe_wanted(const struct sample *s, const char *wanted, struct reader_options *o,
                                  struct layout *layout, const struct format **out, struct err *e)
{
    struct json_sample look;
    struct err why = {.code = ERR_OK};
    enum err_code rc = probe_named(wanted, out, e);
    if (rc != ERR_OK)
        return rc;
    if ((*out)->fits != NULL)
        return json_sample_look(s, *out, layout, &look, e);
    if ((*out)->probe(s, o, &why) != 0 || why.code != ERR_NOMEM)
        return ERR_OK;
    *e = why;
    return e->code;
}

/* A JSON text: its format, or NULL and in *reason why it has none. */
static enum err_code probe_json(const struct sample *s, struct reader_options *o, struct layout *layout,
                                const struct format **out, struct err *reason, struct err *e)
{
    struct json_sample look;
    if (json_sample_look(s, NULL, layout, &look, e) != ERR_OK)
        return e->code;
    *out = look.format;
    if (!look.is_json || *out != NULL)
        return ERR_OK;
    if (look.ndocs == 0 && !s->is_all) { /* the first record is larger than the sample: read it and see */
        o->is_assumed = true;
        return probe_named("json", out, e);
    }
    if (look.is_first_broken) {
        err_set(reason, ERR_INPUT, "line %ld, column %ld: %s", look.broken_line, look.broken_column, look.reason);
        return ERR_OK;
    }
    err_set(reason, ERR_INPUT, "JSON, but none of its first %zu records is a conversation", look.ndocs);
    err_hint(reason,
             "a conversation is an object with a list, such as \"messages\" or \"turns\", of objects that have a "
             "text and a role or speaker");
    return ERR_OK;
}

/* Any other text. */
static enum err_code probe_text(const struct sample *s, struct reader_options *o, const struct format **out,
                                struct err *reason, struct err *e)
{
    const struct reader_options given = *o;
    int best = 0;
    for (const struct format *f = formats; f->name != NULL && best < PROBE_SURE; f++) {
        struct reader_options options = given;
        struct err why = {.code = ERR_OK};
        int score = f->probe != NULL ? f->probe(s, &options, &why) : 0;
        if (why.code == ERR_NOMEM) {
            *e = why;
            return ERR_NOMEM;
        }
        if (score > best) {
            best = score;
            *out = f;
            *o = options;
        } else if (score == 0 && why.code != ERR_OK && reason->code == ERR_OK) {
            *reason = why;
        }
    }
    return ERR_OK;
}

enum err_code probe(const struct sample *s, const char *wanted, struct reader_options *o, struct layout *layout,
                    const struct format **out, struct err *e)
{
    struct err reason = {.code = ERR_OK};
    *out = NULL;
    *layout = (struct layout){.kind = LAYOUT_STREAM};
    if (wanted != NULL)
        return probe_wanted(s, wanted, o, layout, out, e);
    enum err_code rc = probe_json(s, o, layout, out, &reason, e);
    if (rc == ERR_OK && *out == NULL)
        rc = probe_text(s, o, out, &reason, e);
    if (rc != ERR_OK || *out != NULL)
        return rc;
    if (reason.code == ERR_OK) {
        err_set(&reason, ERR_INPUT, "the text fits none of the formats");
        err_hint(&reason, "\"broach formats\" lists them; --format NAME takes one for granted");
    }
    *e = reason;
    return ERR_INPUT;
}
