#define _GNU_SOURCE
#include "CPlatform.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Threads */

typedef struct {
    void (*body)(void *);
    void *context;
} beginning;

/* A stack for the handler of each thread: where the thread's own has run out, it is needed. */
enum { handler_stack_bytes = 64 << 10 };

static void *run(void *argument) {
    beginning begun = *(beginning *)argument;
    free(argument);
    stack_t other = {.ss_sp = mmap(NULL, handler_stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                     .ss_size = handler_stack_bytes};
    int has_other = other.ss_sp != MAP_FAILED && sigaltstack(&other, NULL) == 0;
    begun.body(begun.context);
    if (has_other) {
        stack_t none = {.ss_flags = SS_DISABLE};
        sigaltstack(&none, NULL);
    }
    if (other.ss_sp != MAP_FAILED) munmap(other.ss_sp, handler_stack_bytes);
    return NULL;
}

int cp_thread_begin(uintptr_t *thread, size_t stack_bytes, void (*body)(void *), void *context) {
    beginning *begun = malloc(sizeof *begun);
    if (!begun) return ENOMEM;
    *begun = (beginning){body, context};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    pthread_t made;
    int code = pthread_create(&made, &attributes, run, begun);
    pthread_attr_destroy(&attributes);
    if (code != 0) free(begun);
    else *thread = (uintptr_t)made;
    return code;
}

void cp_thread_join(uintptr_t thread) { pthread_join((pthread_t)thread, NULL); }

/* Removing a folder */

typedef struct {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
} entry;

static int remove_below(int parent, const char *name, int depth) {
    if (depth > 8) return -1;
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return errno == ENOENT ? 0 : -1;
    _Alignas(entry) char room[2048];
    int is_empty = 0, rounds = 0;
    /* What is removed while a folder is read may hide an entry: it is read until it is empty. */
    while (!is_empty && rounds++ < 100000) {
        int removed = 0;
        is_empty = 1;
        lseek(folder, 0, SEEK_SET);
        long count;
        while ((count = syscall(SYS_getdents64, folder, room, sizeof room)) > 0) {
            for (long place = 0; place < count; place += ((entry *)(room + place))->length) {
                const entry *found = (entry *)(room + place);
                if (strcmp(found->name, ".") == 0 || strcmp(found->name, "..") == 0) continue;
                is_empty = 0;
                if (unlinkat(folder, found->name, 0) == 0 || errno == ENOENT) removed = 1;
                else if ((errno == EISDIR || errno == EPERM) && remove_below(folder, found->name, depth + 1) == 0) removed = 1;
            }
        }
        if (!is_empty && !removed) break;
    }
    close(folder);
    if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return 0;
    return -1;
}

int cp_remove_folder(const char *folder) { return remove_below(AT_FDCWD, folder, 0); }

/* Signals */

static char guarded_folder[PATH_MAX], guarded_mark[PATH_MAX];
static atomic_int has_folder, is_ending;

void cp_guard_folder(const char *folder, const char *mark) {
    atomic_store(&has_folder, 0);
    if (!folder || strlen(folder) >= PATH_MAX || strlen(mark) >= PATH_MAX) return;
    strcpy(guarded_folder, folder);
    strcpy(guarded_mark, mark);
    atomic_store(&has_folder, 1);
}

static void say(const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t count = write(2, text, left);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        text += count;
        left -= (size_t)count;
    }
}

static void say_number(uint64_t number) {
    char figures[24];
    char *place = figures + sizeof figures - 1;
    *place = 0;
    do *--place = (char)('0' + number % 10);
    while (number /= 10);
    say(place);
}

uint64_t cp_most_memory(void) {
    struct rlimit limit;
    uint64_t most = 0;
    const int kinds[] = {RLIMIT_AS, RLIMIT_DATA};
    for (int i = 0; i < 2; i++)
        if (getrlimit(kinds[i], &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && (most == 0 || limit.rlim_cur < most))
            most = limit.rlim_cur;
    return most;
}

int cp_has_memory(size_t count) {
    void *place = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED) return 0;
    munmap(place, count);
    return 1;
}

