#include "core/file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"
#include "tests/support/tmpdir.h"

/* "one ", gzipped (gzip -n). */
static const unsigned char member[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xcb, 0xcf,
                                       0x4b, 0x55, 0x00, 0x00, 0x49, 0x61, 0xac, 0x23, 0x04, 0x00, 0x00, 0x00};

struct fixture {
    char dir[TMPDIR_BYTES];
    char path[TMPDIR_PATH];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    tmpdir_new(f->dir);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    tmpdir_free(f->dir);
    free(f);
    return 0;
}

static const char *in_dir(struct fixture *f, const char *name)
{
    return tmpdir_path(f->path, f->dir, name);
}

/* Read PATH in pieces of STEP into OUT. */
static enum err_code read_by(const char *path, size_t step, struct strbuf *out, struct err *e)
{
    struct infile *f;
    enum err_code rc = infile_open(path, &f, e);
    if (rc != ERR_OK) {
        assert_null(f);
        return rc;
    }
    for (;;) {
        size_t n;
        char *to = strbuf_reserve(out, step);
        assert_non_null(to);
        rc = infile_read(f, to, step, &n, e);
        assert_true(n <= step);
        out->n += n;
        if (rc != ERR_OK || n == 0)
            break;
    }
    infile_close(f);
    return rc;
}

static void test_read_plain_in_any_pieces(void **state)
{
    struct fixture *f = *state;
    static char big[700000];
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (char)(i * 7 + i / 1000);
    tmpdir_write(f->dir, "big", big, sizeof big);
    const size_t steps[] = {1000, 65536, 1 << 20};
    for (size_t i = 0; i < 3; i++) {
        struct strbuf out = STRBUF_INIT;
        struct err e = {0};
        assert_int_equal(read_by(in_dir(f, "big"), steps[i], &out, &e), ERR_OK);
        assert_int_equal(out.n, sizeof big);
        assert_memory_equal(out.s, big, sizeof big);
        strbuf_free(&out);
    }
}

static void test_read_tiny_files(void **state)
{
    struct fixture *f = *state;
    const struct slice texts[] = {SLICE_LIT(""), SLICE_LIT("x"), SLICE_LIT("\x1f"), SLICE_LIT("\x1f?")};
    for (size_t i = 0; i < 4; i++) {
        tmpdir_write(f->dir, "tiny", texts[i].s, texts[i].n);
        struct strbuf out = STRBUF_INIT;
        struct err e = {0};
        assert_int_equal(read_by(in_dir(f, "tiny"), 10, &out, &e), ERR_OK);
        assert_true(slice_eq(strbuf_slice(&out), texts[i]));
        strbuf_free(&out);
    }
}

static void test_read_gzip(void **state)
{
    struct fixture *f = *state;
    unsigned char twice[2 * sizeof member];
    memcpy(twice, member, sizeof member);
    memcpy(twice + sizeof member, member, sizeof member);
    tmpdir_write(f->dir, "a.gz", twice, sizeof twice);
    struct strbuf out = STRBUF_INIT;
    struct err e = {0};
    assert_int_equal(read_by(in_dir(f, "a.gz"), 3, &out, &e), ERR_OK);
    assert_string_equal((strbuf_putc(&out, '.'), out.s), "one one .");
    struct infile *in;
    assert_int_equal(infile_open(f->path, &in, &e), ERR_OK);
    assert_true(infile_is_gzip(in));
    assert_int_equal(infile_raw_bytes(in), sizeof twice);
    infile_close(in);
    strbuf_free(&out);
}

static void test_read_gzip_cut_off_gives_what_there_is(void **state)
{
    struct fixture *f = *state;
    tmpdir_write(f->dir, "a.gz", member, sizeof member - 5);
    struct strbuf out = STRBUF_INIT;
    struct err e = {0};
    assert_int_equal(read_by(in_dir(f, "a.gz"), 100, &out, &e), ERR_INPUT);
    assert_int_equal(out.n, 4);
    assert_memory_equal(out.s, "one ", 4);
    assert_non_null(strstr(e.msg, "a.gz: gzip: the file is cut off"));
    strbuf_free(&out);
}

