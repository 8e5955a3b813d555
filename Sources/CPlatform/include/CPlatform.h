/* What Swift cannot say itself: SSE2 byte comparisons, asking for memory ahead, and Linux calls behind _GNU_SOURCE. */
#pragma once
#include <stdint.h>
#include <stddef.h>
#include "CLinear.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* For 64 bytes at `bytes`: a bit for each that equals one of three; in `breaks` a bit for each that equals one of the last two. */
static inline __attribute__((always_inline)) uint64_t
cp_match_any(const uint8_t *bytes, uint8_t separator, uint8_t newline, uint8_t quote, uint64_t *breaks) {
    uint64_t found = 0, broken = 0;
#if defined(__SSE2__)
    const __m128i s = _mm_set1_epi8((char)separator), n = _mm_set1_epi8((char)newline), q = _mm_set1_epi8((char)quote);
    for (int part = 0; part < 4; part++) {
        const __m128i chunk = _mm_loadu_si128((const __m128i *)(bytes + 16 * part));
        const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(chunk, n), _mm_cmpeq_epi8(chunk, q));
        const __m128i all = _mm_or_si128(ends, _mm_cmpeq_epi8(chunk, s));
        broken |= (uint64_t)(uint32_t)_mm_movemask_epi8(ends) << (16 * part);
        found |= (uint64_t)(uint32_t)_mm_movemask_epi8(all) << (16 * part);
    }
#else
    for (int i = 0; i < 64; i++) {
        const int end = bytes[i] == newline || bytes[i] == quote;
        broken |= (uint64_t)end << i;
        found |= (uint64_t)(end || bytes[i] == separator) << i;
    }
#endif
    *breaks = broken;
    return found;
}

typedef struct { size_t marks, breaks; } cp_marks;

/* Notes where separators, line ends and quotes stand in the text: their places in `marks`, and in `breaks` which of the marks are no
   separators. The text must be readable, whatever stands there, to the next multiple of 64; each list has room for `count` places and
   one more. */
static inline cp_marks
cp_mark(const uint8_t *text, size_t count, uint8_t separator, uint8_t newline, uint8_t quote, uint32_t *marks, uint32_t *breaks) {
    uint32_t *mark = marks, *broken = breaks;
    for (size_t position = 0; position < count; position += 64) {
        uint64_t ends;
        uint64_t hits = cp_match_any(text + position, separator, newline, quote, &ends);
        if (count - position < 64) {
            hits &= ((uint64_t)1 << (count - position)) - 1;
            ends &= hits;
        }
        const uint32_t found = (uint32_t)(mark - marks);
        for (; ends; ends &= ends - 1)
            *broken++ = found + (uint32_t)__builtin_popcountll(hits & ((ends & -ends) - 1));
        for (; hits; hits &= hits - 1) *mark++ = (uint32_t)position + (uint32_t)__builtin_ctzll(hits);
    }
    return (cp_marks){(size_t)(mark - marks), (size_t)(broken - breaks)};
}

/* Asks for a place in memory that will be written to, without waiting for it. */
static inline void cp_ask(const void *place) { __builtin_prefetch(place, 1); }

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

/* Whether a quote, a comma, a line feed or a carriage return is among the bytes: a cell of CSV with one is quoted. */
static inline int cp_needs_quotes(const uint8_t *bytes, size_t count) {
    size_t i = 0;
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8(0x22), comma = _mm_set1_epi8(0x2C), feed = _mm_set1_epi8(0x0A), back = _mm_set1_epi8(0x0D);
    for (; i + 16 <= count; i += 16) {
        const __m128i chunk = _mm_loadu_si128((const __m128i *)(bytes + i));
        const __m128i hit = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(chunk, quote), _mm_cmpeq_epi8(chunk, comma)),
            _mm_or_si128(_mm_cmpeq_epi8(chunk, feed), _mm_cmpeq_epi8(chunk, back)));
        if (_mm_movemask_epi8(hit)) return 1;
    }
#endif
    for (; i < count; i++)
        if (bytes[i] == 0x22 || bytes[i] == 0x2C || bytes[i] == 0x0A || bytes[i] == 0x0D) return 1;
    return 0;
}

/* Whether a line feed or a carriage return is among the bytes. */
static inline int cp_holds_line_break(const uint8_t *bytes, size_t count) {
#if defined(__SSE2__)
    const __m128i feed = _mm_set1_epi8(0x0A), back = _mm_set1_epi8(0x0D);
#define CP_HOLDS(chunk) _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(chunk, feed), _mm_cmpeq_epi8(chunk, back)))
    if (count >= 8) {
        /* the last sixteen, or the two ends of fewer */
        const __m128i end = count >= 16
            ? _mm_loadu_si128((const __m128i *)(bytes + count - 16))
            : _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)bytes), _mm_loadl_epi64((const __m128i *)(bytes + count - 8)));
        if (CP_HOLDS(end)) return 1;
        for (size_t i = 0; i + 16 < count; i += 16)
            if (CP_HOLDS(_mm_loadu_si128((const __m128i *)(bytes + i)))) return 1;
        return 0;
    }
#undef CP_HOLDS
#endif
    for (size_t i = 0; i < count; i++)
        if (bytes[i] == 0x0A || bytes[i] == 0x0D) return 1;
    return 0;
}

/* The length of the leading run of bytes that may be printed as they are: of ASCII, no control character. */
static inline size_t cp_printable_prefix(const uint8_t *bytes, size_t count) {
    size_t i = 0;
#if defined(__SSE2__)
    const __m128i space = _mm_set1_epi8(0x1F), delete = _mm_set1_epi8(0x7F);
    for (; i + 16 <= count; i += 16) {
        const __m128i chunk = _mm_loadu_si128((const __m128i *)(bytes + i));
        /* signed: above 0x1F are the printable ones and DEL */
        const __m128i printable = _mm_andnot_si128(_mm_cmpeq_epi8(chunk, delete), _mm_cmpgt_epi8(chunk, space));
        const int plain = _mm_movemask_epi8(printable);
        if (plain != 0xFFFF) return i + (size_t)__builtin_ctz(~(unsigned)plain);
    }
#endif
    for (; i < count; i++)
        if (bytes[i] < 0x20 || bytes[i] >= 0x7F) return i;
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

/* guard.c: threads, signals and resources, where nothing may be asked of Swift's runtime. */

/* Begins a thread of its own stack; 0, or the number of the error. To be joined. */
int cp_thread_begin(uintptr_t *thread, size_t stack_bytes, void (*body)(void *), void *context);
void cp_thread_join(uintptr_t thread);

/* To be called first: a closed standard descriptor is made one that cannot be used, a write to a closed pipe or past a limit fails, and a
   signal of the program's own making is said and ends it with exit code 3. SIGINT, SIGTERM and SIGHUP wait for cp_await_end. */
void cp_guard_begin(void);

/* The folder that is being built and its mark, to be removed where a signal ends the program; NULL: none. */
void cp_guard_folder(const char *folder, const char *mark);

/* Waits for a signal that ends the program, and gives its number. */
int cp_await_end(void);

/* Ends the program with the code after so many seconds, whatever it is doing. */
void cp_end_within(unsigned seconds, int code);

/* Whether so many files can be open beside those that are; the soft limit is raised to the hard one first. */
int cp_has_files(int count);
/* Whether so many bytes of memory can be had beside what is used. */
int cp_has_memory(size_t count);
/* How many bytes of address space the program may have; 0 where there is no limit. */
uint64_t cp_most_memory(void);

/* Removes a folder and all below it with system calls alone; 0 where it is gone. */
int cp_remove_folder(const char *folder);
