#define _GNU_SOURCE
#include "CPlatform.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

int cp_exchange(const char *first, const char *second) {
    return renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE);
}

ptrdiff_t cp_place(const void *text, size_t count, const void *word, size_t word_count) {
    const char *found = memmem(text, count, word, word_count);
    return found ? found - (const char *)text : -1;
}
