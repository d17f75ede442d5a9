#include "analyze/phrase.h"

#include "analyze/words.h"

struct parser {
    struct arena *arena;
    struct slice text;
    size_t at;
    unsigned depth;
    bool kindly, in_guard;
    struct err *e;
};

/* The built-in lists, in the language itself. */
static const struct {
    const char *name, *phrase;
} builtins[] = {
    {"number", "(@digits|(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
               "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)"
               "[one|two|three|four|five|six|seven|eight|nine|hundred|thousand])"},
    {"money", "(@price|@number (dollar*|euro*|pounds|pound|usd|eur|gbp|bucks|cents))"},
};

static enum err_code parse_alternatives(struct parser *p, char closing, struct phrase **out);

static enum err_code fail(struct parser *p, size_t at, const char *what)
{
    return err_set(p->e, ERR_CONFIG, "column %zu: %s", at + 1, what);
}

static struct phrase *node_new(struct parser *p, enum phrase_kind kind)
{
    struct phrase *x = arena_zalloc(p->arena, 1, sizeof *x);
    if (x != NULL)
        x->kind = kind;
    return x;
}

static char char_at(const struct parser *p, size_t at)
{
    char c = '\0';
    if (at < p->text.n)
        c = p->text.s[at];
    return c;
}

static bool is_alnum(char c)
{
    return ascii_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool gap_at(const struct parser *p, size_t at)
{
    return char_at(p, at) == '.' && char_at(p, at + 1) == '.' && char_at(p, at + 2) == '.';
}

/* Does something other than a word begin at AT? */
static bool operator_at(const struct parser *p, size_t at)
{
    char c = char_at(p, at);
    if (c == '$')
        return !ascii_is_digit(char_at(p, at + 1));
    return (c != '\0' && strchr("()[]|*^?!@", c) != NULL) || gap_at(p, at);
}

/* Refuse what is in no word, so that nothing is passed over silently. */
static enum err_code check_run(struct parser *p, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++) {
        char c = p->text.s[at];
        bool inside = at > from && at + 1 < to && is_alnum(p->text.s[at - 1]) && is_alnum(p->text.s[at + 1]);
        if (is_alnum(c) || (inside && strchr("'-/&", c) != NULL) || c == '$')
            continue;
        if (inside && strchr(".,:", c) != NULL && ascii_is_digit(p->text.s[at - 1]) &&
            ascii_is_digit(p->text.s[at + 1]))
            continue;
        if (c == '\0')
            return fail(p, at, "a NUL byte");
        (void)err_set(p->e, ERR_CONFIG, "column %zu: '%c' is not part of the phrase language", at + 1, c);
        return err_hint(p->e, "leave punctuation out: a phrase is words; ^ $ ? stand for starts and ends");
    }
    return ERR_OK;
}

static enum err_code add_word(struct parser *p, struct slice folded, enum phrase_kind kind, struct phrase ***tail)
{
    struct phrase *x = node_new(p, kind);
    if (x == NULL || (x->word = arena_dup(p->arena, folded)).s == NULL)
        return err_nomem(p->e);
    **tail = x;
    *tail = &x->next;
    return ERR_OK;
}

static struct phrase *last_of(struct phrase *first)
{
    while (first != NULL && first->next != NULL)
        first = first->next;
    return first;
}

/* Read kindly, WORD is also found with or without a final s: replace it by (word|words). */
static enum err_code add_other_number(struct parser *p, struct phrase *word)
{
    struct slice w = word->word;
    for (size_t i = 0; i < w.n; i++)
        if (w.s[i] < 'a' || w.s[i] > 'z')
            return ERR_OK;
    if (w.n < 3 || (w.s[w.n - 1] == 's' && (w.n < 4 || w.s[w.n - 2] == 's')))
        return ERR_OK;
    struct phrase *one = node_new(p, PHRASE_WORD), *other = node_new(p, PHRASE_WORD);
    char *s = arena_alloc(p->arena, w.n + 1);
    if (one == NULL || other == NULL || s == NULL)
        return err_nomem(p->e);
    memcpy(s, w.s, w.n);
    s[w.n] = 's';
    one->word = w;
    other->word = (struct slice){s, w.s[w.n - 1] == 's' ? w.n - 1 : w.n + 1};
    one->next = other;
    word->kind = PHRASE_ALT;
    word->first = one;
    return ERR_OK;
}

