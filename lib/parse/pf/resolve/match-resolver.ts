// Resolves the match of a parsed pf rule and of the anchors around it on a given device: returns the interfaces and
// packets, and the reasons for which packets are only possible matches.

import { Family } from '../../../net/address';
import { toNumberRanges } from '../../../net/device';
import { PacketBlock, PROTOCOL } from '../../../net/packet';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { PortBounds, listRanges, joinReasons } from '../range-bounds';
import { PacketBounds, createMatch, computePackets } from '../match-packets';
import { PfMatch, PfRuleScope } from '../model';
import {
  ParsedPfFilterRule,
  ParsedPfIcmpType,
  ParsedPfInterface,
  ParsedPfMatch,
  ParsedPf,
  ParsedPfEndpoint,
  ParsedPfTranslation,
} from '../text/syntax-tree';
import { AddressResolver, PfDeviceContext } from './address-resolver';

interface ResolvedScope {
  readonly on: PfRuleScope['on'];
  readonly unknownReasons: readonly string[];
}

type ResolvedMatch = ResolvedScope & PacketBounds;

const ANY_SCOPE: ResolvedScope = { on: 'any', unknownReasons: [] };

/** Returns the match of packets that both match. */
const intersectMatches = (a: ResolvedMatch, b: ResolvedMatch | undefined): ResolvedMatch | undefined =>
  b && {
    on: intersectInterfaces(a.on, b.on),
    unknownReasons: [...b.unknownReasons, ...a.unknownReasons],
    must: a.must.intersect(b.must),
    may: a.may.intersect(b.may),
    reasons: [...b.reasons, ...a.reasons],
    ...intersectNewClients(a, b),
  };

/** Returns the packets that both match if a new client sends them; none if that isn't known of one. */
function intersectNewClients(a: ResolvedMatch, b: ResolvedMatch): Pick<PacketBounds, 'newClient'> {
  const [first, second] = [a, b].map(({ must, reasons, newClient }) => (reasons.length === 0 ? must : newClient));
  return first && second && (a.newClient || b.newClient) ? { newClient: first.intersect(second) } : {};
}

const WITH_PORTS = toNumberRanges(PROTOCOL.tcp, PROTOCOL.udp);
const ICMP: Readonly<Record<Family, number>> = { ip: PROTOCOL.icmp, ip6: PROTOCOL.icmpv6 };

/** Resolves matches to sets of packets. It caches results, because large texts repeat the same matches. */
export class MatchResolver {
  readonly addresses: AddressResolver;
  private readonly anchorAddresses: AddressResolver;
  private readonly packetsByTag = new Map<string, PacketSet>();
  private readonly scopesByInterface = new Map<string, ResolvedScope>();

  constructor(
    private readonly text: Pick<ParsedPf, 'tables' | 'tags' | 'isFile'>,
    private readonly context: PfDeviceContext,
  ) {
    this.addresses = new AddressResolver(text, context);
    this.anchorAddresses = text.isFile
      ? this.addresses
      : new AddressResolver({ tables: markTablesUnknown(text.tables) }, context);
  }

  /** Returns undefined if the match has no packets on this device. */
  resolve(match: ParsedPfMatch): PfMatch | undefined {
    let resolved = this.resolveWithoutAnchors(match);
    for (const outer of match.enclosingAnchors)
      resolved = resolved && intersectMatches(resolved, this.resolveWithoutAnchors(outer));
    if (!resolved || resolved.may.isEmpty || isNowhere(resolved.on)) return undefined;
    return createMatch({ line: match.line, on: resolved.on }, resolved, resolved.unknownReasons);
  }

