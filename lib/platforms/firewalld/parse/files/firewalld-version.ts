// Detects the version of firewalld from its files, and lists the differences between versions that change which
// packets pass.

import { Problem } from '../../../../problems/problem';
import { RUNNING_HINT, createProblem } from './parse-problems';

/** `2.3.1`, and the same as a number for comparison. */
export interface FirewalldVersion {
  readonly text: string;
  readonly number: number;
}

const toVersionNumber = (text: string): number =>
  text
    .split('.')
    .concat('0', '0')
    .slice(0, 3)
    .reduce((number, part) => number * 1000 + Number(part), 0);
const parseVersion = (text: string): FirewalldVersion => ({ text, number: toVersionNumber(text) });

export const isAtLeast = (version: FirewalldVersion, text: string): boolean => version.number >= toVersionNumber(text);

/**
 * Returns whether a version has a fix that several release series got. Each argument is the first version of its
 * series; every later series has the fix, too. `1.2.4 1.3.1` means 1.2.4 to 1.2.7, and everything from 1.3.1 on.
 */
export function hasFix(version: FirewalldVersion, ...since: readonly [string, ...string[]]): boolean {
  const isInSeries = (text: string): boolean =>
    Math.floor(version.number / 1000) === Math.floor(toVersionNumber(text) / 1000);
  return since.some((text, index) => isAtLeast(version, text) && (index === since.length - 1 || isInSeries(text)));
}

/**
 * Returns whether a rich rule on a service applies to its included services. Source: _rule_prepare of
 * firewall/core/fw_policy.py in each tag.
 */
export const appliesToIncludes = (version: FirewalldVersion): boolean => hasFix(version, '0.9.11', '1.2.4', '1.3.1');

/**
 * Returns whether policies match `eth+`. Without the fix nft gets the plus in a set, where it is a letter. Source:
 * firewall/core/nftables.py in each tag.
 */
export const matchesWildcards = (version: FirewalldVersion): boolean => hasFix(version, '1.1.3', '1.2.1');

/**
 * Returns whether policies skip pairs of ends with different families. Without the fix nft refused a rule with both,
 * and nothing was loaded. Source: the same.
 */
export const canSeparateFamilies = (version: FirewalldVersion): boolean => hasFix(version, '1.2.6', '1.3.3');

/**
 * Returns where invalid packets are dropped: before packets from lo pass, behind that, or behind all zones. Source: the
 * same.
 */
export const getInvalidDropPosition = (version: FirewalldVersion): 'first' | 'behind lo' | 'last' =>
  hasFix(version, '1.1.5', '1.2.3') ? 'behind lo' : hasFix(version, '1.1.3', '1.2.1') ? 'first' : 'last';

/**
 * Versions that load some files differently from the version before. Each stands for all versions until the next.
 * Source: firewall/ of firewalld's tags.
 */
const CHANGED_VERSIONS =
  '0.9.0 0.9.5 0.9.11 1.0.0 1.1.3 1.1.5 1.2.0 1.2.1 1.2.3 1.2.4 1.2.6 1.3.0 1.3.1 1.3.3 2.0.0 2.0.3 2.0.4 2.1.0 2.1.1 2.1.2 2.2.0 2.3.0 2.3.1 2.3.2 2.4.0 2.5.0'
    .split(' ')
    .map(parseVersion);
const LAST_ZONE_BASED_VERSION = CHANGED_VERSIONS.find(({ text }) => text === '1.3.3');
/** The version that a generated config is parsed for. All versions load such a config alike. */
export const GENERATED_CONFIG_VERSION = parseVersion('1.3.3');
const OLDEST_VERSION = '0.9';
const NEWEST_VERSION = '2.5';

/**
 * Files that the package has from a version on, by which the version can be detected. Files that a distribution adds to
 * an earlier version are left out. Source: config/ of the same tags. Enterprise Linux's 1.3 has the listener types
 * (MLD) of 2.1.
 */
const ADDED_PACKAGE_FILES: readonly (readonly [version: string, files: readonly string[]])[] = [
  ['2.0.0', ['services/0-AD', 'services/terraria', 'services/zero-k']],
  ['2.1.0', ['services/alvr', 'services/dns-over-quic', 'services/vrrp']],
  ['2.2.0', ['services/iperf2', 'services/mndp', 'services/turn']],
  ['2.3.0', ['services/mpd', 'services/radsec', 'services/slimevr']],
  ['2.3.2', ['policies/allow-host-ipv6: mld-listener']],
  ['2.4.0', ['policies/gateway-lan-to-HOST', 'services/gitea', 'services/socks']],
  ['2.5.0', ['services/solr']],
];
const HOST_IPV6_POLICY = 'policies/allow-host-ipv6';
/** The least number of services in a complete package: 0.9 has 160. */
const MIN_PACKAGE_SERVICES = 100;

