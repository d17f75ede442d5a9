/*
 * table.h - the tables of the report: name, title, query and columns; CSV and HTML are made from the same rows
 *
 * A column names the query's columns it is made of (from 0). One with a csv name stands in the CSV file, one with a
 * label in the page. schemas/report-csv.md is the dictionary of the files.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "core/slice.h"
#include "core/when.h"
#include "store/stmt.h"

enum column_kind {
    COL_TEXT,       /* a */
    COL_NAME,       /* page: heads the row; a, and b in small */
    COL_INT,        /* a */
    COL_REAL,       /* a, four decimals (page: one) */
    COL_SHARE,      /* a / b, six decimals */
    COL_LOW,        /* lower Wilson limit of a / b */
    COL_HIGH,       /* upper */
    COL_DIFF,       /* a / b - c / d */
    COL_DIFF_LOW,   /* lower Newcombe limit of it */
    COL_DIFF_HIGH,  /* upper */
    COL_PRACTICES,  /* a: bits, as words */
    COL_AGENT_ID,   /* a: an agent's id, or pseudonym */
    COL_PERSON,     /* a: an agent's name, b: the id; or the pseudonym. Page: in c (unless it is 0) small, the team */
    COL_TEAM,       /* a, unless there are pseudonyms */
    COL_PROPORTION, /* a: a share, six decimals */
    COL_RATE,       /* page: a / b with interval as picture and words; c / d is the period before, if c != 0 */
    COL_PERCENT,    /* page: a / b as words, with its interval */
    COL_CHANGE,     /* page: the difference in words; "not enough data" */
    COL_PAIR,       /* page: a / b confrontational and c / d choice, as a picture */
    COL_MIX,        /* page: the style counts a .. a + 3 */
    COL_WEEKS,      /* page: weekly dispute rates of policy a */
    COL_STYLE_MARK, /* page: the words a, with the mark of style b */
    COL_SHARE_ONLY, /* page: a / b as words */
    COL_EVIDENCE,   /* page: "a of b", leading to exchanges of kind `of` and key c (and d, unless it is 0) */
    COL_LINK,       /* page: the text a, leading to the exchange of conversation c at turn d */
    COL_BADGE,      /* page: the words a, coloured by b: 0 nothing to say, 1 look here, 2 well done; c: details */
    COL_FOREST,     /* page: odds ratio a .. a + 2 (with limits) as picture and words */
    COL_RATIO,  /* page: observed / expected a .. a + 2 as picture and words; c .. c + 1: its outer limits; d: expected
                 */
    COL_RATES,  /* page: the weekly shares a .. a + 11 (null: none) as a small line, called b (a text) */
    COL_HABITS, /* page: practices of an agent, a: episodes; b: the first of the counts by practice */
};

enum evidence_of {
    EVIDENCE_NONE,
    EVIDENCE_POLICY,          /* disputed episodes of a policy */
    EVIDENCE_CONFRONTATIONAL, /* told as a confrontation and disputed, by policy */
    EVIDENCE_CHOICE,          /* told as a choice and disputed, by policy */
    EVIDENCE_ACCEPTED,        /* told as a choice and accepted, by policy: how it can be done */
    EVIDENCE_AGENT,           /* disputed, by agent */
    EVIDENCE_AGENT_CONFRONTS, /* confrontational, by agent */
    EVIDENCE_AGENT_POLICY,    /* disputed, by agent and policy */
    EVIDENCE_DISPUTED,        /* all disputed */
    EVIDENCE_HOSTILE,         /* the customer was hostile afterwards */
    EVIDENCE_STYLE,           /* by style */
    EVIDENCE_PRACTICE,        /* by practice */
};

struct report_data;
struct sink_page;

struct column {
    const char *csv, *label;
    enum column_kind kind;
    signed char a, b, c, d;
    enum evidence_of of;
};

/* What a query gives in a column, for a table that is made in memory. */
struct field {
    bool is_null;
    int64_t integer;
    double real;
    struct slice text;
};

enum { TABLE_FIELDS = 100 };

enum table_binds { BIND_PERIOD = 1, BIND_LIMIT = 2, BIND_LISTEN = 4, BIND_CERTAIN = 8 };

struct table {
    const char *name;  /* of the CSV file, without ".csv" */
    const char *title; /* caption in the page */
    enum query query;
    unsigned binds;
    const struct column *columns;
    size_t ncolumns;
    const char *anchor; /* page: rows have the id ANCHOR-<the id in column anchor_at>; NULL: none */
    int anchor_at;
    /* Without a query: the number of rows, and the fields of one, which start as null. */
    size_t (*count)(const struct report_data *data);
    void (*fill)(const struct report_data *data, size_t index, struct field *fields);
    void (*foot)(const struct sink_page *to); /* page: the table's last row, or NULL */
};

enum table_id {
    TABLE_OVERALL,
    TABLE_WEEKS,
    TABLE_POLICIES,
    TABLE_POLICY_STYLES,
    TABLE_POLICY_WEEKS,
    TABLE_DELIVERY,
    TABLE_STYLES,
    TABLE_AGENTS,
    TABLE_COACHING,
    TABLE_AGENT_POLICIES,
    TABLE_EPISODES,
    TABLE_PRACTICES,
    TABLE_CONVERSATIONS,
    TABLE_UNLISTED,
    TABLE_QUALITY,
    TABLE_DATA_QUALITY,
    TABLE_REJECT_REASONS,
    TABLE_REJECTS,
    TABLE_FILES,
    TABLE_RULESETS,
    TABLE_CSV_COUNT,
    TABLE_FILES_TROUBLED = TABLE_CSV_COUNT, /* from here on: in the page only */
    TABLE_COUNT
};

const struct table *table_of(enum table_id id);

/* The period and the one it is compared with; days as the queries want them too, as text. The ends are exclusive. */
struct period {
    int64_t from_day, to_day, before_day, before_to_day;
    char from[WHEN_DATE_BYTES], to[WHEN_DATE_BYTES], before[WHEN_DATE_BYTES], before_to[WHEN_DATE_BYTES];
    bool is_certain_only; /* uncertain episodes are left out of all that is counted or shown */
};

/* Compared with the days from BEFORE_DAY to BEFORE_TO_DAY; with both 0, with the period of equal length before. */
struct period period_of(int64_t from_day, int64_t to_day, int64_t before_day, int64_t before_to_day);

/* A query of the report, bound. LIMIT matters only with BIND_LIMIT. */
struct stmt *table_bind(struct store *db, enum query q, unsigned binds, const struct period *p, int64_t limit);

#endif
