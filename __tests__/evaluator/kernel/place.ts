// A network namespace of the tests on a kernel: sends packets, and watches with nft which packets arrive in it.

import { ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Done } from '../../agent/resident-shell';
import { SENDER } from './sender';
import { KernelShell } from './shell';

/** A packet that a namespace sends: a single one, or the first of a session. */
export interface Message {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  /** Or type of ICMP. */
  readonly port: number;
  readonly sourcePort: number;
  /** The payload of ICMP and UDP, which distinguishes messages from errors. */
  readonly size: number;
  /** The flags of a segment outside any session, `fin`, `syn,fin`. */
  readonly flags?: string;
}

/** A packet that a namespace has seen. */
export interface Arrived {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  /** Source port, or the length of ICMP. */
  readonly mark: number;
  /** Or type of ICMP. */
  readonly port: number;
}

const FORGET = ['seen', 'seen6', 'pinged'].map((set) => `flush set inet cpk_watch ${set}\n`).join('');

/** The hook at which nft watches packets: `prerouting priority -450`. */
export const watching = (hook: string): string => `
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

const QUIET = [
  'ipv4.conf.all.rp_filter=0',
  'ipv4.conf.default.rp_filter=0',
  'ipv4.conf.default.send_redirects=0',
  'ipv4.conf.all.send_redirects=0',
  'ipv4.icmp_ratelimit=0',
  'ipv6.conf.default.accept_dad=0',
  'ipv6.conf.default.accept_ra=0',
].map((setting) => `net.${setting}`);

/** A network namespace that sends packets; nft itself reports which packets arrive there. */
export class KernelPlace {
  private readonly shell: KernelShell;
  private sender?: ChildProcess;
  private readonly done: ((answer: string) => void)[] = [];

  constructor(readonly namespace: string) {
    execFileSync('ip', ['netns', 'add', namespace]);
    this.shell = new KernelShell(namespace);
    this.run(['sysctl', '-qw', ...QUIET]);
    this.ip(['link set lo up']);
  }

  /** The result of a command in it. */
  tried = (command: readonly string[], input = ''): Done => this.shell.run(command, input);

  /** The output of a command in it. Throws if it fails. */
  run(command: readonly string[], input = ''): string {
    const { status, stdout, stderr } = this.tried(command, input);
    if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Lines for `ip`. */
  ip(lines: readonly string[]): void {
    this.run(['ip', '-batch', '-'], lines.join('\n'));
  }

  /**
   * Gives `lo` these global addresses and no other. The kernel makes an IPv6 address usable later unless it has
   * `nodad`.
   */
  setOwnAddresses(addresses: readonly string[]): void {
    const lines = addresses.map((address) => `addr add ${address} dev lo${address.includes(':') ? ' nodad' : ''}`);
    this.ip(['addr flush dev lo scope global', ...lines]);
  }

  /** A cable from an interface here to one there. */
  joins(name: string, mac: string, there: KernelPlace, theirs: string, theirMac: string): void {
    this.ip([
      `link add ${name} address ${mac} type veth peer name ${theirs} address ${theirMac} netns ${there.namespace}`,
      `link set ${name} up`,
    ]);
    there.ip([`link set ${theirs} up`]);
  }

  /** Watches packets at this hook from now on. */
  watch(hook: string): void {
    this.run(['nft', '-f', '-'], watching(hook));
  }

  /** Sends all of them at once. Throws if one was not sent: it would count as one that did not arrive. */
  async send(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const sender = (this.sender ??= this.begun());
    const answer = await new Promise<string>((resolve) => {
      this.done.push(resolve);
      const lines = messages.map(({ from, to, protocol, port, sourcePort, size, flags = '' }) =>
        [from, to, protocol, port, sourcePort, size, flags].join(' '),
      );
      sender.stdin!.write(`${lines.join(';')}\n`);
    });
    if (answer !== 'sent') throw new Error(`${this.namespace}: not sent ${answer}`);
  }

  private begun(): ChildProcess {
    const sender = spawn('ip', ['netns', 'exec', this.namespace, 'perl', '-e', SENDER], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    createInterface({ input: sender.stdout }).on('line', (line) => this.done.shift()?.(line));
    return sender;
  }

  /** The packets that have arrived since the last call. */
  seen(): readonly Arrived[] {
    const listed = JSON.parse(this.run(['nft', '-j', '-n', 'list', 'table', 'inet', 'cpk_watch'])) as {
      nftables: { set?: { name: string; elem?: { concat: (string | number)[] }[] } }[];
    };
    const seen = listed.nftables.flatMap(({ set }) =>
      (set?.elem ?? []).map(({ concat: [source, destination, third, fourth, fifth] }) => ({
        source: String(source),
        destination: String(destination),
        ...(set!.name === 'pinged'
          ? { protocol: 1, mark: Number(third), port: Number(fourth) }
          : { protocol: third === 'tcp' || third === 6 ? 6 : 17, mark: Number(fourth), port: Number(fifth) }),
      })),
    );
    if (seen.length > 0) this.run(['nft', '-f', '-'], FORGET);
    return seen;
  }

  remove(): void {
    this.sender?.stdin?.end();
    this.sender?.kill();
    this.shell.end();
    spawnSync('ip', ['netns', 'del', this.namespace]);
  }
}
