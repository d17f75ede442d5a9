#include "cli/suggest.h"

#include <stdbool.h>
#include <string.h>

#define SUGGEST_MAX 40 /* longer words are not compared */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance of two words of at most SUGGEST_MAX letters. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t row[SUGGEST_MAX + 1];
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t above = row[j];
            size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = smaller(change, smaller(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[nb];
}

void suggest_offer(struct suggest *s, const char *candidate)
{
    size_t na = strlen(s->typed);
    size_t nb = strlen(candidate);
    if (na == 0 || na > SUGGEST_MAX || nb > SUGGEST_MAX)
        return;
    size_t d = distance(s->typed, na, candidate, nb);
    bool is_near = d <= (nb + 2) / 3 && d < nb;
    if (is_near && (s->best == NULL || d < s->distance)) {
        s->best = candidate;
        s->distance = d;
    }
}
