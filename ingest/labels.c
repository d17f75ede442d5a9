#include "ingest/labels.h"

#include "core/when.h"
#include "ingest/line_labels.h"
#include "ingest/roles.h"
#include "ingest/times.h"

#define MS_PER_HOUR      INT64_C(3600000)
#define MOST_LABEL_BYTES 40
#define MOST_LABEL_WORDS 4
#define MOST_NAMES       64 /* names that are told apart in one text */

/* A place where somebody may begin to speak: TEXT[from, name) is a time in brackets, TEXT[name, colon) the label. */
struct label {
    size_t from, name, colon;
    bool is_line_start;
    enum role role;
    bool is_numbered; /* "Speaker 1": somebody, whatever his role */
};

/* Names that stood as a label, and how often. */
struct names {
    struct slice name[MOST_NAMES];
    unsigned at_line_start[MOST_NAMES], in_all[MOST_NAMES];
    size_t n;
    size_t ntimed; /* candidates with a time in brackets before them */
    /* What is a label? If role words name an agent and a customer, nothing else is; and if they do so at the start of
     * lines, nothing elsewhere is. Else names are, too. */
    enum { ROLES_AT_LINES, ROLES, ROLES_AND_NAMES } labels;
};

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* May C stand in a word of a label? */
static bool is_label_byte(char c)
{
    return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("_-.'()#/&", c) != NULL);
}

/* Role words that begin a remark more often than they name who speaks. */
static bool is_doubtful(struct slice word)
{
    static const char *const words[] = {"note",     "notes", "contact",  "lead",   "in",       "out",      "internal",
                                        "external", "event", "business", "action", "incoming", "outgoing", "trigger"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (word.n == n && (word.s[0] | 0x20) == words[i][0] && memcmp(word.s + 1, words[i] + 1, n - 1) == 0)
            return true;
    }
    return false;
}

/* The role of "Agent", or of "Agent Ada", whose name then is *name. Brackets are left to whole lines: where they stand
 * within one, it is not known how many words before them are a name. */
static enum role role_of_label(struct slice word, struct slice *name)
{
    *name = word;
    if (is_doubtful(word))
        return ROLE_UNKNOWN;
    if (word.n != 0 && memchr(word.s, '(', word.n) != NULL)
        return roles_of(word);
    return roles_of_label(word, name);
}

/* Does a line begin at AT, or behind a bracket that may hold a time? */
static bool is_line_start(struct slice text, size_t at)
{
    return at == 0 || is_line_end(text.s[at - 1]) || text.s[at - 1] == ']' || text.s[at - 1] == ')';
}

/* Find the label whose colon is at COLON: at most MOST_LABEL_WORDS words, not before FLOOR. If they fill the line up to
 * the colon, it is all of them; else the most of them that are a role word, or one word, and with a capital. */
static bool find_name(struct slice text, size_t floor, size_t colon, struct label *out)
{
    size_t at = colon, best = colon; /* best: of a role word */
    size_t one = colon;              /* of a single word */
    struct slice unused;
    for (int words = 0; words < MOST_LABEL_WORDS; words++) {
        size_t end = at;
        while (at > floor && is_label_byte(text.s[at - 1]))
            at--;
        if (at == end || colon - at > MOST_LABEL_BYTES)
            break;
        enum role role = role_of_label((struct slice){text.s + at, colon - at}, &unused);
        one = words == 0 ? at : one;
        bool is_somebody = role != ROLE_UNKNOWN || roles_is_numbered((struct slice){text.s + at, colon - at});
        best = is_somebody ? at : best;
        size_t blank = at;
        while (blank > floor && ascii_is_blank(text.s[blank - 1]))
            blank--;
        if (is_line_start(text, blank)) {
            *out = (struct label){.from = at, .name = at, .colon = colon, .is_line_start = true, .role = role};
            return true;
        }
        if (blank == at || blank == floor)
            break;
        at = blank;
    }
    size_t name = best < colon ? best : one;
    if (name == colon || !((text.s[name] >= 'A' && text.s[name] <= 'Z') || (unsigned char)text.s[name] >= 0x80))
        return false;
    *out = (struct label){.from = name, .name = name, .colon = colon};
    out->role = role_of_label((struct slice){text.s + name, colon - name}, &unused);
    return true;
}

