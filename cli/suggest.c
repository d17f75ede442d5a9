#include "cli/suggest.h"

#include <stdbool.h>
#include <string.h>

#define SUGGEST_MAX 40 /* longer words are not compared */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits (a letter more, less, other, or two changed places) between two words of at most SUGGEST_MAX letters. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t rows[3][SUGGEST_MAX + 1]; /* by turns: this row, the one above, the one above that */
    for (size_t j = 0; j <= nb; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            now[j] = smaller(change, smaller(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smaller(now[j], rows[(i + 1) % 3][j - 2] + 1);
        }
    }
    return rows[na % 3][nb];
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
