import { Construct } from 'constructs';
import { clientPacket } from '../lib/reachability/client';
import { printRow } from '../lib/reachability/print';
import { rowsOf } from '../lib/reachability/rows';
import { NOTHING_OPENED } from '../lib/spec/server';
import { Packet } from '../lib/net/packet';
import { PacketMap, PacketSet } from '../lib/net/packet-map';
import { Outside, outsideOf } from '../lib/verifier/outside';
import { Tree } from './tree';
import { WantedExposure, wantedOf } from './testing-wanted';

interface Result {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What Jest gives its matchers, as far as it is needed. */
interface Context {
  readonly isNot?: boolean;
}

/**
 * The matchers for Jest. What is UNKNOWN is never proven: it satisfies neither `toExpose` nor `.not.toExpose`.
 *
 * @example expect.extend(exposureMatchers);
 */
export const exposureMatchers = {
  /** Behind `expect(stack).toExpose(…)`. Throws TypeError where it is asked of no stack and no App, or of packets that aren't read. */
  toExpose(this: Context, received: unknown, wanted: string | WantedExposure): Result {
    const { allowed, reachable, explain } = outsideOfStack(received);
    const { words, packets } = wantedOf(wanted);
    const missing = packets.apartFrom(allowed);
    const overlap = packets.within(reachable);
    const unknown = overlap.apartFrom(allowed);
    const isNot = this.isNot ?? false;
    const message = (): string =>
      [
        `expected the stack ${isNot ? 'to expose nothing of' : 'to expose'}: ${words}`,
        table('exposed', packets.within(allowed)),
        table('UNKNOWN', unknown),
        table('not exposed', missing.apartFrom(unknown)),
        ...witness(isNot ? overlap : missing, explain),
      ]
        .filter((part) => part !== '')
        .join('\n');
    return { pass: isNot ? !overlap.isEmpty : missing.isEmpty, message };
  },

  /** Behind `expect(stack).toExposeNothingElse([…])`. Throws as `toExpose`. */
  toExposeNothingElse(this: Context, received: unknown, wanted: readonly (string | WantedExposure)[]): Result {
    const { reachable, explain } = outsideOfStack(received);
    const meant = PacketMap.first(wanted.map((one) => wantedOf(one).packets));
    const beyond = reachable.apartFrom(meant).apartFrom(NOTHING_OPENED);
    const message = (): string =>
      beyond.isEmpty
        ? 'expected the stack to expose more than the list, and it does not'
        : [
            'expected the stack to expose nothing but the list',
            table('beyond it', beyond),
            ...witness(beyond, explain),
          ].join('\n');
    return { pass: beyond.isEmpty, message };
  },
};

/** Throws Refusal with every problem of the App. */
function outsideOfStack(received: unknown): Outside {
  if (Construct.isConstruct(received)) return outsideOf(...Tree.of(received).sitesOf(received));
  throw new TypeError('toExpose is asked of a stack, of a construct in one, or of an App.');
}

const MOST_ROWS = 30;

function table(title: string, packets: PacketSet): string {
  if (packets.isEmpty) return '';
  const rows = rowsOf(packets);
  const more = rows.length > MOST_ROWS ? [`… and ${rows.length - MOST_ROWS} more lines`] : [];
  return [`${title}:`, ...rows.slice(0, MOST_ROWS).map(printRow), ...more].join('\n  ');
}

/** One packet from a client's port, and what decides for it. */
function witness(packets: PacketSet, explain: (packet: Packet) => readonly string[]): readonly string[] {
  const packet = clientPacket(packets);
  const lines = packet ? explain(packet) : [];
  return lines.length === 0 ? [] : [['for example:', ...lines].join('\n  ')];
}

/** The matchers as a test calls them. */
export interface ExposureMatchers<R> {
  /**
   * Every such packet is allowed from the internet, end to end. With `.not`: none is. Where some are, both fail and say which.
   * `tcp 443 on 203.0.113.10 from anywhere`, or `{ to: '203.0.113.10', service: 'https', from: 'anywhere' }`.
   *
   * @example expect(stack).not.toExpose('mysql on 203.0.113.10 from anywhere');
   */
  toExpose(wanted: string | WantedExposure): R;
  /**
   * Everything that the internet reaches, end to end, is in the list, but for ICMP that opens nothing: errors, and what IPv6 needs of neighbours.
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
