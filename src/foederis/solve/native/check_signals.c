/* Whether values and choices are an equilibrium in phases that may show which of two types their actor is: a second
 * opinion on signals.c and speaking.c, with which it shares nothing but the form of the arrays. See
 * solve.verify_signals for what is judged. */
#include <math.h>

#include "check.h"

#define MISSED 1e-10 /* see solve.signals */
#define TINY 1e-290

/* A state of a phase at one belief. */
typedef struct {
    const Signal *s;
    const Axis *x;
    const Cell *values, *numbers; /* values of the first table, weights of this one */
    int64_t far, seats, state, table;
    const Cell *done; /* by type and branch, staying put last: how likely each is */
    const Cell *said; /* of turns, by type and option: the logarithms of how likely all expect each to be */
    Draws error;      /* by how much a turn's fixed point is missed, as the solver says */
} Look;

/* Where a state has what; `room` is for two numbers a branch. */
static void look_up(Look *k, Draws *room) {
    const Signal *s = k->s;
    int64_t width = s->branches + 1, rows = 4 * width + 2;
    const Cell *decided = k->numbers + s->base + k->state * rows;
    k->done = decided, k->said = decided + 2 * width, k->error = all(0.0);
    if (s->turns) {
        k->error = decided[rows - 2];
        return;
    }
    for (int64_t b = 0; b < 2 * width; b++) room[b] = k->numbers[s->chances[b * s->states + k->state]];
    k->done = (const Cell *)room;
}

/* The belief that the actor is of the first type, after a branch (Bayes' rule). What no type does leaves it as it was;
 * what has no probability that floating point could hold is judged by the logarithms of shares. */
static Draws bayes(const Look *k, int64_t b) {
    int64_t width = k->s->branches + 1, says = k->s->turns && b < k->s->branches;
    const Cell *prior = k->x->beliefs + 2 * k->table;
    Draws first = prior[0] * k->done[b], total = first + prior[1] * k->done[width + b], found = first / total;
    if (!any(~(total > TINY))) return found;
    for (int l = 0; l < DRAWS; l++) {
        if (total[l] > TINY) continue;
        double one = prior[0][l] > 0 ? (says ? k->said[b][l] : 0.0) : -INFINITY;
        double other = prior[1][l] > 0 ? (says ? k->said[k->s->branches + b][l] : 0.0) : -INFINITY;
        double top = fmax(one, other), odds = prior[0][l] * exp(one - top);
        found[l] = odds / (odds + prior[1][l] * exp(other - top));
    }
    return found;
}

/* What follows a branch in some columns, at the belief after it, from the nearest nodes. */
static void between(const Look *k, int64_t b, int64_t columns, Draws *found) {
    const Axis *x = k->x;
    int64_t apart = x->after * x->parts, node = k->table / apart % x->along, first = k->table - node * apart;
    const Cell *nodes = x->nodes + k->table % x->parts * x->along;
    Id to = k->s->successors[b * k->s->states + k->state];
    Draws place = bayes(k, b), low = all(0.0), below = nodes[0], above = nodes[1];
    place = pick(place > 0.0, place, place * 0.0); /* what is not a number stays */
    for (int64_t n = 1; n + 1 < x->along; n++) {
        Marks is = nodes[n] <= place;
        low = pick(is, all(n), low), below = pick(is, nodes[n], below), above = pick(is, nodes[n + 1], above);
    }
    Draws gap = above - below, share = pick(gap > 0.0, (place - below) / pick(gap > 0.0, gap, all(1.0)), all(0.0));
    for (int64_t c = 0; c < columns; c++) found[c] = place * 0.0;
    for (int64_t n = 0; to && n < x->along; n++) { /* nothing follows a branch that leads nowhere */
        Draws count = pick(low == (double)n, 1.0 - share, pick(low == n - 1.0, share, all(0.0)));
        const Cell *row = k->values + (first + n * apart) * k->far + to * k->seats;
        int counts = any(count != 0.0);
        for (int64_t c = 0; counts && c < columns; c++) found[c] += count * row[c];
    }
}

static void judge_laws(const Look *k, const Found *f) {
    int64_t width = k->s->branches + 1, open = 0;
    Draws worst = all(0.0);
    for (int64_t b = 0; b < width; b++) open |= k->s->successors[b * k->s->states + k->state];
    for (int t = 0; t < 2; t++) {
        Draws total = all(0.0);
        for (int64_t b = 0; b < width; b++) {
            Draws chance = k->done[t * width + b];
            total += chance;
            worst = larger(k->s->successors[b * k->s->states + k->state] ? -chance : chance, worst);
        }
        worst = larger(size(total - (open ? 1.0 : 0.0)), worst);
        f->spoilt[0] += total * 0.0;
    }
    f->laws[0] = larger(worst, f->laws[0]);
}

