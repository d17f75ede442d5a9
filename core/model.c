#include "core/model.h"

static const char *const role_names[ROLE_COUNT] = {"unknown", "agent", "customer", "bot", "system", "note"};
static const char *const origin_names[TIME_ORIGIN_COUNT] = {"record",    "record-in-zone", "record-no-zone",
                                                            "side-data", "file-name",      "file-date"};
static const char *const role_origin_names[ROLE_ORIGIN_COUNT] = {"told", "roster", "option", "guessed"};
static const char *const style_names[STYLE_COUNT] = {"", "confrontational", "choice", "neutral", "offrecord"};
static const char *const practice_names[PRACTICE_COUNT] = {"reason",      "acknowledge", "align",    "apology",
                                                           "alternative", "probe",       "escalate", "advocate",
                                                           "autonomy",    "blame",       "absolute"};
static const char *const kind_names[TAG_KIND_COUNT] = {"delivery", "style", "practice", "dispute", "hostile", "upset"};
static const char *const outcome_names[OUTCOME_COUNT] = {"silent", "accepted", "disputed", "hostile"};

const char *role_name(enum role r)
{
    return role_names[r];
}

const char *time_origin_name(enum time_origin o)
{
    return origin_names[o];
}

const char *role_origin_name(enum role_origin o)
{
    return role_origin_names[o];
}

const char *style_name(enum style s)
{
    return style_names[s];
}

const char *practice_name(enum practice p)
{
    return practice_names[p];
}

const char *tag_kind_name(enum tag_kind k)
{
    return kind_names[k];
}

const char *outcome_name(enum outcome o)
{
    return outcome_names[o];
}

bool style_from_name(struct slice word, enum style *out)
{
    for (int s = STYLE_CONFRONTATIONAL; s < STYLE_COUNT; s++)
        if (slice_is(word, style_names[s])) {
            *out = (enum style)s;
            return true;
        }
    return false;
}

bool practice_from_name(struct slice word, enum practice *out)
{
    for (int p = 0; p < PRACTICE_COUNT; p++)
        if (slice_is(word, practice_names[p])) {
            *out = (enum practice)p;
            return true;
        }
    return false;
}
