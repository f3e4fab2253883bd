// Parses untrusted JSON within fixed limits: bytes come in, a value or a Refusal goes out. It knows no schema. Also
// tells the limits of bytes, and the refusals of larger files.

import { computeLimit } from '../net/step-budget';
import { RAISE_BUDGET_HINT } from '../problems/step-budget-problems';
import { Problem, Refusal } from '../problems/problem';

/** V8's limit for strings is a little above this. */
const MAX_STRING_LENGTH = 512_000_000;
/** Returns the limit for one plan, in bytes: four times what ten thousand mappings take. */
export const getMaxBytes = (): number => Math.min(computeLimit(160_000_000), MAX_STRING_LENGTH);
/**
 * Returns the limit for all plans together, in bytes. A thousand stacks of ten servers each take 200 MB; a part of each
 * plan is kept until all are judged.
 */
export const getMaxTotalBytes = (): number => computeLimit(512_000_000);
/**
 * Returns the limit for the number of values. Ten thousand mappings and three thousand other resources make under a
 * million. Each takes up to a hundred bytes, parsed.
 */
const getMaxValues = (): number => computeLimit(2_500_000);
/** Plans are some twenty levels deep. */
const MAX_DEPTH = 500;
/** The beginning of any JSON value. */
const VALUE_START = /^\s*(?:[[{"\d-]|true|false|null)/;
const PLAN_HINT = 'terraform show -json PLAN, written to a file by the shell; or the plan file itself.';

/**
 * Parses untrusted JSON. The memory that it takes is bounded before it is allocated: input that is too large, too deep,
 * has too many values, is cut off or is not UTF-8 is refused. `createHint` returns how to get the
 * right file.
 *
 * @throws Refusal review/not-readable, review/too-large, review/too-many-values.
 */
export function parseJson(input: Uint8Array, name: string, createHint = (): string => PLAN_HINT): unknown {
  if (input.length > getMaxBytes()) throw new Refusal([createTooLargeProblem(name)]);
  const bytes = toUtf8(input);
  const shapeProblem = findShapeProblem(bytes, name);
  if (shapeProblem !== undefined) throw new Refusal([createUnreadableProblem(name, shapeProblem, createHint())]);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal([createUnreadableProblem(name, 'It is not UTF-8.', createHint())]);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refusal([
      createUnreadableProblem(
        name,
        isJsonLines(text) ? JSON_LINES_MESSAGE : 'It is not JSON, or not all of it.',
        createHint(),
      ),
    ]);
  }
}

const JSON_LINES_MESSAGE = 'It is a JSON on each line, as terraform plan -json prints what it does.';

function isJsonLines(text: string): boolean {
  const [first, second] = text.split('\n', 2);
  try {
    return [first!, second!].every((line) => typeof JSON.parse(line) === 'object');
  } catch {
    return false;
  }
}

/**
 * Returns the UTF-16 encoding that the byte order mark tells, as PowerShell's `>` writes it. Undefined: another
 * encoding.
 */
export function findUtf16Encoding([a, b]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

function toUtf8(bytes: Uint8Array): Uint8Array {
  const encoding = findUtf16Encoding(bytes);
  return encoding === undefined ? bytes : new TextEncoder().encode(new TextDecoder(encoding).decode(bytes));
}

const [QUOTE, ESCAPE, COMMA, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [...'"\\,[]{}'].map((character) =>
  character.charCodeAt(0),
) as [number, number, number, number, number, number, number];

/** Counts values and depth before anything is built: every value but the first of a list or object follows a comma. */
function findShapeProblem(bytes: Uint8Array, name: string): string | undefined {
  let [values, depth, quoted] = [1, 0, false];
  const maxValues = getMaxValues();
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = findStringEnd(bytes, at + 1);
      quoted = at === bytes.length;
    } else if (byte === COMMA) values += 1;
    else if (byte === OPEN || byte === OPEN_LIST) {
      values += 1;
      depth += 1;
      if (depth > MAX_DEPTH) return `It is more than ${MAX_DEPTH} levels deep, and no plan is.`;
    } else if (byte === CLOSE || byte === CLOSE_LIST) depth -= 1;
    if (values > maxValues) throw new Refusal([createTooManyProblem(name, maxValues)]);
  }
  if (bytes.length === 0) return 'It is empty.';
  if (!VALUE_START.test(new TextDecoder().decode(bytes.subarray(0, 100)))) return 'It is not JSON.';
  return quoted || depth > 0 ? 'It is cut off: it ends in the middle of a value.' : undefined;
}

/** Returns the index of the quote that ends a string, or the length of the input if there is none. */
function findStringEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte === ESCAPE) at += 1;
  }
  return bytes.length;
}

export const createTooLargeProblem = (where: string): Problem => ({
  code: 'review/too-large',
  where,
  what: `It is larger than ${getMaxBytes() / 1_000_000} MB.`,
  instead: `split the stack, or its owners into stacks of their own: every plan is read by itself. ${RAISE_BUDGET_HINT}`,
});

export const createTotalTooLargeProblem = (where: string): Problem => ({
  ...createTooLargeProblem(where),
  what: `With the plans before it, it is larger than ${getMaxTotalBytes() / 1_000_000} MB.`,
  instead: `several reviews, each of gateways with the servers behind them. ${RAISE_BUDGET_HINT}`,
});

const createTooManyProblem = (where: string, maxValues: number): Problem => ({
  code: 'review/too-many-values',
  where,
  what: `It holds more than ${maxValues} values, and no plan does.`,
  instead: `split the stack, or its owners into stacks of their own. ${RAISE_BUDGET_HINT}`,
});

const createUnreadableProblem = (where: string, what: string, instead: string): Problem => ({
  code: 'review/not-readable',
  where,
  what,
  instead,
});
