#include "analyze/tagger.h"

#include <stdlib.h>
#include <string.h>

#include "analyze/episodes.h"
#include "analyze/evidence.h"
#include "core/array.h"

_Static_assert((int)SENSE_AT_ONCE <= (int)MATCHER_SCANS, "scans of turns that are read ahead are kept");

static bool needs_all(const struct ruleset *r)
{
    for (uint32_t i = 0; i < feature_count(&r->space); i++) {
        uint32_t class = feature_sense_class(&r->space, i), ngram = feature_ngram(&r->space, i);
        bool is_late =
            (class != SENSE_CLASSES && class != CLASS_DELIVERY) || (ngram != NGRAM_FEATURES && ngram >= NGRAM_CLASSES);
        if (is_late && weights_get(r->weights, i, CLASS_DELIVERY) != 0)
            return true;
    }
    return false;
}

static uint32_t number_word(const void *sense, uint64_t hash)
{
    return sense_word(sense, hash);
}

static void fetch_word(const void *sense, enum role role, uint32_t number)
{
    sense_fetch(sense, role, number);
}

struct tagger *tagger_new(const struct ruleset *r)
{
    struct tagger *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    t->rules = r;
    t->needs_all = needs_all(r);
    t->matcher = matcher_new(r->cues);
    t->tally = calloc(r->catalogue.npolicies, sizeof *t->tally);
    if (t->matcher == NULL || t->tally == NULL) {
        tagger_free(t);
        return NULL;
    }
    matcher_number(t->matcher, (struct word_numbers){r->sense, number_word, fetch_word});
    return t;
}

void tagger_free(struct tagger *t)
{
    if (t == NULL)
        return;
    matcher_free(t->matcher);
    free(t->tally);
    free(t->in_turn);
    free(t->missed);
    free(t->deliveries);
    free(t->reactions);
    free(t->hits);
    free(t);
}

void tagger_find_hits(struct tagger *t)
{
    t->wants_hits = true;
}

/* Room for a conversation of NTURNS turns; a turn shows up to three reactions. */
static bool make_room(struct tagger *t, uint32_t nturns)
{
    if (nturns <= t->turns_cap)
        return true;
    uint32_t cap = nturns > UINT32_MAX / 2 ? nturns : 2 * nturns;
    if (!array_resize(&t->in_turn, cap, sizeof *t->in_turn) || !array_resize(&t->missed, cap, sizeof *t->missed) ||
        !array_resize(&t->deliveries, cap, sizeof *t->deliveries) ||
        !array_resize(&t->reactions, (size_t)3 * cap, sizeof *t->reactions))
        return false;
    t->turns_cap = cap;
    return true;
}

static bool put_hits(struct tagger *t, uint32_t turn, const struct turn_result *r)
{
    if (t->hits_cap - t->nhits < HITS_PER_TURN) {
        uint32_t cap = 2 * t->hits_cap + 64;
        if (!array_resize(&t->hits, cap, sizeof *t->hits))
            return false;
        t->hits_cap = cap;
    }
    t->nhits += evidence_find(t->rules, turn, r, t->hits + t->nhits);
    return true;
}

/* The policy that the delivery in turn I is about, by the turns up to it and the deliveries so far. */
static uint32_t find_policy(const struct tagger *t, uint32_t turn)
{
    uint32_t seen[POLICY_LOOK_BACK + 1], n = 0;
    for (uint32_t back = 0; back <= POLICY_LOOK_BACK && back <= turn; back++)
        seen[n++] = t->in_turn[turn - back];
    return policy_attribute(seen, n, t->ndeliveries > 0 ? t->deliveries[t->ndeliveries - 1].policy : 0);
}

/* Only what agents and customers say is tagged, where it has words. */
static bool is_tagged(const struct turn *t)
{
    return (t->role == ROLE_AGENT || t->role == ROLE_CUSTOMER) && slice_trim(t->text).n > 0;
}

/* Where the part goes that X has in hidden units by VIEW; NULL if it has none, or nobody looks back on it. */
static struct sense_trace *part_by(const struct tagger *t, struct ahead *x, enum sense_view view)
{
    bool is_agent = x->turn->role == ROLE_AGENT;
    switch (view) {
    case SENSE_AGENT_NOW:
        return is_agent ? &x->now : NULL;
    case SENSE_CUSTOMER_NOW:
        return is_agent ? NULL : &x->now;
    case SENSE_AGENT_BEFORE:
        return is_agent && x->turn < t->last_agent ? &x->to_agent : NULL;
    case SENSE_AGENT_ASKED:
        return !is_agent && x->turn < t->last_agent ? &x->to_agent : NULL;
    default:
        return !is_agent && x->turn < t->last_customer ? &x->to_customer : NULL;
    }
}

