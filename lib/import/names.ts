/** Names as an intent has them: `[a-z][a-z0-9-]*`, each once. */
export class Names {
  private readonly used: Set<string>;

  constructor(reserved: readonly string[] = []) {
    this.used = new Set(reserved);
  }

  /** After what a person wrote, else after `otherwise`, which is one. */
  take(written: string, otherwise: string): string {
    const base = slug(written) || otherwise;
    for (let number = 1; ; number++) {
      const name = number === 1 ? base : `${base}-${number}`;
      if (this.used.has(name)) continue;
      this.used.add(name);
      return name;
    }
  }
}

const MOST = 40;

/** Marks over letters fall away; what isn't a letter or a digit parts words. */
const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MOST)
    .replace(/-+$/, '');

const MOST_WORDS = 200;

/** What a person wrote, as an intent takes it: one line without tokens of Terraform. */
export const words = (text: string): string =>
  text
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/([$#&%])\{/g, '$1 {')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MOST_WORDS)
    .replace(/[\ud800-\udbff]$/, '')
    .trim();
