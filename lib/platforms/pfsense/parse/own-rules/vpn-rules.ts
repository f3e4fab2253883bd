// Creates the pf rules and translations that pfSense adds for IPsec tunnels, and lists the networks behind its VPN
// tunnels.

import { FAMILIES, getFamily, toRange, toPrefixes } from '../../../../net/address';
import { toNumberRanges } from '../../../../net/device';
import { Range } from '../../../../net/range';
import { PfBinat, PfFilterRule, PfNat } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseContext, listAllOwnAddresses } from '../packets/resolve-addresses';
import { PfsenseBox, findInterfaceNames, getInterfaceNetwork } from '../box/box';
import { findChild, isSet, listChildren, getText, getTruthyText } from '../elements/element';
import { createLine } from '../elements/entry-line';
import { parsePort, parsePrefixLiteral } from '../elements/parse-literals';
import { matchCriteria, createPortBounds } from '../../../../parse/pf/match-packets';
import {
  ANY_ADDRESS,
  RangeBounds,
  createUnknown,
  narrowToFamily,
  createMergedCertain,
} from '../../../../parse/pf/range-bounds';
import { GatewayLookup } from '../box/gateways';
import { createBoxRule } from './system-rules';
import {
  PhaseEnd,
  getPhaseAddress,
  isIpsecOn,
  listIpsecTunnels,
  listMobilePools,
  listOpenvpnTunnels,
} from '../box/tunnels';

/** Returns the networks behind the box's tunnels of IPsec and OpenVPN. Source: filter_get_vpns_list. */
export function findVpnNetworks(box: PfsenseBox): RangeBounds | undefined {
  const { root } = box;
  const ipsec = findChild(root, 'ipsec');
  const texts = [
    ...listOpenvpnTunnels(root).flatMap((tunnel) => [
      ...getText(tunnel, 'remote_network').split(','),
      getText(tunnel, 'tunnel_network'),
    ]),
    ...(ipsec && isIpsecOn(ipsec)
      ? [...listMobilePools(root), ...listIpsecTunnels(root).map(({ phase }) => getPhaseAddress(phase, 'remoteid'))]
      : []),
  ];
  const prefixes = texts.flatMap((text) => parsePrefixLiteral(text.trim()) ?? []).filter(({ length }) => length > 0);
  return prefixes.length === 0 ? undefined : createMergedCertain(prefixes.map((prefix) => toRange(prefix)));
}

/**
 * Returns the rules for IPsec's negotiation with each peer. They aren't quick, and come after user rules. Source:
 * filter_generate_ipsec_rules.
 */
export function createIpsecRules(context: PfsenseContext, gateways: GatewayLookup): readonly PfFilterRule[] {
  const { box } = context;
  const ipsec = findChild(box.root, 'ipsec');
  if (!ipsec || !isIpsecOn(ipsec) || isSet(box.root, 'system', 'disablevpnrules')) return [];
  return listChildren(ipsec, 'phase1').flatMap((phase, at): readonly PfFilterRule[] => {
    const key = getText(phase, 'interface');
    const members = gateways.findKeys(key) ?? [];
    const names =
      findInterfaceNames(
        box,
        box.vips.find(({ element }) => `_vip${getText(element, 'uniqid')}` === key)?.key ?? key,
      ) ?? (members.length > 0 ? members.flatMap((member) => findInterfaceNames(box, member) ?? []) : undefined);
    if (isSet(phase, 'disabled') || isSet(phase, 'gw_duplicates') || !names) return [];
    const line = createLine(phase, `IPsec peer ${at + 1} on ${key}`);
    const peer = parsePeer(phase);
    const usedProtocols = listChildren(ipsec, 'phase2')
      .filter((phase2) => getText(phase2, 'ikeid') === getText(phase, 'ikeid'))
      .map((phase2) => getText(phase2, 'protocol'));
    const ports = createPortBounds(
      parsePort(getTruthyText(ipsec, 'port')) ?? 500,
      parsePort(getTruthyText(ipsec, 'port_nat_t')) ?? 4500,
    );
    return FAMILIES.flatMap((family): readonly PfFilterRule[] => {
      const source = narrowToFamily(peer, family);
      if (source.must.length + source.uncertain.length === 0) return [];
      const reasons = members.length > 1 ? [`which gateway of ${key.slice(0, 80)} is up isn't known`] : [];
      const common = {
        on: { is: names },
        family,
        source,
        destination: listAllOwnAddresses(family, context),
        unknownReasons: reasons,
      } as const;
      return [
        createBoxRule(line, { ...common, protocols: toNumberRanges(17), ports }),
        ...(usedProtocols.includes('esp') ? [createBoxRule(line, { ...common, protocols: toNumberRanges(50) })] : []),
        ...(usedProtocols.includes('ah') ? [createBoxRule(line, { ...common, protocols: toNumberRanges(51) })] : []),
      ];
    });
  });
}

function parsePeer(phase: XmlElement): RangeBounds {
  if (isSet(phase, 'mobile')) return ANY_ADDRESS;
  const text = getText(phase, 'remote-gateway');
  const prefix = parsePrefixLiteral(text);
  return prefix
    ? createMergedCertain([toRange(prefix)])
    : createUnknown(`the address of the peer ${text.slice(0, 80)} isn't known`);
}

/**
 * Returns the translations of phase 2 entries' local sides: 1:1 if both sides have one size, else like outbound NAT.
 */
export function createIpsecNat(context: PfsenseContext): {
  readonly binat: readonly PfBinat[];
  readonly nat: readonly PfNat[];
} {
  const names = findInterfaceNames(context.box, 'enc0');
  const binat: PfBinat[] = [];
  const nat: PfNat[] = [];
  if (!names) return { binat, nat };
  for (const { phase, position } of listIpsecTunnels(context.box.root)) {
    if (!isSet(phase, 'natlocalid')) continue;
    const [local, external, remote] = (['localid', 'natlocalid', 'remoteid'] as const).map((end) =>
      parsePhaseRange(phase, end, context),
    );
    if (!local || !external || !remote || getFamily(local.first) !== getFamily(external.first)) continue;
    const line = createLine(phase, `IPsec NAT of phase 2 entry ${position}`);
    const family = getFamily(local.first);
    const on = { is: names };
    const matchKey = ['ipsec', local.first, local.last, remote.first, remote.last].join('|');
    const common = { line, on, matchKey, no: false, pass: false } as const;
    const peers = createMergedCertain([remote]);
    if (getPrefixLength(local) === getPrefixLength(external)) {
      binat.push({
        ...common,
        internal: local,
        external,
        peers,
        protocols: 'any',
        to: `${remote.first}-${remote.last}`,
      });
      continue;
    }
    const match = matchCriteria({ line, on, family, source: createMergedCertain([local]), destination: peers });
    const to: PfNat['to'] =
      external.first === external.last
        ? { is: 'address', address: external.first, ports: 'free' }
        : { is: 'unclear', reason: 'some address of the phase 2 entry' };
    nat.push({ ...common, ...match, to });
  }
  return { binat, nat };
}

const getPrefixLength = (range: Range): number => toPrefixes(range)[0]!.length;

/** Returns an end of a phase 2: a literal, or the network of an interface. */
function parsePhaseRange(phase: XmlElement, end: PhaseEnd, { box }: PfsenseContext): Range | undefined {
  const network = getInterfaceNetwork(box.byKey.get(getText(phase, end, 'type')), 'ip');
  if (network) return network;
  const prefix = parsePrefixLiteral(getPhaseAddress(phase, end));
  return prefix && toRange(prefix);
}
