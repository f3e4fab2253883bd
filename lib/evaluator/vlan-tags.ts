// Decides whether an ingress chain of nftables may let a packet pass that is within two tags of VLAN 0: the chain sees
// no IP header there.

import { PacketField } from './packet-fields';
import { BaseChain, listJumpTargets, Condition, RuleVerdict, LoweredChain, LoweredRule } from './ruleset-model';

/**
 * A neighbour may put a packet into two tags of VLAN 0. A chain of the ingress hook then sees no IP header, and the
 * kernel takes the packet out of both tags behind it: seen, 6.18. Source: check_vlan_id of __netif_receive_skb_core in
 * net/core/dev.c.
 */
export const VLAN_TAG_REASON = 'a neighbour may send it within two tags of VLAN 0';

/** Returns whether a packet with such tags may pass a chain. */
export const passesTagged = ({ hook, policy, chain }: Pick<BaseChain, 'hook' | 'policy' | 'chain'>): boolean =>
  hook === 'ingress' && (policy === 'accept' ? !dropsAll(chain) : acceptsAny(chain));

const dropsAll = ({ rules }: LoweredChain): boolean =>
  rules.some(
    ({ conditions, action }) => conditions.length === 0 && action?.is === 'verdict' && action.verdict.is === 'drop',
  ) && !rules.some(canAccept);

const acceptsAny = ({ rules }: LoweredChain): boolean => rules.some(canAccept);

const PASSING_VERDICTS: ReadonlySet<RuleVerdict['is']> = new Set(['accept', 'return', 'pass', 'opaque']);

function canAccept({ conditions, action }: LoweredRule): boolean {
  if (!action || conditions.some(readsHeader)) return false;
  const verdicts: readonly RuleVerdict[] =
    action.is === 'verdict'
      ? [action.verdict]
      : action.is === 'choose'
        ? action.choices.map(({ verdict }) => verdict)
        : [];
  return (
    verdicts.length === 0 ||
    verdicts.some(({ is }) => PASSING_VERDICTS.has(is)) ||
    listJumpTargets(action).some(acceptsAny)
  );
}

const readsHeader = (condition: Condition): boolean =>
  condition.is !== 'packets' && (condition.is === 'fact' ? [condition.field] : condition.fields).some(isHeaderField);

const isHeaderField = ({ looksAt, family, protocols }: PacketField): boolean =>
  family !== undefined || protocols !== undefined || looksAt.is === 'address' || looksAt.is === 'number';
