// Creates names as intents have them, `[a-z][a-z0-9-]*`, each once, from any text. Also makes one line without
// Terraform tokens of any text.

/** Creates names as intents have them, `[a-z][a-z0-9-]*`, each once. */
export class UniqueNames {
  private readonly usedNames: Set<string>;

  constructor(reservedNames: readonly string[] = []) {
    this.usedNames = new Set(reservedNames);
  }

  /** Creates a name from a text, or from `defaultName`, which must be a valid name. */
  createName(text: string, defaultName: string): string {
    const base = slugify(text) || defaultName;
    for (let number = 1; ; number++) {
      const name = number === 1 ? base : `${base}-${number}`;
      if (this.usedNames.has(name)) continue;
      this.usedNames.add(name);
      return name;
    }
  }
}

const MAX_NAME_LENGTH = 40;

/** Returns a text as a name. Marks over letters fall away; characters other than letters and digits separate words. */
const slugify = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/-+$/, '');

const MAX_TEXT_LENGTH = 200;

/** Returns a text as an intent accepts it: one line without tokens of Terraform. */
export const normalizeText = (text: string): string =>
  text
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/([$#&%])\{/g, '$1 {')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_TEXT_LENGTH)
    .replace(/[\ud800-\udbff]$/, '')
    .trim();
