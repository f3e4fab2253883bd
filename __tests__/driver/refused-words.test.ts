// Tests that the driver explains every word with which an agent refuses.

import { loadAgent } from '../../driver/agent-program';
import { REFUSAL_MESSAGES } from '../../driver/refusal-messages';

test('explains every word with which an agent refuses or fails', () => {
  const { text } = loadAgent();
  const said = [...text.matchAll(/\b(?:refuse|fail|turn_down) "?([a-z]+(?:-[a-z]+)*)/g)].map(([, word]) => word!);
  const faults = /\nsurroundings_fault\(\) \{\n([^]*?)\n\}\n/.exec(text)![1]!;
  const words = new Set([
    ...said,
    ...[...faults.matchAll(/printf '([a-z]+(?:-[a-z]+)*)[ \\]/g)].map(([, word]) => word!),
  ]);
  // These words are for systemd's own calls; the driver never gets them.
  for (const unheard of ['service-not-loaded', 'not-by-sudo']) words.delete(unheard);
  expect(words.size).toBeGreaterThan(30);
  expect([...words].filter((word) => !Object.hasOwn(REFUSAL_MESSAGES, word))).toEqual([]);
});
