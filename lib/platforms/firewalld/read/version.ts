import { Problem } from '../../../problems/problem';
import { RUNNING, problem } from './problems';

/** The first version that has a key of firewalld.conf, of those that 1.3 hasn't. Source: config/firewalld.conf of firewalld's tags, 0.9.0 to 2.5.0. */
const KEYS: Readonly<Record<string, string>> = {
  NftablesFlowtable: '2.0',
  NftablesCounters: '2.0',
  ReloadPolicy: '2.1',
  NftablesTableOwner: '2.2',
  StrictForwardPorts: '2.3',
};
/** The same of files that the package itself brings. Source: config/ of the same tags. */
const STOCK: Readonly<Record<string, string>> = {
  ...{ 'services/zero-k': '2.0', 'services/terraria': '2.0', 'services/supertuxkart': '2.0' },
  ...{ 'icmptypes/mld-listener-done': '2.1', 'services/turn': '2.2', 'services/radsec': '2.3', 'policies/gateway-lan-to-HOST': '2.4' },
};
const FIRST_POLICY = 'policies/allow-host-ipv6';

/** `firewalld/later-version`: it has a word that firewalld knows from 2.0 on, which loads the same files otherwise. */
export const ofLaterKey = (key: string, line: number): Problem | undefined => later(key, KEYS, line);
export const ofLaterFile = (stock: string, line: number): Problem | undefined => later(`${stock}.xml`, STOCK, line, stock);

export const isLaterKey = (key: string): boolean => Object.hasOwn(KEYS, key);

/** `firewalld/earlier-version`: before 0.9 firewalld has no policies, and lets packets go on from zone to zone. */
export const ofEarlierFiles = (stock: ReadonlySet<string>): readonly Problem[] =>
  stock.has(FIRST_POLICY)
    ? []
    : [
        problem(
          'earlier-version',
          1,
          `/usr/lib/firewalld/${FIRST_POLICY}.xml, which every firewalld has from 0.9 on, is not in the text: before, it loads other rules.`,
          RUNNING,
        ),
      ];

function later(what: string, since: Readonly<Record<string, string>>, line: number, name = what): Problem | undefined {
  if (!Object.hasOwn(since, name)) return undefined;
  return problem(
    'later-version',
    line,
    `${what} is of firewalld ${since[name]!} or later, and files are read here as firewalld 1.3 loads them: 2 loads some of them otherwise, policies of the default zone and rich rules among them.`,
    RUNNING,
  );
}
