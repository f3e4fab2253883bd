import { nearestRules } from '../../lint/explain';
import { lintRules } from '../../lint/rules';
import { LintRemark, Objection, Remark } from '../review';
import { Acknowledgement, ReviewRules } from '../rules';

interface Acknowledged {
  /** All that was found, in its order, with the acknowledgement that counts for it. */
  readonly lint: readonly LintRemark[];
  /** Expired acknowledgements of what is objected to by itself, too. */
  readonly objections: readonly Remark[];
  /** Expired ones of lesser findings, and those that nothing was found for. */
  readonly notes: readonly Remark[];
}

/**
 * Joins lint with the acknowledgements of the review rules. One counts up to and on its last day; `today` is `2027-01-31`. `beside`: other
 * objections that an acknowledgement may be about.
 */
export function acknowledged(
  rules: Pick<ReviewRules, 'acknowledged'>,
  found: readonly LintRemark[],
  today: string,
  beside: readonly Remark[] = [],
): Acknowledged {
  const all = rules.acknowledged ?? [];
  const [objections, notes]: [Remark[], Remark[]] = [[], []];
  const lint = found.map((finding): LintRemark => {
    const mine = all.filter((one) => speaksOf(one, finding)).sort((a, b) => (a.expires < b.expires ? 1 : -1));
    const [latest] = mine;
    if (latest && latest.expires >= today)
      return { ...finding, acknowledged: { reason: latest.reason, expires: latest.expires } };
    if (latest) (finding.severity === 'error' ? objections : notes).push(expired(latest, finding));
    return finding;
  });
  notes.push(...all.filter((one) => ![...found, ...beside].some((finding) => speaksOf(one, finding))).map(unused));
  return { lint, objections, notes };
}

/** Codes of objections that the review rules may acknowledge, as they do lint. */
const ACKNOWLEDGEABLE: readonly string[] = ['review/new-host-keys', 'review/less-protected'];

/** Splits objections: those that count, and notes on those that the review rules accept, or accepted until a day. */
export function splitAcknowledged(
  rules: Pick<ReviewRules, 'acknowledged'>,
  found: readonly Objection[],
  today: string,
): { readonly objections: readonly Objection[]; readonly notes: readonly Remark[] } {
  const notes: Remark[] = [];
  const objections = found.filter((objection) => {
    const { code, where, what } = objection;
    const mine = (rules.acknowledged ?? []).filter((one) => ACKNOWLEDGEABLE.includes(code) && speaksOf(one, objection));
    const [latest] = mine.sort((a, b) => (a.expires < b.expires ? 1 : -1));
    if (!latest) return true;
    const counts = latest.expires < today;
    notes.push(
      counts
        ? expired(latest, objection)
        : { code, where, what: `${what} Acknowledged until ${latest.expires}: ${latest.reason}`, instead: '' },
    );
    return counts;
  });
  return { objections, notes };
}

const speaksOf = ({ code, where }: Acknowledgement, finding: Remark): boolean =>
  code === finding.code && (where === undefined || names(finding.where, where));

/**
 * Whole names and addresses only: `web1` is no part of `web10`, nor `10.0.0.1` of `10.0.0.10` or of `10.0.0.1/24`. A finding may be about
 * several places of one owner, `gateway edge1, owner hosting, mappings web, shop`: then the owner is acknowledged, or all of them.
 */
function names(text: string, part: string): boolean {
  const places = text.split(', ');
  const owner = places.slice(0, 2).join(', ').length;
  const [several, andMore] = [places.length > 3, / and \d+ more$/.test(text)];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    const end = at + part.length;
    const isWhole = !/(?:\w|\w[-.:])$/.test(text.slice(0, at)) && !/^(?:\w|[-.:/]\w)/.test(text.slice(end));
    const isAll = !andMore && (!several || (at <= owner + 2 && end === text.length));
    // Of several owners' findings, which are told in one where they are many, one is no part that could stand for the others.
    if (isWhole && (isAll || (end <= owner && !text.includes('; ')))) return true;
  }
  return false;
}

const expired = ({ code, expires, reason }: Acknowledgement, { where }: Remark): Remark => ({
  code: 'rules/acknowledgement-expired',
  where,
  what: `${code} was acknowledged until ${expires} ("${reason}"). That day is over, so it counts again.`,
  instead: 'what the finding asks for; or, after another look, a new day.',
});

function unused({ code, where, expires }: Acknowledgement): Remark {
  const known = ACKNOWLEDGEABLE.includes(code) || lintRules.some((rule) => rule.code === code);
  const [near] = known ? [] : nearestRules(code);
  const why = known
    ? `It is acknowledged until ${expires}, and nothing of the kind was found: it would hide the next one.`
    : `There is no lint rule of that name, so this acknowledges nothing${near === undefined ? '' : `; there is ${near}`}.`;
  return {
    code: 'rules/acknowledgement-unused',
    where: where === undefined ? code : `${code} at ${where}`,
    what: why,
    instead: 'the rules without this acknowledgement.',
  };
}
