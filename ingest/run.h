/*
 * run.h - private to the driver (ingest.c, produce.c, job.c): one run and the jobs that flow through its pipeline
 *
 * The producer (produce.c) makes jobs: a piece of one file, as JSON documents or as conversations of rows. Workers
 * (job.c) turn them into results. The consumer (ingest.c) stores these, or, for the filter, hands the text on.
 */
#ifndef INGEST_RUN_H
#define INGEST_RUN_H

#include <pthread.h>
#include <stdatomic.h>

#include "ingest/companion.h"
#include "ingest/finish.h"
#include "ingest/ingest.h"
#include "ingest/seen.h"
#include "ingest/settings.h"
#include "ingest/split.h"
#include "store/store.h"

struct pipeline;

#define JOB_TEXT_BYTES                                                                                                 \
    ((size_t)64 << 10) /* of a job, about: what one core has just written, another still finds in its cache */

/* A file on its way; it lives until its last job is released. */
struct source_file {
    atomic_int refs;
    struct companions *companions; /* tables beside it, kept alive by it; or NULL */
    enum companion_kind kind;      /* what it is itself, if it is one of them */
    struct source_file *container; /* the archive it is a member of, or NULL; kept alive by it */
    const struct format *format;   /* NULL: none fits */
    const struct format *told;     /* the consumer's: what the first document was, where the format was assumed */
    const char *encoding;
    struct reader_options options;
    struct finish finish;
    int64_t bytes, mtime_ns;
    int64_t file_id; /* the consumer's; an archive and all its members have one row */
    struct store_file_end end;
    struct ingest_file seen;           /* if the report wants to hear of files */
    int64_t nmembers, nmembers_failed; /* of an archive, so far */
    char path[];                       /* NUL-terminated; of a member: "a.zip/member" */
};

/* What became of a record. */
struct result {
    bool is_reject;
    struct place at;
    long column;           /* of a reject, from 1; 0: not known */
    const char *reason;    /* of a reject; in the arena, or a literal */
    struct conversation c; /* else: in the arena; for rows, unfinished until the worker is done with it */
    struct packed packed;  /* with a store */
    struct tags tags;      /* with a hook */
    uint32_t nunknown;
    bool is_repaired;            /* it stood in JSON that had to be repaired */
    const struct format *format; /* by which it was read */
};

struct job {
    struct job *next;         /* in the pool */
    struct source_file *file; /* NULL: only news of something that is no file */
    bool is_first, is_last;   /* of the file */
    bool is_rows;
    struct err trouble;       /* what ended the file early; of its last job */
    bool is_failed;           /* nothing of the file could be read */
    struct split_batch batch; /* documents */
    struct arena *arena;
    struct result *results;
    size_t nresults, cap, nbytes;
    struct strbuf out;        /* the filter's text */
    struct ingest_stats seen; /* the producer's counts when the job was made */
};

/* A worker's scratch. */
struct worker {
    struct json_parser *parser;
    struct gz_packer *packer;
    struct strbuf scratch;
    void *hook; /* the hook's */
};

struct run {
    const struct ingest_options *o;
    struct store *db; /* NULL: the filter */
    const struct ingest_hook *hook;
    const struct ingest_filter *filter;
    const struct ingest_report *report;
    struct ingest_stats *stats;
    struct side *side;
    struct settings *by_source;
    struct hash128 settings;
    size_t max_record_bytes;
    struct worker *workers;
    pthread_mutex_t db_lock; /* the producer asks the store which files are known */
    pthread_mutex_t pool_lock;
    struct job *pool;
    struct ingest_stats seen; /* the producer's counts */
    struct seen identities;   /* the consumer's */
    struct err path_trouble;  /* the first path that does not exist */
    struct err first_trouble; /* for the message when nothing could be read */
    bool is_in_transaction;   /* the consumer's */
};

/* Let go of a file; the last one frees it. */
void source_file_release(struct source_file *f);

/* A clean job of FILE (NULL: of none) from the pool; NULL when out of memory. */
struct job *job_new(struct run *r, struct source_file *file);
void job_release(void *run, void *job);

/* Room for one more result, cleared; NULL when out of memory. */
struct result *job_result(struct job *j);

/* The worker's stage. */
CHECKED enum err_code job_work(void *run, unsigned worker, void *job, struct err *e);

/* The producer's stage. */
CHECKED enum err_code produce(void *run, struct pipeline *p, struct err *e);

#endif
