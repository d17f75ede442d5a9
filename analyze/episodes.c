#include "analyze/episodes.h"

/* Walking through a conversation. */
struct walk {
    const struct conversation *c;
    struct tags *t;
    struct episode *current; /* whose policy holds the floor; NULL before the first delivery */
    bool was_upset, was_hostile;
    uint32_t row;       /* of agent turns; the customer's turn begins a new one */
    uint32_t *told_row; /* for each episode the row in which it was told last */
};

static struct episode *find(struct tags *t, uint32_t policy)
{
    for (uint32_t i = 0; i < t->nepisodes; i++)
        if (t->episodes[i].policy == policy)
            return &t->episodes[i];
    return NULL;
}

/* Who speaks: the turn says so, or else the conversation. */
static void set_agent(struct episode *ep, const struct conversation *c, const struct turn *turn)
{
    bool is_named = turn->speaker_id.n > 0 || turn->speaker_name.n > 0;
    ep->agent_id = is_named ? turn->speaker_id : c->agent_id;
    ep->agent_name = is_named ? turn->speaker_name : c->agent_name;
    if (is_named && ep->agent_id.n == 0 && slice_eq(ep->agent_name, c->agent_name))
        ep->agent_id = c->agent_id;
    if (is_named && ep->agent_name.n == 0 && slice_eq(ep->agent_id, c->agent_id))
        ep->agent_name = c->agent_name;
}

static void deliver(struct walk *w, const struct delivery *d)
{
    struct episode *ep = find(w->t, d->policy);
    if (ep == NULL) {
        ep = &w->t->episodes[w->t->nepisodes++];
        *ep = (struct episode){
            .policy = d->policy,
            .first_turn = d->turn,
            .style = d->style,
            .practices = d->practices,
            .p = d->p,
            .is_upset_before = w->was_upset,
            .is_hostile_before = w->was_hostile,
            .outcome = OUTCOME_SILENT,
        };
        set_agent(ep, w->c, &w->c->turns[d->turn]);
    }
    uint32_t *told = &w->told_row[ep - w->t->episodes];
    if (*told != w->row)
        ep->rounds++;
    *told = w->row;
    if ((d->practices >> PRACTICE_ESCALATE & 1) != 0)
        ep->is_escalated = true;
    w->current = ep;
}

/* What the customer did in turn TURN: KINDS are bits 1u << TAG_x. */
static void react(struct walk *w, uint32_t turn, uint32_t kinds)
{
    bool is_hostile = (kinds >> TAG_HOSTILE & 1) != 0, is_dispute = (kinds >> TAG_DISPUTE & 1) != 0;
    struct episode *ep = w->current;
    w->row++;
    w->was_hostile = w->was_hostile || is_hostile;
    w->was_upset = w->was_upset || is_hostile || (kinds >> TAG_UPSET & 1) != 0;
    if (ep == NULL)
        return;
    if (is_dispute && !ep->is_disputed) {
        ep->is_disputed = true;
        ep->dispute_turn = turn;
    }
    ep->is_hostile_after = ep->is_hostile_after || is_hostile;
    ep->outcome = is_hostile ? OUTCOME_HOSTILE : is_dispute ? OUTCOME_DISPUTED : OUTCOME_ACCEPTED;
}

enum err_code episodes_build(const struct conversation *c, struct tags *t, struct arena *a, struct err *e)
{
    t->nepisodes = 0;
    t->episodes = arena_zalloc(a, t->ndeliveries, sizeof *t->episodes);
    uint32_t *told_row = arena_zalloc(a, t->ndeliveries, sizeof *told_row);
    if (t->episodes == NULL || told_row == NULL)
        return err_nomem(e);
    struct walk w = {.c = c, .t = t, .row = 1, .told_row = told_row};
    uint32_t d = 0, r = 0;
    for (uint32_t i = 0; i < c->nturns && t->ndeliveries > 0; i++) {
        for (; d < t->ndeliveries && t->deliveries[d].turn == i; d++)
            deliver(&w, &t->deliveries[d]);
        uint32_t kinds = 0;
        for (; r < t->nreactions && t->reactions[r].turn == i; r++)
            kinds |= 1u << t->reactions[r].kind;
        if (c->turns[i].role == ROLE_CUSTOMER && slice_trim(c->turns[i].text).n > 0)
            react(&w, i, kinds);
    }
    return ERR_OK;
}
