import { findProgram } from '../parse/firewall-programs';
import { knownPlatforms } from '../registry';

/** It has no platform of its own. */
const UFW = 'ufw';

/**
 * Whose rules a server's are, of those whose place a delivery to a platform can take. `kind` is what the text is of: files of a firewall's own are
 * its own; rules of iptables that are nobody's are what a service loads. Other tables of nft stand beside.
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

/** Whose chains may go with a firewall that gives way, unnoticed: the device refuses that, by these names. */
export const ACCOMPANYING_CHAINS_PATTERN =
  'DOCKER|DOCKER-[A-Z0-9-]+|KUBE-[A-Z0-9-]+|CNI-[A-Za-z0-9-]+|NETAVARK[A-Za-z0-9_-]*|LIBVIRT_[A-Z]+|cali-[A-Za-z0-9_-]+|ts-[a-z]+|[A-Za-z0-9_]*imunify360[A-Za-z0-9_]*';
const ACCOMPANYING_CHAIN = new RegExp(`^(${ACCOMPANYING_CHAINS_PATTERN})$`);

/** One of these, where nothing may give way to a delivery. */
export const findAccompanyingChain = (text: string): string | undefined =>
  listChainNames(text).find((name) => ACCOMPANYING_CHAIN.test(name));
