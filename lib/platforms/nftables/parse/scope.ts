import { spend } from '../../../net/work';
import { printable, Problem } from '../../../problems/problem';
import { fieldNamed, ofEitherFamily } from '../../../parse/netfilter/fields';
import { valueAs } from './number-prefix';
import { Field } from '../../../evaluator/fields';
import { wrongJumps } from '../../../evaluator/jumps';
import { Decision, LoweredChain, Members, Tuple } from '../../../evaluator/model';
import { shown } from '../../../problems/in-text';
import { problem } from './problems';
import { Element, NamedSet, Right, Rule, Ruleset, Table, Verdict } from './ruleset';

/** The kernel follows no more jumps within one hook than this. Source: NFT_JUMP_STACK_SIZE. */
const DEEPEST = 16;

/** By what each element of a set has of its own it counts or not: a limit that is passed, a quota that is used up. Source: nft_set_elem_update_expr in nf_tables.h. */
const COUNTING = new Set(['limit', 'quota', 'ct']);

interface Waiting {
  readonly made: LoweredChain;
  readonly rules: readonly Rule[];
}

/** One table while it is lowered: its chains and sets are seen within it only. */
export class Scope {
  private readonly chains = new Map<string, LoweredChain>();
  private readonly members = new Map<string, Members>();
  private readonly waiting: Waiting[] = [];

  constructor(
    readonly table: Table,
    private readonly ruleset: Ruleset,
    private readonly problems: Problem[],
  ) {}

  /** Which protocol the rule has asked for by then, in so many words. */
  protocol = '';

  field = (name: string): Field => {
    const field = fieldNamed(name, this.table.family);
    return this.protocol !== '' && name.startsWith(`${this.protocol} `) ? ofEitherFamily(field) : field;
  };

  get isOfBothFamilies(): boolean {
    return this.table.family !== 'ip' && this.table.family !== 'ip6';
  }

  chain(name: string, line: number): LoweredChain {
    const known = this.chains.get(name);
    if (known) return known;
    const raw = this.table.chains.get(name);
    const called = printable(`chain ${name.trim()} of table ${this.table.family} ${this.table.name}`);
    const made: LoweredChain = { called, name: name.trim(), rules: [] };
    this.chains.set(name, made);
    if (!raw)
      this.problems.push(
        problem(
          'no-such-chain',
          line,
          `the rule leads to chain ${shown(name)}, which its table doesn't have.`,
          'the text whole.',
        ),
      );
    // Not at once: a text may make chains lead to chains without end.
    this.waiting.push({ made, rules: raw?.rules ?? [] });
    return made;
  }

  set(name: string, line: number): NamedSet | undefined {
    const found = this.table.sets.get(name);
    if (!found)
      this.problems.push(
        problem(
          'no-such-set',
          line,
          `the rule names set ${shown(name)}, which its table doesn't have.`,
          'the text whole.',
        ),
      );
    return found;
  }

  /** Why a set of a listing may hold anything. */
  unreadSet(right: Right): string | undefined {
    const set = 'set' in right ? this.table.sets.get(right.set) : undefined;
    return set?.isUnread ? `set ${shown(set.name)} is not understood` : undefined;
  }

  elements(
    right: Right,
    line: number,
  ): {
    readonly elements: readonly Element[];
    readonly learned: boolean;
    readonly fleeting: boolean;
    readonly key: string | undefined;
  } {
    if (!('set' in right)) return { elements: right.elements, learned: false, fleeting: false, key: undefined };
    const found = this.set(right.set, line);
    const learned = this.ruleset.facts.learned.has(`${this.table.family} ${this.table.name} ${right.set}`);
    const fleeting =
      found !== undefined && (found.head.timeout || [...found.head.statements].some((one) => COUNTING.has(one)));
    return { elements: found?.elements ?? [], learned, fleeting, key: right.set };
  }

  /** Undefined where an element can't be read. */
  tuple(fields: readonly Field[], element: Element, fleeting: boolean): Tuple | undefined {
    // A rule may name a list that another one has named before.
    spend(fields.length);
    if (element.key.length !== fields.length && !(element.key.length === 1 && element.key[0] === '*')) return undefined;
    const values = [];
    for (const [i, field] of fields.entries()) {
      const value = valueAs(field, element.key[i] ?? '*', fields.length === 1);
      if (!value) return undefined;
      values.push(value);
    }
    return { values, fleeting: fleeting || element.fleeting === true };
  }

  /** What a test compares with; one object per set and fields, so that it is turned into packets once. */
  membersOf(fields: readonly Field[], right: Right, line: number): Members | undefined {
    if (this.unreadSet(right) !== undefined) return undefined;
    const { elements, learned, fleeting, key } = this.elements(right, line);
    const what = key !== undefined ? `@${key}` : `= ${elements.map((element) => element.key.join(' . ')).join(', ')}`;
    const name = `${fields.length === 1 ? fields[0]!.name : fields.map((field) => field.name).join(' . ')}: ${what}`;
    const known = this.members.get(name);
    if (known) return known;
    const tuples: Tuple[] = [];
    for (const element of elements) {
      const tuple = this.tuple(fields, element, fleeting);
      if (!tuple) return undefined;
      tuples.push(tuple);
    }
    const made = { tuples, learned };
    this.members.set(name, made);
    return made;
  }

  decision(verdict: Verdict, line: number): Decision {
    if (verdict.is === 'jump' || verdict.is === 'goto')
      return { is: verdict.is, chain: this.chain(verdict.chain, line) };
    if (verdict.is !== 'unclear') return { is: verdict.is };
    return { is: 'opaque', because: `line ${line}: its verdict is not known` };
  }

  /** A chain that something leads to, and whose rules aren't lowered yet. */
  next(): Waiting | undefined {
    return this.waiting.pop();
  }

  finish(): void {
    for (const { code, line, what } of wrongJumps(this.chains.values(), DEEPEST, 1))
      this.problems.push(problem(code, line, what, 'a ruleset that the kernel takes.'));
  }
}