/* Words up to the next blank or operator, with a * right after the last one. *out is NULL if there is no word. */
static enum err_code parse_words(struct parser *p, struct phrase **out)
{
    size_t from = p->at;
    while (p->at < p->text.n && !ascii_is_space(p->text.s[p->at]) && !operator_at(p, p->at))
        p->at++;
    enum err_code rc = p->kindly ? ERR_OK : check_run(p, from, p->at);
    if (rc != ERR_OK)
        return rc;
    struct word_reader r = WORDS_INIT;
    struct phrase *first = NULL, **tail = &first;
    struct token t;
    struct slice folded;
    words_start(&r, (struct slice){p->text.s + from, p->at - from});
    while (rc == ERR_OK && words_next(&r, &t, &folded))
        rc = add_word(p, folded, PHRASE_WORD, &tail);
    if (rc == ERR_OK && words_failed(&r))
        rc = err_nomem(p->e);
    words_free(&r);
    if (rc != ERR_OK)
        return rc;
    if (first == NULL && !p->kindly)
        return fail(p, from, "no word here");
    struct phrase *last = last_of(first);
    if (last != NULL && char_at(p, p->at) == '*') {
        if (last->word.n < 2)
            return fail(p, p->at, "'*' needs at least two letters before it");
        last->kind = PHRASE_PREFIX;
        p->at++;
    }
    if (is_alnum(char_at(p, p->at)) && last != NULL && last->kind == PHRASE_PREFIX)
        return fail(p, p->at, "'*' stands at the end of a word only");
    for (struct phrase *x = first; p->kindly && rc == ERR_OK && x != NULL; x = x->next)
        if (x->kind == PHRASE_WORD)
            rc = add_other_number(p, x);
    *out = first;
    return rc;
}

static enum err_code parse_gap(struct parser *p, struct phrase **out)
{
    size_t from = p->at;
    unsigned n = 0;
    p->at += 3;
    while (ascii_is_digit(char_at(p, p->at)) && n <= PHRASE_GAP_MAX)
        n = n * 10 + (unsigned)(p->text.s[p->at++] - '0');
    if (n == 0 && p->kindly)
        return ERR_OK;
    if (n == 0 || n > PHRASE_GAP_MAX) {
        (void)err_set(p->e, ERR_CONFIG, "column %zu: a gap is ...1 to ...%u", from + 1, PHRASE_GAP_MAX);
        return err_hint(p->e, "write for example ...3 for a gap of up to three words");
    }
    *out = node_new(p, PHRASE_GAP);
    if (*out == NULL)
        return err_nomem(p->e);
    (*out)->n = n;
    return ERR_OK;
}

/* (...) or [...], at its opening bracket. */
static enum err_code parse_brackets(struct parser *p, struct phrase **out)
{
    size_t from = p->at;
    char opening = p->text.s[from];
    if (p->depth == PHRASE_DEPTH_MAX)
        return fail(p, from, "too many brackets in one another");
    p->at++;
    p->depth++;
    struct phrase *inner = NULL;
    enum err_code rc = parse_alternatives(p, opening == '(' ? ')' : ']', &inner);
    if (rc != ERR_OK)
        return rc;
    p->depth--;
    if (p->at == p->text.n)
        return fail(p, from, opening == '(' ? "this ( is never closed" : "this [ is never closed");
    p->at++;
    if (inner == NULL && p->kindly)
        return ERR_OK;
    if (inner == NULL)
        return fail(p, from, "nothing in these brackets");
    *out = inner;
    if (opening == '[') {
        *out = node_new(p, PHRASE_OPT);
        if (*out == NULL)
            return err_nomem(p->e);
        (*out)->first = inner;
    }
    return ERR_OK;
}

