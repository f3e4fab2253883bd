// Finds what nft or the kernel refuses in the rules of a parsed nftables table: wrong types of sets and values,
// overlapping elements, jumps to base chains, tests of two protocols at once.

import { Problem } from '../../../../problems/problem';
import { checkData, checkKey, checkSet } from './check-sets';
import { findOverlap } from './find-overlap';
import { ProtocolLayers } from './protocol-layers';
import { quoteForDisplay } from '../../../../problems/line-problems';
import { createProblem } from '../parse-problems';
import {
  NftSetAddition,
  ParsedNftElement,
  ParsedNftSet,
  NftOperand,
  ParsedNftRule,
  NftStatement,
  ParsedNftTable,
  NftTest,
  NftTranslation,
  ParsedNftVerdict,
} from '../syntax-tree';
import { VALUE_CHECKS, isMultiValue, findFieldType } from '../data-types';

type FieldTypes = readonly (string | undefined)[];

/**
 * Returns everything in the rules of a table that nft or the kernel refuses. Source: each case tried with nft 1.0.6 and
 * kernel 6.18.
 */
export function checkRules(table: ParsedNftTable): readonly Problem[] {
  const checker = new RuleChecker(table);
  for (const set of table.sets.values()) checker.checkSetJumps(set);
  for (const chain of table.chains.values()) for (const rule of chain.rules) checker.checkRule(rule);
  return checker.problems;
}

/** Checks the rules of one table. `problems` lists everything that nft or the kernel would refuse, with its line. */
export class RuleChecker {
  readonly problems: Problem[] = [];
  private readonly validTests = new Set<NftTest>();

  constructor(private readonly table: ParsedNftTable) {}

  /** Returns the indexes of the rule's refused statements. */
  checkRule({ line, statements }: ParsedNftRule): readonly number[] {
    const layers = new ProtocolLayers(this.table.family);
    const reportClash = (clash: string | undefined): void => {
      if (clash) this.report('two-protocols', line, clash, 'the rule without one of them: it never matches.');
    };
    const refusedIndexes: number[] = [];
    for (const [index, statement] of statements.entries()) {
      const countBefore = this.problems.length;
      reportClash(layers.addStatement(statement));
      this.checkStatement(statement, line);
      if (this.problems.length > countBefore) refusedIndexes.push(index);
    }
    return refusedIndexes;
  }

  /** Returns whether nothing in the set is refused. */
  isSetValid(set: ParsedNftSet): boolean {
    const countBefore = this.problems.length;
    this.checkSetJumps(set);
    return this.problems.length === countBefore && checkSet(set).length === 0;
  }

  private report(code: string, line: number, what: string, instead: string): void {
    this.problems.push(createProblem(code, line, what, instead));
  }

  private checkStatement(statement: NftStatement, line: number): void {
    switch (statement.is) {
      case 'test':
        return this.checkTest(statement, line);
      case 'choose':
        this.checkFields(statement.fields, line);
        return this.checkOperand(statement.fields, statement.map, 'vmap', line);
      case 'has':
        this.checkFields(statement.fields, line);
        return statement.into && this.checkAddition(statement.into, line);
      case 'translate':
        return this.checkTranslation(statement, line);
      case 'verdict':
        return this.checkJump(statement.verdict, line, 'the rule');
      default:
    }
  }

  /** Checks a test. Rules share tests: a valid one is checked once, an invalid one is reported in each line. */
  private checkTest(test: NftTest, line: number): void {
    if (test.implied === 'rejects' || this.validTests.has(test)) return;
    const countBefore = this.problems.length;
    this.checkFields(test.fields, line);
    this.checkOperand(test.fields, test.right, test.implied ?? 'set', line);
    this.checkComparison(test, line);
    if (this.problems.length === countBefore) this.validTests.add(test);
  }

  private checkFields(fields: readonly string[], line: number): void {
    if (this.table.family !== 'inet' && fields.includes('meta nfproto'))
      this.report(
        'wrong-family',
        line,
        `"meta nfproto" is asked in a table of family ${this.table.family}.`,
        'a table of family inet.',
      );
  }

