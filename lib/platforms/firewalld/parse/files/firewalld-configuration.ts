// Parses the zones, policies, services, ipsets and ICMP types of one firewalld, and reports errors that keep firewalld
// from loading the files.

import { Problem } from '../../../../problems/problem';
import { ConfigFile, FirewalldElement, FirewalldFiles, XmlFile, parseXmlFile } from './firewalld-files';
import { mergeZoneFolders, getZoneName } from './zone-folders';
import { matchesGrammar, parsePriority } from './file-grammars';
import { createBrokenProblem } from './parse-problems';
import { FirewalldVersion, isAtLeast } from './firewalld-version';

export interface FirewalldZone {
  readonly name: string;
  readonly file: XmlFile;
  readonly target: ZoneTarget;
  /** The elements of the file, in order. */
  readonly items: readonly FirewalldElement[];
  readonly interfaces: readonly string[];
  /** Addresses, and sets as `ipset:NAME`. */
  readonly sources: readonly string[];
  /** The order in which firewalld looks for a packet's zone, by its origin and by its destination. */
  readonly priorities: { readonly ingress: number; readonly egress: number };
  /** True if packets may pass between the zone's own interfaces. */
  readonly forwards: boolean;
  readonly inverted: boolean;
}

/**
 * `unended`: the target `default` from 2.0 on. A packet that the zone neither accepts nor drops goes on to its next
 * zone.
 */
type ZoneTarget = 'default' | 'unended' | 'accept' | 'drop' | 'reject';

export interface ParsedFirewalldPolicy {
  readonly name: string;
  readonly file: XmlFile;
  readonly target: 'accept' | 'drop' | 'reject' | 'continue';
  readonly priority: number;
  readonly items: readonly FirewalldElement[];
  readonly isDisabled: boolean;
  /** Names of zones, or only ANY or only HOST. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

const ZONE_TARGETS: Readonly<Record<string, ZoneTarget>> = {
  '': 'default',
  default: 'default',
  '{chain}_{zone}': 'default',
  ACCEPT: 'accept',
  DROP: 'drop',
  '%%REJECT%%': 'reject',
};
const POLICY_TARGETS: Readonly<Record<string, ParsedFirewalldPolicy['target']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'reject',
  CONTINUE: 'continue',
};
/** Source: max_zone_name_len and max_policy_name_len of firewall/functions.py. */
const MAX_NAME_LENGTH = { zone: 17, policy: 18 } as const;
const MAX_LATER_NAME_LENGTH = 128;
const NAME_FORMS = { ipsets: /^[\p{L}\p{N}_:.-]+$/u, others: /^[\p{L}\p{N}_-]+(?:\/[\p{L}\p{N}_-]+)?$/u } as const;
const KIND_BY_FOLDER = { services: 'service', ipsets: 'ipset', icmptypes: 'icmptype' } as const;

/**
 * Parses zones and policies at once, other files when they are used. Errors in them are added to `problems`.
 */
export class FirewalldConfiguration {
  readonly zones: readonly FirewalldZone[];
  readonly policies: readonly ParsedFirewalldPolicy[];
  /** The zone for packets that no other zone names: the default zone, or public if the default zone is missing. */
  readonly fallback: FirewalldZone | undefined;
  private readonly definitions = new Map<string, XmlFile | undefined>();
  private readonly zoneNames: ReadonlySet<string>;

  constructor(
    private readonly files: FirewalldFiles,
    defaultZone: string | undefined,
    readonly version: FirewalldVersion,
    readonly problems: Problem[],
  ) {
    this.zoneNames = new Set([...files.in.zones.keys()].map(getZoneName));
    const zones = this.parseFolder('zones', 'zone');
    const zonesByFile = new Map(zones.map((file) => [file, this.parseZone(file)]));
    this.zones = mergeZoneFolders(zones, version).map((file) => zonesByFile.get(file) ?? this.parseZone(file));
    this.policies = this.parseFolder('policies', 'policy').map((file) => this.parsePolicy(file));
    const name = defaultZone === undefined || this.zoneNames.has(defaultZone) ? defaultZone : 'public';
    if (name !== undefined && !this.zoneNames.has(name)) problems.push(createMissingProblem('zones', name, 1));
    this.fallback = this.zones.find((zone) => zone.name === name);
    this.checkSharedBindings();
    this.checkNames();
  }

