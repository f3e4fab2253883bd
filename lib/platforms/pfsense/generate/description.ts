const MOST = 200;

/**
 * What a person wrote, as it may stand behind a tag: no line break and nothing that isn't seen, which the box would let through into its
 * rules (a break ends the comment that a rule became, and what follows is a rule).
 */
export function descriptionText(text: string): string {
  const shown = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`)
    .replace(/\s+/g, ' ')
    .trim();
  return shown.length > MOST ? shown.slice(0, MOST).replace(/[\ud800-\udbff]$/, '') : shown;
}
