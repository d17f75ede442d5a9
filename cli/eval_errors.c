/* The turns that are tagged otherwise than labelled, with the conversation around them. */
#include "cli/eval_print.h"
#include "cli/screen.h"

enum { TURNS_BEFORE = 3, TURNS_AFTER = 1 };

bool eval_is_mistake(const struct turn_label *label, const struct turn_outcome *o, uint32_t class)
{
    uint32_t first = class < EVAL_CLASSES ? class : 0, last = class < EVAL_CLASSES ? class : EVAL_CLASSES - 1;
    for (uint32_t k = first; k <= last; k++)
        if (label_judges(label, k) && label_says(label, k) != outcome_says(o, k))
            return true;
    return false;
}

/* "choice [reason, apology]", "dispute hostile" or "nothing". */
static void put_tags(struct strbuf *b, enum style style, uint32_t practices, bool is_dispute, bool is_hostile)
{
    const char *comma = " [";
    strbuf_puts(b, style_name(style));
    for (uint32_t i = 0; i < PRACTICE_COUNT; i++) {
        if ((practices >> i & 1) == 0)
            continue;
        strbuf_printf(b, "%s%s", comma, practice_name((enum practice)i));
        comma = ", ";
    }
    if (practices != 0)
        strbuf_putc(b, ']');
    if (is_dispute)
        strbuf_puts(b, "dispute");
    if (is_hostile)
        strbuf_puts(b, is_dispute ? " hostile" : "hostile");
    if (style == STYLE_NONE && !is_dispute && !is_hostile)
        strbuf_puts(b, "nothing");
}

void eval_around(const struct conversation *c, uint32_t turn, uint32_t *from, uint32_t *to)
{
    *from = turn > TURNS_BEFORE ? turn - TURNS_BEFORE : 0;
    *to = turn + TURNS_AFTER < c->nturns ? turn + TURNS_AFTER + 1 : c->nturns;
}

static void put_turns(struct strbuf *b, const struct conversation *c, uint32_t turn)
{
    uint32_t from, to;
    eval_around(c, turn, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        strbuf_printf(b, "  %c %4lu %-8s ", i == turn ? '>' : ' ', (unsigned long)turn_number(c, i),
                      role_name(c->turns[i].role));
        screen_text(b, c->turns[i].text);
        strbuf_putc(b, '\n');
    }
}

static void put_mistake(struct strbuf *b, const struct labelled *l, uint32_t at, const struct turn_outcome *o)
{
    const struct turn_label *label = &l->labels[at];
    strbuf_putc(b, '\n');
    screen_text(b, l->c.source);
    strbuf_putc(b, ' ');
    screen_text(b, l->c.external_id);
    strbuf_printf(b, " turn %lu: labelled ", (unsigned long)at);
    put_tags(b, label->style, label->practices, label->is_dispute, label->is_hostile);
    strbuf_puts(b, ", tagged ");
    put_tags(b, o->style, o->practices, o->is_dispute, o->is_hostile);
    if (o->is_scored && o->role == ROLE_AGENT)
        strbuf_printf(b, " (delivery p %.2f)", o->p);
    else if (o->is_scored)
        strbuf_printf(b, " (dispute p %.2f, hostile p %.2f)", o->p_dispute, o->p_hostile);
    strbuf_putc(b, '\n');
    if (label->turn != NO_TURN)
        put_turns(b, &l->c, label->turn);
    else
        strbuf_puts(b, "    (the turn has no words)\n");
}

void eval_print_errors(struct strbuf *out, const struct evaluation *ev, uint32_t class)
{
    for (size_t i = 0; i < ev->n; i++)
        for (uint32_t t = 0; t < ev->items[i]->nlabels; t++)
            if (eval_is_mistake(&ev->items[i]->labels[t], &ev->outcomes[i][t], class))
                put_mistake(out, ev->items[i], t, &ev->outcomes[i][t]);
}