/* What the values before the phase have to be. follows: by branch and seat. */
static void expect(const Look *k, const Draws *follows, int64_t judged, Draws *expected) {
    const Signal *s = k->s;
    const Cell *belief = k->x->beliefs + 2 * k->table, *mine = k->numbers;
    int64_t width = s->branches + 1;
    for (int64_t c = 0; c < judged; c++) {
        int64_t t = c - s->first;
        expected[c] = all(0.0);
        for (int64_t b = 0; b <= s->branches; b++) {
            Draws after = follows[b * judged + c], chance;
            if (t == 0 || t == 1) {
                chance = k->done[t * width + b];
                if (b < s->branches) after += mine[s->own[(t * s->branches + b) * s->states + k->state]];
            } else {
                chance = belief[0] * k->done[b] + belief[1] * k->done[width + b];
            }
            expected[c] += chance * after;
        }
    }
    for (int64_t p = 0; p < s->payments; p++)
        for (int t = 0; t < 2; t++)
            if (s->actor[p] < judged)
                expected[s->actor[p]] += belief[t] * k->done[t * width + s->branch[p]] *
                                         mine[s->others[(p * 2 + t) * s->states + k->state]];
}

/* The break of the odds of options that are too unlikely for floating point, in a draw, in parts of the logarithms of
 * their shares. */
static double far_off(int64_t n, const Draws *worth, const Draws *share, const Draws *logs, Draws precision, int l) {
    double top = -INFINITY, total = 0.0, found = 0.0;
    for (int64_t j = 0; j < n; j++) top = fmax(top, precision[l] * worth[j][l]);
    for (int64_t j = 0; j < n; j++) total += exp(precision[l] * worth[j][l] - top);
    for (int64_t j = 0; j < n; j++) {
        double due = precision[l] * worth[j][l] - top - log(total), off = fabs(logs[j][l] - due) / fmax(1.0, fabs(due));
        if (share[j][l] < TINY && !(off <= found)) found = off;
        if (isnan(found)) break; /* what is not a number stays */
    }
    return found;
}

/* The odds of a type, and of options that are too unlikely for floating point those of the logarithms of their shares.
 * Where the solver says that it has missed the fixed point, odds may be off by as much as it says, and errors are not
 * held against their bound. */
static void judge_type(const Look *k, int t, const Draws *follows, int64_t judged, Draws precision, const Found *f) {
    const Signal *s = k->s;
    int64_t n = 0;
    Draws worth[s->branches + 1], share[s->branches + 1], logs[s->branches + 1], stray = all(0.0);
    Marks rare = {};
    for (int64_t b = 0; b < s->branches; b++) {
        Draws chance = k->done[t * (s->branches + 1) + b];
        if (!s->open[(t * s->branches + b) * s->states + k->state]) {
            stray = larger(size(chance), stray);
            continue;
        }
        worth[n] = follows[b * judged + s->first + t];
        worth[n] += k->numbers[s->own[(t * s->branches + b) * s->states + k->state]];
        rare |= chance < TINY;
        share[n] = chance, logs[n++] = k->said[t * s->branches + b];
    }
    Choice found = choice_of(n, worth, share, precision);
    found.odds = larger(stray, found.odds);
    for (int l = 0; any(rare) && l < DRAWS; l++) {
        double off = rare[l] && k->error[l] == 0 ? far_off(n, worth, share, logs, precision, l) : 0.0;
        if (!(off <= found.odds[l])) found.odds[l] = off;
    }
    found.odds = pick(k->error == 0.0, found.odds, pick(found.odds > k->error, found.odds - k->error, all(0.0)));
    Marks held = k->error <= MISSED;
    found.lost = pick(held, found.lost, all(0.0)), found.strain = pick(held, found.strain, all(0.0));
    found.spoilt += found.odds * 0.0 + k->error * 0.0;
    note(f, &found);
}

static void judge_state(Look *k, int64_t row, int64_t judged, const Cell *precision, const Found *f) {
    int64_t width = k->s->branches + 1;
    const Cell *before = k->values + k->table * k->far + row * k->seats;
    Draws follows[width * judged + 1], expected[judged + 1], room[2 * width];
    look_up(k, room);
    judge_laws(k, f);
    for (int64_t b = 0; b < width; b++) between(k, b, judged, follows + b * judged);
    expect(k, follows, judged, expected);
    for (int64_t c = 0; c < judged; c++) {
        Draws off = size(expected[c] - before[c]);
        f->error[c] = larger(off, f->error[c]);
        f->low[c] = -larger(-before[c], -f->low[c]);
        f->high[c] = larger(before[c], f->high[c]);
        f->spoilt[0] += off * 0.0;
    }
    for (int t = 0; k->s->turns && t < 2; t++) judge_type(k, t, follows, judged, precision[k->s->first + t], f);
}

/* Judges the phases that may show a type, in the states that are reached, at every belief; see judge. */
void judge_signals(const Group *groups, int64_t count, const Axis *axes, int64_t tables, const Cell *values,
                   int64_t far, const Cell *weights, int64_t wide, const Cell *precision, int64_t seats,
                   int64_t judged, Cell *found) {
    for (const Group *g = groups; g < groups + count; g++)
        for (int64_t t = 0; g->signal && t < tables; t++) {
            Found f = found_in(found + t * (3 * judged + 6), judged);
            for (const Id *chunk = g->order; chunk < g->order + 4 * g->count; chunk += 4)
                for (int64_t n = 0; n < chunk[3]; n++) {
                    Look k = {.s = g->signal, .x = axes + g->signal->typed, .values = values, .far = far};
                    k.numbers = weights + t * wide, k.seats = seats, k.state = chunk[0] + n, k.table = t;
                    judge_state(&k, chunk[1] + n, judged, precision + t * seats, &f);
                }
        }
}
