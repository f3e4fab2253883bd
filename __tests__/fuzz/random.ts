// A random number generator with a seed.

/** Random numbers of a seed, so that a finding can be repeated. Source: mulberry32. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number from 0 up to, not including, `end`. */
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

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** So many results of `make`. */
  several<T>(count: number, make: () => T): T[] {
    return Array.from({ length: count }, make);
  }
}

/** One try: its input, and the fault in its end. */
export type Fuzz = (random: Random, seed: number) => { readonly input: string; readonly wrong: string | undefined };
