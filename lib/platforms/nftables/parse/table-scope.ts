// Resolves names within one nftables table during lowering: fields, chains, sets and elements. Missing names and
// invalid jumps become problems.

import { spendSteps } from '../../../net/step-budget';
import { escapeForDisplay, Problem } from '../../../problems/problem';
import { getField, toEitherFamily } from '../../../parse/netfilter/fields';
import { parseFieldValue } from './number-prefix';
import { PacketField } from '../../../evaluator/packet-fields';
import { findInvalidJumps } from '../../../evaluator/invalid-jumps';
import { RuleVerdict, LoweredChain, Members, Tuple } from '../../../evaluator/ruleset-model';
import { quoteForDisplay } from '../../../problems/line-problems';
import { createProblem } from './parse-problems';
import {
  ParsedNftElement,
  ParsedNftSet,
  NftOperand,
  ParsedNftRule,
  ParsedNftRuleset,
  ParsedNftTable,
  ParsedNftVerdict,
} from './syntax-tree';

/** The most jumps that the kernel follows within one hook. Source: NFT_JUMP_STACK_SIZE. */
const MAX_JUMP_DEPTH = 16;

/**
 * Statements of a set that decide whether an element counts: a limit that is exceeded, a quota that is used up. Source:
 * nft_set_elem_update_expr in nf_tables.h.
 */
const COUNTING_OPTIONS = new Set(['limit', 'quota', 'ct']);
const isCounting = (option: string): boolean => COUNTING_OPTIONS.has(option);

interface PendingChain {
  readonly chain: LoweredChain;
  readonly rules: readonly ParsedNftRule[];
}

/** One table during lowering. Its chains and sets are visible only within it. */
export class TableScope {
  private readonly chains = new Map<string, LoweredChain>();
  private readonly members = new Map<string, Members>();
  private readonly pending: PendingChain[] = [];

  constructor(
    readonly table: ParsedNftTable,
    private readonly ruleset: ParsedNftRuleset,
    private readonly setsAddedOnTheWay: ReadonlySet<string>,
    private readonly problems: Problem[],
  ) {}

  /** The ICMP protocol that the rule has tested so far: `icmp`, `icmpv6`, or empty. */
  protocol = '';

  getField = (name: string): PacketField => {
    const field = getField(name, this.table.family);
    return this.protocol !== '' && name.startsWith(`${this.protocol} `) ? toEitherFamily(field) : field;
  };

  get isOfBothFamilies(): boolean {
    return this.table.family !== 'ip' && this.table.family !== 'ip6';
  }

  getChain(name: string, line: number): LoweredChain {
    const existing = this.chains.get(name);
    if (existing) return existing;
    const parsedChain = this.table.chains.get(name);
    const label = escapeForDisplay(`chain ${name.trim()} of table ${this.table.family} ${this.table.name}`);
    const lowered: LoweredChain = { label, name: name.trim(), rules: [] };
    this.chains.set(name, lowered);
    if (!parsedChain)
      this.problems.push(
        createProblem(
          'no-such-chain',
          line,
          `the rule leads to chain ${quoteForDisplay(name)}, which its table doesn't have.`,
          'the text whole.',
        ),
      );
    // The rules are lowered later: a text may make chains jump to chains without end.
    this.pending.push({ chain: lowered, rules: parsedChain?.rules ?? [] });
    return lowered;
  }

  findSet(name: string, line: number): ParsedNftSet | undefined {
    const parsedSet = this.table.sets.get(name);
    if (!parsedSet)
      this.problems.push(
        createProblem(
          'no-such-set',
          line,
          `the rule names set ${quoteForDisplay(name)}, which its table doesn't have.`,
          'the text whole.',
        ),
      );
    return parsedSet;
  }

  /** Returns why a set of a listing may hold anything. Returns undefined if it is understood. */
  explainUnparsedSet(right: NftOperand): string | undefined {
    const set = 'set' in right ? this.table.sets.get(right.set) : undefined;
    return set?.isUnread ? `set ${quoteForDisplay(set.name)} is not understood` : undefined;
  }

  getElements(
    right: NftOperand,
    line: number,
  ): {
    readonly elements: readonly ParsedNftElement[];
    readonly dynamic: boolean;
    readonly expires: boolean | 'counts';
    readonly key: string | undefined;
  } {
    if (!('set' in right)) return { elements: right.elements, dynamic: false, expires: false, key: undefined };
    const parsedSet = this.findSet(right.set, line);
    const dynamic = this.ruleset.facts.dynamicSets.has(`${this.table.family} ${this.table.name} ${right.set}`);
    const counts = parsedSet !== undefined && [...parsedSet.head.statements].some(isCounting);
    const expires = counts ? 'counts' : parsedSet !== undefined && parsedSet.head.timeout;
    return { elements: parsedSet?.elements ?? [], dynamic, expires, key: right.set };
  }

  /** Returns undefined if an element can't be parsed. */
  createTuple(
    fields: readonly PacketField[],
    element: ParsedNftElement,
    expires: boolean | 'counts',
  ): Tuple | undefined {
    // A rule may name a list that another rule has named before.
    spendSteps(fields.length);
    if (element.key.length !== fields.length && !(element.key.length === 1 && element.key[0] === '*')) return undefined;
    const values = [];
    for (const [i, field] of fields.entries()) {
      const value = parseFieldValue(field, element.key[i] ?? '*', fields.length === 1);
      if (!value) return undefined;
      values.push(value);
    }
    const counts =
      expires === 'counts' || element.options?.some((option) => isCounting(option) || option === 'last') === true;
    return { values, expires: expires !== false || element.expires === true, ...(counts && { counts }) };
  }

  /**
   * Returns the members that a test compares with. There is one object for each set and fields, so it is turned into
   * packets once.
   */
  getMembers(fields: readonly PacketField[], right: NftOperand, line: number): Members | undefined {
    if (this.explainUnparsedSet(right) !== undefined) return undefined;
    const { elements, dynamic, expires, key } = this.getElements(right, line);
    const memberText =
      key !== undefined ? `@${key}` : `= ${elements.map((element) => element.key.join(' . ')).join(', ')}`;
    const name = `${fields.length === 1 ? fields[0]!.name : fields.map((field) => field.name).join(' . ')}: ${memberText}`;
    const existing = this.members.get(name);
    if (existing) return existing;
    const tuples: Tuple[] = [];
    for (const element of elements) {
      const tuple = this.createTuple(fields, element, expires);
      if (!tuple) return undefined;
      tuples.push(tuple);
    }
    const addsOnTheWay = key !== undefined && this.setsAddedOnTheWay.has(key);
    const created = { tuples, dynamic, ...(addsOnTheWay && { addsOnTheWay }) };
    this.members.set(name, created);
    return created;
  }

  lowerVerdict(verdict: ParsedNftVerdict, line: number): RuleVerdict {
    if (verdict.is === 'jump' || verdict.is === 'goto')
      return { is: verdict.is, chain: this.getChain(verdict.chain, line) };
    if (verdict.is !== 'unclear') return { is: verdict.is };
    return { is: 'opaque', reason: `line ${line}: its verdict is not known` };
  }

  /** Returns a chain that a rule jumps to and whose rules aren't lowered yet. */
  takePending(): PendingChain | undefined {
    return this.pending.pop();
  }

  checkJumps(): void {
    for (const { code, line, what } of findInvalidJumps(this.chains.values(), MAX_JUMP_DEPTH, 1))
      this.problems.push(createProblem(code, line, what, 'a ruleset that the kernel takes.'));
  }
}
