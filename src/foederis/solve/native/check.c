/* Whether values and choices are an equilibrium, for plain turns and events: a second opinion on engine.c, with which
 * it shares nothing but the form of the arrays. See solve.verify for what is judged, and for how it is read. */
#include <math.h>

#include "check.h"

enum { PARTS = 64, FEW = 64 };
static double parts[PARTS]; /* two to the power of each part of one */
static double logs[FEW];

void prepare(void) {
    for (int i = 0; i < PARTS; i++) parts[i] = (double)exp2l((long double)i / PARTS);
    for (int i = 1; i < FEW; i++) logs[i] = log((double)i);
}

/* e to the power of x, which is not above 0: by a table of powers of two, and a short series for the rest. */
static inline Draws decay(Draws x) {
    const double large = 6755399441055744.0;
    Draws moved = x * (PARTS / 0.69314718055994530942) + large, steps = moved - large, part;
    Draws rest = x - steps * (0.693147180369123816490 / PARTS) - steps * (1.90821492927058770002e-10 / PARTS);
    Draws series = rest + rest * rest * (0.5 + rest * (1.0 / 6 + rest * (1.0 / 24 + rest * (1.0 / 120))));
    Marks n = (Marks)moved - (Marks)all(large);
    for (int l = 0; l < DRAWS; l++) part[l] = parts[n[l] & (PARTS - 1)];
    return pick(x < -700.0, all(0.0), (Draws)(((n >> 6) + 1023) << 52) * (part + part * series));
}

void decays(Cell *x, int64_t count) {
    for (int64_t i = 0; i < count; i++) x[i] = decay(x[i]);
}

static void judge_values(const Group *g, int64_t state, int64_t row, int64_t place, const Cell *values,
                         const Cell *weights, int64_t actors, int64_t judged, const Found *f) {
    int64_t width = g->branches + 1, open = 0;
    const Cell *after[width], *before = values + row * actors;
    Draws share[width], likely[width], total = all(0.0), broken = all(0.0), doubt = all(0.0), mine = all(0.0);
    for (int64_t b = 0; b < width; b++) {
        Id to = g->successors[b * g->states + state];
        share[b] = weights[g->turns ? g->base + state * (width + 1) + b : g->chances[b * g->states + state]];
        total += share[b];
        broken = larger(larger(-share[b], to ? share[b] - 1.0 : share[b]), broken);
        if (g->turns && b < g->branches) mine += share[b] * weights[g->own[b * g->states + state]];
        if (to) likely[open] = share[b], after[open++] = values + to * actors;
    }
    broken = larger(size(total - (open ? 1.0 : 0.0)), broken);
    f->laws[0] = larger(broken, f->laws[0]);
    for (int64_t a = 0; a < judged; a++) {
        Draws expected = g->turns && g->mover[place] == a ? mine : all(0.0);
        for (int64_t j = 0; j < open; j++) expected += likely[j] * after[j][a];
        for (int64_t slot = place * g->payments, p = 0; p < g->payments; p++, slot++)
            if (g->actor[slot] == a) expected += share[g->branch[slot]] * weights[g->others[p * g->states + state]];
        Draws off = size(expected - before[a]);
        f->error[a] = larger(off, f->error[a]);
        f->low[a] = -larger(-before[a], -f->low[a]);
        f->high[a] = larger(before[a], f->high[a]);
        doubt += off;
    }
    f->spoilt[0] += (total + doubt) * 0.0;
}

Choice choice_of(int64_t options, const Draws *worth, const Draws *share, Draws precision) {
    Draws asked = all(0.0), mean = all(0.0), best = all(-INFINITY), against = all(0.0), odds[options + 1];
    Choice found = {};
    for (int64_t j = 0; j < options; j++) {
        asked += share[j];
        mean += share[j] * worth[j];
        best = larger(worth[j], best);
    }
    for (int64_t j = 0; j < options; j++) {
        odds[j] = decay(precision * (worth[j] - best));
        against += odds[j];
    }
    Marks live = asked > 0.0;
    Draws each = 1.0 / pick(live, asked, all(1.0)), ratio = pick(against > 0.0, asked / against, all(0.0));
    for (int64_t j = 0; j < options; j++) {
        Draws off = odds[j] * ratio - share[j];
        found.odds = larger(size(off), found.odds);
        found.spoilt += pick(live, off * 0.0, all(0.0));
    }
    found.odds = pick(live, found.odds * each, all(0.0));
    found.lost = pick(live, best - mean * each, all(0.0));
    found.spoilt += found.lost * 0.0;
    if (options < 2) return found;
    double of = options < FEW ? logs[options] : log((double)options);
    found.bound = of / precision;
    found.strain = found.lost * (precision * (1.0 / of));
    return found;
}

void note(const Found *f, const Choice *found) {
    f->odds[0] = larger(found->odds, f->odds[0]);
    f->strain[0] = larger(found->strain, f->strain[0]);
    f->spoilt[0] += found->spoilt;
    Marks more = found->lost > f->regret[0];
    f->regret[0] = pick(more, found->lost, f->regret[0]);
    f->bound[0] = pick(more, found->bound, f->bound[0]);
}

static void judge_choice(const Group *g, int64_t state, int64_t place, const Cell *values, const Cell *weights,
                         const Cell *precision, int64_t actors, const Found *f) {
    int64_t mover = g->mover[place], options = 0;
    const Cell *claimed = weights + g->base + state * (g->branches + 2);
    Draws worth[g->branches + 1], share[g->branches + 1];
    for (int64_t b = 0; b < g->branches; b++) {
        Id to = g->successors[b * g->states + state];
        if (!to) continue;
        share[options] = claimed[b];
        worth[options++] = values[to * actors + mover] + weights[g->own[b * g->states + state]];
    }
    Choice found = choice_of(options, worth, share, precision[mover]);
    note(f, &found);
}

/* Judges all groups of plain phases in the states that are reached, and the values of the first `judged` actors, before
 * every phase and in the `reached` rows from `ends` on. found: see check.h; together: what is found of simultaneous
 * moves, see check_together.c. */
void judge(const Group *groups, int64_t count, const Cell *values, const Cell *weights, const Cell *precision,
           int64_t actors, int64_t judged, int64_t ends, int64_t reached, Cell *found, Cell *together) {
    Found f = found_in(found, judged);
    for (const Group *g = groups; g < groups + count; g++) {
        if (g->seats) judge_together(g, values, weights, precision, actors, together);
        for (const Id *chunk = g->order; !g->signal && chunk < g->order + 4 * g->count; chunk += 4)
            for (int64_t k = 0; k < chunk[3]; k++) {
                judge_values(g, chunk[0] + k, chunk[1] + k, chunk[2], values, weights, actors, judged, &f);
                if (g->turns && !g->seats)
                    judge_choice(g, chunk[0] + k, chunk[2], values, weights, precision, actors, &f);
            }
    }
    for (int64_t row = ends; row < ends + reached; row++)
        for (int64_t a = 0; a < judged; a++) {
            f.low[a] = -larger(-values[row * actors + a], -f.low[a]);
            f.high[a] = larger(values[row * actors + a], f.high[a]);
        }
}
