/* The choices in simultaneous moves, for 8 draws at once: what solve.matrices and solve.simultaneous do, base by base.
 * Values before the turns are worked out in engine.c, as those before events are: all is decided by then. */
#include "together.h"

enum { ONE = 1 }; /* the row of numbers that are 1 */
static const double APART = 1e-4, NEARBY = 1e-9; /* see simultaneous.py */

/* What option k of `other` and option i of `turn` are worth to the latter, on the mean over what the rest do: in
 * [i * *row + k * *column]. */
static const Cell *between(const Move *m, int64_t turn, int64_t other, int64_t *row, int64_t *column) {
    if (m->turns <= 2) {
        *row = m->stride[turn], *column = m->stride[other];
        return m->worth + turn * m->outcomes;
    }
    int64_t deep = m->deep[other], digits[m->turns];
    *row = deep, *column = 1;
    for (int64_t i = 0; i < m->deep[turn] * deep; i++) m->table[i] = all(0.0);
    memset(digits, 0, sizeof digits);
    for (int64_t o = 0; o < m->outcomes; o++) {
        Draws likely = all(1.0);
        for (int64_t t = 0; t < m->turns; t++)
            if (t != turn && t != other) likely *= m->mix[t * (m->width + 1) + digits[t]];
        m->table[digits[turn] * deep + digits[other]] += likely * m->worth[turn * m->outcomes + o];
        for (int64_t t = m->turns - 1; t >= 0 && ++digits[t] == m->deep[t]; t--) digits[t] = 0;
    }
    return m->table;
}

/* How likely everybody takes each option at these log-odds. */
static void choose(const Move *m, const Cell *x) {
    for (int64_t t = 0; t < m->turns; t++) {
        Cell *share = m->share + t * m->width, *mix = m->mix + t * (m->width + 1);
        const Cell *odds = x + m->first[t] - 1;
        int64_t n = m->count[t];
        Draws best = all(0.0), total = all(0.0);
        for (int64_t i = 1; i < n; i++) best = larger(odds[i], best);
        for (int64_t i = 0; i < n; i++) share[i] = (i ? at(odds + i) : all(0.0)) - best;
        powers(share, n);
        for (int64_t i = 0; i < n; i++) total += share[i];
        for (int64_t i = 0; i < n; i++) {
            share[i] /= total;
            mix[i] = share[i] * m->choose[t];
        }
        mix[n] = 1.0 - m->choose[t];
    }
}

/* By how much the log-odds of a turn's replies change with those of another turn. */
static void slope_by(const Move *m, int64_t turn, int64_t other, const Cell *worth, int64_t row, int64_t column,
                     Cell *slope) {
    const Cell *share = m->share + other * m->width;
    for (int64_t i = 1; i < m->count[turn]; i++) {
        Cell *found = slope + (m->first[turn] + i - 1) * m->unknowns + m->first[other] - 1;
        Draws mean = all(0.0);
        for (int64_t k = 0; k < m->count[other]; k++)
            mean += share[k] * (worth[i * row + k * column] - worth[k * column]);
        for (int64_t k = 1; k < m->count[other]; k++)
            found[k] = m->rational[turn] * m->choose[other] * share[k] *
                       (worth[i * row + k * column] - worth[k * column] - mean);
    }
}

/* All slopes, where it is known how likely everybody takes each option. */
static void slopes_of(const Move *m, Cell *slope) {
    for (int64_t i = 0; i < m->unknowns * m->unknowns; i++) slope[i] = all(0.0);
    for (int64_t t = 0; t < m->turns; t++)
        for (int64_t other = 0, row, column; other < m->turns; other++)
            if (other != t) {
                const Cell *worth = between(m, t, other, &row, &column);
                slope_by(m, t, other, worth, row, column, slope);
            }
}

/* The log-odds with which everybody answers to choices at log-odds x, and their slopes if there is a place for them;
 * m->share and m->what are then the choices and what options are worth. */
