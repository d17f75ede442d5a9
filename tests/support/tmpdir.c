#include "tests/support/tmpdir.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

void tmpdir_new(char dir[TMPDIR_BYTES])
{
    const char *base = getenv("TMPDIR");
    if (base == NULL || strlen(base) > TMPDIR_BYTES - 20)
        base = "/tmp";
    (void)snprintf(dir, TMPDIR_BYTES, "%s/broach-XXXXXX", base);
    assert_non_null(mkdtemp(dir));
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static int open_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)ftw;
    if (kind == FTW_D || kind == FTW_DNR) /* a test may have taken the rights away */
        (void)chmod(path, 0700);
    return 0;
}

void tmpdir_free(const char *dir)
{
    (void)nftw(dir, open_one, 16, FTW_PHYS);
    (void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *tmpdir_path(char out[TMPDIR_PATH], const char *dir, const char *name)
{
    int n = snprintf(out, TMPDIR_PATH, "%s/%s", dir, name);
    assert_in_range(n, 1, TMPDIR_PATH - 1);
    return out;
}

void tmpdir_write(const char *dir, const char *name, const void *bytes, size_t n)
{
    char path[TMPDIR_PATH];
    tmpdir_path(path, dir, name);
    for (char *p = path + strlen(dir) + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        (void)mkdir(path, 0700);
        *p = '/';
    }
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

char *tmpdir_read(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    long size = ftell(f);
    assert_true(size >= 0);
    rewind(f);
    char *s = malloc((size_t)size + 1);
    assert_non_null(s);
    assert_int_equal(fread(s, 1, (size_t)size, f), size);
    s[size] = '\0';
    assert_int_equal(fclose(f), 0);
    if (n != NULL)
        *n = (size_t)size;
    return s;
}
