#include "analyze/features.h"

#include <string.h>

#include "analyze/weights.h"

static const char *const ctx_names[CTX_COUNT] = {
#define CTX_ROW(id, name) [id] = (name),
#include "analyze/features.def"
#undef CTX_ROW
};

enum { SHORT_WORDS = 8 };

/* ---- the space ---- */

enum err_code feature_space_make(const struct cueset *cues, struct arena *a, struct feature_space *out, struct err *e)
{
    uint32_t ncues = (uint32_t)cueset_count(cues);
    struct slice *families = arena_zalloc(a, ncues + 1, sizeof *families);
    uint32_t *family_of = arena_zalloc(a, ncues + 1, sizeof *family_of);
    if (families == NULL || family_of == NULL)
        return err_nomem(e);
    uint32_t n = 0;
    for (uint32_t i = 0; i < ncues; i++) {
        struct slice family = cueset_info(cues, i)->family;
        family_of[i] = NO_FEATURE;
        if (slice_is(family, "policy"))
            continue;
        uint32_t k = 0;
        while (k < n && !slice_eq(families[k], family))
            k++;
        if (k == n)
            families[n++] = family;
        family_of[i] = k;
    }
    *out = (struct feature_space){cues, ncues, n, families, family_of};
    return ERR_OK;
}

uint32_t feature_count(const struct feature_space *s)
{
    return feature_first_sense(s) + SENSE_CLASSES + NGRAM_FEATURES;
}

static uint32_t cue_feature(uint32_t cue)
{
    return (uint32_t)CTX_COUNT + cue;
}

static uint32_t family_feature(const struct feature_space *s, uint32_t family)
{
    return (uint32_t)CTX_COUNT + s->ncues + family;
}

static uint32_t sense_feature(const struct feature_space *s, uint32_t class)
{
    return feature_first_sense(s) + class;
}

static uint32_t ngram_feature(const struct feature_space *s, uint32_t i)
{
    return sense_feature(s, SENSE_CLASSES) + i;
}

static const char *ngram_name(uint32_t i)
{
    static const uint32_t own[NGRAM_CLASSES] = {[NGRAM_DELIVERY] = CLASS_DELIVERY, [NGRAM_DISPUTE] = CLASS_DISPUTE};
    return class_name(i < NGRAM_CLASSES ? own[i] : CLASS_STYLE + i - NGRAM_CLASSES);
}

static bool cut_prefix(struct slice *x, const char *prefix)
{
    if (!slice_starts(*x, prefix))
        return false;
    x->s += strlen(prefix);
    x->n -= strlen(prefix);
    return true;
}

uint32_t feature_find(const struct feature_space *s, struct slice name)
{
    for (uint32_t i = 0; i < CTX_COUNT; i++)
        if (slice_is(name, ctx_names[i]))
            return i;
    if (cut_prefix(&name, "cue:")) {
        for (uint32_t i = 0; i < s->ncues; i++)
            if (s->family_of_cue[i] != NO_FEATURE && slice_eq(name, cueset_info(s->cues, i)->name))
                return cue_feature(i);
        return NO_FEATURE;
    }
    if (cut_prefix(&name, "sense:")) {
        for (uint32_t i = 0; i < SENSE_CLASSES; i++)
            if (slice_is(name, class_name(i)))
                return sense_feature(s, i);
        return NO_FEATURE;
    }
    if (cut_prefix(&name, "ngrams:")) {
        for (uint32_t i = 0; i < NGRAM_FEATURES; i++)
            if (slice_is(name, ngram_name(i)))
                return ngram_feature(s, i);
        return NO_FEATURE;
    }
    if (cut_prefix(&name, "family:"))
        for (uint32_t i = 0; i < s->nfamilies; i++)
            if (slice_eq(name, s->families[i]))
                return family_feature(s, i);
    return NO_FEATURE;
}

struct slice feature_name(const struct feature_space *s, uint32_t index, const char **kind)
{
    *kind = "";
    if (index < CTX_COUNT)
        return slice_of(ctx_names[index]);
    index -= (uint32_t)CTX_COUNT;
    if (index < s->ncues) {
        *kind = "cue:";
        return cueset_info(s->cues, index)->name;
    }
    index -= s->ncues;
    if (index < s->nfamilies) {
        *kind = "family:";
        return s->families[index];
    }
    index -= s->nfamilies;
    *kind = index < SENSE_CLASSES ? "sense:" : "ngrams:";
    return slice_of(index < SENSE_CLASSES ? class_name(index) : ngram_name(index - SENSE_CLASSES));
}

/* ---- a turn ---- */

static void put_value(struct feature_list *l, uint32_t index, uint32_t match, float value)
{
    if (l->n < FEATURES_MAX)
        l->f[l->n++] = (struct feature){index, match, value};
}

