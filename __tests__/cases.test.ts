import { existsSync, readFileSync } from 'node:fs';
import { proofProblems, prove } from '../lib/proving/prove';
import { printReport } from '../lib/proving/report';
import { Refusal, printProblem } from '../lib/problems/problem';
import { platforms } from '../lib/registry';
import { caseFile, caseNames, caseWish, compiled, expectGolden } from './support';

const ids = Object.keys(platforms) as (keyof typeof platforms)[];

it('finds cases', () => expect(caseNames().length).toBeGreaterThanOrEqual(14));

describe.each(caseNames())('%s', (name) => {
  const [exposure, problems] = [caseFile(name, 'exposure.txt'), caseFile(name, 'problems.txt')];
  const wish = caseWish(name);

  it('states one truth', () => expect([existsSync(exposure), existsSync(problems)].filter(Boolean)).toHaveLength(1));

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

  it.each(ids)('%s: what is read back from the golden text is the exposure written by hand', (id) => {
    const { policies, problems: refused } = compiled(wish, id);
    expect(refused.map(printProblem)).toEqual([]);
    const refusal = caseFile(name, `${id}.problems.txt`);
    if (existsSync(refusal)) {
      const said = (): string => {
        try {
          return policies.map((policy) => prove(policy)).join('');
        } catch (error) {
          if (error instanceof Refusal) return `${error.message}\n`;
          throw error;
        }
      };
      expect(said()).toBe(readFileSync(refusal, 'utf8'));
      return;
    }
    const proofs = policies.map((policy) => prove(policy));
    const text = proofs
      .map(
        ({ policy, written }) =>
          `# ${policy.kind} ${policy.device}\n${written.addresses.map(({ kind, interface: on, address }) => `# ${kind} ${on} ${address}\n`).join('')}${written.text}`,
      )
      .join('');
    expectGolden(text, caseFile(name, `${id}.golden`));
    expect(proofs.flatMap(proofProblems).map(printProblem)).toEqual([]);
    expect(printReport(proofs)).toBe(readFileSync(exposure, 'utf8'));
  });
});
