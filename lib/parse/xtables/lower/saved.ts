import { FAMILIES, FAMILY_NAME, Family } from '../../../net/address';
import { printable, Problem, refuseIfAny } from '../../../problems/problem';
import { dropsExtension, fieldNamed } from '../../netfilter/fields';
import { withKeptPorts } from '../../netfilter/kept-ports';
import { numberRange } from '../../netfilter/values';
import { NUMBERS, priorityNamed } from '../../netfilter/words';
import { keepsOut } from '../../programs';
import { wrongJumps } from '../../../evaluator/jumps';
import { followed } from '../../../evaluator/following';
import { SetsAsked } from '../../ipset/asked';
import {
  BaseChain,
  Condition,
  KeptChain,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
  NETFILTER,
  TextFacts,
} from '../../../evaluator/model';
import { all } from '../../../evaluator/disjunction';
import { lowerMatch } from './match';
import { createMissingRule, findPerhapsMissing } from './perhaps-missing';
import { Around, Rule } from '../rule';
import { untrackedBy } from '../../../evaluator/untracking';
import { Does, lowerTarget } from './target';
import { PLACES, TRACKING_MATCHES, TRACKING_TARGETS } from '../options';
import { Saved, TABLES, Table, isBuiltIn } from '../saved';
import { SayingOfTables } from '../saying';

/** Jumps that go deeper nobody writes; the newer back end takes 16. */
const DEEPEST = 64;

/** Resolves a text's names into the one model. Throws Refusal for what the kernel wouldn't take: loops, targets in the wrong place. */
export function lowerSaved({ tables, sets, hidden }: Saved, say: SayingOfTables): LoweredRuleset {
  if (tables.length === 0) say.refuse('no-tables', 1, 'the text holds no table of rules.', say.whole);
  const problems: Problem[] = [];
  const facts = factsOf(tables);
  const asked = new SetsAsked(sets, facts.learned);
  const bases: BaseChain[] = [];
  const keepers: KeptChain[] = [];
  const missing = findPerhapsMissing(tables, sets);
  for (const table of tables) {
    const from = bases.length;
    const lowering = new Lowering(table, asked, problems, say, untrackedBy(facts));
    for (const { name, policy = 'accept', line, because } of table.chains.values()) {
      if (table.name === 'filter' && keepsOut(name))
        keepers.push({ family: table.family, line, chain: lowering.chain(name, false) });
      if (!isBuiltIn(table.name, name)) continue;
      const base = {
        ...({
          type: table.name === 'nat' ? 'nat' : 'filter',
          devices: [],
          policy,
          line,
          family: table.family,
        } as const),
        ...(because === undefined ? {} : { otherwise: { words: because, line } }),
      };
      bases.push({
        ...base,
        hook: name.toLowerCase(),
        priority: priorityOf(table, name),
        chain: lowering.chain(name, inward(name)),
      });
    }
    lowering.finish();
    const because = missing.get(table);
    if (because !== undefined)
      for (const { chain } of bases.slice(from)) chain.rules.unshift(createMissingRule(table, because));
  }
  refuseIfAny(problems);
  for (const { family, line, what } of hidden) bases.push(...unknown(family, line, `line ${line}: ${what}`));
  for (const family of untold(tables))
    bases.push(...unknown(family, 1, `the text holds no rules of ${FAMILY_NAME[family]} (${family}tables-save)`));
  bases.push(...eitherSource(tables));
  return { bases: followed(bases), keepers, facts, box: NETFILTER };
}

/** Families of which the text says nothing. */
export const untold = (tables: readonly Table[]): readonly Family[] =>
  FAMILIES.filter((family) => !tables.some((table) => table.family === family));

const inward = (hook: string): boolean => hook === 'PREROUTING' || hook === 'OUTPUT';
const priorityOf = ({ name, backEnd }: Table, hook: string): number => {
  // Behind the translation of a packet's source, where legacy's is before it. Source: iptables 1.8.9, iptables/nft.c; seen, 1.8.9.
  if (name === 'security' && backEnd === 'nft') return 150;
  return priorityNamed(name === 'nat' ? (inward(hook) ? 'dstnat' : 'srcnat') : TABLES[name].priority)!;
};

/** Of which table security asks for one source or another, and the text doesn't say which back end loads it. */
function eitherSource(tables: readonly Table[]): readonly BaseChain[] {
  const comesIn = ({ chains }: Table): boolean => (chains.get('INPUT')?.rules.length ?? 0) > 0;
  return tables
    .filter((table) => table.name === 'security' && table.backEnd === undefined && comesIn(table))
    .filter(({ family }) => tables.some((other) => other.name === 'nat' && other.family === family && comesIn(other)))
    .flatMap(({ family, line }) =>
      unknown(
        family,
        line,
        'iptables-nft asks table security behind chain INPUT of table nat, iptables-legacy before it',
        ['input'],
      ),
    );
}

