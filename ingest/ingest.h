/*
 * ingest.h - files of transcripts -> conversations in the store
 *
 * One producer thread opens, unpacks, decodes and cuts the files into records; workers parse, mask and (by the hook)
 * tag them; the calling thread writes. One transaction a file. A file that cannot be understood is told and passed
 * over.
 */
#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H

#include "core/err.h"
#include "core/model.h"
#include "core/strbuf.h"

struct arena;
struct store;

/* What to do with each conversation once it is parsed and masked, before it is stored: analyze's tagger, given by cli,
 * because ingest does not know analyze. All may be NULL together: then conversations are stored without tags. */
struct ingest_hook {
    void *ctx;
    void *(*worker_new)(void *ctx); /* a worker's scratch, one a thread; NULL when out of memory */
    void (*worker_free)(void *ctx, void *worker);
    enum err_code (*tag)(void *ctx, void *worker, const struct conversation *c, struct arena *a, struct tags *out,
                         struct err *e);
};

/* Personal data that is masked before anything is stored; bits of ingest_options.mask. */
enum mask_kind { MASK_CARD = 1, MASK_SSN = 2, MASK_IBAN = 4, MASK_EMAIL = 8, MASK_PHONE = 16, MASK_ALL = 31 };

/* What holds for the conversations of one source only ([source NAME] in broach.conf). */
struct ingest_source {
    const char *name;
    const char *timezone; /* or NULL */
    const char *roles;    /* or NULL: ingest_options.roles */
};

struct ingest_options {
    const char *const *paths; /* files and folders */
    size_t npaths;
    const char *source;  /* NULL: what the record says, else the format's name */
    const char *format;  /* NULL: recognised; else a name of the format table */
    const char *columns; /* NULL, or "text=Message,role=Sender,..." for CSV */
    const char *roster;  /* agents.csv (agent_id, name, team) or NULL */
    const char *side;  /* conversation side data CSV (conversation_id, agent_id, started_at, channel, queue) or NULL */
    const char *roles; /* "spk_0=agent,spk_1=customer" (assign_roles.h) or NULL */
    bool no_guess;     /* roles that nobody tells stay unknown */
    const char *own_domains; /* of mail: whose senders are agents, "example.com,example.org"; or NULL */
    const char *timezone;    /* of times that say none, unless their source has its own; NULL: UTC */
    const struct ingest_source *sources;
    size_t nsources;
    const char *date_format; /* strptime(3) format of times that are not ISO 8601, or NULL */
    unsigned mask;           /* enum mask_kind bits */
    int64_t min_age_s;       /* files changed less than this many seconds before now are left for the next night */
    int64_t now_ms;          /* the instant of this run */
    size_t max_record_bytes; /* 0: 64 MiB */
    int64_t max_unpacked_bytes, max_ratio; /* of packed files, see unpack.h; 0: any */
    unsigned jobs;                         /* worker threads, >= 1 */
    int64_t run_id;
};

struct ingest_stats {
    int64_t files, files_known, files_young, files_failed;
    int64_t members, members_failed; /* of archives, each of which is one file */
    int64_t conversations, added, replaced, skipped, turns, rejects, masked, unknown_roles;
    int64_t different; /* conversations by their identity; counted only if the report wants to hear of files */
    int64_t bytes;     /* read from the disk */
};

/* What was seen of one file, or of one member of an archive. */
struct ingest_file {
    const char *path, *format, *title, *encoding; /* format is "" if it was not read, title its words for people */
    bool is_companion;                            /* a table for the other files: nothing is counted */
    bool is_archive;                              /* its members were told before it; nothing else is counted */
    int64_t members;
    int64_t conversations, turns, rejects;
    int64_t roles[ROLE_COUNT];          /* turns */
    int64_t origins[TIME_ORIGIN_COUNT]; /* conversations, by where their start was read */
    int64_t guessed;                    /* conversations whose roles were guessed */
    int64_t repaired;                   /* conversations in JSON whose numbers or half characters were repaired */
    int64_t unnamed_agent;              /* conversations whose agent has neither id nor name */
    int64_t from_ms, to_ms;             /* the first and the last start; MS_NONE: none is known */
};

/* Told on the calling thread. Any may be NULL. */
struct ingest_report {
    void *ctx;
    void (*progress)(void *ctx, const struct ingest_stats *so_far, const char *path);
    /* a record refused, or a file passed over (line and offset -1): PATH, and a message that has it already */
    void (*trouble)(void *ctx, const char *path, const struct err *why);
    void (*file)(void *ctx, const struct ingest_file *f); /* one is done */
};

/* Ingest all of o->paths into DB. Rejects and unreadable files do not make it fail: see stats. A path that does not
 * exist does (ERR_IO), after the others were done. Out of everything given, nothing readable at all: ERR_INPUT. */
CHECKED enum err_code ingest_run(const struct ingest_options *o, struct store *db, const struct ingest_hook *hook,
                                 const struct ingest_report *report, struct ingest_stats *stats, struct err *e);

/* The filter of `broach tag`: conversations from standard input ("-") or a file, no database. For each conversation, in
 * order, WRITE is called on a worker to append its line to OUT, and LINES, on the calling thread, with the finished
 * text. */
struct ingest_filter {
    void *ctx;
    enum err_code (*write)(void *ctx, void *worker, const struct conversation *c, const struct tags *t,
                           struct strbuf *out, struct err *e);
    enum err_code (*lines)(void *ctx, struct slice text, struct err *e);
};
CHECKED enum err_code ingest_filter(const struct ingest_options *o, const struct ingest_hook *hook,
                                    const struct ingest_filter *filter, const struct ingest_report *report,
                                    struct ingest_stats *stats, struct err *e);

#endif
