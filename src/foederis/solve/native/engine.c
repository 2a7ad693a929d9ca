/* The arithmetic of a game whose phases are plain turns and events, for 8 draws at once: what the kernels of
 * solve.loops and solve.forward do, row by row and with the same arrays. */
#include "arithmetic.h"
#include "together.h"

void powers(Cell *x, int64_t count) {
    for (int64_t i = 0; i < count; i++) x[i] = power(x[i]);
}

/* Adds what is paid to others to `sums`, by actor; shares are those of all branches. */
static void pay_others(const Group *g, int64_t state, int64_t place, const Cell *weights, const Draws *shares,
                       Cell *sums) {
    for (int64_t p = 0; p < g->payments; p++) {
        int64_t slot = place * g->payments + p;
        Id id = g->others[p * g->states + state];
        if (id) sums[g->actor[slot]] += shares[g->branch[slot]] * weights[id];
    }
}

/* The mean of what follows: `columns` of the n rows that are led to. Most often these are two or three. */
static inline void mix(const Cell *table, const Id *to, const Draws *shares, int64_t n, int64_t columns, Cell *mean) {
    const Cell *first = table + to[0] * columns, *second = table + to[1] * columns, *third = table + to[2] * columns;
    Draws one = shares[0], two = shares[1], three = shares[2];
    if (n == 2)
        for (int64_t c = 0; c < columns; c++) mean[c] = one * first[c] + two * second[c];
    else if (n == 3)
        for (int64_t c = 0; c < columns; c++) mean[c] = one * first[c] + two * second[c] + three * third[c];
    else
        for (int64_t c = 0; c < columns; c++) {
            Draws sum = all(0.0);
            for (int64_t j = 0; j < n; j++) sum += shares[j] * table[to[j] * columns + c];
            mean[c] = sum;
        }
}

static void decide(const Group *g, int64_t state, int64_t place, Cell *values, int64_t row, Cell *weights,
                   const Cell *rationality, int64_t actors) {
    int64_t branches = g->branches, mover = g->mover[place], n = 0;
    Id to[branches + 3], which[branches + 1];
    for (int64_t b = 0; b < branches; b++) {
        to[n] = g->successors[b * g->states + state];
        which[n] = (Id)b;
        n += to[n] != 0;
    }
    Draws shares[branches + 2], open[n + 3], worth[n + 1], payment[n + 1];
    Draws best = all(0.0), total = all(0.0), paid = all(0.0), lost = all(0.0);
    for (int64_t j = 0; j < n; j++) {
        payment[j] = weights[g->own[which[j] * g->states + state]];
        worth[j] = values[to[j] * actors + mover] + payment[j];
        best = j ? larger(worth[j], best) : worth[j];
    }
    for (int64_t j = 0; j < n; j++) {
        open[j] = power(rationality[mover] * (worth[j] - best));
        total += open[j];
    }
    Draws choose = weights[g->chances[state]], wait = weights[g->chances[g->states + state]];
    Draws scale = n ? choose / total : all(0.0);
    for (int64_t b = 0; b < branches; b++) shares[b] = all(0.0);
    for (int64_t j = 0; j < n; j++) {
        shares[which[j]] = open[j] = open[j] * scale;
        paid += open[j] * payment[j];
        lost += open[j] * (best - worth[j]);
    }
    shares[branches] = wait;
    shares[branches + 1] = lost;
    Id stay = g->successors[branches * g->states + state];
    if (stay) to[n] = stay, open[n++] = wait;
    to[n] = to[n + 1] = 0; /* mix looks at three */
    Cell *before = values + row * actors, *decided = weights + g->base + state * (branches + 2);
    mix(values, to, open, n, actors, before);
    before[mover] += paid;
    pay_others(g, state, place, weights, shares, before);
    for (int64_t b = 0; b < branches + 2; b++) decided[b] = shares[b];
}

/* The row of the weights in which the share of a branch stands. */
static inline int64_t share_row(const Group *g, int64_t state, int64_t branch) {
    return g->turns ? g->base + state * (g->branches + 2) + branch : g->chances[branch * g->states + state];
}

