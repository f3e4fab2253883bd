import { FactsIntent } from '../../intent/facts-intent';
import { factsOf } from '../../intent/facts';
import { Place } from '../../intent/fields';
import { Problem, refuseIfAny } from '../../problems/problem';
import { factLines } from '../../policy/facts';

/** What the device program says of a server: lines of words by section. */
export type Sections = ReadonlyMap<string, readonly string[]>;

type Words = readonly (readonly string[])[];

/** What of it rules decide by, as `facts` of a CpanelServer takes it. What isn't said is left out. */
export function capturedFacts(sections: Sections): FactsIntent {
  const told = (name: string): Words => (sections.get(name) ?? []).map((line) => line.split(' '));
  const server = told('server');
  const nat = told('cpanel-nat');
  const all = (key: string): readonly string[] =>
    server.flatMap(([word, value]) => (word === key && value !== undefined ? [value] : []));
  const last = (words: Words, key: string, ...before: readonly string[]): readonly string[] | undefined =>
    words
      .filter((line) => [key, ...before].every((word, at) => line[at] === word))
      .at(-1)
      ?.slice(before.length + 1);
  const setting = (name: string): boolean | undefined =>
    flagOf(last(server, 'setting', name)?.[0], (value) => value === '1');
  const tls = last(server, 'exim-tls');
  const facts: { readonly [K in keyof FactsIntent]: FactsIntent[K] | undefined } = {
    system: systemOf(sections.get('system') ?? []),
    cpanel: last(server, 'cpanel')?.[0],
    hasAccounts: flagOf(last(server, 'accounts')?.[0], (count) => count !== '0'),
    rolesOff: listOf(all('role-off')),
    listens: listeningOf(server),
    serviceSubdomains: setting('proxysubdomains'),
    redirectsToTls: setting('alwaysredirecttossl'),
    autossl: last(server, 'autossl')?.[0],
    eximOldTls: tls && !['+no_tlsv1', '+no_tlsv1_1'].every((option) => tls.includes(option)),
    passiveFtp: last(nat, 'passiveportrange')?.join('-'),
    firewalls: listOf(all('firewall')),
    plans: listOf(all('plans')),
    cpnat: cpnatOf(nat),
    myip: last(nat, 'myip')?.[0],
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** As it is kept in a file. */
export const factsText = (facts: FactsIntent): string => `${JSON.stringify(facts, null, 2)}\n`;

/** What differs from an earlier capture, a line each. Throws Refusal for what `capture` didn't write. */
export function factsThatDiffer(earlier: string, where: string, now: FactsIntent): readonly string[] {
  const [before, after] = [linesOf(parsed(earlier), where), linesOf(now, 'the server')];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

function linesOf(written: unknown, where: string): readonly string[] {
  const problems: Problem[] = [];
  const facts = factsOf(written, new Place(where, problems));
  refuseIfAny(problems);
  return facts ? [...factLines(facts)].sort() : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Said as what is no object.
    return text;
  }
}

const flagOf = (word: string | undefined, is: (word: string) => boolean): boolean | undefined =>
  word === undefined ? undefined : is(word);

const listOf = (words: readonly string[]): readonly string[] | undefined =>
  words.length === 0 ? undefined : [...new Set(words)].sort();

function systemOf(lines: readonly string[]): string | undefined {
  const value = (key: string): string | undefined =>
    lines.map((line) => new RegExp(`^${key}="?([A-Za-z0-9._-]{1,40})"?$`).exec(line)?.[1]).find(Boolean);
  const id = value('ID');
  return id === undefined || id === 'unknown' ? undefined : [id, value('VERSION_ID')].filter(Boolean).join(' ');
}

function listeningOf(server: Words): FactsIntent['listens'] {
  if (!server.some(([word, value]) => word === 'listens' && value === 'known')) return undefined;
  const found = server.flatMap(([word, protocol, port, program]): [string, string][] =>
    word === 'listens' && program !== undefined ? [[`${protocol} ${port}`, program]] : [],
  );
  const order = ([key]: [string, string]): number => (key.startsWith('tcp') ? 0 : 65_536) + Number(key.slice(4));
  return Object.fromEntries(found.sort((a, b) => order(a) - order(b)));
}

/** As `Cpanel::NAT` divides its lines; what is cut off isn't known. */
function cpnatOf(nat: Words): FactsIntent['cpnat'] {
  const is = nat.flatMap(([word, value]) => (word === 'cpnat' ? [value] : []));
  if (is.length === 1 && (is[0] === 'absent' || is[0] === 'empty')) return is[0];
  if (is.length !== 1 || is[0] !== 'there') return undefined;
  const shown = (word = '-'): string => (word === '-' ? '' : word);
  return nat.flatMap(([word, , local, outside]) =>
    word === 'line' ? [[shown(local), shown(outside)].join(' ').trimEnd()] : [],
  );
}
