/* What the kinds of options allow, and what their texts mean. */
#include "cli/option_parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/when.h"
#include "ingest/ingest.h"

bool option_parse_flag(const char *text, bool *out)
{
    static const char *const yes[] = {"yes", "true", "on", "1"};
    static const char *const no[] = {"no", "false", "off", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *out = strcmp(text, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

bool option_parse_count(const char *text, int64_t *out)
{
    if (text[0] < '0' || text[0] > '9')
        return false;
    char *end = NULL;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || v > INT32_MAX)
        return false;
    *out = v;
    return true;
}

bool option_parse_bytes(const char *text, int64_t *out)
{
    if (text[0] < '0' || text[0] > '9')
        return false;
    char *end = NULL;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    int shift = 0;
    if (*end != '\0') {
        const char *units = "KMG";
        const char *unit = strchr(units, *end);
        if (unit == NULL || end[1] != '\0')
            return false;
        shift = 10 * (int)(unit - units + 1);
    }
    if (errno != 0 || v <= 0 || v > (INT64_C(1) << 40 >> shift))
        return false;
    *out = v << shift;
    return true;
}

bool option_parse_mask(const char *text, unsigned *out)
{
    static const struct {
        const char *word;
        unsigned bits;
    } words[] = {{"all", MASK_ALL},   {"none", 0},           {"card", MASK_CARD},  {"ssn", MASK_SSN},
                 {"iban", MASK_IBAN}, {"email", MASK_EMAIL}, {"phone", MASK_PHONE}};
    unsigned bits = 0;
    for (const char *at = text;; at++) {
        size_t n = strcspn(at, ",");
        struct slice word = slice_trim((struct slice){at, n});
        size_t i = 0;
        while (i < sizeof words / sizeof *words && !slice_is(word, words[i].word))
            i++;
        if (i == sizeof words / sizeof *words)
            return false;
        bits |= words[i].bits;
        at += n;
        if (*at == '\0')
            break;
    }
    *out = bits;
    return true;
}

bool option_parse_last(const char *text, int64_t *days)
{
    *days = strcmp(text, "month") == 0 ? -1 : 0;
    if (*days == -1 || strcmp(text, "week") == 0)
        return true;
    size_t n = strlen(text);
    char digits[8];
    if (n < 2 || n >= sizeof digits || text[n - 1] != 'd')
        return false;
    memcpy(digits, text, n - 1);
    digits[n - 1] = '\0';
    return option_parse_count(digits, days) && *days > 0;
}

bool option_parse_weekday(const char *text, int64_t *out)
{
    static const char *const names[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    size_t n = strlen(text);
    for (int i = 0; i < 7 && n >= 3; i++) {
        if (strncmp(text, names[i], n) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool option_parse_compare(const char *text, struct compare *out)
{
    *out = (struct compare){COMPARE_BEFORE, 0, 0};
    if (strcmp(text, "before") == 0)
        return true;
    if (strcmp(text, "year") == 0) {
        out->kind = COMPARE_YEAR;
        return true;
    }
    if (when_parse_week(slice_of(text), &out->from_day)) {
        out->kind = COMPARE_WEEK;
        return true;
    }
    const char *dots = strstr(text, "..");
    if (dots == NULL || !when_parse_date((struct slice){text, (size_t)(dots - text)}, &out->from_day) ||
        !when_parse_date(slice_of(dots + 2), &out->to_day) || out->to_day < out->from_day)
        return false;
    out->kind = COMPARE_SPAN;
    out->to_day++;
    return true;
}

/* Of a probability: "0.1". The locale is never set, so the point is a point. */
static bool is_margin(const char *text)
{
    char *end = NULL;
    size_t n = strlen(text);
    return n > 0 && n < 16 && strspn(text, "0123456789.") == n && strtod(text, &end) <= 0.5 && *end == '\0';
}

enum err_code option_check(const struct opt_row *row, const char *text, struct err *e)
{
    struct slice x = slice_of(text);
    bool is_flag = false;
    bool is_right = true;
    int64_t number = 0;
    unsigned bits = 0;
    struct compare compare;
    const char *want = "";
    switch (row->kind) {
    case KIND_TEXT:
        break;
    case KIND_PATH:
        is_right = x.n > 0, want = "a path";
        break;
    case KIND_FLAG:
        is_right = option_parse_flag(text, &is_flag), want = "yes or no";
        break;
    case KIND_COUNT:
        is_right = option_parse_count(text, &number), want = "a whole number from 0 on";
        break;
    case KIND_BYTES:
        is_right = option_parse_bytes(text, &number), want = "a number of bytes such as 500K or 64M";
        break;
    case KIND_DAY:
        is_right = when_parse_date(x, &number), want = "a day such as 2026-11-16";
        break;
    case KIND_WEEK:
        is_right = when_parse_week(x, &number), want = "an ISO week such as 2026-W47";
        break;
    case KIND_TIME:
        is_right = when_parse_iso(x, &number, &is_flag), want = "a time such as 2026-11-22T03:00:00Z";
        break;
    case KIND_LAST:
        is_right = option_parse_last(text, &number), want = "week, month, or a number of days such as 30d";
        break;
    case KIND_COMPARE:
        is_right = option_parse_compare(text, &compare),
        want = "before, year, a week such as 2026-W40, or days such as 2026-10-01..2026-10-07";
        break;
    case KIND_WEEKDAY:
        is_right = option_parse_weekday(text, &number), want = "a weekday such as monday";
        break;
    case KIND_MARGIN:
        is_right = is_margin(text), want = "a number from 0 to 0.5";
        break;
    case KIND_MASK:
        is_right = option_parse_mask(text, &bits), want = "all, none, or some of card,ssn,iban,email,phone";
        break;
    }
    if (is_right)
        return ERR_OK;
    return err_set(e, ERR_USAGE, "%s: \"%.80s\" is not %s", row->name, text, want);
}
