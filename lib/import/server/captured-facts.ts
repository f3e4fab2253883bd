// Parses the facts that the agent prints about a server (listening ports, cPanel's settings) to `facts` of a
// CpanelServer, and compares two captures.

import { FactsIntent } from '../../intent/facts-intent';
import { parseFacts } from '../../intent/parse-server-facts';
import { IntentLocation } from '../../intent/fields';
import { Problem, refuseIfAny } from '../../problems/problem';
import { printFacts } from '../../policy/print-facts';

/** The agent's output about a server: lines of words by section. */
export type FactSections = ReadonlyMap<string, readonly string[]>;

type WordLines = readonly (readonly string[])[];

/** Returns the facts that rules decide by, as `facts` of a CpanelServer takes them. Unknown facts are left out. */
export function parseCapturedFacts(sections: FactSections): FactsIntent {
  const splitSection = (name: string): WordLines => (sections.get(name) ?? []).map((line) => line.split(' '));
  const serverLines = splitSection('server');
  const natLines = splitSection('cpanel-nat');
  const listValues = (key: string): readonly string[] =>
    serverLines.flatMap(([word, value]) => (word === key && value !== undefined ? [value] : []));
  const findLastValue = (
    lines: WordLines,
    key: string,
    ...keyWords: readonly string[]
  ): readonly string[] | undefined =>
    lines
      .filter((line) => [key, ...keyWords].every((word, index) => line[index] === word))
      .at(-1)
      ?.slice(keyWords.length + 1);
  const getSetting = (name: string): boolean | undefined =>
    toFlag(findLastValue(serverLines, 'setting', name)?.[0], (value) => value === '1');
  const tls = findLastValue(serverLines, 'exim-tls');
  const facts: { readonly [K in keyof FactsIntent]: FactsIntent[K] | undefined } = {
    system: parseSystem(sections.get('system') ?? []),
    cpanel: findLastValue(serverLines, 'cpanel')?.[0],
    hasAccounts: toFlag(findLastValue(serverLines, 'accounts')?.[0], (count) => count !== '0'),
    rolesOff: sortUnique(listValues('role-off')),
    listens: parseListening(serverLines),
    serviceSubdomains: getSetting('proxysubdomains'),
    redirectsToTls: getSetting('alwaysredirecttossl'),
    autossl: findLastValue(serverLines, 'autossl')?.[0],
    eximOldTls: tls && !['+no_tlsv1', '+no_tlsv1_1'].every((option) => tls.includes(option)),
    passiveFtp: findLastValue(natLines, 'passiveportrange')?.join('-'),
    firewalls: sortUnique(listValues('firewall')),
    plans: sortUnique(listValues('plans')),
    cpnat: parseCpnat(natLines),
    myip: findLastValue(natLines, 'myip')?.[0],
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** Returns facts as the content of a file. */
export const formatFacts = (facts: FactsIntent): string => `${JSON.stringify(facts, null, 2)}\n`;

/**
 * Returns the differences from an earlier capture, one a line.
 *
 * @throws Refusal for a text that `capture` didn't write
 */
export function compareFacts(formerText: string, location: string, currentFacts: FactsIntent): readonly string[] {
  const [before, after] = [
    formatFactLines(parseJson(formerText), location),
    formatFactLines(currentFacts, 'the server'),
  ];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

function formatFactLines(value: unknown, location: string): readonly string[] {
  const problems: Problem[] = [];
  const facts = parseFacts(value, new IntentLocation(location, problems));
  refuseIfAny(problems);
  return facts ? [...printFacts(facts)].sort() : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The text itself is returned: parseFacts reports that it is no object.
    return text;
  }
}

const toFlag = (word: string | undefined, isSet: (word: string) => boolean): boolean | undefined =>
  word === undefined ? undefined : isSet(word);

const sortUnique = (words: readonly string[]): readonly string[] | undefined =>
  words.length === 0 ? undefined : [...new Set(words)].sort();

function parseSystem(lines: readonly string[]): string | undefined {
  const findValue = (key: string): string | undefined =>
    lines.map((line) => new RegExp(`^${key}="?([A-Za-z0-9._-]{1,40})"?$`).exec(line)?.[1]).find(Boolean);
  const id = findValue('ID');
  return id === undefined || id === 'unknown' ? undefined : [id, findValue('VERSION_ID')].filter(Boolean).join(' ');
}

function parseListening(server: WordLines): FactsIntent['listens'] {
  if (!server.some(([word, value]) => word === 'listens' && value === 'known')) return undefined;
  const entries = server.flatMap(([word, protocol, port, program]): [string, string][] =>
    word === 'listens' && program !== undefined ? [[`${protocol} ${port}`, program]] : [],
  );
  const getRank = ([key]: [string, string]): number => (key.startsWith('tcp') ? 0 : 65_536) + Number(key.slice(4));
  return Object.fromEntries(entries.sort((a, b) => getRank(a) - getRank(b)));
}

/** Returns the lines as `Cpanel::NAT` divides them. A file that is cut off is unknown. */
function parseCpnat(nat: WordLines): FactsIntent['cpnat'] {
  const fileStates = nat.flatMap(([word, value]) => (word === 'cpnat' ? [value] : []));
  if (fileStates.length === 1 && (fileStates[0] === 'absent' || fileStates[0] === 'empty')) return fileStates[0];
  if (fileStates.length !== 1 || fileStates[0] !== 'there') return undefined;
  const formatWord = (word = '-'): string => (word === '-' ? '' : word);
  return nat.flatMap(([word, , localAddress, publicAddress]) =>
    word === 'line' ? [[formatWord(localAddress), formatWord(publicAddress)].join(' ').trimEnd()] : [],
  );
}
