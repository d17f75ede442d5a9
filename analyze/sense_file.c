/* rules/en/sense.bin in the program: too large for a C array */
extern const char sense_file[], sense_file_end[];

__asm__(".section .rodata\n"
        ".balign 16\n"
        ".global sense_file\n"
        "sense_file:\n"
        ".incbin \"rules/en/sense.bin\"\n"
        ".global sense_file_end\n"
        "sense_file_end:\n"
        ".byte 0\n"
        ".previous\n");
