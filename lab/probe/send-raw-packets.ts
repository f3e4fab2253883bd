// Sends ping, GRE and SCTP packets from a lab node with nmap, because Node has no sockets for them. The capture on
// the wire shows where GRE and SCTP arrive.
import { Lab } from '../lab';
import { Target, spoken } from './target';

/** Protocols without sockets here. They are sent as raw packets and observed on the wire. */
export const RAW = { icmp: 1, gre: 47, sctp: 132 } as const;
export const ICMPV6 = 58;
type RawProtocol = keyof typeof RAW;

/** Returns whether an echo request is answered. */
export async function ping(lab: Lab, { from, to, source }: Target): Promise<boolean> {
  const family = to.includes(':') ? ['-6'] : [];
  const { out } = await lab.exec(from, [
    'nmap',
    ...family,
    ...spoken(from, source),
    '-n',
    '-sn',
    '-PE',
    '--disable-arp-ping',
    '--max-retries',
    '1',
    '-oX',
    '-',
    to,
  ]);
  return /<status state="up"/.test(out);
}

/** Sends a few packets of a protocol. The wire records where they arrive. */
export async function send(
  lab: Lab,
  { from, to, source }: Target,
  protocol: Exclude<RawProtocol, 'icmp'>,
): Promise<void> {
  const packet = {
    // A whole GRE header (version 0, carrying IPv4). Connection tracking drops an empty one as malformed, which would
    // prove nothing.
    gre: ['-sO', '-p', '47', '--data', '0x0000080045000000'],
    sctp: ['-sY', '-p', '2087'],
  }[protocol];
  const family = to.includes(':') ? ['-6'] : [];
  const argv = ['nmap', ...family, ...spoken(from, source), '-n', '-Pn', ...packet, '--max-retries', '1', to];
  const { status, err } = await lab.exec(from, argv);
  if (status !== 0) throw new Error(`nmap ${packet.join(' ')} from ${from}: ${err.trim()}`);
}
