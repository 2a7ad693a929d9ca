/* The fixed point of everybody's replies in a simultaneous move: by Newton's method, or on the principal branch. Step
 * for step as solve.principal does it, where it is said why; each of 8 draws by itself. */
#include <math.h>

#include "together.h"

enum { TRIES = 6, NEWTON = 60, MOST = 6000 };
static const double NEAR = 1e-12, ON_CURVE = 1e-7, SHORTEST = 1e-5, FIRST = 0.1, LONGEST = 0.5, STRAIGHT = 0.95;

static inline Draws root(Draws x) {
    for (int l = 0; l < DRAWS; l++) x[l] = sqrt(x[l]);
    return x;
}
static inline Draws smaller(Draws a, Draws b) { return pick(a < b, a, b); }
static inline Marks pick_marks(Marks where, Marks yes, Marks no) { return (where & yes) | (~where & no); }
static inline void put(Cell *cell, Marks where, Draws value) { *cell = pick(where, value, *cell); }

Draws tolerance(const Move *m, const Cell *value, double relative) {
    Draws largest = all(0.0);
    for (int64_t i = 0; i < m->unknowns; i++) largest = larger(size(value[i]), largest);
    return relative * (1.0 + largest);
}

/* Brings the row with the largest number in column k to place k, in each draw; the sign of the exchange. */
static Draws exchange(Cell *rows, int64_t n, int64_t wide, int64_t k) {
    Draws best = size(rows[k * wide + k]), place = all((double)k);
    for (int64_t r = k + 1; r < n; r++) {
        Draws here = size(rows[r * wide + k]);
        place = pick(here > best, all((double)r), place);
        best = larger(here, best);
    }
    if (!any(place != (double)k)) return all(1.0);
    for (int64_t r = k + 1; r < n; r++) {
        Marks chosen = place == (double)r;
        if (!any(chosen)) continue;
        for (int64_t c = k; c < wide; c++) {
            Draws up = rows[r * wide + c], down = rows[k * wide + c];
            rows[r * wide + c] = pick(chosen, down, up);
            rows[k * wide + c] = pick(chosen, up, down);
        }
    }
    return pick(place == (double)k, all(1.0), all(-1.0));
}

/* Solves n equations by Gauss-Jordan elimination with partial pivoting; the sides, columns n to `wide`, become the
 * solutions. Returns the sign of the determinant. */
static Draws eliminate(Cell *rows, int64_t n, int64_t wide) {
    Draws sign = all(1.0);
    for (int64_t k = 0; k < n; k++) {
        sign *= exchange(rows, n, wide, k);
        Cell *pivot = rows + k * wide;
        Draws value = pivot[k];
        sign *= pick(value > 0.0, all(1.0), pick(value < 0.0, all(-1.0), value));
        for (int64_t c = k + 1; c < wide; c++) pivot[c] /= value;
        for (int64_t r = 0; r < n; r++) {
            if (r == k) continue;
            Draws factor = rows[r * wide + k];
            for (int64_t c = k + 1; c < wide; c++) rows[r * wide + c] -= factor * pivot[c];
        }
    }
    return sign;
}

/* How far x is from its reply. */
static Draws miss_of(const Move *m, const Cell *x, const Cell *value) {
    Draws miss = all(0.0), sum = all(0.0);
    for (int64_t i = 0; i < m->unknowns; i++) {
        miss = larger(size(x[i] - value[i]), miss);
        sum += x[i] - value[i];
    }
    return pick(is_finite(sum), miss, all(INFINITY));
}

/* Where x is its own reply, but for rounding. */
static Marks settled(Move *m, Solved *s) {
    Cell *before = m->room, *value = take(m, m->unknowns);
    reply(m, s->x, value, 0);
    s->miss = miss_of(m, s->x, value);
    Marks near = s->miss <= tolerance(m, value, 100 * NEAR);
    m->room = before;
    return near & (s->reached >= 1.0);
}

