#include "tests/support/sample_store.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/when.h"

#define L(x)                                                                                                           \
    {                                                                                                                  \
        x, sizeof(x) - 1                                                                                               \
    }

static const struct policy policies[SAMPLE_POLICIES] = {
    {L("unlisted"), L("Not in the catalogue"), L("")},
    {L("refund-window"), L("Refund window"), L("Finance")},
    {L("change-fee"), L("Change fee"), L("Sales")},
    {L("id-check"), L("Identity check"), L("Security")},
    {L("warranty"), L("Warranty on opened items"), L("Product")},
    {L("delivery-address"), L("Delivery address after dispatch"), L("Logistics")},
};
static const struct slice cues[] = {L("refusal.against-policy"), L("choice.alternative"), L("dispute.unfair"),
                                    L("rule.condition")};

const struct ruleset_info sample_rules = {L("00112233445566778899aabbccddeeff"), policies, SAMPLE_POLICIES, cues, 4};

/* What agents say, by policy and style (confrontational, choice, neutral), with the words that decide. */
static const struct said {
    const char *text, *words;
} said[SAMPLE_POLICIES][3] = {
    {{"You can't bring the bike rack back without the bolts, that's just how it is.", "that's just how it is"},
     {"For the bike rack we'd need the bolts; you could send them within a week, it's up to you.", "it's up to you"},
     {"The bike rack has to come back with its bolts.", "has to"}},
    {{"That is against our refund policy. It has been more than 30 days, there is nothing I can do.",
      "against our refund policy"},
     {"Refunds are possible within 30 days, so I can't pay it out. I can offer store credit instead - would that help?",
      "I can offer store credit instead"},
     {"Our refund window is 30 days from delivery.", "refund window is 30 days"}},
    {{"You have to pay the change fee of $75. No exceptions.", "No exceptions"},
     {"There is a change fee of $75 on this fare. If you would rather keep the money, I can put you on the waiting "
      "list for free, it's your choice.",
      "it's your choice"},
     {"The change fee on this fare is $75.", "change fee"}},
    {{"I can't open the account. You must verify your date of birth first, those are the rules.", "You must"},
     {"To keep your account safe I need your date of birth first. You can tell me now or use the link, whichever you "
      "like.",
      "whichever you like"},
     {"For security I need to verify your date of birth.", "need to verify"}},
    {{"You opened the box, so the warranty is void. You should have read the terms.", "You should have read"},
     {"Opened items are not covered by the warranty, because we can't tell what happened to them. We could still have "
      "it repaired at cost if you want.",
      "if you want"},
     {"The warranty does not cover opened items.", "does not cover"}},
    {{"We don't change addresses after dispatch. It's not allowed.", "not allowed"},
     {"After dispatch we can't change the address ourselves; the carrier can, and I'm happy to send you the link.",
      "I'm happy to send you the link"},
     {"The address can't be changed after dispatch.", "can't be changed"}},
};
/* How often customers dispute, in per cent, by policy and style. */
static const unsigned disputes[SAMPLE_POLICIES][3] = {{30, 15, 20}, {62, 26, 40}, {48, 45, 46},
                                                      {22, 6, 9},   {55, 18, 30}, {25, 14, 18}};
static const char *const names[] = {"Ada Lindqvist", "Bilal Haddad", "Chen Wei 陈伟", "Dora Kiss",
                                    "Emeka Obi",     "Fatima عمر",   "Greta Holm",    "Hugo Marchand",
                                    "Ines Duarte",   "Jonas Weber",  "Kaya Demir",    "Lena Novak"};
enum { NNAMES = sizeof names / sizeof names[0] };

static unsigned draw(uint64_t *state, unsigned below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*state >> 33) % below;
}

static struct slice numbered(struct arena *a, const char *prefix, unsigned n)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%s%05u", prefix, n);
    return arena_dup(a, slice_of(text));
}

enum { NTURNS = 8 };

struct build {
    struct conversation c;
    struct tags t;
    struct turn turns[NTURNS];
    struct delivery deliveries[2];
    struct reaction reactions[2];
    struct cue_hit hits[4];
    struct episode episode;
};

static struct span find(const char *text, const char *words)
{
    const char *at = strstr(text, words);
    uint32_t from = at != NULL ? (uint32_t)(at - text) : 0;
    return (struct span){from, from + (uint32_t)strlen(words)};
}

