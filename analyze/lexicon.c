#include "analyze/lexicon.h"

#include <stdlib.h>

#include "analyze/words.h"
#include "core/arena.h"
#include "core/hash.h"

struct letter {
    struct slice text;
    uint32_t up; /* the letter of the longest beginning that it has besides itself; 0: none */
    bool is_prefix, is_number, is_money;
};

/* Open addressing from a hash to a letter; letter 0 marks a free slot. */
struct table {
    struct slot {
        uint64_t hash;
        uint32_t letter;
    } * slots;
    size_t mask, n;
};

struct lexicon {
    struct arena *arena;
    struct letter *letters;
    uint32_t n, cap;
    struct table words, prefixes;
    size_t *lengths; /* of the prefixes, longest first */
    size_t nlengths;
};

static uint32_t table_get(const struct table *t, uint64_t hash)
{
    for (size_t i = hash & t->mask;; i = (i + 1) & t->mask)
        if (t->slots[i].letter == 0 || t->slots[i].hash == hash)
            return t->slots[i].letter;
}

static void table_place(struct table *t, uint64_t hash, uint32_t letter)
{
    size_t i = hash & t->mask;
    while (t->slots[i].letter != 0)
        i = (i + 1) & t->mask;
    t->slots[i] = (struct slot){hash, letter};
}

static bool table_init(struct table *t, size_t nslots)
{
    *t = (struct table){.slots = calloc(nslots, sizeof *t->slots), .mask = nslots - 1};
    return t->slots != NULL;
}

/* Half full at most, so that a search for what is not there ends soon. */
static bool table_put(struct table *t, uint64_t hash, uint32_t letter)
{
    if ((t->n + 1) * 2 > t->mask + 1) {
        struct table bigger;
        if (!table_init(&bigger, (t->mask + 1) * 2))
            return false;
        for (size_t i = 0; i <= t->mask; i++)
            if (t->slots[i].letter != 0)
                table_place(&bigger, t->slots[i].hash, t->slots[i].letter);
        bigger.n = t->n;
        free(t->slots);
        *t = bigger;
    }
    table_place(t, hash, letter);
    t->n++;
    return true;
}

struct lexicon *lexicon_new(void)
{
    struct lexicon *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->cap = 64;
    l->n = LETTER_FIRST;
    l->letters = calloc(l->cap, sizeof *l->letters);
    l->arena = arena_new(0);
    if (l->letters == NULL || l->arena == NULL || !table_init(&l->words, 64) || !table_init(&l->prefixes, 64)) {
        lexicon_free(l);
        return NULL;
    }
    l->letters[LETTER_NUMBER].is_number = true;
    l->letters[LETTER_MONEY].is_number = l->letters[LETTER_MONEY].is_money = true;
    return l;
}

void lexicon_free(struct lexicon *l)
{
    if (l == NULL)
        return;
    arena_free(l->arena);
    free(l->letters);
    free(l->words.slots);
    free(l->prefixes.slots);
    free(l->lengths);
    free(l);
}

enum err_code lexicon_add(struct lexicon *l, struct slice folded, bool is_prefix, uint32_t *letter, struct err *e)
{
    struct table *t = is_prefix ? &l->prefixes : &l->words;
    uint64_t hash = hash64(folded);
    *letter = table_get(t, hash);
    if (*letter != 0)
        return ERR_OK;
    if (l->n == l->cap) {
        struct letter *more = realloc(l->letters, sizeof *more * l->cap * 2);
        if (more == NULL)
            return err_nomem(e);
        l->letters = more;
        l->cap *= 2;
    }
    struct letter x = {.text = arena_dup(l->arena, folded),
                       .is_prefix = is_prefix,
                       .is_number = word_is_number(folded),
                       .is_money = word_is_money(folded)};
    if (x.text.s == NULL || !table_put(t, hash, l->n))
        return err_nomem(e);
    *letter = l->n;
    l->letters[l->n++] = x;
    return ERR_OK;
}

static int longest_first(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x < y) - (x > y);
}

