import { parseRules } from '../../lib/review/rules/parse';
import { Refusal } from '../../lib/problems/problem';
import { page } from './says';

const { says } = page('rules.md');

/** The codes that these services are refused with. */
function refused(...services: readonly string[]): readonly string[] {
  try {
    parseRules(JSON.stringify({ format: 1, forbidden: services }), 'rules.json');
    return [];
  } catch (error) {
    if (error instanceof Refusal) return error.problems.map(({ code }) => code);
    throw error;
  }
}

says('(`https`, `mail`, `panel`, …; a name with `-plain` is the plaintext twin)', () =>
  expect(refused('https', 'mail', 'panel', 'imap-plain', 'pop3-plain')).toEqual([]),
);

says('(`8443/tcp`, `60000-60100/udp`; also `sctp`, `dccp`, `udplite`), and `ping`, `gre`, `esp`, `ah`.', () => {
  expect(refused('8443/tcp', '60000-60100/udp', '1/sctp', '1/dccp', '1/udplite', 'ping', 'gre', 'esp', 'ah')).toEqual([]);
  expect(refused('1/icmp', 'igmp')).toEqual(['rules/bad-port', 'rules/unknown-service']);
});
