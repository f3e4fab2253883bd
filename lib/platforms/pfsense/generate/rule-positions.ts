// Finds the position of generated filter rules among the unmanaged rules of pfSense's config.xml: in each tab behind
// the administrator's leading blocks of a source, port or protocol.

import { groupBy } from '../../../net/group-by';
import { XmlElement } from '../../../xml/parse-xml';
import { findChild, hasChild, isOwned, getText } from './configuration';
import { PfsenseRule } from './pfsense-entries';

export type InsertPosition = { readonly before: XmlElement } | { readonly after: XmlElement };

/** Our rules of one tab of the form, and their position. */
export interface RulePosition {
  readonly tab: string;
  /** Undefined: at the end. */
  readonly at: InsertPosition | undefined;
  /** Number of rules before ours in the tab. */
  readonly index: number;
  readonly rules: readonly PfsenseRule[];
}

const FLOATING_TAB = 'floatingrules';

/** Returns the form's name of the tab that shows a rule; separators count the rules of a tab. */
export const getTab = (rule: XmlElement): string =>
  hasChild(rule, 'floating') ? FLOATING_TAB : getText(rule, 'interface').toLowerCase();

/** Returns the positions of our rules. `unmanagedRules` are all rules that aren't ours, in order. */
export function findRulePositions(
  unmanagedRules: readonly XmlElement[],
  rules: readonly PfsenseRule[],
): readonly RulePosition[] {
  const tabs = groupBy(rules, ({ on }) => (on.is === 'floating' ? FLOATING_TAB : on.key));
  return [...tabs].map(([tab, ownRules]) => {
    const tabRules = unmanagedRules.filter((rule) => getTab(rule) === tab);
    const firstIndex = tabRules.findIndex((rule) => !hasChild(rule, 'disabled') && !isNamedBlock(rule));
    const index = firstIndex < 0 ? tabRules.length : firstIndex;
    return {
      tab,
      index,
      rules: ownRules,
      at:
        getPosition(tabRules, index) ??
        (tab === FLOATING_TAB ? getPosition(unmanagedRules, 0) : getPosition(unmanagedRules, unmanagedRules.length)),
    };
  });
}

function getPosition(rules: readonly XmlElement[], index: number): InsertPosition | undefined {
  if (rules[index]) return { before: rules[index] };
  return rules.length === 0 ? undefined : { after: rules.at(-1)! };
}

/**
 * Returns whether a rule blocks by a source, a port or a protocol: an administrator's explicit block stays in front. A
 * block of everything to a destination is a default.
 */
function isNamedBlock(rule: XmlElement): boolean {
  const source = findChild(rule, 'source');
  const protocol = getText(rule, 'protocol').toLowerCase();
  const named =
    (source !== undefined && !hasChild(source, 'any')) ||
    ['source', 'destination'].some((end) => getText(findChild(rule, end), 'port') !== '') ||
    !['', 'any'].includes(protocol);
  return ['block', 'reject'].includes(getText(rule, 'type')) && named && !isOwned(rule);
}
