// The parser of the toy platform `slate`.

import { parseAddress } from '../../../../lib/net/address';
import { PacketBlock } from '../../../../lib/net/packet';
import { PacketMap } from '../../../../lib/net/packet-map';
import { createLineProblems, createLineRefusal, quoteForDisplay } from '../../../../lib/problems/line-problems';
import { ConfigFormat } from '../../../../lib/parse/config-format';
import { createStateCondition } from '../../../../lib/parse/netfilter/conditions';
import { getField } from '../../../../lib/parse/netfilter/fields';
import { ConfigParser } from '../../../../lib/parse/config-parser';
import { CT_STATE } from '../../../../lib/evaluator/packet-facts';
import { Condition, RuleVerdict, LoweredRule, NETFILTER } from '../../../../lib/evaluator/ruleset-model';
import { LoweredConfig, evaluateConfig, createUnmanagedRules } from '../../../../lib/evaluator/evaluate-config';
import { createFactCondition, createMemberCondition } from '../../../../lib/evaluator/disjunction';

const refuse = createLineRefusal(createLineProblems('slate'));
const WHOLE = 'a whole file of Slate, from "slate OWNER" to "end".';

const isAnswer = createFactCondition(getField('ct direction', 'inet'), (value) => value === 1);
const packets = (block: PacketBlock): Condition => {
  const set = PacketMap.createSet(block);
  return { is: 'packets', must: set, may: set, reason: '' };
};
const loopback = createMemberCondition(getField('meta iifname', 'inet'), [{ is: 'name', name: 'lo', isPrefix: false }]);
const icmp = (protocol: 1 | 58, types: readonly number[]): Condition =>
  packets({ ...of(protocol), port: types.map((type) => ({ first: type, last: type })) });
/** Each ICMP type is of one family. */
const of = (protocol: number): PacketBlock => ({
  protocol: [{ first: protocol, last: protocol }],
  ...(protocol === 1 ? { family: 'ip' } : protocol === 58 ? { family: 'ip6' } : {}),
});
/** Packets that Slate always accepts: its own to itself, ICMP errors of sessions, and neighbour discovery. */
const ALWAYS: readonly (readonly Condition[])[] = [
  [loopback],
  [createStateCondition(CT_STATE.related), icmp(1, [3, 11, 12])],
  [createStateCondition(CT_STATE.related), icmp(58, [1, 2, 3, 4])],
  [icmp(58, [130, 134, 135, 136])],
];

/** An empty text is a device without our file: nothing filters. */
function lowered(text: string): LoweredConfig {
  const box = {
    facts: {
      hasConnectionMarks: false,
      hasHelpers: false,
      trackedFamilies: new Set(['ip', 'ip6'] as const),
      dynamicSets: new Set<string>(),
    },
    kernel: NETFILTER,
  };
  if (text === '') return { ruleset: { ...box, baseChains: [] }, changedObjects: [], extendedObjects: [] };
  const lines = text.split('\n');
  const owner =
    /^slate ([a-z0-9-]+)$/.exec(lines[0]!)?.[1] ??
    refuse('unexpected-text', 1, `${quoteForDisplay(lines[0]!)} begins no file.`, WHOLE);
  const end = lines.indexOf('end');
  if (end < 0 || lines.slice(end + 1).join('') !== '')
    refuse('cut-off', lines.length, 'The text does not stop at its "end".', WHOLE);
  const rules = ALWAYS.map((conditions) => rule(0, lines, 'accept', conditions));
  for (let at = 1; at < end; at++) rules.push(ruleAt(at, lines));
  const base = {
    type: 'filter',
    hook: 'input',
    priority: 0,
    devices: [],
    policy: 'drop',
    line: 1,
    family: 'inet',
  } as const;
  return {
    ruleset: { ...box, baseChains: [{ ...base, chain: { label: `slate ${owner}`, rules } }] },
    changedObjects: [`slate ${owner}`],
    extendedObjects: [],
  };
}

const rule = (
  at: number,
  lines: readonly string[],
  does: 'accept' | 'drop',
  conditions: readonly Condition[],
): LoweredRule => ({
  line: at + 1,
  text: lines[at]!,
  conditions,
  action: { is: 'verdict', verdict: { is: does } satisfies RuleVerdict },
});

function ruleAt(at: number, lines: readonly string[]): LoweredRule {
  const text = lines[at]!;
  if (text === 'keep answers') return rule(at, lines, 'accept', [isAnswer, createStateCondition(CT_STATE.established)]);
  if (text === 'keep sessions') return rule(at, lines, 'accept', [createStateCondition(CT_STATE.established)]);
  const [, does, protocol, ports, from, to] =
    /^(accept|drop) (any|\d{1,3}) (all|\d{1,5}-\d{1,5}) from (?:any|(\S+)-(\S+))$/.exec(text) ?? [];
  const [first, last] = [from, to].map((one) => (one === undefined ? undefined : parseAddress(one)));
  // Unknown rules may do anything with packets that no earlier line decided.
  if (does === undefined || (from !== undefined && (first === undefined || last === undefined)))
    return {
      line: at + 1,
      text,
      conditions: [],
      action: { is: 'opaque', reason: `line ${at + 1}: ${quoteForDisplay(text)} is not understood` },
    };
  const [least, most] = ports!.split('-').map(Number);
  return rule(at, lines, does as 'accept' | 'drop', [
    packets({
      ...(first === undefined ? {} : { source: [{ first, last: last! }] }),
      ...(protocol === 'any' ? {} : of(Number(protocol))),
      ...(ports === 'all' ? {} : { port: [{ first: least!, last: most! }] }),
    }),
  ]);
}

export const parser: ConfigParser = { read: (text, device) => evaluateConfig('slate', () => lowered(text), device) };

const limits = ['nobody has such a box'];
export const configFormat: ConfigFormat = {
  label: 'slate',
  printCommand: 'cat /etc/slate',
  limits,
  recognises: (text) => text.startsWith('slate '),
  parsed: (text) => ({ label: 'slate', assumptions: [], ...createUnmanagedRules('slate', lowered(text), limits) }),
};
