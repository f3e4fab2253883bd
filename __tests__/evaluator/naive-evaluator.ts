// A naive evaluator of the ruleset model by plain loops, with which the real one is compared.

import { Address, getNetwork, toRange } from '../../lib/net/address';
import { Device } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { contains } from '../../lib/net/range';
import {
  BaseChain,
  Condition,
  RuleVerdict,
  RuleAction,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
} from '../../lib/evaluator/ruleset-model';

/**
 * The outcome of one packet for one choice of the unknowns: `denied`, `unknown` after a rule that is not understood, or
 * its end and its addresses.
 */
type Fate = 'denied' | 'unknown' | string;

type Verdict = 'accept' | 'drop' | 'return' | 'next';
type Header = Pick<Packet, 'source' | 'destination' | 'port' | 'protocol' | 'sourcePort'>;

/**
 * The ruleset model by plain loops, for boxes with few rules: each unknown is tried both ways, and each way runs from
 * the first chain to the last. No sets, no joining of outcomes, no caches. Packets come by an interface.
 */
export function naively(
  ruleset: LoweredRuleset,
  device: Device,
  iif: string,
  packet: Packet,
): {
  readonly fates: ReadonlySet<Fate>;
  readonly doubted: boolean;
  /** The fates of the ways on which each condition that depends on the client goes as for a new one. */
  readonly newClientFates: ReadonlySet<Fate>;
  readonly newClientDoubted: boolean;
} {
  const fates = new Set<Fate>();
  const newClientFates = new Set<Fate>();
  const script: boolean[] = [];
  let ways = 0;
  let newClientWays = 0;
  do {
    const way = new Way(ruleset, device, iif, script);
    const fate = gone(way, packet);
    fates.add(fate);
    ways++;
    if (!way.isOfNewClient) continue;
    newClientFates.add(fate);
    newClientWays++;
  } while (nextScript(script));
  return { fates, doubted: ways > 1, newClientFates, newClientDoubted: newClientWays > 1 };
}

/** Thrown at a rule that is not understood. */
class Opaque extends Error {}

function gone(way: Way, packet: Packet): Fate {
  try {
    return way.goes(packet);
  } catch (error) {
    if (error instanceof Opaque) return 'unknown';
    throw error;
  }
}

function nextScript(script: boolean[]): boolean {
  while (script.at(-1) === true) script.pop();
  if (script.length === 0) return false;
  script[script.length - 1] = true;
  return true;
}

class Way {
  private at = 0;
  private oif = '';
  private skips = false;
  /** No condition went otherwise than for a new client. */
  isOfNewClient = true;

  constructor(
    private readonly ruleset: LoweredRuleset,
    private readonly device: Device,
    private readonly iif: string,
    private readonly script: boolean[],
  ) {}

  goes(packet: Header): Fate {
    const led = this.translated('prerouting', packet);
    if (!this.skips && !this.passes('prerouting', led)) return 'denied';
    this.skips = false;
    const own = this.device.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
    const isOwn = [...own, ...this.device.localAddresses].includes(led.destination);
    if (isOwn) return this.passes('input', led) ? this.ends(led, led) : 'denied';
    this.oif = this.wayTo(led.destination);
    if (!this.passes('forward', led)) return 'denied';
    const left = this.translated('postrouting', led);
    return this.skips || this.passes('postrouting', left) ? this.ends(left, led) : 'denied';
  }

  private readonly ends = ({ source }: Header, { destination, port }: Header): Fate =>
    `${destination}:${port} from ${source}`;

  private wayTo(destination: Address): string {
    const { interfaces } = this.device;
    const networks = interfaces.flatMap(({ name, addresses }) =>
      addresses.map(({ address, length }) => ({ name, address, length })),
    );
    const near = networks.find(({ address, length }) => contains(toRange(getNetwork(address, length)), destination));
    return near?.name ?? interfaces.find(({ role }) => role === 'outside')!.name;
  }

  private bases(type: BaseChain['type'], hook: string): readonly BaseChain[] {
    const here = hook === 'postrouting' ? this.oif : this.iif;
    return this.ruleset.baseChains
      .filter(
        (base) =>
          base.type === type && base.hook === hook && (base.devices.length === 0 || base.devices.includes(here)),
      )
      .sort((a, b) => a.priority - b.priority);
  }

