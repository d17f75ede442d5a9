#include "cli/tag_json.h"

#include <math.h>

#include "core/json_write.h"

/* KEY with its comma and colon; the first key of an object brings its own brace. */
static void put_text(struct strbuf *b, const char *key, struct slice value)
{
    strbuf_puts(b, key);
    json_escape(b, value, false);
}

static void put_count(struct strbuf *b, const char *key, uint32_t value)
{
    strbuf_printf(b, "%s%lu", key, (unsigned long)value);
}

static void put_bool(struct strbuf *b, const char *key, bool value)
{
    strbuf_puts(b, key);
    strbuf_puts(b, value ? "true" : "false");
}

/* Four decimals: more would only pretend. */
static void put_p(struct strbuf *b, double p)
{
    strbuf_puts(b, ",\"p\":");
    json_number(b, round(p * 1e4) / 1e4);
}

static void put_policy(struct strbuf *b, const char *key, uint32_t policy, const struct ruleset_info *rules)
{
    struct slice id = SLICE_LIT("unlisted");
    if (policy < rules->npolicies)
        id = rules->policies[policy].id;
    put_text(b, key, id);
}

static void put_delivery(struct strbuf *b, const struct conversation *c, const struct delivery *d,
                         const struct ruleset_info *rules)
{
    put_count(b, "{\"turn\":", turn_number(c, d->turn));
    put_text(b, ",\"style\":", slice_of(style_name(d->style)));
    put_p(b, d->p);
    put_policy(b, ",\"policy\":", d->policy, rules);
    strbuf_puts(b, ",\"practices\":[");
    const char *comma = "";
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        if ((d->practices & 1u << i) == 0)
            continue;
        strbuf_puts(b, comma);
        json_escape(b, slice_of(practice_name((enum practice)i)), false);
        comma = ",";
    }
    strbuf_puts(b, "]}");
}

static void put_reactions(struct strbuf *b, const struct conversation *c, const struct tags *t, enum tag_kind kind)
{
    const char *comma = "";
    for (uint32_t i = 0; i < t->nreactions; i++) {
        if (t->reactions[i].kind != kind)
            continue;
        strbuf_puts(b, comma);
        put_count(b, "{\"turn\":", turn_number(c, t->reactions[i].turn));
        put_p(b, t->reactions[i].p);
        strbuf_putc(b, '}');
        comma = ",";
    }
}

static void put_episode(struct strbuf *b, const struct conversation *c, const struct episode *ep,
                        const struct ruleset_info *rules)
{
    put_policy(b, "{\"policy\":", ep->policy, rules);
    put_text(b, ",\"agent_id\":", ep->agent_id);
    put_count(b, ",\"first_turn\":", turn_number(c, ep->first_turn));
    put_text(b, ",\"style\":", slice_of(style_name(ep->style)));
    put_count(b, ",\"rounds\":", ep->rounds);
    put_bool(b, ",\"upset_before\":", ep->is_upset_before);
    put_bool(b, ",\"disputed\":", ep->is_disputed);
    strbuf_putc(b, '}');
}

void tag_json_write(struct strbuf *out, const struct conversation *c, const struct tags *t,
                    const struct ruleset_info *rules)
{
    put_text(out, "{\"conversation_id\":", c->external_id);
    put_text(out, ",\"source\":", c->source);
    put_text(out, ",\"ruleset\":", rules->hash);
    strbuf_puts(out, ",\"deliveries\":[");
    for (uint32_t i = 0; i < t->ndeliveries; i++) {
        if (i > 0)
            strbuf_putc(out, ',');
        put_delivery(out, c, &t->deliveries[i], rules);
    }
    strbuf_puts(out, "],\"disputes\":[");
    put_reactions(out, c, t, TAG_DISPUTE);
    strbuf_puts(out, "],\"hostile\":[");
    put_reactions(out, c, t, TAG_HOSTILE);
    strbuf_puts(out, "],\"episodes\":[");
    for (uint32_t i = 0; i < t->nepisodes; i++) {
        if (i > 0)
            strbuf_putc(out, ',');
        put_episode(out, c, &t->episodes[i], rules);
    }
    strbuf_puts(out, "]}\n");
}
