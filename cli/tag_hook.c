#include "cli/tag_hook.h"

#include "analyze/analyze.h"

static void *hook_worker_new(void *ctx)
{
    return tagger_new(ctx);
}

static void *hook_worker_with_hits(void *ctx)
{
    struct tagger *t = hook_worker_new(ctx);
    if (t != NULL)
        tagger_find_hits(t);
    return t;
}

static void hook_worker_free(void *ctx, void *worker)
{
    (void)ctx;
    tagger_free(worker);
}

static enum err_code hook_tag(void *ctx, void *worker, const struct conversation *c, struct arena *a, struct tags *out,
                              struct err *e)
{
    (void)ctx;
    return tagger_tag(worker, c, a, out, e);
}

struct ingest_hook tag_hook(struct ruleset *rules)
{
    return (struct ingest_hook){rules, hook_worker_new, hook_worker_free, hook_tag};
}

struct ingest_hook tag_hook_with_hits(struct ruleset *rules)
{
    return (struct ingest_hook){rules, hook_worker_with_hits, hook_worker_free, hook_tag};
}