static void happen(const Group *g, int64_t state, int64_t place, Cell *values, int64_t row, const Cell *weights,
                   int64_t actors) {
    Id to[g->branches + 3];
    Draws shares[g->branches + 1], open[g->branches + 3];
    int64_t n = 0;
    for (int64_t b = 0; b <= g->branches; b++) {
        shares[b] = open[n] = weights[share_row(g, state, b)];
        to[n] = g->successors[b * g->states + state];
        n += to[n] != 0;
    }
    to[n] = to[n + 1] = 0; /* mix looks at three */
    mix(values, to, open, n, actors, values + row * actors);
    for (int64_t b = 0; g->turns && b < g->branches; b++) /* whose turn it is has decided already */
        values[row * actors + g->mover[place]] += shares[b] * weights[g->own[b * g->states + state]];
    pay_others(g, state, place, weights, shares, values + row * actors);
}

/* From the end of a step to its start: values before every phase, and the decisions of turns among the weights. `notes`
 * are of simultaneous moves, see together.h. */
void play(const Group *groups, int64_t count, Cell *values, Cell *weights, const Cell *rationality, int64_t actors,
          Cell *notes) {
    for (const Group *g = groups + count - 1; g >= groups; g--) {
        if (g->joint) decide_together(g, values, weights, rationality, actors, notes);
        for (const Id *chunk = g->order; chunk < g->order + 4 * g->count; chunk += 4)
            for (int64_t k = 0; k < chunk[3]; k++) {
                if (g->turns && !g->joint)
                    decide(g, chunk[0] + k, chunk[2], values, chunk[1] + k, weights, rationality, actors);
                else
                    happen(g, chunk[0] + k, chunk[2], values, chunk[1] + k, weights, actors);
            }
    }
}

/* A state's question columns where taking a branch answers some of them; see kernels.answered. */
static void hit(const double *hits, const Id *gains, const Id *to, const Id *which, const Draws *shares, int64_t n,
                const Cell *questions, int64_t columns, Cell *mean) {
    for (int64_t c = 0; c < columns; c++) {
        Draws sum = all(0.0);
        for (int64_t j = 0; j < n; j++) {
            const Cell *after = questions + to[j] * columns;
            Draws worth = gains && gains[c] >= 0 ? at(after + gains[c]) : all(1.0);
            sum += shares[j] * (hits[which[j] * columns + c] != 0.0 ? worth : at(after + c));
        }
        mean[c] = sum;
    }
}

/* Question columns from the end of a step to its start. `gains`: see kernels.answered, may be null. */
void carry(const Group *groups, int64_t count, Cell *questions, const Cell *weights, const Id *gains,
           int64_t columns) {
    for (const Group *g = groups + count - 1; g >= groups; g--)
        for (const Id *chunk = g->order; chunk < g->order + 4 * g->count; chunk += 4) {
            int64_t width = g->branches + 1, any = 0;
            const double *hits = g->hits ? g->hits + chunk[2] * width * columns : 0;
            for (int64_t c = 0; hits && c < width * columns; c++) any |= hits[c] != 0.0;
            for (int64_t k = 0; k < chunk[3]; k++) {
                int64_t state = chunk[0] + k, n = 0;
                Id to[width + 2], which[width];
                Draws shares[width + 2];
                for (int64_t b = 0; b < width; b++) {
                    Id leads = g->successors[b * g->states + state];
                    if (leads) to[n] = leads, which[n] = (Id)b, shares[n++] = weights[share_row(g, state, b)];
                }
                to[n] = to[n + 1] = 0; /* mix looks at three */
                Cell *mean = questions + (chunk[1] + k) * columns;
                if (any)
                    hit(hits, gains, to, which, shares, n, questions, columns, mean);
                else
                    mix(questions, to, shares, n, columns, mean);
            }
        }
}

/* What stands in a table where the next step begins. If that is at the end of a step, what stood there before is in
 * `stale`; `ends` is the first such row. */
static inline const Cell *next(const Cell *table, const Cell *stale, int64_t onward, int64_t ends, int64_t columns) {
    return onward < ends ? table + onward * columns : stale + (onward - ends) * columns;
}

/* Values at the end of a step, flow + patience * what follows: the final values, or, if these are null, those at the
 * start of the next step. */
void end_values(Cell *values, int64_t ends, const Cell *final, const Id *onward, const Cell *stale, const Cell *flow,
                const Cell *patience, int64_t states, int64_t actors) {
    for (int64_t s = 0; s < states; s++) {
        const Cell *after = final ? final + s * actors : next(values, stale, onward[s], ends, actors);
        for (int64_t a = 0; a < actors; a++)
            values[(ends + s) * actors + a] = flow[s * actors + a] + patience[a] * after[a];
    }
}

