// Renders the generated config of firewalld: XML files of policies with rich rules, and of the ipsets in these rules,
// as one text with a header for each file.

import { Family, toPrefixes, printPrefix } from '../../../net/address';
import { hash52 } from '../../../generate/hash';
import { FirewalldMatch, FirewalldAddresses, FirewalldPolicy, FirewalldRule } from './firewalld-policy';

/**
 * The priority of our policies. firewalld evaluates policies in the order of their priorities, and zones between -1 and
 * 0. Ours come before those of the package, which accept what IPv6 needs.
 */
const POLICY_PRIORITY = -32_000;
const CONFIG_FOLDER = '/etc/firewalld';
const XML_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';
const FAMILY_NAMES: Readonly<Record<Family, string>> = { ip: 'ipv4', ip6: 'ipv6' };
const PORT_PROTOCOL_NAMES: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 33: 'dccp', 132: 'sctp' };
const PROTOCOL_NAMES: Readonly<Record<number, string>> = { ...PORT_PROTOCOL_NAMES, 1: 'icmp', 58: 'ipv6-icmp' };

/** Returns the files in the form that `tail -v -n +1` prints, sets first. */
export function render(owner: string, policies: readonly FirewalldPolicy[]): string {
  const sets = new FirewalldSetBuilder(owner);
  const rendered = policies.map((policy) => renderFile(`policies/${policy.name}`, renderPolicy(policy, sets)));
  return [...sets.renderFiles(), ...rendered].join('\n');
}

const renderFile = (path: string, lines: readonly string[]): string =>
  `==> ${CONFIG_FOLDER}/${path}.xml <==\n${[XML_DECLARATION, ...lines].map((line) => `${line}\n`).join('')}`;

/**
 * Returns the XML lines of a policy. Equal rules are printed once: firewalld warns of a duplicate, and a profile may
 * allow what every IPv6 host needs anyway.
 */
function renderPolicy({ from, to, target, rules }: FirewalldPolicy, sets: FirewalldSetBuilder): readonly string[] {
  return [
    `<policy target="${target}" priority="${POLICY_PRIORITY}">`,
    `  <ingress-zone name="${from}"/>`,
    `  <egress-zone name="${to}"/>`,
    ...new Set(assignPriorities(rules).map(([rule, priority]) => renderRule(rule, priority, sets).join('\n'))),
    '</policy>',
  ];
}

/**
 * Pairs each rule with its priority. Adjacent rules with the same action share one: firewalld may evaluate rules of one
 * priority in any order.
 */
function assignPriorities(rules: readonly FirewalldRule[]): readonly (readonly [FirewalldRule, number])[] {
  let lastTurn = 0;
  const rulesByTurn = rules.map((rule, index) => {
    if (index > 0 && rules[index - 1]!.does !== rule.does) lastTurn += 1;
    return [rule, lastTurn] as const;
  });
  return rulesByTurn.map(([rule, turn]) => [rule, turn - lastTurn - 1]);
}

function renderRule(
  { family, source, destination, asks: match, does: action }: FirewalldRule,
  priority: number,
  sets: FirewalldSetBuilder,
): readonly string[] {
  const renderAddresses = (name: string, addresses: FirewalldAddresses | undefined): readonly string[] =>
    addresses ? [`    <${name} ${sets.renderAttributes(family!, addresses)}/>`] : [];
  return [
    `  <rule priority="${priority}"${family ? ` family="${FAMILY_NAMES[family]}"` : ''}>`,
    ...renderAddresses('source', source),
    ...renderAddresses('destination', destination),
    ...(match ? [`    ${renderMatch(match)}`] : []),
    `    <${action}/>`,
    '  </rule>',
  ];
}

function renderMatch(match: FirewalldMatch): string {
  switch (match.is) {
    case 'port': {
      const { first, last } = match.ports;
      return `<port port="${first === last ? first : `${first}-${last}`}" protocol="${PORT_PROTOCOL_NAMES[match.protocol]!}"/>`;
    }
    case 'protocol':
      return `<protocol value="${PROTOCOL_NAMES[match.protocol] ?? match.protocol}"/>`;
    case 'icmp-type':
      return `<icmp-type name="${match.name}"/>`;
    default:
      return match satisfies never;
  }
}

/** Collects the lists of networks, one file each. A single network stands in the rule. */
class FirewalldSetBuilder {
  private readonly setsByName = new Map<string, { readonly family: Family; readonly entries: readonly string[] }>();

  constructor(private readonly owner: string) {}

  renderAttributes(family: Family, { ranges, inverted }: FirewalldAddresses): string {
    const entries = ranges.flatMap(toPrefixes).map(printPrefix);
    const attribute = entries.length === 1 ? `address="${entries[0]!}"` : `ipset="${this.addSet(family, entries)}"`;
    return `${attribute}${inverted ? ' invert="True"' : ''}`;
  }

  renderFiles(): readonly string[] {
    return [...this.setsByName].map(([name, { family, entries }]) =>
      renderFile(`ipsets/${name}`, [
        '<ipset type="hash:net">',
        `  <option name="family" value="${family === 'ip' ? 'inet' : 'inet6'}"/>`,
        ...entries.map((entry) => `  <entry>${entry}</entry>`),
        '</ipset>',
      ]),
    );
  }

  /** Adds a set that is named after its content, so an older policy never uses a set whose content has changed. */
  private addSet(family: Family, entries: readonly string[]): string {
    const name = `cf-${this.owner}-${family === 'ip' ? 4 : 6}-${hash52(entries.join(' ')).toString(16).padStart(13, '0')}`;
    this.setsByName.set(name, { family, entries });
    return name;
  }
}
