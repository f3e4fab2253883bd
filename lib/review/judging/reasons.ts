import { printService } from '../../reachability/words';
import { familyOf, prefixRange, printAddress, printPrefix } from '../../net/address';
import { joinedNumbers } from '../../net/axes';
import { NumberRange, holdsNumber } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { ALL_PORTS, Packet } from '../../net/packet';
import { Range, contains, point } from '../../net/range';
import { GatewayPolicy, Mapping, Opening, Openings, Policy, ServerPolicy } from '../../policy/policy';
import { mappingsAt } from './mapping-index';
import { limited, sourceWords } from './words';

/** A packet, and the ports that change with it: a reason says what opens any of them to the same sources. */
export interface Asked {
  readonly packet: Packet;
  readonly ports: readonly NumberRange[];
}

/** A reader looks for the name of each port: all that a server has by presets are said. */
const MOST_WISHES = 40;

const among = (ranges: 'anywhere' | readonly Range[], address: bigint): boolean =>
  ranges === 'anywhere' || ranges.some((range) => contains(range, address));

/** The wish that lets a packet through, the ways back in before what is blocked. */
function openingFor(openings: Openings, packet: Packet): Opening | undefined {
  const fitting = standing(openings, packet).filter(({ ports }) => ports === 'all' || holdsNumber(ports, packet.port));
  return fitting.find(({ management }) => management) ?? fitting[0];
}

/** The wishes for a packet's protocol and sender, whatever its port: of one that is blocked, the ways back in. */
const standing = ({ entries, blocked }: Openings, { protocol, source }: Packet): readonly Opening[] => {
  const isBlocked = blocked.length > 0 && among(blocked, source);
  return entries.filter(
    (entry) => entry.protocol === protocol && among(entry.sources, source) && (entry.management || !isBlocked),
  );
};

/** `profile cpanel opens tcp 25,3306 from anywhere (smtp, mysql)`: all that the same sources may come to. */
function openingWords(
  openings: Openings,
  opening: Opening,
  { packet, ports }: Asked,
  by = `profile ${openings.name}`,
): string {
  const from = sourcesOf(opening, packet);
  const asked = [...ports, point(packet.port)];
  const wishes = standing(openings, packet)
    .filter((one) => sourcesOf(one, packet) === from)
    .map(({ ports: opened, because }) => ({
      because,
      ports: opened === 'all' ? [ALL_PORTS] : portsAmong(opened, asked),
    }))
    .filter((one) => one.ports.length > 0);
  const opened = joinedNumbers(wishes.flatMap((one) => one.ports));
  const service = printService([point(packet.protocol)], opened, [ALL_PORTS]);
  return `${by} opens ${service} from ${from} (${wishWords([...new Set(wishes.map((one) => one.because))])})`;
}

/** `management; web: http, https; mail: smtp, imaps`: each preset with those of its services. */
function wishWords(because: readonly string[]): string {
  const ofPreset = groupBy(limited(because, MOST_WISHES), (one) => /^([^:]+): /.exec(one)?.[1] ?? '');
  return [...ofPreset]
    .map(([preset, all]) =>
      (preset === '' ? all : [`${preset}: ${all.map((one) => one.slice(preset.length + 2)).join(', ')}`]).join(', '),
    )
    .join('; ');
}

function sourcesOf({ sources }: Opening, { source }: Packet): string {
  if (sources === 'anywhere') return 'anywhere';
  const family = familyOf(source);
  return sourceWords(
    sources.filter(({ first }) => familyOf(first) === family),
    family,
  );
}

const portsAmong = (ports: readonly NumberRange[], asked: readonly NumberRange[]): readonly NumberRange[] =>
  ports.flatMap(({ first, last }) =>
    asked
      .filter((one) => one.first <= last && first <= one.last)
      .map((one) => ({ first: Math.max(first, one.first), last: Math.min(last, one.last) })),
  );

/** Whether a mapping translates a packet that comes to its public side. */
function applies(mapping: Mapping, packet: Packet): boolean {
  if (!mapping.enabled || !among(mapping.peers, packet.source)) return false;
  const inside = mapping.inside.first + (packet.destination - mapping.outside.first);
  return !mapping.exclude.some(
    (one) => (one.inside === 'all' || among(one.inside, inside)) && among(one.peers, packet.source),
  );
}

/** Why a policy lets a packet through, or undefined where nothing in it does. */
export function whyOpen(policy: Policy, asked: Asked): string | undefined {
  return policy.kind === 'server' ? whyServerOpen(policy, asked) : whyGatewayOpen(policy, asked);
}

function whyGatewayOpen(policy: GatewayPolicy, asked: Asked): string | undefined {
  const { packet } = asked;
  for (const mapping of mappingsAt(policy, 'outside', point(packet.destination))) {
    const opening = applies(mapping, packet) && openingFor(mapping.openings, packet);
    if (opening) {
      // What a mapping opens itself is named after it, in words, which no profile's name is.
      const by = mapping.openings.name.includes(' ') ? `mapping ${mapping.name}` : `profile ${mapping.openings.name}`;
      return openingWords(mapping.openings, opening, asked, by);
    }
  }
  for (const { outside, answers, name } of policy.virtualIps) {
    const opening = contains(prefixRange(outside), packet.destination) && openingFor(answers, packet);
    if (opening) return `the gateway itself answers on virtual IP ${name}: ${openingWords(answers, opening, asked)}`;
  }
  const [sender] = mappingsAt(policy, 'inside', point(packet.source));
  return sender && sender.enabled
    ? `mapping ${sender.name} takes what ${printAddress(packet.source)} sends`
    : undefined;
}

