import { FAMILIES, parseAddress } from '../../../../net/address';
import { points } from '../../../../net/device';
import { point } from '../../../../net/range';
import { PfFilterRule, PfRedirect } from '../../../../parse/pf/model';
import { matched, portsOf } from '../../../../parse/pf/matched';
import { XmlElement } from '../../../../xml/xml';
import { BoxInterface } from '../box/box';
import { childOf, ownText, textAt } from '../elements/element';
import { portAt } from '../elements/literals';
import { Surroundings, ownAddresses } from '../packets/addresses';
import { lineAt, own } from './system';

/** Rules of the package squid while it runs. Source: squid_generate_rules in squid.inc of pfSense-pkg-squid. */
export interface SquidRules {
  readonly filter: readonly PfFilterRule[];
  readonly rdr: readonly PfRedirect[];
}

const TCP = points(6);
const LOOPBACK_ADDRESS = point(parseAddress('127.0.0.1')!);
const NONE: SquidRules = { filter: [], rdr: [] };

export const isSquid = (element: XmlElement): boolean =>
  ownText(childOf(element, 'filter_rule_function')) === 'squid_generate_rules';

/**
 * The rules that squid adds by its settings: it opens its two ports on each active interface where `allow_interface` is on, and intercepts
 * the web on the interfaces named for it. Undefined where its settings are missing.
 */
export function createSquidRules(given: Surroundings): SquidRules | undefined {
  const { box } = given;
  const settings = childOf(box.root, 'installedpackages', 'squid', 'config');
  if (!settings) return undefined;
  const isOn = (field: string): boolean => textAt(settings, field) === 'on';
  const active = listKeys(settings, 'active_interface');
  if (!isOn('enable_squid') || active.length === 0) return NONE;
  const line = lineAt(settings, 'rules of package squid');
  const ports = portsOf(
    ...['proxy_port', 'ssl_proxy_port'].map((field, at) => portAt(textAt(settings, field)) ?? 3128 + at),
  );
  const named = (keys: readonly string[]): readonly BoxInterface[] => keys.flatMap((key) => box.byKey.get(key) ?? []);
  const opening = named(active).flatMap((each) =>
    FAMILIES.map((family) =>
      own(
        line,
        { on: { is: each.covers }, family, protocols: TCP, destination: ownAddresses(each, family, given), ports },
        { quick: true },
      ),
    ),
  );
  const intercepting = isOn('transparent_proxy') ? listKeys(settings, 'transparent_active_interface') : [];
  const ssl = isOn('ssl_proxy') ? listKeys(settings, 'ssl_active_interface') : [];
  const because = 'package squid may intercept it';
  const rdr = named(intercepting).map((each): PfRedirect => {
    const web = portsOf(...(ssl.includes(each.key) ? [80, 443] : [80]));
    const compared = { line, on: { is: each.covers }, protocols: TCP, ports: web, doubts: [because] } as const;
    return {
      ...matched(compared),
      asks: `squid ${each.key}`,
      no: false,
      pass: true,
      to: { is: 'unclear', because, among: [LOOPBACK_ADDRESS, ...ownAddresses(each, 'ip6', given).sure] },
    };
  });
  // An address of CARP, a group of gateways or a server of PPPoE stands for interfaces that only the box knows.
  const others = [...(isOn('allow_interface') ? active : []), ...intercepting].filter(
    (key) => key !== 'lo0' && !box.byKey.has(key),
  );
  const hasPppoe = ['pppoe', 'pppoes'].some((name) => childOf(box.root, name) !== undefined);
  const doubts = ['package squid may open it on an interface that the configuration names in another way'];
  const unclear = others.length > 0 || hasPppoe ? [own(line, { protocols: TCP, doubts }, { quick: true })] : [];
  return { filter: [...(isOn('allow_interface') ? opening : []), ...unclear], rdr };
}

const listKeys = (settings: XmlElement, field: string): readonly string[] =>
  textAt(settings, field)
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
