#include "analyze/nfa.h"

#include <stdlib.h>

#define LISTS_DEEP 8u /* lists in lists */

struct builder {
    struct nfa *nfa;
    struct lexicon *lexicon;
    nfa_list *list;
    const void *ctx;
    unsigned lists;
    bool in_guard;
    struct err *e;
};

static enum err_code build(struct builder *b, const struct phrase *x, uint32_t next, struct nfa_part *out);

static enum err_code node_new(struct nfa *n, struct nfa_node node, uint32_t *at, struct err *e)
{
    if (n->n == n->cap) {
        uint32_t cap = n->cap != 0 ? n->cap * 2 : 256;
        if (cap > NFA_NODES_MAX) {
            (void)err_set(e, ERR_CONFIG, "the phrases are too large together");
            return err_hint(e, "use fewer lists inside of lists and gaps");
        }
        struct nfa_node *more = realloc(n->nodes, cap * sizeof *more);
        if (more == NULL)
            return err_nomem(e);
        n->nodes = more;
        n->cap = cap;
    }
    *at = n->n;
    n->nodes[n->n++] = node;
    return ERR_OK;
}

enum err_code nfa_split(struct nfa *n, uint32_t a, uint32_t b, uint32_t *node, struct err *e)
{
    return node_new(n, (struct nfa_node){.kind = NFA_SPLIT, .out = a, .other = b}, node, e);
}

/* The children of a sequence, the last one first, as each must know its successor. */
static enum err_code build_sequence(struct builder *b, const struct phrase *child, uint32_t next, struct nfa_part *out)
{
    *out = (struct nfa_part){.start = next};
    size_t n = 0;
    for (const struct phrase *c = child; c != NULL; c = c->next)
        n++;
    const struct phrase **children = malloc((n + 1) * sizeof(const struct phrase *));
    if (children == NULL)
        return err_nomem(b->e);
    n = 0;
    for (const struct phrase *c = child; c != NULL; c = c->next)
        children[n++] = c;
    enum err_code rc = ERR_OK;
    while (rc == ERR_OK && n-- > 0) {
        struct nfa_part p = {0};
        rc = build(b, children[n], out->start, &p);
        *out = (struct nfa_part){p.start, out->least + p.least, out->most + p.most, out->has_guard || p.has_guard};
    }
    free(children);
    return rc;
}

static bool takes_word(enum phrase_kind kind)
{
    return kind == PHRASE_WORD || kind == PHRASE_PREFIX || kind == PHRASE_ANY || kind == PHRASE_NUMBER ||
           kind == PHRASE_MONEY;
}

/* Is X nothing but alternatives of one word each? */
static bool is_one_word(const struct phrase *x)
{
    if (x->kind == PHRASE_SEQ)
        return x->first->next == NULL && is_one_word(x->first);
    if (x->kind != PHRASE_ALT)
        return takes_word(x->kind);
    for (const struct phrase *c = x->first; c != NULL; c = c->next)
        if (!is_one_word(c))
            return false;
    return true;
}

/* What takes the word of X, without a successor. */
static enum err_code word_kind(struct builder *b, const struct phrase *x, uint32_t *kind, uint32_t *arg)
{
    static const enum nfa_kind kinds[] = {[PHRASE_WORD] = NFA_WORD,
                                          [PHRASE_PREFIX] = NFA_PREFIX,
                                          [PHRASE_ANY] = NFA_ANY,
                                          [PHRASE_NUMBER] = NFA_NUMBER,
                                          [PHRASE_MONEY] = NFA_MONEY};
    *kind = kinds[x->kind];
    *arg = 0;
    if (x->kind != PHRASE_WORD && x->kind != PHRASE_PREFIX)
        return ERR_OK;
    return lexicon_add(b->lexicon, x->word, x->kind == PHRASE_PREFIX, arg, b->e);
}

