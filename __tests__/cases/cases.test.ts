// Runs every case of this folder on every platform: generated text against the golden, and its exposure against the
// truth file.

import { existsSync, readFileSync } from 'node:fs';
import { Policy } from '../../lib/policy/policy';
import { listVerificationProblems, verifyPolicy } from '../../lib/verifier/verify-policy';
import { printReport } from '../../lib/verifier/verification-report';
import { Refusal, printProblem } from '../../lib/problems/problem';
import { platforms } from '../../lib/registry';
import { caseFile, caseNames, caseWish, compiled, concerns, expectGolden } from '../support';

const ids = Object.keys(platforms) as (keyof typeof platforms)[];

/** Returns the truth of a case on a platform, if it exposes more than other platforms and the case says so. */
function truthFor(name: string, id: string): string {
  const own = caseFile(name, `${id}.exposure.txt`);
  return existsSync(own) ? own : caseFile(name, 'exposure.txt');
}

/** Returns what a case's gateway adds on a platform with one configuration text for all sources. */
function surroundings(name: string, { kind, platform }: Policy): string | undefined {
  const captured = caseFile(name, `${platform}.surroundings.xml`);
  return kind === 'gateway' && existsSync(captured) ? readFileSync(captured, 'utf8') : undefined;
}

it('finds cases', () => expect(caseNames().length).toBeGreaterThanOrEqual(14));

describe.each(caseNames())('%s', (name) => {
  const [exposure, problems] = [caseFile(name, 'exposure.txt'), caseFile(name, 'problems.txt')];
  const wish = caseWish(name);

  it('has one truth', () => expect([existsSync(exposure), existsSync(problems)].filter(Boolean)).toHaveLength(1));

  it.each(ids)('%s: has a truth of its own only if it differs', (id) => {
    const [own, refusal] = [caseFile(name, `${id}.exposure.txt`), caseFile(name, `${id}.problems.txt`)];
    expect([existsSync(own), existsSync(refusal)]).not.toEqual([true, true]);
    if (existsSync(own)) expect(readFileSync(own, 'utf8')).not.toBe(readFileSync(exposure, 'utf8'));
  });

  if (existsSync(problems)) {
    it('is refused', () => {
      expect(
        compiled(wish, ids[0]!)
          .problems.map((problem) => `${printProblem(problem)}\n`)
          .join(''),
      ).toBe(readFileSync(problems, 'utf8'));
    });
    return;
  }

  it.each(ids.filter((id) => concerns(wish, id)))(
    '%s: the exposure of the golden text is the one written by hand',
    (id) => {
      const { policies, problems: refused } = compiled(wish, id);
      const refusal = caseFile(name, `${id}.problems.txt`);
      if (existsSync(refusal)) {
        const said = (): string => {
          if (refused.length > 0) return refused.map((problem) => `${printProblem(problem)}\n`).join('');
          try {
            return policies.map((policy) => verifyPolicy(policy, surroundings(name, policy))).join('');
          } catch (error) {
            if (error instanceof Refusal) return `${error.message}\n`;
            throw error;
          }
        };
        expect(said()).toBe(readFileSync(refusal, 'utf8'));
        return;
      }
      expect(refused.map(printProblem)).toEqual([]);
      const proofs = policies.map((policy) => verifyPolicy(policy, surroundings(name, policy)));
      const text = proofs
        .map(
          ({ policy, generated }) =>
            `# ${policy.kind} ${policy.device}\n${generated.addresses.map(({ kind, interface: on, address }) => `# ${kind} ${on} ${address}\n`).join('')}${generated.text}`,
        )
        .join('');
      expectGolden(text, caseFile(name, `${id}.golden`));
      expect(proofs.flatMap(listVerificationProblems).map(printProblem)).toEqual([]);
      expect(printReport(proofs)).toBe(readFileSync(truthFor(name, id), 'utf8'));
    },
  );
});
