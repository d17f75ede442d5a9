/*
 * headline.h - the period in a few sentences, made from the numbers
 */
#ifndef REPORT_HEADLINE_H
#define REPORT_HEADLINE_H

#include "report/sink.h"

/* "Week 47 of 2026, 16 November to 22 November 2026" */
void headline_period(struct html *h, const struct period *p);

/* "the week before", or "the 5 days before" */
void headline_before(struct html *h, const struct period *p);

/* The sentences alone, as the items of a list. */
void headline_sentences(const struct sink_page *to);

/* The figures and sentences at the top of the page. */
void headline_write(const struct sink_page *to);

#endif
