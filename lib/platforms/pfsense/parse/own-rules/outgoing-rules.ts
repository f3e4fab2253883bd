// Creates the pf rules that pfSense adds for loopback, for packets that leave the box, and against locking out the
// administrator.

import { FAMILIES, FAMILY_RANGE, Family } from '../../../../net/address';
import { toNumberRanges } from '../../../../net/device';
import { Range, toSingleRange, subtractRanges } from '../../../../net/range';
import { PfFilterRule } from '../../../../parse/pf/model';
import { PfsenseContext, listOwnAddresses } from '../packets/resolve-addresses';
import { PfsenseBox, PfsenseInterface, getAddress, toNetworkRange } from '../box/box';
import { findChild, isSet, getText, getTruthyText } from '../elements/element';
import { parsePort } from '../elements/parse-literals';
import { createPortBounds } from '../../../../parse/pf/match-packets';
import { ANY_ADDRESS, createMergedCertain } from '../../../../parse/pf/range-bounds';
import { createNamedLine, createBoxRule } from './system-rules';

/** Returns the rules of loopback and of leaving packets: the box's own, and those that it has let in. */
export function createOutgoingRules({ box }: PfsenseContext): readonly PfFilterRule[] {
  return [
    createBoxRule(createNamedLine(box.root, 'pass loopback'), { on: { is: ['lo0'] } }, { direction: 'both' }),
    createBoxRule(createNamedLine(box.root, 'let out anything'), {}, { direction: 'out' }),
    ...box.interfaces.flatMap((boxInterface) =>
      boxInterface.virtual
        ? []
        : [...createRoutedRules(boxInterface, 'ip', box), ...createRoutedRules(boxInterface, 'ip6', box)],
    ),
  ];
}

/**
 * Returns the rules that route packets from an uplink's address by that uplink, except to the network of the address.
 */
function createRoutedRules(boxInterface: PfsenseInterface, family: Family, box: PfsenseBox): readonly PfFilterRule[] {
  const address = getAddress(boxInterface, family);
  // A tunnel counts as having a gateway, but has no next hop unless one is set.
  const set =
    getTruthyText(boxInterface.element, family === 'ip' ? 'gateway' : 'gatewayv6') !== '' ||
    (family === 'ip' ? boxInterface.type : boxInterface.type6) !== '';
  if (!set || !(family === 'ip' ? boxInterface.hasGateway : boxInterface.hasGateway6) || !address) return [];
  const network = toNetworkRange(address);
  const on = { is: box.interfaces.filter((other) => other.hasGateway || other.hasGateway6).map(({ name }) => name) };
  const line = createNamedLine(boxInterface.element, `let out by ${boxInterface.key} what is sent from its addresses`);
  // Many virtual IPs share their network; a single address has none.
  const groups = new Map<string, { readonly network: Range | undefined; readonly sources: Range[] }>();
  const add = (source: bigint, network: Range | undefined): void => {
    const key = network ? `${network.first}-${network.last}` : '';
    const same = groups.get(key) ?? { network, sources: [] };
    same.sources.push(toSingleRange(source));
    groups.set(key, same);
  };
  add(address.address, network);
  for (const vip of box.vipsOn.get(boxInterface.key) ?? []) {
    const inside = network.first <= vip.address && vip.address <= network.last;
    const single = vip.network.first === vip.network.last;
    if (vip.family === family) add(vip.address, inside ? network : single ? undefined : vip.network);
  }
  return [...groups.values()].map((group) => {
    const destination = group.network
      ? createMergedCertain(subtractRanges([FAMILY_RANGE[family]], [group.network]))
      : ANY_ADDRESS;
    return createBoxRule(
      line,
      { on, family, source: createMergedCertain(group.sources), destination },
      { direction: 'out', routedTo: boxInterface.name },
    );
  });
}

/** Returns the ports of the box's own administration. Source: filter_get_antilockout_ports. */
function listAdministrationPorts(box: PfsenseBox): readonly number[] {
  const [gui, ssh] = [findChild(box.root, 'system', 'webgui'), findChild(box.root, 'system', 'ssh')];
  const secure = getText(gui, 'protocol') === 'https';
  const port = parsePort(getTruthyText(gui, 'port')) ?? (secure ? 443 : 80);
  const plain = secure && !isSet(gui, 'disablehttpredirect') ? [80] : [];
  return [...new Set([port, ...plain, ...(isSet(ssh, 'enable') ? [parsePort(getTruthyText(ssh, 'port')) ?? 22] : [])])];
}

/**
 * Returns the rules that keep the administration reachable: from the interface whose key is `lan`, uplink or not; on a
 * box with one interface, from that one. They come before every user rule.
 */
export function createAntiLockoutRules(context: PfsenseContext): readonly PfFilterRule[] {
  const { box } = context;
  const gui = findChild(box.root, 'system', 'webgui');
  if (!gui || isSet(gui, 'noantilockout')) return [];
  const count = findChild(box.root, 'interfaces')?.children.length ?? 0;
  const boxInterface = box.byKey.get(count > 1 ? 'lan' : 'wan');
  if (!boxInterface) return [];
  const ports = createPortBounds(...listAdministrationPorts(box));
  return FAMILIES.map((family) =>
    createBoxRule(
      createNamedLine(gui, `anti-lockout on ${boxInterface.key}`),
      {
        on: { is: boxInterface.covers },
        family,
        protocols: toNumberRanges(6),
        destination: listOwnAddresses(boxInterface, family, context),
        ports,
      },
      { quick: true },
    ),
  );
}
