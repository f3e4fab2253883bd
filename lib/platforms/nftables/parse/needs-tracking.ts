import { Family, getFamily } from '../../../net/address';
import { NftStatement, NftTranslation } from './syntax-tree';
import { parseAddressRange } from '../../../parse/netfilter/parse-values';

/**
 * Whether a statement makes the kernel track connections of a family; a translation to an address is for its family alone.
 * Source: nft_nat_init in net/netfilter/nft_nat.c.
 */
export function needsTracking(statement: NftStatement, family: Family): boolean {
  if (statement.is === 'translate') return (findTranslatedFamily(statement) ?? family) === family;
  return (
    (statement.is === 'test' || statement.is === 'choose' || statement.is === 'has') &&
    statement.fields.some((field) => field.startsWith('ct '))
  );
}

function findTranslatedFamily({ family, to }: NftTranslation): Family | undefined {
  const range = to && !('fields' in to) && to.address !== undefined ? parseAddressRange(to.address) : undefined;
  return family ?? (range && getFamily(range.first));
}
