#include "ingest/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/archive.h"
#include "core/file.h"
#include "core/gz.h"

#define GZ_BYTES ((size_t)64 << 10)

struct unpack {
    struct unpack_limits limits;
    struct infile *file; /* NULL: an archive, or nothing */
    struct archive_in *archive;
    struct archive_member first; /* of the archive, if has_first: read when it was opened */
    bool has_first;
    struct gz_reader *gz;      /* kept from member to member */
    bool is_gz;                /* the member is gzipped */
    bool is_begun;             /* its first bytes were looked at */
    bool is_over;              /* a limit was met */
    int64_t file_bytes;        /* of the file; 0: not known */
    int64_t unpacked;          /* bytes, of all members */
    struct err refused;        /* why the member is not read */
    const unsigned char *next; /* of a gzipped member: bytes of in that are not inflated yet */
    size_t left;
    size_t nhead, head_at; /* bytes that were read to see what this is, and how many were given */
    unsigned char head[ARCHIVE_LOOK_BYTES];
    unsigned char in[GZ_BYTES];
};

struct unpack *unpack_new(const struct unpack_limits *limits)
{
    struct unpack *u = calloc(1, sizeof *u);
    if (u != NULL)
        u->limits = *limits;
    return u;
}

void unpack_close(struct unpack *u)
{
    infile_close(u->file);
    archive_close(u->archive);
    u->file = NULL;
    u->archive = NULL;
}

void unpack_free(struct unpack *u)
{
    if (u == NULL)
        return;
    unpack_close(u);
    gz_reader_free(u->gz);
    free(u);
}

bool unpack_is_over_limit(const struct unpack *u)
{
    return u->is_over;
}

int64_t unpack_raw_bytes(const struct unpack *u)
{
    if (u->file != NULL)
        return infile_raw_bytes(u->file);
    if (u->archive == NULL)
        return 0;
    int64_t n = archive_raw_bytes(u->archive);
    return u->file_bytes != 0 && n > u->file_bytes ? u->file_bytes : n;
}

/* ---- limits ----------------------------------------------------------------------------------------------------- */

/* N more bytes were unpacked: is that still fine? */
static enum err_code count(struct unpack *u, size_t n, struct err *e)
{
    int64_t packed = u->file_bytes != 0 ? u->file_bytes : unpack_raw_bytes(u);
    u->unpacked += (int64_t)n;
    if (u->limits.max_bytes != 0 && u->unpacked > u->limits.max_bytes) {
        u->is_over = true;
        err_set(e, ERR_INPUT, "unpacks to more than %lld bytes", (long long)u->limits.max_bytes);
        return err_hint(e, "if that is right, allow more by --max-unpacked");
    }
    if (u->limits.max_ratio != 0 && u->unpacked > UNPACK_FREE_BYTES && u->unpacked / u->limits.max_ratio >= packed) {
        u->is_over = true;
        err_set(e, ERR_INPUT, "unpacks to more than %lld times its size: a decompression bomb?",
                (long long)u->limits.max_ratio);
        return err_hint(e, "if it is none, allow more by --max-ratio");
    }
    return ERR_OK;
}

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

/* The next bytes of a gzipped member. */
static enum err_code read_gz(struct unpack *u, void *buf, size_t cap, size_t *n, struct err *e)
{
    for (;;) {
        if (gz_inflate(u->gz, &u->next, &u->left, buf, cap, n, e) != ERR_OK)
            return e->code;
        if (*n != 0)
            return ERR_OK;
        if (archive_read(u->archive, u->in, GZ_BYTES, &u->left, e) != ERR_OK)
            return e->code;
        if (u->left == 0)
            break;
        u->next = u->in;
    }
    return gz_reader_is_whole(u->gz) ? ERR_OK : err_set(e, ERR_INPUT, "gzip: the member is cut off");
}