/* Add the words of X, which is_one_word(), to the set that is being built. */
static enum err_code add_atoms(struct builder *b, const struct phrase *x)
{
    struct nfa *n = b->nfa;
    if (!takes_word(x->kind)) {
        enum err_code rc = ERR_OK;
        for (const struct phrase *c = x->first; rc == ERR_OK && c != NULL; c = c->next)
            rc = add_atoms(b, c);
        return rc;
    }
    if (n->natoms == n->cap_atoms) {
        uint32_t cap = n->cap_atoms != 0 ? n->cap_atoms * 2 : 256;
        struct nfa_atom *more = cap <= NFA_NODES_MAX ? realloc(n->atoms, cap * sizeof *more) : NULL;
        if (more == NULL)
            return cap <= NFA_NODES_MAX ? err_nomem(b->e)
                                        : err_set(b->e, ERR_CONFIG, "the phrases are too large together");
        n->atoms = more;
        n->cap_atoms = cap;
    }
    struct nfa_atom *atom = &n->atoms[n->natoms];
    atom->set = n->nsets;
    enum err_code rc = word_kind(b, x, &atom->kind, &atom->arg);
    n->natoms += rc == ERR_OK;
    return rc;
}

/* The alternatives that are one word each as one node. */
static enum err_code build_set(struct builder *b, const struct phrase *child, uint32_t next, struct nfa_part *out)
{
    enum err_code rc = ERR_OK;
    for (const struct phrase *c = child; rc == ERR_OK && c != NULL; c = c->next)
        if (is_one_word(c))
            rc = add_atoms(b, c);
    *out = (struct nfa_part){.least = 1, .most = 1};
    return rc == ERR_OK ? node_new(b->nfa, (struct nfa_node){.kind = NFA_SET, .arg = b->nfa->nsets++, .out = next},
                                   &out->start, b->e)
                        : rc;
}

static enum err_code build_alternatives(struct builder *b, const struct phrase *child, uint32_t next,
                                        struct nfa_part *out)
{
    unsigned single = 0;
    bool has = false;
    enum err_code rc = ERR_OK;
    for (const struct phrase *c = child; c != NULL; c = c->next)
        single += is_one_word(c);
    if (single > 1) {
        rc = build_set(b, child, next, out);
        has = true;
    }
    for (const struct phrase *c = child; rc == ERR_OK && c != NULL; c = c->next) {
        if (single > 1 && is_one_word(c))
            continue;
        struct nfa_part p = {0};
        rc = build(b, c, next, &p);
        if (rc == ERR_OK && has)
            rc = nfa_split(b->nfa, out->start, p.start, &p.start, b->e);
        out->start = p.start;
        out->least = has && out->least < p.least ? out->least : p.least;
        out->most = has && out->most > p.most ? out->most : p.most;
        out->has_guard = (has && out->has_guard) || p.has_guard;
        has = true;
    }
    return rc;
}

static enum err_code build_gap(struct builder *b, unsigned words, uint32_t next, struct nfa_part *out)
{
    enum err_code rc = ERR_OK;
    *out = (struct nfa_part){.start = next, .most = words};
    for (unsigned i = 0; rc == ERR_OK && i < words; i++) {
        uint32_t any = 0;
        rc = node_new(b->nfa, (struct nfa_node){.kind = NFA_ANY, .out = out->start}, &any, b->e);
        if (rc == ERR_OK)
            rc = nfa_split(b->nfa, any, next, &out->start, b->e);
    }
    return rc;
}

static enum err_code build_list(struct builder *b, struct slice name, uint32_t next, struct nfa_part *out)
{
    const struct phrase *phrases = b->list(b->ctx, name);
    if (phrases == NULL) {
        (void)err_set(b->e, ERR_CONFIG, "there is no list @%.*s", SLICE_ARG(name));
        return err_hint(b->e, "write it as [list %.*s] with \"any\"; built in are @number, @digits, @money",
                        SLICE_ARG(name));
    }
    if (b->lists == LISTS_DEEP)
        return err_set(b->e, ERR_CONFIG, "the list @%.*s refers to itself, or lists are nested too deep",
                       SLICE_ARG(name));
    b->lists++;
    enum err_code rc = build_alternatives(b, phrases, next, out);
    b->lists--;
    return rc;
}

