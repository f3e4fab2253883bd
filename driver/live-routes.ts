// Parses the output of `ip -o route show` on a device: the networks behind each interface, and the interface of each
// family's default route.
import { FAMILIES, Family, Prefix, getFamily, toHostPrefix, parseAddress, parsePrefix } from '../lib/net/address';

const ROUTE_TYPES = new Set([
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'anycast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
]);
const DEFAULT_PREFIXES: readonly Prefix[] = [parsePrefix('0.0.0.0/0')!, parsePrefix('::/0')!];

/**
 * Returns the networks behind each interface, from the output of `ip -o route show`: `10.9.0.0/24 via 10.0.0.1 dev
 * eth0`. A route over several hops has several interfaces. A default route counts in both families: only its existence
 * matters.
 */
export function parseRoutes(text: string): ReadonlyMap<string, readonly Prefix[]> {
  const routes = new Map<string, Prefix[]>();
  for (const line of text.split('\n')) {
    const words = line.split(/[\s\\]+/).filter((word) => word !== '');
    const prefixes = parsePrefixes(words[ROUTE_TYPES.has(words[0] ?? '') ? 1 : 0] ?? '');
    for (const name of listDevices(words)) {
      const interfaceRoutes = routes.get(name);
      if (interfaceRoutes) interfaceRoutes.push(...prefixes);
      else if (prefixes.length > 0) routes.set(name, [...prefixes]);
    }
  }
  return routes;
}

/**
 * Returns the interface of each family's default route, if all tables together have one and the main table has it.
 * Marks or sources may lead packets to other tables, but every packet that reaches a default route reaches this one.
 */
export function findDefaultRoutes(text: string): Readonly<Partial<Record<Family, string>>> {
  const lines = text.split('\n').flatMap((line) => {
    const words = line.split(/[\s\\]+/);
    return words[0] === 'default' ? [{ words, families: listFamilies(words) }] : [];
  });
  const devicesByFamily: Partial<Record<Family, string>> = {};
  for (const family of FAMILIES) {
    const familyLines = lines.filter(({ families }) => families.includes(family)).map(({ words }) => words);
    const [name, otherName] = new Set(familyLines.flatMap(listDevices));
    if (name !== undefined && otherName === undefined && familyLines.some((words) => !words.includes('table')))
      devicesByFamily[family] = name;
  }
  return devicesByFamily;
}

/** Returns the interfaces of a route; a route over several hops has several. */
const listDevices = (words: readonly string[]): readonly string[] =>
  words.filter((_, index) => words[index - 1] === 'dev');

/**
 * Returns the families of a default route: `ip -6` always prints the preference. A route without a hop may be of either
 * family.
 */
function listFamilies(words: readonly string[]): readonly Family[] {
  if (words.includes('pref')) return ['ip6'];
  const hop = parseAddress(words[words.indexOf('via') + 1] ?? '');
  return words.includes('via') && hop !== undefined ? [getFamily(hop)] : FAMILIES;
}

/**
 * Returns the prefixes of a destination; link-local and multicast networks, which are on every interface, are left out.
 */
function parsePrefixes(text: string): readonly Prefix[] {
  if (text === 'default') return DEFAULT_PREFIXES;
  if (/^f(?:e[89ab]|f.)[0-9a-f]:/i.test(text)) return [];
  const address = parseAddress(text);
  const prefix = address === undefined ? parsePrefix(text) : toHostPrefix(address);
  return prefix ? [prefix] : [];
}
