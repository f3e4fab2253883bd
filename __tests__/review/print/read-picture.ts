// Returns the boxes and arrows of the picture in a review's page.

import { printHtml } from '../../../lib/review/print/review-html';
import { Change, Review } from '../../../lib/review/review';
import { attribute, parsed, sha256, textWithin } from '../../printing/parsed';
import { edge1, mysql, none, web1 } from './review-parts';
import { quiet } from './samples';

interface Drawn {
  readonly texts: readonly string[];
  readonly arrows: number;
  readonly boxes: number;
  readonly tones: readonly (string | undefined)[];
}

/** The visible parts of a review's picture; arrows first, boxes after them. */
export function drawn(review: Review): Drawn | undefined {
  const { elements } = parsed(printHtml(review, sha256));
  const called = (name: string) => elements.filter(({ tagName }) => tagName === name);
  if (called('svg').length === 0) return undefined;
  return {
    texts: called('text').map((one) => textWithin(one).trim()),
    arrows: called('path').length,
    boxes: called('rect').length,
    tones: called('g').map((one) => attribute(one, 'class')),
  };
}

export const caption = (review: Review): string => {
  const [one] = parsed(printHtml(review, sha256)).elements.filter(({ tagName }) => tagName === 'figcaption');
  return textWithin(one!).trim();
};

export const changing = (...changes: readonly Partial<Change>[]): Review => ({
  ...quiet,
  counts: { ...none, opened: changes.length },
  changes: changes.map((one) => ({ ...mysql, ...one })),
  devices: [edge1, web1, { ...web1, device: 'web2' }, { ...web1, device: 'web3' }, { ...web1, device: 'web4' }],
});
