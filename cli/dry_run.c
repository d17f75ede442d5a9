#include "cli/dry_run.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/screen.h"
#include "cli/stage.h"
#include "core/when.h"
#include "ingest/ingest.h"

struct dry {
    struct stage_watch watch; /* first: the report's other functions want it */
    bool is_verbose;
};

/* ", 12 agent, 3 customer": the roles that there are. */
static void print_roles(const struct ingest_file *f)
{
    const char *before = ": ";
    for (int r = 0; r < ROLE_COUNT; r++) {
        if (f->roles[r] == 0)
            continue;
        printf("%s%" PRId64 " %s", before, f->roles[r], role_name((enum role)r));
        before = ", ";
    }
}

static void print_times(const struct ingest_file *f)
{
    char from[WHEN_ISO_BYTES], to[WHEN_ISO_BYTES];
    if (f->from_ms == MS_NONE)
        return;
    printf("    from %s", when_format_iso(f->from_ms, from));
    if (f->to_ms != f->from_ms)
        printf(" to %s", when_format_iso(f->to_ms, to));
    printf("\n");
}

/* One line for each thing that the file did not tell. */
static void print_unknown(const struct ingest_file *f)
{
    static const char *const origins[TIME_ORIGIN_COUNT] = {
        [TIME_IN_ZONE] = "times are local: taken in the zone that the file or the setting of its source names",
        [TIME_ASSUMED_UTC] = "time zone not told: taken as UTC",
        [TIME_FROM_NAME] = "start not told: the day is that of the file's or folder's name",
        [TIME_FROM_FILE] = "start not told: it is the date of the file",
    };
    for (int o = 0; o < TIME_ORIGIN_COUNT; o++)
        if (origins[o] != NULL && f->origins[o] != 0)
            printf("    %s (%" PRId64 " conversation%s)\n", origins[o], f->origins[o], plural(f->origins[o]));
    if (f->unnamed_agent != 0)
        printf("    agent not told (%" PRId64 " conversation%s)\n", f->unnamed_agent, plural(f->unnamed_agent));
    if (f->guessed != 0)
        printf("    roles not told: guessed by the words (%" PRId64 " conversation%s)\n", f->guessed,
               plural(f->guessed));
    if (f->roles[ROLE_UNKNOWN] != 0)
        printf("    role of the speaker not known (%" PRId64 " turn%s)\n", f->roles[ROLE_UNKNOWN],
               plural(f->roles[ROLE_UNKNOWN]));
}

static void print_file(void *ctx, const struct ingest_file *f)
{
    const struct dry *d = ctx;
    if (f->is_archive) {
        printf("%s: archive, %" PRId64 " member%s\n", f->path, f->members, plural(f->members));
        return;
    }
    if (f->is_companion) {
        printf("%s: %s\n", f->path, f->title);
        return;
    }
    if (*f->format == '\0') {
        printf("%s: not read\n", f->path);
        return;
    }
    printf("%s: %s, %s, %" PRId64 " conversation%s\n", f->path, f->format, f->encoding, f->conversations,
           plural(f->conversations));
    if (!d->is_verbose)
        return;
    printf("    %s\n    %" PRId64 " turn%s", f->title, f->turns, plural(f->turns));
    print_roles(f);
    printf("\n");
    print_times(f);
    print_unknown(f);
    if (f->repaired != 0)
        printf("    numbers beyond 64 bits or half characters repaired (%" PRId64 " conversation%s)\n", f->repaired,
               plural(f->repaired));
    if (f->rejects != 0)
        printf("    %" PRId64 " reject%s\n", f->rejects, plural(f->rejects));
}

static enum err_code write_nothing(void *ctx, void *worker, const struct conversation *c, const struct tags *t,
                                   struct strbuf *out, struct err *e)
{
    (void)ctx, (void)worker, (void)c, (void)t, (void)out, (void)e;
    return ERR_OK;
}

static enum err_code no_lines(void *ctx, struct slice text, struct err *e)
{
    (void)ctx, (void)text, (void)e;
    return ERR_OK;
}

enum err_code dry_run(struct session *s, struct err *e)
{
    struct dry d = {{s->console, "dry run", console_clock_ms()}, options_flag(s->options, OPT_VERBOSE)};
    struct ingest_filter nothing = {NULL, write_nothing, no_lines};
    struct ingest_report report = stage_ingest_report(&d.watch);
    struct ingest_stats stats = {.files = 0};
    struct ingest_options o;
    if (stage_ingest_paths(s, &o, e) != ERR_OK)
        return e->code;
    report.file = print_file;
    enum err_code rc = ingest_filter(&o, NULL, &nothing, &report, &stats, e);
    console_troubles_end(s->console);
    if (rc != ERR_OK && rc != ERR_PARTIAL)
        return rc;
    printf("in all: %" PRId64 " file%s, %" PRId64 " different conversation%s, %" PRId64 " turn%s, %" PRId64
           " reject%s; nothing was written\n",
           stats.files, plural(stats.files), stats.different, plural(stats.different), stats.turns, plural(stats.turns),
           stats.rejects, plural(stats.rejects));
    return stage_verdict(s, &stats);
}
