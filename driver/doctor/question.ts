import { Address, familyOf, parseAddress, printAddress } from '../../lib/net/address';
import { Problem, refuseIfAny } from '../../lib/problems/problem';

/** What doctor is asked: may this client reach that port of that address, and if not, why? */
export interface Question {
  readonly address: Address;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** Default: somebody outside whom the intent lets in. */
  readonly from?: Address;
}

const WRITTEN = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*))(?::(\d+))?(?:\/(tcp|udp))?$/;

/** `203.0.113.10`, `203.0.113.10:443`, `203.0.113.10:53/udp`, `[2001:db8::1]:443`. Throws Refusal cli/not-an-address. */
export function questionOf(target: string, from?: string): Question {
  const [, bracketed, bare, port = '443', protocol = 'tcp'] = WRITTEN.exec(target) ?? [];
  const address = parseAddress(bracketed ?? bare ?? '');
  const source = from === undefined ? undefined : parseAddress(from);
  const number = Number(port);
  refuseIfAny([
    ...(address === undefined ? [notAnAddress(target)] : number < 1 || number > 65535 ? [notAPort(target)] : []),
    ...(from !== undefined && source === undefined ? [notASource(from)] : []),
    ...(address !== undefined && source !== undefined && familyOf(address) !== familyOf(source) ? [otherFamily(from!, address)] : []),
  ]);
  return { address: address!, port: number, protocol: protocol as 'tcp' | 'udp', ...(source === undefined ? {} : { from: source }) };
}

const notAnAddress = (where: string): Problem => ({
  code: 'cli/not-an-address',
  where,
  what: 'This is no address with a port.',
  instead: '203.0.113.10, 203.0.113.10:443, 203.0.113.10:53/udp or [2001:db8::1]:443; a name is looked up with: getent hosts NAME.',
});

const notAPort = (where: string): Problem => ({
  code: 'cli/not-an-address',
  where,
  what: 'Its port is none: they are 1 to 65535.',
  instead: '203.0.113.10:443.',
});

const otherFamily = (where: string, to: Address): Problem => ({
  code: 'cli/not-an-address',
  where: `--from ${where}`,
  what: `It is of another family than ${printAddress(to)}, and no packet has both.`,
  instead: `an address of the client of ${familyOf(to) === 'ip' ? 'IPv4' : 'IPv6'}, as the gateway sees it.`,
});

const notASource = (where: string): Problem => ({
  code: 'cli/not-an-address',
  where: `--from ${where}`,
  what: 'This is no address.',
  instead: 'the address of one client, as the gateway sees it: 198.51.100.7.',
});
