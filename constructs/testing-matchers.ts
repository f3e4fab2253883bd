// Jest matchers `toExpose` and `toExposeNothingElse`: a test asserts which packets from the internet a stack lets
// through, end to end.
import { Construct } from 'constructs';
import { pickClientPacket } from '../lib/reachability/client-packet';
import { printRow } from '../lib/reachability/print-reachability';
import { toRows } from '../lib/reachability/reachability-rows';
import { HARMLESS_ICMP } from '../lib/spec/server-spec';
import { Packet } from '../lib/net/packet';
import { PacketMap, PacketSet } from '../lib/net/packet-map';
import { InternetReachability, computeInternetReachability } from '../lib/verifier/internet-reachability';
import { Tree } from './tree';
import { WantedExposure, parseWanted } from './testing-wanted';

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The part of Jest's matcher context that is used here. */
interface MatcherContext {
  readonly isNot?: boolean;
}

/**
 * The matchers for Jest. UNKNOWN is never proven: it satisfies neither `toExpose` nor `.not.toExpose`.
 *
 * @example expect.extend(exposureMatchers);
 */
export const exposureMatchers = {
  /**
   * Implements `expect(stack).toExpose(…)`. Throws TypeError for a value that isn't a stack or an App, and for packets
   * that can't be parsed.
   */
  toExpose(this: MatcherContext, received: unknown, wanted: string | WantedExposure): MatcherResult {
    const { allowed, reachable, explain } = getOutside(received);
    const { words, packets } = parseWanted(wanted);
    const missingPackets = packets.subtract(allowed);
    const overlap = packets.intersect(reachable);
    const unknownPackets = overlap.subtract(allowed);
    const isNot = this.isNot ?? false;
    const message = (): string =>
      [
        `expected the stack ${isNot ? 'to expose nothing of' : 'to expose'}: ${words}`,
        printTable('exposed', packets.intersect(allowed)),
        printTable('UNKNOWN', unknownPackets),
        printTable('not exposed', missingPackets.subtract(unknownPackets)),
        ...printExample(isNot ? overlap : missingPackets, explain),
      ]
        .filter((part) => part !== '')
        .join('\n');
    return { pass: isNot ? !overlap.isEmpty : missingPackets.isEmpty, message };
  },

  /** Implements `expect(stack).toExposeNothingElse([…])`. Throws like `toExpose`. */
  toExposeNothingElse(
    this: MatcherContext,
    received: unknown,
    wanted: readonly (string | WantedExposure)[],
  ): MatcherResult {
    const { reachable, explain } = getOutside(received);
    const expectedPackets = PacketMap.mergeFirst(wanted.map((entry) => parseWanted(entry).packets));
    const excessPackets = reachable.subtract(expectedPackets).subtract(HARMLESS_ICMP);
    const message = (): string =>
      excessPackets.isEmpty
        ? 'expected the stack to expose more than the list, and it does not'
        : [
            'expected the stack to expose nothing but the list',
            printTable('beyond it', excessPackets),
            ...printExample(excessPackets, explain),
          ].join('\n');
    return { pass: excessPackets.isEmpty, message };
  },
};

/** Computes what the internet reaches. Throws Refusal with every problem of the App. */
function getOutside(received: unknown): InternetReachability {
  if (Construct.isConstruct(received)) return computeInternetReachability(...Tree.of(received).listSites(received));
  throw new TypeError('toExpose is asked of a stack, of a construct in one, or of an App.');
}

const MAX_ROWS = 30;

function printTable(title: string, packets: PacketSet): string {
  if (packets.isEmpty) return '';
  const rows = toRows(packets);
  const moreLines = rows.length > MAX_ROWS ? [`… and ${rows.length - MAX_ROWS} more lines`] : [];
  return [`${title}:`, ...rows.slice(0, MAX_ROWS).map(printRow), ...moreLines].join('\n  ');
}

/** Prints one packet from a client's port, with the rules that decide on it. */
function printExample(packets: PacketSet, explain: (packet: Packet) => readonly string[]): readonly string[] {
  const packet = pickClientPacket(packets);
  const lines = packet ? explain(packet) : [];
  return lines.length === 0 ? [] : [['for example:', ...lines].join('\n  ')];
}

/** The matchers as a test calls them. */
export interface ExposureMatchers<R> {
  /**
   * Asserts that all of these packets are allowed from the internet, end to end. With `.not`, none of them may be. If
   * only some are, both fail and list them. Write `tcp 443 on 203.0.113.10 from anywhere`, or
   * `{ to: '203.0.113.10', service: 'https', from: 'anywhere' }`.
   *
   * @example expect(stack).not.toExpose('mysql on 203.0.113.10 from anywhere');
   */
  toExpose(wanted: string | WantedExposure): R;
  /**
   * Asserts that the list has everything that the internet reaches, end to end. Harmless ICMP is ignored: errors, and
   * IPv6 neighbour discovery.
   *
   * @example expect(stack).toExposeNothingElse(['tcp 443 on 203.0.113.10']);
   */
  toExposeNothingElse(wanted: readonly (string | WantedExposure)[]): R;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- @types/jest declares its matchers so
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- as it is declared there
    interface Matchers<R, T = {}> extends ExposureMatchers<R> {}
  }
}
