#include "cli/screen.h"

#include "core/utf8.h"

static bool is_harmful(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x61c || (cp >= 0x200e && cp <= 0x200f) ||
           (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xfeff;
}

void screen_text(struct strbuf *out, struct slice x)
{
    while (x.n > 0) {
        uint32_t cp = 0;
        size_t n = utf8_decode(x, &cp);
        if (cp == '\n' || cp == '\r' || cp == '\t')
            strbuf_putc(out, ' ');
        else if (is_harmful(cp) || cp == 0xfffd)
            strbuf_puts(out, "\xef\xbf\xbd");
        else
            strbuf_add(out, x.s, n);
        x.s += n;
        x.n -= n;
    }
}

struct slice screen_line(struct slice *rest, size_t width)
{
    size_t at = 0;
    size_t columns = 0;
    size_t blank = 0; /* where the last blank is */
    while (at < rest->n && columns < width) {
        uint32_t cp = 0;
        if (rest->s[at] == ' ')
            blank = at;
        at += utf8_decode((struct slice){rest->s + at, rest->n - at}, &cp);
        columns++;
    }
    if (at < rest->n && rest->s[at] != ' ' && blank > 0)
        at = blank;
    struct slice line = {rest->s, at};
    rest->s += at;
    rest->n -= at;
    *rest = slice_trim(*rest);
    return line;
}

void screen_pad(struct strbuf *out, struct slice x, size_t width)
{
    size_t columns = 0;
    strbuf_add_slice(out, x);
    for (size_t i = 0; i < x.n; i++)
        columns += ((unsigned char)x.s[i] & 0xc0) != 0x80;
    for (; columns < width; columns++)
        strbuf_putc(out, ' ');
}
