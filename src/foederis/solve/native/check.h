/* What the parts of the check have in common. */
#ifndef CHECK_H
#define CHECK_H
#include "group.h"

/* The worst that was found so far, in each draw; `spoilt` is not 0 where something was no number. */
typedef struct {
    Cell *error, *low, *high, *laws, *odds, *strain, *regret, *bound, *spoilt;
} Found;

/* What is found of a choice: the break of its odds, the shortfall, its bound, and their ratio. */
typedef struct {
    Draws odds, lost, bound, strain, spoilt;
} Choice;

/* Where a table of findings, float64[3 * judged + 6, draws], has what. */
static inline Found found_in(Cell *found, int64_t judged) {
    Cell *rest = found + 3 * judged;
    return (Found){found, found + judged, found + 2 * judged, rest, rest + 1, rest + 2, rest + 3, rest + 4, rest + 5};
}

/* Of options that are open: what each is worth to the mover, and its share times the chance of choosing at all. */
Choice choice_of(int64_t options, const Draws *worth, const Draws *share, Draws precision);

/* Takes what was found of a choice. */
void note(const Found *f, const Choice *found);

void decays(Cell *x, int64_t count);
void judge_together(const Group *g, const Cell *values, const Cell *weights, const Cell *precision, int64_t actors,
                    Cell *found);
#endif
