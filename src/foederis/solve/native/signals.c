/* Choices and values of phases that may show which of two types their actor is, at every belief: what the kernels of
 * solve.signal_loops do, with the same arrays. */
#include "beliefs.h"

void play(const Group *groups, int64_t count, Cell *values, Cell *weights, const Cell *rationality, int64_t actors,
          Cell *notes);

#define MISSED 1e-10 /* see solve.signals */
#define TINY 1e-290

/* The values before a phase, from what follows each branch, by branch and seat. */
static void receive(const Signal *s, int64_t state, const Cell *weights, const Cell *belief, const Cell *done,
                    const Draws *follows, int64_t seats, Cell *before) {
    int64_t width = s->branches + 1;
    Draws public[width];
    for (int64_t b = 0; b < width; b++) public[b] = belief[0] * done[b] + belief[1] * done[width + b];
    for (int64_t c = 0; c < seats; c++) {
        Draws sum = all(0.0);
        for (int64_t b = 0; b < width; b++) sum += public[b] * follows[b * seats + c];
        before[c] = sum;
    }
    for (int t = 0; t < 2; t++) {
        Draws sum = all(0.0);
        for (int64_t b = 0; b < width; b++) {
            sum += done[t * width + b] * follows[b * seats + s->first + t];
            if (b < s->branches)
                sum += done[t * width + b] * weights[s->own[(t * s->branches + b) * s->states + state]];
        }
        before[s->first + t] = sum;
    }
    for (int64_t p = 0; p < s->payments; p++)
        for (int t = 0; t < 2; t++) {
            Draws amount = weights[s->others[(p * 2 + t) * s->states + state]];
            before[s->actor[p]] += belief[t] * done[t * width + s->branch[p]] * amount;
        }
    const Cell *mine = done + s->keeper * width; /* which expects its own moves */
    for (int64_t k = 0; k < s->columns; k++) {
        Draws sum = all(0.0);
        if (s->kept[k] < 0) continue;
        for (int64_t b = 0; b < width; b++) sum += mine[b] * follows[b * seats + s->kept[k]];
        before[s->kept[k]] = sum;
    }
    for (int64_t p = 0; p < s->entered; p++)
        if (s->entry[s->entered + p] >= 0)
            before[s->entry[s->entered + p]] += mine[s->entry[p]] * weights[s->entries[p * s->states + state]];
}

/* What a state has before the phase, at every belief along the coordinate. */
typedef struct {
    const Signal *s;
    const Axis *x;
    const Cell **values; /* tables, as in follow */
    const Draws *axis, *steep;
    int64_t rest, seats;
} Place;

/* What each option is worth to a type, given what follows it. */
static void weigh(const Signal *s, int64_t state, int t, const Cell *weights, const Draws *follows, int64_t seats,
                  int64_t n, const Id *which, Draws *worth) {
    for (int64_t o = 0; o < n; o++)
        worth[o] = weights[s->own[(t * s->branches + which[o]) * s->states + state]] +
                   follows[which[o] * seats + s->first + t];
}

/* What a type loses to its errors. */
static Draws lose(int64_t n, const uint8_t *open, const Draws *worth, const Draws *shares) {
    Draws best = all(-INFINITY), lost = all(0.0);
    for (int64_t o = 0; o < n; o++)
        if (open[o]) best = larger(worth[o], best);
    for (int64_t o = 0; o < n; o++)
        if (open[o]) lost += shares[o] * (best - worth[o]);
    return lost;
}

/* By how much a type's shares lie off what it would choose at most, in probability. */
static Draws miss(int64_t n, const uint8_t *open, const Draws *worth, const Draws *shares, Draws rationality) {
    Draws gap = all(0.0);
    for (int l = 0; l < DRAWS; l++) {
        double best = -INFINITY, total = 0.0;
        for (int64_t o = 0; o < n; o++)
            if (open[o]) best = fmax(best, worth[o][l]);
        for (int64_t o = 0; o < n; o++)
            if (open[o]) total += exp(rationality[l] * (worth[o][l] - best));
        for (int64_t o = 0; o < n; o++) {
            double off = open[o] ? fabs(exp(rationality[l] * (worth[o][l] - best)) / total - shares[o][l]) : 0.0;
            if (!(off <= gap[l])) gap[l] = off; /* what is not a number stays */
            if (isnan(off)) break;
        }
    }
    return gap;
}

