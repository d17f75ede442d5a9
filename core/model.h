/*
 * model.h - what the stages exchange: conversations, tags, episodes
 *
 * Plain structs without behaviour. The words are those of the design: turn, delivery, style, practice, dispute, policy,
 * episode, cue. All slices borrow from whoever made the struct (an arena, as a rule).
 */
#ifndef CORE_MODEL_H
#define CORE_MODEL_H

#include "core/slice.h"

enum role { ROLE_UNKNOWN, ROLE_AGENT, ROLE_CUSTOMER, ROLE_BOT, ROLE_SYSTEM, ROLE_NOTE, ROLE_COUNT };

/* A time in ms from the conversation's start, or an instant in ms since 1970-01-01T00:00:00Z, that is not known. */
#define MS_NONE INT64_MIN

/* Where a conversation's start was read. The later, the less it is worth. */
enum time_origin {
    TIME_FROM_RECORD, /* the export says so, with its zone */
    TIME_IN_ZONE,     /* the export says so, in the zone that it or the setting of its source names */
    TIME_ASSUMED_UTC, /* the export says so, without a zone */
    TIME_FROM_SIDE,   /* the conversation side data */
    TIME_FROM_NAME,   /* the name of the file or of a folder */
    TIME_FROM_FILE,   /* the file's modification time */
    TIME_ORIGIN_COUNT
};

/* Where the roles of a conversation's speakers come from. The later, the less they are worth. */
enum role_origin {
    ROLES_TOLD,        /* the export says so; what it does not say is ROLE_UNKNOWN */
    ROLES_FROM_ROSTER, /* a speaker stands in agents.csv, or in a table of people beside the file */
    ROLES_FROM_OPTION, /* --roles */
    ROLES_GUESSED,     /* by the words: see ingest/guess_roles.h */
    ROLE_ORIGIN_COUNT
};

struct turn {
    enum role role;
    struct slice text;
    struct slice speaker_id;   /* id of the one who speaks as the export has it; empty if unknown */
    struct slice speaker_name; /* empty if unknown */
    int64_t start_ms, end_ms;  /* from the conversation's start; MS_NONE if unknown */
    uint32_t nth; /* in the record's list of turns, from 1, those without words counted; 0: the reader has no list */
};

struct conversation {
    struct slice source;      /* with external_id the identity; never empty once ingest is done with it */
    struct slice external_id; /* never empty once ingest is done with it */
    struct slice channel;     /* "chat", "voice", ...; may be empty */
    struct slice queue;       /* may be empty */
    struct slice agent_id;    /* of the conversation; turns may name others. May be empty */
    struct slice agent_name;
    struct slice customer_id;
    int64_t started_at_ms; /* instant; MS_NONE if unknown */
    enum time_origin time_origin;
    struct slice part; /* this is only a piece (a leg of a call, ...) of that name; empty: not known to be one */
    struct slice
        zone;         /* the zone ("Europe/Berlin") of started_at_ms if that is a local time; empty: UTC, or not told */
    bool is_redacted; /* the copy of which the exporter took out personal data: it goes before the raw one */
    enum role_origin role_origin;
    double role_confidence; /* of ROLES_GUESSED: 0..1 */
    struct turn *turns;
    uint32_t nturns;
    uint32_t nmasked; /* pieces of personal data masked in this conversation */
};

enum style { STYLE_NONE, STYLE_CONFRONTATIONAL, STYLE_CHOICE, STYLE_NEUTRAL, STYLE_OFFRECORD, STYLE_COUNT };

/* Bits of delivery.practices, in the order of the labelling guide. */
enum practice {
    PRACTICE_REASON,
    PRACTICE_ACKNOWLEDGE,
    PRACTICE_ALIGN,
    PRACTICE_APOLOGY,
    PRACTICE_ALTERNATIVE,
    PRACTICE_PROBE,
    PRACTICE_ESCALATE,
    PRACTICE_ADVOCATE,
    PRACTICE_AUTONOMY,
    PRACTICE_BLAME,
    PRACTICE_ABSOLUTE,
    PRACTICE_COUNT
};