static void test_read_gzip_damaged(void **state)
{
    struct fixture *f = *state;
    unsigned char bad[sizeof member + 4];
    memcpy(bad, member, sizeof member);
    memcpy(bad + sizeof member, "junk", 4);
    tmpdir_write(f->dir, "a.gz", bad, sizeof bad);
    struct strbuf out = STRBUF_INIT;
    struct err e = {0};
    assert_int_equal(read_by(in_dir(f, "a.gz"), 100, &out, &e), ERR_INPUT);
    assert_int_equal(out.n, 4);
    assert_non_null(strstr(e.msg, "a.gz: gzip: damaged"));
    strbuf_free(&out);
}

static void test_read_what_cannot_be_read(void **state)
{
    struct fixture *f = *state;
    struct strbuf out = STRBUF_INIT;
    struct err e = {0};
    assert_int_equal(read_by(in_dir(f, "missing"), 10, &out, &e), ERR_IO);
    assert_non_null(strstr(e.msg, "missing: No such file"));
    assert_int_equal(read_by(f->dir, 10, &out, &e), ERR_IO); /* a folder */
    strbuf_free(&out);
}

static void test_read_standard_input(void **state)
{
    struct fixture *f = *state;
    tmpdir_write(f->dir, "in", "typed", 5);
    int kept = dup(STDIN_FILENO), fd = open(in_dir(f, "in"), O_RDONLY);
    assert_true(fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
    struct strbuf out = STRBUF_INIT;
    struct err e = {0};
    assert_int_equal(read_by("-", 2, &out, &e), ERR_OK);
    assert_true(slice_is(strbuf_slice(&out), "typed"));
    assert_true(fcntl(STDIN_FILENO, F_GETFD) != -1); /* still open */
    (void)close(fd);
    if (kept >= 0) {
        (void)dup2(kept, STDIN_FILENO);
        (void)close(kept);
    }
    strbuf_free(&out);
}

static void test_read_all(void **state)
{
    struct fixture *f = *state;
    struct strbuf out = STRBUF_INIT;
    struct err e = {0};
    strbuf_puts(&out, "old");
    tmpdir_write(f->dir, "x", "12345", 5);
    assert_int_equal(file_read_all(in_dir(f, "x"), 5, &out, &e), ERR_OK);
    assert_string_equal(out.s, "12345");
    assert_int_equal(file_read_all(f->path, 4, &out, &e), ERR_INPUT);
    assert_non_null(strstr(e.msg, "larger than 4 bytes"));
    tmpdir_write(f->dir, "x", "", 0);
    assert_int_equal(file_read_all(f->path, 5, &out, &e), ERR_OK);
    assert_string_equal(out.s, "");
    strbuf_free(&out);
}

static void test_write_appears_at_commit_only(void **state)
{
    struct fixture *f = *state;
    struct outfile *o;
    struct err e = {0};
    tmpdir_write(f->dir, "r.csv", "old", 3);
    const char *path = in_dir(f, "r.csv");
    assert_int_equal(outfile_open(path, 0644, &o, &e), ERR_OK);
    outfile_puts(o, "new ");
    for (int i = 0; i < 50000; i++)
        outfile_write(o, "word ", 5);
    size_t n;
    char *s = tmpdir_read(path, &n);
    assert_string_equal(s, "old");
    free(s);
    assert_int_equal(outfile_commit(o, &e), ERR_OK);
    s = tmpdir_read(path, &n);
    assert_int_equal(n, 4 + 250000);
    assert_memory_equal(s, "new word word", 13);
    free(s);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    mode_t mask = umask(0);
    (void)umask(mask);
    assert_int_equal(st.st_mode & 0777, 0644 & ~mask);
}

static enum err_code count_found(void *ctx, const struct file_found *f, struct err *e)
{
    (void)f, (void)e;
    ++*(size_t *)ctx;
    return ERR_OK;
}

static enum err_code no_trouble(void *ctx, const char *path, const struct err *why, struct err *e)
{
    (void)ctx, (void)e;
    fail_msg("%s: %s", path, why->msg);
    return ERR_OK;
}

static void test_abort_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct outfile *o;
    struct err e = {0};
    assert_int_equal(outfile_open(in_dir(f, "r.csv"), 0600, &o, &e), ERR_OK);
    outfile_puts(o, "half");
    outfile_abort(o);
    outfile_abort(NULL);
    assert_int_equal(rmdir(f->dir), 0); /* empty, no hidden file either */
    assert_int_equal(mkdir(f->dir, 0700), 0);
}