/* Take a time in brackets before a label into the label: at the start of a line, where it begins with a digit, or
 * elsewhere, where it is one for sure; what is said before it ends there as at the end of a line. */
static void take_brackets(struct slice text, size_t floor, struct label *l)
{
    size_t at = l->name;
    while (at > floor && ascii_is_blank(text.s[at - 1]))
        at--;
    if (at == floor || (text.s[at - 1] != ']' && text.s[at - 1] != ')'))
        return;
    char open = text.s[at - 1] == ']' ? '[' : '(';
    size_t from = at - 1;
    while (from > floor && text.s[from] != open && !is_line_end(text.s[from]) && at - from < 48)
        from--;
    bool is_first = from == floor || is_line_end(text.s[from - 1]), is_clock;
    bool is_digit = text.s[from] == open && text.s[from + 1] >= '0' && text.s[from + 1] <= '9';
    const struct slice brackets = {text.s + from, at - from};
    int64_t ms;
    if (is_digit && (is_first || line_labels_time(brackets, &ms, &is_clock) == brackets.n))
        l->from = from;
    else
        l->is_line_start = false;
}

/* The next candidate at or behind AT, whose words do not reach before FLOOR; false if there is none. */
static bool next_candidate(struct slice text, size_t floor, size_t at, struct label *l)
{
    while (at < text.n) {
        const char *colon = memchr(text.s + at, ':', text.n - at);
        if (colon == NULL)
            return false;
        size_t i = (size_t)(colon - text.s);
        bool ends_label = i + 1 == text.n || ascii_is_blank(text.s[i + 1]) || is_line_end(text.s[i + 1]);
        if (ends_label && i > floor && find_name(text, floor, i, l)) {
            l->is_numbered = roles_is_numbered((struct slice){text.s + l->name, l->colon - l->name});
            if (l->is_line_start)
                take_brackets(text, floor, l);
            return true;
        }
        at = i + 1;
    }
    return false;
}

static struct slice name_of(struct slice text, const struct label *l)
{
    return (struct slice){text.s + l->name, l->colon - l->name};
}

static size_t find_in_names(const struct names *names, struct slice name)
{
    size_t i = 0;
    while (i < names->n && !slice_eq(names->name[i], name))
        i++;
    return i;
}

