#include "train/sees.h"

bool class_sees(const struct feature_space *s, uint32_t class, uint32_t feature)
{
    if (feature < feature_first_sense(s))
        return true;
    const char *kind;
    struct slice name = feature_name(s, feature, &kind);
    bool is_of_customers = slice_starts(name, "dispute") || slice_starts(name, "hostile");
    if (class >= CLASS_DISPUTE)
        return is_of_customers;
    if (class >= CLASS_PRACTICE)
        return slice_eq(name, slice_of(class_name(class)));
    return class >= CLASS_STYLE ? !is_of_customers : slice_starts(name, "delivery");
}
