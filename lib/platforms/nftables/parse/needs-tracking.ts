import { Family, getFamily } from '../../../net/address';
import { NftStatement, NftTranslation } from './syntax-tree';
import { parseAddressRange } from '../../../parse/netfilter/parse-values';

/**
 * Returns whether a statement makes the kernel track connections of a family. A translation to an address does so for
 * its family alone. Source: nft_nat_init in net/netfilter/nft_nat.c.
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
