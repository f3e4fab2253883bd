import { Device, NetworkInterface } from '../net/device';
import { isNamed } from '../parse/foreign';
import { mentioned } from './mentions';
import { LoweredRuleset, everyChain, fieldsOf } from './model';

/**
 * Returns, by the name of an interface, the first interface that the rules don't tell from it for packets that come in: no rule names one of the two alone,
 * nor a pattern that fits only one. Packets from both have the same outcome, so it is computed once.
 *
 * Returns nothing where rules ask for more than names: networks behind an interface, its kind of link, or the bridge that it may be.
 */
export function findAlike(
  ruleset: LoweredRuleset,
  { interfaces }: Pick<Device, 'interfaces'>,
): ReadonlyMap<string, string> {
  const { interfaces: names, redirects, returns, here } = mentioned(ruleset);
  if (ruleset.answering || returns || here === true || asksOfLinks(ruleset)) return new Map();
  const first = new Map<string, string>();
  const addresses = ({ addresses }: NetworkInterface): string =>
    redirects ? addresses.map(({ address }) => address).join() : '';
  return new Map(
    interfaces.map((one): readonly [string, string] => {
      const signature = `${names.filter((name) => isNamed(one.name, name)).join()} ${addresses(one)}`;
      const alike = first.get(signature) ?? one.name;
      first.set(signature, alike);
      return [one.name, alike];
    }),
  );
}

/** Whether some list stands on devices or on bridges, or some rule asks what kind of link a packet came by. */
const asksOfLinks = ({ bases }: LoweredRuleset): boolean =>
  bases.some(
    ({ devices, family, hook }) => devices.length > 0 || family === 'bridge' || hook === 'ingress' || hook === 'egress',
  ) ||
  [...everyChain(bases)].some(({ rules }) => rules.some((rule) => fieldsOf(rule).some(({ link }) => link === true)));
