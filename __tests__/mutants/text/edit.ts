// Builds named edits of generated texts.

import { GeneratedConfig } from '../../../lib/generate/config-generator';
import { Sample } from '../corpus';

/** A sample for which something is written. */
export interface Made extends Sample {
  readonly written: GeneratedConfig;
}

/** What was written with one thing changed in it: nothing where it has no such thing. */
export type Edit = (sample: Made) => readonly GeneratedConfig[];

/** Something that must be seen, in words. */
export interface Named {
  readonly name: string;
  readonly edit: Edit;
}

const withText = ({ written }: Made, text: string): readonly GeneratedConfig[] =>
  text === written.text ? [] : [{ ...written, text }];

/** Each place where `pattern` stands, changed by itself. */
export const each =
  (pattern: RegExp, change: (found: RegExpExecArray) => string | undefined): Edit =>
  (sample) => {
    const { text } = sample.written;
    return [...text.matchAll(new RegExp(pattern, `${pattern.flags.replace('g', '')}g`))].flatMap((found) => {
      const to = change(found);
      return to === undefined
        ? []
        : withText(sample, text.slice(0, found.index) + to + text.slice(found.index + found[0].length));
    });
  };

/** All places at once. */
export const everywhere =
  (pattern: RegExp, to: string): Edit =>
  (sample) =>
    withText(sample, sample.written.text.replace(new RegExp(pattern, `${pattern.flags.replace('g', '')}g`), to));

/** Of one kind of device on one platform. */
export const only =
  (platform: string, kind: 'gateway' | 'server', edit: Edit): Edit =>
  (sample) =>
    sample.policy.platform === platform && sample.policy.kind === kind ? edit(sample) : [];
