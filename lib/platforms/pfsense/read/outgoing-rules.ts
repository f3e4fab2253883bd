import { FAMILY_RANGE, Family } from '../../../net/address';
import { Range, point, without } from '../../../net/range';
import { PfFilterRule } from '../../../reading/pf/model';
import { XmlElement } from '../../../xml/xml';
import { Surroundings, ownAddresses } from './addresses';
import { Box, BoxInterface, networkRange } from './box';
import { childOf, isSet, textAt, truthyAt } from './element';
import { portAt } from './literals';
import { portsOf, protocols } from './matched';
import { surely } from './possible';
import { lineAt, own } from './system-rules';

/** Loopback, and everything that leaves: what the box sends itself, and what it has let in. */
export function outgoingRules({ box }: Surroundings): readonly PfFilterRule[] {
  return [
    own(lineAt(box.root, 'pass loopback'), { on: { is: ['lo0'] } }, { way: 'both' }),
    own(lineAt(box.root, 'let out anything'), {}, { way: 'out' }),
    ...box.interfaces.flatMap((each) => (each.virtual ? [] : [...routedOut(each, 'ip', box), ...routedOut(each, 'ip6', box)])),
  ];
}

/** What leaves by an uplink with an address of another one goes out by that, unless the network of the address is meant. */
function routedOut(each: BoxInterface, family: Family, box: Box): readonly PfFilterRule[] {
  const address = family === 'ip' ? each.v4 : each.v6;
  // A tunnel counts as having a gateway, but has none to send to unless one is set.
  const set = truthyAt(each.element, family === 'ip' ? 'gateway' : 'gatewayv6') !== '' || (family === 'ip' ? each.type : each.type6) !== '';
  if (!set || !(family === 'ip' ? each.hasGateway : each.hasGateway6) || address === undefined || address === 'unknown') return [];
  const network = networkRange(address);
  const on = { is: box.interfaces.filter((other) => other.hasGateway || other.hasGateway6).map(({ name }) => name) };
  const from = (source: bigint, near: Range, element: XmlElement): PfFilterRule => {
    const compared = { on, family, source: surely([point(source)]), destination: surely(without([FAMILY_RANGE[family]], [near])) };
    return own(lineAt(element, `let out by ${each.key} what is sent from its address`), compared, { way: 'out', routedTo: each.name });
  };
  const vips = (box.vipsOn.get(each.key) ?? []).filter((vip) => vip.family === family);
  return [
    from(address.address, network, each.element),
    ...vips.map((vip) =>
      from(vip.address, network.first <= vip.address && vip.address <= network.last ? network : vip.network, vip.element),
    ),
  ];
}

/** The ports of the box's own administration. Source: filter_get_antilockout_ports. */
function administrationPorts(box: Box): readonly number[] {
  const [gui, ssh] = [childOf(box.root, 'system', 'webgui'), childOf(box.root, 'system', 'ssh')];
  const secure = textAt(gui, 'protocol') === 'https';
  const port = portAt(truthyAt(gui, 'port')) ?? (secure ? 443 : 80);
  const plain = secure && !isSet(gui, 'disablehttpredirect') ? [80] : [];
  return [...new Set([port, ...plain, ...(isSet(ssh, 'enable') ? [portAt(truthyAt(ssh, 'port')) ?? 22] : [])])];
}

/**
 * The administration stays reachable from the interface whose key is `lan`, uplink or not; on a box with one interface from that. Both
 * stand before every rule of a person.
 */
export function antiLockout(given: Surroundings): readonly PfFilterRule[] {
  const { box } = given;
  const gui = childOf(box.root, 'system', 'webgui');
  if (!gui || isSet(gui, 'noantilockout')) return [];
  const count = childOf(box.root, 'interfaces')?.children.length ?? 0;
  const each = box.byKey.get(count > 1 ? 'lan' : 'wan');
  if (!each) return [];
  const ports = portsOf(...administrationPorts(box));
  return (['ip', 'ip6'] as const).map((family) =>
    own(
      lineAt(gui, `anti-lockout on ${each.key}`),
      { on: { is: each.covers }, family, protocols: protocols(6), destination: ownAddresses(each, family, given), ports },
      { quick: true },
    ),
  );
}