static enum err_code collect_lengths(struct lexicon *l, struct err *e)
{
    l->lengths = malloc((l->n + 1) * sizeof *l->lengths);
    if (l->lengths == NULL)
        return err_nomem(e);
    size_t n = 0;
    for (uint32_t i = LETTER_FIRST; i < l->n; i++)
        if (l->letters[i].is_prefix)
            l->lengths[n++] = l->letters[i].text.n;
    qsort(l->lengths, n, sizeof *l->lengths, longest_first);
    for (size_t i = 0; i < n; i++)
        if (l->nlengths == 0 || l->lengths[l->nlengths - 1] != l->lengths[i])
            l->lengths[l->nlengths++] = l->lengths[i];
    return ERR_OK;
}

/* The letter of the longest prefix of WORD with at most MAX bytes. */
static uint32_t longest_prefix(const struct lexicon *l, struct slice word, size_t max)
{
    for (size_t i = 0; i < l->nlengths; i++) {
        size_t n = l->lengths[i];
        if (n > max || n > word.n)
            continue;
        uint32_t letter = table_get(&l->prefixes, hash64((struct slice){word.s, n}));
        if (letter != 0)
            return letter;
    }
    return 0;
}

/* May people drop the apostrophe of WORD without writing another word by it? */
static bool may_drop_apostrophe(struct slice word)
{
    static const char *const others[] = {"i'm",     "i've",   "you're",  "you've",  "you'll",
                                         "you'd",   "that's", "there's", "they're", "they've",
                                         "they'll", "what's", "here's",  "where's", "y'all"};
    if (word.n > 3 && memcmp(word.s + word.n - 3, "n't", 3) == 0)
        return true;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (slice_is(word, others[i]))
            return true;
    return false;
}

static enum err_code add_spelling(struct lexicon *l, uint32_t letter, struct err *e)
{
    struct slice word = l->letters[letter].text;
    char bare[16];
    size_t n = 0;
    if (!may_drop_apostrophe(word) || word.n > sizeof bare)
        return ERR_OK;
    for (size_t i = 0; i < word.n; i++)
        if (word.s[i] != '\'')
            bare[n++] = word.s[i];
    uint64_t hash = hash64((struct slice){bare, n});
    if (table_get(&l->words, hash) != 0) /* some phrase means this very spelling */
        return ERR_OK;
    return table_put(&l->words, hash, letter) ? ERR_OK : err_nomem(e);
}

enum err_code lexicon_finish(struct lexicon *l, struct err *e)
{
    enum err_code rc = collect_lengths(l, e);
    for (uint32_t i = LETTER_FIRST; rc == ERR_OK && i < l->n; i++) {
        struct letter *x = &l->letters[i];
        x->up = longest_prefix(l, x->text, x->is_prefix ? x->text.n - 1 : x->text.n);
        if (!x->is_prefix)
            rc = add_spelling(l, i, e);
    }
    return rc;
}

static void table_merge(struct table *t, const uint32_t *same)
{
    for (size_t i = 0; i <= t->mask; i++)
        t->slots[i].letter = same[t->slots[i].letter]; /* of the free ones, LETTER_OTHER */
}

void lexicon_merge(struct lexicon *l, const uint32_t *same)
{
    table_merge(&l->words, same);
    table_merge(&l->prefixes, same);
}

uint32_t lexicon_count(const struct lexicon *l)
{
    return l->n;
}

uint32_t lexicon_word(const struct lexicon *l, uint64_t hash)
{
    return table_get(&l->words, hash);
}

uint32_t lexicon_beginning(const struct lexicon *l, struct slice folded)
{
    uint32_t letter = longest_prefix(l, folded, folded.n);
    if (letter != 0)
        return letter;
    return word_is_money(folded) ? LETTER_MONEY : word_is_number(folded) ? LETTER_NUMBER : LETTER_OTHER;
}

bool lexicon_begins(const struct lexicon *l, uint32_t letter, uint32_t prefix)
{
    if (letter == prefix)
        return true;
    for (uint32_t up = l->letters[letter].up; up != 0; up = l->letters[up].up)
        if (up == prefix)
            return true;
    return false;
}

bool lexicon_is_number(const struct lexicon *l, uint32_t letter)
{
    return l->letters[letter].is_number;
}

bool lexicon_is_money(const struct lexicon *l, uint32_t letter)
{
    return l->letters[letter].is_money;
}
