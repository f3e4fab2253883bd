import { prefixRange, familyOf } from '../../../net/address';
import { groupBy } from '../../../net/group-by';
import { Range, compared, joined } from '../../../net/range';
import { GatewayPolicy, Openings, VirtualIp } from '../../../policy/policy';
import { Problem, refuseIfAny } from '../../../problems/problem';
import { openingsKey } from '../../../generate/openings';
import { Part, partsOf, peersKey } from '../../../generate/parts';
import { isOnGateway, pairsUp } from '../../../generate/refuse';
import { refusedParts } from '../../../generate/refuse-parts';
import { capabilities } from '../capabilities';
import { Aliases } from './aliases';
import { Box } from './box';
import { checkBox, checkInTheWay, interfacesOf } from './in-the-way';
import { Entries, Rule, Where } from './model';
import { Names } from './names';
import { Translated, oneToOnes } from './one-to-ones';
import { Open, OpeningRules } from './openings';
import { checkOverlaps } from './overlaps';
import { reflections } from './reflection';
import { checkOwnAddresses, checkVirtualIp } from './refuse';
import { virtualIpEntries } from './virtual-ips';

/**
 * Throws Refusal with every wish that pfSense, or this box, can't meet; `found` is what is known already. The order of mappings in the policy
 * changes nothing.
 */
export function lower(policy: GatewayPolicy, box: Box, captured: boolean, found: Problem[]): Entries {
  checkBox(policy, box, found);
  const interfaces = interfacesOf(policy, box, found);
  const keyOf = (name: string): string => interfaces.get(name)?.key ?? name;
  for (const vip of policy.virtualIps) checkVirtualIp(vip, policy, found);
  const mappings = policy.mappings.filter((mapping) => pairsUp(mapping, capabilities.gateway));
  // A disabled mapping stays as a disabled entry, cut as it would be.
  const parts = mappings.flatMap((mapping) =>
    partsOf(mapping.enabled ? mapping : { ...mapping, enabled: true }).map((part) => ({ ...part, mapping })),
  );
  const active = parts.filter(({ mapping }) => mapping.enabled);
  checkOwnAddresses(parts, policy, found);
  found.push(...refusedParts(policy, active, capabilities));
  if (captured) checkInTheWay(policy, active, box, keyOf, found);
  const reflected = reflections(policy, box, captured, (name) => interfaces.get(name), found);
  checkOverlaps(active, reflected.sourcesChange, found);

  const names = new Names(policy.owner, box.taken);
  const aliases = new Aliases(names);
  const openings = new OpeningRules(names, aliases, found);
  const everywhere = box.interfaces.filter(({ enabled }) => enabled).map(({ key }) => key);
  const floating = floatingRules(policy, everywhere, openings, aliases, keyOf);
  const filtered = outsideRules(policy, active, openings, aliases, keyOf);
  refuseIfAny(found);
  return {
    owner: policy.owner,
    virtualIps: sortedVips(policy.virtualIps).flatMap((vip) => virtualIpEntries(vip, keyOf(vip.interface), names)),
    oneToOnes: oneToOnes(numbered(parts, keyOf, reflected.of), names, aliases),
    rules: [...floating, ...filtered],
    aliases: aliases.all,
    helper: reflected.needsHelper,
  };
}

const sortedVips = (vips: readonly VirtualIp[]): readonly VirtualIp[] =>
  [...vips].sort((a, b) => compared(a.outside.first, b.outside.first) || compared(a.name, b.name));

function numbered(
  parts: readonly Part[],
  keyOf: (name: string) => string,
  reflection: (mapping: Part['mapping']) => Translated['reflection'],
): readonly Translated[] {
  const counts = new Map<Part['mapping'], number>();
  for (const { mapping } of parts) counts.set(mapping, (counts.get(mapping) ?? 0) + 1);
  const seen = new Map<Part['mapping'], number>();
  return parts.map((part) => {
    const { mapping } = part;
    const number = (seen.get(mapping) ?? 0) + 1;
    seen.set(mapping, number);
    return {
      part,
      key: keyOf(mapping.interface),
      number: counts.get(mapping) === 1 ? undefined : number,
      reflection: reflection(mapping),
    };
  });
}