static void put(struct feature_list *l, uint32_t index, uint32_t match)
{
    put_value(l, index, match, 1);
}

static void put_if(struct feature_list *l, bool holds, enum ctx c)
{
    if (holds)
        put(l, (uint32_t)c, NO_MATCH);
}

/* Bias, length and questions: what every turn has. Returns whether the turn is short. */
static bool put_shape(const struct turn_scan *scan, struct feature_list *l)
{
    uint32_t n = scan->ntokens;
    bool has_question = false;
    for (uint32_t i = 0; i < n; i++)
        has_question = has_question || scan->tokens[i].ends_question;
    put(l, CTX_BIAS, NO_MATCH);
    put_if(l, n >= 1 && n <= 3, CTX_LEN_1_3);
    put_if(l, n >= 4 && n <= 8, CTX_LEN_4_8);
    put_if(l, n >= 9 && n <= 20, CTX_LEN_9_20);
    put_if(l, n >= 21 && n <= 50, CTX_LEN_21_50);
    put_if(l, n > 50, CTX_LEN_OVER_50);
    put_if(l, has_question, CTX_IS_QUESTION);
    put_if(l, n > 0 && scan->tokens[n - 1].ends_question, CTX_ENDS_QUESTION);
    return n <= SHORT_WORDS;
}

static void put_once(struct feature_list *l, uint32_t first, uint32_t index, uint32_t match)
{
    while (first < l->n && l->f[first].index != index)
        first++;
    if (first == l->n)
        put(l, index, match);
}

/* What a cue of one's own says must not take the place of what sense and n-grams say. */
enum { FEATURES_BEHIND = SENSE_CLASSES + NGRAM_FEATURES };

/* Cues and their families, each once, with the first hit's words; as many as leave room for what comes behind. */
static void put_cues(const struct feature_space *s, const struct turn_scan *scan, struct feature_list *l)
{
    uint32_t first = l->n;
    for (uint32_t i = 0; i < scan->nmatches && l->n + 2 <= FEATURES_MAX - FEATURES_BEHIND; i++) {
        uint32_t cue = scan->matches[i].cue, family = s->family_of_cue[cue];
        if (family == NO_FEATURE)
            continue;
        put_once(l, first, cue_feature(cue), i);
        put_once(l, first, family_feature(s, family), i);
    }
}

void features_agent(const struct feature_space *s, const struct turn_scan *scan, const struct memory *m,
                    struct feature_list *out)
{
    out->n = 0;
    bool is_short = put_shape(scan, out);
    bool answers = m->last_role == ROLE_CUSTOMER;
    put_if(out, m->nagent == 0, CTX_FIRST_TURN);
    put_if(out, m->last_role == ROLE_AGENT, CTX_SAME_SPEAKER);
    put_if(out, m->delivered, CTX_EARLIER_DELIVERY);
    put_if(out, m->delivered_last, CTX_LAST_DELIVERY);
    put_if(out, m->delivered_last && m->last_role == ROLE_AGENT, CTX_RUN_DELIVERY);
    put_if(out, m->disputed, CTX_EARLIER_DISPUTE);
    put_if(out, m->disputed_last, CTX_LAST_DISPUTE);
    put_if(out, is_short && answers && m->disputed_last, CTX_SHORT_AFTER_DISPUTE);
    put_if(out, is_short && answers && m->customer_asked, CTX_SHORT_AFTER_QUESTION);
    put_if(out, m->customer_asked, CTX_PREV_QUESTION);
    put_if(out, m->confronted, CTX_EARLIER_CONFRONTATIONAL);
    put_if(out, m->chose, CTX_EARLIER_CHOICE);
    put_if(out, m->confronted_last, CTX_LAST_CONFRONTATIONAL);
    put_cues(s, scan, out);
}

enum { SHOUTED_LETTERS = 4 };

/* Could it be, by how many capitals and marks there are? Nearly never; this is counted many characters at once. */
static bool may_be_shouted(struct slice text)
{
    uint32_t nupper = 0, nmarks = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.s[i];
        nupper += c >= 'A' && c <= 'Z';
        nmarks += c == '!' || c == '?';
    }
    return nupper >= 2 * SHOUTED_LETTERS || nmarks >= 2;
}

/* Two words in capitals (not all that short ones are names), or two marks of exclamation or question in a row. */
static bool is_shouted(struct slice text)
{
    uint32_t nwords = 0, nupper = 0;
    if (!may_be_shouted(text))
        return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if ((c == '!' || c == '?') && i + 1 < text.n && (text.s[i + 1] == '!' || text.s[i + 1] == '?'))
            return true;
        if (c >= 'A' && c <= 'Z') {
            nupper++;
            continue;
        }
        nwords += nupper >= SHOUTED_LETTERS && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
        nupper = 0;
    }
    return nwords + (nupper >= SHOUTED_LETTERS) >= 2;
}

