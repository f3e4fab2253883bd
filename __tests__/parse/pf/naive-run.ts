// The naive model of pf: evaluates all rules for one packet by plain loops.

import { Address, FAMILY_RANGE, getFamily, getNetwork, toRange } from '../../../lib/net/address';
import { Device, StartLocation } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { contains } from '../../../lib/net/range';
import { HOSTS, isLocal, knownRoutes, ownAddresses, routes } from './naive-box';
import { Choose, Flags, asked, by, flagged, holds, inBlock, pairing, stepped, straight, turned } from './naive-matches';
import { BinatWords, NatWords, RdrWords } from './rules';
import { FilterSpec, RandomRules } from './random';
import { net } from '../../devices';

export type Verdict = 'allowed' | 'denied' | 'unknown';

export interface Result {
  readonly verdict: Verdict;
  readonly packet: Packet;
  readonly destination: string;
  readonly source: string;
  readonly freePort: boolean;
}

const SOURCE_PORTS = [1, 53, 1025, 40_000];

/** One way of a packet through the box. */
export class Run {
  private dest = 'kept';
  private source = 'kept';
  private freePort = false;
  private unsure = false;

  constructor(
    private readonly rules: RandomRules,
    private readonly device: Device,
    private readonly vantage: StartLocation,
    private readonly choose: Choose,
    private readonly flags: Flags,
  ) {}

  from(packet: Packet): Result {
    const { vantage } = this;
    if (vantage.kind === 'interface') return this.inward(vantage.name, packet);
    const unspecified = packet.source === FAMILY_RANGE[getFamily(packet.source)].first;
    if (vantage.kind === 'self') {
      const own = unspecified || ownAddresses(this.device).includes(packet.source);
      if (isLocal(this.device, packet.destination) || !own) return this.result('denied', packet);
      const names =
        routes(this.device, this.vantage, packet.destination) ?? this.device.interfaces.map(({ name }) => name);
      return this.outward(names[this.choose(names.length)]!, packet);
    }
    if (!isLocal(this.device, packet.destination) || !isLocal(this.device, packet.source))
      return this.result('denied', packet);
    const out = this.outward('lo0', packet);
    if (out.verdict === 'denied') return out;
    if (this.freePort || this.source === 'unclear') return this.result('unknown', out.packet);
    if (out.verdict === 'unknown') this.unsure = true;
    return this.inward('lo0', out.packet);
  }

  private result(verdict: Verdict, packet: Packet): Result {
    const { dest: destination, source, freePort } = this;
    return {
      verdict: verdict === 'allowed' && this.unsure ? 'unknown' : verdict,
      packet,
      destination,
      source,
      freePort,
    };
  }

