#include "ingest/line_labels.h"

#include "core/hash.h"
#include "core/model.h"
#include "core/utf8.h"
#include "ingest/roles.h"
#include "ingest/times.h"

#define MOST_WORDS      4
#define MOST_CHARACTERS 40
#define MS_PER_HOUR     INT64_C(3600000)

static struct slice behind(struct slice x, size_t n)
{
    x = (struct slice){x.s + n, x.n - n};
    while (x.n > 0 && ascii_is_blank(x.s[0]))
        x.s++, x.n--;
    return x;
}

/* ---- times ---------------------------------------------------------------------------------------------------------
 */

/* "AM", "p.m." and the like at the start of X, blanks before it: its bytes, or 0. *half: hours to add to 1 to 11. */
static size_t read_half(struct slice x, int *half)
{
    size_t i = 0;
    while (i < x.n && ascii_is_blank(x.s[i]))
        i++;
    if (i >= x.n || ((x.s[i] | 0x20) != 'a' && (x.s[i] | 0x20) != 'p'))
        return 0;
    *half = (x.s[i] | 0x20) == 'p' ? 12 : 0;
    i++;
    i += i < x.n && x.s[i] == '.';
    if (i >= x.n || (x.s[i] | 0x20) != 'm')
        return 0;
    i++;
    i += i < x.n && x.s[i] == '.';
    return i == x.n || ascii_is_blank(x.s[i]) || strchr("])}:-,", x.s[i]) != NULL ? i : 0;
}

/* "2026-11-16 09:30:05", "2026-11-16T09:30:05.5Z", at the start of X: its bytes, or 0. */
static size_t read_instant(struct slice x, int64_t *ms)
{
    size_t n = 10;
    bool has_zone;
    if (x.n < 16 || x.s[4] != x.s[7] || (x.s[4] != '-' && x.s[4] != '/') || (x.s[10] != ' ' && x.s[10] != 'T'))
        return 0;
    for (n++; n < x.n && (ascii_is_digit(x.s[n]) || strchr(":.,", x.s[n]) != NULL) && x.s[n] != '\0';)
        n++;
    while (x.s[n - 1] == ':' || x.s[n - 1] == ',' || x.s[n - 1] == '.')
        n--;
    if (n < x.n && x.s[n] == 'Z')
        n++;
    else if (n + 6 <= x.n && (x.s[n] == '+' || x.s[n] == '-') && ascii_is_digit(x.s[n + 1]) && x.s[n + 3] == ':')
        n += 6;
    return times_parse((struct slice){x.s, n}, NULL, ms, &has_zone) ? n : 0;
}

size_t line_labels_time(struct slice x, int64_t *ms, bool *is_clock)
{
    size_t open = x.n > 0 && (x.s[0] == '[' || x.s[0] == '('), i = open;
    size_t instant = read_instant((struct slice){x.s + open, x.n - open}, ms);
    while (instant == 0 && i < x.n &&
           (ascii_is_digit(x.s[i]) ||
            ((x.s[i] == ':' || x.s[i] == '.' || x.s[i] == ',') && i + 1 < x.n && ascii_is_digit(x.s[i + 1]))))
        i++;
    if (instant == 0 && (!times_parse_offset((struct slice){x.s + open, i - open}, false, ms) ||
                         memchr(x.s + open, ':', i - open) == NULL))
        return 0;
    int half = 0;
    size_t n = instant == 0 ? read_half((struct slice){x.s + i, x.n - i}, &half) : 0;
    i += instant;
    *is_clock = n > 0 || instant != 0;
    if (n > 0) {
        size_t colons = 0;
        for (size_t k = open; k < i; k++)
            colons += x.s[k] == ':';
        *ms = colons > 1 ? *ms : *ms * 60; /* "10:15 AM" was read as minutes and seconds */
        if (half == 12 && *ms < 12 * MS_PER_HOUR)
            *ms += 12 * MS_PER_HOUR;
        else if (half == 0 && *ms >= 12 * MS_PER_HOUR)
            *ms -= 12 * MS_PER_HOUR;
        i += n;
    }
    while (i < x.n && ascii_is_blank(x.s[i]))
        i++;
    if (open) {
        if (i >= x.n || x.s[i] != (x.s[0] == '[' ? ']' : ')'))
            return 0;
        i++;
    } else if (i < x.n && !ascii_is_blank(x.s[i - 1]) && x.s[i] != ':') {
        return 0; /* "10:15x" */
    }
    while (i < x.n && (ascii_is_blank(x.s[i]) || x.s[i] == '-' || (x.s[i] == ':' && !open)))
        i++;
    return i;
}

