import { XmlElement } from '../../../xml/xml';
import { Configuration, child, children, isOf, opened } from './configuration';
import { Entries } from './model';
import { HELPER, renderAlias, renderMark, renderOneToOne, renderRule, renderSwitch, renderVirtualIp } from './render';
import { Place, rulePlaces } from './rule-places';
import { shiftedSeparators } from './separators';
import { Splices } from './splices';

/** The lists that an owner has entries in. */
const LISTS: readonly (readonly [section: string, name: string])[] = [
  ['virtualip', 'vip'],
  ['aliases', 'alias'],
  ['nat', 'onetoone'],
  ['filter', 'rule'],
];

/** Takes out what the owner has in a configuration, and puts the entries in. Every other byte stays. Throws Refusal for no configuration. */
export const edit = (before: string, entries: Entries): string => edited(opened(before, 'the configuration'), entries);

export function edited({ text, root, mark }: Configuration, entries: Entries): string {
  const splices = new Splices(text);
  const [virtualip, aliases, nat, filter] = LISTS.map(([section, name]) => new Section(root, section, name, entries.owner));
  virtualip!.put(afterLast(virtualip!.others), entries.virtualIps.map(renderVirtualIp));
  aliases!.put(afterLast(aliases!.others), entries.aliases.map(renderAlias));
  nat!.put(
    beforeFirst(nat!.others) ?? beforeFirst(nat!.staying.filter(({ name }) => BEHIND.has(name))),
    entries.oneToOnes.map(renderOneToOne),
  );
  const places = rulePlaces(filter!.others, entries.rules);
  for (const { at, rules } of places) filter!.put(at, rules.map(renderRule));
  for (const section of [virtualip!, aliases!, nat!, filter!]) section.apply(splices);
  for (const { row, text: shifted } of shiftedSeparators(child(root, 'filter'), entries.owner, places)) splices.replace(row, shifted);
  turn(root, mark, entries.helper, splices);
  return splices.done();
}

/** What a box writes behind 1:1 entries. */
const BEHIND: ReadonlySet<string> = new Set(['npt', 'outbound', 'rule']);

const beforeFirst = ([first]: readonly XmlElement[]): Place | undefined => first && { before: first };
const afterLast = (elements: readonly XmlElement[]): Place | undefined => (elements.length === 0 ? undefined : { after: elements.at(-1)! });

/** The one switch: on while a release of ours needs it, and off again only where the text says that it was one of ours. */
function turn(root: XmlElement, mark: Configuration['mark'], on: boolean, splices: Splices): void {
  const was = mark?.sets.includes(HELPER) === true;
  if (was === on) return;
  const system = child(root, 'system');
  const there = system && child(system, HELPER);
  if (on && !there) {
    const section = new Section(root, 'system', '', '');
    section.put(undefined, [renderSwitch(HELPER)]);
    section.apply(splices);
  }
  if (!on && there) {
    if (system.children.length === 1) splices.replace(system, '<system></system>');
    else splices.takeOut(there);
  }
  if (mark?.kind !== undefined) splices.replace(mark.element, renderMark(mark.kind, on ? [HELPER] : []));
}

/** Where a box keeps a list of entries. One that it lacks is made at the end. */
class Section {
  readonly others: readonly XmlElement[];
  readonly staying: readonly XmlElement[];
  private readonly element: XmlElement | undefined;
  private readonly own: readonly XmlElement[];
  private readonly coming: { readonly at: Place | undefined; readonly text: string }[] = [];

  constructor(
    private readonly root: XmlElement,
    private readonly section: string,
    name: string,
    owner: string,
  ) {
    this.element = child(root, section);
    const listed = this.element ? children(this.element, name) : [];
    this.own = listed.filter((one) => isOf(owner, one));
    const own = new Set(this.own);
    this.others = listed.filter((one) => !own.has(one));
    this.staying = this.element?.children.filter((one) => !own.has(one)) ?? [];
  }

  /** At the end where nothing says a place. */
  put(at: Place | undefined, texts: readonly string[]): void {
    if (texts.length > 0) this.coming.push({ at, text: texts.join('') });
  }

  apply(splices: Splices): void {
    const all = this.coming.map(({ text }) => text).join('');
    if (this.staying.length === 0) {
      const whole = `<${this.section}>${all === '' ? '' : `\n${all}\t`}</${this.section}>`;
      if (!this.element) {
        if (all !== '') splices.insertAfter(this.root.children.at(-1)!, `\t${whole}\n`);
      } else if (all !== '' || this.own.length > 0) splices.replace(this.element, whole);
      return;
    }
    for (const one of this.own) splices.takeOut(one);
    for (const { at, text } of this.coming) {
      if (at && 'before' in at) splices.insertBefore(at.before, text);
      else splices.insertAfter(at?.after ?? this.staying.at(-1)!, text);
    }
  }
}
