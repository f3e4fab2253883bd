// Captures a device's configuration, by the platform that recognises it: returns the platform and the text that may
// stand in a repository, without secrets and without the entries of given owners.

import { Problem, Refusal } from '../problems/problem';
import { platforms } from '../registry';
import { RegisteredPlatform } from './exposure-changes';

/** A configuration as a repository may hold it, and its platform. */
export interface PlatformCapture {
  readonly platform: RegisteredPlatform;
  readonly captured: ReturnType<NonNullable<RegisteredPlatform['capturer']>['capture']>;
}

interface CaptureOptions {
  /** The platform, if another text of the same device has told it. */
  readonly knownPlatform?: RegisteredPlatform;
  /** Owners of this package whose entries are removed. */
  readonly without?: readonly string[];
}

/**
 * Captures a configuration by the platform that recognises it.
 *
 * @throws Refusal import/not-recognised, and the refusals of the platform
 */
export function captureConfig(
  text: string,
  { knownPlatform, without: withoutOwners = [] }: CaptureOptions = {},
): PlatformCapture {
  const allPlatforms = Object.values(platforms as Readonly<Record<string, RegisteredPlatform>>);
  const capturingPlatforms = allPlatforms.filter(({ capturer }) => capturer !== undefined);
  const otherPlatform = knownPlatform
    ? undefined
    : allPlatforms.find(
        (registered) => !capturingPlatforms.includes(registered) && registered.configFormat.recognises(text),
      );
  if (otherPlatform) throw new Refusal([describeRulesText(otherPlatform, capturingPlatforms)]);
  const platform =
    knownPlatform ??
    capturingPlatforms.find(({ configFormat }) => configFormat.recognises(text)) ??
    (capturingPlatforms.length === 1 ? capturingPlatforms[0] : undefined);
  if (!platform?.capturer) throw new Refusal([describeUnrecognisedText(capturingPlatforms)]);
  const captured = platform.capturer.capture(text);
  return {
    platform,
    captured: {
      ...captured,
      text: withoutOwners.reduce(
        (configText, owner) => platform.generator.without(configText, owner).text,
        captured.text,
      ),
    },
  };
}

/** Returns the problem of a text of loaded rules, which needs no capture. */
const describeRulesText = (
  { configFormat }: RegisteredPlatform,
  capturingPlatforms: readonly RegisteredPlatform[],
): Problem => ({
  code: 'import/not-recognised',
  where: 'the configuration',
  what: `It is of ${configFormat.label}, of which nothing is captured: what it has are the rules themselves, and no secrets to leave out.`,
  instead: `keep it as it is, and cpanel-edge exposure says what it opens; captured is ${capturingPlatforms.map((platform) => platform.configFormat.label).join(', ')}, and what a server has.`,
});

const describeUnrecognisedText = (capturingPlatforms: readonly RegisteredPlatform[]): Problem => ({
  code: 'import/not-recognised',
  where: 'the configuration',
  what: 'It is of no platform whose configuration can be captured.',
  instead:
    capturingPlatforms.map(({ configFormat }) => `${configFormat.label}: ${configFormat.printCommand}`).join('; ') ||
    'nothing yet: no platform here can.',
});
