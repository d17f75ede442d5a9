/* unpack: what is taken of files and archives, what is passed over, what is refused. */
#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/strbuf.h"
#include "ingest/unpack.h"
#include "tests/support/tmpdir.h"

enum pack { PACK_ZIP, PACK_TAR, PACK_TGZ, PACK_ZST_TAR, PACK_ZST_RAW };

struct file {
    const char *name;
    const char *bytes;
    size_t n; /* 0: strlen(bytes) */
    unsigned type;
};

static void set_format(struct archive *a, enum pack how)
{
    if (how == PACK_ZIP)
        assert_int_equal(archive_write_set_format_zip(a), ARCHIVE_OK);
    else if (how == PACK_ZST_RAW)
        assert_int_equal(archive_write_set_format_raw(a), ARCHIVE_OK);
    else
        assert_int_equal(archive_write_set_format_pax_restricted(a), ARCHIVE_OK);
    if (how == PACK_TGZ)
        assert_int_equal(archive_write_add_filter_gzip(a), ARCHIVE_OK);
    if (how == PACK_ZST_TAR || how == PACK_ZST_RAW)
        assert_int_equal(archive_write_add_filter_zstd(a), ARCHIVE_OK);
}

/* Write the archive PATH. */
static void pack(const char *path, enum pack how, const char *passphrase, const struct file *files, size_t n)
{
    struct archive *a = archive_write_new();
    assert_non_null(a);
    set_format(a, how);
    if (passphrase != NULL) {
        assert_int_equal(archive_write_set_options(a, "zip:encryption=zipcrypt"), ARCHIVE_OK);
        assert_int_equal(archive_write_set_passphrase(a, passphrase), ARCHIVE_OK);
    }
    assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
    for (size_t i = 0; i < n; i++) {
        struct archive_entry *entry = archive_entry_new();
        size_t bytes = files[i].n != 0 ? files[i].n : strlen(files[i].bytes);
        archive_entry_set_pathname(entry, files[i].name);
        archive_entry_set_filetype(entry, files[i].type != 0 ? files[i].type : AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_mtime(entry, 1700000000, 0);
        archive_entry_set_size(entry, files[i].type != 0 ? 0 : (int64_t)bytes);
        if (files[i].type == AE_IFLNK)
            archive_entry_set_symlink(entry, files[i].bytes);
        assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
        if (files[i].type == 0 && bytes != 0)
            assert_true(archive_write_data(a, files[i].bytes, bytes) == (la_ssize_t)bytes);
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    assert_int_equal(archive_write_free(a), ARCHIVE_OK);
}

/* All that can be read: "TEXT", or "!MESSAGE" where it ends in an error. */
static void read_all(struct unpack *u, size_t step, struct strbuf *out)
{
    char buf[4096];
    struct err e = {.code = ERR_OK};
    for (;;) {
        size_t n = 99;
        if (unpack_read(u, buf, step, &n, &e) != ERR_OK) {
            assert_int_equal(n, 0);
            strbuf_printf(out, "!%s", e.msg);
            return;
        }
        if (n == 0)
            return;
        strbuf_add(out, buf, n);
    }
}

/* "TEXT" of a plain file, or "NAME=TEXT;NAME=TEXT;" of an archive's members, "!MESSAGE" where there is an error. */
static void list(const char *path, const struct unpack_limits *limits, size_t step, struct strbuf *out)
{
    struct err e = {.code = ERR_OK};
    struct unpack *u = unpack_new(limits);
    bool is_archive = true, has = true;
    strbuf_clear(out);
    assert_non_null(u);
    if (unpack_open(u, path, &is_archive, &e) != ERR_OK) {
        strbuf_printf(out, "!%s", e.msg);
        goto cleanup;
    }
    if (!is_archive)
        read_all(u, step, out);
    while (is_archive && has) {
        struct unpack_member m;
        if (unpack_next(u, &m, &has, &e) != ERR_OK) {
            strbuf_printf(out, "!%s", e.msg);
            break;
        }
        if (!has)
            break;
        strbuf_printf(out, "%s=", m.name);
        read_all(u, step, out);
        strbuf_putc(out, ';');
    }
cleanup:
    unpack_free(u);
    assert_false(strbuf_failed(out));
}

static void expect_list(const char *path, const struct unpack_limits *limits, const char *want)
{
    struct strbuf out = STRBUF_INIT;
    static const size_t steps[] = {1, 7, 4096};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        list(path, limits, steps[i], &out);
        assert_string_equal(out.s != NULL ? out.s : "", want);
    }
    strbuf_free(&out);
}

static const struct unpack_limits no_limits = {0, 0};

static void members_are_read_wherever_they_are_packed(void **state)
{
    static const struct file files[] = {{"a.json", "{}", 0, 0},
                                        {"dir", "", 0, AE_IFDIR},
                                        {"dir/b.txt", "Agent: hello", 0, 0},
                                        {"__MACOSX/a.json", "x", 0, 0},
                                        {"dir/__MACOSX/._b", "x", 0, 0},
                                        {".DS_Store", "x", 0, 0},
                                        {"dir/.hidden/c", "x", 0, 0},
                                        {"empty", "", 0, 0},
                                        {"link", "a.json", 0, AE_IFLNK},
                                        {"odd\nname", "y", 0, 0}};
    static const enum pack hows[] = {PACK_ZIP, PACK_TAR, PACK_TGZ, PACK_ZST_TAR};
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    (void)state;
    tmpdir_new(dir);
    for (size_t i = 0; i < sizeof hows / sizeof *hows; i++) {
        (void)tmpdir_path(path, dir, "packed");
        pack(path, hows[i], NULL, files, sizeof files / sizeof *files);
        expect_list(path, &no_limits, "a.json={};dir/b.txt=Agent: hello;odd?name=y;");
    }
    tmpdir_free(dir);
}

static void a_single_packed_text_is_a_file(void **state)
{
    static const struct file files[] = {{"-", "just text", 0, 0}};
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    (void)state;
    tmpdir_new(dir);
    (void)tmpdir_path(path, dir, "x.jsonl.zst");
    pack(path, PACK_ZST_RAW, NULL, files, 1);
    expect_list(path, &no_limits, "just text");
    tmpdir_write(dir, "plain", "", 0);
    expect_list(tmpdir_path(path, dir, "plain"), &no_limits, "");
    tmpdir_write(dir, "plain", "P", 1);
    expect_list(path, &no_limits, "P");
    tmpdir_free(dir);
}

/* TEXT gzipped, by libarchive. */
static char *gzipped(const char *dir, const char *text, size_t n, size_t *out_n)
{
    struct archive *a = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    char path[TMPDIR_PATH];
    (void)tmpdir_path(path, dir, "gz");
    assert_int_equal(archive_write_set_format_raw(a), ARCHIVE_OK);
    assert_int_equal(archive_write_add_filter_gzip(a), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
    archive_entry_set_pathname(entry, "x");
    archive_entry_set_filetype(entry, AE_IFREG);
    assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
    assert_true(archive_write_data(a, text, n) == (la_ssize_t)n);
    archive_entry_free(entry);
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    assert_int_equal(archive_write_free(a), ARCHIVE_OK);
    return tmpdir_read(path, out_n);
}

static void members_may_be_gzipped_but_no_archives(void **state)
{
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    size_t n, cut;
    (void)state;
    tmpdir_new(dir);
    char *gz = gzipped(dir, "hello", 5, &n);
    cut = n - 9;
    const struct file files[] = {{"a.gz", gz, n, 0},
                                 {"cut.gz", gz, cut, 0},
                                 {"in.zip", "PK\3\4 and so on", 0, 0},
                                 {"in.7z", "7z\xbc\xaf", 0, 0},
                                 {"last", "ok", 0, 0}};
    (void)tmpdir_path(path, dir, "x.zip");
    pack(path, PACK_ZIP, NULL, files, sizeof files / sizeof *files);
    struct strbuf out = STRBUF_INIT;
    list(path, &no_limits, 4096, &out);
    assert_non_null(strstr(out.s, "a.gz=hello;"));
    assert_non_null(strstr(out.s, "gzip: the member is cut off;in.zip=!is an archive within an archive;"));
    assert_non_null(strstr(out.s, "in.7z=!is an archive within an archive;last=ok;"));
    strbuf_free(&out);
    free(gz);
    tmpdir_free(dir);
}

static void encrypted_members_are_refused(void **state)
{
    static const struct file files[] = {{"a.json", "{}", 0, 0}};
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    (void)state;
    tmpdir_new(dir);
    (void)tmpdir_path(path, dir, "x.zip");
    pack(path, PACK_ZIP, "secret", files, 1);
    expect_list(path, &no_limits, "a.json=!is encrypted;");
    tmpdir_free(dir);
}

static void workbooks_and_documents_are_told(void **state)
{
    static const struct {
        struct file files[3];
        const char *want;
    } rows[] = {
        {{{"[Content_Types].xml", "<x/>", 0, 0}, {"xl/workbook.xml", "<x/>", 0, 0}, {"z", "x", 0, 0}},
         "!is an Excel workbook, which is not read"},
        {{{"xl/workbook.xml", "<x/>", 0, 0}, {"z", "x", 0, 0}, {"[Content_Types].xml", "<x/>", 0, 0}},
         "!is an Excel workbook, which is not read"},
        {{{"[Content_Types].xml", "<x/>", 0, 0}, {"word/document.xml", "<x/>", 0, 0}, {"z", "x", 0, 0}},
         "!is a Word document, which is not read"},
        {{{"mimetype", "application/x", 0, 0}, {"content.xml", "<x/>", 0, 0}, {"z", "x", 0, 0}},
         "!is an OpenDocument file, which is not read"},
        {{{"content.xml", "x", 0, 0}, {"b", "y", 0, 0}, {"c", "z", 0, 0}}, "content.xml=x;b=y;c=z;"},
    };
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    (void)state;
    tmpdir_new(dir);
    (void)tmpdir_path(path, dir, "x.zip");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pack(path, PACK_ZIP, NULL, rows[i].files, 3);
        expect_list(path, &no_limits, rows[i].want);
    }
    tmpdir_free(dir);
}

static void limits_end_it(void **state)
{
    static const struct file files[] = {{"a", "0123456789", 0, 0}, {"b", "0123456789", 0, 0}, {"c", "x", 0, 0}};
    const struct unpack_limits ten = {15, 0}, all = {21, 0};
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    (void)state;
    tmpdir_new(dir);
    (void)tmpdir_path(path, dir, "x.zip");
    pack(path, PACK_ZIP, NULL, files, 3);
    struct strbuf out = STRBUF_INIT;
    list(path, &ten, 4096, &out);
    assert_string_equal(out.s, "a=0123456789;b=!unpacks to more than 15 bytes;");
    list(path, &all, 4096, &out);
    assert_string_equal(out.s, "a=0123456789;b=0123456789;c=x;");
    strbuf_free(&out);
    tmpdir_free(dir);
}

static void a_bomb_is_told(void **state)
{
    const size_t n = (size_t)UNPACK_FREE_BYTES + (1 << 20);
    const struct unpack_limits limits = {0, 300};
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH], buf[65536];
    (void)state;
    tmpdir_new(dir);
    char *zeros = calloc(1, n);
    assert_non_null(zeros);
    char *gz = gzipped(dir, zeros, n, &(size_t){0});
    free(gz);
    free(zeros);
    struct unpack *u = unpack_new(&limits);
    struct err e = {.code = ERR_OK};
    bool is_archive;
    int64_t got = 0;
    assert_int_equal(unpack_open(u, tmpdir_path(path, dir, "gz"), &is_archive, &e), ERR_OK);
    assert_false(is_archive);
    for (size_t m = 1; m != 0 && unpack_read(u, buf, sizeof buf, &m, &e) == ERR_OK;)
        got += (int64_t)m;
    assert_int_equal(e.code, ERR_INPUT);
    assert_string_equal(e.msg, "unpacks to more than 300 times its size: a decompression bomb?");
    assert_non_null(strstr(e.hint, "--max-ratio"));
    assert_true(unpack_is_over_limit(u));
    assert_true(got <= UNPACK_FREE_BYTES);
    unpack_free(u);
    tmpdir_free(dir);
}