static void test_write_errors(void **state)
{
    struct fixture *f = *state;
    struct outfile *o;
    struct err e = {0};
    assert_int_equal(outfile_open(in_dir(f, "no/such/folder"), 0600, &o, &e), ERR_IO);
    assert_null(o);

    /* a full disk: a file may not grow beyond 100 kB */
    struct rlimit was, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    small = was;
    small.rlim_cur = 100000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    tmpdir_write(f->dir, "r", "old", 3);
    assert_int_equal(outfile_open(in_dir(f, "r"), 0600, &o, &e), ERR_OK);
    for (int i = 0; i < 50000; i++)
        outfile_write(o, "word ", 5);
    assert_int_equal(outfile_commit(o, &e), ERR_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    (void)signal(SIGXFSZ, handler);
    char *s = tmpdir_read(f->path, NULL);
    assert_string_equal(s, "old");
    free(s);
    assert_int_equal(unlink(f->path), 0);
    assert_int_equal(rmdir(f->dir), 0); /* the temporary file is gone */
    assert_int_equal(mkdir(f->dir, 0700), 0);

    /* the target is a folder */
    assert_int_equal(mkdir(in_dir(f, "folder"), 0700), 0);
    assert_int_equal(outfile_open(f->path, 0600, &o, &e), ERR_OK);
    assert_int_equal(outfile_commit(o, &e), ERR_IO);
}

static void test_leftover_of_a_killed_process(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    char name[64];
    (void)snprintf(name, sizeof name, ".r.%ld-0.tmp", (long)getpid());
    tmpdir_write(f->dir, name, "x", 1);
    struct outfile *o;
    assert_int_equal(outfile_open(in_dir(f, "r"), 0600, &o, &e), ERR_OK);
    assert_int_equal(outfile_commit(o, &e), ERR_OK);
    assert_int_equal(access(in_dir(f, name), F_OK), 0); /* not ours: left alone */

    /* of a process that is no more: it goes, but nothing that only looks like it */
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    assert_true(pid > 0 && waitpid(pid, NULL, 0) == pid);
    static const struct {
        const char *before, *behind;
        bool stays;
    } rows[] = {{".r.", "-0.tmp", false}, {".r.", "-17.tmp", false}, {".rx.", "-0.tmp", true},
                {".r.", "-0.tmpx", true}, {".r.", ".tmp", true},     {"r.", "-0.tmp", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)snprintf(name, sizeof name, "%s%ld%s", rows[i].before, (long)pid, rows[i].behind);
        tmpdir_write(f->dir, name, "x", 1);
    }
    assert_int_equal(outfile_open(in_dir(f, "r"), 0600, &o, &e), ERR_OK);
    assert_int_equal(outfile_commit(o, &e), ERR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)snprintf(name, sizeof name, "%s%ld%s", rows[i].before, (long)pid, rows[i].behind);
        if ((access(in_dir(f, name), F_OK) == 0) != rows[i].stays)
            fail_msg("%sPID%s", rows[i].before, rows[i].behind);
    }
}

