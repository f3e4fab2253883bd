// Makes the table of fields on the page of a construct, docs/reference/constructs, from the docstrings of its props. A
// test compares it with the page.

import type { Entry, Member } from './entries';

/** Returns the page with its table, the first of the page, made of the type's own fields; api.md has the inner ones. */
export const replaceFieldTable = (page: string, { members }: Entry): string =>
  page.replace(/^\| property \|.*\n(?:\|.*\n)*/m, () =>
    [
      '| property | meaning |',
      '| --- | --- |',
      ...members
        .filter(({ name }) => /^\w+$/.test(name))
        .map((member) => `| \`${member.name}\` | ${explain(member)} |`),
      '',
    ].join('\n'),
  );

function explain({ isOptional, said: { text, byDefault } }: Member): string {
  const endsWithDefault = byDefault === undefined ? '' : ` Default: ${byDefault}.`;
  return `${text}${isOptional ? endsWithDefault : ' **Required.**'}`.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}
