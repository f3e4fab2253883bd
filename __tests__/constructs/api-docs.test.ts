// Tests that every public name has a docstring with its default, and that the API page is generated from them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformOutput, Testing } from 'cdktf';
import * as ts from 'typescript';
import { explanationPages } from '../../cli/explanations/error-explanations';
import * as constructs from '../../constructs/public';
import { Entry, Member, Said, apiOf } from '../../scripts/api/entries';
import { GROUPS, OF_ANY_FIELD, madePage, publicApi } from '../../scripts/api/api-reference';
import { temporaryFolder } from '../temporary-folder';
import { stackOf } from './construct-samples';

const root = join(__dirname, '../..');
const page = join(root, 'docs/reference/api.md');
const folder = temporaryFolder();

interface Place {
  readonly name: string;
  readonly said: Said;
  /** What may be left out says what is then. */
  readonly needsDefault: boolean;
}

const placesOf = ({ name, said, members }: Entry): readonly Place[] => [
  { name, said, needsDefault: false },
  ...members.map((member: Member) => ({
    name: `${name}.${member.name}`,
    said: member.said,
    needsDefault: member.isOptional && !member.isMethod,
  })),
];

/** Types of which all may be left out, and what is then is said of the whole. */
const WITHOUT_DEFAULTS = ['FactsIntent', 'DefaultsProps'];

/** A docstring that has no more words than the name says nothing. */
function isEmpty(name: string, { text }: Said): boolean {
  const known = new Set([
    ...name.split(/[^A-Za-z]+|(?=[A-Z])/).map((word) => word.toLowerCase()),
    'a',
    'an',
    'the',
    'of',
    'this',
    'its',
  ]);
  return text.split(/\W+/).filter((word) => word !== '' && !known.has(word.toLowerCase())).length < 2;
}

const missingOf = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap((entry) =>
    placesOf(entry).flatMap(({ name, said, needsDefault }) => [
      ...(isEmpty(name, said) ? [`${name} says nothing`] : []),
      ...(needsDefault && !WITHOUT_DEFAULTS.includes(entry.name) && said.byDefault === undefined
        ? [`${name} says no default`]
        : []),
    ]),
  );

const api = publicApi();
const all = [...api.exported, ...api.named];

it('every public name and member has a docstring, and what may be left out its default', () => {
  expect(missingOf(all)).toEqual([]);
  expect(all.flatMap(placesOf).length).toBeGreaterThan(240);
});

it('the count notices: no docstring, one of the name alone, no default, an object inside a list, a method', () => {
  const file = join(folder, 'entry.ts');
  writeFileSync(
    file,
    `
/** Something that is told of. */
export interface Told {
  /** The told host. */
  host: string;
  port?: number;
  /** Where it listens. */
  own?: number;
  /** Some of these. */
  list: { key: string }[];
}
/** Where a thing is made. */
export class Made {
  /** Does it for real. */
  done(): void {}
  undone(): void {}
  private hidden(): void {}
}
export const value = {
  /** What it is for. */
  field: 1,
};
`,
  );
  expect(missingOf(apiOf(root, [file]).exported)).toEqual([
    'Told.host says nothing',
    'Told.list[].key says nothing',
    'Told.port says nothing',
    'Told.port says no default',
    'Told.own says no default',
    'Made.undone says nothing',
    'value says nothing',
  ]);
});

it('every construct has an example, and they are one stack that is proven', () => {
  const made = api.exported.filter(({ kind, name }) => kind === 'construct' || name === 'Defaults');
  const examples = made.map(
    ({ name, said, members }) =>
      [name, [...said.examples, ...members.flatMap((member) => member.said.examples)]] as const,
  );
  expect(examples.filter(([, code]) => code.length === 0)).toEqual([]);
  // Each stands behind what it uses.
  const ORDER = ['Defaults', 'CpanelFirewallProfile', 'CpanelServer', ...GROUPS.flatMap(({ names }) => names)];
  const program = [...examples]
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .flatMap(([, code]) => code)
    .map((code) => (/^.+ === .+$/.test(code) ? `shown.push([${code.replace(' === ', ', ')}]);` : code));
  const stack = stackOf('api');
  const shown: [attribute: string, shown: string][] = [];
  const given = {
    ...constructs,
    TerraformOutput,
    shown,
    // Two gateways have an own address each.
    readFileSync: () =>
      readFileSync(join(root, '__tests__/cases/captured/port-forward/pfsense.surroundings.xml'), 'utf8').replace(
        '<ipaddr>203.0.113.2</ipaddr>',
        '<ipaddr>203.0.113.3</ipaddr>',
      ),
  };
  const names = Object.keys(given);
  const { outputText } = ts.transpileModule(program.join('\n'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  (new Function('stack', ...names, outputText) as (...given: unknown[]) => void)(stack, ...Object.values(given));
  expect(
    Object.keys((JSON.parse(Testing.synth(stack)) as { resource: Record<string, object> }).resource['null_resource']!),
  ).toEqual(['edge1_hosting', 'edge2_hosting', 'mail1_hosting']);
  expect(shown.map(([attribute]) => attribute)).toEqual(shown.map(([, value]) => value));
  expect(shown.length).toBeGreaterThan(8);
});

/** Who writes constructs can't name what isn't there, or add a profile twice: these are for intents that programs write. */
const NOT_OF_CONSTRUCTS = ['intent/second-profile', 'intent/unknown-mapping', 'intent/unknown-virtual-ip'];

it.each(['intent', 'constructs'])('every code of %s is told of, and no other', (room) => {
  const said = [
    ...all.flatMap((entry) => placesOf(entry).flatMap(({ said }) => said.codes)),
    ...OF_ANY_FIELD.flatMap(([, codes]) => codes),
    ...NOT_OF_CONSTRUCTS,
  ];
  const sections = explanationPages
    .flatMap(({ explanations }) => Object.keys(explanations))
    .filter((code) => code.startsWith(`${room}/`));
  expect([...new Set(said)].filter((code) => code.startsWith(`${room}/`)).sort()).toEqual(sections.sort());
  expect(said.filter((code) => !/^(intent|constructs)\//.test(code))).toEqual([]);
});

it('the page has each exported name in one group, and is what the docstrings say', () => {
  expect(GROUPS.flatMap(({ names }) => names).sort()).toEqual(api.exported.map(({ name }) => name).sort());
  const made = madePage(api);
  if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) writeFileSync(page, made);
  expect(readFileSync(page, 'utf8')).toBe(made);
});
