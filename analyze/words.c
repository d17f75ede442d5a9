#include "analyze/words.h"

#include "core/utf8.h"

#define MOST_AT_ONCE 64 /* letters of a word; longer ones are read one by one */

/* What stands between two words, as far as it matters. */
struct gap {
    bool ends_clause, ends_sentence, ends_question;
};

/* The ASCII letters and digits, by which nearly all words can be read without asking more. */
enum { LOWER = 1, UPPER = 2, DIGIT = 4, LETTER = LOWER | UPPER };

static const unsigned char class_of[256] = {
    ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT,
    ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT, ['A'] = UPPER, ['B'] = UPPER, ['C'] = UPPER, ['D'] = UPPER,
    ['E'] = UPPER, ['F'] = UPPER, ['G'] = UPPER, ['H'] = UPPER, ['I'] = UPPER, ['J'] = UPPER, ['K'] = UPPER,
    ['L'] = UPPER, ['M'] = UPPER, ['N'] = UPPER, ['O'] = UPPER, ['P'] = UPPER, ['Q'] = UPPER, ['R'] = UPPER,
    ['S'] = UPPER, ['T'] = UPPER, ['U'] = UPPER, ['V'] = UPPER, ['W'] = UPPER, ['X'] = UPPER, ['Y'] = UPPER,
    ['Z'] = UPPER, ['a'] = LOWER, ['b'] = LOWER, ['c'] = LOWER, ['d'] = LOWER, ['e'] = LOWER, ['f'] = LOWER,
    ['g'] = LOWER, ['h'] = LOWER, ['i'] = LOWER, ['j'] = LOWER, ['k'] = LOWER, ['l'] = LOWER, ['m'] = LOWER,
    ['n'] = LOWER, ['o'] = LOWER, ['p'] = LOWER, ['q'] = LOWER, ['r'] = LOWER, ['s'] = LOWER, ['t'] = LOWER,
    ['u'] = LOWER, ['v'] = LOWER, ['w'] = LOWER, ['x'] = LOWER, ['y'] = LOWER, ['z'] = LOWER};

static bool is_of(char c, unsigned classes)
{
    return (class_of[(unsigned char)c] & classes) != 0;
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

static char to_lower(char c)
{
    if (is_upper(c))
        c = (char)(c | 0x20);
    return c;
}

/* Characters that people and programs put inside words without any width: soft hyphen, zero-width (non-)joiners. */
static bool is_invisible(uint32_t cp)
{
    return cp == 0xAD || (cp >= 0x200B && cp <= 0x200D) || cp == 0x2060 || cp == 0xFEFF;
}

static bool is_currency(uint32_t cp)
{
    return cp == '$' || (cp >= 0xA2 && cp <= 0xA5) || (cp >= 0x20A0 && cp <= 0x20BF);
}

static size_t decode_at(struct slice text, size_t at, uint32_t *cp)
{
    return utf8_decode((struct slice){text.s + at, text.n - at}, cp);
}

static bool letter_at(struct slice text, size_t at)
{
    if (at >= text.n)
        return false;
    char c = text.s[at];
    if (is_ascii(c))
        return is_lower(to_lower(c)) || ascii_is_digit(c);
    uint32_t cp;
    (void)decode_at(text, at, &cp);
    return utf8_is_letter(cp);
}

/* The bytes of a currency sign with a digit after it at AT; 0 if there is none. */
static size_t currency_at(struct slice text, size_t at)
{
    uint32_t cp;
    if (is_ascii(text.s[at]) && text.s[at] != '$')
        return 0;
    size_t n = decode_at(text, at, &cp);
    return is_currency(cp) && at + n < text.n && ascii_is_digit(text.s[at + n]) ? n : 0;
}

static bool word_begins_at(struct slice text, size_t at)
{
    return letter_at(text, at) || currency_at(text, at) != 0;
}

static bool starts_nocase(struct slice text, size_t at, const char *lower)
{
    for (; *lower != '\0'; lower++, at++)
        if (at >= text.n || to_lower(text.s[at]) != *lower)
            return false;
    return true;
}

/* The end of a web address at AT, or AT if there is none. */
static size_t address_end(struct slice text, size_t at)
{
    char c = to_lower(text.s[at]);
    if (c != 'h' && c != 'w')
        return at;
    if (!starts_nocase(text, at, "http://") && !starts_nocase(text, at, "https://") && !starts_nocase(text, at, "www."))
        return at;
    size_t end = at;
    while (end < text.n && !ascii_is_space(text.s[end]) && text.s[end] != '<' && text.s[end] != '>' &&
           text.s[end] != '"')
        end++;
    while (strchr(".,;:!?)]'", text.s[end - 1]) != NULL && text.s[end - 1] != '\0')
        end--;
    return end;
}

/* The bytes of an apostrophe at AT; 0 if there is none. */
static size_t apostrophe_at(struct slice text, size_t at)
{
    char c = text.s[at];
    if (c == '\'' || c == '`')
        return 1;
    if (is_ascii(c))
        return 0;
    uint32_t cp;
    size_t n = decode_at(text, at, &cp);
    return cp == 0x2019 || cp == 0x2018 || cp == 0x2BC || cp == 0xFF07 || cp == 0xB4 ? n : 0;
}

#define EACH_BYTE 0x0101010101010101u

/* How many of eight characters are ASCII letters, up to the first that is none. */
static size_t letters_first(uint64_t eight)
{
    uint64_t low = (eight & 0x7F * EACH_BYTE) | 0x20 * EACH_BYTE; /* adding to a byte stays within it */
    uint64_t from_a = low + (0x80 - 'a') * EACH_BYTE, after_z = low + (0x80 - 'z' - 1) * EACH_BYTE;
    uint64_t none = ~(from_a & ~after_z & ~eight) & 0x80 * EACH_BYTE;
    return none != 0 ? (size_t)__builtin_ctzll(none) / 8 : 8;
}

/* The other way round than words_eight(). */
static void put_eight(char *to, uint64_t x)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    memcpy(to, &x, sizeof x);
}

