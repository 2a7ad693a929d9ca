/* The fixed point of a signal where an actor has two types, for 8 draws at once and each for itself: what the kernels
 * of solve.two_types and solve.signalling do. */
#include "signals.h"

#include "arithmetic.h"

enum { ROUNDS = 60, STEPS = 200, ATTEMPTS = 4, MOST_STEPS = 64 };
#define NEAR 1e-4   /* precise enough to go on from */
#define LONGEST 4.0 /* of a Newton step */

static inline Draws smaller(Draws a, Draws b) { return pick(a < b, a, b); }

Draws chance_of(Draws odds) {
    Draws far = larger(smaller(odds, all(700.0)), all(-700.0)), rest = power(-size(far));
    return pick(far >= 0.0, all(1.0), rest) / (1.0 + rest);
}

static inline int both(const Board *b, int64_t option) { return b->open[0][option] && b->open[1][option]; }

/* What an option is worth to each type at a belief, and by how much that changes with the belief. */
static void read(const Board *b, int64_t option, Draws place, Draws *worth, Draws *slope) {
    const Draws *first = b->worth + option * 2 * b->nodes, *second = first + b->nodes;
    Draws sums[2] = {first[0], second[0]}, slopes[2] = {all(0.0), all(0.0)};
    for (int64_t k = 0; k + 1 < b->nodes; k++) {
        Draws at = (place - b->axis[k]) * b->steep[k];
        Draws ramp = larger(smaller(at, all(1.0)), all(0.0));
        /* At a node the slope of the side above is taken; where nodes coincide there is none. */
        Draws inside = pick((at >= 0.0) & (at < 1.0) & (b->steep[k] < TOGETHER), b->steep[k], all(0.0));
        Draws rises[2] = {first[k + 1] - first[k], second[k + 1] - second[k]};
        for (int t = 0; t < 2; t++) {
            sums[t] += rises[t] * ramp;
            slopes[t] += rises[t] * inside;
        }
    }
    for (int t = 0; t < 2; t++) {
        worth[t] = b->paid[t][option] + sums[t];
        slope[t] = slopes[t] * (place * (1.0 - place));
    }
}

/* What each type would choose at the beliefs that the ratios lead to: logarithms of shares, shares, and how far each
 * type's worth in logarithms of odds moves with a ratio; by type and option. */
static void aim(const Board *b, const Draws *scale, const Draws *ratio, Draws *logs, Draws *shares, Draws *slopes) {
    int64_t n = b->options;
    for (int64_t o = 0; o < n; o++) {
        Draws known = both(b, o) ? ratio[o] : all(b->open[0][o] ? -CLOSED : CLOSED), worth[2], slope[2];
        if (!b->open[0][o] && !b->open[1][o]) continue;
        read(b, o, chance_of(b->odds + known), worth, slope);
        for (int t = 0; t < 2; t++) {
            logs[t * n + o] = scale[t] * worth[t];
            slopes[t * n + o] = both(b, o) ? scale[t] * slope[t] : all(0.0);
        }
    }
    for (int t = 0; t < 2; t++) {
        Draws top = all(-INFINITY), total = all(0.0);
        for (int64_t o = 0; o < n; o++)
            if (b->open[t][o]) top = larger(logs[t * n + o], top);
        for (int64_t o = 0; o < n; o++)
            if (b->open[t][o]) total += shares[t * n + o] = power(logs[t * n + o] - top);
        Draws whole = top + logarithm(total);
        for (int64_t o = 0; o < n; o++) {
            int open = b->open[t][o];
            logs[t * n + o] = open ? logs[t * n + o] - whole : all(CLOSED);
            shares[t * n + o] = open ? shares[t * n + o] / total : all(0.0);
        }
    }
}

static inline Draws safely(Draws x) { return pick(size(x) > 1e-12, x, all(1e-12)); }

/* The Newton step for all options (Sherman and Morrison); the determinant of the Jacobian. */
static Draws step(const Board *b, const Draws *gap, const Draws *shares, const Draws *slopes, Draws *change) {
    int64_t n = b->options;
    Draws last = all(1.0), alone = all(0.0), product = all(1.0);
    for (int64_t o = 0; o < n; o++) {
        if (!both(b, o)) continue;
        Draws diagonal = 1.0 - (slopes[o] - slopes[n + o]), safe = safely(diagonal);
        Draws row = shares[o] * slopes[o] - shares[n + o] * slopes[n + o];
        change[o] = gap[o] / safe;
        alone += row * change[o];
        last += row / safe;
        product *= diagonal;
    }
    Draws rest = alone / safely(last);
    for (int64_t o = 0; o < n; o++)
        if (both(b, o)) change[o] -= rest / safely(1.0 - (slopes[o] - slopes[n + o]));
    return last * product;
}

