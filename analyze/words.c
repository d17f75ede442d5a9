#include "analyze/words.h"

#include "core/utf8.h"

enum { PLAIN_MOST = 48 }; /* letters of a word that is read at once, fewer than plain_from() sees */

/* What stands between two words, as far as it matters. */
struct gap {
    bool ends_clause, ends_sentence, ends_question;
};

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

/* The last one is a letter to Unicode, but no word begins with it. */
static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == '`' || cp == 0xB4 || cp == 0x2018 || cp == 0x2019 || cp == 0xFF07 || cp == 0x2BC;
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
    return utf8_is_letter(cp) && !is_apostrophe(cp);
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
    uint32_t cp = (unsigned char)text.s[at];
    size_t n = is_ascii(text.s[at]) ? 1 : decode_at(text, at, &cp);
    return is_apostrophe(cp) ? n : 0;
}

enum { BLOCK = 16 };

/* Characters that the processor compares at once, where it can. */
typedef signed char block __attribute__((vector_size(BLOCK)));

static inline block fill(char c)
{
    return (block){0} + (signed char)c;
}

/* All bits of the characters that are from FIRST to LAST, both ASCII. */
static inline block are_between(block x, char first, char last)
{
    return (block)(x >= fill(first)) & (block)(x <= fill(last));
}

/* One bit of each of eight bytes that are all or nothing, the first lowest. */
static inline char bits_of(uint64_t bytes)
{
    return (char)((bytes & 0x0101010101010101u) * 0x0102040810204080u >> 56);
}

static inline void find_plain_block(const char *text, char *lower, char *plain)
{
    block x;
    memcpy(&x, text, BLOCK);
    block letters = are_between(x | fill(0x20), 'a', 'z');
    block all = letters | are_between(x, '0', '9');
    x |= letters & fill(0x20);
    memcpy(lower, &x, BLOCK);
    plain[0] = bits_of(words_eight((const char *)&all));
    plain[1] = bits_of(words_eight((const char *)&all + 8));
}

/* Fill in r->lower and r->plain. If memory is short, words_failed() tells. */
static void find_plain(struct word_reader *r)
{
    size_t n = r->text.n, i = 0;
    strbuf_clear(&r->lower);
    strbuf_clear(&r->plain);
    char *lower = strbuf_reserve(&r->lower, n + BLOCK + WORDS_READABLE);
    char *plain = strbuf_reserve(&r->plain, (n + BLOCK) / 8 + 8);
    if (lower == NULL || plain == NULL)
        return;
    const char *text = r->text.s;
    for (; i + BLOCK <= n; i += BLOCK)
        find_plain_block(text + i, lower + i, plain + i / 8);
    char rest[BLOCK] = {0};
    if (i < n)
        memcpy(rest, text + i, n - i);
    find_plain_block(rest, lower + i, plain + i / 8);
    memset(lower + i + BLOCK, 0, WORDS_READABLE);
    memset(plain + (i + BLOCK) / 8, 0, 8);
}

/* Which characters from AT on are ASCII letters or digits, the first as the lowest bit; of 57 of them. */
static inline uint64_t plain_from(const struct word_reader *r, size_t at)
{
    return (words_eight(r->plain.s + at / 8) >> at % 8) & (((uint64_t)1 << 57) - 1);
}

/* How many of them come before the first other character. */
static inline size_t plain_run(uint64_t plain)
{
    return (size_t)__builtin_ctzll(~plain);
}

/* The ASCII letters and digits from AT on into the word. Returns how many. */
static size_t take_plain(struct word_reader *r, size_t at)
{
    size_t n = plain_run(plain_from(r, at));
    strbuf_add(&r->folded, r->lower.s + at, n);
    return n;
}

/* Take the character at AT, which is no ASCII letter or digit, into the word: its bytes, or 0 where the word ends.
 * *fancy is set when it needs folding beyond ASCII. NUMBER says that the word began with a digit. */