/* A time in brackets at the end of X is cut off X. */
static void take_time_behind(struct slice *x, struct line_label *out)
{
    if (x->n == 0 || (x->s[x->n - 1] != ')' && x->s[x->n - 1] != ']'))
        return;
    char open = x->s[x->n - 1] == ')' ? '(' : '[';
    size_t i = x->n;
    while (i > 0 && x->s[i - 1] != open)
        i--;
    if (i == 0)
        return;
    struct slice time = {x->s + i - 1, x->n - i + 1};
    if (line_labels_time(time, &out->time_ms, &out->is_clock) == time.n)
        *x = slice_trim((struct slice){x->s, i - 1});
}

/* ---- labels --------------------------------------------------------------------------------------------------------
 */

/* Is WORD one of the blank-separated WORDS (lower case)? */
static bool is_one_of(struct slice word, const char *words)
{
    for (const char *w = words; *w != '\0';) {
        size_t n = strcspn(w, " "), same = 0;
        while (word.n == n && same < n && (word.s[same] | 0x20) == w[same])
            same++;
        if (same == n)
            return true;
        w += n + (w[n] == ' ');
    }
    return false;
}

/* Words that begin a remark more often than they name who speaks. */
static bool is_remark(struct slice word)
{
    return is_one_of(
        word,
        "note notes contact lead in out internal external event business action incoming outgoing inbound outbound "
        "trigger http https re fw fwd ps info warn warning error debug trace fatal notice");
}

/* The same of "Action 1", "Outbound - May 20", "Internal (draft)". */
static bool begins_remark(struct slice label)
{
    size_t n = 0;
    while (n < label.n && label.s[n] != '(' && !(label.s[n] == '-' && n > 0 && ascii_is_blank(label.s[n - 1])))
        n++;
    while (n > 0 && (ascii_is_digit(label.s[n - 1]) || ascii_is_blank(label.s[n - 1])))
        n--;
    return is_remark((struct slice){label.s, n});
}

/* The role that LABEL names; none for "Cost (Business)", whose role word is as good as no word for a speaker. */
static enum role role_in(struct slice label)
{
    struct slice name;
    enum role role = roles_of_label(label, &name);
    size_t n = 0;
    while (n < label.n && label.s[n] != '(')
        n++;
    if (role == ROLE_UNKNOWN || n == label.n || label.s[label.n - 1] != ')')
        return role;
    return is_remark(slice_trim((struct slice){label.s + n + 1, label.n - n - 2})) ? ROLE_UNKNOWN : role;
}

/* Words for what stands in a record. */
static bool is_field(struct slice word)
{
    return is_one_of(word, "name phone telephone mobile fax email address street city zip country date subject title "
                           "id status priority type category description summary version url link website file path "
                           "price total amount quantity attendees location duration");
}

/* Does X begin with the level of a log, "ERROR db"? */
static bool has_level(struct slice x)
{
    size_t n = 0;
    while (n < x.n && !ascii_is_blank(x.s[n]))
        n++;
    return n < x.n && is_one_of((struct slice){x.s, n}, "info warn warning error debug trace fatal notice critical");
}

/* What captions say of the sound. */
static bool is_sound(struct slice word)
{
    return is_one_of(word,
                     "music applause laughter laughs laughing inaudible crosstalk silence noise pause blank_audio "
                     "foreign sighs coughs");
}

/* May X be the name of somebody? */
static bool is_like_name(struct slice x)
{
    size_t words = 0, characters = 0;
    bool in_word = false;
    uint32_t cp = 0;
    for (size_t i = 0; i < x.n;) {
        i += utf8_decode((struct slice){x.s + i, x.n - i}, &cp);
        if (i <= 4 && characters == 0 && !utf8_is_letter(cp) && cp < 0x80 && cp != '+' && cp != '@')
            return false;
        if (cp < 0x80 && !utf8_is_letter(cp) && strchr(" _-.'()#/&,@+*", (char)cp) == NULL)
            return false;
        words += cp != ' ' && !in_word;
        in_word = cp != ' ';
        characters++;
    }
    bool is_number = x.n > 0 && ascii_is_digit(x.s[0]);
    bool is_initial = x.n > 3 && x.s[x.n - 3] == ' '; /* "Ada L." */
    return characters > 0 && characters <= MOST_CHARACTERS && words <= MOST_WORDS && !is_number &&
           (cp != '.' || is_initial) && cp != ',';
}

/* "[Ada] Hello" or "[Ada]: Hello". */
static bool split_brackets(struct slice line, struct line_label *out)
{
    const char *close = memchr(line.s, ']', line.n);
    if (close == NULL)
        return false;
    out->name = slice_trim((struct slice){line.s + 1, (size_t)(close - line.s) - 1});
    struct slice text = behind(line, (size_t)(close - line.s) + 1);
    out->text = text.n > 0 && text.s[0] == ':' ? behind(text, 1) : text;
    out->is_bracketed = true;
    return is_like_name(out->name) && !is_sound(out->name);
}

