import { FAMILIES, familyOf, prefixRange, prefixesOf } from '../../../net/address';
import { points } from '../../../net/device';
import { Range } from '../../../net/range';
import { PfBinat, PfFilterRule, PfNat } from '../../../reading/pf/model';
import { XmlElement } from '../../../xml/xml';
import { Surroundings, everyOwn } from './addresses';
import { Box, ipsecRuns, namesOf, networkOn } from './box';
import { childOf, isSet, listOf, textAt, truthyAt } from './element';
import { gatewaysOf } from './gateways';
import { lineOf } from './line-of';
import { portAt, prefixAt } from './literals';
import { matched, portsOf } from '../../../reading/pf/matched';
import { ANY, Known, anyPerhaps, inFamily, surely } from '../../../reading/pf/known';
import { own } from './system-rules';

/** Networks behind the box's tunnels: those of IPsec and OpenVPN. Source: filter_get_vpns_list. */
export function vpnNetworks(box: Box): Known | undefined {
  const texts: string[] = [];
  const openvpn = childOf(box.root, 'openvpn');
  for (const tunnel of [...listOf(openvpn, 'openvpn-server'), ...listOf(openvpn, 'openvpn-client')]) {
    if (!isSet(tunnel, 'disable')) texts.push(...textAt(tunnel, 'remote_network').split(','), textAt(tunnel, 'tunnel_network'));
  }
  const ipsec = childOf(box.root, 'ipsec');
  if (ipsec && ipsecRuns(ipsec)) {
    const client = childOf(ipsec, 'client');
    if (isSet(client, 'enable')) texts.push(`${textAt(client, 'pool_address')}/${textAt(client, 'pool_netbits')}`);
    for (const phase of listOf(ipsec, 'phase2')) {
      if (!isSet(phase, 'disabled') && textAt(phase, 'mode') !== 'transport') texts.push(identity(childOf(phase, 'remoteid')));
    }
  }
  const prefixes = texts.flatMap((text) => prefixAt(text.trim()) ?? []).filter(({ length }) => length > 0);
  return prefixes.length === 0 ? undefined : surely(prefixes.map((prefix) => prefixRange(prefix)));
}

/** One end of a phase 2 as text. */
function identity(id: XmlElement | undefined): string {
  const bits = textAt(id, 'netbits');
  return textAt(id, 'address') + (bits === '' ? '' : `/${bits}`);
}

/** What IPsec's negotiation needs, for each peer. Not quick, and after the rules of people. Source: filter_generate_ipsec_rules. */
export function ipsecRules(given: Surroundings): readonly PfFilterRule[] {
  const { box } = given;
  const gateways = gatewaysOf(box);
  const ipsec = childOf(box.root, 'ipsec');
  if (!ipsec || !ipsecRuns(ipsec) || isSet(box.root, 'system', 'disablevpnrules')) return [];
  return listOf(ipsec, 'phase1').flatMap((phase, at): readonly PfFilterRule[] => {
    const key = textAt(phase, 'interface');
    const members = gateways.keysOf(key) ?? [];
    const names =
      namesOf(box, box.vips.find(({ element }) => `_vip${textAt(element, 'uniqid')}` === key)?.key ?? key) ??
      (members.length > 0 ? members.flatMap((member) => namesOf(box, member) ?? []) : undefined);
    if (isSet(phase, 'disabled') || isSet(phase, 'gw_duplicates') || !names) return [];
    const line = lineOf(phase, `IPsec peer ${at + 1} on ${key}`);
    const peer = peerOf(phase);
    const used = listOf(ipsec, 'phase2')
      .filter((each) => textAt(each, 'ikeid') === textAt(phase, 'ikeid'))
      .map((each) => textAt(each, 'protocol'));
    const ports = portsOf(portAt(truthyAt(ipsec, 'port')) ?? 500, portAt(truthyAt(ipsec, 'port_nat_t')) ?? 4500);
    return FAMILIES.flatMap((family): readonly PfFilterRule[] => {
      const source = inFamily(peer, family);
      if (source.sure.length + source.perhaps.length === 0) return [];
      const doubts = members.length > 1 ? [`which gateway of ${key.slice(0, 80)} is up isn't known`] : [];
      const common = { on: { is: names }, family, source, destination: everyOwn(family, given), doubts } as const;
      return [
        own(line, { ...common, protocols: points(17), ports }),
        ...(used.includes('esp') ? [own(line, { ...common, protocols: points(50) })] : []),
        ...(used.includes('ah') ? [own(line, { ...common, protocols: points(51) })] : []),
      ];
    });
  });
}

function peerOf(phase: XmlElement): Known {
  if (isSet(phase, 'mobile')) return ANY;
  const text = textAt(phase, 'remote-gateway');
  const prefix = prefixAt(text);
  return prefix ? surely([prefixRange(prefix)]) : anyPerhaps(`the address of the peer ${text.slice(0, 80)} isn't known`);
}

/** Phase 2 entries that translate their local side: as a 1:1 where both are as large, else like outbound NAT. */
export function ipsecNat(given: Surroundings): { readonly binat: readonly PfBinat[]; readonly nat: readonly PfNat[] } {
  const ipsec = childOf(given.box.root, 'ipsec');
  const names = namesOf(given.box, 'enc0');
  const binat: PfBinat[] = [];
  const nat: PfNat[] = [];
  if (!ipsec || !names) return { binat, nat };
  listOf(ipsec, 'phase2').forEach((phase, at) => {
    if (isSet(phase, 'disabled') || textAt(phase, 'mode') === 'transport' || !isSet(phase, 'natlocalid')) return;
    const [local, outside, remote] = ['localid', 'natlocalid', 'remoteid'].map((name) => rangeOf(childOf(phase, name), given));
    if (!local || !outside || !remote || familyOf(local.first) !== familyOf(outside.first)) return;
    const line = lineOf(phase, `IPsec NAT of phase 2 entry ${at + 1}`);
    const family = familyOf(local.first);
    const on = { is: names };
    const asks = ['ipsec', local.first, local.last, remote.first, remote.last].join('|');
    const common = { line, on, asks, no: false, pass: false } as const;
    const peers = surely([remote]);
    if (size(local) === size(outside)) {
      binat.push({ ...common, inside: local, outside, peers, protocols: 'any', to: `${remote.first}-${remote.last}` });
      return;
    }
    const match = matched({ line, on, family, source: surely([local]), destination: peers });
    const to: PfNat['to'] =
      outside.first === outside.last
        ? { is: 'address', address: outside.first, ports: 'free' }
        : { is: 'unclear', because: 'some address of the phase 2 entry' };
    nat.push({ ...common, ...match, to });
  });
  return { binat, nat };
}

const size = (range: Range): number => prefixesOf(range)[0]!.length;

/** An end of a phase 2: written out, or the network of an interface. */
function rangeOf(id: XmlElement | undefined, { box }: Surroundings): Range | undefined {
  const network = networkOn(box.byKey.get(textAt(id, 'type')), 'ip');
  if (network) return network;
  const prefix = prefixAt(identity(id));
  return prefix && prefixRange(prefix);
}
