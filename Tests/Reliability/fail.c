/* Makes the n-th call that writes fail, for every n in turn: loaded before the program by LD_PRELOAD. It stands below our own writing, below
   SQLite and below the library that writes the workbook.
   FAIL_AT: which call. FAIL_WITH: the errno, or SHORT (half of it is written), KILL, or TERM (the program is asked to stop, and goes on for
   FAIL_WAIT microseconds before the call is made). FAIL_LOG: where to say that it struck. FAIL_STDIO: of the many calls of the workbook's
   library only every so manieth is counted. */
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

static int is(const char *kind) {
    const char *with = getenv("FAIL_WITH");
    return with && !strcmp(with, kind);
}

/* Whether this is the call that fails. Only a call that moves bytes comes back short or interrupted. */
static int strikes(const char *call, int movesBytes) {
    const char *at = getenv("FAIL_AT");
    if (!at || (!movesBytes && (is("SHORT") || is("EINTR")))) return 0;
    if (atomic_fetch_add(&calls, 1) + 1 != atoi(at)) return 0;
    const char *log = getenv("FAIL_LOG");
    if (log) {
        int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
        int fd = real(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd >= 0) {
            if (REAL(ssize_t, "write", int, const void *, size_t)(fd, call, strlen(call)) < 0) abort();
            close(fd);
        }
    }
    if (is("KILL")) raise(SIGKILL);
    if (is("TERM")) {
        kill(getpid(), SIGTERM);
        const char *wait = getenv("FAIL_WAIT");
        if (wait) usleep((useconds_t)atoi(wait));
        return 0;
    }
    errno = is("ENOSPC") ? ENOSPC : is("EINTR") ? EINTR : is("EACCES") ? EACCES : EIO;
    return 1;
}

static size_t part(size_t count) { return is("SHORT") ? (count > 1 ? count / 2 : count) : 0; }

ssize_t write(int fd, const void *bytes, size_t count) {
    ssize_t (*real)(int, const void *, size_t) = REAL(ssize_t, "write", int, const void *, size_t);
    if (fd > 2 && strikes("write", 1)) return is("SHORT") ? real(fd, bytes, part(count)) : -1;
    return real(fd, bytes, count);
}

#define PWRITE(name, offset_type)                                                                                                        \
    ssize_t name(int fd, const void *bytes, size_t count, offset_type offset) {                                                          \
        ssize_t (*real)(int, const void *, size_t, offset_type) = REAL(ssize_t, #name, int, const void *, size_t, offset_type);          \
        if (strikes(#name, 1)) return is("SHORT") ? real(fd, bytes, part(count), offset) : -1;                                           \
        return real(fd, bytes, count, offset);                                                                                           \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

int fsync(int fd) { return strikes("fsync", 0) ? -1 : REAL(int, "fsync", int)(fd); }
int fdatasync(int fd) { return strikes("fdatasync", 0) ? -1 : REAL(int, "fdatasync", int)(fd); }
int ftruncate(int fd, off_t size) { return strikes("ftruncate", 0) ? -1 : REAL(int, "ftruncate", int, off_t)(fd, size); }
int ftruncate64(int fd, off64_t size) { return strikes("ftruncate64", 0) ? -1 : REAL(int, "ftruncate64", int, off64_t)(fd, size); }
int unlink(const char *path) { return strikes("unlink", 0) ? -1 : REAL(int, "unlink", const char *)(path); }
int rmdir(const char *path) { return strikes("rmdir", 0) ? -1 : REAL(int, "rmdir", const char *)(path); }
int fchmod(int fd, mode_t mode) { return strikes("fchmod", 0) ? -1 : REAL(int, "fchmod", int, mode_t)(fd, mode); }
int mkdir(const char *path, mode_t mode) { return strikes("mkdir", 0) ? -1 : REAL(int, "mkdir", const char *, mode_t)(path, mode); }
int rename(const char *from, const char *to) {
    return strikes("rename", 0) ? -1 : REAL(int, "rename", const char *, const char *)(from, to);
}
int renameat2(int olddir, const char *from, int newdir, const char *to, unsigned int flags) {
    if (strikes("renameat2", 0)) return -1;
    return REAL(int, "renameat2", int, const char *, int, const char *, unsigned int)(olddir, from, newdir, to, flags);
}

#define OPEN(name)                                                                                                                       \
    int name(const char *path, int flags, ...) {                                                                                         \
        mode_t mode = 0;                                                                                                                 \
        if (flags & O_CREAT) {                                                                                                           \
            va_list arguments;                                                                                                           \
            va_start(arguments, flags);                                                                                                  \
            mode = va_arg(arguments, mode_t);                                                                                            \
            va_end(arguments);                                                                                                           \
            if (strikes(#name, 0)) return -1;                                                                                            \
        }                                                                                                                                \
        return REAL(int, #name, const char *, int, mode_t)(path, flags, mode);                                                           \
    }
OPEN(open)
OPEN(open64)

#define FOPEN(name)                                                                                                                      \
    FILE *name(const char *path, const char *mode) {                                                                                     \
        if (strchr(mode, 'w') && strikes(#name, 0)) return NULL;                                                                         \
        return REAL(FILE *, #name, const char *, const char *)(path, mode);                                                              \
    }
FOPEN(fopen)
FOPEN(fopen64)

/* The library that writes the workbook does so through stdio, which calls the system by itself: here the file is taken away below it, so
   that what it still holds, and all that follows, is lost. */
static void lose(const char *call, FILE *file) {
    static atomic_int seen;
    const char *every = getenv("FAIL_STDIO");
    /* What is lost below stdio is the same whatever the errno. */
    if (is("ENOSPC") || is("EACCES")) return;
    if (!file || file == stdout || file == stderr || (fcntl(fileno(file), F_GETFL) & O_ACCMODE) == O_RDONLY) return;
    if (every && atomic_fetch_add(&seen, 1) % atoi(every) != 0) return;
    if (!strikes(call, 0)) return;
    int nothing = REAL(int, "open", const char *, int, mode_t)("/dev/null", O_RDONLY, 0);
    if (nothing < 0 || dup2(nothing, fileno(file)) < 0) abort();
    close(nothing);
}

size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file) {
    lose("fwrite", file);
    return REAL(size_t, "fwrite", const void *, size_t, size_t, FILE *)(bytes, size, count, file);
}
int fputs(const char *text, FILE *file) {
    lose("fputs", file);
    return REAL(int, "fputs", const char *, FILE *)(text, file);
}
int fclose(FILE *file) {
    lose("fclose", file);
    return REAL(int, "fclose", FILE *)(file);
}
