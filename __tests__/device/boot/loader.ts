import { Sent } from '../stream';
import { CONFIRMED, underShell } from '../under-shell';

const SYSTEMD = '/etc/systemd/system';

/** What a person does to the program that loads a release, and how `status` and a delivery name it. */
type Row = readonly [does: string, boot: string, refused: string];

/** Rows of a service that does not start with the device. */
export const serviceRows = (unit: string, program: string, disabled: string): readonly Row[] => [
  [`rm ${SYSTEMD}/enabled-${unit}`, `${program}-${disabled}`, `${program}-${disabled}`],
  [`ln -sf /dev/null ${SYSTEMD}/${unit}`, `${program}-masked`, `${program}-masked`],
];

/** Each row is said by `status` after a delivery, and the next delivery refuses by its name; without it the release counts as running. */
export function expectRowsNamed(
  under: ReturnType<typeof underShell>,
  release: () => Sent,
  rows: readonly Row[],
  places: readonly string[] = [],
): void {
  const { run, says, step, delivered, device } = under;
  expect(delivered(release())).toEqual(CONFIRMED);
  expect([says('boot'), step('upload', release())]).toEqual(['as-written', 'ok running']);
  for (const [does, boot, refused] of rows) {
    const back = device().kept(places);
    run(does);
    const next = release();
    expect([does, says('boot'), step('upload', next), under.word(`check ${next.identity}`)]).toEqual([
      ...[does, boot, 'ok uploaded', `refused ${refused}`],
    ]);
    back();
  }
  expect([says('boot'), step('upload', release())]).toEqual(['as-written', 'ok running']);
}