/* The plain letters from AT on into the word, at once. Returns where they end, or where it has taken MOST_AT_ONCE. */
static size_t take_letters(struct word_reader *r, size_t at)
{
    const char *s = r->text.s + at;
    size_t most = r->text.n - at > MOST_AT_ONCE ? MOST_AT_ONCE : r->text.n - at;
    char *to = strbuf_reserve(&r->folded, MOST_AT_ONCE);
    if (to == NULL)
        return at;
    size_t n = 0, now = 8; /* in registers: for all the compiler knows, TO may point to *r */
    for (; now == 8 && n + 8 <= most; n += now) {
        uint64_t eight = words_eight(s + n), lower = eight | 0x20 * EACH_BYTE;
        now = letters_first(eight);
        put_eight(to + n, lower);
    }
    for (; now == 8 && n < most && is_of(s[n], LETTER); n++)
        to[n] = (char)(s[n] | 0x20);
    r->folded.n += n;
    return at + n;
}

/* Take the character at AT into the word: its bytes, or 0 where the word ends. *fancy is set when it needs folding
 * beyond ASCII. NUMBER says that the word began with a digit. */
static size_t take_char(struct word_reader *r, size_t at, bool number, bool *fancy)
{
    struct slice text = r->text;
    char c = text.s[at];
    if (is_lower(c) || is_upper(c) || ascii_is_digit(c)) {
        strbuf_putc(&r->folded, to_lower(c));
        return 1;
    }
    if (number && (c == '.' || c == ',' || c == ':' || c == '/') && ascii_is_digit(text.s[at - 1]) && at + 1 < text.n &&
        ascii_is_digit(text.s[at + 1])) {
        if (c != ',')
            strbuf_putc(&r->folded, c);
        return 1;
    }
    size_t n = apostrophe_at(text, at);
    if (n != 0) {
        if (!letter_at(text, at + n))
            return 0;
        strbuf_putc(&r->folded, '\'');
        return n;
    }
    if (is_ascii(c))
        return 0;
    uint32_t cp;
    n = decode_at(text, at, &cp);
    if (is_invisible(cp))
        return letter_at(text, at + n) ? n : 0;
    if (!utf8_is_letter(cp))
        return 0;
    strbuf_add(&r->folded, text.s + at, n);
    *fancy = true;
    return n;
}

