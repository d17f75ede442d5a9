#include "analyze/weights.h"

#include <math.h>
#include <stdlib.h>

static double log_odds(double p)
{
    return log(p / (1 - p));
}

void weights_set_unsure(struct weights *w)
{
    for (uint32_t class = 0; class < CLASS_COUNT; class ++) {
        double p = 1 / (1 + exp(-w->threshold[class]));
        w->unsure_from[class] = log_odds(fmax(p - w->margin, p / 2));
        w->unsure_to[class] = log_odds(fmin(p + w->margin, (1 + p) / 2));
    }
}

struct weights *weights_new(const struct feature_space *s, struct arena *a)
{
    struct weights *w = arena_zalloc(a, 1, sizeof *w);
    if (w == NULL)
        return NULL;
    w->nfeatures = feature_count(s);
    w->w = arena_zalloc(a, (size_t)w->nfeatures * CLASS_COUNT, sizeof *w->w);
    w->margin = UNCERTAIN_MARGIN;
    weights_set_unsure(w);
    return w->w != NULL ? w : NULL;
}

static const char *const class_names[CLASS_COUNT] = {
    [CLASS_DELIVERY] = "delivery",
    [CLASS_STYLE] = "style.confrontational",
    "style.choice",
    "style.neutral",
    "style.offrecord",
    [CLASS_PRACTICE] = "practice.reason",
    "practice.acknowledge",
    "practice.align",
    "practice.apology",
    "practice.alternative",
    "practice.probe",
    "practice.escalate",
    "practice.advocate",
    "practice.autonomy",
    "practice.blame",
    "practice.absolute",
    [CLASS_DISPUTE] = "dispute",
    [CLASS_HOSTILE] = "hostile",
    [CLASS_UPSET] = "upset",
};

const char *class_name(uint32_t class)
{
    return class_names[class];
}

static uint32_t class_find(struct slice name)
{
    uint32_t class = 0;
    while (class < CLASS_COUNT && !slice_is(name, class_names[class]))
        class ++;
    return class;
}

/* The next word of *LINE, empty at its end or at a comment. */
static struct slice next_word(struct slice *line)
{
    *line = slice_trim(*line);
    size_t n = 0;
    while (n < line->n && line->s[n] != ' ' && line->s[n] != '\t')
        n++;
    struct slice word = {line->s, n};
    if (n > 0 && word.s[0] == '#')
        word.n = 0, n = line->n;
    line->s += n;
    line->n -= n;
    return word;
}

/* A plain decimal number; the locale is never set, so the point is a point. */
static bool read_number(struct slice word, double *out)
{
    char buf[32];
    if (word.n == 0 || word.n >= sizeof buf)
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (strchr("+-.0123456789", word.s[i]) == NULL)
            return false;
    memcpy(buf, word.s, word.n);
    buf[word.n] = '\0';
    char *end;
    *out = strtod(buf, &end);
    return *end == '\0' && isfinite(*out);
}

static void weights_clear(struct weights *w, uint32_t class)
{
    for (uint32_t i = 0; i < w->nfeatures; i++)
        w->w[(size_t)i * CLASS_COUNT + class] = 0;
    w->threshold[class] = 0;
}

/* "uncertain MARGIN" */
static enum err_code set_margin(struct weights *w, const char *name, long lineno, struct slice number, bool has_more,
                                struct err *e)
{
    double x;
    if (has_more || !read_number(number, &x) || x < 0 || x > 0.5)
        return err_set(e, ERR_CONFIG, "%s:%ld: expected: uncertain margin, a number from 0 to 0.5", name, lineno);
    w->margin = x;
    return ERR_OK;
}

static enum err_code add_line(struct weights *w, const struct feature_space *s, const char *name, long lineno,
                              struct slice line, struct err *e)
{
    struct slice class_word = next_word(&line), feature_word = next_word(&line), number = next_word(&line);
    if (class_word.n == 0)
        return ERR_OK;
    if (slice_is(class_word, "uncertain"))
        return set_margin(w, name, lineno, feature_word, number.n != 0, e);
    uint32_t class = class_find(class_word);
    if (class == CLASS_COUNT)
        return err_set(e, ERR_CONFIG, "%s:%ld: no class is called \"%.*s\"", name, lineno, SLICE_ARG(class_word));
    if (slice_is(feature_word, "clear") && number.n == 0) {
        weights_clear(w, class);
        return ERR_OK;
    }
    double x;
    if (!read_number(number, &x) || next_word(&line).n != 0)
        return err_set(e, ERR_CONFIG, "%s:%ld: expected: class feature weight", name, lineno);
    if (slice_is(feature_word, "threshold")) {
        if (class_is_style(class))
            return err_set(e, ERR_CONFIG, "%s:%ld: styles have no threshold: they are weighed against each other", name,
                           lineno);
        if (x <= 0 || x >= 1)
            return err_set(e, ERR_CONFIG, "%s:%ld: a threshold is between 0 and 1", name, lineno);
        w->threshold[class] = log_odds(x);
        return ERR_OK;
    }
    uint32_t feature = feature_find(s, feature_word);
    if (feature == NO_FEATURE)
        return err_set(e, ERR_CONFIG, "%s:%ld: no feature is called \"%.*s\"", name, lineno, SLICE_ARG(feature_word));
    w->w[(size_t)feature * CLASS_COUNT + class] = (float)x;
    return ERR_OK;
}

enum err_code weights_add(struct weights *w, const struct feature_space *s, const char *name, struct slice text,
                          struct err *e)
{
    enum err_code rc = ERR_OK;
    for (long lineno = 1; text.n > 0 && rc == ERR_OK; lineno++) {
        const char *end = memchr(text.s, '\n', text.n);
        size_t n = end != NULL ? (size_t)(end - text.s) : text.n;
        rc = add_line(w, s, name, lineno, (struct slice){text.s, n}, e);
        n += end != NULL;
        text.s += n;
        text.n -= n;
    }
    weights_set_unsure(w);
    return rc;
}
