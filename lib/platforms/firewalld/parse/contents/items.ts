import { FAMILIES, Family, familyOf, parseAddress } from '../../../../net/address';
import { NumberRange } from '../../../../net/device';
import { PROTOCOL } from '../../../../net/packet';
import { point } from '../../../../net/range';
import { Condition, Decision, End, LoweredRule, Said, TextFacts } from '../../../../evaluator/model';
import { opposite } from '../../../../evaluator/disjunction';
import { Side, atAddress, byInterface, ofFamily, isOfOthers, ofIcmp, ofProtocol, portsOf } from './conditions';
import { Configuration } from '../files/configuration';
import { Element } from '../files/files';
import { broken, unexpected } from '../files/problems';
import { Rich, hasOddLimit, readRich } from './rich';
import { isRefused } from './rich-later';
import { saidBy } from '../files/said';
import { Services } from './services';
import { Sets, setOf } from './sets';
import { atLeast, hasMended } from '../files/version';

/** A rule, and where it stands among those of its zone or policy. */
export interface Placed {
  readonly list: (typeof LISTS)[number];
  readonly part: 'pre' | 'deny' | 'allow' | 'post';
  readonly priority: number;
  readonly rule: LoweredRule;
  /** Of a forwarded port: which one, and whether to another address than its own. */
  readonly forwards?: { readonly from: NumberRange; readonly elsewhere: boolean };
}

type Place = Omit<Placed, 'rule'>;

const LISTS = ['filter', 'destinations', 'sources'] as const;
const OF_EVERYBODY = { priority: 0, source: undefined, destination: undefined, isLimited: false, isReset: false };
export const verdict = (is: 'accept' | 'drop'): End => ({ is: 'verdict', verdict: { is } satisfies Decision });
const TCP = ofProtocol(PROTOCOL.tcp);
const MASQUERADE: End = { is: 'masquerade', random: false };
const NOTHING_KNOWN: Condition = { is: 'doubt', because: 'it is no address', fields: [] };

/** What stands in a zone or a policy, as rules. Source: firewall/core/fw_policy.py and nftables.py of firewalld 1.3.3. */
export class Items {
  private readonly services: Services;
  readonly sets: Sets;

  constructor(
    private readonly configuration: Configuration,
    private readonly facts: TextFacts,
  ) {
    this.services = new Services(configuration, facts);
    this.sets = new Sets(configuration);
  }

  of(element: Element, inverted: boolean): readonly Placed[] {
    const said = saidBy(element);
    if (element.name !== 'rule') {
      const does = element.name === 'icmp-block' && !inverted ? 'drop' : 'accept';
      return this.asked(
        { ...OF_EVERYBODY, is: element, does, family: element.name === 'masquerade' ? 'ip' : undefined },
        said,
        false,
      );
    }
    const rule = this.formed(element);
    if (rule === 'refused') return [];
    if (rule !== 'ignored') return this.asked(rule, said, true);
    // One that firewalld may ignore, or that isn't understood, may do anything.
    const unknown: End = { is: 'opaque', because: `line ${said.line}: whether firewalld takes this rule is not known` };
    return LISTS.flatMap((list) => placed({ list, part: 'pre', priority: -Infinity }, said, [[]], unknown));
  }

  /** What firewalld doesn't load, in a zone or a policy that nothing leads to. */
  check(items: readonly Element[]): void {
    const { helpers } = this.facts;
    for (const one of items)
      if (one.name === 'rule') this.checkRich(one);
      else this.of(one, false);
    this.facts.helpers = helpers;
  }

  /** The same of services and sets that nobody asks. */
  checkOwn(): void {
    for (const file of this.configuration.own('services')) this.services.check(file);
    for (const file of this.configuration.own('ipsets')) this.sets.entries(file);
    this.configuration.own('icmptypes');
  }

  /** Whether packets come from, or go to, what a zone names as its own. */
  at(side: Side, text: string, line: number, negated = false): Condition {
    const set = setOf(text);
    const found = set === undefined ? atAddress(side, text, negated) : this.sets.holds(set, side, line);
    if (!found) this.configuration.problems.push(unexpected(line, `source ${text}`));
    return !found ? NOTHING_KNOWN : set !== undefined && negated ? opposite(found) : found;
  }

  /** `said`: the family that the rule itself names, which has to have the type. */
  private types(element: Element, families: readonly Family[], said?: Family): readonly (readonly Condition[])[] {
    const name = element.attributes['name']!;
    const wrong = (what: string): readonly Condition[] => {
      this.configuration.problems.push(broken(element.line, `${name} ${what}.`));
      return [];
    };
    const definition = this.configuration.definition('icmptypes', name, element.line);
    const has = (family: Family): boolean =>
      definition?.root.children.some(
        (one) =>
          one.name === 'destination' && /^(yes|true)$/i.test(one.attributes[family === 'ip' ? 'ipv4' : 'ipv6'] ?? ''),
      ) ?? true;
    const told = FAMILIES.filter(has);
    if (said && told.length > 0 && !told.includes(said)) wrong('is no type of the family that the rule names');
    return families
      .filter((family) => told.length === 0 || told.includes(family))
      .map((family) => ofIcmp(family, name, this.configuration.version) ?? wrong('is no type of ICMP that is known'));
  }

