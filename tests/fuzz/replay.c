/* replay.c - files through a fuzz target without libFuzzer.   usage: fuzz_replay FILE...   (prints how many) */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int main(int argc, char **argv)
{
    int n = 0;
    for (int i = 1; i < argc; i++) {
        struct strbuf bytes = STRBUF_INIT;
        struct err e = {.code = ERR_OK};
        if (file_read_all(argv[i], (size_t)1 << 24, &bytes, &e) != ERR_OK) {
            (void)fprintf(stderr, "%s\n", e.msg);
            return 1;
        }
        /* in memory of its very size, so that a sanitizer sees the first byte too many */
        uint8_t *copy = malloc(bytes.n != 0 ? bytes.n : 1);
        if (copy == NULL)
            return 1;
        for (size_t b = 0; b < bytes.n; b++)
            copy[b] = (uint8_t)bytes.s[b];
        (void)LLVMFuzzerTestOneInput(copy, bytes.n);
        free(copy);
        strbuf_free(&bytes);
        n++;
    }
    printf("%d\n", n);
    return 0;
}
