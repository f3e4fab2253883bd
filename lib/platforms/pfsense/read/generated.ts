import { parseAddress } from '../../../net/address';
import { Device, points } from '../../../net/device';
import { point } from '../../../net/range';
import { PfFilterRule, PfRules } from '../../../reading/pf/model';
import { XmlElement } from '../../../xml/xml';
import { Surroundings } from './addresses';
import { aliasesOf } from './aliases';
import { ipsecTunnelRules } from './assigned-tunnels';
import { automaticOutbound } from './automatic-outbound';
import { boxOf } from './box';
import { bridgeRules } from './bridges';
import { differingInterfaces } from './differing-interfaces';
import { childOf, isEmpty, listOf } from './element';
import { filterRules, ruleSurroundings } from './filter-rule';
import { Gateways, gatewaysOf } from './gateways';
import { interfaceRules } from './interface-rules';
import { checkMacros } from './macros';
import { oneToOnes } from './one-to-one';
import { bypassRules, openedElsewhere } from './opened-elsewhere';
import { manualOutbound } from './outbound';
import { antiLockout, outgoingRules } from './outgoing-rules';
import { portForwards } from './port-forward';
import { certain, surely } from '../../../reading/pf/known';
import { prefixTranslations } from './prefix-translation';
import { Proxy } from './proxied';
import { helperRoutes } from './reflection-helper';
import { Release } from './release';
import { orderedRules } from './rule-order';
import { firstRules, lineAt, own } from './system-rules';
import { systemRedirects } from './system-redirects';
import { Unloadable } from './unloadable';
import { ipsecNat, ipsecRules, vpnNetworks } from './vpns';

/** What one release makes of a configuration, in pf's order. Throws Unloadable where it could not generate or load it. */
export function generated(root: XmlElement, device: Device, release: Release): PfRules {
  const box = boxOf(root, device);
  checkMacros(box);
  const given: Surroundings = { box, aliases: aliasesOf(root), release };
  const gateways = gatewaysOf(box);
  const routes = helperRoutes(box, gateways);
  const proxy = new Proxy();
  const mappings = [...oneToOnes(given, routes), ...prefixTranslations(given)];
  const ipsec = ipsecNat(given);
  const forwards = portForwards(given, routes, proxy);
  const elsewhere = openedElsewhere(given);
  const reflected = mappings.flatMap((mapping) => mapping.reflected);
  return {
    skipped: [],
    rdr: [...systemRedirects(box), ...forwards.flatMap(({ rdr }) => rdr), ...elsewhere.rdr, ...reflected],
    binat: [...mappings.flatMap(({ binat }) => binat), ...ipsec.binat],
    nat: [
      ...mappings.flatMap(({ nat }) => nat),
      ...[...ipsec.nat, ...manualOutbound(given), ...automaticOutbound(given, gateways)],
      ...forwards.flatMap(({ nat }) => nat),
      ...mappings.flatMap(({ helper }) => helper),
    ],
    filter: [
      ...[
        ...differingInterfaces(device, given),
        ...bridgeRules(given),
        ...ipsecTunnelRules(given),
        ...firstRules(given),
        ...elsewhere.early,
        ...interfaceRules(given),
      ],
      ...[...outgoingRules(given), ...antiLockout(given), ...relayed(root, proxy)],
      ...peoplesRules(given, gateways),
      ...[...bypassRules(given, gateways), ...ipsecRules(given, gateways), ...elsewhere.late],
    ],
  };
}

/** What a relay of the box gets is let in to it, if no rule of a person says otherwise. */
function relayed(root: XmlElement, proxy: Proxy): readonly PfFilterRule[] {
  if (!proxy.any) return [];
  const destination = surely([point(parseAddress('127.0.0.1')!)]);
  const ports = certain([Proxy.PORTS]);
  return [
    own(lineAt(childOf(root, 'nat') ?? root, 'reflected to a relay'), { family: 'ip', protocols: points(6, 17), destination, ports }),
  ];
}

function peoplesRules(given: Surroundings, gateways: Gateways): readonly PfFilterRule[] {
  const { box, release } = given;
  const entries = listOf(childOf(box.root, 'filter'), 'rule');
  const empty = entries.find((entry) => isEmpty(entry));
  if (empty && release.stopsAtEmptyAddress)
    throw new Unloadable(empty, `the generator of ${release.name} stops at a rule without anything`);
  const all = ruleSurroundings(given, gateways, vpnNetworks(box));
  return orderedRules(box, release).flatMap((entry) => filterRules(entry, all));
}