/* Read the word at r->at into r->folded; returns where it ends. */
static size_t read_word(struct word_reader *r)
{
    size_t at = r->at, end = address_end(r->text, at);
    strbuf_clear(&r->folded);
    if (end != at) {
        strbuf_puts(&r->folded, "<address>"); /* no phrase has such a word */
        return end;
    }
    bool fancy = false;
    size_t sign = currency_at(r->text, at);
    strbuf_add(&r->folded, r->text.s + at, sign);
    at += sign;
    bool number = ascii_is_digit(r->text.s[at]);
    at = take_letters(r, at);
    for (size_t n; at < r->text.n && (n = take_char(r, at, number, &fancy)) != 0;)
        at += n;
    if (fancy && !strbuf_failed(&r->folded)) { /* clearing would forget the failure */
        strbuf_clear(&r->raw);
        strbuf_add_slice(&r->raw, strbuf_slice(&r->folded));
        strbuf_clear(&r->folded);
        utf8_fold(strbuf_slice(&r->raw), &r->folded);
    }
    return at;
}

static bool is_joint(struct slice word)
{
    return slice_is(word, "but") || slice_is(word, "and") || slice_is(word, "so");
}

/* A title or the like, after which a full stop ends nothing. */
static bool is_shortened(struct slice word)
{
    static const char *const words[] = {"mr", "mrs", "ms", "dr", "prof", "st", "jr", "vs", "approx", "dept", NULL};
    if (word.n < 2 || word.n > 6)
        return false;
    for (const char *const *w = words; *w != NULL; w++)
        if (**w == word.s[0] && slice_is(word, *w))
            return true;
    return false;
}

/* Does a single full stop after WORD, with the next word at NEXT, end a sentence? */
static bool stop_ends(const struct word_reader *r, struct slice word, bool blank_after, size_t next)
{
    const char *s = r->text.s;
    if (next >= r->text.n)
        return true;
    if (!blank_after) /* "refund.Please" ends one, "example.com" and "e.g." do not */
        return is_upper(s[next]) && word.n > 1 && !ascii_is_digit(word.s[0]);
    if (is_shortened(word))
        return false;
    if (word.n == 1 && is_lower(word.s[0]) && word.s[0] != 'i') /* "5 p.m. on", "e.g. this" */
        return !is_lower(s[next]);
    return !(slice_is(word, "no") && ascii_is_digit(s[next]));
}

/* The bytes of a character that is written as in HTML at AT, if it is one that separates words; 0 if there is none.
 * Exports have them in texts that are else plain. */
static size_t entity_at(struct slice text, size_t at)
{
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;", NULL};
    for (const char *const *name = names; text.s[at] == '&' && *name != NULL; name++)
        if (starts_nocase(text, at, *name))
            return strlen(*name);
    return 0;
}

/* What the characters between two words amount to. */
struct marks {
    unsigned stops, breaks, newlines;
    bool question, exclamation, ellipsis, comma, bullet, blank_after_stop, blank_before;
};

/* WIDE: what comes after C is a blank, the end, or another dash. */
static void see_ascii(struct marks *m, char c, bool wide)
{
    switch (c) {
    case '.':
        m->stops++;
        m->blank_after_stop = false;
        break;
    case '?':
        m->question = true;
        break;
    case '!':
        m->exclamation = true;
        break;
    case '\n':
        m->newlines++;
        m->bullet = false;
        break;
    case ',':
    case ';':
    case ':':
    case '(':
    case ')':
        m->comma = true;
        break;
    case '-':
    case '*':
        if (m->newlines != 0)
            m->bullet = true;
        if (c == '-' && m->blank_before && wide)
            m->comma = true;
        break;
    default:
        break;
    }
    m->blank_before = ascii_is_space(c);
    if (ascii_is_space(c))
        m->blank_after_stop = true;
}

static void see_other(struct marks *m, uint32_t cp)
{
    switch (cp) {
    case 0x2026: /* … */
        m->ellipsis = true;
        break;
    case 0x2013: /* en and em dash */
    case 0x2014:
        m->comma = true;
        break;
    case 0x2022: /* bullet */
        m->bullet = m->bullet || m->newlines != 0;
        break;
    case 0xFF1F: /* full-width question mark */
        m->question = true;
        break;
    case 0xFF01:
    case 0x3002:
        m->exclamation = true;
        break;
    default:
        m->blank_after_stop = m->blank_after_stop || utf8_is_space(cp);
        break;
    }
}

/* Pass over what is between the word that ends at AT and the next one, at which r->at is left. */
static struct marks skip_gap(struct word_reader *r, size_t at)
{
    struct marks m = {0};
    if (at + 1 < r->text.n && r->text.s[at] == ' ' && is_lower(r->text.s[at + 1])) { /* by far the most frequent */
        r->at = at + 1;
        return m;
    }
    while (at < r->text.n && !word_begins_at(r->text, at)) {
        char c = r->text.s[at];
        size_t entity = entity_at(r->text, at);
        if (entity != 0) {
            at += entity;
            see_ascii(&m, ' ', false);
        } else if (is_ascii(c)) {
            at++;
            see_ascii(&m, c, at >= r->text.n || ascii_is_space(r->text.s[at]) || r->text.s[at] == '-');
        } else {
            uint32_t cp;
            at += decode_at(r->text, at, &cp);
            see_other(&m, cp);
        }
    }
    r->at = at;
    return m;
}

