/* table_overall.c - what stands above the single policy and agent: all together, the weeks, the tagger */
#include "report/table_findings.h"

/* ---- all together ---- */

enum { O_MEASURE, O_VALUE, O_LOW, O_HIGH };

struct overall {
    const char *measure;
    struct stats_interval value;
};

static struct stats_interval number(bool has, double x)
{
    return (struct stats_interval){has, x, x, x};
}

static struct overall overall_at(const struct findings *f, size_t index)
{
    const struct stats_strata *d = &f->delivery;
    const struct overall rows[] = {
        {"dispute_rate", stats_wilson(f->all.x, f->all.n)},
        {"dispute_rate_corrected", f->corrected},
        {"confrontational_share", stats_wilson(f->styles[0].n, f->all.n)},
        {"confrontational_share_corrected", f->corrected_confrontational},
        {"odds_ratio_of_confrontation", {d->has, d->odds, d->low, d->high}},
        {"p_no_effect_of_confrontation", number(d->has_test, d->p)},
        {"p_same_effect_for_all_policies", number(d->has_homogeneity, d->p_tarone)},
        {"phi_of_agents_disputes", number(f->disputes_spread.has, f->disputes_spread.phi)},
        {"phi_of_agents_confrontations", number(f->confrontations_spread.has, f->confrontations_spread.phi)},
        {"mean_dispute_rate_of_weeks", number(f->chart.has, f->chart.mean)},
        {"sigma_z_of_weeks", number(f->chart.has_laney, f->chart.sigma_z)},
    };
    return index < sizeof rows / sizeof *rows ? rows[index] : (struct overall){NULL, {false, 0, 0, 0}};
}

static size_t count_overall(const struct report_data *data)
{
    size_t n = 0;
    while (data->findings->all.n > 0 && overall_at(data->findings, n).measure != NULL)
        n++;
    return n;
}

static void fill_overall(const struct report_data *data, size_t index, struct field *f)
{
    const struct overall o = overall_at(data->findings, index);
    field_text(&f[O_MEASURE], slice_of(o.measure));
    if (o.value.has)
        field_real(&f[O_VALUE], o.value.at);
    if (o.value.has && o.value.low < o.value.high) {
        field_real(&f[O_LOW], o.value.low);
        field_real(&f[O_HIGH], o.value.high);
    }
}

static const struct column overall[] = {
    {"measure", NULL, COL_TEXT, .a = O_MEASURE},
    {"value", NULL, COL_REAL, .a = O_VALUE},
    {"low", NULL, COL_REAL, .a = O_LOW},
    {"high", NULL, COL_REAL, .a = O_HIGH},
};

const struct table table_overall = {"overall",           "", QUERY_COUNT, 0, COLUMNS(overall), .count = count_overall,
                                    .fill = fill_overall};

/* ---- the weeks, as a control chart ---- */

enum { W_FROM, W_N, W_X, W_LOW, W_HIGH, W_LANEY_LOW, W_LANEY_HIGH, W_SIGNAL };

static size_t count_weeks(const struct report_data *data)
{
    return data->findings->chart.has ? FINDING_WEEKS : 0;
}

static void fill_week(const struct report_data *data, size_t index, struct field *f)
{
    const struct findings *x = data->findings;
    const struct stats_interval p = stats_chart_limits(&x->chart, x->weeks[index].n);
    const struct stats_interval laney = stats_chart_laney(&x->chart, x->weeks[index].n);
    int signal = findings_week_signal(x, index);
    field_text(&f[W_FROM], slice_of(x->week_from[index]));
    field_count(&f[W_N], x->weeks[index]);
    if (p.has) {
        field_real(&f[W_LOW], p.low);
        field_real(&f[W_HIGH], p.high);
    }
    if (laney.has) {
        field_real(&f[W_LANEY_LOW], laney.low);
        field_real(&f[W_LANEY_HIGH], laney.high);
    }
    field_text(&f[W_SIGNAL], slice_of(signal > 0 ? "above" : signal < 0 ? "below" : ""));
}

static const struct column weeks[] = {
    {"from", NULL, COL_TEXT, .a = W_FROM},
    {"episodes", NULL, COL_INT, .a = W_N},
    {"disputed", NULL, COL_INT, .a = W_X},
    {"dispute_rate", NULL, COL_SHARE, .a = W_X, .b = W_N},
    {"dispute_rate_low", NULL, COL_LOW, .a = W_X, .b = W_N},
    {"dispute_rate_high", NULL, COL_HIGH, .a = W_X, .b = W_N},
    {"limit_low", NULL, COL_PROPORTION, .a = W_LOW},
    {"limit_high", NULL, COL_PROPORTION, .a = W_HIGH},
    {"laney_low", NULL, COL_PROPORTION, .a = W_LANEY_LOW},
    {"laney_high", NULL, COL_PROPORTION, .a = W_LANEY_HIGH},
    {"signal", NULL, COL_TEXT, .a = W_SIGNAL},
};

