#include "cli/lock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/tmpdir.h"

/* What another process gets that wants the lock of PATH: its error code, the message in MSG. */
static int try_in_child(const char *path, char *msg, size_t cap)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct err e = {.code = ERR_OK};
        int fd = -1;
        enum err_code rc = lock_take(path, &fd, &e);
        ssize_t n = write(ends[1], e.msg, strlen(e.msg));
        _exit(n < 0 ? 255 : (int)rc);
    }
    close(ends[1]);
    size_t used = 0;
    ssize_t n = 0;
    while (used + 1 < cap && (n = read(ends[0], msg + used, cap - 1 - used)) > 0)
        used += (size_t)n;
    msg[used] = '\0';
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_one_process_at_a_time(void **state)
{
    (void)state;
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH], msg[512], want[64];
    struct err e = {.code = ERR_OK};
    int fd = -1;
    tmpdir_new(dir);
    tmpdir_path(path, dir, "b.db");
    assert_int_equal(lock_take(path, &fd, &e), ERR_OK);
    assert_int_equal(try_in_child(path, msg, sizeof msg), ERR_BUSY);
    snprintf(want, sizeof want, "(process %ld)", (long)getpid());
    assert_non_null(strstr(msg, want));
    lock_release(fd);
    assert_int_equal(try_in_child(path, msg, sizeof msg), ERR_OK);
    tmpdir_free(dir);
}

static void test_places_that_cannot_be_locked(void **state)
{
    (void)state;
    struct err e = {.code = ERR_OK};
    int fd = 7;
    assert_int_equal(lock_take("/nonexistent/folder/b.db", &fd, &e), ERR_IO);
    assert_int_equal(fd, -1);
    fd = 7;
    assert_int_equal(lock_take(":memory:", &fd, &e), ERR_OK);
    assert_int_equal(fd, -1);
    lock_release(-1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_process_at_a_time),
        cmocka_unit_test(test_places_that_cannot_be_locked),
    };
    return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
