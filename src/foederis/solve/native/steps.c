/* The way back through a step, one 8 draws after the other: all is done for some before it is done for the next, so
 * that it stays in the caches, and in one call, since threads wait for each other between calls. */
#include "check.h"
#include "together.h"

void end_values(Cell *values, int64_t ends, const Cell *final, const Id *onward, const Cell *stale, const Cell *flow,
                const Cell *patience, int64_t states, int64_t actors);
void play(const Group *groups, int64_t count, Cell *values, Cell *weights, const Cell *rationality, int64_t actors,
          Cell *notes);
void judge(const Group *groups, int64_t count, const Cell *values, const Cell *weights, const Cell *precision,
           int64_t actors, int64_t judged, int64_t ends, int64_t reached, Cell *found, Cell *together);
void end_questions(Cell *questions, int64_t ends, const Id *final, const Cell *finals, const Id *onward,
                   const Cell *stale, const Cell *numbers, const Id *asked, const Id *gains, const double *opens,
                   const double *finish, const double *lasts, int64_t states, int64_t count, int64_t columns);
void carry(const Group *groups, int64_t count, Cell *questions, const Cell *weights, const Id *gains, int64_t columns);

/* The tables of 8 draws, by the names that the functions above have for them; `before` is `stale` of questions. Nothing
 * is judged without `found`, and no questions are carried without `questions`. */
typedef struct {
    Cell *values, *weights, *rationality, *final, *stale, *flow, *patience, *found, *notes, *together;
    Cell *questions, *finals, *before, *numbers;
} Eight;

void back(const Eight *tables, int64_t count, const Group *groups, const Group *answering, int64_t size, int64_t actors,
          int64_t judged, int64_t ends, int64_t reached, const Id *onward, int64_t states, int64_t counted,
          const Id *final, const Id *asked, const Id *gains, const double *opens, const double *finish,
          const double *lasts, int64_t columns) {
    for (const Eight *t = tables; t < tables + count; t++) {
        end_values(t->values, ends, t->final, onward, t->stale, t->flow, t->patience, counted, actors);
        play(groups, size, t->values, t->weights, t->rationality, actors, t->notes);
        if (t->found)
            judge(groups, size, t->values, t->weights, t->rationality, actors, judged, ends, reached, t->found,
                  t->together);
        if (!t->questions) continue;
        end_questions(t->questions, ends, final, t->finals, onward, t->before, t->numbers, asked, gains, opens, finish,
                      lasts, states, counted, columns);
        carry(answering, size, t->questions, t->weights, gains, columns);
    }
}
