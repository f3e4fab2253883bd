import { Prefix, hostPrefix, parseAddress, parsePrefix } from '../lib/net/address';

const TYPES = new Set(['unicast', 'local', 'broadcast', 'multicast', 'anycast', 'blackhole', 'unreachable', 'prohibit', 'throw', 'nat']);
const DEFAULTS: readonly Prefix[] = [parsePrefix('0.0.0.0/0')!, parsePrefix('::/0')!];

/**
 * What lies behind each interface, as `ip -o route show` prints it: `10.9.0.0/24 via 10.0.0.1 dev eth0`. A route over several
 * hops has several interfaces. A default route counts in both families: only that there is one matters.
 */
export function routesBy(text: string): ReadonlyMap<string, readonly Prefix[]> {
  const routes = new Map<string, Prefix[]>();
  for (const line of text.split('\n')) {
    const words = line.split(/[\s\\]+/).filter((word) => word !== '');
    const prefixes = prefixesOf(words[TYPES.has(words[0] ?? '') ? 1 : 0] ?? '');
    for (const name of words.filter((_, index) => words[index - 1] === 'dev')) {
      const known = routes.get(name);
      if (known) known.push(...prefixes);
      else if (prefixes.length > 0) routes.set(name, [...prefixes]);
    }
  }
  return routes;
}

/** Link-local and multicast networks are on every interface. */
function prefixesOf(text: string): readonly Prefix[] {
  if (text === 'default') return DEFAULTS;
  if (/^f(?:e[89ab]|f.)[0-9a-f]:/i.test(text)) return [];
  const address = parseAddress(text);
  const prefix = address === undefined ? parsePrefix(text) : hostPrefix(address);
  return prefix ? [prefix] : [];
}