/** The file of firewalld's Python code that holds its version. */
const PROGRAM_FILE = /(?:^|\/)firewall\/config\/__init__\.py$/;
export const isProgramFile = (path: string): boolean => PROGRAM_FILE.test(path);
const PROGRAM_FOLDER = /(?:^|\/)(?:python3[^/]*(?:\/(?:dist|site)-packages(?:\/firewall(?:\/config)?)?)?)$/;
export const canHoldProgram = (path: string): boolean => PROGRAM_FOLDER.test(path);

/**
 * The versions that the files may be for: one if the program names it, otherwise the first of each group that loads
 * files alike.
 */
export interface DetectedVersions {
  readonly versions: readonly [FirewalldVersion, ...FirewalldVersion[]];
  /** The evidence. Undefined: there is none. */
  readonly evidence: 'the program' | 'the files of its package' | undefined;
}

interface VersionEvidence {
  /** The package's files, by names such as `services/ssh`. */
  readonly stock: ReadonlySet<string>;
  readonly firstPolicy: string;
  /** The text of the program's own file. */
  readonly program: { readonly text: string; readonly line: number } | undefined;
}

/**
 * Returns the versions that the files may be for. Adds `firewalld/earlier-version` and `firewalld/later-version` to
 * `problems`.
 */
export function detectVersions(
  { stock, firstPolicy, program }: VersionEvidence,
  problems: Problem[],
): DetectedVersions {
  const programVersion = /^VERSION = ["'](\d+(?:\.\d+){1,2})["']/m.exec(program?.text ?? '')?.[1];
  if (programVersion !== undefined) {
    const version = parseVersion(programVersion);
    if (version.number < toVersionNumber(OLDEST_VERSION))
      problems.push(
        createProblem(
          'earlier-version',
          program!.line,
          `it is firewalld ${programVersion}: before 0.9 it loads other rules.`,
          RUNNING_HINT,
        ),
      );
    if (version.number >= toVersionNumber(NEWEST_VERSION) + 1000)
      problems.push(
        createProblem(
          'later-version',
          program!.line,
          `it is firewalld ${programVersion}: what is later than ${NEWEST_VERSION} may load these files otherwise, and was not looked at.`,
          RUNNING_HINT,
        ),
      );
    return { versions: [version], evidence: 'the program' };
  }
  const hasMark = (mark: string): boolean => {
    const [file = '', word] = mark.split(': ');
    return word === undefined ? stock.has(file) : firstPolicy.includes(word);
  };
  const isWhole = [...stock].filter((path) => path.startsWith('services/')).length >= MIN_PACKAGE_SERVICES;
  const since = ADDED_PACKAGE_FILES.filter((_, index) =>
    ADDED_PACKAGE_FILES.slice(0, index + 1).every(([, files]) => files.every(hasMark)),
  ).at(-1)?.[0];
  const until = isWhole
    ? ADDED_PACKAGE_FILES.find((_, index) =>
        ADDED_PACKAGE_FILES.slice(index).every(([, files]) => !files.some(hasMark)),
      )?.[0]
    : undefined;
  const lowest = since === undefined ? 0 : toVersionNumber(since);
  const highest = until === undefined ? Infinity : toVersionNumber(until);
  const [first = GENERATED_CONFIG_VERSION, ...more] = CHANGED_VERSIONS.filter(
    ({ number }) => number >= lowest && number < highest,
  );
  // The text may lack the package's policies although its files are of a later version.
  if (lowest === 0 && stock.size > 0 && !stock.has(HOST_IPV6_POLICY))
    problems.push(
      createProblem(
        'earlier-version',
        1,
        `/usr/lib/firewalld/${HOST_IPV6_POLICY}.xml, which every firewalld has from 0.9 on, is not in the text: before, it loads other rules.`,
        RUNNING_HINT,
      ),
    );
  return {
    versions: [first, ...more],
    evidence: since === undefined && until === undefined ? undefined : 'the files of its package',
  };
}

/** Returns the ranges that the versions stand for: `0.9 to 1.3, 2.3.2 to 2.4`. */
export function describeVersions(versions: readonly FirewalldVersion[]): string {
  const runs: FirewalldVersion[][] = [];
  for (const version of versions) {
    const last = runs.at(-1)?.at(-1);
    if (last && CHANGED_VERSIONS[CHANGED_VERSIONS.indexOf(last) + 1] === version) runs.at(-1)!.push(version);
    else runs.push([version]);
  }
  const printVersion = ({ text }: FirewalldVersion): string => text.replace(/^(\d+\.\d+)\.0$/, '$1');
  return runs
    .map((run) => {
      const [first, last] = [run[0]!, run.at(-1)!];
      return first === last
        ? printVersion(first)
        : `${printVersion(first)} to ${last === LAST_ZONE_BASED_VERSION ? '1.3' : printVersion(last)}`;
    })
    .join(', ');
}
