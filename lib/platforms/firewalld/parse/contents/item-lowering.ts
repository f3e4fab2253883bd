// Lowers the elements of firewalld's zones and policies (services, ports, rich rules, masquerade, forward ports) to
// rules of the ruleset model.

import { FAMILIES, Family, getFamily, parseAddress } from '../../../../net/address';
import { NumberRange } from '../../../../net/device';
import { PROTOCOL } from '../../../../net/packet';
import { toSingleRange } from '../../../../net/range';
import {
  Condition,
  RuleVerdict,
  RuleAction,
  LoweredRule,
  RuleSource,
  RulesetFacts,
} from '../../../../evaluator/ruleset-model';
import { negateCondition } from '../../../../evaluator/disjunction';
import {
  AddressSide,
  createAddressCondition,
  createInterfaceCondition,
  createFamilyCondition,
  matchesNonTcp,
  createIcmpConditions,
  createProtocolCondition,
  parsePortRange,
} from './match-conditions';
import { FirewalldConfiguration } from '../files/firewalld-configuration';
import { FirewalldElement } from '../files/firewalld-files';
import { createBrokenProblem, createUnexpectedProblem } from '../files/parse-problems';
import { RichRule, hasOddLimit, parseRichRule } from './rich-rule';
import { isRefusedLater } from './later-rich-rules';
import { createElementSource } from '../files/rule-sources';
import { ServiceLowering } from './service-lowering';
import { SetLowering, findSetName } from './set-lowering';
import { isAtLeast, hasFix } from '../files/firewalld-version';

/** A rule, and its place among the rules of its zone or policy. */
export interface PlacedFirewalldRule {
  readonly list: (typeof CHAIN_TYPES)[number];
  readonly part: 'pre' | 'deny' | 'allow' | 'post';
  readonly priority: number;
  readonly rule: LoweredRule;
  /** For a forwarded port: its number, and whether it is translated to another address. */
  readonly forwards?: { readonly from: NumberRange; readonly elsewhere: boolean };
}

type RulePlacement = Omit<PlacedFirewalldRule, 'rule'>;

const CHAIN_TYPES = ['filter', 'destinations', 'sources'] as const;
const DEFAULT_RULE = { priority: 0, source: undefined, destination: undefined, isLimited: false, isReset: false };
export const createVerdict = (is: 'accept' | 'drop'): RuleAction => ({
  is: 'verdict',
  verdict: { is } satisfies RuleVerdict,
});
const TCP_ONLY = createProtocolCondition(PROTOCOL.tcp);
const MASQUERADE: RuleAction = { is: 'masquerade', random: false };
const UNKNOWN_ADDRESS: Condition = { is: 'doubt', reason: 'it is no address', fields: [] };

/**
 * Lowers the elements of zones and policies to rules. Source: firewall/core/fw_policy.py and nftables.py of firewalld
 * 1.3.3.
 */
export class ItemLowering {
  private readonly services: ServiceLowering;
  readonly sets: SetLowering;

  constructor(
    private readonly configuration: FirewalldConfiguration,
    private readonly facts: RulesetFacts,
  ) {
    this.services = new ServiceLowering(configuration, facts);
    this.sets = new SetLowering(configuration);
  }

  lowerItem(element: FirewalldElement, inverted: boolean): readonly PlacedFirewalldRule[] {
    const source = createElementSource(element);
    if (element.name !== 'rule') {
      const action = element.name === 'icmp-block' && !inverted ? 'drop' : 'accept';
      return this.lowerRule(
        { ...DEFAULT_RULE, is: element, does: action, family: element.name === 'masquerade' ? 'ip' : undefined },
        source,
        false,
      );
    }
    const rule = this.parseLoadableRule(element);
    if (rule === 'refused') return [];
    if (rule !== 'ignored') return this.lowerRule(rule, source, true);
    // A rule that firewalld may ignore, or that isn't understood, may do anything.
    const unknown: RuleAction = {
      is: 'opaque',
      reason: `line ${source.line}: whether firewalld takes this rule is not known`,
    };
    return CHAIN_TYPES.flatMap((chainType) =>
      placeRules({ list: chainType, part: 'pre', priority: -Infinity }, source, [[]], unknown),
    );
  }

  /** Reports elements that firewalld can't load in a zone or policy that no packet reaches. */
  checkItems(items: readonly FirewalldElement[]): void {
    const { hasHelpers } = this.facts;
    for (const element of items)
      if (element.name === 'rule') this.checkRichRule(element);
      else this.lowerItem(element, false);
    this.facts.hasHelpers = hasHelpers;
  }

