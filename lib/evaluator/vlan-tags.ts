import { Field } from './fields';
import { BaseChain, chainsOf, Condition, Decision, LoweredChain, LoweredRule } from './model';

/**
 * A neighbour may put a packet into two tags of VLAN 0. A list of the ingress hook sees no header of IP then, and the kernel takes the packet out of
 * both behind it: seen, 6.18. Source: check_vlan_id of __netif_receive_skb_core in net/core/dev.c.
 */
export const TAGGED = 'a neighbour may send it within two tags of VLAN 0';

/** Whether what is so tagged may pass a list. */
export const passesTagged = ({ hook, policy, chain }: Pick<BaseChain, 'hook' | 'policy' | 'chain'>): boolean =>
  hook === 'ingress' && (policy === 'accept' ? !dropsAll(chain) : letsIn(chain));

const dropsAll = ({ rules }: LoweredChain): boolean =>
  rules.some(({ conditions, end }) => conditions.length === 0 && end?.is === 'verdict' && end.verdict.is === 'drop') &&
  !rules.some(accepts);

const letsIn = ({ rules }: LoweredChain): boolean => rules.some(accepts);

const PASSING: ReadonlySet<Decision['is']> = new Set(['accept', 'return', 'pass', 'opaque']);

function accepts({ conditions, end }: LoweredRule): boolean {
  if (!end || conditions.some(asksOfHeader)) return false;
  const verdicts: readonly Decision[] =
    end.is === 'verdict' ? [end.verdict] : end.is === 'choose' ? end.choices.map(({ verdict }) => verdict) : [];
  return verdicts.length === 0 || verdicts.some(({ is }) => PASSING.has(is)) || chainsOf(end).some(letsIn);
}

const asksOfHeader = (one: Condition): boolean =>
  one.is !== 'packets' && (one.is === 'fact' ? [one.field] : one.fields).some(isOfHeader);

const isOfHeader = ({ looksAt, family, protocols }: Field): boolean =>
  family !== undefined || protocols !== undefined || looksAt.is === 'address' || looksAt.is === 'number';
