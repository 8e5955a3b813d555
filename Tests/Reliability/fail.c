/* Makes the n-th call that writes fail, for every n in turn: loaded before the program by LD_PRELOAD.
   FAIL_AT: which call. FAIL_WITH: the errno, or SHORT (half of it is written) or KILL. FAIL_LOG: where to say that it struck. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

static atomic_int calls;

static int strikes(const char *call) {
    const char *at = getenv("FAIL_AT");
    if (!at || atomic_fetch_add(&calls, 1) + 1 != atoi(at)) return 0;
    const char *log = getenv("FAIL_LOG");
    if (log) {
        int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
        int fd = real(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd >= 0) {
            if (REAL(ssize_t, "write", int, const void *, size_t)(fd, call, strlen(call)) < 0) abort();
            close(fd);
        }
    }
    const char *with = getenv("FAIL_WITH");
    if (with && !strcmp(with, "KILL")) raise(SIGKILL);
    return 1;
}

static int code(void) {
    const char *with = getenv("FAIL_WITH");
    if (!with) return EIO;
    if (!strcmp(with, "ENOSPC")) return ENOSPC;
    if (!strcmp(with, "EINTR")) return EINTR;
    if (!strcmp(with, "EACCES")) return EACCES;
    return EIO;
}

static int isShort(void) {
    const char *with = getenv("FAIL_WITH");
    return with && !strcmp(with, "SHORT");
}

ssize_t write(int fd, const void *bytes, size_t count) {
    ssize_t (*real)(int, const void *, size_t) = REAL(ssize_t, "write", int, const void *, size_t);
    if (fd > 2 && strikes("write")) {
        if (isShort()) return real(fd, bytes, count > 1 ? count / 2 : count);
        errno = code();
        return -1;
    }
    return real(fd, bytes, count);
}

int fsync(int fd) {
    if (strikes("fsync") && !isShort() && code() != EINTR) {
        errno = code();
        return -1;
    }
    return REAL(int, "fsync", int)(fd);
}

int mkdir(const char *path, mode_t mode) {
    if (strikes("mkdir") && !isShort() && code() != EINTR) {
        errno = code();
        return -1;
    }
    return REAL(int, "mkdir", const char *, mode_t)(path, mode);
}

int rename(const char *from, const char *to) {
    if (strikes("rename") && !isShort() && code() != EINTR) {
        errno = code();
        return -1;
    }
    return REAL(int, "rename", const char *, const char *)(from, to);
}

int renameat2(int olddir, const char *from, int newdir, const char *to, unsigned int flags) {
    if (strikes("renameat2") && !isShort() && code() != EINTR) {
        errno = code();
        return -1;
    }
    return REAL(int, "renameat2", int, const char *, int, const char *, unsigned int)(olddir, from, newdir, to, flags);
}

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
        if (strikes("open") && !isShort() && code() != EINTR) {
            errno = code();
            return -1;
        }
    }
    return REAL(int, "open", const char *, int, mode_t)(path, flags, mode);
}

FILE *fopen(const char *path, const char *mode) {
    if (strchr(mode, 'w') && strikes("fopen") && !isShort() && code() != EINTR) {
        errno = code();
        return NULL;
    }
    return REAL(FILE *, "fopen", const char *, const char *)(path, mode);
}

/* The library that writes the workbook does so through stdio, which calls the system by itself: here the file is taken away below it, so
   that what it still holds, and all that follows, is lost. */
size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file) {
    if (file != stdout && file != stderr && strikes("fwrite") && !isShort() && code() != EINTR) {
        int nothing = REAL(int, "open", const char *, int, mode_t)("/dev/null", O_RDONLY, 0);
        if (nothing < 0 || dup2(nothing, fileno(file)) < 0) abort();
        close(nothing);
    }
    return REAL(size_t, "fwrite", const void *, size_t, size_t, FILE *)(bytes, size, count, file);
}
