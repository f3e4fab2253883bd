import { FAMILIES, FAMILY_RANGE, Family } from '../../../../net/address';
import { points } from '../../../../net/device';
import { Range, point, without } from '../../../../net/range';
import { PfFilterRule } from '../../../../parse/pf/model';
import { Surroundings, ownAddresses } from '../packets/addresses';
import { Box, BoxInterface, addressOn, networkRange } from '../box/box';
import { childOf, isSet, textAt, truthyAt } from '../elements/element';
import { portAt } from '../elements/literals';
import { portsOf } from '../../../../parse/pf/matched';
import { ANY, surely } from '../../../../parse/pf/known';
import { lineAt, own } from './system';

/** Loopback, and everything that leaves: what the box sends itself, and what it has let in. */
export function outgoingRules({ box }: Surroundings): readonly PfFilterRule[] {
  return [
    own(lineAt(box.root, 'pass loopback'), { on: { is: ['lo0'] } }, { way: 'both' }),
    own(lineAt(box.root, 'let out anything'), {}, { way: 'out' }),
    ...box.interfaces.flatMap((each) =>
      each.virtual ? [] : [...routedOut(each, 'ip', box), ...routedOut(each, 'ip6', box)],
    ),
  ];
}

/** What leaves by an uplink with an address of another one goes out by that, unless the network of the address is meant. */
function routedOut(each: BoxInterface, family: Family, box: Box): readonly PfFilterRule[] {
  const address = addressOn(each, family);
  // A tunnel counts as having a gateway, but has none to send to unless one is set.
  const set =
    truthyAt(each.element, family === 'ip' ? 'gateway' : 'gatewayv6') !== '' ||
    (family === 'ip' ? each.type : each.type6) !== '';
  if (!set || !(family === 'ip' ? each.hasGateway : each.hasGateway6) || !address) return [];
  const network = networkRange(address);
  const on = { is: box.interfaces.filter((other) => other.hasGateway || other.hasGateway6).map(({ name }) => name) };
  const line = lineAt(each.element, `let out by ${each.key} what is sent from its addresses`);
  // Many virtual IPs share what is near them; of a single address nothing is near.
  const near = new Map<string, { readonly network: Range | undefined; readonly sources: Range[] }>();
  const add = (source: bigint, network: Range | undefined): void => {
    const key = network ? `${network.first}-${network.last}` : '';
    const same = near.get(key) ?? { network, sources: [] };
    same.sources.push(point(source));
    near.set(key, same);
  };
  add(address.address, network);
  for (const vip of box.vipsOn.get(each.key) ?? []) {
    const inside = network.first <= vip.address && vip.address <= network.last;
    const single = vip.network.first === vip.network.last;
    if (vip.family === family) add(vip.address, inside ? network : single ? undefined : vip.network);
  }
  return [...near.values()].map((one) => {
    const destination = one.network ? surely(without([FAMILY_RANGE[family]], [one.network])) : ANY;
    return own(line, { on, family, source: surely(one.sources), destination }, { way: 'out', routedTo: each.name });
  });
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
  return FAMILIES.map((family) =>
    own(
      lineAt(gui, `anti-lockout on ${each.key}`),
      { on: { is: each.covers }, family, protocols: points(6), destination: ownAddresses(each, family, given), ports },
      { quick: true },
    ),
  );
}