/* Behind all layers but the head. */
static enum err_code read_bytes(struct unpack *u, void *buf, size_t cap, size_t *n, struct err *e)
{
    *n = 0;
    if (u->file != NULL)
        return infile_read(u->file, buf, cap, n, e);
    return u->is_gz ? read_gz(u, buf, cap, n, e) : archive_read(u->archive, buf, cap, n, e);
}

/* Read the first bytes. An error after some of them comes again. */
static enum err_code fill_head(struct unpack *u, struct err *e)
{
    enum err_code rc = ERR_OK;
    u->nhead = u->head_at = 0;
    for (size_t n = 1; n != 0 && rc == ERR_OK && u->nhead < sizeof u->head; u->nhead += n)
        rc = read_bytes(u, u->head + u->nhead, sizeof u->head - u->nhead, &n, e);
    return rc == ERR_INPUT && u->nhead != 0 ? ERR_OK : rc;
}

/* The first bytes of a member: is it gzipped, is it an archive? */
static enum err_code look_at_member(struct unpack *u, struct err *e)
{
    u->is_begun = true;
    if (fill_head(u, e) != ERR_OK)
        return e->code;
    if (gz_is_magic(u->head, u->nhead)) {
        gz_reader_free(u->gz);
        if ((u->gz = gz_reader_new()) == NULL)
            return err_nomem(e);
        memcpy(u->in, u->head, u->nhead);
        u->next = u->in;
        u->left = u->nhead;
        u->is_gz = true;
        if (fill_head(u, e) != ERR_OK)
            return e->code;
    }
    if (archive_look(u->head, u->nhead) == ARCHIVE_NONE)
        return ERR_OK;
    err_set(e, ERR_INPUT, "is an archive within an archive");
    return err_hint(e, "unpack the outer one");
}

enum err_code unpack_read(void *unpack, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct unpack *u = unpack;
    *n = 0;
    if (u->refused.code != ERR_OK) {
        *e = u->refused;
        return e->code;
    }
    if (!u->is_begun && look_at_member(u, e) != ERR_OK) {
        u->refused = *e;
        return e->code;
    }
    if (u->head_at < u->nhead) {
        *n = u->nhead - u->head_at < cap ? u->nhead - u->head_at : cap;
        memcpy(buf, u->head + u->head_at, *n);
        u->head_at += *n;
    } else if (read_bytes(u, buf, cap, n, e) != ERR_OK) {
        return e->code;
    }
    if (*n != 0 && count(u, *n, e) != ERR_OK) {
        u->refused = *e;
        *n = 0;
        return e->code;
    }
    return ERR_OK;
}

/* ---- files and members ------------------------------------------------------------------------------------------ */

