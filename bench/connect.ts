// Benchmark: measures how long a new TCP connection to the last mapping takes with each ruleset (no rules, written by
// hand, generated for nftables and iptables, one rule for each port). Client, gateway and server are network namespaces
// of this machine, so it needs root.
import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inside, outside } from './farm';
import { Result } from './table';

const PROGRAM = join(__dirname, 'connect.py');
const TIMES = 300;

const ip = (...args: readonly string[]): string =>
  execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });

/** Client, firewall and server: the names of three network namespaces that this program makes on this machine. */
interface Line {
  readonly client: string;
  readonly firewall: string;
  readonly server: string;
}

function build(count: number): Line {
  const [client, firewall, server] = ['c', 'f', 's'].map((role) => `ceb${process.pid}${role}`) as [
    string,
    string,
    string,
  ];
  for (const name of [client, firewall, server]) {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  ip('-n', client, 'link', 'add', 'c0', 'type', 'veth', 'peer', 'name', 'wan', 'netns', firewall);
  ip('-n', server, 'link', 'add', 's0', 'type', 'veth', 'peer', 'name', 'lan', 'netns', firewall);
  const address = (name: string, text: string, device: string): void => {
    ip('-n', name, 'addr', 'add', text, 'dev', device);
    ip('-n', name, 'link', 'set', device, 'up');
  };
  address(client, '192.0.2.1/24', 'c0');
  address(firewall, '192.0.2.2/24', 'wan');
  address(firewall, '10.127.255.254/10', 'lan');
  address(server, '10.127.255.253/10', 's0');
  ip('-n', server, 'addr', 'add', `${inside(count - 1)}/32`, 'dev', 's0');
  ip('-n', client, 'route', 'add', 'default', 'via', '192.0.2.2');
  ip('-n', server, 'route', 'add', 'default', 'via', '10.127.255.254');
  ip('netns', 'exec', firewall, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  return { client, firewall, server };
}

function remove({ client, firewall, server }: Line): void {
  for (const name of [client, firewall, server]) ip('netns', 'del', name);
}

function serve({ server }: Line): ChildProcess {
  return spawn('ip', ['netns', 'exec', server, 'python3', PROGRAM, 'serve', '443'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

function ask({ client }: Line, address: string): number {
  return Number(ip('netns', 'exec', client, 'python3', PROGRAM, 'ask', address, '443', String(TIMES)));
}

/** Returns the time of one new connection to the last mapping, by ruleset. The first row has no rules. */
export function connections(count: number, runs: number, folder: string): Result[] {
  const last = count - 1;
  const rows = [
    { label: 'no rules', load: [], text: undefined, to: inside(last) },
    { label: 'ideal by hand', load: ['nft', '-f'], text: join(folder, 'ideal.nft'), to: outside(last) },
    { label: 'cpanel-edge, nftables', load: ['nft', '-f'], text: join(folder, 'ours.nft'), to: outside(last) },
    ...['nft', 'legacy'].map((backEnd) => ({
      label: `cpanel-edge, iptables (${backEnd})`,
      load: [`iptables-${backEnd}-restore`],
      text: join(folder, 'ours.rules4'),
      to: outside(last),
    })),
    { label: 'one rule for each port', load: ['nft', '-f'], text: join(folder, 'single.nft'), to: outside(last) },
  ].map((row) => ({ ...row, values: [] as number[], why: hindrance(row.text) }));
  for (let round = 0; round < runs; round += 1) {
    for (const row of rows) {
      if (row.why !== '') continue;
      const line = build(count);
      const server = serve(line);
      try {
        if (row.text !== undefined) ip('netns', 'exec', line.firewall, ...row.load, row.text);
        row.values.push(ask(line, row.to));
      } catch (error) {
        row.why = error instanceof Error ? error.message.split('\n')[0]! : String(error);
        row.values.length = 0;
      } finally {
        server.kill();
        remove(line);
      }
    }
  }
  return rows.map(({ label, values, why }) => ({
    label,
    unit: 'µs' as const,
    budget: undefined,
    peakBudget: undefined,
    values,
    cpus: [],
    peaks: [],
    why,
  }));
}

function hindrance(text: string | undefined): string {
  if (process.getuid?.() !== 0) return 'needs root';
  return text === undefined || existsSync(text) ? '' : 'not compiled';
}
