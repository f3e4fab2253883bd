// Describes packets that devices themselves send, for the headline of a review: newly allowed, no longer allowed, or to
// a server's own public address, which the server translates to itself.

import { Change } from '../../review';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { printCount } from '../../../reachability/print-packets';
import { HeadlineBlock } from './headline-block';
import { DetailLevel, describeAddresses, listDestinations, describeServices } from './headline-words';

const SENDING_VERBS: readonly (readonly [Change['kind'], verb: string])[] = [
  ['opened', 'may send'],
  ['closed', 'may no longer send'],
];

/**
 * Returns phrases on what devices themselves may send, and where they translate it. They matter where no other host is
 * concerned.
 */
export function describeSending(sendingBlocks: readonly HeadlineBlock[], detail: DetailLevel): readonly string[] {
  const movedBlocks = sendingBlocks.filter(({ kind }) => kind === 'moved');
  const untranslatedBlocks = movedBlocks.filter(
    ({ pairs }) => !pairs.select(([, after]) => after.destination.is === 'kept').isEmpty,
  );
  return [
    ...SENDING_VERBS.map(([kind, verb]) => {
      const kindBlocks = sendingBlocks.filter((block) => block.kind === kind);
      return kindBlocks.length === 0
        ? ''
        : `${joinSenderNames(kindBlocks)} ${verb} ${describeServices(mergePackets(kindBlocks), detail).words}`;
    }),
    describeSelfTranslation(untranslatedBlocks, 'no longer '),
    describeSelfTranslation(
      movedBlocks.filter((block) => !untranslatedBlocks.includes(block)),
      '',
    ),
  ];
}

/**
 * Returns the phrase on a server's own public address. Packets of the server to that address stay on it, or go to the
 * gateway, which may translate them back. "elsewhere" would say too much.
 */
function describeSelfTranslation(movedBlocks: readonly HeadlineBlock[], negation: string): string {
  if (movedBlocks.length === 0) return '';
  const isSingleSender = new Set(movedBlocks.map(({ sender }) => sender)).size === 1;
  const destinationWords = isSingleSender
    ? describeAddresses(listDestinations(mergePackets(movedBlocks)))
    : 'their public addresses';
  return `${joinSenderNames(movedBlocks)} ${negation}${isSingleSender ? 'leads' : 'lead'} ${destinationWords} to ${isSingleSender ? 'itself' : 'themselves'}`;
}

function joinSenderNames(blocks: readonly HeadlineBlock[]): string {
  const names = [...new Set(blocks.flatMap(({ sender }) => sender ?? []))];
  return names.length > 2 ? printCount(names.length, 'device') : names.join(' and ');
}

const mergePackets = (blocks: readonly HeadlineBlock[]): PacketSet =>
  PacketMap.mergeFirst(blocks.map(({ packets }) => packets));
