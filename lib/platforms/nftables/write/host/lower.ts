import { Address, Family, familyOf } from '../../../../net/address';
import { joined, point } from '../../../../net/range';
import { Outbound, ServerPolicy } from '../../../../policy/policy';
import { refuseIfAny } from '../../../../problems/problem';
import { refused } from '../../../../writing/refuse';
import { capabilities } from '../../capabilities';
import { ACCEPT, AddressMap, Chain, Match, Rule, Table } from '../model';
import { tableName } from '../names';
import { managementAlone, openingRules, service, sourceMatches, withService } from '../openings';
import { NEIGHBOURS_IN, NEIGHBOURS_OUT, sessionRules } from '../sessions';
import { Sets } from '../sets';
import { InputOrder } from './model';

const BOTH: readonly [Family, ...Family[]] = ['ip', 'ip6'];

/** Throws Refusal with every wish that nftables can't meet. */
export function lowerHost(policy: ServerPolicy): Table {
  refuseIfAny(refused(policy, capabilities));
  const name = tableName(policy.owner, 'host');
  const sets = new Sets();
  const maps = ownPublicMaps(policy);
  const order = inputOrder(policy, sets);
  const chains: readonly Chain[] = [
    {
      name: 'c_input',
      hook: { type: 'filter', on: 'input', priority: 'filter - 10', policy: 'drop' },
      rules: [...order.always, ...order.management, ...order.blocked, ...order.inside, ...order.rest],
    },
    ...(policy.outbound === 'anywhere' ? [] : [outputChain(policy, policy.outbound, sets)]),
    ...(maps.length === 0 ? [] : [ownPublicChain(maps)]),
  ];
  return { name, sets: sets.all, maps, chains };
}

/** What stands in for a server's table: inbound, nothing but its management and what was let in as inside. Throws as `lowerHost`. */
export const closingHost = (policy: ServerPolicy): Table =>
  lowerHost({ ...policy, whenClosed: 'cut', openings: managementAlone(policy.openings) });

function inputOrder(policy: ServerPolicy, sets: Sets): InputOrder {
  const { management, blocked, rest } = openingRules(policy.openings, BOTH, sets);
  return {
    always: [{ matches: [{ is: 'loopback', way: 'in' }], verdict: ACCEPT }, ...sessionRules(policy.whenClosed), NEIGHBOURS_IN],
    management,
    blocked,
    inside:
      policy.insideConnections === 'listed' || policy.inside.length === 0
        ? []
        : sourceMatches('inside', policy.inside, undefined, BOTH, sets).map((matches) => ({ matches, verdict: ACCEPT, comment: 'inside' })),
    rest,
  };
}

function outputChain(policy: ServerPolicy, outbound: readonly Outbound[], sets: Sets): Chain {
  const listed = outbound.flatMap((wish) =>
    destinationMatches(wish, sets).map((destination): Rule => ({
      matches: withService(destination, service(wish, sets, wish.sourcePorts)),
      verdict: ACCEPT,
    })),
  );
  return {
    name: 'c_output',
    hook: { type: 'filter', on: 'output', priority: 'filter - 10', policy: 'drop' },
    rules: [
      { matches: [{ is: 'loopback', way: 'out' }], verdict: ACCEPT },
      ...sessionRules(policy.whenClosed),
      NEIGHBOURS_OUT,
      ...toItself(policy, sets),
      ...listed,
    ],
  };
}

/** The way out was chosen before the destination was translated, so `oif lo` misses what a server sends to its own public address. */
function toItself({ ownPublic }: ServerPolicy, sets: Sets): readonly Rule[] {
  return BOTH.flatMap((family): readonly Rule[] => {
    const pairs = ownPublic.filter(({ local }) => familyOf(local) === family);
    if (pairs.length === 0) return [];
    const match = (field: 'daddr' | 'original daddr', purpose: string, of: readonly Address[]): Match => ({
      is: 'address',
      family,
      field,
      among: sets.addresses(`${purpose}${family === 'ip6' ? '6' : ''}`, family, joined(of.map(point))),
    });
    const locals = pairs.map(({ local }) => local);
    const publics = pairs.map((pair) => pair.public);
    return [
      {
        matches: [match('daddr', 'local', locals), match('original daddr', 'own_public', publics)],
        verdict: ACCEPT,
        comment: 'own public address',
      },
    ];
  });
}

/** Like `sourceMatches`, for the other end. */
function destinationMatches({ destinations, protocol }: Outbound, sets: Sets): readonly (readonly Match[])[] {
  return sourceMatches('to', destinations, protocol, BOTH, sets).map((matches) =>
    matches.map((match) => (match.is === 'address' ? { ...match, field: 'daddr' } : match)),
  );
}

function ownPublicMaps({ ownPublic }: ServerPolicy): readonly AddressMap[] {
  return BOTH.flatMap((family): readonly AddressMap[] => {
    const pairs = new Map(ownPublic.filter((pair) => familyOf(pair.public) === family).map((pair) => [pair.public, pair.local]));
    const elements = [...pairs].map(([from, to]) => ({ from, to })).sort((a, b) => (a.from < b.from ? -1 : 1));
    const type = family === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
    return elements.length === 0 ? [] : [{ is: 'addresses', name: family === 'ip' ? 'm_own' : 'm_own6', type, elements }];
  });
}

const ownPublicChain = (maps: readonly AddressMap[]): Chain => ({
  name: 'c_own_public',
  hook: { type: 'nat', on: 'output', priority: '-110', policy: 'accept' },
  rules: maps.map(({ name, type }) => ({
    matches: [],
    verdict: { is: 'translate', kind: 'dnat', family: type === 'ipv4_addr' ? 'ip' : 'ip6', map: name },
  })),
});
