// Renders the section of a review on public addresses whose host changes: one line each, and what belongs to it.

import { DEFAULT_ELSEWHERE, ReportItem, ReportSection, RichText, printQuantity } from '../../report/report-document';
import { AddressChange, Review } from '../review';

/** The most items of the section. More addresses are a wave, which the JSON lists. */
const MAX_ITEMS = 25;

/** Returns the section. It comes first, because it says the change in the terms of the stack. */
export function renderAddressSection({ addresses, counts, changes }: Review): ReportSection {
  const followingCount = changes.filter(({ followsAddressChange }) => followsAddressChange).length;
  const followingItem: ReportItem = {
    words: `${printQuantity(followingCount, 'row')} ${followingCount === 1 ? 'follows' : 'follow'} from this alone; ${DEFAULT_ELSEWHERE}`,
  };
  return {
    title: 'Public addresses',
    items: [...addresses.map(renderAddressChange), ...(followingCount > 0 ? [followingItem] : [])],
    maxItems: MAX_ITEMS,
    omittedCount: counts.addresses - addresses.length,
  };
}

const SIGNS: Readonly<Record<AddressChange['kind'], string>> = {
  added: '+',
  removed: '-',
  reassigned: '~',
  renumbered: '~',
};

const renderAddressChange = (change: AddressChange): ReportItem => ({
  words: [`${SIGNS[change.kind]} `, ...renderHosts(change)],
  tone: 'title',
  children: change.details.map((words) => ({ words })),
});

function renderHosts({
  kind,
  external,
  formerExternal = '',
  hostBefore = '',
  hostAfter = '',
  gatewayBefore = '',
  gatewayAfter = '',
}: AddressChange): Exclude<RichText, string> {
  const address = { exact: external, strong: true } as const;
  const isOtherGateway = gatewayBefore !== '' && gatewayAfter !== '' && gatewayBefore !== gatewayAfter;
  const gatewayWords = isOtherGateway ? `; by ${gatewayAfter} in place of ${gatewayBefore}` : '';
  switch (kind) {
    case 'added':
      return [address, ` → ${hostAfter}`];
    case 'removed':
      return [address, `, was ${hostBefore}`];
    case 'renumbered':
      return [`${hostAfter} moves from `, { exact: formerExternal }, ' to ', address, gatewayWords];
    case 'reassigned':
      return hostBefore === hostAfter
        ? [address, ` of ${hostAfter}${gatewayWords}`]
        : [address, `: ${hostBefore} → ${hostAfter}${gatewayWords}`];
  }
}