/* The options of a state, of those that lead anywhere. */
typedef struct {
    int64_t count;
    Id *which;
    uint8_t *open[2];
    Draws *shares, *logs; /* by type and option */
} Options;

/* What is chosen at a belief, and what all expect of each type. */
static Deeds choose(const Signal *s, int64_t state, Cell *weights, const Options *o) {
    int64_t branches = s->branches, width = branches + 1, n = o->count;
    Cell *done = weights + s->base + state * height(s), *said = done + 2 * width;
    Draws choose = weights[s->chances[state]], wait = weights[s->chances[s->states + state]];
    for (int t = 0; t < 2; t++, done += width, said += branches) {
        for (int64_t b = 0; b < branches; b++) done[b] = all(0.0), said[b] = all(CLOSED);
        for (int64_t k = 0; k < n; k++) {
            done[o->which[k]] = o->shares[t * n + k] * choose;
            said[o->which[k]] = o->logs[t * n + k];
        }
        done[branches] = wait;
    }
    return read(s, state, weights, 0);
}

/* The values before a state at the belief of a node, and what is decided there. Whether its fixed point is in doubt. */
static int settle(const Place *p, int64_t state, int64_t node, const Options *o, Draws off, Draws reached,
                  const Cell *rationality, Cell *mine, Cell *before) {
    const Signal *s = p->s;
    int64_t width = s->branches + 1, along = p->x->along, t0 = table(p->x, p->rest, node), n = o->count;
    Draws counts[width * along], follows[width * p->seats], worth[n + 1];
    Deeds deeds = choose(s, state, mine, o);
    turn(s, p->x->logs + 2 * t0, &deeds, p->axis, p->steep, along, node, counts);
    for (int64_t b = 0; b < width; b++)
        follow(p->values, along, s->successors[b * s->states + state] * p->seats, p->seats, counts + b * along,
               follows + b * p->seats);
    receive(s, state, mine, p->x->beliefs + 2 * t0, deeds.done, follows, p->seats, before);
    Cell *found = mine + s->base + (state + 1) * height(s) - 4;
    Draws shares[n + 1], gap = all(0.0), lost[2];
    Marks missed = ~(off <= PRECISION); /* what is not a number is missed */
    for (int t = 0; t < 2; t++) {
        weigh(s, state, t, mine, follows, p->seats, n, o->which, worth);
        for (int64_t k = 0; k < n; k++) shares[k] = deeds.done[t * width + o->which[k]];
        lost[t] = lose(n, o->open[t], worth, shares);
        if (any(missed)) {
            Draws off_by = miss(n, o->open[t], worth, o->shares + t * n, rationality[s->first + t]);
            gap = larger(off_by, gap) + (off_by + gap) * 0.0; /* what is not a number stays */
        }
    }
    /* What is said to be found, and that alone has an error of 0, is left to the check to judge. */
    Draws error = pick(missed, pick(gap < TINY, all(TINY), gap), all(0.0));
    found[0] = lost[0], found[1] = lost[1], found[2] = error, found[3] = reached;
    return any(~(error <= MISSED) | (reached < 1.0));
}

/* The choices in a state at all beliefs along the coordinate, and the values before it. At how many a fixed point is in
 * doubt. */
