#include "ingest/mail_text.h"

#include "ingest/text_file.h"

#define MOST_ATTRIBUTION_LINES 4

static bool starts_with(struct slice x, const char *word) /* word: lower case */
{
    size_t n = strlen(word);
    if (x.n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = x.s[i];
        if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != word[i])
            return false;
    }
    return true;
}

static bool starts_with_any(struct slice x, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (starts_with(x, words[i]))
            return true;
    return false;
}

static bool contains(struct slice x, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= x.n; i++)
        if (memcmp(x.s + i, word, n) == 0)
            return true;
    return false;
}

/* Do the next lines, LINE the first of them, say "On (date) (somebody) wrote:"? Its number of lines, or 0. */
static int attribution(const struct text_lines *l, struct slice line)
{
    static const char *const begin[] = {"on ", "am ", "le ", "el ", "il ", "op ", "em ", "den "};
    static const char *const verbs[] = {"wrote",      "schrieb", "\303\251crit", "escribi\303\263",
                                        "ha scritto", "schreef", "escreveu",     "skrev"};
    struct text_lines ahead = *l;
    bool has_verb = false;
    if (!starts_with_any(line, begin, sizeof begin / sizeof *begin))
        return 0;
    for (int lines = 1; lines <= MOST_ATTRIBUTION_LINES && line.n != 0 && line.n < 400 && line.s[0] != '>'; lines++) {
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
            has_verb = has_verb || contains(line, verbs[i]);
        if (has_verb && line.s[line.n - 1] == ':')
            return lines;
        if (!text_lines_next(&ahead, &line))
            break;
        line = slice_trim(line);
    }
    return 0;
}

/* Does LINE begin a block of headers, "From: ..." with "Sent:", "Date:", "To:" or "Subject:" below? */
static bool is_header_block(const struct text_lines *l, struct slice line)
{
    static const char *const first[] = {"from:", "*from:", "von:", "de:", "da:"};
    static const char *const others[] = {"sent:",    "date:",  "to:",   "subject:", "cc:",    "gesendet:", "an:",
                                         "betreff:", "datum:", "envoy", "objet",    "asunto", "para:",     "inviato:",
                                         "oggetto:", "data:",  "a:",    "*sent:",   "*to:",   "*date:",    "*subject:"};
    struct text_lines ahead = *l;
    size_t found = 0;
    if (!starts_with_any(line, first, sizeof first / sizeof *first))
        return false;
    for (int i = 0; i < 4 && text_lines_next(&ahead, &line); i++)
        found += starts_with_any(slice_trim(line), others, sizeof others / sizeof *others);
    return found >= 2;
}

static bool is_all(struct slice x, char c, size_t least)
{
    size_t n = 0;
    while (n < x.n && x.s[n] == c)
        n++;
    return n == x.n && n >= least;
}

/* Does the mail's own text end above LINE? */
static bool ends_own(const struct text_lines *l, struct slice line)
{
    static const char *const ends[] = {
        "-----original message-----", "-----urspr",      "begin forwarded message:", "---------- forwarded message",
        "-------- original message",  "----- forwarded", "-----message d'origine",   "inizio messaggio inoltrato:",
        "anfang der weitergeleiteten"};
    struct slice next;
    if (starts_with_any(line, ends, sizeof ends / sizeof *ends) || is_header_block(l, line))
        return true;
    struct text_lines ahead = *l;
    if (!is_all(line, '_', 10) || !text_lines_next(&ahead, &next))
        return false;
    while (slice_trim(next).n == 0)
        if (!text_lines_next(&ahead, &next))
            return false;
    return is_header_block(&ahead, slice_trim(next));
}

/* Is the next line that is not empty a quoted one? */
static bool quote_follows(const struct text_lines *l)
{
    struct text_lines ahead = *l;
    struct slice line;
    while (text_lines_next(&ahead, &line))
        if (slice_trim(line).n != 0)
            return slice_trim(line).s[0] == '>';
    return false;
}

static bool is_small_signature(struct slice line)
{
    static const char *const begin[] = {"sent from my ",     "sent from outlook", "get outlook for ",
                                        "von meinem iphone", "sent via ",         "envoy\xc3\xa9 de mon "};
    return line.n < 80 && starts_with_any(line, begin, sizeof begin / sizeof *begin);
}

void mail_text_own(struct slice body, struct strbuf *out)
{
    struct text_lines l = text_lines_of(body);
    struct slice line;
    size_t start = out->n, blank = 0; /* empty lines that wait for a line behind them */
    while (text_lines_next(&l, &line)) {
        struct slice words = slice_trim(line);
        if (words.n == 0) {
            blank = 1;
            continue;
        }
        bool is_signature = slice_is(line, "-- ") || slice_is(line, "--");
        if (is_signature || ends_own(&l, words))
            break;
        int lines = attribution(&l, words);
        for (int i = 1; i < lines; i++)
            (void)text_lines_next(&l, &line);
        if (lines > 0 && !quote_follows(&l))
            break;
        if (lines > 0 || words.s[0] == '>' || is_small_signature(words))
            continue;
        if (out->n != start)
            strbuf_puts(out, blank > 0 ? "\n\n" : "\n");
        strbuf_add_slice(out, words);
        blank = 0;
    }
}

struct slice mail_text_subject(struct slice subject, bool *is_reply)
{
    static const char *const prefixes[] = {
        "re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "vs:", "antw:", "r:", "tr:", "rv:"};
    *is_reply = false;
    for (bool has_more = true; has_more;) {
        has_more = false;
        subject = slice_trim(subject);
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes && !has_more; i++)
            if (starts_with(subject, prefixes[i])) {
                size_t n = strlen(prefixes[i]);
                subject = (struct slice){subject.s + n, subject.n - n};
                *is_reply = has_more = true;
            }
        const char *close = subject.n != 0 && subject.s[0] == '[' ? memchr(subject.s, ']', subject.n) : NULL;
        if (close != NULL && close + 1 < subject.s + subject.n) {
            subject = (struct slice){close + 1, subject.n - (size_t)(close + 1 - subject.s)};
            has_more = true;
        }
    }
    return subject;
}
