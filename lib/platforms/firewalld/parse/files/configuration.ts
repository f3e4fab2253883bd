import { Problem } from '../../../../problems/problem';
import { ConfigFile, Element, Files, XmlFile, xmlOf } from './files';
import { byFolders, zoneOf } from './folders';
import { isGrammatical, priorityOf } from './grammar';
import { broken } from './problems';
import { Version, atLeast } from './version';

export interface Zone {
  readonly name: string;
  readonly file: XmlFile;
  readonly target: Target;
  /** What stands in it, in order. */
  readonly items: readonly Element[];
  readonly interfaces: readonly string[];
  /** Addresses, and sets as `ipset:NAME`. */
  readonly sources: readonly string[];
  /** In which order zones are asked whose a packet is, by where it comes from and by where it goes to. */
  readonly priorities: { readonly ingress: number; readonly egress: number };
  /** Between interfaces of its own. */
  readonly forwards: boolean;
  readonly inverted: boolean;
}

/** `unended`: from 2.0 on, of one that is written as `default`: what it takes neither way goes on to the next that it comes by. */
type Target = 'default' | 'unended' | 'accept' | 'drop' | 'reject';

export interface Policy {
  readonly name: string;
  readonly file: XmlFile;
  readonly target: 'accept' | 'drop' | 'reject' | 'continue';
  readonly priority: number;
  readonly items: readonly Element[];
  readonly isDisabled: boolean;
  /** Names of zones, or one of ANY and HOST. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

const ZONE_TARGETS: Readonly<Record<string, Target>> = {
  '': 'default',
  default: 'default',
  '{chain}_{zone}': 'default',
  ACCEPT: 'accept',
  DROP: 'drop',
  '%%REJECT%%': 'reject',
};
const POLICY_TARGETS: Readonly<Record<string, Policy['target']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'reject',
  CONTINUE: 'continue',
};
/** Source: max_zone_name_len and max_policy_name_len of firewall/functions.py. */
const LONGEST_NAME = { zone: 17, policy: 18 } as const;
const LONGEST_LATER = 128;
const NAME = { ipsets: /^[\p{L}\p{N}_:.-]+$/u, others: /^[\p{L}\p{N}_-]+(?:\/[\p{L}\p{N}_-]+)?$/u } as const;
const KINDS = { services: 'service', ipsets: 'ipset', icmptypes: 'icmptype' } as const;

/** All files of one firewalld, as far as they are asked for. What is wrong with them is added to `problems`. */
export class Configuration {
  readonly zones: readonly Zone[];
  readonly policies: readonly Policy[];
  /** Of what no other zone names: the default zone, or public where that one isn't there. */
  readonly fallback: Zone | undefined;
  private readonly known = new Map<string, XmlFile | undefined>();
  private readonly zoneNames: ReadonlySet<string>;

  constructor(
    private readonly files: Files,
    defaultZone: string | undefined,
    readonly version: Version,
    readonly problems: Problem[],
  ) {
    this.zoneNames = new Set([...files.in.zones.keys()].map(zoneOf));
    const zones = this.read('zones', 'zone');
    const each = new Map(zones.map((file) => [file, this.zone(file)]));
    this.zones = byFolders(zones, version).map((file) => each.get(file) ?? this.zone(file));
    this.policies = this.read('policies', 'policy').map((file) => this.policy(file));
    const name = defaultZone === undefined || this.zoneNames.has(defaultZone) ? defaultZone : 'public';
    if (name !== undefined && !this.zoneNames.has(name)) problems.push(missing('zones', name, 1));
    this.fallback = this.zones.find((one) => one.name === name);
    this.refuseShared();
    this.refuseOdd();
  }

