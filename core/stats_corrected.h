/*
 * stats_corrected.h - a rate, corrected for the errors of what counted it
 *
 * Sources: the estimate: W. J. Rogan, B. Gladen, Am. J. Epidemiol. 107 (1978) 71-76; limits that carry the uncertainty
 * of sensitivity and specificity: Z. Lang, J. Reiczigel, Prev. Vet. Med. 113 (2014) 13-22.
 */
#ifndef CORE_STATS_CORRECTED_H
#define CORE_STATS_CORRECTED_H

#include "core/stats_shrink.h"

/* COUNTED.x of COUNTED.n were called yes. Of RIGHT_YES.n that were truly yes, RIGHT_YES.x were called so; of RIGHT_NO.n
 * that were truly no, RIGHT_NO.x were called no. 95 % limits, clipped to [0, 1]. Not estimable (`has` false) without
 * counts, or if the calling is no better than chance. */
struct stats_interval stats_corrected(struct stats_count counted, struct stats_count right_yes,
                                      struct stats_count right_no);

#endif
