// Finds the firewalls on a server that a release can replace (ufw, csf, saved iptables rules), by its running rules,
// and the chains of other programs, such as Docker's, that prevent it.

import { findProgram } from '../parse/firewall-programs';
import { knownPlatforms } from '../registry';

/** ufw has no platform of its own. */
const UFW = 'ufw';

/**
 * Returns the firewalls whose rules a text has and that a delivery to `platform` can replace. `kind` is the platform of
 * the text: a firewall's own files are its own, and iptables rules of no known firewall are those that a service loads.
 * Other tables of nft stand beside.
 */
export function findReplacedFirewalls(kind: string, text: string, platform: string): readonly string[] {
  const ownDetection = knownPlatforms.find(({ id }) => id === kind)?.givesWay;
  const chainNames = listChainNames(text);
  const detectedFirewalls = [
    ...(chainNames.some((name) => findProgram(name)?.name === UFW) ? [UFW] : []),
    ...knownPlatforms.flatMap(({ id, givesWay }) => (givesWay?.tells?.test(text) ? [id] : [])),
  ];
  const firewalls = ownDetection && (ownDetection.tells || detectedFirewalls.length === 0) ? [kind] : detectedFirewalls;
  const target = knownPlatforms.find(({ id }) => id === platform);
  return firewalls.filter((firewall) => firewall !== platform && target?.replaces(firewall) === true);
}

const listChainNames = (text: string): readonly string[] =>
  [...text.matchAll(/^(?::|\s*chain )(\S+)/gm)].map(([, name]) => name!);

/** Chains of programs that could vanish unnoticed with a firewall that gives way. The device refuses these names. */
export const ACCOMPANYING_CHAINS_PATTERN =
  'DOCKER|DOCKER-[A-Z0-9-]+|KUBE-[A-Z0-9-]+|CNI-[A-Za-z0-9-]+|NETAVARK[A-Za-z0-9_-]*|LIBVIRT_[A-Z]+|cali-[A-Za-z0-9_-]+|ts-[a-z]+|[A-Za-z0-9_]*imunify360[A-Za-z0-9_]*';
const ACCOMPANYING_CHAIN = new RegExp(`^(${ACCOMPANYING_CHAINS_PATTERN})$`);

/** Returns a chain of the text with one of these names. With one, no firewall may give way to a delivery. */
export const findAccompanyingChain = (text: string): string | undefined =>
  listChainNames(text).find((name) => ACCOMPANYING_CHAIN.test(name));
