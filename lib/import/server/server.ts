import { Exposure } from '../../reachability/exposure';
import { cutTo } from '../../reachability/print';
import { limited } from '../../reachability/words';
import { ServerIntent } from '../../intent/intent';
import { ServerParts } from '../../intent/server-parts';
import { Address, FAMILY_NAME, Family, printAddress, printPrefix, prefixRange } from '../../net/address';
import { Device, NetworkInterface, points, subnetsOf } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { covers } from '../../net/range';
import { Problem, Refusal, refuseIfAny } from '../../problems/problem';
import { Outside, outsideOf } from '../../verifier/outside';
import { proofProblems, prove, scopeOf } from '../../verifier/prove';
import { knownPlatforms, platforms } from '../../registry';
import { Changes, Known, changesBetween, outcomeOf } from '../changes';
import { ECHO } from '../kinds';
import { NothingMade } from '../nothing';
import { Doubts, doubtsBetween } from './doubts';
import { Noted, Sayable, ServerDraft, serverDraft } from './draft';
import { ServerPackets } from './packets';
import { PORTED } from '../written';

export interface ServerWish extends Pick<ServerIntent, 'owner' | 'platform' | 'version' | 'replaces'> {
  readonly device: string;
  /** By which operators come. */
  readonly sshPort: number;
}

/** A server's running rules, whoever wrote them: what they expose on a device. Throws Refusal as their reader does. */
type Running = (device: Device) => Exposure;

/** What runs on a server as an intent, and the proof of what stays and what changes. */
export interface ImportedServer extends ServerDraft {
  readonly server: Omit<ServerIntent, 'device'> & { readonly device: string };
  readonly changes: Changes;
  /** Why synthesis would refuse it as it is. */
  readonly refused: readonly Problem[];
  /** What the internet reaches by it. */
  readonly outside: Outside;
}

/** Throws Refusal where its rules can't be read, or where no profile says what they let in. */
export function importedServer(
  running: Running,
  interfaces: readonly NetworkInterface[],
  wish: ServerWish,
): ImportedServer {
  const { sshPort, ...common } = wish;
  const localAddresses = interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  if (localAddresses.length === 0) throw new Refusal([noAddresses]);
  // To a server everybody is outside, as its intent has it.
  const device: Device = {
    interfaces: interfaces.map((one) => ({ ...one, role: 'outside' })),
    localAddresses,
    forwarding: false,
  };
  const before = running(device);
  const own = new ServerPackets(device);
  const { draft, server, proof } = asSayable(wish.platform, (sayable) => {
    const draft = drafted(before, running, device, own, { device: wish.device, sshPort }, sayable);
    const server: ImportedServer['server'] = {
      ...common,
      interfaces: interfaces.map(interfaceOf),
      inside: draft.inside,
    };
    const parts = new ServerParts(`server ${wish.device}`, server, knownPlatforms);
    parts.addProfile(`profile ${wish.device}`, draft.profile);
    const { policy, problems } = parts.finish();
    refuseIfAny(problems);
    return { draft, server, proof: prove(policy!) };
  });
  // What is sent through a server is nobody's who has one; nor is a family that it doesn't speak.
  const [scope, spoken] = [
    scopeOf(proof.expected),
    PacketMap.first(own.families.map((family) => PacketMap.set({ family }))),
  ];
  const within = (packets: PacketSet): readonly [Known, Known] =>
    [before, proof.reading.exposure].map(({ views }): Known => ({
      // Who is behind each to whoever reads what changes.
      device: { ...proof.device, interfaces },
      exposure: {
        views: views.map((view) =>
          cutTo(view, scope(view.vantage).within(view.vantage.kind === 'interface' ? packets : spoken)),
        ),
      },
    })) as [Known, Known];
  // What differs for those alone who are never at the other end is no difference.
  const real = changesBetween(...within(spoken.apartFrom(own.nobodys)));
  const isUnchanged = outcomeOf(real) === 'unchanged';
  const [was, will] = within(spoken);
  const doubts = isUnchanged ? NO_DOUBTS : doubtsBetween(was.exposure, will.exposure);
  return {
    ...draft,
    left: [...draft.left, ...doubts.closed],
    widened: [...draft.widened, ...doubts.opened],
    server,
    changes: isUnchanged ? real : changesBetween(was, will, own.unheard),
    refused: proofProblems(proof),
    outside: outsideOf({ own: [proof] }),
  };
}

/** Throws Refusal where no profile says what is let in. */
function drafted(
  before: Exposure,
  running: Running,
  device: Device,
  own: ServerPackets,
  { device: name, sshPort }: Pick<ServerWish, 'device' | 'sshPort'>,
  sayable: Sayable,
): ServerDraft {
  const draft = serverDraft(name, before, own, sshPort, sayable);
  if ('everything' in draft) throw new Refusal([everythingOpen(draft.everything, own.families)]);
  if (draft.profile.management.from.length === 0) {
    const led = own.ledAway(running({ ...device, forwarding: true }), sshPort);
    throw new Refusal([noWayIn(sshPort, device.interfaces, reasonsAt(sshPort, before, own), led)]);
  }
  if (draft.profile.services.length === 0) throw new NothingMade([NOTHING_OPEN], notedWords(draft.left));
  if (draft.profile.outbound?.length === 0) throw new NothingMade([NOTHING_SENT], notedWords(draft.left));
  return draft;
}

