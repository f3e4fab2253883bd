// Tests the questions that `init` asks on a terminal: only for what no option gives, again after a refused answer, with
// the default for Enter.

import { PassThrough } from 'node:stream';
import { askQuestions } from '../../cli/ask-questions';
import { Problem } from '../../lib/problems/problem';
import { QUESTIONS, ProjectAnswers } from '../../lib/project/project-questions';

const given = Object.fromEntries(
  QUESTIONS.map(({ key, getDefault }) => [key, getDefault({})]),
) as Partial<ProjectAnswers>;
const without = (...keys: readonly (keyof ProjectAnswers)[]): Partial<ProjectAnswers> =>
  Object.fromEntries(Object.entries(given).filter(([key]) => !keys.includes(key as keyof ProjectAnswers)));

/** A terminal that types one answer for each question. */
async function conversation(
  known: Partial<ProjectAnswers>,
  answers: readonly string[],
  wrong: (wish: Partial<ProjectAnswers>) => readonly Problem[] = () => [],
): Promise<{ readonly shown: string; readonly wish: Partial<ProjectAnswers> | Error }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const waiting = [...answers];
  let shown = '';
  output.on('data', (part: Buffer) => {
    shown += String(part);
    if (!shown.endsWith(']: ')) return;
    const next = waiting.shift();
    if (next === undefined) input.end();
    else input.write(`${next}\n`);
  });
  const wish = await askQuestions(known, wrong, { input, output }).catch((error: Error) => error);
  return { shown, wish };
}

const bad = ({ owner }: Partial<ProjectAnswers>): readonly Problem[] => [
  ...(owner === 'Shop' ? [{ code: 'x/bad', where: '--owner', what: 'It is bad.', instead: 'shop.' }] : []),
  { code: 'x/other', where: '--services', what: 'Not asked yet.', instead: 'nothing.' },
];

it("asks only for what isn't given; Enter takes the default", async () => {
  const { shown, wish } = await conversation(without('owner', 'management'), ['shop', '']);
  expect(wish).toEqual({ ...without('management'), owner: 'shop' });
  expect(shown).toBe(
    "the owner of these rules: a team or a tenant [hosting]: the operators' networks, commas between them [198.51.100.0/24]: ",
  );
  expect(await conversation(given, [])).toEqual({ shown: '', wish: given });
});

it('asks again after a refused answer, with the reason; other mistakes are reported later', async () => {
  const { shown, wish } = await conversation(without('owner'), ['Shop', ' shop '], bad);
  expect(wish).toEqual({ ...given, owner: 'shop' });
  expect(shown).toContain('[hosting]: x/bad at --owner: It is bad.\n  instead: shop.\nthe owner');
  expect(shown).not.toContain('x/other');
});

it('lists choices, and suggests a version of the chosen platform', async () => {
  const { shown } = await conversation(without('gatewayPlatform', 'gatewayVersion'), ['pfsense', '']);
  expect(shown).toMatch(/^what the gateway runs \(.*\bpfsense\b.*\) \[\w+\]: /);
  expect(shown).toContain('of that, as its own tool prints it [2.6]: ');
});

it('loses nothing that is typed or pasted ahead', async () => {
  const { wish } = await conversation(without('owner', 'management'), ['shop\n192.0.2.0/28'], bad);
  expect(wish).toEqual({ ...given, owner: 'shop', management: '192.0.2.0/28' });
});

it('ends when the input ends', async () => {
  const { wish } = await conversation(without('owner', 'management'), ['shop']);
  expect((wish as Error).message).toMatch(/^init\/not-answered at the questions: /);
});
