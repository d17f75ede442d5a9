/*
 * page_parts.h - sections of the page; private to page*.c
 */
#ifndef REPORT_PAGE_PARTS_H
#define REPORT_PAGE_PARTS_H

#include "report/page.h"

/* One section with its heading and, unless it is NULL, what it is about; what follows until html_close(h, "section")
 * belongs to it. */
void page_open_section(struct html *h, const char *id, const char *heading, const char *lead);

CHECKED enum err_code page_time(const struct sink_page *to, struct err *e);     /* page_time.c */
CHECKED enum err_code page_delivery(const struct sink_page *to, struct err *e); /* page_delivery.c */
CHECKED enum err_code page_agents(const struct sink_page *to, struct err *e);   /* page_agents.c */
CHECKED enum err_code page_coaching(const struct sink_page *to, struct err *e); /* page_coaching.c */

#endif
