import { familyOf, parseAddress, prefixRange } from '../../../../net/address';
import { points } from '../../../../net/device';
import { point } from '../../../../net/range';
import { PfFilterRule } from '../../../../parse/pf/model';
import { Surroundings, ownAddresses, unknownOwn } from '../packets/addresses';
import { BoxInterface, addressOn, networkOn } from '../box/box';
import { childOf, isSet, listOf, textAt } from '../elements/element';
import { prefixAt } from '../elements/literals';
import { portsOf } from '../../../../parse/pf/matched';
import { possibly, surely } from '../../../../parse/pf/known';
import { lineAt, networks, own } from './system';

const UDP = points(17);
const PRIVATE = networks('10.0.0.0/8', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7');

/** What stands in every list of addresses that nobody has; the box's own copy has more, and isn't in the configuration. */
const RESERVED = networks(
  ...['0.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
);
const RESERVED6 = networks('2001:db8::/32', '3fff::/20', '5f00::/16');

/** What the box adds for each interface by its settings, in the order of interfaces. */
export function interfaceRules(given: Surroundings): readonly PfFilterRule[] {
  const ipv6 = isSet(given.box.root, 'system', 'ipv6allow');
  return given.box.interfaces.flatMap((each) =>
    each.virtual
      ? []
      : [
          ...(ipv6 && (each.type6 === 'dhcp6' || each.type6 === 'slaac') ? leased6(each) : []),
          ...blocks(each, ipv6),
          ...antispoof(each, given),
          ...(isSet(each.element, 'blockpriv') && !isBridged(each, given) ? [privateBlock(each)] : []),
          ...leases(each, given),
          ...(each.type6 === '6rd' || each.type6 === '6to4' ? carried6(each) : served6(each, given)),
        ],
  );
}

function leased6(each: BoxInterface): readonly PfFilterRule[] {
  const line = lineAt(each.element, `DHCPv6 client on ${each.key}`);
  const on = { is: each.covers };
  const local = networks('fe80::/10');
  const udp = { on, protocols: UDP } as const;
  return [
    own(
      line,
      { ...udp, source: local, sourcePorts: portsOf(546), destination: local, ports: portsOf(546) },
      { quick: true },
    ),
    own(line, { ...udp, sourcePorts: portsOf(547), ports: portsOf(546) }, { quick: true }),
    own(line, { ...udp, sourcePorts: portsOf(546), ports: portsOf(547) }, { quick: true, way: 'out' }),
  ];
}

function blocks(each: BoxInterface, ipv6: boolean): readonly PfFilterRule[] {
  if (!isSet(each.element, 'blockbogons')) return [];
  const line = lineAt(each.element, `block bogons on ${each.key}`);
  const because = 'the list of bogons is not in the configuration';
  const block = { action: 'block', quick: true } as const;
  const on = { is: each.covers };
  return [
    own(line, { on, family: 'ip', source: possibly(RESERVED.sure, because) }, block),
    ...(ipv6 ? [own(line, { on, family: 'ip6', source: possibly(RESERVED6.sure, because) }, block)] : []),
  ];
}

const isBridged = ({ key }: BoxInterface, { box }: Surroundings): boolean =>
  listOf(childOf(box.root, 'bridges'), 'bridged').some((bridge) =>
    textAt(bridge, 'members').toLowerCase().includes(key),
  );

/** Not quick: what a person's rule says later wins. */
function antispoof(each: BoxInterface, given: Surroundings): readonly PfFilterRule[] {
  const network = networkOn(each, 'ip');
  if (!network || isBridged(each, given)) return [];
  const line = lineAt(each.element, `block spoofed addresses of ${each.key}`);
  return [
    own(line, { on: { but: each.covers }, family: 'ip', source: surely([network]) }, { action: 'block' }),
    own(line, { family: 'ip', source: ownAddresses(each, 'ip', given) }, { action: 'block' }),
  ];
}

const privateBlock = (each: BoxInterface): PfFilterRule =>
  own(
    lineAt(each.element, `block private networks on ${each.key}`),
    { on: { is: each.covers }, source: PRIVATE },
    { action: 'block', quick: true },
  );

/** DHCP: the box as client of its interface, or as server or relay on it. */
function leases(each: BoxInterface, given: Surroundings): readonly PfFilterRule[] {
  const on = { is: each.covers };
  if (each.type === 'pptp')
    return [own(lineAt(each.element, `PPTP client on ${each.key}`), { on, protocols: points(47) })];
  const udp = { on, family: 'ip', protocols: UDP } as const;
  const [server, client] = [portsOf(67), portsOf(68)];
  if (each.type === 'dhcp') {
    const line = lineAt(each.element, `DHCP client on ${each.key}`);
    return [
      own(line, { ...udp, sourcePorts: server, ports: client }),
      own(line, { ...udp, sourcePorts: client, ports: server }, { way: 'out' }),
    ];
  }
  if (each.type !== '') return [];
  const { root } = given.box;
  const rules: PfFilterRule[] = [];
  const serves = childOf(root, 'dhcpd', each.key);
  const broadcast = surely([point(parseAddress('255.255.255.255')!)]);
  if (serves && isSet(serves, 'enable')) {
    const line = lineAt(serves, `DHCP server on ${each.key}`);
    rules.push(own(line, { ...udp, sourcePorts: client, destination: broadcast, ports: server }, { quick: true }));
    const mine = addressOn(each, 'ip');
    if (mine) {
      const address = surely([point(mine.address)]);
      rules.push(own(line, { ...udp, sourcePorts: client, destination: address, ports: server }, { quick: true }));
      rules.push(
        own(line, { ...udp, source: address, sourcePorts: server, ports: client }, { quick: true, way: 'out' }),
      );
      const partner = parseAddress(textAt(serves, 'failover_peerip'));
      const failover = {
        on,
        family: 'ip',
        protocols: points(6, 17),
        destination: address,
        ports: portsOf(519, 520),
      } as const;
      if (partner !== undefined && familyOf(partner) === 'ip')
        rules.push(own(line, { ...failover, source: surely([point(partner)]) }, { quick: true }));
    }
  }
  const relay = childOf(root, 'dhcrelay');
  if (relay && isSet(relay, 'enable') && textAt(relay, 'interface').split(',').includes(each.key)) {
    rules.push(
      own(
        lineAt(relay, `DHCP relay on ${each.key}`),
        { ...udp, sourcePorts: client, destination: broadcast, ports: server },
        { quick: true },
      ),
    );
  }
  return rules;
}

/** IPv6 in IPv4: from the relay of 6rd to any address, from anybody to the box's own for 6to4. Not quick. */
function carried6(each: BoxInterface): readonly PfFilterRule[] {
  const line = lineAt(each.element, `${each.type6} on ${each.key}`);
  const carried = { on: { is: each.covers }, family: 'ip', protocols: points(41) } as const;
  if (each.type6 === '6to4') {
    if (each.v4 === undefined) return [];
    return [
      own(line, {
        ...carried,
        destination: each.v4 === 'unknown' ? unknownOwn(each, 'ip') : surely([point(each.v4.address)]),
      }),
    ];
  }
  const relay = prefixAt(textAt(each.element, 'gateway-6rd'));
  return relay ? [own(line, { ...carried, source: surely([prefixRange(relay)]) })] : [];
}

/** DHCPv6 where the box serves it, for link-local addresses and its own. */
function served6(each: BoxInterface, given: Surroundings): readonly PfFilterRule[] {
  const { root } = given.box;
  const serves = childOf(root, 'dhcpdv6', each.key);
  const relays = textAt(root, 'dhcrelay6', 'interface').split(',').includes(each.key);
  if (!(serves && isSet(serves, 'enable')) && !isSet(each.element, 'track6-interface') && !relays) return [];
  const line = lineAt(serves ?? each.element, `DHCPv6 server on ${each.key}`);
  const [local, many] = [networks('fe80::/10'), networks('ff02::/16')];
  const udp = { on: { is: each.covers }, family: 'ip6', protocols: UDP } as const;
  const both = { quick: true, way: 'both' } as const;
  const rules = [
    own(line, { ...udp, source: local, destination: local, ports: portsOf(546) }, both),
    own(line, { ...udp, source: local, destination: many, ports: portsOf(546, 547) }, both),
    own(line, { ...udp, source: many, destination: local, ports: portsOf(547) }, both),
  ];
  const mine = ownAddresses(each, 'ip6', given);
  if (mine.sure.length + mine.perhaps.length === 0) return rules;
  return [...rules, own(line, { ...udp, source: local, destination: mine, ports: portsOf(546) }, { quick: true })];
}
