// A random number generator with a seed.

/** Numbers that a seed decides, so that what was found once is found again. Source: mulberry32. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to, not including, `end`. */
  below(end: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * end);
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** Once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** So many of what `make` gives. */
  several<T>(count: number, make: () => T): T[] {
    return Array.from({ length: count }, make);
  }
}

/** One try: what was given, and what was wrong with how it ended. */
export type Fuzz = (random: Random, seed: number) => { readonly input: string; readonly wrong: string | undefined };