/* Newton's method at one rationality, from the ratios to those of the fixed point. The least determinant on the way. */
static Draws newton(const Board *b, const Draws *scale, Draws *ratio, Draws precision, Draws *off) {
    int64_t n = b->options;
    Draws logs[2 * n], shares[2 * n], slopes[2 * n], gap[n], change[n], bold = all(1.0), least = all(1.0);
    *off = all(INFINITY);
    for (int count = 0; count < ROUNDS && any(*off > precision); count++) {
        aim(b, scale, ratio, logs, shares, slopes);
        Draws missed = all(0.0), far = all(0.0), longest = all(0.0), none = all(0.0);
        for (int64_t o = 0; o < n; o++) {
            if (!both(b, o)) continue;
            gap[o] = logs[o] - logs[n + o] - ratio[o];
            none += gap[o] * 0.0; /* not a number where one is none */
            missed = larger(size(gap[o]), missed);
            far = larger(size(ratio[o]), far);
        }
        missed += none;
        /* A step that did not help is followed by a shorter one. */
        bold = pick(missed > *off, larger(bold * 0.5, all(1.0 / 64)), smaller(bold * 1.5, all(1.0)));
        Draws determinant = step(b, gap, shares, slopes, change);
        for (int64_t o = 0; o < n; o++)
            if (both(b, o)) longest = larger(size(change[o]), longest);
        /* Where the types are far apart already, a step may be long. */
        Draws scaled = bold * smaller((LONGEST + far) / larger(longest, all(1e-300)), all(1.0));
        Marks moves = missed > precision;
        for (int64_t o = 0; o < n; o++)
            if (both(b, o)) ratio[o] = pick(moves, ratio[o] + change[o] * scaled, ratio[o]);
        /* The least on the way, since a step may lead past where the branch turns. */
        least = smaller(determinant, least);
        *off = missed;
    }
    return least;
}

/* Small steps towards what would be chosen, where Newton's method has failed. */
static void relax(const Board *b, const Draws *scale, Draws *ratio, Marks failed, double boldness) {
    int64_t n = b->options;
    Draws logs[2 * n], shares[2 * n], slopes[2 * n];
    for (int count = 0; count < STEPS; count++) {
        aim(b, scale, ratio, logs, shares, slopes);
        for (int64_t o = 0; o < n; o++)
            if (both(b, o))
                ratio[o] = pick(failed, ratio[o] + boldness * (logs[o] - logs[n + o] - ratio[o]), ratio[o]);
    }
}

/* The fixed point at one rationality; see two_types.find. */
static Draws find(const Board *b, const Draws *scale, Draws *ratio, Draws precision, Draws *off) {
    Draws least = all(1.0), boldness = all(2.0);
    Marks left = {};
    *off = all(INFINITY);
    for (int count = 0; count < ATTEMPTS && any(*off > precision); count++, boldness *= 0.25) {
        Marks failing = *off > precision;
        if (count) {
            left |= failing;
            relax(b, scale, ratio, failing, boldness[0]);
        }
        Draws found = newton(b, scale, ratio, precision, off);
        least = pick(failing, found, least);
    }
    return pick(left, all(-1.0), least);
}

/* In how many steps rationality grows from 0; see signalling._how_many_steps. */
static Draws how_many_steps(const Board *b) {
    Draws steepest = all(0.0), found;
    for (int64_t k = 0; k + 1 < b->nodes; k++) {
        Draws inner = larger(smaller(all(0.5), b->axis[k + 1]), b->axis[k]);
        Draws bend = pick(b->steep[k] < TOGETHER, inner * (1.0 - inner) * b->steep[k], all(0.0));
        for (int64_t row = 0; row < 2 * b->options; row++) {
            const Draws *worth = b->worth + row * b->nodes + k;
            steepest = larger(size(worth[1] - worth[0]) * bend * b->rationality[row % 2], steepest);
        }
    }
    for (int l = 0; l < DRAWS; l++) found[l] = fmin(fmax(ceil(4.0 * steepest[l]), 1.0), MOST_STEPS);
    return found;
}

void speak(const Board *b, Draws *ratio, Draws *logs, Draws *shares, Draws *off, Draws *reached) {
    int64_t n = b->options;
    Draws steps = b->known ? all(0.0) : how_many_steps(b), passed = all(0.0), slopes[2 * n + 1];
    for (int64_t o = 0; o < n; o++) ratio[o] = all(0.0);
    *off = all(0.0);
    for (int k = 0; any(steps > (double)k); k++) {
        Draws now = smaller(all(k + 1.0), steps), scale[2];
        for (int t = 0; t < 2; t++) scale[t] = b->rationality[t] * (now / steps);
        Draws least = find(b, scale, ratio, pick(now < steps, all(NEAR), all(PRECISION)), off);
        passed = pick((least > 0.0) & (passed == (double)k) & (steps > (double)k), passed + 1.0, passed);
    }
    *reached = b->known ? all(1.0) : passed / steps;
    aim(b, b->rationality, ratio, logs, shares, slopes);
}