/* Question columns at the end of a step, in `count` of the states; see kernels.turn_over. What follows are rows of
 * `numbers`, final int32[columns, states], or, if these are null, what stands at the start of the next step.
 * asked: int32[columns, states], rows of `numbers`; opens, finish, lasts: float64[columns]. */
void end_questions(Cell *questions, int64_t ends, const Id *final, const Cell *finals, const Id *onward,
                   const Cell *stale, const Cell *numbers, const Id *asked, const Id *gains, const double *opens,
                   const double *finish, const double *lasts, int64_t states, int64_t count, int64_t columns) {
    for (int64_t s = 0; s < count; s++) {
        Draws after[columns];
        const Cell *follows = final ? 0 : next(questions, stale, onward[s], ends, columns);
        for (int64_t c = 0; c < columns; c++)
            after[c] = at(final ? finals + final[c * states + s] : follows + c) * lasts[c];
        for (int64_t c = 0; c < columns; c++) {
            Draws holds = numbers[asked[c * states + s]], worth = gains && gains[c] >= 0 ? after[gains[c]] : all(1.0);
            questions[(ends + s) * columns + c] = holds * opens[c] * worth + (1.0 - holds * finish[c]) * after[c];
        }
    }
}

/* What follows serves several tables at once, one for each 8 draws; a `far` is how many cells lie between two of them.
 */

static void pull_in(Cell *mass, const Cell *weights, const Id *sources, const Id *likely, const Id *first,
                    const Id *slots, const Id *rows, const Id *chunks, int64_t count, int64_t courses) {
    for (int64_t i = 0; i < count; i++) {
        const Id *from = sources + (int64_t)first[chunks[i]] * CHUNK, *by = likely + (int64_t)first[chunks[i]] * CHUNK;
        for (int64_t k = 0; k < rows[chunks[i]]; k++) {
            Cell *here = mass + (chunks[i] * (int64_t)CHUNK + k) * courses;
            for (int64_t c = 0; c < courses; c++) {
                Draws sum = all(0.0);
                for (int64_t s = k; s < slots[chunks[i]] * (int64_t)CHUNK; s += CHUNK)
                    if (from[s] | by[s]) sum += mass[from[s] * courses + c] * weights[by[s]];
                here[c] = sum;
            }
        }
    }
}

/* Play through a step: each row takes up what leads into it, in the order of play; see forward.pull and Inflow. `rows`
 * says how many there are in each chunk: nothing leads into those that fill it up. */
void pull(int64_t tables, Cell *mass, int64_t far, const Cell *weights, int64_t far_weights, const Id *sources,
          const Id *likely, const Id *first, const Id *slots, const Id *rows, const Id *chunks, int64_t count,
          int64_t courses) {
    for (int64_t t = 0; t < tables; t++, mass += far, weights += far_weights)
        pull_in(mass, weights, sources, likely, first, slots, rows, chunks, count, courses);
}

static void meet_in(const Group *groups, int64_t count, const Cell *mass, const Cell *weights, int64_t courses,
                    Cell *sums, const int64_t *begins) {
    for (int64_t at = 0; at < count; at++) {
        const Group *g = groups + at;
        if (g->signal) continue; /* see passing.c */
        int64_t turns = g->turns ? g->branches + 2 : 0, height = turns + g->payments;
        for (const Id *chunk = g->order; height && chunk < g->order + 4 * g->count; chunk += 4)
            for (int64_t k = 0; k < chunk[3]; k++) {
                int64_t state = chunk[0] + k;
                Cell *sum = sums + begins[at] + chunk[2] * height;
                Draws here = mass[(chunk[1] + k) * courses], paid = all(0.0);
                for (int64_t b = 0; turns && b < g->branches; b++) {
                    if (!g->successors[b * g->states + state]) continue;
                    Draws taken = here * weights[share_row(g, state, b)];
                    sum[b] += taken;
                    paid += taken * weights[g->own[b * g->states + state]];
                }
                if (turns) {
                    sum[g->branches] += paid;
                    sum[g->branches + 1] += here * weights[share_row(g, state, g->branches + 1)];
                }
                for (int64_t p = 0; p < g->payments; p++) {
                    Id id = g->others[p * g->states + state], branch = g->branch[chunk[2] * g->payments + p];
                    if (id) sum[turns + p] += here * weights[share_row(g, state, branch)] * weights[id];
                }
            }
    }
}