  private forwarded(element: Element, place: Place, said: Said, ends: readonly Condition[]): readonly Placed[] {
    const { 'to-port': port = '', 'to-addr': address = '' } = element.attributes;
    const to = address === '' ? undefined : parseAddress(address);
    const ports = port === '' ? undefined : portsOf(port);
    if ((address !== '' && to === undefined) || (port !== '' && !ports) || (address === '' && port === '')) {
      this.configuration.problems.push(
        broken(said.line, 'it forwards to neither a port nor an address that is known.'),
      );
      return [];
    }
    const family = to === undefined ? 'ip' : familyOf(to);
    const asked = [...(ends.length > 0 ? ends : [ofFamily(family)]), ...this.services.ports(element)];
    const end: End =
      to === undefined
        ? ports!.first === ports!.last
          ? { is: 'redirect', port: ports!.first }
          : { is: 'opaque', because: `line ${said.line}: a redirect to several ports picks one` }
        : {
            is: 'translate',
            kind: 'dnat',
            random: false,
            to: { addresses: point(to), family, prefix: false, ...(ports ? { ports } : {}) },
          };
    const from = portsOf(element.attributes['port'] ?? '');
    return placed(
      { ...place, ...(from ? { forwards: { from, elsewhere: to !== undefined } } : {}) },
      said,
      [asked],
      end,
    );
  }

  /** From 2.3 on none is ignored, and from 2.2 on none for its limit. */
  private formed(element: Element): Rich | 'ignored' | 'refused' {
    const { version } = this.configuration;
    const rule = readRich(element);
    const isTaken =
      rule === 'ignored'
        ? !atLeast(version, '2.3') && !(atLeast(version, '2.2') && hasOddLimit(element))
        : rule !== 'refused' && !(atLeast(version, '2.3') && isRefused(element, rule));
    if (isTaken) return rule;
    this.configuration.problems.push(broken(element.line, 'no rule has this form.'));
    return 'refused';
  }

  /** What firewalld doesn't load of a rule that nobody asks: its form, and what it names. */
  private checkRich(element: Element): void {
    const { version } = this.configuration;
    const rule = this.formed(element);
    if (rule === 'ignored' || rule === 'refused') return;
    const { is, source, destination } = rule;
    const name = is?.attributes['name'] ?? '';
    const line = element.line;
    if (is?.name === 'icmp-type' || is?.name === 'icmp-block') this.configuration.definition('icmptypes', name, line);
    else if (is?.name === 'service' && hasMended(version, '2.0.3', '2.1'))
      this.configuration.definition('services', name, line);
    else if (atLeast(version, '2.3.1'))
      for (const set of [source, destination].flatMap((one) => setOf(one?.text) ?? []))
        this.configuration.definition('ipsets', set, line);
  }

  /** In 0.9 each family has a table for what is translated: a rule that names none is in that of IPv4, and looks for an address there. */
  private ofTable({ family, source }: Rich, line: number): readonly Condition[] {
    const { version, problems } = this.configuration;
    if (atLeast(version, '1.0')) return [];
    if (family !== 'ip6' && setOf(source?.text) !== undefined)
      problems.push(broken(line, '0.9 masquerades for no set of sources.'));
    return family ? [] : [ofFamily('ip')];
  }

  /** What a rule does with which packets, or an element that stands alone, as one for everybody. */
  private asked(rule: Rich, said: Said, byRule: boolean): readonly Placed[] {
    const { family, priority, does, is } = rule;
    const hasDestination = rule.destination !== undefined;
    const part = priority < 0 ? 'pre' : priority > 0 ? 'post' : does === 'drop' ? 'deny' : 'allow';
    const place: Place = { list: 'filter', part, priority };
    this.sets.familyWith(rule.destination?.text, family, said.line);
    const only = this.sets.familyWith(rule.source?.text, family, said.line);
    const families = only ? [only] : FAMILIES;
    const ends = [
      ...(family ? [ofFamily(family)] : []),
      ...(rule.destination
        ? [this.at('destination', rule.destination.text, said.line, rule.destination.inverted)]
        : []),
      ...(rule.source ? [this.at('source', rule.source.text, said.line, rule.source.inverted)] : []),
    ];
    const limited: readonly Condition[] = rule.isLimited
      ? [{ is: 'doubt', because: `line ${said.line}: its limit may be reached`, fields: [] }]
      : [];
    const tail = [...limited, ...(rule.isReset ? [TCP] : [])];
    const doing = (ways: readonly (readonly Condition[])[]): readonly Placed[] => {
      if (rule.isReset && ways.some((way) => way.some(isOfOthers)))
        this.configuration.problems.push(broken(said.line, 'tcp-reset is asked for what is not TCP.'));
      // To mark a packet lets nobody in.
      if (does === 'nothing') return [];
      return placed(
        place,
        said,
        ways.map((way) => [...ends, ...way, ...tail]),
        verdict(does),
      );
    };
    switch (is?.name) {
      case undefined:
        return doing([[]]);
      case 'service':
        return doing(
          this.services.ways(is.attributes['name']!, said.line, families, {
            byRule,
            hasDestination,
            accepts: does === 'accept',
          }),
        );
      case 'port':
      case 'source-port':
      case 'protocol':
        return doing([this.services.packets(is)]);
      case 'icmp-type':
      case 'icmp-block':
        return doing(this.types(is, families, only));
      case 'masquerade':
        return placed(
          { ...place, list: 'sources' },
          said,
          [[...this.ofTable(rule, said.line), ...ends, ...AWAY]],
          MASQUERADE,
        );
      case 'forward-port':
        return this.forwarded(is, { ...place, list: 'destinations' }, said, ends);
      default:
        return [];
    }
  }
}

const AWAY: readonly Condition[] = [opposite(byInterface('out', ['lo']))];

const placed = (place: Place, said: Said, ways: readonly (readonly Condition[])[], end: End): readonly Placed[] =>
  ways.map((conditions) => ({ ...place, rule: { ...said, conditions, end } }));
