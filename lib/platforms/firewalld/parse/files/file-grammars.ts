// The elements and attributes that firewalld's XML files (zone, policy, service, ipset, icmptype) may have in each
// version, and the check of a file against them.

import { Problem } from '../../../../problems/problem';
import { FirewalldElement, XmlFile } from './firewalld-files';
import { createBrokenProblem, createUnexpectedProblem } from './parse-problems';
import { FirewalldVersion, isAtLeast } from './firewalld-version';

/** The attributes that an element must have and may have, and its children. */
interface ElementGrammar {
  readonly needs?: readonly string[];
  readonly may?: readonly string[];
  readonly within?: Grammar;
  /**
   * The first version with this element, and the first versions of its later attributes. Default: every version has
   * them.
   */
  readonly since?: string;
  readonly later?: Readonly<Record<string, string>>;
}
type Grammar = Readonly<Record<string, ElementGrammar>>;

const PORT_ATTRIBUTES = { needs: ['port', 'protocol'] } as const;
const NAME_ATTRIBUTE = { needs: ['name'] } as const;
const LIMIT_CHILD: ElementGrammar = { within: { limit: { needs: ['value'], later: { burst: '2.2' } } } };
const TEXT_ELEMENTS: Grammar = { short: {}, description: {} };

const COMMON_ELEMENTS: Grammar = {
  service: NAME_ATTRIBUTE,
  port: PORT_ATTRIBUTES,
  'source-port': PORT_ATTRIBUTES,
  protocol: { needs: ['value'] },
  'icmp-block': NAME_ATTRIBUTE,
  masquerade: { may: ['enabled'] },
  'forward-port': { ...PORT_ATTRIBUTES, may: ['to-port', 'to-addr'] },
};
const RICH_RULE_ELEMENTS: Grammar = {
  ...COMMON_ELEMENTS,
  'icmp-type': NAME_ATTRIBUTE,
  'tcp-mss-clamp': { may: ['value'] },
  source: { may: ['address', 'mac', 'invert', 'family', 'ipset'] },
  destination: { may: ['address', 'invert', 'ipset'] },
  log: { ...LIMIT_CHILD, may: ['prefix', 'level'] },
  nflog: { ...LIMIT_CHILD, may: ['group', 'prefix', 'queue-size'] },
  audit: LIMIT_CHILD,
  accept: LIMIT_CHILD,
  drop: LIMIT_CHILD,
  reject: { ...LIMIT_CHILD, may: ['type'] },
  mark: { ...LIMIT_CHILD, needs: ['set'] },
};
const ZONE_AND_POLICY_ELEMENTS: Grammar = {
  ...TEXT_ELEMENTS,
  ...COMMON_ELEMENTS,
  rule: { may: ['family', 'priority'], within: RICH_RULE_ELEMENTS },
};

/** Source: the elements and attributes of firewall/core/io of firewalld 1.3.3; later ones are from its tags. */
const FILE_GRAMMARS: Readonly<Record<string, ElementGrammar>> = {
  zone: {
    may: ['target', 'version', 'name', 'immutable'],
    later: { 'ingress-priority': '2.0', 'egress-priority': '2.0' },
    within: {
      ...ZONE_AND_POLICY_ELEMENTS,
      interface: NAME_ATTRIBUTE,
      source: { may: ['address', 'ipset', 'mac', 'family', 'invert'] },
      forward: {},
      'icmp-block-inversion': {},
    },
  },
  policy: {
    needs: ['target'],
    may: ['version', 'priority'],
    within: {
      ...ZONE_AND_POLICY_ELEMENTS,
      'ingress-zone': NAME_ATTRIBUTE,
      'egress-zone': NAME_ATTRIBUTE,
      disable: { since: '2.4' },
    },
  },
  service: {
    may: ['name', 'version'],
    within: {
      ...TEXT_ELEMENTS,
      port: PORT_ATTRIBUTES,
      'source-port': PORT_ATTRIBUTES,
      protocol: { needs: ['value'] },
      module: NAME_ATTRIBUTE,
      helper: NAME_ATTRIBUTE,
      destination: { may: ['ipv4', 'ipv6'] },
      include: { needs: ['service'] },
    },
  },
  ipset: {
    needs: ['type'],
    may: ['version'],
    within: { ...TEXT_ELEMENTS, option: { needs: ['name'], may: ['value'] }, entry: {} },
  },
  icmptype: { may: ['name', 'version'], within: { ...TEXT_ELEMENTS, destination: { may: ['ipv4', 'ipv6'] } } },
};

/** Returns whether a file has only the elements and attributes of its kind in that version. Reports all others. */
export function matchesGrammar(
  { root }: XmlFile,
  kind: keyof typeof FILE_GRAMMARS,
  version: FirewalldVersion,
  problems: Problem[],
): boolean {
  const earlierCount = problems.length;
  const check = (element: FirewalldElement, grammar: ElementGrammar | undefined): void => {
    if (!grammar) return void problems.push(createUnexpectedProblem(element.line, `<${element.name}>`));
    const { needs = [], may = [], within = {}, since = '0', later = {} } = grammar;
    const checkSince = (construct: string, firstVersion: string): unknown =>
      isAtLeast(version, firstVersion) ||
      problems.push(createBrokenProblem(element.line, `${construct} is of firewalld ${firstVersion} and later.`));
    checkSince(`<${element.name}>`, since);
    for (const name of needs)
      if (element.attributes[name] === undefined)
        problems.push(createBrokenProblem(element.line, `<${element.name}> has no attribute ${name}.`));
    for (const name of Object.keys(element.attributes))
      if (Object.hasOwn(later, name)) checkSince(`<${element.name} ${name}=...>`, later[name]!);
      else if (!needs.includes(name) && !may.includes(name))
        problems.push(createUnexpectedProblem(element.line, `<${element.name} ${name}=...>`));
    for (const child of element.children)
      check(child, Object.hasOwn(within, child.name) ? within[child.name] : undefined);
  };
  check(root, root.name === kind ? FILE_GRAMMARS[kind] : undefined);
  return problems.length === earlierCount;
}

export function parsePriority(text: string): number | undefined {
  const priority = /^-?\d{1,5}$/.test(text) ? Number(text) : NaN;
  return priority >= -32_768 && priority <= 32_767 ? priority : undefined;
}