/* What a piece of evidence speaks for. Delivery, styles and practices belong to agent turns, the rest to customers'. */
enum tag_kind { TAG_DELIVERY, TAG_STYLE, TAG_PRACTICE, TAG_DISPUTE, TAG_HOSTILE, TAG_UPSET, TAG_KIND_COUNT };

/* A cue that was found in a turn and spoke for one of the turn's tags. */
struct cue_hit {
    uint32_t turn;
    uint32_t cue; /* index into the ruleset's cues */
    struct span span;
    enum tag_kind kind;
    float weight; /* its signed share of the decision, in log-odds */
};

struct delivery {
    uint32_t turn;
    enum style style;
    uint32_t policy;           /* index into the ruleset's policies; 0 is "unlisted" */
    uint32_t practices;        /* bits 1u << PRACTICE_x */
    double p;                  /* probability that the turn is a delivery, 0..1 */
    double p_style;            /* probability of the style given that it is one */
    bool is_uncertain;         /* that it is one, or its style: see weights.h */
    uint32_t unsure_practices; /* those of PRACTICES that are uncertain */
    struct slice key_phrases;  /* for an unlisted policy: its telling words, ", " between them; else empty */
};

/* A customer turn that disputes, is hostile, or shows that the customer is upset. */
struct reaction {
    uint32_t turn;
    enum tag_kind kind; /* TAG_DISPUTE, TAG_HOSTILE or TAG_UPSET */
    double p;
    bool is_uncertain;
};

/* How an episode ended: what the customer did last within its reach. */
enum outcome {
    OUTCOME_SILENT,   /* the customer said nothing after the delivery */
    OUTCOME_ACCEPTED, /* the customer's last word on it does not dispute */
    OUTCOME_DISPUTED, /* it does */
    OUTCOME_HOSTILE,  /* it is abusive */
    OUTCOME_COUNT
};

/* One policy in one conversation: the unit of every statistic. */
struct episode {
    uint32_t policy;
    uint32_t first_turn;               /* of the first delivery */
    struct slice agent_id, agent_name; /* who gave the first delivery; may be empty */
    enum style style;                  /* of the first delivery */
    uint32_t practices;                /* of the first delivery */
    double p;                          /* of the first delivery */
    uint32_t rounds;                   /* how often it was told, agent turns in a row counting once; >= 1 */
    bool is_upset_before, is_hostile_before;
    bool is_disputed;
    uint32_t dispute_turn; /* the first one; only if is_disputed */
    bool is_hostile_after;
    bool is_escalated; /* some delivery of it offered to escalate */
    bool is_uncertain; /* the first delivery is, or whether it was disputed */
    enum outcome outcome;
};

/* All that analyze found in one conversation; the arrays are in the order of turns. */
struct tags {
    struct delivery *deliveries;
    struct reaction *reactions;
    struct cue_hit *hits;     /* only where they were asked for: analyze/analyze.h */
    struct episode *episodes; /* in the order of their first turns */
    uint32_t ndeliveries, nreactions, nhits, nepisodes;
};

/* A policy of the catalogue, and what the store needs to know of a ruleset. policies[0] is "unlisted". */
struct policy {
    struct slice id, title, owner;
};

struct ruleset_info {
    struct slice hash; /* identifies cues + weights + catalogue: 32 hex digits */
    const struct policy *policies;
    uint32_t npolicies;
    const struct slice *cue_names;
    uint32_t ncues;
};

/* The number that C's turn I has outside: its place in the record's list of turns, from 0. Turns without words are not
 * in c->turns, but whoever wrote the record counts them. Not known of conversations from the store. */
static inline uint32_t turn_number(const struct conversation *c, uint32_t i)
{
    return c->turns[i].nth != 0 ? c->turns[i].nth - 1 : i;
}

/* The words of the enums, as they stand in the database, in JSON and in reports ("agent", "choice", "reason", ...). */
const char *role_name(enum role r);
const char *time_origin_name(enum time_origin o);
const char *role_origin_name(enum role_origin o);
const char *style_name(enum style s); /* "" for STYLE_NONE */
const char *practice_name(enum practice p);
const char *tag_kind_name(enum tag_kind k);
const char *outcome_name(enum outcome o);

/* The other way round; false when WORD is none of them (exact match, lower case). */
bool style_from_name(struct slice word, enum style *out);
bool practice_from_name(struct slice word, enum practice *out);

#endif
