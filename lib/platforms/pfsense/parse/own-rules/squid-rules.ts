// Creates the pf rules that pfSense's package squid adds: open ports and redirects to the proxy.

import { FAMILIES, parseAddress } from '../../../../net/address';
import { toNumberRanges } from '../../../../net/device';
import { toSingleRange } from '../../../../net/range';
import { PfFilterRule, PfRedirect } from '../../../../parse/pf/model';
import { matchCriteria, createPortBounds } from '../../../../parse/pf/match-packets';
import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseInterface } from '../box/box';
import { findChild, getText } from '../elements/element';
import { parsePort } from '../elements/parse-literals';
import { PfsenseContext, listOwnAddresses } from '../packets/resolve-addresses';
import { createNamedLine, createBoxRule } from './system-rules';

/** Rules of a package while it runs. */
export interface PackageRules {
  readonly filter: readonly PfFilterRule[];
  readonly rdr: readonly PfRedirect[];
}

const TCP = toNumberRanges(6);
const LOOPBACK_ADDRESS = toSingleRange(parseAddress('127.0.0.1')!);
const NO_SQUID_RULES: PackageRules = { filter: [], rdr: [] };

/**
 * Returns the rules that squid adds by its settings; undefined without settings. Squid opens its two ports on each
 * active interface if `allow_interface` is on, and intercepts web traffic on the interfaces named for it.
 * Source: squid_generate_rules in squid.inc of pfSense-pkg-squid.
 */
export function createSquidRules(context: PfsenseContext): PackageRules | undefined {
  const { box } = context;
  const settings = findChild(box.root, 'installedpackages', 'squid', 'config');
  if (!settings) return undefined;
  const isOn = (field: string): boolean => getText(settings, field) === 'on';
  const active = listKeys(settings, 'active_interface');
  if (!isOn('enable_squid') || active.length === 0) return NO_SQUID_RULES;
  const line = createNamedLine(settings, 'rules of package squid');
  const ports = createPortBounds(
    ...['proxy_port', 'ssl_proxy_port'].map((field, at) => parsePort(getText(settings, field)) ?? 3128 + at),
  );
  const findInterfaces = (keys: readonly string[]): readonly PfsenseInterface[] =>
    keys.flatMap((key) => box.byKey.get(key) ?? []);
  const opening = findInterfaces(active).flatMap((boxInterface) =>
    FAMILIES.map((family) =>
      createBoxRule(
        line,
        {
          on: { is: boxInterface.covers },
          family,
          protocols: TCP,
          destination: listOwnAddresses(boxInterface, family, context),
          ports,
        },
        { quick: true },
      ),
    ),
  );
  const intercepting = isOn('transparent_proxy') ? listKeys(settings, 'transparent_active_interface') : [];
  const ssl = isOn('ssl_proxy') ? listKeys(settings, 'ssl_active_interface') : [];
  const reason = 'package squid may intercept it';
  const rdr = findInterfaces(intercepting).map((boxInterface): PfRedirect => {
    const web = createPortBounds(...(ssl.includes(boxInterface.key) ? [80, 443] : [80]));
    const compared = {
      line,
      on: { is: boxInterface.covers },
      protocols: TCP,
      ports: web,
      unknownReasons: [reason],
    } as const;
    return {
      ...matchCriteria(compared),
      matchKey: `squid ${boxInterface.key}`,
      no: false,
      pass: true,
      to: {
        is: 'unclear',
        reason,
        pool: [LOOPBACK_ADDRESS, ...listOwnAddresses(boxInterface, 'ip6', context).must],
      },
    };
  });
  // A CARP address or a group of gateways stands for interfaces that only the box knows.
  const unknownKeys = [...(isOn('allow_interface') ? active : []), ...intercepting].filter(
    (key) => key !== 'lo0' && !box.byKey.has(key),
  );
  // Clients of a PPPoE server come by interfaces of their own.
  const pppoe = box.byKey.get('pppoe');
  const isUnknown = unknownKeys.length > 0 || (!pppoe && getText(box.root, 'pppoe', 'mode') === 'server');
  const unknownReasons = ['package squid may open it on an interface that the configuration names in another way'];
  const unclear =
    isUnknown || pppoe
      ? [
          createBoxRule(
            line,
            { ...(!isUnknown && pppoe && { on: { is: pppoe.covers } }), protocols: TCP, unknownReasons },
            { quick: true },
          ),
        ]
      : [];
  return { filter: [...(isOn('allow_interface') ? opening : []), ...unclear], rdr };
}

const listKeys = (settings: XmlElement, field: string): readonly string[] =>
  getText(settings, field)
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
