#include "analyze/episodes.h"

/* Whether an episode was disputed, and how sure that is. */
enum surely { SURELY_NOT, UNSURE, SURELY };

/* Walking through a conversation. */
struct walk {
    const struct conversation *c;
    struct tags *t;
    struct episode *current; /* whose policy holds the floor; NULL before the first delivery */
    bool was_upset, was_hostile;
    uint32_t row;          /* of agent turns; the customer's turn begins a new one */
    uint32_t *told_row;    /* for each episode the row in which it was told last */
    enum surely *disputed; /* for each episode */
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
            .is_uncertain = d->is_uncertain,
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

/* What the customer did in turn TURN: KINDS are bits 1u << TAG_x, IN_DISPUTE how sure the dispute among them is. */
static void react(struct walk *w, uint32_t turn, uint32_t kinds, enum surely in_dispute)
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
    enum surely *disputed = &w->disputed[ep - w->t->episodes];
    *disputed = in_dispute > *disputed ? in_dispute : *disputed;
    ep->is_hostile_after = ep->is_hostile_after || is_hostile;
    ep->outcome = is_hostile ? OUTCOME_HOSTILE : is_dispute ? OUTCOME_DISPUTED : OUTCOME_ACCEPTED;
}

/* Let the customer's turn TURN react by T's reactions from *R on. */
static void take_reactions(struct walk *w, uint32_t turn, uint32_t *r, bool is_missed)
{
    const struct tags *t = w->t;
    uint32_t kinds = 0;
    enum surely in_dispute = is_missed ? UNSURE : SURELY_NOT;
    for (; *r < t->nreactions && t->reactions[*r].turn == turn; ++*r) {
        const struct reaction *x = &t->reactions[*r];
        kinds |= 1u << x->kind;
        if (x->kind == TAG_DISPUTE)
            in_dispute = x->is_uncertain ? UNSURE : SURELY;
    }
    if (w->c->turns[turn].role == ROLE_CUSTOMER && slice_trim(w->c->turns[turn].text).n > 0)
        react(w, turn, kinds, in_dispute);
}

enum err_code episodes_build(const struct conversation *c, const bool *missed, struct tags *t, struct arena *a,
                             struct err *e)
{
    t->nepisodes = 0;
    t->episodes = arena_zalloc(a, t->ndeliveries, sizeof *t->episodes);
    struct walk w = {.c = c,
                     .t = t,
                     .row = 1,
                     .told_row = arena_zalloc(a, t->ndeliveries, sizeof *w.told_row),
                     .disputed = arena_zalloc(a, t->ndeliveries, sizeof *w.disputed)};
    if (t->episodes == NULL || w.told_row == NULL || w.disputed == NULL)
        return err_nomem(e);
    uint32_t d = 0, r = 0;
    for (uint32_t i = 0; i < c->nturns && t->ndeliveries > 0; i++) {
        for (; d < t->ndeliveries && t->deliveries[d].turn == i; d++)
            deliver(&w, &t->deliveries[d]);
        take_reactions(&w, i, &r, missed != NULL && missed[i]);
    }
    for (uint32_t i = 0; i < t->nepisodes; i++)
        t->episodes[i].is_uncertain = t->episodes[i].is_uncertain || w.disputed[i] == UNSURE;
    return ERR_OK;
}
