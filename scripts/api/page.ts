// Prints the API reference as Markdown from the exports that entries.ts reads.

import type { Api, Entry, Member, Said } from './entries';

/** Exported names that one section of the page shows. */
export interface Group {
  readonly title: string;
  readonly about: string;
  readonly names: readonly string[];
}

/** Returns the page as Markdown: the groups in their order, then the types that their fields name. */
export function apiPage(head: string, groups: readonly Group[], { exported, named }: Api): string {
  const known = new Map([...exported, ...named].map((entry) => [entry.name, entry]));
  const parts = groups.map(({ title, about, names }) => [
    `## ${title}`,
    about,
    ...names.map((name) => shown(known.get(name)!, known)),
  ]);
  const rest = [
    '## What their fields are',
    'Plain objects and texts, written where a field takes them. No entry exports these names; an editor shows them.',
  ];
  const types = [...named].sort((a, b) => (a.name < b.name ? -1 : 1)).map((entry) => shown(entry, known));
  return `${[head.trim(), ...parts.flat(), ...rest, ...types].join('\n\n')}\n`;
}

type Known = ReadonlyMap<string, Entry>;

function shown({ name, kind, is, said, members }: Entry, known: Known): string {
  const title = kind === 'function' ? `${name}(${is})` : name;
  const definition = kind === 'type' && is !== undefined && is !== 'string' ? [`It is ${typeText(is, known)}.`] : [];
  const methods = members.filter(({ isMethod }) => isMethod).map((method) => shownMethod(name, kind, method));
  const fields = members.filter(({ isMethod }) => !isMethod);
  const takes =
    kind === 'construct' && is !== undefined ? [`\`new ${name}(scope, id, props)\`, with ${typeText(is, known)}.`] : [];
  return [
    `### ${kind === 'function' ? `\`${title}\`` : title}`,
    ...paragraphs(said),
    ...takes,
    ...definition,
    ...(fields.length > 0 ? [table(fields, known)] : []),
    ...methods,
  ].join('\n\n');
}

const shownMethod = (of: string, kind: Entry['kind'], { name, type, said }: Member): string =>
  [
    `**\`${kind === 'construct' ? of.charAt(0).toLowerCase() + of.slice(1) : of}.${name}(${type})\`**`,
    ...paragraphs(said),
  ].join('\n\n');

function paragraphs({ text, examples, codes }: Said): readonly string[] {
  const code = examples.map((example) => `\`\`\`ts\n${example}\n\`\`\``);
  return [text, ...code, ...(codes.length > 0 ? [`Codes: ${codes.map(codeLink).join(', ')}.`] : [])];
}

/**
 * Returns the table of fields. It has a column of defaults only if a field has one, or if some fields are required and
 * others optional.
 */
function table(fields: readonly Member[], known: Known): string {
  const differ = fields.some(
    ({ isOptional, said }) => said.byDefault !== undefined || isOptional !== fields[0]!.isOptional,
  );
  const rows = fields.map(({ name, type, isOptional, said }) => {
    const shown = said.examples.map((code) => ` Example: ${inCell(`\`${code}\``)}.`).join('');
    const refused = said.codes.length > 0 ? ` Codes: ${said.codes.map(codeLink).join(', ')}.` : '';
    const byDefault = isOptional ? inCell(said.byDefault ?? '') : '**required**';
    return [
      `\`${name}\``,
      inCell(typeText(type, known)),
      ...(differ ? [byDefault] : []),
      inCell(said.text) + shown + refused,
    ];
  });
  const head = ['field', 'type', ...(differ ? ['default'] : []), 'meaning'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const inCell = (text: string): string => text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');

/** Returns a type as code, with links to the types on this page. */
function typeText(type: string, known: Known): string {
  const names = [...new Set(type.match(/[A-Z]\w+/g))].filter((name) => known.has(name));
  if (names.length === 0) return `\`${type}\``;
  if (!/[({]/.test(type))
    return type
      .split(' | ')
      .map((one) => linked(one, names))
      .join(' | ');
  return names.length === 1
    ? linked(type, names)
    : `\`${type}\` (${names.map((name) => linked(name, names)).join(', ')})`;
}

function linked(type: string, names: readonly string[]): string {
  const name = names.find((one) => new RegExp(`\\b${one}\\b`).test(type));
  return name === undefined ? `\`${type}\`` : `[\`${type}\`](#${anchor(name)})`;
}

const anchor = (name: string): string => name.toLowerCase();

/** Returns a code with the link to its heading: each room has a page of its codes. */
export const codeLink = (code: string): string =>
  `[\`${code}\`](errors/${code.split('/')[0]}.md#${code.replace('/', '')})`;
