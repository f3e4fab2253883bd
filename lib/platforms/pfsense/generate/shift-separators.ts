import { XmlElement } from '../../../xml/parse-xml';
import { findChild, listChildren, isOwnedBy } from './configuration';
import { RulePosition, getTab } from './rule-positions';

/**
 * Returns the changed positions of the form's separators. A position is the number of rules above it in its tab. Each
 * separator stays above the same unmanaged rule.
 */
export function shiftSeparators(
  filter: XmlElement | undefined,
  owner: string,
  places: readonly RulePosition[],
): readonly { readonly row: XmlElement; readonly text: string }[] {
  const tabs = findChild(filter, 'separator')?.children ?? [];
  if (filter === undefined || tabs.length === 0) return [];
  const rules = listChildren(filter, 'rule');
  return tabs.flatMap((tab) => {
    const isOwnRule = rules.filter((rule) => getTab(rule) === tab.name).map((rule) => isOwnedBy(owner, rule));
    const place = places.find((position) => position.tab === tab.name);
    return tab.children.flatMap((separator) =>
      listChildren(separator, 'row').flatMap((row) => {
        const number = /^fr(\d{1,9})$/.exec(row.text.trim())?.[1];
        if (number === undefined) return [];
        const above = Number(number) - isOwnRule.slice(0, Number(number)).filter((isOwn) => isOwn).length;
        const shifted = place && place.index <= above ? above + place.rules.length : above;
        return shifted === Number(number) ? [] : [{ row, text: `<row>fr${shifted}</row>` }];
      }),
    );
  });
}
