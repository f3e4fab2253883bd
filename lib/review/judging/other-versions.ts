// Objects to plans that another version of the package made, because this version can't confirm every part of them.

import { Plan } from '../plan';
import { Remark } from '../review';
import { limitItems } from './address-words';

/** A planned text that this version generates in another way, though it does nothing else. */
export interface OtherVersionText {
  readonly plan: string;
  /** `device/owner`. */
  readonly name: string;
}

/**
 * Returns an objection for each plan that another version of the package made. This version can't confirm every part of
 * it as that version generates it.
 */
export const checkVersions = (plans: readonly Plan[], texts: readonly OtherVersionText[]): readonly Remark[] =>
  plans.flatMap(({ name, otherVersions: versions }): readonly Remark[] => {
    const ownerNames = [...new Set(texts.filter(({ plan }) => plan === name).map((text) => text.name))];
    if (versions === undefined && ownerNames.length === 0) return [];
    const programWords =
      versions === undefined
        ? 'Another version of cpanel-edge made this plan, or it was edited.'
        : `cpanel-edge ${versions.made.join(', ')} made this plan, and ${versions.reviewing} reviews it.`;
    const textWords =
      ownerNames.length === 0
        ? 'Each text is the one that this version writes.'
        : `The text of ${limitItems(ownerNames).join(', ')} differs from the one that this version writes. It lies within what its policy asks for, and does nothing else.`;
    return [
      {
        code: 'review/another-version',
        where: name,
        what: `${programWords} ${textWords}`,
        instead: 'a plan made anew by the version that reviews; or a review by the version that made it.',
      },
    ];
  });
