/* findings_quality.c - the tagger against the labels that people gave */
#include "core/stats_agreement.h"
#include "core/stats_corrected.h"
#include "report/findings_load.h"

static const char *const names[KIND_COUNT] = {"delivery", "confrontational", "dispute", "hostile", "episode"};

const char *finding_kind_name(enum finding_kind k)
{
    return names[k];
}

static struct finding_quality *quality_of(struct findings *f, struct slice kind)
{
    for (int k = 0; k < KIND_COUNT; k++)
        if (slice_is(kind, names[k]))
            return &f->quality[k];
    return NULL;
}

static void measure(struct finding_quality *q)
{
    const int64_t table[] = {q->both, q->tag_only, q->label_only, q->neither};
    const struct stats_agreement a = stats_agree(table, 2);
    q->labels = q->both + q->tag_only + q->label_only + q->neither;
    q->precision = stats_wilson(q->both, q->both + q->tag_only);
    q->recall = stats_wilson(q->both, q->both + q->label_only);
    q->specificity = stats_wilson(q->neither, q->neither + q->tag_only);
    q->kappa = a.kappa;
    q->ac1 = a.ac1;
}

/* COUNTED as it would be if the tagger made no such errors as it makes where people judged. */
static struct stats_interval corrected(const struct finding_quality *q, struct stats_count counted)
{
    const struct stats_count yes = {q->both, q->both + q->label_only}, no = {q->neither, q->neither + q->tag_only};
    if (yes.n < STATS_ENOUGH || no.n < STATS_ENOUGH)
        return (struct stats_interval){false, 0, 0, 0};
    return stats_corrected(counted, yes, no);
}

enum err_code load_quality(struct store *db, const struct period *p, struct findings *f, struct err *e)
{
    enum err_code rc;
    bool has;
    struct stmt *s = table_bind(db, report_finding_labels, BIND_CERTAIN, p, 0);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        struct finding_quality *q = quality_of(f, stmt_text(s, 0));
        bool tagged = stmt_int(s, 1) != 0, labelled = stmt_int(s, 2) != 0;
        if (q == NULL)
            continue;
        *(tagged ? labelled ? &q->both : &q->tag_only : labelled ? &q->label_only : &q->neither) = stmt_int(s, 3);
        f->has_labels = true;
    }
    if (rc != ERR_OK)
        return rc;
    for (int k = 0; k < KIND_COUNT; k++)
        measure(&f->quality[k]);
    const struct finding_quality *episodes = &f->quality[KIND_EPISODE];
    f->corrected = corrected(episodes, f->all);
    f->corrected_confrontational =
        corrected(&f->quality[KIND_CONFRONTATIONAL], (struct stats_count){f->styles[0].n, f->all.n});
    for (size_t i = 0; i < f->npolicies; i++)
        f->policies[i].corrected = corrected(episodes, f->policies[i].all);
    return ERR_OK;
}
