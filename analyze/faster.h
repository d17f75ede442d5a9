/*
 * faster.h - functions that are compiled several times, for processors of different widths; the fitting one is taken
 * when the program starts. The numbers are the same: fused multiplication, which rounds otherwise, is not asked for.
 */
#ifndef ANALYZE_FASTER_H
#define ANALYZE_FASTER_H

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
#define FASTER __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define FASTER
#endif

#endif
