// Classifies how the text of a mutant differs from the correct one: in words, in unrelated packets, or in effect.

import { spawnSync } from 'node:child_process';
import {
  Rewrite,
  ReachabilityView,
  Translation,
  createTranslation,
  createUnclear,
  createUnknown,
} from '../../lib/reachability/reachability';
import { limitView } from '../../lib/reachability/print-reachability';
import { LaterSessionPhase } from '../../lib/reachability/session-phase';
import { ICMP_ERRORS, POSSIBLE_PACKETS, RELATED_ICMP } from '../../lib/spec/phase-requirements';
import { PacketMap, PacketSet } from '../../lib/net/packet-map';
import { verifyGenerated } from '../../lib/verifier/verify-policy';
import { EvaluatedConfig } from '../../lib/parse/config-parser';
import { Policy } from '../../lib/policy/policy';
import { GeneratedConfig } from '../../lib/generate/config-generator';
import { alike } from './is-equal';

/**
 * The kinds of differences between a mutant's config and the correct one: only in words for people, only in the assumed
 * box, which is never delivered, only alike for every packet of every phase, for all except redirects and similar ICMP,
 * for all except ICMP errors to a server about no session, or other.
 */
export type Effect =
  'words' | 'assumed box' | 'reads alike' | 'redirects' | 'stray errors' | 'differs' | 'refused by nft' | 'was refused';

const PHASES: readonly LaterSessionPhase[] = ['going on', 'answer', 'related', 'stray'];

/** The part of a text that goes to a device. Of an editor the entries of its owner, and the switch that it turns on. */
function delivered({ platform, owner }: Policy, { text }: GeneratedConfig): string {
  if (platform !== 'pfsense') return text;
  const entries = [...text.matchAll(/<(vip|alias|onetoone|rule)>[^]*?<\/\1>/g)].map(([entry]) => entry);
  return [
    ...entries.filter((entry) => entry.includes(`cpanel-edge:${owner}/`)),
    /<enablenatreflectionhelper>/.exec(text)?.[0] ?? '',
  ].join('');
}

const withoutWords = (text: string): string =>
  text.replace(/ comment "[^"]*"/g, '').replace(/(<descr><!\[CDATA\[[^ \]]*) [^\]]*/g, '$1');

export function effectOf(policy: Policy, before: GeneratedConfig | undefined, after: GeneratedConfig): Effect {
  if (policy.platform === 'nftables' && refusedByNft(after.text)) return 'refused by nft';
  if (!before) return 'was refused';
  const held = alike(before.addresses, after.addresses);
  const [was, is] = [delivered(policy, before), delivered(policy, after)];
  if (held && was === is) return 'assumed box';
  if (held && withoutWords(was) === withoutWords(is)) return 'words';
  if (!held) return 'differs';
  const [read, reread] = [before, after].map((config) => verifyGenerated(policy, config).evaluated) as [
    EvaluatedConfig,
    EvaluatedConfig,
  ];
  const readAlike = (packets: Partial<PhasePackets>): boolean =>
    alike(limitToPossible(read, packets), limitToPossible(reread, packets));
  if (readAlike({})) return 'reads alike';
  if (readAlike({ related: ICMP_ERRORS })) return 'redirects';
  const withoutErrors = { stray: POSSIBLE.stray.subtract(ICMP_ERRORS) };
  return policy.kind === 'server' && readAlike(withoutErrors) ? 'stray errors' : 'differs';
}

type PhasePackets = Readonly<Record<LaterSessionPhase, PacketSet>>;

/**
 * Connection tracking calls an ICMP error related or invalid, never new or established. Source: nf_conntrack_inet_error
 * in nf_conntrack_proto_icmp.c.
 */
const POSSIBLE_FIRST = PacketMap.ALL.subtract(RELATED_ICMP);
const POSSIBLE: PhasePackets = {
  ...POSSIBLE_PACKETS,
  'going on': POSSIBLE_PACKETS['going on'].subtract(RELATED_ICMP),
  answer: POSSIBLE_PACKETS.answer.subtract(RELATED_ICMP),
};

/**
 * Limits an evaluation to the packets that each phase can have. The first packet of a session decides the translation
 * of later ones.
 */
function limitToPossible(evaluated: EvaluatedConfig, packets: Partial<PhasePackets>): unknown {
  const later = PHASES.map((phase) =>
    evaluated.later(phase)?.views.map((view) => {
      const limited = limitView(view, packets[phase] ?? POSSIBLE[phase]);
      return phase === 'stray' ? limited : { ...limited, translations: PacketMap.createEmpty<Translation>() };
    }),
  );
  const first = evaluated.reachability.views.map((view) => limitView(view, POSSIBLE_FIRST));
  return [
    evaluated.changedObjects,
    evaluated.extendedObjects,
    [first, ...later].map((views) => views?.map(unnumbered)),
  ];
}

/** Removes line numbers, which change with every added line. */
const unnumbered = ({ startLocation, dispositions, translations }: ReachabilityView): ReachabilityView => ({
  startLocation,
  dispositions: dispositions.map((verdict) =>
    verdict.is === 'unknown' ? createUnknown(withoutNumbers(verdict.reason)) : verdict,
  ),
  translations: translations.map((all) =>
    createTranslation({ ...all, destination: plain(all.destination), source: plain(all.source) }),
  ),
});

const plain = (rewrite: Rewrite): Rewrite =>
  rewrite.is === 'unclear' ? createUnclear(withoutNumbers(rewrite.reason)) : rewrite;
const withoutNumbers = (text: string): string => text.replace(/lines? \d+/g, 'line');

const asked = new Map<string, boolean>();

/** Whether nft is installed and may run; it checks in a network namespace of its own. */
export const canAskNft = (() => {
  let known: boolean | undefined;
  return (): boolean => (known ??= check('table inet x').status === 0);
})();

const check = (text: string): { readonly status: number | null } =>
  spawnSync('unshare', ['-n', 'nft', '-c', '-f', '/dev/stdin'], {
    input: text,
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: 240_000,
  });

function refusedByNft(text: string): boolean {
  if (!canAskNft()) return false;
  let refused = asked.get(text);
  if (refused === undefined) asked.set(text, (refused = check(text).status !== 0));
  return refused;
}
