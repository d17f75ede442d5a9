#include "ingest/date_guess.h"

#include "ingest/times.h"

#define TIMES(date)                                                                                                    \
    date " %H:%M:%S", date " %H:%M", date ", %H:%M:%S", date ", %H:%M", date " %I:%M:%S %p", date " %I:%M %p", date
#define BOTH(d, m, y)                                                                                                  \
    {                                                                                                                  \
        TIMES(d y), TIMES(m y)                                                                                         \
    }
#define WAYS ((size_t)7) /* of TIMES */

/* [.][0 to 6]: the day first; [.][7 to 13]: the month. Four digits of the year before two. */
static const char *const ways[][2 * WAYS] = {
    BOTH("%d/%m/", "%m/%d/", "%Y"), BOTH("%d/%m/", "%m/%d/", "%y"), BOTH("%d.%m.", "%m.%d.", "%Y"),
    BOTH("%d.%m.", "%m.%d.", "%y"), BOTH("%d-%m-", "%m-%d-", "%Y"), BOTH("%d-%m-", "%m-%d-", "%y"),
};

void date_guess_learn(struct date_guess *g, struct slice value)
{
    const int64_t year_1990 = INT64_C(631152000000), year_2100 = INT64_C(4102444800000);
    g->nvalues++;
    for (size_t i = 0; i < DATE_GUESS_FORMATS; i++) {
        int64_t at;
        bool has_zone;
        if (!times_parse(value, ways[i / (2 * WAYS)][i % (2 * WAYS)], &at, &has_zone) || at < year_1990 ||
            at >= year_2100)
            continue;
        g->back[i] += g->fits[i] > 0 && at < g->last[i];
        g->fits[i]++;
        g->last[i] = at;
    }
}

const char *date_guess_format(const struct date_guess *g)
{
    for (size_t i = 0; i < DATE_GUESS_FORMATS && g->nvalues > 0; i++) {
        if (i % (2 * WAYS) >= WAYS)
            continue;
        size_t other = i + WAYS;
        bool day_first = g->fits[i] == g->nvalues, month_first = g->fits[other] == g->nvalues;
        if (!day_first && !month_first)
            continue;
        const char *const *row = ways[i / (2 * WAYS)];
        bool is_open = day_first && month_first && (g->back[i] == 0) == (g->back[other] == 0);
        if (is_open && row[0][2] != '.')
            return NULL;
        bool is_month = !is_open && (!day_first || (month_first && g->back[other] == 0));
        return row[(is_month ? other : i) % (2 * WAYS)];
    }
    return NULL;
}
