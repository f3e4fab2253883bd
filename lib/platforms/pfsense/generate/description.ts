const MAX_DESCRIPTION_LENGTH = 200;

/**
 * Returns a person's text without line breaks and invisible characters, to stand behind a tag. The box would let them
 * through into its rules: a break ends the comment that a rule became, and the rest is a rule.
 */
export function cleanDescription(text: string): string {
  const cleaned = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`)
    .replace(/\s+/g, ' ')
    .trim();
  return cleaned.length > MAX_DESCRIPTION_LENGTH
    ? cleaned.slice(0, MAX_DESCRIPTION_LENGTH).replace(/[\ud800-\udbff]$/, '')
    : cleaned;
}
