import { Address, Prefix, familyOf, networkOf, parseAddress, prefixRange, printAddress } from '../../../net/address';
import { NetworkInterface } from '../../../net/device';
import { Range, contains } from '../../../net/range';
import { GatewayPolicy } from '../../../policy/policy';
import { descr, entry, renderMark } from './render';

/**
 * The box that is assumed where nobody captured one: the interfaces of the intent and nothing else. Everything may come in from
 * interfaces that aren't outside, as on a factory's LAN; outside ones have a gateway, so nothing is reflected there.
 */
export function assumed({ interfaces, virtualIps, mappings }: GatewayPolicy, version: string): string {
  const keys = keysOf(interfaces);
  const keyed = interfaces.map((one) => ({ key: keys.get(one.name)!, has: one, addresses: addressesOf(one) }));
  const ours = [...virtualIps, ...mappings].map(({ outside }) => prefixRange(outside));
  const gateways = keyed.filter(({ has }) => has.role === 'outside');
  const vips = keyed.flatMap(({ key, addresses }) => addresses.more.map((one) => ({ key, ...one })));
  return [
    '<?xml version="1.0"?>\n<pfsense>\n',
    `\t${renderMark('assumed')}\n`,
    `\t<version>${version}</version>\n`,
    section('system', []),
    section(
      'interfaces',
      keyed.map(({ key, has, addresses }) => entry(key, interfaceLines(key, has, addresses))),
    ),
    section(
      'gateways',
      gateways.map(({ key, addresses }) =>
        entry('gateway_item', [
          `<interface>${key}</interface>`,
          `<name>${gatewayName(key)}</name>`,
          `<gateway>${gatewayAddress(addresses.first4, ours)}</gateway>`,
          '<ipprotocol>inet</ipprotocol>',
        ]),
      ),
    ),
    section(
      'virtualip',
      vips.map(({ key, address, length }) =>
        entry('vip', [
          '<mode>ipalias</mode>',
          `<interface>${key}</interface>`,
          `<uniqid>${addressId(address)}</uniqid>`,
          `<subnet>${printAddress(address)}</subnet>`,
          `<subnet_bits>${length}</subnet_bits>`,
          '<type>single</type>',
          descr('another address of the interface'),
        ]),
      ),
    ),
    section('aliases', []),
    section('nat', [entry('outbound', ['<mode>automatic</mode>'])]),
    section(
      'filter',
      keyed
        .filter(({ has }) => has.role !== 'outside')
        .map(({ key }) =>
          entry('rule', [
            '<type>pass</type>',
            `<interface>${key}</interface>`,
            '<ipprotocol>inet46</ipprotocol>',
            '<source>\n\t\t\t\t<any></any>\n\t\t\t</source>',
            '<destination>\n\t\t\t\t<any></any>\n\t\t\t</destination>',
            descr('assumed: everything from inside'),
          ]),
        ),
    ),
    '</pfsense>\n',
  ].join('');
}

const KEY = /^(?:wan|lan|opt[1-9]\d{0,3})$/;

/** Keys by name: a name that is one, else the first outside one `wan`, the first other one `lan`, then `opt1` onwards. */
export function keysOf(interfaces: readonly NetworkInterface[]): ReadonlyMap<string, string> {
  const keys = new Map(interfaces.filter(({ name }) => KEY.test(name)).map(({ name }) => [name, name]));
  const used = new Set(keys.values());
  let optional = 1;
  for (const { name, role } of interfaces) {
    if (keys.has(name)) continue;
    const wanted = role === 'outside' ? 'wan' : 'lan';
    let key: string = wanted;
    while (used.has(key)) key = `opt${optional++}`;
    keys.set(name, key);
    used.add(key);
  }
  return keys;
}

type Own = NetworkInterface['addresses'][number];

/** An interface of a box has one address of each family; what it has besides are virtual IPs. */
function addressesOf({ addresses }: NetworkInterface): { first4?: Own; first6?: Own; more: readonly Own[] } {
  const first4 = addresses.find(({ address }) => familyOf(address) === 'ip');
  const first6 = addresses.find(({ address }) => familyOf(address) === 'ip6');
  const more = addresses.filter((one) => one !== first4 && one !== first6);
  return { ...(first4 ? { first4 } : {}), ...(first6 ? { first6 } : {}), more };
}

const interfaceLines = (
  key: string,
  { name, role }: NetworkInterface,
  { first4, first6 }: ReturnType<typeof addressesOf>,
): readonly string[] => [
  '<enable></enable>',
  `<if>${name}</if>`,
  ...(first4 ? [`<ipaddr>${printAddress(first4.address)}</ipaddr>`, `<subnet>${first4.length}</subnet>`] : []),
  ...(role === 'outside' ? [`<gateway>${gatewayName(key)}</gateway>`] : []),
  ...(first6 ? [`<ipaddrv6>${printAddress(first6.address)}</ipaddrv6>`, `<subnetv6>${first6.length}</subnetv6>`] : []),
  descr(key.toUpperCase()),
];

const gatewayName = (key: string): string => `${key.toUpperCase()}GW`;

/** Nobody said which address it is; that it is none of ours is all that matters. */
function gatewayAddress(own: Own | undefined, ours: readonly Range[]): string {
  if (!own) return 'dynamic';
  const network: Prefix = networkOf(own.address, own.length);
  const { first, last } = prefixRange(network);
  for (let address = network.length < 31 ? first + 1n : first; address <= last && address < first + 4096n; address++) {
    if (address !== own.address && !ours.some((range) => contains(range, address))) return printAddress(address);
  }
  return printAddress(FAR);
}

/** Of a network without a free address. Source: RFC 6598, shared address space. */
const FAR: Address = parseAddress('100.64.0.1')!;

const addressId = (address: Address): string => address.toString(16).padStart(13, '0').slice(-13);

const section = (name: string, entries: readonly string[]): string =>
  entries.length === 0 ? `\t<${name}></${name}>\n` : `\t<${name}>\n${entries.join('')}\t</${name}>\n`;