const struct table table_weeks = {"weeks", "", QUERY_COUNT, 0, COLUMNS(weeks), .count = count_weeks, .fill = fill_week};

/* ---- the tagger, by labels ---- */

enum {
    Q_KIND,
    Q_WORDS,
    Q_LABELS,
    Q_BOTH,
    Q_TAG_ONLY,
    Q_LABEL_ONLY,
    Q_NEITHER,
    Q_PRECISION,
    Q_RECALL = Q_PRECISION + 3,
    Q_SPECIFICITY = Q_RECALL + 3,
    Q_KAPPA = Q_SPECIFICITY + 3,
    Q_AC1 = Q_KAPPA + 3,
    Q_TAGGED = Q_AC1 + 3,
    Q_LABELLED
};

static size_t count_quality(const struct report_data *data)
{
    return data->findings->has_labels ? KIND_COUNT : 0;
}

static void fill_quality(const struct report_data *data, size_t index, struct field *f)
{
    static const char *const words[KIND_COUNT] = {"Turns that tell a policy", "Of these, told as a confrontation",
                                                  "Turns that dispute", "Turns that are hostile",
                                                  "Episodes that were disputed"};
    const struct finding_quality *q = &data->findings->quality[index];
    field_text(&f[Q_KIND], slice_of(finding_kind_name((enum finding_kind)index)));
    field_text(&f[Q_WORDS], slice_of(words[index]));
    field_int(&f[Q_LABELS], q->labels);
    field_int(&f[Q_BOTH], q->both);
    field_int(&f[Q_TAG_ONLY], q->tag_only);
    field_int(&f[Q_LABEL_ONLY], q->label_only);
    field_int(&f[Q_NEITHER], q->neither);
    field_interval(&f[Q_PRECISION], &q->precision);
    field_interval(&f[Q_RECALL], &q->recall);
    field_interval(&f[Q_SPECIFICITY], &q->specificity);
    field_interval(&f[Q_KAPPA], &q->kappa);
    field_interval(&f[Q_AC1], &q->ac1);
    field_int(&f[Q_TAGGED], q->both + q->tag_only);
    field_int(&f[Q_LABELLED], q->both + q->label_only);
}

static const struct column quality[] = {
    {"kind", NULL, COL_TEXT, .a = Q_KIND},
    {"labels", NULL, COL_INT, .a = Q_LABELS},
    {"tagged_and_labelled", NULL, COL_INT, .a = Q_BOTH},
    {"tagged_only", NULL, COL_INT, .a = Q_TAG_ONLY},
    {"labelled_only", NULL, COL_INT, .a = Q_LABEL_ONLY},
    {"neither", NULL, COL_INT, .a = Q_NEITHER},
    {"precision", NULL, COL_PROPORTION, .a = Q_PRECISION},
    {"precision_low", NULL, COL_PROPORTION, .a = Q_PRECISION + 1},
    {"precision_high", NULL, COL_PROPORTION, .a = Q_PRECISION + 2},
    {"recall", NULL, COL_PROPORTION, .a = Q_RECALL},
    {"recall_low", NULL, COL_PROPORTION, .a = Q_RECALL + 1},
    {"recall_high", NULL, COL_PROPORTION, .a = Q_RECALL + 2},
    {"specificity", NULL, COL_PROPORTION, .a = Q_SPECIFICITY},
    {"specificity_low", NULL, COL_PROPORTION, .a = Q_SPECIFICITY + 1},
    {"specificity_high", NULL, COL_PROPORTION, .a = Q_SPECIFICITY + 2},
    {"kappa", NULL, COL_REAL, .a = Q_KAPPA},
    {"kappa_low", NULL, COL_REAL, .a = Q_KAPPA + 1},
    {"kappa_high", NULL, COL_REAL, .a = Q_KAPPA + 2},
    {"ac1", NULL, COL_REAL, .a = Q_AC1},
    {"ac1_low", NULL, COL_REAL, .a = Q_AC1 + 1},
    {"ac1_high", NULL, COL_REAL, .a = Q_AC1 + 2},
    {NULL, "What was judged", COL_NAME, .a = Q_WORDS, .b = -1},
    {NULL, "Judgements", COL_INT, .a = Q_LABELS},
    {NULL, "Right, of those tagged", COL_PERCENT, .a = Q_BOTH, .b = Q_TAGGED},
    {NULL, "Found, of those there are", COL_PERCENT, .a = Q_BOTH, .b = Q_LABELLED},
};

const struct table table_quality = {
    "quality",           "How good the tags are, by conversations that people judged here",
    QUERY_COUNT,         0,
    COLUMNS(quality),    .count = count_quality,
    .fill = fill_quality};
