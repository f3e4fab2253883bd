import { knownPlatforms } from '../registry';

/** It has no platform of its own. */
const UFW = /^(:|\s*chain )ufw6?-/m;

/**
 * Whose rules a server's are, of those whose place a delivery to a platform can take. `kind` is what the text is of: files of a firewall's own are
 * its own; rules of iptables that are nobody's are what a service loads. Other tables of nft stand beside.
 */
export function replacedBy(kind: string, text: string, platform: string): readonly string[] {
  const own = knownPlatforms.find(({ id }) => id === kind)?.givesWay;
  const named = [
    ...(UFW.test(text) ? ['ufw'] : []),
    ...knownPlatforms.flatMap(({ id, givesWay }) => (givesWay?.tells?.test(text) ? [id] : [])),
  ];
  const found = own && (own.tells || named.length === 0) ? [kind] : named;
  return knownPlatforms.some(({ id, replaces }) => id === platform && replaces) ? found.filter((one) => one !== platform) : [];
}
