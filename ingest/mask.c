#include "ingest/mask.h"

#define MAX_GROUPS 10

/* Digits in groups, as numbers are written: "555", "-", "123", "-", "4567". */
struct groups {
    size_t n, digits;
    size_t from[MAX_GROUPS], len[MAX_GROUPS];
    char sep[MAX_GROUPS]; /* between group k and the next: ' ', '-', '.', '/' or ')' */
};

struct hit {
    size_t from, to;
    const char *word;
};

static const unsigned char is_trigger[256] = {
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1,
    ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1, ['@'] = 1,
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* The byte before or at a place, or NUL where there is none. */
static char byte_at(struct slice x, size_t i)
{
    return (char)(i < x.n ? x.s[i] : '\0');
}

/* Length of what stands between two groups at X.s[i]; *kind is its sort. 0 if nothing does. */
static size_t separator(struct slice x, size_t i, char *kind)
{
    size_t n = 0;
    *kind = ' ';
    for (; n < 3 && i + n < x.n; n++) {
        char c = x.s[i + n];
        if (c == '(' || c == ' ')
            continue;
        if ((c != '-' && c != '.' && c != '/' && c != ')') || *kind != ' ')
            break;
        *kind = c;
    }
    return n > 0 && ascii_is_digit(byte_at(x, i + n)) ? n : 0;
}

static void read_groups(struct slice x, size_t at, struct groups *g)
{
    g->n = g->digits = 0;
    while (g->n < MAX_GROUPS && ascii_is_digit(byte_at(x, at))) {
        size_t from = at;
        while (at < x.n && ascii_is_digit(x.s[at]))
            at++;
        g->from[g->n] = from;
        g->len[g->n] = at - from;
        g->digits += at - from;
        at += separator(x, at, &g->sep[g->n]);
        g->n++;
    }
}

/* The first COUNT groups are the hit. It must not go on in a word, nor, with a dash, in another group. */
static bool take(struct slice x, const struct groups *g, size_t count, const char *word, struct hit *h)
{
    size_t to = g->from[count - 1] + g->len[count - 1];
    if (is_letter(byte_at(x, to)) || byte_at(x, to) == '_' || byte_at(x, to) == ':' || byte_at(x, to) == '%' ||
        (count < g->n && g->sep[count - 1] != ' '))
        return false;
    *h = (struct hit){g->from[0], to, word};
    return true;
}

static int value_of(struct slice x, const struct groups *g, size_t k)
{
    int v = 0;
    for (size_t i = 0; i < g->len[k] && i < 6; i++)
        v = v * 10 + (x.s[g->from[k] + i] - '0');
    return v;
}

static bool lens_are(const struct groups *g, size_t first, size_t a, size_t b, size_t c)
{
    return g->n >= first + 3 && g->len[first] == a && g->len[first + 1] == b && g->len[first + 2] == c;
}

/* ---- cards, SSN, IBAN ------------------------------------------------------------------------------------------- */

static bool luhn(struct slice x, const struct groups *g, size_t count)
{
    unsigned sum = 0;
    bool is_doubled = false;
    for (size_t k = count; k-- > 0;) {
        for (size_t i = g->len[k]; i-- > 0; is_doubled = !is_doubled) {
            unsigned d = (unsigned)(x.s[g->from[k] + i] - '0');
            d = is_doubled ? 2 * d : d;
            sum += d > 9 ? d - 9 : d;
        }
    }
    return sum % 10 == 0;
}

static bool match_card(struct slice x, const struct groups *g, struct hit *h)
{
    char first = x.s[g->from[0]];
    if (first < '2' || first > '6' || (g->n > 1 && g->len[0] != 4 && g->len[0] < 13))
        return false;
    size_t digits = 0, best = 0;
    for (size_t k = 0; k < g->n; k++) {
        if (k > 0 && (g->sep[k - 1] != g->sep[0] || (g->sep[0] != ' ' && g->sep[0] != '-')))
            break;
        digits += g->len[k];
        if (digits > 19)
            break;
        if (digits >= 13 && luhn(x, g, k + 1))
            best = k + 1;
    }
    return best != 0 && take(x, g, best, "[card]", h);
}

static bool match_ssn(struct slice x, const struct groups *g, struct hit *h)
{
    if (!lens_are(g, 0, 3, 2, 4) || g->sep[0] != g->sep[1] || (g->sep[0] != '-' && g->sep[0] != ' '))
        return false;
    int area = value_of(x, g, 0);
    return area != 0 && area != 666 && area < 900 && value_of(x, g, 1) != 0 && value_of(x, g, 2) != 0 &&
           take(x, g, 3, "[ssn]", h);
}

/* Countries of the IBAN registry and the lengths of their numbers. */
static const char ibans[] = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18"
                            "FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20"
                            "LU20LV21LY25MC27MD24ME22MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SD18"
                            "SE24SI19SK24SM27ST25SV28TL23TN24TR26UA29VA22VG24XK20";

static size_t iban_length(char a, char b)
{
    for (const char *row = ibans; *row != '\0'; row += 4)
        if (row[0] == a && row[1] == b)
            return (size_t)(row[2] - '0') * 10 + (size_t)(row[3] - '0');
    return 0;
}

static char upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* AT is the first digit: the country stands before it. */
static bool match_iban(struct slice x, size_t at, struct hit *h)
{
    char s[40];
    if (at < 2 || (at > 2 && (is_letter(x.s[at - 3]) || ascii_is_digit(x.s[at - 3]))))
        return false;
    size_t want = iban_length(upper(x.s[at - 2]), upper(x.s[at - 1])), n = 0, i = at - 2;
    for (; n < want && i < x.n; i++) {
        char c = upper(x.s[i]);
        if ((c == ' ' || c == '-') && n >= 4 && n % 4 == 0 && x.s[i - 1] != c)
            continue;
        if (!ascii_is_digit(c) && !(c >= 'A' && c <= 'Z'))
            break;
        s[n++] = c;
    }
    if (want == 0 || n != want || ascii_is_digit(byte_at(x, i)) || is_letter(byte_at(x, i)))
        return false;
    unsigned rest = 0;
    for (size_t k = 0; k < n; k++) {
        char c = s[(k + 4) % n];
        rest =
            ascii_is_digit(c) ? (rest * 10 + (unsigned)(c - '0')) % 97 : (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
    }
    *h = (struct hit){at - 2, i, "[iban]"};
    return rest == 1;
}

/* ---- phones --------------------------------------------------------------------------------------------------------
 */

/* Does one of the words (each with a bar behind it) stand in the 24 bytes before AT? */
static bool is_after_word(struct slice x, size_t at, const char *words)
{
    char before[25];
    size_t n = at < 24 ? at : 24;
    for (size_t i = 0; i < n; i++)
        before[i] = (char)(x.s[at - n + i] | ' '); /* lower case, for letters */
    before[n] = '\0';
    while (*words != '\0') {
        const char *bar = strchr(words, '|');
        size_t len = (size_t)(bar - words);
        for (size_t i = 0; i + len <= n; i++)
            if (memcmp(before + i, words, len) == 0)
                return true;
        words = bar + 1;
    }
    return false;
}

static bool is_named_otherwise(struct slice x, size_t at)
{
    return !is_after_word(x, at, "phone|mobile|cell|whatsapp|tel|call me|reach me|") &&
           is_after_word(x, at, "order|invoice|track|ticket|case|ref|account|claim|policy|serial|member|product|item|");
}

static bool match_north_american(struct slice x, const struct groups *g, struct hit *h)
{
    size_t first = g->len[0] == 1 && x.s[g->from[0]] == '1' && g->n > 3 ? 1 : 0;
    size_t at = g->from[0];
    if (!lens_are(g, first, 3, 3, 4) || g->sep[first] == '/' || g->sep[first + 1] == '/' || g->sep[first + 1] == ')' ||
        !take(x, g, first + 3, "[phone]", h))
        return false;
    if (g->sep[first] == ')') { /* "(555) 234-5678" is nothing else */
        h->from -= first == 0 && at > 0 && x.s[at - 1] == '(';
        return true;
    }
    return x.s[g->from[first]] >= '2' && x.s[g->from[first + 1]] >= '2' && (at == 0 || x.s[at - 1] != '#') &&
           !is_named_otherwise(x, at);
}

/* The most groups of LEAST digits or more that together have at most MAX digits; 0 if those have fewer than MIN. */
static size_t groups_within(const struct groups *g, size_t least, size_t min, size_t max)
{
    size_t digits = 0, k = 0;
    while (k < g->n && digits + g->len[k] <= max && g->len[k] >= least)
        digits += g->len[k++];
    return digits >= min ? k : 0;
}

static bool match_international(struct slice x, const struct groups *g, struct hit *h)
{
    size_t at = g->from[0];
    bool has_plus =
        at > 0 && x.s[at - 1] == '+' && !(at > 1 && (ascii_is_digit(x.s[at - 2]) || is_letter(x.s[at - 2])));
    bool has_zeros = g->len[0] >= 4 && x.s[at] == '0' && x.s[at + 1] == '0' && x.s[at + 2] != '0';
    size_t count = has_plus ? groups_within(g, 1, 8, 15) : has_zeros ? groups_within(g, 1, 11, 17) : 0;
    if (count == 0 || (has_zeros && count == 1 && is_named_otherwise(x, at)) || !take(x, g, count, "[phone]", h))
        return false;
    h->from -= has_plus;
    return true;
}

static bool is_date(struct slice x, const struct groups *g)
{
    int year = g->n >= 3 ? value_of(x, g, 2) : 0;
    return g->n >= 3 && g->len[0] <= 2 && g->len[1] <= 2 && g->len[2] == 4 && value_of(x, g, 0) <= 31 &&
           value_of(x, g, 1) <= 31 && year >= 1900 && year < 2100;
}

/* Numbers with the trunk prefix 0: "030 1234567", "020 7946 0958", "01 23 45 67 89", "07700900123". */
static bool match_national(struct slice x, const struct groups *g, struct hit *h)
{
    size_t at = g->from[0];
    if (x.s[at] != '0' || g->len[0] < 2 || x.s[at + 1] == '0' || is_date(x, g))
        return false;
    if (g->len[0] == 10 || g->len[0] == 11)
        return !is_named_otherwise(x, at) && (at == 0 || x.s[at - 1] != '#') && take(x, g, 1, "[phone]", h);
    size_t count = g->len[0] <= 6 ? groups_within(g, 2, 9, 12) : 0;
    if (count < 2 || !take(x, g, count, "[phone]", h))
        return false;
    if (g->sep[0] == ')' && h->from > 0 && x.s[h->from - 1] == '(')
        h->from--;
    return true;
}

static bool match_bare(struct slice x, const struct groups *g, struct hit *h)
{
    return g->len[0] == 10 && x.s[g->from[0]] >= '2' && x.s[g->from[0] + 3] >= '2' &&
           is_after_word(x, g->from[0], "phone|mobile|cell|whatsapp|tel|") && !is_named_otherwise(x, g->from[0]) &&
           take(x, g, 1, "[phone]", h);
}

/* ---- e-mail --------------------------------------------------------------------------------------------------------
 */

static bool is_local(char c)
{
    return is_letter(c) || ascii_is_digit(c) || (c != '\0' && strchr("._%+-'", c) != NULL);
}

/* AT is the "@"; nothing before FLOOR is looked at. */
static bool match_email(struct slice x, size_t at, size_t floor, struct hit *h)
{
    size_t from = at, to = at + 1, dot = 0;
    while (from > floor && is_local(x.s[from - 1]))
        from--;
    while (from < at && (x.s[from] == '.' || x.s[from] == '\'' || x.s[from] == '-'))
        from++;
    while (to < x.n && (is_letter(x.s[to]) || ascii_is_digit(x.s[to]) || x.s[to] == '-' || x.s[to] == '.')) {
        if (x.s[to] == '.' && (to == at + 1 || x.s[to - 1] == '.'))
            break;
        if (x.s[to] == '.' && is_letter(byte_at(x, to + 1)) && is_letter(byte_at(x, to + 2)))
            dot = to;
        to++;
    }
    while (to > at + 1 && (x.s[to - 1] == '.' || x.s[to - 1] == '-'))
        to--;
    *h = (struct hit){from, to, "[email]"};
    return from < at && dot != 0 && dot < to;
}

/* ---- the pass ------------------------------------------------------------------------------------------------------
 */

/* AT is the first of some digits. */
static bool match_number(struct slice x, size_t at, unsigned kinds, struct hit *h)
{
    struct groups g;
    char before = (char)(at > 0 ? x.s[at - 1] : '\0');
    if ((kinds & MASK_IBAN) && is_letter(before) && match_iban(x, at, h))
        return true;
    if (is_letter(before) || before == '_' || before == '@' || before == '$' || before == '=')
        return false;
    if (at > 1 && strchr("-./,:", before) != NULL && before != '\0' && ascii_is_digit(x.s[at - 2]))
        return false;
    read_groups(x, at, &g);
    if (g.digits < 9)
        return false;
    if ((kinds & MASK_CARD) && match_card(x, &g, h))
        return true;
    if ((kinds & MASK_SSN) && match_ssn(x, &g, h))
        return true;
    return (kinds & MASK_PHONE) && (match_international(x, &g, h) || match_north_american(x, &g, h) ||
                                    match_national(x, &g, h) || match_bare(x, &g, h));
}

size_t mask_text(struct slice x, unsigned kinds, struct strbuf *out)
{
    size_t from = 0, count = 0, i = 0;
    if (kinds == 0)
        return 0;
    for (;;) {
        while (i < x.n && !is_trigger[(unsigned char)x.s[i]])
            i++;
        if (i >= x.n)
            break;
        struct hit h;
        bool found =
            x.s[i] == '@' ? (kinds & MASK_EMAIL) && match_email(x, i, from, &h) : match_number(x, i, kinds, &h);
        if (found && h.from >= from) {
            strbuf_add(out, x.s + from, h.from - from);
            strbuf_puts(out, h.word);
            i = from = h.to;
            count++;
        } else if (x.s[i] == '@') {
            i++;
        } else {
            while (i < x.n && ascii_is_digit(x.s[i]))
                i++;
        }
    }
    if (count != 0)
        strbuf_add(out, x.s + from, x.n - from);
    return count;
}
