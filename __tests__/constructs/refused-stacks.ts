// Helpers for tests of refused stacks: return the problems of a stack's Refusal, as objects or as text, pass values of
// wrong types as JavaScript may, and list the files below a folder.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack, Testing } from 'cdktf';
import { Problem } from '../../lib/problems/problem';
import { problemsOf } from '../problems';

/** A value as JavaScript may pass it and TypeScript wouldn't. */
export const anything = (value: unknown): never => value as never;

export const refusalOf = (stack: TerraformStack): readonly Problem[] => problemsOf(() => Testing.synth(stack));

/** Problems as `code at where`, with `N` for line numbers: tests check that a line is named, not which one. */
export const refusedBy = (stack: TerraformStack): string[] =>
  refusalOf(stack).map(({ code, where }) => `${code} at ${where.replace(/\.ts:\d+\)/g, '.ts:N)')}`);

/** The same with the message. */
export const saidOf = (stack: TerraformStack): readonly string[] =>
  refusalOf(stack).map(({ code, where, what }) => `${code} at ${where}: ${what}`.replace(/\.ts:\d+\)/g, '.ts:N)'));

export const filesUnder = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) =>
    statSync(join(folder, name)).isDirectory() ? filesUnder(join(folder, name)) : [join(folder, name)],
  );