  /** Reports services, sets and ICMP types of the administrator that firewalld can't load, used or not. */
  checkAdminFiles(): void {
    for (const file of this.configuration.listAdminFiles('services')) this.services.checkService(file);
    for (const file of this.configuration.listAdminFiles('ipsets')) this.sets.parseEntries(file);
    this.configuration.listAdminFiles('icmptypes');
  }

  /** Returns the condition that a packet's source or destination is in an address, a network or a set. */
  createEndCondition(side: AddressSide, text: string, line: number, negated = false): Condition {
    const setName = findSetName(text);
    const condition =
      setName === undefined
        ? createAddressCondition(side, text, negated)
        : this.sets.createCondition(setName, side, line);
    if (!condition) this.configuration.problems.push(createUnexpectedProblem(line, `source ${text}`));
    return !condition ? UNKNOWN_ADDRESS : setName !== undefined && negated ? negateCondition(condition) : condition;
  }

  /**
   * Returns the conditions of an ICMP type, one list per family. `ruleFamily` is the family that the rule names: the
   * type must exist in it.
   */
  private lowerIcmpType(
    element: FirewalldElement,
    families: readonly Family[],
    ruleFamily?: Family,
  ): readonly (readonly Condition[])[] {
    const name = element.attributes['name']!;
    const report = (message: string): readonly Condition[] => {
      this.configuration.problems.push(createBrokenProblem(element.line, `${name} ${message}.`));
      return [];
    };
    const definition = this.configuration.findDefinition('icmptypes', name, element.line);
    const hasFamily = (family: Family): boolean =>
      definition?.root.children.some(
        (child) =>
          child.name === 'destination' &&
          /^(yes|true)$/i.test(child.attributes[family === 'ip' ? 'ipv4' : 'ipv6'] ?? ''),
      ) ?? true;
    const declaredFamilies = FAMILIES.filter(hasFamily);
    if (ruleFamily && declaredFamilies.length > 0 && !declaredFamilies.includes(ruleFamily))
      report('is no type of the family that the rule names');
    return families
      .filter((family) => declaredFamilies.length === 0 || declaredFamilies.includes(family))
      .map(
        (family) =>
          createIcmpConditions(family, name, this.configuration.version) ?? report('is no type of ICMP that is known'),
      );
  }

  private lowerForwardPort(
    element: FirewalldElement,
    placement: RulePlacement,
    source: RuleSource,
    endConditions: readonly Condition[],
  ): readonly PlacedFirewalldRule[] {
    const { 'to-port': port = '', 'to-addr': address = '' } = element.attributes;
    const to = address === '' ? undefined : parseAddress(address);
    const ports = port === '' ? undefined : parsePortRange(port);
    if ((address !== '' && to === undefined) || (port !== '' && !ports) || (address === '' && port === '')) {
      this.configuration.problems.push(
        createBrokenProblem(source.line, 'it forwards to neither a port nor an address that is known.'),
      );
      return [];
    }
    const family = to === undefined ? 'ip' : getFamily(to);
    const conditions = [
      ...(endConditions.length > 0 ? endConditions : [createFamilyCondition(family)]),
      ...this.services.lowerPorts(element),
    ];
    const end: RuleAction =
      to === undefined
        ? ports!.first === ports!.last
          ? { is: 'redirect', port: ports!.first }
          : { is: 'opaque', reason: `line ${source.line}: a redirect to several ports picks one` }
        : {
            is: 'translate',
            kind: 'dnat',
            random: false,
            to: { addresses: toSingleRange(to), family, prefix: false, ...(ports ? { ports } : {}) },
          };
    const from = parsePortRange(element.attributes['port'] ?? '');
    return placeRules(
      { ...placement, ...(from ? { forwards: { from, elsewhere: to !== undefined } } : {}) },
      source,
      [conditions],
      end,
    );
  }

  /** Parses a rich rule. From 2.3 on no rule is ignored; from 2.2 on none is ignored for its limit. */
  private parseLoadableRule(element: FirewalldElement): RichRule | 'ignored' | 'refused' {
    const { version } = this.configuration;
    const rule = parseRichRule(element);
    const isAccepted =
      rule === 'ignored'
        ? !isAtLeast(version, '2.3') && !(isAtLeast(version, '2.2') && hasOddLimit(element))
        : rule !== 'refused' && !(isAtLeast(version, '2.3') && isRefusedLater(element, rule));
    if (isAccepted) return rule;
    this.configuration.problems.push(createBrokenProblem(element.line, 'no rule has this form.'));
    return 'refused';
  }