static int64_t decide(const Place *p, int64_t state, int64_t row, Cell *values, int64_t far, Cell *weights,
                      int64_t wide, const Cell *rationality) {
    const Signal *s = p->s;
    int64_t branches = s->branches, n = 0, along = p->x->along, doubts = 0;
    Id which[branches + 1], to[branches + 1];
    uint8_t open[2][branches + 1];
    for (int64_t b = 0; b < branches; b++) {
        Id leads = s->successors[b * s->states + state];
        if (!leads) continue;
        for (int t = 0; t < 2; t++) open[t][n] = s->open[(t * branches + b) * s->states + state];
        to[n] = leads;
        which[n++] = (Id)b;
    }
    Draws worth[n * 2 * along + 1], paid[2][n + 1], ratio[n + 1], logs[2 * n + 1], shares[2 * n + 1];
    for (int64_t o = 0; o < n; o++)
        for (int64_t k = 0; k < 2 * along; k++)
            worth[o * 2 * along + k] = p->values[k % along][to[o] * p->seats + s->first + k / along];
    Board board = {n, along, {open[0], open[1]}, {paid[0], paid[1]}, worth, p->axis, p->steep, 0, {}, {}};
    Options options = {n, which, {open[0], open[1]}, shares, logs};
    for (int64_t node = 0; node < along; node++) {
        int64_t t0 = table(p->x, p->rest, node);
        Cell *mine = weights + t0 * wide;
        const Cell *before = p->x->logs + 2 * t0, *pace = rationality + t0 * p->seats;
        for (int t = 0; t < 2; t++) {
            board.rationality[t] = pace[s->first + t];
            for (int64_t o = 0; o < n; o++)
                paid[t][o] = mine[s->own[(t * branches + which[o]) * s->states + state]];
        }
        board.odds = before[0] - before[1];
        board.known = node == 0 || node == along - 1;
        Draws off, reached;
        speak(&board, ratio, logs, shares, &off, &reached);
        doubts += settle(p, state, node, &options, off, reached, pace, mine, values + t0 * far + row * p->seats);
    }
    return doubts;
}

static void happen(const Place *p, int64_t state, int64_t row, Cell *values, int64_t far, const Cell *weights,
                   int64_t wide) {
    const Signal *s = p->s;
    int64_t width = s->branches + 1, along = p->x->along, seats = p->seats;
    Draws room[4 * width], counts[width * along], follows[width * seats];
    for (int64_t node = 0; node < along; node++) {
        int64_t t0 = table(p->x, p->rest, node);
        const Cell *mine = weights + t0 * wide;
        Deeds deeds = read(s, state, mine, room);
        turn(s, p->x->logs + 2 * t0, &deeds, p->axis, p->steep, along, node, counts);
        for (int64_t b = 0; b < width; b++)
            follow(p->values, along, s->successors[b * s->states + state] * seats, seats, counts + b * along,
                   follows + b * seats);
        receive(s, state, mine, p->x->beliefs + 2 * t0, deeds.done, follows, seats, values + t0 * far + row * seats);
    }
}

/* From the end of a step to its start, in all tables; `doubts`, by group, counts the states and beliefs at which a
 * fixed point is in doubt in some draw. `notes` are of simultaneous moves, see together.h. */
void play_all(const Group *groups, int64_t count, const Axis *axes, int64_t tables, Cell *values, int64_t far,
              Cell *weights, int64_t wide, const Cell *rationality, int64_t seats, Cell *notes, int64_t noted,
              int64_t *doubts) {
    for (int64_t g = count - 1; g >= 0; g--) {
        const Signal *s = groups[g].signal;
        if (!s) {
            for (int64_t t = 0; t < tables; t++)
                play(groups + g, 1, values + t * far, weights + t * wide, rationality + t * seats, seats,
                     notes + t * noted);
            continue;
        }
        const Axis *x = axes + s->typed;
        const Cell *along[x->along];
        Draws axis[x->along], steep[x->along];
        for (int64_t rest = 0; rest < rests(x); rest++) {
            Place p = {s, x, along, axis, steep, rest, seats};
            for (int64_t k = 0; k < x->along; k++) along[k] = values + table(x, rest, k) * far;
            steepness(x->nodes + rest % x->parts * x->along, x->along, axis, steep);
            for (const Id *chunk = groups[g].order; chunk < groups[g].order + 4 * groups[g].count; chunk += 4)
                for (int64_t k = 0; k < chunk[3]; k++) {
                    int64_t state = chunk[0] + k, row = chunk[1] + k;
                    if (s->turns)
                        doubts[g] += decide(&p, state, row, values, far, weights, wide, rationality);
                    else
                        happen(&p, state, row, values, far, weights, wide);
                }
        }
    }
}
