// Finds interfaces that no rule tells apart for incoming packets, so that the evaluator computes one of them for all.

import { Device, NetworkInterface } from '../net/device';
import { matchesInterfaceName } from '../parse/config-format';
import { collectReferences } from './collect-references';
import { LoweredRuleset, listChains, listFields } from './ruleset-model';

/**
 * Returns, by the name of an interface, the first interface that the rules don't tell from it for packets that come in.
 * No rule names one of the two alone, nor a pattern that fits only one. Packets from both have the same outcome, so it
 * is computed once.
 *
 * Returns nothing if rules ask for more than names: networks behind an interface, its kind of link, or the bridge that
 * it may be.
 */
export function findEquivalentInterfaces(
  ruleset: LoweredRuleset,
  { interfaces }: Pick<Device, 'interfaces'>,
): ReadonlyMap<string, string> {
  const {
    interfaces: names,
    hasRedirects,
    testsReversePath,
    testsArrivalInterface: perInterface,
  } = collectReferences(ruleset);
  if (ruleset.replyChains || testsReversePath || perInterface === true || readsLinks(ruleset)) return new Map();
  const firstBySignature = new Map<string, string>();
  const addresses = ({ addresses }: NetworkInterface): string =>
    hasRedirects ? addresses.map(({ address }) => address).join() : '';
  return new Map(
    interfaces.map((networkInterface): readonly [string, string] => {
      const signature = `${names.filter((name) => matchesInterfaceName(networkInterface.name, name)).join()} ${addresses(networkInterface)}`;
      const representative = firstBySignature.get(signature) ?? networkInterface.name;
      firstBySignature.set(signature, representative);
      return [networkInterface.name, representative];
    }),
  );
}

/** Returns whether some chain stands on devices or on bridges, or some rule asks what kind of link a packet came by. */
const readsLinks = ({ baseChains }: LoweredRuleset): boolean =>
  baseChains.some(
    ({ devices, family, hook }) => devices.length > 0 || family === 'bridge' || hook === 'ingress' || hook === 'egress',
  ) ||
  [...listChains(baseChains)].some(({ rules }) =>
    rules.some((rule) => listFields(rule).some(({ link }) => link === true)),
  );
