// Evaluates one packet by the naive model of pf, with every possible outcome where something is unknown.

import { Address } from '../../../lib/net/address';
import { Device, StartLocation } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { Result, Run, Verdict } from './naive-run';
import { Flags, SYN } from './naive-matches';
import { RandomRules } from './random';

/** The possible outcomes of a packet: several if something is unknown. */
interface Found {
  readonly verdict: Verdict;
  /** The same, if it doesn't matter how an uncertain rule rewrites it to the same values. */
  readonly reached: Verdict;
  /** The possible rewrites of its source. */
  readonly sources: ReadonlyMap<string, Address>;
  readonly destination: Address;
  readonly port: number;
  readonly freePort: boolean;
}

/**
 * A second evaluator in plain loops, which shares no sets and no code with the first one. Everything unknown is tried
 * each way.
 */
export function naively(
  rules: RandomRules,
  device: Device,
  vantage: StartLocation,
  packet: Packet,
  flags: Flags = SYN,
): Found {
  const results: Result[] = [];
  const script: number[] = [];
  for (let tries = 0; tries < 20_000; tries++) {
    const sizes: number[] = [];
    const choose = (many: number): number => {
      const i = sizes.push(many) - 1;
      return (script[i] ??= 0);
    };
    results.push(new Run(rules, device, vantage, choose, flags).from(packet));
    // The next combination in the order of digits.
    script.length = sizes.length;
    while (script.length > 0 && script.at(-1)! + 1 >= sizes[script.length - 1]!) script.pop();
    if (script.length === 0) return together(results);
    script[script.length - 1]! += 1;
  }
  throw new Error('more doubts than can be tried');
}

function together(results: readonly Result[]): Found {
  const leaving = results.filter(({ verdict }) => verdict !== 'denied');
  const [first] = leaving.length > 0 ? leaving : results;
  const passes = leaving.length === results.length && leaving.every(({ verdict }) => verdict === 'allowed');
  const verdictWhere = (same: boolean): Verdict =>
    leaving.length === 0 ? 'denied' : passes && same ? 'allowed' : 'unknown';
  return {
    verdict: verdictWhere(leaving.every(({ destination }) => destination === first!.destination)),
    reached: verdictWhere(
      leaving.every(
        ({ packet }) => packet.destination === first!.packet.destination && packet.port === first!.packet.port,
      ),
    ),
    sources: new Map(leaving.map(({ source, packet }) => [source, packet.source])),
    destination: first!.packet.destination,
    port: first!.packet.port,
    freePort: leaving.some(({ freePort }) => freePort),
  };
}
