/* What check.c and check_together.c know of each other. */
#ifndef CHECK_H
#define CHECK_H
#include "group.h"

void decays(Cell *x, int64_t count);
void judge_together(const Group *g, const Cell *values, const Cell *weights, const Cell *precision, int64_t actors,
                    Cell *found);
#endif
