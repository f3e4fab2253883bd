// Renders a generated nftables table as the text of an nft script that replaces the table in one transaction.

import { printAddress, printPrefix, printRange } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { ValueOrSet, NftChain, NftMatch, NftMap, NftSet, NftRule, NftTable, NftVerdict } from './nft-table';

/**
 * Returns the text of a table, loaded as one transaction. `table` and `delete table` in front let it replace itself on
 * every version: `destroy` would need nft 1.0.7, and a flush keeps sets and policies.
 */
export function render(table: NftTable): string {
  const blocks = [...table.sets.map(printSet), ...table.maps.map(printMap), ...table.chains.map(printChain)];
  return [
    `table inet ${table.name}`,
    `delete table inet ${table.name}`,
    `table inet ${table.name} {`,
    ...blocks
      .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))
      .map((line) => (line === '' ? '' : `    ${line}`)),
    '}',
    '',
  ].join('\n');
}

function printSet(set: NftSet): readonly string[] {
  const elements: readonly string[] =
    set.of === 'addresses' ? set.elements.map(printRange) : set.elements.map(printNumbers);
  return [
    `set ${set.name} {`,
    `    type ${set.type}`,
    ...(set.elements.some(({ first, last }) => first !== last) ? ['    flags interval'] : []),
    `    elements = { ${elements.join(', ')} }`,
    '}',
  ];
}

function printMap(map: NftMap): readonly string[] {
  if (map.is === 'addresses') {
    const elements = map.elements.map(({ from, to }) => `${printAddress(from)} : ${printAddress(to)}`);
    return [
      `map ${map.name} {`,
      `    type ${map.type} : ${map.type}`,
      `    elements = { ${elements.join(', ')} }`,
      '}',
    ];
  }
  const elements = map.elements.map(({ from, chain }) => `${printRange(from)} : jump ${chain}`);
  return [
    `map ${map.name} {`,
    '    type ipv4_addr : verdict',
    ...(map.elements.some(({ from }) => from.first !== from.last) ? ['    flags interval'] : []),
    `    elements = { ${elements.join(', ')} }`,
    '}',
  ];
}

function printChain({ name, hook, rules }: NftChain): readonly string[] {
  return [
    `chain ${name} {`,
    ...(hook ? [`    type ${hook.type} hook ${hook.hook} priority ${hook.priority}; policy ${hook.policy};`] : []),
    ...rules.map((rule) => `    ${printRule(rule)}`),
    '}',
  ];
}

function printRule({ matches, verdict, comment }: NftRule): string {
  const parts = [...matches.map(printMatch), printVerdict(verdict)];
  if (comment !== undefined) parts.push(`comment "${comment}"`);
  return parts.join(' ');
}

function printMatch(match: NftMatch): string {
  switch (match.is) {
    case 'interface':
      return `${match.direction === 'in' ? 'iifname' : 'oifname'} ${printInterfaces(match.names)}`;
    case 'loopback':
      return match.direction === 'in' ? 'iif "lo"' : 'oif "lo"';
    case 'address': {
      const field =
        match.field === 'original daddr' ? `ct original ${match.family} daddr` : `${match.family} ${match.field}`;
      return `${field} ${match.negated ? '!= ' : ''}${printValueOrSet(match.values, printRange)}`;
    }
    case 'family':
      return `meta nfproto ${match.family === 'ip' ? 'ipv4' : 'ipv6'}`;
    case 'protocol':
      return `meta l4proto ${match.protocol}`;
    case 'port':
      return `${match.protocol} ${match.field} ${printValueOrSet(match.values, printNumbers)}`;
    case 'type':
      return `${match.protocol} type ${printValueOrSet(match.values, printNumbers)}`;
    case 'types':
      return `${match.protocol} type { ${match.names.join(', ')} }`;
    case 'state':
      return `ct state ${match.state}`;
    case 'reply':
      return 'ct direction reply';
    case 'translated':
      return 'ct status dnat';
    default:
      return match satisfies never;
  }
}

function printVerdict(verdict: NftVerdict): string {
  switch (verdict.is) {
    case 'accept':
      return 'accept';
    case 'drop':
      return 'drop';
    case 'jump':
      return `jump ${verdict.chain}`;
    case 'dispatch':
      return `${verdict.field === 'daddr' ? 'ip daddr' : 'ct original ip daddr'} vmap @${verdict.map}`;
    case 'translate':
      return `${verdict.kind} ${verdict.family} to ${verdict.family} ${getAddressField(verdict.kind)} map @${verdict.map}`;
    case 'translate prefixes': {
      // The map stands in the rule: named maps with prefixes as values came only after nft 0.9.8.
      const pairs = verdict.pairs.map(({ from, to }) => `${printPrefix(from)} : ${printPrefix(to)}`);
      return `${verdict.kind} ip prefix to ip ${getAddressField(verdict.kind)} map { ${pairs.join(', ')} }`;
    }
    case 'set source':
      return `snat ip to ${printAddress(verdict.to)}`;
    default:
      return verdict satisfies never;
  }
}

const getAddressField = (kind: 'dnat' | 'snat'): string => (kind === 'dnat' ? 'daddr' : 'saddr');

const printValueOrSet = <T>(values: ValueOrSet<T>, print: (value: T) => string): string =>
  values.is === 'set' ? `@${values.name}` : print(values.value);

const printNumbers = ({ first, last }: NumberRange): string => (first === last ? `${first}` : `${first}-${last}`);

const printInterfaces = (names: readonly string[]): string => {
  const quotedNames = names.map((name) => `"${name}"`);
  return quotedNames.length === 1 ? quotedNames[0]! : `{ ${quotedNames.join(', ')} }`;
};
