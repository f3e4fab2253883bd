import { limited } from '../../reachability/words';
import { groupBy } from '../../net/group-by';
import { point } from '../../net/range';
import { EntryReport } from './report';
import { sensitiveIn } from './service-names';

export type LedTo = Pick<EntryReport, 'service' | 'to' | 'becomes' | 'packets'>;

/** More are in the list below. */
const MOST = { services: 3, places: 3 };

/**
 * Databases and the like at other hosts that these entries lead to, by the ports that they have there:
 * `mysql at 10.0.0.20 (tcp 3306), 10.0.0.21 (tcp 13306)`. Empty: none.
 */
export function leadsTo(entries: readonly LedTo[]): string {
  const found = entries.flatMap(({ service, to, becomes, packets: { protocols, ports } }) => {
    const host = hostLedTo({ becomes });
    const [, port] = / port (\d+)$/.exec(becomes) ?? [];
    if (host === '' || to.includes(host)) return [];
    const there = port === undefined ? ports : [point(Number(port))];
    return sensitiveIn(protocols, there).map(({ name, protocol, first }) => ({
      name,
      place: `${host} (${port === undefined ? `${protocol} ${first}` : service})`,
    }));
  });
  const all = [...groupBy(found, ({ name }) => name)].map(
    ([name, places]) => `${name} at ${limited([...new Set(places.map(({ place }) => place))], MOST.places).join(', ')}`,
  );
  return limited(all, MOST.services).join('; ');
}

/** `10.0.0.20` of `10.0.0.20 port 3306`; empty where it ends nowhere else, or nobody knows where. */
export const hostLedTo = ({ becomes }: Pick<EntryReport, 'becomes'>): string =>
  /^([0-9a-f.:/-]+)(?: port \d+)?$/.exec(becomes)?.[1] ?? '';
