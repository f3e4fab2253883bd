// Tests that every public name has an example, and that the examples compile.

import { join } from 'node:path';
import * as ts from 'typescript';
import type { Entry, Member } from '../../scripts/api/entries';
import { GROUPS, publicApi } from '../../scripts/api/api-reference';

const root = join(__dirname, '../..');
const api = publicApi();
const all = [...api.exported, ...api.named];

/** The example of an object also covers its fields; what Jest calls itself is covered by a test's example. */
function unshownOf({ name, kind, said, members }: Entry): readonly string[] {
  const shownIn = ({ said, name: path }: Member): boolean => {
    const [outer, field] = [path.replace(/(\[\])?\.\w+$/, ''), /\w+$/.exec(path)![0]];
    const its = outer === path ? said.examples : members.find((one) => one.name === outer)!.said.examples;
    return outer === path ? its.length > 0 : its.some((example) => new RegExp(`\\b${field}: `).test(example));
  };
  const unshown = kind === 'value' && said.examples.length > 0 ? [] : members.filter((one) => !shownIn(one));
  const isShown = said.examples.length > 0 || members.length > 0;
  return [
    ...(isShown && (kind !== 'construct' || said.examples.length > 0) ? [] : [name]),
    ...unshown.map((one) => `${name}.${one.name}`),
  ];
}

/** Everything that the page describes, by its name there. */
const NAMES = `
export * from './constructs/public';
export * from './constructs/testing';
export type { DeviceConnection } from './constructs/owned-device';
export type * from './lib/intent/intent';
export type * from './lib/intent/facts-intent';
`;

const PRELUDE = `
import { readFileSync } from 'node:fs';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { CpanelFirewallProfile, CpanelServer, Defaults, Gateway, NatReflection, OneToOneNat, HandedOverOwner, DecommissionedOwner, VirtualIp } from './constructs/public';
import { exposureMatchers, exposureOf, portExposure } from './constructs/testing';
import type * as named from './api-names';
const stack = new TerraformStack(new App(), 'edge');
declare const edge1: Gateway, mail1: CpanelServer, mail: CpanelFirewallProfile;
`;

/** Each example follows the ones that it uses. */
const ORDER = ['Defaults', 'CpanelFirewallProfile', 'CpanelServer', ...GROUPS.flatMap(({ names }) => names)];
const placeOf = ({ name }: Entry): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

/**
 * Returns a program of the examples: constructs and functions as they are, fields in an object that has them, and a
 * type's value as a constant.
 */
function codeOf({ name, kind, members, said }: Entry): readonly (readonly [of: string, code: string])[] {
  const type = `named.${name}`;
  const own = said.examples.map(
    (code) => [name, kind === 'type' ? `void ((${code}) satisfies ${type});` : code] as const,
  );
  const its = members.flatMap(({ name: field, said }) =>
    said.examples.map((code): readonly [string, string] => [
      `${name}.${field}`,
      kind !== 'type'
        ? code
        : new RegExp(`^${field}: `).test(code)
          ? `void ({ ${code} } satisfies Partial<${type}>);`
          : `{ ${code} }`,
    ]),
  );
  return [...own, ...its];
}

/** Returns the compiler's messages on the examples, each with the name of its example. */
function wrongIn(entries: readonly Entry[]): readonly string[] {
  const examples = [...entries].sort((a, b) => placeOf(a) - placeOf(b)).flatMap(codeOf);
  const lines = [...PRELUDE.split('\n').map((line) => ['', line] as const), ...examples];
  const virtual = new Map([
    [join(root, 'api-names.ts'), NAMES],
    [join(root, 'api-examples.ts'), lines.map(([, code]) => code).join('\n')],
  ]);
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const options = { ...parsed.options, noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...virtual.keys()], options, {
    ...host,
    fileExists: (path) => virtual.has(path) || host.fileExists(path),
    readFile: (path) => virtual.get(path) ?? host.readFile(path),
    getSourceFile: (path, version) =>
      virtual.has(path) ? ts.createSourceFile(path, virtual.get(path)!, version) : host.getSourceFile(path, version),
  });
  const ofLine = lines.flatMap(([of, code]) => code.split('\n').map(() => of));
  return [...virtual.keys()].flatMap((path) => {
    const file = program.getSourceFile(path)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ start, messageText }) => {
        const of = ofLine[file.getLineAndCharacterOfPosition(start!).line]!;
        return `${of}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      },
    );
  });
}

it('every public name and member has an example', () => {
  expect(all.flatMap(unshownOf)).toEqual([]);
});

it('the check finds a missing example, and an object whose example leaves out a field', () => {
  const [gateway, reached] = ['Gateway', 'GatewayProps'].map((name) => all.find((one) => one.name === name)!);
  const without = (entry: Entry, examples: readonly string[]): Entry => ({
    ...entry,
    said: { ...entry.said, examples: [] },
    members: entry.members.map((one) => ({ ...one, said: { ...one.said, examples } })),
  });
  expect(unshownOf(without(gateway!, []))).toEqual([
    'Gateway',
    'Gateway.deviceName',
    'Gateway.owner',
    'Gateway.ownerToken',
    'Gateway.fromCapture',
    'Gateway.addVirtualIp',
    'Gateway.addMapping',
    'Gateway.publish',
  ]);
  expect(unshownOf(without(reached!, [])).length).toBe(reached!.members.length);
  const admin = all.find(({ name }) => name === 'ReviewRules')!;
  expect(unshownOf(without(admin, ["services: ['ssh']"]))).toEqual(['ReviewRules.admin[].from']);
});

it('every example compiles, and a wrong one is named', () => {
  expect(wrongIn(all)).toEqual([]);
  const reached = all.find(({ name }) => name === 'ConnectionIntent')!;
  const members = reached.members.map((one) => ({
    ...one,
    said: { ...one.said, examples: one.name === 'host' ? ['host: 22'] : [] },
  }));
  expect(wrongIn([{ ...reached, members }])).toEqual([
    "ConnectionIntent.host: Type 'number' is not assignable to type 'string'.",
  ]);
});