static enum err_code parse_place(struct parser *p, struct phrase **out)
{
    char c = p->text.s[p->at++];
    bool twice = c != '?' && char_at(p, p->at) == c;
    if (p->kindly)
        return ERR_OK;
    if (p->in_guard)
        return fail(p, p->at - 1, "only words can stand behind a !");
    p->at += twice;
    *out = node_new(p, PHRASE_PLACE);
    if (*out == NULL)
        return err_nomem(p->e);
    if (c == '?')
        (*out)->n = PLACE_QUESTION_END;
    else if (c == '^')
        (*out)->n = twice ? PLACE_SENTENCE_START : PLACE_CLAUSE_START;
    else
        (*out)->n = twice ? PLACE_SENTENCE_END : PLACE_CLAUSE_END;
    return ERR_OK;
}

static enum err_code parse_builtin(struct parser *p, const char *phrase, struct phrase **out)
{
    struct parser sub = {.arena = p->arena, .text = slice_of(phrase), .e = p->e};
    return parse_alternatives(&sub, '\0', out);
}

static enum err_code parse_list(struct parser *p, struct phrase **out)
{
    size_t from = p->at++;
    size_t name_at = p->at;
    while (is_alnum(char_at(p, p->at)) || char_at(p, p->at) == '_' || char_at(p, p->at) == '-')
        p->at++;
    struct slice name = {p->text.s + name_at, p->at - name_at};
    if (p->kindly) { /* an e-mail address, a handle: words like others */
        p->at = name_at;
        return ERR_OK;
    }
    if (name.n == 0)
        return fail(p, from, "'@' needs the name of a list right after it");
    for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++)
        if (slice_is(name, builtins[i].name))
            return parse_builtin(p, builtins[i].phrase, out);
    enum phrase_kind kind = slice_is(name, "digits")  ? PHRASE_NUMBER
                            : slice_is(name, "price") ? PHRASE_MONEY
                                                      : PHRASE_LIST;
    *out = node_new(p, kind);
    if (*out == NULL || ((*out)->word = arena_dup(p->arena, name)).s == NULL)
        return err_nomem(p->e);
    return ERR_OK;
}

/* The least number of words X takes. A list's phrases take at least one. */
static unsigned least_words(const struct phrase *x)
{
    unsigned sum = 0, least = 0;
    switch (x->kind) {
    case PHRASE_SEQ:
        for (const struct phrase *c = x->first; c != NULL; c = c->next)
            sum += least_words(c);
        return sum;
    case PHRASE_ALT:
        least = least_words(x->first);
        for (const struct phrase *c = x->first->next; c != NULL; c = c->next) {
            unsigned n = least_words(c);
            least = n < least ? n : least;
        }
        return least;
    case PHRASE_OPT:
    case PHRASE_GAP:
    case PHRASE_PLACE:
    case PHRASE_GUARD:
        return 0;
    default:
        return 1;
    }
}

static enum err_code parse_guard(struct parser *p, struct phrase **out)
{
    size_t from = p->at++;
    struct phrase *inner = NULL;
    enum err_code rc = ERR_OK;
    char c = char_at(p, p->at);
    if (p->kindly && c != '(')
        return ERR_OK;
    if (p->in_guard)
        return fail(p, from, "a ! inside a !");
    p->in_guard = true;
    if (c == '(')
        rc = parse_brackets(p, &inner);
    else if (c == '@')
        rc = parse_list(p, &inner);
    else if (c != '\0' && !ascii_is_space(c) && !operator_at(p, p->at))
        rc = parse_words(p, &inner);
    p->in_guard = false;
    if (rc != ERR_OK)
        return rc;
    if (inner == NULL && p->kindly)
        return ERR_OK;
    if (inner == NULL) {
        (void)fail(p, from, "'!' needs a word or (a|b) right after it");
        return err_hint(p->e, "write !(not|never) before what must not follow these");
    }
    struct phrase *seq = node_new(p, PHRASE_SEQ);
    *out = node_new(p, PHRASE_GUARD);
    if (*out == NULL || seq == NULL)
        return err_nomem(p->e);
    seq->first = inner;
    (*out)->first = seq;
    return least_words(seq) != 0 ? ERR_OK : fail(p, from, "what stands behind '!' could be nothing at all");
}

