// Quantiles of the distributions that a crisis file may name.

/** The standard normal's quantile; Wichura (1988), algorithm AS 241, the short form: seven digits. */
export function normalQuantile(share: number): number {
  const q = share - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.18756361 * r + 78.757757664) * r + 17.895169469) * r + 1)
    );
  }
  const tail = Math.sqrt(-Math.log(q < 0 ? share : 1 - share));
  const z =
    tail <= 5
      ? ((((0.17023821103 * (tail - 1.6) + 1.3067284816) * (tail - 1.6) + 2.756815315) * (tail - 1.6)) + 1.4234372777) /
        ((0.12021132975 * (tail - 1.6) + 0.7370016425) * (tail - 1.6) + 1)
      : (((0.017337203997 * (tail - 5) + 0.42868294337) * (tail - 5) + 3.081226386) * (tail - 5) + 6.657905115) /
        ((0.012258202635 * (tail - 5) + 0.24197894225) * (tail - 5) + 1);
  return q < 0 ? -z : z;
}

/** Quantiles of a beta distribution to about three digits, as a drawing and a number field need them. */
export function betaQuantiles(a: number, b: number, shares: number[]): number[] {
  // With x = sin²θ the density has no poles for a, b of at least a half, and is mild for smaller ones.
  const parts = 4000;
  const sums = new Float64Array(parts + 1);
  for (let i = 0; i < parts; i++) {
    const angle = ((i + 0.5) / parts) * (Math.PI / 2);
    const log = (2 * a - 1) * Math.log(Math.sin(angle)) + (2 * b - 1) * Math.log(Math.cos(angle));
    sums[i + 1] = log;
  }
  const top = sums.subarray(1).reduce((most, log) => Math.max(most, log), -Infinity);
  for (let i = 0; i < parts; i++) sums[i + 1] = sums[i]! + Math.exp(sums[i + 1]! - top);
  return shares.map((share) => {
    const wanted = share * sums[parts]!;
    let low = 0;
    let high = parts;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < wanted) low = middle;
      else high = middle;
    }
    const within = (wanted - sums[low]!) / (sums[high]! - sums[low]! || 1);
    return Math.sin(((low + within) / parts) * (Math.PI / 2)) ** 2;
  });
}

/** A triangular distribution's quantile. */
export function triangularQuantile(a: number, mode: number, b: number, share: number): number {
  const split = (mode - a) / (b - a);
  return share < split
    ? a + Math.sqrt(share * (b - a) * (mode - a))
    : b - Math.sqrt((1 - share) * (b - a) * (b - mode));
}
