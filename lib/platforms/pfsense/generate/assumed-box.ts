// Creates the config.xml that is assumed for a pfSense box without a captured configuration, from the interfaces of
// the policy.

import { Address, Prefix, getFamily, getNetwork, parseAddress, toRange, printAddress } from '../../../net/address';
import { NetworkInterface } from '../../../net/device';
import { Range, contains } from '../../../net/range';
import { GatewayPolicy } from '../../../policy/policy';
import { renderDescription, renderEntry, renderMark } from './render';

/**
 * Returns the configuration that is assumed if there is no captured one: the interfaces of the intent and nothing else.
 * Everything may come in on interfaces that aren't outside, like on the LAN of a factory configuration. Outside
 * interfaces have a gateway, so the box doesn't reflect there.
 */
export function createAssumedBox({ interfaces, virtualIps, mappings }: GatewayPolicy, version: string): string {
  const keys = assignInterfaceKeys(interfaces);
  const keyed = interfaces.map((item) => ({ key: keys.get(item.name)!, has: item, addresses: splitAddresses(item) }));
  const ownedRanges = [...virtualIps, ...mappings].map(({ external }) => toRange(external));
  const gateways = keyed.filter(({ has }) => has.role === 'outside');
  const vips = keyed.flatMap(({ key, addresses }) => addresses.more.map((item) => ({ key, ...item })));
  return [
    '<?xml version="1.0"?>\n<pfsense>\n',
    `\t${renderMark('assumed')}\n`,
    `\t<version>${version}</version>\n`,
    renderSection('system', []),
    renderSection(
      'interfaces',
      keyed.map(({ key, has, addresses }) => renderEntry(key, renderInterface(key, has, addresses))),
    ),
    renderSection(
      'gateways',
      gateways.map(({ key, addresses }) =>
        renderEntry('gateway_item', [
          `<interface>${key}</interface>`,
          `<name>${getGatewayName(key)}</name>`,
          `<gateway>${pickGatewayAddress(addresses.first4, ownedRanges)}</gateway>`,
          '<ipprotocol>inet</ipprotocol>',
        ]),
      ),
    ),
    renderSection(
      'virtualip',
      vips.map(({ key, address, length }) =>
        renderEntry('vip', [
          '<mode>ipalias</mode>',
          `<interface>${key}</interface>`,
          `<uniqid>${formatAddressId(address)}</uniqid>`,
          `<subnet>${printAddress(address)}</subnet>`,
          `<subnet_bits>${length}</subnet_bits>`,
          '<type>single</type>',
          renderDescription('another address of the interface'),
        ]),
      ),
    ),
    renderSection('aliases', []),
    renderSection('nat', [renderEntry('outbound', ['<mode>automatic</mode>'])]),
    renderSection(
      'filter',
      keyed
        .filter(({ has }) => has.role !== 'outside')
        .map(({ key }) =>
          renderEntry('rule', [
            '<type>pass</type>',
            `<interface>${key}</interface>`,
            '<ipprotocol>inet46</ipprotocol>',
            '<source>\n\t\t\t\t<any></any>\n\t\t\t</source>',
            '<destination>\n\t\t\t\t<any></any>\n\t\t\t</destination>',
            renderDescription('assumed: everything from inside'),
          ]),
        ),
    ),
    '</pfsense>\n',
  ].join('');
}

const INTERFACE_KEY = /^(?:wan|lan|opt[1-9]\d{0,3})$/;

/**
 * Returns the key of each interface by its name. A name that is a valid key stays. The first other outside interface
 * becomes `wan`, the first other one that isn't outside becomes `lan`, the rest `opt1` onwards.
 */
export function assignInterfaceKeys(interfaces: readonly NetworkInterface[]): ReadonlyMap<string, string> {
  const keys = new Map(interfaces.filter(({ name }) => INTERFACE_KEY.test(name)).map(({ name }) => [name, name]));
  const used = new Set(keys.values());
  let optional = 1;
  for (const { name, role } of interfaces) {
    if (keys.has(name)) continue;
    const firstKey = role === 'outside' ? 'wan' : 'lan';
    let key: string = firstKey;
    while (used.has(key)) key = `opt${optional++}`;
    keys.set(name, key);
    used.add(key);
  }
  return keys;
}

type AssumedAddress = NetworkInterface['addresses'][number];

/** Splits the addresses: an interface of a box has one address of each family, and the others are virtual IPs. */
function splitAddresses({ addresses }: NetworkInterface): {
  first4?: AssumedAddress;
  first6?: AssumedAddress;
  more: readonly AssumedAddress[];
} {
  const first4 = addresses.find(({ address }) => getFamily(address) === 'ip');
  const first6 = addresses.find(({ address }) => getFamily(address) === 'ip6');
  const more = addresses.filter((candidate) => candidate !== first4 && candidate !== first6);
  return { ...(first4 ? { first4 } : {}), ...(first6 ? { first6 } : {}), more };
}

const renderInterface = (
  key: string,
  { name, role }: NetworkInterface,
  { first4, first6 }: ReturnType<typeof splitAddresses>,
): readonly string[] => [
  '<enable></enable>',
  `<if>${name}</if>`,
  ...(first4 ? [`<ipaddr>${printAddress(first4.address)}</ipaddr>`, `<subnet>${first4.length}</subnet>`] : []),
  ...(role === 'outside' ? [`<gateway>${getGatewayName(key)}</gateway>`] : []),
  ...(first6 ? [`<ipaddrv6>${printAddress(first6.address)}</ipaddrv6>`, `<subnetv6>${first6.length}</subnetv6>`] : []),
  renderDescription(key.toUpperCase()),
];

const getGatewayName = (key: string): string => `${key.toUpperCase()}GW`;

/**
 * Returns any address of the network that isn't ours: the intent doesn't name the gateway, and its address matters to
 * no check.
 */
function pickGatewayAddress(interfaceAddress: AssumedAddress | undefined, ownedRanges: readonly Range[]): string {
  if (!interfaceAddress) return 'dynamic';
  const network: Prefix = getNetwork(interfaceAddress.address, interfaceAddress.length);
  const { first, last } = toRange(network);
  for (let address = network.length < 31 ? first + 1n : first; address <= last && address < first + 4096n; address++) {
    if (address !== interfaceAddress.address && !ownedRanges.some((range) => contains(range, address)))
      return printAddress(address);
  }
  return printAddress(FALLBACK_GATEWAY);
}

/** Gateway address for a network without a free address. Source: RFC 6598, shared address space. */
const FALLBACK_GATEWAY: Address = parseAddress('100.64.0.1')!;

const formatAddressId = (address: Address): string => address.toString(16).padStart(13, '0').slice(-13);

const renderSection = (name: string, entries: readonly string[]): string =>
  entries.length === 0 ? `\t<${name}></${name}>\n` : `\t<${name}>\n${entries.join('')}\t</${name}>\n`;
