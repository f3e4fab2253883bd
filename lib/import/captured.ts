import { Problem, Refusal } from '../problems/problem';
import { platforms } from '../registry';
import { Platform } from './changes';

/** A configuration as a repository may hold it, and whose it is. */
export interface Captured {
  readonly platform: Platform;
  readonly captured: ReturnType<NonNullable<Platform['capturing']>['capture']>;
}

export interface CaptureOptions {
  /** The platform that another text of the same device is of. */
  readonly known?: Platform;
  /** Owners of this package whose entries aren't kept. */
  readonly without?: readonly string[];
}

/** Throws Refusal import/not-recognised, or what the platform refuses. */
export function capturedBy(text: string, { known, without = [] }: CaptureOptions = {}): Captured {
  const able = Object.values(platforms as Readonly<Record<string, Platform>>).filter(({ capturing }) => capturing !== undefined);
  const platform = known ?? able.find(({ foreign }) => foreign.recognises(text)) ?? (able.length === 1 ? able[0] : undefined);
  if (!platform?.capturing) throw new Refusal([notRecognised(able)]);
  const captured = platform.capturing.capture(text);
  return {
    platform,
    captured: { ...captured, text: without.reduce((left, owner) => platform.writer.without(left, owner).text, captured.text) },
  };
}

const notRecognised = (able: readonly Platform[]): Problem => ({
  code: 'import/not-recognised',
  where: 'the configuration',
  what: 'It is of no platform whose configuration can be captured.',
  instead: able.map(({ foreign }) => `${foreign.called}: ${foreign.printedBy}`).join('; ') || 'nothing yet: no platform here can.',
});