static void say(struct build *b, enum role role, const char *text)
{
    struct turn *t = &b->turns[b->c.nturns];
    *t =
        (struct turn){.role = role, .text = slice_of(text), .start_ms = 9000 * (int64_t)b->c.nturns, .end_ms = MS_NONE};
    if (role == ROLE_AGENT) {
        t->speaker_id = b->c.agent_id;
        t->speaker_name = b->c.agent_name;
    }
    b->c.nturns++;
}

static void deliver(struct build *b, unsigned policy, unsigned style, uint64_t *state)
{
    static const uint32_t practices[3] = {1u << PRACTICE_ABSOLUTE | 1u << PRACTICE_BLAME,
                                          1u << PRACTICE_ALTERNATIVE | 1u << PRACTICE_REASON,
                                          1u << PRACTICE_ACKNOWLEDGE};
    enum style tag = draw(state, 60) == 0 ? STYLE_OFFRECORD : (enum style)(STYLE_CONFRONTATIONAL + (int)style);
    uint32_t turn = b->c.nturns;
    say(b, ROLE_AGENT, said[policy][style].text);
    b->deliveries[0] = (struct delivery){.turn = turn,
                                         .style = tag,
                                         .policy = policy,
                                         .practices = practices[style] & (draw(state, 3) ? ~0u : 0u),
                                         .p = 0.5 + draw(state, 50) / 100.0,
                                         .p_style = 0.8};
    b->deliveries[0].is_uncertain = b->deliveries[0].p < 0.6;
    if (policy == 0)
        b->deliveries[0].key_phrases = SLICE_LIT("bike rack, bolts");
    b->hits[0] = (struct cue_hit){turn,
                                  style == 1   ? 1
                                  : style == 2 ? 3
                                               : 0,
                                  find(said[policy][style].text, said[policy][style].words), TAG_STYLE, 2.5F};
    b->t.ndeliveries = b->t.nhits = 1;
}

static void react(struct build *b, bool is_disputed, bool is_hostile)
{
    static const char *const words = "That's unfair, nobody told me when I bought it. I want an exception.";
    uint32_t turn = b->c.nturns;
    if (!is_disputed) {
        say(b, ROLE_CUSTOMER, "Okay, I see. Thanks for telling me.");
        return;
    }
    say(b, ROLE_CUSTOMER,
        is_hostile ? "That's unfair, nobody told me when I bought it. You are useless, all of you." : words);
    b->reactions[b->t.nreactions++] = (struct reaction){turn, TAG_DISPUTE, 0.9, false};
    if (is_hostile)
        b->reactions[b->t.nreactions++] = (struct reaction){turn, TAG_HOSTILE, 0.8, false};
    b->hits[b->t.nhits++] = (struct cue_hit){turn, 2, {0, 13}, TAG_DISPUTE, 1.9F};
    b->hits[b->t.nhits++] = (struct cue_hit){turn, 0, {0, 6}, TAG_DISPUTE, -0.3F}; /* within it */
    b->hits[b->t.nhits++] = (struct cue_hit){turn, 3, {15, 29}, TAG_DISPUTE, -0.7F};
}

