import { numberRange } from '../../../reading/netfilter/values';
import { fieldNamed } from '../../../reading/netfilter/fields';
import { NUMBERS } from '../../../reading/netfilter/words';
import { ALWAYS, Around, NEVER, Ways, doubt, member } from './conditions';
import { shown } from './problems';
import { Option } from './saved';

/** What people write in place of numbers, where nft calls it otherwise. `iptables-save` prints numbers. Source: `iptables -p icmp -h`, 1.8.9. */
const NAMES: Readonly<Record<'icmp' | 'icmpv6', Readonly<Record<string, string>>>> = {
  icmp: {
    ...{
      ping: '8',
      pong: '0',
      'ttl-exceeded': '11',
      'network-unreachable': '3/0',
      'host-unreachable': '3/1',
      'protocol-unreachable': '3/2',
    },
    ...{ 'port-unreachable': '3/3', 'fragmentation-needed': '3/4' },
  },
  icmpv6: {
    ...{ ping: '128', pong: '129', 'ttl-exceeded': '3', 'router-solicitation': '133', 'router-advertisement': '134' },
    ...{
      'neighbour-solicitation': '135',
      'neighbor-solicitation': '135',
      'neighbour-advertisement': '136',
      'neighbor-advertisement': '136',
    },
  },
};

/** `8`, `3/4`, `echo-request`, `any`. */
export function icmpTypes(kind: 'icmp' | 'icmpv6', { name, values: [value = ''], negated }: Option, { line, family }: Around): Ways {
  if (kind === 'icmp' && (value === 'any' || value === '255')) return negated ? NEVER : ALWAYS;
  const names = NAMES[kind];
  const [type = '', code] = (Object.hasOwn(names, value) ? names[value]! : value).split('/');
  const field = fieldNamed(`${kind} type`, family);
  const [types, codes] = [numberRange(type, NUMBERS[kind]), code === undefined ? undefined : numberRange(code, NUMBERS[`${kind} code`])];
  if (!types || types.last > 255 || (code !== undefined && !codes))
    return doubt(`line ${line}: ${name} ${shown(value)} is not understood`, field);
  if (!codes) return [[member(field, [{ is: 'numbers', range: types }], negated)]];
  const tuple = { values: [types, codes].map((range) => ({ is: 'numbers', range }) as const), fleeting: false };
  return [[{ is: 'member', fields: [field, fieldNamed(`${kind} code`, family)], members: { tuples: [tuple], learned: false }, negated }]];
}
