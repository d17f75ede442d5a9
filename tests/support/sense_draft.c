#include "tests/support/sense_draft.h"

#include <string.h>

#include "analyze/ngrams.h"

void draft_plain(struct draft *d)
{
    memset(d, 0, sizeof *d);
    const uint32_t sizes[] = {1 /* network */, C, H, SENSE_PAST, SENSE_CLASSES, SENSE_SYMBOLS_MAX, NWORDS};
    memcpy(d->sizes, sizes, sizeof d->sizes);
    d->ngrams = 3 * 4 * NGRAM_CLASSES + NWORDS * (2 * NGRAM_CLASSES + 1) + 4 + 2 * 4 * NGRAM_TOLD +
                NWORDS * (NGRAM_TOLD + 1) + 4;
    struct side_draft *agents = &d->sides[0], *customers = &d->sides[1];
    for (int c = 0; c < C; c++)
        agents->scale[c] = 0.5f;
    agents->rows[GOOD][AT][0] = 6;
    agents->rows[GOOD][BEFORE][1] = 7;
    agents->rows[BAD][AT][1] = 5;
    agents->bias[1] = -8;
    agents->now[0][0] = 1;              /* the highest answer of detector 0 */
    agents->now[C + 0][0] = SENSE_FINE; /* the sum of answers over the root: the same for a unit of what is pooled */
    agents->now[1][0] = -1;
    agents->customer[0][1] = 1;
    agents->own[0][2] = 1;
    agents->past[3][3] = 4;
    agents->base[0] = 0.25f;
    for (int j = 0; j < 4; j++)
        agents->out[0][j] = 1;
    agents->out_base[0] = -1;
    agents->out_base[5] = 7.5f;
    agents->rows[BAD][AT][2] = 5;
    agents->now[2][4] = agents->own[2][4] = 2;
    agents->customer[4][4] = 1;
    agents->out[9][4] = 2;
    agents->out_base[9] = 0.5f;
    customers->scale[0] = 0.75f;
    customers->rows[GOOD][AT][0] = 4;
    customers->scale[4] = 1;
    customers->rows[BAD][AT][4] = 7;
    customers->bias[3] = 5;
    customers->now[4][0] = 2;
    customers->customer[4][0] = 1;
    customers->past[3][0] = 5;
    customers->out[17 - SENSE_AGENT_CLASSES][0] = 3;
    customers->out_base[17 - SENSE_AGENT_CLASSES] = -2;
}

static void add_numbers(struct strbuf *b, const void *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t x;
        memcpy(&x, (const char *)v + 4 * i, 4);
        for (unsigned k = 0; k < 4; k++)
            strbuf_putc(b, (char)(x >> (8 * k) & 0xFF));
    }
}

static void add_rows(struct strbuf *b, const int8_t rows[3][C])
{
    for (int place = 0; place < 3; place++)
        for (int c = 0; c < SENSE_HALF; c++)
            strbuf_putc(
                b, (char)((rows[place][c] + SENSE_LEVEL_ZERO) | (rows[place][SENSE_HALF + c] + SENSE_LEVEL_ZERO) << 4));
}

void draft_write(const struct draft *d, struct strbuf *b)
{
    strbuf_clear(b);
    strbuf_add(b, "BRSENSE8", 8);
    add_numbers(b, d->sizes, 7);
    for (uint32_t i = 0; i < SENSE_SIDES; i++) {
        const struct side_draft *side = &d->sides[i];
        size_t nclasses = i == 0 ? SENSE_AGENT_CLASSES : SENSE_CLASSES - SENSE_AGENT_CLASSES;
        int32_t pass[C];
        for (int c = 0; c < C; c++)
            pass[c] = 3 * SENSE_LEVEL_ZERO - side->bias[c];
        add_numbers(b, side->scale, C);
        add_numbers(b, pass, C);
        add_numbers(b, side->now, (size_t)2 * C * H);
        add_numbers(b, side->customer, (size_t)2 * C * H);
        if (i == 0)
            add_numbers(b, side->own, (size_t)2 * C * H);
        add_numbers(b, side->past, (size_t)SENSE_PAST * H);
        add_numbers(b, side->base, H);
        add_numbers(b, side->out, nclasses * H);
        add_numbers(b, side->out_base, nclasses);
    }
    for (uint32_t word = 0; word < NWORDS; word++)
        for (uint32_t i = 0; i < SENSE_SIDES; i++)
            add_rows(b, (const int8_t(*)[C])d->sides[i].rows[word]);
    for (size_t i = 0; i < d->ngrams; i++)
        strbuf_putc(b, '\0');
    strbuf_puts(b, "<pad>\n<unk>\n<num>\n<bignum>\n<money>\n<address>\n<.>\n<?>\ngood\nbad\n");
}
