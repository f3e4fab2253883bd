import { groupBy } from '../../../net/group-by';
import { XmlElement } from '../../../xml/parse-xml';
import { findChild, hasChild, isOwned, getText } from './configuration';
import { PfsenseRule } from './pfsense-entries';

export type InsertPosition = { readonly before: XmlElement } | { readonly after: XmlElement };

/** Our rules of one tab of the form, and where they stand. */
export interface RulePosition {
  readonly tab: string;
  /** Undefined: at the end. */
  readonly at: InsertPosition | undefined;
  /** How many rules of others are before them in the tab. */
  readonly index: number;
  readonly rules: readonly PfsenseRule[];
}

const FLOATING_TAB = 'floatingrules';

/** The form's name for where a rule is shown, by which separators are counted. */
export const getTab = (rule: XmlElement): string =>
  hasChild(rule, 'floating') ? FLOATING_TAB : getText(rule, 'interface').toLowerCase();

/** `others`: every rule of somebody else, in order. */
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

/** What an administrator keeps out by name stays out: by its source, a port or a protocol. Of everything to somewhere it is a default. */
function isNamedBlock(rule: XmlElement): boolean {
  const source = findChild(rule, 'source');
  const protocol = getText(rule, 'protocol').toLowerCase();
  const named =
    (source !== undefined && !hasChild(source, 'any')) ||
    ['source', 'destination'].some((end) => getText(findChild(rule, end), 'port') !== '') ||
    !['', 'any'].includes(protocol);
  return ['block', 'reject'].includes(getText(rule, 'type')) && named && !isOwned(rule);
}
