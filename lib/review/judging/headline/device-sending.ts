import { Change } from '../../review';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { printCount } from '../../../reachability/print-packets';
import { HeadlineBlock } from './headline-block';
import { DetailLevel, describeAddresses, listDestinations, describeServices } from './headline-words';

const SENDING_VERBS: readonly (readonly [Change['kind'], verb: string])[] = [
  ['opened', 'may send'],
  ['closed', 'may no longer send'],
];

/** Where nobody else is concerned: what devices themselves may send, and where they lead it. */
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

/** What a server sends to its own public address stays within it, or goes to the gateway, which may lead it back: "elsewhere" would be too much. */
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