static void find_traces(struct tagger *t, enum sense_view view)
{
    const struct sense_turn *turns[SENSE_AT_ONCE];
    struct sense_trace *out[SENSE_AT_ONCE];
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->nahead; i++) {
        turns[n] = &t->ahead[i].read;
        out[n] = part_by(t, &t->ahead[i], view);
        n += out[n] != NULL;
    }
    sense_traces(t->rules->sense, view, turns, n, out);
}

/* No turn from the last of a speaker on is looked back on by that speaker. */
static void find_last(struct tagger *t, const struct conversation *c)
{
    t->last_agent = t->last_customer = c->turns;
    for (const struct turn *turn = c->turns; turn < c->turns + c->nturns; turn++)
        if (turn->role == ROLE_AGENT)
            t->last_agent = turn;
        else if (turn->role == ROLE_CUSTOMER)
            t->last_customer = turn;
}

/* Read the next turns, from FROM to before TO, as far as there is room. */
static enum err_code look_ahead(struct tagger *t, const struct turn *from, const struct turn *to, struct err *e)
{
    t->nahead = t->next_ahead = 0;
    for (; from < to && t->nahead < SENSE_AT_ONCE; from++) {
        struct ahead *x = &t->ahead[t->nahead];
        if (!is_tagged(from))
            continue;
        enum err_code rc = matcher_scan(t->matcher, from->text, from->role, &x->scan, e);
        if (rc != ERR_OK)
            return rc;
        x->turn = from;
        sense_read(t->rules->sense, from->role, &x->scan, from->text, &x->read);
        x->grams = ngrams_read(sense_ngrams(t->rules->sense), &x->read, ngram_class_of(from->role));
        t->nahead++;
    }
    t->unread = from;
    for (uint32_t view = 0; view < SENSE_VIEWS; view++)
        find_traces(t, (enum sense_view)view);
    return ERR_OK;
}

static void see_sense(struct tagger *t, const struct memory *m, const struct turn_result *r)
{
    features_sense(&t->rules->space, t->rules->sense, r->now, r->scan->ntokens, r->role, m, &t->hidden, &t->features);
    features_ngrams(&t->rules->space, sense_ngrams(t->rules->sense), r->grams->own, r->role, m, &t->features);
}

static enum err_code tag_agent(struct tagger *t, uint32_t turn, struct slice text, const struct memory *m,
                               struct turn_result *r, struct arena *a, struct err *e)
{
    features_agent(&t->rules->space, r->scan, m, &t->features);
    see_sense(t, m, r);
    if (!t->needs_all && !t->wants_all && !decide_is_delivery(t->rules->weights, &t->features))
        return ERR_OK;
    features_told(&t->rules->space, t->rules->sense, r->read, &t->hidden, &t->told, &t->features);
    r->agent = decide_agent(t->rules->weights, &t->features);
    if (!r->agent.is_delivery)
        return ERR_OK;
    r->policy = find_policy(t, turn);
    struct delivery *d = &t->deliveries[t->ndeliveries];
    *d = (struct delivery){.turn = turn,
                           .style = r->agent.style,
                           .policy = r->policy,
                           .practices = r->agent.practices,
                           .p = r->agent.p,
                           .p_style = r->agent.p_style,
                           .is_uncertain = r->agent.is_uncertain,
                           .unsure_practices = r->agent.unsure_practices};
    t->ndeliveries++;
    return r->policy == 0 ? policy_key_phrases(&t->rules->catalogue, r->scan, text, a, &d->key_phrases, e) : ERR_OK;
}

static void put_reaction(struct tagger *t, bool holds, struct reaction x)
{
    if (holds)
        t->reactions[t->nreactions++] = x;
}

static void tag_customer(struct tagger *t, uint32_t turn, struct slice text, const struct memory *m,
                         struct turn_result *r)
{
    features_customer(&t->rules->space, r->scan, text, m, &t->features);
    see_sense(t, m, r);
    r->customer = decide_customer(t->rules->weights, &t->features);
    const struct customer_verdict *v = &r->customer;
    put_reaction(t, v->is_dispute, (struct reaction){turn, TAG_DISPUTE, v->p_dispute, v->unsure_dispute});
    put_reaction(t, v->is_hostile, (struct reaction){turn, TAG_HOSTILE, v->p_hostile, v->unsure_hostile});
    put_reaction(t, v->is_upset, (struct reaction){turn, TAG_UPSET, v->p_upset, v->unsure_upset});
    t->missed[turn] = !v->is_dispute && v->unsure_dispute;
}

