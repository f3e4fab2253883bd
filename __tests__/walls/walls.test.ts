// Tests that imports keep to the walls, and that lib has no globals and no state.

import { changedByModule, circlesIn, filesUnder, importsOf, platformsNamedIn, read, worldSeenBy } from './sources';
import { FREE, WALLS, leadsTo, mayImport, ofAnyPlatform, roomOf } from './table';

/**
 * State that modules of lib keep while the process runs. Each needs its reason; all other state belongs to the caller.
 */
const CHANGED: Record<string, readonly string[]> = {
  // The limit for all input of one command, and the receiver of its progress.
  'lib/net/step-budget.ts': ['budgetFactor', 'stepsLeft', 'listener', 'nextCheck'],
  // Equal diagrams are one object: it holds them weakly, and sweeps.
  'lib/net/diagram-node.ts': ['nextId', 'sweepAt', 'nodes'],
  // A unique number.
  'lib/evaluator/packets/regions.ts': ['nextId'],
};

const sources = filesUnder('', /\.ts$/).filter((file) => !FREE.includes(roomOf(file)));

describe('walls', () => {
  test('the files are found', () => {
    for (const file of ['lib/net/range.ts', 'lib/policy/policy.ts', 'lib/platforms/platform.ts'])
      expect(sources).toContain(file);
    expect(sources.some((file) => file.includes('node_modules') || file.startsWith('dist'))).toBe(false);
  });

  test('every import stays within its room’s walls', () => {
    const through = sources.flatMap((file) =>
      importsOf(read(file))
        .filter((specifier) => !mayImport(file, leadsTo(file, specifier)))
        .map((specifier) => `${file} imports ${specifier} (${leadsTo(file, specifier)})`),
    );
    expect(through).toEqual([]);
  });

  test('no file imports itself through others', () => {
    const imports = new Map(
      sources.map((file) => [
        file.replace(/\.ts$/, ''),
        importsOf(read(file)).map((specifier) => leadsTo(file, specifier)),
      ]),
    );
    expect(circlesIn(imports)).toEqual([]);
  });

  test('every file is in a room of the table', () => {
    expect(
      sources.filter((file) => WALLS[ofAnyPlatform(roomOf(file))] === undefined && importsOf(read(file)).length > 0),
    ).toEqual([]);
  });

  test('one file of the constructs loads a framework, and imports its types alone', () => {
    const inConstructs = sources.filter((file) => file.startsWith('constructs/'));
    const framework = 'constructs/internal/framework.ts';
    const importing = inConstructs.filter((file) => importsOf(read(file)).some((name) => /^@?cdkt[fn]\b/.test(name)));
    expect(importing).toEqual([framework]);
    expect(read(framework).match(/^.*(?:from|import|require)\W+cdkt[fn]\b.*$/gm)).toEqual([
      "type Framework = typeof import('cdktf');",
    ]);
    expect(inConstructs.filter((file) => /\brequire\b|createRequire|\bimport\(/.test(read(file)))).toEqual([framework]);
  });

  test('lib uses no file, clock, randomness or environment', () => {
    const seen = sources
      .filter((file) => file.startsWith('lib/'))
      .flatMap((file) => worldSeenBy(read(file)).map((word) => `${file}: ${word}`))
      // Files that the registry loads on demand are in the table, like those that others import.
      .filter((line) => line !== 'lib/registry.ts: require');
    expect(seen).toEqual([]);
  });

  test('a module of lib keeps no state between calls', () => {
    const changed = sources
      .filter((file) => file.startsWith('lib/'))
      .map((file) => [file, changedByModule(read(file))] as const)
      .filter(([, names]) => names.length > 0);
    expect(Object.fromEntries(changed)).toEqual(CHANGED);
  });

  test('outside a platform’s own folder and the registry, no code of lib, driver and the commands depends on which platform it is', () => {
    const blind = sources.filter(
      (file) =>
        /^(lib|cli|constructs|driver)\//.test(file) && !/^lib\/(platforms\/|(registry|device-systems)\.ts$)/.test(file),
    );
    expect(blind.flatMap((file) => platformsNamedIn(read(file)).map((name) => `${file}: ${name}`))).toEqual([]);
  });

  test('each type of lib has a unique name', () => {
    const declared = sources
      .filter((file) => file.startsWith('lib/'))
      .flatMap((file) =>
        [...read(file).matchAll(/^(?:export )?(?:abstract )?(?:interface|type|class|enum) (\w+)/gm)].map(
          ([, name]) => name!,
        ),
      );
    expect(declared.length).toBeGreaterThan(500);
    expect(declared.filter((name, at) => declared.indexOf(name) !== at)).toEqual([]);
  });

  test('no file has a meaningless name', () => {
    const vague = /(^|\/)(utils?|helpers?|common|types?|managers?|service|misc)(\.ts|\/)/;
    expect(sources.filter((file) => vague.test(file))).toEqual([]);
    expect(
      sources.filter((file) => file.endsWith('/index.ts') && !/^lib\/platforms\/[^/]+\/index\.ts$/.test(file)),
    ).toEqual([]);
  });
});