/* From s->x on, with steps that are halved until they help; draws to `skip` are left. Returns where it got there. */
Marks newton(Move *m, Solved *s, Marks skip) {
    int64_t n = m->unknowns, wide = n + 1;
    Cell *before = m->room, *x = take(m, n), *value = take(m, n), *slope = take(m, n * n), *rows = take(m, n * wide);
    Cell *step = take(m, n);
    Draws least = all(INFINITY), share = all(1.0); /* the square of what s->x is off; how much of the step is tried */
    Marks done = skip;
    for (int64_t i = 0; i < n; i++) step[i] = all(0.0);
    for (int look = 0; look < NEWTON && any(~done); look++) {
        Draws square = all(0.0), most = all(0.0);
        for (int64_t i = 0; i < n; i++) x[i] = s->x[i] + share * step[i];
        reply(m, x, value, slope);
        for (int64_t i = 0; i < n; i++) {
            Draws off = x[i] - value[i];
            square += off * off;
            most = larger(size(off), most);
            for (int64_t k = 0; k < n; k++) rows[i * wide + k] = (double)(i == k) - slope[i * n + k];
            rows[i * wide + n] = -off;
        }
        square = pick(is_finite(square), square, all(INFINITY));
        Draws enough = 1.0 - 1e-4 * share;
        Marks helps = square <= enough * enough * least, sound = ~(Marks){};
        eliminate(rows, n, wide);
        for (int64_t i = 0; i < n; i++) sound &= is_finite(rows[i * wide + n]);
        Marks near = helps & (most <= tolerance(m, value, NEAR)), stuck = ~helps & (share < 1e-6);
        Marks better = helps & ~done;
        for (int64_t i = 0; i < n; i++) {
            put(s->x + i, better, x[i]);
            put(step + i, better, pick(sound, rows[i * wide + n], value[i] - x[i]));
        }
        least = pick(better, square, least);
        share = pick(done, share, pick(helps, all(1.0), 0.5 * share));
        done |= near | stuck;
    }
    m->room = before;
    s->reached = all(1.0);
    return settled(m, s);
}

/* Draws on their way; see principal.Trace. here, tangent, there: [unknowns + 1], t last. */
typedef struct {
    Cell *here, *tangent, *there;
    Draws sign, step, tries, before;
    Marks landing, crossed, folded, done;
} Trace;

/* What a look at `there` shows; see principal.Look. */
typedef struct {
    Cell *value, *slope, *rows, *move, *tangent;
    Draws sign, off;
    Marks sound;
} Look;

static void look_at(const Move *m, const Trace *t, Look *l) {
    int64_t n = m->unknowns, last = n, wide = n + 3;
    Draws time = t->there[last], behind = -t->step, norm = all(0.0);
    reply(m, t->there, l->value, l->slope);
    l->off = all(0.0), l->sound = ~(Marks){};
    for (int64_t i = 0; i <= n; i++) behind += t->tangent[i] * (t->there[i] - t->here[i]);
    behind = pick(t->landing, time - 1.0, behind);
    for (int64_t i = 0; i < n; i++) {
        Cell *row = l->rows + i * wide;
        Draws off = t->there[i] - time * l->value[i];
        for (int64_t k = 0; k < n; k++) row[k] = (double)(i == k) - time * l->slope[i * n + k];
        row[n] = -l->value[i], row[n + 1] = -off, row[n + 2] = all(0.0);
        l->off = larger(size(off), l->off);
        l->sound &= is_finite(off);
    }
    Cell *border = l->rows + n * wide;
    for (int64_t k = 0; k <= n; k++) border[k] = pick(t->landing, all((double)(k == n)), t->tangent[k]);
    border[n + 1] = -behind, border[n + 2] = all(1.0);
    l->sign = eliminate(l->rows, n + 1, wide);
    for (int64_t i = 0; i <= n; i++) norm += l->rows[i * wide + n + 2] * l->rows[i * wide + n + 2];
    norm = root(norm);
    for (int64_t i = 0; i <= n; i++) {
        l->move[i] = l->rows[i * wide + n + 1];
        l->tangent[i] = l->rows[i * wide + n + 2] / norm;
        l->sound &= is_finite(l->move[i]) & is_finite(l->tangent[i]);
    }
}

