import { programOf } from '../parse/programs';
import { knownPlatforms } from '../registry';

/** It has no platform of its own. */
const UFW = 'ufw';

/**
 * Whose rules a server's are, of those whose place a delivery to a platform can take. `kind` is what the text is of: files of a firewall's own are
 * its own; rules of iptables that are nobody's are what a service loads. Other tables of nft stand beside.
 */
export function replacedBy(kind: string, text: string, platform: string): readonly string[] {
  const own = knownPlatforms.find(({ id }) => id === kind)?.givesWay;
  const chains = chainsIn(text);
  const named = [
    ...(chains.some((name) => programOf(name)?.name === UFW) ? [UFW] : []),
    ...knownPlatforms.flatMap(({ id, givesWay }) => (givesWay?.tells?.test(text) ? [id] : [])),
  ];
  const found = own && (own.tells || named.length === 0) ? [kind] : named;
  const target = knownPlatforms.find(({ id }) => id === platform);
  return found.filter((one) => one !== platform && target?.replaces(one) === true);
}

const chainsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^(?::|\s*chain )(\S+)/gm)].map(([, name]) => name!);

/** Whose chains may go with a firewall that gives way, unnoticed: the device refuses that, by these names. */
export const GO_ALONG =
  'DOCKER|DOCKER-[A-Z0-9-]+|KUBE-[A-Z0-9-]+|CNI-[A-Za-z0-9-]+|NETAVARK[A-Za-z0-9_-]*|LIBVIRT_[A-Z]+|cali-[A-Za-z0-9_-]+|ts-[a-z]+|[A-Za-z0-9_]*imunify360[A-Za-z0-9_]*';
const GOES_ALONG = new RegExp(`^(${GO_ALONG})$`);

/** One of these, where nothing may give way to a delivery. */
export const goesAlong = (text: string): string | undefined => chainsIn(text).find((name) => GOES_ALONG.test(name));
