// Draws ten of the fault tests by a seed, for the quick tier. Consecutive seeds have every fault once before one is
// repeated.

/** A fault as it is drawn: its platform and its family. */
interface Drawable {
  readonly platform: string;
  readonly family: string;
}

/** Number of faults of each platform in one draw. */
const SHARES: readonly { readonly platform: string; readonly count: number }[] = [
  { platform: 'nftables', count: 6 },
  { platform: 'iptables', count: 3 },
  { platform: 'firewalld', count: 1 },
];

/**
 * Returns ten faults for a seed, in the order of `all`. The faults of each platform form a fixed circle, in which those
 * of one family are far apart. A seed takes the next piece of each circle, so that consecutive seeds have every fault
 * once before any is repeated.
 */
export function drawFaults<Fault extends Drawable>(all: readonly Fault[], seed: number): readonly Fault[] {
  const drawn = SHARES.flatMap(({ platform, count }) => {
    const circle = spreadFamilies(all.filter((fault) => fault.platform === platform));
    return Array.from(
      { length: Math.min(count, circle.length) },
      (_, at) => circle[(seed * count + at) % circle.length]!,
    );
  });
  return all.filter((fault) => drawn.includes(fault));
}

/** Places each family's faults at equal distances: number i of n is at (i + 1/2) / n of the circle. */
function spreadFamilies<Fault extends Drawable>(faults: readonly Fault[]): readonly Fault[] {
  const placed = faults.map((fault) => {
    const family = faults.filter((other) => other.family === fault.family);
    return { fault, place: (family.indexOf(fault) + 0.5) / family.length };
  });
  return placed.sort((a, b) => a.place - b.place).map(({ fault }) => fault);
}
