/* How fast this machine moves and multiplies numbers: STREAM's triad, and fused multiply-adds on registers.
   Arguments: threads, float64 numbers in each of the three arrays of a thread (0 for multiply-adds), seconds.
   Prints bytes (24 a number, without what a store may fetch first) or operations a second, of all threads together. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef double vec __attribute__((vector_size(64)));
enum { CHAINS = 16 };

static long length;
static double seconds;
static volatile double sink;
static pthread_barrier_t ready;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

__attribute__((noinline)) static void triad(double *restrict a, const double *restrict b, const double *restrict c, double s) {
    for (long i = 0; i < length; i++) a[i] = b[i] + s * c[i];
}

__attribute__((noinline)) static vec fma_chains(long rounds) {
    vec x[CHAINS], by, more, sum;
    for (int k = 0; k < 8; k++) by[k] = 0.999999, more[k] = 1e-6, sum[k] = 0;
    for (int j = 0; j < CHAINS; j++) for (int k = 0; k < 8; k++) x[j][k] = j + k;
    for (long i = 0; i < rounds; i++) {
        for (int j = 0; j < CHAINS; j++) x[j] = x[j] * by + more;
        __asm__ volatile("" : "+x"(by), "+x"(more)); /* so that no round can be left out */
    }
    for (int j = 0; j < CHAINS; j++) sum += x[j];
    return sum;
}

static void *work(void *rate) {
    double done = 0, begun;
    if (length) {
        size_t bytes = (length * sizeof(double) + 63) / 64 * 64;
        double *a = aligned_alloc(64, bytes), *b = aligned_alloc(64, bytes), *c = aligned_alloc(64, bytes);
        for (long i = 0; i < length; i++) a[i] = 0, b[i] = 1, c[i] = 2;
        triad(a, b, c, 3.0);
        pthread_barrier_wait(&ready);
        begun = now();
        long rounds = 1 + 2000000 / length;
        do {
            for (long i = 0; i < rounds; i++) { triad(a, b, c, 3.0); __asm__ volatile("" ::: "memory"); }
            done += 24.0 * length * rounds;
        } while (now() - begun < seconds);
        *(double *)rate = done / (now() - begun);
        sink = a[length / 2];
        free(a), free(b), free(c);
    } else {
        pthread_barrier_wait(&ready);
        begun = now();
        do {
            vec found = fma_chains(1000000);
            for (int k = 0; k < 8; k++) sink = found[k];
            done += 2.0 * 8 * CHAINS * 1000000;
        } while (now() - begun < seconds);
        *(double *)rate = done / (now() - begun);
    }
    return 0;
}

int main(int count, char **words) {
    if (count != 4) return 2;
    int threads = atoi(words[1]);
    length = atol(words[2]), seconds = atof(words[3]);
    pthread_t each[64];
    double rate[64], sum = 0;
    if (threads < 1 || threads > 64) return 2;
    pthread_barrier_init(&ready, 0, threads);
    for (int k = 0; k < threads; k++) pthread_create(&each[k], 0, work, &rate[k]);
    for (int k = 0; k < threads; k++) pthread_join(each[k], 0), sum += rate[k];
    printf("%.6g\n", sum);
    return 0;
}
