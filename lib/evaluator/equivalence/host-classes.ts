// Computes equivalence classes of hosts: the evaluator computes one host of a class and expands the result to the
// others. In: a ruleset model and a device. Out: classes, for the reduced ruleset (reduce-ruleset.ts) and the expanded
// maps (expansion.ts). The result must equal an evaluation of every host.
import { Device } from '../../net/device';
import { toSingleRange } from '../../net/range';
import { RoutingTable } from '../routing-table';
import { Condition, RuleAction, listChains, LoweredRuleset, Members } from '../ruleset-model';
import { PacketSetOccurrences } from './packet-set-occurrences';
import { doesNothing, NamedRule, NamedRules } from './named-rules';
import { isSingleIpv4, HostClass, Occurrences } from './occurrences';
import { splitAddresses } from './split-addresses';

/**
 * Returns the classes of hosts that no rule can tell apart. Their addresses are in the same sets, under the same
 * verdicts, between the same boundaries. Their maps are alike, too, and so are the rules that name one of them. Only
 * IPv4 addresses that stand alone are looked at. Every other address in the text and among the device's facts is a
 * boundary. There are no classes if a translation keeps host bits, since it would tell hosts apart.
 */
export function findHostClasses(ruleset: LoweredRuleset, device: Device): readonly HostClass[] {
  const occurrences = new Occurrences();
  if (!collectOccurrences(ruleset, occurrences)) return [];
  for (const address of device.localAddresses)
    occurrences.addElement(toSingleRange(address), occurrences.getNote('local'));
  for (const range of new RoutingTable(removeSingleAddresses(device, occurrences)).listBoundaries())
    occurrences.addBoundary(range);
  return occurrences.buildClasses();
}

/** Notes the addresses that the facts single out, and returns the facts without them. */
function removeSingleAddresses({ assumption, ...device }: Device, occurrences: Occurrences): Device {
  if (!assumption) return { ...device, localAddresses: [] };
  const { ranges, holes, points } = splitAddresses(assumption.local);
  for (const address of points)
    occurrences.addElement(toSingleRange(address), occurrences.getNote('supposed to be local'));
  for (const address of holes)
    occurrences.addElement(toSingleRange(address), occurrences.getNote("supposed to be another's"));
  return { ...device, localAddresses: [], assumption: { ...assumption, local: ranges } };
}

/** Notes every place of every address. Returns false if the text can't be reduced. */
function collectOccurrences(ruleset: LoweredRuleset, occurrences: Occurrences): boolean {
  let count = 0;
  const notedMembers = new Set<Members>();
  const packetSets = new PacketSetOccurrences(occurrences);
  const chains = listChains([...ruleset.baseChains, ...(ruleset.replyChains ?? [])]);
  const naming = new NamedRules(ruleset, chains, occurrences);
  for (const chain of chains) {
    naming.startChain();
    for (const rule of chain.rules) {
      const { conditions, action, line } = rule;
      if (doesNothing(rule)) continue;
      const named = naming.noteRule(rule);
      for (const condition of conditions) {
        if (condition.is === 'packets') packetSets.note(condition);
        else if (condition !== named?.condition) noteCondition(condition, notedMembers, occurrences);
      }
      if (named) occurrences.addNamedRule(named.at, named.note, named.axis === 'source' ? -line : line);
      if (action && !(named?.translatedTo ? linkAddresses(named, occurrences) : noteEnd(action, count++, occurrences)))
        return false;
    }
  }
  return true;
}

function noteCondition(condition: Condition, notedMembers: Set<Members>, occurrences: Occurrences): void {
  if (condition.is !== 'member' || notedMembers.has(condition.members)) return;
  notedMembers.add(condition.members);
  const isSingleField = condition.fields.length === 1;
  const [lastingNote, expiringNote] = ['', ' fleeting'].map((suffix) =>
    occurrences.getNote(`set ${notedMembers.size}${suffix}`),
  );
  for (const { values, expires } of condition.members.tuples)
    for (const value of values) occurrences.addValue(value, isSingleField, expires ? expiringNote! : lastingNote!);
}

function linkAddresses({ address, translatedTo, note }: NamedRule, occurrences: Occurrences): boolean {
  occurrences.addLink(address, translatedTo!, note, occurrences.getNote(`target of ${note}`));
  return true;
}

/**
 * Notes the addresses of an action. `count`: the number of its rule, so that two equal actions aren't taken for one.
 */
function noteEnd(end: RuleAction, count: number, occurrences: Occurrences): boolean {
  switch (end.is) {
    case 'verdict':
    case 'masquerade':
    case 'redirect':
    case 'opaque':
      return true;
    case 'one of':
      for (const range of end.pool ?? []) occurrences.addBoundary(range);
      return true;
    case 'choose': {
      const name = `choice ${count}`;
      for (const { values, expires, verdict } of end.choices) {
        const note = occurrences.getNote(
          `${name} ${occurrences.describeVerdict(verdict)}${expires ? ' fleeting' : ''}`,
        );
        for (const value of values) occurrences.addValue(value, end.fields.length === 1, note);
      }
      return true;
    }
    case 'translate':
      if (end.to.addresses && end.to.addresses.first !== end.to.addresses.last) return false;
      if (end.to.addresses) occurrences.addBoundary(end.to.addresses);
      return true;
    case 'look up':
      return noteMap(end, count, occurrences);
    default:
      return end satisfies never;
  }
}

/** Notes a map from the address that it rewrites. Any other map tells addresses apart in ways that are not followed. */
function noteMap(
  { fields, entries, kind }: RuleAction & { is: 'look up' },
  count: number,
  occurrences: Occurrences,
): boolean {
  const name = `map ${count}`;
  const target = occurrences.getNote(`target of ${name}`);
  const looksAt = fields.length === 1 ? fields[0]!.looksAt : undefined;
  const isRewrittenAxis = looksAt?.is === 'address' && looksAt.axis === (kind === 'dnat' ? 'destination' : 'source');
  for (const { values, expires, to } of entries) {
    if (!to.addresses || to.addresses.first !== to.addresses.last) return false;
    const [value] = values;
    if (isRewrittenAxis && value?.is === 'addresses' && isSingleIpv4(value.range) && isSingleIpv4(to.addresses)) {
      const key = occurrences.getNote(
        `${name}${to.ports ? ` ${to.ports.first}-${to.ports.last}` : ''}${expires ? ' fleeting' : ''}`,
      );
      occurrences.addLink(value.range, to.addresses, key, target);
    } else {
      for (const keyValue of values) occurrences.addValue(keyValue, false, target);
      occurrences.addBoundary(to.addresses);
    }
  }
  return true;
}
