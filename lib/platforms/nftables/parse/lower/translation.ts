import { familyOf } from '../../../../net/address';
import { Range, point } from '../../../../net/range';
import { spend } from '../../../../net/work';
import { shown } from '../../../../problems/in-text';
import { Translate } from '../ruleset';
import { Scope } from '../scope';
import { Condition, End, PER_ENTRY, Target, Tuple } from '../../../../evaluator/model';
import { addressRange, numberRange } from '../../../../parse/netfilter/values';
import { NUMBERS } from '../../../../parse/netfilter/words';

/** A translation. A family written or implied by its addresses is a condition like any other. */
export function lowerTranslation(scope: Scope, statement: Translate, line: number, conditions: Condition[]): End {
  const { kind, to, random } = statement;
  const opaque = (what: string): End => ({ is: 'opaque', because: `line ${line}: ${what}` });
  const written =
    statement.family ?? (scope.table.family === 'ip' || scope.table.family === 'ip6' ? scope.table.family : undefined);
  const forFamily = (family: 'ip' | 'ip6' | undefined): void => {
    if (family)
      conditions.push({
        is: 'member',
        fields: [scope.field('meta nfproto')],
        negated: false,
        members: OF_FAMILY[family],
      });
  };
  if (kind === 'masquerade' || kind === 'redirect') {
    forFamily(statement.family);
    if (!to) return kind === 'masquerade' ? { is: 'masquerade', random } : { is: 'redirect' };
    if ('fields' in to) return lookUp(scope, statement, line, undefined) ?? opaque('its map is not understood');
    const ports = to.port === undefined || to.address !== undefined ? undefined : numberRange(to.port, NUMBERS.port);
    if (!ports) return opaque(`the ports of its ${kind} are not understood`);
    if (kind === 'masquerade') return { is: 'masquerade', random: true };
    return ports.first === ports.last
      ? { is: 'redirect', port: ports.first }
      : opaque('a redirect to several ports picks one');
  }
  if (!to) return opaque(`its ${kind} has no target`);
  if ('fields' in to) {
    const address = to.address === undefined ? undefined : addressRange(to.address);
    forFamily(address ? familyOf(address.first) : written);
    return lookUp(scope, statement, line, written) ?? opaque('its map is not understood');
  }
  const target = targetOf(to.address, to.port, statement.prefix);
  if (!target) return opaque(`${shown(`${to.address ?? ''}:${to.port ?? ''}`)} is not understood as a target`);
  forFamily(target.family ?? written);
  return { is: 'translate', kind, to: target, random };
}

const family = (number: number) => ({
  tuples: [{ values: [{ is: 'numbers', range: point(number) } as const], fleeting: false }],
  learned: false,
});
const OF_FAMILY = { ip: family(2), ip6: family(10) };

function targetOf(address: string | undefined, port: string | undefined, prefix: boolean): Target | undefined {
  const addresses = address === undefined ? undefined : addressRange(address);
  return address !== undefined && !addresses ? undefined : targetTo(addresses, port, prefix);
}

function targetTo(addresses: Range | undefined, port: string | undefined, prefix: boolean): Target | undefined {
  const ports = port === undefined ? undefined : numberRange(port, NUMBERS.port);
  if ((port !== undefined && !ports) || (!addresses && !ports)) return undefined;
  if (ports && ports.last > 65_535) return undefined;
  return {
    prefix,
    ...(addresses ? { addresses, family: familyOf(addresses.first) } : {}),
    ...(ports ? { ports } : {}),
  };
}

function lookUp(
  scope: Scope,
  { kind, to, port, prefix, random }: Translate,
  line: number,
  family: 'ip' | 'ip6' | undefined,
): End | undefined {
  if (!to || !('fields' in to) || kind === 'masquerade') return undefined;
  if (scope.unreadSet(to.map) !== undefined) return undefined;
  const fields = to.fields.map(scope.field);
  const { elements, learned, fleeting } = scope.elements(to.map, line);
  spend(PER_ENTRY * elements.length);
  const entries: (Tuple & { to: Target })[] = [];
  const besides = to.address === undefined ? undefined : addressRange(to.address);
  if (to.address !== undefined && !besides) return undefined;
  for (const element of elements) {
    const tuple = scope.tuple(fields, element, fleeting);
    const [first = '', second = port] = element.data ?? [];
    const addresses = addressRange(first);
    const portOnly = addresses === undefined;
    const target = portOnly ? targetTo(besides, first, prefix) : targetTo(addresses, second, prefix);
    if (!tuple || !target || (to.isPort === true) !== portOnly || (family && target.family && target.family !== family))
      return undefined;
    entries.push({ ...tuple, to: target });
  }
  if (kind === 'redirect') return undefined;
  return { is: 'look up', kind, fields, entries, random, learned };
}
