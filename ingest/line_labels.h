/*
 * line_labels.h - "Ada Lee: Hello" at the start of a line: which of all that look like it name who speaks?
 *
 * A label is one to four words of at most 40 characters with a ":" and a blank (or the end of the line) behind them, or
 * in brackets ("[Ada] Hello"); before and behind it may stand a time ("[00:12] Ada: ", "10:15 AM Ada: ", "Ada (00:12):
 * "). "SPEAKER: S1" alone on a line, as Speechmatics writes it, names S1. What looks like one is one if it is a role
 * word or a number ("Speaker 1"); else if it stands at least twice in the text; else if nearly all lines have one, or
 * those that have one mostly have times, and it begins with a capital. Where an agent and a customer are named by role
 * words, only role words are labels: an order's details ("Address: ...") are the words of whoever speaks.
 */
#ifndef INGEST_LINE_LABELS_H
#define INGEST_LINE_LABELS_H

#include "core/slice.h"

#define LINE_LABELS_MOST 200 /* names that are told apart in one text */

/* What a text's lines begin with. Start with all zero. */
struct line_labels {
    uint64_t name[LINE_LABELS_MOST]; /* hashes */
    unsigned seen[LINE_LABELS_MOST];
    size_t n;
    size_t nlines, nlike; /* lines, and those that look as if they had a label ... */
    size_t ntimed;        /* ... behind or before a time */
    size_t nfields;       /* lines of a record: "Phone: 1" */
    bool has_agent, has_customer;
    bool item_agent, item_customer; /* the same of items of lists: labels only where there is no other */
};

/* A line that looks as if it had a label. */
struct line_label {
    struct slice name, text;
    int64_t time_ms;   /* of day if is_clock (or may be), or from the start; MS_NONE if the line has none */
    bool is_clock;     /* the time is surely one of the day: it says AM or PM */
    bool is_bracketed; /* "[Ada] Hello" */
    bool is_item;      /* of a list: "1. Agent: Hello" */
    bool is_sure;      /* "SPEAKER: S1" */
};

/* Are the labels items of a list? */
static inline bool line_labels_are_items(const struct line_labels *l)
{
    return l->n == 0 && l->item_agent && l->item_customer;
}

/* Does LINE look as if it had a label? */
bool line_labels_split(struct slice line, struct line_label *out);

/* Take LINE into account; call it for all lines first. */
void line_labels_learn(struct line_labels *l, struct slice line);

/* Does LINE begin with a label, all lines considered? */
bool line_labels_find(const struct line_labels *l, struct slice line, struct line_label *out);

/* A time at the start of X, "[00:12]", "(10:15:30 AM)", "10:15 -": its bytes with what brackets it, or 0. */
size_t line_labels_time(struct slice x, int64_t *ms, bool *is_clock);

#endif
