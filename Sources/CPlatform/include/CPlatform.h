/* The two things Swift cannot say itself: SSE2 byte comparisons, and Linux calls behind _GNU_SOURCE. */
#pragma once
#include <stdint.h>
#include <stddef.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* For 64 bytes at `bytes`: one bit a byte that equals `first`, `second` or `third`. */
static inline __attribute__((always_inline)) uint64_t
cp_match_any(const uint8_t *bytes, uint8_t first, uint8_t second, uint8_t third) {
#if defined(__SSE2__)
    const __m128i a = _mm_set1_epi8((char)first), b = _mm_set1_epi8((char)second), c = _mm_set1_epi8((char)third);
    uint64_t mask = 0;
    for (int part = 0; part < 4; part++) {
        const __m128i chunk = _mm_loadu_si128((const __m128i *)(bytes + 16 * part));
        const __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(chunk, a), _mm_cmpeq_epi8(chunk, b)), _mm_cmpeq_epi8(chunk, c));
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * part);
    }
    return mask;
#else
    uint64_t mask = 0;
    for (int i = 0; i < 64; i++)
        mask |= (uint64_t)(bytes[i] == first || bytes[i] == second || bytes[i] == third) << i;
    return mask;
#endif
}

/* The length of the leading run of bytes that are neither NUL nor above 0x7F. */
static inline size_t cp_plain_prefix(const uint8_t *bytes, size_t count) {
    size_t i = 0;
#if defined(__SSE2__)
    const __m128i zero = _mm_setzero_si128();
    while (i + 16 <= count) {
        const __m128i chunk = _mm_loadu_si128((const __m128i *)(bytes + i));
        /* signed: NUL and 0x80...0xFF are the bytes not greater than zero */
        const int plain = _mm_movemask_epi8(_mm_cmpgt_epi8(chunk, zero));
        if (plain != 0xFFFF) return i + (size_t)__builtin_ctz(~(unsigned)plain);
        i += 16;
    }
#endif
    while (i < count && bytes[i] - 1u < 0x7Fu) i++;
    return i;
}

/* Swaps two paths in one step (renameat2 with RENAME_EXCHANGE); 0, or -1 with errno. */
int cp_exchange(const char *first, const char *second);

/* Where `word` first stands in `text` (memmem); -1 where it does not. */
ptrdiff_t cp_place(const void *text, size_t count, const void *word, size_t word_count);

/* The first place from `from` on where `first` stands and `second` stands `gap` bytes behind it; `count` where there is none.
   A word is found by two of its letters that seldom stand so. */
static inline size_t
cp_find_pair(const uint8_t *text, size_t count, size_t from, uint8_t first, uint8_t second, size_t gap) {
    size_t i = from;
#if defined(__SSE2__)
    const __m128i a = _mm_set1_epi8((char)first), b = _mm_set1_epi8((char)second);
    while (i + gap + 16 <= count) {
        const __m128i here = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(text + i)), a);
        const __m128i there = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(text + i + gap)), b);
        const int both = _mm_movemask_epi8(_mm_and_si128(here, there));
        if (both) return i + (size_t)__builtin_ctz((unsigned)both);
        i += 16;
    }
#endif
    for (; i + gap < count; i++)
        if (text[i] == first && text[i + gap] == second) return i;
    return count;
}