/* "SPEAKER: S1", and nothing else: what is said stands below. */
static bool is_speechmatics(struct slice line, struct line_label *out)
{
    static const char word[] = "SPEAKER: ";
    if (!slice_starts(line, word))
        return false;
    out->name = behind(line, sizeof word - 1);
    out->text = (struct slice){line.s + line.n, 0};
    out->is_sure = out->name.n != 0 && out->name.n <= 10 && memchr(out->name.s, ' ', out->name.n) == NULL &&
                   is_like_name(out->name);
    return out->is_sure;
}

/* "- ", "* ", "12. " at the start of X: its bytes, or 0. */
static size_t list_marker(struct slice x)
{
    size_t n = 0;
    while (n < x.n && n < 4 && ascii_is_digit(x.s[n]))
        n++;
    if (n < x.n && ((n > 0 && (x.s[n] == '.' || x.s[n] == ')')) || (n == 0 && (x.s[n] == '-' || x.s[n] == '*'))))
        n++;
    else
        return 0;
    return n < x.n && ascii_is_blank(x.s[n]) ? n : 0;
}

bool line_labels_split(struct slice line, struct line_label *out)
{
    *out = (struct line_label){.time_ms = MS_NONE};
    line = behind(line, 0);
    if (is_speechmatics(line, out))
        return true;
    size_t marker = list_marker(line);
    if (marker != 0) { /* items of a list are what somebody says, unless they say who */
        line = behind(line, marker);
        bool is_like = list_marker(line) == 0 && line_labels_split(line, out);
        out->is_item = true;
        return is_like && role_in(out->name) != ROLE_UNKNOWN;
    }
    line = behind(line, line_labels_time(line, &out->time_ms, &out->is_clock));
    while (line.n > 1 && (line.s[0] == '*' || line.s[0] == '>')) /* "**Agent:** Hello", ">> Ada: Hello" */
        line = behind(line, 1);
    if (line.n > 2 && line.s[0] == '[')
        return split_brackets(line, out);
    struct slice head = {line.s, line.n < 200 ? line.n : 200};
    for (size_t i = 0; i < head.n; i++) {
        if (head.s[i] != ':')
            continue;
        size_t stars = 0; /* "**Agent**: Hello" */
        while (i + 1 + stars < line.n && line.s[i + 1 + stars] == '*')
            stars++;
        if (i + 1 + stars < line.n && !ascii_is_blank(line.s[i + 1 + stars])) {
            if (head.s[0] != '[' && memchr(head.s, '(', i) == NULL && memchr(head.s, '[', i) == NULL)
                return false;
            continue; /* within "Ada (00:12):" */
        }
        out->name = slice_trim((struct slice){line.s, i});
        take_time_behind(&out->name, out);
        while (out->name.n > 0 && out->name.s[out->name.n - 1] == '*')
            out->name.n--;
        out->text = behind(line, i + 1 + stars);
        return is_like_name(out->name) && !begins_remark(out->name) && !is_field(out->name) && !has_level(out->name);
    }
    return false;
}

void line_labels_learn(struct line_labels *l, struct slice line)
{
    struct line_label x;
    if (slice_trim(line).n == 0)
        return;
    l->nlines++;
    if (!line_labels_split(line, &x)) {
        l->nfields += is_field(x.name);
        return;
    }
    enum role role = role_in(x.name);
    if (x.is_item) {
        l->item_agent = l->item_agent || role == ROLE_AGENT;
        l->item_customer = l->item_customer || role == ROLE_CUSTOMER;
        return;
    }
    l->nlike++;
    l->ntimed += x.time_ms != MS_NONE;
    l->has_agent = l->has_agent || role == ROLE_AGENT;
    l->has_customer = l->has_customer || role == ROLE_CUSTOMER;
    uint64_t hash = hash64(x.name);
    size_t i = 0;
    while (i < l->n && l->name[i] != hash)
        i++;
    if (i == LINE_LABELS_MOST)
        return;
    l->name[i] = hash;
    l->seen[i]++;
    l->n += i == l->n;
}

bool line_labels_find(const struct line_labels *l, struct slice line, struct line_label *out)
{
    if (!line_labels_split(line, out) || (out->is_item && !line_labels_are_items(l)))
        return false;
    if (out->is_sure || role_in(out->name) != ROLE_UNKNOWN || roles_is_numbered(out->name))
        return true;
    if (l->has_agent && l->has_customer)
        return false;
    uint64_t hash = hash64(out->name);
    for (size_t i = 0; i < l->n; i++)
        if (l->name[i] == hash && l->seen[i] >= 2)
            return true;
    uint32_t first = 0;
    (void)utf8_decode(out->name, &first);
    bool is_capital = (first >= 'A' && first <= 'Z') || first >= 0x80;
    bool is_timed = out->time_ms != MS_NONE && l->ntimed >= 2 && 10 * l->ntimed >= 8 * l->nlike;
    return is_capital && (is_timed || 10 * l->nlike >= 8 * l->nlines);
}
