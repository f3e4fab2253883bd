// Scans TCP ports of an address from a node of the lab with nmap, and returns which are open, closed and silent.
import { Lab } from '../lab';
import { droppedPackets } from './count-dropped-packets';
import { parsePorts } from './ports';
import { NODES } from '../topology';
import { Target, spoken } from './target';

export interface Scan {
  /** Ports that answered with SYN-ACK. */
  readonly open: readonly number[];
  /** Ports that answered with a reset: the packet reached a TCP without a listener there. */
  readonly closed: readonly number[];
  /** Ports without an answer, or with an ICMP error from the way. */
  readonly silent: readonly number[];
}

/** Speed of a scan: thousands of ports once, a few twice, or with patience for ports that should have answered. */
type Pace = 'once' | 'twice' | 'patient';

// Above 20,000 a second nmap loses answers, and then waits for them.
const PACE: Readonly<Record<Pace, readonly string[]>> = {
  once: ['--min-rate', '20000', '--max-retries', '0', '--initial-rtt-timeout', '100ms', '--max-rtt-timeout', '100ms'],
  twice: ['--min-rate', '20000', '--max-retries', '1', '--initial-rtt-timeout', '500ms'],
  patient: ['--min-rate', '3000', '--max-retries', '3', '--initial-rtt-timeout', '1s'],
};

/** Veths lose only packets that a busy machine has no time for, and the kernel counts those. */
const ROUNDS = 3;

/** Scans TCP ports of an address from a node: all 65,535 in seconds, even if a firewall is silent. */
export async function scan(lab: Lab, target: Target, ports: string, pace: Pace = 'twice'): Promise<Scan> {
  for (let round = 1; ; round += 1) {
    const before = droppedPackets();
    const seen = await scanOnce(lab, target, ports, pace);
    if (pace !== 'once' || droppedPackets() === before || round === ROUNDS) return seen;
  }
}

async function scanOnce(lab: Lab, { from, to, source }: Target, ports: string, pace: Pace): Promise<Scan> {
  const family = to.includes(':') ? ['-6'] : [];
  // nmap's raw packets bypass the sender's own rules, which matter most if a server asks itself.
  const kind = NODES.some(({ name, kind: its }) => name === from && its === 'device') ? '-sT' : '-sS';
  const argv = [
    'nmap',
    ...family,
    ...spoken(from, source),
    '-n',
    '-Pn',
    kind,
    ...PACE[pace],
    '-p',
    ports,
    '-oX',
    '-',
    to,
  ];
  const { status, out, err } = await lab.exec(from, argv, { seconds: 240 });
  if (status !== 0) throw new Error(`nmap from ${from} to ${to}: ${err.trim()}`);
  return readScan(out, parsePorts(ports));
}

/** Parses nmap's XML. Throws if a port is missing in it, because it would count as closed. */
export function readScan(xml: string, asked: readonly number[]): Scan {
  // An address on the same wire that doesn't answer ARP, so nothing was sent to it.
  if (/<hosts up="0" down="1" total="1"\/>/.test(xml)) return { open: [], closed: [], silent: asked };
  const states = new Map<number, string>();
  for (const [, port, state] of xml.matchAll(/<port protocol="tcp" portid="(\d+)"><state state="([^"]+)"/g))
    states.set(Number(port), state ?? '');
  for (const [, state = '', reasons = ''] of xml.matchAll(/<extraports state="([^"]+)"[^>]*>(.*?)<\/extraports>/gs)) {
    for (const [, ports = ''] of reasons.matchAll(/<extrareasons [^>]*ports="([^"]*)"/g))
      for (const port of parsePorts(ports)) states.set(port, state);
  }
  const missing = asked.filter((port) => !states.has(port));
  if (missing.length > 0)
    throw new Error(`nmap said nothing about ${missing.length} of ${asked.length} ports, the first is ${missing[0]}.`);
  const are = (state: string) => asked.filter((port) => states.get(port) === state);
  return {
    open: are('open'),
    closed: are('closed'),
    silent: asked.filter((port) => !['open', 'closed'].includes(states.get(port) ?? '')),
  };
}
