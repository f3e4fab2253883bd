/** A device's text may hold what turns a terminal's line around; the same JSON says it in escapes. */
export const json = (value: object): string =>
  JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
