// Lowers NAT statements of nftables rules (`dnat`, `snat`, `masquerade`, `redirect`) to actions of the ruleset model.

import { getFamily } from '../../../../net/address';
import { Range, toSingleRange } from '../../../../net/range';
import { spendSteps } from '../../../../net/step-budget';
import { quoteForDisplay } from '../../../../problems/line-problems';
import { NftTranslation } from '../syntax-tree';
import { TableScope } from '../table-scope';
import { Condition, RuleAction, STEPS_PER_ENTRY, TranslationTarget, Tuple } from '../../../../evaluator/ruleset-model';
import { parseAddressRange, parseNumberRange } from '../../../../parse/netfilter/parse-values';
import { NUMBERS_BY_NAME } from '../../../../parse/netfilter/named-numbers';

/** Returns the action of a translation. A family that is written, or implied by its addresses, becomes a condition. */
export function lowerTranslation(
  scope: TableScope,
  statement: NftTranslation,
  line: number,
  conditions: Condition[],
): RuleAction {
  const { kind, to, random } = statement;
  const createOpaque = (what: string): RuleAction => ({ is: 'opaque', reason: `line ${line}: ${what}` });
  const statedFamily =
    statement.family ?? (scope.table.family === 'ip' || scope.table.family === 'ip6' ? scope.table.family : undefined);
  const requireFamily = (family: 'ip' | 'ip6' | undefined): void => {
    if (family)
      conditions.push({
        is: 'member',
        fields: [scope.getField('meta nfproto')],
        negated: false,
        members: FAMILY_MEMBERS[family],
      });
  };
  if (kind === 'masquerade' || kind === 'redirect') {
    requireFamily(statement.family);
    if (!to) return kind === 'masquerade' ? { is: 'masquerade', random } : { is: 'redirect' };
    if ('fields' in to)
      return lowerMapLookup(scope, statement, line, undefined) ?? createOpaque('its map is not understood');
    const ports =
      to.port === undefined || to.address !== undefined ? undefined : parseNumberRange(to.port, NUMBERS_BY_NAME.port);
    if (!ports) return createOpaque(`the ports of its ${kind} are not understood`);
    if (kind === 'masquerade') return { is: 'masquerade', random: true };
    return ports.first === ports.last
      ? { is: 'redirect', port: ports.first }
      : createOpaque('a redirect to several ports picks one');
  }
  if (!to) return createOpaque(`its ${kind} has no target`);
  if ('fields' in to) {
    const address = to.address === undefined ? undefined : parseAddressRange(to.address);
    requireFamily(address ? getFamily(address.first) : statedFamily);
    return lowerMapLookup(scope, statement, line, statedFamily) ?? createOpaque('its map is not understood');
  }
  const target = parseTarget(to.address, to.port, statement.prefix);
  if (!target)
    return createOpaque(`${quoteForDisplay(`${to.address ?? ''}:${to.port ?? ''}`)} is not understood as a target`);
  requireFamily(target.family ?? statedFamily);
  return { is: 'translate', kind, to: target, random };
}

const createFamilyMembers = (number: number) => ({
  tuples: [{ values: [{ is: 'numbers', range: toSingleRange(number) } as const], expires: false }],
  dynamic: false,
});
const FAMILY_MEMBERS = { ip: createFamilyMembers(2), ip6: createFamilyMembers(10) };

function parseTarget(
  address: string | undefined,
  port: string | undefined,
  prefix: boolean,
): TranslationTarget | undefined {
  const addresses = address === undefined ? undefined : parseAddressRange(address);
  return address !== undefined && !addresses ? undefined : createTarget(addresses, port, prefix);
}

function createTarget(
  addresses: Range | undefined,
  port: string | undefined,
  prefix: boolean,
): TranslationTarget | undefined {
  const ports = port === undefined ? undefined : parseNumberRange(port, NUMBERS_BY_NAME.port);
  if ((port !== undefined && !ports) || (!addresses && !ports)) return undefined;
  if (ports && ports.last > 65_535) return undefined;
  return {
    prefix,
    ...(addresses ? { addresses, family: getFamily(addresses.first) } : {}),
    ...(ports ? { ports } : {}),
  };
}

function lowerMapLookup(
  scope: TableScope,
  { kind, to, port, prefix, random }: NftTranslation,
  line: number,
  family: 'ip' | 'ip6' | undefined,
): RuleAction | undefined {
  if (!to || !('fields' in to) || kind === 'masquerade') return undefined;
  if (scope.explainUnparsedSet(to.map) !== undefined) return undefined;
  const fields = to.fields.map(scope.getField);
  const { elements, dynamic, expires } = scope.getElements(to.map, line);
  spendSteps(STEPS_PER_ENTRY * elements.length);
  const entries: (Tuple & { to: TranslationTarget })[] = [];
  const fixedAddresses = to.address === undefined ? undefined : parseAddressRange(to.address);
  if (to.address !== undefined && !fixedAddresses) return undefined;
  for (const element of elements) {
    const tuple = scope.createTuple(fields, element, expires);
    const [firstText = '', portText = port] = element.data ?? [];
    const addresses = parseAddressRange(firstText);
    const isPortOnly = addresses === undefined;
    const target = isPortOnly
      ? createTarget(fixedAddresses, firstText, prefix)
      : createTarget(addresses, portText, prefix);
    if (
      !tuple ||
      !target ||
      (to.isPort === true) !== isPortOnly ||
      (family && target.family && target.family !== family)
    )
      return undefined;
    entries.push({ ...tuple, to: target });
  }
  if (kind === 'redirect') return undefined;
  return { is: 'look up', kind, fields, entries, random, dynamic };
}