  /**
   * Returns the interfaces of a rule whose addresses are resolved separately (binat). Undefined if it is on no
   * interface.
   */
  resolveScope(match: ParsedPfMatch): ResolvedScope | undefined {
    let scope = this.resolveConditions(match);
    for (const outer of match.enclosingAnchors) {
      const outerScope = this.resolveConditions(outer);
      const isNarrower =
        hasOtherConditions(outer) ||
        outer.protocols ||
        outer.from.hosts ||
        outer.to.hosts ||
        (outer.family ?? match.family) !== match.family;
      const doubts = isNarrower ? ['the anchor that it stands in asks for more'] : [];
      scope = scope &&
        outerScope && {
          on: intersectInterfaces(scope.on, outerScope.on),
          unknownReasons: [...outerScope.unknownReasons, ...doubts, ...scope.unknownReasons],
        };
    }
    if (hasOtherConditions(match))
      scope = scope && { ...scope, unknownReasons: [...scope.unknownReasons, 'it asks for more than addresses'] };
    return scope && !isNowhere(scope.on) ? scope : undefined;
  }

  /** Resolves a match without the anchors around it. */
  private resolveWithoutAnchors(match: ParsedPfMatch): ResolvedMatch | undefined {
    const scope = this.resolveConditions(match);
    if (!scope) return undefined;
    const packets = this.resolvePackets(match);
    const may = match.tagged ? packets.may.intersect(this.getTaggedPackets(match)) : packets.may;
    return { ...packets, ...scope, may };
  }

  private resolveConditions(match: ParsedPfMatch): ResolvedScope | undefined {
    const { tagged } = match;
    if (match.matchesNothing || (tagged && !tagged.negated && !this.text.tags.has(tagged.tag))) return undefined;
    const { on, unknownReasons } = this.resolveInterfaces(match);
    return { on, unknownReasons: [...unknownReasons, ...this.listDoubts(match)] };
  }

  private listDoubts({ unknownReasons, tagged }: ParsedPfMatch): readonly string[] {
    const checksTag = tagged && this.text.tags.has(tagged.tag);
    return checksTag ? [...unknownReasons, `which packets are tagged ${tagged.tag} is not followed`] : unknownReasons;
  }

  /**
   * Returns the packets that may have the tag. If only redirects set it, their destination is one of the redirects'
   * targets.
   */
  private getTaggedPackets({ tagged }: ParsedPfMatch): PacketSet {
    if (!tagged || tagged.negated) return PacketMap.ALL;
    let packets = this.packetsByTag.get(tagged.tag);
    if (!packets)
      this.packetsByTag.set(tagged.tag, (packets = this.computeTaggedPackets(this.text.tags.get(tagged.tag) ?? [])));
    return packets;
  }

  private computeTaggedPackets(setters: readonly (ParsedPfFilterRule | ParsedPfTranslation)[]): PacketSet {
    const targets = setters.flatMap((rule) => (rule.is === 'rdr' && rule.target ? [rule.target.hosts] : []));
    if (targets.length === 0 || targets.length < setters.length) return PacketMap.ALL;
    const bounds = targets.map((hosts) => this.addresses.resolve(hosts, 'destination'));
    return PacketMap.createSet({ destination: bounds.flatMap(listRanges) });
  }

  private resolveInterfaces({ on }: ParsedPfMatch): ResolvedScope {
    if (on === undefined) return ANY_SCOPE;
    const [firstInterface] = on;
    if (!firstInterface || on.length > 1) return this.resolveInterfaceList(on);
    const key = firstInterface.negated ? `! ${firstInterface.name}` : firstInterface.name;
    let scope = this.scopesByInterface.get(key);
    if (!scope) this.scopesByInterface.set(key, (scope = this.resolveInterfaceList(on)));
    return scope;
  }

  private resolveInterfaceList(on: readonly ParsedPfInterface[]): ResolvedScope {
    const included = new Set<string>();
    let excluded: ReadonlySet<string> | undefined;
    for (const { negated, name } of on) {
      const names = this.context.named(name);
      if (!names) {
        const unknownReasons = [`which interfaces ${name} stands for is not told`];
        return { on: negated || on.length > 1 ? 'any' : { is: this.context.mayBeIn(name) }, unknownReasons };
      }
      if (!negated) for (const deviceName of names) included.add(deviceName);
      // Two negated elements match all interfaces but the ones that both exclude.
      else excluded = new Set(names.filter((deviceName) => excluded === undefined || excluded.has(deviceName)));
    }
    if (excluded === undefined) return { on: { is: [...included] }, unknownReasons: [] };
    const stillExcluded = [...excluded].filter((deviceName) => !included.has(deviceName));
    return { on: stillExcluded.length === 0 ? 'any' : { but: stillExcluded }, unknownReasons: [] };
  }

