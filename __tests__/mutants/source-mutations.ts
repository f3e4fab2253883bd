// Creates mutants of a TypeScript module: one operator, literal or branch changed.

import * as ts from 'typescript';
import { textOf } from './modules';
import { MEMBERS, OPERATORS, swapped } from './swaps';

/** One place of one module with another text. */
export interface SourceMutation {
  readonly file: string;
  readonly line: number;
  /** The change in a few words. */
  readonly what: string;
  /** The changed function or constant: with `file` and `what` it names a mutation, since line numbers may change. */
  readonly within: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Elements are removed only from lists up to this length. */
const LONGEST = 12;

/** Every single change to a module that a person might make by mistake, in the order of its text. */
export function mutationsOf(file: string): readonly SourceMutation[] {
  const text = textOf(file);
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: SourceMutation[] = [];
  const change = (node: ts.Node, what: string, to: string, end = node.getEnd()): void => {
    const start = node.getStart();
    const from = text.slice(start, end);
    if (from === to) return;
    found.push({
      file,
      line: source.getLineAndCharacterOfPosition(start).line + 1,
      what,
      within: holderOf(node),
      from,
      to,
      text: text.slice(0, start) + to + text.slice(end),
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || isSaying(node))
      return;
    mutate(node, change);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

type Change = (node: ts.Node, what: string, to: string, end?: number) => void;

function mutate(node: ts.Node, change: Change): void {
  if (ts.isIfStatement(node)) {
    change(node.expression, 'always', 'true');
    change(node.expression, 'never', 'false');
  } else if (ts.isConditionalExpression(node)) {
    change(node, 'the first', `(${node.whenTrue.getText()})`);
    change(node, 'the second', `(${node.whenFalse.getText()})`);
  } else if (ts.isBinaryExpression(node)) {
    const to = OPERATORS.get(node.operatorToken.getText());
    if (to !== undefined) change(node.operatorToken, 'operator', to);
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    change(node, 'not negated', node.operand.getText());
  } else if (ts.isArrayLiteralExpression(node)) {
    elements(node, change);
  } else if (ts.isSpreadAssignment(node)) {
    change(node, 'left out', '');
  } else if (ts.isExpressionStatement(node)) {
    change(node, 'left out', ';');
  } else if (ts.isContinueStatement(node)) {
    change(node, 'left out', ';');
  } else if (ts.isCallExpression(node)) {
    call(node, change);
  } else if (ts.isPropertyAccessExpression(node)) {
    const to = MEMBERS.get(node.name.text);
    if (to !== undefined) change(node.name, 'another member', to);
  } else {
    literal(node, change);
  }
}

function elements({ elements: all, parent }: ts.ArrayLiteralExpression, change: Change): void {
  if (all.length > LONGEST || ts.isBinaryExpression(parent)) return;
  for (const one of all) change(one, 'left out', '...[]');
}

/** Removes a step of a chain of calls, or an element of a list of functions. */
function call({ expression, arguments: given, parent }: ts.CallExpression, change: Change): void {
  if (ts.isExpressionStatement(parent)) return;
  if (ts.isPropertyAccessExpression(expression)) {
    const { name, expression: on } = expression;
    if (['filter', 'sort', 'within', 'apartFrom', 'or', 'slice'].includes(name.text))
      change(expression.parent, `no ${name.text}`, on.getText());
    return;
  }
  if (
    ts.isIdentifier(expression) &&
    ['joined', 'without', 'networkOf', 'canonicalTranslations', 'sortedBy', 'escapeXml'].includes(expression.text)
  )
    change(expression.parent, `no ${expression.text}`, given[0]!.getText());
}

function literal(node: ts.Node, change: Change): void {
  if (ts.isNumericLiteral(node)) change(node, 'one more', `${Number(node.text) + 1}`);
  else if (node.kind === ts.SyntaxKind.BigIntLiteral) change(node, 'one more', `(${node.getText()} + 1n)`);
  else if (node.kind === ts.SyntaxKind.TrueKeyword) change(node, 'no', 'false');
  else if (node.kind === ts.SyntaxKind.FalseKeyword) change(node, 'yes', 'true');
  else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return;
    const to = swapped(node.text) ?? inWords(node.text);
    if (to !== undefined) change(node, 'another word', JSON.stringify(to));
  } else if (ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) {
    const to = inWords(node.getText());
    if (to !== undefined) change(node, 'another word', to);
  }
}

/** Exchanges the first word of a text that has a counterpart. */
function inWords(text: string): string | undefined {
  for (const [word] of text.matchAll(
    /(?:delete )?table inet|flags interval|i?if "lo"|ct [a-z]+ [a-z]+|[a-z]+ - 10|[a-z0-9_-]+/g,
  )) {
    const to = word.length > 1 ? swapped(word) : undefined;
    if (to !== undefined) return text.replace(word, to);
  }
  return undefined;
}

/** Messages for people, and assertions: none of them is in a generated text. */
const isSaying = (node: ts.Node): boolean =>
  ts.isThrowStatement(node) || (ts.isCallExpression(node) && /^problems?\./.test(node.expression.getText()));

function holderOf(node: ts.Node): string {
  for (let at: ts.Node | undefined = node; at; at = at.parent) {
    if (ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at) || ts.isGetAccessor(at))
      return at.name?.getText() ?? '';
    if (ts.isVariableStatement(at) && ts.isSourceFile(at.parent))
      return at.declarationList.declarations[0]!.name.getText();
  }
  return '';
}