/** What the box itself answers on virtual IPs, then a drop of all that reaches one, or a mapped address, untranslated. */
function floatingRules(
  policy: GatewayPolicy,
  all: readonly string[],
  openings: OpeningRules,
  aliases: Aliases,
  keyOf: (name: string) => string,
): readonly Rule[] {
  const several = policy.interfaces.filter(({ role }) => role === 'outside').length > 1;
  // On each interface by name: on `any` it would hold for what the box says to itself, too.
  const everywhere: Where = { is: 'floating', key: all.join(',') };
  const groups = grouped(
    policy.virtualIps.filter((vip) => isOnGateway(vip) && vip.answers.entries.length > 0),
    ({ answers, interface: on }) => [several ? keyOf(on) : '', openingsKey(answers)],
  );
  const answers = groups.flatMap((vips) => {
    const answering = nameFirst(vips.map((vip) => vip.answers));
    const open: Omit<Open, 'on'> = {
      openings: answering,
      peers: { is: 'anywhere' },
      destination: {
        is: 'alias',
        name: aliases.own(`${answering.name}_answers`, rangesOf(vips.map(({ outside }) => outside))),
      },
    };
    // On its own interface the box adds the way back, and by several ways out the answer could leave by another.
    const ways: readonly Where[] = several
      ? [{ is: 'floating', key: keyOf(vips[0]!.interface) }, everywhere]
      : [everywhere];
    return ways.flatMap((on) => openings.of({ ...open, on }));
  });
  const publics = rangesOf([...policy.virtualIps, ...policy.mappings].map(({ outside }) => outside));
  if (publics.length === 0) return answers;
  const ours = { is: 'alias', name: aliases.own('public', publics) } as const;
  return [...answers, openings.drop(everywhere, 'untranslated', ours, 'not translated')];
}

/** On outside interfaces: what is opened to mapped hosts, by their inside addresses, then nothing else to them. */
function outsideRules(
  policy: GatewayPolicy,
  parts: readonly Part[],
  openings: OpeningRules,
  aliases: Aliases,
  keyOf: (name: string) => string,
): readonly Rule[] {
  const inside = rangesOf(policy.mappings.map((mapping) => mapping.inside));
  if (inside.length === 0) return [];
  const outside = new Set(policy.interfaces.filter(({ role }) => role === 'outside').map(({ name }) => keyOf(name)));
  for (const { mapping } of parts) outside.add(keyOf(mapping.interface));
  const opening = parts.filter(({ mapping }) => mapping.openings.entries.length > 0);
  const groups = grouped(opening, ({ mapping, peers }) => [
    keyOf(mapping.interface),
    openingsKey(mapping.openings),
    peersKey(peers),
  ]);
  return [...outside].flatMap((key) => {
    const on: Where = { is: 'interface', key };
    const here = groups.filter(([first]) => keyOf(first!.mapping.interface) === key);
    const opened = here.flatMap((group) => {
      const named = nameFirst(group.map(({ mapping }) => mapping.openings));
      const hosts = aliases.own(`${named.name}_hosts`, rangesOf(group.map((part) => part.inside)));
      return openings.of({ on, openings: named, peers: group[0]!.peers, destination: { is: 'alias', name: hosts } });
    });
    const all = { is: 'alias', name: aliases.own('inside', inside) } as const;
    return [...opened, openings.drop(on, 'nothing-else', all, 'nothing else to mapped hosts')];
  });
}

/** Equal ones together, in an order that doesn't depend on theirs. */
const grouped = <T>(all: readonly T[], keysOf: (one: T) => readonly string[]): readonly (readonly T[])[] =>
  [...groupBy(all, (one) => keysOf(one).join('\n'))].sort(([a], [b]) => compared(a, b)).map(([, group]) => group);

const nameFirst = (all: readonly Openings[]): Openings =>
  all.reduce((first, one) => (one.name < first.name ? one : first));

const rangesOf = (prefixes: readonly { readonly first: bigint; readonly length: number }[]): readonly Range[] =>
  joined(
    (prefixes as readonly VirtualIp['outside'][]).filter(({ first }) => familyOf(first) === 'ip').map(prefixRange),
  );
