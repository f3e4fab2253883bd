// Runs the generated test of a new project, and returns its stacks.

import { join } from 'node:path';
import * as cdktf from 'cdktf';
import * as constructs from 'constructs';
import * as library from '../../constructs/public';
import * as testing from '../../constructs/testing';
import { run } from '../import/generated-code';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder();

/** cdktf's Testing without its leftovers in the temporary folder, which is removed after the tests. */
class Testing extends cdktf.Testing {
  static override app(options: cdktf.TestingAppConfig = {}): cdktf.App {
    return super.app({ outdir: folder, ...options });
  }
}

/** Returns the files that the project's files import, each once. */
function required(files: ReadonlyMap<string, string>): (name: string) => unknown {
  const readFileSync = (path: string): string => files.get(path.replace('/project/', ''))!;
  const known: Record<string, unknown> = {
    cdktf: { ...cdktf, Testing },
    constructs,
    'cpanel-edge': library,
    'cpanel-edge/testing': testing,
    'node:fs': { readFileSync },
  };
  const of = (name: string): unknown => {
    const path = `${join(name.replace(/^\.\.?\//, ''))}.ts`;
    known[name] ??= run(files.get(path)!, '/project', of);
    return known[name];
  };
  return of;
}

/** Registers the test of the project. */
export function runTest(files: ReadonlyMap<string, string>, name = 'edge'): void {
  run(files.get(`__tests__/${name}.test.ts`)!, '/project', required(files));
}

export function stackOf(files: ReadonlyMap<string, string>, name = 'edge'): cdktf.TerraformStack {
  const [Stack] = Object.values(
    required(files)(`../${name}`) as Record<string, new (app: cdktf.App, id: string) => cdktf.TerraformStack>,
  );
  return new Stack!(Testing.app(), name);
}

/** Registers it for a project with separate stacks. */
export function stacksOf(files: ReadonlyMap<string, string>): Readonly<Record<string, cdktf.TerraformStack>> {
  const [Stacks] = Object.values(
    required(files)('../edge') as Record<string, new (app: cdktf.App) => Record<string, cdktf.TerraformStack>>,
  );
  return { ...new Stacks!(Testing.app()) };
}