void reply(const Move *m, const Cell *x, Cell *value, Cell *slope) {
    choose(m, x);
    if (slope) slopes_of(m, slope);
    for (int64_t t = 0; t < m->turns; t++) {
        Cell *what = m->what + t * m->width;
        int64_t other = t ? 0 : 1, row, column;
        const Cell *worth = m->worth, *mix = m->mix + other * (m->width + 1);
        if (m->turns > 1) worth = between(m, t, other, &row, &column);
        for (int64_t i = 0; i < m->count[t]; i++) {
            what[i] = m->turns > 1 ? all(0.0) : at(worth + i);
            for (int64_t k = 0; m->turns > 1 && k < m->deep[other]; k++)
                what[i] += mix[k] * worth[i * row + k * column];
            what[i] += m->own[t * m->width + i];
            if (i) value[m->first[t] + i - 1] = m->rational[t] * (what[i] - what[0]);
        }
    }
}

/* Whether everybody's replies are a contraction; see matrices.certainly_one. */
static Marks certainly_one(Move *m) {
    int64_t n = m->turns;
    Cell *before = m->room, *growth = take(m, n * n), *next = take(m, n * n);
    for (int64_t t = 0; t < n; t++)
        for (int64_t other = 0; other < n; other++) {
            Draws most = all(0.0);
            for (int64_t o = 0; o < m->outcomes && other != t; o++) {
                int64_t from = m->stride[t], by = m->stride[other], i = o / from % m->deep[t];
                if (i >= m->count[t] || o / by % m->deep[other]) continue; /* the other's first option stands for all */
                const Cell *here = m->worth + t * m->outcomes + o;
                for (int64_t j = 0; j < i; j++) {
                    Draws low = here[0] - here[(j - i) * from], high = low;
                    for (int64_t k = 1; k < m->count[other]; k++) {
                        Draws gap = here[k * by] - here[(j - i) * from + k * by];
                        high = larger(gap, high), low = -larger(-gap, -low);
                    }
                    most = pick(is_finite(high - low), larger(high - low, most), most);
                }
            }
            growth[t * n + other] = m->rational[t] * m->choose[other] * most / 4.0;
        }
    for (int turn = 0; turn < 5; turn++) {
        for (int64_t i = 0; i < n * n; i++) {
            next[i] = all(0.0);
            for (int64_t k = 0; k < n; k++) next[i] += growth[i / n * n + k] * growth[k * n + i % n];
        }
        Cell *swap = growth;
        growth = next, next = swap;
    }
    Marks alone = ~(Marks){};
    for (int64_t t = 0; t < n; t++) {
        Draws sum = all(0.0);
        for (int64_t k = 0; k < n; k++) sum += growth[t * n + k];
        alone &= sum < 0.5;
    }
    m->room = before;
    return alone;
}

/* The move in one state before it; the int64_t are a place for 5 numbers of each turn. */
static Move open_move(const Joint *j, int64_t base, const Cell *values, const Cell *weights, const Cell *rationality,
                      int64_t actors, Cell *room, int64_t *place) {
    int64_t turns = j->turns, width = j->width, outcomes = 1, all_of_them = 1, unknowns = 0, *far = place + 4 * turns;
    Move m = {.turns = turns, .width = width, .count = place, .deep = place + turns, .stride = place + 2 * turns,
              .first = place + 3 * turns, .room = room};
    for (int64_t t = turns - 1; t >= 0; t--) {
        m.count[t] = j->counts[t * j->length + base];
        m.deep[t] = m.count[t] + (m.count[t] == 0 || j->choose[t * j->length + base] != ONE);
        m.stride[t] = outcomes, far[t] = all_of_them;
        outcomes *= m.deep[t], all_of_them *= j->sizes[t] + 1;
    }
    for (int64_t t = 0; t < turns; t++) {
        m.first[t] = unknowns;
        unknowns += m.count[t] > 1 ? m.count[t] - 1 : 0;
    }
    m.outcomes = outcomes, m.unknowns = unknowns;
    m.worth = take(&m, turns * outcomes), m.own = take(&m, turns * width), m.choose = take(&m, turns);
    m.rational = take(&m, turns), m.share = take(&m, turns * width), m.mix = take(&m, turns * (width + 1));
    m.what = take(&m, turns * width), m.table = take(&m, (width + 1) * (width + 1));
    for (int64_t t = 0; t < turns; t++) {
        m.choose[t] = weights[j->choose[t * j->length + base]];
        m.rational[t] = rationality[j->mover[t]];
        for (int64_t i = 0; i < m.count[t]; i++)
            m.own[t * width + i] = weights[j->own[(t * width + i) * j->length + base]];
    }
    for (int64_t o = 0; o < outcomes; o++) {
        int64_t outcome = 0;
        for (int64_t t = 0; t < turns; t++) {
            int64_t slot = o / m.stride[t] % m.deep[t];
            outcome += far[t] * (slot < m.count[t] ? slot : j->sizes[t]);
        }
        int64_t row = j->leads[outcome * j->length + base];
        for (int64_t t = 0; t < turns; t++) m.worth[t * outcomes + o] = values[row * actors + j->mover[t]];
    }
    return m;
}

