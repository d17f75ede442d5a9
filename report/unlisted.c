#include "report/unlisted.h"

#include "report/table_findings.h"

enum err_code unlisted_load(struct store *db, const struct period *p, size_t most, struct arena *a,
                            struct unlisted *out, struct err *e)
{
    struct stmt *row = table_bind(db, report_unlisted, BIND_PERIOD | BIND_CERTAIN | BIND_LIMIT, p, (int64_t)most);
    enum err_code rc;
    bool has;
    *out = (struct unlisted){arena_zalloc(a, most, sizeof *out->phrases), 0};
    if (out->phrases == NULL)
        return err_nomem(e);
    while ((rc = stmt_step(row, &has, e)) == ERR_OK && has && out->n < most) {
        struct unlisted_phrase *x = &out->phrases[out->n++];
        *x = (struct unlisted_phrase){arena_dup(a, stmt_text(row, 0)),
                                      stmt_int(row, 1),
                                      stmt_int(row, 2),
                                      stmt_int(row, 3),
                                      {stmt_int(row, 5), stmt_int(row, 6)}};
        if (x->phrase.s == NULL)
            return err_nomem(e);
    }
    return rc;
}

enum { U_PHRASE, U_DELIVERIES, U_CONVERSATIONS, U_DISPUTED, U_CONVERSATION, U_TURN };

static const struct column unlisted[] = {
    {"phrase", NULL, COL_TEXT, .a = U_PHRASE},
    {"conversations", NULL, COL_INT, .a = U_CONVERSATIONS},
    {"deliveries", NULL, COL_INT, .a = U_DELIVERIES},
    {"disputed", NULL, COL_INT, .a = U_DISPUTED},
    {"dispute_rate", NULL, COL_SHARE, .a = U_DISPUTED, .b = U_CONVERSATIONS},
    {"dispute_rate_low", NULL, COL_LOW, .a = U_DISPUTED, .b = U_CONVERSATIONS},
    {"dispute_rate_high", NULL, COL_HIGH, .a = U_DISPUTED, .b = U_CONVERSATIONS},
    {NULL, "Words", COL_LINK, .a = U_PHRASE, .b = -1, .c = U_CONVERSATION, .d = U_TURN},
    {NULL, "Conversations", COL_INT, .a = U_CONVERSATIONS},
    {NULL, "Disputed", COL_INT, .a = U_DISPUTED},
    {NULL, "Dispute rate", COL_PERCENT, .a = U_DISPUTED, .b = U_CONVERSATIONS},
};

static size_t count_unlisted(const struct report_data *data)
{
    return data->unlisted->n;
}

static void fill_unlisted(const struct report_data *data, size_t index, struct field *f)
{
    const struct unlisted_phrase *x = &data->unlisted->phrases[index];
    field_text(&f[U_PHRASE], x->phrase);
    field_int(&f[U_DELIVERIES], x->deliveries);
    field_int(&f[U_CONVERSATIONS], x->conversations);
    field_int(&f[U_DISPUTED], x->disputed);
    field_int(&f[U_CONVERSATION], x->example.conversation);
    field_int(&f[U_TURN], x->example.turn);
}

const struct table table_unlisted = {"unlisted",           "Words of rules that the catalogue does not have",
                                     QUERY_COUNT,          0,
                                     COLUMNS(unlisted),    .count = count_unlisted,
                                     .fill = fill_unlisted};
