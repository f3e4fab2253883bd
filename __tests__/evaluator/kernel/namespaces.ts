// Creates a gateway with an outside and an inside host as network namespaces, sends packets, and observes with nft
// where they arrive.

import { spawnSync } from 'node:child_process';
import { Arrived, KernelPlace, Message, watching } from './place';

/** A gateway with an outside and an inside, each a network namespace; nft itself reports which packets arrive where. */
const PREFIX = `cpk-${process.pid}`;
export type Place = 'gw' | 'out' | 'in';
const PLACES: readonly Place[] = ['gw', 'out', 'in'];
const WATCHING = watching('input priority 2000');

export const canUseKernel = (): boolean =>
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  ['nft', 'ip', 'conntrack', 'perl'].every((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0) &&
  spawnSync('ip', ['netns', 'add', `${PREFIX}-try`]).status === 0 &&
  spawnSync('ip', ['netns', 'del', `${PREFIX}-try`]).status === 0;

export interface Probe extends Message {
  readonly place: Place;
}

export interface Seen extends Arrived {
  readonly place: Place;
}

export class Namespaces {
  private readonly at: Readonly<Record<Place, KernelPlace>>;

  constructor() {
    const [gw, out, inside] = PLACES.map((place) => new KernelPlace(`${PREFIX}-${place}`)) as [
      KernelPlace,
      KernelPlace,
      KernelPlace,
    ];
    this.at = { gw, out, in: inside };
    for (const place of [out, inside]) place.watch('prerouting priority -450');
    gw.joins('wan0', '02:00:00:00:01:02', out, 'up0', '02:00:00:00:01:07');
    gw.joins('br0', '02:00:00:00:02:01', inside, 'up0', '02:00:00:00:02:10');
    gw.run(['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
    gw.ip([
      'addr add 198.51.100.2/24 dev wan0',
      'addr add 10.0.0.1/24 dev br0',
      'addr add 203.0.113.10/32 dev lo',
      'addr add 2001:db8:1::2/64 dev wan0 nodad',
      'addr add 2001:db8:2::1/64 dev br0 nodad',
    ]);
    out.ip(['addr add 198.51.100.7/24 dev up0', 'addr add 2001:db8:1::7/64 dev up0 nodad']);
    this.others([]);
    inside.ip([
      'addr add 10.0.0.10/24 dev up0',
      'addr add 10.0.0.11/24 dev up0',
      'addr add 2001:db8:2::10/64 dev up0 nodad',
    ]);
    gw.ip([
      'route add default via 198.51.100.7',
      'route add default via 2001:db8:1::7',
      ...neighbours('wan0', '02:00:00:00:01:07', ['198.51.100.7', '2001:db8:1::7']),
      ...neighbours('br0', '02:00:00:00:02:10', ['10.0.0.10', '10.0.0.11', '2001:db8:2::10']),
    ]);
    out.ip([
      'route add default via 198.51.100.2',
      'route add default via 2001:db8:1::2',
      ...neighbours('up0', '02:00:00:00:01:02', ['198.51.100.2', '2001:db8:1::2']),
    ]);
    inside.ip([
      'route add default via 10.0.0.1',
      'route add default via 2001:db8:2::1',
      ...neighbours('up0', '02:00:00:00:02:01', ['10.0.0.1', '2001:db8:2::1']),
    ]);
  }

  /** Replaces the hosts that are outside. */
  others(addresses: readonly string[]): void {
    this.at.out.setOwnAddresses(['192.0.2.5', '2001:db8:9::1', ...addresses]);
  }

  /**
   * Loads a ruleset, without the lines that this kernel or nft doesn't accept; returns the loaded text. Sessions end,
   * unless they are kept.
   */
  load(ruleset: string, sessions: 'end' | 'keep' = 'end'): string {
    // Not every kernel has queues, and the effect of a queue can't be tested.
    let lines = ruleset.split('\n').filter((line) => !line.includes('queue'));
    for (let attempt = 0; attempt < 40; attempt++) {
      const { status, stderr } = this.at.gw.tried(
        ['nft', '-f', '-'],
        `flush ruleset\n${lines.join('\n')}\n${WATCHING}`,
      );
      if (status === 0) {
        if (sessions === 'end') this.run(['conntrack', '-F']);
        return lines.join('\n');
      }
      const bad = [...stderr.matchAll(/stdin:(\d+):/g)].map((match) => Number(match[1]) - 2);
      const taken = bad.filter((index) => lines[index]?.startsWith('    ') && !lines[index]!.includes(' hook '));
      if (taken.length === 0) throw new Error(`nft refuses the ruleset: ${stderr}`);
      lines = lines.filter((_, index) => !taken.includes(index));
    }
    throw new Error('nft refuses the ruleset');
  }

  /** The output of a command in the gateway. Throws if it fails. */
  run(command: readonly string[], input = ''): string {
    return this.at.gw.run(command, input);
  }

  /**
   * nft's listing of the loaded ruleset. Undefined if nft 1.0.6 fails on its own rules (`payload_expr_complete:
   * Assertion failed`), and if it would not load its own listing: of a rule that never matches it leaves out the reason
   * (`meta l4proto gre ip6 nexthdr tcp reject with tcp reset`).
   */
  listed(): string | undefined {
    const { status, stdout, stderr } = this.at.gw.tried(['nft', 'list', 'ruleset']);
    if (status === 0) {
      const listed = stdout.slice(0, stdout.indexOf('table inet cpk_watch'));
      return this.at.gw.tried(['nft', '-c', '-f', '-'], listed).stderr.includes('cannot use tcp reset')
        ? undefined
        : listed;
    }
    if (stderr.includes('Assertion')) return undefined;
    throw new Error(`nft can't list the ruleset: ${stderr}`);
  }

  /** Sends all probes at once and returns what arrived where. */
  async ask(probes: readonly Probe[]): Promise<readonly Seen[]> {
    await Promise.all(PLACES.map((place) => this.at[place].send(probes.filter((probe) => probe.place === place))));
    return PLACES.flatMap((place) => this.at[place].seen().map((seen) => ({ ...seen, place })));
  }

  /** Marks all UDP sessions as answered. */
  answered(): void {
    // Without a session there is nothing to change, which is an error.
    for (const family of ['ipv4', 'ipv6'])
      this.at.gw.tried(['conntrack', '-U', '-f', family, '-p', 'udp', '-u', 'SEEN_REPLY,ASSURED']);
  }

  remove(): void {
    for (const place of PLACES) this.at[place].remove();
  }
}

const neighbours = (device: string, mac: string, addresses: readonly string[]): string[] =>
  addresses.map((address) => `neigh replace ${address} lladdr ${mac} dev ${device} nud permanent`);