  private passes(hook: string, packet: Header): boolean {
    return this.bases('filter', hook).every((base) => {
      const said = this.chain(base.chain, packet);
      return said === 'accept' || (said !== 'drop' && base.policy !== 'drop');
    });
  }

  private chain(chain: LoweredChain, packet: Header): Verdict {
    for (const rule of chain.rules) {
      if (!this.matches(rule, packet)) continue;
      if (rule.action?.is === 'opaque') throw new Opaque();
      const said = rule.action?.is === 'verdict' ? this.decided(rule.action.verdict, packet) : 'next';
      if (said !== 'next') return said;
    }
    return 'next';
  }

  private decided(verdict: RuleVerdict, packet: Header): Verdict {
    switch (verdict.is) {
      case 'pass':
        return 'accept';
      case 'jump':
      case 'goto': {
        const said = this.chain(verdict.chain, packet);
        if (said === 'accept' || said === 'drop') return said;
        return verdict.is === 'jump' ? 'next' : 'return';
      }
      case 'accept':
      case 'drop':
      case 'return':
        return verdict.is;
      default:
        return 'next';
    }
  }

  private translated(hook: string, packet: Header): Header {
    for (const base of this.bases('nat', hook)) {
      for (const rule of base.chain.rules) {
        if (!this.matches(rule, packet)) continue;
        if (rule.action?.is === 'verdict') break;
        const made = this.rewritten(rule.action!, packet);
        if (made) return made;
      }
    }
    return packet;
  }

  /** Undefined if a map has no entry for the packet: then the next rule is evaluated. */
  private rewritten(end: RuleAction, packet: Header): Header | undefined {
    if (end.is === 'opaque') throw new Opaque();
    if (end.is === 'look up') {
      const field = end.kind === 'dnat' ? packet.destination : packet.source;
      const entry = end.entries.find(
        ({ values: [value] }) => value?.is === 'addresses' && contains(value.range, field),
      );
      return entry && set(packet, end.kind, entry.to.addresses!.first, undefined);
    }
    if (end.is !== 'translate') throw new Error(`${end.is} is not tried`);
    this.skips = end.skipsFilter === true;
    return set(packet, end.kind, end.to.addresses?.first, end.to.ports?.first);
  }

  private matches({ conditions }: LoweredRule, packet: Header): boolean {
    return conditions.every((one) => this.holds(one, packet));
  }

  private holds(condition: Condition, packet: Header): boolean {
    if (condition.is === 'packets') {
      const newClient = condition.newClient && condition.newClient.findValue(packet) === true;
      return (
        condition.must.findValue(packet) === true ||
        (condition.may.findValue(packet) === true && this.perhaps(newClient))
      );
    }
    if (condition.is === 'doubt') return this.perhaps(condition.newClient);
    if (condition.is !== 'member') throw new Error(`${condition.is} is not tried`);
    const { looksAt } = condition.fields[0]!;
    const listed = condition.members.tuples.some(({ values: [value] }) => {
      if (looksAt.is === 'address' && value?.is === 'addresses')
        return contains(value.range, packet[looksAt.axis as 'source']);
      if (looksAt.is === 'number' && value?.is === 'numbers')
        return value.range.first <= packet.port && packet.port <= value.range.last;
      return (
        looksAt.is === 'interface' &&
        value?.is === 'name' &&
        value.name === (looksAt.side === 'in' ? this.iif : this.oif)
      );
    });
    return listed !== condition.negated;
  }

  private perhaps(newClient: boolean | undefined): boolean {
    const choice = (this.script[this.at++] ??= false);
    if (newClient !== undefined && choice !== newClient) this.isOfNewClient = false;
    return choice;
  }
}

const set = (packet: Header, kind: 'dnat' | 'snat', to: bigint | undefined, port: number | undefined): Header => ({
  ...packet,
  ...(to === undefined ? {} : { [kind === 'dnat' ? 'destination' : 'source']: to as Address }),
  ...(port === undefined ? {} : { port }),
});
