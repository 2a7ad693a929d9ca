/* Questions and play through phases that may show which of two types their actor is: what the kernels of
 * solve.signal_loops do, with the same arrays. */
#include "beliefs.h"

void carry(const Group *groups, int64_t count, Cell *questions, const Cell *weights, const Id *gains, int64_t columns);

/* The question columns of a state before a phase, at one belief; see signal_loops._carry_signal. */
static void ask(const Signal *s, int64_t state, const Cell *const *tables, int64_t along, const Cell *done,
                const Draws *counts, const Cell *likely, const double *hits, const Id *gains, const int64_t *starts,
                int64_t profiles, Cell *before) {
    int64_t width = s->branches + 1, columns = starts[profiles];
    Draws follows[columns + 1];
    for (int64_t c = 0; c < columns; c++) before[c] = all(0.0);
    for (int64_t b = 0; b < width; b++) {
        if (!s->successors[b * s->states + state]) continue;
        follow(tables, along, s->successors[b * s->states + state] * columns, columns, counts + b * along, follows);
        for (int64_t p = 0; p < profiles; p++) {
            Draws share = likely[2 * p] * done[b] + likely[2 * p + 1] * done[width + b];
            for (int64_t c = starts[p]; c < starts[p + 1]; c++) {
                Draws worth = gains && gains[c] >= 0 ? follows[gains[c]] : all(1.0);
                before[c] += share * (hits && hits[b * columns + c] != 0.0 ? worth : follows[c]);
            }
        }
    }
}

/* Question columns from the end of a step to its start, in all tables. likely: by actor with types, of each table how
 * likely each type is under each of the profiles, whose columns begin at `starts`. */
void carry_all(const Group *groups, int64_t count, const Axis *axes, int64_t tables, Cell *questions, int64_t far,
               const Cell *weights, int64_t wide, const Id *gains, const Cell *const *likely, const int64_t *starts,
               int64_t profiles) {
    for (const Group *g = groups + count - 1; g >= groups; g--) {
        const Signal *s = g->signal;
        int64_t columns = starts[profiles];
        if (!s) {
            for (int64_t t = 0; t < tables; t++)
                carry(g, 1, questions + t * far, weights + t * wide, gains, columns);
            continue;
        }
        const Axis *x = axes + s->typed;
        int64_t width = s->branches + 1;
        const Cell *along[x->along];
        Draws axis[x->along], steep[x->along], room[4 * width], counts[width * x->along];
        for (int64_t rest = 0; rest < rests(x); rest++) {
            for (int64_t k = 0; k < x->along; k++) along[k] = questions + table(x, rest, k) * far;
            steepness(x->nodes + rest % x->parts * x->along, x->along, axis, steep);
            for (const Id *chunk = g->order; chunk < g->order + 4 * g->count; chunk += 4)
                for (int64_t k = 0; k < chunk[3]; k++)
                    for (int64_t node = 0; node < x->along; node++) {
                        int64_t t0 = table(x, rest, node), state = chunk[0] + k;
                        Deeds deeds = read(s, state, weights + t0 * wide, room);
                        turn(s, x->logs + 2 * t0, &deeds, axis, steep, x->along, node, counts);
                        const Cell *chances = likely[s->typed] + t0 * 2 * profiles;
                        ask(s, state, along, x->along, deeds.done, counts, chances, g->hits, gains, starts, profiles,
                            questions + t0 * far + (chunk[1] + k) * columns);
                    }
        }
    }
}

/* Play out of the branches of a state, to the beliefs after them; by branch, node and course. */
static void leave(const Signal *s, const Axis *x, int64_t rest, int64_t state, const Cell *mass, int64_t far,
                  const Cell *weights, int64_t wide, const Cell *likely, int64_t courses, const Draws *axis,
                  const Draws *steep, Draws *gone) {
    int64_t width = s->branches + 1, along = x->along;
    Draws room[4 * width], counts[width * along];
    for (int64_t k = 0; k < width * along * courses; k++) gone[k] = all(0.0);
    for (int64_t node = 0; node < along; node++) {
        int64_t t0 = table(x, rest, node);
        const Cell *here = mass + t0 * far;
        Marks held = {};
        for (int64_t c = 0; c < courses; c++) held |= here[c] != 0.0;
        if (!any(held)) continue;
        Deeds deeds = read(s, state, weights + t0 * wide, room);
        turn(s, x->logs + 2 * t0, &deeds, axis, steep, along, node, counts);
        for (int64_t b = 0; b < width; b++) {
            Draws share = likely[2 * t0] * deeds.done[b] + likely[2 * t0 + 1] * deeds.done[width + b];
            for (int64_t k = b * along; k < (b + 1) * along; k++)
                for (int64_t c = 0; c < courses; c++) gone[k * courses + c] += here[c] * (share * counts[k]);
        }
    }
}