/* Under a limit memory is the likely cause where less than half of it is left: what grows asks for as much again. */
static int lacks_memory(void) {
    uint64_t most = cp_most_memory();
    return !cp_has_memory(most ? most / 2 : (size_t)64 << 20);
}

static void end_by_alarm(int number) {
    (void)number;
    _exit(3);
}

static void take_back(void) {
    if (!atomic_exchange(&has_folder, 0)) return;
    /* Another thread may still be writing into it. */
    for (int tries = 0; tries < 100 && cp_remove_folder(guarded_folder) != 0; tries++) usleep(1000);
    if (access(guarded_folder, F_OK) != 0) unlink(guarded_mark);
}

static void end(int number) {
    if (atomic_exchange(&is_ending, 1)) {
        /* Another thread, or this handler itself: the first one ends the program. */
        for (int tries = 0; tries < 100; tries++) usleep(100000);
        _exit(3);
    }
    signal(SIGALRM, end_by_alarm);
    alarm(5);
    say("agency-check: ");
    if (number == SIGXCPU) {
        say("the processor time that it may use has run out (ulimit -t), so nothing was written. Allow it more, or give it fewer files.\n");
    } else if (lacks_memory()) {
        say("the memory has run out");
        uint64_t most = cp_most_memory();
        if (most) {
            say(": it may have ");
            say_number(most >> 20);
            say(" MB (ulimit -v)");
        }
        say(". Nothing was written. Allow it more, or give it fewer files.\n");
    } else {
        say("a mistake in the program itself stopped it (signal ");
        say_number((uint64_t)number);
        say("). Nothing was written. Tell those who look after the program, with the command that was run.\n");
    }
    take_back();
    _exit(3);
}

static sigset_t ending;

void cp_guard_begin(void) {
    for (int number = 0; number <= 2; number++)
        if (fcntl(number, F_GETFD) < 0 && errno == EBADF) {
            /* Whatever is opened next would stand in its place. Reading is all that this one allows, so that writing is a fault. */
            int made = open("/dev/null", O_RDONLY);
            if (made >= 0 && made != number) {
                dup2(made, number);
                close(made);
            }
        }
    /* Under a limit there is no room for a thread's own store of memory, and each piece would be asked of the system by itself. */
    if (cp_most_memory() > 0) mallopt(M_ARENA_MAX, 1);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
    static char first_stack[handler_stack_bytes];
    stack_t other = {.ss_sp = first_stack, .ss_size = sizeof first_stack};
    sigaltstack(&other, NULL);
    const int own[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS, SIGXCPU};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        struct sigaction action = {.sa_handler = end, .sa_flags = SA_ONSTACK | SA_NODEFER};
        sigaction(own[i], &action, NULL);
    }
#endif
    sigemptyset(&ending);
    const int others[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct sigaction now;
        /* Who runs the program so that it outlasts a terminal has SIGHUP ignored. */
        if (sigaction(others[i], NULL, &now) == 0 && now.sa_handler == SIG_IGN) continue;
        sigaddset(&ending, others[i]);
    }
    pthread_sigmask(SIG_BLOCK, &ending, NULL);
}

int cp_await_end(void) {
    int number = 0;
    /* Where nothing may end it, there is nothing to wait for. */
    if (sigisemptyset(&ending)) for (;;) pause();
    while (sigwait(&ending, &number) != 0) {}
    return number;
}

static atomic_int code_of_end;
static void end_with_code(int number) {
    (void)number;
    _exit(atomic_load(&code_of_end));
}

void cp_end_within(unsigned seconds, int code) {
    atomic_store(&code_of_end, code);
    signal(SIGALRM, end_with_code);
    alarm(seconds);
}

/* Files */

int cp_has_files(int count) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : limit.rlim_cur > 4096 ? limit.rlim_cur : 4096;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    int opened[256];
    int made = 0;
    while (made < count && made < 256 && (opened[made] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) made++;
    for (int i = 0; i < made; i++) close(opened[i]);
    return made >= count || made == 256;
}
