import { ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SENDER } from './kernel-sender';

/** A gateway with an outside and an inside, each a network namespace; nft itself watches what arrives where. */
const PREFIX = `cpk-${process.pid}`;
export type Place = 'gw' | 'out' | 'in';
const PLACES: readonly Place[] = ['gw', 'out', 'in'];
const nameOf = (place: Place): string => `${PREFIX}-${place}`;

export const canUseKernel = (): boolean =>
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  ['nft', 'ip', 'conntrack', 'nping'].every((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0) &&
  spawnSync('ip', ['netns', 'add', `${PREFIX}-try`]).status === 0 &&
  spawnSync('ip', ['netns', 'del', `${PREFIX}-try`]).status === 0;

const inside = (place: Place, ...command: readonly string[]): string =>
  execFileSync('ip', ['netns', 'exec', nameOf(place), ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
  });

/** Where packets are seen: at the end of the gateway's input, and as soon as they come to the others. */
const watch = (hook: string): string => `
table inet cpk_watch
delete table inet cpk_watch
table inet cpk_watch {
  set seen { type ipv4_addr . ipv4_addr . inet_proto . inet_service . inet_service; flags dynamic; size 65535; }
  set seen6 { type ipv6_addr . ipv6_addr . inet_proto . inet_service . inet_service; flags dynamic; size 65535; }
  set pinged { typeof ip saddr . ip daddr . ip length . icmp type; flags dynamic; size 65535; }
  chain see { type filter hook ${hook};
    meta l4proto { tcp, udp } meta nfproto ipv4 add @seen { ip saddr . ip daddr . meta l4proto . th sport . th dport }
    meta l4proto { tcp, udp } meta nfproto ipv6 add @seen6 { ip6 saddr . ip6 daddr . meta l4proto . th sport . th dport }
    meta l4proto icmp add @pinged { ip saddr . ip daddr . ip length . icmp type }
  }
}
`;

export interface Probe {
  readonly place: Place;
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  /** Or type of ICMP. */
  readonly port: number;
  readonly sourcePort: number;
  /** Payload of ICMP and UDP, by which messages and errors are told from others. */
  readonly size: number;
  /** Of a segment that no session sent, as nping has them: `fin`, `syn,fin`. */
  readonly flags?: string;
}

export interface Seen {
  readonly place: Place;
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  /** Source port, or the length of ICMP. */
  readonly mark: number;
  /** Or type of ICMP. */
  readonly port: number;
}

export class Namespaces {
  private readonly folder = mkdtempSync(join(tmpdir(), 'cpk-'));
  private readonly senders = new Map<Place, { process: ChildProcess; done: (() => void)[] }>();

  constructor() {
    for (const place of PLACES) execFileSync('ip', ['netns', 'add', nameOf(place)]);
    for (const place of PLACES)
      inside(
        place,
        'sh',
        '-c',
        'sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.default.send_redirects=0 net.ipv4.conf.all.send_redirects=0 net.ipv4.icmp_ratelimit=0 net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.accept_ra=0; ip link set lo up',
      );
    this.join('out', 'up0', 'wan0', '02:00:00:00:01:07', '02:00:00:00:01:02');
    this.join('in', 'up0', 'br0', '02:00:00:00:02:10', '02:00:00:00:02:01');
    inside('gw', 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
    this.ip('gw', [
      'addr add 198.51.100.2/24 dev wan0',
      'addr add 10.0.0.1/24 dev br0',
      'addr add 203.0.113.10/32 dev lo',
      'addr add 2001:db8:1::2/64 dev wan0 nodad',
      'addr add 2001:db8:2::1/64 dev br0 nodad',
    ]);
    this.ip('out', ['addr add 198.51.100.7/24 dev up0', 'addr add 2001:db8:1::7/64 dev up0 nodad']);
    this.others([]);
    this.ip('in', ['addr add 10.0.0.10/24 dev up0', 'addr add 10.0.0.11/24 dev up0', 'addr add 2001:db8:2::10/64 dev up0 nodad']);
    this.ip('gw', [
      'route add default via 198.51.100.7',
      '-6 route add default via 2001:db8:1::7',
      ...this.neighbours('wan0', '02:00:00:00:01:07', ['198.51.100.7', '2001:db8:1::7']),
      ...this.neighbours('br0', '02:00:00:00:02:10', ['10.0.0.10', '10.0.0.11', '2001:db8:2::10']),
    ]);
    this.ip('out', [
      'route add default via 198.51.100.2',
      '-6 route add default via 2001:db8:1::2',
      ...this.neighbours('up0', '02:00:00:00:01:02', ['198.51.100.2', '2001:db8:1::2']),
    ]);
    this.ip('in', [
      'route add default via 10.0.0.1',
      '-6 route add default via 2001:db8:2::1',
      ...this.neighbours('up0', '02:00:00:00:02:01', ['10.0.0.1', '2001:db8:2::1']),
    ]);
    for (const place of PLACES) {
      const process = spawn('ip', ['netns', 'exec', nameOf(place), globalThis.process.execPath, '-e', SENDER], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const sender = { process, done: [] as (() => void)[] };
      createInterface({ input: process.stdout! }).on('line', () => sender.done.shift()?.());
      this.senders.set(place, sender);
    }
  }

  private join(place: Place, theirs: string, ours: string, mac: string, gateway: string): void {
    const end = `peer name ${theirs} address ${mac} netns ${nameOf(place)}`;
    execFileSync('ip', `link add ${ours} address ${gateway} netns ${nameOf('gw')} type veth ${end}`.split(' '));
    this.ip('gw', [`link set ${ours} up`]);
    this.ip(place, [`link set ${theirs} up`]);
  }

  private neighbours = (device: string, mac: string, addresses: readonly string[]): string[] =>
    addresses.map((address) => `neigh replace ${address} lladdr ${mac} dev ${device} nud permanent`);

  /** Who is outside, too, in place of who was before. */
  others(addresses: readonly string[]): void {
    this.ip('out', [
      'addr flush dev lo scope global',
      ...['192.0.2.5', '2001:db8:9::1', ...addresses].map((one) => `addr add ${one} dev lo`),
    ]);
  }

  private ip(place: Place, lines: readonly string[]): void {
    for (const line of lines) inside(place, 'ip', ...line.split(' '));
  }

  /** Loads a ruleset, without the lines that this kernel or nft doesn't take; returns what was loaded. Sessions end, unless they are kept. */
  load(ruleset: string, sessions: 'end' | 'keep' = 'end'): { readonly text: string; readonly listed: string } {
    // Not every kernel has queues; what a queue does can't be asked for anyway.
    let lines = ruleset.split('\n').filter((line) => !line.includes('queue'));
    for (let attempt = 0; attempt < 40; attempt++) {
      const path = join(this.folder, 'ruleset.nft');
      writeFileSync(path, `flush ruleset\n${lines.join('\n')}`);
      const { status, stderr } = spawnSync('ip', ['netns', 'exec', nameOf('gw'), 'nft', '-f', path], { encoding: 'utf8', timeout: 20_000 });
      if (status === 0) {
        const listed = this.listed() ?? lines.join('\n');
        this.watch();
        if (sessions === 'end') inside('gw', 'conntrack', '-F');
        return { text: lines.join('\n'), listed };
      }
      const bad = [...stderr.matchAll(/ruleset\.nft:(\d+):/g)].map((match) => Number(match[1]) - 2);
      const taken = bad.filter((index) => lines[index]?.startsWith('    ') && !lines[index]!.includes(' hook '));
      if (taken.length === 0) throw new Error(`nft refuses the ruleset: ${stderr}`);
      lines = lines.filter((_, index) => !taken.includes(index));
    }
    throw new Error('nft refuses the ruleset');
  }

  /** What a command in the gateway prints. Throws where it fails. */
  run(command: readonly string[], input = ''): string {
    const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', nameOf('gw'), ...command], {
      encoding: 'utf8',
      input,
      timeout: 20_000,
    });
    if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Undefined where nft 1.0.6 stumbles over its own rules (`payload_expr_complete: Assertion failed`). */
  private listed(): string | undefined {
    const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', nameOf('gw'), 'nft', 'list', 'ruleset'], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    if (status === 0) return stdout;
    if (stderr.includes('Assertion')) return undefined;
    throw new Error(`nft can't list the ruleset: ${stderr}`);
  }

  private watch(): void {
    for (const place of PLACES) {
      const path = join(this.folder, `${place}.nft`);
      writeFileSync(path, watch(place === 'gw' ? 'input priority 2000' : 'prerouting priority -450'));
      inside(place, 'nft', '-f', path);
    }
  }

  /** Sends all probes at once and says what arrived where. */
  async ask(probes: readonly Probe[]): Promise<readonly Seen[]> {
    await Promise.all(
      PLACES.map(async (place) => {
        const own = probes.filter((probe) => probe.place === place);
        if (own.length === 0) return;
        const sender = this.senders.get(place)!;
        await new Promise<void>((resolve) => {
          sender.done.push(resolve);
          sender.process.stdin!.write(`${JSON.stringify(own)}\n`);
        });
      }),
    );
    return PLACES.flatMap((place) => this.seen(place));
  }

  /** Takes all sessions of UDP for answered, and forgets what was seen by now. */
  answered(): void {
    // Without a session there is nothing to change, and that is an error.
    for (const family of ['ipv4', 'ipv6'])
      spawnSync('ip', `netns exec ${nameOf('gw')} conntrack -U -f ${family} -p udp -u SEEN_REPLY,ASSURED`.split(' '), { timeout: 20_000 });
    for (const place of PLACES)
      for (const set of ['seen', 'seen6', 'pinged']) inside(place, 'nft', 'flush', 'set', 'inet', 'cpk_watch', set);
  }

  private seen(place: Place): readonly Seen[] {
    const listed = JSON.parse(inside(place, 'nft', '-j', '-n', 'list', 'table', 'inet', 'cpk_watch')) as {
      nftables: { set?: { name: string; elem?: { concat: (string | number)[] }[] } }[];
    };
    return listed.nftables.flatMap(({ set }) =>
      (set?.elem ?? []).map(({ concat: [source, destination, third, mark, port] }) =>
        set!.name === 'pinged'
          ? { place, source: String(source), destination: String(destination), protocol: 1, mark: Number(third), port: Number(mark) }
          : {
              place,
              source: String(source),
              destination: String(destination),
              protocol: third === 'tcp' || third === 6 ? 6 : 17,
              mark: Number(mark),
              port: Number(port),
            },
      ),
    );
  }

  remove(): void {
    for (const { process } of this.senders.values()) process.stdin?.end();
    for (const { process } of this.senders.values()) process.kill();
    for (const place of PLACES) spawnSync('ip', ['netns', 'del', nameOf(place)]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