static enum err_code parse_item(struct parser *p, struct phrase **out)
{
    char c = p->text.s[p->at];
    if (!operator_at(p, p->at))
        return parse_words(p, out);
    switch (c) {
    case '.':
        return parse_gap(p, out);
    case '(':
    case '[':
        return parse_brackets(p, out);
    case '^':
    case '$':
    case '?':
        return parse_place(p, out);
    case '!':
        return parse_guard(p, out);
    case '@':
        return parse_list(p, out);
    case '*':
        p->at++;
        if (is_alnum(char_at(p, p->at)))
            return fail(p, p->at - 1, "'*' stands at the end of a word only");
        *out = node_new(p, PHRASE_ANY);
        return *out != NULL ? ERR_OK : err_nomem(p->e);
    default:
        if (p->kindly) {
            p->at++;
            return ERR_OK;
        }
        return fail(p, p->at, c == ')' ? "this ) closes nothing" : c == ']' ? "this ] closes nothing" : "'|' here");
    }
}

/* Items up to | or the closing bracket or the end. *out is NULL if there are none. */
static enum err_code parse_sequence(struct parser *p, char closing, struct phrase **out)
{
    struct phrase *first = NULL, **tail = &first;
    while (p->at < p->text.n && p->text.s[p->at] != '|' && (closing == '\0' || p->text.s[p->at] != closing)) {
        if (ascii_is_space(p->text.s[p->at])) {
            p->at++;
            continue;
        }
        struct phrase *item = NULL;
        enum err_code rc = parse_item(p, &item);
        if (rc != ERR_OK)
            return rc;
        *tail = item;
        while (*tail != NULL)
            tail = &(*tail)->next;
    }
    if (first == NULL)
        return ERR_OK;
    *out = node_new(p, PHRASE_SEQ);
    if (*out == NULL)
        return err_nomem(p->e);
    (*out)->first = first;
    return ERR_OK;
}

static enum err_code parse_alternatives(struct parser *p, char closing, struct phrase **out)
{
    struct phrase *first = NULL, **tail = &first;
    for (;;) {
        struct phrase *seq = NULL;
        size_t from = p->at;
        enum err_code rc = parse_sequence(p, closing, &seq);
        if (rc != ERR_OK)
            return rc;
        bool more = char_at(p, p->at) == '|';
        if (seq == NULL && !p->kindly && (more || first != NULL))
            return fail(p, from, "nothing on one side of this |");
        *tail = seq;
        tail = seq != NULL ? &seq->next : tail;
        if (!more)
            break;
        p->at++;
    }
    *out = first;
    if (first == NULL || first->next == NULL)
        return ERR_OK;
    *out = node_new(p, PHRASE_ALT);
    if (*out == NULL)
        return err_nomem(p->e);
    (*out)->first = first;
    return ERR_OK;
}

/* A gap at an end of a phrase says nothing, but would stretch the hit. */
static bool gap_at_end(const struct phrase *seq)
{
    const struct phrase *last = last_of(seq->first);
    return seq->kind == PHRASE_SEQ && (seq->first->kind == PHRASE_GAP || last->kind == PHRASE_GAP);
}

enum err_code phrase_parse(struct arena *a, struct slice text, bool kindly, struct phrase **out, struct err *e)
{
    struct parser p = {.arena = a, .text = text, .kindly = kindly, .e = e};
    *out = NULL;
    struct phrase *x = NULL;
    enum err_code rc = parse_alternatives(&p, '\0', &x);
    if (rc != ERR_OK)
        return rc;
    if (x == NULL)
        return kindly ? ERR_OK : fail(&p, 0, "an empty phrase");
    if (least_words(x) == 0) {
        (void)fail(&p, 0, "this phrase could match without any word");
        return err_hint(e, "keep at least one word outside [ ]");
    }
    for (const struct phrase *c = x->kind == PHRASE_ALT ? x->first : x; c != NULL; c = c->next)
        if (gap_at_end(c)) {
            (void)fail(&p, 0, "a gap at the start or end of a phrase");
            return err_hint(e, "a gap stands between words only; leave it out here");
        }
    *out = x;
    return ERR_OK;
}
