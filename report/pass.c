#include "report/pass.h"

#include "report/listen.h"

/* How many of the practices that help a choice were there: the more, the better the example. */
static double well_told(int64_t practices)
{
    static const enum practice good[] = {PRACTICE_REASON, PRACTICE_ACKNOWLEDGE, PRACTICE_ALTERNATIVE,
                                         PRACTICE_AUTONOMY};
    double n = 0;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        n += (practices & (INT64_C(1) << good[i])) != 0;
    return n;
}

/* Offer episode X to every number that it stands behind. */
static void offer(struct evidence *ev, const struct episode_row *x)
{
    const struct exchange at = {x->conversation, x->first_turn};
    double quality = x->p + (x->is_hostile_after ? 1 : 0) - (x->is_uncertain ? 2 : 0); /* what is certain comes first */
    if (x->is_hostile_after)
        evidence_offer(ev, EVIDENCE_HOSTILE, 0, 0, quality, at);
    if (x->is_disputed) {
        evidence_offer(ev, EVIDENCE_DISPUTED, 0, 0, quality, at);
        evidence_offer(ev, EVIDENCE_POLICY, x->policy, 0, quality, at);
        evidence_offer(ev, EVIDENCE_AGENT, x->agent, 0, quality, at);
        evidence_offer(ev, EVIDENCE_AGENT_POLICY, x->agent, x->policy, quality, at);
    }
    if (x->style == 0) {
        evidence_offer(ev, EVIDENCE_AGENT_CONFRONTS, x->agent, 0, quality + (x->is_disputed ? 1 : 0), at);
        if (x->is_disputed)
            evidence_offer(ev, EVIDENCE_CONFRONTATIONAL, x->policy, 0, quality, at);
    }
    if (x->style == 1 && x->is_disputed)
        evidence_offer(ev, EVIDENCE_CHOICE, x->policy, 0, quality, at);
    if (x->style == 1 && x->is_accepted)
        evidence_offer(ev, EVIDENCE_ACCEPTED, x->policy, 0, quality + well_told(x->practices), at);
    if (x->style < 0)
        return;
    evidence_offer(ev, EVIDENCE_STYLE, x->style, 0, quality, at);
    for (int i = 0; i < PRACTICE_COUNT; i++)
        if ((x->practices >> i & 1) != 0)
            evidence_offer(ev, EVIDENCE_PRACTICE, i, 0, quality, at);
}

/* The columns of pass.sql. */
static struct episode_row read_row(const struct stmt *row)
{
    return (struct episode_row){.conversation = stmt_int(row, 0),
                                .policy = stmt_int(row, 1),
                                .agent = stmt_int(row, 2),
                                .style = summary_style(stmt_text(row, 3)),
                                .practices = stmt_int(row, 4),
                                .p = stmt_real(row, 5),
                                .first_turn = stmt_int(row, 6),
                                .rounds = stmt_int(row, 7),
                                .is_hostile_before = stmt_int(row, 8) != 0,
                                .is_disputed = stmt_int(row, 9) != 0,
                                .is_hostile_after = stmt_int(row, 10) != 0,
                                .is_escalated = stmt_int(row, 11) != 0,
                                .is_accepted = slice_is(stmt_text(row, 12), "accepted"),
                                .is_uncertain = stmt_int(row, 13) != 0};
}

enum err_code pass_run(struct store *db, const struct period *p, struct evidence *ev, struct listen *l,
                       int64_t *episodes, struct err *e)
{
    struct stmt *row = table_bind(db, report_pass, BIND_PERIOD | BIND_CERTAIN, p, 0);
    enum err_code rc;
    bool has;
    *episodes = 0;
    while ((rc = stmt_step(row, &has, e)) == ERR_OK && has) {
        struct episode_row x = read_row(row);
        ++*episodes;
        offer(ev, &x);
        listen_offer(l, &x);
    }
    return rc != ERR_OK ? rc : evidence_failed(ev) ? err_nomem(e) : ERR_OK;
}