/* What follows from a look; see principal._advance and _next. */
static void advance(const Move *m, Trace *t, const Look *l) {
    int64_t n = m->unknowns;
    Draws length = all(0.0), along = all(0.0), astray = all(0.0), scale = tolerance(m, l->value, 1.0), far = all(0.0);
    for (int64_t i = 0; i <= n; i++) {
        Draws strays = t->there[i] - t->here[i] - t->step * t->tangent[i];
        length += l->move[i] * l->move[i];
        along += l->tangent[i] * t->tangent[i];
        astray += strays * strays;
    }
    length = pick(l->sound, root(length), all(INFINITY));
    Marks on_curve = l->sound & (l->off <= scale * pick(t->landing, all(NEAR), all(ON_CURVE)));
    Draws turn = pick(along < 0.0, all(-1.0), all(1.0)), sign = pick(t->landing, l->sign * turn, l->sign);
    Marks bent = (size(along) < STRAIGHT) | (root(astray) > 0.5 * t->step + 100 * ON_CURVE * scale);
    Marks flips = sign * t->sign < 0.0, shortest = t->step <= SHORTEST, beyond = ~t->landing & (t->there[n] > 1.0);
    Marks good = on_curve & ~bent & ~beyond & (~flips | shortest);
    Marks slow = (t->tries >= (double)TRIES) | ((t->tries > 0.0) & (length > 0.5 * t->before)) | (length > t->step);
    Marks again = l->sound & ~on_curve & (~slow | ((length < 1e-9) & (t->tries < 2.0 * TRIES)));
    Marks bad = ~good & ~again, go = ~t->done, ahead = good & go, easy = (t->tries <= 3.0) & (size(along) > 0.99);
    for (int64_t i = 0; i <= n; i++) {
        put(t->here + i, ahead, t->there[i]);
        put(t->tangent + i, ahead, turn * l->tangent[i]);
        far = larger(size(t->here[i]), far);
    }
    Draws grown = smaller(pick(easy, all(2.0), all(1.0)) * t->step, larger(0.1 * far, all(LONGEST)));
    Draws step = pick(good, grown, pick(bad, 0.5 * t->step, t->step)), up = t->tangent[n];
    Marks lands = pick_marks(again, t->landing, t->here[n] + 1.2 * step * up >= 1.0);
    Draws to_end = (1.0 - t->here[n]) / pick(up > 0.0, up, all(1.0));
    step = pick(~again & lands, larger(to_end, all(1e-300)), step);
    for (int64_t i = 0; i <= n; i++)
        put(t->there + i, go, pick(again, t->there[i] + l->move[i], t->here[i] + step * t->tangent[i]));
    t->sign = pick(ahead & flips, -t->sign, t->sign);
    t->step = pick(go, step, t->step);
    t->tries = pick(go, pick(again, t->tries + 1.0, all(0.0)), t->tries);
    t->before = pick(go, pick(again, length, all(INFINITY)), t->before);
    t->crossed |= ahead & flips;
    t->folded |= ahead & (up < 0.0);
    t->done |= (good & t->landing) | (bad & shortest);
    t->landing = pick_marks(go, lands, t->landing);
}

/* Follows the principal branch from even odds; draws to `skip` are left. Returns where its end was reached; s->x is the
 * last point on it. */
Marks follow(Move *m, Solved *s, Marks skip) {
    int64_t n = m->unknowns;
    Cell *before = m->room, *here = take(m, n + 1), *tangent = take(m, n + 1), *there = take(m, n + 1);
    Cell *value = take(m, n), *slope = take(m, n * n), *rows = take(m, (n + 1) * (n + 3));
    Look l = {value, slope, rows, take(m, n + 1), take(m, n + 1), all(0.0), all(0.0), skip};
    Trace t = {here, tangent, there, all(1.0), all(FIRST), all(0.0), all(FIRST), {}, {}, {}, skip};
    Draws norm = all(1.0);
    for (int64_t i = 0; i <= n; i++) here[i] = all(0.0);
    reply(m, here, tangent, 0);
    tangent[n] = all(1.0);
    for (int64_t i = 0; i < n; i++) norm += tangent[i] * tangent[i];
    norm = root(norm);
    for (int64_t i = 0; i <= n; i++) {
        tangent[i] /= norm;
        there[i] = FIRST * tangent[i];
    }
    for (int look = 0; look < MOST && any(~t.done); look++) {
        look_at(m, &t, &l);
        advance(m, &t, &l);
    }
    for (int64_t i = 0; i < n; i++) s->x[i] = here[i];
    s->reached = pick(here[n] > 1.0 - 1e-9, all(1.0), here[n]);
    s->crossed = t.crossed, s->folded = t.folded;
    m->room = before;
    return settled(m, s);
}

/* Whether the slopes of the replies may have an eigenvalue of 1 or more: by the size of their 64th power. */
Marks steep(Move *m, const Cell *x) {
    int64_t n = m->unknowns;
    Cell *before = m->room, *value = take(m, n), *power = take(m, n * n), *next = take(m, n * n);
    double sizes[DRAWS] = {0};
    reply(m, x, value, power);
    for (int turn = 0; turn <= 6; turn++) {
        Draws norm = all(0.0);
        for (int64_t i = 0; i < n * n; i++) norm += power[i] * power[i];
        norm = larger(root(norm), all(1e-300));
        for (int l = 0; l < DRAWS; l++) sizes[l] = (turn < 6 ? 2 : 1) * (sizes[l] + log(norm[l]));
        for (int64_t i = 0; i < n; i++)
            for (int64_t k = 0; k < n && turn < 6; k++) {
                Draws sum = all(0.0);
                for (int64_t j = 0; j < n; j++) sum += power[i * n + j] / norm * (power[j * n + k] / norm);
                next[i * n + k] = sum;
            }
        Cell *swap = power;
        power = next, next = swap;
    }
    Marks found = {};
    for (int l = 0; l < DRAWS; l++) found[l] = -(sizes[l] > 64 * log(0.99));
    m->room = before;
    return found;
}
