// Reports elements of firewalld policies that keep firewalld from loading them.

import { FirewalldConfiguration, ParsedFirewalldPolicy } from '../files/firewalld-configuration';
import { isActive, selectZones } from './dispatch';
import { createBrokenProblem } from '../files/parse-problems';
import { FirewalldVersion, isAtLeast, hasFix } from '../files/firewalld-version';

/**
 * Reports elements of active policies that firewalld can't load. Source: Policy._check_config of
 * firewall/core/io/policy.py, 1.3.3 and 2.3.2.
 */
export function checkPolicies(configuration: FirewalldConfiguration): void {
  for (const policy of configuration.policies)
    if (isActive(policy, configuration)) checkPolicyItems(policy, configuration);
}

function checkPolicyItems({ from, to, items }: ParsedFirewalldPolicy, configuration: FirewalldConfiguration): void {
  const { version, problems } = configuration;
  const isHost = from.includes('HOST') || to.includes('HOST');
  const isBound = selectZones(to, configuration).some(({ interfaces }) => interfaces.length > 0);
  for (const { element, of: child } of items.flatMap((item) =>
    item.name === 'rule' ? item.children.map((child) => ({ element: item, of: child })) : [{ element: item, of: item }],
  )) {
    const report = (message: string): unknown => problems.push(createBrokenProblem(element.line, message));
    const address = child.attributes['to-addr'] ?? '';
    if (child.name === 'masquerade' && isHost) report('a policy of the host has no masquerade.');
    if (child.name === 'mark' && (isBound || isHost)) report('this policy can not mark.');
    if (child.name !== 'forward-port') continue;
    const isAccepted = to.includes('HOST')
      ? (address === '' || allowsAddress(version)) && (from.includes('ANY') || allowsZones(version))
      : address !== '' && !isBound;
    if (!isAccepted) report('this policy can not forward like that.');
  }
}

/** Returns whether a policy to HOST may forward to an address: from 2.2 on, and in the fixed earlier versions. */
const allowsAddress = (version: FirewalldVersion): boolean => hasFix(version, '2.0.4', '2.1.2');
/** Returns whether a policy from a zone to HOST may do so. */
const allowsZones = (version: FirewalldVersion): boolean => isAtLeast(version, '2.3.2');
