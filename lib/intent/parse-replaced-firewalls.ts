// Parses the field `replaces` of a server's intent: the firewalls that its release replaces.
import { KnownPlatform } from './device-fields';
import { IntentLocation, parseEntries, parseText } from './fields';
import { serverSchema } from './intent-schemas';
import * as say from './problems/field-problems';

/** ufw has no platform of its own: its running rules are parsed. */
const UFW = 'ufw';

/** Parses the firewalls of a server that give way. Returns each once, in a fixed order. */
export function parseReplacedFirewalls(
  value: unknown,
  location: IntentLocation,
  platforms: readonly KnownPlatform[],
): readonly string[] {
  const firewalls = [UFW, ...platforms.flatMap(({ id, givesWay }) => (givesWay ? [id] : []))];
  const locationsByFirewall = new Map<string, string>();
  parseEntries(
    value,
    location,
    serverSchema.shape.replaces,
    'A list such as ["ufw"]',
    'At least one firewall, or no "replaces" at all.',
    (entry, entryLocation) => {
      const firewall = parseText(entry, entryLocation, firewalls.map((name) => `"${name}"`).join(' or '));
      if (firewall === undefined) return undefined;
      if (!firewalls.includes(firewall))
        return entryLocation.report(say.describeUnknownChoice(entryLocation.where, firewall, firewalls));
      const earlierLocation = locationsByFirewall.get(firewall);
      if (earlierLocation !== undefined)
        return entryLocation.report(
          say.describeDuplicate(entryLocation.where, 'a firewall', firewall, earlierLocation),
        );
      locationsByFirewall.set(firewall, entryLocation.where);
      return undefined;
    },
  );
  return firewalls.filter((name) => locationsByFirewall.has(name));
}
