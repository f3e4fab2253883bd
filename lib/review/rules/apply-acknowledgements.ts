// Applies the acknowledgements of the review rules to lint findings and objections: marks those that are accepted until
// a day, and reports acknowledgements that are expired or match nothing.

import { findNearestRules } from '../../lint/explain-rule';
import { lintRules } from '../../lint/rules';
import { LintRemark, Objection, Remark } from '../review';
import { Acknowledgement, ReviewRules } from '../rules';

interface AcknowledgedFindings {
  /** All lint findings, in their order, with the acknowledgement that counts for each. */
  readonly lint: readonly LintRemark[];
  /** Expired acknowledgements of findings that are objections by themselves. */
  readonly objections: readonly Remark[];
  /** Expired acknowledgements of lesser findings, and acknowledgements that match no finding. */
  readonly notes: readonly Remark[];
}

/**
 * Joins lint findings with the acknowledgements of the review rules. An acknowledgement counts up to and on its last
 * day. `today` is `2027-01-31`. `otherObjections`: further objections that an acknowledgement may be about.
 */
export function applyAcknowledgements(
  rules: Pick<ReviewRules, 'acknowledged'>,
  findings: readonly LintRemark[],
  today: string,
  otherObjections: readonly Remark[] = [],
): AcknowledgedFindings {
  const acknowledgements = rules.acknowledged ?? [];
  const [objections, notes]: [Remark[], Remark[]] = [[], []];
  const lint = findings.map((finding): LintRemark => {
    const acknowledgementsOfFinding = acknowledgements
      .filter((acknowledgement) => matchesFinding(acknowledgement, finding))
      .sort((a, b) => (a.expires < b.expires ? 1 : -1));
    const [latest] = acknowledgementsOfFinding;
    if (latest && latest.expires >= today)
      return { ...finding, acknowledged: { reason: latest.reason, expires: latest.expires } };
    if (latest) (finding.severity === 'error' ? objections : notes).push(createExpiredRemark(latest, finding));
    return finding;
  });
  notes.push(
    ...acknowledgements
      .filter(
        (acknowledgement) =>
          ![...findings, ...otherObjections].some((finding) => matchesFinding(acknowledgement, finding)),
      )
      .map(createUnusedRemark),
  );
  return { lint, objections, notes };
}

/** Codes of objections that the review rules may acknowledge like lint findings. */
const ACKNOWLEDGEABLE_CODES: readonly string[] = ['review/new-host-keys', 'review/less-protected'];

/**
 * Splits objections into those that count, and notes on those that the review rules accept, or accepted until a day.
 */
export function splitAcknowledged(
  rules: Pick<ReviewRules, 'acknowledged'>,
  candidates: readonly Objection[],
  today: string,
): { readonly objections: readonly Objection[]; readonly notes: readonly Remark[] } {
  const notes: Remark[] = [];
  const objections = candidates.filter((objection) => {
    const { code, where, what } = objection;
    const acknowledgementsOfFinding = (rules.acknowledged ?? []).filter(
      (acknowledgement) => ACKNOWLEDGEABLE_CODES.includes(code) && matchesFinding(acknowledgement, objection),
    );
    const [latest] = acknowledgementsOfFinding.sort((a, b) => (a.expires < b.expires ? 1 : -1));
    if (!latest) return true;
    const isExpired = latest.expires < today;
    notes.push(
      isExpired
        ? createExpiredRemark(latest, objection)
        : { code, where, what: `${what} Acknowledged until ${latest.expires}: ${latest.reason}`, instead: '' },
    );
    return isExpired;
  });
  return { objections, notes };
}

const matchesFinding = ({ code, where }: Acknowledgement, finding: Remark): boolean =>
  code === finding.code && (where === undefined || namesLocation(finding.where, where));

/**
 * Whether a finding's place names `part` as whole names and addresses: `web1` is no part of `web10`, nor `10.0.0.1` of
 * `10.0.0.10` or of `10.0.0.1/24`. A finding may be about several places of one owner, `gateway edge1, owner hosting,
 * mappings web, shop`. Then `part` has to name the owner, or all of the places.
 */
function namesLocation(text: string, part: string): boolean {
  const parts = text.split(', ');
  const ownerLength = parts.slice(0, 2).join(', ').length;
  const [hasSeveralParts, isShortened] = [parts.length > 3, / and \d+ more$/.test(text)];
  for (let start = text.indexOf(part); start >= 0; start = text.indexOf(part, start + 1)) {
    const end = start + part.length;
    const isWholeWord = !/(?:\w|\w[-.:])$/.test(text.slice(0, start)) && !/^(?:\w|[-.:/]\w)/.test(text.slice(end));
    const namesAllParts = !isShortened && (!hasSeveralParts || (start <= ownerLength + 2 && end === text.length));
    // Many owners' findings may stand in one, separated by `; `. One owner can't stand for the others there.
    if (isWholeWord && (namesAllParts || (end <= ownerLength && !text.includes('; ')))) return true;
  }
  return false;
}

const createExpiredRemark = ({ code, expires, reason }: Acknowledgement, { where }: Remark): Remark => ({
  code: 'rules/acknowledgement-expired',
  where,
  what: `${code} was acknowledged until ${expires} ("${reason}"). That day is over, so it counts again.`,
  instead: 'what the finding asks for; or, after another look, a new day.',
});

function createUnusedRemark({ code, where, expires }: Acknowledgement): Remark {
  const isKnownCode = ACKNOWLEDGEABLE_CODES.includes(code) || lintRules.some((rule) => rule.code === code);
  const [nearestCode] = isKnownCode ? [] : findNearestRules(code);
  const explanation = isKnownCode
    ? `It is acknowledged until ${expires}, and nothing of the kind was found: it would hide the next one.`
    : `There is no lint rule of that name, so this acknowledges nothing${nearestCode === undefined ? '' : `; there is ${nearestCode}`}.`;
  return {
    code: 'rules/acknowledgement-unused',
    where: where === undefined ? code : `${code} at ${where}`,
    what: explanation,
    instead: 'the rules without this acknowledgement.',
  };
}
