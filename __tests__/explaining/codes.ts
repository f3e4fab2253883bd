// Finds every problem code that the source code can make.

import * as ts from 'typescript';
import { filesUnder, read } from '../walls/sources';

/** Expressions in the source in which a code is made. */
export interface Coded {
  readonly file: string;
  /** `intent/bad-port`; only the last part if the room is added elsewhere; with its `${}` if it is composed. */
  readonly code: string;
}

const WORD = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const WHOLE = /^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/;
/** Lint rules are found in their own list. */
const sources = ['lib', 'cli', 'driver', 'constructs'].flatMap((room) =>
  filesUnder(room, /\.ts$/).filter((file) => !file.startsWith('lib/lint/')),
);

/**
 * Functions that get a code without its room: those of `lib/problems/line-problems` and the parsers' wrappers, of
 * `lib/generate/check-policy`, and of `lib/review/judging/judge-owner`. `at`: the index of the argument, among at least
 * this many.
 */
const HANDED: Readonly<Record<string, { readonly at: number; readonly of: number; readonly room?: string }>> = {
  refuse: { at: 0, of: 3 },
  problem: { at: 0, of: 3 },
  throwRefusal: { at: 0, of: 3 },
  createProblem: { at: 0, of: 3 },
  report: { at: 0, of: 3 },
  requireCapability: { at: 1, of: 4 },
  requireMapping: { at: 1, of: 2 },
  takeValue: { at: 1, of: 3, room: 'review/' },
};

/**
 * Returns every text that is or becomes a problem's code: values of `code:`, similar-looking texts, and parsers' words.
 */
export function codesWritten(): readonly Coded[] {
  const named = sources.flatMap((file) => found(file, codeProperty));
  const rooms = new Set(
    named
      .map(({ code }) => code.split('/'))
      .flatMap(([room, word]) => (word !== undefined && WORD.test(room!) ? [room!] : [])),
  );
  const likeThem = sources.flatMap((file) =>
    found(file, (node) =>
      textOf(node).filter((text) => (WHOLE.test(text) || text.includes('${')) && rooms.has(text.split('/')[0]!)),
    ),
  );
  return [...named, ...likeThem, ...sources.flatMap((file) => found(file, handedOver))];
}

function found(file: string, codesIn: (node: ts.Node) => readonly string[]): readonly Coded[] {
  const codes: Coded[] = [];
  const visit = (node: ts.Node): void => {
    for (const code of codesIn(node)) codes.push({ file, code });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true));
  return codes;
}

const codeProperty = (node: ts.Node): readonly string[] =>
  ts.isPropertyAssignment(node) && node.name.getText() === 'code' ? textsWithin(node.initializer) : [];

function handedOver(node: ts.Node): readonly string[] {
  if (!ts.isCallExpression(node)) return [];
  const called = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
  const handed = Object.hasOwn(HANDED, called) ? HANDED[called]! : undefined;
  if (handed === undefined || node.arguments.length < handed.of) return [];
  const words = textsWithin(node.arguments[handed.at]!).filter((text) => WORD.test(text));
  return words.map((word) => `${handed.room ?? ''}${word}`);
}

/** Returns all alternatives of a conditional expression. */
function textsWithin(node: ts.Expression): readonly string[] {
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(textsWithin);
  if (ts.isParenthesizedExpression(node)) return textsWithin(node.expression);
  return textOf(node);
}

function textOf(node: ts.Node): readonly string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  return ts.isTemplateExpression(node) ? [node.getText().slice(1, -1)] : [];
}
