#include "report/address.h"

static bool is_printable(struct slice x)
{
    for (size_t i = 0; i < x.n; i++)
        if ((unsigned char)x.s[i] >= 0x7F || (unsigned char)x.s[i] < 0x20)
            return false;
    return true;
}

/* One address: printable ASCII with an @ that has something on both sides; a name before it stands in <>. */
static bool is_address(struct slice x)
{
    size_t at = 0, spaces = 0;
    if (x.n > 2 && x.s[x.n - 1] == '>') {
        size_t open = x.n - 1;
        while (open > 0 && x.s[open] != '<')
            open--;
        if (x.s[open] != '<' || !is_printable((struct slice){x.s, open}))
            return false;
        x = (struct slice){x.s + open + 1, x.n - open - 2};
    }
    for (size_t i = 0; i < x.n; i++) {
        if ((unsigned char)x.s[i] <= ' ' || (unsigned char)x.s[i] >= 0x7F || strchr("<>()[]\\,;:\"", x.s[i]) != NULL)
            spaces++;
        if (x.s[i] == '@')
            at = at == 0 && i > 0 && i + 1 < x.n ? i : x.n;
    }
    return at > 0 && at < x.n && spaces == 0;
}

struct slice address_next(const char **rest)
{
    size_t n = strcspn(*rest, ",");
    struct slice x = slice_trim((struct slice){*rest, n});
    *rest += (*rest)[n] != '\0' ? n + 1 : n;
    return x;
}

enum err_code address_check(const char *addresses, struct err *e)
{
    const char *rest = addresses;
    do {
        struct slice x = address_next(&rest);
        if (!is_address(x))
            return err_set(e, ERR_USAGE, "\"%.*s\" is no mail address", (int)(x.n < 80 ? x.n : 80), x.s);
    } while (*rest != '\0');
    return ERR_OK;
}
