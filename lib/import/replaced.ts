import { programOf } from '../reading/programs';
import { knownPlatforms } from '../registry';

/** It has no platform of its own. */
const UFW = 'ufw';

/**
 * Whose rules a server's are, of those whose place a delivery to a platform can take. `kind` is what the text is of: files of a firewall's own are
 * its own; rules of iptables that are nobody's are what a service loads. Other tables of nft stand beside.
 */
export function replacedBy(kind: string, text: string, platform: string): readonly string[] {
  const own = knownPlatforms.find(({ id }) => id === kind)?.givesWay;
  const chains = [...text.matchAll(/^(?::|\s*chain )(\S+)/gm)].map(([, name]) => name!);
  const named = [
    ...(chains.some((name) => programOf(name)?.name === UFW) ? [UFW] : []),
    ...knownPlatforms.flatMap(({ id, givesWay }) => (givesWay?.tells?.test(text) ? [id] : [])),
  ];
  const found = own && (own.tells || named.length === 0) ? [kind] : named;
  const target = knownPlatforms.find(({ id }) => id === platform);
  return found.filter((one) => one !== platform && target?.replaces(one) === true);
}
