/*
 * rows.c - print what the tagger sees of labelled conversations, for train/sense/sense.py; no part of broach
 *
 *     rows RULES [--decided] FILE...     RULES: a folder that is put over the shipped rules, or "-"
 *
 * First line: the names of all features. Then a line a turn: conversation (from 0, over all files), place of the turn,
 * A or C, features as number:value, the folded words, a digit pair a word (see put_marks). Earlier tags that features
 * tell of are the labels, or what the tagger decided.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyze/ruleset.h"
#include "analyze/tagger.h"
#include "analyze/words.h"
#include "train/labelled.h"

struct printing {
    const struct ruleset *rules;
    const struct labelled *l;
    size_t conversation;
    struct word_reader reader;
};

static void put_words(struct printing *p, struct slice text)
{
    struct token t;
    struct slice word;
    words_start(&p->reader, text);
    for (bool first = true; words_next(&p->reader, &t, &word); first = false)
        printf("%s%.*s", first ? "" : " ", SLICE_ARG(word));
}

/* After each word: 0 nothing, 1 the end of a sentence, 2 of a question. */
static void put_marks(const struct turn_scan *scan)
{
    for (uint32_t i = 0; i < scan->ntokens; i++)
        putchar(!scan->tokens[i].ends_sentence ? '0' : scan->tokens[i].ends_question ? '2' : '1');
}

static void look(void *ctx, uint32_t turn, const struct turn_result *r)
{
    struct printing *p = ctx;
    printf("%zu %lu %c\t", p->conversation, (unsigned long)turn_number(&p->l->c, turn),
           r->role == ROLE_AGENT ? 'A' : 'C');
    for (uint32_t i = 0; i < r->features->n; i++)
        printf("%s%lu:%.6g", i == 0 ? "" : " ", (unsigned long)r->features->f[i].index,
               feature_value(&r->features->f[i]));
    putchar('\t');
    put_words(p, p->l->c.turns[turn].text);
    putchar('\t');
    put_marks(r->scan);
    putchar('\n');
}

static void put_names(const struct feature_space *s)
{
    for (uint32_t i = 0; i < feature_count(s); i++) {
        const char *kind;
        struct slice name = feature_name(s, i, &kind);
        printf("%s%s%.*s", i == 0 ? "" : " ", kind, SLICE_ARG(name));
    }
    putchar('\n');
}

static const struct turn_facts *facts_of(const struct labelled *l, struct arena *a)
{
    struct turn_facts *f = arena_zalloc(a, (size_t)l->c.nturns + 1, sizeof *f);
    for (uint32_t i = 0; f != NULL && i < l->c.nturns; i++) {
        const struct turn_label *x = &l->labels[turn_number(&l->c, i)];
        f[i] = (struct turn_facts){.is_delivery = x->is_delivery,
                                   .is_confrontational = x->style == STYLE_CONFRONTATIONAL,
                                   .is_choice = x->style == STYLE_CHOICE,
                                   .is_dispute = x->is_dispute};
    }
    return f;
}

static enum err_code print_all(const struct ruleset *rules, const struct labelled_set *set, bool decided, struct err *e)
{
    struct tagger *t = tagger_new(rules);
    struct arena *a = arena_new(0);
    struct printing p = {.rules = rules, .reader = WORDS_INIT};
    enum err_code rc = ERR_OK;
    if (t == NULL || a == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    put_names(&rules->space);
    for (; rc == ERR_OK && p.conversation < set->n; p.conversation++) {
        struct tags tags;
        arena_reset(a);
        p.l = &set->items[p.conversation];
        t->given = decided ? NULL : facts_of(p.l, a);
        rc = decided || t->given != NULL ? tagger_walk(t, &p.l->c, a, &tags, &p, look, e) : err_nomem(e);
    }
cleanup:
    words_free(&p.reader);
    tagger_free(t);
    arena_free(a);
    return rc;
}

int main(int argc, char **argv)
{
    struct err e = {.code = ERR_OK};
    struct ruleset *rules = NULL;
    struct labelled_set set = {0};
    struct labelled_options lo = {0};
    bool decided = argc > 2 && strcmp(argv[2], "--decided") == 0;
    if (argc < 3 + decided) {
        fprintf(stderr, "rows RULES|- [--decided] FILE...\n");
        return 2;
    }
    struct ruleset_options ro = {.rules_dir = strcmp(argv[1], "-") == 0 ? NULL : argv[1]};
    enum err_code rc = ruleset_load(&ro, &rules, &e);
    for (int i = 2 + decided; i < argc && rc == ERR_OK; i++)
        rc = labelled_read(&set, argv[i], &lo, &e);
    if (rc == ERR_OK)
        rc = print_all(rules, &set, decided, &e);
    if (rc != ERR_OK)
        fprintf(stderr, "rows: %s\n", e.msg);
    labelled_free(&set);
    ruleset_free(rules);
    return rc == ERR_OK && fflush(stdout) == 0 ? 0 : 1;
}
