// Verifies a release against all that its device runs: parses the live rules and compares them with the spec of the
// policy. Also compares the device's facts with the assumed ones, and renders the closing text of a release.

import { Release } from '../lib/agent-protocol/release';
import { UNTRUSTED_STEP_BUDGET, runWithinBudget } from '../lib/net/step-budget';
import { decodePolicy } from '../lib/verifier/policy-codec';
import { refuseComparison } from '../lib/problems/step-budget-problems';
import { Refusal } from '../lib/problems/problem';
import { DeviceVerification, verifyDevice } from '../lib/verifier/verify-device';
import { getPlatform } from '../lib/verifier/verify-policy';
import { listCpanelNotes } from './cpanel-rules';
import { countInterfaces, compareFacts, createLiveDevice } from './live-device';
import { explainOtherForm } from './other-platform';
import { CompareFacts, RenderClosedText, LiveFacts, VerifyRelease } from './verification';

/**
 * Parses all that the device runs with the independent parser, and compares it with the bounds of the release's policy.
 */
export const verifyLive: VerifyRelease = (release, ruleset, facts) =>
  catchRefusal(facts, () => {
    const policy = decodePolicy(release.policy);
    const otherForm = explainOtherForm(policy, ruleset, facts);
    if (otherForm !== undefined) return { refusals: [otherForm], reports: [] };
    const verification = verifyDevice(policy, ruleset, createLiveDevice(policy, facts), release.witnesses);
    const legacy = judgeLegacyTables(facts);
    const refusals = [...verification.refusals, ...legacy.refusals];
    const notes = refusals.length === 0 ? listCpanelNotes(facts.cpanelRules) : [];
    return { ...verification, refusals, reports: [...verification.reports, ...legacy.reports, ...notes] };
  });

export const renderClosedText: RenderClosedText = ({ policy: encoded }) => {
  const policy = decodePolicy(encoded);
  return getPlatform(policy).generator.closing?.(policy) ?? '';
};

export const compareAssumedFacts: CompareFacts = (release, facts) =>
  catchRefusal(facts, () => compareFacts(decodePolicy(release.policy), facts, listAddresses(release)));

const listAddresses = ({ addresses }: Release): readonly string[] => addresses.map(({ address }) => address);

/**
 * Turns a Refusal into a refused verification: text that the parser can't account for is a reason not to keep the
 * release.
 */
function catchRefusal(facts: LiveFacts, judge: () => DeviceVerification): DeviceVerification {
  try {
    return runWithinBudget(UNTRUSTED_STEP_BUDGET, judge, () =>
      refuseComparison('proving/too-much-to-compare', 'the device', countInterfaces(facts)),
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refusals: error.problems.map(({ code, where, what }) => `${code} at ${where}: ${what}`), reports: [] };
  }
}

/**
 * Judges tables that the listed rules don't show. Filters of iptables can only narrow; other tables could translate
 * packets.
 */
export function judgeLegacyTables({ legacyTables }: LiveFacts): DeviceVerification {
  const tables = legacyTables.map((line) => line.split(' '));
  const filledTables = tables.filter(([family, , rules]) => family !== 'nft' && rules !== '0');
  const nftTables = tables.filter(([family]) => family === 'nft');
  const describeTables = (tables: readonly string[][]): readonly string[] =>
    tables.map(
      ([family, table, rules]) =>
        `iptables-legacy holds rules that nft does not show: ${family} table ${table}, ${rules} rules`,
    );
  return {
    refusals: [
      ...describeTables(filledTables.filter(([, table]) => table === 'nat' || table === 'mangle' || table === 'raw')),
      ...nftTables.map(([, family, table]) => `nft holds rules that iptables does not show: table ${family} ${table}`),
    ],
    reports: describeTables(filledTables.filter(([, table]) => table === 'filter' || table === 'security')),
  };
}