  private inward(name: string, packet: Packet): Result {
    if (this.rules.skipped.includes(name)) return this.route(packet);
    for (const words of this.rules.rdr) {
      if (!asked(name, words) || !holds({ family: 'ip', ...words }, packet, this.choose)) continue;
      if (words.target === undefined && !words.among) break;
      return this.redirected(name, words, packet);
    }
    const { binat } = this.rules;
    for (let i = 0, next = 1; i < binat.length; i = next++) {
      const words = binat[i]!;
      if (!asked(name, words)) continue;
      next = stepped(binat, i, packet, this.choose);
      const { inside, outside } = words;
      if (outside === undefined) {
        if (holds(straight(words), packet, this.choose)) break;
        continue;
      }
      if (!holds(turned(words), packet, this.choose)) continue;
      this.dest = pairing(net(outside), net(inside));
      const { first } = net(inside);
      const moved = { ...packet, destination: (first + packet.destination - net(outside).first) as Address };
      return words.pass ? this.route(moved) : this.filtered(name, moved, true);
    }
    return this.filtered(name, packet, false);
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

  /** The last rule that matches, or the first quick one. */
  private word(name: string, way: 'in' | 'out', packet: Packet, bits = this.flags.bits): FilterSpec {
    let last: FilterSpec = { action: 'pass', words: { state: false } };
    for (const spec of this.rules.filter) {
      const { action, words } = spec;
      if (action === 'match' || ((words.direction ?? 'both') !== 'both' && words.direction !== way)) continue;
      if (packet.protocol === 6 && !flagged(spec, bits)) continue;
      if (!asked(name, words) || !holds(words, packet, this.choose)) continue;
      last = spec;
      if (words.quick) break;
    }
    return last;
  }

  /**
   * Whether the reply to a packet that passed there without state passes, neither translated nor with a state that
   * begins in the middle.
   */
  private answered(name: string, way: 'in' | 'out', packet: Packet): boolean {
    const { filter, skipped } = this.rules;
    if (this.flags.stray || skipped.includes(name)) return true;
    const { source, destination, protocol, port, sourcePort } = packet;
    let back: Packet = { protocol, source: destination, destination: source, port: sourcePort, sourcePort: port };
    const [icmp, replies]: readonly [number, readonly number[]] =
      getFamily(source) === 'ip' ? [1, [8, 0, 13, 14, 15, 16, 17, 18]] : [58, [128, 129]];
    if (protocol === icmp) {
      const kind = replies.indexOf(port);
      if (kind < 0 || kind % 2 === 1) return true;
      back = { ...back, port: replies[kind + 1]!, sourcePort: 0 };
    }
    if (this.translatedBack(name, way, back)) return false;
    if (protocol === 6 && filter.some(({ action, words }) => action === 'block' && (words.flags?.length ?? 0) > 0))
      return false;
    const { action, words } = this.word(name, way, back, 18);
    return action === 'pass' && words.routedTo === undefined && !(protocol === 6 && words.state !== false);
  }

  private translatedBack(name: string, way: 'in' | 'out', packet: Packet): boolean {
    const { rdr, binat, nat } = this.rules;
    const plain = (list: readonly (RdrWords | NatWords)[]): boolean => {
      const found = list.find((words) => asked(name, words) && holds({ family: 'ip', ...words }, packet, this.choose));
      return (
        found !== undefined &&
        (found.target !== undefined || ('among' in found ? found.among : (found as NatWords).unclear) !== undefined)
      );
    };
    if (way === 'in' && plain(rdr)) return true;
    for (let i = 0, next = 1; i < binat.length; i = next++) {
      const words = binat[i]!;
      if (!asked(name, words)) continue;
      if (way === 'in') next = stepped(binat, i, packet, this.choose);
      const fromOutside = way === 'in' && words.outside !== undefined;
      if (!holds(fromOutside ? turned(words) : straight(words), packet, this.choose)) continue;
      if (words.outside !== undefined) return true;
      break;
    }
    return way === 'out' && plain(nat);
  }

  private filtered(name: string, packet: Packet, hasState: boolean): Result {
    const { action, words } = this.word(name, 'in', packet);
    if (action === 'block') return this.result('denied', packet);
    if (words.state === false && !hasState && !this.answered(name, 'out', packet)) this.unsure = true;
    return this.route(packet, words.routedTo);
  }

  private route(packet: Packet, routedTo?: string): Result {
    const local = isLocal(this.device, packet.destination);
    if (routedTo !== undefined) {
      const known = local ? ['local'] : knownRoutes(this.device, packet.destination);
      if (known.length > 0 && known[0] !== routedTo) {
        this.unsure = true;
        const connected = this.device.interfaces
          .flatMap(({ addresses }) => addresses)
          .filter(({ address }) => getFamily(address) === 'ip6');
        const near = connected.some(({ address, length }) =>
          contains(toRange(getNetwork(address, length)), packet.destination),
        );
        if ((local || near) && this.choose(2) === 0) return this.route(packet);
      }
      return this.outward(routedTo, packet);
    }
    if (local) return this.result('allowed', packet);
    const names = this.device.forwarding ? (routes(this.device, this.vantage, packet.destination) ?? []) : [];
    return names.length === 0 ? this.result('denied', packet) : this.outward(names[0]!, packet);
  }

  private outward(name: string, packet: Packet): Result {
    if (this.rules.skipped.includes(name)) return this.result('allowed', packet);
    for (const words of this.rules.binat) {
      if (!asked(name, words)) continue;
      const { inside, outside } = words;
      if (!holds(straight(words), packet, this.choose)) continue;
      if (outside === undefined) break;
      const source = (net(outside).first + packet.source - net(inside).first) as Address;
      return this.natted(name, words, { ...packet, source }, pairing(net(inside), net(outside)), false);
    }
    for (const words of this.rules.nat) {
      if (!asked(name, words) || !holds({ family: 'ip', ...words }, packet, this.choose)) continue;
      const { target, keep, unclear } = words;
      if (unclear !== undefined) {
        const hosts = HOSTS.filter((host) => getFamily(host) === getFamily(packet.source));
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

  private natted(
    name: string,
    translation: BinatWords | NatWords,
    packet: Packet,
    how: string,
    freePort: boolean,
  ): Result {
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
