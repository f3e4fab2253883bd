import { LOCAL_PORTS_112 } from '../../intent/data/cpanel-ports-112';
import { SERVICES } from '../../intent/data/services';
import { ServiceIntent, Sources } from '../../intent/intent';
import { servicesAmong } from '../../intent/services-among';
import { numbersWithout } from '../../net/axes';
import { points } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { PROTOCOL } from '../../net/packet';
import { ECHO, ERRORS, Kind, isIcmp, listed } from '../kinds';
import { BARE, PORTED, written } from '../written';

/** What is carried over, and how it is said to whom. */
export interface Carried extends Kind {
  readonly from: Sources;
}

/** By the names that people have for them, then what is left. */
export const servicesOf = (kinds: readonly Carried[]): readonly ServiceIntent[] =>
  [...groupBy(kinds, ({ from }) => JSON.stringify(from)).values()].flatMap((alike) => {
    const [{ from }] = alike;
    const { names, rest } = servicesAmong<Kind>(alike, ['ssh', 'licence-callback']);
    const named = names.map((name): ServiceIntent =>
      from === 'anywhere' && !SERVICES.get(name)!.administrative ? name : { service: name, from },
    );
    return [...named, ...rest.flatMap((kind) => unnamed(kind, from))];
  });

/** Ports of one entry: an intent takes no more. */
const MOST_AT_ONCE = 1000;

function unnamed(kind: Kind, from: Sources): readonly ServiceIntent[] {
  const { protocol, ports } = kind;
  if (isIcmp(kind)) {
    const types = (listed(ports) ?? []).filter((type) => type !== ECHO[protocol] && !ERRORS[protocol]!.includes(type));
    return types.length === 0 ? [] : [{ protocol: protocol === PROTOCOL.icmp ? 'icmp' : 'icmpv6', types, from }];
  }
  const name = PORTED[protocol];
  if (name === undefined) return [{ protocol: BARE[protocol] ?? protocol, from }];
  const some = numbersWithout(ports, points(0, ...LOCAL_PORTS_112));
  return Array.from({ length: Math.ceil(some.length / MOST_AT_ONCE) }, (_, n) => ({
    ports: written(some.slice(n * MOST_AT_ONCE, (n + 1) * MOST_AT_ONCE)),
    protocol: name,
    from,
  }));
}