  private parseFolder(folder: 'zones' | 'policies', kind: 'zone' | 'policy'): readonly XmlFile[] {
    const maxLength = isAtLeast(this.version, '2.4') ? MAX_LATER_NAME_LENGTH : MAX_NAME_LENGTH[kind];
    return [...this.files.in[folder].values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((file) => {
        if (getZoneName(file.name).length > maxLength)
          this.problems.push(
            createBrokenProblem(file.line, `the name ${file.name} has more than ${maxLength} letters.`),
          );
        const xml = parseXmlFile(file, this.problems);
        return xml && matchesGrammar(xml, kind, this.version, this.problems) ? [xml] : [];
      });
  }

  /** Returns the file of a service, a set or an ICMP type. Reports a missing one and returns undefined. */
  findDefinition(folder: keyof typeof KIND_BY_FOLDER, name: string, line: number): XmlFile | undefined {
    const key = `${folder}/${name}`;
    if (this.definitions.has(key)) return this.definitions.get(key);
    const file = this.files.in[folder].get(name);
    // ICMP types come with the package, which is absent if the text has only policies.
    if (!file && (this.files.conf || folder !== 'icmptypes'))
      this.problems.push(createMissingProblem(folder, name, line));
    const xml = file && parseXmlFile(file, this.problems);
    const definition =
      xml && matchesGrammar(xml, KIND_BY_FOLDER[folder], this.version, this.problems) ? xml : undefined;
    this.definitions.set(key, definition);
    return definition;
  }

  private parseZone(file: XmlFile): FirewalldZone {
    const { root, name } = file;
    const target = findByWord(ZONE_TARGETS, root.attributes['target'] ?? '');
    if (!target)
      this.problems.push(createBrokenProblem(root.line, `a zone has no target ${root.attributes['target']!}.`));
    const interfaces = root.children
      .filter((item) => item.name === 'interface')
      .flatMap(({ attributes }) => attributes['name'] ?? []);
    if (isAtLeast(this.version, '2.3')) this.checkSources(file);
    // Before 1.0 packets that a zone doesn't decide go on to the policies behind all zones.
    const isLeftToPolicies = target === 'default' && !isAtLeast(this.version, '1.0');
    const isUnended = isLeftToPolicies || (root.attributes['target'] === 'default' && isAtLeast(this.version, '2.0'));
    return {
      name,
      file,
      target: isUnended ? 'unended' : (target ?? 'default'),
      items: root.children,
      priorities: {
        ingress: this.readPriority(file, 'ingress-priority', '0'),
        egress: this.readPriority(file, 'egress-priority', '0'),
      },
      interfaces: [...new Set(interfaces)],
      // firewalld ignores all other sources with a warning.
      sources: root.children
        .filter((item) => item.name === 'source' && isSource(item))
        .map(({ attributes: { address, ipset } }) => address ?? `ipset:${ipset}`)
        .filter((item, index, sources) => sources.indexOf(item) === index),
      forwards: root.children.some((item) => item.name === 'forward'),
      inverted: root.children.some((item) => item.name === 'icmp-block-inversion'),
    };
  }

  private parsePolicy(file: XmlFile): ParsedFirewalldPolicy {
    const { root, name } = file;
    const target = findByWord(POLICY_TARGETS, root.attributes['target']!);
    const priority = this.readPriority(file, 'priority', '-1');
    const report = (message: string): number => this.problems.push(createBrokenProblem(root.line, message));
    if (!target) report(`a policy has no target ${root.attributes['target']!}.`);
    // 0 is the zone's own place.
    if (priority === 0 && isAtLeast(this.version, '2.0')) report('0 is no priority of a policy.');
    if (this.zoneNames.has(name)) report('a zone is called so, too.');
    const listNames = (element: string): readonly string[] =>
      root.children.filter((item) => item.name === element).map(({ attributes }) => attributes['name']!);
    const [from, to] = [listNames('ingress-zone'), listNames('egress-zone')];
    for (const zoneNames of [from, to]) {
      for (const item of zoneNames)
        if (item !== 'ANY' && item !== 'HOST' && !this.zoneNames.has(item))
          this.problems.push(createMissingProblem('zones', item, root.line));
      if (zoneNames.length > 1 && (zoneNames.includes('ANY') || zoneNames.includes('HOST')))
        report('ANY and HOST stand alone.');
    }
    if (from.includes('HOST') && to.includes('HOST')) report('HOST is on both sides.');
    const isDisabled = root.children.some((item) => item.name === 'disable');
    return { name, file, target: target ?? 'continue', priority, isDisabled, items: root.children, from, to };
  }

  private readPriority(file: XmlFile, name: string, defaultText: string): number {
    const text = file.root.attributes[name] ?? defaultText;
    const priority = parsePriority(text);
    if (priority === undefined) this.problems.push(createBrokenProblem(file.root.line, `${text} is no priority.`));
    // NaN equals no other priority.
    return priority ?? Number.NaN;
  }

  /** Reports sources that earlier versions ignore with a warning. */
  private checkSources(file: XmlFile): void {
    for (const source of file.root.children.filter(({ name }) => name === 'source'))
      if (!isSource(source)) this.problems.push(createBrokenProblem(source.line, 'a zone has no such source.'));
  }

  hasHelper = (name: string): boolean => this.files.in.helpers.has(name);

  /** Returns the administrator's files. firewalld loads all of them. */
  listAdminFiles(folder: keyof typeof KIND_BY_FOLDER): readonly XmlFile[] {
    const adminFiles = [...this.files.in[folder].values()].filter(({ isStock }) => !isStock);
    return adminFiles.flatMap(({ name, line }) => this.findDefinition(folder, name, line) ?? []);
  }

  private checkNames(): void {
    for (const [folder, files] of Object.entries(this.files.in))
      for (const { name, line } of files.values())
        if (folder !== 'helpers' && !NAME_FORMS[folder === 'ipsets' ? folder : 'others'].test(name))
          this.problems.push(createBrokenProblem(line, `${name} is no name that firewalld takes.`));
    for (const file of this.files.in.helpers.values()) if (!file.isStock) parseXmlFile(file, this.problems);
    for (const { file, interfaces } of this.zones)
      for (const interfaceName of interfaces)
        if (!/^[^\s/!*]{1,15}$/.test(interfaceName))
          this.problems.push(createBrokenProblem(file.line, `${interfaceName || 'an empty one'} is no interface.`));
  }

  private checkSharedBindings(): void {
    for (const kind of ['interfaces', 'sources'] as const) {
      const zoneByBinding = new Map<string, FirewalldZone>();
      for (const zone of this.zones)
        for (const binding of zone[kind]) {
          const otherZone = zoneByBinding.get(binding);
          if (otherZone)
            this.problems.push(createBrokenProblem(zone.file.line, `${binding} is in zone ${otherZone.name}, too.`));
          zoneByBinding.set(binding, zone);
        }
    }
  }
}

const findByWord = <T>(words: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(words, word) ? words[word] : undefined;
const isSource = ({ attributes: { address, ipset, invert } }: FirewalldElement): boolean =>
  invert === undefined && (address === undefined) !== (ipset === undefined);
const createMissingProblem = (folder: string, name: string, line: number): Problem =>
  createBrokenProblem(line, `${folder}/${name}.xml is not there.`);

/** Returns the line where direct.xml has rules or can't be parsed. Returns undefined if it has none. */
export function findDirectRules(file: ConfigFile | undefined): number | undefined {
  const problems: Problem[] = [];
  const xml = file && parseXmlFile(file, problems);
  if (problems.length > 0) return file?.line;
  return xml?.root.children[0]?.line;
}
