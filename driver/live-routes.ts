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
 * What lies behind each interface, as `ip -o route show` prints it: `10.9.0.0/24 via 10.0.0.1 dev eth0`. A route over several
 * hops has several interfaces. A default route counts in both families: only that there is one matters.
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
 * The interface of the default route of each family, where all tables together have one and the main table has it: whatever else leads packets by
 * marks or sources, what finds a default route finds that.
 */
export function findDefaultRoutes(text: string): Readonly<Partial<Record<Family, string>>> {
  const lines = text.split('\n').flatMap((line) => {
    const words = line.split(/[\s\\]+/);
    return words[0] === 'default' ? [{ words, families: listFamilies(words) }] : [];
  });
  const devicesByFamily: Partial<Record<Family, string>> = {};
  for (const family of FAMILIES) {
    const familyLines = lines.filter(({ families }) => families.includes(family)).map(({ words }) => words);
    const [name, another] = new Set(familyLines.flatMap(listDevices));
    if (name !== undefined && another === undefined && familyLines.some((words) => !words.includes('table')))
      devicesByFamily[family] = name;
  }
  return devicesByFamily;
}

/** A route over several hops has several. */
const listDevices = (words: readonly string[]): readonly string[] =>
  words.filter((_, index) => words[index - 1] === 'dev');

/** Of a default route: `ip -6` always says how it is preferred. One without a hop may be of either. */
function listFamilies(words: readonly string[]): readonly Family[] {
  if (words.includes('pref')) return ['ip6'];
  const hop = parseAddress(words[words.indexOf('via') + 1] ?? '');
  return words.includes('via') && hop !== undefined ? [getFamily(hop)] : FAMILIES;
}

/** Link-local and multicast networks are on every interface. */
function parsePrefixes(text: string): readonly Prefix[] {
  if (text === 'default') return DEFAULT_PREFIXES;
  if (/^f(?:e[89ab]|f.)[0-9a-f]:/i.test(text)) return [];
  const address = parseAddress(text);
  const prefix = address === undefined ? parsePrefix(text) : toHostPrefix(address);
  return prefix ? [prefix] : [];
}
