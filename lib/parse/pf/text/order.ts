import { PfLine } from '../model';

const TRANSLATES = 5;
const FILTERS = 6;
const STAGES: Readonly<Record<string, number>> = {
  ether: 2,
  scrub: 3,
  altq: 4,
  queue: 4,

  nat: TRANSLATES,
  rdr: TRANSLATES,
  binat: TRANSLATES,
  'nat-anchor': TRANSLATES,
  'rdr-anchor': TRANSLATES,
  'binat-anchor': TRANSLATES,
  pass: FILTERS,
  block: FILTERS,
  match: FILTERS,
  antispoof: FILTERS,
  anchor: FILTERS,
};
/** Options that may stand anywhere. */
const ANYWHERE = new Set([
  'skip',
  'state-policy',
  'state-defaults',
  'require-order',
  'ruleset-optimization',
  'keepcounters',
  'syncookies',
]);

/** Whether a file has its statements in the order that pfctl asks for. Source: FreeBSD, pfctl, parse.y: check_rulestate and its callers. */
export class Order {
  /** The first that comes too late. */
  late: PfLine | undefined;
  private asked = true;
  private last = 0;

  next([word = '', second = '', third]: readonly string[], line: PfLine): void {
    if (word === 'set' && second === 'require-order') this.asked = third !== 'no';
    const stage = stageOf(word, second);
    if (stage === undefined) return;
    if (this.asked && stage < this.last) this.late ??= line;
    this.last = stage;
  }
}

function stageOf(word: string, second: string): number | undefined {
  if (word === 'set') return ANYWHERE.has(second) ? undefined : 1;
  const name = word === 'no' ? second : word;
  return Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
}
