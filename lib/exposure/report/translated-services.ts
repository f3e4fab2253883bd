// Describes in words the databases and other sensitive services on other hosts to which DNAT translates packets, for
// the summary texts of the exposure report.

import { limitList } from '../../reachability/print-packets';
import { groupBy } from '../../net/group-by';
import { toSingleRange } from '../../net/range';
import { EntryReport } from './exposure-report-types';
import { findSensitiveServices } from './service-names';

export type TranslatedEntry = Pick<EntryReport, 'service' | 'destinations' | 'translatedDestination' | 'packets'>;

/** The most services and places in the text. The list below has the rest. */
const MAX_SHOWN = { services: 3, places: 3 };

/**
 * Returns databases and other sensitive services at other hosts that these entries are translated to, by the ports that
 * they have there: `mysql at 10.0.0.20 (tcp 3306), 10.0.0.21 (tcp 13306)`. Empty if there are none.
 */
export function describeTranslatedServices(entries: readonly TranslatedEntry[]): string {
  const sensitiveTargets = entries.flatMap(
    ({ service, destinations, translatedDestination, packets: { protocols, ports } }) => {
      const host = getTranslatedHost(translatedDestination);
      const [, port] = / port (\d+)$/.exec(translatedDestination) ?? [];
      if (host === '' || destinations.includes(host)) return [];
      const targetPorts = port === undefined ? ports : [toSingleRange(Number(port))];
      return findSensitiveServices(protocols, targetPorts).map(({ name, protocol, first }) => ({
        name,
        place: `${host} (${port === undefined ? `${protocol} ${first}` : service})`,
      }));
    },
  );
  const lines = [...groupBy(sensitiveTargets, ({ name }) => name)].map(
    ([name, places]) =>
      `${name} at ${limitList([...new Set(places.map(({ place }) => place))], MAX_SHOWN.places).join(', ')}`,
  );
  return limitList(lines, MAX_SHOWN.services).join('; ');
}

/** Returns `10.0.0.20` for `10.0.0.20 port 3306`; empty if the entry ends nowhere else, or if its end is unknown. */
export const getTranslatedHost = (translatedDestination: string): string =>
  /^([0-9a-f.:/-]+)(?: port \d+)?$/.exec(translatedDestination)?.[1] ?? '';
