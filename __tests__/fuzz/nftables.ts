// Fuzz targets: mutated, random and huge nftables texts for the parser and the evaluator.

import { parser as nftables } from '../../lib/platforms/nftables/parse/parser';
import { Fuzz } from './random';
import { mutated, soup } from './mutations';
import { GIANTS } from './giants';
import { wrongEnd } from './judge-ending';
import { samples } from './texts';
import { tried } from './compare-with-trace';

export function mutations(): Fuzz {
  const all = samples();
  return (random) => {
    const { text, device } = random.oneOf(all);
    const changed = mutated(text, random, random.oneOf(all).text);
    return { input: changed, wrong: tried(nftables, changed, device, random) };
  };
}

export function soups(): Fuzz {
  const { device } = samples()[0]!;
  return (random) => {
    const text = soup(random);
    return { input: text, wrong: tried(nftables, text, device, random) };
  };
}

/** A giant of that size at each seed. */
export function giants(size: number): Fuzz {
  const { device } = samples().find(({ name }) => name === 'wild/handmade')!;
  const makers = Object.entries(GIANTS);
  return (random, seed) => {
    const [name, make] = makers[seed % makers.length]!;
    try {
      nftables.read(make(random, size), device);
      return { input: name, wrong: undefined };
    } catch (error) {
      return { input: name, wrong: wrongEnd(error) };
    }
  };
}
