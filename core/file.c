#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/gz.h"

#define READ_BYTES  ((size_t)256 << 10)
#define WRITE_BYTES ((size_t)64 << 10)

static enum err_code io_error(struct err *e, const char *path, int why)
{
    return err_set(e, ERR_IO, "%s: %s", path, strerror(why));
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct infile {
    int fd;
    char *path;
    struct gz_reader *gz; /* NULL: plain */
    int64_t raw_bytes;
    bool is_at_end;
    const unsigned char *next; /* bytes of buf that are not yet given */
    size_t left;
    unsigned char buf[READ_BYTES];
};

/* Read up to CAP bytes from the descriptor. */
static enum err_code read_raw(struct infile *f, void *buf, size_t cap, size_t *n, struct err *e)
{
    ssize_t got;
    do {
        got = read(f->fd, buf, cap);
    } while (got < 0 && errno == EINTR);
    *n = 0;
    if (got < 0)
        return io_error(e, f->path, errno);
    f->is_at_end = got == 0;
    f->raw_bytes += got;
    *n = (size_t)got;
    return ERR_OK;
}

/* Fill the buffer until the first bytes tell what it is. */
static enum err_code look(struct infile *f, struct err *e)
{
    f->next = f->buf;
    while (f->left < 2 && !f->is_at_end) { /* a pipe may give one byte at a time */
        size_t n;
        enum err_code rc = read_raw(f, f->buf + f->left, READ_BYTES - f->left, &n, e);
        if (rc != ERR_OK)
            return rc;
        f->left += n;
    }
    if (gz_is_magic(f->buf, f->left)) {
        f->gz = gz_reader_new();
        if (f->gz == NULL)
            return err_nomem(e);
    }
    return ERR_OK;
}

enum err_code infile_open(const char *path, struct infile **out, struct err *e)
{
    *out = NULL;
    bool is_stdin = strcmp(path, "-") == 0;
    struct infile *f = malloc(sizeof *f);
    if (f == NULL)
        return err_nomem(e);
    f->gz = NULL;
    f->raw_bytes = 0;
    f->is_at_end = false;
    f->left = 0;
    f->fd = STDIN_FILENO;
    const char *name = is_stdin ? "standard input" : path;
    size_t n = strlen(name) + 1;
    f->path = malloc(n);
    enum err_code rc;
    if (f->path == NULL) {
        rc = err_nomem(e);
        goto fail;
    }
    memcpy(f->path, name, n);
    if (!is_stdin)
        f->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (f->fd < 0) {
        rc = io_error(e, path, errno);
        goto fail;
    }
    (void)posix_fadvise(f->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* advice only: fails on a pipe, and that is fine */
    rc = look(f, e);
    if (rc != ERR_OK)
        goto fail;
    *out = f;
    return ERR_OK;
fail:
    infile_close(f);
    return rc;
}

/* The next bytes of a gzipped file. */
static enum err_code read_gzip(struct infile *f, void *buf, size_t cap, size_t *n, struct err *e)
{
    for (;;) {
        enum err_code rc = gz_inflate(f->gz, &f->next, &f->left, buf, cap, n, e);
        if (rc != ERR_OK)
            return err_wrap(e, "%s", f->path);
        if (*n != 0)
            return ERR_OK;
        if (f->is_at_end)
            break;
        rc = read_raw(f, f->buf, READ_BYTES, &f->left, e);
        if (rc != ERR_OK)
            return rc;
        f->next = f->buf;
    }
    if (!gz_reader_is_whole(f->gz))
        return err_set(e, ERR_INPUT, "%s: gzip: the file is cut off", f->path);
    return ERR_OK;
}

enum err_code infile_read(struct infile *f, void *buf, size_t cap, size_t *n, struct err *e)
{
    *n = 0;
    if (f->gz != NULL)
        return cap != 0 ? read_gzip(f, buf, cap, n, e) : ERR_OK;
    if (f->left != 0) {
        *n = f->left < cap ? f->left : cap;
        memcpy(buf, f->next, *n);
        f->next += *n;
        f->left -= *n;
        return ERR_OK;
    }
    return f->is_at_end ? ERR_OK : read_raw(f, buf, cap, n, e);
}

bool infile_is_gzip(const struct infile *f)
{
    return f->gz != NULL;
}

int64_t infile_raw_bytes(const struct infile *f)
{
    return f->raw_bytes;
}

void infile_close(struct infile *f)
{
    if (f == NULL)
        return;
    if (f->fd > STDIN_FILENO)
        (void)close(f->fd);
    gz_reader_free(f->gz);
    free(f->path);
    free(f);
}

enum err_code file_read_all(const char *path, size_t max, struct strbuf *out, struct err *e)
{
    struct infile *f = NULL;
    strbuf_clear(out);
    enum err_code rc = infile_open(path, &f, e);
    while (rc == ERR_OK && f != NULL) {
        size_t n;
        char *to = strbuf_reserve(out, (size_t)64 << 10);
        if (to == NULL) {
            rc = err_nomem(e);
            break;
        }
        rc = infile_read(f, to, (size_t)64 << 10, &n, e);
        if (rc != ERR_OK || n == 0)
            break;
        out->n += n;
        if (out->n > max)
            rc = err_set(e, ERR_INPUT, "%s: larger than %zu bytes", path, max);
    }
    if (out->s != NULL)
        out->s[out->n] = '\0';
    infile_close(f);
    return rc;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

struct outfile {
    int fd;
    int why; /* errno of the first failed write; 0: none */
    char *path, *temporary;
    size_t used;
    unsigned char buf[WRITE_BYTES];
};

/* Length of the folder part of PATH with its "/". */
static size_t folder_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

/* Does NAME belong to a writer of BASE (create_beside()) that is no more? */
static bool is_left_over(const char *name, const char *base, size_t n)
{
    if (name[0] != '.' || strncmp(name + 1, base, n) != 0 || name[n + 1] != '.')
        return false;
    char *end = NULL;
    long pid = strtol(name + n + 2, &end, 10);
    if (pid <= 0 || *end != '-' || pid == (long)getpid())
        return false;
    (void)strtol(end + 1, &end, 10);
    return strcmp(end, ".tmp") == 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* Remove what killed writers of PATH left over. It is no matter if that fails. */
static void remove_left_over(const char *path)
{
    size_t folder = folder_part(path);
    char *dir_name = strndup(folder > 0 ? path : ".", folder > 0 ? folder : 1);
    DIR *dir = dir_name != NULL ? opendir(dir_name) : NULL;
    free(dir_name);
    if (dir == NULL)
        return;
    for (const struct dirent *d = readdir(dir); d != NULL; d = readdir(dir))
        if (is_left_over(d->d_name, path + folder, strlen(path + folder)))
            (void)unlinkat(dirfd(dir), d->d_name, 0);
    (void)closedir(dir);
}

/* Create the temporary file: hidden, so that nobody's walk takes it for a result. */
static enum err_code create_beside(struct outfile *f, unsigned mode, struct err *e)
{
    size_t folder = folder_part(f->path), room = strlen(f->path) + 64;
    f->temporary = malloc(room);
    if (f->temporary == NULL)
        return err_nomem(e);
    remove_left_over(f->path);
    for (int attempt = 0; attempt < 100; attempt++) {
        (void)snprintf(f->temporary, room, "%.*s.%s.%ld-%d.tmp", (int)folder, f->path, f->path + folder, (long)getpid(),
                       attempt);
        f->fd = open(f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)(0600 | (mode & 0077)));
        if (f->fd >= 0)
            return ERR_OK;
        if (errno != EEXIST) /* left over by a process that was killed, or in use: take the next name */
            break;
    }
    int why = errno;
    free(f->temporary);
    f->temporary = NULL; /* not ours to remove */
    return io_error(e, f->path, why);
}

enum err_code outfile_open(const char *path, unsigned mode, struct outfile **out, struct err *e)
{
    *out = NULL;
    struct outfile *f = malloc(sizeof *f);
    if (f == NULL)
        return err_nomem(e);
    f->fd = -1;
    f->why = 0;
    f->used = 0;
    f->temporary = NULL;
    size_t n = strlen(path) + 1;
    f->path = malloc(n);
    enum err_code rc = ERR_OK;
    if (f->path == NULL) {
        rc = err_nomem(e);
    } else {
        memcpy(f->path, path, n);
        rc = create_beside(f, mode, e);
    }
    if (rc != ERR_OK) {
        outfile_abort(f);
        return rc;
    }
    *out = f;
    return ERR_OK;
}

static void write_through(struct outfile *f, const unsigned char *bytes, size_t n)
{
    while (n > 0 && f->why == 0) {
        ssize_t done = write(f->fd, bytes, n);
        if (done < 0) {
            if (errno != EINTR)
                f->why = errno;
            continue;
        }
        bytes += done;
        n -= (size_t)done;
    }
}

void outfile_write(struct outfile *f, const void *bytes, size_t n)
{
    if (n > WRITE_BYTES - f->used) {
        write_through(f, f->buf, f->used);
        f->used = 0;
    }
    if (n > WRITE_BYTES) {
        write_through(f, bytes, n);
    } else if (n != 0) {
        memcpy(f->buf + f->used, bytes, n);
        f->used += n;
    }
}

void outfile_puts(struct outfile *f, const char *cstr)
{
    outfile_write(f, cstr, strlen(cstr));
}

/* Make the new name itself last. Not every file system can, and then there is nothing to do about it. */
static void sync_folder(const char *path)
{
    char *folder = malloc(strlen(path) + 2);
    if (folder == NULL)
        return;
    size_t n = folder_part(path);
    memcpy(folder, n != 0 ? path : ".", n != 0 ? n : 1);
    folder[n != 0 ? n : 1] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
    free(folder);
}

enum err_code outfile_commit(struct outfile *f, struct err *e)
{
    write_through(f, f->buf, f->used);
    if (f->why == 0 && fsync(f->fd) != 0 && errno != EINVAL && errno != ENOTSUP)
        f->why = errno;
    if (close(f->fd) != 0 && f->why == 0)
        f->why = errno;
    f->fd = -1;
    if (f->why == 0 && rename(f->temporary, f->path) != 0)
        f->why = errno;
    enum err_code rc = ERR_OK;
    if (f->why != 0) {
        rc = io_error(e, f->path, f->why);
    } else {
        free(f->temporary);
        f->temporary = NULL; /* it is PATH now: nothing to remove */
        sync_folder(f->path);
    }
    outfile_abort(f);
    return rc;
}

void outfile_abort(struct outfile *f)
{
    if (f == NULL)
        return;
    if (f->fd >= 0)
        (void)close(f->fd);
    if (f->temporary != NULL)
        (void)unlink(f->temporary);
    free(f->temporary);
    free(f->path);
    free(f);
}

/* ---- folders ---------------------------------------------------------------------------------------------------- */

enum err_code file_make_dir(const char *path, struct err *e)
{
    size_t n = strlen(path) + 1;
    char *p = malloc(n);
    if (p == NULL)
        return err_nomem(e);
    memcpy(p, path, n);
    enum err_code rc = ERR_OK;
    for (size_t i = 1; i < n && rc == ERR_OK; i++) {
        if ((p[i] != '/' && p[i] != '\0') || p[i - 1] == '/')
            continue;
        char was = p[i];
        struct stat st;
        p[i] = '\0';
        if (mkdir(p, 0777) != 0) {
            int why = errno; /* EEXIST, or EROFS and EACCES on folders that exist */
            if (stat(p, &st) != 0)
                rc = io_error(e, p, why);
            else if (!S_ISDIR(st.st_mode))
                rc = io_error(e, p, ENOTDIR);
        }
        p[i] = was;
    }
    free(p);
    return rc;
}

/* What a walk is told by, and the path it has come to. */
struct walk {
    void *ctx;
    enum err_code (*found)(void *ctx, const struct file_found *f, struct err *e);
    enum err_code (*trouble)(void *ctx, const char *path, const struct err *why, struct err *e);
    struct strbuf path;
};

/* A name in a folder; a folder's has a "/" behind it, so that sorting gives the order of whole paths. */
struct entry {
    char *name;
    bool is_folder;
    int trouble; /* errno of looking at it */
    int64_t bytes, mtime_ns;
};

struct listing {
    struct entry *entries;
    size_t n, cap;
};

static void listing_free(struct listing *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->entries[i].name);
    free(l->entries);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static int64_t mtime_ns(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

/* Is this worth a visit? Fills *st (of the file that a link leads to), or says in *trouble why it cannot. */
static bool is_wanted(int dir, const char *name, struct stat *st, int *trouble)
{
    *trouble = 0;
    if (name[0] == '.' || strcmp(name, "__MACOSX") == 0)
        return false;
    bool is_link = false;
    if (fstatat(dir, name, st, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISDIR(st->st_mode))
            return true;
        is_link = S_ISLNK(st->st_mode);
        if (!is_link || fstatat(dir, name, st, 0) == 0)
            return S_ISREG(st->st_mode) && st->st_size > 0;
    }
    *trouble = errno;
    *st = (struct stat){0};
    return is_link || *trouble != ENOENT; /* else it was removed just now */
}

static enum err_code listing_add(struct listing *l, const char *name, const struct stat *st, int trouble, struct err *e)
{
    if (l->n == l->cap) {
        size_t cap = l->cap != 0 ? 2 * l->cap : 16;
        struct entry *more = realloc(l->entries, cap * sizeof *more);
        if (more == NULL)
            return err_nomem(e);
        l->entries = more;
        l->cap = cap;
    }
    bool is_folder = S_ISDIR(st->st_mode);
    size_t n = strlen(name);
    char *copy = malloc(n + 2);
    if (copy == NULL)
        return err_nomem(e);
    (void)snprintf(copy, n + 2, "%s%s", name, is_folder ? "/" : "");
    struct entry *x = &l->entries[l->n++];
    x->name = copy;
    x->is_folder = is_folder;
    x->trouble = trouble;
    x->bytes = (int64_t)st->st_size;
    x->mtime_ns = mtime_ns(st);
    return ERR_OK;
}

/* List the folder PATH in byte order. */
static enum err_code list_folder(const char *path, struct listing *l, struct err *e)
{
    DIR *dir = opendir(path);
    if (dir == NULL)
        return io_error(e, path, errno);
    enum err_code rc = ERR_OK;
    while (rc == ERR_OK) {
        errno = 0;
        struct dirent *d = readdir(dir);
        struct stat st;
        if (d == NULL) {
            if (errno != 0)
                rc = io_error(e, path, errno);
            break;
        }
        int trouble;
        if (is_wanted(dirfd(dir), d->d_name, &st, &trouble))
            rc = listing_add(l, d->d_name, &st, trouble, e);
    }
    (void)closedir(dir);
    if (rc == ERR_OK && l->n > 1)
        qsort(l->entries, l->n, sizeof *l->entries, by_name);
    return rc;
}

static enum err_code walk_folder(struct walk *w, bool is_top, struct err *e);

/* Visit w->path, which X lists. */
static enum err_code visit(struct walk *w, const struct entry *x, struct err *e)
{
    if (x->is_folder)
        return walk_folder(w, false, e);
    if (x->trouble != 0) {
        struct err why = {.code = ERR_OK};
        (void)io_error(&why, w->path.s, x->trouble);
        return w->trouble(w->ctx, w->path.s, &why, e);
    }
    struct file_found f = {w->path.s, x->bytes, x->mtime_ns};
    return w->found(w->ctx, &f, e);
}

/* Visit the folder w->path, which ends in "/". IS_TOP: it must be readable. */
static enum err_code walk_folder(struct walk *w, bool is_top, struct err *e)
{
    struct listing l = {NULL, 0, 0};
    size_t here = w->path.n;
    enum err_code rc = list_folder(w->path.s, &l, e);
    if (rc == ERR_IO && !is_top) {
        struct err why = *e;
        rc = w->trouble(w->ctx, w->path.s, &why, e);
        goto cleanup;
    }
    for (size_t i = 0; i < l.n && rc == ERR_OK; i++) {
        strbuf_puts(&w->path, l.entries[i].name);
        if (strbuf_failed(&w->path)) {
            rc = err_nomem(e);
            break;
        }
        rc = visit(w, &l.entries[i], e);
        w->path.n = here;
        w->path.s[here] = '\0';
    }
cleanup:
    listing_free(&l);
    return rc;
}

enum err_code file_walk(const char *path, void *ctx,
                        enum err_code (*found)(void *ctx, const struct file_found *f, struct err *e),
                        enum err_code (*trouble)(void *ctx, const char *path, const struct err *why, struct err *e),
                        struct err *e)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return io_error(e, path, errno);
    if (!S_ISDIR(st.st_mode)) {
        struct file_found f = {path, (int64_t)st.st_size, mtime_ns(&st)};
        return found(ctx, &f, e);
    }
    struct walk w = {ctx, found, trouble, STRBUF_INIT};
    strbuf_puts(&w.path, path);
    if (w.path.n != 0 && w.path.s[w.path.n - 1] != '/')
        strbuf_putc(&w.path, '/');
    enum err_code rc = strbuf_failed(&w.path) ? err_nomem(e) : walk_folder(&w, true, e);
    strbuf_free(&w.path);
    return rc;
}
