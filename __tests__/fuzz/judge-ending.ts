// Judges how a fuzzed call ended: with a value, with a proper Refusal, or wrongly.

import { Problem, Refusal } from '../../lib/problems/problem';

/** The maximum length of a refusal that a person can read and a terminal should get. */
const MOST_SAID = 500_000;

/** Our messages have line breaks only between problems and before "instead". */
// eslint-disable-next-line no-control-regex -- they are what must not pass
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u;

/** The fault in the end of a call: none if it returned a value or refused properly. */
export function wrongEnd(error: unknown): string | undefined {
  if (!(error instanceof Refusal)) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return `threw ${name}: ${message.slice(0, 200)} ${(stack ?? '').split('\n').slice(1, 5).join(' ')}`;
  }
  return wrongProblems(error.problems) ?? wrongText(error.message);
}

export function wrongProblems(problems: readonly Problem[]): string | undefined {
  if (problems.length === 0) return 'refuses without a problem';
  const odd = problems.find(
    ({ code, where, what, instead }) =>
      !/^[a-z]+(?:\/[a-z0-9-]+)$/.test(code) ||
      [where, what, instead].some((one) => typeof one !== 'string' || one === ''),
  );
  return odd && `has the odd problem ${JSON.stringify(odd).slice(0, 300)}`;
}

export function wrongText(text: string): string | undefined {
  if (text.length > MOST_SAID) return `says ${text.length} characters`;
  const raw = RAW.exec(text);
  if (raw) return `says U+${raw[0].codePointAt(0)!.toString(16)} as it is`;
  if (/\n\s+at \S+ \(|node:internal/.test(text)) return 'shows a stack';
  return undefined;
}
