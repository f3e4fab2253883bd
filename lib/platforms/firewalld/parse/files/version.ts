import { Problem } from '../../../../problems/problem';
import { RUNNING, problem } from './problems';

/** `2.3.1`, and the same as a number that can be compared. */
export interface Version {
  readonly text: string;
  readonly number: number;
}

const numberOf = (text: string): number =>
  text
    .split('.')
    .concat('0', '0')
    .slice(0, 3)
    .reduce((all, part) => all * 1000 + Number(part), 0);
const versionOf = (text: string): Version => ({ text, number: numberOf(text) });

export const atLeast = (version: Version, text: string): boolean => version.number >= numberOf(text);

/**
 * Whether it has what several series got, each with one of these, and every later one with the last: `1.2.4 1.3.1` is 1.2.4 to 1.2.7, and from 1.3.1 on.
 */
export function hasMended(version: Version, ...since: readonly [string, ...string[]]): boolean {
  const isOfSeries = (text: string): boolean => Math.floor(version.number / 1000) === Math.floor(numberOf(text) / 1000);
  return since.some((text, at) => atLeast(version, text) && (at === since.length - 1 || isOfSeries(text)));
}

/** Whether a rich rule about a service is one about those that it includes, too. Source: _rule_prepare of firewall/core/fw_policy.py in each tag. */
export const asksIncluded = (version: Version): boolean => hasMended(version, '0.9.11', '1.2.4', '1.3.1');

/** Whether policies of `eth+` are asked: nft got the plus in a set, where it is a letter. Source: firewall/core/nftables.py in each tag. */
export const hasWildEnds = (version: Version): boolean => hasMended(version, '1.1.3', '1.2.1');

/** Whether a policy is asked of ends of one family alone; before, nft refused a rule with both, and nothing was loaded. Source: the same. */
export const partsFamilies = (version: Version): boolean => hasMended(version, '1.2.6', '1.3.3');

/** Whether what belongs to no connection is dropped before what comes by lo passes, behind that, or behind all zones. Source: the same. */
export const dropsInvalid = (version: Version): 'first' | 'behind lo' | 'last' =>
  hasMended(version, '1.1.5', '1.2.3') ? 'behind lo' : hasMended(version, '1.1.3', '1.2.1') ? 'first' : 'last';

/** Versions from which on some files are loaded otherwise than before: each stands for those until the next. Source: firewall/ of firewalld's tags. */
const CHANGES =
  '0.9.0 0.9.5 0.9.11 1.0.0 1.1.3 1.1.5 1.2.0 1.2.1 1.2.3 1.2.4 1.2.6 1.3.0 1.3.1 1.3.3 2.0.0 2.0.3 2.0.4 2.1.0 2.1.1 2.1.2 2.2.0 2.3.0 2.3.1 2.3.2 2.4.0 2.5.0'
    .split(' ')
    .map(versionOf);
const LAST_BY_ZONES = CHANGES.find(({ text }) => text === '1.3.3');
/** What our own text is read as, which says of itself that versions load it alike. */
export const OWN_TEXT = versionOf('1.3.3');
const OLDEST = '0.9';
const NEWEST = '2.5';

/**
 * Files that a package brings from a version on, by which it can be told: those that nobody brings to an earlier one. Source: config/ of the same
 * tags. Types of listeners (MLD), of 2.1, are in Enterprise Linux's 1.3, too.
 */
const BROUGHT: readonly (readonly [version: string, files: readonly string[]])[] = [
  ['2.0.0', ['services/0-AD', 'services/terraria', 'services/zero-k']],
  ['2.1.0', ['services/alvr', 'services/dns-over-quic', 'services/vrrp']],
  ['2.2.0', ['services/iperf2', 'services/mndp', 'services/turn']],
  ['2.3.0', ['services/mpd', 'services/radsec', 'services/slimevr']],
  ['2.3.2', ['policies/allow-host-ipv6: mld-listener']],
  ['2.4.0', ['policies/gateway-lan-to-HOST', 'services/gitea', 'services/socks']],
  ['2.5.0', ['services/solr']],
];
const FIRST_POLICY = 'policies/allow-host-ipv6';
/** What a package that is there as a whole has at least: 0.9 has 160. */
const MANY_SERVICES = 100;

