// Tests on random policies, for each platform's parser, that a text parsed once and evaluated on several devices gives
// the same as parsing it for each.

import { fc } from '../randomly';
import { getDestinationTranslations, Reachability } from '../../lib/reachability/reachability';
import { LATER_PHASES } from '../../lib/reachability/session-phase';
import { EvaluatedConfig } from '../../lib/parse/config-parser';
import { specifyConfig, assumeForwarding } from '../../lib/verifier/verify-policy';
import { platforms } from '../../lib/registry';
import { askedOf, madeOf } from '../policy/adapt-to-platform';
import { grid, policies, services } from '../policy/random';

function same({ views }: Reachability, { views: own }: Reachability): void {
  expect(views.map(({ startLocation }) => startLocation)).toEqual(own.map(({ startLocation }) => startLocation));
  views.forEach((view, at) => {
    expect(view.dispositions.equals(own[at]!.dispositions)).toBe(true);
    expect(view.translations.equals(own[at]!.translations)).toBe(true);
    expect(getDestinationTranslations(view).equals(getDestinationTranslations(own[at]!))).toBe(true);
  });
}

const keeping = Object.entries(platforms).filter(([, { parser: reader }]) => reader.keeping !== undefined);

describe.each(keeping)('%s', (platform, { capabilities, parser: reader, generator: writer }) => {
  it('a text that is parsed once gives the same on every device as one that is parsed for each', () => {
    fc.assert(
      fc.property(policies, services, fc.boolean(), (any, asked, turned) => {
        fc.pre(capabilities[any.kind] !== undefined);
        const policy = askedOf(any, platform);
        const written = madeOf(() => writer.write(policy)).made;
        fc.pre(written !== undefined);
        const { device } = specifyConfig(policy, written);
        const kept = reader.keeping!();
        for (const on of turned ? [assumeForwarding(device), device] : [device, assumeForwarding(device)]) {
          const [one, own] = [kept, reader].map((by) => by.read(written.text, on)) as [
            EvaluatedConfig,
            EvaluatedConfig,
          ];
          same(one.reachability, own.reachability);
          for (const phase of LATER_PHASES) same(one.later(phase)!, own.later(phase)!);
          expect([one.changedObjects, one.extendedObjects, one.yieldingLines]).toEqual([
            own.changedObjects,
            own.extendedObjects,
            own.yieldingLines,
          ]);
          const explain = kept.explaining!(written.text, on);
          for (const packet of grid(asked).slice(0, 6))
            for (const { startLocation } of own.reachability.views)
              expect(explain(startLocation, packet)).toEqual(own.explain(startLocation, packet));
        }
      }),
      { numRuns: 10 },
    );
  });
});