  /** Checks an addition to a set. Only sets of single keys can grow. For maps the rule gives the data, too. */
  private checkAddition({ set: name, key }: NftSetAddition, line: number): void {
    const set = this.table.sets.get(name);
    if (!set)
      return this.report(
        'no-such-set',
        line,
        `the rule adds to set ${quoteForDisplay(name)}, which its table doesn't have.`,
        'the text whole.',
      );
    if (set.head.flags.has('interval'))
      this.report(
        'bad-set',
        line,
        `the rule adds to set ${quoteForDisplay(name)}, which holds intervals.`,
        'a set without.',
      );
    else if (!set.head.isMap)
      this.checkSetType(
        key.map((part) => (part === undefined ? undefined : findFieldType(part))),
        set,
        'set',
        line,
      );
  }

  private checkComparison({ comparison, fields, right }: NftTest, line: number): void {
    // Nearly every test is such a one.
    if (comparison === '' && fields.length === 1) return;
    const type = findFieldType(fields[0]!);
    const isOrder = comparison.startsWith('<') || comparison.startsWith('>');
    const isUnbracedList = 'elements' in right && !right.braces;
    if (isOrder && 'set' in right) this.report('bad-value', line, 'a set is neither less nor more.', '"==" or "!=".');
    if (
      isOrder &&
      isUnbracedList &&
      type !== undefined &&
      right.elements.some(({ key }) => isMultiValue(type, key[0]!))
    )
      this.report('bad-value', line, 'several values are neither less nor more.', 'one value.');
    if (comparison === '!' && fields.length === 1 && type !== undefined && !FLAG_TYPES.has(type))
      this.report('bad-value', line, `"!" asks for flags, and ${quoteForDisplay(fields[0]!)} has none.`, '"!=".');
    if (fields.length > 1 && isUnbracedList)
      this.report('bad-value', line, 'several fields are compared without a list.', '`{ … }` around the values.');
  }

  private checkTranslation({ to, kind, family }: NftTranslation, line: number): void {
    if (!to || !('fields' in to)) return;
    this.checkOperand(to.fields, to.map, 'map', line);
    const data = 'set' in to.map ? this.table.sets.get(to.map.set)?.head.data?.[0] : undefined;
    if (data === undefined) return;
    const targetFamily = family ?? this.table.family;
    const addressTypes =
      targetFamily === 'ip' ? ['ipv4_addr'] : targetFamily === 'ip6' ? ['ipv6_addr'] : ['ipv4_addr', 'ipv6_addr'];
    if (!(to.isPort || kind === 'masquerade' ? ['inet_service'] : addressTypes).includes(data))
      this.report('bad-data', line, `its map leads to ${quoteForDisplay(data)}.`, 'a map to what is translated.');
  }

  checkSetJumps({ name, line: setLine, elements }: ParsedNftSet): void {
    for (const { verdict, line } of elements)
      if (verdict) this.checkJump(verdict, line, `set ${quoteForDisplay(name)}, line ${setLine}`);
  }

  /** Reports a jump to a base chain: a jump needs a chain of its table that has no hook. */
  checkJump(verdict: ParsedNftVerdict, line: number, subject: string): void {
    if (verdict.is !== 'jump' && verdict.is !== 'goto') return;
    if (this.table.chains.get(verdict.chain)?.base)
      this.report(
        'jump-to-base',
        line,
        `${subject} leads to chain ${quoteForDisplay(verdict.chain)}, which stands at a hook.`,
        'a chain without one.',
      );
  }

  private checkOperand(fields: readonly string[], right: NftOperand, use: 'set' | 'map' | 'vmap', line: number): void {
    const types = fields.map(findFieldType);
    if ('set' in right) {
      const set = this.table.sets.get(right.set);
      if (set) this.checkSetType(types, set, use, line);
      return;
    }
    const { elements, braces } = right;
    if (elements.length === 0)
      return this.report('empty-list', line, 'it is compared with a list that is empty.', 'its elements.');
    if (!braces && elements.length > 1 && fields.length === 1 && types[0] !== undefined && !FLAG_TYPES.has(types[0]))
      this.report(
        'bad-value',
        line,
        `${quoteForDisplay(fields[0]!)} is compared with several values outside of braces.`,
        '`{ … }` around them.',
      );
    if (!braces && elements.some(({ key }) => key.includes('*')))
      this.report('bad-value', line, '"*" stands outside of braces.', 'the rule without it.');
    if (isListedDifferently(fields, right)) return;
    for (const element of elements)
      this.checkElement(element, types, use, elements.length, line, braces ? element.line : line);
    if (use !== 'set' || fields.length > 1) this.checkOverlap(elements, types, use === 'set', line);
  }

