// Inserts and removes entries in one section of pfSense's config.xml, such as `filter`, and creates the section if it
// is missing.

import { XmlElement } from '../../../xml/parse-xml';
import { findChild } from './configuration';
import { InsertPosition } from './rule-positions';
import { Splices } from './splices';

/** A section of the configuration in which a box keeps entries. A section that the box lacks is created at the end. */
export class ConfigSection {
  readonly element: XmlElement | undefined;
  /** Entries of the kind that aren't ours. */
  readonly unmanaged: readonly XmlElement[];
  /** All children of the section that aren't ours, of any kind. */
  readonly remaining: readonly XmlElement[];
  private readonly ownEntries: readonly XmlElement[];
  private readonly insertions: { readonly at: InsertPosition | undefined; readonly text: string }[] = [];

  constructor(
    private readonly root: XmlElement,
    private readonly name: string,
    isEntry: (element: XmlElement) => boolean,
    isOurs: (entry: XmlElement) => boolean,
  ) {
    this.element = findChild(root, name);
    const entries = this.element?.children.filter(isEntry) ?? [];
    this.ownEntries = entries.filter(isOurs);
    const ownSet = new Set(this.ownEntries);
    this.unmanaged = entries.filter((entry) => !ownSet.has(entry));
    this.remaining = this.element?.children.filter((entry) => !ownSet.has(entry)) ?? [];
  }

  /** Whether every child of the section was ours and none is inserted. */
  get isEmptied(): boolean {
    return this.ownEntries.length > 0 && this.remaining.length === 0 && this.insertions.length === 0;
  }

  /** Inserts the texts at a position, or at the end if `at` is undefined. */
  insert(at: InsertPosition | undefined, texts: readonly string[]): void {
    if (texts.length > 0) this.insertions.push({ at, text: texts.join('') });
  }

  apply(splices: Splices, madeByUs: boolean): void {
    if (this.element && madeByUs) splices.remove(this.element);
    else if (this.remaining.length > 0) this.applyToEntries(splices);
    else this.rewriteSection(splices);
  }

  private applyToEntries(splices: Splices): void {
    for (const entry of this.ownEntries) splices.remove(entry);
    for (const { at, text } of this.insertions) {
      if (at && 'before' in at) splices.insertBefore(at.before, text);
      else splices.insertAfter(at?.after ?? this.remaining.at(-1)!, text);
    }
  }

  private rewriteSection(splices: Splices): void {
    const inserted = this.insertions.map(({ text }) => text).join('');
    const text = `<${this.name}>${inserted === '' ? '' : `\n${inserted}\t`}</${this.name}>`;
    if (this.element && (inserted !== '' || this.ownEntries.length > 0)) splices.replace(this.element, text);
    else if (!this.element && inserted !== '') splices.insertAfter(this.root.children.at(-1)!, `\t${text}\n`);
  }
}
