import { Exposure } from '../../reachability/exposure';
import { isOfEverything, rowsOf } from '../../reachability/rows';
import { ANY, printAddresses, printService } from '../../reachability/words';
import { LOCAL_PORTS_112 } from '../../intent/data/cpanel-ports-112';
import { CpanelFirewallProfileIntent, OutboundIntent, ServerIntent, Sources } from '../../intent/intent';
import { FAMILIES, FAMILY_RANGE, Family, prefixTexts } from '../../net/address';
import { numbersWithout } from '../../net/axes';
import { countOf, points } from '../../net/device';
import { ALL_PORTS, PROTOCOL } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, joined, overlap, point } from '../../net/range';
import { ERRORS, Kind, hasPort, isIcmp, isPing, kindsOf, listed } from '../kinds';
import { HOSTS_OF_6, ServerPackets, isFew } from './packets';
import { Carried, servicesOf } from './services';
import { PORTED, written } from '../written';

/** A server's exposure as its profile. */
export interface ServerDraft {
  readonly profile: CpanelFirewallProfileIntent;
  readonly inside: ServerIntent['inside'];
  /** What passes now and isn't carried over, and what is carried over as more than it is. */
  readonly left: readonly Noted[];
  readonly widened: readonly Noted[];
}

/** Packets for people, and why. */
export interface Noted {
  readonly packets: string;
  readonly why: string;
}

/** Longer lists of addresses are nobody's to read. */
const MOST_PREFIXES = 1000;
/** More ports of one protocol for nearly everybody are everything. */
const MOST_PORTS = 20_000;

/** Of these families everything is open to nearly everybody, which no profile says. */
interface Everything {
  readonly everything: readonly Family[];
}

/** What a platform has words for; the rest is left. */
export interface Sayable {
  readonly platform: string;
  protocol(protocol: number): boolean;
  /** Of what is sent. */
  readonly sourcePorts: boolean;
  /** The protocols that a server sends which may reach anything. */
  readonly leaves: 'all' | readonly number[];
}

/** `sshPort`: by which operators come. */
export const serverDraft = (
  name: string,
  exposure: Exposure,
  own: ServerPackets,
  sshPort: number,
  sayable: Sayable,
): ServerDraft | Everything => new Drafting(own, sayable).draft(name, exposure, sshPort);

class Drafting {
  private readonly left: Noted[] = [];
  private readonly widened: Noted[] = [];
  private undecided4 = PacketMap.NONE;

  constructor(
    private readonly own: ServerPackets,
    private readonly sayable: Sayable,
  ) {}

  draft(name: string, exposure: Exposure, sshPort: number): ServerDraft | Everything {
    const { own, left, widened } = this;
    const arriving = own.arriving(exposure);
    this.undecided4 = own.undecided4(exposure);
    const everything = rowsOf(arriving).filter(isOfEverything);
    const inside = own.filled(joined(everything.flatMap(({ sources }) => sources)));
    const most = own.mostOf(inside);
    if (most.length > 0) return { everything: most };
    const { kinds, others } = kindsOf(arriving.apartFrom(PacketMap.set({ source: inside })), 'sources');
    for (const { sources } of others)
      this.leave(
        `other protocols from ${addressesOf(own.filled(sources))}`,
        'no service has them: the exposure has their numbers.',
      );
    const filled = kinds.map((kind) => this.fromAnyPort({ ...kind, peers: own.filled(kind.peers, inside) }));
    const ssh = points(sshPort);
    const isSsh = ({ protocol, ports, sourcePorts }: Kind): boolean =>
      protocol === PROTOCOL.tcp && sourcePorts === 'all' && hasPort(ports, sshPort);
    const operators = joined([...filled.filter(isSsh).flatMap(({ peers }) => peers), ...inside]);
    const opened = filled
      .map((kind) => (isSsh(kind) ? { ...kind, ports: numbersWithout(kind.ports, ssh) } : kind))
      .filter((kind) => kind.ports.length > 0 && this.isCarried(kind));
    const blocked = this.blockedIn(opened.filter((kind) => !isIcmp(kind)));
    const services = opened.map((kind): Carried => {
      const peers = own.filled(kind.peers, blocked);
      // A message of one family is for that alone.
      return { ...kind, from: isIcmp(kind) ? own.said(peers) : this.said({ ...kind, peers }, 'sources') };
    });
    const pings = services.filter(isPing);
    const pinging = joined(pings.flatMap(({ peers }) => own.filled(peers, blocked)));
    const outbound = this.outboundOf(own.sent(exposure));
    return {
      profile: {
        name,
        services: servicesOf(services),
        sources: 'anywhere',
        management: {
          from: this.said({ protocol: PROTOCOL.tcp, ports: ssh, sourcePorts: 'all', peers: operators }, 'sources'),
          port: sshPort,
        },
        ...(blocked.length === 0 ? {} : { blocked: prefixTexts(blocked) }),
        ...(pings.length === 0 ? {} : { ping: this.said({ ...ECHOES, peers: pinging }, 'sources') }),
        ...(outbound ? { outbound } : {}),
      },
      inside: inside.length === 0 ? 'none' : prefixTexts(inside),
      left,
      widened,
    };
  }

