/* What an actor of two types chooses from in a state, at one belief; see signalling.Board. */
#ifndef SIGNALS_H
#define SIGNALS_H
#include "group.h"

#define CLOSED (-1.0e9)  /* the logarithm of the share of an option that is not open to a type */
#define PRECISION 1e-13 /* of fixed points, in logarithms of shares */

typedef struct {
    int64_t options, nodes;
    const uint8_t *open[2]; /* by type: whether an option is open to it */
    const Draws *paid[2];   /* by type and option */
    const Draws *worth;     /* by option, type and node: what follows it there */
    const Draws *axis;      /* by node */
    const Draws *steep;     /* by node but the last: one over how far the next one lies */
    int known;              /* whether the type is: no belief moves */
    Draws odds;             /* the logarithm of those of the first type */
    Draws rationality[2];
} Board;

/* Below this many points a node and the next are one. */
#define TOGETHER 1.0e300

/* The fixed point. logs, shares: by type and option; off: how far it is missed in logarithms of shares; reached: how
 * much of all rationality its branch was followed to. `ratio` is room for one number an option. */
void speak(const Board *board, Draws *ratio, Draws *logs, Draws *shares, Draws *off, Draws *reached);

/* The probability whose odds have this logarithm. */
Draws chance_of(Draws odds);
#endif
