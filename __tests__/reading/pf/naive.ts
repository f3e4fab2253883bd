import { Address, FAMILY_RANGE, familyOf, networkOf, parseAddress, prefixRange } from '../../../lib/net/address';
import { Device, Vantage, wayOut } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { Range, contains } from '../../../lib/net/range';
import { BinatWords, NatWords, RdrWords, Words, at, net, toOf } from './rules';
import { FilterSpec, RandomRules } from './random';

/** What may become of a packet: several, where something is in doubt. */
export interface Found {
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  /** How its source may be rewritten, and to what. */
  readonly sources: ReadonlyMap<string, Address>;
  readonly destination: Address;
  readonly port: number;
  readonly freePort: boolean;
}

/** Of a packet of TCP; and whether it begins no connection, so that nobody answers it. */
export interface Flags {
  readonly bits: number;
  readonly stray: boolean;
}

const SYN: Flags = { bits: 2, stray: false };
/** FIN, RST, ACK and SYN together in every way in which no connection begins. */
export const STRAY_FLAGS: readonly Flags[] = Array.from({ length: 32 }, (_, bits) => ({ bits, stray: true })).filter(
  ({ bits }) => (bits & 0b1000) === 0 && bits !== 2,
);

/** A second evaluator in plain loops: no sets, nothing of the first one. What is in doubt is tried each way. */
export function naively(rules: RandomRules, device: Device, vantage: Vantage, packet: Packet, flags: Flags = SYN): Found {
  const results: Result[] = [];
  const script: number[] = [];
  for (let tries = 0; tries < 20_000; tries++) {
    const sizes: number[] = [];
    const choose = (many: number): number => {
      const i = sizes.push(many) - 1;
      return (script[i] ??= 0);
    };
    results.push(new Run(rules, device, vantage, choose, flags).from(packet));
    // The next one in the order of digits.
    script.length = sizes.length;
    while (script.length > 0 && script.at(-1)! + 1 >= sizes[script.length - 1]!) script.pop();
    if (script.length === 0) return together(results);
    script[script.length - 1]! += 1;
  }
  throw new Error('more doubts than can be tried');
}

interface Result {
  readonly verdict: Found['verdict'];
  readonly packet: Packet;
  readonly destination: string;
  readonly source: string;
  readonly freePort: boolean;
}

function together(results: readonly Result[]): Found {
  const leaving = results.filter(({ verdict }) => verdict !== 'denied');
  const [first] = leaving.length > 0 ? leaving : results;
  const same = leaving.every(({ destination }) => destination === first!.destination);
  const sure = leaving.length === results.length && same && leaving.every(({ verdict }) => verdict === 'allowed');
  return {
    verdict: leaving.length === 0 ? 'denied' : sure ? 'allowed' : 'unknown',
    sources: new Map(leaving.map(({ source, packet }) => [source, packet.source])),
    destination: first!.packet.destination,
    port: first!.packet.port,
    freePort: leaving.some(({ freePort }) => freePort),
  };
}

/** Every address that some rule or device tells from its neighbours, and one that none knows. */
export const HOSTS: readonly Address[] = [
  ...['198.51.100.7', '198.51.100.200', '192.0.2.9', '203.0.113.2', '203.0.113.10', '203.0.113.11', '203.0.113.12', '203.0.113.13'],
  ...['203.0.113.77', '10.0.0.1', '10.0.0.10', '10.0.0.11', '10.0.0.77', '10.0.1.1', '10.0.1.20', '10.0.1.77', '172.16.0.1', '127.0.0.1'],
  ...['172.16.0.77', '0.0.0.0', '8.8.8.8', '2001:db8:1::2', '2001:db8:2::1', '2001:db8:2::10', '2001:db8:9::1', '::1', '::'],
].map((text) => parseAddress(text)!);

const SOURCE_PORTS = [1, 53, 1025, 40_000];

class Run {
  private dest = 'kept';
  private source = 'kept';
  private freePort = false;
  private unsure = false;

  constructor(
    private readonly rules: RandomRules,
    private readonly device: Device,
    private readonly vantage: Vantage,
    private readonly choose: (many: number) => number,
    private readonly flags: Flags = SYN,
  ) {}