  /** Reports a rich rule that firewalld can't load, by its form or by a missing name. No packet reaches the rule. */
  private checkRichRule(element: FirewalldElement): void {
    const { version } = this.configuration;
    const rule = this.parseLoadableRule(element);
    if (rule === 'ignored' || rule === 'refused') return;
    const { is, source, destination } = rule;
    const name = is?.attributes['name'] ?? '';
    const line = element.line;
    if (is?.name === 'icmp-type' || is?.name === 'icmp-block')
      this.configuration.findDefinition('icmptypes', name, line);
    else if (is?.name === 'service' && hasFix(version, '2.0.3', '2.1'))
      this.configuration.findDefinition('services', name, line);
    else if (isAtLeast(version, '2.3.1'))
      for (const setName of [source, destination].flatMap((address) => findSetName(address?.text) ?? []))
        this.configuration.findDefinition('ipsets', setName, line);
  }

  /**
   * Returns the family condition that 0.9 adds. It has a translation table for each family: a rule without a family is
   * in IPv4's table, and its addresses are IPv4's.
   */
  private createTableConditions({ family, source }: RichRule, line: number): readonly Condition[] {
    const { version, problems } = this.configuration;
    if (isAtLeast(version, '1.0')) return [];
    if (family !== 'ip6' && findSetName(source?.text) !== undefined)
      problems.push(createBrokenProblem(line, '0.9 masquerades for no set of sources.'));
    return family ? [] : [createFamilyCondition('ip')];
  }

  /** Lowers a rich rule, or a plain element, which is a rule without peers. */
  private lowerRule(rule: RichRule, source: RuleSource, byRule: boolean): readonly PlacedFirewalldRule[] {
    const { family, priority, does: action, is } = rule;
    const hasDestination = rule.destination !== undefined;
    const part = priority < 0 ? 'pre' : priority > 0 ? 'post' : action === 'drop' ? 'deny' : 'allow';
    const placement: RulePlacement = { list: 'filter', part, priority };
    this.sets.resolveFamily(rule.destination?.text, family, source.line);
    const setFamily = this.sets.resolveFamily(rule.source?.text, family, source.line);
    const families = setFamily ? [setFamily] : FAMILIES;
    const endConditions = [
      ...(family ? [createFamilyCondition(family)] : []),
      ...(rule.destination
        ? [this.createEndCondition('destination', rule.destination.text, source.line, rule.destination.inverted)]
        : []),
      ...(rule.source ? [this.createEndCondition('source', rule.source.text, source.line, rule.source.inverted)] : []),
    ];
    const limited: readonly Condition[] = rule.isLimited
      ? [{ is: 'doubt', reason: `line ${source.line}: its limit may be reached`, fields: [], newClient: true }]
      : [];
    const tail = [...limited, ...(rule.isReset ? [TCP_ONLY] : [])];
    const createRules = (alternatives: readonly (readonly Condition[])[]): readonly PlacedFirewalldRule[] => {
      if (rule.isReset && alternatives.some((conditions) => conditions.some(matchesNonTcp)))
        this.configuration.problems.push(createBrokenProblem(source.line, 'tcp-reset is asked for what is not TCP.'));
      // A rule that only marks packets accepts none.
      if (action === 'nothing') return [];
      return placeRules(
        placement,
        source,
        alternatives.map((conditions) => [...endConditions, ...conditions, ...tail]),
        createVerdict(action),
      );
    };
    switch (is?.name) {
      case undefined:
        return createRules([[]]);
      case 'service':
        return createRules(
          this.services.lowerService(is.attributes['name']!, source.line, families, {
            byRule,
            hasDestination,
            accepts: action === 'accept',
          }),
        );
      case 'port':
      case 'source-port':
      case 'protocol':
        return createRules([this.services.lowerPackets(is)]);
      case 'icmp-type':
      case 'icmp-block':
        return createRules(this.lowerIcmpType(is, families, setFamily));
      case 'masquerade':
        return placeRules(
          { ...placement, list: 'sources' },
          source,
          [[...this.createTableConditions(rule, source.line), ...endConditions, ...NOT_LOOPBACK]],
          MASQUERADE,
        );
      case 'forward-port':
        return this.lowerForwardPort(is, { ...placement, list: 'destinations' }, source, endConditions);
      default:
        return [];
    }
  }
}

const NOT_LOOPBACK: readonly Condition[] = [negateCondition(createInterfaceCondition('out', ['lo']))];

const placeRules = (
  placement: RulePlacement,
  source: RuleSource,
  alternatives: readonly (readonly Condition[])[],
  end: RuleAction,
): readonly PlacedFirewalldRule[] =>
  alternatives.map((conditions) => ({ ...placement, rule: { ...source, conditions, action: end } }));
