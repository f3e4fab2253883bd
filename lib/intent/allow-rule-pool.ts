// Shares equal lists of allow rules as one object, so that ten thousand hosts of one profile are compiled and
// generated once.

import { printRange } from '../net/address';
import { AllowRule, AllowRules } from '../policy/policy';
import { printPorts } from './ports';

/** The allow rules that open nothing, as one shared object. */
export const NO_ALLOW_RULES: AllowRules = Object.freeze({ name: 'nothing', entries: [], blocked: [] });

/** Shares equal lists of allow rules as one object, and names each list after what it opens. */
export class AllowRulePool {
  private readonly rulesByKey = new Map<string, AllowRules>();
  private readonly titleCounts = new Map<string, number>();

  intern(entries: readonly AllowRule[]): AllowRules {
    if (entries.length === 0) return NO_ALLOW_RULES;
    const key = entries.map(encodeRule).join('\n');
    const existingRules = this.rulesByKey.get(key);
    if (existingRules) return existingRules;
    const title = createTitle(entries);
    const count = (this.titleCounts.get(title) ?? 0) + 1;
    this.titleCounts.set(title, count);
    const allowRules: AllowRules = { name: count === 1 ? title : `${title} (${count})`, entries, blocked: [] };
    this.rulesByKey.set(key, allowRules);
    return allowRules;
  }
}

const encodeSources = (sources: AllowRule['sources']): string =>
  sources === 'anywhere' ? sources : sources.map(printRange).join(',');

const encodeRule = ({ protocol, ports, sources, management, origin }: AllowRule): string =>
  `${protocol} ${ports === 'all' ? ports : printPorts(ports)} ${management} ${encodeSources(sources)} ${origin}`;

function createTitle(entries: readonly AllowRule[]): string {
  const names = [...new Set(entries.map(({ origin }) => origin))];
  const sourcesText = entries.every(({ sources }) => sources === 'anywhere') ? 'from anywhere' : 'from listed sources';
  return `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''} ${sourcesText}`;
}
