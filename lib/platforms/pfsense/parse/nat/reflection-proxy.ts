// Creates the redirects by which pfSense reflects port forwards in mode NAT + proxy: to relay programs on loopback,
// with the ports from 19000 on.

import { parseAddress } from '../../../../net/address';
import { NumberRange } from '../../../../net/device';
import { toSingleRange } from '../../../../net/range';
import { PfLine, PfRedirect, PfTargetPort } from '../../../../parse/pf/model';
import { LocalPort } from './local-port';
import { createCertain } from '../../../../parse/pf/range-bounds';
import { PfCriteria, matchCriteria } from '../../../../parse/pf/match-packets';

const [FIRST_RELAY_PORT, LAST_RELAY_PORT] = [19_000, 19_990];
/** Limit of one forward. */
const MAX_RELAYED_PORTS = 500;

interface RelayedForward {
  readonly line: PfLine;
  readonly names: readonly string[];
  readonly criteria: Omit<PfCriteria, 'line' | 'on'>;
  readonly ports: readonly NumberRange[];
  readonly local: LocalPort;
  readonly matchKey: string;
}

/**
 * The relays of a box: its own programs on loopback, each with the next free port. Source:
 * filter_generate_reflection_proxy.
 */
export class ReflectionProxy {
  private nextPort = FIRST_RELAY_PORT;

  get hasRelays(): boolean {
    return this.nextPort > FIRST_RELAY_PORT;
  }

  /** The ports on loopback that relays may have. */
  static readonly PORTS: NumberRange = { first: FIRST_RELAY_PORT, last: LAST_RELAY_PORT };

  /** Returns the redirects to relays, up to the number of ports that the box relays. */
  createRelays({ line, names, criteria, ports, local, matchKey }: RelayedForward): readonly PfRedirect[] {
    const begun = this.nextPort;
    const rdr: PfRedirect[] = [];
    for (const range of local ? ports.slice(0, 1) : ports) {
      const delta = range.last - range.first;
      if (this.nextPort + delta + 1 - begun > MAX_RELAYED_PORTS || this.nextPort + delta > LAST_RELAY_PORT) break;
      const start = this.nextPort;
      this.nextPort += delta + 1;
      const port: PfTargetPort =
        delta === 0
          ? { is: 'one', port: start }
          : { is: 'shifted', from: range.first, to: { first: start, last: start + delta } };
      const pool = [toSingleRange(parseAddress('127.0.0.1')!)];
      rdr.push({
        ...matchCriteria({ ...criteria, line, on: { is: names }, ports: createCertain(local ? ports : [range]) }),
        matchKey: `${matchKey} ${range.first}-${range.last}`,
        no: false,
        pass: false,
        to: { is: 'unclear', reason: 'a relay of the box answers, and connects to the server itself', pool, port },
      });
    }
    return rdr;
  }
}
