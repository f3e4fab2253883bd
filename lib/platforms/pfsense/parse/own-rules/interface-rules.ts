// Creates the filter rules that pfSense adds for the settings of each interface: DHCP, DHCPv6, 6rd and 6to4,
// antispoofing, blocks of bogons and private networks.

import { getFamily, parseAddress, toRange } from '../../../../net/address';
import { toNumberRanges } from '../../../../net/device';
import { toSingleRange } from '../../../../net/range';
import { PfFilterRule } from '../../../../parse/pf/model';
import { PfsenseContext, listOwnAddresses, createUnknownAddress } from '../packets/resolve-addresses';
import { PfsenseInterface, getAddress, getInterfaceNetwork } from '../box/box';
import { findChild, isSet, listChildren, getText } from '../elements/element';
import { parsePrefixLiteral } from '../elements/parse-literals';
import { createPortBounds } from '../../../../parse/pf/match-packets';
import { NO_ADDRESS, RangeBounds, createMergedCertain } from '../../../../parse/pf/range-bounds';
import { createNamedLine, parseNetworks, createBoxRule } from './system-rules';

const UDP = toNumberRanges(17);
const PRIVATE_NETWORKS = parseNetworks('10.0.0.0/8', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7');

const BECAUSE_OF_LIST = 'the list of bogons is not in the configuration';

/** Returns networks that the list of bogons may have. A client in the internet has no address in them. */
const createPossibleBogons = (networks: RangeBounds, known: RangeBounds): RangeBounds => ({
  must: known.must,
  uncertain: networks.must,
  reason: BECAUSE_OF_LIST,
  newClient: known.must,
});

/** Networks of the list that the box comes with, and of the one that it fetches. Source: etc/bogons of pfSense. */
const LISTED_BOGONS = parseNetworks(
  ...['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
);
/** The fetched list has this network, too. */
const FETCHED_BOGONS = parseNetworks('100.64.0.0/10');
const BOGONS = createPossibleBogons(FETCHED_BOGONS, LISTED_BOGONS);
const BOGONS6 = createPossibleBogons(parseNetworks('2001:db8::/32', '3fff::/20', '5f00::/16'), NO_ADDRESS);

/** Returns the rules that the box adds for each interface by its settings, in the order of interfaces. */
export function createInterfaceRules(context: PfsenseContext): readonly PfFilterRule[] {
  const ipv6 = isSet(context.box.root, 'system', 'ipv6allow');
  return context.box.interfaces.flatMap((boxInterface) =>
    boxInterface.virtual
      ? []
      : [
          ...(ipv6 && (boxInterface.type6 === 'dhcp6' || boxInterface.type6 === 'slaac')
            ? createDhcp6ClientRules(boxInterface)
            : []),
          ...createBogonBlocks(boxInterface, ipv6),
          ...createAntispoofRules(boxInterface, context),
          ...(isSet(boxInterface.element, 'blockpriv') && !isBridged(boxInterface, context)
            ? [createPrivateBlock(boxInterface)]
            : []),
          ...createDhcpRules(boxInterface, context),
          ...(boxInterface.type6 === '6rd' || boxInterface.type6 === '6to4'
            ? createTunnel6Rules(boxInterface)
            : createDhcp6ServerRules(boxInterface, context)),
        ],
  );
}

function createDhcp6ClientRules(boxInterface: PfsenseInterface): readonly PfFilterRule[] {
  const line = createNamedLine(boxInterface.element, `DHCPv6 client on ${boxInterface.key}`);
  const on = { is: boxInterface.covers };
  const local = parseNetworks('fe80::/10');
  const udp = { on, protocols: UDP } as const;
  return [
    createBoxRule(
      line,
      { ...udp, source: local, sourcePorts: createPortBounds(546), destination: local, ports: createPortBounds(546) },
      { quick: true },
    ),
    createBoxRule(line, { ...udp, sourcePorts: createPortBounds(547), ports: createPortBounds(546) }, { quick: true }),
    createBoxRule(
      line,
      { ...udp, sourcePorts: createPortBounds(546), ports: createPortBounds(547) },
      { quick: true, direction: 'out' },
    ),
  ];
}

function createBogonBlocks(boxInterface: PfsenseInterface, ipv6: boolean): readonly PfFilterRule[] {
  if (!isSet(boxInterface.element, 'blockbogons')) return [];
  const line = createNamedLine(boxInterface.element, `block bogons on ${boxInterface.key}`);
  const block = { action: 'block', quick: true } as const;
  const on = { is: boxInterface.covers };
  return [
    createBoxRule(line, { on, family: 'ip', source: BOGONS }, block),
    ...(ipv6 ? [createBoxRule(line, { on, family: 'ip6', source: BOGONS6 }, block)] : []),
  ];
}

const isBridged = ({ key }: PfsenseInterface, { box }: PfsenseContext): boolean =>
  listChildren(findChild(box.root, 'bridges'), 'bridged').some((bridge) =>
    getText(bridge, 'members').toLowerCase().includes(key),
  );

/** The rules aren't quick: a later user rule wins. */
function createAntispoofRules(boxInterface: PfsenseInterface, context: PfsenseContext): readonly PfFilterRule[] {
  const network = getInterfaceNetwork(boxInterface, 'ip');
  if (!network || isBridged(boxInterface, context)) return [];
  const line = createNamedLine(boxInterface.element, `block spoofed addresses of ${boxInterface.key}`);
  return [
    createBoxRule(
      line,
      { on: { but: boxInterface.covers }, family: 'ip', source: createMergedCertain([network]) },
      { action: 'block' },
    ),
    createBoxRule(line, { family: 'ip', source: listOwnAddresses(boxInterface, 'ip', context) }, { action: 'block' }),
  ];
}

const createPrivateBlock = (boxInterface: PfsenseInterface): PfFilterRule =>
  createBoxRule(
    createNamedLine(boxInterface.element, `block private networks on ${boxInterface.key}`),
    { on: { is: boxInterface.covers }, source: PRIVATE_NETWORKS },
    { action: 'block', quick: true },
  );

/** Returns the rules of DHCP: the box is a client of its interface, or a server or relay on it. */
function createDhcpRules(boxInterface: PfsenseInterface, context: PfsenseContext): readonly PfFilterRule[] {
  const on = { is: boxInterface.covers };
  if (boxInterface.type === 'pptp')
    return [
      createBoxRule(createNamedLine(boxInterface.element, `PPTP client on ${boxInterface.key}`), {
        on,
        protocols: toNumberRanges(47),
      }),
    ];
  const udp = { on, family: 'ip', protocols: UDP } as const;
  const [server, client] = [createPortBounds(67), createPortBounds(68)];
  if (boxInterface.type === 'dhcp') {
    const line = createNamedLine(boxInterface.element, `DHCP client on ${boxInterface.key}`);
    return [
      createBoxRule(line, { ...udp, sourcePorts: server, ports: client }),
      createBoxRule(line, { ...udp, sourcePorts: client, ports: server }, { direction: 'out' }),
    ];
  }
  if (boxInterface.type !== '') return [];
  const { root } = context.box;
  const rules: PfFilterRule[] = [];
  const serverSettings = findChild(root, 'dhcpd', boxInterface.key);
  const broadcast = createMergedCertain([toSingleRange(parseAddress('255.255.255.255')!)]);
  if (serverSettings && isSet(serverSettings, 'enable')) {
    const line = createNamedLine(serverSettings, `DHCP server on ${boxInterface.key}`);
    rules.push(
      createBoxRule(line, { ...udp, sourcePorts: client, destination: broadcast, ports: server }, { quick: true }),
    );
    const ownAddress = getAddress(boxInterface, 'ip');
    if (ownAddress) {
      const address = createMergedCertain([toSingleRange(ownAddress.address)]);
      rules.push(
        createBoxRule(line, { ...udp, sourcePorts: client, destination: address, ports: server }, { quick: true }),
      );
      rules.push(
        createBoxRule(
          line,
          { ...udp, source: address, sourcePorts: server, ports: client },
          { quick: true, direction: 'out' },
        ),
      );
      const partner = parseAddress(getText(serverSettings, 'failover_peerip'));
      const failover = {
        on,
        family: 'ip',
        protocols: toNumberRanges(6, 17),
        destination: address,
        ports: createPortBounds(519, 520),
      } as const;
      if (partner !== undefined && getFamily(partner) === 'ip')
        rules.push(
          createBoxRule(line, { ...failover, source: createMergedCertain([toSingleRange(partner)]) }, { quick: true }),
        );
    }
  }
  const relay = findChild(root, 'dhcrelay');
  if (relay && isSet(relay, 'enable') && getText(relay, 'interface').split(',').includes(boxInterface.key)) {
    rules.push(
      createBoxRule(
        createNamedLine(relay, `DHCP relay on ${boxInterface.key}`),
        { ...udp, sourcePorts: client, destination: broadcast, ports: server },
        { quick: true },
      ),
    );
  }
  return rules;
}

/**
 * Returns the rules of IPv6 in IPv4: from the relay of 6rd to any address, or from any source to the box's own address
 * for 6to4. They aren't quick.
 */
function createTunnel6Rules(boxInterface: PfsenseInterface): readonly PfFilterRule[] {
  const line = createNamedLine(boxInterface.element, `${boxInterface.type6} on ${boxInterface.key}`);
  const carried = { on: { is: boxInterface.covers }, family: 'ip', protocols: toNumberRanges(41) } as const;
  if (boxInterface.type6 === '6to4') {
    if (boxInterface.v4 === undefined) return [];
    return [
      createBoxRule(line, {
        ...carried,
        destination:
          boxInterface.v4 === 'unknown'
            ? createUnknownAddress(boxInterface, 'ip')
            : createMergedCertain([toSingleRange(boxInterface.v4.address)]),
      }),
    ];
  }
  const relay = parsePrefixLiteral(getText(boxInterface.element, 'gateway-6rd'));
  return relay ? [createBoxRule(line, { ...carried, source: createMergedCertain([toRange(relay)]) })] : [];
}

/** Returns the rules of DHCPv6 if the box serves it, for link-local addresses and its own. */
function createDhcp6ServerRules(boxInterface: PfsenseInterface, context: PfsenseContext): readonly PfFilterRule[] {
  const { root } = context.box;
  const serverSettings = findChild(root, 'dhcpdv6', boxInterface.key);
  const relays = getText(root, 'dhcrelay6', 'interface').split(',').includes(boxInterface.key);
  if (
    !(serverSettings && isSet(serverSettings, 'enable')) &&
    !isSet(boxInterface.element, 'track6-interface') &&
    !relays
  )
    return [];
  const line = createNamedLine(serverSettings ?? boxInterface.element, `DHCPv6 server on ${boxInterface.key}`);
  const [local, multicast] = [parseNetworks('fe80::/10'), parseNetworks('ff02::/16')];
  const udp = { on: { is: boxInterface.covers }, family: 'ip6', protocols: UDP } as const;
  const bothWays = { quick: true, direction: 'both' } as const;
  const rules = [
    createBoxRule(line, { ...udp, source: local, destination: local, ports: createPortBounds(546) }, bothWays),
    createBoxRule(line, { ...udp, source: local, destination: multicast, ports: createPortBounds(546, 547) }, bothWays),
    createBoxRule(line, { ...udp, source: multicast, destination: local, ports: createPortBounds(547) }, bothWays),
  ];
  const ownAddressRanges = listOwnAddresses(boxInterface, 'ip6', context);
  if (ownAddressRanges.must.length + ownAddressRanges.uncertain.length === 0) return rules;
  return [
    ...rules,
    createBoxRule(
      line,
      { ...udp, source: local, destination: ownAddressRanges, ports: createPortBounds(546) },
      { quick: true },
    ),
  ];
}