  private read(folder: 'zones' | 'policies', kind: 'zone' | 'policy'): readonly XmlFile[] {
    const longest = atLeast(this.version, '2.4') ? LONGEST_LATER : LONGEST_NAME[kind];
    return [...this.files.in[folder].values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((file) => {
        if (zoneOf(file.name).length > longest)
          this.problems.push(broken(file.line, `the name ${file.name} has more than ${longest} letters.`));
        const xml = xmlOf(file, this.problems);
        return xml && isGrammatical(xml, kind, this.version, this.problems) ? [xml] : [];
      });
  }

  /** The file of a service, a set, a type. Undefined, and said, where there is none. */
  definition(folder: keyof typeof KINDS, name: string, line: number): XmlFile | undefined {
    const key = `${folder}/${name}`;
    if (this.known.has(key)) return this.known.get(key);
    const file = this.files.in[folder].get(name);
    // Types of ICMP are the package's, which isn't there beside policies alone.
    if (!file && (this.files.conf || folder !== 'icmptypes')) this.problems.push(missing(folder, name, line));
    const xml = file && xmlOf(file, this.problems);
    const found = xml && isGrammatical(xml, KINDS[folder], this.version, this.problems) ? xml : undefined;
    this.known.set(key, found);
    return found;
  }

  private zone(file: XmlFile): Zone {
    const { root, name } = file;
    const target = ofWords(ZONE_TARGETS, root.attributes['target'] ?? '');
    if (!target) this.problems.push(broken(root.line, `a zone has no target ${root.attributes['target']!}.`));
    const interfaces = root.children
      .filter((one) => one.name === 'interface')
      .flatMap(({ attributes }) => attributes['name'] ?? []);
    if (atLeast(this.version, '2.3')) this.refuseOddSources(file);
    // Before 1.0 what a zone leaves over comes to the policies behind all zones.
    const isOfPolicies = target === 'default' && !atLeast(this.version, '1.0');
    const isUnended = isOfPolicies || (root.attributes['target'] === 'default' && atLeast(this.version, '2.0'));
    return {
      name,
      file,
      target: isUnended ? 'unended' : (target ?? 'default'),
      items: root.children,
      priorities: {
        ingress: this.priority(file, 'ingress-priority', '0'),
        egress: this.priority(file, 'egress-priority', '0'),
      },
      interfaces: [...new Set(interfaces)],
      // All others are ignored with a warning.
      sources: root.children
        .filter((one) => one.name === 'source' && isSource(one))
        .map(({ attributes: { address, ipset } }) => address ?? `ipset:${ipset}`)
        .filter((one, at, all) => all.indexOf(one) === at),
      forwards: root.children.some((one) => one.name === 'forward'),
      inverted: root.children.some((one) => one.name === 'icmp-block-inversion'),
    };
  }

  private policy(file: XmlFile): Policy {
    const { root, name } = file;
    const target = ofWords(POLICY_TARGETS, root.attributes['target']!);
    const priority = this.priority(file, 'priority', '-1');
    const wrong = (what: string): number => this.problems.push(broken(root.line, what));
    if (!target) wrong(`a policy has no target ${root.attributes['target']!}.`);
    // Where the zone itself stands.
    if (priority === 0 && atLeast(this.version, '2.0')) wrong('0 is no priority of a policy.');
    if (this.zoneNames.has(name)) wrong('a zone is called so, too.');
    const names = (element: string): readonly string[] =>
      root.children.filter((one) => one.name === element).map(({ attributes }) => attributes['name']!);
    const [from, to] = [names('ingress-zone'), names('egress-zone')];
    for (const some of [from, to]) {
      for (const one of some)
        if (one !== 'ANY' && one !== 'HOST' && !this.zoneNames.has(one))
          this.problems.push(missing('zones', one, root.line));
      if (some.length > 1 && (some.includes('ANY') || some.includes('HOST'))) wrong('ANY and HOST stand alone.');
    }
    if (from.includes('HOST') && to.includes('HOST')) wrong('HOST is on both sides.');
    const isDisabled = root.children.some((one) => one.name === 'disable');
    return { name, file, target: target ?? 'continue', priority, isDisabled, items: root.children, from, to };
  }

  private priority(file: XmlFile, name: string, otherwise: string): number {
    const written = file.root.attributes[name] ?? otherwise;
    const priority = priorityOf(written);
    if (priority === undefined) this.problems.push(broken(file.root.line, `${written} is no priority.`));
    // Beside nobody's.
    return priority ?? Number.NaN;
  }

  /** Which earlier versions leave out with a warning. */
  private refuseOddSources(file: XmlFile): void {
    for (const one of file.root.children.filter(({ name }) => name === 'source'))
      if (!isSource(one)) this.problems.push(broken(one.line, 'a zone has no such source.'));
  }

  hasHelper = (name: string): boolean => this.files.in.helpers.has(name);

  /** Those of the administrator, of which firewalld reads all. */
  own(folder: keyof typeof KINDS): readonly XmlFile[] {
    const own = [...this.files.in[folder].values()].filter(({ isStock }) => !isStock);
    return own.flatMap(({ name, line }) => this.definition(folder, name, line) ?? []);
  }

  private refuseOdd(): void {
    for (const [folder, files] of Object.entries(this.files.in))
      for (const { name, line } of files.values())
        if (folder !== 'helpers' && !NAME[folder === 'ipsets' ? folder : 'others'].test(name))
          this.problems.push(broken(line, `${name} is no name that firewalld takes.`));
    for (const file of this.files.in.helpers.values()) if (!file.isStock) xmlOf(file, this.problems);
    for (const { file, interfaces } of this.zones)
      for (const one of interfaces)
        if (!/^[^\s/!*]{1,15}$/.test(one))
          this.problems.push(broken(file.line, `${one || 'an empty one'} is no interface.`));
  }

  private refuseShared(): void {
    for (const part of ['interfaces', 'sources'] as const) {
      const seen = new Map<string, Zone>();
      for (const zone of this.zones)
        for (const one of zone[part]) {
          const other = seen.get(one);
          if (other) this.problems.push(broken(zone.file.line, `${one} is in zone ${other.name}, too.`));
          seen.set(one, zone);
        }
    }
  }
}

const ofWords = <T>(words: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(words, word) ? words[word] : undefined;
const isSource = ({ attributes: { address, ipset, invert } }: Element): boolean =>
  invert === undefined && (address === undefined) !== (ipset === undefined);
const missing = (folder: string, name: string, line: number): Problem =>
  broken(line, `${folder}/${name}.xml is not there.`);

/** Where direct.xml has rules, or can't be read; undefined where it has none. */
export function directRules(file: ConfigFile | undefined): number | undefined {
  const problems: Problem[] = [];
  const xml = file && xmlOf(file, problems);
  if (problems.length > 0) return file?.line;
  return xml?.root.children[0]?.line;
}
