// Tests that every public name has a docstring with its default, that docstrings agree with the schema of intents, and
// that the API page and the tables of fields on the pages of constructs are made of them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformOutput, Testing } from 'cdktf';
import * as ts from 'typescript';
import { explanationPages } from '../../cli/explanations/error-explanations';
import { z } from 'zod';
import * as constructs from '../../constructs/public';
import * as schemas from '../../lib/intent/intent-schemas';
import { getDefault, getMaxCharacters, getNumberLimits } from '../../lib/intent/schema-fields';
import { Entry, Member, Said, apiOf } from '../../scripts/api/entries';
import { GROUPS, OF_ANY_FIELD, madePage, publicApi } from '../../scripts/api/api-reference';
import { replaceFieldTable } from '../../scripts/api/field-table';
import { temporaryFolder } from '../temporary-folder';
import { stackOf } from './construct-samples';

const root = join(__dirname, '../..');
const page = join(root, 'docs/reference/api.md');
const folder = temporaryFolder();

interface Place {
  readonly name: string;
  readonly said: Said;
  /** The docstring of an optional prop says its default. */
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

/** Types with optional members only, whose docstring describes the default of the whole. */
const WITHOUT_DEFAULTS = ['FactsIntent', 'DefaultsProps'];

/** A docstring without more words than the name says nothing. */
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

it('every public name and member has a docstring, and an optional one its default', () => {
  expect(missingOf(all)).toEqual([]);
  expect(all.flatMap(placesOf).length).toBeGreaterThan(240);
});

it('the check finds: no docstring, one with the name only, no default, an object inside a list, a method', () => {
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

it('every construct has an example, and together they are one verified stack', () => {
  const made = api.exported.filter(({ kind, name }) => kind === 'construct' || name === 'Defaults');
  const examples = made.map(
    ({ name, said, members }) =>
      [name, [...said.examples, ...members.flatMap((member) => member.said.examples)]] as const,
  );
  expect(examples.filter(([, code]) => code.length === 0)).toEqual([]);
  // Each example follows the ones that it uses.
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
    // Two gateways have an address of their own each.
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

/** Codes that TypeScript users can't cause, such as missing values or a profile that is added twice. */
const NOT_OF_CONSTRUCTS = ['intent/second-profile', 'intent/unknown-mapping', 'intent/unknown-virtual-ip'];

it.each(['intent', 'constructs'])('docstrings name every code of %s and no others', (room) => {
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

it('the page has each exported name in one group, and is generated from the docstrings', () => {
  expect(GROUPS.flatMap(({ names }) => names).sort()).toEqual(api.exported.map(({ name }) => name).sort());
  const made = madePage(api);
  if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) writeFileSync(page, made);
  expect(readFileSync(page, 'utf8')).toBe(made);
});

it.each([
  ['defaults', 'DefaultsProps'],
  ['gateway', 'GatewayProps'],
  ['cpanel-firewall-profile', 'CpanelFirewallProfileProps'],
  ['cpanel-server', 'CpanelServerProps'],
  ['virtual-ip', 'VirtualIpProps'],
  ['one-to-one-nat', 'OneToOneNatProps'],
  ['nat-reflection', 'NatReflectionProps'],
  ['removed-owners', 'RemovedOwnersProps'],
])('constructs/%s.md: the table of fields is generated from the docstrings', (name, props) => {
  const path = join(root, 'docs/reference/constructs', `${name}.md`);
  const made = replaceFieldTable(
    readFileSync(path, 'utf8'),
    all.find((entry) => entry.name === props)!,
  );
  if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) writeFileSync(path, made);
  expect(readFileSync(path, 'utf8')).toBe(made);
});

/** Types and their schemas; `path`: the field of the type that the schema is for. */
const SCHEMAS: readonly (readonly [name: string, schema: z.ZodObject, path?: string])[] = [
  ['DefaultsProps', schemas.defaultsSchema],
  ['GatewayProps', schemas.gatewaySchema],
  ['InterfaceIntent', schemas.interfaceSchema],
  ['HealthCheckIntent', schemas.healthCheckSchema],
  ['ConnectionIntent', schemas.connectionSchema],
  ['CpanelFirewallProfileProps', schemas.profileSchema],
  ['NamedServiceIntent', schemas.namedServiceSchema],
  ['PortsIntent', schemas.portsEntrySchema],
  ['ProtocolIntent', schemas.protocolEntrySchema],
  ['NamedOutboundIntent', schemas.namedOutboundSchema],
  ['OutboundPortsIntent', schemas.outboundPortsSchema],
  ['CpanelServerProps', schemas.serverSchema],
  ['CpnatIntent', schemas.cpnatSchema],
  ['VirtualIpProps', schemas.virtualIpSchema],
  ['VirtualIpProps', schemas.carpSchema, 'carp.'],
  ['OneToOneNatProps', schemas.mappingSchema],
  ['ReflectionIntent', schemas.reflectionSchema],
];

it.each(SCHEMAS.map(([name, schema, path = '']) => ({ name, schema, path })))(
  '$name $path: docstrings have the defaults and limits of the schema',
  ({ name, schema, path }) => {
    const members = new Map(all.find((entry) => entry.name === name)!.members.map((member) => [member.name, member]));
    const differing = Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([key, field]) => {
      const { text, byDefault } = members.get(`${path}${key}`)!.said;
      const value = getDefault(field);
      const limits = listLimits(field);
      return [
        ...(value === undefined || byDefault === String(value) ? [] : [`${key}: default ${String(value)}`]),
        ...limits.filter((limit) => !text.includes(limit)).map((limit) => `${key}: ${limit}`),
      ];
    });
    expect(differing).toEqual([]);
  },
);

/**
 * Returns the limits of a field as docstrings print them. The limits of 300 characters and of list lengths aren't
 * printed.
 */
function listLimits(schema: z.ZodType): readonly string[] {
  const field = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  if (field instanceof z.ZodNumber) return [getNumberLimits(field).join(' to ')];
  return field instanceof z.ZodString && getMaxCharacters(field) > 40 && getMaxCharacters(field) < 300
    ? [`${getMaxCharacters(field)} characters`]
    : [];
}
