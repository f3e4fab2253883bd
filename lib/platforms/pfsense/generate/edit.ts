import { XmlElement } from '../../../xml/xml';
import { Configuration, child, isOf } from './configuration';
import { Entries } from './model';
import { HELPER, renderAlias, renderMark, renderOneToOne, renderRule, renderSwitch, renderVirtualIp } from './render';
import { Place, rulePlaces } from './rule-places';
import { Section } from './section';
import { shiftedSeparators } from './separators';
import { Splices } from './splices';

/** Takes out what the owner has in a configuration, and puts the entries in. Every other byte stays. */
export function edited({ text, root, mark }: Configuration, entries: Entries): string {
  const splices = new Splices(text);
  const list = (section: string, name: string): Section =>
    new Section(
      root,
      section,
      (one) => one.name === name,
      (one) => isOf(entries.owner, one),
    );
  const virtualip = list('virtualip', 'vip');
  virtualip.put(afterLast(virtualip.others), entries.virtualIps.map(renderVirtualIp));
  const aliases = list('aliases', 'alias');
  aliases.put(afterLast(aliases.others), entries.aliases.map(renderAlias));
  const nat = list('nat', 'onetoone');
  nat.put(
    beforeFirst(nat.others) ?? beforeFirst(nat.staying.filter(({ name }) => BEHIND_ONE_TO_ONES.has(name))),
    entries.oneToOnes.map(renderOneToOne),
  );
  const filter = list('filter', 'rule');
  const places = rulePlaces(filter.others, entries.rules);
  for (const { at, rules } of places) filter.put(at, rules.map(renderRule));
  // The one switch: on while a release of ours needs it, and off again only where none but ours had turned it on.
  const needed = mark?.sets.includes(HELPER) === true;
  const byUs = needed && !mark.had.includes(HELPER);
  const system = new Section(
    root,
    'system',
    ({ name }) => name === HELPER,
    () => byUs && !entries.helper,
  );
  const already = !byUs && system.others.length > 0;
  if (entries.helper && system.others.length === 0) system.put(undefined, [renderSwitch(HELPER)]);
  if (mark?.kind !== undefined && needed !== entries.helper)
    splices.replace(
      mark.element,
      renderMark(mark.kind, entries.helper ? [HELPER] : [], entries.helper && already ? [HELPER] : []),
    );

  const sections = [virtualip, aliases, nat, filter, system];
  const made = madeByUs(root, sections);
  for (const section of sections) section.apply(splices, made.has(section));
  for (const { row, text: shifted } of shiftedSeparators(child(root, 'filter'), entries.owner, places))
    splices.replace(row, shifted);
  return splices.done();
}

/** What a box writes behind 1:1 entries. */
const BEHIND_ONE_TO_ONES: ReadonlySet<string> = new Set(['npt', 'outbound', 'rule']);

const beforeFirst = ([first]: readonly XmlElement[]): Place | undefined => first && { before: first };
const afterLast = (elements: readonly XmlElement[]): Place | undefined =>
  elements.length === 0 ? undefined : { after: elements.at(-1)! };

/** Sections at the end of the configuration, where we make those that a box lacks, in which nothing is left. */
function madeByUs(root: XmlElement, sections: readonly Section[]): ReadonlySet<Section> {
  const made = new Set<Section>();
  for (const element of [...root.children].reverse()) {
    const section = sections.find((one) => one.element === element);
    if (!section?.isEmptied) break;
    made.add(section);
  }
  return made;
}
