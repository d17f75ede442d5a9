#include "analyze/propose.h"

#include <stdlib.h>

#include "analyze/propose_parts.h"
#include "core/array.h"

#define NONE UINT32_MAX

struct proposer *proposer_new(const struct ruleset *r)
{
    struct proposer *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    *p = (struct proposer){.rules = r,
                           .a = arena_new(0),
                           .matcher = matcher_new(r->cues),
                           .tally = calloc(r->catalogue.npolicies, sizeof *p->tally),
                           .words = WORDS_INIT,
                           .pair = STRBUF_INIT};
    if (p->a == NULL || p->matcher == NULL || p->tally == NULL) {
        proposer_free(p);
        return NULL;
    }
    return p;
}

void proposer_free(struct proposer *p)
{
    if (p == NULL)
        return;
    matcher_free(p->matcher);
    free(p->tally);
    words_free(&p->words);
    strbuf_free(&p->pair);
    free(p->terms);
    free(p->slots);
    free(p->has);
    free(p->statements);
    free(p->by_term);
    free(p->terms_from);
    free(p->seeds);
    free(p->state);
    free(p->members);
    free(p->out);
    arena_free(p->a);
    free(p);
}

/* ---- terms ---- */

static bool grow_slots(struct proposer *p)
{
    size_t n = p->nslots != 0 ? 2 * p->nslots : 4096;
    uint32_t *slots = malloc(n * sizeof *slots);
    if (slots == NULL)
        return false;
    memset(slots, 0xff, n * sizeof *slots);
    for (size_t i = 0; i < p->nterms; i++) {
        size_t at = (size_t)p->terms[i].hash & (n - 1);
        while (slots[at] != NONE)
            at = (at + 1) & (n - 1);
        slots[at] = (uint32_t)i;
    }
    free(p->slots);
    p->slots = slots;
    p->nslots = n;
    return true;
}

/* The term of HASH, made of WORDS if there is none. NULL when out of memory. */
static struct term *term_of(struct proposer *p, uint64_t hash, struct slice words, bool is_pair)
{
    if (2 * p->nterms >= p->nslots && !grow_slots(p))
        return NULL;
    size_t at = (size_t)hash & (p->nslots - 1);
    for (; p->slots[at] != NONE; at = (at + 1) & (p->nslots - 1))
        if (p->terms[p->slots[at]].hash == hash)
            return &p->terms[p->slots[at]];
    if (!array_grow(&p->terms, p->nterms, &p->cap_terms, sizeof *p->terms))
        return NULL;
    struct slice kept = arena_dup(p->a, words);
    if (kept.s == NULL)
        return NULL;
    p->slots[at] = (uint32_t)p->nterms;
    p->terms[p->nterms] = (struct term){.hash = hash, .words = kept, .is_pair = is_pair, .seen = NONE};
    return &p->terms[p->nterms++];
}

/* Numbers, names of things (h9zu1c) and addresses are no words that a rule is told in. */
static bool is_word(struct slice folded)
{
    for (size_t i = 0; i < folded.n; i++)
        if ((unsigned char)folded.s[i] < 0x80 && folded.s[i] != '\'' && (folded.s[i] < 'a' || folded.s[i] > 'z'))
            return false;
    return true;
}

/* Count the term of HASH for the text that is read now, once. */
static bool count(struct proposer *p, uint64_t hash, struct slice words, bool is_pair, bool is_other)
{
    struct term *t = term_of(p, hash, words, is_pair);
    if (t == NULL)
        return false;
    if (t->seen == p->ntexts)
        return true;
    t->seen = p->ntexts;
    if (is_other) {
        t->nother++;
        return true;
    }
    t->n++;
    if (!array_grow(&p->has, p->nhas, &p->cap_has, sizeof *p->has))
        return false;
    p->has[p->nhas++] = (struct has){(uint32_t)(t - p->terms), (uint32_t)p->nstatements};
    return true;
}

static enum err_code read_terms(struct proposer *p, struct slice text, bool is_other, struct err *e)
{
    struct token token;
    struct slice word;
    uint64_t last = 0; /* of the telling word right before; 0: none */
    p->ntexts++;
    words_start(&p->words, text);
    while (words_next(&p->words, &token, &word)) {
        token.hash = hash64(word);
        if (!is_word(word) || !policy_is_telling(&p->rules->catalogue, &token, text)) {
            last = 0;
            continue;
        }
        uint64_t hash = hash64(term_stem(word));
        if (!count(p, hash, word, false, is_other))
            return err_nomem(e);
        if (last != 0 && !token.starts_clause) {
            const uint64_t both[] = {last, hash};
            strbuf_putc(&p->pair, ' ');
            strbuf_add_slice(&p->pair, word);
            if (strbuf_failed(&p->pair) || !count(p, hash64((struct slice){(const char *)both, sizeof both}),
                                                  strbuf_slice(&p->pair), true, is_other))
                return err_nomem(e);
        }
        strbuf_clear(&p->pair);
        strbuf_add_slice(&p->pair, word);
        last = hash;
    }
    return words_failed(&p->words) ? err_nomem(e) : ERR_OK;
}

enum err_code proposer_add(struct proposer *p, const struct statement *s, bool *is_listed, struct err *e)
{
    struct turn_scan scan;
    enum err_code rc = matcher_scan(p->matcher, s->text, ROLE_AGENT, &scan, e);
    if (rc != ERR_OK)
        return rc;
    *is_listed = policy_in_scan(&p->rules->catalogue, &scan, p->tally) != 0;
    if (*is_listed)
        return ERR_OK;
    if (!array_grow(&p->statements, p->nstatements, &p->cap_statements, sizeof *p->statements))
        return err_nomem(e);
    struct slice text = arena_dup(p->a, s->text);
    if (text.s == NULL)
        return err_nomem(e);
    rc = read_terms(p, text, false, e);
    p->statements[p->nstatements] = *s;
    p->statements[p->nstatements++].text = text;
    return rc;
}

enum err_code proposer_add_other(struct proposer *p, struct slice text, struct err *e)
{
    p->nothers++;
    return read_terms(p, text, true, e);
}