static void test_make_dir(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    struct stat st;
    assert_int_equal(file_make_dir(in_dir(f, "a/b//c/"), &e), ERR_OK);
    assert_true(stat(in_dir(f, "a/b/c"), &st) == 0 && S_ISDIR(st.st_mode));
    assert_int_equal(file_make_dir(f->path, &e), ERR_OK);
    assert_int_equal(file_make_dir("/", &e), ERR_OK);
    assert_int_equal(file_make_dir(".", &e), ERR_OK);
    tmpdir_write(f->dir, "file", "x", 1);
    assert_int_equal(file_make_dir(in_dir(f, "file"), &e), ERR_IO);
    assert_int_equal(file_make_dir(in_dir(f, "file/x"), &e), ERR_IO);
}

struct seen {
    struct strbuf list;
    size_t stop_after;
    const char *trouble; /* with what its name begins */
};

static enum err_code see(void *ctx, const struct file_found *f, struct err *e)
{
    struct seen *s = ctx;
    strbuf_printf(&s->list, "%s:%d ", strrchr(f->path, '/') + 1, (int)f->bytes);
    assert_true(f->mtime_ns > INT64_C(1600000000000000000));
    return --s->stop_after == 0 ? err_set(e, ERR_BUSY, "stop") : ERR_OK;
}

static enum err_code see_trouble(void *ctx, const char *path, const struct err *why, struct err *e)
{
    struct seen *s = ctx;
    (void)e;
    assert_int_equal(why->code, ERR_IO);
    assert_ptr_equal(strstr(why->msg, path), why->msg);
    strbuf_printf(&s->list, "%s ", strstr(path, s->trouble));
    return ERR_OK;
}

