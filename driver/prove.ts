import { Release } from '../lib/agent-protocol/release';
import { STRANGERS_WORK, withinWork } from '../lib/net/work';
import { decodePolicy } from '../lib/verifier/policy-codec';
import { tooMuchToCompare } from '../lib/problems/more-work';
import { Refusal } from '../lib/problems/problem';
import { Judgement, judge } from '../lib/verifier/on-device';
import { platformOf } from '../lib/verifier/prove';
import { cpanelNotes } from './cpanel-rules';
import { countInterfaces, factsThatDiffer, liveDevice } from './live-device';
import { whyOtherForm } from './other-platform';
import { Assumed, Closing, LiveFacts, Prove } from './proof';

/** What the device runs, whole, read by the independent reader and compared with the bounds of the release's policy. */
export const proveLive: Prove = (release, ruleset, facts) =>
  refusedAsText(facts, () => {
    const policy = decodePolicy(release.policy);
    const unread = whyOtherForm(policy, ruleset, facts);
    if (unread !== undefined) return { refusals: [unread], reports: [] };
    const judged = judge(policy, ruleset, liveDevice(policy, facts), release.witnesses);
    const legacy = legacyRules(facts);
    const refusals = [...judged.refusals, ...legacy.refusals];
    const notes = refusals.length === 0 ? cpanelNotes(facts.cpanelRules) : [];
    return { ...judged, refusals, reports: [...judged.reports, ...legacy.reports, ...notes] };
  });

export const closingText: Closing = ({ policy: encoded }) => {
  const policy = decodePolicy(encoded);
  return platformOf(policy).writer.closing?.(policy) ?? '';
};

export const assumedFacts: Assumed = (release, facts) =>
  refusedAsText(facts, () => factsThatDiffer(decodePolicy(release.policy), facts, addressesOf(release)));

const addressesOf = ({ addresses }: Release): readonly string[] => addresses.map(({ address }) => address);

/** Text that the reader can't account for is a reason not to keep the release, as any other. */
function refusedAsText(facts: LiveFacts, judged: () => Judgement): Judgement {
  try {
    return withinWork(STRANGERS_WORK, judged, () =>
      tooMuchToCompare('proving/too-much-to-compare', 'the device', countInterfaces(facts)),
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refusals: error.problems.map(({ code, where, what }) => `${code} at ${where}: ${what}`), reports: [] };
  }
}

/** What was read doesn't show them. Filters of iptables can only narrow; anything else could lead packets elsewhere. */
export function legacyRules({ legacyTables }: LiveFacts): Judgement {
  const tables = legacyTables.map((line) => line.split(' '));
  const filled = tables.filter(([family, , rules]) => family !== 'nft' && rules !== '0');
  const ofNft = tables.filter(([family]) => family === 'nft');
  const named = (tables: readonly string[][]): readonly string[] =>
    tables.map(
      ([family, table, rules]) =>
        `iptables-legacy holds rules that nft does not show: ${family} table ${table}, ${rules} rules`,
    );
  return {
    refusals: [
      ...named(filled.filter(([, table]) => table === 'nat' || table === 'mangle' || table === 'raw')),
      ...ofNft.map(([, family, table]) => `nft holds rules that iptables does not show: table ${family} ${table}`),
    ],
    reports: named(filled.filter(([, table]) => table === 'filter' || table === 'security')),
  };
}
