import { Address, familyOf, prefixRange, printAddress } from '../../lib/net/address';
import { PROTOCOL } from '../../lib/net/packet';
import { compared, contains } from '../../lib/net/range';
import { Mapping } from '../../lib/policy/policy';
import { Problem, Refusal } from '../../lib/problems/problem';
import { Parts } from './case';

const USUAL = 443;

/**
 * What is asked where nobody says what, as it would be typed: every public address at which more TCP than management is opened, by 443 where that
 * is open, else by the lowest port. Of a prefix, those that lead to a server of the stacks. Throws Refusal cli/nothing-to-ask.
 */
export function everyTarget({ gateways, servers }: Parts): readonly string[] {
  const local = servers.flatMap(({ policy }) => policy.localAddresses);
  const ports = new Map<Address, number>();
  for (const mapping of gateways.flatMap(({ policy }) => policy.mappings)) {
    const port = portOf(mapping);
    if (!mapping.enabled || port === undefined) continue;
    const range = prefixRange(mapping.inside);
    const inside = range.first === range.last ? [range.first] : local.filter((address) => contains(range, address));
    for (const address of inside) ports.set((mapping.outside.first + (address - range.first)) as Address, port);
  }
  if (ports.size === 0) throw new Refusal([nothingToAsk]);
  return [...ports]
    .sort(([one], [other]) => compared(one, other))
    .map(([address, port]) => `${familyOf(address) === 'ip' ? printAddress(address) : `[${printAddress(address)}]`}:${port}`);
}

function portOf({ openings }: Mapping): number | undefined {
  const ports = openings.entries.flatMap(({ protocol, ports, management }) =>
    protocol === PROTOCOL.tcp && !management && ports !== 'all' ? ports : [],
  );
  if (ports.some(({ first, last }) => first <= USUAL && USUAL <= last)) return USUAL;
  return ports.length === 0 ? undefined : Math.min(...ports.map(({ first }) => first));
}

const nothingToAsk: Problem = {
  code: 'cli/nothing-to-ask',
  where: 'the synthesized stacks',
  what: 'They open no TCP port of a public address.',
  instead: 'say what is not reached: doctor 203.0.113.10:53/udp.',
};
