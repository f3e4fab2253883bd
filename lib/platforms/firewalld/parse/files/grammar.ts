import { Problem } from '../../../../problems/problem';
import { Element, XmlFile } from './files';
import { broken, unexpected } from './problems';
import { Version, atLeast } from './version';

/** Attributes of an element that it has to have, and that it may have. */
interface Attributes {
  readonly needs?: readonly string[];
  readonly may?: readonly string[];
  readonly within?: Grammar;
  /** The version from which on there is one, and those of its attributes that came later than itself. Default: always. */
  readonly since?: string;
  readonly later?: Readonly<Record<string, string>>;
}
type Grammar = Readonly<Record<string, Attributes>>;

const PORT = { needs: ['port', 'protocol'] } as const;
const NAMED = { needs: ['name'] } as const;
const LIMITED: Attributes = { within: { limit: { needs: ['value'], later: { burst: '2.2' } } } };
const WORDS: Grammar = { short: {}, description: {} };

const ELEMENTS: Grammar = {
  service: NAMED,
  port: PORT,
  'source-port': PORT,
  protocol: { needs: ['value'] },
  'icmp-block': NAMED,
  masquerade: { may: ['enabled'] },
  'forward-port': { ...PORT, may: ['to-port', 'to-addr'] },
};
const RULE: Grammar = {
  ...ELEMENTS,
  'icmp-type': NAMED,
  'tcp-mss-clamp': { may: ['value'] },
  source: { may: ['address', 'mac', 'invert', 'family', 'ipset'] },
  destination: { may: ['address', 'invert', 'ipset'] },
  log: { ...LIMITED, may: ['prefix', 'level'] },
  nflog: { ...LIMITED, may: ['group', 'prefix', 'queue-size'] },
  audit: LIMITED,
  accept: LIMITED,
  drop: LIMITED,
  reject: { ...LIMITED, may: ['type'] },
  mark: { ...LIMITED, needs: ['set'] },
};
const BOTH: Grammar = { ...WORDS, ...ELEMENTS, rule: { may: ['family', 'priority'], within: RULE } };

/** Source: the elements and attributes of firewall/core/io of firewalld 1.3.3; what came later, of its tags. */
const FILES: Readonly<Record<string, Attributes>> = {
  zone: {
    may: ['target', 'version', 'name', 'immutable'],
    later: { 'ingress-priority': '2.0', 'egress-priority': '2.0' },
    within: {
      ...BOTH,
      interface: NAMED,
      source: { may: ['address', 'ipset', 'mac', 'family', 'invert'] },
      forward: {},
      'icmp-block-inversion': {},
    },
  },
  policy: {
    needs: ['target'],
    may: ['version', 'priority'],
    within: { ...BOTH, 'ingress-zone': NAMED, 'egress-zone': NAMED, disable: { since: '2.4' } },
  },
  service: {
    may: ['name', 'version'],
    within: {
      ...WORDS,
      port: PORT,
      'source-port': PORT,
      protocol: { needs: ['value'] },
      module: NAMED,
      helper: NAMED,
      destination: { may: ['ipv4', 'ipv6'] },
      include: { needs: ['service'] },
    },
  },
  ipset: {
    needs: ['type'],
    may: ['version'],
    within: { ...WORDS, option: { needs: ['name'], may: ['value'] }, entry: {} },
  },
  icmptype: { may: ['name', 'version'], within: { ...WORDS, destination: { may: ['ipv4', 'ipv6'] } } },
};

/** Whether a file holds what a file of its kind may in that version; what it may not is said. */
export function isGrammatical(
  { root }: XmlFile,
  kind: keyof typeof FILES,
  version: Version,
  problems: Problem[],
): boolean {
  const before = problems.length;
  const check = (element: Element, known: Attributes | undefined): void => {
    if (!known) return void problems.push(unexpected(element.line, `<${element.name}>`));
    const { needs = [], may = [], within = {}, since = '0', later = {} } = known;
    const came = (what: string, from: string): unknown =>
      atLeast(version, from) || problems.push(broken(element.line, `${what} is of firewalld ${from} and later.`));
    came(`<${element.name}>`, since);
    for (const name of needs)
      if (element.attributes[name] === undefined)
        problems.push(broken(element.line, `<${element.name}> has no attribute ${name}.`));
    for (const name of Object.keys(element.attributes))
      if (Object.hasOwn(later, name)) came(`<${element.name} ${name}=...>`, later[name]!);
      else if (!needs.includes(name) && !may.includes(name))
        problems.push(unexpected(element.line, `<${element.name} ${name}=...>`));
    for (const child of element.children)
      check(child, Object.hasOwn(within, child.name) ? within[child.name] : undefined);
  };
  check(root, root.name === kind ? FILES[kind] : undefined);
  return problems.length === before;
}

export function priorityOf(text: string): number | undefined {
  const priority = /^-?\d{1,5}$/.test(text) ? Number(text) : NaN;
  return priority >= -32_768 && priority <= 32_767 ? priority : undefined;
}
