#include "train/sees.h"

static bool begins(struct slice name, const char *with)
{
    size_t n = strlen(with);
    return name.n >= n && memcmp(name.s, with, n) == 0;
}

bool class_sees(const struct feature_space *s, uint32_t class, uint32_t feature)
{
    char buf[32];
    const char *kind;
    struct slice name = feature_name(s, feature, &kind);
    if (strcmp(kind, "prev:") == 0 || strcmp(kind, "earlier:") == 0)
        return false;
    if (strcmp(kind, "sense:") != 0 && strcmp(kind, "ngrams:") != 0)
        return true;
    if (class >= CLASS_DISPUTE)
        return begins(name, "dispute") || begins(name, "hostile");
    if (class >= CLASS_PRACTICE)
        return slice_eq(name, slice_of(class_name(class, buf)));
    return begins(name, "delivery") || (class >= CLASS_STYLE && begins(name, "style."));
}