/* Zips that are no archives of texts tell by a member. */
static const char *what_document(const char *name)
{
    static const struct {
        const char *name, *what;
    } documents[] = {
        {"xl/workbook.xml", "is an Excel workbook"}, {"xl/workbook.bin", "is an Excel workbook"},
        {"word/document.xml", "is a Word document"}, {"ppt/presentation.xml", "is a presentation"},
        {"content.xml", "is an OpenDocument file"},  {"META-INF/container.xml", "is an e-book"},
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        if (strcmp(name, documents[i].name) == 0)
            return documents[i].what;
    return NULL;
}

/* Refuse a workbook or a document by the names of its members. */
static enum err_code refuse_document(const char *path, struct err *e)
{
    struct archive_in *a = NULL;
    struct archive_member m;
    bool has = true, is_office = false;
    const char *what = NULL;
    enum err_code rc = archive_open(path, true, &a, e);
    while (rc == ERR_OK && has && what == NULL) {
        rc = archive_next(a, &m, &has, e);
        if (rc != ERR_OK || !has)
            break;
        is_office = is_office || strcmp(m.name, "[Content_Types].xml") == 0 || strcmp(m.name, "mimetype") == 0;
        what = what_document(m.name);
        if (what != NULL && !is_office && strcmp(m.name, "content.xml") == 0)
            what = NULL;
    }
    archive_close(a);
    if (what == NULL && !is_office)
        return ERR_OK; /* damage is told when the members are read */
    err_set(e, ERR_INPUT, "%s, which is not read", what != NULL ? what : "is an Office document");
    return err_hint(e, "save it as CSV (a table) or as plain text, in UTF-8");
}

static enum err_code open_archive(struct unpack *u, const char *path, bool is_zip, bool *is_archive, struct err *e)
{
    infile_close(u->file);
    u->file = NULL;
    if (strcmp(path, "-") == 0) {
        err_set(e, ERR_INPUT, "an archive on standard input is not read");
        return err_hint(e, "give its path");
    }
    if (is_zip && refuse_document(path, e) != ERR_OK)
        return e->code;
    if (archive_open(path, is_zip, &u->archive, e) != ERR_OK)
        return e->code;
    *is_archive = true;
    if (is_zip)
        return ERR_OK;
    if (archive_next(u->archive, &u->first, &u->has_first, e) != ERR_OK)
        return e->code;
    if (u->has_first && archive_is_single(u->archive)) {
        *is_archive = false;
        u->nhead = u->head_at = 0;
    }
    return ERR_OK;
}

enum err_code unpack_open(struct unpack *u, const char *path, bool *is_archive, struct err *e)
{
    struct stat st;
    unpack_close(u);
    *is_archive = false;
    u->is_gz = u->is_over = u->has_first = false;
    u->unpacked = 0;
    u->refused.code = ERR_OK;
    u->file_bytes = strcmp(path, "-") != 0 && stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
    u->is_begun = true;
    u->nhead = u->head_at = 0;
    if (infile_open(path, &u->file, e) != ERR_OK || fill_head(u, e) != ERR_OK)
        return e->code;
    switch (archive_look(u->head, u->nhead)) {
    case ARCHIVE_ZIP:
        if (infile_is_gzip(u->file)) {
            err_set(e, ERR_INPUT, "is an archive within an archive");
            return err_hint(e, "unpack the outer one");
        }
        return open_archive(u, path, true, is_archive, e);
    case ARCHIVE_TAR:
    case ARCHIVE_PACKED:
        return open_archive(u, path, false, is_archive, e);
    case ARCHIVE_OTHER:
        err_set(e, ERR_INPUT, "is a 7z or rar archive, which is not read");
        return err_hint(e, "unpack it, or pack it as zip");
    case ARCHIVE_NONE:
        break;
    }
    return ERR_OK;
}

/* Is some part of the way hidden, or of what a Mac puts beside? */
static bool is_hidden(const char *name)
{
    for (const char *part = name; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        if ((part[0] == '.' && part[1] != '/' && strncmp(part, "../", 3) != 0) || strncmp(part, "__MACOSX/", 9) == 0)
            return true;
    }
    return false;
}

enum err_code unpack_next(struct unpack *u, struct unpack_member *out, bool *has, struct err *e)
{
    struct archive_member m;
    for (;;) {
        if (u->is_over) {
            *has = false;
            return ERR_OK;
        }
        *has = u->has_first;
        m = u->first;
        if (!u->has_first && archive_next(u->archive, &m, has, e) != ERR_OK)
            return e->code;
        u->has_first = false;
        if (!*has)
            return ERR_OK;
        if (m.bytes != 0 && !is_hidden(m.name))
            break;
    }
    u->is_gz = u->is_begun = false;
    u->nhead = u->head_at = 0;
    u->refused.code = ERR_OK;
    if (m.is_encrypted) {
        err_set(&u->refused, ERR_INPUT, "is encrypted");
        err_hint(&u->refused, "unpack the archive with its password first");
    }
    out->name = m.name;
    out->mtime_ns = m.mtime_ns;
    return ERR_OK;
}
