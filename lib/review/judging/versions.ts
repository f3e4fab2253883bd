import { Plan } from '../plan';
import { Remark } from '../review';
import { limited } from './words';

/** A planned text that this version writes in another way, though it does nothing else. */
export interface OtherText {
  readonly plan: string;
  /** `device/owner`. */
  readonly name: string;
}

/** Plans that another version of the package made, an objection for each: this version can't say that all of it is as that one writes it. */
export const otherVersions = (plans: readonly Plan[], texts: readonly OtherText[]): readonly Remark[] =>
  plans.flatMap(({ name, otherVersions: versions }): readonly Remark[] => {
    const named = [...new Set(texts.filter(({ plan }) => plan === name).map((text) => text.name))];
    if (versions === undefined && named.length === 0) return [];
    const made =
      versions === undefined
        ? 'Another version of cpanel-edge made this plan, or it was edited.'
        : `cpanel-edge ${versions.made.join(', ')} made this plan, and ${versions.reviewing} reviews it.`;
    const differ =
      named.length === 0
        ? 'Each text is the one that this version writes.'
        : `The text of ${limited(named).join(', ')} differs from the one that this version writes. It lies within what its policy asks for, and does nothing else.`;
    return [
      {
        code: 'review/another-version',
        where: name,
        what: `${made} ${differ}`,
        instead: 'a plan made anew by the version that reviews; or a review by the version that made it.',
      },
    ];
  });
