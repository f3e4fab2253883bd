import { XmlElement } from '../../../xml/xml';
import { child } from './configuration';
import { Place } from './rule-places';
import { Splices } from './splices';

/** A part of the configuration in which a box keeps entries. One that it lacks is made at the end. */
export class Section {
  readonly element: XmlElement | undefined;
  /** Entries of somebody else. */
  readonly others: readonly XmlElement[];
  /** All that isn't ours. */
  readonly staying: readonly XmlElement[];
  private readonly own: readonly XmlElement[];
  private readonly coming: { readonly at: Place | undefined; readonly text: string }[] = [];

  constructor(
    private readonly root: XmlElement,
    private readonly name: string,
    isEntry: (element: XmlElement) => boolean,
    isOurs: (entry: XmlElement) => boolean,
  ) {
    this.element = child(root, name);
    const entries = this.element?.children.filter(isEntry) ?? [];
    this.own = entries.filter(isOurs);
    const own = new Set(this.own);
    this.others = entries.filter((one) => !own.has(one));
    this.staying = this.element?.children.filter((one) => !own.has(one)) ?? [];
  }

  /** Whether we had all that was in it, and leave. */
  get isEmptied(): boolean {
    return this.own.length > 0 && this.staying.length === 0 && this.coming.length === 0;
  }

  /** At the end where nothing says a place. */
  put(at: Place | undefined, texts: readonly string[]): void {
    if (texts.length > 0) this.coming.push({ at, text: texts.join('') });
  }

  apply(splices: Splices, madeByUs: boolean): void {
    if (this.element && madeByUs) splices.takeOut(this.element);
    else if (this.staying.length > 0) this.among(splices);
    else this.whole(splices);
  }

  private among(splices: Splices): void {
    for (const one of this.own) splices.takeOut(one);
    for (const { at, text } of this.coming) {
      if (at && 'before' in at) splices.insertBefore(at.before, text);
      else splices.insertAfter(at?.after ?? this.staying.at(-1)!, text);
    }
  }

  private whole(splices: Splices): void {
    const all = this.coming.map(({ text }) => text).join('');
    const text = `<${this.name}>${all === '' ? '' : `\n${all}\t`}</${this.name}>`;
    if (this.element && (all !== '' || this.own.length > 0)) splices.replace(this.element, text);
    else if (!this.element && all !== '') splices.insertAfter(this.root.children.at(-1)!, `\t${text}\n`);
  }
}
