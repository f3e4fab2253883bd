import { limitList } from '../../reachability/print-packets';
import { groupBy } from '../../net/group-by';
import { toSingleRange } from '../../net/range';
import { EntryReport } from './exposure-report';
import { findSensitiveServices } from './service-names';

export type TranslatedEntry = Pick<EntryReport, 'service' | 'to' | 'becomes' | 'packets'>;

/** More are in the list below. */
const MAX_SHOWN = { services: 3, places: 3 };

/**
 * Databases and the like at other hosts that these entries lead to, by the ports that they have there:
 * `mysql at 10.0.0.20 (tcp 3306), 10.0.0.21 (tcp 13306)`. Empty: none.
 */
export function describeTranslatedServices(entries: readonly TranslatedEntry[]): string {
  const sensitiveTargets = entries.flatMap(({ service, to, becomes, packets: { protocols, ports } }) => {
    const host = getTranslatedHost({ becomes });
    const [, port] = / port (\d+)$/.exec(becomes) ?? [];
    if (host === '' || to.includes(host)) return [];
    const targetPorts = port === undefined ? ports : [toSingleRange(Number(port))];
    return findSensitiveServices(protocols, targetPorts).map(({ name, protocol, first }) => ({
      name,
      place: `${host} (${port === undefined ? `${protocol} ${first}` : service})`,
    }));
  });
  const lines = [...groupBy(sensitiveTargets, ({ name }) => name)].map(
    ([name, places]) =>
      `${name} at ${limitList([...new Set(places.map(({ place }) => place))], MAX_SHOWN.places).join(', ')}`,
  );
  return limitList(lines, MAX_SHOWN.services).join('; ');
}

/** `10.0.0.20` of `10.0.0.20 port 3306`; empty where it ends nowhere else, or nobody knows where. */
export const getTranslatedHost = ({ becomes }: Pick<EntryReport, 'becomes'>): string =>
  /^([0-9a-f.:/-]+)(?: port \d+)?$/.exec(becomes)?.[1] ?? '';
