/* Exponentials and logarithms of 8 draws at once, for the engine; its check has ways of its own. */
#ifndef ARITHMETIC_H
#define ARITHMETIC_H
#include <math.h>

#include "group.h"

/* e to the power of numbers that are not above 0, to about one unit in the last place; 0 below -708. */
static inline Draws power(Draws x) {
    const double whole = 6755399441055744.0; /* added and taken off again, it leaves a whole number */
    Draws held = larger(x, all(-708.0));
    Draws shifted = held * 1.4426950408889634 + whole;
    Draws k = shifted - whole;
    Draws r = held - k * 6.93147180369123816490e-01;
    r = r - k * 1.90821492927058770002e-10;
    Draws p = all(1.0 / 6227020800.0);
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r * r + r + 1.0;
    Marks exponent = ((Marks)shifted - (Marks)all(whole) + 1023) << 52;
    return pick(x < -708.0, all(0.0), p * (Draws)exponent);
}

/* The natural logarithm of numbers of at least 1, to about one unit in the last place. */
static inline Draws logarithm(Draws x) {
    Marks bits = (Marks)x, top = 0x3fe6a09e667f3bcdLL + (Marks){}; /* the square root of a half */
    Marks k = (bits - top) >> 52;
    Draws m = (Draws)(bits - (k << 52)); /* between that and twice as much */
    Draws f = m - 1.0, s = f / (m + 1.0), z = s * s, p = all(2.0 / 23.0);
    p = p * z + 2.0 / 21.0;
    p = p * z + 2.0 / 19.0;
    p = p * z + 2.0 / 17.0;
    p = p * z + 2.0 / 15.0;
    p = p * z + 2.0 / 13.0;
    p = p * z + 2.0 / 11.0;
    p = p * z + 2.0 / 9.0;
    p = p * z + 2.0 / 7.0;
    p = p * z + 2.0 / 5.0;
    p = p * z + 2.0 / 3.0;
    Draws count = __builtin_convertvector(k, Draws);
    return count * 6.93147180369123816490e-01 + (2.0 * s + (s * z * p + count * 1.90821492927058770002e-10));
}
#endif