static inline Draws told(Marks where) { return pick(where, all(1.0), all(0.0)); }

/* Finds the equilibrium in all draws; m->share and m->what are then those in it. */
static void solve(Move *m, Cell *notes) {
    Solved s = {take(m, m->unknowns), {}, {}, {}, all(1.0), all(0.0)};
    Marks alone = certainly_one(m), there = alone, steeply = {}, crossed = {};
    for (int64_t i = 0; i < m->unknowns; i++) s.x[i] = all(0.0);
    if (any(alone)) there &= newton(m, &s, ~alone);
    if (any(~there)) {
        Solved far = {take(m, m->unknowns), {}, {}, {}, all(0.0), all(0.0)};
        Marks end = follow(m, &far, there), lost = ~end & ~there;
        if (any(end & ~there)) steeply = steep(m, far.x) & end & ~there & ~far.folded & ~far.crossed;
        s.reached = pick(there, all(1.0), far.reached);
        crossed = far.crossed & end & ~there;
        if (any(lost)) { /* choices are those to which Newton's method goes on */
            Solved rescued = far;
            newton(m, &rescued, ~lost);
        }
        for (int64_t i = 0; i < m->unknowns; i++) s.x[i] = pick(there, s.x[i], far.x[i]);
        there |= end;
    }
    notes[STATUS] = pick(there, pick(crossed, all(BIFURCATION), all(CONVERGED)), all(FELL_SHORT));
    notes[ALONE] = told(alone), notes[REACHED] = s.reached, notes[STEEP] = told(steeply);
    Cell *value = take(m, m->unknowns);
    reply(m, s.x, value, 0);
}

static int64_t record(const Joint *j) { return j->turns * (j->width + 2) + TOLD; }

/* Decides all that is chosen in a simultaneous move: the decisions of its turns, among the weights, and the notes. */
void decide_together(const Group *g, const Cell *values, Cell *weights, const Cell *rationality, int64_t actors,
                     Cell *notes) {
    const Joint *j = g->joint;
    int64_t wide = j->width + 2, place[5 * j->turns], branches = g->branches;
    Cell *found = notes + j->notes;
    for (int64_t base = 0; base < j->bases; base++, found += record(j)) {
        Move m = open_move(j, base, values, weights, rationality, actors, notes + j->scratch, place);
        solve(&m, found + j->turns * wide);
        for (int64_t t = 0; t < j->turns; t++) {
            const Cell *share = m.share + t * j->width, *what = m.what + t * j->width;
            Draws best = all(0.0), lost = all(0.0);
            for (int64_t i = 0; i < m.count[t]; i++) best = i ? larger(what[i], best) : at(what);
            for (int64_t i = 0; i < m.count[t]; i++) lost += share[i] * (best - what[i]);
            for (int64_t i = 0; i < wide; i++) found[t * wide + i] = i < m.count[t] ? at(share + i) : all(0.0);
            found[t * wide + wide - 1] = lost;
        }
    }
    for (const Id *chunk = g->order; chunk < g->order + 4 * g->count; chunk += 4)
        for (int64_t state = chunk[0]; state < chunk[0] + chunk[3]; state++) {
            const Cell *made = notes + j->notes + j->base[state] * record(j) + chunk[2] * wide;
            Cell *decided = weights + g->base + state * (branches + 2);
            Draws chooses = weights[g->chances[state]], waits = weights[g->chances[g->states + state]];
            for (int64_t b = 0; b < branches; b++) decided[b] = made[j->slots[b * g->states + state]] * chooses;
            decided[branches] = waits, decided[branches + 1] = made[wide - 1] * chooses;
        }
}

/* What follows looks at lanes of a block, each [table, base, draw]: the tables are those of 8 draws each, and `far` is
 * how many cells lie between two of them. */
typedef struct {
    const Cell *values, *weights, *rationality, *notes;
} Tables;