  private resolvePackets({
    family,
    protocols: numbers,
    from,
    to,
    icmp,
    enclosingAnchors,
  }: ParsedPfMatch): PacketBounds {
    const addresses = enclosingAnchors.length > 0 ? this.anchorAddresses : this.addresses;
    const [source, destination] = [addresses.resolve(from.hosts, 'source'), addresses.resolve(to.hosts, 'destination')];
    const [sourcePorts, ports] = [resolvePorts(from), resolvePorts(to)];
    const protocols = numbers ? toNumberRanges(...numbers) : sourcePorts || ports ? WITH_PORTS : undefined;
    const packets = computePackets({
      source,
      destination,
      ...(family && { family }),
      ...(protocols && { protocols }),
      ...(sourcePorts && { sourcePorts }),
      ...(ports && { ports }),
      ...(icmp && { kinds: icmp.map(createIcmpBlock) }),
    });
    if (packets.reasons.length === 0) return packets;
    const because = [joinReasons([source, destination]), sourcePorts?.reason ?? '', ports?.reason ?? ''];
    return { ...packets, reasons: [because.filter((reason) => reason !== '').join('; ')] };
  }
}

function resolvePorts({ ports }: ParsedPfEndpoint): PortBounds | undefined {
  if (!ports) return undefined;
  const [sure, doubtful] = [
    ports.filter(({ reason }) => reason === undefined),
    ports.filter(({ reason }) => reason !== undefined),
  ];
  return {
    must: sure.flatMap(({ ranges }) => ranges),
    uncertain: doubtful.flatMap(({ ranges }) => ranges),
    reason: [...new Set(doubtful.map(({ reason }) => reason))].join('; '),
  };
}

const createIcmpBlock = ({ family, type, code }: ParsedPfIcmpType): PacketBlock => ({
  family,
  protocol: toNumberRanges(ICMP[family]),
  port: toNumberRanges(type),
  ...(code !== undefined && { sourcePort: toNumberRanges(code) }),
});

/**
 * Returns the tables with unknown content. An anchor may have its own table of the name that pfctl showed, and then its
 * rules look that one up.
 */
const markTablesUnknown = (tables: ParsedPf['tables']): ParsedPf['tables'] =>
  new Map(
    [...tables].map(([name, table]) => [
      name,
      { line: table.line, entries: [], reason: `whether the anchor has a table ${name} of its own is not told` },
    ]),
  );

const hasOtherConditions = ({ from, to, icmp }: ParsedPfMatch): boolean =>
  [from.ports, to.ports, icmp].some((condition) => condition !== undefined);

export const isNowhere = (on: PfRuleScope['on']): boolean => on !== 'any' && 'is' in on && on.is.length === 0;

/** Returns the interfaces of both scopes. */
export function intersectInterfaces(a: PfRuleScope['on'], b: PfRuleScope['on']): PfRuleScope['on'] {
  if (a === 'any') return b;
  if (b === 'any') return a;
  if ('is' in a) return { is: a.is.filter((name) => ('is' in b ? b.is.includes(name) : !b.but.includes(name))) };
  if ('is' in b) return intersectInterfaces(b, a);
  return { but: [...new Set([...a.but, ...b.but])] };
}

/** Returns the interfaces of the first scope that the second lacks. */
export function subtractInterfaces(a: PfRuleScope['on'], b: PfRuleScope['on']): PfRuleScope['on'] {
  if (b === 'any') return { is: [] };
  return intersectInterfaces(a, 'is' in b ? { but: b.is } : { is: b.but });
}