static enum err_code build_guard(struct builder *b, const struct phrase *x, uint32_t next, struct nfa_part *out)
{
    struct nfa_part inner = {0};
    uint32_t end = 0;
    if (b->in_guard)
        return err_set(b->e, ERR_CONFIG, "a list with a ! in it cannot stand behind a !");
    b->in_guard = true;
    enum err_code rc = node_new(b->nfa, (struct nfa_node){.kind = NFA_MATCH, .arg = UINT32_MAX}, &end, b->e);
    if (rc == ERR_OK)
        rc = build(b, x->first, end, &inner);
    b->in_guard = false;
    out->has_guard = true;
    if (rc == ERR_OK)
        rc = node_new(b->nfa, (struct nfa_node){.kind = NFA_GUARD, .arg = inner.start, .out = next}, &out->start, b->e);
    return rc;
}

static enum err_code build_word(struct builder *b, const struct phrase *x, uint32_t next, struct nfa_part *out)
{
    struct nfa_node node = {.out = next};
    enum err_code rc = word_kind(b, x, &node.kind, &node.arg);
    *out = (struct nfa_part){.least = 1, .most = 1};
    return rc == ERR_OK ? node_new(b->nfa, node, &out->start, b->e) : rc;
}

static enum err_code build(struct builder *b, const struct phrase *x, uint32_t next, struct nfa_part *out)
{
    enum err_code rc = ERR_OK;
    *out = (struct nfa_part){0};
    switch (x->kind) {
    case PHRASE_SEQ:
        return build_sequence(b, x->first, next, out);
    case PHRASE_ALT:
        return build_alternatives(b, x->first, next, out);
    case PHRASE_OPT:
        rc = build_alternatives(b, x->first, next, out);
        out->least = 0;
        return rc == ERR_OK ? nfa_split(b->nfa, out->start, next, &out->start, b->e) : rc;
    case PHRASE_GAP:
        return build_gap(b, x->n, next, out);
    case PHRASE_PLACE:
        return node_new(b->nfa, (struct nfa_node){.kind = NFA_PLACE, .arg = x->n, .out = next}, &out->start, b->e);
    case PHRASE_GUARD:
        return build_guard(b, x, next, out);
    case PHRASE_LIST:
        return build_list(b, x->word, next, out);
    default:
        return build_word(b, x, next, out);
    }
}

enum err_code nfa_build(struct nfa *n, struct lexicon *l, const struct phrase *x, uint32_t match, nfa_list *list,
                        const void *ctx, struct nfa_part *out, struct err *e)
{
    struct builder b = {.nfa = n, .lexicon = l, .list = list, .ctx = ctx, .e = e};
    uint32_t end = 0;
    enum err_code rc = node_new(n, (struct nfa_node){.kind = NFA_MATCH, .arg = match}, &end, e);
    return rc == ERR_OK ? build(&b, x, end, out) : rc;
}

static bool takes(const struct lexicon *l, uint32_t kind, uint32_t arg, uint32_t letter)
{
    switch (kind) {
    case NFA_WORD:
        return arg == letter;
    case NFA_PREFIX:
        return lexicon_begins(l, letter, arg);
    case NFA_ANY:
        return true;
    case NFA_NUMBER:
        return lexicon_is_number(l, letter);
    case NFA_MONEY:
        return lexicon_is_money(l, letter);
    default:
        return false;
    }
}

bool nfa_takes(const struct nfa *n, const struct lexicon *l, const struct nfa_node *node, uint32_t letter)
{
    if (node->kind == NFA_SET)
        return (n->bits[node->arg * n->row + letter / 64] >> letter % 64 & 1) != 0;
    return takes(l, node->kind, node->arg, letter);
}