/* What play meets in the groups: sums by phase, those of a group beginning at `begins`; see forward.meet_group. */
void meet(int64_t tables, const Cell *mass, int64_t far, const Cell *weights, int64_t far_weights, Cell *sums,
          int64_t far_sums, const Group *groups, int64_t count, int64_t courses, const int64_t *begins) {
    for (int64_t t = 0; t < tables; t++, mass += far, weights += far_weights, sums += far_sums)
        meet_in(groups, count, mass, weights, courses, sums, begins);
}

/* In what follows `ending` is where play is at the end of a step, of `courses` columns, of which the first counts. Of
 * the states, over which arrays are, the first `counted` are some. */

/* The mean of columns, float64[states, columns, draws]. */
void mean_flow(int64_t tables, const Cell *ending, int64_t far, const Cell *flow, int64_t states, int64_t counted,
               int64_t courses, int64_t columns, Cell *sums) {
    memset(sums, 0, sizeof(Cell) * tables * columns);
    for (int64_t t = 0; t < tables; t++, ending += far, sums += columns, flow += states * columns)
        for (int64_t s = 0; s < counted; s++)
            for (int64_t c = 0; c < columns; c++) sums[c] += ending[s * courses] * flow[s * columns + c];
}

/* The probability of each level, by variable int32[variables, states]. */
void level_masses(int64_t tables, const Cell *ending, int64_t far, const Id *levels, int64_t variables, int64_t states,
                  int64_t counted, int64_t courses, int64_t count, Cell *sums) {
    memset(sums, 0, sizeof(Cell) * tables * count);
    for (int64_t t = 0; t < tables; t++, ending += far, sums += count)
        for (int64_t v = 0; v < variables; v++)
            for (int64_t s = 0; s < counted; s++) sums[levels[v * states + s]] += ending[s * courses];
}

/* The mean of rows of `numbers`, int32[means, states], and of the product of all of them, which comes last. */
void means(int64_t tables, const Cell *ending, int64_t far, const Cell *numbers, int64_t height, const Id *ids,
           int64_t count, int64_t states, int64_t counted, int64_t courses, Cell *sums) {
    memset(sums, 0, sizeof(Cell) * tables * (count + 1));
    for (int64_t t = 0; t < tables; t++, ending += far, numbers += height, sums += count + 1)
        for (int64_t s = 0; s < counted; s++) {
            Draws product = ending[s * courses];
            for (int64_t i = 0; i < count; i++) {
                Draws value = numbers[ids[i * states + s]];
                sums[i] += ending[s * courses] * value;
                product *= value;
            }
            sums[count] += product;
        }
}

/* Ends the wait for conditions: what is met now, by condition, is taken off; see forward.absorb. */
void absorb(int64_t tables, Cell *ending, int64_t far, const Cell *numbers, int64_t height, const Id *ids,
            const double *counts, int64_t conditions, int64_t states, Cell *sums) {
    memset(sums, 0, sizeof(Cell) * tables * conditions);
    for (int64_t t = 0; t < tables; t++, ending += far, numbers += height, sums += conditions)
        for (int64_t s = 0; s < states; s++)
            for (int64_t i = 0; i < conditions; i++) {
                Cell *waits = ending + s * (conditions + 1) + i + 1;
                Draws met = *waits * numbers[ids[i * states + s]] * counts[i];
                sums[i] += met;
                *waits -= met;
            }
}

/* Payments by actor: amounts are rows of `numbers`, ids int32[payments, states]. */
void pay(int64_t tables, const Cell *numbers, int64_t height, const Id *ids, const Id *actor, int64_t payments,
         int64_t states, int64_t actors, Cell *sums) {
    memset(sums, 0, sizeof(Cell) * tables * states * actors);
    for (int64_t t = 0; t < tables; t++, numbers += height, sums += states * actors)
        for (int64_t p = 0; p < payments; p++)
            for (int64_t s = 0; s < states; s++)
                if (ids[p * states + s]) sums[s * actors + actor[p]] += numbers[ids[p * states + s]];
}