static void build(struct build *b, struct arena *a, const struct sample *s, unsigned i, uint64_t *state)
{
    unsigned agent = draw(state, s->agents), policy = draw(state, 12);
    policy = policy >= 10 ? 0 : 1 + policy % (SAMPLE_POLICIES - 1);
    unsigned r = draw(state, 100), hard = 15 + agent % 5 * 10;
    unsigned style = r < hard ? 0 : r < hard + 35 ? 1 : 2;
    int64_t day = s->last_day - draw(state, 7 * s->weeks);
    unsigned likely = disputes[policy][style] + (s->last_day - day < 7 && policy == 1 ? 12 : 0);
    bool is_disputed = draw(state, 100) < likely, is_hostile = is_disputed && draw(state, 15) == 0;

    memset(b, 0, sizeof *b);
    b->c = (struct conversation){.source = SLICE_LIT("zendesk"),
                                 .external_id = numbered(a, "T-", 10000 + i),
                                 .channel = i % 3 != 0 ? (struct slice)L("chat") : (struct slice)L("voice"),
                                 .queue = SLICE_LIT("returns"),
                                 .agent_id = numbered(a, "a", agent + 1),
                                 .agent_name = agent < NNAMES ? slice_of(names[agent]) : numbered(a, "Agent ", agent),
                                 .customer_id = numbered(a, "u", i),
                                 .started_at_ms = day * MS_PER_DAY + 28800000 + (int64_t)draw(state, 36000) * 1000,
                                 .time_origin = TIME_FROM_RECORD,
                                 .turns = b->turns};
    b->t =
        (struct tags){.deliveries = b->deliveries, .reactions = b->reactions, .hits = b->hits, .episodes = &b->episode};
    say(b, ROLE_CUSTOMER, "Hi, I have a question about my order.");
    say(b, ROLE_AGENT, "Hello! Happy to help. What is it about?");
    say(b, ROLE_CUSTOMER, "It is the one from last month. Can we sort this out today?");
    uint32_t first = b->c.nturns;
    deliver(b, policy, style, state);
    react(b, is_disputed, is_hostile);
    say(b, ROLE_AGENT, "I understand. Is there anything else I can do for you?");
    say(b, ROLE_CUSTOMER, "No, that was all.");
    b->t.nepisodes = 1;
    b->episode = (struct episode){.policy = policy,
                                  .first_turn = first,
                                  .agent_id = b->c.agent_id,
                                  .agent_name = b->c.agent_name,
                                  .style = b->deliveries[0].style,
                                  .practices = b->deliveries[0].practices,
                                  .p = b->deliveries[0].p,
                                  .rounds = 1,
                                  .is_uncertain = b->deliveries[0].is_uncertain,
                                  .is_upset_before = draw(state, 12) == 0,
                                  .is_disputed = is_disputed,
                                  .dispute_turn = first + 1,
                                  .is_hostile_after = is_hostile,
                                  .outcome = is_hostile    ? OUTCOME_HOSTILE
                                             : is_disputed ? OUTCOME_DISPUTED
                                                           : OUTCOME_ACCEPTED};
}

enum err_code sample_store_file(struct store *db, int64_t *file_id, struct err *e)
{
    int64_t run_id;
    const struct store_file f = {"exports/2026-11-22.jsonl", 1234567, 1, SLICE_LIT("00")};
    enum err_code rc = store_run_begin(db, "ingest", 0, &run_id, e);
    return rc != ERR_OK ? rc : store_file_begin(db, &f, run_id, file_id, e);
}

enum err_code sample_store_put(struct store *db, int64_t file_id, const struct conversation *c, const struct tags *t,
                               struct err *e)
{
    struct packed packed;
    enum store_put how;
    enum err_code rc = ERR_NOMEM;
    struct arena *a = arena_new(0);
    struct gz_packer *g = gz_packer_new();
    if (a == NULL || g == NULL)
        err_nomem(e);
    else if ((rc = store_pack(g, c, a, &packed, e)) == ERR_OK)
        rc = store_conversation_put(db, file_id, c, &packed, t, &how, e);
    gz_packer_free(g);
    arena_free(a);
    return rc;
}

enum err_code sample_store_fill(struct store *db, const struct sample *s, struct err *e)
{
    enum err_code rc;
    int64_t file_id;
    uint64_t state = 20261122;
    struct arena *a = arena_new(0);
    struct build b;
    if (a == NULL)
        return err_nomem(e);
    if ((rc = store_begin(db, e)) != ERR_OK || (rc = store_use_ruleset(db, &sample_rules, 0, e)) != ERR_OK ||
        (rc = sample_store_file(db, &file_id, e)) != ERR_OK)
        goto cleanup;
    for (unsigned i = 0; i < s->conversations && rc == ERR_OK; i++) {
        build(&b, a, s, i, &state);
        rc = sample_store_put(db, file_id, &b.c, &b.t, e);
        arena_reset(a);
    }
    if (rc == ERR_OK)
        rc = store_reject(db, file_id, 17, 4211, "no speaker in the record", e);
    if (rc == ERR_OK)
        rc = store_file_end(
            db, file_id,
            &(struct store_file_end){"json", "utf-8", s->conversations, s->conversations, 0, 0, 0, 1, 3, true}, e);
    if (rc == ERR_OK)
        rc = store_commit(db, e);
cleanup:
    arena_free(a);
    return rc;
}
