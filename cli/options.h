/*
 * options.h - the values of all options, and where each came from
 *
 * The command line goes before the environment, that before broach.conf, that before the default. Every value is
 * checked where it is read, so that a message can name the place; the getters below cannot fail.
 *
 * Owns:    a struct options owns its texts; free with options_free(). Operands borrow from argv.
 * Errors:  ERR_USAGE for the command line and the environment, ERR_CONFIG for the file.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "core/err.h"
#include "core/slice.h"

enum opt_id {
#define OPT_ROW(id, name, letter, kind, group, where, arg, preset, help) id,
#include "cli/options.def"
#undef OPT_ROW
    OPT_COUNT
};

enum opt_kind {
    KIND_FLAG,
    KIND_TEXT,
    KIND_PATH,  /* in a file: relative to the file's folder */
    KIND_COUNT, /* 0, 1, ... */
    KIND_BYTES, /* a count with K, M or G */
    KIND_DAY,
    KIND_WEEK,
    KIND_TIME,
    KIND_LAST,    /* week, month, Nd */
    KIND_COMPARE, /* before, year, a week, DAY..DAY */
    KIND_WEEKDAY, /* monday ... sunday */
    KIND_MARGIN,  /* 0 .. 0.5 */
    KIND_MASK
};

/* What commands take options by; bits. */
enum opt_group {
    GROUP_ALL = 1, /* every command takes these */
    GROUP_DB = 2,
    GROUP_RULES = 4,
    GROUP_READ = 8,    /* how transcripts are read */
    GROUP_INGEST = 16, /* what else ingest takes */
    GROUP_JOBS = 32,
    GROUP_REPORT = 64,
    GROUP_KEEP = 128,
    GROUP_EXPLAIN = 256,
    GROUP_SOURCE = 512,
    GROUP_EVAL = 1024,
    GROUP_DRY = 2048,
    GROUP_TRAIN = 4096,
    GROUP_REVIEW = 8192,
    GROUP_POLICIES = 16384
};

/* Where an option may be given. */
enum opt_where { WHERE_ANY, WHERE_NO_FILE, WHERE_LINE };

enum opt_from { FROM_DEFAULT, FROM_FILE, FROM_ENV, FROM_LINE };

struct opt_row {
    const char *name;
    char letter; /* 0: none */
    enum opt_kind kind;
    unsigned group;
    enum opt_where where;
    const char *arg, *preset, *help;
};

extern const struct opt_row opt_rows[OPT_COUNT];

struct opt_value {
    char *text; /* NULL: the default */
    enum opt_from from;
    char *place; /* "broach.conf:7", "BROACH_DB", or NULL */
};

struct options {
    struct opt_value values[OPT_COUNT];
    struct ingest_source *sources; /* the sections [source NAME] of the file; their texts are owned, too */
    size_t nsources;
    char **paths; /* the path lines of the file */
    size_t npaths;
    const char **operands;
    size_t noperands;
    char *config_path; /* the file that was read, or NULL */
};

/* Who reads options. */
struct options_reader {
    const char *command;  /* for messages */
    unsigned groups;      /* options of other groups are refused on the command line; elsewhere they are fine */
    bool may_lack_config; /* --config may name a file that is not there yet */
};

/* Read ARGV[0..argc), then the environment, then the file. With --help or --version only the first. */
CHECKED enum err_code options_read(struct options *o, const struct options_reader *reader, int argc, char **argv,
                                   struct err *e);
void options_free(struct options *o);

/* The value as text; NULL if there is none. */
const char *options_text(const struct options *o, enum opt_id id);
bool options_flag(const struct options *o, enum opt_id id);
int64_t options_number(const struct options *o,
                       enum opt_id id); /* KIND_COUNT, KIND_BYTES; the day of DAY and WEEK; WEEKDAY */
unsigned options_mask(const struct options *o, enum opt_id id); /* KIND_MASK: enum mask_kind bits */
enum opt_from options_from(const struct options *o, enum opt_id id);

/* Where the value comes from, for people: "default", "command line", "broach.conf:7", "BROACH_DB". */
const char *options_place(const struct options *o, enum opt_id id);

/* Like options_text(), but ERR_USAGE (with a hint how to give it) if there is none. */
CHECKED enum err_code options_need(const struct options *o, enum opt_id id, const char **out, struct err *e);

/* Is TEXT a right value of ROW? ERR_USAGE with the reason if not. */
CHECKED enum err_code option_check(const struct opt_row *row, const char *text, struct err *e);

#define OPT_ENV_BYTES 64
/* The name of the option's environment variable. */
const char *option_env(const struct opt_row *row, char out[OPT_ENV_BYTES]);

/* What --compare says. */
enum compare_kind { COMPARE_BEFORE, COMPARE_YEAR, COMPARE_WEEK, COMPARE_SPAN };

struct compare {
    enum compare_kind kind;
    int64_t from_day, to_day; /* WEEK: its Monday in from_day; SPAN: to_day is exclusive */
};

bool option_parse_compare(const char *text, struct compare *out);

/* "monday" -> 0 ... "sunday" -> 6; the first three letters are enough. False if TEXT is none of them. */
bool option_parse_weekday(const char *text, int64_t *out);

/* "week", "month" or "30d": the number of days, or 0 for week and -1 for month. False if TEXT is none of them. */
bool option_parse_last(const char *text, int64_t *days);

#endif
