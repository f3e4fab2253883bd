// Parses and prints the question of `doctor`: an address with a port and a client, such as `203.0.113.10:443`.

import { Address, getFamily, parseAddress, printAddress } from '../../lib/net/address';
import { Problem, Refusal, refuseIfAny } from '../../lib/problems/problem';

/** The question to doctor: may this client reach that port of that address, and if not, why? */
export interface Question {
  readonly address: Address;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** Default: an outside client that the intent lets in. */
  readonly from?: Address;
}

const QUESTION_FORM =
  /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*))(?::(\d+))?(?:\/(tcp|udp))?$/;

/**
 * Returns the client's address.
 *
 * @throws Refusal cli/not-an-address.
 */
export function parseClient(text: string): Address {
  const client = parseAddress(text);
  if (client === undefined) throw new Refusal([createNotASourceProblem(text)]);
  return client;
}

/**
 * Parses `203.0.113.10`, `203.0.113.10:443`, `203.0.113.10:53/udp`, `[2001:db8::1]:443`.
 *
 * @throws Refusal cli/not-an-address.
 */
export function parseQuestion(target: string, client?: Address): Question {
  const [, bracketed, unbracketed, port = '443', protocol = 'tcp'] = QUESTION_FORM.exec(target) ?? [];
  const address = parseAddress(bracketed ?? unbracketed ?? '');
  const number = Number(port);
  refuseIfAny([
    ...(address === undefined
      ? [createNotAnAddressProblem(target)]
      : number < 1 || number > 65535
        ? [createNotAPortProblem(target)]
        : []),
    ...(address !== undefined && client !== undefined && getFamily(address) !== getFamily(client)
      ? [createOtherFamilyProblem(client, address)]
      : []),
  ]);
  return {
    address: address!,
    port: number,
    protocol: protocol as 'tcp' | 'udp',
    ...(client === undefined ? {} : { from: client }),
  };
}

/** Returns the question in the form that an operator types. It is for a mapping, and mappings have no IPv6. */
export const formatQuestion = ({ address, port, protocol }: Question): string =>
  `${printAddress(address)}${port === 443 ? '' : `:${port}`}${protocol === 'tcp' ? '' : `/${protocol}`}`;

export const getFamilyName = (address: Address): string => (getFamily(address) === 'ip' ? 'IPv4' : 'IPv6');

const createNotAnAddressProblem = (question: string): Problem => ({
  code: 'cli/not-an-address',
  where: question,
  what: 'This is no address with a port.',
  instead:
    '203.0.113.10, 203.0.113.10:443, 203.0.113.10:53/udp or [2001:db8::1]:443; a name is looked up with: getent hosts NAME.',
});

const createNotAPortProblem = (question: string): Problem => ({
  code: 'cli/not-an-address',
  where: question,
  what: 'Its port is none: they are 1 to 65535.',
  instead: '203.0.113.10:443.',
});

const createOtherFamilyProblem = (client: Address, destination: Address): Problem => ({
  code: 'cli/not-an-address',
  where: `--from ${printAddress(client)}`,
  what: `It is of another family than ${printAddress(destination)}, and no packet has both.`,
  instead: `an address of the client of ${getFamilyName(destination)}, as the gateway sees it.`,
});

const createNotASourceProblem = (text: string): Problem => ({
  code: 'cli/not-an-address',
  where: `--from ${text}`,
  what: 'This is no address.',
  instead: 'the address of one client, as the gateway sees it: 198.51.100.7.',
});