static Move open_lane(const Group *g, const Tables *first, const int64_t *far, const int64_t *lane, int64_t actors,
                      int64_t *place, const Cell **made) {
    const Joint *j = g->joint;
    const Cell *notes = first->notes + lane[0] * far[3];
    *made = notes + j->notes + lane[1] * record(j);
    return open_move(j, lane[1], first->values + lane[0] * far[0], first->weights + lane[0] * far[1],
                     first->rationality + lane[0] * far[2], actors, (Cell *)notes + j->scratch, place);
}

/* The slopes of everybody's replies to the choices that are noted: float64[lanes, unknowns, unknowns], in which options
 * that are not open are left out, and zeros fill up the rest. */
void slopes(const Group *g, const Cell *values, const Cell *weights, const Cell *rationality, const Cell *notes,
            const int64_t *far, int64_t actors, const int64_t *lanes, int64_t count, int64_t unknowns, double *found) {
    Tables first = {values, weights, rationality, notes};
    int64_t place[5 * g->joint->turns];
    for (const int64_t *lane = lanes; lane < lanes + 3 * count; lane += 3, found += unknowns * unknowns) {
        const Cell *made;
        Move m = open_lane(g, &first, far, lane, actors, place, &made);
        for (int64_t t = 0; t < m.turns; t++) {
            Cell *share = m.share + t * m.width, *mix = m.mix + t * (m.width + 1);
            for (int64_t i = 0; i < m.count[t]; i++) {
                share[i] = made[t * (m.width + 2) + i];
                mix[i] = share[i] * m.choose[t];
            }
            mix[m.count[t]] = 1.0 - m.choose[t];
        }
        Cell *slope = take(&m, m.unknowns * m.unknowns);
        slopes_of(&m, slope);
        for (int64_t i = 0; i < m.unknowns * m.unknowns; i++)
            found[i / m.unknowns * unknowns + i % m.unknowns] = slope[i][lane[2]];
    }
}

/* 1 where one of 8 starts leads to an equilibrium that is not the one that was found, else 0. */
static double other_than(Move *m, const Cell *made, int64_t draw, const Cell *starts, const Id *sizes) {
    Cell *before = m->room, *value = take(m, m->unknowns);
    Solved s = {take(m, m->unknowns), {}, {}, {}, all(1.0), all(0.0)};
    for (int64_t t = 0; t < m->turns; starts += sizes[t++] - 1)
        for (int64_t i = 1; i < m->count[t]; i++) s.x[m->first[t] + i - 1] = starts[i - 1];
    for (int turn = 0; turn < 8; turn++) {
        reply(m, s.x, value, 0);
        for (int64_t i = 0; i < m->unknowns; i++) s.x[i] = 0.5 * (s.x[i] + value[i]);
    }
    newton(m, &s, (Marks){});
    reply(m, s.x, value, 0);
    Marks apart = {};
    for (int64_t t = 0; t < m->turns; t++)
        for (int64_t i = 0; i < m->count[t]; i++)
            apart |= size(m->share[t * m->width + i] - made[t * (m->width + 2) + i][draw]) > APART;
    m->room = before;
    return any(apart & (s.miss <= tolerance(m, value, NEARBY))) ? 1.0 : 0.0;
}

/* 1 for each lane in which another equilibrium is found from some starts, float64[rounds, unknowns, 8], else 0. */
void search(const Group *g, const Cell *values, const Cell *weights, const Cell *rationality, const Cell *notes,
            const int64_t *far, int64_t actors, const int64_t *lanes, int64_t count, const Cell *starts, int64_t rounds,
            double *found) {
    Tables first = {values, weights, rationality, notes};
    int64_t place[5 * g->joint->turns], unknowns = 0;
    for (int64_t t = 0; t < g->joint->turns; t++) unknowns += g->joint->sizes[t] - 1;
    for (const int64_t *lane = lanes; lane < lanes + 3 * count; lane += 3, found++) {
        const Cell *made;
        Move m = open_lane(g, &first, far, lane, actors, place, &made);
        for (Cell *cell = m.worth; cell < m.room; cell++) *cell = all((*cell)[lane[2]]);
        *found = 0.0;
        for (int64_t round = 0; round < rounds && !*found; round++)
            *found = other_than(&m, made, lane[2], starts + round * unknowns, g->joint->sizes);
    }
}
