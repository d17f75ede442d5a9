/*
 * tagging - measure tagging alone: conversations in memory -> tags, on one core
 *
 *     tagging [--policies CSV] [--passes N] PATH...     print the speed in MB (10^6 bytes) of turn text a second of CPU
 *     tagging --text PATH...                            print the turns' texts, a line each: what zcat is timed on
 *     tagging --tags [--policies CSV] PATH...           print all tags, to see that a change kept them
 *
 * Conversations are read as `broach tag` reads them and kept; nothing of that is measured. The first pass meets
 * everything for the first time and builds the automata; the fastest of the others is what a long run has. `broach tag`
 * and `broach eval` find tags alone; `broach run` keeps the words behind each, too.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyze/analyze.h"
#include "core/array.h"
#include "ingest/ingest.h"

/* So many conversations are timed together: a millisecond or two, which other work on the machine often leaves alone.
 */
enum { BLOCK = 48 };

struct corpus {
    struct arena *a;
    struct conversation *all;
    uint32_t n, cap;
    uint64_t bytes, turns;
};

struct asked {
    const char *policies;
    unsigned long passes;
    bool wants_text, wants_tags;
    const char *const *paths;
    size_t npaths;
};

/* ---- reading ---- */

static bool dup(struct arena *a, struct slice *x)
{
    *x = arena_dup(a, *x);
    return x->s != NULL;
}

/* A copy of what tagging looks at. */
static enum err_code keep(void *ctx, void *worker, const struct conversation *c, struct arena *a, struct tags *out,
                          struct err *e)
{
    (void)worker, (void)a;
    struct corpus *all = ctx;
    *out = (struct tags){0};
    if (all->n == all->cap) {
        uint32_t cap = 2 * all->cap + 1024;
        if (!array_resize(&all->all, cap, sizeof *all->all))
            return err_nomem(e);
        all->cap = cap;
    }
    struct conversation copy = *c;
    copy.turns = arena_alloc(all->a, (c->nturns + (size_t)1) * sizeof *c->turns);
    bool ok = copy.turns != NULL && dup(all->a, &copy.agent_id) && dup(all->a, &copy.agent_name) &&
              dup(all->a, &copy.external_id) && dup(all->a, &copy.source);
    for (uint32_t i = 0; ok && i < c->nturns; i++) {
        struct turn *t = &copy.turns[i];
        *t = c->turns[i];
        ok = dup(all->a, &t->text) && dup(all->a, &t->speaker_id) && dup(all->a, &t->speaker_name);
        all->bytes += t->text.n;
    }
    all->turns += c->nturns;
    all->all[all->n++] = copy;
    return ok ? ERR_OK : err_nomem(e);
}

static void *worker_new(void *ctx)
{
    return ctx;
}

static void worker_free(void *ctx, void *worker)
{
    (void)ctx, (void)worker;
}

static enum err_code write_nothing(void *ctx, void *worker, const struct conversation *c, const struct tags *t,
                                   struct strbuf *out, struct err *e)
{
    (void)ctx, (void)worker, (void)c, (void)t, (void)out, (void)e;
    return ERR_OK;
}

static enum err_code pass_over(void *ctx, struct slice text, struct err *e)
{
    (void)ctx, (void)text, (void)e;
    return ERR_OK;
}

static enum err_code corpus_read(struct corpus *all, const struct asked *asked, struct err *e)
{
    struct ingest_options o = {
        .paths = asked->paths, .npaths = asked->npaths, .mask = MASK_ALL, .jobs = 1, .now_ms = INT64_C(4102444800000)};
    struct ingest_hook hook = {all, worker_new, worker_free, keep};
    struct ingest_filter filter = {NULL, write_nothing, pass_over};
    struct ingest_report report = {0};
    struct ingest_stats stats;
    return ingest_filter(&o, &hook, &filter, &report, &stats, e);
}

/* ---- what is asked ---- */

static void print_text(const struct corpus *all)
{
    for (uint32_t i = 0; i < all->n; i++)
        for (uint32_t k = 0; k < all->all[i].nturns; k++)
            printf("%.*s\n", SLICE_ARG(all->all[i].turns[k].text));
}

static void print_one(const struct conversation *c, const struct tags *t)
{
    printf("conversation %.*s %.*s\n", SLICE_ARG(c->source), SLICE_ARG(c->external_id));
    for (uint32_t i = 0; i < t->ndeliveries; i++) {
        const struct delivery *d = &t->deliveries[i];
        printf("%" PRIu32 " delivery %s %a %a policy %" PRIu32 " practices %" PRIx32 " %.*s\n", d->turn,
               style_name(d->style), d->p, d->p_style, d->policy, d->practices, SLICE_ARG(d->key_phrases));
    }
    for (uint32_t i = 0; i < t->nreactions; i++)
        printf("%" PRIu32 " %s %a\n", t->reactions[i].turn, tag_kind_name(t->reactions[i].kind), t->reactions[i].p);
    for (uint32_t i = 0; i < t->nhits; i++) {
        const struct cue_hit *h = &t->hits[i];
        printf("%" PRIu32 " hit %s %" PRIu32 " %" PRIu32 "-%" PRIu32 " %a\n", h->turn, tag_kind_name(h->kind), h->cue,
               h->span.from, h->span.to, (double)h->weight);
    }
    printf("episodes %" PRIu32 "\n", t->nepisodes);
}

/* Tag the conversations from FROM on, N of them or to the end. */
static enum err_code tag_some(struct tagger *t, const struct corpus *all, uint32_t from, uint32_t n, struct arena *a,
                              bool prints, struct err *e)
{
    for (uint32_t i = from; i < all->n && i - from < n; i++) {
        struct tags tags;
        arena_reset(a);
        enum err_code rc = tagger_tag(t, &all->all[i], a, &tags, e);
        if (rc != ERR_OK)
            return rc;
        if (prints)
            print_one(&all->all[i], &tags);
    }
    return ERR_OK;
}

