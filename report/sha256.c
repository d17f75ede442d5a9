#include "report/sha256.h"

enum { BLOCK = 64, WORDS = 8, DIGEST = SHA256_BYTES };

/* Fractional parts of the cube roots of the first 64 primes. */
static const uint32_t rounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t x, unsigned by)
{
    return x >> by | x << (32 - by);
}

static void mix_block(uint32_t state[WORDS], const unsigned char *block)
{
    uint32_t w[64], s[WORDS];
    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
               block[4 * i + 3];
    for (size_t i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
    }
    memcpy(s, state, sizeof s);
    for (size_t i = 0; i < 64; i++) {
        uint32_t t1 = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) +
                      rounds[i] + w[i];
        uint32_t t2 =
            (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (size_t i = 0; i < WORDS; i++)
        state[i] += s[i];
}

void sha256(struct slice x, unsigned char out[SHA256_BYTES])
{
    uint32_t state[WORDS] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    unsigned char last[2 * BLOCK] = {0};
    size_t whole = x.n / BLOCK * BLOCK, rest = x.n - whole;
    for (size_t at = 0; at < whole; at += BLOCK)
        mix_block(state, (const unsigned char *)x.s + at);
    if (rest != 0)
        memcpy(last, x.s + whole, rest);
    last[rest] = 0x80;
    size_t n = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
    uint64_t bits = (uint64_t)x.n * 8;
    for (size_t i = 0; i < 8; i++)
        last[n - 1 - i] = (unsigned char)(bits >> 8 * i);
    for (size_t at = 0; at < n; at += BLOCK)
        mix_block(state, last + at);
    for (size_t i = 0; i < DIGEST; i++)
        out[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_hmac(const unsigned char key[SHA256_BYTES], struct slice x, unsigned char out[SHA256_BYTES])
{
    char inner[BLOCK + SHA256_HMAC_MAX], outer[BLOCK + DIGEST];
    size_t n = x.n < SHA256_HMAC_MAX ? x.n : SHA256_HMAC_MAX;
    for (size_t i = 0; i < BLOCK; i++) {
        unsigned char k = i < DIGEST ? key[i] : 0;
        inner[i] = (char)(k ^ 0x36);
        outer[i] = (char)(k ^ 0x5c);
    }
    if (n != 0)
        memcpy(inner + BLOCK, x.s, n);
    sha256((struct slice){inner, BLOCK + n}, out);
    memcpy(outer + BLOCK, out, DIGEST);
    sha256((struct slice){outer, sizeof outer}, out);
}

const char *sha256_base64(struct slice x, char out[SHA256_BASE64_BYTES])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char raw[DIGEST + 1] = {0}; /* one zero byte, so that the last group is whole */
    sha256(x, raw);
    size_t n = 0;
    for (size_t i = 0; i < DIGEST; i += 3) {
        uint32_t group = (uint32_t)raw[i] << 16 | (uint32_t)raw[i + 1] << 8 | raw[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6)
            out[n++] = letters[group >> shift & 63];
    }
    out[n - 1] = '='; /* 32 bytes are ten groups and two bytes */
    out[n] = '\0';
    return out;
}