  private readonly wordless = (what: string): string => `${this.sayable.platform} has no words for ${what}.`;

  private leave(packets: string, why: string): false {
    this.left.push({ packets, why });
    return false;
  }

  /** Programs come from ports that are nobody's: who may from all of these may from every port. */
  private fromAnyPort(kind: Kind): Kind {
    const { sourcePorts } = kind;
    const isFree =
      isPorted(kind) &&
      sourcePorts !== 'all' &&
      sourcePorts.some(({ first, last }) => first <= FREE.first && FREE.last <= last);
    if (!isFree || (this.own.isWide(kind.peers) && countOf(kind.ports) > MOST_PORTS)) return kind;
    this.widened.push({
      packets: saidOf(kind, 'sources'),
      why: 'an opening has no source ports, and these are those of all clients.',
    });
    return { ...kind, sourcePorts: 'all' };
  }

  private isCarried(kind: Kind): boolean {
    const { peers, ports, sourcePorts } = kind;
    const packets = saidOf(kind, 'sources');
    const isWide = this.own.isWide(peers);
    if (!this.sayable.protocol(kind.protocol)) return this.leave(packets, this.wordless('that protocol'));
    if (isIcmp(kind)) {
      if (sourcePorts !== 'all') return this.leave(packets, 'single codes of ICMP are no service.');
      const errors = points(...ERRORS[kind.protocol]!.filter((type) => hasPort(ports, type)));
      if (!listed(ports))
        this.leave(packets, 'only ping, and types that are few, are a service; errors pass with what they are about.');
      else if (errors.length > 0)
        this.leave(saidOf({ ...kind, ports: errors }, 'sources'), 'errors pass with what they are about.');
    } else if (sourcePorts !== 'all') return this.leave(packets, 'an opening has no source ports.');
    else if (isWide && isPorted(kind) && countOf(ports) > MOST_PORTS)
      return this.leave(packets, 'it lets nearly everybody in on nearly every port. Write which are meant.');
    else if (isPorted(kind)) {
      const local = points(...LOCAL_PORTS_112.filter((port) => hasPort(ports, port)));
      if (local.length > 0)
        this.leave(saidOf({ ...kind, ports: local }, 'sources'), 'that stays on the server itself.');
    }
    return (
      isWide ||
      prefixTexts(peers).length <= MOST_PREFIXES ||
      this.leave(packets, 'its sources are too many for a list.')
    );
  }

  private said(kind: Kind, side: 'sources' | 'destinations'): Sources {
    const { protocol, ports: port } = kind;
    const is4Closed = this.undecided4.within(PacketMap.set({ protocol: points(protocol), port })).isEmpty;
    if (side === 'sources' && this.own.isOnly6(kind.peers) && is4Closed) return HOSTS_OF_6;
    const { listed: some, whole } = this.own.withoutWhole6(kind.peers);
    if (some.length > 0) {
      this.leave(
        saidOf({ ...kind, peers: whole }, side),
        'nothing is opened to all of IPv6 and not to all of IPv4: who is listed there counts.',
      );
      return prefixTexts(some);
    }
    const why = this.own.widened(kind.peers);
    if (why !== undefined) this.widened.push({ packets: saidOf(kind, side), why });
    return this.own.said(kind.peers);
  }