static enum err_code tag_turn(struct tagger *t, uint32_t turn, const struct ahead *x, struct memory *m,
                              struct turn_result *r, struct arena *a, struct err *e)
{
    const struct turn *in = x->turn;
    const struct turn_scan *scan = &x->scan;
    enum err_code rc = ERR_OK;
    *r = (struct turn_result){.role = in->role,
                              .scan = scan,
                              .features = &t->features,
                              .read = &x->read,
                              .now = &x->now,
                              .grams = &x->grams,
                              .told = &t->told,
                              .hidden = &t->hidden};
    t->in_turn[turn] = t->rules->catalogue.npolicies > 1 ? policy_in_scan(&t->rules->catalogue, scan, t->tally) : 0;
    if (in->role == ROLE_CUSTOMER)
        tag_customer(t, turn, in->text, m, r);
    else if ((rc = tag_agent(t, turn, in->text, m, r, a, e)) != ERR_OK)
        return rc;
    struct turn_facts facts = {
        .is_delivery = r->agent.is_delivery,
        .is_confrontational = r->agent.style == STYLE_CONFRONTATIONAL,
        .is_choice = r->agent.style == STYLE_CHOICE,
        .is_dispute = r->customer.is_dispute,
    };
    memory_add(m, in->role, scan, t->given != NULL ? &t->given[turn] : &facts);
    *(in->role == ROLE_AGENT ? &m->agent_to_agent : &m->customer_to_agent) = x->to_agent;
    if (in->role == ROLE_CUSTOMER) {
        m->customer_to_customer = x->to_customer;
        memcpy(m->asked, x->grams.asked, sizeof m->asked);
    }
    return !t->wants_hits || put_hits(t, turn, r) ? ERR_OK : err_nomem(e);
}

/* Does the customer say anything between turn FROM and turn TO? */
static bool is_answered(const struct conversation *c, uint32_t from, uint32_t to)
{
    for (uint32_t i = from + 1; i < to; i++)
        if (c->turns[i].role == ROLE_CUSTOMER && slice_trim(c->turns[i].text).n > 0)
            return true;
    return false;
}

/* "I can't do that." - "It's more than 30 days ago.": what is told in one go is one statement, so what has no policy of
 * its own belongs to the policy that is named right after it. */
static void join_statements(struct tagger *t, const struct conversation *c)
{
    for (uint32_t i = t->ndeliveries; i-- > 1;) {
        struct delivery *d = &t->deliveries[i - 1];
        const struct delivery *next = &t->deliveries[i];
        if (d->policy == 0 && next->policy != 0 && !is_answered(c, d->turn, next->turn)) {
            d->policy = next->policy;
            d->key_phrases = (struct slice){"", 0};
        }
    }
}

/* A copy in A of N things of SIZE bytes. */
static void *keep(struct arena *a, const void *things, uint32_t n, size_t size)
{
    void *copy = arena_alloc(a, n * size);
    if (copy != NULL && n > 0)
        memcpy(copy, things, n * size);
    return copy;
}

enum err_code tagger_walk(struct tagger *t, const struct conversation *c, struct arena *a, struct tags *out, void *ctx,
                          void (*look)(void *ctx, uint32_t turn, const struct turn_result *r), struct err *e)
{
    t->ndeliveries = t->nreactions = t->nhits = 0;
    t->wants_all = look != NULL;
    t->nahead = t->next_ahead = 0;
    t->unread = c->turns;
    find_last(t, c);
    if (!make_room(t, c->nturns))
        return err_nomem(e);
    struct memory m = {0};
    for (uint32_t i = 0; i < c->nturns; i++) {
        const struct turn *turn = &c->turns[i];
        struct turn_result r;
        enum err_code rc = ERR_OK;
        t->in_turn[i] = 0;
        t->missed[i] = false;
        if (t->next_ahead == t->nahead && t->unread < c->turns + c->nturns)
            rc = look_ahead(t, t->unread, c->turns + c->nturns, e);
        if (rc == ERR_OK && (t->next_ahead == t->nahead || t->ahead[t->next_ahead].turn != turn))
            continue;
        if (rc == ERR_OK)
            rc = tag_turn(t, i, &t->ahead[t->next_ahead++], &m, &r, a, e);
        if (rc != ERR_OK)
            return rc;
        if (look != NULL)
            look(ctx, i, &r);
    }
    join_statements(t, c);
    *out = (struct tags){
        .deliveries = keep(a, t->deliveries, t->ndeliveries, sizeof *t->deliveries),
        .reactions = keep(a, t->reactions, t->nreactions, sizeof *t->reactions),
        .hits = keep(a, t->hits, t->nhits, sizeof *t->hits),
        .ndeliveries = t->ndeliveries,
        .nreactions = t->nreactions,
        .nhits = t->nhits,
    };
    if (out->deliveries == NULL || out->reactions == NULL || out->hits == NULL)
        return err_nomem(e);
    return episodes_build(c, t->missed, out, a, e);
}

enum err_code tagger_tag(struct tagger *t, const struct conversation *c, struct arena *a, struct tags *out,
                         struct err *e)
{
    return tagger_walk(t, c, a, out, NULL, NULL, e);
}
