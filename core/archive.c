#include "core/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"

#define BLOCK_BYTES ((size_t)128 << 10)
#define TAR_MAGIC   257 /* offset of "ustar" in a header */

struct archive_in {
    struct archive *a;
    struct strbuf name;
    long nmembers;
};

enum archive_kind archive_look(const unsigned char *bytes, size_t n)
{
    static const struct {
        const char *magic;
        size_t n;
        enum archive_kind kind;
    } magics[] = {
        {"PK\3\4", 4, ARCHIVE_ZIP},       {"PK\5\6", 4, ARCHIVE_ZIP},
        {"PK\7\10", 4, ARCHIVE_ZIP},      {"\x28\xb5\x2f\xfd", 4, ARCHIVE_PACKED},
        {"BZh", 3, ARCHIVE_PACKED},       {"\xfd\x37zXZ", 6, ARCHIVE_PACKED},
        {"7z\xbc\xaf", 4, ARCHIVE_OTHER}, {"Rar!\x1a\7", 6, ARCHIVE_OTHER},
    };
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (n >= magics[i].n && memcmp(bytes, magics[i].magic, magics[i].n) == 0)
            return magics[i].kind;
    return n >= TAR_MAGIC + 5 && memcmp(bytes + TAR_MAGIC, "ustar", 5) == 0 ? ARCHIVE_TAR : ARCHIVE_NONE;
}

/* libarchive's last error. */
static enum err_code fail(struct archive_in *in, struct err *e)
{
    const char *why = archive_error_string(in->a);
    int n = archive_errno(in->a);
    if (n == ENOMEM)
        return err_nomem(e);
    bool is_io = n == EIO || n == ENOENT || n == EACCES || n == EMFILE || n == ENFILE || n == ESTALE;
    return err_set(e, is_io ? ERR_IO : ERR_INPUT, "%s: %s", is_io ? "archive" : "damaged archive",
                   why != NULL ? why : "no valid data");
}

enum err_code archive_open(const char *path, bool is_zip, struct archive_in **out, struct err *e)
{
    struct archive_in *in = calloc(1, sizeof *in);
    *out = NULL;
    if (in == NULL || (in->a = archive_read_new()) == NULL) {
        free(in);
        return err_nomem(e);
    }
    if (is_zip) {
        (void)archive_read_support_format_zip(in->a);
    } else {
        (void)archive_read_support_format_tar(in->a);
        (void)archive_read_support_format_raw(in->a);
        (void)archive_read_support_filter_gzip(in->a);
        (void)archive_read_support_filter_zstd(in->a);
        (void)archive_read_support_filter_xz(in->a);
        (void)archive_read_support_filter_bzip2(in->a);
    }
    if (archive_read_open_filename(in->a, path, BLOCK_BYTES) != ARCHIVE_OK) {
        enum err_code rc = fail(in, e);
        archive_close(in);
        return rc;
    }
    *out = in;
    return ERR_OK;
}

void archive_close(struct archive_in *in)
{
    if (in == NULL)
        return;
    (void)archive_read_free(in->a);
    strbuf_free(&in->name);
    free(in);
}

/* The name of ENTRY, fit to be printed. */
static bool set_name(struct archive_in *in, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);
    if (name == NULL)
        name = archive_entry_pathname(entry);
    strbuf_clear(&in->name);
    if (name == NULL || *name == '\0')
        strbuf_printf(&in->name, "member %ld", in->nmembers);
    else
        strbuf_puts(&in->name, name);
    for (size_t i = 0; i < in->name.n; i++)
        if ((unsigned char)in->name.s[i] < 0x20 || in->name.s[i] == 0x7f)
            in->name.s[i] = '?';
    return !strbuf_failed(&in->name);
}

enum err_code archive_next(struct archive_in *in, struct archive_member *m, bool *has, struct err *e)
{
    struct archive_entry *entry;
    *has = false;
    for (;;) {
        int rc = archive_read_next_header(in->a, &entry);
        if (rc == ARCHIVE_EOF)
            return ERR_OK;
        if (rc == ARCHIVE_RETRY)
            continue;
        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) /* a warning is of names and attributes */
            return fail(in, e);
        in->nmembers++;
        if (archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == NULL)
            break;
    }
    if (!set_name(in, entry))
        return err_nomem(e);
    *m = (struct archive_member){.name = in->name.s, .bytes = -1, .mtime_ns = INT64_MIN};
    if (archive_entry_size_is_set(entry))
        m->bytes = archive_entry_size(entry);
    int64_t mtime = archive_entry_mtime_is_set(entry) ? (int64_t)archive_entry_mtime(entry) : 0;
    if (mtime > 0 && mtime < INT64_C(1) << 33) /* until 2242: in ns it fits */
        m->mtime_ns = mtime * 1000000000 + archive_entry_mtime_nsec(entry);
    m->is_encrypted = archive_entry_is_encrypted(entry) == 1;
    *has = true;
    return ERR_OK;
}

bool archive_is_single(const struct archive_in *in)
{
    return archive_format(in->a) == ARCHIVE_FORMAT_RAW;
}

enum err_code archive_read(struct archive_in *in, void *buf, size_t cap, size_t *n, struct err *e)
{
    *n = 0;
    la_ssize_t got = archive_read_data(in->a, buf, cap);
    if (got < 0)
        return fail(in, e);
    *n = (size_t)got;
    return ERR_OK;
}

int64_t archive_raw_bytes(const struct archive_in *in)
{
    return archive_filter_bytes(in->a, -1);
}
