// Parses ports in intents: `443`, `'49152-65534'`, `'8443/tcp'` and lists of them, and prints them. Refuses ports that
// must stay local to a cPanel server. Also the names and numbers of protocols with ports.

import { NumberRange, containsNumber } from '../net/device';
import { mergeNumbers, subtractNumbers } from '../net/axis-nodes';
import { toSingleRange } from '../net/range';
import { LOCAL_PORTS_112 } from './data/cpanel-ports-112';
import type { z } from 'zod';
import { IntentLocation, parseEntries, isToken, parseText, parseInteger } from './fields';
import { portProtocolSchema, portsSchema } from './intent-schemas';
import * as say from './problems/service-problems';
import * as shape from './problems/field-problems';
import { getMaxEntries } from './schema-fields';

type PortProtocolName = z.infer<typeof portProtocolSchema>;
export const PORT_PROTOCOL_NAMES: readonly PortProtocolName[] = portProtocolSchema.options;
export const PORT_PROTOCOL_NUMBERS = { tcp: 6, udp: 17, dccp: 33, sctp: 132, udplite: 136 } as const satisfies Readonly<
  Record<PortProtocolName, number>
>;

/** Parses `443`, `'443'`, `'49152-65534'`, or a list of them, to ascending ranges without overlap. */
export function parsePorts(value: unknown, location: IntentLocation): readonly NumberRange[] | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65535)
    return [toSingleRange(value)];
  const initialProblemCount = location.problems.length;
  const entries: readonly (readonly [unknown, IntentLocation])[] = Array.isArray(value)
    ? locateEntries(value, location)
    : [[value, location]];
  const ranges = entries.flatMap(([entry, entryLocation]) => {
    const range = parsePortRange(entry, entryLocation);
    return range ? [range] : [];
  });
  return location.problems.length === initialProblemCount ? mergeNumbers(ranges) : undefined;
}

/** Whether ports are written with their protocols: `8443/tcp`. */
export const hasProtocols = (value: unknown): boolean =>
  (Array.isArray(value) ? value : [value]).some((entry) => typeof entry === 'string' && entry.includes('/'));

/** Parses `'8443/tcp'`, or a list of such, to the ports of each protocol. */
export function parsePortsByProtocol(
  value: unknown,
  location: IntentLocation,
): readonly (readonly [PortProtocolName, readonly NumberRange[]])[] | undefined {
  const initialProblemCount = location.problems.length;
  const entries: readonly (readonly [unknown, IntentLocation])[] = Array.isArray(value)
    ? locateEntries(value, location)
    : [[value, location]];
  const protocolRanges = entries.flatMap(
    ([entry, entryLocation]): readonly (readonly [PortProtocolName, NumberRange])[] => {
      const text = parseText(
        typeof entry === 'number' ? `${entry}` : entry,
        entryLocation,
        'A port with its protocol ("8443/tcp")',
      );
      if (text === undefined) return [];
      if (text.includes(','))
        return (
          entryLocation.report({
            ...say.describeSeveralServices(entryLocation.where, text),
            code: 'intent/bad-port',
          }) ?? []
        );
      const [ports = '', protocol, ...extraParts] = text.split('/');
      const protocolName = extraParts.length === 0 ? PORT_PROTOCOL_NAMES.find((name) => name === protocol) : undefined;
      if (!protocolName) {
        const suggestion = PORT_PROTOCOL_NAMES.some((name) => name === ports)
          ? `"${protocol}/${ports}".`
          : `"${ports}/tcp" or "${ports}/udp".`;
        return entryLocation.report(say.describeMissingProtocol(entryLocation.where, text, suggestion)) ?? [];
      }
      const range = parsePortRangeText(ports, entryLocation);
      return range ? [[protocolName, range]] : [];
    },
  );
  if (location.problems.length > initialProblemCount) return undefined;
  return PORT_PROTOCOL_NAMES.flatMap((protocol) => {
    const ranges = protocolRanges.flatMap(([rangeProtocol, range]) => (rangeProtocol === protocol ? [range] : []));
    return ranges.length === 0 ? [] : [[protocol, mergeNumbers(ranges)] as const];
  });
}

/** Parses a list of single numbers to ascending ranges without overlap. */
export function parseNumbers(
  value: unknown,
  location: IntentLocation,
  schema: z.ZodArray<z.ZodType>,
  expected: string,
  adviceIfEmpty: string,
): readonly NumberRange[] | undefined {
  const initialProblemCount = location.problems.length;
  const numbers = parseEntries(value, location, schema, expected, adviceIfEmpty, (entry, entryLocation) =>
    parseInteger(entry, entryLocation, schema.element),
  );
  return location.problems.length === initialProblemCount ? mergeNumbers(numbers.map(toSingleRange)) : undefined;
}

function locateEntries(
  value: readonly unknown[],
  location: IntentLocation,
): readonly (readonly [unknown, IntentLocation])[] {
  if (value.length === 0)
    location.report(shape.describeEmptyList(location.where, 'At least one port; all of them are "1-65535".'));
  const maxEntries = getMaxEntries(portsSchema);
  if (value.length > maxEntries)
    return location.report(shape.describeLongList(location.where, 'ports', value.length, maxEntries)) ?? [];
  return Array.from(value, (entry, index) => [entry, location.getChild(index)] as const);
}

function parsePortRange(value: unknown, location: IntentLocation): NumberRange | undefined {
  if (isToken(value)) return location.report(shape.describeUnknownAtSynth(location.where));
  if (typeof value === 'number') return createPortRange(value, value, `${value}`, location);
  const text = parseText(value, location, 'A port (443) or a range of ports ("49152-65534")');
  return text === undefined ? undefined : parsePortRangeText(text, location);
}

export function parsePortRangeText(text: string, location: IntentLocation): NumberRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match || /^0\d|-0\d/.test(text))
    return location.report(say.describeBadPort(location.where, shape.quoteText(text)));
  const first = Number(match[1]);
  return createPortRange(first, match[2] === undefined ? first : Number(match[2]), text, location);
}

function createPortRange(first: number, last: number, text: string, location: IntentLocation): NumberRange | undefined {
  if (first === 0) return location.report(say.describePortZero(location.where, text, last));
  if (!Number.isInteger(first) || first < 0 || first > 65535 || last > 65535)
    return location.report(say.describeBadPort(location.where, text));
  if (last < first) return location.report(say.describeReversedRange(location.where, text, `${last}-${first}`));
  return { first, last };
}

export const printPorts = (ranges: readonly NumberRange[]): string =>
  ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');

const [FIRST_LOCAL_PORT, LAST_LOCAL_PORT] = [Math.min(...LOCAL_PORTS_112), Math.max(...LOCAL_PORTS_112)];

/**
 * Returns whether some of the ports must stay local to the server, and reports them. `protocolSuffix`: the protocol as
 * it is written behind the ports.
 */
export function refuseLocalPorts(
  ranges: readonly NumberRange[],
  location: IntentLocation,
  protocolSuffix = '',
): boolean {
  if (!ranges.some(({ first, last }) => first <= LAST_LOCAL_PORT && FIRST_LOCAL_PORT <= last)) return false;
  const localPorts = LOCAL_PORTS_112.filter((port) => containsNumber(ranges, port));
  if (localPorts.length === 0) return false;
  const remainingPorts = subtractNumbers(ranges, localPorts.map(toSingleRange)).map(
    (range) => `${printPorts([range])}${protocolSuffix}`,
  );
  location.report(say.describeLocalPort(location.where, printPorts(ranges), localPorts, remainingPorts.join(', ')));
  return true;
}
