// Finds the explanation of an error's code among all pages of explanations.
import { commandExplanations } from './command-explanations';
import { constructExplanations } from './construct-explanations';
import { deviceExplanations } from './device-explanations';
import { driverExplanations } from './driver-explanations';
import { ExplanationPage } from './explanation-page';
import { intentExplanations } from './intent-explanations';
import { platformExplanations } from './platform-explanations';
import { reviewExplanations } from './review-explanations';
import { ruleExplanations } from './rule-explanations';
import { textExplanations } from './text-explanations';
import { verificationExplanations } from './verification-explanations';

/** In the order of docs/reference/errors.md. */
export const explanationPages: readonly ExplanationPage[] = [
  intentExplanations,
  constructExplanations,
  platformExplanations,
  verificationExplanations,
  driverExplanations,
  deviceExplanations,
  reviewExplanations,
  ruleExplanations,
  commandExplanations,
  textExplanations,
];

/** Stands in a code for any platform. */
const ANY_PLATFORM = 'PLATFORM/';

/**
 * Returns explanations by code, as commands print the codes. `ids` are the prefixes of platforms' codes. The
 * explanation of one platform takes precedence over that of any platform.
 */
export function collectExplanations(
  pages: readonly Pick<ExplanationPage, 'explanations'>[],
  ids: readonly string[],
): ReadonlyMap<string, string> {
  const entries = pages.flatMap(({ explanations }) => Object.entries(explanations));
  const platformEntries = entries.filter(([code]) => code.startsWith(ANY_PLATFORM));
  return new Map([
    ...ids.flatMap((id) =>
      platformEntries.map(([code, text]) => [`${id}/${code.slice(ANY_PLATFORM.length)}`, text] as const),
    ),
    ...entries.filter(([code]) => !code.startsWith(ANY_PLATFORM)),
  ]);
}
