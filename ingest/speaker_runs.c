#include "ingest/speaker_runs.h"

#include "ingest/roles.h"

#define SILENCE_MS 1000 /* ends a phrase */

void runs_begin(struct speaker_runs *r, struct talk *t)
{
    *r = (struct speaker_runs){.t = t, .text = STRBUF_INIT, .start_ms = MS_NONE, .end_ms = MS_NONE};
}

void runs_flush(struct speaker_runs *r)
{
    if (strbuf_failed(&r->text))
        r->t->is_short_of_memory = true;
    if (r->text.n != 0) {
        struct slice text = arena_dup(r->t->a, strbuf_slice(&r->text));
        if (text.s == NULL) {
            r->t->is_short_of_memory = true;
            text = (struct slice){"", 0};
        }
        struct turn *turn = talk_add(r->t, text);
        turn->speaker_id = r->speaker;
        turn->role = roles_of(r->speaker); /* channels may be called "agent"; talk_end() then drops the id */
        turn->start_ms = r->start_ms;
        turn->end_ms = r->end_ms;
    }
    strbuf_clear(&r->text);
    r->start_ms = r->end_ms = MS_NONE;
    r->joins_next = false;
}

void runs_end(struct speaker_runs *r)
{
    runs_flush(r);
    strbuf_free(&r->text);
}

/* Is the character whose UTF-8 begins with A, B of a script that sets no blanks between words: Chinese, Japanese, Thai,
 * Lao, Burmese, Khmer? */
static bool is_blankless(unsigned char a, unsigned char b)
{
    return (a == 0xe0 && b >= 0xb8 && b <= 0xbb) || (a == 0xe1 && (b <= 0x82 || b == 0x9e || b == 0x9f)) || a == 0xe3 ||
           (a >= 0xe4 && a <= 0xe9);
}

static bool begins_blankless(struct slice x)
{
    return x.n >= 3 && is_blankless((unsigned char)x.s[0], (unsigned char)x.s[1]);
}

static bool ends_blankless(struct slice x)
{
    return x.n >= 3 && is_blankless((unsigned char)x.s[x.n - 3], (unsigned char)x.s[x.n - 2]);
}

static bool ends_sentence(struct slice x)
{
    return x.n != 0 && strchr(".?!", x.s[x.n - 1]) != NULL;
}

/* Does W, which comes after the open run, begin another? */
static bool begins_run(const struct speaker_runs *r, const struct spoken_word *w)
{
    if (w->joins_last || r->joins_next)
        return false;
    if (w->speaker.n != 0 && !slice_eq(w->speaker, r->speaker))
        return true;
    return r->by_phrase && (ends_sentence(strbuf_slice(&r->text)) ||
                            (w->start_ms != MS_NONE && r->end_ms != MS_NONE && w->start_ms - r->end_ms > SILENCE_MS));
}

void runs_add(struct speaker_runs *r, const struct spoken_word *w)
{
    struct slice text = slice_trim(w->text);
    if (text.n == 0)
        return;
    if (r->text.n != 0 && begins_run(r, w))
        runs_flush(r);
    if (r->text.n == 0 && (w->speaker.n != 0 || !w->joins_last))
        r->speaker = w->speaker.n != 0 ? w->speaker : r->speaker;
    struct slice so_far = strbuf_slice(&r->text);
    if (so_far.n != 0 && !w->joins_last && !r->joins_next && !(ends_blankless(so_far) && begins_blankless(text)))
        strbuf_putc(&r->text, ' ');
    strbuf_add_slice(&r->text, text);
    r->joins_next = w->joins_next;
    if (r->start_ms == MS_NONE)
        r->start_ms = w->start_ms;
    if (w->end_ms != MS_NONE && (r->end_ms == MS_NONE || w->end_ms > r->end_ms))
        r->end_ms = w->end_ms;
}

/* The texts of the turns FROM..TO as one. */
static struct slice joined(struct talk *t, uint32_t from, uint32_t to)
{
    const struct turn *turns = t->c.turns;
    size_t n = 0;
    for (uint32_t i = from; i < to; i++)
        n += turns[i].text.n + 1;
    char *s = arena_alloc(t->a, n);
    if (s == NULL) {
        t->is_short_of_memory = true;
        return turns[from].text;
    }
    n = 0;
    for (uint32_t i = from; i < to; i++) {
        bool is_apart = i > from && !(ends_blankless(turns[i - 1].text) && begins_blankless(turns[i].text));
        if (is_apart)
            s[n++] = ' ';
        memcpy(s + n, turns[i].text.s, turns[i].text.n);
        n += turns[i].text.n;
    }
    return (struct slice){s, n};
}

void runs_merge(struct talk *t)
{
    uint32_t n = 0, to;
    talk_sort(t);
    for (uint32_t from = 0; from < t->c.nturns; from = to) {
        struct turn turn = t->c.turns[from];
        for (to = from + 1; to < t->c.nturns && slice_eq(t->c.turns[to].speaker_id, turn.speaker_id); to++)
            if (t->c.turns[to].end_ms != MS_NONE && (turn.end_ms == MS_NONE || t->c.turns[to].end_ms > turn.end_ms))
                turn.end_ms = t->c.turns[to].end_ms;
        if (to > from + 1)
            turn.text = joined(t, from, to);
        turn.nth = 0; /* there is no list whose items the turns are */
        t->c.turns[n++] = turn;
    }
    t->c.nturns = n;
}