/* Whatever byte is missing or wrong: an end or an error, nothing else. */
static void damage_is_an_error(void **state)
{
    static const struct file files[] = {{"a.json", "{\"x\":1}", 0, 0}, {"b.json", "{\"y\":2}", 0, 0}};
    static const enum pack hows[] = {PACK_ZIP, PACK_TGZ, PACK_ZST_TAR};
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH];
    struct strbuf out = STRBUF_INIT;
    size_t ntold = 0;
    (void)state;
    tmpdir_new(dir);
    for (size_t h = 0; h < sizeof hows / sizeof *hows; h++) {
        size_t n;
        pack(tmpdir_path(path, dir, "x"), hows[h], NULL, files, 2);
        char *bytes = tmpdir_read(path, &n);
        for (size_t i = 0; i < n; i += 3) {
            tmpdir_write(dir, "cut", bytes, i);
            list(tmpdir_path(path, dir, "cut"), &no_limits, 4096, &out);
            bytes[i] = (char)(bytes[i] ^ 0x55);
            tmpdir_write(dir, "cut", bytes, n);
            list(path, &no_limits, 4096, &out);
            ntold += out.s != NULL && strchr(out.s, '!') != NULL;
            bytes[i] = (char)(bytes[i] ^ 0x55);
        }
        free(bytes);
    }
    assert_true(ntold > 10);
    strbuf_free(&out);
    tmpdir_free(dir);
}

static void a_missing_file_is_no_input(void **state)
{
    struct unpack *u = unpack_new(&no_limits);
    struct err e = {.code = ERR_OK};
    bool is_archive;
    (void)state;
    assert_int_equal(unpack_open(u, "/no/such/file.zip", &is_archive, &e), ERR_IO);
    unpack_close(u);
    assert_true(unpack_raw_bytes(u) == 0);
    unpack_free(u);
    unpack_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_read_wherever_they_are_packed),
        cmocka_unit_test(a_single_packed_text_is_a_file),
        cmocka_unit_test(members_may_be_gzipped_but_no_archives),
        cmocka_unit_test(encrypted_members_are_refused),
        cmocka_unit_test(workbooks_and_documents_are_told),
        cmocka_unit_test(limits_end_it),
        cmocka_unit_test(a_bomb_is_told),
        cmocka_unit_test(damage_is_an_error),
        cmocka_unit_test(a_missing_file_is_no_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