static struct gap judge_gap(const struct word_reader *r, const struct marks *m, struct slice word)
{
    bool ends = r->at >= r->text.n;
    bool goes_on = !ends && is_lower(r->text.s[r->at]);
    struct gap g = {.ends_question = m->question};
    g.ends_sentence = ends || m->question || m->exclamation || m->newlines > 1 || m->bullet ||
                      (m->newlines == 1 && !goes_on) || ((m->ellipsis || m->stops > 1) && !goes_on) ||
                      (m->stops == 1 && stop_ends(r, word, m->blank_after_stop, r->at));
    g.ends_clause = g.ends_sentence || m->comma || m->ellipsis || m->stops > 1 || m->newlines != 0;
    return g;
}

void words_start(struct word_reader *r, struct slice text)
{
    r->text = text;
    strbuf_clear(&r->folded);
    (void)strbuf_reserve(&r->folded, MOST_AT_ONCE); /* if it fails, words_failed() tells */
    strbuf_clear(&r->raw);
    (void)skip_gap(r, 0);
    r->starts_sentence = r->starts_clause = true;
}

/* Does the word at r->at consist of ASCII letters and end where they do? Nearly all do. Then it is read up to *TO. */
static bool read_plain_word(struct word_reader *r, size_t *to)
{
    const char *s = r->text.s;
    char first = (char)(s[r->at] | 0x20);
    r->folded.n = 0;
    size_t end = take_letters(r, r->at);
    *to = end;
    if (end == r->at || end >= r->text.n || words_failed(r) || end - r->at == MOST_AT_ONCE)
        return false;
    if (s[end] == ' ')
        return true;
    bool may_go_on = !is_ascii(s[end]) || is_of(s[end], LETTER | DIGIT) || apostrophe_at(r->text, end) != 0;
    return !may_go_on && first != 'h' && first != 'w'; /* of an address */
}

/* Does nothing but a blank part the word that ends at TO from another? Nearly always. Then r->at is left there. */
static bool skip_blank(struct word_reader *r, size_t to)
{
    const char *s = r->text.s;
    if (to + 1 >= r->text.n || s[to] != ' ' || !is_of(s[to + 1], LETTER | DIGIT))
        return false;
    r->at = to + 1;
    return true;
}

bool words_next(struct word_reader *r, struct token *t, struct slice *folded)
{
    if (r->at >= r->text.n)
        return false;
    size_t from = r->at, to = from;
    struct gap g = {false, false, false};
    if (!read_plain_word(r, &to)) {
        if (!words_failed(r)) /* which reading it again would forget */
            to = read_word(r);
        if (words_failed(r) || r->folded.s == NULL)
            return false;
    }
    if (!skip_blank(r, to)) {
        struct marks m = skip_gap(r, to);
        g = judge_gap(r, &m, strbuf_slice(&r->folded));
    }
    struct slice word = strbuf_slice(&r->folded);
    bool joins_next = is_joint(word);
    *t = (struct token){.span = {(uint32_t)from, (uint32_t)to},
                        .starts_sentence = r->starts_sentence,
                        .starts_clause = r->starts_clause || (joins_next && word.s[0] == 'b'),
                        .ends_sentence = g.ends_sentence,
                        .ends_question = g.ends_question};
    r->starts_sentence = g.ends_sentence;
    r->starts_clause = g.ends_clause || joins_next;
    *folded = word;
    return true;
}

bool words_failed(const struct word_reader *r)
{
    return strbuf_failed(&r->folded) || strbuf_failed(&r->raw);
}

void words_free(struct word_reader *r)
{
    strbuf_free(&r->folded);
    strbuf_free(&r->raw);
}

bool word_is_money(struct slice folded)
{
    uint32_t cp;
    if (folded.n == 0)
        return false;
    (void)utf8_decode(folded, &cp);
    return is_currency(cp);
}

bool word_is_number(struct slice folded)
{
    return folded.n != 0 && (ascii_is_digit(folded.s[0]) || word_is_money(folded));
}
