// Checks that the statements of a pf.conf have the order that pfctl requires: options, scrub, queues, translation,
// filter.

import { PfLine } from '../model';

const TRANSLATION_STAGE = 5;
const FILTER_STAGE = 6;
const STAGES: Readonly<Record<string, number>> = {
  ether: 2,
  scrub: 3,
  altq: 4,
  queue: 4,

  nat: TRANSLATION_STAGE,
  rdr: TRANSLATION_STAGE,
  binat: TRANSLATION_STAGE,
  'nat-anchor': TRANSLATION_STAGE,
  'rdr-anchor': TRANSLATION_STAGE,
  'binat-anchor': TRANSLATION_STAGE,
  pass: FILTER_STAGE,
  block: FILTER_STAGE,
  match: FILTER_STAGE,
  antispoof: FILTER_STAGE,
  anchor: FILTER_STAGE,
};
/** Options that may stand anywhere. */
const UNORDERED_OPTIONS = new Set([
  'skip',
  'state-policy',
  'state-defaults',
  'require-order',
  'ruleset-optimization',
  'keepcounters',
  'syncookies',
]);

/** Gets the statements one after the other. Source: FreeBSD, pfctl, parse.y: check_rulestate and its callers. */
export class StatementOrder {
  /** The first statement that comes too late. */
  firstMisplaced: PfLine | undefined;
  private isRequired = true;
  private lastStage = 0;

  checkNext([word = '', second = '', third]: readonly string[], line: PfLine): void {
    if (word === 'set' && second === 'require-order') this.isRequired = third !== 'no';
    const stage = findStage(word, second);
    if (stage === undefined) return;
    if (this.isRequired && stage < this.lastStage) this.firstMisplaced ??= line;
    this.lastStage = stage;
  }
}

function findStage(word: string, second: string): number | undefined {
  if (word === 'set') return UNORDERED_OPTIONS.has(second) ? undefined : 1;
  const name = word === 'no' ? second : word;
  return Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
}
