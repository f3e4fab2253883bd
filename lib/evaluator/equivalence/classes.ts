import { Device } from '../../net/device';
import { point } from '../../net/range';
import { Surroundings } from '../surroundings';
import { Condition, End, everyChain, LoweredRuleset, Members } from '../model';
import { PacketSets } from './packet-sets';
import { doesNothing, Named, NamedRules } from './naming';
import { isAlone, HostClass, Occurrences } from './occurrences';
import { singledOut } from './singled-out';

/**
 * Hosts that no rule can tell apart: their addresses are in the same sets, under the same verdicts, between the same boundaries, what
 * maps make of them is alike, too, and so are the rules that name one of them. Only IPv4 addresses that stand alone are looked at; every other
 * address in the text and among the device's facts is a boundary. None where a translation keeps host bits, since it would tell them apart.
 */
export function classesOf(ruleset: LoweredRuleset, device: Device): readonly HostClass[] {
  const occurrences = new Occurrences();
  if (!visit(ruleset, occurrences)) return [];
  for (const address of device.localAddresses) occurrences.element(point(address), occurrences.note('local'));
  for (const range of new Surroundings(withoutSingles(device, occurrences)).boundaries()) occurrences.boundary(range);
  return occurrences.classes();
}

/** What is left of the facts once the addresses are noted that they single out. */
function withoutSingles({ supposed, ...device }: Device, occurrences: Occurrences): Device {
  if (!supposed) return { ...device, localAddresses: [] };
  const { ranges, holes, points } = singledOut(supposed.local);
  for (const one of points) occurrences.element(point(one), occurrences.note('supposed to be local'));
  for (const one of holes) occurrences.element(point(one), occurrences.note("supposed to be another's"));
  return { ...device, localAddresses: [], supposed: { ...supposed, local: ranges } };
}

/** Notes every place of every address. False where the text can't be reduced. */
function visit(ruleset: LoweredRuleset, occurrences: Occurrences): boolean {
  let count = 0;
  const sets = new Set<Members>();
  const packetSets = new PacketSets(occurrences);
  const chains = everyChain([...ruleset.bases, ...(ruleset.answering ?? [])]);
  const naming = new NamedRules(ruleset, chains, occurrences);
  for (const chain of chains) {
    naming.enter();
    for (const rule of chain.rules) {
      const { conditions, end, line } = rule;
      if (doesNothing(rule)) continue;
      const named = naming.next(rule);
      for (const condition of conditions) {
        if (condition.is === 'packets') packetSets.note(condition);
        else if (condition !== named?.condition) noteCondition(condition, sets, occurrences);
      }
      if (named) occurrences.named(named.at, named.note, named.axis === 'source' ? -line : line);
      if (end && !(named?.leadsTo ? link(named, occurrences) : noteEnd(end, count++, occurrences))) return false;
    }
  }
  return true;
}

function noteCondition(condition: Condition, sets: Set<Members>, occurrences: Occurrences): void {
  if (condition.is !== 'member' || sets.has(condition.members)) return;
  sets.add(condition.members);
  const alone = condition.fields.length === 1;
  const [lasting, passing] = ['', ' fleeting'].map((how) => occurrences.note(`set ${sets.size}${how}`));
  for (const { values, fleeting } of condition.members.tuples)
    for (const value of values) occurrences.value(value, alone, fleeting ? passing! : lasting!);
}

function link({ address, leadsTo, note }: Named, occurrences: Occurrences): boolean {
  occurrences.link(address, leadsTo!, note, occurrences.note(`target of ${note}`));
  return true;
}

/** `count`: of the rule that it ends, so that two alike aren't taken for one. */
function noteEnd(end: End, count: number, occurrences: Occurrences): boolean {
  switch (end.is) {
    case 'verdict':
    case 'masquerade':
    case 'redirect':
    case 'opaque':
      return true;
    case 'one of':
      for (const range of end.among ?? []) occurrences.boundary(range);
      return true;
    case 'choose': {
      const name = `choice ${count}`;
      for (const { values, fleeting, verdict } of end.choices) {
        const note = occurrences.note(`${name} ${occurrences.decision(verdict)}${fleeting ? ' fleeting' : ''}`);
        for (const value of values) occurrences.value(value, end.fields.length === 1, note);
      }
      return true;
    }
    case 'translate':
      if (end.to.addresses && end.to.addresses.first !== end.to.addresses.last) return false;
      if (end.to.addresses) occurrences.boundary(end.to.addresses);
      return true;
    case 'look up':
      return noteMap(end, count, occurrences);
    default:
      return end satisfies never;
  }
}

/** A map from the address that it rewrites; any other one tells addresses apart by what nobody here follows. */
function noteMap({ fields, entries, kind }: End & { is: 'look up' }, count: number, occurrences: Occurrences): boolean {
  const name = `map ${count}`;
  const target = occurrences.note(`target of ${name}`);
  const looksAt = fields.length === 1 ? fields[0]!.looksAt : undefined;
  const own = looksAt?.is === 'address' && looksAt.axis === (kind === 'dnat' ? 'destination' : 'source');
  for (const { values, fleeting, to } of entries) {
    if (!to.addresses || to.addresses.first !== to.addresses.last) return false;
    const [value] = values;
    if (own && value?.is === 'addresses' && isAlone(value.range) && isAlone(to.addresses)) {
      const key = occurrences.note(
        `${name}${to.ports ? ` ${to.ports.first}-${to.ports.last}` : ''}${fleeting ? ' fleeting' : ''}`,
      );
      occurrences.link(value.range, to.addresses, key, target);
    } else {
      for (const each of values) occurrences.value(each, false, target);
      occurrences.boundary(to.addresses);
    }
  }
  return true;
}