static size_t take_char(struct word_reader *r, size_t at, bool number, bool *fancy)
{
    struct slice text = r->text;
    char c = text.s[at];
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
    for (size_t n; at < r->text.n && ((n = take_plain(r, at)) != 0 || (n = take_char(r, at, number, &fancy)) != 0);)
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

/* Is the character at AT of TEXT, which is not plain, one that a word begins with? */
static bool word_begins_at(struct slice text, size_t at)
{
    return currency_at(text, at) != 0 || (!is_ascii(text.s[at]) && letter_at(text, at));
}

/* Pass over what is between the word that ends at AT and the next one, at which r->at is left. */
static struct marks skip_gap(struct word_reader *r, size_t at)
{
    struct marks m = {0};
    struct slice text = r->text;
    while (at < text.n && (plain_from(r, at) & 1) == 0 && !word_begins_at(text, at)) {
        char c = text.s[at];
        size_t entity = entity_at(text, at);
        if (entity != 0) {
            at += entity;
            see_ascii(&m, ' ', false);
        } else if (is_ascii(c)) {
            at++;
            see_ascii(&m, c, at >= text.n || ascii_is_space(text.s[at]) || text.s[at] == '-');
        } else {
            uint32_t cp;
            at += decode_at(text, at, &cp);
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
    (void)strbuf_reserve(&r->folded, WORDS_READABLE); /* if it fails, words_failed() tells */
    strbuf_clear(&r->raw);
    find_plain(r);
    if (words_failed(r))
        r->at = text.n;
    else
        (void)skip_gap(r, 0);
    r->starts_sentence = r->starts_clause = true;
}

/* Pass over what is between WORD, which ends at AT, and the next one, at which r->at is left. */
static __attribute__((noinline)) struct gap pass_gap(struct word_reader *r, size_t at, struct slice word)
{
    struct marks m = skip_gap(r, at);
    return judge_gap(r, &m, word);
}

static inline void put_token(struct word_reader *r, size_t from, size_t to, struct gap g, struct slice folded,
                             struct token *t)
{
    bool joins_next = is_joint(folded);
    *t = (struct token){.span = {(uint32_t)from, (uint32_t)to},
                        .starts_sentence = r->starts_sentence,
                        .starts_clause = r->starts_clause || (joins_next && folded.s[0] == 'b'),
                        .ends_sentence = g.ends_sentence,
                        .ends_question = g.ends_question};
    r->starts_sentence = g.ends_sentence;
    r->starts_clause = g.ends_clause || joins_next;
}

/* words_next() of any word. */
static __attribute__((noinline)) bool read_any_word(struct word_reader *r, struct token *t, struct slice *folded)
{
    size_t from = r->at, to = read_word(r);
    if (words_failed(r)) {
        r->at = r->text.n;
        return false;
    }
    *folded = strbuf_slice(&r->folded);
    put_token(r, from, to, pass_gap(r, to, *folded), *folded, t);
    return true;
}

/* May a word that begins with FIRST go on with C, though this is no letter or digit, or be an address? */
static bool may_go_on(char first, char c)
{
    if (c == '.' || c == ':')
        return ascii_is_digit(first) || first == 'h' || first == 'w';
    return !is_ascii(c) || c == '\'' || c == '`' || ((c == ',' || c == '/') && ascii_is_digit(first));
}

/* Nearly all words are of ASCII letters and digits, perhaps with an apostrophe between, and can be read off. After
 * nearly all of these comes a blank, and then the next. */
bool words_next(struct word_reader *r, struct token *t, struct slice *folded)
{
    size_t from = r->at;
    if (from >= r->text.n)
        return false;
    const char *s = r->lower.s + from; /* which goes on after the text */
    uint64_t plain = plain_from(r, from);
    size_t n = plain_run(plain);
    if (s[n] == '\'' && (plain >> n & 2) != 0)
        n += 1 + plain_run(plain >> (n + 1));
    if ((plain & 1) == 0 || n > PLAIN_MOST || (s[n] != ' ' && may_go_on(*s, s[n])))
        return read_any_word(r, t, folded);
    struct gap g = {false, false, false};
    *folded = (struct slice){s, n};
    if (s[n] == ' ' && (plain >> n & 2) != 0)
        r->at = from + n + 1;
    else
        g = pass_gap(r, from + n, *folded);
    put_token(r, from, from + n, g, *folded, t);
    return true;
}

bool words_failed(const struct word_reader *r)
{
    return strbuf_failed(&r->folded) || strbuf_failed(&r->raw) || strbuf_failed(&r->lower) || strbuf_failed(&r->plain);
}

void words_free(struct word_reader *r)
{
    strbuf_free(&r->folded);
    strbuf_free(&r->raw);
    strbuf_free(&r->lower);
    strbuf_free(&r->plain);
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
