#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/support/tmpdir.h"

static void test_a_new_file_is_private_and_opens_again(void **state)
{
    (void)state;
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    struct store *db = NULL;
    struct err e = {0};
    struct stat st;
    tmpdir_new(dir);
    tmpdir_path(path, dir, "b.db");
    for (int mode = STORE_CREATE; mode <= STORE_READ; mode++) {
        enum err_code rc = store_open(path, (enum store_mode)mode, &db, &e);
        if (rc != ERR_OK)
            fail_msg("%s", e.msg);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        store_close(db);
    }
    tmpdir_free(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_file_is_private_and_opens_again),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
