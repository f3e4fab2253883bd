import { isRecord, unbase64 } from '../../agent-protocol/codec';
import { RecordedRelease } from '../plan';

/** The triggers of a release, of either type of resource; undefined where there are none or all are known after the apply only. */
function triggersIn(values: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(values)) return undefined;
  const triggers = Object.hasOwn(values, 'triggers_replace') ? values['triggers_replace'] : values['triggers'];
  return isRecord(triggers) ? triggers : undefined;
}

/** Whether these are the triggers of a release, whoever wrote them. */
export const isRelease = (values: unknown): boolean => {
  const triggers = triggersIn(values);
  return triggers !== undefined && Object.hasOwn(triggers, 'text') && Object.hasOwn(triggers, 'policy');
};

/** What the readable lines are called that no line of a policy is. */
const OURS = new Set(['text', 'policy', 'lease', 'host keys']);

/** The release of these values, or what is wrong with them. */
export function recordedRelease(values: unknown): RecordedRelease | string {
  const triggers = triggersIn(values);
  if (!triggers) return 'it has no triggers';
  const own = (name: string): unknown => (Object.hasOwn(triggers, name) ? triggers[name] : undefined);
  const text = decoded(own('text'));
  const policy = decoded(own('policy'));
  const hostKeys = own('host keys');
  const lease = own('lease');
  if (text === undefined) return 'its text is not base64 of UTF-8';
  if (policy === undefined) return 'its policy is not base64 of UTF-8';
  if (typeof hostKeys !== 'string') return 'it has no host keys';
  if (lease !== undefined && typeof lease !== 'string') return 'its lease is no text';
  const lines: [string, string][] = [];
  for (const [key, value] of Object.entries(triggers)) {
    if (OURS.has(key)) continue;
    if (typeof value !== 'string') return 'one of its readable lines is no text';
    lines.push([key, value]);
  }
  // fromEntries defines what it is given: a line that is called __proto__ stays a line.
  return { text, policy, hostKeys, lease, lines: Object.fromEntries(lines) };
}

function decoded(trigger: unknown): string | undefined {
  if (typeof trigger !== 'string') return undefined;
  try {
    // A byte order mark is a part of the text that is sent.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(unbase64(trigger));
  } catch {
    return undefined;
  }
}

/** Names of triggers that differ, text and policy left out, sorted. */
export function changedTriggers(before: RecordedRelease, after: RecordedRelease): readonly string[] {
  const all = (one: RecordedRelease): ReadonlyMap<string, string | undefined> =>
    new Map([...Object.entries(one.lines), ['host keys', one.hostKeys], ['lease', one.lease]]);
  const [old, now] = [all(before), all(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key)).sort();
}
