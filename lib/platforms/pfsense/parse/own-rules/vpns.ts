import { FAMILIES, familyOf, prefixRange, prefixesOf } from '../../../../net/address';
import { points } from '../../../../net/device';
import { Range } from '../../../../net/range';
import { PfBinat, PfFilterRule, PfNat } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { Surroundings, everyOwn } from '../packets/addresses';
import { Box, namesOf, networkOn } from '../box/box';
import { childOf, isSet, listOf, textAt, truthyAt } from '../elements/element';
import { lineOf } from '../elements/line-of';
import { portAt, prefixAt } from '../elements/literals';
import { matched, portsOf } from '../../../../parse/pf/matched';
import { ANY, Known, anyPerhaps, inFamily, surely } from '../../../../parse/pf/known';
import { Gateways } from '../box/gateways';
import { own } from './system';
import { PhaseEnd, endOf, ipsecRuns, ipsecTunnels, mobilePool, openvpnTunnels } from '../box/tunnels';

/** Networks behind the box's tunnels: those of IPsec and OpenVPN. Source: filter_get_vpns_list. */
export function vpnNetworks(box: Box): Known | undefined {
  const { root } = box;
  const ipsec = childOf(root, 'ipsec');
  const texts = [
    ...openvpnTunnels(root).flatMap((tunnel) => [
      ...textAt(tunnel, 'remote_network').split(','),
      textAt(tunnel, 'tunnel_network'),
    ]),
    ...(ipsec && ipsecRuns(ipsec)
      ? [...mobilePool(root), ...ipsecTunnels(root).map(({ phase }) => endOf(phase, 'remoteid'))]
      : []),
  ];
  const prefixes = texts.flatMap((text) => prefixAt(text.trim()) ?? []).filter(({ length }) => length > 0);
  return prefixes.length === 0 ? undefined : surely(prefixes.map((prefix) => prefixRange(prefix)));
}

/** What IPsec's negotiation needs, for each peer. Not quick, and after the rules of people. Source: filter_generate_ipsec_rules. */
export function ipsecRules(given: Surroundings, gateways: Gateways): readonly PfFilterRule[] {
  const { box } = given;
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
  return prefix
    ? surely([prefixRange(prefix)])
    : anyPerhaps(`the address of the peer ${text.slice(0, 80)} isn't known`);
}

/** Phase 2 entries that translate their local side: as a 1:1 where both are as large, else like outbound NAT. */
export function ipsecNat(given: Surroundings): { readonly binat: readonly PfBinat[]; readonly nat: readonly PfNat[] } {
  const names = namesOf(given.box, 'enc0');
  const binat: PfBinat[] = [];
  const nat: PfNat[] = [];
  if (!names) return { binat, nat };
  for (const { phase, position } of ipsecTunnels(given.box.root)) {
    if (!isSet(phase, 'natlocalid')) continue;
    const [local, outside, remote] = (['localid', 'natlocalid', 'remoteid'] as const).map((end) =>
      rangeOf(phase, end, given),
    );
    if (!local || !outside || !remote || familyOf(local.first) !== familyOf(outside.first)) continue;
    const line = lineOf(phase, `IPsec NAT of phase 2 entry ${position}`);
    const family = familyOf(local.first);
    const on = { is: names };
    const asks = ['ipsec', local.first, local.last, remote.first, remote.last].join('|');
    const common = { line, on, asks, no: false, pass: false } as const;
    const peers = surely([remote]);
    if (size(local) === size(outside)) {
      binat.push({ ...common, inside: local, outside, peers, protocols: 'any', to: `${remote.first}-${remote.last}` });
      continue;
    }
    const match = matched({ line, on, family, source: surely([local]), destination: peers });
    const to: PfNat['to'] =
      outside.first === outside.last
        ? { is: 'address', address: outside.first, ports: 'free' }
        : { is: 'unclear', because: 'some address of the phase 2 entry' };
    nat.push({ ...common, ...match, to });
  }
  return { binat, nat };
}

const size = (range: Range): number => prefixesOf(range)[0]!.length;

/** An end of a phase 2: written out, or the network of an interface. */
function rangeOf(phase: XmlElement, end: PhaseEnd, { box }: Surroundings): Range | undefined {
  const network = networkOn(box.byKey.get(textAt(phase, end, 'type')), 'ip');
  if (network) return network;
  const prefix = prefixAt(endOf(phase, end));
  return prefix && prefixRange(prefix);
}