/** Where the program itself says which it is: a file of its Python. */
const OWN_FILE = /(?:^|\/)firewall\/config\/__init__\.py$/;
export const isOfProgram = (path: string): boolean => OWN_FILE.test(path);
const OWN_FOLDER = /(?:^|\/)(?:python3[^/]*(?:\/(?:dist|site)-packages(?:\/firewall(?:\/config)?)?)?)$/;
export const mayHoldProgram = (path: string): boolean => OWN_FOLDER.test(path);

/** Which firewalld the files of a text are for: one, where it says so itself; else all that it may be, the first of each with a change. */
export interface Told {
  readonly versions: readonly [Version, ...Version[]];
  /** Undefined: nothing tells. */
  readonly by: 'the program' | 'the files of its package' | undefined;
}

interface OfText {
  /** Of the package's files, as `services/ssh`. */
  readonly stock: ReadonlySet<string>;
  readonly firstPolicy: string;
  /** What the program's own file holds. */
  readonly program: { readonly text: string; readonly line: number } | undefined;
}

/** `firewalld/earlier-version`, `firewalld/later-version` are added to `problems`. */
export function toldBy({ stock, firstPolicy, program }: OfText, problems: Problem[]): Told {
  const own = /^VERSION = ["'](\d+(?:\.\d+){1,2})["']/m.exec(program?.text ?? '')?.[1];
  if (own !== undefined) {
    const version = versionOf(own);
    if (version.number < numberOf(OLDEST))
      problems.push(
        problem('earlier-version', program!.line, `it is firewalld ${own}: before 0.9 it loads other rules.`, RUNNING),
      );
    if (version.number >= numberOf(NEWEST) + 1000)
      problems.push(
        problem(
          'later-version',
          program!.line,
          `it is firewalld ${own}: what is later than ${NEWEST} may load these files otherwise, and nobody has looked.`,
          RUNNING,
        ),
      );
    return { versions: [version], by: 'the program' };
  }
  const has = (mark: string): boolean => {
    const [file = '', word] = mark.split(': ');
    return word === undefined ? stock.has(file) : firstPolicy.includes(word);
  };
  const isWhole = [...stock].filter((one) => one.startsWith('services/')).length >= MANY_SERVICES;
  const since = BROUGHT.filter((_, at) => BROUGHT.slice(0, at + 1).every(([, files]) => files.every(has))).at(-1)?.[0];
  const before = isWhole
    ? BROUGHT.find((_, at) => BROUGHT.slice(at).every(([, files]) => !files.some(has)))?.[0]
    : undefined;
  const lowest = since === undefined ? 0 : numberOf(since);
  const highest = before === undefined ? Infinity : numberOf(before);
  const [first = OWN_TEXT, ...more] = CHANGES.filter(({ number }) => number >= lowest && number < highest);
  // Policies of the package may have been left out of files that are of a later one.
  if (lowest === 0 && stock.size > 0 && !stock.has(FIRST_POLICY))
    problems.push(
      problem(
        'earlier-version',
        1,
        `/usr/lib/firewalld/${FIRST_POLICY}.xml, which every firewalld has from 0.9 on, is not in the text: before, it loads other rules.`,
        RUNNING,
      ),
    );
  return {
    versions: [first, ...more],
    by: since === undefined && before === undefined ? undefined : 'the files of its package',
  };
}

/** `0.9 to 1.3, 2.3.2 to 2.4`: those for which each stands. */
export function inWords(versions: readonly Version[]): string {
  const runs: Version[][] = [];
  for (const one of versions) {
    const last = runs.at(-1)?.at(-1);
    if (last && CHANGES[CHANGES.indexOf(last) + 1] === one) runs.at(-1)!.push(one);
    else runs.push([one]);
  }
  const named = ({ text }: Version): string => text.replace(/^(\d+\.\d+)\.0$/, '$1');
  return runs
    .map((run) => {
      const [first, last] = [run[0]!, run.at(-1)!];
      return first === last ? named(first) : `${named(first)} to ${last === LAST_BY_ZONES ? '1.3' : named(last)}`;
    })
    .join(', ');
}
