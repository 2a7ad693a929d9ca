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

/* A phase that may show which of two types its actor is; see signals.SignalArrays. */
typedef struct {
    const Id *successors, *chances, *own, *others, *branch, *actor, *entries, *entry, *kept;
    const uint8_t *open; /* by type, branch and state */
    int64_t first, base, landing, keeper, branches, states, payments, entered, columns, turns, typed;
} Signal;

typedef struct {
    const Id *successors, *chances, *own, *others, *branch, *actor, *mover, *order;
    const double *hits;
    const Signal *signal; /* null for a group of plain phases; if not, `order` and `hits` alone are read beside it */
    const struct Joint *joint; /* of the turns of a simultaneous move, for engine.c; see together.h */
    const struct Seats *seats; /* likewise, for check.c; see check_together.c */
    int64_t base, branches, states, payments, turns, count;
} Group;

/* The beliefs about an actor of two types, along one coordinate of the grid; see beliefs.Grid. There is a table for
 * every belief, and for every 8 draws; those of a belief follow each other. */
typedef struct {
    const Cell *nodes;          /* by 8 draws and node */
    const Cell *beliefs, *logs; /* by table and type */
    int64_t before, along, after, parts; /* beliefs before, along and after the coordinate; how many times 8 draws */
} Axis;

static inline Draws at(const Cell *cell) { return *cell; }
static inline Draws all(double value) { return (Draws){} + value; }
static inline Draws pick(Marks where, Draws yes, Draws no) {
    return (Draws)((where & (Marks)yes) | (~where & (Marks)no));
}
static inline Draws size(Draws x) { return (Draws)((Marks)x & INT64_MAX); }
static inline Draws larger(Draws a, Draws b) { return pick(a > b, a, b); }
static inline int any(Marks where) {
    int64_t found = 0;
    for (int l = 0; l < DRAWS; l++) found |= where[l];
    return found != 0;
}
#endif