/* Play out of the branches of a phase, written into its landing rows. likely: of each table how likely each type is
 * that plays. */
void land(const Group *g, const Axis *axes, Cell *mass, int64_t far, const Cell *weights, int64_t wide,
          const Cell *likely, int64_t courses) {
    const Signal *s = g->signal;
    const Axis *x = axes + s->typed;
    int64_t width = s->branches + 1, along = x->along;
    Draws axis[along], steep[along], gone[width * along * courses];
    for (int64_t rest = 0; rest < rests(x); rest++) {
        Cell *tables[along];
        for (int64_t k = 0; k < along; k++) tables[k] = mass + table(x, rest, k) * far;
        steepness(x->nodes + rest % x->parts * along, along, axis, steep);
        for (const Id *chunk = g->order; chunk < g->order + 4 * g->count; chunk += 4)
            for (int64_t state = chunk[0]; state < chunk[0] + chunk[3]; state++) {
                const Cell *here = mass + (chunk[1] + state - chunk[0]) * courses;
                leave(s, x, rest, state, here, far, weights, wide, likely, courses, axis, steep, gone);
                for (int64_t k = 0; k < width * along; k++) {
                    Cell *there = tables[k % along] + (s->landing + k / along * s->states + state) * courses;
                    for (int64_t c = 0; c < courses; c++) there[c] = gone[k * courses + c];
                }
            }
    }
}

/* What play meets in the phases that may show a type: how likely each branch is taken; by type the mean of what it is
 * paid, and of what it loses to errors; each payment to others. As in meet, in all tables. */
void meet_signals(const Group *groups, int64_t count, int64_t tables, const Cell *mass, int64_t far,
                  const Cell *weights, int64_t wide, int64_t courses, const Cell *const *likely, Cell *sums,
                  int64_t high, const int64_t *begins) {
    for (int64_t g = 0; g < count; g++) {
        const Signal *s = groups[g].signal;
        if (!s) continue;
        int64_t width = s->branches + 1;
        Draws room[4 * width];
        for (int64_t t0 = 0; t0 < tables; t0++)
            for (const Id *chunk = groups[g].order; chunk < groups[g].order + 4 * groups[g].count; chunk += 4)
                for (int64_t k = 0; k < chunk[3]; k++) {
                    int64_t state = chunk[0] + k;
                    Cell *sum = sums + t0 * high + begins[g];
                    const Cell *mine = weights + t0 * wide, *chances = likely[s->typed] + 2 * t0;
                    Draws here = mass[t0 * far + (chunk[1] + k) * courses];
                    if (!any(here != 0.0)) continue;
                    Deeds deeds = read(s, state, mine, room);
                    for (int t = 0; t < 2; t++) {
                        Draws play = chances[t] * here;
                        for (int64_t b = 0; b < s->branches; b++) {
                            Draws taken = play * deeds.done[t * width + b];
                            sum[b] += taken;
                            sum[s->branches + t] +=
                                taken * mine[s->own[(t * s->branches + b) * s->states + state]];
                        }
                        if (s->turns)
                            sum[s->branches + 2 + t] += play * mine[s->base + state * height(s) + height(s) - 4 + t];
                        for (int64_t p = 0; p < s->payments; p++)
                            sum[s->branches + 4 + p] += play * deeds.done[t * width + s->branch[p]] *
                                                        mine[s->others[(p * 2 + t) * s->states + state]];
                    }
                }
    }
}

/* After each branch of a state, at every belief: the belief, and how likely play goes there; by branch and table. */
void reach(const Group *g, const Axis *axes, int64_t tables, int64_t state, const Cell *mass, int64_t far,
           const Cell *weights, int64_t wide, int64_t courses, int64_t row, Cell *places, Cell *likely) {
    const Signal *s = g->signal;
    const Axis *x = axes + s->typed;
    int64_t width = s->branches + 1;
    Draws room[4 * width];
    for (int64_t t = 0; t < tables; t++) {
        const Cell *logs = x->logs + 2 * t, *belief = x->beliefs + 2 * t;
        Deeds d = read(s, state, weights + t * wide, room);
        for (int64_t b = 0; b < width; b++) {
            int passes = s->turns && b == s->branches;
            Draws odds = passes ? logs[0] - logs[1] : (logs[0] + d.said[b]) - (logs[1] + d.said[d.apart + b]);
            places[b * tables + t] = chance_of(odds);
            likely[b * tables + t] =
                (belief[0] * d.done[b] + belief[1] * d.done[width + b]) * mass[t * far + row * courses];
        }
    }
}
