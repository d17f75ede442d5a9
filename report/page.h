/*
 * page.h - index.html: the sections in the order of questions
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/sink.h"

/* How much of each table the page shows; the CSV files have all of it. */
enum {
    PAGE_POLICIES = 200,
    PAGE_AGENTS = 200,
    PAGE_AGENTS_BRIEF = 10200, /* with those who have a brief row only */
    PAGE_AGENT_POLICIES = 25,
    PAGE_CARDS = 24,
    PAGE_CONVERSATIONS = 25,
    PAGE_UNLISTED = 40,
    PAGE_TROUBLES = 20,
    PAGE_EXCHANGES = 800 /* unless the options say otherwise */
};

/* Write the page. TITLE heads it. */
CHECKED enum err_code page_write(const struct sink_page *to, const char *title, struct err *e);

#endif