/** Who has everything has protocols that nobody uses, and that some platforms have no words for: less and less of them, until it takes them. */
const SAID: readonly Sayable['protocol'][] = [
  () => true,
  (protocol) => protocol !== PROTOCOL.udplite,
  (protocol) => isCommon(protocol) || PORTED[protocol] === undefined,
  (protocol) => isCommon(protocol) || ECHO[protocol] !== undefined,
];
const isCommon = (protocol: number): boolean => protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp;

function asSayable<T>(platform: string, make: (sayable: Sayable) => T, protocols = SAID, sourcePorts = true): T {
  try {
    const leaves = platforms[platform as keyof typeof platforms]?.capabilities.excess.leaves ?? 'all';
    return make({ platform, protocol: protocols[0]!, sourcePorts, leaves });
  } catch (error) {
    const isSaid = (pattern: RegExp): boolean =>
      error instanceof Refusal && error.problems.some(({ code }) => pattern.test(code));
    const less = isSaid(OF_PROTOCOL) ? protocols.slice(1) : protocols;
    const keptPorts = sourcePorts && !isSaid(OF_SOURCE_PORTS);
    if (less.length === 0 || (less === protocols && keptPorts === sourcePorts)) throw error;
    return asSayable(platform, make, less, keptPorts);
  }
}

const OF_PROTOCOL = /\/(ports-of-)?protocol$/;
const OF_SOURCE_PORTS = /\/source-ports$/;

function interfaceOf(one: NetworkInterface): NonNullable<ServerIntent['interfaces']>[number] {
  // What `ip` prints of the networks of its addresses says nothing more.
  const routes = one.routes.filter((route) => !subnetsOf(one).some((network) => covers(network, prefixRange(route))));
  return {
    name: one.name,
    addresses: one.addresses.map(({ address, length }) => `${printAddress(address)}/${length}`),
    ...(routes.length === 0 ? {} : { routes: routes.map(printPrefix) }),
  };
}

const NO_DOUBTS: Doubts = { opened: [], closed: [] };

const WHERE = 'the running rules';

export const noAddresses: Problem = {
  code: 'import/no-addresses',
  where: WHERE,
  what: 'Nothing says which addresses the server has, so nothing can be proven of it.',
  instead: 'behind the rules, or in a file of its own beside theirs, what "ip -o addr; ip -o route" print there.',
};

const BY_HAND = 'a profile written by hand: services: ["full-v112"] has every port that cPanel names.';

function everythingOpen(open: readonly Family[], spoken: readonly Family[]): Problem {
  const of = open.map((family) => FAMILY_NAME[family]).join(' and of ');
  const another = spoken.find((family) => !open.includes(family));
  return {
    code: 'import/everything-open',
    where: WHERE,
    what: `They let nearly everybody of ${of} in on everything: that is no profile.`,
    instead: another
      ? `where nobody meant that, the text without the addresses of ${of} that "ip" printed: the profile then opens on ${of} what ${FAMILY_NAME[another]} has open. Or ${BY_HAND}`
      : BY_HAND,
  };
}

/** Why nobody can say of some whether they come in by that port. */
const reasonsAt = (port: number, { views }: Exposure, { nobodys }: ServerPackets): readonly string[] => {
  const packets = PacketMap.set({ protocol: points(PROTOCOL.tcp), port: points(port) }).apartFrom(nobodys);
  const verdicts = views.flatMap(({ vantage, verdicts }) =>
    vantage.kind === 'interface' ? verdicts.within(packets).values : [],
  );
  return [...new Set(verdicts.flatMap((verdict) => (verdict.is === 'unknown' ? [verdict.because] : [])))];
};

const noWayIn = (
  port: number,
  interfaces: readonly NetworkInterface[],
  reasons: readonly string[],
  led: ReadonlyMap<Address, Address>,
): Problem => ({
  code: 'import/no-way-in',
  where: WHERE,
  what: [
    `Nobody is surely let in on port ${port}, by which operators would come, at every address by every interface (${interfaces.map(({ name }) => name).join(', ')}).`,
    ...(reasons.length === 0 ? [] : [`Of some nobody can say it: ${limited(reasons, MOST_REASONS).join('; ')}.`]),
    ...(led.size === 0 ? [] : [`${limited(ledIn(led), MOST_REASONS).join(', ')}, as a gateway does.`]),
  ].join(' '),
  instead: [
    ...(led.size === 0
      ? []
      : ["of a gateway constructs are made from pfSense's config.xml alone; exposure says what its rules let through"]),
    ...(reasons.length === 0
      ? []
      : ['the text without such a condition, or such a line, where it only says how often']),
    'the port where SSH listens: --ssh-port 2222',
    'or the text without the lines of "ip" about interfaces by which nobody comes.',
  ].join('; '),
});

const ledIn = (led: ReadonlyMap<Address, Address>): readonly string[] =>
  [...led].map(([address, to], at) => `${printAddress(address)} ${at === 0 ? 'is led ' : ''}to ${printAddress(to)}`);

const MOST_REASONS = 5;

const NOTHING_OPEN: Problem = {
  code: 'import/nothing-open',
  where: WHERE,
  what: 'They let nobody in but operators in a way that a profile has.',
  instead: 'a profile written by hand: it opens something.',
};

const notedWords = (left: readonly Noted[]): readonly string[] => left.map(({ packets, why }) => `${packets}: ${why}`);

const NOTHING_SENT: Problem = {
  code: 'import/nothing-sent',
  where: WHERE,
  what: 'They let the server open no connection that can be listed, and a profile lists at least one.',
  instead: "a profile written by hand, with outbound: ['licence', 'dns', 'https'] at least.",
};
