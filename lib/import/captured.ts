import { Problem, Refusal } from '../problems/problem';
import { platforms } from '../registry';
import { Platform } from './changes';

/** A configuration as a repository may hold it, and whose it is. */
export interface Captured {
  readonly platform: Platform;
  readonly captured: ReturnType<NonNullable<Platform['capturing']>['capture']>;
}

interface CaptureOptions {
  /** The platform that another text of the same device is of. */
  readonly known?: Platform;
  /** Owners of this package whose entries aren't kept. */
  readonly without?: readonly string[];
}

/** Throws Refusal import/not-recognised, or what the platform refuses. */
export function capturedBy(text: string, { known, without = [] }: CaptureOptions = {}): Captured {
  const all = Object.values(platforms as Readonly<Record<string, Platform>>);
  const able = all.filter(({ capturing }) => capturing !== undefined);
  const other = known ? undefined : all.find((one) => !able.includes(one) && one.foreign.recognises(text));
  if (other) throw new Refusal([isRules(other, able)]);
  const platform =
    known ?? able.find(({ foreign }) => foreign.recognises(text)) ?? (able.length === 1 ? able[0] : undefined);
  if (!platform?.capturing) throw new Refusal([notRecognised(able)]);
  const captured = platform.capturing.capture(text);
  return {
    platform,
    captured: {
      ...captured,
      text: without.reduce((left, owner) => platform.writer.without(left, owner).text, captured.text),
    },
  };
}

/** Rules that a program loads are text already. */
const isRules = ({ foreign }: Platform, able: readonly Platform[]): Problem => ({
  code: 'import/not-recognised',
  where: 'the configuration',
  what: `It is of ${foreign.called}, of which nothing is captured: what it has are the rules themselves, and no secrets to leave out.`,
  instead: `keep it as it is, and cpanel-edge exposure says what it opens; captured is ${able.map((one) => one.foreign.called).join(', ')}, and what a server has.`,
});

const notRecognised = (able: readonly Platform[]): Problem => ({
  code: 'import/not-recognised',
  where: 'the configuration',
  what: 'It is of no platform whose configuration can be captured.',
  instead:
    able.map(({ foreign }) => `${foreign.called}: ${foreign.printedBy}`).join('; ') ||
    'nothing yet: no platform here can.',
});