/* The first letter from LETTER on of NODE's set. */
static uint32_t next_of_set(const struct nfa *n, const struct nfa_node *node, uint32_t letter, uint32_t nletters)
{
    const uint64_t *row = &n->bits[node->arg * n->row];
    while (letter < nletters && row[letter / 64] >> letter % 64 == 0)
        letter = (letter / 64 + 1) * 64; /* nearly always: sets are small */
    while (letter < nletters && (row[letter / 64] >> letter % 64 & 1) == 0)
        letter++;
    return letter < nletters ? letter : nletters;
}

uint32_t nfa_next_taken(const struct nfa *n, const struct lexicon *l, const struct nfa_node *node, uint32_t letter)
{
    uint32_t nletters = lexicon_count(l);
    if (node->kind == NFA_WORD)
        return letter <= node->arg ? node->arg : nletters;
    if (node->kind == NFA_SET)
        return next_of_set(n, node, letter, nletters);
    if (node->kind > NFA_SET)
        return nletters;
    while (letter < nletters && !takes(l, node->kind, node->arg, letter))
        letter++;
    return letter;
}

enum err_code nfa_finish(struct nfa *n, const struct lexicon *l, struct err *e)
{
    uint32_t nletters = lexicon_count(l);
    n->row = nletters / 64 + 1;
    n->bits = calloc((size_t)n->nsets + 1, n->row * sizeof *n->bits);
    if (n->bits == NULL)
        return err_nomem(e);
    for (uint32_t i = 0; i < n->natoms; i++) {
        const struct nfa_atom *x = &n->atoms[i];
        uint32_t from = x->kind == NFA_WORD ? x->arg : 0, to = x->kind == NFA_WORD ? x->arg + 1 : nletters;
        for (uint32_t letter = from; letter < to; letter++)
            if (takes(l, x->kind, x->arg, letter))
                n->bits[x->set * n->row + letter / 64] |= (uint64_t)1 << letter % 64;
    }
    return ERR_OK;
}

/* A letter, and a sum over the nodes that take it, by which letters that the same nodes take are found. */
struct taken {
    uint64_t sum;
    uint32_t letter;
};

static int by_sum(const void *x, const void *y)
{
    const struct taken *a = x, *b = y;
    if (a->sum != b->sum)
        return a->sum < b->sum ? -1 : 1;
    return (a->letter > b->letter) - (a->letter < b->letter);
}

/* A number for the node numbered I that has nothing to do with those of other nodes (the finish of splitmix64). */
static uint64_t number_of(uint64_t i)
{
    uint64_t x = (i + 1) * 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

enum err_code nfa_same_letters(const struct nfa *n, const struct lexicon *l, uint32_t *same, struct err *e)
{
    uint32_t nletters = lexicon_count(l), least = 0;
    struct taken *t = calloc((size_t)nletters + 1, sizeof *t);
    if (t == NULL)
        return err_nomem(e);
    for (uint32_t letter = 0; letter < nletters; letter++)
        t[letter].letter = letter;
    for (uint32_t i = 0; i < n->n; i++) {
        const struct nfa_node *x = &n->nodes[i];
        uint32_t letter = x->kind != NFA_ANY ? nfa_next_taken(n, l, x, 0) : nletters;
        for (; letter < nletters; letter = nfa_next_taken(n, l, x, letter + 1))
            t[letter].sum += number_of(i);
    }
    qsort(t, nletters, sizeof *t, by_sum);
    for (uint32_t i = 0; i < nletters; i++) {
        if (i == 0 || t[i].sum != t[i - 1].sum || least < LETTER_FIRST)
            least = t[i].letter;
        same[t[i].letter] = least;
    }
    free(t);
    return ERR_OK;
}

void nfa_clear(struct nfa *n)
{
    free(n->nodes);
    free(n->atoms);
    free(n->bits);
    *n = (struct nfa){0};
}
