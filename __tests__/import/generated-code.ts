// Checks the TypeScript that `import` and `init` write: returns what the formatter and the compiler object to, the
// value of an expression, and the exports of a module that is run.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '../..');

/** Returns what the formatter would change, for all files at once, since each start takes a second. */
export function unformatted(folder: string, texts: readonly string[]): string {
  const file = join(folder, 'all.ts');
  writeFileSync(file, texts.join('\n'));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/prettier/bin/prettier.cjs'),
      '--config',
      join(ROOT, '.prettierrc.json'),
      '--print-width',
      '140',
      file,
    ],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  const [is, formatted] = [texts.join('\n').split('\n'), stdout.split('\n')];
  const first = is.findIndex((line, index) => line !== formatted[index]);
  return first < 0
    ? ''
    : `${is.slice(first, first + 3).join('\n')}\nformatted:\n${formatted.slice(first, first + 3).join('\n')}`;
}

/** Returns the value of an expression. */
export const evaluated = (code: string): unknown => {
  const { outputText } = ts.transpileModule(`exports.value = ${code};`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  const exported: { value?: unknown } = {};
  new Function('exports', outputText)(exported);
  return exported.value;
};

/** Returns the exports of a module in that folder, with these in place of its imports. */
export function run<Exports>(text: string, folder: string, required: (name: string) => unknown): Exports {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported = {};
  new Function('exports', 'require', '__dirname', outputText)(exported, required, folder);
  return exported as Exports;
}

/** Returns the compiler's messages on these files in this project, by its own options. */
export function wrongIn(files: ReadonlyMap<string, string>): readonly string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const [read, exists, folders] = [
    host.readFile.bind(host),
    host.fileExists.bind(host),
    host.directoryExists!.bind(host),
  ];
  host.readFile = (path) => files.get(path) ?? read(path);
  host.fileExists = (path) => files.has(path) || exists(path);
  host.directoryExists = (path) => [...files.keys()].some((file) => file.startsWith(`${path}/`)) || folders(path);
  const source = host.getSourceFile.bind(host);
  host.getSourceFile = (path, target) =>
    files.has(path) ? ts.createSourceFile(path, files.get(path)!, target) : source(path, target);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()]
    .map((path) => program.getSourceFile(path))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(
      ({ file, messageText }) =>
        `${relative(ROOT, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}
