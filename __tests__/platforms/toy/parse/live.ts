// The running-config inspector of the toy platform `slate`.

import { RunningConfigInspector } from '../../../../lib/parse/running-config';

const ownerOf = (text: string): string | undefined => /^slate (\S+)/.exec(text)?.[1];

/** One file that belongs to one owner. */
export const live: RunningConfigInspector = {
  places: (text) => {
    const unit = { name: `slate ${ownerOf(text)}`, isManaged: true };
    return {
      at: (line) => `line ${line}`,
      inWords: (words) => words,
      unitAt: () => unit,
      whose: () => 'ours',
      mentions: () => [],
    };
  },
  findUnit: ({ text }) => ownerOf(text),
  isOwnedBy: (touched, owner) => touched === `slate ${owner}`,
  apart: (text, owner) => ({ whole: text, rest: ownerOf(text) === owner ? '' : text }),
  asDelivered: ([release]) => release?.text ?? '',
  decides: (line) => line.startsWith('drop '),
  shown: () => 'cat /etc/slate',
};