static double cpu_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void print_speed(const char *what, const struct corpus *all, double seconds)
{
    printf("%-42s %8.3f s cpu %8.1f MB/s %10.0f turns/s\n", what, seconds, (double)all->bytes / 1e6 / seconds,
           (double)all->turns / seconds);
}

/* Seconds of all passes so far: those of the fastest, and of each block of conversations in its fastest. */
struct timing {
    double pass;
    double *blocks;
};

static enum err_code time_pass(struct tagger *t, const struct corpus *all, struct arena *a, struct timing *best,
                               struct err *e)
{
    double whole = 0;
    for (uint32_t i = 0; i < all->n; i += BLOCK) {
        double began = cpu_seconds();
        enum err_code rc = tag_some(t, all, i, BLOCK, a, false, e);
        if (rc != ERR_OK)
            return rc;
        double seconds = cpu_seconds() - began, *block = &best->blocks[i / BLOCK];
        whole += seconds;
        *block = *block == 0 || seconds < *block ? seconds : *block;
    }
    best->pass = best->pass == 0 || whole < best->pass ? whole : best->pass;
    return ERR_OK;
}

/* Tag all PASSES times. What of it was the fastest goes to *pass, and added up by blocks to *blocks. */
static enum err_code time_passes(struct tagger *t, const struct corpus *all, struct arena *a, unsigned long passes,
                                 double *pass, double *blocks, struct err *e)
{
    struct timing best = {0, calloc(all->n / BLOCK + 1, sizeof *best.blocks)};
    *pass = *blocks = 0;
    if (best.blocks == NULL)
        return err_nomem(e);
    enum err_code rc = ERR_OK;
    for (unsigned long i = 0; i < passes && rc == ERR_OK; i++)
        rc = time_pass(t, all, a, &best, e);
    *pass = best.pass;
    for (uint32_t i = 0; i <= all->n / BLOCK; i++)
        *blocks += best.blocks[i];
    free(best.blocks);
    return rc;
}

static enum err_code measure(struct tagger *t, const struct corpus *all, struct arena *a, unsigned long passes,
                             struct err *e)
{
    printf("%" PRIu32 " conversations, %" PRIu64 " turns, %.1f MB of turn text\n", all->n, all->turns,
           (double)all->bytes / 1e6);
    double pass, blocks;
    enum err_code rc = time_passes(t, all, a, 1, &pass, &blocks, e);
    if (rc != ERR_OK)
        return rc;
    print_speed("tagging alone, first pass", all, pass);
    if (passes == 1 || (rc = time_passes(t, all, a, passes - 1, &pass, &blocks, e)) != ERR_OK)
        return rc;
    print_speed("tagging alone, fastest later pass", all, pass);
    print_speed("tagging alone, each block at its fastest", all, blocks);
    tagger_find_hits(t);
    if ((rc = time_passes(t, all, a, passes - 1, &pass, &blocks, e)) != ERR_OK)
        return rc;
    print_speed("with the words behind tags, fastest pass", all, pass);
    print_speed("with these, each block at its fastest", all, blocks);
    return ERR_OK;
}

static enum err_code do_asked(const struct asked *asked, struct err *e)
{
    struct corpus all = {.a = arena_new(0)};
    struct arena *a = arena_new(0);
    struct ruleset *rules = NULL;
    struct tagger *t = NULL;
    struct ruleset_options ro = {.policies = asked->policies};
    enum err_code rc = all.a != NULL && a != NULL ? ERR_OK : err_nomem(e);
    if (rc != ERR_OK || (rc = corpus_read(&all, asked, e)) != ERR_OK)
        goto cleanup;
    if (asked->wants_text) {
        print_text(&all);
        goto cleanup;
    }
    if ((rc = ruleset_load(&ro, &rules, e)) != ERR_OK)
        goto cleanup;
    if ((t = tagger_new(rules)) == NULL) {
        rc = err_nomem(e);
    } else if (asked->wants_tags) {
        tagger_find_hits(t);
        rc = tag_some(t, &all, 0, all.n, a, true, e);
    } else {
        rc = measure(t, &all, a, asked->passes, e);
    }
cleanup:
    tagger_free(t);
    ruleset_free(rules);
    arena_free(a);
    arena_free(all.a);
    free(all.all);
    return rc;
}

int main(int argc, char **argv)
{
    struct asked asked = {.passes = 8};
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--text") == 0)
            asked.wants_text = true;
        else if (strcmp(argv[i], "--tags") == 0)
            asked.wants_tags = true;
        else if (strcmp(argv[i], "--policies") == 0 && i + 1 < argc)
            asked.policies = argv[++i];
        else if (strcmp(argv[i], "--passes") == 0 && i + 1 < argc)
            asked.passes = strtoul(argv[++i], NULL, 10);
        else
            break;
    }
    if (i >= argc || strncmp(argv[i], "--", 2) == 0 || asked.passes == 0) {
        fputs("usage: tagging [--text | --tags] [--policies CSV] [--passes N] PATH...\n", stderr);
        return 2;
    }
    asked.paths = (const char *const *)&argv[i];
    asked.npaths = (size_t)(argc - i);
    struct err e = {.code = ERR_OK};
    enum err_code rc = do_asked(&asked, &e);
    if (rc != ERR_OK && rc != ERR_PARTIAL)
        fprintf(stderr, "tagging: %s\n", e.msg);
    return rc == ERR_OK && fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