void features_customer(const struct feature_space *s, const struct turn_scan *scan, struct slice text,
                       const struct memory *m, struct feature_list *out)
{
    out->n = 0;
    bool is_short = put_shape(scan, out);
    put_if(out, m->ncustomer == 0, CTX_FIRST_TURN);
    put_if(out, m->last_role == ROLE_CUSTOMER, CTX_SAME_SPEAKER);
    put_if(out, m->delivered, CTX_EARLIER_DELIVERY);
    put_if(out, m->delivered_since, CTX_LAST_DELIVERY);
    put_if(out, m->disputed, CTX_EARLIER_DISPUTE);
    put_if(out, m->disputed_last, CTX_LAST_DISPUTE);
    put_if(out, is_short && m->delivered_since, CTX_SHORT_AFTER_DELIVERY);
    put_if(out, is_shouted(text), CTX_SHOUTS);
    put_cues(s, scan, out);
}

/* N of about MIDDLE, between 0 and 1. */
static float part(uint32_t n, uint32_t middle)
{
    return (float)n / (float)(n + middle);
}

_Static_assert((int)SENSE_AGENT_CLASSES == (int)CLASS_DISPUTE && (int)SENSE_CLASSES == (int)CLASS_UPSET,
               "each side tells its speaker's classes");

/* The numbers of the classes from FIRST to before LAST. */
static void put_sense(const struct feature_space *s, const struct sense *sense, const struct sense_trace *hidden,
                      uint32_t first, uint32_t last, struct feature_list *out)
{
    for (uint32_t class = first; class < last; class ++)
        put_value(out, sense_feature(s, class), NO_MATCH, (float)sense_class(sense, hidden, class));
}

void features_sense(const struct feature_space *s, const struct sense *sense, const struct sense_trace *now,
                    uint32_t nwords, enum role role, const struct memory *m, struct sense_trace *hidden,
                    struct feature_list *out)
{
    bool is_agent = role == ROLE_AGENT;
    struct sense_past past = {{
        (is_agent ? m->nagent : m->ncustomer) == 0 ? 1 : 0,
        m->last_role == role ? 1 : 0,
        m->delivered_last ? 1 : 0,
        m->delivered ? 1 : 0,
        part(nwords, 12),
        part(m->nagent + m->ncustomer, 6),
        (float)(m->nagent < 3 ? m->nagent : 3) / 3,
    }};
    *hidden = sense_hidden(sense, role, now, &past, is_agent ? &m->agent_to_agent : &m->customer_to_customer,
                           &m->customer_to_agent);
    if (is_agent)
        put_sense(s, sense, hidden, CLASS_DELIVERY, CLASS_DELIVERY + 1, out);
    else
        put_sense(s, sense, hidden, SENSE_AGENT_CLASSES, SENSE_CLASSES, out);
}

void features_told(const struct feature_space *s, const struct sense *sense, const struct sense_turn *read,
                   const struct sense_trace *hidden, struct ngram_told *told, struct feature_list *out)
{
    float numbers[NGRAM_TOLD];
    put_sense(s, sense, hidden, CLASS_DELIVERY + 1, SENSE_AGENT_CLASSES, out);
    ngrams_tell(sense_ngrams(sense), read, told, numbers);
    for (uint32_t i = 0; i < NGRAM_TOLD; i++)
        put_value(out, ngram_feature(s, NGRAM_CLASSES + i), NO_MATCH, numbers[i]);
}

void features_ngrams(const struct feature_space *s, const struct ngrams *g, float own, enum role role,
                     const struct memory *m, struct feature_list *out)
{
    enum ngram_class class = ngram_class_of(role);
    put_value(out, ngram_feature(s, class), NO_MATCH, (float)ngrams_class(g, own, m->asked, class));
}

/* ---- memory ---- */

void memory_add(struct memory *m, enum role role, const struct turn_scan *scan, const struct turn_facts *facts)
{
    if (role == ROLE_AGENT) {
        m->delivered_since = facts->is_delivery || (m->delivered_since && m->last_role == ROLE_AGENT);
        m->nagent++;
        m->delivered_last = facts->is_delivery;
        m->delivered = m->delivered || facts->is_delivery;
        m->confronted = m->confronted || facts->is_confrontational;
        m->chose = m->chose || facts->is_choice;
        if (facts->is_delivery)
            m->confronted_last = facts->is_confrontational;
    } else {
        if (m->last_role != ROLE_CUSTOMER) /* turns in a row are one answer */
            m->customer_asked = m->disputed_last = false;
        for (uint32_t i = 0; i < scan->ntokens; i++)
            m->customer_asked = m->customer_asked || scan->tokens[i].ends_question;
        m->ncustomer++;
        m->disputed_last = m->disputed_last || facts->is_dispute;
        m->disputed = m->disputed || facts->is_dispute;
    }
    m->last_role = role;
}
