import { Family, familyOf } from '../../../net/address';
import { Statement, Translate } from './ruleset';
import { addressRange } from '../../../parse/netfilter/values';

/**
 * Whether a statement makes the kernel track connections of a family; a translation to an address is for its family alone.
 * Source: nft_nat_init in net/netfilter/nft_nat.c.
 */
export function needsTracking(statement: Statement, family: Family): boolean {
  if (statement.is === 'translate') return (translatedFamily(statement) ?? family) === family;
  return (
    (statement.is === 'test' || statement.is === 'choose' || statement.is === 'has') &&
    statement.fields.some((field) => field.startsWith('ct '))
  );
}

function translatedFamily({ family, to }: Translate): Family | undefined {
  const range = to && !('fields' in to) && to.address !== undefined ? addressRange(to.address) : undefined;
  return family ?? (range && familyOf(range.first));
}
