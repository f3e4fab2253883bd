import { parseAddress } from '../../../../net/address';
import { NumberRange } from '../../../../net/device';
import { point } from '../../../../net/range';
import { PfLine, PfRedirect, PfTargetPort } from '../../../../parse/pf/model';
import { LocalPort } from './local-port';
import { certain } from '../../../../parse/pf/known';
import { Compared, matched } from '../../../../parse/pf/matched';

const [FIRST, LAST] = [19_000, 19_990];
/** Of one forward. */
const MOST = 500;

interface Relayed {
  readonly line: PfLine;
  readonly names: readonly string[];
  readonly compared: Omit<Compared, 'line' | 'on'>;
  readonly ports: readonly NumberRange[];
  readonly local: LocalPort;
  readonly asks: string;
}

/** The relays of a box: programs of its own on loopback, each with the next free port. Source: filter_generate_reflection_proxy. */
export class Proxy {
  private next = FIRST;

  get any(): boolean {
    return this.next > FIRST;
  }

  /** The ports on loopback that relays may have. */
  static readonly PORTS: NumberRange = { first: FIRST, last: LAST };

  /** None for more ports than the box relays. */
  relay({ line, names, compared, ports, local, asks }: Relayed): readonly PfRedirect[] {
    const begun = this.next;
    const rdr: PfRedirect[] = [];
    for (const range of local ? ports.slice(0, 1) : ports) {
      const delta = range.last - range.first;
      if (this.next + delta + 1 - begun > MOST || this.next + delta > LAST) break;
      const start = this.next;
      this.next += delta + 1;
      const port: PfTargetPort =
        delta === 0
          ? { is: 'one', port: start }
          : { is: 'shifted', from: range.first, to: { first: start, last: start + delta } };
      const among = [point(parseAddress('127.0.0.1')!)];
      rdr.push({
        ...matched({ ...compared, line, on: { is: names }, ports: certain(local ? ports : [range]) }),
        asks: `${asks} ${range.first}-${range.last}`,
        no: false,
        pass: false,
        to: { is: 'unclear', because: 'a relay of the box answers, and connects to the server itself', among, port },
      });
    }
    return rdr;
  }
}
