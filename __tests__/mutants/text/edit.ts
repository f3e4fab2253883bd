// Builds named edits of generated texts.

import { GeneratedConfig } from '../../../lib/generate/config-generator';
import { Sample } from '../corpus';

/** A sample with a generated config. */
export interface Made extends Sample {
  readonly written: GeneratedConfig;
}

/** Returns the generated config with one change, or nothing if the place doesn't occur. */
export type Edit = (sample: Made) => readonly GeneratedConfig[];

/** A mistake that must be seen, in words. */
export interface Named {
  readonly name: string;
  readonly edit: Edit;
}

const withText = ({ written }: Made, text: string): readonly GeneratedConfig[] =>
  text === written.text ? [] : [{ ...written, text }];

/** Each match of `pattern`, changed by itself. */
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

/** All matches at once. */
export const everywhere =
  (pattern: RegExp, to: string): Edit =>
  (sample) =>
    withText(sample, sample.written.text.replace(new RegExp(pattern, `${pattern.flags.replace('g', '')}g`), to));

/** Edits for one kind of device on one platform. */
export const only =
  (platform: string, kind: 'gateway' | 'server', edit: Edit): Edit =>
  (sample) =>
    sample.policy.platform === platform && sample.policy.kind === kind ? edit(sample) : [];