static bool is_letter(char c)
{
    return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Does a role word begin a line, and not an item of a list ("- Passengers: 2")? */
static bool begins_line(struct slice text, const struct label *l)
{
    size_t at = l->from;
    while (at > 0 && ascii_is_blank(text.s[at - 1]))
        at--;
    return is_line_start(text, at) && l->role != ROLE_UNKNOWN && is_letter(text.s[l->name]);
}

/* Count the names of labels that are no role words. */
static void collect_names(struct slice text, struct names *names)
{
    struct label l;
    unsigned begins[ROLE_COUNT] = {0}; /* lines that each role begins */
    unsigned roles[ROLE_COUNT] = {0};  /* labels of each role, wherever they stand */
    names->n = names->ntimed = 0;
    for (size_t at = 0; next_candidate(text, at, at, &l); at = l.colon + 1) {
        begins[l.role] += begins_line(text, &l);
        roles[l.role]++;
        names->ntimed += l.from < l.name;
        if (l.role != ROLE_UNKNOWN || !is_letter(text.s[l.name]))
            continue;
        struct slice name = name_of(text, &l);
        size_t i = find_in_names(names, name);
        if (i == MOST_NAMES)
            continue;
        if (i == names->n) {
            names->name[i] = name;
            names->at_line_start[i] = names->in_all[i] = 0;
            names->n++;
        }
        names->at_line_start[i] += l.is_line_start;
        names->in_all[i]++;
    }
    names->labels = begins[ROLE_AGENT] > 0 && begins[ROLE_CUSTOMER] > 0 ? ROLES_AT_LINES
                    : roles[ROLE_AGENT] > 0 && roles[ROLE_CUSTOMER] > 0 ? ROLES
                                                                        : ROLES_AND_NAMES;
}

/* Is the candidate a label? */
static bool is_label(struct slice text, const struct names *names, const struct label *l)
{
    if (l->is_numbered)
        return l->is_line_start || names->labels == ROLES_AND_NAMES;
    if (l->role != ROLE_UNKNOWN || names->labels != ROLES_AND_NAMES)
        return l->role != ROLE_UNKNOWN && (names->labels != ROLES_AT_LINES || begins_line(text, l));
    size_t i = find_in_names(names, name_of(text, l));
    bool is_timed = l->from < l->name && names->ntimed >= 2;
    return i < names->n && names->at_line_start[i] >= 1 && (names->in_all[i] >= 2 || is_timed);
}

/* The next label behind AT; false if there is none. */
static bool next_label(struct slice text, const struct names *names, size_t at, struct label *l)
{
    while (next_candidate(text, at, at, l)) {
        if (is_label(text, names, l))
            return true;
        at = l->colon + 1;
    }
    return false;
}

size_t labels_count(struct slice text)
{
    struct names names;
    struct label l;
    size_t n = 0;
    collect_names(text, &names);
    for (size_t at = 0; next_label(text, &names, at, &l); at = l.colon + 1)
        n++;
    return n;
}

/* A time in brackets before a label: a clock from the start, or (then true comes back) one of the day or an instant. */
static bool read_time(struct slice brackets, int64_t *ms)
{
    bool is_clock = false, has_zone;
    *ms = MS_NONE;
    if (brackets.n == 0)
        return false;
    if (line_labels_time(brackets, ms, &is_clock) != 0)
        return is_clock;
    size_t n = 0;
    while (n + 1 < brackets.n && brackets.s[n + 1] != ']' && brackets.s[n + 1] != ')')
        n++;
    *ms = MS_NONE;
    return times_parse((struct slice){brackets.s + 1, n}, NULL, ms, &has_zone);
}

/* Instants and times of the day become times from the first of them. So do clocks that begin with an hour or more: they
 * are times of the day, for nobody is silent so long. */
static void rebase(struct turn *turns, uint32_t n, bool is_clock)
{
    int64_t first = MS_NONE;
    for (uint32_t i = 0; i < n; i++) {
        if (turns[i].start_ms == MS_NONE)
            continue;
        first = first == MS_NONE ? turns[i].start_ms : first;
        if (!is_clock && first < MS_PER_HOUR)
            return;
        turns[i].start_ms -= first;
        if (turns[i].start_ms < -MS_PER_DAY / 2 && first < MS_PER_DAY) /* midnight */
            turns[i].start_ms += MS_PER_DAY;
    }
}

enum err_code labels_cut(struct slice text, struct arena *a, struct turn **turns, uint32_t *nturns, struct err *e)
{
    if (text.n == 0)
        text = SLICE_LIT(""); /* no address of nothing is counted from */
    struct names names;
    struct label l = {0}, next;
    collect_names(text, &names);
    size_t count = labels_count(text) + 1, at = 0;
    *nturns = 0;
    *turns = count <= UINT32_MAX ? arena_zalloc(a, count, sizeof **turns) : NULL;
    if (*turns == NULL)
        return err_nomem(e);
    bool is_clock = false;
    for (bool has_label = false, has_next = true; has_next; l = next, has_label = true) {
        has_next = next_label(text, &names, at, &next);
        size_t end = has_next ? next.from : text.n;
        struct turn t = {.start_ms = MS_NONE, .end_ms = MS_NONE};
        t.text = slice_trim((struct slice){text.s + at, end - at});
        if (has_label) {
            t.role = l.role;
            (void)role_of_label(name_of(text, &l), &t.speaker_name);
            if (t.role != ROLE_UNKNOWN && roles_of(name_of(text, &l)) != ROLE_UNKNOWN)
                t.speaker_name = SLICE_LIT(""); /* a role alone */
            if (l.name > l.from + 2)            /* "[00:12] " */
                is_clock |= read_time((struct slice){text.s + l.from, l.name - l.from}, &t.start_ms);
        }
        if (t.text.n != 0)
            (*turns)[(*nturns)++] = t;
        if (has_next)
            at = next.colon + 1;
    }
    rebase(*turns, *nturns, is_clock);
    return ERR_OK;
}