  private checkElement(
    element: ParsedNftElement,
    types: FieldTypes,
    use: 'set' | 'map' | 'vmap',
    count: number,
    line: number,
    elementLine: number,
  ): void {
    const report = (code: string, what: string, instead: string): void =>
      this.report(code, elementLine, `${quoteForDisplay(element.key.join(' . '))} ${what}`, instead);
    checkKey(element, types, report);
    if (count > 1 && element.options?.some((option) => option === 'timeout' || option === 'expires'))
      report('bad-value', 'expires, and stands in a rule.', 'a set with a name.');
    if (use === 'set') {
      if (element.data || element.verdict)
        report('bad-data', 'leads somewhere, and no rule asks where.', 'the key alone, or `vmap`.');
    } else checkData(element, use === 'vmap' ? ['verdict'] : undefined, true, report);
    if (use === 'map' && element.verdict) report('bad-data', 'leads to a verdict.', 'what the map leads to.');
    if (element.verdict) this.checkJump(element.verdict, line, 'the rule');
  }

  private checkOverlap(
    elements: readonly ParsedNftElement[],
    types: FieldTypes,
    isMerged: boolean,
    line: number,
  ): void {
    const overlap = findOverlap(elements, types, !isMerged || types.length > 1);
    if (overlap)
      this.report(
        'same-key-twice',
        line,
        `${quoteForDisplay(overlap.second.key.join(' . '))} and ${quoteForDisplay(overlap.first.key.join(' . '))} overlap.`,
        'one of them.',
      );
  }

  private checkSetType(
    types: FieldTypes,
    { name, head }: ParsedNftSet,
    use: 'set' | 'map' | 'vmap',
    line: number,
  ): void {
    const { key, data, isMap } = head;
    const isOtherType =
      key &&
      (key.length !== types.length ||
        key.some((keyType, i) => keyType !== undefined && types[i] !== undefined && keyType !== types[i]));
    if (isOtherType)
      this.report(
        'bad-value',
        line,
        `set ${quoteForDisplay(name)} is of ${quoteForDisplay(key.map((keyType) => keyType ?? '?').join(' . '))}, and is asked for something else.`,
        'a set of that type.',
      );
    if (use !== 'vmap') return;
    if (!isMap || (data !== undefined && data[0] !== 'verdict' && data[0] !== undefined))
      this.report('bad-data', line, `set ${quoteForDisplay(name)} doesn't lead to verdicts.`, 'a map of verdicts.');
  }
}

/** Types of which several values make one. */
const FLAG_TYPES = new Set(['ct_state', 'ct_status', 'tcp_flag']);

/**
 * Returns whether nft lists the operand in a form that it wouldn't accept. It lists a key with a session's port as the
 * part in front of the port. It lists `sport < 443 dport > 22`, or both for one field, as `dport != 443-22`. Source:
 * expr_may_merge_range in src/netlink_delinearize.c, 1.0.6.
 */
function isListedDifferently(
  fields: readonly string[],
  { elements, braces }: Exclude<NftOperand, { set: string }>,
): boolean {
  if (fields.length > 1)
    return braces && fields.some(isSessionPort) && elements.every(({ key }) => key.length < fields.length);
  return !braces && elements.length === 1 && isReversed(findFieldType(fields[0]!), elements[0]!.key[0] ?? '');
}

const isSessionPort = (field: string): boolean => / proto-(src|dst)$/.test(field);

/** Returns whether the end of a range stands in front of its beginning. */
function isReversed(type: string | undefined, text: string): boolean {
  const [last, first, ...otherParts] = text.split('-');
  return (
    first !== undefined &&
    otherParts.length === 0 &&
    type !== undefined &&
    VALUE_CHECKS.get(type)?.(`${first}-${last}`) === true &&
    first !== last
  );
}