static void test_walk(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    const char *const names[] = {"b.csv", "a.txt", "a/z", "a/Y", "a0", ".hidden", ".git/x", "__MACOSX/y", "empty/e"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        tmpdir_write(f->dir, names[i], "text", i == 8 ? 0 : i + 1 > 4 ? 4 : i + 1);
    char link[TMPDIR_PATH];
    assert_int_equal(symlink("b.csv", tmpdir_path(link, f->dir, "link")), 0);
    assert_int_equal(symlink("a", tmpdir_path(link, f->dir, "linked-folder")), 0);
    assert_int_equal(symlink("nowhere", tmpdir_path(link, f->dir, "broken")), 0);
    assert_int_equal(mkfifo(tmpdir_path(link, f->dir, "pipe"), 0600), 0);

    struct seen s = {STRBUF_INIT, 0, "broken"};
    assert_int_equal(file_walk(f->dir, &s, see, see_trouble, &e), ERR_OK);
    assert_string_equal(s.list.s, "a.txt:2 Y:4 z:3 a0:4 b.csv:1 broken link:1 ");
    strbuf_clear(&s.list);
    s.stop_after = 2;
    assert_int_equal(file_walk(f->dir, &s, see, see_trouble, &e), ERR_BUSY);
    assert_string_equal(s.list.s, "a.txt:2 Y:4 ");
    strbuf_free(&s.list);
}

static enum err_code see_path(void *ctx, const struct file_found *f, struct err *e)
{
    (void)e;
    strbuf_puts(ctx, f->path);
    return ERR_OK;
}

static void test_walk_paths_as_given(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    struct strbuf path = STRBUF_INIT;
    tmpdir_write(f->dir, "d/f", "x", 1);
    assert_int_equal(file_walk(in_dir(f, "d//"), &path, see_path, no_trouble, &e), ERR_OK);
    assert_string_equal(path.s + strlen(f->dir), "/d//f");
    strbuf_clear(&path);
    assert_int_equal(file_walk(in_dir(f, "d/f"), &path, see_path, no_trouble, &e), ERR_OK);
    assert_string_equal(path.s, f->path);
    tmpdir_write(f->dir, "d/none", "", 0); /* named outright, even an empty file is found */
    size_t n = 0;
    assert_int_equal(file_walk(in_dir(f, "d/none"), &n, count_found, no_trouble, &e), ERR_OK);
    assert_int_equal(n, 1);
    assert_int_equal(file_walk(in_dir(f, "missing"), &n, count_found, no_trouble, &e), ERR_IO);
    strbuf_free(&path);
}

static void test_walk_unreadable_folder(void **state)
{
    struct fixture *f = *state;
    if (geteuid() == 0)
        skip(); /* root can read everything */
    struct err e = {0};
    tmpdir_write(f->dir, "locked/x", "x", 1);
    tmpdir_write(f->dir, "z", "x", 1);
    assert_int_equal(chmod(in_dir(f, "locked"), 0), 0);
    struct seen s = {STRBUF_INIT, 0, "locked"};
    assert_int_equal(file_walk(f->dir, &s, see, see_trouble, &e), ERR_OK);
    assert_string_equal(s.list.s, "locked/ z:1 ");
    assert_int_equal(file_walk(f->path, &s, see, see_trouble, &e), ERR_IO);
    strbuf_free(&s.list);
}

/* Its names can be listed, but what they are cannot be found out: none may be lost. */
static void test_walk_folder_that_cannot_be_entered(void **state)
{
    struct fixture *f = *state;
    if (geteuid() == 0)
        skip();
    struct err e = {0};
    tmpdir_write(f->dir, "locked/x", "x", 1);
    tmpdir_write(f->dir, "locked/y", "x", 1);
    assert_int_equal(chmod(in_dir(f, "locked"), 0444), 0);
    struct seen s = {STRBUF_INIT, 0, "locked"};
    assert_int_equal(file_walk(f->dir, &s, see, see_trouble, &e), ERR_OK);
    assert_string_equal(s.list.s, "locked/x locked/y ");
    strbuf_free(&s.list);
}

static void test_out_of_memory(void **state)
{
    struct fixture *f = *state;
    tmpdir_write(f->dir, "sub/a.gz", member, sizeof member);
    char out_path[TMPDIR_PATH], dir[TMPDIR_PATH];
    tmpdir_path(out_path, f->dir, "sub/out");
    tmpdir_path(dir, f->dir, "sub/x/y");
    long nth = 1;
    for (;; nth++) {
        struct err e = {0};
        struct strbuf all = STRBUF_INIT;
        struct outfile *o = NULL;
        size_t n = 0;
        failing_alloc_at(nth);
        enum err_code rc = file_read_all(in_dir(f, "sub/a.gz"), 100, &all, &e);
        if (rc == ERR_OK)
            rc = file_walk(f->dir, &n, count_found, no_trouble, &e);
        if (rc == ERR_OK)
            rc = file_make_dir(dir, &e);
        if (rc == ERR_OK && (rc = outfile_open(out_path, 0600, &o, &e)) == ERR_OK)
            rc = outfile_commit(o, &e);
        bool hit = failing_alloc_off();
        strbuf_free(&all);
        (void)unlink(out_path);
        if (rc != ERR_OK)
            assert_true(hit && rc == ERR_NOMEM);
        if (!hit)
            break;
    }
    assert_true(nth > 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_read_plain_in_any_pieces),
        TEST(test_read_tiny_files),
        TEST(test_read_gzip),
        TEST(test_read_gzip_cut_off_gives_what_there_is),
        TEST(test_read_gzip_damaged),
        TEST(test_read_what_cannot_be_read),
        TEST(test_read_standard_input),
        TEST(test_read_all),
        TEST(test_write_appears_at_commit_only),
        TEST(test_abort_leaves_nothing),
        TEST(test_write_errors),
        TEST(test_leftover_of_a_killed_process),
        TEST(test_make_dir),
        TEST(test_walk),
        TEST(test_walk_paths_as_given),
        TEST(test_walk_unreadable_folder),
        TEST(test_walk_folder_that_cannot_be_entered),
        TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
