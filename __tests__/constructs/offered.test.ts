// Tests with TypeScript's language service that an editor offers the names of platforms, services and presets for
// props, which still take any text.

import { join } from 'node:path';
import * as ts from 'typescript';
import { OUTBOUND_SERVICES, SERVICES } from '../../lib/intent/data/services';
import { PRESETS } from '../../lib/intent/data/presets';
import { platforms } from '../../lib/registry';

const root = join(__dirname, '../..');

/** Returns what an editor offers at each `/*…*\/` of a program that uses this package. */
function offered(code: string): ReadonlyMap<string, string[]> {
  const file = join(root, 'constructs/offered-here.ts');
  const { compilerOptions } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path))
    .config as {
    compilerOptions: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ compilerOptions, include: [], files: [] }, ts.sys, root);
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const text = path === file ? code : ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (all) => ts.getDefaultLibFilePath(all),
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    readFile: (path) => ts.sys.readFile(path),
    directoryExists: (path) => ts.sys.directoryExists(path),
    getDirectories: (path) => ts.sys.getDirectories(path),
  });
  expect(service.getSemanticDiagnostics(file).map(({ messageText }) => messageText)).toEqual([]);
  return new Map(
    [...code.matchAll(/'\/\*(\w+)\*\/'/g)].map((mark) => {
      const entries = service.getCompletionsAtPosition(file, mark.index + 1, {})?.entries ?? [];
      return [mark[1]!, entries.map(({ name }) => name).sort()];
    }),
  );
}

it('an editor offers platforms, services and presets, and any text is accepted', () => {
  const all = offered(`
    import type { CpanelFirewallProfileProps, CpanelServerProps, DefaultsProps, GatewayProps } from './public';
    export const gateway: GatewayProps['platform'] = '/*gateway*/';
    export const server: CpanelServerProps['platform'] = '/*server*/';
    export const defaults: DefaultsProps['platform'] = '/*defaults*/';
    export const services: CpanelFirewallProfileProps['services'] = ['/*service*/', { service: '/*listed*/', from: 'anywhere' }, '8443/tcp'];
    export const outbound: CpanelFirewallProfileProps['outbound'] = ['/*outbound*/', { service: '/*to*/' }];
  `);
  const names = [...new Set([...SERVICES.keys(), ...PRESETS.keys()])].sort();
  const reached = [...new Set([...OUTBOUND_SERVICES.keys(), ...PRESETS.keys()])].sort();
  const ids = Object.keys(platforms).sort();
  expect(names).toContain('https');
  expect(Object.fromEntries(all)).toEqual({
    gateway: ids,
    server: ids,
    defaults: ids,
    service: names,
    listed: names,
    outbound: expect.arrayContaining(reached) as unknown,
    to: reached,
  });
});