  /** Whom nothing lets in that lets nearly everybody in, if nothing else lets them in. */
  private blockedIn(kinds: readonly Kind[]): readonly Range[] {
    const wide = kinds.filter(({ peers }) => this.own.isWide(peers));
    const blocked = this.own.outsideOf(wide.map(({ peers }) => peers));
    const others = kinds.filter((kind) => !wide.includes(kind)).flatMap(({ peers }) => peers);
    const isBan = isFew(blocked) && prefixTexts(blocked).length <= MOST_PREFIXES;
    return isBan && !others.some((one) => blocked.some((hole) => overlap(one, hole))) ? blocked : [];
  }

  /** `sent`: undefined for everything. */
  private outboundOf(sent: PacketSet | undefined): readonly OutboundIntent[] | undefined {
    if (!sent) return undefined;
    const { leaves } = this.sayable;
    const ported = leaves === 'all' ? [] : leaves.filter((one) => PORTED[one] !== undefined);
    if (ported.length > 0 && this.own.isSentAnywhere(sent, ported)) return undefined;
    const everything = rowsOf(sent).filter(isOfEverything);
    const reached = this.own.filled(joined(everything.flatMap(({ destinations }) => destinations)));
    const isLittle = this.own.isNearlyAll(reached);
    // Of IPv6 nobody may ever have thought: without rules it prints nothing.
    const whyAll = this.own.isWhole(reached, 'ip') ? this.own.widened(reached) : undefined;
    const why = isLittle ? 'connections out are listed, or everything: what is closed is little.' : whyAll;
    if (why !== undefined) {
      this.widened.push({ packets: `sent: all protocols to ${addressesOf(reached)}`, why });
      return undefined;
    }
    const { kinds, others } = kindsOf(sent, 'destinations');
    for (const { destinations } of others)
      this.leave(
        `sent: other protocols to ${addressesOf(this.own.filled(destinations))}`,
        'they can not be listed: the exposure has their numbers.',
      );
    const ordered = [...kinds].sort((a, b) => a.protocol - b.protocol);
    return ordered.flatMap((kind): readonly OutboundIntent[] => {
      const filled = { ...kind, peers: this.own.filled(kind.peers) };
      const packets = saidOf(filled, 'destinations');
      const protocol = PORTED[kind.protocol];
      const ports = numbersWithout(kind.ports, points(0));
      const sourcePorts = kind.sourcePorts === 'all' ? [] : listed(kind.sourcePorts);
      // Errors and neighbours pass whatever is listed.
      if (isIcmp(kind)) {
        if (isPing(kind)) this.leave(packets, 'ping can not be listed.');
      } else if (protocol === undefined || ports.length === 0 || !sourcePorts)
        this.leave(packets, 'it can not be listed.');
      else if (!this.sayable.protocol(kind.protocol)) this.leave(packets, this.wordless('that protocol'));
      else if (!this.sayable.sourcePorts && sourcePorts.length > 0) this.leave(packets, this.wordless('source ports'));
      else if (!this.own.isWide(filled.peers) && prefixTexts(filled.peers).length > MOST_PREFIXES)
        this.leave(packets, 'its destinations are too many for a list.');
      else {
        const to = this.said(filled, 'destinations');
        const where = to === 'anywhere' ? {} : { to };
        return [{ ports: written(ports), protocol, ...where, ...(sourcePorts.length === 0 ? {} : { sourcePorts }) }];
      }
      return [];
    });
  }
}

/** Ports that no system reserves. */
const FREE = { first: 1024, last: ALL_PORTS.last };

const ECHOES = { protocol: PROTOCOL.icmp, ports: points(8), sourcePorts: 'all' } as const;

const isPorted = ({ protocol }: Kind): boolean => PORTED[protocol] !== undefined;

function saidOf({ protocol, ports, sourcePorts, peers }: Kind, side: 'sources' | 'destinations'): string {
  const service = printService([point(protocol)], ports, sourcePorts === 'all' ? [ALL_PORTS] : sourcePorts);
  return side === 'sources' ? `${service} from ${addressesOf(peers)}` : `sent: ${service} to ${addressesOf(peers)}`;
}

const addressesOf = (ranges: readonly Range[]): string =>
  FAMILIES.flatMap((family) => {
    const some = ranges.flatMap((one) => overlap(one, FAMILY_RANGE[family]) ?? []);
    return some.length === 0 ? [] : [printAddresses(some, family, ANY[family])];
  }).join(', ');