/** Before all that is told something may change a packet, or take it away. */
const unknown = (
  family: Family,
  line: number,
  because: string,
  hooks = ['prerouting', 'output'],
): readonly BaseChain[] =>
  hooks.map((hook) => ({
    ...({ type: 'filter', devices: [], policy: 'accept', priority: -1000 } as const),
    hook,
    line,
    family,
    chain: { called: 'what is not told', rules: [{ line, text: '', conditions: [], end: { is: 'opaque', because } }] },
  }));

function factsOf(tables: readonly Table[]): TextFacts {
  const facts: TextFacts = { connectionMarks: false, helpers: false, tracks: new Set(), learned: new Set() };
  for (const { family, chains } of tables)
    for (const { rules } of chains.values())
      for (const { matches, target } of rules) {
        if (matches.some(({ module }) => TRACKING_MATCHES.has(module)) || TRACKING_TARGETS.has(target?.name ?? ''))
          facts.tracks.add(family);
        for (const { name, values } of target?.options ?? []) {
          if (target!.name === 'SET' && /^--(add|del)-set$/.test(name)) facts.learned.add(values[0] ?? '');
          if (target!.name === 'CT' && name === '--helper') facts.helpers = true;
          if (target!.name === 'CT' && name !== '--notrack') facts.templates = true;
          if (target!.name === 'CT' && name !== '--notrack') facts.tracks.add(family);
          if (target!.name === 'CONNMARK' && name !== '--restore-mark') facts.connectionMarks = true;
        }
      }
  return facts;
}

/** One table while it is lowered: a chain means one thing where destinations are translated, and another where sources are. */
class Lowering {
  private readonly chains = new Map<string, LoweredChain>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly table: Table,
    private readonly sets: SetsAsked,
    private readonly problems: Problem[],
    private readonly say: SayingOfTables,
    private readonly untracked: 'untracked' | 'perhaps untracked',
  ) {}

  chain(name: string, inward: boolean): LoweredChain {
    const { family, name: table, second, chains } = this.table;
    const key = table === 'nat' ? `${inward} ${name}` : name;
    const known = this.chains.get(key);
    if (known) return known;
    const called = printable(`chain ${name} of table ${family} ${table}${second ? ' (the second)' : ''}`);
    const made: LoweredChain = { called, name, rules: [] };
    this.chains.set(key, made);
    // Not at once: a text may make chains lead to chains without end.
    this.waiting.push(() => {
      for (const rule of chains.get(name)!.rules) made.rules.push(...this.rules(rule, inward));
    });
    return made;
  }

  /** One for each way in which its matches may hold: none of them do at once. */
  private rules({ line, text, matches, target }: Rule, inward: boolean): readonly LoweredRule[] {
    const around: Around = { family: this.table.family, line, protocol: protocolOf(matches) };
    const ways = all(matches.map((match) => lowerMatch(match, around, this.sets)));
    const { end, base, sets, ofConnections } = this.does(target, around, inward);
    const asked = ways.filter((conditions) => !dropsExtension(conditions, end));
    const connection: Condition = { is: 'has', fields: [fieldNamed('ct mark', around.family)] };
    return asked.flatMap((matched) => {
      const conditions = [...matched, ...(ofConnections ? [connection] : [])];
      const rule = {
        line,
        text,
        conditions,
        ...(sets ? { sets: [{ after: conditions.length, what: sets === 'untracked' ? this.untracked : sets }] } : {}),
        ...(end ? { end } : {}),
      };
      return withKeptPorts(rule, base);
    });
  }

  private does(target: Rule['target'], around: Around, inward: boolean): Does {
    if (!target) return {};
    if (this.table.chains.has(target.name))
      return {
        end: { is: 'verdict', verdict: { is: target.goto ? 'goto' : 'jump', chain: this.chain(target.name, inward) } },
      };
    const place = Object.hasOwn(PLACES, target.name) ? PLACES[target.name] : undefined;
    // The program keeps it out of nat: seen, 1.8.9 in both back ends.
    const isOut = target.name === 'DROP' && this.table.name === 'nat';
    if (isOut || (place && (place.table !== this.table.name || place.inward === !inward)))
      this.problems.push(
        this.say.problem(
          'wrong-place',
          around.line,
          `${target.name} stands where it isn't taken.`,
          `a ruleset that iptables-restore loads.`,
        ),
      );
    return lowerTarget(target, around, inward);
  }

  finish(): void {
    for (let next = this.waiting.pop(); next; next = this.waiting.pop()) next();
    for (const { code, line, what } of wrongJumps(this.chains.values(), DEEPEST, this.table.line))
      this.problems.push(this.say.problem(code, line, what, 'a ruleset that the kernel takes.'));
  }
}

/** The name of the one protocol that a rule is for. */
function protocolOf(matches: Rule['matches']): string | undefined {
  const asked = matches.flatMap(({ tests }) => tests).find(({ name, negated }) => name === 'protocol' && !negated);
  const number = asked && numberRange(asked.values[0]!.toLowerCase(), NUMBERS.protocol)?.first;
  return number === undefined ? undefined : PROTOCOLS[number];
}

const PROTOCOLS: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 33: 'dccp', 132: 'sctp', 136: 'udplite' };