function whyServerOpen(policy: ServerPolicy, asked: Asked): string | undefined {
  const { packet } = asked;
  if (policy.localAddresses.some((address) => address === packet.source)) return 'the server sends it itself';
  const opening = openingFor(policy.openings, packet);
  if (opening) return openingWords(policy.openings, opening, asked);
  if (policy.insideConnections === 'unmanaged' && among(policy.inside, packet.source))
    return 'connections of the inside are not ours to close';
  return packet.protocol === 58 || packet.protocol === 1 ? 'ICMP that the address family needs' : undefined;
}

/** Why a policy refuses what an earlier one let through. Undefined: it doesn't. */
export function whyClosed(before: Policy | undefined, after: Policy | undefined, asked: Asked): string | undefined {
  const { packet } = asked;
  if (after && whyOpen(after, asked) !== undefined) return undefined;
  const was = before && whyOpen(before, asked);
  if (after?.kind === 'gateway' && before?.kind === 'gateway') {
    const gone = mappingGone(before, after, packet);
    if (gone) return gone;
  }
  const blocking =
    after && openingsFor(after, packet).find(({ blocked }) => blocked.length > 0 && among(blocked, packet.source));
  if (blocking) return `blocked by profile ${blocking.name}`;
  if (!after) return 'the release is taken off the device';
  // Beside the rule that refuses it, "nothing opens it" would be read of rules; and others may be let in still.
  const whom = after && isForOthers(after, packet) ? 'these sources' : 'it';
  const refused = `no opening lets ${whom} in`;
  return was === undefined ? refused : `${refused} any more; before, ${was.replace(' opens ', ' opened ')}`;
}

/** Whether what refuses a packet lets another sender's of its kind in. */
const isForOthers = (policy: Policy, packet: Packet): boolean =>
  openingsFor(policy, packet).some(({ entries }) =>
    entries.some(
      ({ protocol, ports }) => protocol === packet.protocol && (ports === 'all' || holdsNumber(ports, packet.port)),
    ),
  );

const openingsFor = (policy: Policy, packet: Packet): readonly Openings[] =>
  policy.kind === 'server'
    ? [policy.openings]
    : mappingsAt(policy, 'outside', point(packet.destination))
        .filter((mapping) => applies(mapping, packet))
        .map(({ openings }) => openings);

function mappingGone(before: GatewayPolicy, after: GatewayPolicy, packet: Packet): string | undefined {
  const was = mappingsAt(before, 'outside', point(packet.destination)).find((mapping) => applies(mapping, packet));
  const now = mappingsAt(after, 'outside', point(packet.destination));
  if (!was || now.some((mapping) => applies(mapping, packet))) return undefined;
  const same = now.find(({ name }) => name === was.name) ?? now[0];
  if (!same) return `mapping ${was.name} is gone`;
  if (!same.enabled) return `mapping ${same.name} is disabled`;
  return among(same.peers, packet.source)
    ? `mapping ${same.name} excludes it`
    : `mapping ${same.name} is restricted to ${sourceWords(same.peers as readonly Range[], 'ip')}`;
}

/** Why a packet becomes something else than before: the mappings that take it, before and after. */
export function whyMoved(before: Policy | undefined, after: Policy | undefined, packet: Packet): string {
  const words = (policy: Policy | undefined): string => {
    if (policy?.kind === 'server') return ownPublicWords(policy, packet);
    const taking = policy && takenBy(policy, packet);
    return taking
      ? `mapping ${taking.name}, ${printPrefix(taking.outside)} = ${printPrefix(taking.inside)}`
      : 'nothing of ours';
  };
  const [was, will] = [words(before), words(after)];
  if (was !== will) return `before: ${was}; after: ${will}`;
  const modes = [before, after].map((policy) =>
    policy?.kind === 'gateway' ? takenBy(policy, packet)?.reflection.mode : undefined,
  );
  return modes[0] === modes[1] ? will : `${will}: hairpin ${modes[0]} before, ${modes[1]} after`;
}

function ownPublicWords({ ownPublic }: ServerPolicy, packet: Packet): string {
  const own = ownPublic.find((pair) => pair.public === packet.destination);
  return own
    ? `its own public address, ${printAddress(own.public)} = ${printAddress(own.local)}`
    : 'an address like any other';
}

function takenBy(policy: GatewayPolicy, packet: Packet): Mapping | undefined {
  const arriving = mappingsAt(policy, 'outside', point(packet.destination)).find((mapping) => applies(mapping, packet));
  return (
    arriving ??
    mappingsAt(policy, 'inside', point(packet.source)).find(
      ({ enabled, inboundOnly, peers }) => enabled && !inboundOnly && among(peers, packet.destination),
    )
  );
}
