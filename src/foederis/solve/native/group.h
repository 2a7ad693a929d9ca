/* The arrays of a group of phases in a step; see groups.GroupArrays and groups.Order for them, Asking.hits for `hits`.
 * Tables are [rows, columns, 8 draws] in double precision: the draws of a column lie in one line of the processor's
 * cache, and are worked on as a whole. */
#ifndef GROUP_H
#define GROUP_H
#include <stdint.h>
#include <string.h>

enum { DRAWS = 8, CHUNK = 64 };
typedef double Draws __attribute__((vector_size(8 * DRAWS)));
typedef int64_t Marks __attribute__((vector_size(8 * DRAWS)));
typedef Draws Cell __attribute__((aligned(8), may_alias)); /* of a table, which may begin anywhere */
typedef int32_t Id;

struct Joint;
struct Seats;

typedef struct {
    const Id *successors, *chances, *own, *others, *branch, *actor, *mover, *order;
    const double *hits;
    const struct Joint *joint; /* of the turns of a simultaneous move, for engine.c; see together.h */
    const struct Seats *seats; /* likewise, for check.c; see check_together.c */
    int64_t base, branches, states, payments, turns, count;
} Group;

static inline Draws at(const Cell *cell) { return *cell; }
static inline Draws all(double value) { return (Draws){} + value; }
static inline Draws pick(Marks where, Draws yes, Draws no) {
    return (Draws)((where & (Marks)yes) | (~where & (Marks)no));
}
static inline Draws size(Draws x) { return (Draws)((Marks)x & INT64_MAX); }
static inline Draws larger(Draws a, Draws b) { return pick(a > b, a, b); }
#endif
