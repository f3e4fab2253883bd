import { Family, prefixesOf, printPrefix } from '../../../net/address';
import { hash52 } from '../../../generate/hash';
import { Asked, Ends, Policy, Rule } from './model';

/** Policies are asked in the order of their priorities, and zones between -1 and 0: before those of the package, which let in what IPv6 needs. */
const FIRST = -32_000;
const FOLDER = '/etc/firewalld';
const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';
const FAMILY: Readonly<Record<Family, string>> = { ip: 'ipv4', ip6: 'ipv6' };
const PORTED: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 33: 'dccp', 132: 'sctp' };
const NAMED: Readonly<Record<number, string>> = { ...PORTED, 1: 'icmp', 58: 'ipv6-icmp' };

/** Files as `tail -v -n +1` prints them, sets first. */
export function render(owner: string, policies: readonly Policy[]): string {
  const sets = new Sets(owner);
  const rendered = policies.map((policy) => file(`policies/${policy.name}`, policyLines(policy, sets)));
  return [...sets.files(), ...rendered].join('\n');
}

const file = (path: string, lines: readonly string[]): string =>
  `==> ${FOLDER}/${path}.xml <==\n${[DECLARATION, ...lines].map((line) => `${line}\n`).join('')}`;

/** firewalld warns of a rule that is there twice, as where a profile opens what every IPv6 needs. */
function policyLines({ from, to, target, rules }: Policy, sets: Sets): readonly string[] {
  return [
    `<policy target="${target}" priority="${FIRST}">`,
    `  <ingress-zone name="${from}"/>`,
    `  <egress-zone name="${to}"/>`,
    ...new Set(inOrder(rules).map(([rule, priority]) => ruleLines(rule, priority, sets).join('\n'))),
    '</policy>',
  ];
}

/** Of one priority firewalld may ask in any order: rules in a row that do the same have the same. */
function inOrder(rules: readonly Rule[]): readonly (readonly [Rule, number])[] {
  let turns = 0;
  const placed = rules.map((rule, at) => {
    if (at > 0 && rules[at - 1]!.does !== rule.does) turns += 1;
    return [rule, turns] as const;
  });
  return placed.map(([rule, turn]) => [rule, turn - turns - 1]);
}

function ruleLines({ family, source, destination, asks, does }: Rule, priority: number, sets: Sets): readonly string[] {
  const end = (name: string, its: Ends | undefined): readonly string[] =>
    its ? [`    <${name} ${sets.attributes(family!, its)}/>`] : [];
  return [
    `  <rule priority="${priority}"${family ? ` family="${FAMILY[family]}"` : ''}>`,
    ...end('source', source),
    ...end('destination', destination),
    ...(asks ? [`    ${element(asks)}`] : []),
    `    <${does}/>`,
    '  </rule>',
  ];
}

function element(asks: Asked): string {
  switch (asks.is) {
    case 'port': {
      const { first, last } = asks.ports;
      return `<port port="${first === last ? first : `${first}-${last}`}" protocol="${PORTED[asks.protocol]!}"/>`;
    }
    case 'protocol':
      return `<protocol value="${NAMED[asks.protocol] ?? asks.protocol}"/>`;
    case 'icmp-type':
      return `<icmp-type name="${asks.name}"/>`;
    default:
      return asks satisfies never;
  }
}

/** Lists of networks, a file each. A network alone stands in the rule. */
class Sets {
  private readonly made = new Map<string, { readonly family: Family; readonly entries: readonly string[] }>();

  constructor(private readonly owner: string) {}

  attributes(family: Family, { ranges, inverted }: Ends): string {
    const entries = ranges.flatMap(prefixesOf).map(printPrefix);
    const is = entries.length === 1 ? `address="${entries[0]!}"` : `ipset="${this.named(family, entries)}"`;
    return `${is}${inverted ? ' invert="True"' : ''}`;
  }

  files(): readonly string[] {
    return [...this.made].map(([name, { family, entries }]) =>
      file(`ipsets/${name}`, [
        '<ipset type="hash:net">',
        `  <option name="family" value="${family === 'ip' ? 'inet' : 'inet6'}"/>`,
        ...entries.map((entry) => `  <entry>${entry}</entry>`),
        '</ipset>',
      ]),
    );
  }

  /** By what it holds: an older policy never asks a set of ours that has become another. */
  private named(family: Family, entries: readonly string[]): string {
    const name = `cf-${this.owner}-${family === 'ip' ? 4 : 6}-${hash52(entries.join(' ')).toString(16).padStart(13, '0')}`;
    this.made.set(name, { family, entries });
    return name;
  }
}
