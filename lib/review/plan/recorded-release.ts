// Parses a release from the triggers of a Terraform resource, in a state or a plan: text, policy, host keys, owner
// token and readable lines. Lists the triggers that differ between two releases.

import { isRecord, decodeBase64 } from '../../agent-protocol/work-codec';
import { RecordedRelease } from '../plan';

/**
 * Returns the triggers of a release, of either type of resource. Undefined where there are none, or all are known only
 * after the apply.
 */
function findTriggers(values: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(values)) return undefined;
  const triggers = Object.hasOwn(values, 'triggers_replace') ? values['triggers_replace'] : values['triggers'];
  return isRecord(triggers) ? triggers : undefined;
}

/** Whether these are the triggers of a release, whichever program wrote them. */
export const hasReleaseTriggers = (values: unknown): boolean => {
  const triggers = findTriggers(values);
  return triggers !== undefined && Object.hasOwn(triggers, 'text') && Object.hasOwn(triggers, 'policy');
};

/** Names of the triggers that aren't lines of a policy. */
const OWN_TRIGGERS = new Set(['text', 'policy', 'lease', 'host keys']);

/** Returns the release in these values, or what is wrong with them. */
export function parseRecordedRelease(values: unknown): RecordedRelease | string {
  const triggers = findTriggers(values);
  if (!triggers) return 'it has no triggers';
  const getTrigger = (name: string): unknown => (Object.hasOwn(triggers, name) ? triggers[name] : undefined);
  const text = decodeTrigger(getTrigger('text'));
  const policy = decodeTrigger(getTrigger('policy'));
  const hostKeys = getTrigger('host keys');
  const ownerToken = getTrigger('lease');
  if (text === undefined) return 'its text is not base64 of UTF-8';
  if (policy === undefined) return 'its policy is not base64 of UTF-8';
  if (typeof hostKeys !== 'string') return 'it has no host keys';
  if (ownerToken !== undefined && typeof ownerToken !== 'string') return 'its owner token is no text';
  const lines: [string, string][] = [];
  for (const [key, value] of Object.entries(triggers)) {
    if (OWN_TRIGGERS.has(key)) continue;
    if (typeof value !== 'string') return 'one of its readable lines is no text';
    lines.push([key, value]);
  }
  // fromEntries defines properties, so a line with the name __proto__ stays a line.
  return { text, policy, hostKeys, ownerToken, lines: Object.fromEntries(lines) };
}

function decodeTrigger(trigger: unknown): string | undefined {
  if (typeof trigger !== 'string') return undefined;
  try {
    // A byte order mark is a part of the text that is sent.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decodeBase64(trigger));
  } catch {
    return undefined;
  }
}

/** Returns the names of the triggers that differ, sorted, without text and policy. */
export function listChangedTriggers(before: RecordedRelease, after: RecordedRelease): readonly string[] {
  const collectTriggers = (release: RecordedRelease): ReadonlyMap<string, string | undefined> =>
    new Map([...Object.entries(release.lines), ['host keys', release.hostKeys], ['lease', release.ownerToken]]);
  const [triggersBefore, triggersAfter] = [collectTriggers(before), collectTriggers(after)];
  return [...new Set([...triggersBefore.keys(), ...triggersAfter.keys()])]
    .filter((key) => triggersBefore.get(key) !== triggersAfter.get(key))
    .sort();
}
