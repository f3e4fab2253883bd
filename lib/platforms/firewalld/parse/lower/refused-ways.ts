import { Configuration, Policy } from '../files/configuration';
import { isActive, zonesOf } from './dispatch';
import { broken } from '../files/problems';
import { Version, atLeast, hasMended } from '../files/version';

/** What firewalld doesn't load in a policy that is active. Source: Policy._check_config of firewall/core/io/policy.py, 1.3.3 and 2.3.2. */
export function refuseWays(configuration: Configuration): void {
  for (const policy of configuration.policies) if (isActive(policy, configuration)) refuseWaysOf(policy, configuration);
}

function refuseWaysOf({ from, to, items }: Policy, configuration: Configuration): void {
  const { version, problems } = configuration;
  const isHost = from.includes('HOST') || to.includes('HOST');
  const isBound = zonesOf(to, configuration).some(({ interfaces }) => interfaces.length > 0);
  for (const { element, of } of items.flatMap((item) =>
    item.name === 'rule' ? item.children.map((one) => ({ element: item, of: one })) : [{ element: item, of: item }],
  )) {
    const wrong = (what: string): unknown => problems.push(broken(element.line, what));
    const address = of.attributes['to-addr'] ?? '';
    if (of.name === 'masquerade' && isHost) wrong('a policy of the host has no masquerade.');
    if (of.name === 'mark' && (isBound || isHost)) wrong('this policy can not mark.');
    if (of.name !== 'forward-port') continue;
    const isTaken = to.includes('HOST')
      ? (address === '' || takesAddress(version)) && (from.includes('ANY') || takesZones(version))
      : address !== '' && !isBound;
    if (!isTaken) wrong('this policy can not forward like that.');
  }
}

/** To the device itself, with an address: from 2.2 on, and what was mended before. */
const takesAddress = (version: Version): boolean => hasMended(version, '2.0.4', '2.1.2');
/** The same, from a zone. */
const takesZones = (version: Version): boolean => atLeast(version, '2.3.2');