  from(packet: Packet): Result {
    const { vantage } = this;
    if (vantage.kind === 'interface') return this.inward(vantage.name, packet);
    const unspecified = packet.source === FAMILY_RANGE[familyOf(packet.source)].first;
    if (vantage.kind === 'self') {
      const own = unspecified || this.addresses().includes(packet.source);
      if (this.isLocal(packet.destination) || !own) return this.result('denied', packet);
      const names = this.routes(packet.destination) ?? this.device.interfaces.map(({ name }) => name);
      return this.outward(names[this.choose(names.length)]!, packet);
    }
    if (!this.isLocal(packet.destination) || !this.isLocal(packet.source)) return this.result('denied', packet);
    const out = this.outward('lo0', packet);
    if (out.verdict === 'denied') return out;
    if (this.freePort || this.source === 'unclear') return this.result('unknown', out.packet);
    if (out.verdict === 'unknown') this.unsure = true;
    return this.inward('lo0', out.packet);
  }

  private result(verdict: Found['verdict'], packet: Packet): Result {
    const { dest: destination, source, freePort } = this;
    return { verdict: verdict === 'allowed' && this.unsure ? 'unknown' : verdict, packet, destination, source, freePort };
  }

  private addresses(): readonly Address[] {
    return [...this.device.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)), ...this.device.localAddresses];
  }

  private isLocal(address: Address): boolean {
    return this.addresses().includes(address) || address === at('::1') || contains(net('127.0.0.0/8'), address);
  }

  /** The interface with the longest network; else where the rest goes, or each of them where nobody says. */
  private routes(address: Address): readonly string[] | undefined {
    let best: { name: string; length: number } | undefined;
    for (const { name, addresses, routes } of this.device.interfaces) {
      for (const prefix of [...addresses.map((one) => networkOf(one.address, one.length)), ...routes]) {
        if (contains(prefixRange(prefix), address) && (!best || prefix.length > best.length)) best = { name, length: prefix.length };
      }
    }
    if (best) return [best.name];
    const way = wayOut(this.device, this.vantage);
    return way === undefined ? undefined : [way];
  }

  private holds(words: Words, packet: Packet): boolean {
    const { family, from, to, notFrom, notTo, protocol, port, sourcePort } = words;
    if (family && familyOf(packet.destination) !== family) return false;
    const { perhapsFrom, perhapsTo, doubt } = words;
    const sure = inSome(from, packet.source) && inSome(to, packet.destination);
    if (!sure) {
      if (perhapsFrom === undefined && perhapsTo === undefined) return false;
      if (!inSome(from, packet.source) && !(perhapsFrom && contains(net(perhapsFrom), packet.source))) return false;
      if (!inSome(to, packet.destination) && !(perhapsTo && contains(net(perhapsTo), packet.destination))) return false;
    }
    if (notFrom !== undefined && !isOutside(notFrom, packet.source)) return false;
    if (notTo !== undefined && !isOutside(notTo, packet.destination)) return false;
    const protocols = protocol ?? (port !== undefined || sourcePort ? [6, 17] : undefined);
    if (protocols && !protocols.includes(packet.protocol)) return false;
    const ports = typeof port === 'number' ? [{ first: port, last: port }] : port;
    if (ports && !ports.some(({ first, last }) => first <= packet.port && packet.port <= last)) return false;
    if (sourcePort && !sourcePort.some(({ first, last }) => first <= packet.sourcePort && packet.sourcePort <= last)) return false;
    return (sure && doubt === undefined) || this.choose(2) === 1;
  }

  private asked(name: string, words: Words): boolean {
    const { on = 'any' } = words;
    if (on === 'any') return true;
    if (typeof on === 'string') return on === name;
    return 'is' in on ? on.is.includes(name) : !on.but.includes(name);
  }

  private inward(name: string, packet: Packet): Result {
    if (this.rules.skipped.includes(name)) return this.route(packet);
    for (const words of this.rules.rdr) {
      if (!this.asked(name, words) || !this.holds({ family: 'ip', ...words }, packet)) continue;
      if (words.target === undefined && !words.among) break;
      return this.redirected(name, words, packet);
    }
    const { binat } = this.rules;
    for (let i = 0, next = 1; i < binat.length; i = next++) {
      const words = binat[i]!;
      if (!this.asked(name, words)) continue;
      next = this.stepped(binat, i, packet);
      const { inside, outside } = words;
      if (outside === undefined) {
        if (this.holds(this.straight(words), packet)) break;
        continue;
      }
      if (!this.holds(this.turned(words), packet)) continue;
      this.dest = pairing(net(outside), net(inside));
      const { first } = net(inside);
      const moved = { ...packet, destination: (first + packet.destination - net(outside).first) as Address };
      return words.pass ? this.route(moved) : this.filtered(name, moved, true);
    }
    return this.filtered(name, packet, false);
  }

  /** Where the kernel goes on if the rule doesn't match: behind all with the same `from`, or `to`, as the first that differs. */
  private stepped(all: readonly BinatWords[], at_: number, packet: Packet): number {
    const words = all[at_]!;
    const { inside, outside, peer, notPeer, protocol, doubt, perhapsPeer } = words;
    if (familyOf(net(inside).first) !== familyOf(packet.destination) || (protocol && !protocol.includes(packet.protocol))) return at_ + 1;
    const behind = (same: (one: BinatWords) => boolean): number => {
      let end = at_ + 1;
      while (end < all.length && same(all[end]!)) end++;
      return end;
    };
    if (outside === undefined && !contains(net(inside), packet.source)) return behind((one) => one.inside === inside);
    if (toOf(words) === 'any') return at_ + 1;
    const seen = outside === undefined ? packet.destination : packet.source;
    const inPeers = (peer === undefined || contains(net(peer), seen)) && (notPeer === undefined || isOutside(notPeer, seen));
    const perhaps = perhapsPeer !== undefined && contains(net(perhapsPeer), seen);
    const past = behind((one) => toOf(one) === toOf(words));
    if (doubt === undefined ? inPeers : false) return at_ + 1;
    if (perhaps || inPeers) return this.choose(2) === 1 ? past : at_ + 1;
    return past;
  }

  private redirected(name: string, words: RdrWords, packet: Packet): Result {
    const { target = '', targetPort, among } = words;
    let { port } = packet;
    let how = '';
    if (typeof targetPort === 'number') port = targetPort;
    else if (targetPort?.is === 'shifted')
      port = targetPort.to.first + ((port - targetPort.from) % (targetPort.to.last - targetPort.to.first + 1));
    if (targetPort !== undefined && !(typeof targetPort === 'object' && port === packet.port)) how = ` port ${port}`;
    let destination: Address;
    if (among) {
      this.unsure = true;
      const hosts = HOSTS.filter((host) => among.some((one) => contains(net(one), host)));
      destination = hosts[this.choose(hosts.length)]!;
    } else if (target.includes('/') && net(target).first !== net(target).last) {
      destination = inBlock(net(target), packet.destination);
      how = `${by(destination - packet.destination)}${how}`;
    } else {
      destination = net(target).first as Address;
      how = `to ${destination}${how}`;
    }
    this.dest = how;
    const led = { ...packet, destination, port };
    return words.pass ? this.route(led) : this.filtered(name, led, true);
  }

  /** The last that matches, or the first quick one. */
  private word(name: string, way: 'in' | 'out', packet: Packet, bits = this.flags.bits): FilterSpec {
    let last: FilterSpec = { action: 'pass', words: { state: false } };
    for (const spec of this.rules.filter) {
      const { action, words } = spec;
      if (action === 'match' || ((words.way ?? 'both') !== 'both' && words.way !== way)) continue;
      if (packet.protocol === 6 && !this.flagged(spec, bits)) continue;
      if (!this.asked(name, words) || !this.holds(words, packet)) continue;
      last = spec;
      if (words.quick) break;
    }
    return last;
  }

  /** `S/SA` where nothing is written and a state is kept. */
  private flagged({ action, words }: FilterSpec, bits: number): boolean {
    if (words.flags) return words.flags.every(({ wanted, among }) => (bits & among) === wanted);
    return action !== 'pass' || words.state === false || ((bits & 2) === 2 && (bits & 16) === 0);
  }

  /** Whether the answer to what passed there without state passes, neither translated nor with a state that begins in the middle. */
  private answered(name: string, way: 'in' | 'out', packet: Packet): boolean {
    const { filter, skipped } = this.rules;
    if (this.flags.stray || skipped.includes(name)) return true;
    const { source, destination, protocol, port, sourcePort } = packet;
    let back: Packet = { protocol, source: destination, destination: source, port: sourcePort, sourcePort: port };
    const [icmp, replies]: readonly [number, readonly number[]] =
      familyOf(source) === 'ip' ? [1, [8, 0, 13, 14, 15, 16, 17, 18]] : [58, [128, 129]];
    if (protocol === icmp) {
      const asked = replies.indexOf(port);
      if (asked < 0 || asked % 2 === 1) return true;
      back = { ...back, port: replies[asked + 1]!, sourcePort: 0 };
    }
    if (this.translatedBack(name, way, back)) return false;
    if (protocol === 6 && filter.some(({ action, words }) => action === 'block' && (words.flags?.length ?? 0) > 0)) return false;
    const { action, words } = this.word(name, way, back, 18);
    return action === 'pass' && words.routedTo === undefined && !(protocol === 6 && words.state !== false);
  }

  private translatedBack(name: string, way: 'in' | 'out', packet: Packet): boolean {
    const { rdr, binat, nat } = this.rules;
    const plain = (list: readonly (RdrWords | NatWords)[]): boolean => {
      const found = list.find((words) => this.asked(name, words) && this.holds({ family: 'ip', ...words }, packet));
      return (
        found !== undefined && (found.target !== undefined || ('among' in found ? found.among : (found as NatWords).unclear) !== undefined)
      );
    };
    if (way === 'in' && plain(rdr)) return true;
    for (let i = 0, next = 1; i < binat.length; i = next++) {
      const words = binat[i]!;
      if (!this.asked(name, words)) continue;
      if (way === 'in') next = this.stepped(binat, i, packet);
      const turned = way === 'in' && words.outside !== undefined;
      if (!this.holds(turned ? this.turned(words) : this.straight(words), packet)) continue;
      if (words.outside !== undefined) return true;
      break;
    }
    return way === 'out' && plain(nat);
  }

  /** A 1:1 rule from inside. */
  private straight({ inside, peer, notPeer, protocol, doubt, perhapsPeer }: BinatWords): Words {
    return {
      ...{ family: familyOf(net(inside).first), from: inside },
      ...{ ...(peer ? { to: peer } : {}), ...(notPeer ? { notTo: notPeer } : {}) },
      ...{ ...(protocol ? { protocol } : {}), ...(doubt ? { doubt } : {}), ...(perhapsPeer ? { perhapsTo: perhapsPeer } : {}) },
    };
  }

  /** From outside. */
  private turned({ inside, outside, peer, notPeer, protocol, doubt, perhapsPeer }: BinatWords): Words {
    return {
      ...{ family: familyOf(net(inside).first), to: outside! },
      ...{ ...(peer ? { from: peer } : {}), ...(notPeer ? { notFrom: notPeer } : {}) },
      ...{ ...(protocol ? { protocol } : {}), ...(doubt ? { doubt } : {}), ...(perhapsPeer ? { perhapsFrom: perhapsPeer } : {}) },
    };
  }

  private filtered(name: string, packet: Packet, hasState: boolean): Result {
    const { action, words } = this.word(name, 'in', packet);
    if (action === 'block') return this.result('denied', packet);
    if (words.state === false && !hasState && !this.answered(name, 'out', packet)) this.unsure = true;
    return this.route(packet, words.routedTo);
  }

  private route(packet: Packet, routedTo?: string): Result {
    const isLocal = this.isLocal(packet.destination);
    if (routedTo !== undefined) {
      const known = isLocal ? ['local'] : this.known(packet.destination);
      if (known.length > 0 && known[0] !== routedTo) {
        this.unsure = true;
        const connected = this.device.interfaces.flatMap(({ addresses }) => addresses).filter(({ address }) => familyOf(address) === 'ip6');
        const near = connected.some(({ address, length }) => contains(prefixRange(networkOf(address, length)), packet.destination));
        if ((isLocal || near) && this.choose(2) === 0) return this.route(packet);
      }
      return this.outward(routedTo, packet);
    }
    if (isLocal) return this.result('allowed', packet);
    const names = this.device.forwarding ? (this.routes(packet.destination) ?? []) : [];
    return names.length === 0 ? this.result('denied', packet) : this.outward(names[0]!, packet);
  }

  private known(address: Address): readonly string[] {
    const inside: Device = { ...this.device, interfaces: this.device.interfaces.map((one) => ({ ...one, role: 'inside' })) };
    return new Run(this.rules, inside, { kind: 'localhost' }, this.choose).routes(address) ?? [];
  }

  private outward(name: string, packet: Packet): Result {
    if (this.rules.skipped.includes(name)) return this.result('allowed', packet);
    for (const words of this.rules.binat) {
      if (!this.asked(name, words)) continue;
      const { inside, outside } = words;
      if (!this.holds(this.straight(words), packet)) continue;
      if (outside === undefined) break;
      const source = (net(outside).first + packet.source - net(inside).first) as Address;
      return this.natted(name, words, { ...packet, source }, pairing(net(inside), net(outside)), false);
    }
    for (const words of this.rules.nat) {
      if (!this.asked(name, words) || !this.holds({ family: 'ip', ...words }, packet)) continue;
      const { target, keep, unclear } = words;
      if (unclear !== undefined) {
        const hosts = HOSTS.filter((host) => familyOf(host) === familyOf(packet.source));
        return this.natted(name, words, { ...packet, source: hosts[this.choose(hosts.length)]! }, 'unclear', true);
      }
      if (target === undefined) break;
      const whole = net(target);
      if (whole.first === whole.last)
        return this.natted(name, words, { ...packet, source: whole.first as Address }, `to ${whole.first}`, !keep);
      const source = inBlock(whole, packet.source);
      return this.natted(name, words, { ...packet, source }, by(source - packet.source), !keep);
    }
    const { action, words } = this.word(name, 'out', packet);
    if (action === 'block') return this.result('denied', packet);
    if (words.routedTo !== undefined && words.routedTo !== name) this.unsure = true;
    if (words.state === false && !this.answered(name, 'in', packet)) this.unsure = true;
    return this.result('allowed', packet);
  }

  private natted(name: string, translation: BinatWords | NatWords, packet: Packet, how: string, freePort: boolean): Result {
    if (how !== 'kept') this.source = how === 'unclear' ? how : `${this.source} ${how}`;
    this.freePort = freePort;
    if (translation.pass) return this.result('allowed', packet);
    const sourcePort = freePort ? SOURCE_PORTS[this.choose(SOURCE_PORTS.length)]! : packet.sourcePort;
    const { action, words } = this.word(name, 'out', { ...packet, sourcePort });
    if (action === 'block') return this.result('denied', packet);
    if (words.routedTo !== undefined && words.routedTo !== name) this.unsure = true;
    return this.result('allowed', packet);
  }
}

const inSome = (texts: Words['from'], address: bigint): boolean =>
  texts === undefined || (typeof texts === 'string' ? [texts] : texts).some((text) => contains(net(text), address));

const isOutside = (text: string, address: bigint): boolean =>
  familyOf(net(text).first) === familyOf(address) && !contains(net(text), address);

const by = (distance: bigint): string => (distance === 0n ? 'kept' : `by ${distance}`);

const pairing = (from: Range, to: Range): string => (from.first === from.last ? `to ${to.first}` : by(to.first - from.first));

function inBlock(network: Range, address: bigint): Address {
  const size = network.last - network.first + 1n;
  return (network.first + ((address - FAMILY_RANGE[familyOf(address)].first) % size)) as Address;
}
